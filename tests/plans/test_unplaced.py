"""Why a school is not yet placed, in short: each reason true of a town one can check."""

from __future__ import annotations

from dataclasses import replace

from identifiers import ints
from town import line, town

from partition.model.area import Area
from partition.model.problem import Problem
from partition.model.roster import TakesPart
from partition.model.rules import (
    Apart,
    GrantMax,
    HeadsPer,
    Locked,
    MinutesMax,
    PartnershipsCount,
    PupilsPer,
    Rule,
    Same,
)
from partition.plans.account import Account
from partition.plans.unplaced import why_unplaced
from partition.solver import Limits, Run, solve

TWENTY = MinutesMax(20)


def reasons(area: Area, *rules: Rule, run: Run | None = None, who: TakesPart | None = None) -> dict[int, str]:
    problem = Problem(area, rules, who=who)
    run = run or solve(problem, Limits(seconds=600, workers=1))
    assert run.plan is not None
    found: dict[int, str] = ints(why_unplaced(problem, run.plan, run))
    return found


# Not yet placed ---------------------------------------------------------------------------------------------


NOWHERE = "no partnership that has it keeps every criterion"


def test_nobody_near_enough_is_said_with_whose_drive_is_too_long() -> None:
    assert reasons(town(line(0, 30)), TWENTY)[1] == (
        f"{NOWHERE}; with School 2: School 1 and School 2 are 30.0 minutes apart, over 20"
    )


def test_each_rule_that_alone_is_in_the_way_is_said_with_a_partnership_that_breaks_no_other() -> None:
    assert reasons(town(line(0, 10, 30.5)), TWENTY, HeadsPer(3, None))[1] == (
        f"{NOWHERE}; with School 2: 2 heads, fewer than 3; with School 2 and School 3: "
        "School 1 and School 3 are 30.5 minutes apart, over 20, "
        "and School 2 and School 3 are 20.5 minutes apart, over 20"
    )


def test_a_school_on_an_island_has_no_road() -> None:
    area = town("""
        to  1   2
        1   0   -
        2   -   0
    """)
    assert reasons(area, TWENTY)[1] == f"{NOWHERE}; with School 2: no road joins School 1 and School 2"


def test_the_only_school_there_is_has_nobody() -> None:
    assert reasons(town(line(0)))[1] == "there is no other head whom it could join"


def test_a_limit_of_ones_own_is_not_told_as_everybodys() -> None:
    """School 2 is 24 minutes from 1 and may join it."""
    told = reasons(town(line(0, 24)), MinutesMax(20, {1: 25}), HeadsPer(3, None))
    assert told[1] == f"{NOWHERE}; with School 2: 2 heads, fewer than 3"


def test_a_neighbour_who_is_kept_apart_is_not_named() -> None:
    told = reasons(town(line(0, 5)), TWENTY, Apart(frozenset({1, 2})))
    assert told[1] == f"{NOWHERE}; in the way is a criterion that is not for publication"


def test_between_two_who_are_too_far_from_each_other_their_drive_is_said() -> None:
    told = reasons(town(line(0, 15, 30)), TWENTY, HeadsPer(3, None))
    assert told[2].endswith("; with School 1 and School 3: School 1 and School 3 are 30.0 minutes apart, over 20")


def test_one_neighbour_with_whom_it_is_too_small_is_said() -> None:
    told = reasons(town(line(0, 5), pupils=50), TWENTY, PupilsPer(150, None))
    assert told[1] == f"{NOWHERE}; with School 2: 100 pupils, fewer than 150"


def test_a_value_that_differs_is_said_and_not_the_drive_to_somebody_whom_it_bars_as_well() -> None:
    """School 1 is alone of district a; 5 is of b as well, and too far."""
    area = town(line(0, 1, 2, 3, 20.9), columns={"district": list("abbbb")})
    assert reasons(area, TWENTY, HeadsPer(3, 4), Same("district"))[1] == (
        f"{NOWHERE}; with School 2 and School 3: district differs: a, b"
    )


def test_of_a_shared_head_all_schools_are_said_and_whose_drives_are_too_long() -> None:
    area = town(line(0, 40, 4, 14, 41), heads={1: "Fed", 2: "Fed"}, pupils=[190, 60, 80, 80, 80])
    told = reasons(area, TWENTY, HeadsPer(2, 4), who=TakesPart(headship_is_partnership_from=None))
    assert (
        told[1]
        == told[2]
        == (
            f"its head leads School 1 and School 2, 40.0 minutes apart; {NOWHERE}; with School 4: "
            "School 2 and School 4 are 26.0 minutes apart, over 20"
        )
    )


