"""Joint training and joint staff on paper: tables, words and calendars."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from geodata.files import together
from geodata.sheets import Cell, write_csv
from partition.scheme.calendars import of_schools, training_events, write_calendars
from partition.scheme.scheme import Scheme

TITLE = "Joint training"


def write_training(scheme: Scheme, out: Path) -> dict[str, str]:
    """Write training days, sessions and joint staff as tables, and calendars; return each path by its content."""
    tables = {"days": list(_days(scheme)), "sessions": list(_sessions(scheme)), "joint staff": list(_lessons(scheme))}
    files = {}
    with together():
        events = list(training_events(scheme.sessions, scheme.account))
        if events:
            books = of_schools(events, scheme.account.area, TITLE)
            write_calendars(out / "calendars", {urn.stem: book for urn, book in books.items()})
            files["calendars"] = str(out / "calendars")
        for name, rows in tables.items():
            if len(rows) > 1:
                path = out / f"{name.replace(' ', '_')}.csv"
                write_csv(path, rows)
                files[name] = str(path)
    return files


def _days(scheme: Scheme) -> Iterator[Sequence[Cell]]:
    name = scheme.account.area.name_of
    yield (
        "partnership",
        "name",
        "venue_urn",
        "venue",
        "staff",
        "places",
        "drive_minutes_a_day",
        "why_none",
        "not_counted",
    )
    for number, day in scheme.training.items():
        venue = "" if day.venue_urn is None else name(day.venue_urn)
        silent = "; ".join(map(name, day.silent))
        own = scheme.account.partnerships[number - 1].name
        yield (number, own, day.venue_urn, venue, day.staff, day.places, round(day.minutes, 2), day.why_none, silent)


def _sessions(scheme: Scheme) -> Iterator[Sequence[Cell]]:
    yield ("day", "partnership", "name", "what", "whom", "people", "venue_urn", "venue")
    for one in scheme.sessions:
        venue = "" if one.venue_urn is None else scheme.account.area.name_of(one.venue_urn)
        own = scheme.account.partnerships[one.partnership - 1].name
        yield (one.day, one.partnership, own, one.what, one.whom, one.people, one.venue_urn, venue)


def _lessons(scheme: Scheme) -> Iterator[Sequence[Cell]]:
    yield ("partnership", "name", "weekday", "subject", "post", "urn", "school")
    for number, lessons in scheme.timetables.items():
        own = scheme.account.partnerships[number - 1].name
        for one in lessons:
            school = scheme.account.area.name_of(one.urn)
            yield (number, own, one.weekday, one.subject, one.post, one.urn, school)


def training_lines(scheme: Scheme) -> Iterator[str]:
    """Yield training days, sessions and joint staff in words, by partnership."""
    name = scheme.account.area.name_of
    for item in scheme.account.present:
        day = scheme.training.get(item.number)
        if day is not None and day.venue_urn is not None:
            drive = f"{day.minutes / 60:,.1f} hours’ drive a day"
            yield f"{item.number} {item.name}: {day.staff} staff at {name(day.venue_urn)}, {drive}"
        elif day is not None:
            yield f"{item.number} {item.name}: no venue, as {day.why_none}"
        for one in scheme.sessions:
            if one.partnership == item.number:
                where = "a venue to be found" if one.venue_urn is None else name(one.venue_urn)
                yield f"   {one.day}: {one.what}, for {one.whom}{f' ({one.people})' if one.people else ''}, at {where}"
        for lesson in scheme.timetables[item.number]:
            yield f"   {lesson.weekday}: {lesson.subject}{lesson.post and f' ({lesson.post})'} at {name(lesson.urn)}"
