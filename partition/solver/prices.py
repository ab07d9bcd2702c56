"""Prices: duals of the master as integers, the reduced cost of each column, and the bound that the duals prove.

Any duals of the right sign give a valid bound, so rounding makes the bound only slightly weaker. The bound is the value
of the duals plus, for every root, the least reduced cost of its columns, or of the root alone, if negative: a plan has
at most one column for each root.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from partition.solver.columns import NO_LABEL, Columns
from partition.solver.cuts import Cut, coefficients
from partition.solver.space import Bools, Ints, PlanRow, SearchSpace
from partition.solver.stage import Stage

AT_ONCE = 50_000  # columns whose coefficients in the cuts are held in memory at a time


@dataclass(frozen=True, slots=True)
class Duals:
    """Duals of the master's rows, in micro-units."""

    nodes: Ints
    alone: int  # of the row that limits headships alone, never above 0
    rows: Ints  # by rule on the plan; above 0 for its lower limit, below 0 for its upper limit
    cuts: Ints  # never above 0


class Prices:
    """Duals of one stage, with the cuts whose dual is not 0."""

    def __init__(self, space: SearchSpace, stage: Stage, duals: Duals, cuts: Sequence[Cut]) -> None:
        paid = np.flatnonzero(duals.cuts < 0).tolist()
        self.space, self.stage = space, stage
        self.duals = replace(duals, cuts=duals.cuts[paid])
        self.cuts = [cuts[n] for n in paid]
        self.cut_prices = -self.duals.cuts
        self.scale = stage.scale
        self.rows = [(row, int(dual)) for row, dual in zip(stage.plan_rows, duals.rows, strict=True) if dual]

    @cached_property
    def by_node(self) -> Ints:
        """The part of a column's reduced cost for each member, with the halves that the member carries alone."""
        price = self.scale * self.space.carried - self.duals.nodes
        for row, dual in self.rows:
            price = price - dual * row.weights
        return np.asarray(price)

    def fixed(self, label: int = NO_LABEL) -> int:
        """Return the part of a column's reduced cost for the column itself, given its label."""
        return -int(sum(dual * row.fixed for row, dual in self.rows if row.label in (None, label)))

    @cached_property
    def kept(self) -> int:
        """The part of a column's reduced cost for each member in the partnership of its label; never above 0."""
        return -int(sum(dual * row.kept for row, dual in self.rows))

    @cached_property
    def by_pair(self) -> dict[tuple[int, int], int]:
        """The part of a column's reduced cost for each pair of members, by rules on the plan; lower node first."""
        charges: dict[tuple[int, int], int] = {}
        for row, dual in self.rows:
            for a, others in enumerate(row.pairs or ()):
                for b, amount in others.items():
                    if a < b:
                        charges[a, b] = charges.get((a, b), 0) - dual * amount
        return charges

    @cached_property
    def dearer(self) -> int:
        """The most columns of one node with a reduced cost above the sum by members, pairs and cuts; none is below."""
        return sum(row.groups is not None for row, _ in self.rows)

    @cached_property
    def value(self) -> int:
        """The value of the duals, in micro-units: the bound where no reduced cost is negative."""
        value = int(self.duals.nodes.sum()) + self.duals.alone * (self.stage.alone_limit or 0)
        for cut, dual in zip(self.cuts, self.duals.cuts.tolist(), strict=True):
            value += cut.most * dual
        for row, dual in self.rows:
            value += dual * ((row.low if dual > 0 else row.high) or 0)
        return value

    @cached_property
    def alone(self) -> Ints:
        """The reduced cost of each headship alone; 0 where the headship may not be alone."""
        reduced = self.stage.alone - self.duals.nodes - self.duals.alone * self.stage.alone_weights
        return np.where(self.stage.alone_allowed, reduced, 0)

    def of(self, columns: Columns) -> Ints:
        """Return the reduced cost of each column, in micro-units."""
        starts = range(0, max(len(columns), 1), AT_ONCE)
        return np.concatenate([self._of(columns.take(slice(start, start + AT_ONCE))) for start in starts])

    def _of(self, columns: Columns) -> Ints:
        by_node = self.by_node - self.scale * self.space.carried
        reduced = columns.incidence(self.space.size) @ by_node + self.scale * columns.costs
        if self.cuts:
            reduced += coefficients(columns, self.cuts, self.space.size) @ self.cut_prices
        if not self.rows:
            return np.asarray(reduced)
        for row, dual in self.rows:
            if row.pairs is not None or row.groups is not None:
                reduced -= dual * _beyond_members(row, columns, self.space.size)
        if self.space.today is not None:
            reduced += self.kept * columns.kept(self.space.today)
            fixed = np.array([self.fixed(label) for label in range(NO_LABEL, len(self.space.today))])
            return np.asarray(reduced + fixed[columns.labels + 1])
        return np.asarray(reduced + self.fixed())

    def bound(self, least_by_root: NDArray[np.int64], alone_allowed: Bools | None = None) -> int:
        """Return a bound on the value of every solution, in micro-units.

        `least_by_root` is the least reduced cost of the columns of each root, 0 where none is negative.
        """
        alone = self.alone if alone_allowed is None else np.where(alone_allowed, self.alone, 0)
        return self.value + int(np.minimum(least_by_root, alone).clip(max=0).sum())

    def bound_over(self, columns: Columns, reduced: Ints, alone_allowed: Bools | None = None) -> int:
        """Return the `bound` where no columns but these exist; `reduced` are their reduced costs."""
        least = np.zeros(self.space.size, dtype=np.int64)
        if len(columns):
            np.minimum.at(least, columns.members[:, 0], reduced)
        return self.bound(least, alone_allowed)


def amounts(row: PlanRow, columns: Columns, space: SearchSpace) -> Ints:
    """Return the amount of each column in a rule on the plan."""
    amount = row.fixed + columns.incidence(space.size) @ row.weights + _beyond_members(row, columns, space.size)
    if row.kept and space.today is not None:
        amount = amount + row.kept * columns.kept(space.today)
    return np.asarray(amount if row.label is None else np.where(columns.labels == row.label, amount, 0))


def _beyond_members(row: PlanRow, columns: Columns, size: int) -> Ints:
    """Return the part of each column's amount that comes from pairs of members, and from equality with a group."""
    amount: Ints = np.zeros(len(columns), dtype=np.int64)
    if row.pairs is not None:
        links = [(a, b, n) for a, others in enumerate(row.pairs) for b, n in others.items() if a < b]
        a, b, amounts_of = np.array(links, dtype=np.int64).reshape(-1, 3).T
        upper = csr_matrix((amounts_of, (a, b)), shape=(size, size))
        incidence = columns.incidence(size)
        amount += np.asarray((incidence @ upper).multiply(incidence).sum(axis=1), dtype=np.int64).ravel()
    if row.groups is not None and len(row.groups.heads):
        there = columns.members >= 0
        group = np.where(there, row.groups.of_node[columns.members], -2)
        first = group[:, 0]
        alike = (first >= 0) & ((group == first[:, None]) | ~there).all(axis=1)
        alike &= there.sum(axis=1) == row.groups.heads[first]
        amount += np.where(alike, row.groups.weights[first], 0)
    return amount
