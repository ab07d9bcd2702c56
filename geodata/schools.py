"""Schools from the national register or any other table: checked once, with all faults reported together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import geopandas
import pandas as pd

from geodata import gias
from geodata.cells import in_reading_order, listed, no_such_heading, whole_number
from geodata.counts import correction_faults, read_counts, read_forecast
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, Grid
from geodata.joins import Added, name_areas, read_joined
from geodata.layout import Layout, lay_out
from geodata.opening import Source
from geodata.people import is_personal
from geodata.placing import Placing, measured_in, on_grid
from geodata.tables import read_table
from geodata.urns import read_urns


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schools:
    """The selected schools, each with a point and a count, and notices about the reading."""

    frame: geopandas.GeoDataFrame
    """By `urn`, ascending: `name`, `pupils`, `town`, points (whole metres on `grid`), and attributes as text."""
    notices: tuple[Fault, ...]
    corrected: Mapping[int, tuple[int | None, int]]
    """By URN: pupils as in the file (None without a usable count), and as corrected."""
    left_out: tuple[tuple[int, str, str], ...]
    """URN, name and reason, of selected schools left out because they have no count."""
    known_urns: frozenset[int]
    """Every URN in the files of schools, selected or not."""
    sources: tuple[Source, ...]
    attribution: tuple[str, ...]
    is_gias: bool
    grid: Grid = BRITISH
    """The metric system of the points, chosen for where the schools lie."""


def read_schools(
    path: Path | str,
    *,
    local_authority: str | Sequence[str] | None = None,
    phases: Sequence[str] = ("Primary", "Middle deemed primary"),
    only: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    join: Sequence[Path | str] = (),
    areas: Mapping[str, Path | str] | None = None,
    pupils: Mapping[int, int] | None = None,
    missing_pupils: Literal["fault", "leave out"] = "fault",
    pupils_column: str | None = None,
    opening: Sequence[Path | str] = (),
    also: Collection[int] = (),
    keep: Sequence[str] = (),
    crs: str | None = None,
    outlying: Collection[int] = (),
) -> Schools:
    """Read the register's extract, or any CSV, XLSX or GeoPackage with the same few columns.

    Of the register, the open, state-funded schools of the `phases` ("all" is one) in the `local_authority` (codes, or
    "all") are read, and the schools in `also` whatever their phase; of another file, every row. `only` keeps schools
    with a value in a column, from whichever file.

    `columns` maps urn, name, pupils, easting, northing, latitude, longitude or town to the file's heading. `join` adds
    columns by URN; `areas` adds a column with the name of the polygon that each school lies in. `pupils` corrects
    counts by URN; for all other schools, the column `pupils_column`, from whichever file, replaces the count. `opening`
    are further files of schools to add. `crs` is the system of coordinates, where it is neither the British grid nor
    degrees, nor stated by the file; `outlying` are schools that are known to lie far from all others.

    Of the register, a few attributes and the columns in `keep` are kept, and a column special_resource is made where
    `keep` names that column; of another file, all columns are kept. Columns that name people are never read.

    Raises BadData with every fault of the selected schools and of the files joined to them.
    """
    path, columns, corrections, only = Path(path), columns or {}, pupils or {}, only or {}
    file = path.name
    keep = [*keep, *(heading for heading in only if heading not in (areas or {}))]
    table = read_table(path, lambda headings: lay_out(file, headings, columns, keep).needed())
    layout = lay_out(file, table.headings, columns, keep)
    chosen = _select(table.frame, layout, file, local_authority, phases, also)
    chosen = _with_values(chosen, {heading: value for heading, value in only.items() if heading in chosen}, file)
    known_urns = frozenset(filter(None, map(whole_number, table.frame[layout.fields["urn"]])))

    urns, faults = read_urns(chosen[layout.fields["urn"]], file)
    texts = chosen[layout.fields["pupils"]]
    counts = read_counts(texts, urns, file, corrections, missing_pupils, _predecessors(table.frame, layout))
    staying = chosen.drop(index=counts.left_out)
    placing = Placing(
        file=file,
        fields=layout.fields,
        crs=crs,
        urns=urns,
        names={row: _name(staying, row, urns, layout) for row in staying.index if row in urns},
        outlying=outlying,
    )
    try:
        places = placing.read(staying, None if table.geometry is None else table.geometry.loc[staying.index])
    except BadData as nowhere:
        raise BadData([*layout.faults, *nowhere.faults]) from None
    points, grid = places.frame, places.grid
    faults += [*layout.faults, *counts.faults, *places.faults]
    faults += correction_faults(corrections, set(urns.values()), known_urns, file)
    notices, sources = [*layout.notices, *counts.notices], [table.source]

    sound = [row for row in staying.index if row in urns and row in counts.by_row and row in points.index]
    frame = _frame(staying.loc[sound], points.loc[sound], grid, urns, counts.by_row, layout)
    for further in opening:
        try:
            opened = read_schools(further, crs=crs, outlying=outlying)
            _refuse_repeats(opened, known_urns, Path(further).name)
        except BadData as error:
            faults += error.faults
        else:
            frame = pd.concat([frame, on_grid(opened.frame, grid)]).fillna("").sort_index()
            known_urns |= opened.known_urns
            notices += [*opened.notices, _opens(opened, Path(further).name)]
            sources += opened.sources
    additions: list[Callable[..., Added]] = [
        partial(read_joined, path=Path(extra), known_urns=known_urns) for extra in join
    ]
    additions += [partial(name_areas, column=name, path=Path(area), grid=grid) for name, area in (areas or {}).items()]
    for read in additions:
        try:
            added = read(frame)
        except BadData as error:
            faults += error.faults
        else:
            frame = frame.join(added.columns)
            notices += added.notices
            sources.append(added.source)
    if gias.RESOURCE_BASE in keep and gias.RESOURCE_BASE not in frame and layout.is_gias and gias.RESOURCED in frame:
        frame = frame.assign(**{gias.RESOURCE_BASE: gias.resource_base(frame[gias.RESOURCED])})
    if not faults:
        frame = _with_values(frame, {heading: value for heading, value in only.items() if heading in frame}, file)
    if pupils_column is not None and pupils_column in frame.columns and not faults:
        forecast, faults = read_forecast(frame[pupils_column], counts.corrected, file)
        frame = frame.assign(pupils=[forecast.get(int(urn), count) for urn, count in frame["pupils"].items()])
        fix = f"numbers on roll are those of the column {pupils_column}, not today's"
        notices.append(Fault(file=file, column="data.pupils_column", value=pupils_column, fix=fix))
    faults += [
        no_such_heading(file, heading, table.headings)
        for heading in dict.fromkeys(keep)
        if heading not in frame.columns and not is_personal(heading)
    ]
    if faults:
        raise BadData(in_reading_order(faults))
    return Schools(
        frame=frame,
        notices=(*notices, *_on_one_point(frame, file), *measured_in(frame, grid, file)),
        corrected=dict(sorted(counts.corrected.items())),
        left_out=tuple(
            sorted((urns[row], _name(chosen, row, urns, layout), "no pupil count") for row in counts.left_out)
        ),
        known_urns=known_urns,
        sources=tuple(sources),
        attribution=(gias.ATTRIBUTION,) if layout.is_gias else (),
        is_gias=layout.is_gias,
        grid=grid,
    )


def _select(
    rows: pd.DataFrame,
    layout: Layout,
    file: str,
    local_authority: str | Sequence[str] | None,
    phases: Sequence[str],
    also: Collection[int],
) -> pd.DataFrame:
    """Return the rows of the selected schools: chosen from the register, or every row of another file."""
    if layout.is_gias:
        return gias.select(rows, file, local_authority, phases, also)
    if local_authority is not None:
        fix = "only the national register is chosen from by authority, and this is not its extract; remove it"
        raise BadData([Fault(file=file, column="data.local_authority", value=local_authority, fix=fix)])
    if rows.empty:
        raise BadData([Fault(file=file, fix="holds headings but no school")])
    return rows


def _with_values(rows: Any, only: Mapping[str, str], file: str) -> Any:
    """Return the rows with these values in these columns. Raises BadData where no row is left."""
    for heading, value in only.items():
        there = sorted(set(rows[heading]) - {""})
        rows = rows[rows[heading] == value]
        if rows.empty:
            fix = f"no school selected has this value; there are {listed(there)}"
            raise BadData([Fault(file=file, column=f"data.only.{heading}", value=value, fix=fix)])
    return rows


def _refuse_repeats(opened: Schools, known_urns: frozenset[int], file: str) -> None:
    fix = "the first file has this school already; delete it here, or correct its URN"
    repeats = sorted(set(opened.frame.index) & known_urns)
    if repeats:
        raise BadData(Fault(file=file, column="urn", value=int(urn), fix=fix) for urn in repeats)


def _opens(opened: Schools, file: str) -> Fault:
    """Return the notice, for every output, of schools that are not in the first file."""
    who = ", ".join(f"{name} ({urn})" for urn, name in opened.frame["name"].items())
    return Fault(file=file, column="data.opening", value=len(opened.frame), fix=f"added as opening: {who}")


def _predecessors(rows: pd.DataFrame, layout: Layout) -> Callable[[int], str]:
    """Return a function that suggests the count of a row from its closed predecessor, where the register shows one."""

    def hint(row: int) -> str:
        found = gias.predecessor(rows, row, layout.fields) if layout.is_gias else None
        return f" (its closed predecessor, {found[0]}, had {found[1]})" if found else ""

    return hint


def _name(rows: pd.DataFrame, row: int, urns: Mapping[int, int], layout: Layout) -> str:
    heading = layout.fields.get("name")
    return (str(rows.at[row, heading]) if heading else "") or f"School {urns[row]}"


def _frame(
    rows: pd.DataFrame,
    points: pd.DataFrame,
    grid: Grid,
    urns: Mapping[int, int],
    pupils: Mapping[int, int],
    layout: Layout,
) -> geopandas.GeoDataFrame:
    """Return the schools of the rows without faults, by URN."""
    town = layout.fields.get("town")
    columns = {
        "name": [_name(rows, row, urns, layout) for row in rows.index],
        "pupils": [pupils[row] for row in rows.index],
        "town": rows[town].to_list() if town else [""] * len(rows),
    }
    frame = geopandas.GeoDataFrame(
        columns,
        index=pd.Index([urns[row] for row in rows.index], name="urn", dtype="int64"),
        geometry=geopandas.points_from_xy(points["easting"], points["northing"]),
        crs=grid.code,
    )
    attributes = rows[list(layout.attributes)].set_axis(frame.index, axis="index")
    return frame.join(attributes).sort_index()


def _on_one_point(frame: geopandas.GeoDataFrame, file: str) -> list[Fault]:
    """Return a notice for each point that several schools share: correct for infants and juniors on one site."""
    sharing: dict[tuple[float, float], list[int]] = {}
    for urn, point in frame.geometry.items():
        sharing.setdefault((point.x, point.y), []).append(int(urn))

    def who(urn: int) -> str:
        return f"{frame.at[urn, 'name']} ({urn})"

    return [
        Fault(
            file=file,
            column="coordinates",
            value=f"{x:.0f}, {y:.0f}",
            fix=f"{' and '.join(who(urn) for urn in urns)} stand on one point; "
            "right if they share a site, otherwise correct one",
        )
        for (x, y), urns in sharing.items()
        if len(urns) > 1
    ]
