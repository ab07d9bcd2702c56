"""The committee report, in the form of council reports: from the run, with blanks where only people know the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from partition.maps.facts import count as count_of
from partition.model.area import Existing
from partition.plans.account import PartnershipAccount, Role
from partition.plans.amounts import amount, pounds
from partition.report.brief import PARTS, Brief, Considered
from partition.report.criteria import criteria_met
from partition.report.drawing import Look, as_png, as_svg, draw_map
from partition.report.money import day_words, money_section
from partition.report.paper import (
    Blank,
    Block,
    Facts,
    Heading,
    Paper,
    Picture,
    Points,
    Words,
    count,
    grid,
    minutes,
)
from partition.scheme.advisers import Assignment
from partition.scheme.effects_sheet import tables as effects_tables

PAGE_MM = 170.0
LISTED_MOST = 60  # schools in one table of the report; the workbook lists all
NOWHERE: tuple[Role, ...] = ("unplaced", "associate alone", "not taking part", "left")
CLOSES_NONE = (
    "Partnerships are voluntary. No school is closed, merged or moved by this report, and none is proposed for "
    "closure: every school keeps its own name, governing body, budget and place."
)
PLAIN_METHOD = (
    "A computer program listed, in effect, every partnership that the criteria allow, and chose those that first place "
    "as many small schools as can be placed, and then take the least of head teachers' time. It does not judge "
    "schools, heads or pupils: it knows where schools are, how many pupils they have, how long the drives between "
    "them are, and what else is listed here as data. The same data and criteria give the same plan on any computer."
)


def committee_report(brief: Brief) -> Paper:
    """Return the whole report."""
    return Paper(
        title=brief.background.title,
        blocks=tuple(_blocks(brief)),
        marks=brief.standing.marks,
        foot=brief.foot,
        is_draft=brief.standing.is_draft,
    )


def _blocks(brief: Brief) -> Iterator[Block]:
    settings = brief.settings
    yield Facts(
        (
            ("Report to:", settings.to or "[name of the committee]"),
            ("Report of:", settings.author or "[post]"),
            ("Date:", brief.standing.day_words if brief.standing.day else "[date of the meeting]"),
            ("Subject:", brief.background.title),
            ("Standing:", "; ".join(brief.standing.marks)),
        )
    )
    for title, section in SECTIONS:
        blocks = list(section(brief))
        if blocks:
            yield Heading(title)
            yield from blocks


def _summary(brief: Brief) -> Iterator[Block]:
    account, said = brief.account, brief.quoted
    already = f", and {account.federation_words}" if account.federations else ""
    yield Words(
        f"This report shows {count(said['partnerships'].amount, 'partnership')} of small schools{already}, with "
        f"{said['placed'].text} of {said['small schools'].text} small schools in one. "
        f"{count(said['unplaced'].amount, 'small school')} "
        f"{'is' if said['unplaced'].amount == 1 else 'are'} not yet placed (section 6). {account.sureness()}"
    )
    yield from _left(brief)
    yield Words(CLOSES_NONE, is_strong=True)
    yield Facts(tuple((f"{what}:", value) for what, value in brief.figures.items()))


def _left(brief: Brief) -> Iterator[Block]:
    """Yield the partnerships that have left, by name, with what they were paid before."""
    for one in brief.scheme.money.left:
        paid = f"; before that it was paid {pounds(one.paid_pence)}" if one.paid_pence else ""
        yield Words(
            f"Partnership {one.number} {one.name} ({count(one.schools, 'school')}) left on {day_words(one.day)}{paid}. "
            "It is in no count and no sum of this report, but in the criteria and in what is priced: these are of the "
            "plan as it was made."
        )


def _actions(brief: Brief) -> Iterator[Block]:
    yield Words("The committee is asked to:")
    yield Points(
        (
            "note the partnerships shown in section 4 and on the map, and that they are voluntary;",
            "consider the options in section 8, including doing nothing;",
            "agree that schools be consulted on them as section 9 says, and that the outcome be reported back.",
        )
    )
    yield Blank("the decision sought, in the words to be minuted")


def _background(brief: Brief) -> Iterator[Block]:
    limit = brief.account.problem.roster.who.school_pupils_max
    if limit is not None:
        yield Words(
            f"The scheme is for primary schools with up to about {limit} pupils. Exceptions are made both ways where a "
            "school's own circumstances ask for it; larger schools may join as associates, without grant."
        )
    yield grid(
        "Schools by number on roll",
        ("Number on roll", "Schools", "Small", "In a partnership", "Associates"),
        [(b.words, b.schools, b.small, b.placed, b.associates) for b in brief.scheme.bands if b.schools],
        (3, 2, 2, 2, 2),
        numbers=(1, 2, 3, 4),
    )
    if exceptions := brief.scheme.exceptions:
        more = ("Reason",) if brief.internal else ()
        rows = [(e.name, e.pupils, e.what, *([e.reason] if brief.internal else [])) for e in exceptions]
        widths = (5, 2, 4, *([4] if brief.internal else []))
        yield grid("Exceptions", ("School", "On roll", "Exception", *more), rows[:LISTED_MOST], widths, numbers=(1,))


def _partnerships(brief: Brief) -> Iterator[Block]:
    account = brief.account
    items = account.present
    yield grid(
        "The partnerships",
        ("No.", "Name", "Heads", "Schools", "Pupils", "Minutes between bases, at most", "Stage"),
        [
            (
                item.number,
                f"{item.name} (a partnership already)" if item.already else item.name,
                len(item.group.members),
                len(item.group.schools),
                f"{item.group.pupils:,}",
                minutes(item.worst_minutes),
                brief.stage(item.number),
            )
            for item in items
        ],
        (1, 6, 1.4, 1.6, 1.6, 2.8, 2.4),
        numbers=(0, 2, 3, 4, 5),
    )
    atlas = brief.atlas
    drawn = draw_map(atlas, Look.figure(PAGE_MM, atlas))
    counts = count_of(atlas)
    placed = counts.placed + counts.in_federations
    yield Picture(
        svg=as_svg(drawn),
        png=as_png(drawn),
        caption="Where the partnerships are",
        words=(
            f"Map of {len(items)} numbered partnerships as outlined areas, {placed} small schools in them as "
            f"dots and {counts.unplaced} not yet placed as crosses. The tables of this report say the same in words."
        ),
        width_mm=PAGE_MM,
    )
    if account.federations:
        yield Words(
            f"Among them are {account.federation_words}: each has as many schools as a partnership needs and one head. "
            "They join no other, are placed and draw grant as they are, and no head drives to meet another."
        )
    yield Words("The same map, with schools by name, is on a sheet of its own (A3), and as an A4 sheet.")
    yield grid(
        "Who is in which partnership",
        ("No.", "Schools (number on roll)"),
        [(item.number, _members(brief, item)) for item in items],
        (1, 15),
        numbers=(0,),
    )


def _members(brief: Brief, item: PartnershipAccount) -> str:
    area = brief.account.area
    larger = {urn: "associate, " for urn in item.group.urns if brief.account.role(urn) == "associate"}
    return "; ".join(
        f"{area.name_of(urn)} ({larger.get(urn, '')}{area.pupils[area.index[urn]]})" for urn in item.group.urns
    )


def _changes(brief: Brief) -> Iterator[Block]:
    account, area = brief.account, brief.account.area
    if not area.existing:
        yield Words("No file of today's groups was given: what changes from today is not known.")
        return
    grouped = sum(urn in account.problem.roster.headship_of for urn in account.today_of)
    moved = brief.figures.get("Heads who change companions", "none")
    yield Words(
        f"{count(grouped, 'school')} that can take part {'is' if grouped == 1 else 'are'} in a group today. "
        f"Heads who would work with others than today: {moved}."
    )
    if kept := brief.figures.get("Working links kept"):
        yield Words(f"Working links that the plan keeps: {kept}.")
    rows = [(group.name, len(group.urns), _become(brief, group)) for group in area.existing]
    headings = ("Group today", "Schools", "In the plan")
    yield grid("What becomes of today's groups", headings, rows, (4, 1.6, 10), numbers=(1,))
    yield Words("The workbook says it school by school.")


def _become(brief: Brief, group: Existing) -> str:
    """Return where the schools of one of today's groups are in the plan, the largest number first."""
    place, roles = brief.account.place_of, [brief.account.role(urn) for urn in group.urns]
    numbers = Counter(place[urn] for urn in group.urns if urn in place)
    told = [f"{schools} in {brief.label(number)}" for number, schools in numbers.most_common()]
    told += [f"{roles.count(role)} {PARTS[role]}" for role in NOWHERE if role in roles]
    return "; ".join(told)


