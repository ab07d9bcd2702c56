"""Plans of one problem weighed fast: every cost and every rule, as `judge` has it, each partnership only once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.roster import Group
from partition.model.rules import Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a plan costs, which rules it breaks, and the small schools it leaves unplaced."""

    plan: Plan
    cost: Cost
    breaches: tuple[Breach, ...]
    unplaced: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """From one plan to another: the cost term by term, rules newly broken and mended, small schools placed."""

    before: Weighed
    after: Weighed

    @property
    def cost(self) -> Cost:
        """What the later plan costs more, in thousandths; less where negative."""
        was, is_now = self.before.cost, self.after.cost
        return Cost(**{term.name: getattr(is_now, term.name) - getattr(was, term.name) for term in fields(Cost)})

    @property
    def placed(self) -> int:
        """How many small schools more are placed; fewer where negative."""
        return len(self.before.unplaced) - len(self.after.unplaced)

    @property
    def broken(self) -> tuple[Breach, ...]:
        """What the later plan breaks and the earlier did not, or not so."""
        known = set(self.before.breaches)
        return tuple(breach for breach in self.after.breaches if breach not in known)

    @property
    def mended(self) -> tuple[Breach, ...]:
        """What the earlier plan broke and nothing of the kind is left of; a rule broken otherwise is not mended."""
        return tuple(breach for breach in self.before.breaches if not any(self._still(breach)))

    def _still(self, was: Breach) -> Iterator[bool]:
        for breach in self.after.breaches:
            yield breach.rule == was.rule and (breach == was or not was.urns or bool(set(was.urns) & set(breach.urns)))


class Scales:
    """Weighs plans of one problem. A plan's headships must be whole, as `problem.plan` of headships' schools has it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._known: dict[tuple[int, ...], tuple[Group, Cost, tuple[Breach, ...]]] = {}

    def weigh(self, plan: Plan) -> Weighed:
        """The plan's cost and every rule it breaks: those of its partnerships, then those of the plan as a whole."""
        problem, roster = self.problem, self.problem.roster
        cost = Cost()
        groups: list[Group] = []
        breaches: list[Breach] = []
        for partnership in plan.partnerships:
            members = tuple(sorted({roster.headship_of[urn] for urn in partnership.urns}))
            group, price, broken = self._known.get(members) or self._look(members)
            cost += price
            groups.append(group)
            breaches += broken
        for headship in problem.alone(plan):
            cost += problem.tariff.alone(headship)
        breaches += [breach for rule in problem.rules for breach in rule.plan_breaches(roster, groups)]
        return Weighed(plan=plan, cost=cost, breaches=tuple(breaches), unplaced=problem.unplaced(plan))

    def _look(self, members: tuple[int, ...]) -> tuple[Group, Cost, tuple[Breach, ...]]:
        """A partnership weighed for the first time."""
        group = self.problem.roster.group(members)
        broken = tuple(breach for rule in self.problem.rules for breach in rule.breaches(group))
        self._known[members] = group, self.problem.tariff.cost(group), broken
        return self._known[members]
