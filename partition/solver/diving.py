"""Diving: make a plan from the relaxation by fixing the columns used most, and solve again for the rest.

Diving works on a small master with only the columns of least reduced cost, so that it is fast and leaves the master as
it was.
"""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_matrix

from partition.solver.choice import Choice, chosen
from partition.solver.master import Floats, Master
from partition.solver.prices import Prices
from partition.solver.space import Bools
from partition.solver.stage import MICRO
from partition.solver.watch import Watch

COLUMNS_PER_NODE = 12
COLUMNS_LEAST = 400
SURE = 0.8
SHARE_TAKEN = 0.03  # of the uncertain columns, fixed at each step: a large area needs no more steps than a small one


def dive(master: Master, prices: Prices, limit: int | None, watch: Watch) -> Choice | None:
    """Return a plan of the master's columns with a value of at most `limit` micro-units; None where none is found.

    `prices` are the prices of the master's relaxation. No limit where `limit` is None.
    """
    reduced = prices.of(master.columns)
    most = max(COLUMNS_LEAST, COLUMNS_PER_NODE * master.space.size)
    columns = master.columns.take(np.sort(np.argsort(reduced, kind="stable")[:most]))
    small = Master(master.space, master.stage, master.seed)
    small.add_cuts(prices.cuts)
    small.add_columns(columns)
    incidence = columns.incidence(master.space.size)
    taken = np.zeros(len(columns), dtype=bool)
    while not watch.over:
        relaxation = small.solve(watch.seconds_left())
        if relaxation is None or relaxation.unmet > 0.5 or (limit is not None and relaxation.value * MICRO > limit + 1):
            return None
        if relaxation.whole:
            return chosen(master.stage, columns, relaxation)
        fresh = _surest(relaxation.used, taken, incidence)
        if not fresh.any():
            return None
        taken |= fresh
        nodes = np.asarray(incidence[taken].sum(axis=0)).ravel() > 0
        small.allow(taken | (incidence @ nodes.astype(np.int64) == 0), ~nodes)
    return None


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
