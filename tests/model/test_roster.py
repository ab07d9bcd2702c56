"""Who takes part: small schools by their limit, exceptions both ways, associates, and heads with several schools."""

from __future__ import annotations

from dataclasses import replace

import pytest
from identifiers import ints
from town import line, town

from geodata.faults import BadData
from partition.model.area import Area, Existing
from partition.model.roster import Roster, TakesPart

AREA = town(line(0, 5, 10, 15), pupils=[100, 200, 201, 300])


def urns(roster: Roster) -> list[tuple[int, ...]]:
    return [headship.urns for headship in roster.headships]


def taking_part(area: Area = AREA, **who: object) -> list[tuple[int, ...]]:
    return urns(Roster(area, TakesPart(**who)))  # type: ignore[arg-type]


# The limit --------------------------------------------------------------------------------------------------


def test_a_school_at_its_limit_is_small_and_one_over_it_is_not() -> None:
    assert ints(taking_part(school_pupils_max=200)) == [(1,), (2,)]


def test_without_a_limit_every_school_is_small() -> None:
    assert ints(taking_part(school_pupils_max=None)) == [(1,), (2,), (3,), (4,)]


def test_why_a_larger_school_does_not_take_part_is_said() -> None:
    assert ints(Roster(AREA, TakesPart()).not_taking_part) == {
        3: "201 pupils, over the limit of 200",
        4: "300 pupils, over the limit of 200",
    }


# Exceptions both ways ---------------------------------------------------------------------------------------


def test_a_school_over_the_limit_may_be_treated_as_small() -> None:
    roster = Roster(AREA, TakesPart(except_in=frozenset({4})))
    assert ints(urns(roster)) == [(1,), (2,), (4,)]
    assert roster.is_small(4)
    assert roster.small_schools == 3


def test_a_small_school_may_not_take_part() -> None:
    roster = Roster(AREA, TakesPart(except_out=frozenset({1})))
    assert ints(urns(roster)) == [(2,)]
    assert ints(roster.not_taking_part["1"]) == "named as not taking part"


# Associates -------------------------------------------------------------------------------------------------


def test_a_larger_school_may_join_as_an_associate_and_is_not_one_to_place() -> None:
    roster = Roster(AREA, TakesPart(associates=frozenset({3})))
    assert ints(urns(roster)) == [(1,), (2,), (3,)]
    assert roster.small_schools == 2
    assert ints([(h.small, h.associates) for h in roster.headships]) == [(1, 0), (1, 0), (0, 1)]


def test_an_associate_of_few_pupils_is_one_all_the_same() -> None:
    """Such as a special school of 100: it may join, draws no grant, and need not be placed."""
    roster = Roster(AREA, TakesPart(associates=frozenset({1})))
    assert ints([(h.urns, h.small, h.associates) for h in roster.headships]) == [((1,), 0, 1), ((2,), 1, 0)]


# Headships --------------------------------------------------------------------------------------------------

FEDERATION = {1: "Fen Federation", 4: "Fen Federation"}


def test_a_headship_with_any_small_school_enters_whole_its_larger_ones_as_associates() -> None:
    roster = Roster(town(line(0, 5, 10, 15), pupils=[100, 200, 201, 300], heads=FEDERATION), TakesPart())
    first = roster.headships[0]
    assert ints((first.urns, first.small, first.associates, first.pupils)) == ((1, 4), 1, 1, 400)


def test_a_headship_with_a_named_associate_enters_whole() -> None:
    area = town(line(0, 5, 10), pupils=[100, 250, 300], heads={2: "Fen", 3: "Fen"})
    roster = Roster(area, TakesPart(associates=frozenset({3})))
    assert ints(urns(roster)) == [(1,), (2, 3)]
    assert roster.headships[1].associates == 2


def test_a_headship_of_larger_schools_stays_out_whole() -> None:
    area = town(line(0, 5, 10), pupils=[100, 250, 300], heads={2: "Fen", 3: "Fen"})
    assert ints(taking_part(area)) == [(1,)]


def test_headships_stand_in_order_of_their_lowest_school() -> None:
    area = town(line(0, 5, 10, 15), heads={2: "Zeal", 4: "Zeal", 1: "Able", 3: "Able"})
    assert ints(taking_part(area)) == [(1, 3), (2, 4)]


