"""The search of one stage: column generation, cuts, a good plan, enumeration, set partitioning.

Any solution worth B + T or less, where B is the safe bound at some prices, uses only partnerships whose reduced cost
at those prices is at most T. So set partitioning over all of those either finds the best there is, or shows that
nothing costs less than B + T. (Baldacci, Christofides and Mingozzi 2008.)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from partition.solve.cuts import violated_triples
from partition.solve.master import Cut, Duals, Master, Relaxation
from partition.solve.partitioning import Choice, Partitioning
from partition.solve.pool import Pool
from partition.solve.pricer import Pricer
from partition.solve.space import SearchSpace
from partition.solve.stage import Stage
from partition.solve.watch import Watch, gap

CUTS_PER_ROUND = 60
CUT_ROUNDS_MOST = 40
STALL_ROUNDS = 4  # rounds of cuts that close under a hundredth of the gap each
PARTITIONED_MOST = 100_000  # partnerships that set partitioning takes at once: some 700 MB
GOOD_PLAN_MOST, GOOD_PLAN_WORK = 20_000, 20.0
QUICK_COLUMNS = 1_500
QUICK_WORK = 1.0  # CP-SAT's deterministic seconds for an early plan
EVERYTHING = 2**61
FIRST_REACH = 0.004  # how far above the bound to look first, as a share of it


@dataclass(frozen=True, slots=True)
class Found:
    """What a stage came to, in micro-units. Proven when the choice is as good as the bound."""

    choice: Choice | None
    bound: int | None
    impossible: bool = False

    @property
    def proven(self) -> bool:
        return self.choice is not None and self.bound is not None and self.choice.value <= self.bound


class Search:
    """Minimises stages over one space. Partnerships and cuts met in one stage serve the next."""

    def __init__(self, space: SearchSpace, pool: Pool, pricer: Pricer, watch: Watch) -> None:
        self.space, self.pool, self.pricer, self.watch = space, pool, pricer, watch
        self.cuts: list[Cut] = []  # those that paid, last

    def minimise(self, stage: Stage, start: Choice | None, canonical: bool = False) -> Found:
        """The best choice of a stage and its bound, as far as the watch allows."""
        return _StageSearch(self, stage, start).minimise(canonical)

    def relax(self, stage: Stage, start: Choice | None) -> Found:
        """The bound of the relaxation with its cuts; no plan is looked for."""
        return _StageSearch(self, stage, start).relax()

    def good_plan(self, stage: Stage, good: Callable[[Choice], bool]) -> Choice | None:
        """A plan of a stage that is good enough, or the best one that a bounded effort finds."""
        return _StageSearch(self, stage, None).good_plan(good)


class _StageSearch:
    def __init__(self, search: Search, stage: Stage, start: Choice | None) -> None:
        self.space, self.pool, self.pricer, self.watch = (
            search.space,
            search.pool,
            search.pricer,
            search.watch,
        )
        self.search, self.stage = search, stage
        self.best = start
        self.bound: int | None = None
        self.anchor: tuple[Duals, list[Cut]] | None = None  # the prices that proved the bound, and their cuts
        self.anchor_bound = 0
        self.impossible = False
        self.master = Master(self.space, stage, self.pool)
        if stage.priced:
            self.master.add_cuts(search.cuts)
        self.master.add_columns(range(len(self.pool)))

    def minimise(self, canonical: bool) -> Found:
        relaxation = self._converge("relaxation")
        if self.best is None and relaxation is not None:
            self._quick_plan(relaxation.duals)
        if relaxation is not None and not self._settled:
            self._cut(relaxation)
        self._choose()
        if canonical and self.anchor is not None and self._found().proven and not self.watch.over:
            self._make_canonical()
        return self._found()

    def relax(self) -> Found:
        relaxation = self._converge("relaxation")
        if relaxation is not None:
            self._cut(relaxation)
        return self._found()

    def good_plan(self, good: Callable[[Choice], bool]) -> Choice | None:
        relaxation = self._converge("relaxation")
        if relaxation is None:
            return self.best
        self._quick_plan(relaxation.duals)
        if self.best is None or not good(self.best):
            self._cut(relaxation)
            self._choose(GOOD_PLAN_MOST, GOOD_PLAN_WORK)
        return self.best

    def _found(self) -> Found:
        return Found(self.best, self.bound, self.impossible)

    @property
    def _settled(self) -> bool:
        """Nothing more to do: proven, near enough, impossible, or told to stop."""
        if self.watch.over or self.impossible or self._found().proven:
            return True
        limit = self.watch.limits.gap
        if limit and self.stage.priced and self.best is not None:
            open_gap = gap(self.best.value, self.bound)
            return open_gap is not None and open_gap <= limit
        return False

    # Column generation --------------------------------------------------------------------------------------

    def _converge(self, doing: str) -> Relaxation | None:
        """Price until no partnership improves the relaxation; None if stopped before, or if it has no solution."""
        in_master = set(self.master.places)
        while not self.watch.over:
            relaxation = self.master.solve()
            if relaxation is None:
                return None
            priced = self.pricer.price(self.stage, relaxation.duals, self.master.cuts)
            if priced.bound is not None:
                self._raise_bound(priced.bound, relaxation.duals)
            self._tell(doing)
            self.pool.add(priced.found)
            fresh = sorted({self.pool.place(members) for members, _ in priced.found} - in_master)
            if not fresh:
                return relaxation
            self.master.add_columns(fresh)
            in_master.update(fresh)
        return None

    def _raise_bound(self, micro: int, duals: Duals) -> None:
        if self.anchor is None or micro > self.anchor_bound:
            self.anchor, self.anchor_bound = (duals, list(self.master.cuts)), micro
        self._prove(micro)

    def _prove(self, micro: int) -> None:
        """No choice comes to less than this, rounded up to a whole unit; nor to less than nothing."""
        whole = max(0, -(-micro // self.stage.unit) * self.stage.unit)
        self.bound = whole if self.bound is None else max(self.bound, whole)
        self.impossible = self.stage.may_break_rows and self.bound > 0

    def _cut(self, relaxation: Relaxation) -> None:
        """Add triples while they close the gap."""
        stalled, last = 0, self.anchor_bound
        current: Relaxation | None = relaxation
        for _ in range(CUT_ROUNDS_MOST):
            if current is None or self._settled or stalled >= STALL_ROUNDS:
                break
            used = {self.pool.members[place]: amount for place, amount in current.used.items()}
            cuts = violated_triples(used, set(self.master.cuts), CUTS_PER_ROUND)
            if not cuts:
                break
            self.master.drop_loose_cuts(current.duals)
            self.master.add_cuts(cuts)
            current = self._converge("cuts")
            still_open = (self.best.value if self.best is not None else 2 * last) - last
            stalled = stalled + 1 if self.anchor_bound - last < 0.01 * max(still_open, 1) else 0
            last = self.anchor_bound
        if self.stage.priced and self.anchor is not None:
            duals, cuts = self.anchor
            self.search.cuts = [cut for cut, dual in zip(cuts, duals.cuts, strict=True) if dual < 0]

    # Plans --------------------------------------------------------------------------------------------------

    def _quick_plan(self, duals: Duals) -> None:
        """The best plan of the partnerships met so far that a little work finds."""
        reduced = self.pricer.reduced_costs(self.stage, duals, self.pool)
        places = np.argsort(reduced, kind="stable")[:QUICK_COLUMNS]
        self._partition(sorted(places.tolist()), QUICK_WORK)
        self._tell("first plan")

    def _partition(self, places: list[int], work: float = 0) -> bool:
        """Set partitioning over these; keeps what is better. Whether it went to its end."""
        at_most = None if self.best is None else self.best.value - self.stage.unit
        outcome = Partitioning(self.space, self.stage, self.pool, places).best(self.watch, at_most, work)
        if outcome.choice is not None:
            self.best = outcome.choice
        return outcome.proven

    def _choose(self, most: int = PARTITIONED_MOST, work: float = 0) -> None:
        """Set partitioning over all that a plan near the bound could use, looking further until that is proof."""
        if self.anchor is None:
            return
        done, too_far = 0, EVERYTHING
        reach = max(int(self.anchor_bound * FIRST_REACH), self._bound() - self.anchor_bound + 1)
        while not self._settled and reach > done:
            if self.best is not None:
                reach = min(reach, self.best.value - self.anchor_bound)
            places = self._within(reach, most)
            if places is None:
                too_far = reach
                reach = done + (reach - done) // 2
                if reach - done <= max(done // 50, self.stage.unit // 100):
                    return
                continue
            self._tell(f"choosing among {len(places):,}")
            if not self._partition(places, work):
                return
            if self.best is None and reach >= EVERYTHING:
                self.impossible = True
                return
            shown = self.anchor_bound + reach
            self._prove(shown if self.best is None else min(shown, self.best.value))
            self._tell("choosing")
            done = reach
            reach = min(4 * reach, too_far if too_far == EVERYTHING else (done + too_far) // 2)

    def _within(self, reach: int, most: int) -> list[int] | None:
        """Where in the pool every partnership stands that a plan so far above the bound could use."""
        assert self.anchor is not None
        duals, cuts = self.anchor
        found = self.pricer.enumerate(self.stage, duals, cuts, reach, most)
        if found is None:
            return None
        self.pool.add(found)
        return [self.pool.place(members) for members, _ in found]

    def _make_canonical(self) -> None:
        """Among equally good plans, the one that a fixed order prefers: all of them are within this reach."""
        assert self.best is not None
        places = self._within(self.best.value - self.anchor_bound, PARTITIONED_MOST)
        if places is None:
            return
        self._tell("looking for equally good plans")
        outcome = Partitioning(self.space, self.stage, self.pool, places).canonical(self.watch, self.best)
        if outcome.choice is not None:
            self.best = outcome.choice

    def _bound(self) -> int:
        return self.bound if self.bound is not None else self.anchor_bound

    def _tell(self, doing: str) -> None:
        unit = self.stage.unit
        cost = None if self.best is None else self.best.value // unit
        self.watch.tell(self.stage.name, doing, cost, None if self.bound is None else self.bound // unit)