def _unplaced(brief: Brief) -> Iterator[Block]:
    account, area = brief.account, brief.account.area
    if not account.unplaced:
        yield Words("Every small school that takes part is in a partnership.")
        return
    yield Words("These schools are not left out: each is to be talked to, and may be placed by agreement.")
    rows = [
        (area.name_of(urn), area.pupils[area.index[urn]], account.reasons.get(urn) or "no reason was worked out")
        for urn in account.unplaced
    ]
    yield grid("Small schools not yet placed, and why", ("School", "On roll", "Why"), rows, (4, 1.2, 8), numbers=(1,))


def _options(brief: Brief) -> Iterator[Block]:
    options = brief.options
    whats = list(dict.fromkeys(what for option in options for what in option.figures))
    letters = [option.name[0] for option in options]
    yield Points(tuple(f"{option.name}. {option.sureness}" for option in options))
    yield grid(
        "The options in figures",
        ("", *letters),
        [(what, *(option.figures.get(what) for option in options)) for what in whats],
        (3, *[4] * len(letters)),
    )
    yield Words(_nothing(brief, options[0]))


def _nothing(brief: Brief, nothing: Considered) -> str:
    if brief.today is None or not nothing.figures:
        return (
            "Doing nothing remains open: partnerships are voluntary, and today's arrangements go on where schools wish."
        )
    today, roster = brief.today, brief.account.problem.roster
    placed = today.small_placed
    broken = len({breach.rule for breach in today.breaches if not breach.private})
    return (
        f"Doing nothing leaves {placed} of {roster.small_schools} small schools in a group, with "
        f"{amount(today.cost.travel, today.unit)} of heads' travel a year by the same measure; by the criteria of this "
        f"report today's groups break {count(broken, 'kind')} of criterion."
    )


