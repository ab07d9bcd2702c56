"""Near misses: partnerships that would have a head, and every rule that each of them breaks.

A near miss is a fact that a reader can check: these schools together, and what then is broken, in the words of the rule
itself. Of an area of few heads every partnership is tried, of a county those with the heads that are nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.minutes import Travel
from geodata.urns import Urn
from partition.model.problem import Problem
from partition.model.roster import Group, Roster
from partition.model.rules import MENDED_BY_JOINING, Breach, HeadsPer, IsPartnership, KmMax, MinutesMax, Rule
from partition.model.rules.ranges import Between

EVERYBODY = 9  # other heads up to which all are tried; of more, the nearest
NEAREST = 9
WIDTH = 24  # partnerships of each size that are tried with one more head, of an area of more heads


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A partnership (URNs of its schools), the rules that it breaks, and each breach; both empty where it breaks none.

    `over` is by how much: the share of a limit on drives, or of another limit, by which it is missed at most.
    """

    urns: tuple[Urn, ...]
    rules: tuple[Rule, ...] = ()
    breaches: tuple[Breach, ...] = ()
    over: float = 0.0

    @property
    def private(self) -> bool:
        """Return whether the miss tells what is not for publication."""
        return any(breach.private for breach in self.breaches)

    @property
    def hopeless(self) -> bool:
        """Return whether it is no partnership by any settings: no road, or no small school."""
        return any(isinstance(rule, IsPartnership) for rule in self.rules)


def parts_of(problem: Problem) -> list[Rule]:
    """Return the rules of a problem, each range as its least and its most."""
    return [part for rule in problem.rules for part in rule.parts()]


def near_misses(problem: Problem, node: int, wanted: Callable[[Miss], bool] = lambda _: True) -> list[Miss]:
    """Return for each set of rules the partnership with a head that breaks just these and is nearest to keeping them.

    Only partnerships that are `wanted` count. Those that break fewest rules come first, then those that break a rule by
    least. Where a partnership keeps every rule, it is the first.
    """
    parts = parts_of(problem)
    best: dict[tuple[int, ...], Miss] = {}
    for miss in filter(wanted, _tried(problem.roster, parts, node)):
        broken = tuple(n for n, rule in enumerate(parts) if rule in miss.rules)
        known = best.get(broken)
        if known is None or _rank(miss) < _rank(known):
            best[broken] = miss
    return sorted(best.values(), key=_rank)


def _rank(miss: Miss) -> tuple[bool, int, float, int, int, tuple[Urn, ...]]:
    return miss.hopeless, len(miss.rules), miss.over, len(miss.breaches), len(miss.urns), miss.urns


def _tried(roster: Roster, parts: Sequence[Rule], node: int) -> Iterator[Miss]:
    """Yield partnerships with a head, grown head by head; one that no further head can mend is not grown."""
    others = nearest_heads(roster, node)
    near = _near(roster, [node, *others])
    grown: list[tuple[int, ...]] = [(node,)]
    while grown:
        wider = sorted(
            {tuple(sorted((*members, other))) for members in grown for other in others if other not in members}
        )
        misses = {members: _miss(near.group(members), parts) for members in wider}
        yield from misses.values()
        grown = [members for members, miss in misses.items() if any(b.rule in MENDED_BY_JOINING for b in miss.breaches)]
        if len(others) > EVERYBODY:
            grown = sorted(grown, key=lambda members: _promise(misses[members]))[:WIDTH]


def _near(roster: Roster, nodes: Sequence[int]) -> Roster:
    """Return the roster with the drives between some heads' schools at hand, as the same few are asked for often."""
    near = copy(roster)
    places = sorted(place for node in nodes for place in roster.headships[node].schools)
    near.area = replace(roster.area, travel=cast(Travel, _AtHand(roster.area.travel, places)))
    return near


class _AtHand:
    """Drives between a few places, asked for once; all else about travel is as it was."""

    def __init__(self, travel: Travel, places: Sequence[int]) -> None:
        self._travel, count = travel, len(places)
        origins, destinations = np.repeat(places, count), np.tile(places, count)
        self._place = np.full(len(travel.urns), -1, dtype=np.int64)
        self._place[places] = np.arange(count)
        self._drives = [drives.reshape(count, count) for drives in travel.between(origins, destinations)]

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        where = self._place[np.asarray(origins)], self._place[np.asarray(destinations)]
        return self._drives[0][where], self._drives[1][where]

    def __getattr__(self, name: str) -> object:
        return getattr(self._travel, name)


def _promise(miss: Miss) -> tuple[int, float, int, tuple[Urn, ...]]:
    """Return a key that puts first what fewest rules forbid for good."""
    lasting = {breach.rule for breach in miss.breaches if breach.rule not in MENDED_BY_JOINING}
    return len(lasting), miss.over, len(miss.breaches), miss.urns


def nearest_heads(roster: Roster, node: int) -> list[int]:
    """Return other heads to try with a head, by position: all of few, else the nearest."""
    everybody = [other for other in range(len(roster)) if other != node]
    if len(everybody) <= EVERYBODY:
        return everybody
    return [roster.headship_of[other.base_urn] for _, other in roster.nearest(roster.headships[node], NEAREST)]


def _miss(group: Group, parts: Sequence[Rule]) -> Miss:
    broken = [(rule, list(rule.breaches(group))) for rule in parts]
    rules = tuple(rule for rule, breaches in broken if breaches)
    breaches = tuple(breach for _, breaches in broken for breach in breaches)
    return Miss(
        urns=group.urns, rules=rules, breaches=breaches, over=max((over(rule, group) for rule in rules), default=0.0)
    )


@singledispatch
def over(rule: object, group: Group) -> float:
    """Return by what share of its limit a partnership misses a rule that it breaks; 0 for a rule without a number."""
    return 0.0


@over.register
def _over_minutes(rule: MinutesMax, group: Group) -> float:
    drives = ((took, rule.centiminutes_max(a, b)) for a, b, took, _ in rule.drives(group))
    return max((took - most) / max(most, 1) for took, most in drives)


@over.register
def _over_km(rule: KmMax, group: Group) -> float:
    return max(metres - rule.metres_max for *_, metres in rule.drives(group)) / max(rule.metres_max, 1)


@over.register
def _over_range(rule: Between, group: Group) -> float:
    least, most = rule.least_of(group) if isinstance(rule, HeadsPer) else rule.least, rule.most
    counts = [count for count, _ in rule.counts(group)]
    short = (least - min(counts)) / max(least, 1) if least is not None else 0.0
    return max(short, (max(counts) - most) / max(most, 1) if most is not None else 0.0)
