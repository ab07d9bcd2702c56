"""Ordered pairs of places within a horizon, with their minutes and metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

UNREACHABLE = -1

Ints = NDArray[np.int32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Ordered pairs of different places within a horizon, sorted by origin, then destination.

    A pair that is absent is unreachable or beyond the horizon; `Travel.between` says which.
    """

    origin: Ints
    destination: Ints
    centiminutes: Ints
    metres: Ints

    def __len__(self) -> int:
        return len(self.origin)


def within_horizons(
    origin: NDArray[np.integer],
    destination: NDArray[np.integer],
    centiminutes: NDArray[np.integer],
    metres: NDArray[np.integer],
    horizon_centiminutes: int | None,
    horizon_metres: int | None,
) -> Reach:
    """Return the pairs of different places within the limits, from columns of equal length; None is no limit."""
    fine = origin != destination
    if horizon_centiminutes is not None:
        fine &= centiminutes <= horizon_centiminutes
    if horizon_metres is not None:
        fine &= metres <= horizon_metres
    columns = [column[fine].astype(np.int32) for column in (origin, destination, centiminutes, metres)]
    order = np.lexsort((columns[1], columns[0]))
    return Reach(*(column[order] for column in columns))
