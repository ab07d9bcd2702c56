"""Markdown to paste: tables, and text from files that stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

_MARKUP = re.compile(r"[\\`*_\[\]|~]")


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = False) -> list[str]:
    """A table's lines; with `numbers`, all but the first column stand to the right."""
    rules = ["---", *(["---:"] if numbers else ["---"]) * (len(headings) - 1)]
    cells = [headings, rules, *([plain(cell) for cell in row] for row in rows)]
    return ["| " + " | ".join(row) + " |" for row in cells]


def plain(text: str) -> str:
    """Text that Markdown, and HTML made from it, show as it is. It never stands at the beginning of a line."""
    return _MARKUP.sub(r"\\\g<0>", escape(" ".join(text.split()), quote=False))
