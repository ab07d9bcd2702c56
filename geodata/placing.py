"""Where the schools of a file lie: which of its coordinates are read, in which system, and what is told about them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas
import pandas as pd
import shapely
from pyproj import CRS

from geodata.cells import find_heading
from geodata.coordinates import locating_system, refuse_reaching, system_named
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, DEGREES, OFF_SCALE_MOST, Grid, middle, nearest_metre, off_scale, system
from geodata.numerals import in_plain_digits
from geodata.points import Columns, Points, disagreements, read_points, read_shapes
from geodata.urns import Urn

HEADINGS_SAY = {"itm": "EPSG:2157", "nztm": "EPSG:2193"}
"""Systems that people put into the headings of eastings."""

POSTCODES = ("postcode", "post code", "eircode")
POSTCODES_OF = {  # of places that are not on the British grid, and their own systems
    "Northern Ireland": (re.compile(r"BT\d", re.IGNORECASE), "EPSG:29903"),
    "Ireland": (re.compile(r"[AC-FHKNPRTV-Y]\d[\dW] ?[\dAC-FHKNPRTV-Y]{4}", re.IGNORECASE), "EPSG:2157"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """How the points of a file's schools are read: its headings by field, a system stated for it, and who is who.

    `urns` and `names` are by row; `outlying` are the URNs of schools known to lie far from all others.
    """

    file: str
    fields: Mapping[str, str]
    crs: str | None
    urns: Mapping[int, Urn]
    names: Mapping[int, str]
    outlying: Collection[Urn]

    def read(self, rows: pd.DataFrame, shapes: geopandas.GeoSeries | None) -> Points:
        """Return the points of rows from the columns that exist, or else from the shapes; both must agree.

        Raises BadData where there are neither, and where nothing says in which system they are.
        """
        stated = None if self.crs is None else _stated(self.crs)
        for x, y, usual in (("easting", "northing", BRITISH.code), ("longitude", "latitude", DEGREES)):
            if {x, y} <= self.fields.keys():
                columns = self._columns(self.fields[x], self.fields[y], stated or self._usual(rows, usual))
                xs, ys = (in_plain_digits(rows[one], thousands=x == "easting") for one in (columns.x, columns.y))
                points = read_points(xs, ys, columns)
                if shapes is None or points.faults:
                    return points
                return replace(points, faults=tuple(disagreements(points, xs, ys, shapes, columns)))
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
        words = re.split(r"[\W_\d]+", self.fields["easting"].casefold())
        said = next((code for word, code in HEADINGS_SAY.items() if word in words), None)
        if said is None and (heading := find_heading(list(rows.columns), *POSTCODES)) is not None:
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
