"""A stage of the search: its objective, and the results of earlier stages that must hold."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from partition.solver.space import Bools, Ints, PlanRow, SearchSpace

MICRO = 1_000_000  # micro-units in a minute, in a km, or in one school unplaced
MICRO_PER_THOUSANDTH = 1_000
COSTS_IN_ONE_UNPLACED = 10  # a small school unplaced weighs this many times the largest cost of a plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An objective over partnerships and headships alone, in whole units of `unit` micro-units, shown in `told_unit`.

    `alone` is the price of each headship alone, in micro-units. `alone_allowed` says which headships may be alone. The
    sum of `alone_weights` over headships alone is at most `alone_limit`, which keeps the result of the stage before.
    """

    name: str
    unit: int
    told_unit: int
    scale: int  # micro-units in a thousandth of what a partnership costs; 0: partnerships are free
    alone: Ints
    alone_allowed: Bools
    alone_weights: Ints
    alone_limit: int | None
    plan_rows: tuple[PlanRow, ...]
    may_break_rows: bool = False  # at one unit for each unit of the row, where the question is whether any plan exists

    def ceiling(self, space: SearchSpace) -> int:
        """Return an upper bound on the value of every plan, in micro-units. No plan exists above this."""
        return space.ceiling * self.scale + int(self.alone.clip(min=0).sum()) + (2**50 if self.may_break_rows else 0)


def possible(space: SearchSpace) -> Stage:
    """Return stage 0: the units by which rules on the plan and locks must be broken. 0 means that a plan exists."""
    return Stage(
        name="possible",
        unit=MICRO,
        told_unit=MICRO,
        scale=0,
        alone=space.must_place.astype(np.int64) * MICRO,
        alone_allowed=np.ones(space.size, dtype=bool),
        alone_weights=np.zeros(space.size, dtype=np.int64),
        alone_limit=None,
        plan_rows=space.plan_rows,
        may_break_rows=True,
    )


def fewest(space: SearchSpace) -> Stage:
    """Return the question of the number of small schools unplaced alone, whatever the cost."""
    return Stage(
        name="fewest",
        unit=MICRO,
        told_unit=MICRO,
        scale=0,
        alone=space.small * MICRO,
        alone_allowed=~space.must_place,
        alone_weights=np.zeros(space.size, dtype=np.int64),
        alone_limit=None,
        plan_rows=space.plan_rows,
    )


def counted(space: SearchSpace, unplaced_most: int, alone: int) -> Stage:
    """Return a question of numbers: the least sum of the costs listed and of `alone` for each headship alone.

    It is asked of a list of partnerships with other costs than theirs, such as one each.
    """
    return replace(
        fewest(space),
        name="count",
        scale=MICRO,
        alone=np.full(space.size, alone * MICRO),
        alone_weights=space.small,
        alone_limit=unplaced_most,
    )


def fewest_by_cost(space: SearchSpace) -> Stage:
    """Return stage 1, with both objectives in one: a small school unplaced weighs more than any difference in cost.

    Its plans are good for both objectives, and its bound gives a bound on the fewest. An objective of the number alone
    would make most partnerships equal and its relaxation slow to converge; costs make the difference.
    """
    weight = _weight_of_one(space)
    alone = space.carried + space.small * weight
    return replace(fewest(space), unit=1, told_unit=weight, scale=1, alone=alone)


def as_many_as_heads_suffice_for(space: SearchSpace) -> PlanRow:
    """Return a row that every plan keeps: no more partnerships than there are heads for, at the least of each.

    The relaxation may break it, because it shares heads out in fractions. For the pricing the row costs nothing: its
    price is one and the same for every partnership.
    """
    heads = sum(len(near) + 1 >= space.heads_min for near in space.neighbours)
    nobody = np.zeros(space.size, dtype=np.int64)
    return PlanRow("as many as heads suffice for", 1, nobody, None, heads // space.heads_min)


def _weight_of_one(space: SearchSpace) -> int:
    return COSTS_IN_ONE_UNPLACED * space.ceiling


def fewest_from(space: SearchSpace, bound: int) -> int:
    """Return a lower bound on small schools unplaced, from a lower bound on the value of `fewest_by_cost`."""
    return max(0, -(-(bound - space.ceiling) // _weight_of_one(space)))


def cheapest(space: SearchSpace, unplaced_most: int) -> Stage:
    """Return stage 2: the least cost among plans with at most `unplaced_most` small schools unplaced."""
    return Stage(
        name="cost",
        unit=MICRO_PER_THOUSANDTH,
        told_unit=MICRO_PER_THOUSANDTH,
        scale=MICRO_PER_THOUSANDTH,
        alone=space.carried * MICRO_PER_THOUSANDTH,
        alone_allowed=~space.must_place,
        alone_weights=space.small,
        alone_limit=unplaced_most,
        plan_rows=space.plan_rows,
    )
