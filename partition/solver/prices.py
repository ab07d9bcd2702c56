"""What the master charges: duals as integers, what each column comes to under them, and the bound they prove.

Any duals of the right sign give a bound, so rounding them costs nothing but a little strength: their value, plus for
every root the least reduced cost below nothing of a column with that root, for a plan has one column a root at most.
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


@dataclass(frozen=True, slots=True)
class Duals:
    """Prices from the master, in micro-units."""

    nodes: Ints
    alone: int  # of the row on headships alone, never above 0
    rows: Ints  # by plan rule; above 0 the lower side holds, below 0 the upper one
    cuts: Ints  # never above 0


class Prices:
    """Duals of one stage, with the cuts that they are for."""

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
        """What a member adds to a column's reduced cost, what it carries alone included."""
        price = self.scale * self.space.carried - self.duals.nodes
        for row, dual in self.rows:
            price = price - dual * row.weights
        return np.asarray(price)

    def fixed(self, label: int = NO_LABEL) -> int:
        """What any column that succeeds this partnership of today adds."""
        return -int(sum(dual * row.fixed for row, dual in self.rows if row.label in (None, label)))

    @cached_property
    def kept(self) -> int:
        """What each member that stays in its partnership of today adds: never above 0."""
        return -int(sum(dual * row.kept for row, dual in self.rows))

    @cached_property
    def by_pair(self) -> dict[tuple[int, int], int]:
        """What both of two members add, by rules on the plan, lower node first."""
        charges: dict[tuple[int, int], int] = {}
        for row, dual in self.rows:
            for a, others in enumerate(row.pairs or ()):
                for b, amount in others.items():
                    if a < b:
                        charges[a, b] = charges.get((a, b), 0) - dual * amount
        return charges

    @cached_property
    def dearer(self) -> int:
        """How many columns with a node in common may cost more than their members, pairs and cuts say; none less."""
        return sum(row.groups is not None for row, _ in self.rows)

    @cached_property
    def value(self) -> int:
        """What the prices alone are worth: the bound before any reduced cost below 0."""
        value = int(self.duals.nodes.sum()) + self.duals.alone * (self.stage.alone_limit or 0)
        for cut, dual in zip(self.cuts, self.duals.cuts.tolist(), strict=True):
            value += cut.most * dual
        for row, dual in self.rows:
            value += dual * ((row.low if dual > 0 else row.high) or 0)
        return value

    @cached_property
    def alone(self) -> Ints:
        """Reduced cost of each headship alone; 0 where it may not be."""
        reduced = self.stage.alone - self.duals.nodes - self.duals.alone * self.stage.alone_weights
        return np.where(self.stage.alone_allowed, reduced, 0)

    def of(self, columns: Columns) -> Ints:
        """Reduced cost of each column."""
        reduced = columns.incidence(self.space.size) @ self.by_node + self.scale * columns.costs
        if self.scale:
            reduced -= columns.incidence(self.space.size) @ (self.scale * self.space.carried)
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
        """No solution comes to less, given for each root the least reduced cost of a column with it (0 if above)."""
        alone = self.alone if alone_allowed is None else np.where(alone_allowed, self.alone, 0)
        return self.value + int(np.minimum(least_by_root, alone).clip(max=0).sum())

    def bound_over(self, columns: Columns, reduced: Ints, alone_allowed: Bools | None = None) -> int:
        """The same where these are all the columns there are."""
        least = np.zeros(self.space.size, dtype=np.int64)
        if len(columns):
            np.minimum.at(least, columns.members[:, 0], reduced)
        return self.bound(least, alone_allowed)


def amounts(row: PlanRow, columns: Columns, space: SearchSpace) -> Ints:
    """What each column counts for in a rule on the plan."""
    amount = row.fixed + columns.incidence(space.size) @ row.weights + _beyond_members(row, columns, space.size)
    if row.kept and space.today is not None:
        amount = amount + row.kept * columns.kept(space.today)
    return np.asarray(amount if row.label is None else np.where(columns.labels == row.label, amount, 0))


def _beyond_members(row: PlanRow, columns: Columns, size: int) -> Ints:
    """What each column counts for by pairs of members, and by being a certain group."""
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
