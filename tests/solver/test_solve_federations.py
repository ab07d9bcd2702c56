"""The solver against trying every plan, where heads lead many schools and limits are about several kinds of drives."""

from __future__ import annotations

from dataclasses import replace

from drawn import agrees, every_fine
from hypothesis import given, settings
from hypothesis import strategies as st
from identifiers import ints
from town import line, town

from partition.model.costs import Preferences
from partition.model.problem import Problem, check
from partition.model.roster import DrivesBetween, TakesPart
from partition.model.rules import (
    Differs,
    GrantMax,
    HeadsPer,
    KmMax,
    Locked,
    MinutesMax,
    MovedMax,
    PartnershipsCount,
    Rule,
    Together,
)
from partition.solver import solve

ENDS: tuple[DrivesBetween, ...] = ("schools", "bases", "nearest")


@st.composite
def counties(draw: st.DrawFn) -> Problem:
    """Two federations of 2 to 6 schools among schools alone, with rules that count, and few others."""
    led, alone = (draw(st.integers(2, 6)), draw(st.integers(2, 4))), draw(st.integers(2, 5))
    urns = draw(st.permutations(range(1, sum(led) + alone + 1)))
    heads = dict.fromkeys(urns[: led[0]], "Fen") | dict.fromkeys(urns[led[0] : sum(led)], "Wold")
    positions = draw(st.lists(st.integers(0, 30), min_size=len(urns), max_size=len(urns)))
    by_urn = sorted(urns)
    today = {"North": by_urn[:3], "South": by_urn[3:6]}
    if draw(st.booleans()):
        today = {
            "Fen": [urn for urn in by_urn if heads.get(urn) == "Fen"],
            "Rest": [u for u in by_urn if u not in heads],
        }
    area = town(line(*positions), pupils=draw(st.sampled_from([60, 90])), heads=heads, today=today)
    who = TakesPart(
        headship_is_partnership_from=draw(st.sampled_from(["heads_min", None, 2, 3, 4])),
        joins_others=draw(st.sampled_from([frozenset(), frozenset({"Fen"}), frozenset({"all"})])),
    )
    least = draw(st.integers(2, 4))
    ends = st.sampled_from(ENDS)
    rules: list[Rule] = [HeadsPer(least, 5), MinutesMax(draw(st.sampled_from([6, 12])), {1: 20}, draw(ends))]
    plan = solve(Problem(area, rules, who=who)).plan
    assert plan is not None
    some: list[Rule] = [
        KmMax(draw(st.sampled_from([5, 9])), draw(ends)),
        GrantMax(draw(st.integers(20, 70)), 10, 5),
        MovedMax(draw(st.integers(0, 4))),
        PartnershipsCount(draw(st.sampled_from([None, 1])), 1),
        Differs(plan, draw(st.integers(1, 6))),
        Together(frozenset(draw(st.lists(st.sampled_from(by_urn), min_size=2, max_size=2, unique=True)))),
        *(Locked(name, frozenset(members), draw(st.booleans())) for name, members in today.items()),
    ]
    extra = draw(st.lists(st.sampled_from(some), min_size=1, max_size=2))
    preferences = Preferences(meet=draw(st.sampled_from(["rotate", "host"])), minutes_per_pupil_off_target=0.5)
    return Problem(area, [*rules, *extra], preferences, who)


@settings(max_examples=150, deadline=None)
@given(counties())
def test_the_solver_agrees_with_trying_every_plan_where_federations_are_partnerships(problem: Problem) -> None:
    agrees(problem)
    for plan in every_fine(problem):
        assert not set(problem.unplaced(plan)) & {u for h in problem.roster.headships if h.already for u in h.urns}


FEN = {1: "Fen", 2: "Fen", 3: "Fen"}  # at 0, 1 and 20 minutes; its base is school 1


def test_a_federation_as_large_as_a_partnership_is_placed_by_itself() -> None:
    problem = Problem(town(line(0, 1, 2, 3, 4, 5), heads=FEN), [HeadsPer(3, 4)])
    run = solve(problem)
    assert run.plan is not None and ints([p.urns for p in run.plan.partnerships]) == [(1, 2, 3), (4, 5, 6)]
    assert (run.unplaced, run.status) == (0, "optimal")


def test_a_federation_joins_others_where_it_is_asked_to() -> None:
    area, rules = town(line(0, 1, 2, 3, 4), heads=FEN), [HeadsPer(3, 4)]
    assert solve(Problem(area, rules)).unplaced == 2
    for asked in ("Fen", "fen", "2", "all"):
        plan = solve(Problem(area, rules, who=TakesPart(joins_others=frozenset({asked})))).plan
        assert plan is not None and ints([p.urns for p in plan.partnerships]) == [(1, 2, 3, 4, 5)]


