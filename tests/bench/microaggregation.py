"""Microaggregation on the engine: groups of at least k points, the least sum of squares within the groups.

A best grouping has no group of 2k points or more, which could be parted (Domingo-Ferrer and Mateo-Sanz 2002). The
squares to a group's mean are the squares between all pairs of its points, over the number of its points: what "rotate"
charges for drives of half so much, there and back.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from os import cpu_count

import numpy as np
from numpy.typing import NDArray

from geodata.urns import Urn
from partition.solver.pricer import Pricer, make_ready
from partition.solver.search import Search
from partition.solver.space import UNLIMITED, SearchSpace
from partition.solver.stage import MICRO_PER_THOUSANDTH, cheapest
from partition.solver.watch import Limits, Watch

PARTS = 1_000  # of a unit of squared distance: what the engine counts
Points = NDArray[np.int64]
Group = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """The groups found (None: none was) and a bound, as a sum of squares; both to a thousandth for each group."""

    groups: list[Group] | None
    bound: float | None
    seconds: float


def squares_within(points: Points, groups: Sequence[Group]) -> float:
    """Return the sum of squared distances from points to the mean of their group."""
    return float(sum(((points[list(group)] - points[list(group)].mean(axis=0)) ** 2).sum() for group in groups))


def grouped(points: Points, k: int, seconds: float) -> Grouped:
    """Return the best groups of at least `k` points, found in so many seconds. Coordinates are whole numbers."""
    space = space_of(points, k)
    make_ready(space)
    began = time.monotonic()
    with Watch(Limits(seconds=seconds)) as watch:
        search = Search(space, Pricer(space, cpu_count() or 1, watch.stop), watch)
        found = search.minimise(cheapest(space, 0), None)
    rounded = len(points) // k  # of the cost of a group, half a thousandth at most
    bound = None if found.bound is None else (found.bound // MICRO_PER_THOUSANDTH - rounded) / PARTS
    groups = None if found.choice is None else list(found.choice.partnerships)
    return Grouped(groups, bound, time.monotonic() - began)


def space_of(points: Points, k: int) -> SearchSpace:
    """Return what the engine searches: everybody near everybody, squared distances for drives there and back."""
    count = len(points)
    squares = ((points[:, None] - points[None]) ** 2).sum(axis=2) * PARTS
    nobody, everybody = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int64)
    return SearchSpace(
        names=np.array([Urn(str(point)) for point in range(count)], dtype=np.object_),
        pupils=everybody,
        schools=everybody,
        small=everybody,
        associates=nobody,
        sums=np.zeros((0, count), dtype=np.int64),
        sum_limits=np.zeros((0, 2), dtype=np.int64),
        heads_min=k,
        heads_max=2 * k - 1,
        pupils_limits=(0, UNLIMITED),
        schools_limits=(0, UNLIMITED),
        associates_max=UNLIMITED,
        must_place=np.ones(count, dtype=bool),
        flags=nobody,
        flags_wanted=0,
        ties=nobody - 1,
        tie_sizes=np.zeros(1, dtype=np.int64),
        value_bits=np.zeros((0, count, 1), dtype=np.uint64),
        values_most=np.zeros(0, dtype=np.int64),
        plan_rows=(),
        today=None,
        neighbours=[{b: int(squares[a, b]) for b in range(count) if b != a} for a in range(count)],
        halves=[{} for _ in range(count)],
        carried=nobody,
        meet="rotate",
        travel_factor=Fraction(1, 2),
        off_target_price=Fraction(0),
        pupils_target=0,
    )
