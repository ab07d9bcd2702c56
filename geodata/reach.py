"""Ordered pairs of places that are reached within a horizon, and what it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNREACHABLE = -1

Ints = NDArray[np.int32]
Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """Ordered pairs of different places within a horizon, sorted by origin, then destination.

    A pair that is not here is unreachable, or beyond the horizon: `Travel.between` tells which.
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
    """The pairs, given elementwise, that stay: of different places, within the limits there are."""
    fine = origin != destination
    if horizon_centiminutes is not None:
        fine &= centiminutes <= horizon_centiminutes
    if horizon_metres is not None:
        fine &= metres <= horizon_metres
    columns = [column[fine].astype(np.int32) for column in (origin, destination, centiminutes, metres)]
    order = np.lexsort((columns[1], columns[0]))
    return Reach(*(column[order] for column in columns))


def ascending(urns: ArrayLike) -> Indices:
    """URNs as an array; raises ValueError if they do not ascend."""
    given = np.asarray(urns, dtype=np.int64)
    if given.ndim != 1 or (np.diff(given) <= 0).any():
        raise ValueError("URNs must ascend without repeats")
    return given