def _consultation(brief: Brief) -> Iterator[Block]:
    yield Words("How far the partnerships have come:")
    yield Points(tuple(f"{stage}: {count(number, 'partnership')}" for stage, number in brief.stages) or ("none",))
    if brief.internal and (answers := brief.account.area.answers):
        said = [answer.said for answer in answers.values()]
        yield Words(
            "Answers of schools: " + ", ".join(f"{kind}: {said.count(kind)}" for kind in sorted(set(said))) + "."
        )
    yield Blank(
        "who was consulted (heads, governing bodies, dioceses, trusts, parents, unions, local members), when, and "
        "what they said"
    )


def _impact(brief: Brief) -> Iterator[Block]:
    account = brief.account
    drives = account.drives
    lower, higher = brief.atlas.flags_minutes
    counts = count_of(brief.atlas)
    if drives.size:
        yield Words(
            f"Travel: drives between the bases of two heads of a partnership take {drives.mean():.0f} minutes on "
            f"average and {drives[-1]:.0f} at most. {count(counts.slow, 'school')} would have a drive of over {lower} "
            f"and up to {higher} minutes, {count(counts.very_slow, 'school') if counts.very_slow else 'none'} one of "
            f"over {higher}. It is heads and staff who would travel; no pupil's journey to school changes."
        )
    if venues := brief.scheme.venues:
        most = max((burden.minutes for choice in venues.values() for burden in choice.burden), default=0.0)
        yield Words(
            f"The Lead Strategic Group's meetings in person, by a fair rota, ask at most {most:,.0f} minutes of "
            "driving a year of any one head."
        )
    yield Words(
        "Equality: no personal characteristic of anybody is read or used. Whether partnerships bear on any group "
        "more than on another (staff with caring duties who would travel, schools of one denomination, pupils with "
        "special needs) has not been worked out by the program."
    )
    yield Blank("the equality impact assessment under section 149 of the Equality Act 2010")


