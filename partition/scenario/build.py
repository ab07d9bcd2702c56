"""What a scenario means over its data: its rules, its prices and who takes part, made one problem."""

from __future__ import annotations

from collections.abc import Sequence

from geodata.faults import BadData, Fault
from partition.model import rules
from partition.model.area import Area
from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.roster import Group, Roster, TakesPart
from partition.scenario.adjust import declined, keeping, unbroken_today, without
from partition.settings.scenario import Scenario
from partition.settings.scheme import Money


def settle(scenario: Scenario, area: Area) -> Scenario:
    """The scenario with what hangs on the data settled: schools that said no are out, `keep` names what is kept."""
    roster = Roster(area, build_participation(scenario))
    settled = without(scenario, declined(roster))
    if settled.rules.keep is None:
        return settled
    if not area.existing:
        fix = "there are no partnerships of today to keep; give data.existing"
        raise BadData([Fault(file="scenario", column="rules.keep", value=settled.rules.keep, fix=fix)])
    problem = problem_of(settled, area)
    return keeping(settled, unbroken_today(problem.roster, problem.rules))


def problem_of(scenario: Scenario, area: Area) -> Problem:
    """The problem of a scenario over an area. Raises BadData where they do not fit."""
    return Problem(area, build_rules(scenario, area), build_preferences(scenario), build_participation(scenario))


def build_participation(scenario: Scenario) -> TakesPart:
    """Who takes part, as the scenario has it."""
    criteria = scenario.rules
    return TakesPart(
        school_pupils_max=criteria.school_pupils_max,
        except_in=frozenset(criteria.except_in),
        except_out=frozenset(criteria.except_out),
        associates=frozenset(criteria.associates),
    )


def build_preferences(scenario: Scenario) -> Preferences:
    """The scenario's priorities. Raises BadData where they do not go together."""
    try:
        return Preferences(**scenario.preferences.model_dump())
    except ValueError as wrong:
        raise BadData([Fault(file="scenario", column="preferences", fix=str(wrong))]) from None


def grant_of(money: Money, groups: Sequence[Group]) -> int | None:
    """The year's grant for these partnerships, in pounds; None where the scenario sets none."""
    if not (money.per_partnership or money.per_school):
        return None
    return sum(map(rules.GrantMax(0, money.per_partnership, money.per_school).grant, groups))


def build_rules(scenario: Scenario, area: Area) -> list[rules.Rule]:
    """The scenario's rules: to add a rule, add a line here."""
    given, money = scenario.rules, scenario.money
    found: list[rules.Rule] = []
    if (given.heads_min, given.heads_max) != (None, None):
        found.append(rules.HeadsPer(given.heads_min, given.heads_max, given.heads_min_for))
    if (given.schools_min, given.schools_max) != (None, None):
        found.append(rules.SchoolsPer(given.schools_min, given.schools_max))
    if (given.pupils_min, given.pupils_max) != (None, None):
        found.append(rules.PupilsPer(given.pupils_min, given.pupils_max, tuple(given.robust)))
    found += [rules.SmallByRoll(roll) for roll in given.robust]
    if given.associates_max is not None:
        found.append(rules.AssociatesMax(given.associates_max))
    if given.minutes_max is not None:
        found.append(rules.MinutesMax(given.minutes_max, given.minutes_max_for))
    if given.km_max is not None:
        found.append(rules.KmMax(given.km_max))
    if given.host_minutes_max is not None:
        found.append(rules.HostMinutesMax(given.host_minutes_max))
    found += [rules.Together(frozenset(urns)) for urns in given.together]
    found += _linked_together(scenario, area)
    found += [rules.Apart(frozenset(urns)) for urns in given.apart]
    found += [rules.Same(column) for column in given.same]
    found += [rules.DistinctMax(column, most) for column, most in given.distinct_max.items()]
    found += [rules.AtLeastOne(column, value) for column, value in given.at_least_one.items()]
    found += _locks(scenario, area)
    if (given.partnerships_min, given.partnerships_max) != (None, None):
        found.append(rules.PartnershipsCount(given.partnerships_min, given.partnerships_max))
    if given.moved_max is not None:
        found.append(rules.MovedMax(given.moved_max))
    if given.links_broken_max is not None:
        found.append(rules.LinksBrokenMax(given.links_broken_max))
    if given.grant_max is not None:
        found.append(rules.GrantMax(given.grant_max, money.per_partnership, money.per_school))
    return found


def _linked_together(scenario: Scenario, area: Area) -> list[rules.LinkedTogether]:
    """A rule for each working link of the kinds asked for, between heads who both take part."""
    kinds = {kind.casefold() for kind in scenario.rules.together_kinds}
    if not kinds:
        return []
    heads = Roster(area, build_participation(scenario)).headship_of
    return [
        rules.LinkedTogether(frozenset((link.urn_a, link.urn_b)), link.kind)
        for link in area.links
        if link.kind.casefold() in kinds
        and link.urn_a in heads
        and link.urn_b in heads
        and heads[link.urn_a] != heads[link.urn_b]
    ]


def _locks(scenario: Scenario, area: Area) -> list[rules.Locked]:
    today = {partnership.name: frozenset(partnership.urns) for partnership in area.existing}
    found, faults = [], []
    for key in ("locked", "open_locked", "accepted"):
        for name in getattr(scenario.rules, key):
            if name in today:
                ways = {"open": key == "open_locked", "accepted": key == "accepted"}
                found.append(rules.Locked(name, today[name], **ways))
            else:
                there = ", ".join(sorted(today)) or "none; give data.existing"
                fix = f"no partnership of today has this name; there are: {there}"
                faults.append(Fault(file="scenario", column=f"rules.{key}", value=name, fix=fix))
    if faults:
        raise BadData(faults)
    return found
