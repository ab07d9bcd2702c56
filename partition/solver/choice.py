"""A choice: partnerships taken and headships left alone, and what that comes to in a stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from partition.solver.columns import Columns, Members
from partition.solver.master import Relaxation
from partition.solver.stage import Stage


@dataclass(frozen=True, slots=True)
class Choice:
    """Partnerships chosen and headships alone, what they come to in micro-units, and each partnership's thousandths."""

    partnerships: tuple[Members, ...]
    alone: tuple[int, ...]
    value: int
    costs: tuple[int, ...]

    def value_in(self, stage: Stage) -> int:
        """What it comes to in a stage."""
        return stage.scale * sum(self.costs) + int(stage.alone[list(self.alone)].sum())

    def among(self, nodes: Sequence[int]) -> Choice:
        """What of it lies within some nodes, which are numbered anew in that order."""
        place = {node: n for n, node in enumerate(nodes)}
        pairs = zip(self.partnerships, self.costs, strict=True)
        here = [(tuple(place[node] for node in members), cost) for members, cost in pairs if members[0] in place]
        alone = tuple(place[node] for node in self.alone if node in place)
        return Choice(tuple(members for members, _ in here), alone, 0, tuple(cost for _, cost in here))

    def elsewhere(self, nodes: Sequence[int]) -> Choice:
        """The same where its nodes are these."""
        partnerships = tuple(tuple(nodes[n] for n in members) for members in self.partnerships)
        return replace(self, partnerships=partnerships, alone=tuple(nodes[n] for n in self.alone))


def chosen(stage: Stage, columns: Columns, relaxation: Relaxation) -> Choice:
    """The choice that a relaxation is where it leaves no doubt who is with whom.

    How much of a partnership it uses may be spread over several columns that differ in what they succeed.
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
