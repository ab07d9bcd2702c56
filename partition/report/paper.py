"""A paper as blocks, independent of its file format: `word` and `pdf` print the same blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from partition.formats.marks import LETTERS

Size = Literal["A4", "A3"]

DRAFT = "DRAFT"

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading, or at level 2 one within a section; one of an appendix has a letter, others a number."""

    text: str
    level: int = 1
    is_appendix: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph. One that ends in a colon leads to what follows, and stays on its page."""

    text: str
    is_strong: bool = False

    @property
    def leads(self) -> bool:
        """Return whether it leads to the next block."""
        return self.text.endswith(":")


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap that only the author can fill, by a setting; shown clearly, so that nobody overlooks it."""

    what: str
    setting: str = ""  # where the scenario has it; "" for what a decision brings

    @property
    def text(self) -> str:
        """Return what stands in the gap's place."""
        where = f" ({self.setting})" if self.setting else ""
        return f"[To be completed: {self.what}{where}]"


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """A list of facts: names in bold beside their values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table whose heading is repeated on every page. Columns in `numbers` are aligned to the right."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]  # shares of the page's width
    numbers: frozenset[int] = frozenset()
    has_total: bool = False  # whether the last row adds up the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture as vectors, and as pixels for formats without vectors; `words` describe it."""

    svg: str
    png: bytes
    words: str
    caption: str
    width_mm: float


Block = Heading | Words | Blank | Points | Facts | Grid | Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A whole paper. `marks` are its standing, shown on every page; a draft is marked across every page as well.

    In a paper that is `numbered`, headings, paragraphs, tables and figures have numbers (`labelled`).
    """

    title: str
    blocks: tuple[Block, ...]
    marks: tuple[str, ...]
    foot: str
    is_draft: bool
    numbered: bool = True
    author: str = ""
    subject: str = ""


def labelled(paper: Paper) -> Iterator[tuple[str, Block]]:
    """Yield each block with its label: "1.", "1.1", "Appendix A:", "A.1", "Table 1" or "Figure 1"; "" for none.

    Every format prints these labels, so that a paragraph has one number in all of them.
    """
    sections = appendices = paragraphs = tables = figures = 0
    section = ""
    for block in paper.blocks:
        label = ""
        match block:
            case Heading(is_appendix=True):
                appendices, paragraphs = appendices + 1, 0
                section = LETTERS[appendices - 1]
                label = f"Appendix {section}:"
            case Heading(level=1):
                sections, paragraphs = sections + 1, 0
                section, label = str(sections), f"{sections}."
            case Words() | Blank() if section:
                paragraphs += 1
                label = f"{section}.{paragraphs}"
            case Grid():
                tables += 1
                label = f"Table {tables}"
            case Picture():
                figures += 1
                label = f"Figure {figures}"
        yield label if paper.numbered else "", block


def legible(text: str) -> str:
    """Return text from files without characters that no paper can hold."""
    return _UNPRINTABLE.sub("", text)


def grid(
    caption: str,
    headings: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[float],
    *,
    numbers: Iterable[int] = (),
    has_total: bool = False,
) -> Grid:
    """Return a table from cells of any type; None becomes a dash."""
    return Grid(
        caption=caption,
        headings=tuple(headings),
        rows=tuple(tuple("–" if cell is None else str(cell) for cell in row) for row in rows),
        widths=tuple(widths),
        numbers=frozenset(numbers),
        has_total=has_total,
    )


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: "1 school", "2 schools"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def minutes(value: float | None) -> str:
    """Return minutes to the nearest whole number; a dash where they are not known."""
    return "–" if value is None else f"{value:.0f}"
