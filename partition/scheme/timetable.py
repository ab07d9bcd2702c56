"""Joint staff by subject and weekday: which school has which teacher when, and no teacher in two places on one day."""

from __future__ import annotations

from collections.abc import Iterable

from geodata.faults import BadData, Fault
from partition.plans.account import Account
from partition.scheme.inputs import WEEKDAYS, Lesson


def timetables(account: Account, lessons: Iterable[Lesson]) -> dict[int, tuple[Lesson, ...]]:
    """Return the lessons of each present partnership, by its number, in the order of the week.

    Raises BadData where one post of a partnership is at two schools on one day, with every such day.
    """
    placed, names = account.place_of, account.area
    found: dict[int, list[Lesson]] = {item.number: [] for item in account.present}
    for lesson in lessons:
        if lesson.urn in placed:
            found[placed[lesson.urn]].append(lesson)
    faults = []
    for number, own in found.items():
        own.sort(key=lambda one: (WEEKDAYS.index(one.weekday), one.subject, one.post, one.urn))
        first: dict[tuple[str, str, str], Lesson] = {}
        for lesson in own:
            key = (lesson.weekday, lesson.subject.casefold(), lesson.post)
            if first.setdefault(key, lesson) is not lesson:
                schools = f"{names.name_of(first[key].urn)} and {names.name_of(lesson.urn)}"
                fix = (
                    f"partnership {number} has {lesson.subject} at {schools} on {lesson.weekday}; "
                    "move one, or tell two teachers apart in the column post"
                )
                faults.append(Fault(file="scenario", column="posts.timetable", value=lesson.weekday, fix=fix))
    if faults:
        raise BadData(faults)
    return {number: tuple(own) for number, own in found.items()}


def lessons_at(lessons: Iterable[Lesson], urn: str) -> list[str]:
    """Return what joint staff teach at a school and when, in words: "French on Monday and Thursday"."""
    days: dict[str, list[str]] = {}
    for lesson in lessons:
        if lesson.urn == urn:
            days.setdefault(lesson.subject, []).append(lesson.weekday)
    return [f"{subject} on {' and '.join(dict.fromkeys(when))}" for subject, when in days.items()]
