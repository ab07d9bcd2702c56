"""What each head has of a plan: its own minutes a year, term by term."""

from __future__ import annotations

from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem


def shares(problem: Problem, plan: Plan) -> tuple[Cost | None, ...]:
    """Return what each headship has of a plan, in the order of the roster: its own travel, links broken and change.

    None for a headship with a small school that is not placed, which is worse off than in any partnership. An associate
    that no partnership has taken in carries its halves of links and change, and drives nowhere.
    """
    tariff = problem.tariff
    found: list[Cost | None] = [None] * len(problem.roster)
    for group in problem.groups(plan):
        for headship in group.members:
            found[headship] = tariff.own(group, headship)
    for headship in problem.alone(plan):
        if not problem.roster.headships[headship].small:
            found[headship] = tariff.alone(headship)
    return tuple(found)
