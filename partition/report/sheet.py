"""A sheet for a school: its companions, the drives, the meetings and the money, and the partnership's stage.

Schools get a sheet only from a stage that the user names: before it, a sheet would look like a decision.
"""

from __future__ import annotations

from collections.abc import Iterator

from geodata.urns import Urn
from partition.formats.days import day_words
from partition.plans.account import PartnershipAccount
from partition.plans.amounts import pounds
from partition.report.brief import Brief
from partition.report.money import first_year_words
from partition.report.paper import Block, Facts, Heading, Paper, Points, Words, count, grid, minutes
from partition.scheme.timetable import lessons_at
from partition.scheme.venues import VenueChoice
from partition.settings.scheme import Stage

VOLUNTARY = (
    "Taking part is voluntary. The school keeps its name, its governing body, its budget and its place. Tell us "
    "what does not fit: the plan can be changed, and the reasons for it are open."
)


def school_sheets(brief: Brief, least: Stage) -> dict[Urn, Paper]:
    """Return, by URN, a sheet for each school whose partnership has reached the stage `least`, or passed it."""
    return {
        urn: _sheet(brief, item, urn)
        for item in brief.account.present
        if brief.scheme.log.reached(item.number, least) is not None
        for urn in item.group.urns
    }


def _sheet(brief: Brief, item: PartnershipAccount, urn: Urn) -> Paper:
    return Paper(
        title=brief.account.area.name_of(urn),
        blocks=tuple(_blocks(brief, item, urn)),
        marks=brief.standing.marks,
        foot=brief.foot,
        is_draft=brief.standing.is_draft,
        numbered=False,
    )


def _blocks(brief: Brief, item: PartnershipAccount, urn: Urn) -> Iterator[Block]:
    account, area, scheme = brief.account, brief.account.area, brief.scheme
    card = next(card for card in brief.atlas.schools if card.urn == urn)
    own = scheme.log.of(item.number)
    yield Facts(
        (
            (area.identifier.one, str(urn)),
            ("Number on roll", f"{card.pupils:,}{f' ({card.corrected})' if card.corrected else ''}"),
            ("Partnership", brief.label(item.number)),
            ("How far it is", f"{own[-1].stage}, {day_words(own[-1].day)}" if own else brief.stage(item.number)),
            ("Part", "associate, without grant" if card.role == "associate" else "small school"),
        )
    )
    yield Words(VOLUNTARY, is_strong=True)
    yield Heading("Your partnership")
    by_urn = {one.urn: one for one in card.companions}
    rows = [
        (
            area.name_of(other),
            brief.roll(other),
            "associate" if account.role(other) == "associate" else "small school",
            minutes(by_urn[other].minutes_to),
            minutes(by_urn[other].minutes_from),
        )
        for other in by_urn
    ]
    headings = ("School", "On roll", "Part", "Minutes there", "Minutes back")
    yield grid("The other schools, nearest first", headings, rows, (6, 1.5, 2, 1.6, 1.6), numbers=(1, 3, 4))
    yield Words(f"Drives are between the places that heads travel from: {area.travel.words}.")
    if card.leaves:
        yield Words(f"With today, and no longer then: {'; '.join(card.leaves)}.")
    yield Heading("Meetings")
    yield Points(tuple(_meetings(brief, item, urn)))
    yield Heading("Money")
    yield Points(tuple(_money(brief, item)))


def _meetings(brief: Brief, item: PartnershipAccount, urn: Urn) -> Iterator[str]:
    scheme, area = brief.scheme, brief.account.area
    choice = scheme.venues[item.number]
    if choice.venue_urn is None:
        yield "No school can be reached by all: a venue is to be found."
    else:
        yield f"Lead Strategic Group: best venue {area.name_of(choice.venue_urn)}; {choice.people} people come."
        yield f"At your school by the rota: {_turns(choice, urn)}."
        if brief.scenario.venues.rota == "even":
            yield f"Meetings a year, so that the longest drive of a year is least: {choice.hosts_words(area)}."
    base = next(h.base_urn for h in item.group.headships if urn in h.urns)
    yield from (
        f"Your head drives {b.minutes:,.0f} minutes a year to them." for b in choice.burden if b.base_urn == base
    )
    if scheme.advisers is not None:
        yield f"Adviser: {scheme.advisers.name_of(item.number) or 'nobody yet'}."
    for post in scheme.posts.get(item.number, ()):
        days = dict(post.days).get(urn)
        yield f"{post.title[:1].upper()}{post.title[1:]}: " + (
            f"{count(days, 'day')} a year at your school." if days else "you keep your own."
        )
    yield from _training(brief, item, urn)


def _training(brief: Brief, item: PartnershipAccount, urn: Urn) -> Iterator[str]:
    """Yield the days of joint training, and when joint staff are at the school."""
    scheme, name = brief.scheme, brief.account.area.name_of
    day = scheme.training.get(item.number)
    if day is not None and day.venue_urn is not None:
        yield f"Joint training days: at {name(day.venue_urn)}; {day.staff} staff come."
    for one in scheme.sessions:
        if one.partnership == item.number:
            where = "a venue to be found" if one.venue_urn is None else name(one.venue_urn)
            yield f"{day_words(one.day)}: {one.what}, for {one.whom}, at {where}."
    taught = lessons_at(scheme.timetables[item.number], urn)
    if taught:
        yield f"Joint staff at your school: {'; '.join(taught)}."


def _turns(choice: VenueChoice, urn: Urn) -> str:
    """Return which of a year's meetings are at a school: "meeting 5 of 6"."""
    turns = [str(meeting.number) for meeting in choice.rota if meeting.venue_urn == urn]
    if not turns:
        return f"none of the {len(choice.rota)} meetings of a year"
    if len(turns) == 1:
        return f"meeting {turns[0]} of {len(choice.rota)}"
    return f"meetings {', '.join(turns[:-1])} and {turns[-1]} of {len(choice.rota)}"


def _money(brief: Brief, item: PartnershipAccount) -> Iterator[str]:
    money = brief.scheme.money
    if not money.is_set:
        yield "No grant is set."
        return
    one = money.of(item.number)
    yield f"Your partnership's schools together, first year: {first_year_words(one, money.settings)}."
    if one.costs_are_missing:
        yield "Nothing is paid to start before the approved costs of the business plan are given."
    yield f"Each later year: {pounds(one.yearly_pence)}."
    yield f"Paid so far: {pounds(one.paid_pence)}. Source of the figures: {money.source or 'not named'}."
