"""A curve of trade-offs: the best plan for every limit on one count, each proven, with no limit solved needlessly.

The best plan under a limit often stays well below the limit; then every limit between the two has the same best plan.
So the widest open stretch of limits is halved until none is left, which takes few more searches than the curve has
points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from threading import Event

from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.solver import Limits, Run, solve

Ask = Callable[[int | None], Problem]
"""A function that returns the problem under a limit on the count, or with no limit for None."""
Measure = Callable[[Plan], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """The best plan among those with no higher count: fewest small schools unplaced, then least cost."""

    count: int
    run: Run
    plan: Plan
    cost: Cost

    @property
    def proven(self) -> bool:
        """Return whether it is proven that no plan with as low a count is better."""
        return self.run.status == "optimal"

    @property
    def unplaced(self) -> int:
        """Return the number of small schools not placed."""
        return self.run.unplaced or 0

    @property
    def worth(self) -> tuple[int, int]:
        """Return the two figures to minimise: small schools unplaced, then cost in thousandths."""
        return self.unplaced, self.cost.total


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Points by ascending count, each better than the points before it.

    `least_proven`: no plan has a lower count than the first point. `open` lists stretches (first and last limit) that
    were not searched.
    """

    points: tuple[Point, ...]
    least_proven: bool
    open: tuple[tuple[int, int], ...]

    @property
    def proven(self) -> bool:
        """Return whether these are all points of the curve, each proven best."""
        return self.least_proven and not self.open and all(point.proven for point in self.points)

    @property
    def full(self) -> tuple[Point, ...]:
        """Return the points that leave as few small schools unplaced as any."""
        fewest = min((point.unplaced for point in self.points), default=0)
        return tuple(point for point in self.points if point.unplaced == fewest)

    @property
    def knee(self) -> Point | None:
        """Return the knee: the point of `full` furthest below the straight line from its first to its last point.

        Both scales run from 0 to 1 between these two (Satopaa, Albrecht, Irwin and Raghavan 2011, "Finding a 'Kneedle'
        in a haystack"); of equal points, the one with the lowest count. None where `full` has fewer than three points,
        or where none is below the line.
        """
        points = self.full
        if len(points) < 3:
            return None
        first, last = points[0], points[-1]
        wide, high = last.count - first.count, first.cost.total - last.cost.total

        def below(point: Point) -> int:
            """Return how far a point is below the line, in units of `wide` times `high`."""
            return (first.cost.total - point.cost.total) * wide - (point.count - first.count) * high

        best = max(points, key=lambda point: (below(point), -point.count))
        return best if below(best) > 0 else None


@dataclass(frozen=True, slots=True)
class _Searched:
    """A limit that was searched: the best plan under this limit, or proof (`none`) that no plan exists under it."""

    limit: int
    point: Point | None
    none: bool = False


def trace(
    ask: Ask,
    measure: Measure,
    limits: Limits,
    *,
    step: int = 1,
    points_most: int = 0,
    places_as_many: bool = False,
    tell: Callable[[str], None] = lambda _: None,
    show: Callable[[Curve], None] = lambda _: None,
    stop: Event | None = None,
) -> Curve:
    """Return the curve, after at most `points_most` searches (0: as many as it takes), widest stretches first.

    `limits` are those of each search. Counts are whole multiples of `step`. With `places_as_many`, plans that leave
    more small schools unplaced than the best plan without a limit count as none. `tell` receives each search in words;
    `show` receives the curve known so far, each time it grows. Once `stop` is set, the curve known by then is returned.
    """
    over = stop.is_set if stop is not None else lambda: False
    tell("without a limit")
    free = _search(ask, measure, None, limits, None, stop)
    if free is None or free.point is None:
        return Curve(points=(), least_proven=free is not None and free.none, open=())
    searched = [_Searched(-step, None, none=True), _Searched(free.point.count, free.point)]
    in_vain: set[int] = set()  # limits whose search found no plan and no proof that none exists
    show(_curve(searched, step))
    while not over() and (not points_most or len(searched) + len(in_vain) <= points_most):
        stretches = _open(searched, step)
        limit = _next_limit(stretches, in_vain, step)
        if limit is None:
            break
        found_now = len(_points(searched))
        left = sum(each not in in_vain for first, last in stretches for each in range(first, last + 1, step))
        told = (
            f"{found_now} point{'s' if found_now != 1 else ''} found, {left} limit{'s' if left != 1 else ''} still open"
        )
        tell(f"{told}; at most {limit / step:g}")
        below = [one.point for one in searched if one.point is not None and one.limit <= limit]
        found = _search(ask, measure, limit, limits, below[-1].plan if below else None, stop)
        if found is None:
            in_vain.add(limit)
            continue
        if places_as_many and found.point is not None and found.point.unplaced > free.point.unplaced:
            if (found.point.run.fewest_bound or 0) <= free.point.unplaced:
                in_vain.add(limit)  # perhaps some plan places as many
                continue
            found = _Searched(limit, None, none=True)
        searched = sorted([*searched, found], key=lambda one: one.limit)
        show(_curve(searched, step))
    return _curve(searched, step)


def _curve(searched: list[_Searched], step: int) -> Curve:
    """Return the curve that is known so far."""
    points = _points(searched)
    rest = _open(searched, step)
    least = bool(points) and not any(first < points[0].count for first, _ in rest)
    return Curve(points=tuple(points), least_proven=least, open=tuple(rest))


def _next_limit(stretches: list[tuple[int, int]], in_vain: set[int], step: int) -> int | None:
    """Return the middle of the widest stretch, or the nearest limit not tried in vain; 0 is tried first."""
    for first, last in sorted(stretches, key=lambda stretch: (stretch[0] - stretch[1], stretch[0])):
        middle = first if first == 0 and 0 not in in_vain else first + (last - first) // step // 2 * step
        untried = [limit for limit in range(first, last + 1, step) if limit not in in_vain]
        if untried:
            return min(untried, key=lambda limit: (abs(limit - middle), limit))
    return None


def _search(
    ask: Ask, measure: Measure, limit: int | None, limits: Limits, start: Plan | None, stop: Event | None
) -> _Searched | None:
    """Return the best plan under a limit; None where the search ended without a plan and without proof."""
    run = solve(ask(limit), limits, None, stop, start=start)
    if run.plan is None or run.cost is None:
        return _Searched(limit or 0, None, none=True) if run.status == "infeasible" else None
    point = Point(count=measure(run.plan), run=run, plan=run.plan, cost=run.cost)
    return _Searched(point.count if limit is None else limit, point)


def _open(searched: list[_Searched], step: int) -> list[tuple[int, int]]:
    """Return the stretches of limits (first and last) that may have a better plan than the limit below them."""
    stretches = []
    for low, high in pairwise(searched):
        same = low.point is not None and high.point is not None and low.point.worth == high.point.worth
        if high.point is None or same:
            continue
        first, last = low.limit + step, high.point.count - step
        if first <= last:
            stretches.append((first, last))
    return stretches


def _points(searched: list[_Searched]) -> list[Point]:
    """Return the best plans by count, each once, with its least count."""
    points: list[Point] = []
    for one in searched:
        if one.point is not None and (not points or one.point.worth < points[-1].worth):
            points.append(one.point)
    return points
