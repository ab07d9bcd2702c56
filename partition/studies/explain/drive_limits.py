"""Where a limit on drives causes a clash: the fewest schools whose drives the limit must cover for the rules to clash.

"No two schools more than 20 minutes apart" is a rule on every pair; but whether Ashby Fen can be placed depends on the
drives to Ashby Fen alone. These schools are found by deletion, like the rules of a clash: each school in turn is freed
from the limit, and if the rules still clash, the school is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from geodata.urns import Urn
from partition.model.problem import Problem
from partition.model.roster import Group, Roster
from partition.model.rules import Breach, KmMax, Locked, MinutesMax, Placed, Rule
from partition.solver.builder import SpaceBuilder
from partition.solver.encode import encode, search_space

HEADSHIPS_MAX = 40  # up to this number all headships are tried; without a limit all are neighbours

Still = Callable[[Sequence[Rule]], bool | None]  # returns whether some plan keeps these rules; None: not known


@dataclass(frozen=True, slots=True)
class DrivesOf(Rule):
    """A limit on drives to and from some schools only, without a setting: used only while a clash is examined."""

    limit: MinutesMax | KmMax
    urns: frozenset[Urn]

    def breaches(self, group: Group) -> Iterator[Breach]:
        if self.urns & set(group.urns):
            yield from (breach for breach in self.limit.breaches(group) if self.urns & set(breach.urns))

    def too_far(self, roster: Roster) -> Iterator[tuple[int, int]]:
        """Yield pairs of headships, by position, that the rule keeps apart: the longer of the two ways is too long."""
        if self.limit.between != "schools":
            yield from self._too_far_by_pair(roster)
            return
        area = roster.area
        everyone = np.array([i for headship in roster.headships for i in headship.schools], dtype=np.int64)
        for urn in sorted(self.urns & roster.headship_of.keys()):
            here = np.full(len(everyone), area.index[urn], dtype=np.int64)
            there, back = area.travel.between(here, everyone), area.travel.between(everyone, here)
            by_km = isinstance(self.limit, KmMax)
            longer = np.maximum(there[by_km], back[by_km])
            for place, took in zip(everyone.tolist(), longer.tolist(), strict=True):
                other = area.urns[place]
                if took > self._most(urn, other) and roster.headship_of[other] != roster.headship_of[urn]:
                    yield roster.headship_of[urn], roster.headship_of[other]

    def _too_far_by_pair(self, roster: Roster) -> Iterator[tuple[int, int]]:
        for here in sorted({roster.headship_of[urn] for urn in self.urns & roster.headship_of.keys()}):
            others = (other for other in range(len(roster)) if other != here)
            yield from ((here, other) for other in others if any(self.breaches(roster.group((here, other)))))

    def _most(self, urn: Urn, other: Urn) -> int:
        return self.limit.metres_max if isinstance(self.limit, KmMax) else self.limit.centiminutes_max(urn, other)

    def words(self) -> str:
        return f"{self.limit.words()}, for {len(self.urns)} schools"


@encode.register
def encode_drives_of(rule: DrivesOf, space: SpaceBuilder) -> None:
    """Forbid each pair of headships that the rule keeps apart."""
    for pair in rule.too_far(space.problem.roster):
        space.forbid(pair)


def where_it_binds(problem: Problem, clash: Sequence[Rule], asked: Sequence[Rule], still: Still) -> tuple[Urn, ...]:
    """Return the bases of the headships whose drives cause a clash: if one of them had no limit, a plan would exist.

    Empty where the clash has no limit on drives, or where the headships could not be found.
    """
    limits = [rule for rule in clash if isinstance(rule, MinutesMax | KmMax)]
    others = [rule for rule in clash if rule not in limits]
    if not limits:
        return ()

    unknown = False

    def clashes(headships: Sequence[int]) -> bool:
        nonlocal unknown
        urns = frozenset(urn for h in headships for urn in problem.roster.headships[h].urns)
        rules = [DrivesOf(limit, urns) for limit in limits] if headships else []  # without a headship the limit is gone
        answer = still([*others, *rules]) if rules or len(limits) > 1 else True
        unknown = unknown or answer is None
        return answer is False

    for candidates in _candidates(problem, clash, asked):
        if clashes(candidates):
            unknown = False
            needed = _needed(candidates, clashes)
            return () if unknown else tuple(sorted(problem.roster.headships[h].base_urn for h in needed))
    return ()


def _candidates(problem: Problem, clash: Sequence[Rule], asked: Sequence[Rule]) -> Iterator[list[int]]:
    """Yield headships among which to look, smaller sets first.

    The sets are: headships locked or to be placed; these and all near them; all headships. In each set the headships
    with most neighbours come first, and so are freed first: remote headships remain.
    """
    roster = problem.roster
    limits = [rule for rule in clash if isinstance(rule, MinutesMax | KmMax)]
    near = [set(others) for others in search_space(problem.under(limits)).neighbours]

    def remote_last(headships: set[int]) -> list[int]:
        highest_first = sorted(headships, key=lambda h: roster.headships[h].base_urn, reverse=True)
        return sorted(highest_first, key=lambda h: -len(near[h]))

    locks = [rule for rule in (*asked, *clash) if isinstance(rule, Locked)]
    first = {h for lock in locks for h in lock.members(roster)}
    if first:
        yield remote_last(first)
        if all(isinstance(lock, Placed) for lock in locks):
            yield remote_last(first.union(*(near[h] for h in first)))
    if len(roster) <= HEADSHIPS_MAX:
        yield remote_last(set(range(len(roster))))


def _needed(candidates: list[int], clashes: Callable[[Sequence[int]], bool]) -> list[int]:
    """Return headships none of which can be freed while the clash remains; halves are tried before single headships."""
    kept, size = candidates, max(1, len(candidates) // 2)
    while True:
        start = 0
        while start < len(kept):
            rest = kept[:start] + kept[start + size :]
            if clashes(rest):
                kept = rest
            else:
                start += size
        if size == 1:
            return kept
        size = (size + 1) // 2
