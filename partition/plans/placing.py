"""Whether any plan that keeps every rule places a head: an example of one, or, for an area of few heads, a proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geodata.urns import Urn
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.rules import GrantMax, PartnershipsCount, Placed, Rule

SEARCHED_MAX = 24  # heads up to which every doubt is settled by a search
SECONDS = 20.0  # far more than a search of so few heads takes


def rules_on_the_plan(problem: Problem) -> list[Rule]:
    """Return the rules that judge the whole plan, locks among them: each may forbid what every partnership allows."""
    every = [part for rule in problem.rules for part in rule.parts()]
    return [rule for rule in every if type(rule).plan_breaches is not Rule.plan_breaches]


def some_plan_places(problem: Problem, plan: Plan, node: int, groups: Iterable[tuple[Urn, ...]]) -> bool | None:
    """Return whether a plan that keeps every rule places a head, who fits some partnership; None where not known.

    `groups` (URNs) are partnerships with the head that keep the rules on partnerships; `plan` is a plan to begin with.
    """
    on_the_plan = rules_on_the_plan(problem)
    if not on_the_plan:
        return True  # that partnership, and everybody else alone
    if _one_is_too_much(problem, on_the_plan, node):
        return False
    if any(not check(problem, mended) for group in groups for mended in _mended(problem, plan, group)):
        return True
    return _searched(problem, node) if len(problem.roster) <= SEARCHED_MAX else None


def _one_is_too_much(problem: Problem, on_the_plan: Iterable[Rule], node: int) -> bool:
    """Return whether a single partnership with the head, of any other heads, is more than a rule allows."""
    own = problem.roster.group([node])
    for rule in on_the_plan:
        if isinstance(rule, GrantMax) and rule.grant(own) > rule.most:
            return True
        if isinstance(rule, PartnershipsCount) and rule.most == 0:
            return True
    return False


def _mended(problem: Problem, plan: Plan, group: tuple[Urn, ...]) -> Iterator[Plan]:
    """Yield plans with a partnership: all that it does not touch stays, then all but one of these, in turn."""
    urns = set(group)
    others = [partnership.urns for partnership in plan.partnerships if not urns & set(partnership.urns)]
    touched = [set(partnership.urns) - urns for partnership in plan.partnerships if urns & set(partnership.urns)]
    yield problem.plan([group, *others, *(sorted(rest) for rest in touched if len(rest) > 1)])
    yield problem.plan([group, *others])
    for n in range(len(others)):
        yield problem.plan([group, *others[:n], *others[n + 1 :]])
    yield problem.plan([group])


def _searched(problem: Problem, node: int) -> bool | None:
    from partition.solver import Limits, solve

    urns = problem.roster.headships[node].urns
    run = solve(problem.under([*problem.rules, Placed("it", frozenset(urns))]), Limits(seconds=SECONDS, workers=1))
    return True if run.plan is not None else False if run.status == "infeasible" else None


def forbidding(problem: Problem, plan: Plan, node: int, groups: list[tuple[Urn, ...]]) -> tuple[tuple[Rule, ...], bool]:
    """Return the rules on the plan that forbid placing a head, and whether it is enough to drop any one of them."""
    on_the_plan = rules_on_the_plan(problem)

    def without(dropped: list[Rule]) -> bool | None:
        kept = [part for rule in problem.rules[1:] for part in rule.parts() if part not in dropped]
        return some_plan_places(problem.under(kept), plan, node, groups)

    alone = [rule for rule in on_the_plan if without([rule])]
    if alone:
        return tuple(alone), True
    needed = list(on_the_plan)
    for rule in on_the_plan:
        fewer = [other for other in needed if other is not rule]
        needed = fewer if without(fewer) else needed
    return tuple(needed), False
