"""Shared posts, training days and size bands, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from identifiers import ints
from parish import case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.posts import apportion


def test_pupils_carry_a_post_and_share_its_days(tmp_path: Path) -> None:
    """300 pupils of the three that share, at 500 a post, are 0.6: 117 of 195 days, by pupils 39, 58.5 and 19.5.

    Of equal remainders the first has the day. School 4 keeps its own. From 2: 39 days x 8 minutes + 19 x 12.
    """
    posts = "[posts]\nbusiness_manager = {pupils_per_fte = 500, keep_own = [900004], pounds_per_fte = 40000}\n"
    case = case_of(tmp_path, [0, 4, 10, 11], posts, pupils=[100, 150, 50, 90])
    (post,) = scheme(case, [1, 2, 3, 4]).posts[1]
    assert ints((post.fte_tenths, post.pupils, post.pence)) == (6, 300, 24_000_00)
    assert post.days == tuple(zip(urns(1, 2, 3), (39, 59, 19), strict=True))
    assert post.keep_own == tuple(urns(4))
    assert (post.base_urn, post.drive_minutes) == (urns(2)[0], 39 * 8 + 19 * 12)


def test_no_more_of_a_post_than_there_may_be(tmp_path: Path) -> None:
    posts = "[posts]\nsenco = {pupils_per_fte = 100, fte_max = 0.5}\nbusiness_manager = {fte = 1.0}\n"
    manager, senco = scheme(case_of(tmp_path, [0, 4, 10], posts), [1, 2, 3]).posts[1]
    assert (manager.fte_tenths, senco.fte_tenths) == (10, 5)
    assert sum(days for _, days in manager.days) == 195


def test_joint_staff_are_shared_like_any_other_post(tmp_path: Path) -> None:
    """Half a music teacher is 97 whole days: 38, 30 and 29 by 130, 100 and 100 pupils, the last by the remainders."""
    posts = '[posts]\njoint_staff = {fte = 0.5, source = "music"}\n'
    (post,) = scheme(case_of(tmp_path, [0, 4, 10], posts, pupils=[130, 100, 100]), [1, 2, 3]).posts[1]
    assert ints((post.title, post.fte_tenths, post.source)) == ("Joint staff", 5, "music")
    assert ints([days for _, days in post.days]) == [38, 30, 29]


def test_posts_not_asked_for_are_not_made_up(tmp_path: Path) -> None:
    assert ints(scheme(case_of(tmp_path, [0, 4, 10]), [1, 2, 3]).posts) == {1: ()}


def test_two_ways_to_size_a_post_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="keep one"):
        case_of(tmp_path, [0, 4], "[posts]\nsenco = {pupils_per_fte = 100, fte = 0.5}\n")


@pytest.mark.parametrize(
    ("days", "pupils", "expected"), [(10, [1, 1, 1], [4, 3, 3]), (5, [0, 0], [3, 2]), (0, [5, 5], [0, 0]), (3, [], [])]
)
def test_days_are_whole_and_none_is_lost(days: int, pupils: list[int], expected: list[int]) -> None:
    assert apportion(days, pupils) == expected


def test_a_training_day_is_where_there_is_room_and_least_driving(tmp_path: Path) -> None:
    """21 staff. The middle school has 20 places only; of the ends, 12 + 6 staff drive to 1 or 3 + 6 to 3's."""
    table(tmp_path, "staff.csv", "urn staff capacity", [("900001", 3, 30), ("900002", 6, 20), ("900003", 12, 21)])
    training = '[training]\nschools = "staff.csv"\n'
    day = scheme(case_of(tmp_path, [0, 4, 10], training), [1, 2, 3]).training[1]
    assert (day.venue_urn, day.staff, day.places) == ("900003", 21, 21)
    assert day.minutes == 3 * 20 + 6 * 12
    table(tmp_path, "staff.csv", "urn staff capacity", [("900001", 3, 8), ("900002", 6, "")])
    day = scheme(case_of(tmp_path, [0, 4, 10], training), [1, 2, 3]).training[1]
    assert (day.venue_urn, day.why_none, day.silent) == (None, "no school here has 9 places", ("900003",))


def test_bands_hold_their_upper_ends(tmp_path: Path) -> None:
    """49 is under 50; 50 and 110 are one band, as a limit of 110 lets 110 in; 211 is beyond the last."""
    case = case_of(tmp_path, range(6), pupils=[49, 50, 110, 111, 200, 211])
    found = scheme(case, [1, 2]).bands
    assert ints([(band.words, band.schools, band.small, band.placed) for band in found]) == [
        ("under 50", 1, 1, 1),
        ("50 to 110", 2, 2, 1),
        ("111 to 150", 1, 1, 0),
        ("151 to 180", 0, 0, 0),
        ("181 to 210", 1, 1, 0),
        ("211 or more", 1, 0, 0),
    ]
    assert sum(band.schools for band in found) == 6 and sum(band.pupils for band in found) == 731


def test_schools_that_nobody_knows_are_told_wherever_they_are_named(tmp_path: Path) -> None:
    wrong = "[posts]\nsenco = {fte = 1.0, keep_own = [1]}\n[venues]\ncannot_host = [2]\n"
    wrong += "[effects]\nmember_since = {3 = 2026}\n"
    with pytest.raises(BadData) as bad:
        scheme(case_of(tmp_path, [0, 4], wrong), [1, 2])
    assert ints(sorted(fault.value for fault in bad.value.faults)) == [1, 2, 3]
