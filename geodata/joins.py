"""Columns added to the schools from other files: tables joined by URN, and the areas that schools lie in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas
import pandas as pd

from geodata.boundaries import Region, area_of_each, read_areas
from geodata.cells import listed, need_heading
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, DEGREES, Grid
from geodata.labels import error_faults, without_errors
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.people import REASON, is_personal
from geodata.readings import Reading
from geodata.tables import read_table
from geodata.urns import Urn, read_urns, strangers


@dataclass(frozen=True, slots=True, eq=False)
class Added:
    """Columns of text with the schools' index of URNs, notices about them, and their file."""

    columns: pd.DataFrame
    notices: tuple[Fault, ...]
    source: Source
    reading: Reading


def read_joined(
    schools: geopandas.GeoDataFrame,
    path: Path | str,
    known_urns: Collection[Urn],
    used: Collection[str] = (),
    identifier: Callable[[Sequence[str]], str | None] | None = None,
) -> Added:
    """Return the columns of a table with a column `urn`; blank for schools that are not in the table.

    Of a register, `identifier` finds the heading of its identifiers, and columns that the schools have already are
    left, because its tables repeat them.

    Raises BadData for an invalid, unknown or repeated URN, for a column that the schools have already, and for an error
    of a spreadsheet in a column that is used.
    """
    given, path = path, file_and_part(path)[0]
    file = path.name

    def urn_in(headings: Sequence[str]) -> str:
        own = None if identifier is None else identifier(headings)
        return own or need_heading(path, headings, "urn")

    def choose(headings: Sequence[str]) -> list[str]:
        urn_in(headings)
        return [heading for heading in headings if not is_personal(heading)]

    table = read_table(given, choose, errors_are_faults=False)
    urn_heading = urn_in(table.headings)
    urns, faults = read_urns(table.frame[urn_heading], file)
    faults += strangers(urns, known_urns, file, urn_heading)
    faults += error_faults(table.frame[[heading for heading in table.frame if heading in {*used, urn_heading}]], file)
    repeated = [str(heading) for heading in table.frame if heading in schools.columns and heading != urn_heading]
    dropped = repeated if identifier is not None else []
    columns = table.frame.drop(columns=[urn_heading, *dropped])
    faults += [_taken(file, heading) for heading in columns.columns if heading in schools.columns]
    if faults:
        raise BadData(faults)
    columns, blanked = without_errors(columns, used, file)
    columns = columns.loc[list(urns)].set_axis(pd.Index(list(urns.values()), dtype=object), axis="index")
    notices = [*table.notices, *blanked]
    if dropped:
        fix = f"not read, since the schools have columns of the same name: {listed(dropped)}"
        notices.append(Fault(file=file, row=1, column=dropped[0], fix=fix))
    notices += [
        Fault(file=file, row=1, column=heading, fix=f"not read: {REASON}")
        for heading in table.headings
        if is_personal(heading)
    ]
    if absent := [urn for urn in schools.index if urn not in columns.index]:
        shown = ", ".join(map(str, absent[:5])) + (" ..." if len(absent) > 5 else "")
        fix = f"has no row for {len(absent)} of {len(schools)} schools ({shown}): left blank"
        notices.append(Fault(file=file, fix=fix))
    absent_rows = sum(urn not in schools.index for urn in urns.values())
    reading = replace(
        table.reading,
        columns={"urn": urn_heading, **{heading: heading for heading in columns.columns}},
        left={"of schools not selected": absent_rows} if absent_rows else {},
    )
    return Added(columns.reindex(schools.index, fill_value=""), tuple(notices), table.source, reading)


def name_areas(
    schools: geopandas.GeoDataFrame,
    column: str,
    path: Path | str,
    grid: Grid = BRITISH,
    names: str | None = None,
) -> Added:
    """Return one column: the name of the polygon that each school lies in, or "" and a notice.

    `names` is the heading of the names in the file. Raises BadData where the file holds no named polygons, no school
    lies in any of them, or the schools have a column of this name already. The schools are on `grid`.
    """
    areas = read_areas(path, grid, names, f"data.area_names.{column}")
    file = areas.source.name
    if column in schools.columns:
        raise BadData([_taken(file, column)])
    found, outside = area_of_each(schools.geometry, areas, column)
    if len(outside) == len(schools):
        region = Region.around(grid, schools.geometry.x, schools.geometry.y)
        why = region.misplaced(areas.frame.geometry.to_crs(DEGREES)) or "give the areas that the schools lie in"
        raise BadData([Fault(file=file, column=column, fix=f"no school lies in any of these areas: {why}")])
    return Added(found.to_frame(), (*areas.notices, *outside), areas.source, areas.reading)


def _taken(file: str, column: str) -> Fault:
    return Fault(file=file, row=1, column=column, fix="the schools have this column already; rename it")
