"""Whether a plan exists at all, then the fewest small schools unplaced, then the least cost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import version
from os import cpu_count
from threading import Event

from partition.plan import Plan
from partition.problem import Problem
from partition.solve.choice import Choice
from partition.solve.encode import search_space
from partition.solve.pricer import Pricer
from partition.solve.run import Run, Status
from partition.solve.search import Found, Search
from partition.solve.space import SearchSpace
from partition.solve.stage import MICRO, MICRO_PER_THOUSANDTH, cheapest, fewest, guide, possible
from partition.solve.watch import Limits, Progress, StoppedBy, Watch

NODES_FOR_ONE_MORE = 400  # of the branching that asks whether one more small school can be placed


def solve_exactly(
    problem: Problem, limits: Limits | None, tell: Callable[[Progress], None] | None, stop: Event | None
) -> Run:
    """Three stages, each keeping what the one before achieved. Parameters as of `partition.solve.solve`."""
    limits = limits or Limits()
    with Watch(limits, tell, stop) as watch:
        return _solve(problem, watch, limits.workers or cpu_count() or 1)


def _solve(problem: Problem, watch: Watch, workers: int) -> Run:
    space = search_space(problem)
    search = Search(space, Pricer(space, workers, watch.stop), watch)

    def run(choice: Choice | None, bound: int | None, fewest_bound: int | None, impossible: bool = False) -> Run:
        plan = None if choice is None else _plan(problem, choice)
        unplaced = None if plan is None else len(problem.unplaced(plan))
        cost = None if plan is None else problem.cost(plan)
        proven = cost is not None and bound is not None and cost.total <= bound and unplaced == fewest_bound
        status: Status = "optimal" if proven else "feasible" if plan else "infeasible" if impossible else "unknown"
        near = watch.limits.gap and plan is not None and unplaced == fewest_bound
        stopped_by: StoppedBy = "proof" if proven or impossible else watch.stopped_by or ("gap" if near else "effort")
        return Run(
            status=status,
            plan=plan,
            cost=cost,
            bound=bound,
            fewest_bound=fewest_bound,
            unplaced=unplaced,
            stopped_by=stopped_by,
            limits=watch.limits,
            solver=f"exact, HiGHS {version('highspy')}",
            seconds=watch.seconds(),
        )

    start = _all_alone(space)
    if start is None:
        exists = search.minimise(possible(space), None)
        if exists.impossible:
            return run(None, None, None, impossible=True)
        start = exists.choice if exists.choice is not None and exists.choice.value == 0 else None
        if start is None:
            return run(None, None, None)
    placed, best = _place(search, start)
    assert placed.choice is not None
    if best is None:
        start = _valued(placed.choice, lambda c: problem.cost(_plan(problem, c)).total * MICRO_PER_THOUSANDTH)
        best = search.minimise(cheapest(space, placed.choice.value // MICRO), start)
    return run(best.choice, _whole(best, MICRO_PER_THOUSANDTH), _whole(placed, MICRO))


def _place(search: Search, start: Choice) -> tuple[Found, Found | None]:
    """The fewest small schools unplaced, by the cheapest proof that does; the least cost too, where that proved it.

    A first plan often leaves out no more than fit nowhere. If not, parts of it are solved for one more; then the
    relaxation with its cuts gives a bound, and whether a plan meets it is asked by cost, for drives tell partnerships
    apart where mere places do not.
    """
    space, stage = search.space, fewest(search.space)

    def unplaced(choice: Choice) -> Choice:
        return replace(choice, value=sum(int(space.small[node]) for node in choice.alone) * MICRO)

    bound = sum(int(space.small[node]) for node in search.pricer.fit_nowhere()) * MICRO
    first = search.good_plan(guide(space), lambda choice: unplaced(choice).value <= bound)
    start = unplaced(first or start)
    if start.value > bound:
        start = unplaced(search.place_more(cheapest(space, start.value // MICRO), start, bound // MICRO))
    if start.value > bound:
        bound = max(bound, search.relax(stage, start).bound or 0)
    while start.value > bound:
        found = search.minimise(cheapest(space, bound // MICRO), None, NODES_FOR_ONE_MORE)
        if found.choice is not None:
            return Found(unplaced(found.choice), bound), found if found.proven else None
        if not found.impossible:
            break
        bound += MICRO
    return Found(start, bound), None


def _all_alone(space: SearchSpace) -> Choice | None:
    """Nobody placed: a plan, unless something must be."""
    if space.must_place.any() or any((row.low or 0) > 0 for row in space.plan_rows):
        return None
    return Choice((), tuple(range(space.size)), 0, ())


def _valued(choice: Choice, value: Callable[[Choice], int]) -> Choice:
    return replace(choice, value=value(choice))


def _whole(found: Found, unit: int) -> int | None:
    return None if found.bound is None else found.bound // unit


def _plan(problem: Problem, choice: Choice) -> Plan:
    headships = problem.roster.headships
    return problem.plan([urn for node in members for urn in headships[node].urns] for members in choice.partnerships)