def test_a_school_that_fits_but_would_leave_out_another_is_told_so() -> None:
    told = reasons(town(line(0, 10, 20)), MinutesMax(10), HeadsPer(2, 2))
    ((urn, reason),) = told.items()
    assert ints(urn) in (1, 3)
    assert reason == (
        "it fits some partnership, but every plan leaves at least 1 small school unplaced; "
        "placing this one would leave out another"
    )


FORBIDDEN = "it fits some partnership, but no plan that keeps every criterion places it; one could without"


def test_a_grant_that_allows_no_partnership_is_said_and_no_plan_that_there_is_not() -> None:
    told = reasons(town(line(0, 1, 2)), HeadsPer(3, 4), GrantMax(500, 1000, 0))
    assert set(told.values()) == {f"{FORBIDDEN}: a grant of at most £500 a year"}


def test_two_rules_on_the_plan_each_in_the_way_are_said_as_all_of_them() -> None:
    told = reasons(town(line(0, 1, 2)), GrantMax(500, 1000, 0), PartnershipsCount(None, 0))
    assert set(told.values()) == {f"{FORBIDDEN} all of: a grant of at most £500 a year; at most 0 partnerships"}


def test_a_partnership_kept_as_now_that_takes_the_only_companions_is_said() -> None:
    """Of 1 2 3 on a road, Fen (2) stays a partnership with others: 3 alone can join both 2 and 1."""
    area = town(line(0, 10, 5), today={"Fen": [2]})
    told = reasons(area, HeadsPer(2, 2), MinutesMax(5), Locked("Fen", frozenset({2}), open=True))
    assert ints(told) == {1: f"{FORBIDDEN}: Fen kept as now, others may join"}


def test_what_was_not_proven_is_not_claimed() -> None:
    problem = Problem(town(line(0, 10, 20)), [MinutesMax(10), HeadsPer(2, 2)])
    run = solve(problem, Limits(workers=1))
    assert run.plan is not None
    (reason,) = reasons(problem.area, *problem.rules[1:], run=replace(run, fewest_bound=0)).values()
    assert reason == (
        "it fits some partnership; the search ended before it found a plan that places as many and this one"
    )
    (judged,) = why_unplaced(problem, run.plan, None).values()
    assert judged == "it fits some partnership; whether a plan that keeps every criterion places it is not proven"


def test_every_small_school_of_a_headship_has_its_reason_and_a_larger_one_none() -> None:
    area = town(line(0, 1, 2, 40), heads={1: "Fen", 2: "Fen", 3: "Fen"}, pupils=[50, 60, 300, 70])
    told = reasons(area, TWENTY)
    assert ints(set(told)) == {1, 2, 4}
    assert told[1] == told[2]


def test_who_is_placed_and_an_associate_alone_need_no_reason() -> None:
    area = town(line(0, 5, 50), pupils=[50, 60, 300])
    assert reasons(area, TWENTY, who=TakesPart(associates=frozenset({3}))) == {}


# No partnership at all --------------------------------------------------------------------------------------


def whole(area: Area, *rules: Rule) -> Account:
    problem = Problem(area, rules)
    run = solve(problem, Limits(seconds=600, workers=1))
    assert run.plan is not None
    return Account(problem, run.plan, run=run, reasons=why_unplaced(problem, run.plan, run))


def test_a_plan_of_nobody_is_no_best_plan_but_none_that_is_possible() -> None:
    account = whole(town(line(0, 1, 2)), HeadsPer(3, 4), GrantMax(500, 1000, 0))
    assert account.none_possible
    assert account.sureness() == (
        f"No partnership is possible under these criteria. Of every small school: {FORBIDDEN}: "
        "a grant of at most £500 a year."
    )
    assert str(account.run) == "no partnership is possible, 3 small schools not yet placed"


def test_where_reasons_differ_the_first_is_said() -> None:
    account = whole(town(line(0, 30, 70)), TWENTY)
    assert account.sureness() == (
        "No partnership is possible under these criteria. "
        f"Of School 1: {NOWHERE}; with School 2: School 1 and School 2 are 30.0 minutes apart, over 20. "
        "Each of the others has its own reason."
    )


def test_a_plan_with_a_partnership_or_without_a_proof_is_not_told_so() -> None:
    placed = whole(town(line(0, 1, 90)), TWENTY)
    assert not placed.none_possible and placed.sureness().startswith("Proven best")
    assert placed.run is not None
    nobody = placed.problem.plan([])
    assert not Account(placed.problem, nobody, run=replace(placed.run, plan=nobody, unplaced=3)).none_possible
    assert not Account(placed.problem, nobody).none_possible
