"""The texts that only the author knows, in papers: each as it was written, or a gap that names its setting."""

from __future__ import annotations

from collections.abc import Iterator

from geodata.faults import BadData, Fault
from partition.formats.marks import LETTERS
from partition.report.brief import Brief
from partition.report.paper import Blank, Block, Points, Words
from partition.settings.authors import BY_KEY, AuthorText


def authored(brief: Brief, key: str, before: str = "") -> Iterator[Block]:
    """Yield the author's text, paragraph by paragraph, or the gap to be completed.

    `before` stands before a text that is given.
    """
    text, given = BY_KEY[key], getattr(brief.settings, key)
    if not given:
        if text.is_needed:
            yield Blank(text.asks, text.setting)
    elif isinstance(given, list):
        yield Points(tuple(given))
    else:
        first, *others = filter(None, map(str.strip, given.splitlines()))
        yield Words(before + first)
        yield from map(Words, others)


def fact(brief: Brief, key: str) -> tuple[str, str]:
    """Return the label of the author's text, and the text or the gap, in one line."""
    text, given = BY_KEY[key], getattr(brief.settings, key)
    said = "; ".join(given) if isinstance(given, list) else given
    return f"{text.label}:", said or gap(text)


def gap(text: AuthorText) -> str:
    """Return what stands in a line where the author's text is missing."""
    return f"[to be completed: {text.setting}]"


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
