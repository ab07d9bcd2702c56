"""Where the schools of a file lie: which of its coordinates are read, in which system, and what is told about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

import geopandas
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from geodata.cells import find_heading, listed
from geodata.coordinates import locating_system, refuse_reaching, system_named
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, DEGREES, OFF_SCALE_MOST, Grid, middle, nearest_metre, off_scale, system
from geodata.headings import POSTCODES
from geodata.labels import is_blank
from geodata.numerals import in_plain_degrees, in_plain_digits
from geodata.points import Columns, Points, alike_as_one, disagreements, read_points, read_shapes
from geodata.postcodes import POSTCODES_OF, Postcodes, Spot
from geodata.urns import Urn

COLUMNS_APART_METRES = 250  # a latitude may be that of the postcode
TWO_PLACES = (
    "latitude and longitude say another place than easting and northing",
    "correct them, or say which to read, as in --set data.columns.easting=HEADING",
)
HEADINGS_SAY = {"itm": "EPSG:2157", "nztm": "EPSG:2193", "tm35fin": "EPSG:3067"}
"""Systems that people put into the headings of eastings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How the points of a file's schools are read: its headings by field, a system stated for it, and who is who.

    `urns` and `names` are by row; `outlying` are the URNs of schools known to lie far from all others. `postcode` is
    the heading of the postcodes, whose points, `postcodes`, place the schools without coordinates. `metric` is the
    system of eastings and northings in files of this kind; None where the register does not say.
    """

    file: str
    fields: Mapping[str, str]
    crs: str | None
    urns: Mapping[int, Urn]
    names: Mapping[int, str]
    outlying: Collection[Urn]
    postcode: str | None = None
    postcodes: Postcodes = field(default_factory=Postcodes)
    metric: str | None = BRITISH.code

    def read(self, rows: pd.DataFrame, shapes: geopandas.GeoSeries | None) -> Points:
        """Return the points of rows from the columns that exist, or else from the shapes; both must agree.

        Raises BadData where there are neither, and where nothing says in which system they are.
        """
        stated = None if self.crs is None else _stated(self.crs)
        for x, y, usual in (("easting", "northing", self.metric or BRITISH.code), ("longitude", "latitude", DEGREES)):
            if {x, y} <= self.fields.keys() and not self._is_left_blank(rows, x, y):
                columns = self._columns(self.fields[x], self.fields[y], stated or self._usual(rows, usual))
                xs, ys = (_as_numbers(rows[one], columns) for one in (columns.x, columns.y))
                points = self._points(rows, xs, ys, columns)
                if points.faults:
                    return points
                if shapes is not None:
                    return replace(points, faults=tuple(disagreements(points, xs, ys, shapes, columns)))
                return replace(points, faults=tuple(self._against_degrees(rows, points, columns)))
        if shapes is None and self.postcode is not None and self.postcodes.sources:
            columns = self._columns(self.postcode, self.postcode, system(self.postcodes.system))
            blank = pd.Series("", index=rows.index, dtype=object)
            return self._points(rows, blank, blank.copy(), columns)
        if shapes is None and self.postcode is not None:
            fix = (
                "no coordinates, but postcodes: name a file of postcodes, such as Code-Point Open or GeoNames, by "
                "--set data.postcodes=FILE; or say which columns are coordinates, as in "
                "--set data.columns.easting=HEADING (and northing, or latitude and longitude)"
            )
            raise BadData([Fault(file=self.file, row=1, column="easting", fix=fix)])
        if shapes is None:
            fix = (
                "no columns of coordinates; say which they are, as in --set data.columns.easting=HEADING "
                "(and northing, or latitude and longitude)"
            )
            raise BadData([Fault(file=self.file, row=1, column="easting", fix=fix)])
        if stated is None and shapes.crs is None:
            fix = "state its coordinate system (CRS), or type --set data.crs=SYSTEM, such as EPSG:27700"
            raise BadData([Fault(file=self.file, column="geometry", fix=fix)])
        return read_shapes(shapes, self._columns("geometry", "geometry", stated or shapes.crs))

    def _against_degrees(self, rows: pd.DataFrame, points: Points, columns: Columns) -> list[Fault]:
        """Return the faults of schools whose latitude and longitude say another place than the columns read."""
        if columns.system.is_geographic or not {"longitude", "latitude"} <= self.fields.keys():
            return []
        degrees = self._columns(self.fields["longitude"], self.fields["latitude"], system(DEGREES))
        xs, ys = (_as_numbers(rows[one], degrees) for one in (degrees.x, degrees.y))
        x, y = (pd.to_numeric(texts, errors="coerce") for texts in (xs, ys))
        stated = x[x.notna() & y.notna() & (x.abs() <= 180) & (y.abs() <= 90) & ((x != 0) | (y != 0))].index
        shapes = geopandas.GeoSeries(geopandas.points_from_xy(x[stated], y[stated]), index=stated, crs=DEGREES)
        return disagreements(points, xs, ys, shapes, degrees, told=TWO_PLACES, apart_metres=COLUMNS_APART_METRES)

    def _is_left_blank(self, rows: pd.DataFrame, x: str, y: str) -> bool:
        """Return whether these columns are blank in every row, and schools may be placed by others or by postcode."""
        in_degrees = x == "easting" and {"latitude", "longitude"} <= self.fields.keys()
        return (in_degrees or bool(self.postcodes.sources)) and all(
            is_blank(text) for text in rows[[self.fields[x], self.fields[y]]].to_numpy().ravel()
        )

    def _points(self, rows: pd.DataFrame, xs: pd.Series, ys: pd.Series, columns: Columns) -> Points:
        """Return the points of two columns, and those of postcodes for rows where both are blank."""
        if self.postcode is None or not self.postcodes.sources:
            return read_points(xs, ys, columns)
        blank = [row for row in rows.index if is_blank(xs[row]) and is_blank(ys[row])]
        codes = dict(zip(rows.index.tolist(), rows[self.postcode], strict=True))
        spots = {row: self.postcodes.of(codes[row]) for row in blank}
        known = {row: spot for row, spot in spots.items() if spot is not None}
        unknown = [row for row in blank if row not in known]
        xs, ys = xs.drop(index=unknown), ys.drop(index=unknown)
        for code in dict.fromkeys(spot.system for spot in known.values()):
            here = {row: spot for row, spot in known.items() if spot.system == code}
            x, y = ([getattr(spot, one) for spot in here.values()] for one in "xy")
            if system(code) != columns.system:
                there = Transformer.from_crs(system(code), columns.system, always_xy=True)
                x, y = there.transform(x, y)
            xs.loc[list(here)], ys.loc[list(here)] = list(map(repr, map(float, x))), list(map(repr, map(float, y)))
        read = read_points(xs, ys, columns)
        unplaced = [self._unplaced(row, codes[row]) for row in unknown]
        faults = (*alike_as_one(unplaced, columns, len(rows)), *read.faults)
        return replace(read, faults=faults, notices=tuple(self._by_postcode(known, codes)))

    def _unplaced(self, row: int, postcode: str) -> Fault:
        fix = "no file of postcodes has this one, with a point; correct it, or give the school's coordinates"
        if is_blank(postcode):
            fix = "give the school's coordinates or its postcode"
        return Fault(file=self.file, row=row, column=self.postcode or "", value=postcode, fix=fix)

    def _by_postcode(self, spots: Mapping[int, Spot], codes: Mapping[int, str]) -> Iterator[Fault]:
        """Yield a notice of the schools placed by postcode, and one of postcodes that have ended."""
        if spots:
            fix = (
                f"{len(spots):,} schools without coordinates placed by postcode, each at its postcode's middle, which "
                "others may share"
            )
            yield Fault(file=self.file, column=self.postcode or "", value=len(spots), fix=fix)
        ended = [row for row, spot in spots.items() if spot.ended]
        if ended:
            who = listed([f"{self.names.get(row) or f'row {row}'}: {codes[row]}" for row in ended])
            fix = f"{len(ended):,} postcodes are no longer in use; used as they were last: {who}"
            yield Fault(file=self.file, row=ended[0], column=self.postcode or "", value=len(ended), fix=fix)

    def _columns(self, x: str, y: str, crs: CRS) -> Columns:
        return Columns(
            file=self.file,
            x=x,
            y=y,
            system=crs,
            is_stated=self.crs is not None,
            urns=self.urns,
            names=self.names,
            outlying=self.outlying,
        )

    def _usual(self, rows: pd.DataFrame, usual: str) -> CRS:
        """Return the system of columns where none is stated. Raises BadData where postcodes speak against it."""
        if usual == DEGREES:
            return system(usual)
        words = re.split(r"[\W_]+", self.fields["easting"].casefold())
        said = next((code for word, code in HEADINGS_SAY.items() if word in words), None)
        if (
            said is None
            and usual == BRITISH.code
            and (heading := find_heading(list(rows.columns), *POSTCODES)) is not None
        ):
            self._refuse_elsewhere(heading, [code for code in rows[heading] if code])
        return system(said or usual)

    def _refuse_elsewhere(self, heading: str, postcodes: list[str]) -> None:
        for where, (like, code) in POSTCODES_OF.items():
            there = [postcode for postcode in postcodes if like.match(postcode)]
            if 2 * len(there) > len(postcodes):
                fix = (
                    f"the postcodes are those of {where}, where eastings and northings are on no British grid; "
                    f'say in which system they are: --set data.crs="{code}", or another'
                )
                raise BadData([Fault(file=self.file, column=heading, value=there[0], fix=fix)])


def _as_numbers(texts: pd.Series, columns: Columns) -> pd.Series:
    """Return coordinates in plain digits, also those in degrees, minutes and seconds; text that is none unchanged."""
    if columns.system.is_geographic:
        return in_plain_digits(in_plain_degrees(texts), thousands=False)
    return in_plain_digits(texts)


def _stated(named: str) -> CRS:
    """Return the system that data.crs names. Raises BadData for one that nobody knows."""
    refuse_reaching(named, "scenario")
    if (crs := system_named(named)) is None:
        fix = "names no coordinate system that is known; give a code, such as EPSG:2157"
        raise BadData([Fault(file="scenario", column="data.crs", value=named, fix=fix)])
    return locating_system(crs, "scenario")


def on_grid(schools: geopandas.GeoDataFrame, grid: Grid) -> geopandas.GeoDataFrame:
    """Return schools on this grid, in whole metres."""
    if schools.crs == grid.code:
        return schools
    moved = schools.to_crs(grid.code)
    return moved.set_geometry(shapely.transform(moved.geometry.array, nearest_metre), crs=grid.code)


def measured_in(schools: geopandas.GeoDataFrame, grid: Grid, file: str) -> Iterator[Fault]:
    """Yield a notice of the metric system, unless it is Great Britain's, and of one that is not true to the ground."""
    if grid == BRITISH or schools.empty:
        return
    longitudes, latitudes = grid.degrees(schools.geometry.x, schools.geometry.y).T
    east, north = middle(longitudes, latitudes)
    where = f"{abs(north):.2f}° {'NS'[north < 0]}, {abs(east):.2f}° {'EW'[east < 0]}"
    fix = f"the schools lie around {where}; distances are in metres of {grid.words}"
    if (share := off_scale(grid, longitudes, latitudes)) > OFF_SCALE_MOST:
        fix += f", which are up to {share:.1%} longer or shorter than the ground's; plan a smaller area"
    yield Fault(file=file, column="coordinates", value=grid.code, fix=fix)
