"""A passage of the guide by its name: a setting, a command, a kind of fault, or a page."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import typer

from partition.cli.guide.markdown import slug, without_marks
from partition.cli.guide.site import markdown_of

HEADING = re.compile(r"^(#{1,6}) (.+)$")
WHOLE_PAGES = 1  # the level of a page's own heading


def passage(name: str, root: typer.Context) -> tuple[str, str] | list[str]:
    """Return the address and the Markdown of the passage of a name; where there is none, names that are like it."""
    known: dict[str, tuple[str, str]] = {}
    for page, text in markdown_of(root).items():
        for level, heading, lines in _parts(text):
            address = f"{page.name}.html" if level == WHOLE_PAGES else f"{page.name}.html#{slug(heading)}"
            for called in _names(page.name, level, heading):
                known.setdefault(called, (address, lines))
    asked = name.strip().lower()
    return known[asked] if asked in known else difflib.get_close_matches(asked, known, n=3)


def _names(page: str, level: int, heading: str) -> Iterator[str]:
    """Yield what a passage may be asked for by: "rules.minutes_max" and "minutes_max"; "plan"; "blank-pupils"."""
    if level == WHOLE_PAGES:
        yield page
    words = heading.replace("`", "").lower()
    yield words
    if page == "commands":
        yield words.removeprefix("partnerships ")
    if page == "settings":
        yield words.partition(".")[2] or words.strip("[]")


def _parts(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the level, the heading and the text of every part of a page, with the parts below it."""
    lines = without_marks(text).splitlines()
    headings = []
    in_code = False
    for number, line in enumerate(lines):
        in_code ^= line.startswith("```")
        if not in_code and (found := HEADING.match(line)):
            headings.append((number, len(found[1]), found[2]))
    for place, (number, level, heading) in enumerate(headings):
        ends = (other for other, below, _ in headings[place + 1 :] if below <= level)
        yield level, heading, "\n".join(lines[number : next(ends, len(lines))])
