"""Minutes that make no sense against the straight line: what a road file cut at the county edge does to a plan."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geodata.minutes import CrowFly, Travel
from geodata.reach import Ints

CROW_MINUTES_MAX = 20.0
TIMES_MAX = 2.5
SPARE_MINUTES = 5.0
WORST_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair, by index: what the roads say (None: no way), and what the straight line would let one expect."""

    origin: int
    destination: int
    minutes: float | None
    crow_minutes: float
    crow_km: float


@dataclass(frozen=True, slots=True)
class Doubts:
    """How many pairs, counted once, and the schools in them; the worst, worst first; how many were looked at."""

    pairs: int
    schools: int
    worst: tuple[Doubt, ...]
    pairs_checked: int


def suspicious(
    travel: Travel,
    eastings_metres: ArrayLike,
    northings_metres: ArrayLike,
    *,
    crow_minutes_max: float = CROW_MINUTES_MAX,
    times_max: float = TIMES_MAX,
) -> Doubts:
    """Pairs of schools near each other that roads part: a missing bridge, an edge, an island; or a real estuary.

    Of the pairs that a straight line puts within `crow_minutes_max`, those with no way between them, or whose
    slower way takes over `times_max` the crow-fly minutes and five minutes more.
    """
    crow = CrowFly(travel.urns, eastings_metres, northings_metres)
    near = crow.within(round(crow_minutes_max * 100))
    once = near.origin < near.destination
    origin, destination = near.origin[once], near.destination[once]
    expected, straight_metres = near.centiminutes[once], near.metres[once]
    taken = _slower(travel.between(origin, destination)[0], travel.between(destination, origin)[0])
    absurd = (taken < 0) | (taken > times_max * expected + SPARE_MINUTES * 100)
    excess = np.where(taken < 0, np.inf, taken / np.maximum(expected, 1))
    order = np.lexsort((destination, origin, straight_metres, -excess))
    worst = [at for at in order.tolist() if absurd[at]][:WORST_SHOWN]
    return Doubts(
        pairs=int(absurd.sum()),
        schools=len(np.unique(np.concatenate([origin[absurd], destination[absurd]]))),
        worst=tuple(
            Doubt(
                int(origin[at]),
                int(destination[at]),
                None if taken[at] < 0 else int(taken[at]) / 100,
                int(expected[at]) / 100,
                int(straight_metres[at]) / 1000,
            )
            for at in worst
        ),
        pairs_checked=len(origin),
    )


def _slower(there: Ints, back: Ints) -> Ints:
    """Of two ways the slower; no way one way is no way."""
    return np.where((there < 0) | (back < 0), -1, np.maximum(there, back)).astype(np.int32)
