"""A choice: partnerships taken and headships left alone, with the value of both in a stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from partition.solver.columns import Columns, Members
from partition.solver.master import Relaxation
from partition.solver.stage import Stage


@dataclass(frozen=True, slots=True)
class Choice:
    """Partnerships and headships alone, by nodes, with the value in micro-units and each partnership's thousandths."""

    partnerships: tuple[Members, ...]
    alone: tuple[int, ...]
    value: int
    costs: tuple[int, ...]

    def value_in(self, stage: Stage) -> int:
        """Return the value of the choice in a stage, in micro-units."""
        return stage.scale * sum(self.costs) + int(stage.alone[list(self.alone)].sum())

    def among(self, nodes: Sequence[int]) -> Choice:
        """Return the part of the choice within some nodes, renumbered by their order here, with the value 0."""
        place = {node: n for n, node in enumerate(nodes)}
        pairs = zip(self.partnerships, self.costs, strict=True)
        here = [(tuple(place[node] for node in members), cost) for members, cost in pairs if members[0] in place]
        alone = tuple(place[node] for node in self.alone if node in place)
        return Choice(tuple(members for members, _ in here), alone, 0, tuple(cost for _, cost in here))

    def elsewhere(self, nodes: Sequence[int]) -> Choice:
        """Return the choice with node n renamed to `nodes[n]`: the reverse of `among`."""
        partnerships = tuple(tuple(nodes[n] for n in members) for members in self.partnerships)
        return replace(self, partnerships=partnerships, alone=tuple(nodes[n] for n in self.alone))


@dataclass(frozen=True, slots=True)
class Found:
    """The result of a stage, in micro-units. The choice is proven best where its value equals the bound."""

    choice: Choice | None
    bound: int | None
    impossible: bool = False

    @property
    def proven(self) -> bool:
        """Whether no choice is better than this one."""
        return self.choice is not None and self.bound is not None and self.choice.value <= self.bound


def chosen(stage: Stage, columns: Columns, relaxation: Relaxation) -> Choice:
    """Return the choice of all partnerships and headships alone that a relaxation uses by more than half.

    The relaxation must leave no pair of headships partly together. The use of one partnership may be divided over
    several columns with different labels, so these uses are added.
    """
    used: dict[Members, float] = {}
    costs: dict[Members, int] = {}
    some = relaxation.used > 1e-6
    part = columns.take(some)
    for members, cost, amount in zip(part.tuples(), part.costs.tolist(), relaxation.used[some].tolist(), strict=True):
        used[members] = used.get(members, 0.0) + amount
        costs[members] = cost
    taken = sorted(members for members, amount in used.items() if amount > 0.5)
    alone = np.flatnonzero(relaxation.alone > 0.5)
    found = Choice(tuple(taken), tuple(alone.tolist()), 0, tuple(costs[members] for members in taken))
    return replace(found, value=found.value_in(stage))
