"""Where a limit on drives bites: the fewest schools for whose drives it must hold if the rules are to clash at all.

"No two schools more than 20 minutes apart" is a rule on every pair; that Ashby Fen cannot be placed hangs on the drives
to Ashby Fen alone. Found by deletion, as a clash is: each school is let off and the rest asked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from partition.model.problem import Problem
from partition.model.roster import Group, Roster
from partition.model.rules import Breach, KmMax, Locked, MinutesMax, Placed, Rule
from partition.solver.builder import SpaceBuilder
from partition.solver.encode import encode, search_space

HEADSHIPS_MAX = 40  # all of whom are tried, by searching: let off, everyone is everybody's neighbour

Still = Callable[[Sequence[Rule]], bool | None]  # whether some plan keeps these rules; None: not known


@dataclass(frozen=True, slots=True)
class DrivesOf(Rule):
    """A limit on drives, for those to and from some schools only. No setting: a question that is asked."""

    limit: MinutesMax | KmMax
    urns: frozenset[int]

    def breaches(self, group: Group) -> Iterator[Breach]:
        if self.urns & set(group.urns):
            yield from (breach for breach in self.limit.breaches(group) if self.urns & set(breach.urns))

    def too_far(self, roster: Roster) -> Iterator[tuple[int, int]]:
        """Headships, by position, that it keeps apart: the longer way to or from one of its schools is too long."""
        area = roster.area
        everyone = np.array([i for headship in roster.headships for i in headship.schools], dtype=np.int64)
        for urn in sorted(self.urns & roster.headship_of.keys()):
            here = np.full(len(everyone), area.index[urn], dtype=np.int64)
            there, back = area.travel.between(here, everyone), area.travel.between(everyone, here)
            by_km = isinstance(self.limit, KmMax)
            longer = np.maximum(there[by_km], back[by_km])
            for place, took in zip(everyone.tolist(), longer.tolist(), strict=True):
                other = int(area.urns[place])
                if took > self._most(urn, other) and roster.headship_of[other] != roster.headship_of[urn]:
                    yield roster.headship_of[urn], roster.headship_of[other]

    def _most(self, urn: int, other: int) -> int:
        return self.limit.metres_max if isinstance(self.limit, KmMax) else self.limit.centiminutes_max(urn, other)

    def words(self) -> str:
        return f"{self.limit.words()}, for {len(self.urns)} schools"


@encode.register
def encode_drives_of(rule: DrivesOf, space: SpaceBuilder) -> None:
    for pair in rule.too_far(space.problem.roster):
        space.forbid(pair)


def where_it_bites(problem: Problem, clash: Sequence[Rule], asked: Sequence[Rule], still: Still) -> tuple[int, ...]:
    """The bases of the headships at which a clash's limits on drives bite, each needed: let off alone, there is a plan.

    None where the clash has no such limit, or where that could not be found out.
    """
    limits = [rule for rule in clash if isinstance(rule, MinutesMax | KmMax)]
    others = [rule for rule in clash if rule not in limits]
    if not limits:
        return ()

    unknown = False

    def clashes(headships: Sequence[int]) -> bool:
        nonlocal unknown
        urns = frozenset(urn for h in headships for urn in problem.roster.headships[h].urns)
        rules = [DrivesOf(limit, urns) for limit in limits] if headships else []  # nobody: the limit gone, as was asked
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
    """Headships among which to look, few first: those asked about or locked, these and all near them, all there are.

    Within each, whoever has most others near comes first, and so is the first to be let off: the remote stay.
    """
    roster = problem.roster
    limits = [rule for rule in clash if isinstance(rule, MinutesMax | KmMax)]
    near = [set(others) for others in search_space(problem.under(limits)).neighbours]

    def remote_last(headships: set[int]) -> list[int]:
        return sorted(headships, key=lambda h: (-len(near[h]), -roster.headships[h].base_urn))

    locks = [rule for rule in (*asked, *clash) if isinstance(rule, Locked)]
    first = {h for lock in locks for h in lock.members(roster)}
    if first:
        yield remote_last(first)
        if all(isinstance(lock, Placed) for lock in locks):
            yield remote_last(first.union(*(near[h] for h in first)))
    if len(roster) <= HEADSHIPS_MAX:
        yield remote_last(set(range(len(roster))))


def _needed(candidates: list[int], clashes: Callable[[Sequence[int]], bool]) -> list[int]:
    """Headships none of whom can be let off while the clash stays; halves are tried before single ones."""
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
