"""Peer review: trios of heads who review each other's schools in turn, an adviser facilitating.

The same search that makes partnerships makes trios: of groups of exactly three, first the fewest heads left out, then
the least driving less what needs met are worth, proven. Each trio has a review at each member's school.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from geodata.faults import BadData, Fault
from partition.account import Account
from partition.area import Area, Link
from partition.costs import Preferences
from partition.problem import Problem
from partition.roster import CENTIMINUTES, TakesPart
from partition.rules import DistinctMax, HeadsPer, MinutesMax, Rule, Same
from partition.scheme.advisers import Assignment
from partition.scheme.inputs import Inputs
from partition.scheme.settings import Review

if TYPE_CHECKING:
    from icalendar import Calendar

TRIO = 3
SCHOOL_DAYS = 5  # in a week


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One review: at a member's school, on a day."""

    host_urn: int
    day: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Trio:
    """Three heads, by their bases; `matches` counts needs that another member's strengths meet."""

    urns: tuple[int, ...]
    partnerships: tuple[int, ...]  # numbers, each once
    minutes: float  # of all three, there and back, over all three reviews
    matches: int  # for whoever made the plan: strengths and needs are told to nobody else
    adviser: str  # "" where none is assigned
    visits: tuple[Visit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRound:
    """Every trio of a round, and the heads who are in none."""

    trios: tuple[Trio, ...]
    left_out: tuple[int, ...]  # base URNs
    minutes: float
    is_proven: bool


def review_round(account: Account, settings: Review, inputs: Inputs, assigned: Assignment | None) -> ReviewRound:
    """The trios of the heads in partnerships. Raises BadData where the window has too few weeks for an adviser."""
    from partition.solve import solve

    problem = trio_problem(account, settings, inputs)
    run = solve(problem)
    assert run.plan is not None
    found = []
    for group in problem.groups(run.plan):
        bases = tuple(sorted(headship.base_urn for headship in group.headships))
        numbers = tuple(sorted({account.plan.partnership_of[urn] for urn in bases}))
        minutes = int((group.base_centiminutes + group.base_centiminutes.T).sum()) / CENTIMINUTES
        inside = set(group.urns)
        met = sum(int(link.weight) for link in problem.area.links if {link.urn_a, link.urn_b} <= inside)
        found.append((bases, numbers, minutes, met))
    advisers = [_facilitator(numbers, bases, account, assigned) for bases, numbers, _, _ in found]
    days = calendar(advisers, settings)
    trios = tuple(
        Trio(
            urns=bases,
            partnerships=numbers,
            minutes=minutes,
            matches=matches,
            adviser=adviser,
            visits=tuple(Visit(host_urn=urn, day=day) for urn, day in zip(bases, own, strict=True)),
        )
        for (bases, numbers, minutes, matches), adviser, own in zip(found, advisers, days, strict=True)
    )
    alone = [problem.roster.headships[h].base_urn for h in problem.alone(run.plan)]
    minutes = sum(trio.minutes for trio in trios)
    return ReviewRound(trios=trios, left_out=tuple(alone), minutes=minutes, is_proven=run.status == "optimal")


def trio_problem(account: Account, settings: Review, inputs: Inputs) -> Problem:
    """The question as the search takes it: every head of a partnership, in threes."""
    area, placed = account.area, account.plan.partnership_of
    columns = dict(area.columns)
    rules: list[Rule] = [HeadsPer(TRIO, TRIO), MinutesMax(settings.minutes_max)]
    if not settings.across:
        columns["partnership"] = tuple(str(placed.get(int(urn), "")) for urn in area.urns)
        rules.append(Same("partnership"))
    for number, past in enumerate(inputs.past_trios):
        heads = _heads(account, past)
        if len(heads) == TRIO:  # each has a value of its own there, and no three values may meet
            column = f"past trio {number}"
            columns[column] = tuple(str(heads[h]) if (h := _head(account, int(u))) in heads else "" for u in area.urns)
            rules.append(DistinctMax(column, TRIO - 1))
    # Three meetings, one at each, and both others come: the drives of all three reviews.
    preferences = Preferences(
        meetings_per_year=TRIO, minutes_per_link=settings.minutes_per_match, minutes_per_separation=0
    )
    who = TakesPart(
        school_pupils_max=None, except_out=frozenset(int(urn) for urn in area.urns if int(urn) not in placed)
    )
    bare = replace(area, columns=columns, links=tuple(_matches(area, account, inputs)), existing=(), answers={})
    return Problem(bare, rules, preferences, who)


def _head(account: Account, urn: int) -> int | None:
    return account.problem.roster.headship_of.get(urn)


def _heads(account: Account, urns: Iterable[int]) -> dict[int | None, int]:
    """The headships of these schools, numbered."""
    found = sorted({h for urn in urns if (h := _head(account, urn)) is not None and urn in account.plan.partnership_of})
    return {h: n for n, h in enumerate(found, 1)}


def _matches(area: Area, account: Account, inputs: Inputs) -> Iterable[Link]:
    """A link, as heavy as needs are met, between every two heads one of whom can help the other."""
    urns = sorted(urn for urn in {*inputs.strengths, *inputs.needs} if urn in account.plan.partnership_of)
    for n, a in enumerate(urns):
        for b in urns[n + 1 :]:
            weight = matches_of((a, b), inputs)
            if weight and _head(account, a) != _head(account, b):
                yield Link(urn_a=a, urn_b=b, weight=float(weight), kind="strength for need", source="peer review")


def matches_of(urns: Sequence[int], inputs: Inputs) -> int:
    """How many needs of each are a strength of each other."""
    none: frozenset[str] = frozenset()
    return sum(len(inputs.needs.get(a, none) & inputs.strengths.get(b, none)) for a in urns for b in urns if a != b)


def _facilitator(numbers: Sequence[int], bases: Sequence[int], account: Account, assigned: Assignment | None) -> str:
    """The adviser who serves most of a trio's heads; of equals the one of the lowest partnership."""
    if assigned is None:
        return ""
    heads = [assigned.name_of(account.plan.partnership_of[urn]) for urn in bases]
    names = [name for number in numbers if (name := assigned.name_of(number))]
    return max(names, key=lambda name: (heads.count(name), -names.index(name)), default="")


def calendar(advisers: Sequence[str], settings: Review) -> list[tuple[date, ...]]:
    """Three days for each trio, a week or more apart; no adviser has two reviews on one day.

    An adviser's first five trios take one weekday each, in the first three open weeks; the next five the weeks after.
    Raises BadData where the window is too short for that.
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
    """Mondays of the window's weeks in which no day is closed; the first on or after the day it starts."""
    assert settings.starts is not None
    first = settings.starts + timedelta(days=-settings.starts.weekday() % 7)
    mondays = [first + timedelta(weeks=n) for n in range(settings.weeks)]
    closed = {day - timedelta(days=day.weekday()) for day in settings.closed}
    return [monday for monday in mondays if monday not in closed]


def calendars(found: ReviewRound, account: Account, settings: Review) -> Mapping[int, bytes]:
    """By base URN, the reviews that its head takes part in, as iCalendar; the same round gives the same bytes."""
    from icalendar import Event

    assert settings.starts is not None
    area = account.area
    books: dict[int, Calendar] = {}
    for trio in found.trios:
        for visit in trio.visits:
            names = [area.name_of(urn) for urn in trio.urns]
            for urn in trio.urns:
                event = Event()
                event.add("uid", f"{visit.day:%Y%m%d}-{visit.host_urn}-{urn}@school-partnerships")
                event.add("dtstamp", _midnight(settings.starts))  # no clock: the round's own first day
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
