"""Alternatives and curves of trade-offs: held against trying every plan, and on towns that can be checked by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from threading import Event

import pytest
from drawn import problems
from hypothesis import given, settings
from hypothesis import strategies as st
from identifiers import ints
from town import every_plan, line, town

from geodata.faults import BadData
from partition.model.area import Link
from partition.model.costs import Preferences
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import (
    Differs,
    HeadMinutesMax,
    HeadsPer,
    LinksBrokenMax,
    MinutesMax,
    headships_moved,
    links_broken,
)
from partition.solver import Limits, solve
from partition.studies.alternatives.find import Alternatives, find_alternatives
from partition.studies.trade_offs.curve import Curve
from partition.studies.trade_offs.heads_moved import least_change
from partition.studies.trade_offs.links_broken import frontier
from partition.studies.trade_offs.most_minutes import fairness, most_own
from partition.studies.trade_offs.text import lines, minutes_told, settings_of

QUICK = Limits(seconds=60, workers=1)
PAIRS = HeadsPer(2, 2)


# Which schools differ ---------------------------------------------------------------------------------------


def test_a_school_differs_where_its_companions_do() -> None:
    everybody = [1, 2, 3, 4, 5, 6]
    one = Plan.of([[1, 2], [3, 4]], everybody)
    assert Plan.of([[3, 4], [1, 2]], everybody).differs_from(one) == ()
    assert ints(Plan.of([[1, 2], [3, 4, 5]], everybody).differs_from(one)) == (3, 4, 5)
    assert ints(Plan.of([[1, 2]], everybody).differs_from(one)) == (3, 4)
    assert ints(one.differs_from(Plan.of([], everybody))) == (1, 2, 3, 4)


def test_a_plan_must_differ_in_so_many_schools_and_the_cheapest_such_is_found() -> None:
    problem = Problem(town(line(0, 1, 10, 11, 20, 21)), [PAIRS, MinutesMax(12)])
    best = problem.plan([[1, 2], [3, 4], [5, 6]])
    some = solve(problem.under([*problem.rules, Differs(best, 3)]), QUICK)
    assert some.plan is not None and some.status == "optimal"
    assert len(some.plan.differs_from(best)) == 4  # two pairs put together anew: one school alone cannot change
    more = solve(problem.under([*problem.rules, Differs(best, 5)]), QUICK)
    assert more.plan is not None and len(more.plan.differs_from(best)) == 6


# Alternatives -----------------------------------------------------------------------------------------------


def asked(problem: Problem, plan: Plan, within: Fraction, differ: int, count: int = 3) -> Alternatives:
    found = find_alternatives(problem, plan, within=within, count=count, differ=differ, limits=QUICK)
    assert found is not None
    return found


def test_alternatives_on_a_road_by_hand() -> None:
    """Pairs of neighbours cost least. Two threes are the one plan in which everybody has other companions."""
    problem = Problem(
        town(line(0, 5, 10, 15, 20, 25)), [HeadsPer(2, 3), MinutesMax(10)], Preferences(meetings_per_year=1)
    )
    best = problem.plan([[1, 2], [3, 4], [5, 6]])
    assert solve(problem, QUICK).plan == best
    found = asked(problem, best, Fraction(1), 6)
    assert ints([one.plan for one in found.plans]) == [best, problem.plan([[1, 2, 3], [4, 5, 6]])]
    assert (found.ended, found.proven) == ("no more", True)
    assert ints(found.core) == ((1, 2), (5, 6))
    assert ints(found.of("firm core")) == (1, 2, 5, 6)
    assert ints(found.of("toss-up")) == (3, 4)
    assert ints(found.companions(3)) == ((4,), (1, 2))


def test_within_nought_there_are_equally_good_plans_only() -> None:
    problem = Problem(town(line(0, 5, 10, 15)), [PAIRS, MinutesMax(5)])
    found = asked(problem, problem.plan([[1, 2], [3, 4]]), Fraction(0), 1)
    assert ints((len(found.plans), found.ended)) == (1, "no more")
    assert set(found.firmness.values()) == {"the same"}


def test_a_plan_that_costs_too_much_gives_way_to_the_best() -> None:
    problem = Problem(town(line(0, 1, 10, 11)), [PAIRS])
    best = problem.plan([[1, 2], [3, 4]])
    found = asked(problem, problem.plan([[1, 3], [2, 4]]), Fraction(1, 100), 1)
    assert [one.plan for one in found.plans] == [best]


def test_a_search_that_is_stopped_claims_nothing() -> None:
    problem = Problem(town(line(0, 1, 10, 11)), [PAIRS])
    best, stop = problem.plan([[1, 2], [3, 4]]), Event()
    told: list[str] = []

    def tell(words: str) -> None:
        told.append(words)
        if len(told) == 2:
            stop.set()

    found = find_alternatives(problem, best, within=Fraction(9), count=3, differ=1, limits=QUICK, tell=tell, stop=stop)
    assert found is not None
    assert ([one.cheapest for one in found.plans], found.ended) == ([True, False], "not known")


@settings(max_examples=25, deadline=None)
@given(problems(6), st.sampled_from([Fraction(0), Fraction(1, 20), Fraction(1)]), st.integers(1, 5))
def test_alternatives_agree_with_trying_every_plan(problem: Problem, within: Fraction, differ: int) -> None:
    fine = [(unplaced, cost.total, plan) for plan, unplaced, cost in every_plan(problem)]
    if not fine:
        assert find_alternatives(problem, problem.plan([]), within=within, count=2, differ=1, limits=QUICK) is None
        return
    fewest, least, _ = min(fine, key=lambda one: one[:2])
    near = [(cost, plan) for unplaced, cost, plan in fine if unplaced == fewest and cost <= least * (1 + within)]
    found = asked(problem, fine[0][2], within, differ, count=2)
    assert found.proven
    known = [found.plans[0].plan]
    assert known[0] in [plan for _, plan in near]
    for one in [*found.plans[1:], None]:
        others = [cost for cost, plan in near if all(len(plan.differs_from(k)) >= differ for k in known)]
        if one is None:
            assert found.ended == "enough" if len(known) == 3 else (found.ended == "no more" and not others)
            break
        assert (one.cost.total, one.cheapest) == (min(others), True)
        known.append(one.plan)


# Curves -----------------------------------------------------------------------------------------------------


def points(curve: Curve) -> list[tuple[int, int, int]]:
    return [(point.count, *point.worth) for point in curve.points]


def best_of_each(plans: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Of plans as (count, unplaced, cost), those that none beats with as low a count."""
    worth = None
    for one in sorted(plans):
        if worth is None or one[1:] < worth:
            worth = one[1:]
            yield one


