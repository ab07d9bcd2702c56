"""Peer review: trios of heads who review each other's schools in turn, with an adviser as facilitator.

First the fewest heads left out, then the least driving minus the worth of needs met, proven (`trios`). Each trio has a
review at each member's school.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import CENTIMINUTES, Headship
from partition.plans.account import Account
from partition.scheme.advisers import Assignment
from partition.scheme.inputs import Inputs
from partition.scheme.trios import TRIO, Ints, choose_trios, trios_near
from partition.settings.scheme import Review

if TYPE_CHECKING:
    from icalendar import Calendar

SCHOOL_DAYS = 5  # in a week
NO_ROAD = 10**7  # centiminutes: beyond any limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One review: at a member's school, on a day."""

    host_urn: Urn
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Trio:
    """Three heads, by their bases; `matches` counts needs that another member's strengths meet."""

    urns: tuple[Urn, ...]
    partnerships: tuple[int, ...]  # numbers, each once
    minutes: float  # driving of all three, there and back, for all three reviews
    matches: int  # internal: strengths and needs are private
    adviser: str  # "" where none is assigned
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRound:
    """Every trio of a round, and the heads who are in no trio."""

    trios: tuple[Trio, ...]
    left_out: tuple[Urn, ...]  # base URNs
    minutes: float
    is_proven: bool


def review_round(
    account: Account, settings: Review, inputs: Inputs, assigned: Assignment | None, seconds: float
) -> ReviewRound:
    """Return the trios of the heads in partnerships, the best found within `seconds`.

    Raises BadData where the window has too few weeks for an adviser.
    """
    question = TrioQuestion(account, settings, inputs)
    chosen = choose_trios(len(question.bases), question.trios, question.costs, seconds)
    found = question.trios[list(chosen.rows)].tolist()
    placed, urns = account.place_of, question.base_urns
    bases = [tuple(urns[head] for head in trio) for trio in found]
    numbers = [tuple(sorted({placed[urn] for urn in trio})) for trio in bases]
    advisers = [_facilitator(*both, account, assigned) for both in zip(numbers, bases, strict=True)]
    days = calendar(advisers, settings)
    trios = tuple(
        Trio(
            urns=bases[n],
            partnerships=numbers[n],
            minutes=_sum_of_pairs(question.drives, trio) / CENTIMINUTES,
            matches=_sum_of_pairs(question.matches, trio),
            adviser=advisers[n],
            visits=tuple(Visit(host_urn=urn, day=day) for urn, day in zip(bases[n], days[n], strict=True)),
        )
        for n, trio in enumerate(found)
    )
    inside = {head for trio in found for head in trio}
    return ReviewRound(
        trios=trios,
        left_out=tuple(urn for head, urn in enumerate(urns) if head not in inside),
        minutes=sum(trio.minutes for trio in trios),
        is_proven=chosen.is_proven,
    )


def _sum_of_pairs(table: Ints, heads: Sequence[int]) -> int:
    return sum(int(table[pair]) for pair in combinations(heads, 2))


class TrioQuestion:
    """The possible trios and their costs: heads in partnerships, in order of their lowest URN.

    `drives` holds, for two heads, centiminutes over all three reviews of a trio: each drives to the other's school and
    back. `matches` counts, for two heads, the needs of one that are a strength of the other.
    """

    def __init__(self, account: Account, settings: Review, inputs: Inputs) -> None:
        area, placed = account.area, account.place_of
        heads = [h for h in account.problem.roster.headships if h.base_urn in placed]
        self.bases = np.array([head.base for head in heads], dtype=np.int64)
        self.base_urns = tuple(head.base_urn for head in heads)
        one_way = _between(area, self.bases)
        self.drives = 2 * (one_way + one_way.T)
        self.matches = _matches([head.urns for head in heads], inputs)
        near = _longest(area, heads) <= settings.minutes_max * CENTIMINUTES
        if not settings.across:
            numbers = np.array([placed[urn] for urn in self.base_urns], dtype=np.int64)
            near &= numbers[:, None] == numbers
        np.fill_diagonal(near, False)
        self.trios = _without(trios_near(near), self.base_urns, _past(account, inputs))
        price = Fraction(str(settings.minutes_per_match)) * CENTIMINUTES
        pair_costs = self.drives - np.array([[int(price * n) for n in row] for row in self.matches.tolist()])
        a, b, c = self.trios.T
        self.costs = pair_costs[a, b] + pair_costs[a, c] + pair_costs[b, c]


def _between(area: Area, positions: Ints) -> Ints:
    """Return centiminutes between these schools, row to column; NO_ROAD, above any limit, where no road leads."""
    origins, destinations = np.meshgrid(positions, positions, indexing="ij")
    found = area.travel.between(origins.ravel(), destinations.ravel())[0].astype(np.int64)
    return np.where(found < 0, NO_ROAD, found).reshape(origins.shape)


def _longest(area: Area, heads: Sequence[Headship]) -> Ints:
    """Return, for each two heads, centiminutes of the longest drive between any two of their schools."""
    schools = np.array([position for head in heads for position in head.schools], dtype=np.int64)
    starts = np.cumsum([0, *(len(head.schools) for head in heads)])[:-1]
    if not len(heads):
        return np.zeros((0, 0), dtype=np.int64)
    one_way = _between(area, schools)
    rows = np.maximum.reduceat(np.maximum(one_way, one_way.T), starts, axis=0)
    return np.asarray(np.maximum.reduceat(rows, starts, axis=1))


