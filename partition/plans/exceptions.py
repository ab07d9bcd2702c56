"""Exceptions to a limit on drives: limits of their own for as few schools as it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import CENTIMINUTES, Group
from partition.model.rules import MinutesMax


def own_limits(rule: MinutesMax, group: Group, first: Collection[Urn] = ()) -> dict[Urn, float]:
    """Return limits in whole minutes, by URN, with which a partnership keeps a limit on drives.

    Each drive that is too long has an end with a limit of its own: schools of `first` before others, then those with
    most such drives.
    """
    drives = {(a, b): took for a, b, took, _ in rule.drives(group) if took > rule.centiminutes_max(a, b)}
    minutes: dict[Urn, float] = {}
    while drives:
        often = {urn: sum(urn in pair for pair in drives) for pair in drives for urn in pair}
        urn = min(often, key=lambda one: (one not in first, -often[one], one))
        # Whole minutes are easier for people to say and remember.
        minutes[urn] = float(-(-max(took for pair, took in drives.items() if urn in pair) // CENTIMINUTES))
        drives = {pair: took for pair, took in drives.items() if urn not in pair}
    return minutes


def own_limits_words(area: Area, minutes: Mapping[Urn, float]) -> str:
    """Return limits of their own in words: "allow 21 minutes for Ash and Birch"."""
    urns_by_limit: dict[float, list[Urn]] = {}
    for urn, limit in sorted(minutes.items()):
        urns_by_limit.setdefault(limit, []).append(urn)
    told = [
        f"{limit:g} minutes for {' and '.join(area.name_of(urn) for urn in urns)}"
        for limit, urns in sorted(urns_by_limit.items())
    ]
    return f"allow {', and '.join(told)}"