def test_least_change_from_keeping_all_to_starting_afresh_by_hand() -> None:
    """Today's pairs cross over: two fours put right one by one, each by a swap of two heads; the far one first."""
    today = {"North": [1, 3], "South": [2, 4], "West": [5, 7], "East": [6, 8]}
    problem = Problem(town(line(0, 1, 10, 11, 30, 31, 50, 51), today=today), [PAIRS], Preferences(meetings_per_year=1))
    shown: list[Curve] = []
    curve = least_change(problem, QUICK, show=shown.append)
    assert points(curve) == [(0, 0, 120_000), (2, 0, 44_000), (4, 0, 8_000)]
    assert curve.proven
    assert [len(known.points) for known in shown[:3]] == [1, 2, 3] and shown[-1] == curve
    assert [known.least_proven for known in shown[:2]] == [False, True]
    assert ints(curve.points[-1].plan) == problem.plan([[1, 2], [3, 4], [5, 6], [7, 8]])


def test_the_fewest_moves_are_proven_where_today_breaks_a_rule() -> None:
    problem = Problem(town(line(0, 1, 10, 11), today={"North": [1, 3], "South": [2, 4]}), [PAIRS, MinutesMax(5)])
    curve = least_change(problem, QUICK)
    assert ([point.count for point in curve.points], curve.least_proven) == ([2], True)
    assert curve.points[0].unplaced == 0
    assert curve.knee is None


def test_links_against_travel_by_hand() -> None:
    """A pair of friends 10 minutes apart, another 20: to keep a link its four schools pair up at a distance."""
    links = [Link(urn_a=1, urn_b=3), Link(urn_a=5, urn_b=7, weight=0.5)]
    problem = Problem(town(line(0, 1, 10, 11, 30, 31, 50, 51), links=links), [PAIRS], Preferences(meetings_per_year=1))
    curve = frontier(problem, QUICK)
    assert points(curve) == [(0, 0, 120_000), (500, 0, 44_000), (1500, 0, 8_000)]
    assert curve.proven


