"""Schools from the national register or any other table: checked once, with all faults reported together."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from geodata.headings import looks_useful
from geodata.identifier import URN, IdentifierWords
from geodata.joins import Added, name_areas, read_joined
from geodata.labels import error_faults, first_spellings, folded, is_value, spelling_notices, without_errors
from geodata.layout import Layout, lay_out
from geodata.lending import identifier_in, made_whole
from geodata.numerals import in_plain_digits
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.people import is_personal
from geodata.placing import Placing, measured_in, on_grid
from geodata.postcodes import Postcodes, read_postcodes
from geodata.readings import Reading
from geodata.registers import Register, is_usual_part, words_of
from geodata.selecting import select
from geodata.successors import Successors, successors_of
from geodata.tables import Table, read_table
from geodata.urns import Urn, by_urn, known_in, read_urns, urns_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Schools:
    """The selected schools, each with a point and a count, and notices about the reading."""

    frame: geopandas.GeoDataFrame
    """By `urn`, ascending: `name`, `pupils`, `town`, points (whole metres on `grid`), and attributes as text."""
    notices: tuple[Fault, ...]
    corrected: Mapping[Urn, tuple[int | None, int]]
    """By URN: pupils as in the file (None without a usable count), and as corrected."""
    left_out: tuple[tuple[Urn, str, str], ...]
    """URN, name and reason, of selected schools left out because they have no count."""
    known_urns: frozenset[Urn]
    """Every URN in the files of schools, selected or not."""
    sources: tuple[Source, ...]
    attribution: tuple[str, ...]
    is_gias: bool
    grid: Grid = BRITISH
    """The metric system of the points, chosen for where the schools lie."""
    by_phase: bool
    """Whether schools were chosen by phase: of a register, and of a copy with its column of phases."""
    readings: tuple[Reading, ...]
    register: Register | None = None
    """Another country's register that the file is of."""
    identifier: IdentifierWords = URN
    """What people call the schools' identifiers."""
    successors: Successors = field(default_factory=Successors)
    """What schools of earlier years are now."""


