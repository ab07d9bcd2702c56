"""Groups that would rather be together than where a plan has them, found by compiled search, with proof where none is.

A plan holds at a gain where no partnership under all rules on partnerships gives every head in it at least that much
less than now. The rules are those of the search space, entered once; each group found is also judged by every rule in
plain Python before it is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geodata.faults import BadData
from partition.model.costs import Cost
from partition.model.problem import Problem
from partition.solver.columns import Members
from partition.solver.compiled import search_roots, search_tempting
from partition.solver.encode import search_space
from partition.solver.leaving import Groups, Wanted
from partition.solver.pricer import Pricer
from partition.solver.pricer import make_ready as make_search_ready
from partition.solver.space import Ints, SearchSpace

NOWHERE = 2**60  # what a head that is not placed has now: worse than anything

Now = Sequence[Cost | None]
"""What each head has now, as `partition.model.shares` returns it; None for one that is not placed."""


@dataclass(frozen=True, slots=True)
class Temptation:
    """A partnership that would be better for every head in it, by nodes, and the least gain of them in thousandths.

    The gain is None where no head in it is placed now.
    """

    members: Members
    gain: int | None

    @property
    def order(self) -> tuple[bool, int, Members]:
        """The place among others: the most tempting first."""
        return self.gain is not None, -(self.gain or 0), self.members


@dataclass(frozen=True, slots=True)
class Tempted:
    """The most tempting groups, in order, and whether the search went to the end: then there is none but these."""

    groups: tuple[Temptation, ...]
    whole: bool


def make_ready(problem: Problem) -> None:
    """Compile all searches, or load them from the cache, before the clock of a question about a plan starts."""
    if not (search_roots.signatures and search_tempting.signatures):
        with suppress(BadData):  # a rule that the searches do not know: who searches says so
            Tempter(problem).make_ready()


class Tempter:
    """A search for tempting groups of one problem. Setting `stop[0]` from outside ends the search early."""

    def __init__(
        self, problem: Problem, stop: NDArray[np.bool_] | None = None, space: SearchSpace | None = None
    ) -> None:
        self.problem = problem
        self.space = space or search_space(problem)
        self.stop = np.zeros(1, dtype=bool) if stop is None else stop
        links, change = problem.tariff.link_halves, problem.tariff.change_halves
        halves: list[dict[int, int]] = [{} for _ in range(self.space.size)]
        for prices in (links, change):
            for (a, b), half in prices.items():
                halves[a][b] = halves[b][a] = halves[a].get(b, 0) + half
        self._carried = np.array([sum(of_node.values()) for of_node in halves], dtype=np.int64)
        self._pricer = Pricer(replace(self.space, halves=halves), 1, self.stop)
        self._roots = np.argsort(self.space.order)

    def most_tempting(self, now: Now, gain_least: int, most: int, member: int | None = None) -> Tempted:
        """Return the `most` groups with the largest least gain, of at least `gain_least` thousandths (1 or more).

        With `member`, only groups with that headship.
        """
        room = most
        while True:
            found, _, whole = self._search(now, gain_least, room, 0, member)
            fit = [group for group in found if self._keeps_every_rule(group)]
            if len(fit) >= min(most, len(found)) or len(found) < room:
                return Tempted(tuple(sorted(fit, key=lambda group: group.order)[:most]), whole)
            room *= 4

    def count(self, now: Now, gain_least: int, most: int) -> tuple[int, bool]:
        """Return the number of groups in which every head gains at least that, up to `most`, and whether it is all."""
        _, count, whole = self._search(now, gain_least, 0, most, None)
        return count, whole

    def make_ready(self) -> None:
        """Compile the searches, or load them from the cache, before the clock of a question starts."""
        make_search_ready(self.space)
        if not search_tempting.signatures:
            self._search([None] * self.space.size, 1, 0, 1, None, self._roots[:0])

    def owns(self, members: Members) -> dict[int, int]:
        """Return what each head of a partnership has of it, by node: `Tariff.own` for all at once."""
        space, halves = self.space, self._pricer.space.halves
        if space.by_venue:
            group, tariff = self.problem.roster.group(members), self.problem.tariff
            return {node: tariff.own(group, node).total for node in members}
        top, bottom = space.travel_factor.numerator, space.travel_factor.denominator
        bottom *= len(members) if space.meet == "rotate" else 4
        found = {}
        for node in members:
            near, half = space.neighbours[node], halves[node]
            drives = sum(near[other] for other in members if other != node)
            kept = sum(half.get(other, 0) for other in members)
            found[node] = (2 * drives * top + bottom) // (2 * bottom) + int(self._carried[node]) - kept
        return found

    def _keeps_every_rule(self, group: Temptation) -> bool:
        return not any(True for _ in self.problem.breaches(self.problem.roster.group(group.members)))

    def _search(
        self,
        now: Now,
        gain_least: int,
        room: int,
        count_most: int,
        member: int | None,
        roots: Ints | None = None,
    ) -> tuple[list[Temptation], int, bool]:
        own = np.array([NOWHERE if cost is None else cost.total for cost in now], dtype=np.int64) - self._carried
        width = self.space.width
        groups = Groups(np.full((room, width), -1, np.int32), np.zeros(room, np.int64), np.zeros(room, np.int64))
        if roots is None:
            roots = self._roots if member is None else self._roots_with(member)
        wanted = Wanted(own, roots[:0], -1 if member is None else member, max(gain_least, 1), count_most)
        kept, count, searched = search_tempting(
            self._pricer.graph,
            self._pricer.limits,
            self._pricer.money(1),
            wanted,
            roots,
            self.space.by_venue or member is not None,
            self.stop,
            groups,
        )
        rows = zip(
            groups.members[:kept].tolist(), groups.heads[:kept].tolist(), groups.gain[:kept].tolist(), strict=True
        )
        found = [
            Temptation(tuple(sorted(nodes[:heads])), None if gain > NOWHERE // 2 else gain)
            for nodes, heads, gain in rows
        ]
        return found, count, searched == len(roots)

    def _roots_with(self, member: int) -> Ints:
        """Return the roots whose blocks have every group with a headship: itself, or each venue it may drive to."""
        near = sorted(self.space.neighbours[member]) if self.space.by_venue else []
        return np.array([member, *near], dtype=np.int64)
