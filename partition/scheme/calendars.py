"""Calendars (iCalendar) of a plan's schools and advisers: peer reviews and joint training. Same plan, same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.files import replacing, writable_folder
from geodata.urns import Urn
from partition.model.area import Area
from partition.plans.account import Account
from partition.scheme.review import ReviewRound
from partition.scheme.training import SessionHeld

if TYPE_CHECKING:
    from icalendar import Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One day in calendars. `key` tells events apart for ever, so that a calendar read twice holds each once."""

    key: str
    day: date
    what: str
    where: str
    told: str
    urns: tuple[Urn, ...]  # of the schools that come
    adviser: str = ""  # who comes as well


def review_events(rounds: Iterable[ReviewRound], area: Area) -> Iterator[Event]:
    """Yield each visit of each round of peer review."""
    for found in rounds:
        for trio in found.trios:
            names = "; ".join(area.name_of(urn) for urn in trio.urns)
            told = [found.title and f"{found.title}.", f"Trio: {names}.", trio.adviser and f"Adviser: {trio.adviser}."]
            for visit in trio.visits:
                host = area.name_of(visit.host_urn)
                yield Event(
                    key=f"{visit.day:%Y%m%d}-{visit.host_urn}",
                    day=visit.day,
                    what=f"Peer review at {host}",
                    where=host,
                    told=" ".join(filter(None, told)),
                    urns=trio.urns,
                    adviser=trio.adviser,
                )


def training_events(sessions: Iterable[SessionHeld], account: Account) -> Iterator[Event]:
    """Yield each session of each partnership, for all its schools."""
    area = account.area
    for one in sessions:
        where = "a venue to be found" if one.venue_urn is None else area.name_of(one.venue_urn)
        group = account.partnerships[one.partnership - 1].group
        yield Event(
            key=f"{one.day}-{one.partnership}-{one.whom}-{one.what}",
            day=date.fromisoformat(one.day),
            what=f"Joint training: {one.what}",
            where=where,
            told=f"For {one.whom}: {one.people} come." if one.people else f"For {one.whom}.",
            urns=tuple(group.urns),
        )


def of_schools(events: Sequence[Event], area: Area, title: str) -> Mapping[Urn, bytes]:
    """Return, by URN, each school's own calendar."""
    urns = sorted({urn for event in events for urn in event.urns})
    return {
        urn: _written(f"{title}: {area.name_of(urn)}", str(urn), [one for one in events if urn in one.urns])
        for urn in urns
    }


def of_advisers(events: Sequence[Event], title: str) -> Mapping[str, bytes]:
    """Return, by name, each adviser's own calendar."""
    names = sorted({event.adviser for event in events} - {""})
    return {
        name: _written(f"{title}: {name}", "adviser", [one for one in events if one.adviser == name]) for name in names
    }


def write_calendars(folder: Path, books: Mapping[str, bytes]) -> None:
    """Write calendars by the stems of their files."""
    writable_folder(folder)
    for stem, book in books.items():
        with replacing(folder / f"{stem}.ics") as temporary:
            temporary.write_bytes(book)


def _written(title: str, whose: str, events: Sequence[Event]) -> bytes:
    from icalendar import Event as Entry

    book = _book(title)
    first = min(event.day for event in events)
    for event in sorted(events, key=lambda one: (one.day, one.key)):
        entry = Entry()
        entry.add("uid", f"{event.key}-{whose}@school-partnerships")
        entry.add("dtstamp", datetime(first.year, first.month, first.day, tzinfo=UTC))  # not the time of writing
        entry.add("dtstart", event.day)
        entry.add("dtend", event.day + timedelta(days=1))
        entry.add("summary", event.what)
        entry.add("description", event.told)
        entry.add("location", event.where)
        book.add_component(entry)
    content: bytes = book.to_ical()
    return content


def _book(title: str) -> Calendar:
    from icalendar import Calendar

    book = Calendar()
    book.add("prodid", "-//school-partnerships//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", title)
    return book
