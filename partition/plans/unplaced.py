"""Why schools are not yet placed: each reason has been checked, none is guessed."""

from __future__ import annotations

from collections.abc import Sequence

from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import HeadsPer, MinutesMax
from partition.solver.encode import search_space
from partition.solver.reach import fit_nowhere
from partition.solver.run import Run
from partition.solver.space import SearchSpace


def why_unplaced(problem: Problem, plan: Plan, run: Run | None) -> dict[int, str]:
    """A reason for each small school that is not placed."""
    urns = problem.unplaced(plan)
    if not urns:
        return {}
    space = search_space(problem)
    nodes = sorted({problem.roster.headship_of[urn] for urn in urns})
    nowhere = set(fit_nowhere(space, nodes))
    reason_of = {node: _reason(problem, space, node, node not in nowhere, run) for node in nodes}
    return {urn: reason_of[problem.roster.headship_of[urn]] for urn in urns}


def _reason(problem: Problem, space: SearchSpace, node: int, placeable: bool, run: Run | None) -> str:
    near = len(space.neighbours[node])
    needed = _heads_min(problem, [node, *space.neighbours[node]])
    if near + 1 < needed:
        few = "no other head" if near == 0 else f"only {near} other head{'s' * (near > 1)}"
        away = _minutes_max(problem)
        reach = f" within {away:g} minutes" if away is not None else ""
        return f"{few}{reach} can join it, and a partnership needs {needed}{_nearest(problem, node)}"
    if not placeable:
        few = f"{near} other heads could each join it" if near > 1 else "one other head could join it"
        return f"{few}, but no partnership that has it keeps every rule"
    if run is not None and run.fewest_proven:
        return (
            f"it fits some partnership, but the criteria leave at least {run.fewest_bound} small schools unplaced "
            "whatever the plan; placing this one would leave out another or cost more"
        )
    return "it fits some partnership, but no plan that places it as well was found in the time given"


def _heads_min(problem: Problem, nodes: Sequence[int]) -> int:
    """The fewest heads that a partnership of some of these may have."""
    group = problem.roster.group(nodes)
    return max([2, *(rule.least_of(group) or 0 for rule in problem.rules if isinstance(rule, HeadsPer))])


def _minutes_max(problem: Problem) -> float | None:
    """The limit that holds for every school alike, if there is one."""
    limits = [rule for rule in problem.rules if isinstance(rule, MinutesMax)]
    alike = limits and not any(rule.minutes_for for rule in limits)
    return min(rule.minutes for rule in limits) if alike else None


def _nearest(problem: Problem, node: int) -> str:
    """The nearest head who is too far to join it, by the slower way. Who is kept apart by name is not named."""
    away, headships = _minutes_max(problem), problem.roster.headships
    for minutes, other in problem.roster.nearest(headships[node], len(headships)):
        if away is not None and minutes > away:
            return f"; the next nearest is {problem.area.name_of(other.base_urn)}, {minutes:.1f} minutes away"
    return ""
