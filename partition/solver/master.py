"""The restricted master: the linear relaxation over the columns known so far, and its duals.

The rows: one for each headship (in exactly one partnership, or alone), one for the result of the stage before, one for
each rule on the plan, one for each cut. Every row but the cuts may stay unmet at a price that no good plan pays, so
that a solution always exists; the price is raised where it proves too low. OR-Tools' GLOP solves the relaxation, each
time from the basis of the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_matrix, csr_matrix, hstack

from partition.solver.columns import Columns, joined
from partition.solver.cuts import Cut, coefficients
from partition.solver.linear import INFINITE, LinearProgramme, NumericalTrouble
from partition.solver.prices import Duals, amounts
from partition.solver.space import Bools, SearchSpace
from partition.solver.stage import MICRO, Stage

Floats = NDArray[np.float64]

UNUSED = 1e-9
RAISE, RAISED_MOST = 10.0, 1e6  # of the price of unmet rows: at once, and in all; GLOP takes no price without end


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A solved master: its value in units of 1,000,000 micro-units, its duals, and the value of each column."""

    value: float
    duals: Duals
    used: Floats
    alone: Floats  # by node
    unmet: float  # sum over rows of the amount left unmet

    @property
    def whole(self) -> bool:
        """Whether the relaxation is a plan: no row unmet, and all columns used whole or not at all."""
        return self.unmet < 1e-6 and bool(np.all(np.abs(self.used - self.used.round()) < 1e-6))


