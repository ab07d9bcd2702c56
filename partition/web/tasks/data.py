"""Work on the data: making up a county, and checking what was given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault
from partition.web.tasks.order import Order, Tell, load_case

if TYPE_CHECKING:
    from partition.scenario.case import Case
    from partition.settings.data import Data

HEADINGS_MAX = 400  # offered to choose from
PARTS_MAX = 100
MEMBERS_MAX = 100  # of faults alike, to be mended one by one


def sample(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Write the made-up county into the project's folder; its scenario, as seen from there."""
    from partition.actions.sample import write_sample
    from partition.scenario.read import read_scenario
    from partition.scenario.text import text_of

    tell("doing", words="making up a county")
    folder = Path(order.project).parent
    path = write_sample(folder / "sample")
    return {"scenario": text_of(read_scenario(path), folder)}


def check(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """What is in the data, or every fault in it, and the headings there are to choose from."""
    try:
        case = load_case(order, tell)
    except BadData as bad:
        faults = [_fault(fault) for fault in bad.faults]
        return {"faults": faults, "columns": _columns(order), "choices": _choices(order)}
    from partition.actions.check import check_data

    done = check_data(case)
    area = done.area
    return {
        "title": case.title,
        "identifier": list(area.identifier),
        "schools": len(area),
        "small": done.roster.small_schools,
        "heads": len(done.roster),
        "links": len(area.links),
        "today": len(area.existing),
        "travel": area.travel.words,
        "criteria": list(case.problem.criteria),
        "read": [reading.words for reading in case.readings],
        "notices": [*case.told, *done.headship_lines, *done.doubt_lines],
        "corrected": len(area.corrected),
        "columns": _columns(order),
        "choices": _choices(order),
        "rows": _rows(case),
        "names": _names(case, _columns(order).get("headings", [])),
    }


def _names(case: Case, columns: Sequence[str]) -> dict[str, Any]:
    """What settings may name, to choose from."""
    area = case.problem.area
    return {
        "schools": sorted(
            ([urn, name] for urn, name in zip(area.urns, area.names, strict=True)), key=lambda one: one[1]
        ),
        "columns": sorted({*columns, *area.columns}),
        "partnerships": sorted({group.name for group in area.existing}),
        "federations": sorted(set(area.headship_of.values())),
        "kinds": sorted({link.kind for link in area.links if link.kind}),
    }


def guess(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """What the files `given["paths"]` are taken for, by the columns of the first."""
    from partition.scenario.guess import guess_role

    tell("doing", words="looking at the file")
    return {"guess": guess_role(Path(order.project).parent / order.given["paths"][0])}


def _rows(case: Case) -> list[list[Any]]:
    """Every school as a row of the page's table (partition.web.school_table)."""
    area, roster = case.problem.area, case.problem.roster
    towns = area.towns or ("",) * len(area)
    rows = []
    for n, urn in enumerate(area.urns):
        takes_part = urn in roster.headship_of and roster.is_small(urn)
        was = area.corrected.get(urn)
        before = None if was is None else "" if was[0] is None else str(was[0])
        place = [int(area.eastings[n]), int(area.northings[n])]
        head = area.headship_of.get(urn, "")
        rows.append(
            [
                urn,
                area.names[n],
                towns[n],
                int(area.pupils[n]),
                *place,
                "small" if takes_part else "other",
                head,
                before,
            ]
        )
    return rows


def _fault(fault: Fault) -> dict[str, Any]:
    """A fault as JSON holds it, with those that it stands for."""
    return {**fault.as_dict(), "members": [one.as_dict() for one in fault.members[:MEMBERS_MAX]]}


def _columns(order: Order) -> dict[str, Any]:
    """The school file's headings, and which of them holds what; empty where it cannot be told."""
    from geodata.layout import lay_out
    from geodata.parts import file_and_part, fitting, headed, likeliest_headings
    from geodata.people import is_personal
    from geodata.tables import parts_in

    data = _data_of(order)
    if data is None or data.schools is None:
        return {}
    path, asked = file_and_part(data.schools)
    try:
        parts = parts_in(path)
    except BadData:
        return {}

    def wanted(headings: Sequence[str]) -> Collection[str]:
        return lay_out("", headings, data.columns, ()).needed()

    found: list[str] = []
    for part in [part for part in parts if not part.hidden or part.name == asked]:
        try:  # a text has a part for each delimiter
            one = fitting(path, parts, wanted, asked, data.header_row) if part.kind else headed(path, part, wanted)
            found = one.headings
            break
        except BadData:
            found = found or likeliest_headings(part)[1]
    headings = [heading for heading in dict.fromkeys(found) if heading and not is_personal(heading)]
    fields = lay_out("", found, data.columns, ()).fields
    return {"headings": headings[:HEADINGS_MAX], "fields": dict(fields)} if found else {}


def _choices(order: Order) -> list[dict[str, Any]]:
    """What people may choose of the files named: a sheet or layer where there are several, and the names of areas."""
    from geodata.parts import file_and_part
    from geodata.tables import parts_in

    data = _data_of(order)
    if data is None:
        return []
    named = {"schools": data.schools, "existing": data.existing, "headships": data.headships}
    named |= {"links": data.links, "answers": data.answers, **{f"areas.{name}": at for name, at in data.areas.items()}}
    for name, paths in (("join", data.join), ("opening", data.opening)):
        named |= {f"{name}.{at}": path for at, path in enumerate(paths)}
    found = []
    for key, path in named.items():
        if not isinstance(path, str):
            continue
        file, part = file_and_part(path)
        try:
            parts = [part for part in parts_in(file) if part.kind]
        except BadData:
            continue
        about: dict[str, Any] = {"file": file.name, "now": part}
        if len(parts) > 1:
            options = [(one.name, f"{one.name} (hidden)" if one.hidden else one.name) for one in parts[:PARTS_MAX]]
            found.append({**about, "key": f"part:data.{key}", "what": parts[0].kind, "options": options})
        if key.startswith("areas.") and parts:
            drawn = next((one for one in parts if one.name == part), parts[0])
            name = key.removeprefix("areas.")
            options = [(heading, heading) for heading in list(drawn.top[0])[:HEADINGS_MAX]]
            now = data.area_names.get(name, "")
            about = {"file": file.name, "now": now, "what": "names", "options": options}
            found.append({**about, "key": f"set:data.area_names.{name}"})
    return found


def _data_of(order: Order) -> Data | None:
    from partition.scenario.read import read_within

    try:
        return read_within(order.scenario, Path(order.project).parent).data
    except BadData:
        return None
