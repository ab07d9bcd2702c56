"""Fast scores of many plans of one problem: cost and breaches, as `judge` finds both, each partnership only once."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

from geodata.urns import Urn
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.roster import Group
from partition.model.rules import Breach


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A plan with its cost, its breaches, and the URNs of the small schools that the plan leaves unplaced."""

    plan: Plan
    cost: Cost
    breaches: tuple[Breach, ...]
    unplaced: tuple[Urn, ...]
    priced: tuple[tuple[Group, Cost], ...] = field(repr=False, compare=False)  # each partnership, in the plan's order


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The difference from one plan to another: cost by terms, new and mended breaches, small schools placed."""

    before: Weighed
    after: Weighed

    @property
    def cost(self) -> Cost:
        """The cost of the later plan less that of the earlier, by terms, in thousandths a year."""
        was, is_now = self.before.cost, self.after.cost
        return Cost(**{term.name: getattr(is_now, term.name) - getattr(was, term.name) for term in fields(Cost)})

    @property
    def placed(self) -> int:
        """The number of small schools placed by the later plan, less the number placed by the earlier."""
        return len(self.before.unplaced) - len(self.after.unplaced)

    @property
    def broken(self) -> tuple[Breach, ...]:
        """Breaches of the later plan that the earlier plan does not have in exactly this form."""
        known = set(self.before.breaches)
        return tuple(breach for breach in self.after.breaches if breach not in known)

    @property
    def mended(self) -> tuple[Breach, ...]:
        """Breaches of the earlier plan for which the later plan has none of the same rule with a school in common."""
        still: dict[str, set[Urn]] = {}  # schools that break a rule now, by rule
        for breach in self.after.breaches:
            still.setdefault(breach.rule, set()).update(breach.urns)
        return tuple(
            was
            for was in self.before.breaches
            if was.rule not in still or (was.urns and still[was.rule].isdisjoint(was.urns))
        )


class Scales:
    """A scorer for plans of one problem, which remembers the cost of every partnership. Headships must be whole."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._known: dict[tuple[int, ...], tuple[Group, Cost, tuple[Breach, ...]]] = {}

    def weigh(self, plan: Plan) -> Weighed:
        """Return a plan's cost, unplaced small schools, and breaches: by partnership first, then of the whole plan."""
        problem, roster = self.problem, self.problem.roster
        cost = Cost()
        priced: list[tuple[Group, Cost]] = []
        breaches: list[Breach] = []
        for partnership in plan.partnerships:
            members = tuple(sorted({roster.headship_of[urn] for urn in partnership.urns}))
            group, price, broken = self._known.get(members) or self._look(members)
            cost += price
            priced.append((group, price))
            breaches += broken
        for headship in problem.alone(plan):
            cost += problem.tariff.alone(headship)
        groups = [group for group, _ in priced]
        breaches += [breach for rule in problem.rules for breach in rule.plan_breaches(roster, groups)]
        unplaced = problem.unplaced(plan)
        return Weighed(plan=plan, cost=cost, breaches=tuple(breaches), unplaced=unplaced, priced=tuple(priced))

    def _look(self, members: tuple[int, ...]) -> tuple[Group, Cost, tuple[Breach, ...]]:
        """Return the group, cost and breaches of a partnership not seen before, and remember all three."""
        group = self.problem.roster.group(members)
        broken = tuple(self.problem.breaches(group))
        self._known[members] = group, self.problem.tariff.cost(group), broken
        return self._known[members]
