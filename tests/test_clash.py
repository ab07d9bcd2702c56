"""Why not: clashes that are right and as few as clash at all, and ways out that are plans."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_solve_oracle import problems
from town import every_plan, line, town

from partition.area import Area
from partition.clash import Clash, find_clash, placed, told, ways_out
from partition.problem import Problem, check
from partition.rules import (
    Apart,
    AtLeastOne,
    DistinctMax,
    GrantMax,
    HeadsPer,
    HostMinutesMax,
    KmMax,
    Locked,
    MinutesMax,
    PartnershipsCount,
    Placed,
    PupilsPer,
    Rule,
    Same,
    SchoolsPer,
    Together,
)
from partition.solve import Limits

LIMITS = Limits(seconds=60, workers=1)
TODAY = town(
    line(0, 5, 10, 50),
    today={"Fen": [1, 2], "Far": [3, 4]},
    columns={"district": ["East", "West", "West", "West"], "base": ["no", "no", "no", "yes"]},
)
FEN, FAR = Locked("Fen", frozenset({1, 2})), Locked("Far", frozenset({3, 4}))
POCKET = town(line(0, 100, 105, 110, 200, 205, 210, 215))  # one alone, three in a pocket, four more
TWENTY = MinutesMax(20)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A town, its rules, the school asked for (if one), and what clashes and what would do, in words."""

    area: Area
    rules: list[Rule]
    asked: int | None = None
    clash: set[str]
    ways: set[str] = field(default_factory=set)


