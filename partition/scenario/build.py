"""The problem of a scenario over its data: rules, preferences, and the schools that take part."""

from __future__ import annotations

from geodata.faults import BadData, Fault
from partition.model import rules
from partition.model.area import Area
from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.roster import Roster, TakesPart
from partition.scenario.adjust import declined, keeping, unbroken_today, without
from partition.settings.scenario import Scenario


def settle(scenario: Scenario, area: Area) -> Scenario:
    """Return the scenario after resolving the settings that depend on the data.

    Headships that said no are excluded, and the partnerships that `keep` selects are named in `open_locked`. Raises
    BadData where `keep` is set and there are no partnerships of today.
    """
    roster = Roster(area, build_participation(scenario), scenario.rules.heads_min)
    settled = without(scenario, declined(roster))
    if settled.rules.keep is None:
        return settled
    if not area.existing:
        fix = "there are no partnerships of today to keep; give data.existing"
        raise BadData([Fault(file="scenario", column="rules.keep", value=settled.rules.keep, fix=fix)])
    problem = problem_of(settled, area)
    return keeping(settled, unbroken_today(problem.roster, problem.rules))


def problem_of(scenario: Scenario, area: Area) -> Problem:
    """Return the problem of a scenario over an area. Raises BadData where the scenario does not fit the area."""
    return Problem(area, build_rules(scenario, area), build_preferences(scenario), build_participation(scenario))


def build_participation(scenario: Scenario) -> TakesPart:
    """Return who takes part: the limit of pupils, the exceptions and the associates."""
    criteria = scenario.rules
    return TakesPart(
        school_pupils_max=criteria.school_pupils_max,
        except_in=frozenset(criteria.except_in),
        except_out=frozenset(criteria.except_out),
        associates=frozenset(criteria.associates),
        headship_is_partnership_from=criteria.headship_is_partnership_from,
        joins_others=frozenset(criteria.joins_others),
    )


def build_preferences(scenario: Scenario) -> Preferences:
    """Return the scenario's preferences. Raises BadData where their values contradict each other."""
    try:
        return Preferences(**scenario.preferences.model_dump())
    except ValueError as wrong:
        raise BadData([Fault(file="scenario", column="preferences", fix=str(wrong))]) from None


def build_rules(scenario: Scenario, area: Area) -> list[rules.Rule]:
    """Return the scenario's rules. Raises BadData where a rule does not fit the data."""
    return rules.rules_of(rules.Asked(scenario.rules, scenario.money, area, build_participation(scenario)))