def read_schools(
    path: Path | str,
    *,
    local_authority: str | Sequence[str] | None = None,
    phases: Sequence[str] = gias.PRIMARY,
    only: Mapping[str, str] | None = None,
    columns: Mapping[str, str] | None = None,
    join: Sequence[Path | str] = (),
    areas: Mapping[str, Path | str] | None = None,
    area_names: Mapping[str, str] | None = None,
    header_row: int | None = None,
    pupils: Mapping[Urn, int] | None = None,
    missing_pupils: Literal["fault", "leave out"] = "fault",
    pupils_column: str | None = None,
    opening: Sequence[Path | str] = (),
    also: Collection[Urn] = (),
    keep: Sequence[str] = (),
    crs: str | None = None,
    outlying: Collection[object] = (),
    register: str | None = None,
    postcodes: Sequence[Path | str] = (),
    identifier: IdentifierWords | None = None,
    successors: Mapping[Urn, Urn] | None = None,
    register_links: Path | str | None = None,
) -> Schools:
    """Read the register's extract, or any table with the same few columns (`read_table` says of which kinds).

    Of the register, the open, state-funded schools of the `phases` ("all" is one) in the `local_authority` (codes, or
    "all") are read, and the schools in `also` whatever their phase; of a copy of some of its columns, by those that are
    there; of another file, every row. `register` names another country's register, which is otherwise told by its
    headings; what it lacks is taken from the tables of `join`. `postcodes` are files of points by postcode, for schools
    without coordinates. `only` keeps schools with a value in a column, from whichever file.

    `columns` maps urn, name, pupils, easting, northing, latitude, longitude or town to the file's heading. `join` adds
    columns by URN; `areas` adds a column with the name of the polygon that each school lies in, from the column of the
    file in `area_names`. Headings stand in `header_row`, or are looked for. `pupils` corrects
    counts by URN; for all other schools, the column `pupils_column`, from whichever file, replaces the count. `opening`
    are further files of schools to add. `crs` is the system of coordinates, where it is neither the British grid nor
    degrees, nor stated by the file; `outlying` are schools that are known to lie far from all others.
    `identifier` is what people call identifiers, where the register's word is not theirs. `successors` is what the user
    states of schools under another identifier today, `register_links` the register's table of links: a correction, a
    row of `join` and a school in `also` are those of the school of today.

    Of the register, a few attributes and the columns in `keep` are kept, and a column special_resource is made where
    `keep` names that column; of another file, all columns are kept. Columns that name people are never read.

    Raises BadData with every fault of the selected schools and of the files joined to them.
    """
    columns, corrections, only = columns or {}, by_urn(pupils or {}), only or {}
    file = file_and_part(path)[0].name
    keep = [*keep, *(heading for heading in only if heading not in (areas or {}))]
    table = read_table(
        path,
        lambda headings: lay_out(file, headings, columns, keep, register).needed(),
        header_row=header_row,
        errors_are_faults=False,
        is_usual=is_usual_part,
    )
    whole = made_whole(table, lay_out(file, table.headings, columns, keep, register), path, join)
    layout = whole.layout
    called = identifier or (words_of(layout.fields["urn"]) if layout.register is None else layout.register.identifier)
    table = replace(table, frame=whole.frame)
    known_urns = known_in(table.frame[layout.fields["urn"]])
    told = gias.as_register(table.frame, layout.selecting)
    going_on, linking = successors_of(told, layout.fields, file, known_urns, successors or {}, register_links)
    corrections = {Urn(going_on.now(urn)): count for urn, count in corrections.items()}
    also, outlying = urns_of(map(going_on.now, also)), urns_of(map(going_on.now, urns_of(outlying)))
    chosen, left, chosen_by = _select(table.frame, layout, file, local_authority, phases, also)
    selected = len(chosen)
    chosen = _with_values(chosen, {heading: value for heading, value in only.items() if heading in chosen}, file)
    used = {*layout.fields.values(), *keep, gias.FEDERATIONS} & set(chosen.columns)
    wrong = error_faults(chosen[sorted(used)], file)
    chosen, blanked = without_errors(chosen, used, file)
    urns, faults = read_urns(chosen[layout.fields["urn"]], file)
    texts = in_plain_digits(chosen[layout.fields["pupils"]])
    counts = read_counts(
        texts, urns, file, corrections, missing_pupils, _predecessors(table.frame, layout, urns, going_on)
    )
    staying = chosen.drop(index=counts.left_out)
    if staying.empty and counts.left_out:
        fix = f"no school has a count: all {len(chosen)} are blank; give the numbers on roll, or another column of them"
        raise BadData([Fault(file=file, column=layout.fields["pupils"], value="", fix=fix)])
    placing = Placing(
        file=file,
        fields=layout.fields,
        crs=crs,
        urns=urns,
        names={row: _name(staying, row, urns, layout) for row in staying.index if row in urns},
        outlying=urns_of(outlying),
        postcode=layout.postcode,
        postcodes=_postcodes(postcodes, staying, layout),
        metric=BRITISH.code if layout.register is None else layout.register.crs,
    )
    try:
        places = placing.read(staying, None if table.geometry is None else table.geometry.loc[staying.index])
    except BadData as nowhere:
        raise BadData([*layout.faults, *nowhere.faults]) from None
    points, grid = places.frame, places.grid
    faults = [*layout.faults, *_other_than(wrong, [*faults, *counts.faults, *places.faults])]
    faults += correction_faults(corrections, set(urns.values()), known_urns, file)
    faults = _with_names(faults, chosen, layout, file)
    notices, sources = (
        [
            *whole.notices,
            *table.notices,
            *layout.notices,
            *blanked,
            *_nameless(chosen, layout, file),
            *counts.notices,
            *places.notices,
        ],
        [table.source, *whole.sources, *placing.postcodes.sources, *linking],
    )
    left |= {"without the value asked for": selected - len(chosen)} if selected > len(chosen) else {}
    left |= {"without a count": len(counts.left_out)} if counts.left_out else {}
    readings = [_reading(table, layout, keep, left, chosen_by), *whole.readings, *placing.postcodes.readings]

    sound = [row for row in staying.index if row in urns and row in counts.by_row and row in points.index]
    frame = _frame(staying.loc[sound], points.loc[sound], grid, urns, counts.by_row, layout)
    for further in opening:
        try:
            opened = read_schools(
                further, crs=crs, outlying=outlying, register=register, postcodes=postcodes, identifier=called
            )
            _refuse_repeats(opened, known_urns, opened.sources[0].name)
        except BadData as error:
            faults += error.faults
        else:
            frame = pd.concat([frame, on_grid(opened.frame, grid)]).fillna("")
            urns_there = pd.Index(urns_of(frame.index), name="urn", dtype=object)  # joining made plain texts of them
            frame = frame.set_axis(urns_there, axis="index").sort_index()
            known_urns |= opened.known_urns
            going_on.current |= opened.known_urns
            notices += [*opened.notices, _opens(opened, opened.sources[0].name)]
            sources += opened.sources
            readings += opened.readings
    found_by = None if layout.register is None else partial(identifier_in, register=layout.register)
    additions: list[Callable[..., Added]] = [
        partial(read_joined, path=extra, known_urns=known_urns, used=keep, identifier=found_by, now=going_on.quietly)
        for extra in join
    ]
    additions += [
        partial(name_areas, column=name, path=area, grid=grid, names=(area_names or {}).get(name))
        for name, area in (areas or {}).items()
    ]
    all_added = True
    for read in additions:
        try:
            added = read(frame)
        except BadData as error:
            faults += error.faults
            all_added = False
        else:
            frame = frame.join(added.columns)
            notices += added.notices
            sources.append(added.source)
            readings.append(added.reading)
    if gias.RESOURCE_BASE in keep and gias.RESOURCE_BASE not in frame and layout.is_gias and gias.RESOURCED in frame:
        frame = frame.assign(**{gias.RESOURCE_BASE: gias.resource_base(frame[gias.RESOURCED])})
    frame, spelt = _with_first_spellings(frame, [*keep, *(areas or {})], file)
    notices += spelt
    if not faults:
        frame = _with_values(frame, {heading: value for heading, value in only.items() if heading in frame}, file)
    if pupils_column is not None and pupils_column in frame.columns and not faults:
        forecast, faults = read_forecast(frame[pupils_column], counts.corrected, file)
        frame = frame.assign(pupils=[forecast.get(urn, count) for urn, count in frame["pupils"].items()])
        fix = f"numbers on roll are those of the column {pupils_column}, not today's"
        notices.append(Fault(file=file, column="data.pupils_column", value=pupils_column, fix=fix))
    faults += [
        no_such_heading(file, heading, table.headings)
        for heading in dict.fromkeys(keep)
        if heading not in frame.columns and not is_personal(heading) and all_added
    ]
    if faults:
        raise BadData(called.of_faults(in_reading_order(faults)))
    notices += [*_on_one_point(frame, file), *measured_in(frame, grid, file)]
    return Schools(
        frame=frame,
        notices=called.of_faults(notices),
        corrected=dict(sorted(counts.corrected.items())),
        left_out=tuple(
            sorted((urns[row], _name(chosen, row, urns, layout), "no pupil count") for row in counts.left_out)
        ),
        known_urns=known_urns,
        sources=tuple(sources),
        attribution=_credits(table, layout, placing.postcodes),
        is_gias=layout.is_gias,
        by_phase=gias.PHASE in chosen_by,
        readings=tuple(readings),
        register=layout.register,
        identifier=called,
        successors=going_on,
        grid=grid,
    )


