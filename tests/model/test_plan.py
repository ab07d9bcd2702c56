"""A plan says who is together, and nothing else."""

from __future__ import annotations

import hashlib

from identifiers import ints

from partition.model.plan import Partnership, Plan


def test_partnerships_stand_in_order_of_their_lowest_school_and_schools_by_number() -> None:
    plan = Plan.of([[9, 4], [7, 2, 5]], range(1, 10))
    assert ints(plan.partnerships) == (Partnership((2, 5, 7)), Partnership((4, 9)))


def test_whoever_takes_part_and_is_in_no_group_is_alone() -> None:
    assert ints(Plan.of([[2, 3]], [4, 3, 2, 1]).alone) == (1, 4)


def test_partnerships_are_numbered_from_one() -> None:
    assert ints(Plan.of([[3, 4], [1, 2]], [1, 2, 3, 4, 5]).partnership_of) == {1: 1, 2: 1, 3: 2, 4: 2}


def test_equal_plans_have_equal_digests_however_they_were_written() -> None:
    assert Plan.of([[4, 3], [2, 1]], [5, 4, 3, 2, 1]).digest == Plan.of([(1, 2), (3, 4)], range(1, 6)).digest


def test_a_digest_is_of_who_is_together_and_who_is_alone() -> None:
    plans = [
        Plan.of([[1, 2], [3, 4]], range(1, 6)),
        Plan.of([[1, 3], [2, 4]], range(1, 6)),
        Plan.of([[1, 2], [3, 4]], range(1, 5)),
        Plan.of([[1, 2, 3, 4]], range(1, 6)),
    ]
    assert len({plan.digest for plan in plans}) == len(plans)


def test_a_digest_can_be_made_by_anybody_with_sha256() -> None:
    assert Plan.of([[2, 1]], [1, 2, 3]).digest == hashlib.sha256(b"[[[1,2]],[3]]").hexdigest()
