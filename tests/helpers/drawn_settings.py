"""Random little towns with a scenario: rules as people state them, with `keep` and kinds of links."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from drawn import problems, sometimes
from hypothesis import assume
from hypothesis import strategies as st

from geodata.faults import BadData
from partition.model.area import Area
from partition.model.problem import Problem
from partition.scenario.build import problem_of, settle
from partition.settings.scenario import Scenario
from partition.studies.explain.typed import Typist


@dataclass(frozen=True)
class Stated:
    """A scenario as stated over a town, and its problem."""

    scenario: Scenario
    area: Area

    @property
    def problem(self) -> Problem:
        return problem_of(settle(self.scenario, self.area), self.area)

    @property
    def typist(self) -> Typist:
        return Typist(stated=self.scenario, settled=settle(self.scenario, self.area), area=self.area)


@st.composite
def stated_towns(draw: st.DrawFn, most: int = 6) -> Stated:
    drawn = draw(problems(most))
    kinds = st.sampled_from(["", "shared post", "Shared Post", "choir"])
    links = tuple(replace(link, kind=draw(kinds)) for link in drawn.area.links)
    area = replace(drawn.area, links=links)
    urns = sorted(drawn.roster.headship_of)
    assume(len(urns) > 1)  # settings name pairs
    rules = {key: value for key, value in draw(settings_drawn(urns, area)).items() if value is not None}
    rules["associates"] = sorted(drawn.roster.who.associates)
    preferences = {"meetings_per_year": 6, "meet": drawn.preferences.meet}
    money = {"per_partnership": 10, "per_school": 5}
    try:
        found = Stated(
            Scenario.model_validate({"rules": rules, "preferences": preferences, "money": money}),
            area,
        )
        assert found.problem
    except (BadData, ValueError):
        assume(False)
    return found


@st.composite
def settings_drawn(draw: st.DrawFn, urns: list[int], area: Area) -> dict[str, Any]:
    """Keys of the table of rules, most of them seldom."""
    limit = st.sampled_from([8, 15, 20, 24])
    one = st.sampled_from(urns)
    pair = st.lists(one, min_size=2, max_size=3, unique=True)
    names = [partnership.name for partnership in area.existing]
    least = draw(st.sampled_from([2, 2, 3, 3, 4]))
    minutes = draw(st.one_of(st.none(), limit))
    rules: dict[str, Any] = {
        "heads_min": least,
        "heads_max": draw(st.one_of(st.just("off"), st.integers(max(2, least), 5))),
        "heads_min_for": draw(st.dictionaries(one, st.sampled_from([2, 3]), max_size=1)),
        "minutes_max": "off" if minutes is None else minutes,
        "minutes_max_for": {} if minutes is None else draw(st.dictionaries(one, limit, max_size=2)),
        "km_max": draw(sometimes(limit)),
        "host_minutes_max": draw(sometimes(limit)),
        "schools_min": draw(sometimes(st.integers(1, 3))),
        "schools_max": draw(sometimes(st.integers(3, 6))),
        "pupils_min": draw(sometimes(st.just(150))),
        "pupils_max": draw(sometimes(st.sampled_from([250, 500]))),
        "robust": draw(sometimes(st.lists(st.sampled_from(["2030", "2035"]), min_size=1, unique=True))),
        "associates_max": draw(sometimes(st.integers(0, 1))),
        "same": draw(sometimes(st.just(["district"]))),
        "distinct_max": draw(
            sometimes(st.dictionaries(st.sampled_from(["district", "base"]), st.integers(1, 2), min_size=1))
        ),
        "at_least_one": draw(sometimes(st.just({"base": "yes"}))),
        "together": draw(sometimes(st.lists(pair, min_size=1, max_size=2))),
        "together_kinds": draw(sometimes(st.just(["shared post"]))),
        "apart": draw(sometimes(st.lists(pair, min_size=1, max_size=2))),
        "partnerships_min": draw(sometimes(st.integers(1, 2))),
        "partnerships_max": draw(sometimes(st.integers(2, 3))),
        "grant_max": draw(sometimes(st.sampled_from([0, 20, 30, 60]))),
        "links_broken_max": draw(sometimes(st.sampled_from([0, 0.5, 1.5]))),
    }
    if names:
        rules["moved_max"] = draw(sometimes(st.integers(0, 3)))
        rules["keep"] = draw(sometimes(st.just("all")))
        rules["locked"] = [name for name in names if draw(st.integers(0, 5)) == 0]
        rules["open_locked"] = [n for n in names if n not in rules["locked"] and draw(st.integers(0, 5)) == 0]
    return rules
