"""Every criterion beside what the plan has there, on a town that can be checked by hand."""

from __future__ import annotations

from town import line, town

from partition.model.problem import Problem, check
from partition.model.rules import (
    Apart,
    AssociatesMax,
    HeadsPer,
    HostMinutesMax,
    MinutesMax,
    PartnershipsCount,
    PupilsPer,
)
from partition.plans.account import Account
from partition.report.criteria import criteria_met
from partition.scenario.build import build_participation
from partition.scenario.read import read_scenario

RULES = (
    HeadsPer(2, 3),
    PupilsPer(None, 350),
    MinutesMax(12),
    HostMinutesMax(8),
    AssociatesMax(0),
    PartnershipsCount(1, 2),
    Apart(frozenset((1, 4))),
)


def told(*groups: list[int]) -> dict[str, tuple[str, bool | None]]:
    """Schools 1 to 5 along a road at minutes 0, 5, 12, 40 and 44, with 100, 110 ... pupils each."""
    area = town(line(0, 5, 12, 40, 44), pupils=[100, 110, 120, 130, 140])
    problem = Problem(area, RULES, None, build_participation(read_scenario()))
    plan = problem.plan(groups)
    account = Account(problem, plan, breaches=check(problem, plan))
    return {met.words: (met.how, met.is_met) for met in criteria_met(account)}


def test_what_was_asked_beside_what_is() -> None:
    assert told([1, 2, 3], [4, 5]) == {
        "a school is small up to 200 pupils": (
            "5 small schools take part; 0 over it treated as small, 0 under it not taking part",
            True,
        ),
        "every partnership has a small school": ("kept", True),
        "2 to 3 heads": ("2 to 3 heads", True),
        "at most 350 pupils": ("270 to 330 pupils", True),
        "no two schools more than 12 minutes apart": ("12.0 minutes at most", True),
        "a meeting venue that every head reaches in 8 minutes": ("7.0 minutes at most", True),
        "at most 0 associates": ("0 at most", True),
        "at least 1 and at most 2 partnerships": ("2 partnerships", True),
        "some schools kept apart": ("kept", True),
    }


def test_what_is_broken_is_told_but_not_who_is_kept_apart() -> None:
    found = told([1, 2, 4])
    how, met = found["no two schools more than 12 minutes apart"]
    assert met is False and how.startswith("School 1 and School 4 are 40.0 minutes apart, over 12; ")
    assert found["some schools kept apart"] == ("broken once; internal papers name the schools", False)
    assert found["2 to 3 heads"] == ("3 heads", True)
