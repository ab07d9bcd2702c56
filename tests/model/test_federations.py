"""Federations that are partnerships already, and the drives that a limit is about: by hand, on towns along a road."""

from __future__ import annotations

import pytest
from identifiers import ints
from town import broken, line, town

from geodata.faults import BadData
from partition.model.area import Link
from partition.model.costs import Preferences
from partition.model.problem import Problem, check
from partition.model.roster import DrivesBetween, Roster, TakesPart
from partition.model.rules import (
    Differs,
    GrantMax,
    HeadsPer,
    KmMax,
    MinutesMax,
    PartnershipsCount,
    PupilsPer,
    SchoolsPer,
    headships_moved,
)
from partition.plans.judge import judge

FEN = {1: "Fen", 2: "Fen", 3: "Fen"}
LET_IN = TakesPart(joins_others=frozenset({"Fen"}))
OFF = TakesPart(headship_is_partnership_from=None)
ENDS: tuple[DrivesBetween, ...] = ("schools", "bases", "nearest")


def already(who: TakesPart, heads_min: int | None = None, pupils: int = 100) -> bool:
    roster = Roster(town(line(0, 1, 2, 3), heads=FEN, pupils=pupils), who, heads_min)
    return any(headship.already for headship in roster.headships)


def test_a_headship_is_a_partnership_from_as_many_schools_as_a_partnership_has_heads() -> None:
    assert [already(TakesPart(), least) for least in (None, 1, 2, 3, 4)] == [False, True, True, True, False]


def test_a_number_of_its_own_and_none_stand_in_place_of_the_fewest_heads() -> None:
    by_number = [already(TakesPart(headship_is_partnership_from=least), 2) for least in (2, 3, 4, None)]
    assert by_number == [True, True, False, False]


def test_one_that_is_named_or_has_no_small_school_is_a_headship_like_any_other() -> None:
    asked = [frozenset(names) for names in ({"Fen"}, {" fen "}, {"2"}, {"all"})]
    assert not any(already(TakesPart(joins_others=names), 3) for names in asked)
    larger = TakesPart(associates=frozenset({1}))
    assert already(larger, 3) and not already(larger, 3, pupils=300)


def test_a_name_that_no_headship_has_is_refused_and_so_is_every_other() -> None:
    with pytest.raises(BadData) as refused:
        Roster(town(line(0, 1, 2, 3), heads=FEN), TakesPart(joins_others=frozenset({"Fenn", "9"})), 3)
    assert [fault.value for fault in refused.value.faults] == ["9", "Fenn"]
    assert "'Fen'" in refused.value.faults[0].fix


def test_its_schools_are_placed_and_no_rule_on_partnerships_is_about_it() -> None:
    rules = [HeadsPer(3, 4), SchoolsPer(4, 6), PupilsPer(500, None), MinutesMax(1)]
    problem = Problem(town(line(0, 5, 10, 20), heads=FEN), rules)
    plan = problem.plan([])
    assert ints(([p.urns for p in plan.partnerships], plan.alone)) == ([(1, 2, 3)], (4,))
    assert (check(problem, plan), ints(problem.unplaced(plan))) == ([], (4,))


def test_with_others_it_breaks_the_rule_that_names_it_unless_asked() -> None:
    area, rules = town(line(0, 1, 2, 3, 4), heads=FEN), [HeadsPer(3, 4)]
    assert broken(Problem(area, rules), [1, 2, 3, 4, 5]) == ["joins_others"]
    assert broken(Problem(area, rules, who=LET_IN), [1, 2, 3, 4, 5]) == []
    assert broken(Problem(area, rules, who=OFF), [1, 2, 3, 4, 5]) == []


def test_todays_groups_are_judged_truthfully() -> None:
    problem = Problem(town(line(0, 1, 2, 3, 4), heads=FEN), [HeadsPer(3, 4)])
    own = judge(problem, dict.fromkeys((1, 2, 3), "North") | dict.fromkeys((4, 5), "South"))
    assert [(item.name, item.already) for item in own.partnerships] == [("North", True), ("South", False)]
    assert [breach.rule for breach in own.breaches] == ["heads_min"]
    unnamed = judge(problem, {4: "South", 5: "South"})
    assert [item.name for item in unnamed.partnerships] == ["Fen", "South"]
    (breach,) = judge(problem, dict.fromkeys((1, 2, 3, 4, 5), "North")).breaches
    assert (breach.rule, ints(breach.urns)) == ("joins_others", (1, 2, 3))
    assert breach.words == "Fen is a partnership already, of 3 schools under one head; it joins others only if asked"


def test_it_costs_its_halves_of_what_it_is_parted_from_and_nothing_else() -> None:
    area = town(line(0, 1, 2, 3, 4), heads=FEN, links=[Link(urn_a=1, urn_b=4)], today={"North": [1, 2, 3, 4]})
    preferences = Preferences(minutes_per_link=60, minutes_per_separation=240, minutes_per_pupil_off_target=1)
    problem = Problem(area, [HeadsPer(3, 4)], preferences)
    terms = problem.cost(problem.plan([])).terms()
    assert (terms["travel"], terms["links"], terms["change"], terms["balance"]) == (0, 60, 240, 0)


