"""A way out as settings: the scenario that states them has the rules of the way out, and no others."""

from __future__ import annotations

import tomllib

import pytest
from town import line, town

from partition.model.area import Link
from partition.model.rules import HeadsPer, Locked, MinutesMax, Rule
from partition.scenario.build import build_rules
from partition.scenario.text import with_settings
from partition.settings.rules import Rules
from partition.settings.scenario import Scenario
from partition.studies.explain.typed import Change, settings_of

AREA = town(
    line(0, 5, 10, 15),
    columns={"district": list("aabb"), "base": ["yes"] * 4, "roll_2030": ["90"] * 4},
    links=[Link(urn_a=1, urn_b=2, kind="shared post")],
    today={"Fen": [1, 2], "Wold": [3, 4]},
)
TEXT = """
[money]
per_partnership = 10
per_school = 10
[rules]
heads_min = 2
heads_max = 4
heads_min_for = {1 = 2}
schools_min = 2
schools_max = 4
pupils_min = 100
pupils_max = 900
robust = ["roll_2030"]
minutes_max = 20
minutes_max_for = {1 = 25}
km_max = 30
host_minutes_max = 15
partnerships_min = 1
partnerships_max = 3
together = [[1, 2], [3, 4]]
together_kinds = ["shared post"]
apart = [[1, 3], [2, 4]]
same = ["district", "base"]
distinct_max = {district = 1, base = 2}
at_least_one = {base = "yes"}
associates_max = 1
locked = ["Fen"]
open_locked = ["Wold"]
moved_max = 3
links_broken_max = 2
grant_max = 1000
"""


def parts(text: str) -> list[Rule]:
    scenario = Scenario.model_validate(tomllib.loads(text))
    return [part for rule in build_rules(scenario, AREA) for part in rule.parts()]


def stated(text: str = TEXT) -> Rules:
    return Scenario.model_validate(tomllib.loads(text)).rules


def changes() -> list[Change]:
    """Each rule dropped, and a notch looser where it has one."""
    notches = [(rule, then) for rule in parts(TEXT) if (then := rule.looser()[1]) is not None]
    return [*((rule, None) for rule in parts(TEXT)), *notches]


@pytest.mark.parametrize(
    "change", changes(), ids=lambda change: f"{change[0].words()} {change[1] and change[1].words()}"
)
def test_settings_make_the_very_change(change: Change) -> None:
    rule, then = change
    settings = settings_of([change], stated())
    assert settings is not None
    rules = [*(one for one in parts(TEXT) if one != rule), *([] if then is None else [then])]
    found = parts(with_settings(TEXT, settings))
    if type(rule).__name__ == "SmallByRoll":
        assert rule not in found  # and the limits on pupils are by that roll no longer
    else:
        assert len(found) == len(rules) and all(one in rules for one in found)


def test_a_limit_of_its_own_leaves_the_rule_to_everybody_else() -> None:
    minutes, heads = MinutesMax(20, {1: 25}), HeadsPer(2, None, {1: 2})
    wider = MinutesMax(20, {1: 25, 4: 29.0}), HeadsPer(2, None, {1: 2, 3: 1})
    settings = settings_of([(minutes, wider[0]), (heads, wider[1])], stated())
    assert settings is not None and settings["rules.minutes_max_for"] == {"1": 25, "4": 29}
    found = parts(with_settings(TEXT, settings))
    assert all(one in found for one in wider)


def test_what_no_setting_says_is_nothing_to_set() -> None:
    other = Locked("Marsh", frozenset({1}))
    assert settings_of([(other, None)], stated()) is None
    fen = Locked("Fen", frozenset({1, 2}))
    assert settings_of([(fen, None)], stated(TEXT + 'keep = "all"\n')) is None
    assert settings_of([(fen, None), (other, None)], stated()) is None


def test_two_changes_of_one_list_are_both_made() -> None:
    settings = settings_of([(rule, None) for rule in parts(TEXT) if type(rule).__name__ == "Apart"], stated())
    assert settings == {"rules.apart": []}
