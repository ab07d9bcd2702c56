"""From the head of the report to its background."""

from __future__ import annotations

from collections.abc import Iterator

from partition.formats.days import day_words
from partition.formats.marks import INTERNAL
from partition.plans.amounts import pounds
from partition.report.authored import authored, fact
from partition.report.brief import Brief
from partition.report.method import CLOSES_NONE
from partition.report.paper import Block, Facts, Points, Words, count, grid
from partition.settings.authors import lines_of

LISTED_MOST = 60  # schools in one table of the report; the workbook lists all


def head(brief: Brief) -> Iterator[Block]:
    """Yield the facts at the head of the report."""
    access = ("Public or exempt:", INTERNAL) if brief.internal else fact(brief, "access")
    day = ("Date:", brief.standing.day_words if brief.standing.day else "[to be completed: the day]")
    first = [fact(brief, key) for key in ("council", "to", "author", "contact")]
    last = [fact(brief, key) for key in ("wards", "key_decision")]
    subject, standing = ("Subject:", brief.background.title), ("Standing:", "; ".join(brief.standing.marks))
    yield Facts((*first, day, subject, access, *last, standing))


def summary(brief: Brief) -> Iterator[Block]:
    account, said = brief.account, brief.quoted
    already = f", and {account.federation_words}" if account.federations else ""
    yield Words(
        f"This report shows {count(said['partnerships'].amount, 'partnership')} of small schools{already}, with "
        f"{said['placed'].text} of {said['small schools'].text} small schools in one. "
        f"{count(said['unplaced'].amount, 'small school')} {'is' if said['unplaced'].amount == 1 else 'are'} not yet "
        f"placed: the report says why. {account.sureness()}"
    )
    yield from _left(brief)
    if brief.preferred is not None:
        yield Words(f"Preferred is option {brief.preferred.name}.")
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


def actions(brief: Brief) -> Iterator[Block]:
    """Yield the decisions sought; what a committee is mostly asked stands there until the author has said."""
    yield Words("The committee is asked to:")
    if not lines_of(brief.settings.decisions):
        yield Points(
            (
                "note the partnerships shown in this report and on its map, and that they are voluntary;",
                "consider the options, including doing nothing;",
                "agree that schools be consulted on them, and that the outcome be reported back.",
            )
        )
    yield from authored(brief, "decisions")


def background(brief: Brief) -> Iterator[Block]:
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
        rows = [(e.name, brief.roll(e.urn), e.what, *([e.reason] if brief.internal else [])) for e in exceptions]
        widths = (5, 2, 4, *([4] if brief.internal else []))
        yield grid("Exceptions", ("School", "On roll", "Exception", *more), rows[:LISTED_MOST], widths, numbers=(1,))
        yield from more_than_listed(len(rows))


def more_than_listed(there: int) -> Iterator[Block]:
    """Yield where the rest is, if there are more than the report lists."""
    if there > LISTED_MOST:
        yield Words(f"These are the first {LISTED_MOST} of {there:,}; the workbook lists all.")
