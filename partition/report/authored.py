"""The texts that only the author knows, in papers: each as it was written, or a gap that names its setting."""

from __future__ import annotations

from collections.abc import Iterator

from geodata.faults import BadData, Fault
from partition.formats.marks import LETTERS
from partition.report.brief import Brief
from partition.report.paper import Blank, Block, Points, Words
from partition.settings.authors import BY_KEY, lines_of


def authored(brief: Brief, key: str, before: str = "") -> Iterator[Block]:
    """Yield the author's text, paragraph by paragraph, or the gap to be completed.

    `before` stands before a text that is given.
    """
    text, lines = BY_KEY[key], lines_of(getattr(brief.settings, key))
    if not lines:
        if text.is_needed:
            yield Blank(text.asks, text.setting)
    elif text.kind == "list":
        yield Points(tuple(lines))
    else:
        yield Words(before + lines[0])
        yield from map(Words, lines[1:])


def fact(brief: Brief, key: str) -> tuple[str, str]:
    """Return the label of the author's text, and the text or the gap, in one line."""
    text, lines = BY_KEY[key], lines_of(getattr(brief.settings, key))
    return f"{text.label}:", "; ".join(lines) or f"[to be completed: {text.setting}]"


def refuse_unfinished(brief: Brief) -> None:
    """Refuse papers that are final and not complete. Raises BadData with every setting that is missing or wrong."""
    faults = []
    if not brief.standing.is_draft:
        faults = [
            Fault(file=text.setting, fix=f"a final paper needs it: {text.asks}")
            for text in brief.settings.to_be_completed
        ]
    if brief.settings.preferred and brief.preferred is None:
        wanted, last = brief.settings.preferred, LETTERS[len(brief.options) - 1]
        faults.append(Fault(file="report.preferred", fix=f"no option is {wanted}: they are A to {last}"))
    if faults:
        raise BadData(faults)
