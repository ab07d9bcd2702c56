"""The committee report, in the order of council reports: from the run, with gaps where only people know the text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partition.plans.account import amount
from partition.report.authored import authored
from partition.report.brief import Brief, Considered
from partition.report.paper import Block, Heading, Paper, Points, Words, count, grid, pounds
from partition.report.sections import appendices, closing, implications, opening, plan
from partition.scheme.money import MoneyAccount


def committee_report(brief: Brief) -> Paper:
    """Return the whole report."""
    settings = brief.settings
    return Paper(
        title=brief.background.title,
        blocks=tuple(_blocks(brief)),
        marks=brief.standing.marks,
        foot=brief.foot,
        is_draft=brief.standing.is_draft,
        author=settings.author,
        subject=f"Report to {settings.to}" if settings.to else "Committee report",
    )


def _blocks(brief: Brief) -> Iterator[Block]:
    yield from opening.head(brief)
    for title, section in SECTIONS:
        if blocks := list(section(brief)):
            yield Heading(title)
            yield from blocks
    for title, section in APPENDICES:
        if blocks := list(section(brief)):
            yield Heading(title, is_appendix=True)
            yield from blocks


def _financial(brief: Brief) -> Iterator[Block]:
    yield from _money(brief)
    yield from authored(brief, "financial")


def _money(brief: Brief) -> Iterator[Block]:
    money = brief.scheme.money
    if money.total("yearly_pence") or money.total("start_most_pence"):
        yield from _grants(brief, money)
    else:
        yield Words("No grant is set: the figures of the scheme's money are nil.")
    travel = _travel_rows(money)
    if travel:
        yield grid(
            "What a year's meetings cost schools to reach (not grant)", ("What", "A year"), travel, (8, 3), numbers=(1,)
        )
    posts = [post for several in brief.scheme.posts.values() for post in several]
    for title in dict.fromkeys(post.title for post in posts):
        own = [post for post in posts if post.title == title]
        priced = sum(post.pounds for post in own)
        costs = f", at {pounds(priced * 100)} a year" if priced else ""
        fte = sum(post.fte_tenths for post in own) / 10
        yield Words(
            f"Shared post: {title}. {fte:g} full-time equivalents{costs}. Source: {own[0].source or 'not named'}."
        )


def _grants(brief: Brief, money: MoneyAccount) -> Iterator[Block]:
    given = brief.scenario.money
    rates = {
        "for each partnership a year": given.per_partnership,
        "for each small school in one a year": given.per_school,
        "for each small school to start": given.start_per_school,
    }
    told = "; ".join(f"{pounds(rate * 100)} {what}" for what, rate in rates.items() if rate)
    yield Words(f"{told}. Source of these figures: {money.source or 'not named'}. Associates draw no grant.")
    rows: list[Sequence[object]] = [
        (
            one.number,
            one.name,
            one.small_schools,
            pounds(one.yearly_pence),
            pounds(one.start_pence),
            pounds(one.first_year_pence),
            pounds(one.paid_pence),
        )
        for one in money.partnerships
    ]
    names = ("yearly_pence", "start_pence", "first_year_pence", "paid_pence")
    small = sum(one.small_schools for one in money.partnerships)
    rows.append(("", "In all", small, *(pounds(money.total(name)) for name in names)))
    headings = ("No.", "Partnership", "Small schools", "A year", "To start", "First year", "Paid so far")
    yield grid("Grant", headings, rows, (1, 4.2, 1.9, 2.4, 2.4, 2.4, 2.4), numbers=(0, 2, 3, 4, 5, 6), has_total=True)
    flow = [(f.stage, f.partnerships, pounds(f.paid_pence), pounds(f.to_come_pence)) for f in money.flow]
    yield grid(
        "Cash flow of the first year, by the stage that partnerships come to",
        ("Stage", "Partnerships there", "Paid", "Still to come"),
        flow,
        (4, 3, 3, 3),
        numbers=(1, 2, 3),
    )
    if money.total("lump_sum_pence"):
        known = money.total("lump_sum_schools")
        lump, sparse = (pounds(money.total(f"{what}_pence")) for what in ("lump_sum", "sparsity"))
        yield Words(f"Formula lump sums of {count(known, 'school')}, as imported: {lump}; sparsity payments: {sparse}.")


def _travel_rows(money: MoneyAccount) -> list[tuple[str, str]]:
    travels = [one.travel for one in money.partnerships]
    miles = [one.heads_miles for one in travels if one.heads_miles is not None]
    driven = f"{sum(one.heads_minutes for one in travels) / 60:,.0f} hours"
    rows = [("Heads' driving", f"{driven}, {sum(miles):,} miles" if miles else driven)]
    priced = {
        "Mileage": [one.mileage_pence for one in travels],
        "Heads' time": [one.heads_time_pence for one in travels],
        "Staff visits": [one.staff_pence for one in travels],
    }
    rows += [(what, pounds(sum(p or 0 for p in pence))) for what, pence in priced.items() if any(pence)]
    return rows if travels else []


def _options(brief: Brief) -> Iterator[Block]:
    options = brief.options
    whats = list(dict.fromkeys(what for option in options for what in option.figures))
    letters = [option.name[0] for option in options]
    yield Words("These options were considered:")
    yield Points(tuple(f"{option.name}. {option.sureness}" for option in options))
    yield grid(
        "The options in figures",
        ("", *letters),
        [(what, *(option.figures.get(what) for option in options)) for what in whats],
        (3, *[4] * len(letters)),
    )
    yield Words(_nothing(brief, options[0]))
    yield from _preferred(brief)


def _preferred(brief: Brief) -> Iterator[Block]:
    if brief.preferred is not None:
        yield Words(f"Preferred: option {brief.preferred.name}.", is_strong=True)
    else:
        yield from authored(brief, "preferred")
    yield from authored(brief, "preferred_because")


def _nothing(brief: Brief, nothing: Considered) -> str:
    if brief.today is None or not nothing.figures:
        return (
            "Doing nothing remains open: partnerships are voluntary, and today's arrangements go on where schools wish."
        )
    today, roster = brief.today, brief.account.problem.roster
    placed = roster.small_schools - len(today.unplaced)
    broken = len({breach.rule for breach in today.breaches if not breach.private})
    return (
        f"Doing nothing leaves {placed} of {roster.small_schools} small schools in a group, with "
        f"{amount(today.cost.travel, today.unit)} of heads' travel a year by the same measure; by the criteria of this "
        f"report today's groups break {count(broken, 'kind')} of criterion."
    )


SECTIONS = (
    ("Summary", opening.summary),
    ("Actions required", opening.actions),
    ("Background", opening.background),
    ("The partnerships", plan.partnerships),
    ("What changes from today", plan.changes),
    ("Schools not yet placed", plan.unplaced),
    ("Options", _options),
    ("Alternatives rejected", closing.rejected),
    ("Conclusion", closing.conclusion),
    ("Consultation", closing.consultation),
    ("Financial implications", _financial),
    ("Legal implications", implications.legal),
    ("Risk implications", implications.risk),
    ("Equality and travel", implications.equality),
    ("Climate", implications.climate),
    ("Did it work?", appendices.effects),
    ("Background papers", closing.background_papers),
)
APPENDICES = (
    ("The schools", appendices.schools),
    ("How the plan was made", appendices.method),
    ("Data", appendices.data),
    ("Advisers", appendices.advisers),
    ("Working links", appendices.links),
)
