"""What each partnership, and each headship left alone, takes of a limit: its reduced cost at prices of a relaxation.

A plan takes at most as much as lies between the bound that the prices prove and the limit. Once some headships are
settled, better prices are found for those ahead: those that charge most, on average, to the plans begun so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from partition.solver.columns import Columns
from partition.solver.linear import LinearProgramme
from partition.solver.prices import Prices
from partition.solver.space import Ints
from partition.solver.stage import MICRO
from partition.solver.watch import Watch


@dataclass(slots=True)
class Charge:
    """Amounts in micro-units, never below 0, by column of a list and by node left alone; `most` is the limit of all."""

    columns: Ints
    alone: Ints
    most: int

    def copy(self) -> Charge:
        """Return the same amounts, to be moved apart from these."""
        return Charge(self.columns.copy(), self.alone.copy(), self.most)

    def move(self, columns: Columns, alive: Ints, nodes: Ints, moved: Ints) -> None:
        """Move an amount of each of some nodes, from columns alive and from being alone, to the plans begun so far."""
        by_node = np.zeros(len(self.alone), np.int64)
        by_node[nodes] = moved
        self.columns[alive] -= _of_members(by_node, columns.members[alive])
        self.alone[nodes] -= moved


def charge_of(prices: Prices, columns: Columns, limit: int) -> Charge:
    """Return what choices with a value of at most `limit` take above the bound of some prices.

    Where rounding leaves a reduced cost below 0, the root of the column makes up for it.
    """
    reduced, alone = prices.of(columns), prices.alone.copy()
    roots = columns.members[:, 0]
    below = np.minimum(alone, 0)
    np.minimum.at(below, roots, np.minimum(reduced, 0))
    most = limit - prices.value - int(below.sum())
    alone = np.where(prices.stage.alone_allowed, alone - below, max(most, 0) + 1)
    return Charge(reduced - _of_members(below, columns.members), alone, most)


def ahead(
    charge: Charge, columns: Columns, alive: Ints, nodes: Sequence[int], shares: Sequence[float], watch: Watch
) -> Ints:
    """Return by node ahead how much of its charges can be asked at once, so that none falls below 0.

    `shares` says how many of the plans begun so far have the node still ahead. Of all ways, this is the one that asks
    most of these plans on average: the duals of the relaxation that covers each node by its share.
    """
    place = np.full(len(charge.alone) + 1, -1)
    place[list(nodes)] = np.arange(len(nodes))
    rows = place[columns.members[alive]]
    there = rows >= 0
    starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
    lp = LinearProgramme(watch.seed)
    cover, nothing = np.array(shares, dtype=float), np.zeros(len(nodes), np.int64)
    lp.add_rows(cover, cover, nothing, np.zeros(0, np.int64), np.zeros(0))
    alone = charge.alone[list(nodes)]
    lp.add_columns(alone / MICRO, np.arange(len(nodes)), np.arange(len(nodes)), np.ones(len(nodes)))
    lp.add_columns(charge.columns[alive] / MICRO, starts[:-1], rows[there].astype(np.int64), np.ones(len(rows[there])))
    if not lp.solve(watch.seconds_left()):
        return nothing
    asked = np.minimum(np.floor(lp.duals * MICRO).astype(np.int64), alone)
    over = charge.columns[alive] - _of_members(asked, rows)
    first = rows[np.arange(len(rows)), there.argmax(axis=1)]
    np.add.at(asked, first[over < 0], over[over < 0])
    return asked


def _of_members(amounts: Ints, members: NDArray[np.integer]) -> Ints:
    """Return by row the sum of the amounts of its members, where -1 is no member."""
    return np.asarray(np.append(amounts, 0)[members].sum(axis=1))