def _credits(table: Table, layout: Layout, postcodes: Postcodes) -> tuple[str, ...]:
    """Return the credits to the owners of the register and of the postcodes."""
    if layout.register is not None:
        return (layout.register.attribution, *postcodes.attribution)
    is_copy = bool(set(layout.selecting) & set(table.headings))
    return (*((gias.ATTRIBUTION,) if layout.is_gias or is_copy else ()), *postcodes.attribution)


def _postcodes(files: Sequence[Path | str], rows: pd.DataFrame, layout: Layout) -> Postcodes:
    """Return the points of the postcodes of the rows; none without a file, or without a column of postcodes."""
    if not files or layout.postcode is None:
        return Postcodes()
    return read_postcodes(files, [postcode for postcode in rows[layout.postcode] if postcode])


def _select(
    rows: pd.DataFrame,
    layout: Layout,
    file: str,
    local_authority: str | Sequence[str] | None,
    phases: Sequence[str],
    also: Collection[Urn],
) -> tuple[pd.DataFrame, dict[str, int], dict[str, str]]:
    """Return the rows of the selected schools, the number of others by reason, and the columns that decided.

    Schools are chosen from the register, and from a copy of it by the columns that it has; of another file, every row.
    """
    if rows.empty:
        raise BadData([Fault(file=file, fix="holds headings but no school")])
    if layout.register is not None:
        return select(rows, layout.register, file, local_authority, phases, also, layout.fields["urn"])
    told = gias.as_register(rows, layout.selecting)
    if {gias.STATUS, gias.PHASE, gias.TYPE_GROUP} & set(told.columns):
        chosen, left = gias.select(told, file, local_authority, phases, also, layout.fields["urn"])
        decided = {column: heading for column, heading in layout.selecting.items() if column in told}
        return rows.loc[chosen.index], left, decided
    if local_authority is not None:
        fix = "only the national register is chosen from by authority, and this is not its extract; remove it"
        raise BadData([Fault(file=file, column="data.local_authority", value=local_authority, fix=fix)])
    return rows, {}, {}


