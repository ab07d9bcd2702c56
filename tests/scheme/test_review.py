"""Peer review in trios, held against trying every way to make them."""

from __future__ import annotations

from datetime import date
from itertools import combinations
from pathlib import Path

import pytest
from identifiers import ints
from parish import advisers, case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.review import calendar, calendars
from partition.settings.scheme import Review

STARTS = "[review]\nstarts = 2027-01-13\n"  # a Wednesday: reviews begin on Monday the 18th
LINE = [0, 3, 9, 10, 17, 22, 24]


def best_by_trying(
    places: list[float], forbidden: list[set[int]], worth: dict[frozenset[int], int], apart: float
) -> tuple[int, float]:
    """Fewest left out, then the least driving with unmet needs priced: every way to make trios.

    Every two of a trio drive to each other and back; along a road, three pairs are twice as far as the ends are apart.
    """
    heads = range(len(places))

    def ways(left: tuple[int, ...]) -> list[list[tuple[int, ...]]]:
        if len(left) < 3:
            return [[]]
        first, rest = left[0], left[1:]
        found = ways(rest)  # without the first
        for pair in combinations(rest, 2):
            trio = (first, *pair)
            if set(trio) not in forbidden and max(places[h] for h in trio) - min(places[h] for h in trio) <= apart:
                found = [*found, *([trio, *more] for more in ways(tuple(h for h in rest if h not in pair)))]
        return found

    def key(trios: list[tuple[int, ...]]) -> tuple[int, float]:
        drive = sum(2 * 4 * (max(places[h] for h in trio) - min(places[h] for h in trio)) for trio in trios)
        met = sum(n for pair, n in worth.items() if any(pair <= set(trio) for trio in trios))
        return len(heads) - 3 * len(trios), drive + 30 * (sum(worth.values()) - met)

    return min(map(key, ways(tuple(heads))))


@pytest.mark.parametrize("past", [(), ((1, 2, 3),), ((1, 2, 3), (4, 5, 6), (5, 6, 7))])
@pytest.mark.parametrize("needs", [False, True])
def test_no_other_trios_are_better(tmp_path: Path, past: tuple[tuple[int, ...], ...], needs: bool) -> None:
    settings = STARTS + "across = true\nminutes_max = 16\n"
    worth: dict[frozenset[int], int] = {}
    if past:
        rows = [(urn, f"round {n}") for n, trio in enumerate(past) for urn in urns(*trio)]
        table(tmp_path, "past.csv", "urn trio", rows)
        settings += 'past = "past.csv"\n'
    if needs:
        rows_ = [("900001", "maths; reading", ""), ("900005", "Music", "maths"), ("900003", "", "music;Reading")]
        table(tmp_path, "skills.csv", "urn strengths needs", rows_)
        settings += 'strengths = "skills.csv"\n'
        worth = {frozenset({0, 4}): 1, frozenset({0, 2}): 1, frozenset({4, 2}): 1}
    found = scheme(case_of(tmp_path, LINE, settings), [1, 2, 3, 4], [5, 6, 7]).review
    assert found is not None and found.is_proven
    forbidden = [{n - 1 for n in trio} for trio in past]
    met = sum(
        worth.get(frozenset(pair), 0)
        for trio in found.trios
        for pair in combinations([int(u) - 900001 for u in trio.urns], 2)
    )
    assert sum(trio.matches for trio in found.trios) == met
    told = len(found.left_out), found.minutes + 30 * (sum(worth.values()) - met)
    assert told == best_by_trying(list(map(float, LINE)), forbidden, worth, 16)
    assert not any({int(u) - 900001 for u in trio.urns} in forbidden for trio in found.trios)


def test_trios_stay_within_partnerships_unless_asked(tmp_path: Path) -> None:
    found = scheme(case_of(tmp_path, LINE, STARTS), [1, 2, 3, 4], [5, 6, 7]).review
    assert found is not None
    assert ints([trio.partnerships for trio in found.trios]) == [(1,), (2,)]
    assert len(found.left_out) == 1


def test_a_head_of_two_schools_counts_once_and_no_school_is_too_far(tmp_path: Path) -> None:
    """One head leads 1 and 2. 1 is 20 minutes from 5, over the limit, so that head meets 3 and 4; 5 to 7 are near."""
    led = 'headships = "heads.csv"\nbases = [900002]\n'
    table(tmp_path, "heads.csv", "urn headship", [("900001", "Both"), ("900002", "Both")])
    free = "[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n"
    review = STARTS + "across = true\nminutes_max = 15\n"
    found = scheme(case_of(tmp_path, [0, 10, 11, 12, 20, 21, 22], led + free + review), [1, 2, 3, 4], [5, 6, 7]).review
    assert found is not None and found.left_out == ()
    assert [trio.urns for trio in found.trios] == [tuple(urns(2, 3, 4)), tuple(urns(5, 6, 7))]


def test_the_search_stops_when_the_scenario_says(tmp_path: Path) -> None:
    stopped = STARTS + "[solve]\nseconds = 1e-9\n"
    found = scheme(case_of(tmp_path, LINE, stopped), [1, 2, 3, 4], [5, 6, 7]).review
    assert found is not None and not found.is_proven and len(found.trios) == 2


def test_an_adviser_has_one_review_a_day_and_a_calendar_says_so(tmp_path: Path) -> None:
    advisers(tmp_path, ("A1", 0))
    text = STARTS + 'closed = [2027-01-27]\n[advisers]\npeople = "advisers.csv"\n'
    one = scheme(case_of(tmp_path, LINE, text), [1, 2, 3], [5, 6, 7])
    assert one.review is not None
    days = [[visit.day for visit in trio.visits] for trio in one.review.trios]
    assert days[0] == [date(2027, 1, 18), date(2027, 2, 1), date(2027, 2, 8)]  # a week is closed
    assert len({day for own in days for day in own}) == 6
    assert {trio.adviser for trio in one.review.trios} == {"A1"}
    books = calendars(one.review, one.account, one.case.scenario.review)
    assert sorted(books) == urns(1, 2, 3, 5, 6, 7)
    text_ = books["900001"].decode()
    assert text_.count("BEGIN:VEVENT") == 3 and "DTSTART;VALUE=DATE:20270118" in text_
    assert books == calendars(one.review, one.account, one.case.scenario.review)


def test_a_window_too_short_is_told() -> None:
    settings = Review(starts=date(2027, 1, 11), weeks=3)
    days = calendar(["A1"] * 5 + ["A2"], settings)
    assert len({day for own in days[:5] for day in own}) == 15
    with pytest.raises(BadData, match="A1 needs 6 open weeks; there are 3"):
        calendar(["A1"] * 6, settings)
