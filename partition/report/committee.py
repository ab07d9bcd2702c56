"""The committee report, in the order of council reports: from the run, with gaps where only people know the text."""

from __future__ import annotations

from collections.abc import Iterator

from partition.plans.amounts import amount
from partition.report.authored import authored
from partition.report.brief import Brief, Considered
from partition.report.money import money_section
from partition.report.paper import Block, Heading, Paper, Points, Words, count, grid
from partition.report.sections import appendices, closing, implications, opening, plan


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
    yield from money_section(brief)
    yield from authored(brief, "financial")


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
    placed = today.small_placed
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
    ("Joint training and staff", appendices.training),
    ("Working links", appendices.links),
)