def _method(brief: Brief) -> Iterator[Block]:
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
        f"{prices.minutes_per_separation:g} for each two heads parted who are together today."
    )


def _data(brief: Brief) -> Iterator[Block]:
    day = brief.settings.data_day
    yield Words(f"The data is of {day}.") if day else Blank("what day the data is of (report.data_day)")
    rows = [(name, sha256[:16] or "no hash is kept") for name, sha256 in brief.sources]
    if rows:
        yield grid("Files that the plan was made from", ("File", "Begins with this hash (SHA-256)"), rows, (5, 5))
    told = brief.background.told
    if told:
        yield Points(tuple(told[:LISTED_MOST]))
    if brief.background.attribution:
        yield Words(" ".join(brief.background.attribution))


def _advisers(brief: Brief) -> Iterator[Block]:
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


def _training(brief: Brief) -> Iterator[Block]:
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
        rows = [(day, what, whom, number) for (day, what, whom), number in held.items()]
        yield grid("Days of joint training", ("Day", "What", "For", "Partnerships"), rows, (2, 6, 2, 2), numbers=(3,))
    taught = [(number, lesson) for number, own in scheme.timetables.items() for lesson in own]
    if taught:
        rows_ = [(number, lesson.subject, lesson.weekday, name(lesson.urn)) for number, lesson in taught]
        headings_ = ("No.", "Subject", "Weekday", "School")
        yield grid("Joint staff by subject and weekday", headings_, rows_[:LISTED_MOST], (1, 4, 2, 6), numbers=(0,))


def _effects(brief: Brief) -> Iterator[Block]:
    found = brief.scheme.effects
    if found is None:
        return
    yield Words(found.caution, is_strong=True)
    for table in effects_tables(brief.scheme, found, internal=brief.internal):
        yield grid(table.title, table.headings, table.rows[:LISTED_MOST], table.widths, numbers=table.numbers)
        if table.note:
            yield Words(table.note)


def _papers(brief: Brief) -> Iterator[Block]:
    own = (
        f"The plan file (digest {brief.account.plan.digest}); anybody can check it: partnerships verify",
        "Workbook of schools, partnerships, money and criteria",
        "Maps on A4 and A3",
        "Algorithmic transparency record",
    )
    yield Points((*own, *brief.settings.background))
    if brief.settings.contact:
        yield Words(f"Questions: {brief.settings.contact}")


def _links(brief: Brief) -> Iterator[Block]:
    """Yield the working links, in internal reports only."""
    links = brief.account.links if brief.internal else ()
    if links:
        area = brief.account.area
        rows = [(area.name_of(a), area.name_of(b), "kept" if kept else "parted") for a, b, kept in links]
        yield grid("Who works with whom (internal)", ("School", "School", "In the plan"), rows, (5, 5, 2))


SECTIONS = (
    ("Summary", _summary),
    ("Actions required", _actions),
    ("Background", _background),
    ("The partnerships", _partnerships),
    ("What changes from today", _changes),
    ("Schools not yet placed", _unplaced),
    ("Money", money_section),
    ("Options", _options),
    ("Consultation", _consultation),
    ("Equality and travel impact", _impact),
    ("Data", _data),
    ("How the plan was made", _method),
    ("Advisers", _advisers),
    ("Joint training and staff", _training),
    ("Did it work?", _effects),
    ("Working links", _links),
    ("Background papers", _papers),
)
