"""Stability by trying every group of a town, and every plan, with nothing of the solver."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geodata.urns import Urn
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.roster import Group as HeadsTogether
from partition.model.rules import Rule
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


class EveryPlan:
    """Every plan of a town of up to nine headships, and what every group would gain over each, as arrays by plan.

    Groups are sets of bits. A plan is a choice of groups that keep the rules on partnerships; rules on the whole plan
    are asked of each. What heads have now is in thousandths a year, `ANY` where a head is nowhere.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.size = problem, len(problem.roster)
        self.groups = list(every_group(problem))
        self.masks = [sum(1 << h for h in members) for members, _ in self.groups]
        tariff, roster = problem.tariff, problem.roster
        self.together = [roster.group(members) for members, _ in self.groups]
        self.single = {h: roster.group([h]) for h in roster.already}
        costs = np.array([tariff.cost(group).total for group in self.together], dtype=np.int64)
        alone = [tariff.cost(self.single[h]) if h in self.single else tariff.alone(h) for h in range(self.size)]
        small = [0 if h in self.single else roster.headships[h].small for h in range(self.size)]
        now = [self._alone_now(h) for h in range(self.size)]
        self.plans = [plan for plan in self._plans(0, ()) if self._keeps_plan_rules(plan)]
        count = len(self.plans)
        self.cost, self.unplaced = np.zeros(count, np.int64), np.zeros(count, np.int64)
        self.now, self.worst = np.tile(np.array(now, dtype=np.int64), (count, 1)), np.zeros(count, np.int64)
        for row, plan in enumerate(self.plans):
            left = ~sum(self.masks[number] for number in plan)
            stay = [h for h in range(self.size) if left >> h & 1]
            self.cost[row] = costs[list(plan)].sum() + sum(alone[h].total for h in stay)
            self.unplaced[row] = sum(small[h] for h in stay)
            for number in plan:
                for h, own in self.groups[number][1].items():
                    self.now[row, h] = own
                    self.worst[row] = max(self.worst[row], own)

    def _alone_now(self, h: int) -> int:
        """What a head in no group has: one that is a partnership already its own, and one that is small nothing."""
        tariff = self.problem.tariff
        if h in self.single:
            return tariff.own(self.single[h], h).total
        return ANY if self.problem.roster.headships[h].small else tariff.alone(h).total

    def _plans(self, taken: int, chosen: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        """Every choice of groups that share no head, by the lowest head that is left: alone, or in each group."""
        lowest = ~taken & (taken + 1)
        if lowest >= 1 << self.size:
            yield chosen
            return
        yield from self._plans(taken | lowest, chosen)
        for number in self._with_lowest[lowest]:
            if not self.masks[number] & taken:
                yield from self._plans(taken | self.masks[number], (*chosen, number))

    @cached_property
    def _with_lowest(self) -> dict[int, list[int]]:
        """The groups by their lowest head."""
        found: dict[int, list[int]] = {1 << h: [] for h in range(self.size)}
        for number, mask in enumerate(self.masks):
            found[mask & -mask].append(number)
        return found

    @cached_property
    def _plan_rules(self) -> list[Rule]:
        return [rule for rule in self.problem.rules if type(rule).plan_breaches is not Rule.plan_breaches]

    def _keeps_plan_rules(self, plan: tuple[int, ...]) -> bool:
        if not self._plan_rules:
            return True
        inside = sum(self.masks[number] for number in plan)
        groups: list[HeadsTogether] = [self.together[number] for number in plan]
        groups += [group for h, group in self.single.items() if not inside >> h & 1]
        groups.sort(key=lambda group: group.urns)
        return not any(True for rule in self._plan_rules for _ in rule.plan_breaches(self.problem.roster, groups))

    def plan(self, row: int) -> Plan:
        return self.problem.plan([self.together[number].urns for number in self.plans[row]])

    def row(self, plan: Plan) -> int:
        """The place of a plan among these; KeyError where it breaks a rule."""
        masks = [sum(1 << h for h in group.members) for group in self.problem.groups(plan)]
        known = {mask: number for number, mask in enumerate(self.masks)}
        return self._rows[frozenset(known[mask] for mask in masks if mask in known)]

    @cached_property
    def _rows(self) -> dict[frozenset[int], int]:
        return {frozenset(plan): row for row, plan in enumerate(self.plans)}

    @cached_property
    def gains(self) -> NDArray[np.int64]:
        """By plan and group, the least that one of its heads gains over the plan."""
        found = np.full((len(self.plans), len(self.groups)), 2 * ANY, dtype=np.int64)
        for number, (members, own) in enumerate(self.groups):
            for h in members:
                here = self.now[:, h]
                gain = np.where(here == ANY, ANY, here - own[h])
                found[:, number] = np.minimum(found[:, number], gain)
        return found

    @cached_property
    def most(self) -> NDArray[np.int64]:
        """By plan, the most that every head of some group gains: the plan holds at every gain above. 0 without any."""
        return self.gains.max(axis=1, initial=0)


# Wishes ------------------------------------------------------------------------------------------------------


def wishes_by_hand(problem: Problem, plan: Plan) -> tuple[int, int, int, int]:
    """From the answers alone: what wishes and refusals cost, wishes met, mutual ones of these, refusals kept to."""
    roster, prices = problem.roster, [round(price * 1000) for price in problem.preferences.minutes_per_wish]
    place = {urn: n for n, one in enumerate(plan.partnerships) for urn in one.urns}

    def heads(own: Urn, others: tuple[Urn, ...]) -> Iterator[tuple[int, int, int]]:
        for rank, other in enumerate(others):
            a, b = roster.headship_of.get(own), roster.headship_of.get(other)
            if a is not None and b is not None and a != b:
                yield a, b, rank

    def together(a: int, b: int) -> bool:
        here, there = (place.get(roster.headships[h].base_urn) for h in (a, b))
        return here is not None and here == there

    wished: dict[tuple[int, int], list[int]] = {}
    refused: set[tuple[int, int]] = set()
    for urn, answer in problem.area.answers.items():
        for a, b, rank in heads(urn, answer.wishes):
            wished.setdefault((a, b), []).append(prices[rank] if rank < len(prices) else 0)
        refused |= {(a, b) for a, b, _ in heads(urn, answer.not_wanted)}
    first = prices[0] if prices else 0
    unmet = sum(max(price) for pair, price in wished.items() if not together(*pair))
    met = {pair for pair in wished if together(*pair)}
    mutual = sum(a < b and (b, a) in met for a, b in met)
    kept = sum(not together(*pair) for pair in refused)
    return unmet + first * (len(refused) - kept), len(met), mutual, kept
