"""A problem: an area, its rules and its priorities. Anything that is judged or solved is judged or solved as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

from geodata.faults import BadData, Fault
from partition.model.area import Area
from partition.model.costs import Cost, Preferences, Tariff
from partition.model.plan import Partnership, Plan
from partition.model.roster import Group, Roster, TakesPart
from partition.model.rules import Breach, HostMinutesMax, IsPartnership, Rule, refuse_faults


class Problem:
    """What is asked. Raises BadData where rules or priorities do not fit the data."""

    def __init__(
        self,
        area: Area,
        rules: Sequence[Rule] = (),
        preferences: Preferences | None = None,
        who: TakesPart | None = None,
    ) -> None:
        self.area = area
        self.roster = Roster(area, who or TakesPart())
        self.rules: tuple[Rule, ...] = (IsPartnership(), *rules)
        self.preferences = preferences or Preferences()
        refuse_faults(self.roster, self.rules)
        host = [rule.centiminutes_max for rule in self.rules if isinstance(rule, HostMinutesMax)]
        try:
            self.tariff = Tariff(self.roster, self.preferences, min(host, default=None))
        except ValueError as wrong:
            raise BadData([Fault(file="scenario", column="preferences", fix=str(wrong))]) from wrong

    def under(self, rules: Iterable[Rule]) -> Problem:
        """The same schools and priorities under other rules."""
        asked = [rule for rule in rules if not isinstance(rule, IsPartnership)]
        return Problem(self.area, asked, self.preferences, self.roster.who)

    def plan(self, groups: Iterable[Iterable[int]]) -> Plan:
        """The plan of these groups of URNs, everyone else who takes part being alone."""
        return Plan.of(groups, self.roster.headship_of)

    def group(self, partnership: Partnership) -> Group:
        """A partnership as rules and costs see it. Its headships must be whole."""
        return self.roster.group({self.roster.headship_of[urn] for urn in partnership.urns})

    def groups(self, plan: Plan) -> tuple[Group, ...]:
        """All partnerships of a plan, in its order."""
        return tuple(self.group(partnership) for partnership in plan.partnerships)

    def alone(self, plan: Plan) -> tuple[int, ...]:
        """Headships, by position, that are in no partnership."""
        return tuple(sorted({self.roster.headship_of[urn] for urn in plan.alone}))

    def cost(self, plan: Plan) -> Cost:
        """The plan's cost: its partnerships' and what headships alone carry."""
        cost = Cost()
        for group in self.groups(plan):
            cost += self.tariff.cost(group)
        for headship in self.alone(plan):
            cost += self.tariff.alone(headship)
        return cost

    def unplaced(self, plan: Plan) -> tuple[int, ...]:
        """URNs of small schools in no partnership; an associate alone is not one."""
        return tuple(urn for urn in plan.alone if self.roster.is_small(urn))

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """The rules in words."""
        limit = self.roster.who.school_pupils_max
        small = "every school counts as small" if limit is None else f"a school is small up to {limit} pupils"
        return tuple(dict.fromkeys([small, *(rule.words() for rule in self.rules[1:])]))


def check(problem: Problem, plan: Plan) -> list[Breach]:
    """Every way in which a plan breaks the rules; empty when it may be proposed."""
    broken = _not_whole(problem, plan)
    if broken:
        return broken
    groups = problem.groups(plan)
    broken = [breach for group in groups for rule in problem.rules for breach in rule.breaches(group)]
    return broken + [breach for rule in problem.rules for breach in rule.plan_breaches(problem.roster, groups)]


def _not_whole(problem: Problem, plan: Plan) -> list[Breach]:
    """Schools that are nowhere, twice, or parted from their own head: then nothing else can be judged."""
    takes_part = problem.roster.headship_of
    places: dict[int, list[int]] = {urn: [] for urn in takes_part}
    broken = []
    for number, urns in enumerate([plan.alone, *(p.urns for p in plan.partnerships)]):
        for urn in urns:
            if urn not in places:
                why = problem.roster.not_taking_part.get(urn, "it is not among the schools selected")
                broken.append(Breach("takes_part", (urn,), f"{urn} does not take part: {why}"))
            else:
                places[urn].append(number)
    for urn, numbers in places.items():
        if len(numbers) != 1:
            words = f"{problem.area.name_of(urn)} is " + ("in two places" if numbers else "missing")
            broken.append(Breach("once", (urn,), words))
    for headship in problem.roster.headships:
        if len({tuple(places[urn]) for urn in headship.urns if places[urn]}) > 1:
            words = f"{headship.name}: one head, but its schools are parted"
            broken.append(Breach("whole", headship.urns, words))
    return broken
