"""Why a school is not yet placed, in short: each reason true of a town one can check."""

from __future__ import annotations

from dataclasses import replace

from identifiers import ints
from town import line, town

from partition.model.area import Area
from partition.model.problem import Problem
from partition.model.roster import TakesPart
from partition.model.rules import Apart, HeadsPer, MinutesMax, PupilsPer, Rule
from partition.plans.unplaced import why_unplaced
from partition.solver import Limits, Run, solve

TWENTY = MinutesMax(20)


def reasons(area: Area, *rules: Rule, run: Run | None = None, who: TakesPart | None = None) -> dict[int, str]:
    problem = Problem(area, rules, who=who)
    run = run or solve(problem, Limits(seconds=20, workers=1))
    assert run.plan is not None
    found: dict[int, str] = ints(why_unplaced(problem, run.plan, run))
    return found


# Not yet placed ---------------------------------------------------------------------------------------------


def test_nobody_near_enough_is_said_with_who_comes_next() -> None:
    assert reasons(town(line(0, 30)), TWENTY)[1] == (
        "no other head within 20 minutes can join it, and a partnership needs 2; "
        "the next nearest is School 2, 30.0 minutes away"
    )


def test_too_few_near_enough_is_said_with_how_many_and_who_comes_next() -> None:
    assert reasons(town(line(0, 10, 30.5)), TWENTY, HeadsPer(3, None))[1] == (
        "only 1 other head within 20 minutes can join it, and a partnership needs 3; "
        "the next nearest is School 3, 30.5 minutes away"
    )


def test_a_school_on_an_island_has_no_next_nearest() -> None:
    area = town("""
        to  1   2
        1   0   -
        2   -   0
    """)
    assert reasons(area, TWENTY)[1] == "no other head within 20 minutes can join it, and a partnership needs 2"


def test_the_only_school_there_is_has_nobody() -> None:
    assert reasons(town(line(0)))[1] == "no other head can join it, and a partnership needs 2"


def test_a_partnership_needs_two_heads_whatever_the_criteria_say() -> None:
    assert "a partnership needs 2" in reasons(town(line(0, 30)), TWENTY, HeadsPer(1, None))[1]


def test_a_limit_of_ones_own_is_not_told_as_everybodys() -> None:
    """School 2 is 24 minutes from 1 and may join it: 'only 1 within 20 minutes' would be untrue."""
    told = reasons(town(line(0, 24)), MinutesMax(20, {1: 25}), HeadsPer(3, None))
    assert told[1] == "only 1 other head can join it, and a partnership needs 3"


def test_a_neighbour_who_is_kept_apart_is_not_named() -> None:
    told = reasons(town(line(0, 5)), TWENTY, Apart(frozenset({1, 2})))
    assert told[1] == "no other head within 20 minutes can join it, and a partnership needs 2"


def test_neighbours_enough_but_no_partnership_among_them_is_said() -> None:
    told = reasons(town(line(0, 15, 30)), TWENTY, HeadsPer(3, None))
    assert told[2] == "2 other heads could each join it, but no partnership that has it keeps every rule"


def test_one_neighbour_with_whom_it_is_too_small_is_said() -> None:
    told = reasons(town(line(0, 5), pupils=50), TWENTY, PupilsPer(150, None))
    assert told[1] == "one other head could join it, but no partnership that has it keeps every rule"


def test_a_school_that_fits_but_would_leave_out_another_is_told_so() -> None:
    told = reasons(town(line(0, 10, 20)), MinutesMax(10), HeadsPer(2, 2))
    ((urn, reason),) = told.items()
    assert ints(urn) in (1, 3)
    assert reason.startswith("it fits some partnership, but the criteria leave at least 1 small schools unplaced")


def test_what_was_not_proven_is_not_claimed() -> None:
    problem = Problem(town(line(0, 10, 20)), [MinutesMax(10), HeadsPer(2, 2)])
    run = solve(problem, Limits(workers=1))
    (reason,) = reasons(problem.area, *problem.rules[1:], run=replace(run, fewest_bound=0)).values()
    assert reason == "it fits some partnership, but no plan that places it as well was found in the time given"


def test_every_small_school_of_a_headship_has_its_reason_and_a_larger_one_none() -> None:
    area = town(line(0, 1, 2, 40), heads={1: "Fen", 2: "Fen", 3: "Fen"}, pupils=[50, 60, 300, 70])
    told = reasons(area, TWENTY)
    assert ints(set(told)) == {1, 2, 4}
    assert told[1] == told[2]


def test_who_is_placed_and_an_associate_alone_need_no_reason() -> None:
    area = town(line(0, 5, 50), pupils=[50, 60, 300])
    assert reasons(area, TWENTY, who=TakesPart(associates=frozenset({3}))) == {}