def test_without_a_least_number_of_heads_only_a_number_of_schools_makes_a_partnership() -> None:
    area = town(line(0, 1, 2, 3), heads=FEN)
    plan = solve(Problem(area)).plan
    assert plan is not None and ints([p.urns for p in plan.partnerships]) == [(1, 2, 3, 4)]
    by_three = Problem(area, who=TakesPart(headship_is_partnership_from=3))
    assert solve(by_three).unplaced == 1


def test_drives_between_bases_or_nearest_schools_let_heads_meet_whose_other_schools_are_far() -> None:
    """School 3 of the federation is 20 minutes off; its base 1 is 6 from school 4, and its school 2 is 5."""
    area = town(line(0, 1, 20, 6), heads=FEN)
    who = TakesPart(headship_is_partnership_from=None)
    fits = {
        (ends, limit): solve(Problem(area, [MinutesMax(limit, between=ends)], who=who)).unplaced == 0
        for ends in ENDS
        for limit in (4, 5, 6, 14)
    }
    assert [limit for (ends, limit), fine in fits.items() if fine and ends == "schools"] == [14]
    assert [limit for (ends, limit), fine in fits.items() if fine and ends == "bases"] == [6, 14]
    assert [limit for (ends, limit), fine in fits.items() if fine and ends == "nearest"] == [5, 6, 14]


def test_a_lock_on_a_federation_with_others_leaves_no_plan() -> None:
    area = town(line(0, 1, 2, 3, 4), heads=FEN, today={"North": [1, 2, 3, 4]})
    rules = [HeadsPer(2, 4), Locked("North", frozenset({1, 2, 3, 4}))]
    assert solve(Problem(area, rules)).status == "infeasible"
    problem = Problem(area, rules, who=TakesPart(joins_others=frozenset({"Fen"})))
    run = solve(problem)
    assert run.plan is not None and check(problem, run.plan) == []


def test_a_lock_on_two_federations_leaves_no_plan() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads={1: "Fen", 2: "Fen", 3: "Wold", 4: "Wold"}, today={"North": [1, 2, 3]})
    problem = Problem(area, [HeadsPer(2, 5), Locked("North", frozenset({1, 2, 3}))])
    assert [breach.rule for breach in check(problem, problem.plan([[5, 6]]))] == ["locked", "locked"]
    assert solve(problem).status == "infeasible"
    without = replace(problem.roster.who, headship_is_partnership_from=None)
    together = solve(Problem(area, problem.rules, who=without)).plan
    assert together is not None and ints([p.urns for p in together.partnerships]) == [(1, 2, 3, 4), (5, 6)]


def test_the_grant_of_a_federation_counts_towards_the_most_that_grants_may_come_to() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads=FEN)  # the federation alone draws 10 and three times 5, as the others do
    limits = {most: solve(Problem(area, [HeadsPer(3, 4), GrantMax(most, 10, 5)])) for most in (24, 25, 49, 50)}
    assert {most: run.unplaced for most, run in limits.items()} == {24: None, 25: 3, 49: 3, 50: 0}
    assert limits[24].status == "infeasible"


def test_a_federation_that_is_a_group_today_stays_and_one_among_others_moves() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads=FEN, today={"Fen": [1, 2, 3], "North": [4, 5, 6]})
    assert solve(Problem(area, [HeadsPer(3, 4), MovedMax(0)])).unplaced == 0
    among = town(line(0, 1, 2, 3, 4, 5), heads=FEN, today={"North": [1, 2, 3, 4, 5, 6]})
    assert solve(Problem(among, [HeadsPer(3, 4), MovedMax(0)])).status == "infeasible"
    assert solve(Problem(among, [HeadsPer(3, 4), MovedMax(1)])).unplaced == 0


def test_a_lock_on_a_federation_alone_asks_for_nothing() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads=FEN, today={"Fen": [1, 2, 3]})
    problem = Problem(area, [HeadsPer(3, 4), Locked("Fen", frozenset({1, 2, 3}))])
    run = solve(problem)
    assert run.plan is not None and (run.unplaced, check(problem, run.plan)) == (0, [])


def test_a_federation_does_not_count_among_the_partnerships_that_a_plan_may_have() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads=FEN)
    for least, most in ((1, 1), (None, 1), (1, None)):
        assert solve(Problem(area, [HeadsPer(3, 4), PartnershipsCount(least, most)])).unplaced == 0
    assert solve(Problem(area, [HeadsPer(3, 4), PartnershipsCount(2, None)])).status == "infeasible"


def test_a_search_that_starts_from_a_plan_keeps_federations() -> None:
    area = town(line(0, 1, 2, 3, 4, 5, 6), heads=FEN)
    problem = Problem(area, [HeadsPer(2, 4)])
    start = problem.plan([[4, 5], [6, 7]])
    again = solve(problem, start=start, known=replace(start).partnerships)
    assert again.plan is not None and ints(again.plan.partnerships[0].urns) == (1, 2, 3)