def test_the_knee_is_furthest_below_the_straight_line() -> None:
    links = [Link(urn_a=1, urn_b=3), Link(urn_a=5, urn_b=7), Link(urn_a=9, urn_b=11)]
    area = town(line(0, 1, 5, 6, 100, 101, 120, 121, 200, 201, 260, 261), links=links)
    curve = frontier(Problem(area, [PAIRS], Preferences(meetings_per_year=1)), QUICK)
    assert points(curve) == [(0, 0, 340_000), (1000, 0, 104_000), (2000, 0, 28_000), (3000, 0, 12_000)]
    assert curve.knee is not None and curve.knee.count == 1000


def test_so_many_searches_leave_open_what_they_did_not_reach() -> None:
    links = [Link(urn_a=1, urn_b=3), Link(urn_a=5, urn_b=7), Link(urn_a=9, urn_b=11)]
    area = town(line(0, 1, 5, 6, 100, 101, 120, 121, 200, 201, 260, 261), links=links)
    curve = frontier(Problem(area, [PAIRS]), QUICK, points_most=2)
    assert [point.count for point in curve.points] == [0, 3000]
    assert curve.open == ((1000, 2000),)
    assert curve.least_proven and not curve.proven


@settings(max_examples=25, deadline=None)
@given(problems(6))
def test_curves_agree_with_trying_every_plan(problem: Problem) -> None:
    who, roster = problem.roster.who, problem.roster
    free = Preferences(meetings_per_year=2, minutes_per_link=0, minutes_per_separation=0)
    bare = Problem(problem.area, problem.rules[1:], free, who)
    rules = [rule for rule in bare.rules if not isinstance(rule, LinksBrokenMax)]
    if any(roster.link_weights.values()):
        plans = [
            (links_broken(roster, bare.groups(plan)), unplaced, cost.total)
            for plan, unplaced, cost in every_plan(bare.under(rules))
        ]
        curve = frontier(bare, QUICK)
        assert points(curve) == list(best_of_each(plans))
        assert curve.proven or not plans
    if roster.existing:
        rules = [rule for rule in bare.rules if type(rule).__name__ != "MovedMax"]
        plans = [
            (headships_moved(roster, bare.groups(plan)), unplaced, cost.total)
            for plan, unplaced, cost in every_plan(bare.under(rules))
        ]
        curve = least_change(bare, QUICK)
        assert points(curve) == list(best_of_each(plans))
        assert curve.proven or not plans


def test_fairness_by_hand() -> None:
    """In pairs: 1 with 2 and 3 with 4 drive 1 and 20 minutes each; 1 with 3, 2 with 4: 11, 12; the rest 13, 12."""
    minutes = [[0, 1, 11, 13], [1, 0, 12, 12], [11, 12, 0, 20], [13, 12, 20, 0]]
    problem = Problem(town(minutes), [PAIRS], Preferences(meetings_per_year=1))
    curve = fairness(problem, QUICK, step=1)
    assert points(curve) == [(12, 0, 46_000), (20, 0, 42_000)]
    assert curve.proven
    told = minutes_told("minutes", 1)
    assert "The head who has most can come down from 20 to 12 minutes a year for 9.5% more in all." in lines(
        curve, told
    )
    assert settings_of(told, curve.points[0]) == "rules.head_minutes_max=12 preferences.head_minutes_price=off"


@settings(max_examples=30, deadline=None)
@given(problems(6), st.sampled_from([1, 10, 25]))
def test_fairness_agrees_with_trying_every_plan(problem: Problem, step: int) -> None:
    """Of the plans that place as many, the cheapest for every limit on the most minutes of one head."""
    if problem.preferences.measure == "km":
        with pytest.raises(BadData, match="measure"):
            fairness(problem, QUICK)
        return
    rules = [rule for rule in problem.rules[1:] if not isinstance(rule, HeadMinutesMax)]
    bare = Problem(problem.area, rules, replace(problem.preferences, head_minutes_price=()), problem.roster.who)
    every = [(most_own(bare, plan), unplaced, cost.total) for plan, unplaced, cost in every_plan(bare)]
    fewest = min((unplaced for _, unplaced, _ in every), default=0)
    whole = step * 1000
    plans = [(-(-most // whole) * step, unplaced, cost) for most, unplaced, cost in every if unplaced == fewest]
    curve = fairness(problem, QUICK, step=step)
    assert points(curve) == list(best_of_each(plans))
    assert curve.proven or not plans


@pytest.mark.parametrize(("trace", "column"), [(least_change, "data.existing"), (frontier, "data.links")])
def test_a_curve_of_nothing_is_refused(trace: object, column: str) -> None:
    with pytest.raises(BadData, match=column):
        trace(Problem(town(line(0, 1))), QUICK)  # type: ignore[operator]
