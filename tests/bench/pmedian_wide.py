"""Large p-median instances on the engine: a horizon, a proof that holds beyond it, and a plan to begin with.

Everybody near everybody is too much for thousands of points. So every point has a reach, and goes to no host further
away. The bound holds for the instance itself all the same: see `Witness`.

`python pmedian_wide.py FILE SECONDS` for a file of the family, whatever its size, prints what is found.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from heapq import heapify, heappop, heappush
from itertools import islice
from os import cpu_count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pmedian import Instance, Published, read_instance

from geodata.urns import Urn
from partition.solver.choice import Choice
from partition.solver.columns import Columns, Members, columns_of
from partition.solver.generation import COLUMNS_PER_ROOT, STEPS
from partition.solver.master import Master, Relaxation
from partition.solver.parts import Crew
from partition.solver.pricer import Priced, Pricer, make_ready
from partition.solver.prices import Prices
from partition.solver.search import Search
from partition.solver.space import UNLIMITED, PlanRow, SearchSpace
from partition.solver.stage import MICRO, MICRO_PER_THOUSANDTH, cheapest
from partition.solver.watch import Limits, Progress, Watch

PARTS = 1_000  # of a unit of distance, rounded up: the thousandths that the engine counts
NEAREST = 15  # other points within a point's reach to begin with
FURTHER = 1.25  # a reach in the end, over the point's price in the relaxation, where that is further
ROUNDS_OF_MEDIANS = 20

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class WideAnswer:
    """What was found. `bound` holds for the instance; `bound_within` where no point goes further than its reach."""

    host_of: list[int] | None
    bound: float | None
    bound_within: float | None
    reach: Floats
    seconds: float


class Witness(Pricer):
    """A pricer that notes a bound which holds whatever the reach.

    Let B be the bound at some prices, and S the least by which the reach of a point is above its price. A point that
    goes to a host beyond its reach adds more to the reduced cost of that host's points than S, and its absence never
    adds to a penalty of a cut. So the reduced cost of such a partnership is more than S above that of those within
    reach alone, and a plan that has one is worth more than B + S (each partnership still answers for one host of its
    own, as in `Prices.bound`). Where S is not negative, every plan is worth at least the lesser of B + S and a bound on
    the plans within reach.
    """

    def __init__(self, space: SearchSpace, reach: Floats, workers: int, stop: NDArray[np.bool_]) -> None:
        super().__init__(space, workers, stop)
        self._reach = np.floor(reach * MICRO).astype(np.int64)
        self.noted: int | None = None  # the most of B + S, in micro-units

    def price(self, prices: Prices, each: int, steps_most: int = 0) -> Priced:
        """Return what is priced, and note the bound."""
        priced = super().price(prices, each, steps_most)
        spare = int((self._reach + prices.by_node).min())
        if priced.bound is not None and spare >= 0:
            self.noted = max(priced.bound + spare, self.noted or 0)
        return priced

    def whole_bound(self, within: int | None) -> int | None:
        """Return a bound on every plan, given one on the plans within reach; None where none is known."""
        return None if within is None or self.noted is None else min(within, self.noted)


def solved_wide(
    instance: Instance, seconds: float, tell: Callable[[Progress], None] | None = None, nearest: int = NEAREST
) -> WideAnswer:
    """Return the best hosts found in so many seconds, and bounds, less what the rounding up of distances may add."""
    reach = np.sort(instance.distances, axis=1)[:, min(nearest, instance.points - 1)]
    make_ready(space_within(instance, reach))
    began = time.monotonic()
    with Watch(Limits(seconds=seconds), tell, None) as watch, Crew(cpu_count() or 1, watch) as crew:
        space = space_within(instance, reach)
        relaxation, known = _relaxed(space, columns_of(_nearest_groups(instance, reach), space.width), watch)
        start = None
        if relaxation is not None:
            reach = np.maximum(reach, FURTHER * relaxation.duals.nodes / MICRO)
            start = begun(instance, _hosts_used(instance, known, relaxation))
        if start is not None:  # within reach of all
            host_of = _hosts(instance, start.partnerships)
            reach = np.maximum(reach, instance.distances[np.arange(instance.points), host_of])
        space = space_within(instance, reach)
        pricer = Witness(space, reach, crew.workers, watch.stop)
        search = Search(space, pricer, watch, crew)
        search.pool.add(known.among(range(instance.points), space.width))  # as wide as the wider reach asks for
        found = search.minimise(cheapest(space, 0), start)
    return WideAnswer(
        host_of=None if found.choice is None else _hosts(instance, found.choice.partnerships),
        bound=_less_rounding(instance, pricer.whole_bound(found.bound)),
        bound_within=_less_rounding(instance, found.bound),
        reach=reach,
        seconds=time.monotonic() - began,
    )


def _less_rounding(instance: Instance, bound: int | None) -> float | None:
    """Return a bound in the instance's unit, less a thousandth for each point where distances were rounded up."""
    rounded = 0 if instance.whole else instance.points
    return None if bound is None else (bound // MICRO_PER_THOUSANDTH - rounded) / PARTS


def _hosts(instance: Instance, partnerships: tuple[Members, ...]) -> list[int]:
    host_of = [-1] * instance.points
    for members in partnerships:
        host = _host(instance, members)
        for member in members:
            host_of[member] = host
    return host_of


def space_within(instance: Instance, reach: Floats) -> SearchSpace:
    """Return what the engine searches where no point goes to a host beyond its reach; costs are in `PARTS`."""
    points, parts = instance.points, _parts(instance)
    others = ~np.eye(points, dtype=bool)
    near = (instance.distances <= reach[:, None] + reach[None, :]) & others  # they can have a host in common
    serves = (instance.distances <= reach[:, None]) & others  # by point, host
    nobody, everybody = np.zeros(points, dtype=np.int64), np.ones(points, dtype=np.int64)
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
        neighbours=[{int(b): int(parts[a, b]) for b in np.flatnonzero(near[a])} for a in range(points)],
        halves=[{} for _ in range(points)],
        carried=nobody,
        meet="host",
        travel_factor=Fraction(1),
        off_target_price=Fraction(0),
        pupils_target=0,
        venues=[frozenset(np.flatnonzero(serves[:, host]).tolist()) for host in range(points)],
        venue_capacity=instance.capacities,
    )


