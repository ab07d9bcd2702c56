"""Column generation: the relaxation of one stage over all partnerships, and the safe bound that its prices prove."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from partition.solver.columns import Columns, Pool
from partition.solver.cuts import Cut
from partition.solver.master import Master, Relaxation
from partition.solver.pricer import Pricer
from partition.solver.prices import Prices
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage, as_many_as_heads_suffice_for
from partition.solver.watch import Watch

COLUMNS_PER_ROOT = 8
STEPS = (4_000, 60_000, 0)  # of pricing a root; more where these find no new column, at last without a limit
TOO_MANY = 0.01  # partnerships in the relaxation above those that there are heads for
UNMET_RAISED_MOST = 3  # times that the price of leaving a row unmet is raised tenfold


class Generation:
    """The master of one stage and its pricing, over the columns of a pool, which grows."""

    def __init__(self, space: SearchSpace, stage: Stage, pool: Pool, pricer: Pricer, watch: Watch) -> None:
        self.space, self.stage, self.pool, self.pricer, self.watch = space, stage, pool, pricer, watch
        self.asked = stage  # as it was asked: without a row that any plan keeps
        self.bound: int | None = None  # in micro-units, a whole number of the stage's units
        self.anchor: Prices | None = None  # the prices that proved the highest bound by pricing
        self.anchor_bound = 0
        self.impossible = False
        self.master = self._new_master(())

    def _new_master(self, cuts: Sequence[Cut]) -> Master:
        master = Master(self.space, self.stage, self.watch.seed)
        master.add_cuts(cuts)
        master.add_columns(self.pool.columns)
        return master

    def prices(self, relaxation: Relaxation) -> Prices:
        """Return the prices of a relaxation of the master as it is now."""
        return Prices(self.space, self.stage, relaxation.duals, self.master.cuts)

    def converge(self, tell: Callable[[], None]) -> Relaxation | None:
        """Solve and price until no column improves the relaxation; return None where the search is stopped before.

        `tell` is called after each pricing. Where the relaxation then has more partnerships than there are heads for,
        a row forbids that from here on: not before, because a row that is slack only makes the relaxation slower to
        solve.
        """
        relaxation = self._priced_out(tell)
        if relaxation is None or self.stage is not self.asked or self.stage.may_break_rows:
            return relaxation
        row = as_many_as_heads_suffice_for(self.space)
        if relaxation.used.sum() <= (row.high or 0) + TOO_MANY:
            return relaxation
        self.stage = replace(self.stage, plan_rows=(*self.stage.plan_rows, row))
        self.master = self._new_master(self.master.cuts)
        return self._priced_out(tell)

    def _priced_out(self, tell: Callable[[], None]) -> Relaxation | None:
        raised = 0
        while not self.watch.over:
            relaxation = self.master.solve(self.watch.seconds_left())
            if relaxation is None:
                return None
            fresh = self._priced(self.prices(relaxation))
            tell()
            if len(fresh):
                self.master.add_columns(fresh)
            elif relaxation.unmet > 1e-6 and raised < UNMET_RAISED_MOST:
                self.master.raise_price_of_unmet()
                raised += 1
            else:
                return relaxation
        return None

    def _priced(self, prices: Prices) -> Columns:
        """Return new columns that improve the relaxation, and raise the bound; more steps only where few find none."""
        for steps in STEPS:
            priced = self.pricer.price(prices, COLUMNS_PER_ROOT, steps)
            fresh = self.pool.add(priced.found)
            if priced.bound is not None:
                self._raise_bound(priced.bound, prices)
            if len(fresh) or priced.whole or self.watch.over:
                break
        return fresh

    def _raise_bound(self, micro: int, prices: Prices) -> None:
        if self.anchor is None or micro > self.anchor_bound:
            self.anchor, self.anchor_bound = prices, micro
        self.prove(micro)

    def prove(self, micro: int) -> None:
        """Take a bound in micro-units as proven, rounded up to a whole unit and at least 0."""
        whole = max(0, -(-micro // self.stage.unit) * self.stage.unit)
        self.bound = whole if self.bound is None else max(self.bound, whole)
        self.impossible = self.bound > (0 if self.stage.may_break_rows else self.stage.ceiling(self.space))