CASES = {
    "one alone": Case(
        area=POCKET,
        rules=[HeadsPer(4, 7), TWENTY],
        asked=1,
        clash={"no two schools more than 20 minutes apart"},  # not even a pair is near enough
        ways={"allow 110 minutes for School 1"},
    ),
    "a pocket of three": Case(
        area=POCKET,
        rules=[HeadsPer(4, 7), TWENTY],
        asked=3,
        clash={"at least 4 heads", "no two schools more than 20 minutes apart"},
        ways={"heads_min 4 to 3", "allow 105 minutes for School 3"},
    ),
    "a lock and minutes": Case(
        area=TODAY,
        rules=[FAR, TWENTY, HeadsPer(2, 7)],
        clash={"Far kept as now", "no two schools more than 20 minutes apart"},
        ways={"Far kept as now dropped", "minutes_max 20 to 40"},
    ),
    "a lock and km": Case(
        area=TODAY,
        rules=[FAR, KmMax(38)],
        clash={"Far kept as now", "no two schools more than 38 km apart"},
        ways={"Far kept as now dropped", "km_max 38 to 43"},
    ),
    "a lock and apart": Case(
        area=TODAY,
        rules=[FEN, Apart(frozenset({1, 2})), TWENTY],
        clash={"Fen kept as now", "School 1 and School 2 kept apart"},
        ways={"Fen kept as now dropped", "School 1 and School 2 kept apart dropped"},
    ),
    "a lock and together": Case(
        area=TODAY,
        rules=[FEN, Together(frozenset({1, 3}))],
        clash={"Fen kept as now", "School 1 and School 3 kept together"},
        ways={"Fen kept as now dropped", "School 1 and School 3 kept together dropped"},
    ),
    "a lock and a column": Case(
        area=TODAY,
        rules=[Same("district"), FEN, FAR],
        clash={"Fen kept as now", "one district in a partnership"},
        ways={"Fen kept as now dropped", "one district in a partnership dropped"},
    ),
    "too few pupils": Case(
        area=town(line(0, 5, 24), pupils=50),
        rules=[PupilsPer(120, 500), TWENTY, HeadsPer(2, 7)],
        asked=1,
        clash={"at least 120 pupils", "no two schools more than 20 minutes apart"},
        ways={"pupils_min 120 to 97", "allow 24 minutes for School 1"},
    ),
    "too few schools": Case(
        area=town(line(0, 5)),
        rules=[SchoolsPer(3, 6)],
        asked=1,
        clash={"at least 3 schools"},
        ways={"schools_min 3 to 2"},
    ),
    "a venue": Case(
        area=town(line(0, 8)),
        rules=[HostMinutesMax(5), TWENTY],
        asked=1,
        clash={"a meeting venue that every head reaches in 5 minutes"},
        ways={"host_minutes_max 5 to 10"},
    ),
    "nobody near has what is wanted": Case(
        area=TODAY,
        rules=[AtLeastOne("base", "yes"), TWENTY],
        asked=1,
        clash={"at least one school with base = yes", "no two schools more than 20 minutes apart"},
        ways={"at least one school with base = yes dropped", "allow 50 minutes for School 1"},
    ),
    "no values allowed": Case(
        area=TODAY,
        rules=[DistinctMax("district", 0), TWENTY],
        asked=2,
        clash={"at most 0 different values of district"},
        ways={"distinct_max of district 0 to 1"},
    ),
    "more partnerships than schools allow": Case(
        area=TODAY,
        rules=[PartnershipsCount(2, 3), TWENTY],
        clash={"at least 2 partnerships", "no two schools more than 20 minutes apart"},
        ways={"partnerships_min 2 to 1", "minutes_max 20 to 40"},
    ),
    "locks and a grant": Case(
        area=TODAY,
        rules=[FEN, FAR, GrantMax(190, 100, 0)],
        clash={"Fen kept as now", "Far kept as now", "a grant of at most £190 a year"},
        ways={"Fen kept as now dropped", "Far kept as now dropped", "grant_max 190 to 209"},
    ),
    "two clashes at once need two changes": Case(
        area=TODAY,
        rules=[HeadsPer(3, 7), FEN, MinutesMax(40), PartnershipsCount(3, None)],
        clash={"at least 3 partnerships"},
        ways={
            "at least 3 partnerships dropped, and Fen kept as now dropped",
            "at least 3 partnerships dropped, and heads_min 3 to 2",
        },
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_clashes_is_named_with_what_would_do(case: Case) -> None:
    problem = Problem(case.area, case.rules)
    asked = [] if case.asked is None else [placed(problem, case.asked)]
    clash = find_clash(problem, LIMITS, asked)
    assert clash is not None and clash.irreducible
    assert {told(problem, rule, internal=True) for rule in clash.rules} == case.clash
    assert irreducible(problem, clash, asked)
    ways = ways_out(problem, clash, LIMITS, asked, internal=True)
    assert {way.words for way in ways} == case.ways
    for way in ways:
        assert way.run.plan is not None and check(way.problem, way.run.plan) == []
        assert case.asked is None or case.asked in way.run.plan.partnership_of


def irreducible(problem: Problem, clash: Clash, asked: list[Placed]) -> bool:
    """By trying every plan: none keeps all of it, and without any one of its rules some plan does."""

    def any_plan(rules: list[Rule]) -> bool:
        return next(every_plan(problem.under([*asked, *rules])), None) is not None

    rules = list(clash.rules)
    return not any_plan(rules) and all(any_plan(rules[:n] + rules[n + 1 :]) for n in range(len(rules)))


@settings(max_examples=25, deadline=None)
@given(problems(6), st.data())
def test_a_clash_is_irreducible_and_found_where_there_is_one(problem: Problem, data: st.DataObject) -> None:
    urns = sorted(problem.roster.headship_of)
    asked = [placed(problem, data.draw(st.sampled_from(urns)))] if urns else []
    clash = find_clash(problem, LIMITS, asked)
    fine = next(every_plan(problem.under([*problem.rules, *asked])), None)
    assert (clash is None) == (fine is not None)
    if clash is not None:
        assert clash.irreducible
        assert irreducible(problem, clash, asked)


def test_who_is_kept_apart_is_for_heads_only() -> None:
    problem = Problem(TODAY, [FEN, Apart(frozenset({1, 2}))])
    clash = find_clash(problem, LIMITS)
    assert clash is not None
    assert [told(problem, rule) for rule in clash.rules] == [
        "Fen kept as now",
        "a criterion that is not for publication",
    ]
    ways = ways_out(problem, clash, LIMITS)
    assert ("a criterion that is not for publication dropped", True) in [(way.words, way.private) for way in ways]
    assert not any("School 1" in way.words for way in ways)


def test_rules_that_do_not_clash_are_not_said_to() -> None:
    assert find_clash(Problem(TODAY, [FEN, TWENTY]), LIMITS) is None
