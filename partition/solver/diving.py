"""Diving: make a plan from the relaxation by fixing the columns used most, and solve again for the rest.

Diving works on a small master with only the columns of least reduced cost, so that it is fast and leaves the master as
it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix

from partition.solver.choice import Choice, chosen
from partition.solver.columns import Columns
from partition.solver.master import Floats, Master, Relaxation
from partition.solver.prices import Prices
from partition.solver.space import Bools
from partition.solver.stage import MICRO, Stage
from partition.solver.watch import Watch

COLUMNS_PER_NODE = 12
COLUMNS_LEAST = 400
SURE = 0.8
SHARE_TAKEN = 0.03  # of the uncertain columns, fixed at each step: a large area needs no more steps than a small one


def dive(master: Master, prices: Prices, limit: int | None, watch: Watch) -> Choice | None:
    """Return a plan of the master's columns with a value of at most `limit` micro-units; None where none is found.

    `prices` are the prices of the master's relaxation. No limit where `limit` is None.
    """
    for step in _steps(master, prices, watch):
        if not step.promising(limit):
            return None
        if step.relaxation.whole:
            return chosen(master.stage, step.columns, step.relaxation)
    return None


def dive_partly(master: Master, prices: Prices, limit: int | None, watch: Watch, nodes_most: int) -> Choice | None:
    """Return the partnerships fixed by a dive that leaves about `nodes_most` nodes, with these nodes alone.

    A dive that goes astray is taken back by a step; None where more than twice as many nodes are left then.
    """
    fixed: Choice | None = None
    for step in _steps(master, prices, watch):
        if not step.promising(limit):
            break
        fixed = step.fixed(master.stage)
        if len(fixed.alone) <= nodes_most:
            return fixed
    return fixed if fixed is not None and len(fixed.alone) <= 2 * nodes_most else None


@dataclass(frozen=True, slots=True)
class _Step:
    """A step of a dive: columns of the small master, a mask of those fixed so far, and the relaxation of the rest."""

    columns: Columns
    taken: Bools
    held: Bools  # by node, whether a fixed column has it
    relaxation: Relaxation

    def promising(self, limit: int | None) -> bool:
        """Say whether the relaxation leaves hardly a row unmet, and is within the limit."""
        relaxation = self.relaxation
        return relaxation.unmet <= 0.5 and (limit is None or relaxation.value * MICRO <= limit + 1)

    def fixed(self, stage: Stage) -> Choice:
        """Return the columns fixed so far, with all other nodes alone, whether they may be alone or not."""
        fixed = self.columns.take(self.taken)
        costs = dict(sorted(zip(fixed.tuples(), fixed.costs.tolist(), strict=True)))
        alone = tuple(np.flatnonzero(~self.held).tolist())
        choice = Choice(tuple(costs), alone, 0, tuple(costs.values()))
        return replace(choice, value=choice.value_in(stage))


def _steps(master: Master, prices: Prices, watch: Watch) -> Iterator[_Step]:
    """Yield the steps of a dive until no column is left to fix, or time is over."""
    reduced = prices.of(master.columns)
    most = max(COLUMNS_LEAST, COLUMNS_PER_NODE * master.space.size)
    columns = master.columns.take(np.sort(np.argsort(reduced, kind="stable")[:most]))
    small = Master(master.space, master.stage, master.seed)
    small.add_cuts(prices.cuts)
    small.add_columns(columns)
    incidence = columns.incidence(master.space.size)
    taken, held = np.zeros(len(columns), dtype=bool), np.zeros(master.space.size, dtype=bool)
    while not watch.over:
        relaxation = small.solve(watch.seconds_left())
        if relaxation is None:
            return
        yield _Step(columns, taken, held, relaxation)
        fresh = _surest(relaxation.used, taken, incidence)
        if not fresh.any():
            return
        taken = taken | fresh
        held = np.asarray(incidence[taken].sum(axis=0)).ravel() > 0
        small.allow(taken | (incidence @ held.astype(np.int64) == 0), ~held)


def _surest(used: Floats, taken: Bools, incidence: csr_matrix) -> Bools:
    """Return a mask of the columns to fix next, without common headships: those used almost whole, and some others."""
    open_ = np.where(taken, 0.0, np.round(used, 6))
    order = np.argsort(-open_, kind="stable")
    fresh = np.zeros(len(used), dtype=bool)
    held: set[int] = set()
    doubtful = max(1, int(SHARE_TAKEN * float(open_[open_ < SURE].sum())))
    for column in order[open_[order] > 0].tolist():
        if open_[column] < SURE and (doubtful == 0 or (fresh.any() and open_[column] < 0.5)):
            break
        nodes = incidence.indices[incidence.indptr[column] : incidence.indptr[column + 1]].tolist()
        if held.isdisjoint(nodes):
            held.update(nodes)
            fresh[column] = True
            doubtful -= open_[column] < SURE
    return fresh
