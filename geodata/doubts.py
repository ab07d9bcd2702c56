"""Implausible minutes compared with the straight line, as where a road file was cut at the county edge."""

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
    """A pair of schools, by index: minutes by road (None: no way), and minutes and km by the straight line."""

    origin: int
    destination: int
    minutes: float | None
    crow_minutes: float
    crow_km: float


@dataclass(frozen=True, slots=True)
class Doubts:
    """The number of implausible pairs and of schools in them; the worst pairs first; and the number of pairs tested."""

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
    """Return the pairs of schools near each other with implausible minutes by road.

    Causes are a missing bridge, the edge of the file, an island, or a real estuary. Of the pairs within
    `crow_minutes_max` by the straight line, a pair is implausible where there is no way, or where the slower way takes
    over `times_max` times the crow-fly minutes and five minutes more.
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
    """Return the slower of two ways; -1 where there is no way in one direction."""
    return np.where((there < 0) | (back < 0), -1, np.maximum(there, back)).astype(np.int32)
