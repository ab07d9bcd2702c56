"""The appendices: the schools, the method, the data, advisers, what came of it, and working links."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from geodata.gias import column_words
from partition.formats.days import day_words
from partition.model.costs import THOUSANDTHS, Preferences
from partition.plans.account import PartnershipAccount
from partition.report.authored import authored
from partition.report.brief import PARTS, Brief
from partition.report.criteria import criteria_met
from partition.report.method import PLAIN_METHOD
from partition.report.paper import Block, Points, Words, grid, minutes
from partition.report.sections.opening import LISTED_MOST, more_than_listed
from partition.scheme.advisers import Assignment
from partition.scheme.effects_sheet import tables as effects_tables


def schools(brief: Brief) -> Iterator[Block]:
    """Yield who is in which partnership, with the letters that the map shows."""
    items = brief.account.present
    yield grid(
        "Who is in which partnership",
        ("No.", "Partnership", "Schools (number on roll)"),
        [(item.number, item.name, _members(brief, item)) for item in items],
        (1, 3.4, 12),
        numbers=(0,),
    )
    account = brief.account
    others = [
        (mark, account.area.name_of(urn), brief.roll(urn), PARTS[account.role(urn)])
        for urn, mark in brief.marks.items()
        if account.role(urn) in ("associate alone", "left")
    ]
    if others:
        headings = ("On the map", "School", "On roll", "Part")
        yield grid("Other schools on the map", headings, others, (1.6, 7, 2, 5), numbers=(2,))


def _members(brief: Brief, item: PartnershipAccount) -> str:
    account = brief.account
    larger = {urn: "associate, " for urn in item.group.urns if account.role(urn) == "associate"}
    return "; ".join(
        f"{brief.marks[urn]} {account.area.name_of(urn)} ({larger.get(urn, '')}{brief.roll(urn)})"
        for urn in item.group.urns
    )


def method(brief: Brief) -> Iterator[Block]:
    account = brief.account
    if account.run is None:
        yield Words("These groups were judged as they are: a program checked and costed them, and chose none of them.")
    else:
        yield Words(PLAIN_METHOD)
    yield Words(f"How sure: {account.sureness()}", is_strong=True)
    yield Words(f"Drives: {account.area.travel.words}. {' '.join(account.area.travel.attribution)}".strip())
    rows = [
        (met.words, met.how, {True: "yes", False: "no", None: "as sealed"}[met.is_met]) for met in criteria_met(account)
    ]
    yield grid("The criteria, and how each is met", ("Criterion", "In the plan", "Met"), rows, (6, 6, 1.6))
    prices = account.problem.preferences
    meet = {"rotate": "going round all schools", "host": "at the best venue", "pairs": "as visits in pairs"}[
        prices.meet
    ]
    yield Words(
        f"Among plans that place as many, the one that costs heads least: {prices.meetings_per_year:g} meetings a "
        f"year {meet}; {prices.minutes_per_link:g} minutes for each working link parted; "
        f"{prices.minutes_per_separation:g} for each two heads parted who are together today"
        f"{''.join(f'; {words}' for words in _other_prices(prices))}."
    )


def _other_prices(prices: Preferences) -> Iterator[str]:
    """Yield in words each price that is seldom set, where it is."""
    if prices.minutes_per_pupil_off_target:
        yield f"{prices.minutes_per_pupil_off_target:g} for each pupil by which one is off {prices.pupils_target:,}"
    for column, price in sorted(prices.minutes_per_difference.items()):
        yield f"{price:g} for each two heads of one partnership who differ in {column_words(column)}"
    for column, value, amount in prices.lacks:
        yield f"{amount / THOUSANDTHS:g} for a partnership without {value} in {column_words(column)}"
    if any(prices.minutes_per_wish):
        ranked = ", ".join(f"{price:g}" for price in prices.minutes_per_wish)
        yield f"{ranked} for a wish of a head not met, by rank, and as a first one where it is with a head not wanted"
    for start, price in prices.head_minutes_price:
        yield f"{price:g} more for each of a head's own minutes above {start:g}"


def data(brief: Brief) -> Iterator[Block]:
    yield from authored(brief, "data_day", "The data is of: ")
    rows = [(name, sha256[:16] or "no hash is kept") for name, sha256 in brief.sources]
    if rows:
        yield grid("Files that the plan was made from", ("File", "Begins with this hash (SHA-256)"), rows, (5, 5))
    if brief.corrected:
        yield grid(
            "Numbers on roll that were corrected",
            ("School", "In the file", "As corrected"),
            brief.corrected,
            (8, 2, 2),
            numbers=(1, 2),
        )
    if told := brief.background.told:
        yield Words("What was noticed about the data:")
        yield Points(tuple(told[:LISTED_MOST]))
        yield from more_than_listed(len(told))
    if brief.background.attribution:
        credits = "; ".join(credit.rstrip(". ") for credit in brief.background.attribution)
        yield Words(f"Credits: {credits}.")


def advisers(brief: Brief) -> Iterator[Block]:
    assigned: Assignment | None = brief.scheme.advisers
    if assigned is None:
        return
    yield grid(
        "Who would advise which partnerships: one adviser serves a whole partnership",
        ("Adviser", "Office", "Partnerships", "Schools", "Drive a year, hours"),
        [
            (
                patch.adviser.name,
                patch.adviser.office,
                ", ".join(map(str, patch.partnerships)) or "none",
                patch.schools,
                f"{patch.drive_minutes / 60:,.1f}",
            )
            for patch in assigned.patches
        ],
        (2, 4, 5, 2, 2.4),
        numbers=(3, 4),
    )
    for number in assigned.unserved:
        yield Words(f"Nobody serves {brief.label(number)} yet: {assigned.why_unserved[number]}.")


def training(brief: Brief) -> Iterator[Block]:
    """Yield where partnerships train together and when, and which joint staff teach where."""
    scheme, name = brief.scheme, brief.account.area.name_of
    if scheme.training:
        days = [
            (number, day.venue_urn and name(day.venue_urn), day.staff, day.places, minutes(day.minutes), day.why_none)
            for number, day in scheme.training.items()
        ]
        headings = ("No.", "Venue", "Staff", "Places there", "Drive of all, minutes a day", "Why none")
        yield grid("Where partnerships train together", headings, days, (1, 5, 1.5, 1.5, 2.5, 4), numbers=(0, 2, 3, 4))
    if scheme.sessions:
        held = Counter((one.day, one.what, one.whom) for one in scheme.sessions)
        rows = [(day_words(day), what, whom, number) for (day, what, whom), number in held.items()]
        yield grid("Days of joint training", ("Day", "What", "For", "Partnerships"), rows, (3, 6, 2, 2), numbers=(3,))
    taught = [(number, lesson) for number, own in scheme.timetables.items() for lesson in own]
    if taught:
        rows_ = [(number, lesson.subject, lesson.weekday, name(lesson.urn)) for number, lesson in taught]
        headings_ = ("No.", "Subject", "Weekday", "School")
        yield grid("Joint staff by subject and weekday", headings_, rows_[:LISTED_MOST], (1, 4, 2, 6), numbers=(0,))
        yield from more_than_listed(len(rows_))


def effects(brief: Brief) -> Iterator[Block]:
    found = brief.scheme.effects
    if found is None:
        return
    yield Words(found.caution, is_strong=True)
    for table in effects_tables(brief.scheme, found, internal=brief.internal):
        yield grid(table.title, table.headings, table.rows[:LISTED_MOST], table.widths, numbers=table.numbers)
        if table.note:
            yield Words(table.note)
        yield from more_than_listed(len(table.rows))


def links(brief: Brief) -> Iterator[Block]:
    """Yield the working links, in internal reports only."""
    links = brief.account.links if brief.internal else ()
    if links:
        area = brief.account.area
        rows = [(area.name_of(a), area.name_of(b), "kept" if kept else "parted") for a, b, kept in links]
        yield grid("Who works with whom (internal)", ("School", "School", "In the plan"), rows, (5, 5, 2))
