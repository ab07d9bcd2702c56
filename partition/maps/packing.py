"""Coordinates as a page holds them: hundred-thousandths of a degree, each as a step from the one before.

Areas are lists of numbers; lines, of which a page may hold a thousand, are letters: Google's encoded polylines.
The facts of a page of very many schools are compressed as a whole.
"""

from __future__ import annotations

import gzip
from base64 import b64encode
from collections.abc import Sequence

from shapely import get_num_coordinates
from shapely.geometry.base import BaseGeometry

STEPS_PER_DEGREE = 100_000
POINTS_MAX = 24_000  # about 200 kB: the most for land, districts, water and roads of a map

Steps = list[int]


def pack(geometry: BaseGeometry) -> list[list[Steps]]:
    """Return the polygons of a geometry, each a list of rings, as steps.

    The geometry is in longitude and latitude; in the result latitude comes first. Points and lines are left out.
    """
    if hasattr(geometry, "geoms"):
        return [packed for part in geometry.geoms for packed in pack(part)]
    if geometry.geom_type == "Polygon":
        return [[_steps(ring.coords) for ring in (geometry.exterior, *geometry.interiors)]]
    return []


def within_budget(geometries: Sequence[BaseGeometry], points_max: int = POINTS_MAX) -> list[BaseGeometry]:
    """Return the geometries (in degrees), all simplified by the same tolerance, until they have at most `points_max`.

    Of a geometry of many parts, parts smaller than the tolerance are dropped.
    """
    tolerance_degrees = 0.0002
    while True:
        simpler = [_simpler(shape, tolerance_degrees) for shape in geometries]
        if sum(map(int, map(get_num_coordinates, simpler))) <= points_max or tolerance_degrees > 1:
            return simpler
        tolerance_degrees *= 1.5


def compress(text: str) -> str:
    """Return a text compressed (gzip, the same bytes at any time of day), in base 64."""
    return b64encode(gzip.compress(text.encode(), compresslevel=9, mtime=0)).decode()


def encode_polyline(line: BaseGeometry) -> str:
    """Return a line in longitude and latitude as Google's encoded polyline of precision 5, latitude first."""
    return "".join(map(_letters, _steps(line.coords)))


def _letters(step: int) -> str:
    """Return one step as letters of five bits each, the lowest bits first; the lowest bit is the sign."""
    value = ~(step << 1) if step < 0 else step << 1
    letters = ""
    while value >= 32:
        letters += chr((value & 31 | 32) + 63)
        value >>= 5
    return letters + chr(value + 63)


def _simpler(shape: BaseGeometry, tolerance_degrees: float) -> BaseGeometry:
    simplified = shape.simplify(tolerance_degrees)
    parts = getattr(simplified, "geoms", None)
    return simplified if parts is None else type(simplified)([p for p in parts if p.length > 2 * tolerance_degrees])


def _steps(coordinates: Sequence[tuple[float, ...]]) -> Steps:
    steps: Steps = []
    north = east = 0
    for longitude, latitude, *_ in coordinates:
        to_north, to_east = round(latitude * STEPS_PER_DEGREE), round(longitude * STEPS_PER_DEGREE)
        if steps and (to_north, to_east) == (north, east):
            continue
        steps += [to_north - north, to_east - east]
        north, east = to_north, to_east
    return steps