def _other_than(wrong: Sequence[Fault], faults: Sequence[Fault]) -> list[Fault]:
    """Return faults with those of cells that a spreadsheet could not work out in place of what readers say of them."""
    places = {(fault.row, fault.column) for fault in wrong}
    return [*wrong, *(fault for fault in faults if (fault.row, fault.column) not in places)]


def _with_names(faults: Sequence[Fault], rows: pd.DataFrame, layout: Layout, file: str) -> list[Fault]:
    """Return faults of rows with the name of the school in the row."""
    heading = layout.fields.get("name")
    if heading is None:
        return list(faults)
    names = rows[heading].to_dict()
    return [
        fault
        if fault.file != file or fault.row is None or fault.members
        else replace(fault, school=names.get(fault.row, ""))
        for fault in faults
    ]


def _reading(
    table: Table, layout: Layout, keep: Sequence[str], left: Mapping[str, int], chosen_by: Mapping[str, str]
) -> Reading:
    """Return what was read of the file of schools; of the register, columns without use are too many to tell."""
    columns = {**layout.fields, **{heading: heading for heading in keep if heading in table.headings}}
    columns |= {
        f"chosen by {gias.CHOSEN_BY[use]}": heading for use, heading in chosen_by.items() if use in gias.CHOSEN_BY
    }
    unused = [heading for heading in table.headings if heading and heading not in columns.values()]
    useful = () if layout.is_gias else tuple(heading for heading in unused if looks_useful(heading))
    return replace(table.reading, columns=columns, unused=useful, left=left)


def _with_first_spellings(
    frame: geopandas.GeoDataFrame, columns: Sequence[str], file: str
) -> tuple[geopandas.GeoDataFrame, list[Fault]]:
    """Return the schools with labels that differ in case, spaces or quotes as one label, and a notice of each."""
    notices = []
    for column in dict.fromkeys(columns):
        if column in frame and frame[column].dtype == object:
            spelt = first_spellings(frame[column])
            told = spelling_notices(spelt, file, column)
            frame = frame.assign(**{column: frame[column].map(spelt)}) if told else frame
            notices += told
    return frame, notices


