"""One walk over all rules: each has its settings, both ways between them and the rule, and an encoding with a name."""

from __future__ import annotations

import re

import pytest
from town import line, town

from partition.model.area import Link
from partition.model.rules import RULES, Rule
from partition.scenario.build import build_rules
from partition.settings.rules import Rules
from partition.settings.scenario import Scenario
from partition.solver.encode import encode

TOWN = town(
    line(0, 5, 10, 15),
    columns={"district": list("aabb"), "roll_2030": ["90"] * 4},
    links=[Link(urn_a=1, urn_b=2, kind="shared post")],
    today={"Fen": [1, 2], "Wold": [3, 4]},
)
ONE_OF_EACH = Rules(
    heads_min=2,
    heads_max=4,
    schools_max=4,
    pupils_max=900,
    robust=["roll_2030"],
    associates_max=1,
    minutes_max=20,
    km_max=30,
    host_minutes_max=15,
    head_minutes_max=600,
    together=[[1, 2]],
    together_kinds=["shared post"],
    apart=[[1, 3]],
    same=["district"],
    distinct_max={"district": 1},
    at_least_one={"district": "a"},
    locked=["Fen"],
    partnerships_max=3,
    moved_max=3,
    links_broken_max=2,
    grant_max=1000,
)


def made(rules: Rules) -> list[Rule]:
    return build_rules(Scenario(rules=rules), TOWN)


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_has_its_settings_and_its_named_encoding(kind: type[Rule]) -> None:
    assert kind.keys and set(kind.keys) <= set(Rules.model_fields)
    assert kind.mended_by_joining <= set(kind.keys)
    assert encode.dispatch(kind).__name__ in {f"encode_{snake(own)}" for own in kind.__mro__ if own in RULES}


def snake(kind: type[object]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


@pytest.mark.parametrize("kind", RULES)
def test_a_rule_comes_from_its_settings_and_is_set_off_by_them(kind: type[Rule]) -> None:
    rule = next(rule for rule in made(ONE_OF_EACH) if type(rule) is kind)
    off = rule.as_settings(None, ONE_OF_EACH)
    assert off is not None and set(off) <= set(kind.keys)
    then = {key: "off" if value is None else value for key, value in off.items()}
    left = made(Rules(**(ONE_OF_EACH.model_dump() | then)))
    assert list(map(type, left)) == [type(other) for other in made(ONE_OF_EACH) if other != rule]


def test_where_nothing_is_asked_there_is_no_rule() -> None:
    assert made(Rules(heads_min=None, heads_max=None, minutes_max=None)) == []
