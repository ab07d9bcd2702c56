"""Work on the data: making up a county, and checking what was given."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from typing import Any

from geodata.faults import BadData, Fault
from partition.web.tasks.order import Order, Tell, load_case

HEADINGS_MAX = 400  # offered to choose from


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
        return {"faults": [fault.as_dict() for fault in bad.faults], "columns": _columns(order)}
    from partition.actions.check import check_data

    done = check_data(case)
    area = done.area
    return {
        "title": case.title,
        "schools": len(area),
        "small": done.roster.small_schools,
        "heads": len(done.roster),
        "links": len(area.links),
        "today": len(area.existing),
        "travel": area.travel.words,
        "criteria": list(case.problem.criteria),
        "notices": [*case.told, *done.headship_lines, *done.doubt_lines],
        "corrected": len(area.corrected),
        "columns": _columns(order),
    }


def _columns(order: Order) -> dict[str, Any]:
    """The school file's headings, and which of them holds what; empty where it cannot be told."""
    from geodata.layout import lay_out
    from geodata.people import is_personal
    from geodata.tables import read_table
    from partition.scenario.read import read_within

    found: list[str] = []

    def look(headings: Any) -> list[str]:
        found.extend(headings)
        raise BadData([Fault(file="", fix="only looked at")])

    try:
        data = read_within(order.scenario, Path(order.project).parent).data
    except BadData:
        return {}
    if data.schools is None:
        return {}
    try:
        read_table(data.schools, look)
    except BadData:
        fields = lay_out("", found, data.columns, ()).fields
    headings = [heading for heading in dict.fromkeys(found) if heading and not is_personal(heading)]
    return {"headings": headings[:HEADINGS_MAX], "fields": dict(fields)} if found else {}
