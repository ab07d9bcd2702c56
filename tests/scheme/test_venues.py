"""Where the Lead Strategic Group meets."""

from __future__ import annotations

from itertools import combinations, combinations_with_replacement
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from parish import advisers, case_of, scheme, urns

from partition.scheme.venues import Drives, best_host, even_rota, fair_rota
from partition.settings.scheme import Venues


def test_the_middle_school_is_the_best_venue(tmp_path: Path) -> None:
    """1 at 0, 2 at 4, 3 at 10: to the middle one (4 + 6) x 2 ways x head and chair."""
    case = case_of(tmp_path, [0, 4, 10])
    chosen = scheme(case, [1, 2, 3]).venues[1]
    assert chosen.venue_urn == urns(2)[0]
    assert (chosen.minutes_a_meeting, chosen.people) == (40, 6)


def test_the_adviser_in_the_chair_can_tip_the_balance(tmp_path: Path) -> None:
    """Two schools 2 apart are as good as each other; an office beyond the second makes that the venue."""
    advisers(tmp_path, ("A1", 10))
    case = case_of(tmp_path, [0, 2], '[advisers]\npeople = "advisers.csv"\n')
    chosen = scheme(case, [1, 2]).venues[1]
    assert chosen.venue_urn == urns(2)[0]
    assert (chosen.minutes_a_meeting, chosen.people) == (2 * 2 * 2 + 2 * 8, 5)
    case = case_of(tmp_path, [0, 2], '[advisers]\npeople = "advisers.csv"\n[venues]\nadviser_comes = false\n')
    assert scheme(case, [1, 2]).venues[1].venue_urn == urns(1)[0]


def test_a_school_that_cannot_host_does_not(tmp_path: Path) -> None:
    case = case_of(tmp_path, [0, 4, 10], "[venues]\ncannot_host = [900002]\n")
    chosen = scheme(case, [1, 2, 3]).venues[1]
    assert chosen.venue_urn == urns(1)[0]
    assert urns(2)[0] not in {meeting.venue_urn for meeting in chosen.rota}


def test_meetings_are_in_person_and_online_by_turn(tmp_path: Path) -> None:
    """Of six three are in person, and each of three schools has one; heads' burdens come worst first."""
    chosen = scheme(case_of(tmp_path, [0, 4, 10]), [1, 2, 3]).venues[1]
    assert [meeting.venue_urn for meeting in chosen.rota] == [
        urns(1)[0], None, urns(2)[0], None, urns(3)[0], None
    ]  # fmt: skip
    told = [(one.base_urn, one.minutes, one.minutes_at_best) for one in chosen.burden]
    assert told == [("900003", 2 * 16, 3 * 12), ("900001", 2 * 14, 3 * 8), ("900002", 2 * 10, 0)]


def test_nobody_hosts_twice_before_all_have_once(tmp_path: Path) -> None:
    chosen = scheme(case_of(tmp_path, [0, 1, 30], "[venues]\nonline_every = 0\nmeetings_per_year = 4\n"), [1, 2, 3])
    hosts = [meeting.venue_urn for meeting in chosen.venues[1].rota]
    assert sorted(hosts) == [*urns(1, 2, 3), *urns(3)]  # far 3 would drive 176 minutes if 2 had the fourth, not 118


@st.composite
def villages(draw: st.DrawFn) -> tuple[Drives, int]:
    size = draw(st.integers(1, 6))
    trips = draw(st.lists(st.integers(0, 30), min_size=size * size, max_size=size * size))
    table = np.array(trips, dtype=np.int64).reshape(size, size) * 100
    np.fill_diagonal(table, 0)
    return Drives(tuple(range(1, size + 1)), table), draw(st.integers(0, 8))


@given(villages())
def test_the_rota_is_as_fair_as_trying_every_one(village: tuple[Drives, int]) -> None:
    drives, meetings = village
    hosts = len(drives.urns)
    rounds, extra = divmod(meetings, hosts)

    def key(chosen: tuple[int, ...]) -> tuple[int, int]:
        yearly = drives.round_trips.sum(axis=1) * rounds + drives.round_trips[:, list(chosen)].sum(axis=1)
        return int(yearly.max(initial=0)), int(yearly.sum())

    best = min(map(key, combinations(range(hosts), extra)))
    times = fair_rota(drives, list(drives.urns), meetings)
    assert times.sum() == meetings
    assert set(times.tolist()) <= {rounds, rounds + 1}
    assert key(tuple(n for n in range(hosts) if times[n] > rounds)) == best


@given(villages())
def test_the_even_rota_is_as_even_as_trying_every_one(village: tuple[Drives, int]) -> None:
    """Any host as often as helps: the least for the head who drives most, then the least in all."""
    drives, meetings = village

    def key(hosts: tuple[int, ...]) -> tuple[int, int]:
        yearly = drives.round_trips[:, list(hosts)].sum(axis=1)
        return int(yearly.max(initial=0)), int(yearly.sum())

    best = min(map(key, combinations_with_replacement(range(len(drives.urns)), meetings)))
    times = even_rota(drives, list(drives.urns), meetings)
    assert times.sum() == meetings
    assert key(tuple(n for n, often in enumerate(times.tolist()) for _ in range(often))) == best


def test_an_even_rota_lets_the_far_school_host_as_often_as_evens_the_drives(tmp_path: Path) -> None:
    """At 0, 1 and 30, two meetings at 1 and two at 3: 120 minutes a year for each head."""
    asked = "[venues]\nonline_every = 0\nmeetings_per_year = 4\nrota = 'even'\n"
    chosen = scheme(case_of(tmp_path, [0, 1, 30], asked), [1, 2, 3]).venues[1]
    assert chosen.hosts == ((urns(1)[0], 2), (urns(3)[0], 2))
    assert [one.minutes for one in chosen.burden] == [120, 120, 120]


@given(villages(), st.lists(st.integers(0, 50), min_size=6, max_size=6))
def test_no_other_venue_takes_less_of_all_who_come(village: tuple[Drives, int], office: list[int]) -> None:
    drives, _ = village
    own = np.array(office[: len(drives.urns)], dtype=np.int64) * 100
    best = best_host(drives, Venues(chairs_per_headship=1), own)
    assert best is not None
    takes = [2 * sum(drives.round_trips[:, n].tolist()) + int(own[n]) for n in range(len(drives.urns))]
    assert best == (takes.index(min(takes)), min(takes))


def test_where_no_road_leads_nobody_meets(tmp_path: Path) -> None:
    drives = Drives((1, 2), np.array([[0, -1], [-1, 0]], dtype=np.int64))
    assert best_host(drives, Venues()) is None


@pytest.mark.parametrize(("meetings", "every", "expected"), [(6, 2, 3), (6, 0, 6), (5, 3, 4), (0, 2, 0)])
def test_how_many_meetings_are_driven_to(meetings: int, every: int, expected: int) -> None:
    from partition.scheme.venues import meetings_in_person

    assert meetings_in_person(Venues(meetings_per_year=meetings, online_every=every)) == expected
