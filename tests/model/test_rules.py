"""The criteria: each lets a good plan through and stops a bad one, on towns that one can check by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from identifiers import ints
from town import broken, line, town

from geodata.faults import BadData
from partition.model.area import Area, Link
from partition.model.problem import Problem, check
from partition.model.roster import TakesPart
from partition.model.rules import (
    Apart,
    AssociatesMax,
    AtLeastOne,
    DistinctMax,
    GrantMax,
    HeadMinutesMax,
    HeadsPer,
    HostMinutesMax,
    KmMax,
    LinkedTogether,
    LinksBrokenMax,
    Locked,
    MinutesMax,
    MovedMax,
    PartnershipsCount,
    PupilsPer,
    Rule,
    Same,
    SchoolsPer,
    SmallByRoll,
    Together,
    headships_moved,
)
from partition.model.rules.ranges import Range
from partition.settings.rules import Rules

Groups = Sequence[Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Case:
    """A setting, and two plans that differ in nothing but whether they keep to it."""

    key: str
    rule: Rule
    good: Groups
    bad: Groups
    area: Area = field(default_factory=lambda: town(line(0, 5, 10, 15, 20)))
    who: TakesPart = field(default_factory=TakesPart)

    def __str__(self) -> str:
        return self.key


PUPILS = town(line(0, 5, 10, 15, 20), pupils=[50, 60, 70, 80, 90])
LATER = town(line(0, 5, 10, 15, 20), pupils=[50, 60, 70, 80, 90], columns={"2030": ["40", "95", "30", "205", "201"]})
FEDERATED = town(line(0, 5, 10, 15, 20), heads={2: "Federation", 3: "Federation"})
LARGER = town(line(0, 5, 10, 15, 20), pupils=[50, 60, 70, 300, 400])
LET_IN = TakesPart(associates=frozenset({4, 5}))
DISTRICTS = town(
    line(0, 5, 10, 15, 20),
    columns={"district": ["East", "East", "West", "North", ""], "base": ["yes", "no", "no", "yes", ""]},
)
LINKED = town(line(0, 5, 10, 15, 20), links=[Link(urn_a=1, urn_b=3), Link(urn_a=2, urn_b=3, weight=0.5)])
TODAY = town(line(0, 5, 10, 15, 20), today={"Fen": [1, 2], "Wold": [3, 4, 5]})
FEN = frozenset({1, 2})

CASES = [
    Case(key="heads_min", rule=HeadsPer(3, None), good=[[1, 2, 3]], bad=[[1, 2], [3, 4, 5]]),
    Case(key="heads_max", rule=HeadsPer(None, 3), good=[[1, 2, 3]], bad=[[1, 2, 3, 4]]),
    Case(key="heads_min_for", rule=HeadsPer(3, None, {2: 2, 5: 2}), good=[[1, 2], [4, 5]], bad=[[1, 3], [4, 5]]),
    Case(key="schools_min", rule=SchoolsPer(3, None), area=FEDERATED, good=[[1, 2, 3]], bad=[[1, 4]]),
    Case(key="schools_max", rule=SchoolsPer(None, 2), area=FEDERATED, good=[[1, 4]], bad=[[1, 2, 3]]),
    Case(key="pupils_min", rule=PupilsPer(130, None), area=PUPILS, good=[[1, 4]], bad=[[1, 3]]),
    Case(key="pupils_max", rule=PupilsPer(None, 130), area=PUPILS, good=[[1, 4]], bad=[[2, 4]]),
    Case(key="pupils_max", rule=PupilsPer(None, 130, ("2030",)), area=LATER, good=[[1, 3]], bad=[[1, 2]]),
    Case(key="pupils_min", rule=PupilsPer(130, None, ("2030",)), area=LATER, good=[[1, 5]], bad=[[2, 3]]),
    Case(key="robust", rule=SmallByRoll("2030"), area=LATER, good=[[3, 4]], bad=[[4, 5]]),
    Case(
        key="associates_max",
        rule=AssociatesMax(1),
        area=LARGER,
        who=LET_IN,
        good=[[1, 2, 4]],
        bad=[[1, 4, 5]],
    ),
    Case(key="minutes_max", rule=MinutesMax(10), good=[[1, 2, 3]], bad=[[1, 2, 4]]),
    Case(key="minutes_max_for", rule=MinutesMax(10, {5: 15}), good=[[2, 5]], bad=[[1, 5]]),
    Case(
        key="drives_between",
        rule=MinutesMax(5, between="bases"),
        area=FEDERATED,
        good=[[1, 2, 3]],
        bad=[[2, 3, 4]],
    ),
    Case(key="km_max", rule=KmMax(10), good=[[1, 3]], bad=[[1, 4]]),
    Case(key="host_minutes_max", rule=HostMinutesMax(10), good=[[1, 3, 5]], bad=[[1, 5]]),
    Case(key="head_minutes_max", rule=HeadMinutesMax(60), good=[[1, 2, 3]], bad=[[1, 2, 4]]),  # 60 and 100
    Case(key="together", rule=Together(frozenset({1, 3})), good=[[1, 2, 3]], bad=[[1, 2]]),
    Case(key="together_kinds", rule=LinkedTogether(frozenset({1, 3}), "post"), good=[[1, 2, 3]], bad=[[1, 2]]),
    Case(key="apart", rule=Apart(frozenset({1, 3, 5})), good=[[1, 2], [3, 4]], bad=[[1, 2, 5]]),
    Case(key="same", rule=Same("district"), area=DISTRICTS, good=[[1, 2]], bad=[[2, 3]]),
    Case(key="distinct_max", rule=DistinctMax("district", 2), area=DISTRICTS, good=[[1, 2, 3]], bad=[[1, 3, 4]]),
    Case(key="at_least_one", rule=AtLeastOne("base", "yes"), area=DISTRICTS, good=[[1, 2]], bad=[[2, 3]]),
    Case(key="locked", rule=Locked("Fen", FEN), area=TODAY, good=[[1, 2]], bad=[[1, 2, 3]]),
    Case(key="accepted", rule=Locked("Fen", FEN, accepted=True), area=TODAY, good=[[1, 2]], bad=[[1, 2, 3]]),
    Case(key="approved", rule=Locked("Fen", FEN, approved=True), area=TODAY, good=[[1, 2]], bad=[[1, 2, 3]]),
    Case(key="open_locked", rule=Locked("Fen", FEN, open=True), area=TODAY, good=[[1, 2, 3]], bad=[[1, 3]]),
    Case(key="partnerships_min", rule=PartnershipsCount(2, None), good=[[1, 2], [3, 4]], bad=[[1, 2]]),
    Case(key="partnerships_max", rule=PartnershipsCount(None, 1), good=[[1, 2]], bad=[[1, 2], [3, 4]]),
    Case(key="moved_max", rule=MovedMax(1), area=TODAY, good=[[1, 2], [3, 4]], bad=[[1, 2, 3]]),
    Case(key="links_broken_max", rule=LinksBrokenMax(1), area=LINKED, good=[[1, 3], [2, 4]], bad=[[1, 2], [3, 4]]),
    Case(key="grant_max", rule=GrantMax(240, 100, 10), good=[[1, 2], [3, 4]], bad=[[1, 2], [3, 4, 5]]),
]
# test_roster.py, test_federations.py, ../scenario/test_adjust.py and ../scheme/test_who.py
WHO = {"school_pupils_max", "except_in", "except_out", "except_reasons", "associates", "keep", "released"}
WHO |= {"headship_is_partnership_from", "joins_others"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_good_plan_is_let_through(case: Case) -> None:
    assert broken(Problem(case.area, [case.rule], who=case.who), *case.good) == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_bad_plan_is_stopped_by_the_setting_it_breaks(case: Case) -> None:
    key = case.key.removesuffix("_for")  # an exception is broken as the rule it is of
    key = "minutes_max" if key == "drives_between" else key
    assert broken(Problem(case.area, [case.rule], who=case.who), *case.bad) == [key]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_breach_says_in_words_what_is_wrong_and_the_rule_says_what_it_asks(case: Case) -> None:
    problem = Problem(case.area, [case.rule], who=case.who)
    assert all(breach.words for breach in check(problem, problem.plan(case.bad)))
    assert case.rule.words() in problem.criteria


@pytest.mark.parametrize("case", [case for case in CASES if case.key in ("apart", "accepted", "together_kinds")])
def test_a_breach_of_what_people_said_is_private(case: Case) -> None:
    problem = Problem(case.area, [case.rule], who=case.who)
    found = check(problem, problem.plan(case.bad))
    assert found and all(breach.private for breach in found)


def test_every_setting_of_every_rule_is_tried_here() -> None:
    told = {key for kind in Rule.__subclasses__() for key in keys_of(kind)}
    assert {case.key for case in CASES} == told == set(Rules.model_fields) - WHO


def keys_of(kind: type[Rule]) -> set[str]:
    return set(kind.keys).union(*map(keys_of, kind.__subclasses__()))


# Limits are met, not passed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "group"),
    [
        (HeadsPer(3, 3), [1, 2, 3]),
        (SchoolsPer(3, 3), [1, 2, 3]),
        (PupilsPer(300, 300), [1, 2, 3]),
        (MinutesMax(10), [1, 2, 3]),
        (KmMax(10), [1, 2, 3]),
        (HostMinutesMax(5), [1, 2, 3]),
        (GrantMax(130, 100, 10), [1, 2, 3]),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Rule) else "",
)
def test_a_limit_that_is_just_met_is_kept(rule: Rule, group: list[int]) -> None:
    assert broken(Problem(town(line(0, 5, 10, 15)), [rule]), group) == []


def test_a_hundredth_of_a_minute_over_the_limit_is_over_it() -> None:
    assert broken(Problem(town(line(0, 10.01)), [MinutesMax(10)]), [1, 2]) == ["minutes_max"]


# What is always asked ---------------------------------------------------------------------------------------


def test_one_head_alone_is_no_partnership() -> None:
    area = town(line(0, 5, 10), heads={1: "Federation", 2: "Federation"})
    assert broken(Problem(area), [1, 2]) == ["needs_heads"]


def test_a_partnership_needs_a_small_school() -> None:
    problem = Problem(LARGER, who=LET_IN)
    assert broken(problem, [4, 5]) == ["needs_small"]
    assert broken(problem, [3, 4, 5]) == []


def test_schools_that_no_road_joins_cannot_be_together() -> None:
    area = town("""
        to  1   2   3
        1   0   5   -
        2   5   0   5
        3   -   5   0
    """)
    assert broken(Problem(area), [1, 2]) == []
    assert broken(Problem(area), [1, 2, 3]) == ["needs_road"]


def test_a_road_one_way_only_joins_nobody() -> None:
    area = town("""
        to  1   2
        1   0   5
        2   -   0
    """)
    assert broken(Problem(area, [MinutesMax(20), KmMax(20)]), [1, 2]) == ["needs_road"]


# The slower way, and heads ----------------------------------------------------------------------------------

ONE_WAY_STREETS = """
    to  1   2   3
    1   0   5   8
    2  12   0   8
    3   8   8   0
