"""Markdown: tables, and text from files that is shown unchanged."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

_MARKUP = re.compile(r"[\\`*_\[\]|~]")


def markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = False) -> list[str]:
    """Return the lines of a table; with `numbers`, every column but the first is aligned to the right."""
    rules = ["---", *(["---:"] if numbers else ["---"]) * (len(headings) - 1)]
    cells = [headings, rules, *([plain(cell) for cell in row] for row in rows)]
    return ["| " + " | ".join(row) + " |" for row in cells]


def plain(text: str) -> str:
    """Return text that Markdown, and HTML made from Markdown, show unchanged.

    The text must not stand at the beginning of a line, where further characters have a meaning.
    """
    return _MARKUP.sub(r"\\\g<0>", escape(" ".join(text.split()), quote=False))
