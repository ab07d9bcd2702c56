"""Places on the British National Grid (EPSG:27700), and faults of coordinates that are not on the grid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import geopandas
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import ProjError
from scipy.spatial import KDTree

from geodata.cells import number, told_briefly
from geodata.faults import BadData, Fault

BRITISH_GRID = "EPSG:27700"
DEGREES = "EPSG:4326"

System = Literal["grid", "degrees"]

EASTING_METRES, NORTHING_METRES = (0, 700_000), (0, 1_300_000)
LATITUDE_DEGREES, LONGITUDE_DEGREES = (49.0, 61.5), (-9.5, 2.5)
MERCATOR_X_METRES, MERCATOR_Y_METRES = (-1_060_000, 280_000), (6_270_000, 8_750_000)

FAR_FROM_CENTRE_METRES, TIMES_MEDIAN_FROM_CENTRE = 100_000, 5
FAR_FROM_NEAREST_METRES, TIMES_MEDIAN_TO_NEAREST = 60_000, 10
SCHOOLS_THAT_SHOW_A_CENTRE, SCHOOLS_THAT_SHOW_A_SPACING = 3, 8

COORDINATE_MOST = 1e9
NAMES_A_FILE = re.compile(r"(?:PARAMETERFILE\[[^]]*,|_GRIDS\W+|grids=|file=|init=)[^]+]*[/\\~]", re.IGNORECASE)
"""A grid of shifts, in a coordinate system, that is named by a path. PROJ's own grids have names without a folder."""

Metres = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The two columns of coordinates: easting and northing, or longitude and latitude."""

    file: str
    x: str
    y: str
    system: System


def read_points(xs: pd.Series, ys: pd.Series, columns: Columns) -> tuple[pd.DataFrame, list[Fault]]:
    """Return whole metres on the grid (`easting`, `northing`) of the rows with valid coordinates, and all faults.

    The series are text, both indexed by row number. A fault says: missing, zero, no number, swapped, in another system,
    outside Great Britain, or far from all other schools.
    """
    faults = []
    good: dict[int, tuple[float, float]] = {}
    for row, x_text, y_text in zip(xs.index, xs, ys, strict=True):
        fault = _fault(int(row), x_text, y_text, columns)
        if fault is None:
            good[int(row)] = float(x_text), float(y_text)
        else:
            faults.append(fault)
    given = np.array(list(good.values()), dtype=np.float64).reshape(-1, 2)
    metres = to_grid(given[:, 0], given[:, 1]) if columns.system == "degrees" else whole_metres(given)
    points = pd.DataFrame(metres, index=list(good), columns=["easting", "northing"])
    return points, [*faults, *_strays(points, xs, ys, columns)]


def read_shapes(shapes: geopandas.GeoSeries, file: str) -> tuple[pd.DataFrame, list[Fault]]:
    """Return points and faults as `read_points` does, from point geometry in any stated system, by row number."""
    columns = Columns(file=file, x="geometry", y="geometry", system="grid")
    if shapes.crs is None:
        empty = pd.DataFrame({"easting": [], "northing": []}, dtype=np.int64)
        return empty, [Fault(file=file, column="geometry", fix="state its coordinate system (CRS)")]
    is_point = (shapes.geom_type == "Point") & ~shapes.is_empty & shapes.notna()
    faults = [
        Fault(file=file, row=int(row), column="geometry", value=kind, fix="give the school one point")
        for row, kind in shapes.geom_type[~is_point].items()
    ]
    on_grid = in_system(shapes[is_point], BRITISH_GRID, file)
    points, more = read_points(on_grid.x.map(repr), on_grid.y.map(repr), columns)
    return points, [*faults, *more]


def known_system(stated: object, file: str) -> CRS:
    """Return the coordinate system that a file states. Raises BadData for an unknown one, or one that opens a file."""
    refuse_reaching(str(stated), file)
    try:
        crs = CRS.from_user_input(stated)
        refuse_reaching(crs.to_wkt(), file)
    except ProjError:
        fix = "states a coordinate system that nobody knows; save it in one that is known, such as EPSG:27700"
        raise BadData([Fault(file=file, fix=fix)]) from None
    return crs


def refuse_reaching(system: str, file: str) -> None:
    """Refuse a coordinate system, in any notation, that would make PROJ open another file. Raises BadData."""
    if NAMES_A_FILE.search(system):
        fix = "states a coordinate system that reads another file; save it in a plain one, such as EPSG:27700"
        raise BadData([Fault(file=file, fix=fix)])


def in_system(shapes: Any, system: str, file: str) -> Any:
    """Return a frame or series of shapes in this system. Raises BadData where their own system cannot be converted."""
    known_system(shapes.crs, file)
    try:
        return shapes.to_crs(system)
    except ProjError:
        raise _no_way_from(shapes.crs, file) from None


def to_degrees_from(crs: CRS, file: str) -> Transformer:
    """Return the conversion from this system to longitude and latitude. Raises BadData where there is none."""
    try:
        return Transformer.from_crs(crs, DEGREES, always_xy=True)
    except ProjError:
        raise _no_way_from(crs, file) from None


def _no_way_from(crs: CRS, file: str) -> BadData:
    fix = f"its coordinate system ({crs.name}) says nothing of where on earth it is; save it in EPSG:27700"
    return BadData([Fault(file=file, fix=fix)])


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


def to_grid(longitudes_degrees: NDArray[np.float64], latitudes_degrees: NDArray[np.float64]) -> Metres:
    """Return whole metres on the grid, one row a point, by the datum shift built into PROJ (good to a few metres)."""
    return whole_metres(
        np.column_stack(_transformer(DEGREES, BRITISH_GRID).transform(longitudes_degrees, latitudes_degrees))
    )


def to_degrees(eastings_metres: NDArray[np.float64], northings_metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return longitude and latitude, one row a point, by the same datum shift as `to_grid`."""
    return np.column_stack(_transformer(BRITISH_GRID, DEGREES).transform(eastings_metres, northings_metres))