"""


@pytest.mark.parametrize("rule", [MinutesMax(11), KmMax(11)], ids=["minutes_max", "km_max"])
def test_the_slower_way_counts(rule: MinutesMax | KmMax) -> None:
    (breach,) = check(problem := Problem(town(ONE_WAY_STREETS), [rule]), problem.plan([[1, 2, 3]]))
    assert ints(breach.urns) == (1, 2)
    assert "12.0" in breach.words


def test_a_venue_must_be_near_there_and_back() -> None:
    assert broken(Problem(town(ONE_WAY_STREETS), [HostMinutesMax(8)]), [1, 2]) == ["host_minutes_max"]
    assert broken(Problem(town(ONE_WAY_STREETS), [HostMinutesMax(8)]), [1, 2, 3]) == []


def test_distances_inside_a_headship_break_no_rule() -> None:
    area = town(line(0, 50, 25), heads={1: "Federation", 2: "Federation"})
    assert broken(Problem(area, [MinutesMax(25), KmMax(25)]), [1, 2, 3]) == []


def test_every_school_of_a_headship_must_be_near_not_just_its_base() -> None:
    area = town(line(0, 30, 5), heads={1: "Federation", 2: "Federation"}, pupils=[150, 20, 100])
    assert broken(Problem(area, [MinutesMax(20)]), [1, 2, 3]) == ["minutes_max"]


def test_a_venue_is_where_heads_set_out_from_not_any_school() -> None:
    """Head of 1 and 2 sets out from 1, the larger; 3 is near 2 only."""
    area = town(line(0, 30, 30), heads={1: "Federation", 2: "Federation"}, pupils=[150, 20, 100])
    assert broken(Problem(area, [HostMinutesMax(20)]), [1, 2, 3]) == ["host_minutes_max"]


def test_heads_are_counted_not_schools() -> None:
    assert broken(Problem(FEDERATED, [HeadsPer(3, None)]), [1, 2, 3]) == ["heads_min"]
    assert broken(Problem(FEDERATED, [SchoolsPer(3, None)]), [1, 2, 3]) == []


def test_a_headship_parted_from_its_head_is_told_first() -> None:
    problem = Problem(FEDERATED, [HeadsPer(7, None)])
    assert broken(problem, [1, 2], [3, 4]) == ["whole"]
    assert broken(problem, [1, 2]) == ["whole"]


def test_a_school_in_two_partnerships_is_told_as_that_and_not_as_a_head_parted() -> None:
    assert broken(Problem(TODAY), [1, 2], [2, 3]) == ["once"]


def test_a_school_that_does_not_take_part_is_told_and_why() -> None:
    problem = Problem(LARGER)
    (breach,) = check(problem, problem.plan([[1, 2, 4]]))
    assert ints((breach.rule, breach.urns)) == ("takes_part", (4,))
    assert "300 pupils, over the limit of 200" in breach.words


# Single rules, closer ---------------------------------------------------------------------------------------


def test_a_remote_schools_longer_limit_serves_all_its_pairs_and_no_others() -> None:
    problem = Problem(town(line(0, 12, 24)), [MinutesMax(10, {1: 25})])
    assert broken(problem, [1, 2]) == broken(problem, [1, 3]) == []
    assert broken(problem, [2, 3]) == ["minutes_max"]


def test_a_shorter_limit_of_its_own_does_not_bind_a_school_whose_neighbour_may_drive_longer() -> None:
    assert broken(Problem(town(line(0, 8)), [MinutesMax(10, {1: 5})]), [1, 2]) == []


def test_together_means_one_partnership_or_none_placed() -> None:
    problem = Problem(town(line(0, 5, 10, 15)), [Together(frozenset({1, 2}))])
    assert broken(problem, [3, 4]) == []
    assert broken(problem, [1, 3], [2, 4]) == ["together"]


def test_two_schools_of_one_head_are_never_apart() -> None:
    assert broken(Problem(FEDERATED, [Apart(frozenset({2, 3}))]), [1, 2, 3]) == []


def test_who_is_kept_apart_is_private() -> None:
    problem = Problem(TODAY, [Apart(frozenset({1, 2})), HeadsPer(3, None)])
    assert {b.rule: b.private for b in check(problem, problem.plan([[1, 2]]))} == {
        "apart": True,
        "heads_min": False,
    }


def test_a_blank_is_no_common_value() -> None:
    (breach,) = check(problem := Problem(DISTRICTS, [Same("district")]), problem.plan([[4, 5]]))
    assert ints(breach.urns) == (5,)
    assert "blank" in breach.words


@pytest.mark.parametrize("blank", ["", " ", "Not applicable", "not applicable", "n/a"])
def test_two_blanks_do_not_make_a_value(blank: str) -> None:
    area = town(line(0, 5), columns={"district": [blank, blank]})
    assert broken(Problem(area, [Same("district")]), [1, 2]) == ["same"]


def test_blanks_count_for_no_value_of_their_own() -> None:
    area = town(line(0, 5, 10), columns={"district": ["East", "", "Not applicable"]})
    assert broken(Problem(area, [DistinctMax("district", 1)]), [1, 2, 3]) == []
    assert broken(Problem(area, [DistinctMax("district", 0)]), [1, 2, 3]) == ["distinct_max"]


def test_an_associate_has_values_too() -> None:
    area = town(line(0, 5), pupils=[50, 300], columns={"base": ["no", "yes"]})
    assert broken(Problem(area, [AtLeastOne("base", "yes")], who=TakesPart(associates=frozenset({2}))), [1, 2]) == []


def test_a_locked_partnership_may_not_be_left_unplaced() -> None:
    for is_open in (False, True):
        problem = Problem(TODAY, [Locked("Fen", FEN, open=is_open)])
        assert broken(problem, [3, 4]) == ["open_locked" if is_open else "locked"]


def test_a_locked_partnership_may_not_lose_a_member() -> None:
    problem = Problem(TODAY, [Locked("Wold", frozenset({3, 4, 5}))])
    assert broken(problem, [3, 4]) == ["locked"]


def test_a_lock_is_kept_when_a_member_no_longer_takes_part() -> None:
    area = town(line(0, 5, 10, 15), pupils=[50, 60, 300, 70], today={"Fen": [1, 2, 3]})
    assert broken(Problem(area, [Locked("Fen", frozenset({1, 2, 3}))]), [1, 2]) == []


def test_a_lock_keeps_a_headship_whole() -> None:
    """School 3 has the head of 2, so keeping 1 and 2 keeps 3 with them."""
    assert broken(Problem(FEDERATED, [Locked("Fen", FEN)]), [1, 2, 3]) == []


def test_a_lock_overrides_no_rule() -> None:
    problem = Problem(TODAY, [Locked("Fen", FEN), HeadsPer(3, None)])
    assert broken(problem, [1, 2]) == ["heads_min"]


# The plan as a whole ----------------------------------------------------------------------------------------


def test_associates_draw_no_grant() -> None:
    assert broken(Problem(LARGER, [GrantMax(120, 100, 10)], who=LET_IN), [1, 2, 4, 5]) == []


def test_schools_unplaced_draw_no_grant() -> None:
    assert broken(Problem(TODAY, [GrantMax(0, 100, 10)])) == []


MOVES = [
    ("nothing changes", [[1, 2], [3, 4, 5]], 0),
    ("one leaves for the other", [[1, 2, 3], [4, 5]], 1),
    ("one is left unplaced", [[1, 2], [3, 4]], 1),
    ("all are left unplaced", [], 5),
    ("two become one: the larger stays", [[1, 2, 3, 4, 5]], 2),
    ("names change places", [[3, 4, 5], [1, 2]], 0),
    ("one becomes two: the larger part stays", [[1, 2], [4, 5]], 1),
    ("crosswise", [[1, 3], [2, 4, 5]], 2),
]


@pytest.mark.parametrize(("groups", "moved"), [m[1:] for m in MOVES], ids=[m[0] for m in MOVES])
def test_moved_are_those_not_in_the_best_matching_of_today_to_the_plan(groups: Groups, moved: int) -> None:
    problem = Problem(TODAY)
    assert headships_moved(problem.roster, problem.groups(problem.plan(groups))) == moved


def test_a_head_moves_once_however_many_schools_move() -> None:
    area = town(line(0, 5, 10, 15), heads={1: "Federation", 2: "Federation"}, today={"Fen": [1, 2, 3, 4]})
    problem = Problem(area)
    assert headships_moved(problem.roster, problem.groups(problem.plan([[3, 4]]))) == 1


def test_nobody_moves_where_nobody_is_grouped_today() -> None:
    problem = Problem(PUPILS)
    assert headships_moved(problem.roster, problem.groups(problem.plan([[1, 2]]))) == 0


# Rules that do not fit the data -----------------------------------------------------------------------------

UNFIT = [
    (MinutesMax(20, {99: 25}), "rules.minutes_max_for", 99, "no school selected has this URN"),
    (Together(frozenset({1, 99})), "rules.together", 99, "no school selected has this URN"),
    (Together(frozenset({1, 4})), "rules.together", 4, "over the limit of 200"),
    (Apart(frozenset({1, 99})), "rules.apart", 99, "no school selected has this URN"),
    (Same("unitary"), "rules.same", "unitary", "no such column; there are: none"),
    (DistinctMax("unitary", 1), "rules.distinct_max", "unitary", "no such column"),
    (AtLeastOne("base", "yes"), "rules.at_least_one", "base", "no such column"),
    (Locked("Marsh", frozenset({4, 5})), "rules.locked", "Marsh", "none of its schools takes part"),
    (
        Locked("Marsh", frozenset({4, 5}), open=True),
        "rules.open_locked",
        "Marsh",
        "none of its schools takes part",
    ),
]


@pytest.mark.parametrize(("rule", "column", "value", "words"), UNFIT, ids=[u[1] for u in UNFIT])
def test_a_rule_that_does_not_fit_the_data_is_refused_by_name(
    rule: Rule, column: str, value: object, words: str
) -> None:
    with pytest.raises(BadData) as refused:
        Problem(LARGER, [rule])
    (fault,) = refused.value.faults
    assert ints((fault.column, fault.value)) == (column, value)
    assert words in fault.fix


def test_a_limit_in_km_needs_km() -> None:
    with pytest.raises(BadData, match=r"rules\.km_max.*no km column"):
        Problem(town(line(0, 5), km_per_minute=None), [KmMax(10)])


def test_a_value_that_no_school_has_is_refused() -> None:
    with pytest.raises(BadData, match=r"rules\.at_least_one = 'perhaps': no school has this value in base"):
        Problem(DISTRICTS, [AtLeastOne("base", "perhaps")])


def test_all_faults_of_all_rules_are_told_at_once() -> None:
    with pytest.raises(BadData) as refused:
        Problem(LARGER, [Same("unitary"), Together(frozenset({98, 99}))])
    assert ints([fault.value for fault in refused.value.faults]) == ["unitary", 98, 99]


@pytest.mark.parametrize("kind", [HeadsPer, SchoolsPer, PupilsPer, PartnershipsCount])
def test_a_range_that_holds_no_number_is_refused(kind: type[Range]) -> None:
    assert kind(4, 4).most == 4
    with pytest.raises(ValueError, match="at least 6 and at most 3"):
        kind(6, 3)
