"""Points of schools, in whole metres on the grid chosen for them, and faults of coordinates that are in no such place.

Coordinates come from two columns of a table, or from the shapes of a layer, in any system. What is wrong with all or
many of them in one way is told as one fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import geopandas
import numpy as np
import pandas as pd
import shapely
from pyproj import CRS
from scipy.spatial import KDTree

from geodata.cells import number
from geodata.coordinates import conversion, locating_system
from geodata.faults import Fault
from geodata.grid import BRITISH, DEGREES, Floats, Grid, country_of, grid_for, middle, nearest_metre, system
from geodata.misfits import cause_of_misfit
from geodata.urns import Urn

ALIKE_MOST = 3  # faults of one kind; more are told as one
NAMED_MOST = 12

FAR_FROM_CENTRE_METRES, TIMES_MEDIAN_FROM_CENTRE = 100_000, 5
FAR_FROM_NEAREST_METRES, TIMES_MEDIAN_TO_NEAREST = 60_000, 10
SCHOOLS_THAT_SHOW_A_CENTRE, SCHOOLS_THAT_SHOW_A_SPACING = 3, 8
APART_METRES = 25  # two programs convert a place no further apart
METRES_PER_DEGREE = 111_320
STEP_METRES, STEP_DEGREES = 1, 1e-5  # of coordinates that place a school
SCIENTIFIC = re.compile(r"[+-]?[0-9]\.([0-9]*)[eE]([+-]?[0-9]+)")  # with decimals, as a spreadsheet shows numbers
DRAWN_ELSEWHERE = (
    "the point drawn lies elsewhere than these columns say",
    "write the columns again from the points, or take out those out of date",
)
SURE = "; if it does lie there, type --set data.outlying."
ALL_SURE = "; if they do lie there, name them in data.outlying"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The two columns of coordinates, x (easting, longitude) and y, and their system; `is_stated` if in data.crs.

    `urns` and `names` are those of the schools by row; `outlying` are URNs of schools known to lie far from all others.
    """

    file: str
    x: str
    y: str
    system: CRS
    is_stated: bool = False
    urns: Mapping[int, Urn] = field(default_factory=dict)
    names: Mapping[int, str] = field(default_factory=dict)
    outlying: Collection[Urn] = ()

    @property
    def both(self) -> str:
        """Return both headings, for a fault."""
        return self.x if self.x == self.y else f"{self.x}, {self.y}"


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """By row, `easting` and `northing` in whole metres on the grid, of the rows with valid coordinates; all faults."""

    frame: pd.DataFrame
    grid: Grid = BRITISH
    faults: tuple[Fault, ...] = ()
    notices: tuple[Fault, ...] = ()


def read_points(xs: pd.Series, ys: pd.Series, columns: Columns) -> Points:
    """Return points from text, both series indexed by row number.

    A fault says: missing, zero, no number, swapped, in another system, or far from all other schools. Raises BadData
    for a system that does not say where on earth a place is.
    """
    locating_system(columns.system, columns.file)
    given, faults = _numbers(xs, ys, columns)
    fixes = cause_of_misfit(given, columns.system, is_stated=columns.is_stated, is_shape=columns.x == columns.y)
    faults += [_fault(row, given, columns, fix) for row, fix in fixes.items()]
    sound = given.drop(index=list(fixes))
    read = _placed(sound, columns) if len(sound) else Points(_frame(np.empty((0, 2)), sound.index))
    return replace(read, faults=tuple(alike_as_one([*faults, *read.faults], columns, len(xs))))


def read_shapes(shapes: geopandas.GeoSeries, columns: Columns) -> Points:
    """Return points as `read_points` does, from shapes of one point each, in the system of `columns`, by row number."""
    points = _single(shapes)
    others = shapes.geom_type[~shapes.index.isin(points.index)]
    faults = [
        Fault(file=columns.file, row=int(row), column=columns.x, value=kind, fix=_no_point(kind))
        for row, kind in others.where(others.notna(), "").items()
    ]
    read = read_points(points.x.map(repr), points.y.map(repr), columns)
    return replace(read, faults=(*alike_as_one(faults, columns, len(shapes)), *read.faults))