def _matches(heads: Sequence[Sequence[Urn]], inputs: Inputs) -> Ints:
    """Return, for each two heads, how many needs of one's schools are strengths of the other's, added both ways."""
    found = np.zeros((len(heads), len(heads)), dtype=np.int64)
    for (a, own), (b, theirs) in combinations(enumerate(heads), 2):
        found[a, b] = found[b, a] = sum(matches_of((one, other), inputs) for one in own for other in theirs)
    return found


def _past(account: Account, inputs: Inputs) -> set[frozenset[Urn]]:
    """Return past trios by their heads' bases, where all three heads still lead schools here."""
    roster = account.problem.roster
    past = [{roster.headship_of.get(urn) for urn in urns} for urns in inputs.past_trios]
    return {
        frozenset(roster.headships[head].base_urn for head in heads if head is not None)
        for heads in past
        if len(heads) == TRIO and None not in heads
    }


def _without(trios: Ints, urns: Sequence[Urn], past: Collection[frozenset[Urn]]) -> Ints:
    """Return the trios that are not past trios."""
    before = {tuple(sorted(urns.index(urn) for urn in trio)) for trio in past if trio <= set(urns)}
    return trios[[tuple(trio) not in before for trio in trios.tolist()]] if before else trios


def matches_of(urns: Sequence[Urn], inputs: Inputs) -> int:
    """Return how many needs of each school are strengths of another of these schools."""
    none: frozenset[str] = frozenset()
    return sum(len(inputs.needs.get(a, none) & inputs.strengths.get(b, none)) for a in urns for b in urns if a != b)


def _facilitator(numbers: Sequence[int], bases: Sequence[Urn], account: Account, assigned: Assignment | None) -> str:
    """Return the adviser who serves most of a trio's heads; of equals the one of the lowest partnership."""
    if assigned is None:
        return ""
    heads = [assigned.name_of(account.place_of[urn]) for urn in bases]
    names = [name for number in numbers if (name := assigned.name_of(number))]
    return max(names, key=lambda name: (heads.count(name), -names.index(name)), default="")


def calendar(advisers: Sequence[str], settings: Review) -> list[tuple[date, ...]]:
    """Return three days for each trio, at least a week apart; no adviser has two reviews on one day.

    An adviser's first five trios have one weekday each, in the first three open weeks; the next five in the weeks
    after. Raises BadData where the window is too short for all trios.
    """
    assert settings.starts is not None
    weeks = _open_weeks(settings)
    found, turns, faults = [], dict[str, int](), []
    for number, adviser in enumerate(advisers):
        turn = turns.get(adviser, 0) if adviser else number % SCHOOL_DAYS
        turns[adviser] = turn + 1
        block, weekday = divmod(turn, SCHOOL_DAYS)
        own = weeks[block * TRIO : block * TRIO + TRIO]
        if len(own) < TRIO:
            needed = TRIO * -(-advisers.count(adviser) // SCHOOL_DAYS)
            fix = f"{adviser or 'each trio'} needs {needed} open weeks; there are {len(weeks)}"
            faults.append(Fault(file="scenario", column="review.weeks", value=settings.weeks, fix=fix))
        found.append(tuple(monday + timedelta(days=weekday) for monday in own))
    if faults:
        raise BadData({fault.fix: fault for fault in faults}.values())
    return found


def _open_weeks(settings: Review) -> list[date]:
    """Return the Mondays of weeks without a closed day, from the first Monday on or after the start of the window."""
    assert settings.starts is not None
    first = settings.starts + timedelta(days=-settings.starts.weekday() % 7)
    mondays = [first + timedelta(weeks=n) for n in range(settings.weeks)]
    closed = {day - timedelta(days=day.weekday()) for day in settings.closed}
    return [monday for monday in mondays if monday not in closed]


def calendars(found: ReviewRound, account: Account, settings: Review) -> Mapping[Urn, bytes]:
    """Return, by base URN, the reviews of each head as iCalendar; the same round gives the same bytes."""
    from icalendar import Event

    assert settings.starts is not None
    area = account.area
    books: dict[Urn, Calendar] = {}
    for trio in found.trios:
        for visit in trio.visits:
            names = [area.name_of(urn) for urn in trio.urns]
            for urn in trio.urns:
                event = Event()
                event.add("uid", f"{visit.day:%Y%m%d}-{visit.host_urn}-{urn}@school-partnerships")
                event.add("dtstamp", _midnight(settings.starts))  # not the time of writing
                event.add("dtstart", visit.day)
                event.add("dtend", visit.day + timedelta(days=1))
                event.add("summary", f"Peer review at {area.name_of(visit.host_urn)}")
                told = [f"Trio: {'; '.join(names)}."] + ([f"Adviser: {trio.adviser}."] if trio.adviser else [])
                event.add("description", " ".join(told))
                event.add("location", area.name_of(visit.host_urn))
                books.setdefault(urn, _book(area.name_of(urn))).add_component(event)
    return {urn: book.to_ical() for urn, book in sorted(books.items())}


def _book(name: str) -> Calendar:
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//school-partnerships//peer review//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"Peer review: {name}")
    return book


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