def _parts(instance: Instance) -> NDArray[np.int64]:
    return np.ceil(np.round(instance.distances * PARTS, 6)).astype(np.int64)


# Columns and a plan to begin with ---------------------------------------------------------------------------


def _nearest_groups(instance: Instance, reach: Floats) -> dict[Members, int]:
    """Return the costs of every host's nearest points: one, two, three ... as long as there is room for the next."""
    parts, costs = _parts(instance), dict[Members, int]()
    for host in range(instance.points):
        members, cost, room = [host], 0, int(instance.capacities[host] - instance.demands[host])
        costs[(host,)] = 0
        for point in np.argsort(instance.distances[:, host], kind="stable").tolist():
            if point == host or instance.distances[point, host] > reach[point] or instance.demands[point] > room:
                continue
            members.append(point)
            room -= int(instance.demands[point])
            cost += int(parts[point, host])
            group = tuple(sorted(members))
            costs[group] = min(cost, costs.get(group, cost))
    return costs


def _relaxed(space: SearchSpace, known: Columns, watch: Watch) -> tuple[Relaxation | None, Columns]:
    """Return the relaxation without cuts and the columns found for it; None where time ended before."""
    stage, pricer = cheapest(space, 0), Pricer(space, cpu_count() or 1, watch.stop)
    search = Search(space, pricer, watch)
    search.pool.add(known)
    master = Master(space, stage, watch.seed)
    master.add_columns(search.pool.columns)
    while not watch.over:
        relaxation = master.solve(watch.seconds_left())
        if relaxation is None:
            break
        prices = Prices(space, stage, relaxation.duals, ())
        fresh = search.pool.add(pricer.price(prices, COLUMNS_PER_ROOT, STEPS[0]).found)
        if not len(fresh):
            return relaxation, search.pool.columns
        master.add_columns(fresh)
    return None, search.pool.columns


