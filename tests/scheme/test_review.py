"""Peer review in trios, held against trying every way to make them."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from identifiers import ints
from parish import advisers, case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.calendars import of_advisers, of_schools, review_events
from partition.scheme.review_days import days_of
from partition.scheme.review_sheet import review_lines, write_review
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
    (found,) = scheme(case_of(tmp_path, LINE, settings), [1, 2, 3, 4], [5, 6, 7]).reviews
    assert found.is_proven
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
    (found,) = scheme(case_of(tmp_path, LINE, STARTS), [1, 2, 3, 4], [5, 6, 7]).reviews
    assert ints([trio.partnerships for trio in found.trios]) == [(1,), (2,)]
    assert len(found.left_out) == 1


def test_a_head_of_two_schools_counts_once_and_no_school_is_too_far(tmp_path: Path) -> None:
    """One head leads 1 and 2. 1 is 20 minutes from 5, over the limit, so that head meets 3 and 4; 5 to 7 are near."""
    led = 'headships = "heads.csv"\nbases = [900002]\n'
    table(tmp_path, "heads.csv", "urn headship", [("900001", "Both"), ("900002", "Both")])
    free = "[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n"
    review = STARTS + "across = true\nminutes_max = 15\n"
    case = case_of(tmp_path, [0, 10, 11, 12, 20, 21, 22], led + free + review)
    (found,) = scheme(case, [1, 2, 3, 4], [5, 6, 7]).reviews
    assert found.left_out == ()
    assert [trio.urns for trio in found.trios] == [tuple(urns(2, 3, 4)), tuple(urns(5, 6, 7))]


def test_the_search_stops_when_the_scenario_says(tmp_path: Path) -> None:
    stopped = STARTS + "[solve]\nseconds = 1e-9\n"
    (found,) = scheme(case_of(tmp_path, LINE, stopped), [1, 2, 3, 4], [5, 6, 7]).reviews
    assert not found.is_proven and len(found.trios) == 2


def test_an_adviser_has_one_review_a_day_and_a_calendar_says_so(tmp_path: Path) -> None:
    advisers(tmp_path, ("A1", 0))
    text = STARTS + 'closed = [2027-01-27]\n[advisers]\npeople = "advisers.csv"\n'
    one = scheme(case_of(tmp_path, LINE, text), [1, 2, 3], [5, 6, 7])
    (found,) = one.reviews
    days = [[visit.day for visit in trio.visits] for trio in found.trios]
    assert days[0] == [date(2027, 1, 18), date(2027, 2, 1), date(2027, 2, 8)]  # a week is closed
    assert len({day for own in days for day in own}) == 6
    assert {trio.adviser for trio in found.trios} == {"A1"}
    area = one.account.area
    events = list(review_events(one.reviews, area))
    books = of_schools(events, area, "Peer review")
    assert sorted(books) == urns(1, 2, 3, 5, 6, 7)
    text_ = books["900001"].decode()
    assert text_.count("BEGIN:VEVENT") == 3 and "DTSTART;VALUE=DATE:20270118" in text_
    assert books == of_schools(list(review_events(one.reviews, area)), area, "Peer review")
    (own,) = of_advisers(events, "Peer review").values()
    assert own.decode().count("BEGIN:VEVENT") == 6


def test_of_two_rounds_the_first_is_general_and_the_second_meets_needs(tmp_path: Path) -> None:
    """Near ones are together first, and not again; then the need of 900001 is worth the drive to 900004.

    Four heads at 0, 3, 9 and 10 km: the first three drive least. Of the three other trios, 1 and 4 must be in one.
    """
    skills = [("900001", "", "maths"), ("900004", "Maths", "")]
    table(tmp_path, "skills.csv", "urn strengths needs", skills)
    more = 'second_starts = 2027-05-10\nstrengths = "skills.csv"\nminutes_per_match = 900\n'
    around = scheme(case_of(tmp_path, [0, 3, 9, 10], STARTS + more), [1, 2, 3, 4])
    first, second = around.reviews
    assert (first.title, second.title) == ("First round: general", "Second round: strengths meet needs")
    assert [trio.urns for trio in first.trios] == [tuple(urns(2, 3, 4))] and first.trios[0].met == ()
    assert [trio.urns for trio in second.trios] == [tuple(urns(1, 3, 4))]
    assert [(one.need, one.of_urn, one.by_urn) for one in second.trios[0].met] == [("maths", *urns(1, 4))]
    assert first.trios[0].visits[-1].day < date(2027, 5, 10) <= second.trios[0].visits[0].day
    public, internal = ("\n".join(review_lines(around, internal=told)) for told in (False, True))
    assert "maths" not in public and "maths: School 900004 for School 900001" in internal
    written = write_review(around, tmp_path / "out")
    assert "maths" not in Path(written["reviews"]).read_text("utf-8-sig")


def test_a_second_round_begins_after_the_first() -> None:
    with pytest.raises(ValueError, match="before the first round's 12 weeks from 2027-01-11 are over"):
        Review(starts=date(2027, 1, 11), second_starts=date(2027, 4, 5))
    with pytest.raises(ValueError, match="give the first day of the first round too"):
        Review(second_starts=date(2027, 4, 5))
    assert Review(starts=date(2027, 1, 11), second_starts=date(2027, 4, 12)).second_starts is not None


def test_a_window_too_short_is_told_with_ways_out_that_hold() -> None:
    """Six trios of one adviser need six weeks. Each way out, taken, gives every trio its three days."""
    short = Review(starts=date(2027, 1, 11), weeks=3)
    coming, days = days_of(["A1"] * 5 + ["A2"], short)
    assert coming == ["A1"] * 5 + ["A2"] and len({day for own in days[:5] for day in own}) == 15
    with pytest.raises(BadData) as bad:
        days_of(["A1"] * 6 + ["A2"], short)
    (fault,) = bad.value.faults
    assert fault.fix.startswith("A1 needs 6 open weeks; there are 3; set review.weeks = 6, or set review.stand_in")
    assert len(days_of(["A1"] * 6 + ["A2"], short.model_copy(update={"weeks": 6}))[1]) == 7
    coming, days = days_of(["A1"] * 6 + ["A2"], short.model_copy(update={"stand_in": True}))
    assert coming == ["A1"] * 5 + ["A2"] * 2
    for who in ("A1", "A2"):
        own = [day for name, three in zip(coming, days, strict=True) if name == who for day in three]
        assert len(set(own)) == len(own) == 3 * coming.count(who)
    assert [len(own) for own in days_of([""] * 7, short.model_copy(update={"adviser_comes": False}))[1]] == [3] * 7


def test_a_way_out_that_does_not_hold_is_not_offered() -> None:
    """Eleven trios and one adviser: nobody can stand in, nine weeks are needed; in a year of holidays none will do."""
    with pytest.raises(BadData) as bad:
        days_of(["A1"] * 11, Review(starts=date(2027, 1, 11), weeks=3))
    (fault,) = bad.value.faults
    assert "review.weeks = 9" in fault.fix and "stand_in" not in fault.fix and "adviser_comes" in fault.fix
    holidays = [date(2027, 1, 11) + timedelta(weeks=n) for n in range(52)]
    with pytest.raises(BadData) as bad:
        days_of(["A1"], Review(starts=date(2027, 1, 11), weeks=3, closed=holidays))
    assert [fault.fix for fault in bad.value.faults] == ["A1 needs 3 open weeks; there are 0"]