class Master:
    """The linear programme of one stage, to which columns and cuts are added; `solve` returns its relaxation."""

    def __init__(self, space: SearchSpace, stage: Stage, seed: int = 1) -> None:
        self.space, self.stage, self.seed = space, stage, seed
        self._rows = space.size + (stage.alone_limit is not None) + len(stage.plan_rows)
        self._alone = np.flatnonzero(stage.alone_allowed)
        self._allowed: tuple[Bools, Bools] | None = None  # columns and headships alone, where not all are
        self._begin()

    def _begin(self) -> None:
        self.columns = Columns.none(self.space.width)
        self.cuts: list[Cut] = []
        self._lp = LinearProgramme(self.seed)
        self._add_rows()
        self._add_alone()
        self._add_unmet()
        self._first = self._lp.columns  # the place of the first column among the variables

    def _begin_afresh(self) -> None:
        """Make the programme anew, as it is now: after trouble GLOP's own has neither a basis nor sense."""
        columns, cuts, unmet_price = self.columns, self.cuts, self._unmet_price
        self._begin()
        self.add_columns(columns)
        self.add_cuts(cuts)
        self._price_unmet(unmet_price)
        if self._allowed is not None:
            self.allow(*self._allowed)

    # Rows and columns ---------------------------------------------------------------------------------------

    def _add_rows(self) -> None:
        low, high = [1.0] * self.space.size, [1.0] * self.space.size
        if self.stage.alone_limit is not None:
            low.append(-INFINITE)
            high.append(float(self.stage.alone_limit))
        for row in self.stage.plan_rows:
            low.append(-INFINITE if row.low is None else float(row.low))
            high.append(INFINITE if row.high is None else float(row.high))
        nothing = np.zeros(0, np.int64)
        self._lp.add_rows(np.array(low), np.array(high), np.zeros(len(low), np.int64), nothing, np.zeros(0))

    def _add(self, costs: Floats, matrix: csc_matrix) -> None:
        starts, places = matrix.indptr[:-1].astype(np.int64), matrix.indices.astype(np.int64)
        self._lp.add_columns(costs, starts, places, matrix.data.astype(float))

    def _add_alone(self) -> None:
        count = len(self._alone)
        rows, columns, amount = [self._alone], [np.arange(count)], [np.ones(count)]
        if self.stage.alone_limit is not None:
            rows.append(np.full(count, self.space.size))
            columns.append(np.arange(count))
            amount.append(self.stage.alone_weights[self._alone].astype(float))
        there = np.concatenate(rows), np.concatenate(columns)
        matrix = csc_matrix((np.concatenate(amount), there), shape=(self._rows, count))
        matrix.eliminate_zeros()
        self._add(self.stage.alone[self._alone] / MICRO, matrix)

    def _add_unmet(self) -> None:
        """Add variables that leave a row unmet: rows of headships from below, other rows on each side with a limit."""
        rows, signs = list(range(self.space.size)), [1.0] * self.space.size
        if self.stage.alone_limit is not None:
            rows.append(self.space.size)
            signs.append(-1.0)
        first = self._rows - len(self.stage.plan_rows)
        for n, row in enumerate(self.stage.plan_rows, first):
            for side, sign in ((row.low, 1.0), (row.high, -1.0)):
                if side is not None:
                    rows.append(n)
                    signs.append(sign)
        matrix = csc_matrix((signs, (rows, range(len(rows)))), shape=(self._rows, len(rows)))
        self._unmet = slice(len(self._alone), len(self._alone) + len(rows))
        self._unmet_price = 1.0 if self.stage.may_break_rows else self._price_of_unmet()
        self._add(np.full(len(rows), self._unmet_price), matrix)
        if self.stage.may_break_rows:  # only rules on the plan may be broken, so rows of headships get the high price
            self._change_prices(range(self.space.size), self._price_of_unmet())

    def _price_of_unmet(self) -> float:
        """Return a price above any likely share of a headship in a plan's cost."""
        dear = self.space.dear * self.stage.scale if self.stage.scale else MICRO
        return float(2 * dear + int(self.stage.alone.max(initial=0))) / MICRO

    def _change_prices(self, which: Sequence[int], price: float) -> None:
        places = np.array([self._unmet.start + n for n in which], dtype=np.int64)
        self._lp.price(places, np.full(len(places), price))

    def add_columns(self, columns: Columns) -> None:
        """Add columns, none of which the master may have already."""
        if not len(columns):
            return
        parts = [columns.incidence(self.space.size).astype(float)]
        if self.stage.alone_limit is not None:
            parts.append(csr_matrix((len(columns), 1)))
        parts += [csr_matrix(amounts(row, columns, self.space)[:, None].astype(float)) for row in self.stage.plan_rows]
        if self.cuts:
            parts.append(coefficients(columns, self.cuts, self.space.size).astype(float))
        matrix = hstack(parts, format="csr").T.tocsc()
        thousandth = self.stage.scale / MICRO
        costs = columns.costs.astype(np.float64) * thousandth
        self._add(costs, matrix)
        self.columns = joined([self.columns, columns])

    def keep_columns(self, kept: Bools) -> None:
        """Keep the columns of a mask and forget all others."""
        gone = np.flatnonzero(~kept) + self._first
        if len(gone):
            self._lp.drop_columns(gone)
            self.columns = self.columns.take(kept)

    def allow(self, columns: Bools, alone: Bools) -> None:
        """Allow only the columns of a mask, and only the headships of a mask (by node) to be alone."""
        self._allowed = columns, alone
        allowed = np.concatenate([alone[self._alone], columns])
        places = np.concatenate([np.arange(len(self._alone)), np.arange(len(columns)) + self._first])
        self._lp.limit(places, np.where(allowed, INFINITE, 0.0))

    def allow_all(self) -> None:
        """Allow all columns, and all headships to be alone, after `allow`."""
        self.allow(np.ones(len(self.columns), dtype=bool), np.ones(self.space.size, dtype=bool))
        self._allowed = None

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """Add cuts."""
        if not cuts:
            return
        matrix = coefficients(self.columns, cuts, self.space.size).T.tocsr()
        matrix.sort_indices()
        low, high = np.full(len(cuts), -INFINITE), np.array([float(cut.most) for cut in cuts])
        starts, places = matrix.indptr[:-1].astype(np.int64), matrix.indices.astype(np.int64) + self._first
        self._lp.add_rows(low, high, starts, places, matrix.data.astype(float))
        self.cuts += cuts

    def drop_loose_cuts(self, relaxation: Relaxation) -> None:
        """Forget cuts whose dual in the relaxation is 0."""
        self.keep_cuts(np.flatnonzero(relaxation.duals.cuts < 0).tolist())

    def keep_cuts(self, kept: Sequence[int]) -> None:
        """Keep the cuts at these positions and forget all others."""
        gone = np.setdiff1d(np.arange(len(self.cuts)), np.array(kept, dtype=np.int64))
        if len(gone):
            self._lp.drop_rows(gone + self._rows)
            self.cuts = [self.cuts[n] for n in kept]

    # Solving ------------------------------------------------------------------------------------------------

    def solve(self, seconds: float) -> Relaxation | None:
        """Return the relaxation over the known columns and cuts; None where `seconds` did not suffice.

        Raises NumericalTrouble where GLOP cannot solve it, even afresh.
        """
        try:
            solved = self._lp.solve(seconds)
        except NumericalTrouble:
            self._begin_afresh()
            solved = self._lp.solve(seconds)
        if not solved:
            return None
        value = self._lp.values
        return Relaxation(
            value=self._lp.objective,
            duals=self._duals(self._lp.duals),
            used=np.where(value[self._first :] > UNUSED, value[self._first :], 0.0),
            alone=self._by_node(value[: len(self._alone)]),
            unmet=float(value[self._unmet].sum()),
        )

    def raise_price_of_unmet(self) -> None:
        """Raise the price of unmet rows tenfold, within reason, after a solution that leaves rows unmet."""
        self._price_unmet(min(self._unmet_price * RAISE, self._price_of_unmet() * RAISED_MOST))

    def _price_unmet(self, price: float) -> None:
        self._unmet_price = price
        count = self._unmet.stop - self._unmet.start
        self._change_prices(range(self.space.size if self.stage.may_break_rows else count), self._unmet_price)

    def _by_node(self, alone: Floats) -> Floats:
        found = np.zeros(self.space.size)
        found[self._alone] = alone
        return found

    def _duals(self, dual: Floats) -> Duals:
        micro = np.rint(dual * MICRO).astype(np.int64)
        size, plan_rows = self.space.size, len(self.stage.plan_rows)
        limited = self.stage.alone_limit is not None
        rows = micro[size + limited : size + limited + plan_rows].copy()
        for n, row in enumerate(self.stage.plan_rows):
            if (rows[n] > 0 and row.low is None) or (rows[n] < 0 and row.high is None):
                rows[n] = 0
        return Duals(
            nodes=micro[:size],
            alone=min(0, int(micro[size])) if limited else 0,
            rows=rows,
            cuts=micro[self._rows :].clip(max=0),
        )
