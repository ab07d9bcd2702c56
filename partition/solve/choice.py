"""A choice: partnerships taken and headships left alone, and what that comes to in a stage."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from partition.solve.columns import Columns, Members
from partition.solve.master import Relaxation
from partition.solve.stage import MICRO_PER_THOUSANDTH, Stage


@dataclass(frozen=True, slots=True)
class Choice:
    """Partnerships chosen and headships alone, what they come to in micro-units, and each partnership's thousandths."""

    partnerships: tuple[Members, ...]
    alone: tuple[int, ...]
    value: int
    costs: tuple[int, ...]


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
    price = MICRO_PER_THOUSANDTH if stage.priced else 0
    value = price * sum(costs[members] for members in taken) + int(stage.alone[alone].sum())
    return Choice(tuple(taken), tuple(alone.tolist()), value, tuple(costs[members] for members in taken))