def _host(instance: Instance, members: Members) -> int:
    """Return the member that has room for all at the least distance."""
    some = list(members)
    able = [n for n in some if instance.demands[some].sum() <= instance.capacities[n]]
    return min(able, key=lambda host: (instance.distances[some, host].sum(), host))


def _hosts_used(instance: Instance, columns: Columns, relaxation: Relaxation) -> list[int]:
    """Return the hosts that the relaxation uses most, as many as there are to be."""
    used = np.zeros(instance.points)
    some = np.flatnonzero(relaxation.used > 0)
    for members, amount in zip(columns.take(some).tuples(), relaxation.used[some].tolist(), strict=True):
        used[_host(instance, members)] += amount
    return sorted(np.argsort(-used, kind="stable")[: instance.hosts].tolist())


def begun(instance: Instance, hosts: list[int]) -> Choice | None:
    """Return a plan with these hosts, or with better ones; None where some point finds no room.

    Points go to hosts by regret, then each group takes its best host, and so on while the plan gets better (Mulvey and
    Beck 1984).
    """
    best: Choice | None = None
    parts = _parts(instance)
    for _ in range(ROUNDS_OF_MEDIANS):
        groups = _by_regret(instance, hosts)
        if groups is None:
            break
        hosts = [_host(instance, tuple(members)) for members in groups]
        cost = {
            tuple(sorted(members)): int(parts[members, host].sum()) for members, host in zip(groups, hosts, strict=True)
        }
        made = Choice(tuple(sorted(cost)), (), 0, tuple(cost[members] for members in sorted(cost)))
        if best is not None and sum(made.costs) >= sum(best.costs):
            break
        best = made
    return best and replace(best, value=sum(best.costs) * MICRO_PER_THOUSANDTH)


def _by_regret(instance: Instance, hosts: list[int]) -> list[list[int]] | None:
    """Return the points of each host, given to hosts one by one: first those for whom a second choice is far worse."""
    room = {host: int(instance.capacities[host] - instance.demands[host]) for host in hosts}
    groups = {host: [host] for host in hosts}
    way = instance.distances[:, hosts]
    nearest = np.array(hosts)[np.argsort(way, axis=1, kind="stable")]

    def able(point: int) -> Iterator[int]:
        return (host for host in nearest[point].tolist() if room[host] >= instance.demands[point])

    def regret(point: int) -> float:
        ways = [float(instance.distances[point, host]) for host in islice(able(point), 2)]
        return np.inf if len(ways) < 2 else ways[1] - ways[0]

    waiting = [(-regret(point), point) for point in sorted(set(range(instance.points)) - set(hosts))]
    heapify(waiting)
    while waiting:
        told, point = heappop(waiting)
        now = -regret(point)
        if now > told:  # its first choice has filled up since
            heappush(waiting, (now, point))
            continue
        host = next(able(point), None)
        if host is None:
            return None
        groups[host].append(point)
        room[host] -= int(instance.demands[point])
    return list(groups.values())


def _processor_seconds() -> float:
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def _tell(progress: Progress) -> None:
    cost, bound = (None if amount is None else amount / PARTS for amount in (progress.cost, progress.bound))
    print(
        f"{progress.seconds:.0f} s, {_processor_seconds():.0f} s of this process: {progress.doing}, {cost}, {bound}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    path, seconds_max = Path(sys.argv[1]).resolve(), float(sys.argv[2])
    asked = read_instance(Published(path.name, 0), path.parent)
    answer = solved_wide(asked, seconds_max, _tell)
    cost = None if answer.host_of is None else asked.cost(answer.host_of)
    found = {
        "file": path.name,
        "cost": cost,
        "broken": None if answer.host_of is None else asked.broken(answer.host_of),
        "bound": answer.bound,
        "bound_within": answer.bound_within,
        "gap": None if cost is None or answer.bound is None else (cost - answer.bound) / cost,
        "seconds": answer.seconds,
        "processor_seconds": _processor_seconds(),
    }
    print(json.dumps(found))
