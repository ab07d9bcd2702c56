"""A stage of the search: what is minimised now, and what of earlier stages must hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from partition.solver.space import Bools, Ints, PlanRow, SearchSpace

MICRO = 1_000_000  # micro-units in a minute, in a km, or in one school unplaced
MICRO_PER_THOUSANDTH = 1_000
COSTS_IN_ONE_UNPLACED = 10  # of the dearest plan there could be


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An objective over partnerships and headships alone, in whole units of `unit` micro-units; told in `told_unit`.

    `alone` prices each headship alone in micro-units. `alone_allowed` says which may be alone. `alone_weights`
    with `alone_limit` keep what the stage before achieved: the sum of weights of headships alone is no more.
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
    may_break_rows: bool = False  # at one unit for each unit of the row; only to find out whether any plan exists

    def ceiling(self, space: SearchSpace) -> int:
        """No plan comes to more, in micro-units; a bound above it says that there is none."""
        return space.ceiling * self.scale + int(self.alone.clip(min=0).sum()) + (2**50 if self.may_break_rows else 0)


def possible(space: SearchSpace) -> Stage:
    """Stage 0: how far from a plan at all. Above nothing, no plan exists."""
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


def fewest_by_cost(space: SearchSpace) -> Stage:
    """Both objectives as one: a small school unplaced weighs more than all that plans can differ by in cost.

    Good plans for both stages come of it, and its bound is one on the fewest. A stage that only counted would see no
    difference between one partnership and another, and its relaxation be slow to settle; costs tell them apart.
    """
    return Stage(
        name="fewest",
        unit=1,
        told_unit=_weight_of_one(space),
        scale=1,
        alone=space.carried + space.small * _weight_of_one(space),
        alone_allowed=~space.must_place,
        alone_weights=np.zeros(space.size, dtype=np.int64),
        alone_limit=None,
        plan_rows=space.plan_rows,
    )


def _weight_of_one(space: SearchSpace) -> int:
    return COSTS_IN_ONE_UNPLACED * space.ceiling


def fewest_from(space: SearchSpace, bound: int) -> int:
    """How many small schools are unplaced at least where `fewest_by_cost` comes to no less than this."""
    return max(0, -(-(bound - space.ceiling) // _weight_of_one(space)))


def cheapest(space: SearchSpace, unplaced_most: int) -> Stage:
    """Stage 2: the least cost among plans with no more small schools unplaced."""
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
