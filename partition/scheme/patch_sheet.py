"""One adviser's patch on one page, to print or to open without a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geodata.files import replacing
from geodata.urns import Urn
from partition.formats.palette import as_css
from partition.plans.account import PartnershipAccount
from partition.scheme.advisers import Assignment, Leaving, Patch
from partition.scheme.scheme import Scheme

FLAG_MINUTES = 20


def write_patch_sheet(
    scheme: Scheme, patch: Patch, figures: list[tuple[str, str]], path: Path, *, internal: bool = False
) -> None:
    """Write the page; schools that have not answered appear only on an `internal` page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("partition.scheme", "templates"),
        autoescape=True,  # names come from files that strangers filled in
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    told = patch_facts(scheme, patch, figures, internal=internal)
    with replacing(path) as temporary:
        temporary.write_text(
            pages.get_template("patch.html.j2").render(told, palette=as_css()), encoding="utf-8", newline="\n"
        )


def patch_facts(
    scheme: Scheme, patch: Patch, figures: list[tuple[str, str]], *, internal: bool = False
) -> dict[str, Any]:
    """Return the content of the page as facts for JSON."""
    account, case = scheme.account, scheme.case
    mine = [item for item in account.partnerships if item.number in patch.partnerships]
    return {
        "adviser": patch.adviser.name,
        "office": patch.adviser.office,
        "accreditation": list(patch.adviser.accreditation),
        "title": case.title,
        "status": case.status,
        "internal": internal,
        "figures": figures,
        "flag": f"{FLAG_MINUTES} minutes",
        "services": bool(scheme.inputs.activity),
        "partnerships": [_row(scheme, patch, item) for item in mine],
        "unplaced": [(_school(scheme, urn), account.reasons.get(urn, "")) for urn in patch.unplaced],
        "silent": [_school(scheme, urn) for urn in _silent(scheme, mine, patch)] if internal else [],
        "new_schools": [_school(scheme, urn) for urn in patch.new_schools],
        "travel": scheme.advisers.words if scheme.advisers else account.area.travel.words,
        "attribution": list(case.attribution),
    }


def _row(scheme: Scheme, patch: Patch, item: PartnershipAccount) -> dict[str, Any]:
    venue = scheme.venues[item.number].venue_urn
    away = patch.away_minutes.get(item.number)
    longest = item.worst_minutes
    return {
        "number": item.number,
        "name": item.name,
        "stage": scheme.log.stage(item.number),
        "schools": [_school(scheme, urn) for urn in item.group.urns],
        "venue": "no school that all can reach" if venue is None else scheme.account.area.name_of(venue),
        "away": "–" if away is None else f"{away:.0f} minutes",
        "longest": "–" if longest is None else f"{longest:.0f} minutes",
        "is_long": longest is not None and longest > FLAG_MINUTES,
        "services": [f"{one.what}: {one.times}" for one in scheme.activities if one.partnership == item.number],
    }


def _school(scheme: Scheme, urn: Urn) -> str:
    area = scheme.account.area
    return f"{area.name_of(urn)} ({area.pupils[area.index[urn]]})"


def _silent(scheme: Scheme, mine: list[PartnershipAccount], patch: Patch) -> Iterator[Urn]:
    """Yield the schools of the patch that were asked and have not answered."""
    answers = scheme.account.area.answers
    for urn in [*(urn for item in mine for urn in item.group.urns), *patch.unplaced]:
        if urn in answers and answers[urn].said == "none":
            yield urn


def assignment_lines(scheme: Scheme, assigned: Assignment) -> Iterator[str]:
    """Yield who serves whom in words, with the driving and how sure the assignment is."""
    names = {item.number: f"{item.number} {item.name}" for item in scheme.account.partnerships}
    for patch in assigned.patches:
        most = "" if patch.adviser.caseload is None else f" of {patch.adviser.caseload}"
        hours = f"{patch.drive_minutes / 60:,.1f} hours' drive a year"
        where = "; ".join(names[number] for number in patch.partnerships) or "none"
        yield f"{patch.adviser.name} ({patch.adviser.office}): {len(patch.partnerships)}{most}, {hours}: {where}"
    for number in assigned.unserved:
        yield f"nobody serves {names[number]}: {assigned.why_unserved[number]}"
    yield ""
    changing = f"{assigned.schools_changing} schools change adviser"
    yield f"{assigned.drive_minutes / 60:,.1f} hours' drive a year in all; {changing}"
    yield "Proven best: no assignment serves more partnerships, and among those none costs less."
    yield f"Travel: {assigned.words}."
    if scheme.leaving is not None:
        yield ""
        yield from leaving_lines(scheme.leaving, names)


def leaving_lines(leaving: Leaving, names: dict[int, str]) -> Iterator[str]:
    """Yield the changes when advisers leave, in words."""
    yield f"Without {', '.join(leaving.names)}: {leaving.more_minutes / 60:+,.1f} hours' drive a year"
    for number, before, after in leaving.changes:
        yield f"  {names[number]}: {before or 'nobody'} -> {after or 'nobody'}"
