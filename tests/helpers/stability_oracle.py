"""Stability by trying every group of a town, and every plan, with nothing of the solver."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.shares import shares

Group = tuple[int, ...]
ANY = 10**15  # the gain of one who is nowhere now


def every_group(problem: Problem) -> Iterator[tuple[Group, dict[int, int]]]:
    """Every partnership that keeps all rules on partnerships, with what each of its heads has there."""
    roster = problem.roster
    for count in range(2, len(roster) + 1):
        for members in combinations(range(len(roster)), count):
            group = roster.group(members)
            if not any(True for rule in problem.rules for _ in rule.breaches(group)):
                yield members, {h: problem.tariff.own(group, h).total for h in members}


def least_gains(problem: Problem, plan: Plan, groups: list[tuple[Group, dict[int, int]]]) -> dict[Group, int]:
    """By group, the least that one of its heads gains over the plan."""
    now = [None if cost is None else cost.total for cost in shares(problem, plan)]
    found = {}
    for members, own in groups:
        gains = []
        for h in members:
            here = now[h]
            gains.append(ANY if here is None else here - own[h])
        found[members] = min(gains)
    return found


def welcome_moves(problem: Problem, plan: Plan) -> set[tuple[int, Group]]:
    """Heads, and partnerships of the plan that would lose nothing by taking each in, whatever the head gains."""
    roster, found = problem.roster, set()
    for group in problem.groups(plan):
        for head in set(range(len(roster))) - set(group.members):
            joined = roster.group([*group.members, head])
            if group.already or any(True for _ in problem.breaches(joined)):
                continue
            own = problem.tariff.own
            if all(own(joined, h).total <= own(group, h).total for h in group.members):
                found.add((head, group.members))
    return found


def stable_plans(problem: Problem, plans: list[Plan], gain: int) -> list[Plan]:
    """Of these plans, those that nobody would leave for a gain of so many thousandths each."""
    groups = list(every_group(problem))
    assert not any(check(problem, plan) for plan in plans)
    return [plan for plan in plans if max(least_gains(problem, plan, groups).values(), default=0) < gain]
