"""One adviser's patch on one page, to print or to open with no network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geodata.files import replacing
from partition.account import PartnershipAccount
from partition.scheme.advisers import Patch
from partition.scheme.scheme import Scheme

FLAG_MINUTES = 20


def write_patch_sheet(
    scheme: Scheme, patch: Patch, figures: list[tuple[str, str]], path: Path, *, internal: bool = False
) -> None:
    """The page; who has not answered is on it only where it is `internal`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    pages = Environment(
        loader=PackageLoader("partition.scheme", "templates"),
        autoescape=True,  # names come from files that strangers filled in
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    account, case = scheme.account, scheme.case
    mine = [item for item in account.partnerships if item.number in patch.partnerships]
    told: dict[str, Any] = {
        "patch": patch,
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
        "attribution": case.attribution,
    }
    with replacing(path) as temporary:
        temporary.write_text(pages.get_template("patch.html.j2").render(told), encoding="utf-8", newline="\n")


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
        "services": [f"{what}: {often}" for name, what, often in scheme.inputs.activity if name == item.name],
    }


def _school(scheme: Scheme, urn: int) -> str:
    area = scheme.account.area
    return f"{area.name_of(urn)} ({area.pupils[area.index[urn]]})"


def _silent(scheme: Scheme, mine: list[PartnershipAccount], patch: Patch) -> Iterator[int]:
    """Schools of the patch that were asked and have not said anything."""
    answers = scheme.account.area.answers
    for urn in [*(urn for item in mine for urn in item.group.urns), *patch.unplaced]:
        if urn in answers and answers[urn].said == "none":
            yield urn