def test_it_moves_where_it_is_parted_from_heads_of_today_and_stays_where_it_was_by_itself() -> None:
    def moved(today: dict[str, list[int]], *groups: list[int]) -> int:
        problem = Problem(town(line(0, 1, 2, 3, 4, 5), heads=FEN, today=today), [HeadsPer(3, 4)])
        return headships_moved(problem.roster, problem.groups(problem.plan(groups)))

    assert moved({"Fen": [1, 2, 3]}) == 0
    assert moved({"North": [1, 2, 3, 4]}) == 2  # nobody goes on with a group that fell apart into heads alone
    assert moved({"North": [1, 2, 3, 4, 5]}, [4, 5, 6]) == 1


def test_it_draws_grant_and_is_not_counted_among_the_partnerships() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads=FEN)
    assert broken(Problem(area, [HeadsPer(3, 4), GrantMax(49, 10, 5)]), [4, 5, 6]) == ["grant_max"]
    assert broken(Problem(area, [HeadsPer(3, 4), GrantMax(50, 10, 5)]), [4, 5, 6]) == []
    assert broken(Problem(area, [HeadsPer(3, 4), PartnershipsCount(None, 1)]), [4, 5, 6]) == []
    assert broken(Problem(area, [HeadsPer(3, 4), PartnershipsCount(2, None)]), [4, 5, 6]) == ["partnerships_min"]


def test_a_plan_differs_where_it_was_not_by_itself() -> None:
    area = town(line(0, 1, 2, 3, 4, 5), heads=FEN)
    rules = [HeadsPer(3, 4)]
    same = Problem(area, rules).plan([[4, 5, 6]])
    other = Problem(area, rules, who=LET_IN).plan([[4, 5, 6]])  # there, its schools are alone
    for before, differ in ((same, 0), (other, 3)):
        problem = Problem(area, [*rules, Differs(before, differ + 1)])
        assert check(problem, problem.plan([[4, 5, 6]])) != []
        assert check(Problem(area, [*rules, Differs(before, differ)]), same) == []


def test_the_criteria_say_from_how_many_schools() -> None:
    area = town(line(0, 1, 2, 3), heads=FEN)
    told = "a federation of 3 schools or more under one head is a partnership already, and joins no other"
    assert told in Problem(area, [HeadsPer(3, 4)]).criteria
    assert not any("federation" in words for words in Problem(area, [HeadsPer(4, 4)]).criteria)


# The drives that a limit is about --------------------------------------------------------------------------------

TWO_HEADS = {1: "Fen", 2: "Fen", 3: "Wold", 4: "Wold"}  # at 0 and 10, 13 and 30 minutes; bases 1 and 4, the larger
APART = town(line(0, 10, 13, 30), heads=TWO_HEADS, pupils=[90, 60, 60, 90])


@pytest.mark.parametrize(
    ("ends", "pairs", "minutes"), [("schools", 4, 30), ("bases", 1, 30), ("nearest", 1, 3)], ids=str
)
def test_a_limit_is_about_the_drives_that_it_says(ends: DrivesBetween, pairs: int, minutes: int) -> None:
    for rule, name in ((MinutesMax, "minutes_max"), (KmMax, "km_max")):
        problem = Problem(APART, [rule(minutes, between=ends)], who=OFF)
        (group,) = problem.groups(problem.plan([[1, 2, 3, 4]]))
        assert len(list(rule(minutes, between=ends).drives(group))) == pairs
        assert broken(problem, [1, 2, 3, 4]) == []
        assert broken(Problem(APART, [rule(minutes - 0.5, between=ends)], who=OFF), [1, 2, 3, 4]) == [name]


def test_a_school_with_a_limit_of_its_own_has_it_where_the_drive_is_measured_from_it() -> None:
    own = {ends: dict.fromkeys(urns, 40.0) for ends, urns in (("bases", (4,)), ("nearest", (3,)))}
    for ends, limits in own.items():
        problem = Problem(APART, [MinutesMax(1, limits, between=ends)], who=OFF)  # type: ignore[arg-type]
        assert broken(problem, [1, 2, 3, 4]) == []
    elsewhere = Problem(APART, [MinutesMax(1, {1: 40.0, 4: 40.0}, between="nearest")], who=OFF)
    assert broken(elsewhere, [1, 2, 3, 4]) == ["minutes_max"]


def test_the_nearest_schools_are_so_by_the_slower_way_and_a_missing_road_is_no_way() -> None:
    minutes = """
        to  1   2   3
        1   0   1   2
        2   1   0   9
        3   8   3   0
    """
    (drive,) = (
        Problem(town(minutes, heads={1: "Fen", 2: "Fen"}), who=OFF).roster.group((0, 1)).drives_between("nearest")
    )
    assert ints(drive[:3]) == (1, 3, 800)
    parted = town(minutes.replace("8   3", "-   3"), heads={1: "Fen", 2: "Fen"})
    problem = Problem(parted, [MinutesMax(10, between="nearest")], who=OFF)
    (drive,) = problem.roster.group((0, 1)).drives_between("nearest")
    assert ints(drive[:3]) == (2, 3, 900)
    assert broken(problem, [1, 2, 3]) == ["needs_road"]


def test_each_limit_says_which_drives_it_is_about() -> None:
    assert [MinutesMax(20, between=ends).words() for ends in ENDS] == [
        "no two schools more than 20 minutes apart",
        "no two heads' bases more than 20 minutes apart",
        "no two heads' nearest schools more than 20 minutes apart",
    ]
    assert KmMax(9, between="bases").words() == "no two heads' bases more than 9 km apart"
