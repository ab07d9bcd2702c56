"""A problem: an area, its rules and its preferences. Judging a plan and searching for one both start from a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from geodata.faults import BadData, Fault
from geodata.urns import Urn, urns_of
from partition.model.area import Area
from partition.model.costs import Cost, Preferences, Tariff
from partition.model.plan import Partnership, Plan
from partition.model.roster import Group, Roster, TakesPart
from partition.model.rules import Breach, HeadsPer, HostMinutesMax, IsPartnership, Rule, refuse_faults


class Problem:
    """An area with the rules and preferences for its partnerships.

    Parameters
    ----------
    area
        The schools, with their headships, links, partnerships of today and drives.
    rules
        Rules that a plan must keep. `IsPartnership` is always added as the first.
    preferences
        Prices in heads' minutes a year; the defaults of `Preferences` where None.
    who
        The schools that take part; the defaults of `TakesPart` (small up to 200 pupils) where None.

    Raises
    ------
    BadData
        Where exceptions, rules or preferences do not fit the area.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area, MinutesMax, Problem
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [MinutesMax(20)])
    >>> problem.criteria
    ('a school is small up to 200 pupils', 'no two schools more than 20 minutes apart')
    >>> problem.unplaced(problem.plan([[101, 102]]))
    ('103',)
    """

    def __init__(
        self,
        area: Area,
        rules: Sequence[Rule] = (),
        preferences: Preferences | None = None,
        who: TakesPart | None = None,
    ) -> None:
        self.area = area
        self.rules: tuple[Rule, ...] = (IsPartnership(), *rules)
        least = [rule.least for rule in rules if isinstance(rule, HeadsPer) and rule.least is not None]
        self.roster = Roster(area, who or TakesPart(), max(least, default=None))
        self.preferences = preferences or Preferences()
        refuse_faults(self.roster, self.rules)
        host = [rule.centiminutes_max for rule in self.rules if isinstance(rule, HostMinutesMax)]
        try:
            self.tariff = Tariff(self.roster, self.preferences, min(host, default=None))
            self.rules = tuple(rule.priced_by(self.tariff) for rule in self.rules)
        except ValueError as wrong:
            raise BadData([Fault(file="scenario", column="preferences", fix=str(wrong))]) from wrong

    def under(self, rules: Iterable[Rule]) -> Problem:
        """Return the same problem, its prices and who takes part, under other rules.

        To change only the rules of a loaded case, use this. Raises BadData where the rules do not fit the area.
        """
        asked = [rule for rule in rules if not isinstance(rule, IsPartnership)]
        return Problem(self.area, asked, self.preferences, self.roster.who)

    def plan(self, groups: Iterable[Iterable[object]]) -> Plan:
        """Return the plan of these groups of URNs; every other school that takes part is alone.

        A headship that is a partnership already, and is in none of the groups, is one by itself.
        """
        given = [urns_of(urns) for urns in groups]
        named = {urn for urns in given for urn in urns}
        federations = (self.roster.headships[h].urns for h in self.roster.already)
        return Plan.of([*given, *(urns for urns in federations if not named & set(urns))], self.roster.headship_of)

    def group(self, partnership: Partnership) -> Group:
        """Return the group of headships of a partnership, for rules and costs.

        A headship with any school in the partnership enters the group whole. Raises KeyError for a school that takes no
        part.
        """
        return self.roster.group({self.roster.headship_of[urn] for urn in partnership.urns})

    def groups(self, plan: Plan) -> tuple[Group, ...]:
        """Return the groups of headships of all partnerships of a plan, in the plan's order."""
        return tuple(self.group(partnership) for partnership in plan.partnerships)

    def breaches(self, group: Group) -> Iterator[Breach]:
        """Yield every breach of a rule by one partnership; a headship that is a partnership already breaks none."""
        if not group.already:
            yield from (breach for rule in self.rules for breach in rule.breaches(group))

    def alone(self, plan: Plan) -> tuple[int, ...]:
        """Return the headships of a plan's schools alone, by position in the roster, ascending."""
        return tuple(sorted({self.roster.headship_of[urn] for urn in plan.alone}))

    def cost(self, plan: Plan) -> Cost:
        """Return the cost of a plan: the sum of the costs of its partnerships and of its headships alone."""
        cost = Cost()
        for group in self.groups(plan):
            cost += self.tariff.cost(group)
        for headship in self.alone(plan):
            cost += self.tariff.alone(headship)
        return cost

    def unplaced(self, plan: Plan) -> tuple[Urn, ...]:
        """Return the URNs of the small schools that a plan leaves unplaced; an associate alone does not count."""
        return tuple(urn for urn in plan.alone if self.roster.is_small(urn))

    @cached_property
    def criteria(self) -> tuple[str, ...]:
        """The rules in words, each once, after the limit up to which a school is small."""
        limit = self.roster.who.school_pupils_max
        small = "every school counts as small" if limit is None else f"a school is small up to {limit} pupils"
        return tuple(dict.fromkeys([small, *self.already_criterion, *(rule.words() for rule in self.rules[1:])]))

    @property
    def already_criterion(self) -> tuple[str, ...]:
        """From how many schools a federation is a partnership already, in words; empty where none is one."""
        least = self.roster.partnership_from
        words = f"a federation of {least} schools or more under one head is a partnership already, and joins no other"
        asked = " unless named" * bool(self.roster.who.joins_others)
        return (words + asked,) if self.roster.already else ()


def check(problem: Problem, plan: Plan) -> list[Breach]:
    """Return every breach of a rule by a plan.

    Parameters
    ----------
    problem
        The problem whose rules the plan must keep.
    plan
        Any plan, from a search or drawn by hand.

    Returns
    -------
    list[Breach]
        Breaches of rules on a partnership, then breaches of rules on the whole plan; empty where the plan keeps every
        rule. Where a school is missing, is in two places, takes no part, or is parted from another school of its
        headship, the list holds those breaches alone, because nothing else can be judged.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area, MinutesMax, Problem, check
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [MinutesMax(20)])
    >>> [breach.words for breach in check(problem, problem.plan([[101, 103]]))]
    ['Ash and Cedar are 54.7 minutes apart, over 20']
    >>> check(problem, problem.plan([[101, 102]]))
    []
    """
    broken = _not_whole(problem, plan)
    if broken:
        return broken
    groups = problem.groups(plan)
    broken = [breach for group in groups for breach in problem.breaches(group)]
    return broken + [breach for rule in problem.rules for breach in rule.plan_breaches(problem.roster, groups)]


def _not_whole(problem: Problem, plan: Plan) -> list[Breach]:
    """Return breaches by schools that are missing, in two places, or parted from another school of their headship."""
    takes_part = problem.roster.headship_of
    places: dict[Urn, list[int]] = {urn: [] for urn in takes_part}
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
