"""Encoded polylines (Google's Encoded Polyline Algorithm Format): a way in an eighth of the characters of GeoJSON."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

PER_DEGREE = 10**5


def encode_polyline(longitudes_latitudes: ArrayLike) -> str:
    """Return rows of longitude and latitude as an encoded polyline, to five decimals (about a metre).

    The format has the latitude first.
    """
    degrees = np.asarray(longitudes_latitudes, dtype=np.float64).reshape(-1, 2)
    steps = np.diff(np.rint(degrees[:, ::-1] * PER_DEGREE).astype(np.int64), axis=0, prepend=0)
    return "".join([_encoded(int(step)) for step in steps.ravel()])


def decode_polyline(text: str) -> NDArray[np.float64]:
    """Return rows of longitude and latitude. Raises ValueError for text that is no polyline."""
    steps, value, shift = [], 0, 0
    for letter in text:
        chunk = ord(letter) - 63
        if not 0 <= chunk < 64:
            raise ValueError(f"{letter!r} is in no polyline")
        value |= (chunk & 31) << shift
        shift += 5
        if chunk < 32:
            steps.append(~(value >> 1) if value & 1 else value >> 1)
            value = shift = 0
    if shift or len(steps) % 2:
        raise ValueError("the polyline is cut short")
    return np.cumsum(np.array(steps, dtype=np.int64).reshape(-1, 2), axis=0)[:, ::-1] / PER_DEGREE


def _encoded(step: int) -> str:
    value = ~(step << 1) if step < 0 else step << 1
    letters = []
    while value >= 32:
        letters.append(chr((32 | value & 31) + 63))
        value >>= 5
    return "".join([*letters, chr(value + 63)])