def test_a_headship_goes_by_its_own_name_or_by_its_schools() -> None:
    area = town(line(0, 5, 10), heads={1: "Fen Federation", 2: "Fen Federation"})
    assert [h.name for h in Roster(area, TakesPart()).headships] == ["Fen Federation", "School 3"]


def test_a_head_sets_out_from_the_largest_roll() -> None:
    area = town(line(0, 5), pupils=[50, 90], heads={1: "Fen", 2: "Fen"})
    assert ints(Roster(area, TakesPart()).headships[0].base_urn) == 2


def test_of_equal_rolls_a_head_sets_out_from_the_lower_urn() -> None:
    area = town(line(0, 5), heads={1: "Fen", 2: "Fen"})
    assert ints(Roster(area, TakesPart()).headships[0].base_urn) == 1


def test_a_head_sets_out_from_the_base_given_however_small() -> None:
    area = town(line(0, 5), pupils=[50, 90], heads={1: "Fen", 2: "Fen"}, bases=[1])
    assert ints(Roster(area, TakesPart()).headships[0].base_urn) == 1


def test_todays_partnerships_are_of_headships_that_take_part() -> None:
    area = town(
        line(0, 5, 10, 15, 20),
        pupils=[100, 100, 100, 300, 300],
        heads={1: "Fen", 2: "Fen"},
        today={"North": [1, 2, 3, 4], "South": [5]},
    )
    assert ints(area.existing[1]) == Existing(name="South", urns=(5,))
    assert ints(Roster(area, TakesPart()).existing) == (("North", (0, 1)),)


# Sums and drives of a group ---------------------------------------------------------------------------------


def test_a_group_counts_schools_pupils_small_ones_and_associates() -> None:
    area = town(line(0, 5, 10, 15), pupils=[100, 200, 201, 300], heads=FEDERATION)
    group = Roster(area, TakesPart(associates=frozenset({3}))).group([2, 0])
    assert ints(group.members) == (0, 2)
    assert ints(group.urns) == (1, 3, 4)
    assert ints((group.pupils, group.small, group.associates)) == (601, 1, 2)


def test_drives_of_a_group_are_between_schools_of_different_heads_the_slower_way() -> None:
    area = town(
        """
        to  1   2   3
        1   0   5   7
        2   4   0   -
        3   9   6   0
        """,
        heads={1: "Fen", 2: "Fen"},
    )
    group = Roster(area, TakesPart()).group([0, 1])
    assert ints(list(group.school_drives())) == [(1, 3, 900, 9000), (2, 3, -1, -1)]


# Faults -----------------------------------------------------------------------------------------------------

FAULTS = [
    ({"except_in": frozenset({99})}, "rules.except_in", "no school selected has this URN"),
    ({"except_out": frozenset({99})}, "rules.except_out", "no school selected has this URN"),
    ({"associates": frozenset({99})}, "rules.associates", "no school selected has this URN"),
    (
        {"except_in": frozenset({3}), "except_out": frozenset({3})},
        "rules.except_out",
        "it is in except_in as well; keep one",
    ),
    (
        {"associates": frozenset({3}), "except_in": frozenset({3})},
        "rules.associates",
        "it is in except_in as well; keep one",
    ),
]


@pytest.mark.parametrize(("who", "column", "words"), FAULTS)
def test_an_exception_that_cannot_be_is_refused(who: dict[str, frozenset[int]], column: str, words: str) -> None:
    with pytest.raises(BadData) as refused:
        Roster(AREA, TakesPart(**who))  # type: ignore[arg-type]
    (fault,) = refused.value.faults
    assert fault.column == column
    assert words in fault.fix


def test_one_of_two_small_schools_under_one_head_cannot_stay_out() -> None:
    area = town(line(0, 5, 10), heads={1: "Fen", 2: "Fen"})
    with pytest.raises(BadData, match=r"except_out = '1': one head leads it with 2; name all of them, or none"):
        Roster(area, TakesPart(except_out=frozenset({1})))
    assert ints(taking_part(area, except_out=frozenset({1, 2}))) == [(3,)]


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(BadData) as refused:
        Roster(AREA, TakesPart(except_in=frozenset({97, 98}), associates=frozenset({99})))
    assert ints([fault.value for fault in refused.value.faults]) == [97, 98, 99]


def test_an_area_has_each_school_once_in_order() -> None:
    with pytest.raises(ValueError, match="ascend without repeats"):
        replace(AREA, urns=AREA.urns[::-1])
