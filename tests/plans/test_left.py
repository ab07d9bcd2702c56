"""A partnership that has left keeps its number, and is in no count and no sum."""

from __future__ import annotations

import pytest
from identifiers import ints
from town import line, town

from partition.model.area import Link
from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.plans.account import Account, Sealed
from partition.plans.changes import Changes

AREA = town(line(0, 1, 10, 12, 30), pupils=[50, 60, 70, 80, 90], links=[Link(urn_a=1, urn_b=2), Link(urn_a=3, urn_b=4)])
PROBLEM = Problem(AREA, (), Preferences(meetings_per_year=1))
WHOLE = Account(PROBLEM, PROBLEM.plan([[1, 2], [3, 4]]))
LEFT = WHOLE.without([1])


def test_it_is_in_no_count_and_no_sum() -> None:
    """Two heads drive there and back once: 2 minutes for the first pair, 4 for the second, a plan of 6."""
    assert ints([item.number for item in LEFT.present]) == [2]
    assert ints([item.number for item in LEFT.partnerships]) == [1, 2]  # numbers stay
    assert (WHOLE.small_placed, LEFT.small_placed, LEFT.small_left) == (4, 2, 2)
    assert (WHOLE.travel, LEFT.travel) == (6_000, 4_000)
    assert LEFT.drives.tolist() == [2, 2] and WHOLE.drives.tolist() == [1, 1, 2, 2]
    assert (WHOLE.links_kept, LEFT.links_kept, LEFT.links_broken) == (2, 1, 1)
    assert ints(LEFT.place_of) == {3: 2, 4: 2}
    assert [LEFT.role(urn) for urn in (1, 3, 5)] == ["left", "placed", "unplaced"]
    assert LEFT.unplaced == WHOLE.unplaced  # it was placed, and left: that is no reason of the plan's


def test_links_of_a_public_plan_count_as_well() -> None:
    sealed = Sealed(cost=WHOLE.cost, links_of=WHOLE.links_of, criteria=(), links_known=False)
    left = Account(PROBLEM, WHOLE.plan, sealed=sealed).without([1])
    assert left.links_of == LEFT.links_of and (left.links_kept, left.links_broken) == (1, 1)


def test_what_has_left_ends_and_nothing_continues_it() -> None:
    changes = Changes(WHOLE, LEFT)
    assert ints(changes.successor) == {2: 2}
    assert ints([(one.kind, one.left) for one in changes.partnerships]) == [("ended", (1, 2)), ("the same", ())]
    assert ints([(one.urn, one.kind, one.becomes) for one in changes.schools]) == [
        (1, "no longer placed", "left"),
        (2, "no longer placed", "left"),
    ]


@pytest.mark.parametrize("left", [(), [2], [1, 2]])
def test_any_of_them_may_leave(left: list[int]) -> None:
    assert WHOLE.without(left).left == frozenset(left)
    assert (WHOLE.without(left) is WHOLE) is (not left)
