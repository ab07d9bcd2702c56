"""From degrees to metres on the British National Grid and back, because shapes are calculated in metres."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import make_valid, transform
from shapely.geometry.base import BaseGeometry

BRITISH_GRID, DEGREES = "EPSG:27700", "EPSG:4326"

Floats = NDArray[np.float64] | NDArray[np.int64]


def metres(longitude: float, latitude: float) -> tuple[float, float]:
    """Return the easting and northing of one place."""
    east, north = _transformer(DEGREES, BRITISH_GRID).transform(longitude, latitude)
    return float(east), float(north)


def in_metres(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape in metres on the grid, from longitude and latitude, mended if it crosses itself there."""
    moved = transform(shape, _transformer(DEGREES, BRITISH_GRID).transform, interleaved=False)
    return moved if moved.is_valid else make_valid(moved)


def in_degrees(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape in longitude and latitude, from metres on the grid."""
    return transform(shape, _transformer(BRITISH_GRID, DEGREES).transform, interleaved=False)


def all_in_degrees(eastings: Floats, northings: Floats) -> tuple[Floats, Floats]:
    """Return the longitudes and latitudes of places on the grid."""
    longitudes, latitudes = _transformer(BRITISH_GRID, DEGREES).transform(eastings, northings)
    return longitudes, latitudes


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
