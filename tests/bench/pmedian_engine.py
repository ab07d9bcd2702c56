"""Capacitated p-median on the engine: a partnership is a host with its points, and exactly so many are made."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from pmedian import Instance

from geodata.urns import Urn
from partition.solver.pricer import Pricer
from partition.solver.search import Search
from partition.solver.space import UNLIMITED, PlanRow, SearchSpace
from partition.solver.stage import MICRO_PER_THOUSANDTH, cheapest
from partition.solver.watch import Limits, Progress, Watch

PARTS = 1_000  # of a unit of distance, where distances are not whole: what the engine's integers count


@dataclass(frozen=True, slots=True)
class Answer:
    """The host of every point (None: no answer found), the bound in the instance's unit, and the seconds taken."""

    host_of: list[int] | None
    bound: float | None
    seconds: float


def solved(instance: Instance, seconds: float, tell: Callable[[Progress], None] | None = None) -> Answer:
    """The best hosts found in so many seconds.

    Distances are rounded up to a thousandth for the engine, so its bound can be too high by that for each point: so
    much is taken off.
    """
    space = space_of(instance)
    began = time.monotonic()
    with Watch(Limits(seconds=seconds), tell, None) as watch:
        search = Search(space, Pricer(space, os.cpu_count() or 1, watch.stop), watch)
        found = search.minimise(cheapest(space, 0), None)
    rounded = 0 if instance.whole else instance.points
    bound = None if found.bound is None else (found.bound // MICRO_PER_THOUSANDTH - rounded) / _parts(instance)
    host_of = None if found.choice is None else _hosts(instance, found.choice.partnerships)
    return Answer(host_of, bound, time.monotonic() - began)


def space_of(instance: Instance) -> SearchSpace:
    """The instance as what the engine searches: everybody near everybody, priced by the way to one venue."""
    points = instance.points
    nobody, everybody = np.zeros(points, dtype=np.int64), np.ones(points, dtype=np.int64)
    parts = np.ceil(np.round(instance.distances * _parts(instance), 6)).astype(np.int64)
    load = np.cumsum(np.sort(instance.demands))
    return SearchSpace(
        names=np.array([Urn(str(point)) for point in range(points)], dtype=np.object_),
        pupils=instance.demands,
        schools=everybody,
        small=everybody,
        associates=nobody,
        sums=np.zeros((0, points), dtype=np.int64),
        sum_limits=np.zeros((0, 2), dtype=np.int64),
        heads_min=1,
        heads_max=int((load <= instance.capacities.max()).sum()),
        pupils_limits=(0, UNLIMITED),
        schools_limits=(0, UNLIMITED),
        associates_max=UNLIMITED,
        must_place=np.ones(points, dtype=bool),
        flags=nobody,
        flags_wanted=0,
        ties=nobody - 1,
        tie_sizes=np.zeros(1, dtype=np.int64),
        value_bits=np.zeros((0, points, 1), dtype=np.uint64),
        values_most=np.zeros(0, dtype=np.int64),
        plan_rows=(PlanRow("hosts", 1, nobody, instance.hosts, instance.hosts),),
        today=None,
        neighbours=[{b: int(parts[a, b]) for b in range(points) if b != a} for a in range(points)],
        halves=[{} for _ in range(points)],
        carried=nobody,
        meet="host",
        travel_factor=Fraction(1),
        off_target_price=Fraction(0),
        pupils_target=0,
        venue_capacity=instance.capacities,
    )


def _parts(instance: Instance) -> int:
    return 1 if instance.whole else PARTS


def _hosts(instance: Instance, partnerships: tuple[tuple[int, ...], ...]) -> list[int]:
    """Each point's host: of every partnership the member that carries it at the least distance."""
    host_of = [-1] * instance.points
    for members in partnerships:
        able = [n for n in members if instance.demands[list(members)].sum() <= instance.capacities[n]]
        host = min(able, key=lambda host: (instance.distances[list(members), host].sum(), host))
        for member in members:
            host_of[member] = host
    return host_of
