"""A stage of the search: what is minimised now, and what of earlier stages must hold."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from partition.solve.space import Bools, Ints, PlanRow, SearchSpace

MICRO = 1_000_000  # micro-units in a minute, in a km, or in one school unplaced
MICRO_PER_THOUSANDTH = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An objective over partnerships and headships alone, in whole units of `unit` micro-units.

    `alone` prices each headship alone in micro-units. `alone_allowed` says which may be alone. `alone_weights`
    with `alone_limit` keep what the stage before achieved: the sum of weights of headships alone is no more.
    """

    name: str
    unit: int
    priced: bool  # whether partnerships have their cost, or are free
    alone: Ints
    alone_allowed: Bools
    alone_weights: Ints
    alone_limit: int | None
    plan_rows: tuple[PlanRow, ...]
    may_break_rows: bool = False  # at one unit for each unit of the row; only to find out whether any plan exists

    def ceiling(self, space: SearchSpace) -> int:
        """No plan comes to more, in micro-units; a bound above it says that there is none."""
        partnerships = space.ceiling * MICRO_PER_THOUSANDTH if self.priced else 0
        return partnerships + int(self.alone.clip(min=0).sum()) + (2**50 if self.may_break_rows else 0)


def possible(space: SearchSpace) -> Stage:
    """Stage 0: how far from a plan at all. Above nothing, no plan exists."""
    return Stage(
        name="possible",
        unit=MICRO,
        priced=False,
        alone=space.must_place.astype(np.int64) * MICRO,
        alone_allowed=np.ones(space.size, dtype=bool),
        alone_weights=np.zeros(space.size, dtype=np.int64),
        alone_limit=None,
        plan_rows=space.plan_rows,
        may_break_rows=True,
    )


def fewest(space: SearchSpace) -> Stage:
    """Stage 1: the fewest small schools unplaced."""
    return Stage(
        name="fewest",
        unit=MICRO,
        priced=False,
        alone=space.small * MICRO,
        alone_allowed=~space.must_place,
        alone_weights=np.zeros(space.size, dtype=np.int64),
        alone_limit=None,
        plan_rows=space.plan_rows,
    )


def guide(space: SearchSpace) -> Stage:
    """Not a stage of the proof: a price on every small school unplaced, to find good plans for both stages early.

    Where the fewest is worth proving, that stage alone sees no difference between one partnership and another and
    meets few that fit together; drives tell them apart.
    """
    price = space.dear * MICRO_PER_THOUSANDTH
    return Stage(
        name="guide",
        unit=MICRO_PER_THOUSANDTH,
        priced=True,
        alone=space.carried * MICRO_PER_THOUSANDTH + space.small * price,
        alone_allowed=~space.must_place,
        alone_weights=np.zeros(space.size, dtype=np.int64),
        alone_limit=None,
        plan_rows=space.plan_rows,
    )


def cheapest(space: SearchSpace, unplaced_most: int) -> Stage:
    """Stage 2: the least cost among plans with no more small schools unplaced."""
    return Stage(
        name="cost",
        unit=MICRO_PER_THOUSANDTH,
        priced=True,
        alone=space.carried * MICRO_PER_THOUSANDTH,
        alone_allowed=~space.must_place,
        alone_weights=space.small,
        alone_limit=unplaced_most,
        plan_rows=space.plan_rows,
    )