def _with_values(rows: Any, only: Mapping[str, str], file: str) -> Any:
    """Return the rows with these values in these columns. Raises BadData where no row is left."""
    for heading, value in only.items():
        there = sorted(set(rows[heading]) - {""})
        rows = rows[rows[heading].map(folded) == folded(value)]
        if rows.empty:
            fix = f"no school selected has this value; there are {listed(there)}"
            raise BadData([Fault(file=file, column=f"data.only.{heading}", value=value, fix=fix)])
    return rows


def _refuse_repeats(opened: Schools, known_urns: frozenset[Urn], file: str) -> None:
    fix = "the first file has this school already; delete it here, or correct its URN"
    repeats = sorted(set(opened.frame.index) & known_urns)
    if repeats:
        raise BadData(Fault(file=file, column="urn", value=urn, fix=fix) for urn in repeats)


def _opens(opened: Schools, file: str) -> Fault:
    """Return the notice, for every output, of schools that are not in the first file."""
    who = ", ".join(f"{name} ({urn})" for urn, name in opened.frame["name"].items())
    return Fault(file=file, column="data.opening", value=len(opened.frame), fix=f"added as opening: {who}")


def _predecessors(
    rows: pd.DataFrame, layout: Layout, urns: Mapping[int, Urn], going_on: Successors
) -> Callable[[int], str]:
    """Return a function that suggests the count of a row from its closed predecessor, where the register shows one."""

    def hint(row: int) -> str:
        before = going_on.before(urns[row]) if row in urns else frozenset()
        there = rows[rows[layout.fields["urn"]].isin(before)] if before else rows[:0]
        counts = zip(there[layout.fields["urn"]], map(whole_number, there[layout.fields["pupils"]]), strict=True)
        counted = [(Urn(urn), pupils) for urn, pupils in counts if pupils]
        return f" (its closed predecessor, {max(counted)[0]}, had {max(counted)[1]})" if counted else ""

    return hint


def _name(rows: pd.DataFrame, row: int, urns: Mapping[int, Urn], layout: Layout) -> str:
    heading = layout.fields.get("name")
    is_number = heading is None or heading == layout.fields["urn"]  # a file without names may say so
    name = "" if is_number else re.sub(r"[^\S ]+", " ", str(rows.at[row, heading]))  # on one line
    return name if is_value(name) else f"School {urns[row]}"


def _nameless(rows: pd.DataFrame, layout: Layout, file: str) -> list[Fault]:
    """Return a notice of schools without a name."""
    heading = layout.fields.get("name")
    if heading is None or heading == layout.fields["urn"]:
        return []
    nameless = rows[~rows[heading].map(is_value)]
    fix = f"{len(nameless)} schools without a name are called by their URN"
    return [Fault(file=file, row=int(nameless.index[0]), column=heading, fix=fix)] if len(nameless) else []


def _frame(
    rows: pd.DataFrame,
    points: pd.DataFrame,
    grid: Grid,
    urns: Mapping[int, Urn],
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
        index=pd.Index([urns[row] for row in rows.index], name="urn", dtype=object),
        geometry=geopandas.points_from_xy(points["easting"], points["northing"]),
        crs=grid.code,
    )
    attributes = rows[list(layout.attributes)].set_axis(frame.index, axis="index")
    return frame.join(attributes).sort_index()


def _on_one_point(frame: geopandas.GeoDataFrame, file: str) -> list[Fault]:
    """Return a notice for each point that several schools share: correct for infants and juniors on one site."""
    sharing: dict[tuple[float, float], list[Urn]] = {}
    for urn, point in frame.geometry.items():
        sharing.setdefault((point.x, point.y), []).append(urn)

    def who(urn: Urn) -> str:
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
