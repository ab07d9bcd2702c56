"""Land and sea anywhere, from Natural Earth at 1:10m: true to a kilometre or two, and without the smallest islands."""

from __future__ import annotations

from functools import cache
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geodata.world import PER_DEGREE, Box, packed, turns

ATTRIBUTION = "Coast: made with Natural Earth."
COARSE_METRES = 5_000  # a point further from all land than this lies in the sea, whatever the coast was drawn from
METRES_PER_DEGREE = 111_320


def land_within(box: Box) -> BaseGeometry:
    """Return the land in a box of longitudes and latitudes (EPSG:4326), which may run on over 180; empty in the sea."""
    found = []
    for turn in turns(box):
        frame = shapely.box(box[0] - turn, box[1], box[2] - turn, box[3])
        found += [_turned(frame & _pieces()[n], turn) for n in np.sort(_tree().query(frame))]
    return shapely.union_all(found)


def _turned(shape: BaseGeometry, degrees: float) -> BaseGeometry:
    return shapely.transform(shape, lambda spots: spots + np.array([degrees, 0])) if degrees else shape


def on_land(longitudes: ArrayLike, latitudes: ArrayLike, *, margin_metres: float = COARSE_METRES) -> NDArray[np.bool_]:
    """Return for each point (EPSG:4326) whether it lies on land, or in the sea within `margin_metres` of land.

    Parameters
    ----------
    longitudes, latitudes : array of float, shape (n,)
        The points, in degrees.
    margin_metres : float, default COARSE_METRES
        How far in the sea still passes for land. By default as far as the map of the world may be wrong: of 6,491 towns
        and villages of the British Isles all pass, of the world's all but one in 500, on islands too small for the map.

    Returns
    -------
    array of bool, shape (n,)
    """
    east, north = (np.asarray(degrees, dtype=np.float64) for degrees in (longitudes, latitudes))
    found = np.zeros(len(east), dtype=np.bool_)
    if not len(east):
        return found
    for n in _tree().query(shapely.box(east.min(), north.min(), east.max(), north.max())):
        shape = _pieces()[n]
        shapely.prepare(shape)
        found |= shapely.contains_xy(shape, east, north)
    for n in np.flatnonzero(~found):
        found[n] = margin_metres > 0 and _is_near_land(east[n], north[n], margin_metres)
    return found


def _is_near_land(longitude: float, latitude: float, metres: float) -> bool:
    high = metres / METRES_PER_DEGREE
    narrowing = max(cos(radians(latitude)), 0.01)
    wide = high / narrowing
    near = land_within((longitude - wide, latitude - high, longitude + wide, latitude + high))
    away = shapely.transform(near, lambda spots: (spots - (longitude, latitude)) * (narrowing, 1.0))
    return not near.is_empty and shapely.Point(0, 0).distance(away) <= high


@cache
def _tree() -> shapely.STRtree:
    return shapely.STRtree(_pieces())


@cache
def _pieces() -> NDArray[np.object_]:
    """Return every island, and every continent cut into squares, in degrees."""
    land = packed("land.npz")
    east, north = land["steps"]
    first = np.cumsum(land["points_each"]) - land["points_each"]
    starts = np.repeat(np.arange(len(first)), land["points_each"])
    spots = [_summed(steps, first, starts) + land["starts"][starts, n] for n, steps in enumerate((east, north))]
    rings = shapely.linearrings(np.column_stack(spots) / PER_DEGREE, indices=starts)
    polygon_of_ring = np.repeat(np.arange(len(land["rings_each"])), land["rings_each"])
    return np.asarray(shapely.polygons(rings, indices=polygon_of_ring))


def _summed(steps: NDArray[np.int64], first: NDArray[np.int64], ring: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the running sums of each ring's steps; the first step of a ring is nought."""
    sums = np.cumsum(steps)
    return np.asarray(sums - sums[first][ring])
