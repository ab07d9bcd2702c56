"""Reasons why small schools are not yet placed. Each reason follows from rules or from the run; none is a guess."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.urns import Urn
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.plans.near_misses import near_misses
from partition.plans.placing import forbidding, some_plan_places
from partition.plans.reasons import Forbidden, LeavesOut, NotProven, Nowhere, Reason, reason_words
from partition.solver.encode import search_space
from partition.solver.reach import partnerships_with
from partition.solver.run import Run


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
        A sentence by URN, for people, that names no private rule; empty where every small school is placed.

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
    no partnership that has it keeps every criterion; with Birch: Birch and Cedar are 51.3 minutes apart, over 20
    """
    headship_of = problem.roster.headship_of
    found = reasons_of(problem, plan, run)
    words = {node: reason_words(problem, node, reason) for node, reason in found.items()}
    return {urn: words[headship_of[urn]] for urn in problem.unplaced(plan)}


def reasons_of(problem: Problem, plan: Plan, run: Run | None) -> Mapping[int, Reason]:
    """Return the reasons of `why_unplaced` as facts, by the position of each head with an unplaced small school."""
    nodes = sorted({problem.roster.headship_of[urn] for urn in problem.unplaced(plan)})
    fits = partnerships_with(search_space(problem), nodes) if nodes else {}
    return {node: _reason(problem, plan, run, node, fits.get(node)) for node in nodes}


def _reason(problem: Problem, plan: Plan, run: Run | None, node: int, fits: tuple[int, ...] | None) -> Reason:
    """Return the reason for one head. `fits` is a partnership of heads that keeps the rules on partnerships, if any."""
    if fits is None:
        misses = near_misses(problem, node)
        nearest = [
            one for one in misses if (one.hopeless, len(one.rules)) == (misses[0].hopeless, len(misses[0].rules))
        ]
        return Nowhere(misses=tuple(nearest))
    groups = [problem.roster.group(fits).urns]
    placed = some_plan_places(problem, plan, node, groups)
    if placed is False:
        rules, each = forbidding(problem, plan, node, groups)
        return Forbidden(rules=rules, each=each)
    if run is None or run.plan is None:
        return NotProven()
    if placed and run.fewest_bound == len(problem.unplaced(plan)):
        return LeavesOut(fewest=run.fewest_bound)
    return NotProven(fewest=run.fewest_bound, searched=not run.fewest_proven)