def disagreements(
    points: Points,
    xs: pd.Series,
    ys: pd.Series,
    shapes: geopandas.GeoSeries,
    columns: Columns,
    *,
    told: tuple[str, str] = DRAWN_ELSEWHERE,
    apart_metres: float = APART_METRES,
) -> list[Fault]:
    """Return a fault of the schools that the shapes show elsewhere than `points`, by over `apart_metres`.

    `columns` are the two that one of these was read from, `xs` and `ys` their text: a difference that comes from their
    rounding is no fault. `told` is what is wrong, and what to do.
    """
    drawn = _single(shapes)
    drawn = drawn.loc[drawn.index.intersection(points.frame.index)]
    if drawn.empty or drawn.crs is None:
        return []
    to_grid = conversion(drawn.crs, points.grid.code, columns.file)
    metres = np.column_stack(to_grid.transform(drawn.x.to_numpy(), drawn.y.to_numpy()))
    apart = _length(metres - points.frame.loc[drawn.index].to_numpy(dtype=np.float64))
    apart[~np.isfinite(apart)] = np.inf
    allowed = apart_metres + _rounding([*xs, *ys]) * (METRES_PER_DEGREE if columns.system.is_geographic else 1)
    rows = drawn.index[apart > allowed]
    if not len(rows):
        return []
    most_km = float(apart[apart > allowed].max()) / 1000
    wrong, mend = told
    fix = f"{wrong}, by up to {most_km:,.2f} km: {_named(rows.tolist(), columns)}; {mend}"
    value = f"{xs.loc[rows[0]]}, {ys.loc[rows[0]]}"
    return [Fault(file=columns.file, row=int(rows[0]), column=columns.both, value=value, fix=fix)]


def alike_as_one(faults: Sequence[Fault], columns: Columns, schools: int) -> list[Fault]:
    """Return faults of rows, those of many rows that say the same of one column, or of all rows, as one fault."""
    alike: dict[tuple[str, str], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.column, fault.fix.partition(SURE)[0]), []).append(fault)
    told: list[Fault] = []
    for same in alike.values():
        if len(same) > ALIKE_MOST or 1 < len(same) == schools:
            rows = [fault.row for fault in same if fault.row is not None]
            who = f"all {schools:,} schools" if len(rows) == schools else _named(rows, columns)
            cause, sure, _ = same[0].fix.partition(SURE)
            fix = f"{who}: {cause}{ALL_SURE if sure else ''}"
            told.append(Fault(file=columns.file, column=same[0].column, value=same[0].value, fix=fix))
        else:
            told += same
    return told


def _named(rows: Sequence[int], columns: Columns) -> str:
    """Return the number of schools in these rows, and the names of the first."""
    names = [columns.names.get(row) or f"row {row}" for row in rows[:NAMED_MOST]]
    more = f" and {len(rows) - NAMED_MOST:,} more" if len(rows) > NAMED_MOST else ""
    return f"{len(rows):,} school{'s' * (len(rows) != 1)} ({', '.join(names)}{more})"


def _numbers(xs: pd.Series, ys: pd.Series, columns: Columns) -> tuple[pd.DataFrame, list[Fault]]:
    """Return x and y as numbers, and as text for faults, of the rows that have both; and faults of the others."""
    faults = []
    for row, x_text, y_text in zip(xs.index, xs, ys, strict=True):
        wrong = ((columns.x, x_text), (columns.y, y_text))
        for column, text in [(column, text) for column, text in wrong if number(text) is None][:1]:
            fix = "use plain digits, with a point for decimals" if text else "give the school's coordinates"
            faults.append(Fault(file=columns.file, row=int(row), column=column, value=text, fix=fix))
        for column, text in [(column, text) for column, text in wrong if _is_shortened(text, columns)][:1]:
            fix = "a spreadsheet shortened this number; give all its digits"
            faults.append(Fault(file=columns.file, row=int(row), column=column, value=text, fix=fix))
    kept = xs.index.difference([fault.row for fault in faults], sort=False)
    texts = xs.loc[kept].astype(str) + ", " + ys.loc[kept].astype(str)
    numbers = pd.DataFrame({"x": xs.loc[kept].astype(float), "y": ys.loc[kept].astype(float)}, index=kept)
    return numbers.assign(text=texts), faults


def _is_shortened(text: str, columns: Columns) -> bool:
    """Return whether a number in scientific notation has lost digits that place a school: 4.90E+05 has, 5e+05 not."""
    found = SCIENTIFIC.fullmatch(text)
    step_least = STEP_DEGREES if columns.system.is_geographic else STEP_METRES
    return found is not None and 10.0 ** (int(found[2]) - len(found[1])) > step_least


def _fault(row: int, given: pd.DataFrame, columns: Columns, fix: str) -> Fault:
    return Fault(file=columns.file, row=int(row), column=columns.both, value=given.at[row, "text"], fix=fix)


