"""A paper as blocks, independent of its file format: `word` and `pdf` print the same blocks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Size = Literal["A4", "A3"]

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")  # not allowed in XML


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading, with a number if the paper's headings have numbers."""

    text: str


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph."""

    text: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Blank:
    """A gap that only the author can fill, shown clearly so that nobody overlooks it."""

    what: str


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
    """A whole paper. `marks` are its standing, shown on every page; a draft is marked across every page as well."""

    title: str
    blocks: tuple[Block, ...]
    marks: tuple[str, ...]
    foot: str
    is_draft: bool
    numbered: bool = True


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
