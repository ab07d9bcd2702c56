"""Coordinate systems that files state: known ones, conversions between them, and faults of those without a place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError

from geodata.cells import told_briefly
from geodata.faults import BadData, Fault
from geodata.grid import DEGREES, called, horizontal, system

COORDINATE_MOST = 1e9
NAMES_A_FILE = re.compile(r"(?:PARAMETERFILE\[[^]]*,|_GRIDS\W+|grids=|file=|init=)[^]+]*[/\\~]", re.IGNORECASE)
"""A grid of shifts, in a coordinate system, that is named by a path. PROJ's own grids have names without a folder."""

RIGHT_ONE = "save it with the right system stated"


def known_system(stated: object, file: str) -> CRS:
    """Return the coordinate system that a file states. Raises BadData for an unknown one, or one that opens a file."""
    refuse_reaching(str(stated), file)
    if (crs := system_named(stated)) is None:
        fix = "states a coordinate system that nobody knows; save it in one that is known, such as EPSG:27700"
        raise BadData([Fault(file=file, fix=fix)])
    refuse_reaching(crs.to_wkt(), file)
    return crs


def system_named(stated: object) -> CRS | None:
    """Return a system from its code ("EPSG:2157", "2157") or its definition; None for one that nobody knows."""
    try:
        return CRS.from_user_input(f"EPSG:{stated}" if re.fullmatch("[0-9]{4,6}", str(stated)) else stated)
    except ProjError:
        return None


def refuse_reaching(system: str, file: str) -> None:
    """Refuse a coordinate system, in any notation, that would make PROJ open another file. Raises BadData."""
    if NAMES_A_FILE.search(system):
        fix = "states a coordinate system that reads another file; save it in a plain one, such as EPSG:27700"
        raise BadData([Fault(file=file, fix=fix)])


def locating_system(crs: CRS, file: str) -> CRS:
    """Return the system. Raises BadData for a local one, such as a site's own, that is nowhere on earth."""
    flat = horizontal(crs)
    if not (flat.is_projected or flat.is_geographic):
        raise _no_way_from(crs, file)
    return crs


def in_system(shapes: Any, code: str, file: str) -> Any:
    """Return a frame or series of shapes in the system of this code.

    Raises BadData where their own system cannot be converted, and where their coordinates do not fit it.
    """
    crs = known_system(shapes.crs, file)
    _refuse_misfit(shapes, crs, file)
    try:
        converted = shapes.to_crs(code)
    except ProjError:
        raise _no_way_from(crs, file) from None
    if not np.isfinite(shapely.get_coordinates(converted.geometry)).all():
        raise BadData(
            [Fault(file=file, column="geometry", fix=f"lies outside what {called(crs)} can say; {RIGHT_ONE}")]
        )
    return converted


def _refuse_misfit(shapes: Any, crs: CRS, file: str) -> None:
    """Refuse shapes whose coordinates are metres where degrees are stated, or the other way round. Raises BadData."""
    corners = np.abs(shapely.get_coordinates(shapes.geometry))
    are_degrees = bool((corners <= (360, 90)).all())
    if not len(corners) or are_degrees == crs.is_geographic:
        return
    what, none = "degrees", ""
    if crs.is_geographic:
        what, none = "no degrees", " or none, which in GeoJSON means the same"
    west, south = shapely.get_coordinates(shapes.geometry)[0].tolist()
    fix = f"states {called(crs)}{none}, but its coordinates are {what}; {RIGHT_ONE}"
    raise BadData([Fault(file=file, column="geometry", value=f"{west:.10g}, {south:.10g}", fix=fix)])


def conversion(crs: CRS, code: str, file: str, *, save_as: str = DEGREES) -> Transformer:
    """Return the conversion from this system to that of a code. Raises BadData, which advises another, if none."""
    try:
        return _transformer(crs, system(code))
    except ProjError:
        raise _no_way_from(crs, file, save_as) from None


@lru_cache(maxsize=32)
def _transformer(source: CRS, target: CRS) -> Transformer:
    """Kept, as `Grid` keeps its own: PROJ searches its database for the way from one system to another."""
    return Transformer.from_crs(source, target, always_xy=True)


def to_degrees_from(crs: CRS, file: str, *, save_as: str = DEGREES) -> Transformer:
    """Return the conversion from this system to longitude and latitude. Raises BadData where there is none."""
    return conversion(crs, DEGREES, file, save_as=save_as)


def _no_way_from(crs: CRS, file: str, save_as: str = DEGREES) -> BadData:
    nowhere = f"its coordinate system ({crs.name}) says nothing of where on earth it is"
    return BadData([Fault(file=file, fix=f"{nowhere}; save it in one that does, such as {save_as}")])


def refuse_wild(shapes: NDArray[Any], file: str) -> None:
    """Refuse shapes with coordinates that are no numbers, or larger than any on earth in any unit.

    Raises BadData with the row of each.
    """
    corners, row = shapely.get_coordinates(shapes, return_index=True)
    wild = np.unique(row[~(np.abs(corners) <= COORDINATE_MOST).all(axis=1)])
    if len(wild):
        fix = "its coordinates are nowhere on earth; draw it again, or delete it"
        faults = [Fault(file=file, row=place + 2, column="geometry", fix=fix) for place in wild.tolist()]
        raise BadData(told_briefly(faults, "such shapes"))