def _placed(given: pd.DataFrame, columns: Columns) -> Points:
    """Return the points of numbers that fit their system, on the grid chosen, and faults of places far off."""
    xy = given[["x", "y"]].to_numpy(dtype=np.float64)
    to_degrees = conversion(columns.system, DEGREES, columns.file)
    degrees = np.column_stack(to_degrees.transform(xy[:, 0], xy[:, 1]))
    on_earth = np.isfinite(degrees).all(axis=1)
    grid = grid_for(columns.system, degrees[on_earth, 0], degrees[on_earth, 1]) if on_earth.any() else BRITISH
    is_own = columns.system == system(grid.code)
    to_grid = None if is_own else conversion(columns.system, grid.code, columns.file)

    def in_metres(x: Floats, y: Floats) -> Floats:
        return np.column_stack([x, y] if to_grid is None else to_grid.transform(x, y))

    metres, exchanged = in_metres(xy[:, 0], xy[:, 1]), in_metres(xy[:, 1], xy[:, 0])
    known = np.isfinite(metres).all(axis=1) & on_earth
    fixes = dict.fromkeys(given.index[~known], "nowhere near the other schools; correct the coordinates")
    away = [*_strays(metres[known], exchanged[known], given.index[known]), *_abroad(degrees[known], given.index[known])]
    asked = [(row, fix) for row, fix in reversed(away) if columns.urns.get(row) not in columns.outlying]
    fixes |= {row: f"{fix}{SURE}{columns.urns[row]}=true" if row in columns.urns else fix for row, fix in asked}
    faults = [_fault(row, given, columns, fix) for row, fix in sorted(fixes.items())]
    return Points(_frame(metres[known], given.index[known]), grid, tuple(faults))


def _frame(metres: Floats, rows: pd.Index) -> pd.DataFrame:
    return pd.DataFrame(nearest_metre(metres), index=rows, columns=["easting", "northing"])


def _strays(metres: Floats, exchanged: Floats, rows: pd.Index) -> Iterator[tuple[int, str]]:
    """Yield rows of schools far from all others, judged by medians, which a few wrong points cannot move."""
    if len(metres) < SCHOOLS_THAT_SHOW_A_CENTRE:
        return
    centre = np.median(metres, axis=0, keepdims=True)
    from_centre = _length(metres - centre)
    far = max(FAR_FROM_CENTRE_METRES, TIMES_MEDIAN_FROM_CENTRE * float(np.median(from_centre)))
    is_stray = from_centre > far
    if len(metres) >= SCHOOLS_THAT_SHOW_A_SPACING:
        nearest = np.asarray(KDTree(metres).query(metres, k=3)[0])  # the first is the point itself
        spacing = TIMES_MEDIAN_TO_NEAREST * float(np.median(nearest[:, 2]))
        is_stray |= nearest[:, 2] > max(FAR_FROM_NEAREST_METRES, spacing)
    exchanged_fits = _length(exchanged - centre) < far / 2
    for at in np.flatnonzero(is_stray).tolist():
        mend = "swapped, it seems: exchange the two" if exchanged_fits[at] else "correct the coordinates"
        yield int(rows[at]), f"{from_centre[at] / 1000:,.0f} km from the middle of the other schools; {mend}"


def _abroad(degrees: Floats, rows: pd.Index) -> Iterator[tuple[int, str]]:
    """Yield rows of schools outside the country, if it is one known here, that most schools lie in."""
    if (
        len(degrees) < SCHOOLS_THAT_SHOW_A_CENTRE
        or (country := country_of(*middle(degrees[:, 0], degrees[:, 1]))) is None
    ):
        return
    for at in np.flatnonzero(~country.holds(degrees[:, 0], degrees[:, 1])).tolist():
        yield int(rows[at]), f"outside {country.name}, where most other schools lie; correct the coordinates"


def _single(shapes: geopandas.GeoSeries) -> geopandas.GeoSeries:
    """Return the shapes that are one point each, which may be written as a MultiPoint of one."""
    nothing = shapely.is_missing(shapes.array) | shapely.is_empty(shapes.array)
    parts = shapes[~nothing].explode()
    return parts[(parts.geom_type == "Point") & ~parts.index.duplicated(keep=False)]


def _no_point(kind: str) -> str:
    middle_of_site = ": the middle of its site (in QGIS: Vector, Geometry Tools, Centroids)"
    return f"give the school one point{middle_of_site * ('Polygon' in kind)}"


def _rounding(texts: Sequence[str]) -> float:
    """Return the step to which numbers in text are rounded: 0.001 for at most three decimals."""
    return float(10.0 ** -max(len(text.partition(".")[2]) for text in texts))


def _length(vectors: Floats) -> Floats:
    return np.asarray(np.hypot(vectors[:, 0], vectors[:, 1]))