@cache
def _transformer(system: str, other: str) -> Transformer:
    """Return a conversion, made only once: making one takes longer than converting a thousand points."""
    return Transformer.from_crs(system, other, always_xy=True)


def whole_metres(metres: NDArray[np.float64]) -> Metres:
    """Return lengths rounded to the nearest metre, halves up."""
    return np.floor(metres + 0.5).astype(np.int64)


def _fault(row: int, x_text: str, y_text: str, columns: Columns) -> Fault | None:
    """Return the fault of a row's coordinates; None for valid ones."""
    for column, text in ((columns.x, x_text), (columns.y, y_text)):
        if not text or number(text) is None:
            fix = "use plain digits, with a point for decimals" if text else "give the school's coordinates"
            return Fault(file=columns.file, row=row, column=column, value=text, fix=fix)
    x, y = float(x_text), float(y_text)
    if fix := (_degrees_fix if columns.system == "degrees" else _grid_fix)(x, y):
        value = f"{x_text}, {y_text}"
        return Fault(file=columns.file, row=row, column=f"{columns.x}, {columns.y}", value=value, fix=fix)
    return None


def _grid_fix(easting: float, northing: float) -> str:
    """Return the instruction for a point that is not on the grid; "" for a valid point."""
    if easting == 0 or northing == 0:
        return "zero is no coordinate; give the school's own"
    if _in(easting, EASTING_METRES) and _in(northing, NORTHING_METRES) and not _both_small(easting, northing):
        return ""
    if _is_degrees(easting, northing) or _is_degrees(northing, easting):
        return "these are latitude and longitude; map the columns to those, or convert to grid metres"
    if _in(northing, EASTING_METRES) and _in(easting, NORTHING_METRES) and not _both_small(easting, northing):
        return "easting and northing are swapped; exchange them"
    if _is_mercator(easting, northing) or _is_mercator(northing, easting):
        return "these are Web Mercator metres (EPSG:3857); convert to the British National Grid (EPSG:27700)"
    return "outside Great Britain's grid (EPSG:27700); give easting and northing in metres"


def _degrees_fix(longitude: float, latitude: float) -> str:
    """Return the instruction for a point that is not in Great Britain; "" for a valid point."""
    if longitude == 0 and latitude == 0:
        return "zero is no coordinate; give the school's own"
    if _is_degrees(longitude, latitude):
        return ""
    if _is_degrees(latitude, longitude):
        return "latitude and longitude are swapped; exchange them"
    if _in(longitude, EASTING_METRES) and _in(latitude, NORTHING_METRES) and not _both_small(longitude, latitude):
        return "these are grid metres; map the columns to easting and northing"
    if _is_mercator(longitude, latitude) or _is_mercator(latitude, longitude):
        return "these are Web Mercator metres (EPSG:3857); convert to latitude and longitude (EPSG:4326)"
    return "outside Great Britain; give latitude and longitude in degrees"


def _in(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _both_small(x: float, y: float) -> bool:
    """Return whether both are below 5 km: no land lies there on the grid, but degrees and typing errors do."""
    return abs(x) < 5_000 and abs(y) < 5_000


def _is_degrees(longitude: float, latitude: float) -> bool:
    return _in(longitude, LONGITUDE_DEGREES) and _in(latitude, LATITUDE_DEGREES)


def _is_mercator(x: float, y: float) -> bool:
    return _in(x, MERCATOR_X_METRES) and _in(y, MERCATOR_Y_METRES)


def _length(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.hypot(vectors[:, 0], vectors[:, 1])


def _strays(points: pd.DataFrame, xs: pd.Series, ys: pd.Series, columns: Columns) -> list[Fault]:
    """Return faults of schools far from all others, judged by medians, which a few wrong points cannot move."""
    metres = points.to_numpy(dtype=np.float64)
    if len(metres) < SCHOOLS_THAT_SHOW_A_CENTRE:
        return []
    centre = np.median(metres, axis=0, keepdims=True)
    from_centre = _length(metres - centre)
    far = max(FAR_FROM_CENTRE_METRES, TIMES_MEDIAN_FROM_CENTRE * float(np.median(from_centre)))
    is_stray = from_centre > far
    if len(metres) >= SCHOOLS_THAT_SHOW_A_SPACING:
        nearest = np.asarray(KDTree(metres).query(metres, k=3)[0])  # the first is the point itself
        spacing = TIMES_MEDIAN_TO_NEAREST * float(np.median(nearest[:, 2]))
        is_stray |= nearest[:, 2] > max(FAR_FROM_NEAREST_METRES, spacing)
    exchanged_fits = _length(metres[:, ::-1] - centre) < far / 2
    return [
        Fault(
            file=columns.file,
            row=row,
            column=f"{columns.x}, {columns.y}",
            value=f"{xs.loc[row]}, {ys.loc[row]}",
            fix=f"{km:,.0f} km from the middle of the other schools; "
            + ("swapped, it seems: exchange the two" if fits else "correct the coordinates"),
        )
        for row, km, stray, fits in zip(
            points.index.tolist(), (from_centre / 1000).tolist(), is_stray, exchanged_fits, strict=True
        )
        if stray
    ]
