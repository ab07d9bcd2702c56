"""Kept plans as their list shows them: of which county each is, under which limits, and in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath
from typing import Any

from partition.settings.rules import Rules
from partition.storage.project_file import Kept
from partition.web.workspace import stated_table

HEADED = "School partnerships in "  # as maps are headed
NEWEST = "kept"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list of kept plans, as somebody asked for it."""

    plans: Sequence[Kept]
    counties: Sequence[str]  # of all plans
    county: str
    words: str
    order: str


@lru_cache(maxsize=512)
def county_of(scenario: str) -> str:
    """Return what a scenario's county is called: as its map is headed, by what is selected, or by its schools' file."""
    data = stated_table(scenario, "data")
    title, only, codes = stated_table(scenario, "map").get("title"), data.get("only"), data.get("local_authority")
    if isinstance(title, str) and title:
        return title.removeprefix(HEADED)
    if isinstance(only, dict) and only:
        return ", ".join(map(str, only.values()))
    file = PurePath(str(data.get("schools") or "no schools").partition("#")[0]).stem
    chosen = codes if isinstance(codes, list) else [codes] if codes not in (None, "all", "off") else []
    return f"authority {', '.join(map(str, chosen))} of {file}" if chosen else file


ORDERS: dict[str, tuple[str, Callable[[Kept], Any], bool]] = {  # what to sort by: words, key, largest first
    NEWEST: ("newest first", lambda kept: kept.id, True),
    "oldest": ("oldest first", lambda kept: kept.id, False),
    "name": ("name", lambda kept: (kept.name.casefold(), kept.id), False),
    "county": ("county", lambda kept: (county_of(kept.scenario).casefold(), -kept.id), False),
    "placed": ("most small schools placed", lambda kept: (kept.schools_placed, kept.id), True),
    "travel": ("least travel", lambda kept: (kept.unit, kept.travel, kept.id), False),
}


def listed(plans: Sequence[Kept], *, county: str = "", words: str = "", order: str = NEWEST) -> Listed:
    """Return the plans of a county whose name or note holds the words, in an order; "" leaves nothing out."""
    counties = sorted({county_of(kept.scenario) for kept in plans})
    county = county if county in counties else ""
    _, key, largest_first = ORDERS[order if order in ORDERS else NEWEST]
    shown = [
        kept
        for kept in plans
        if county in ("", county_of(kept.scenario)) and words.casefold() in f"{kept.name} {kept.note}".casefold()
    ]
    return Listed(sorted(shown, key=key, reverse=largest_first), counties, county, words, order)


@lru_cache(maxsize=512)
def limits_of(scenario: str) -> str:
    """Return a scenario's best known limits in a few words: heads in a partnership, and the longest drive."""
    rules = stated_table(scenario, "rules")
    least, most, minutes = (_stated(rules, name) for name in ("heads_min", "heads_max", "minutes_max"))
    heads = {
        (True, True): f"{least} to {most} heads" if least != most else f"{most} heads",
        (True, False): f"{least} heads or more",
        (False, True): f"up to {most} heads",
    }.get((least is not None, most is not None), "any number of heads")
    return f"{heads}, {minutes} min" if minutes is not None else f"{heads}, no limit on drives"


def _stated(rules: dict[str, Any], name: str) -> str | None:
    value = rules.get(name, Rules.model_fields[name].default)
    return None if value in (None, "off") else f"{value:g}" if isinstance(value, int | float) else str(value)
