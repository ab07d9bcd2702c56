"""The exact search: whether a plan exists, then the fewest small schools unplaced, then the least cost, with proof.

Parts of the map that no partnership can join are solved one by one, unless there is a rule on the whole plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from importlib.metadata import version
from os import cpu_count
from threading import Event

import networkx as nx
import numpy as np

from partition.model.plan import Partnership, Plan
from partition.model.problem import Problem, check
from partition.solver.choice import Choice, Found
from partition.solver.columns import Columns, columns_of
from partition.solver.elsewhere import CrewElsewhere
from partition.solver.encode import search_space
from partition.solver.first_plan import first_plan
from partition.solver.parts import Crew
from partition.solver.placing import Placed, placed_by_sweep
from partition.solver.pricer import Pricer, make_ready
from partition.solver.run import Run, Status
from partition.solver.search import Search
from partition.solver.space import SearchSpace
from partition.solver.stage import MICRO_PER_THOUSANDTH, Stage, cheapest, fewest_by_cost, fewest_from, possible
from partition.solver.watch import Limits, Progress, StoppedBy, Watch

FIT_STEPS = 200_000  # of the search for any partnership with a headship; where these are too few, there may be one
NODES_FOR_ONE_MORE = 400  # of branching, for the question whether one more small school can be placed


@dataclass(frozen=True, slots=True)
class _Solved:
    """The result for a part of the map: a bound in thousandths, and a bound on small schools unplaced."""

    choice: Choice | None
    bound: int | None
    fewest_bound: int | None
    impossible: bool = False


def solve_exactly(
    problem: Problem,
    limits: Limits | None,
    tell: Callable[[Progress], None] | None,
    stop: Event | None,
    start: Plan | None = None,
    known: Iterable[Partnership] = (),
    executor: Executor | None = None,
) -> Run:
    """Solve in three stages, each of which keeps earlier results. Parameters: see `partition.solver.solve`."""
    limits = limits or Limits()
    space = search_space(problem)
    make_ready(space)  # compiles for half a minute on the first run on a machine
    workers = limits.workers or cpu_count() or 1
    with Watch(limits, tell, stop) as watch, _crew(workers, watch, executor) as crew:
        solved = _solve(problem, space, start, known, watch, crew)
        choice, bound = solved.choice, solved.bound
        if choice is not None and not choice.partnerships and _small(space, choice.alone) != solved.fewest_bound:
            choice = None  # with nobody placed though somebody might be, nothing was found
        plan = None if choice is None else _plan(problem, choice)
        unplaced = None if plan is None else len(problem.unplaced(plan))
        cost = None if plan is None else problem.cost(plan)
        fewest_found = plan is not None and unplaced == solved.fewest_bound
        proven = cost is not None and bound is not None and cost.total <= bound and fewest_found
        done, near = proven or solved.impossible, watch.limits.gap and fewest_found
        status: Status = "optimal" if proven else "feasible" if plan else "infeasible" if done else "unknown"
        stopped_by: StoppedBy = "proof" if done else watch.why or ("gap" if near else "effort")
        return Run(
            status=status,
            plan=plan,
            cost=cost,
            bound=bound,
            fewest_bound=solved.fewest_bound,
            unplaced=unplaced,
            stopped_by=stopped_by,
            limits=watch.limits,
            solver=f"exact, OR-Tools {version('ortools')}",
            seconds=watch.seconds(),
            federations=len(problem.roster.already),
        )


def _crew(workers: int, watch: Watch, executor: Executor | None) -> Crew:
    return Crew(workers, watch) if executor is None else CrewElsewhere(workers, watch, executor)


# Part by part -----------------------------------------------------------------------------------------------


def _solve(
    problem: Problem, space: SearchSpace, start: Plan | None, known: Iterable[Partnership], watch: Watch, crew: Crew
) -> _Solved:
    given = None if start is None else _what_holds(problem, space, start)
    first, nowhere = _first(problem, space, given, watch)
    columns = _known(problem, space, [*(first.partnerships if first else ()), *known])
    whole = _choice(problem, first, columns)
    if space.plan_rows:
        return _solve_part(space, columns, whole, _small(space, nowhere), watch, crew)
    parts = []
    components = _components(space)
    for number, nodes in enumerate(components, 1):
        watch.part, watch.parts, watch.unplaced = number, len(components), None
        part = space.among(nodes)
        inside = columns.among(nodes, part.width)
        now = whole and whole.among(nodes)
        solved = _solve_part(part, inside, now, _small(space, nowhere.intersection(nodes)), watch, crew)
        parts.append(replace(solved, choice=solved.choice and solved.choice.elsewhere(nodes)))
    return _joined(parts)


def _first(problem: Problem, space: SearchSpace, given: Plan | None, watch: Watch) -> tuple[Plan | None, set[int]]:
    """Return a plan to begin with, which places no fewer than the plan given, and nodes that no partnership can have.

    Where a rule speaks of today's partnerships, the plan begins with those that keep the rules. None for no plan. All
    is grown once even where the search is to end at once, which takes a moment: a search never ends empty-handed.
    """
    pricer = Pricer(space, 1, watch.stop)
    nowhere: set[int] = set()

    def fit_nowhere(nodes: Iterable[int]) -> list[int]:
        nowhere.update(pricer.fit_nowhere(nodes, FIT_STEPS))
        return sorted(nowhere)

    def tell(unplaced: int) -> None:
        if given is None or unplaced < least:
            watch.unplaced = unplaced
            watch.tell("fewest", "a first plan", unplaced, None)

    if watch.over and given is not None:
        return given, nowhere
    least = problem.roster.small_schools if given is None else len(problem.unplaced(given))
    kept = [] if space.today is None else [tuple(np.flatnonzero(today).tolist()) for today in space.today]
    if given is not None:
        kept = [group.members for group in problem.groups(given)]
    members = first_plan(space, kept, fit_nowhere, lambda: watch.over, tell)
    made = _what_holds(problem, space, _plan(problem, Choice(tuple(members), (), 0, ())))
    if made is None or (given is not None and len(problem.unplaced(made)) >= least):
        return given, nowhere
    return made, nowhere


def _components(space: SearchSpace) -> list[list[int]]:
    """Return the connected parts of the graph of neighbours, small parts first.

    All parts with too few nodes for a partnership are returned as one part.
    """
    graph = nx.Graph([(node, other) for node, near in enumerate(space.neighbours) for other in near])
    graph.add_nodes_from(range(space.size))
    found = sorted((sorted(nodes) for nodes in nx.connected_components(graph)), key=lambda nodes: (len(nodes), nodes))
    lonely = sorted(node for nodes in found if len(nodes) < space.heads_min for node in nodes)
    return [*([lonely] if lonely else []), *(nodes for nodes in found if len(nodes) >= space.heads_min)]


def _joined(parts: Sequence[_Solved]) -> _Solved:
    """Join the results of all parts. A choice, or a bound, for the whole needs one for every part."""
    choices = [part.choice for part in parts if part.choice is not None]
    whole = len(choices) == len(parts)
    bounds = [part.bound for part in parts if part.bound is not None]
    fewest_bounds = [part.fewest_bound or 0 for part in parts]
    return _Solved(
        choice=Choice(
            tuple(sorted(members for choice in choices for members in choice.partnerships)),
            tuple(sorted(node for choice in choices for node in choice.alone)),
            sum(choice.value for choice in choices),
            (),
        )
        if whole
        else None,
        bound=sum(bounds) if len(bounds) == len(parts) else None,
        fewest_bound=sum(fewest_bounds) if whole else None,
        impossible=any(part.impossible for part in parts),
    )


def _solve_part(
    space: SearchSpace, known: Columns, start: Choice | None, bound: int, watch: Watch, crew: Crew
) -> _Solved:
    """Solve one part of the map. Any plan leaves at least `bound` small schools unplaced."""
    search = Search(space, Pricer(space, crew.workers, watch.stop), watch, crew)
    search.pool.add(known)
    start = start or _all_alone(space)
    if start is None:
        exists = search.minimise(possible(space), None)
        if exists.impossible:
            return _Solved(None, None, None, impossible=True)
        start = exists.choice if exists.choice is not None and exists.choice.value == 0 else None
        if start is None:
            return _Solved(None, None, None)
    start, bound, cost_bound = _place(search, start, bound)
    unplaced = watch.unplaced = _unplaced(space, start)
    best = search.minimise(cheapest(space, unplaced), _valued(start, cheapest(space, 0)), bound=cost_bound)
    while unplaced > bound and not watch.over:
        fewer = search.minimise(cheapest(space, bound), None, NODES_FOR_ONE_MORE)
        if fewer.choice is not None:
            unplaced, best = _unplaced(space, fewer.choice), fewer
            watch.unplaced = unplaced
        elif fewer.impossible:
            bound += 1
        else:
            break
    return _Solved(best.choice, _whole(best, MICRO_PER_THOUSANDTH), bound)


def _place(search: Search, start: Choice, bound: int) -> Placed:
    """Return a plan with few small schools unplaced, found in a short time, and what is proven of it by then.

    Often a first plan leaves unplaced only the schools that fit no partnership. Otherwise the headships are swept,
    where the partnerships are few, and parts of the plan are solved again to place one more. Whether even fewer can
    stay unplaced is decided later.
    """
    space = search.space
    if _unplaced(space, start) > bound:
        both = fewest_by_cost(space)
        fit_nowhere = bound

        def good(choice: Choice, so_far: int) -> bool:
            return _unplaced(space, choice) <= max(fit_nowhere, fewest_from(space, so_far))

        found = search.good_plan(both, good, _valued(start, both) if start.partnerships else None)
        bound = max(bound, fewest_from(space, found.bound or 0))
        start = min(start, found.choice or start, key=lambda choice: choice.value_in(both))
    cost_bound = None
    if _unplaced(space, start) > bound and not space.plan_rows:
        start, bound, cost_bound = placed_by_sweep(space, search.pricer, search.watch, start, bound)
    if (unplaced := _unplaced(space, start)) > bound:
        stage = cheapest(space, unplaced)
        start, cost_bound = search.place_more(stage, _valued(start, stage), bound), None
    return Placed(start, bound, cost_bound)


def _unplaced(space: SearchSpace, choice: Choice) -> int:
    return _small(space, choice.alone)


def _small(space: SearchSpace, nodes: Iterable[int]) -> int:
    return int(space.small[list(nodes)].sum())


def _valued(choice: Choice, stage: Stage) -> Choice:
    return replace(choice, value=choice.value_in(stage))


def _all_alone(space: SearchSpace) -> Choice | None:
    """Return the choice with all headships alone; None where a rule demands that some are placed."""
    if space.must_place.any() or any((row.low or 0) > 0 or (row.high or 0) < 0 for row in space.plan_rows):
        return None
    return Choice((), tuple(range(space.size)), 0, ())


def _whole(found: Found, unit: int) -> int | None:
    return None if found.bound is None else found.bound // unit


# Plans and choices ------------------------------------------------------------------------------------------


def _plan(problem: Problem, choice: Choice) -> Plan:
    headships = problem.roster.headships
    return problem.plan([urn for node in members for urn in headships[node].urns] for members in choice.partnerships)


def _what_holds(problem: Problem, space: SearchSpace, plan: Plan) -> Plan | None:
    """Return the plan, or a plan of those of its partnerships that keep the rules; None where that breaks rules too.

    Schools that take no part now are left out.
    """
    if not check(problem, plan):
        return plan
    headship_of = problem.roster.headship_of
    still = [[urn for urn in partnership.urns if urn in headship_of] for partnership in plan.partnerships]
    here = _known(problem, space, (Partnership(tuple(urns)) for urns in still if urns))
    holds = _plan(problem, Choice(tuple(here.tuples()), (), 0, ()))
    return None if check(problem, holds) else holds


def _choice(problem: Problem, plan: Plan | None, known: Columns) -> Choice | None:
    """Return a plan that keeps every rule as a choice with the costs of known columns; None for None."""
    if plan is None:
        return None
    cost_of = dict(zip(known.tuples(), known.costs.tolist(), strict=True))
    members = sorted(group.members for group in problem.groups(plan) if not group.already)
    alone = tuple(sorted({*problem.alone(plan), *problem.roster.already}))  # the search groups none of either
    return Choice(tuple(members), alone, 0, tuple(cost_of[m] for m in members))


def _known(problem: Problem, space: SearchSpace, partnerships: Iterable[Partnership]) -> Columns:
    """Return the partnerships that keep every rule of the problem as columns, with their costs in the problem."""
    roster, costs = problem.roster, {}
    for partnership in dict.fromkeys(partnerships):
        if not all(urn in roster.headship_of for urn in partnership.urns):
            continue
        group = problem.group(partnership)
        if group.urns == partnership.urns and not group.already and not any(True for _ in problem.breaches(group)):
            costs[group.members] = problem.tariff.cost(group).total
    return columns_of(costs, space.width)
