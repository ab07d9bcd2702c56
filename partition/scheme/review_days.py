"""Days for a round of peer review: three for each trio, with no adviser in two places on one day.

Where an adviser has too few weeks, the ways out are settings, each tried before it is offered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from geodata.faults import BadData, Fault
from partition.scheme.trios import TRIO
from partition.settings.scheme import WEEKS_MOST, Review

SCHOOL_DAYS = 5  # in a week


def days_of(advisers: Sequence[str], settings: Review) -> tuple[list[str], list[tuple[date, ...]]]:
    """Return each trio's adviser and its three days, at least a week apart; no adviser has two reviews on one day.

    `advisers` are those wished for, "" for none. An adviser's first five trios have one weekday each, in the first
    three open weeks; the next five in the weeks after. Where `stand_in` is set, an adviser with fewer reviews stands in
    for one with too few weeks. Raises BadData where the window is too short, with the ways out.
    """
    weeks = _open_weeks(settings)
    room = len(weeks) // TRIO * SCHOOL_DAYS  # trios that one adviser can go with
    coming = _shared_out(advisers, room) if settings.stand_in else list(advisers)
    short = _short(coming, room)
    if short:
        ways = list(_ways_out(advisers, settings))
        told = f"; {', or '.join(ways)}" if ways else ""
        raise BadData(
            Fault(
                file="scenario",
                column="review.weeks",
                value=settings.weeks,
                fix=f"{name or 'each trio'} needs {needed} open weeks; there are {len(weeks)}{told}",
            )
            for name, needed in short.items()
        )
    return coming, list(_days(coming, weeks))


def _short(advisers: Sequence[str], room: int) -> dict[str, int]:
    """Return the weeks that each adviser needs who has too few; "" where trios without an adviser have too few."""
    needed = {name: TRIO * (-(-advisers.count(name) // SCHOOL_DAYS) if name else 1) for name in dict.fromkeys(advisers)}
    return {name: weeks for name, weeks in needed.items() if weeks > room // SCHOOL_DAYS * TRIO}


def _days(advisers: Sequence[str], weeks: Sequence[date]) -> Iterator[tuple[date, ...]]:
    turns = dict[str, int]()
    for number, adviser in enumerate(advisers):
        turn = turns.get(adviser, 0) if adviser else number % SCHOOL_DAYS
        turns[adviser] = turn + 1
        block, weekday = divmod(turn, SCHOOL_DAYS)
        yield tuple(monday + timedelta(days=weekday) for monday in weeks[block * TRIO : block * TRIO + TRIO])


def _shared_out(advisers: Sequence[str], room: int) -> list[str]:
    """Return the advisers; for one without room left, whoever has fewest reviews comes, of equals the first by name."""
    names = sorted(set(advisers) - {""})
    loads = dict.fromkeys(names, 0)
    waiting, coming = [], list(advisers)
    for number, name in enumerate(advisers):
        if not name:
            continue
        if loads[name] < room:
            loads[name] += 1
        else:
            waiting.append(number)
    for number in waiting:
        coming[number] = min(names, key=lambda name: (loads[name], name))
        loads[coming[number]] += 1
    return coming


def _ways_out(advisers: Sequence[str], settings: Review) -> Iterator[str]:
    """Yield settings under which every trio has its days."""
    for weeks in range(settings.weeks + 1, WEEKS_MOST + 1):
        if _serves(advisers, settings, {"weeks": weeks}):
            yield f"set review.weeks = {weeks}"
            break
    if not settings.stand_in and _serves(advisers, settings, {"stand_in": True}):
        yield "set review.stand_in = true, so that an adviser with fewer reviews stands in"
    if settings.adviser_comes and _serves([""] * len(advisers), settings, {"adviser_comes": False}):
        yield "set review.adviser_comes = false, so that trios review without an adviser"


def _serves(advisers: Sequence[str], settings: Review, change: dict[str, object]) -> bool:
    changed = settings.model_copy(update=change)
    room = len(_open_weeks(changed)) // TRIO * SCHOOL_DAYS
    return not _short(_shared_out(advisers, room) if changed.stand_in else advisers, room)


def _open_weeks(settings: Review) -> list[date]:
    """Return the Mondays of weeks without a closed day, from the first Monday on or after the start of the window."""
    assert settings.starts is not None
    first = settings.starts + timedelta(days=-settings.starts.weekday() % 7)
    mondays = [first + timedelta(weeks=n) for n in range(settings.weeks)]
    closed = {day - timedelta(days=day.weekday()) for day in settings.closed}
    return [monday for monday in mondays if monday not in closed]
