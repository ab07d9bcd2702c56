"""Every reason of a little town held against every partnership and every plan that the town has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import combinations

from town import every_plan

from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.roster import Group
from partition.model.rules import Breach, IsPartnership, Rule
from partition.plans.near_misses import Miss, over, parts_of
from partition.plans.placing import rules_on_the_plan
from partition.plans.reasons import Forbidden, LeavesOut, NotProven, Nowhere, Reason, miss_words, reason_words
from partition.plans.unplaced import reasons_of, why_unplaced
from partition.solver import Run


class Town:
    """All partnerships of a problem with what each breaks, and all plans that break nothing."""

    def __init__(self, problem: Problem) -> None:
        self.problem, roster = problem, problem.roster
        self.parts = parts_of(problem)
        everybody = range(len(roster))
        self.groups = [
            roster.group(members) for count in range(2, len(roster) + 1) for members in combinations(everybody, count)
        ]
        self.broken = {group.members: broken_by(group, self.parts) for group in self.groups}
        self.plans = [plan for plan, _, _ in every_plan(problem)]

    def with_head(self, node: int) -> list[Group]:
        return [group for group in self.groups if node in group.members]

    def fits(self, node: int) -> bool:
        return any(not self.broken[group.members] for group in self.with_head(node))


def broken_by(group: Group, parts: Sequence[Rule]) -> tuple[int, ...]:
    """Rules that a partnership breaks, by their place."""
    return tuple(n for n, rule in enumerate(parts) if any(True for _ in rule.breaches(group)))


def places(problem: Problem, rules: Sequence[Rule], node: int) -> bool:
    """Some plan under these rules places the head."""
    urn = problem.roster.headships[node].urns[0]
    return any(urn in plan.partnership_of for plan, _, _ in every_plan(problem.under(rules)))


def hold_reasons(problem: Problem, run: Run) -> Counter[str]:
    """Hold every reason of a solved town against trying everything; the number of reasons by their kind."""
    assert run.plan is not None
    found = reasons_of(problem, run.plan, run)
    told = why_unplaced(problem, run.plan, run)
    headship_of = problem.roster.headship_of
    assert {headship_of[urn] for urn in problem.unplaced(run.plan)} == set(found)
    if not found:
        return Counter()
    town = Town(problem)
    for node, reason in found.items():
        hold(town, run.plan, node, reason)
        hold_words(problem, node, reason)
    assert told == {
        urn: reason_words(problem, headship_of[urn], found[headship_of[urn]]) for urn in problem.unplaced(run.plan)
    }
    return Counter(type(reason).__name__ for reason in found.values())


def hold(town: Town, plan: Plan, node: int, reason: Reason) -> None:
    problem = town.problem
    match reason:
        case Nowhere(misses=misses):
            assert not town.fits(node)
            hold_misses(town, node, misses)
        case Forbidden(rules=rules, each=each):
            assert town.fits(node)
            assert not places(problem, problem.rules, node)
            every = [part for part in town.parts if not isinstance(part, IsPartnership)]
            alone = [
                rule for rule in rules_on_the_plan(problem) if places(problem, [r for r in every if r != rule], node)
            ]
            assert list(rules) == alone if each else not alone
            assert places(problem, [rule for rule in every if rule not in rules], node)
        case LeavesOut(fewest=fewest):
            assert town.fits(node)
            here = set(problem.unplaced(plan))
            urn = problem.roster.headships[node].urns[0]
            others = [one for one in town.plans if urn in one.partnership_of]
            assert others and all(set(problem.unplaced(one)) - here for one in others)
            assert fewest == min(len(problem.unplaced(one)) for one in town.plans)
        case NotProven():
            raise AssertionError("of so few heads everything is proven")


def hold_misses(town: Town, node: int, misses: Sequence[Miss]) -> None:
    """Each miss breaks what it says and nothing else; no partnership breaks fewer rules, or the same by less."""
    roster = town.problem.roster
    if len(roster) == 1:
        assert not misses
        return
    groups = town.with_head(node)
    usual = [group for group in groups if 0 not in town.broken[group.members]]  # 0: IsPartnership
    fewest = min(len(town.broken[group.members]) for group in usual or groups)
    seen = set()
    for miss in misses:
        group = roster.group({roster.headship_of[urn] for urn in miss.urns})
        assert group.urns == miss.urns and node in group.members
        broken = town.broken[group.members]
        seen.add(broken)
        assert [town.parts[n] for n in broken] == list(miss.rules) and len(broken) == fewest
        assert list(miss.breaches) == [breach for n in broken for breach in town.parts[n].breaches(group)]
        alike = [one for one in groups if town.broken[one.members] == broken]
        assert miss.over == min(max(over(town.parts[n], one) for n in broken) for one in alike)
    assert seen == {
        town.broken[group.members] for group in usual or groups if len(town.broken[group.members]) == fewest
    }


def hold_words(problem: Problem, node: int, reason: Reason) -> None:
    """In public no private rule shows, nor by whom it is broken; to heads every rule does."""
    public = reason_words(problem, node, reason)
    if isinstance(reason, Nowhere):
        for miss in reason.misses:
            private: list[Breach] = [breach for breach in miss.breaches if breach.private]
            assert not any(breach.words in public for breach in private)
            own = set(problem.roster.headships[node].urns)
            assert not private or miss_words(problem.area, miss, own) not in public
    if isinstance(reason, Forbidden):
        assert all((rule.words() in public) == (not rule.private) for rule in reason.rules)
