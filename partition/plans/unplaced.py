"""Reasons why small schools are not yet placed. Each reason follows from rules or from the run; none is a guess."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.urns import Urn
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import HeadsPer, MinutesMax
from partition.solver.encode import search_space
from partition.solver.reach import fit_nowhere
from partition.solver.run import Run
from partition.solver.space import SearchSpace


def why_unplaced(problem: Problem, plan: Plan, run: Run | None) -> dict[Urn, str]:
    """Return a reason for each small school that a plan leaves unplaced.

    Parameters
    ----------
    problem
        The problem that the plan answers.
    plan
        A plan of the problem.
    run
        The run of the solver that found the plan, or None. Without a run a reason cannot say that no plan does better.

    Returns
    -------
    dict[Urn, str]
        A sentence by URN, for people; empty where every small school is placed.

    Raises
    ------
    BadData
        Where the solver has no encoding for a rule of the problem.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area, MinutesMax, Problem, why_unplaced
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [MinutesMax(20)])
    >>> print(why_unplaced(problem, problem.plan([[101, 102]]), None)["103"])
    no other head within 20 minutes can join it, and a partnership needs 2; the next nearest is Birch, 51.3 minutes away
    """
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
    """Return the smallest number of heads that a partnership of some of these headships may have."""
    group = problem.roster.group(nodes)
    return max([2, *(rule.least_of(group) or 0 for rule in problem.rules if isinstance(rule, HeadsPer))])


def _minutes_max(problem: Problem) -> float | None:
    """Return the limit on drives in minutes; None where there is none, or where schools have limits of their own."""
    limits = [rule for rule in problem.rules if isinstance(rule, MinutesMax)]
    alike = limits and not any(rule.minutes_for for rule in limits)
    return min(rule.minutes for rule in limits) if alike else None


def _nearest(problem: Problem, node: int) -> str:
    """Return words for the nearest headship beyond the limit on drives.

    Nearer headships may be kept apart by a rule, and stay unnamed.
    """
    away, headships = _minutes_max(problem), problem.roster.headships
    for minutes, other in problem.roster.nearest(headships[node], len(headships)):
        if away is not None and minutes > away:
            return f"; the next nearest is {problem.area.name_of(other.base_urn)}, {minutes:.1f} minutes away"
    return ""
