"""What follows from it all, who was asked, and the papers behind the report."""

from __future__ import annotations

from collections.abc import Iterator

from partition.report.authored import authored
from partition.report.brief import Brief
from partition.report.paper import Block, Points, Words, count


def rejected(brief: Brief) -> Iterator[Block]:
    """Yield why the other options are not preferred."""
    return authored(brief, "rejected")


def conclusion(brief: Brief) -> Iterator[Block]:
    """Yield the author's conclusion."""
    return authored(brief, "conclusion")


def consultation(brief: Brief) -> Iterator[Block]:
    yield Words("How far the partnerships have come:")
    yield Points(tuple(f"{stage}: {count(number, 'partnership')}" for stage, number in brief.stages) or ("none",))
    if brief.internal and (answers := brief.account.area.answers):
        said = [answer.said for answer in answers.values()]
        yield Words(
            "Answers of schools: " + ", ".join(f"{kind}: {said.count(kind)}" for kind in sorted(set(said))) + "."
        )
    yield from authored(brief, "consultation")


def background_papers(brief: Brief) -> Iterator[Block]:
    own = (
        f"The plan file (digest {brief.account.plan.digest}); anybody can check it: partnerships verify",
        "Workbook of schools, partnerships, money and criteria",
        "Maps on A4 and A3",
        "Algorithmic transparency record",
    )
    yield Words("These papers are behind this report:")
    yield Points((*own, *brief.settings.background))
