"""The world as small maps know it: its land, and its towns and villages. No network, no file of the user's.

`notebooks/world.py` made land.npz and places.npz, and says from what.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from math import cos, radians

import numpy as np
from numpy.typing import NDArray

PER_DEGREE = 1000

Box = tuple[float, float, float, float]  # west, south, east, north, in degrees


def packed(name: str) -> dict[str, NDArray[np.int64]]:
    """Return the arrays of one of the two files, as whole numbers of 64 bits."""
    with as_file(files("geodata.world").joinpath(name)) as path, np.load(path, allow_pickle=False) as arrays:
        return {array: arrays[array].astype(np.int64) for array in arrays.files}


def box_around(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64], share: float) -> Box:
    """Return the box around points, with a share of its larger side on every side; all in degrees."""
    west, south, east, north = longitudes.min(), latitudes.min(), longitudes.max(), latitudes.max()
    narrowing = max(cos(radians((south + north) / 2)), 0.01)
    high = max(north - south, (east - west) * narrowing) * share + 0.01
    wide = high / narrowing
    return float(west - wide), float(south - high), float(east + wide), float(north + high)


def turns(box: Box) -> list[float]:
    """Return by how many degrees longitudes are turned to lie in a box, which may run on over the date line."""
    return [turn for turn, is_met in ((0.0, True), (360.0, box[2] > 180), (-360.0, box[0] < -180)) if is_met]
