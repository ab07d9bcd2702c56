"""The fewest small schools unplaced where the partnerships are few enough for a list of all: sweeps with prices.

First a plan with fewer left out is looked for; then the bound is raised as long as an exact sweep finds nobody else to
place; then a plan at that number that costs little.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from partition.solver.charges import Charge, charge_of
from partition.solver.choice import Choice
from partition.solver.columns import Columns
from partition.solver.endgame import Ended, Endgame
from partition.solver.linear import NumericalTrouble
from partition.solver.pricer import Pricer
from partition.solver.prices import Duals, Prices
from partition.solver.space import SearchSpace
from partition.solver.stage import MICRO, Stage, cheapest, counted, fewest
from partition.solver.sweep import Sweep, Swept
from partition.solver.watch import Watch

HEADSHIPS_MOST, LISTED_MOST = 400, 20_000  # of an area that is swept, and of the partnerships there
KEPT, KEPT_FOR_PROOF = 20_000, 1_000_000  # states after each headship, for a plan and for a proof
ROUNDS = 20  # of cuts for the prices
NARROWEST = 100  # part of a bound by which its limit is first widened; each time twice as far


class Placed(NamedTuple):
    """A plan, a bound on the small schools that any plan leaves out, and one on the cost of those that leave so few.

    The bound on the cost is in micro-units; None where nothing is known.
    """

    choice: Choice
    bound: int
    cost_bound: int | None = None


def placed_by_sweep(space: SearchSpace, pricer: Pricer, watch: Watch, start: Choice, bound: int) -> Placed:
    """Return a plan with as few small schools unplaced as sweeps find, or `start`, and what is proven of it.

    Any plan leaves at least `bound` unplaced. Where the area is large or its partnerships are many, nothing is swept.
    """
    columns = pricer.every(LISTED_MOST) if space.size <= HEADSHIPS_MOST else None
    if columns is None:
        return Placed(start, bound)
    placing = Placing(space, columns, watch, start, bound)
    with suppress(NumericalTrouble):  # what is known by then holds
        placing.place()
    return Placed(placing.best, placing.bound, placing.cost_bound)


class Placing:
    """The best plan and the bound so far, in small schools left out; `place` improves both."""

    def __init__(self, space: SearchSpace, columns: Columns, watch: Watch, start: Choice, bound: int) -> None:
        self.space, self.columns, self.watch, self.best, self.bound = space, columns, watch, start, bound
        self.cost_bound: int | None = None
        self._counts: dict[int, list[Charge] | None] = {}  # of `_by_count`, by how many may be left out
        self.by_number = _unpriced(space, fewest(space))  # prices of the number left out; any are valid

    @property
    def unplaced(self) -> int:
        """The number of small schools that the best plan leaves out."""
        return int(self.space.small[list(self.best.alone)].sum())

    @property
    def open(self) -> bool:
        """Whether more may be placed, for all that is known, and there is time to look."""
        return self.unplaced > self.bound and not self.watch.over

    def place(self) -> None:
        """Place as many as can be, say how many are left out at least, and then look for a plan that costs little."""
        if self.open:
            self._relax(self.unplaced - 1)
        if self.open:
            self._take(self._sweep(self.unplaced - 1, []).best(KEPT).choice)
        while self.open and self.settle(self.bound):
            pass
        for most in range(self.bound, self.unplaced + 1):
            if self.watch.over or self._cheaper(most):
                break

    def settle(self, most: int) -> bool:
        """Find a plan that leaves at most so many out, or raise the bound as there is none; say if one was done."""
        relaxed = self._relax(most)
        if self.unplaced <= most:
            return True
        by_count = None if relaxed.bound > most * MICRO else self._by_count(most)
        if by_count is None:
            self.bound = most + 1
            return True
        swept = self._sweep(most, by_count).best(KEPT_FOR_PROOF, exactly=True)
        if swept.exact and swept.choice is None:
            self.bound = most + 1
        return self._take(swept.choice) or swept.exact

    def _cheaper(self, most: int) -> bool:
        """Look for a plan that leaves at most so many out, cheaper than the best where that leaves as many out.

        The limit on the cost is widened from the bound of a relaxation on: a plan found within a limit that is swept
        exactly is the cheapest, and where there is none the limit is a bound. So little depends on the plan known.
        """
        stage = cheapest(self.space, most)
        known = stage.ceiling(self.space) if most < self.unplaced else self.best.value_in(stage) - stage.unit
        relaxed = self._relaxed(stage, self.columns, known)
        found, proven = relaxed.choice, min(relaxed.bound, known + stage.unit)
        narrowest = width = max(stage.unit, proven // NARROWEST)
        widest = stage.ceiling(self.space)

        def swept(limit: int, kept: int, *, exactly: bool) -> Swept:
            charges = [*(self._by_count(most) or []), charge_of(relaxed.prices, self.columns, limit)]
            return self._sweep(most, charges, by_cost=True).best(kept, exactly)

        while not self.watch.over:
            known = known if found is None else min(known, found.value_in(stage) - stage.unit)
            if proven > known:
                break
            limit = min(known, proven + width)
            cheaper = swept(limit, KEPT_FOR_PROOF, exactly=True)
            if cheaper.exact:
                found = _within(known, stage, cheaper.choice) or found
                proven = limit + stage.unit if found is None else min(limit + stage.unit, found.value_in(stage))
                width = min(2 * width, widest)
            elif width > narrowest:  # too many states: by smaller steps from here on
                width = widest = max(narrowest, width // 4)
            else:
                found = _within(known, stage, swept(known, KEPT, exactly=False).choice) or found
                break
        if most == self.bound:
            self.cost_bound = proven
        return self._take(found)

    def _relax(self, most: int) -> Ended:
        """Relax the question of the fewest, for plans that leave at most so many out, and keep prices and plan."""
        relaxed = self._relaxed(fewest(self.space), self.columns, most * MICRO)
        self.by_number, self.best = relaxed.prices, relaxed.choice or self.best
        return relaxed

    def _by_count(self, most: int) -> list[Charge] | None:
        """Return what plans that leave at most so many out take of the most partnerships that there can be."""
        if most not in self._counts:
            self._counts[most] = self._counted(most)
        return self._counts[most]

    def _counted(self, most: int) -> list[Charge] | None:
        """Work out `_by_count`.

        Where pupils are many, few partnerships cannot hold them; where heads are few, they make few partnerships. None
        where the two leave no number; no charge where that is not known.
        """
        sizes = (self.columns.members >= 0).sum(axis=1)
        least = int(sizes.min(initial=self.space.width))
        each, over = (replace(self.columns, costs=costs) for costs in (np.ones_like(sizes), sizes - least))
        few, many = counted(self.space, most, 0), counted(self.space, most, 1)
        try:
            fewest_there = self._relaxed(few, each, few.ceiling(self.space))
            heads_to_spare = self._relaxed(many, over, many.ceiling(self.space)).bound // MICRO
        except NumericalTrouble:
            return []
        limit = (self.space.size - heads_to_spare) // max(least, 1) * MICRO
        return None if fewest_there.bound > limit else [charge_of(fewest_there.prices, each, limit)]

    def _relaxed(self, stage: Stage, columns: Columns, limit: int) -> Ended:
        """Return what cuts come to over the whole list, without branching, for choices with a value up to a limit."""
        prices = _unpriced(self.space, stage)
        return Endgame(self.space, stage, columns, prices, limit, self.watch).play(lambda _: False, ROUNDS, 0)

    def _sweep(self, most: int, others: list[Charge], by_cost: bool = False) -> Sweep:
        by_number = charge_of(self.by_number, self.columns, most * MICRO)
        return Sweep(self.space, self.columns, [by_number, *others], most, self.watch, by_cost)

    def _take(self, found: Choice | None) -> bool:
        if found is None:
            return False
        self.best = found
        self.watch.tell("fewest", "a better plan", self.unplaced, self.bound)
        return True


def _within(limit: int, stage: Stage, choice: Choice | None) -> Choice | None:
    """Return a choice with a value up to a limit; a sweep may find one above, as rows with a price may be slack."""
    return None if choice is None or choice.value_in(stage) > limit else choice


def _unpriced(space: SearchSpace, stage: Stage) -> Prices:
    nothing = np.zeros(0, np.int64)
    return Prices(space, stage, Duals(np.zeros(space.size, np.int64), 0, nothing, nothing), [])
