"""All files of the guide: pages, looks, script, pictures and what the search looks through."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import typer
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from partition.cli.guide.contents import CONTENTS, PAGES, PICTURES, Page
from partition.cli.guide.markdown import Rendered, render
from partition.cli.guide.reference import commands_page, settings_page
from partition.cli.guide.sources import source, text_of
from partition.formats.palette import as_css, as_dark_css

STATIC = ("guide.css", "guide.js")
PASSAGE_CHARACTERS_MAX = 1_500  # of a passage, that the search looks through


def site(root: typer.Context) -> dict[str, bytes]:
    """Return every file of the guide by its name; `root` is the context of the program's own command."""
    pages = rendered(root)
    own = {name: _static(name) for name in STATIC}
    texts = {
        **own,
        "palette.css": as_css() + as_dark_css(),
        "passages.js": _passages(pages),
        **{f"{page.name}.html": _html(page, pages) for page in PAGES},
    }
    return {
        **{name: text.encode() for name, text in texts.items()},
        **{name: source(name).read_bytes() for name in PICTURES},
    }


def rendered(root: typer.Context) -> dict[str, Rendered]:
    """Return every page by its name."""
    return {page.name: render(text) for page, text in markdown_of(root).items()}


def markdown_of(root: typer.Context) -> dict[Page, str]:
    """Return the Markdown of every page: as written, or as the program writes it."""
    made: dict[str, Callable[[], str]] = {"settings": settings_page, "commands": lambda: commands_page(root)}
    return {page: text_of(page.source) if page.source else made[page.name]() for page in PAGES}


def _static(name: str) -> str:
    return files("partition.cli.guide").joinpath("static", name).read_text(encoding="utf-8")


def _passages(pages: dict[str, Rendered]) -> str:
    """Return all that the search looks through, as a script: a page opened from a disk may fetch nothing else."""
    rows = [
        [f"{page.name}.html#{passage.name}", pages[page.name].title, passage.heading, _short(passage.text)]
        for page in PAGES
        for passage in pages[page.name].passages
    ]
    return f"window.guidePassages = {json.dumps(rows, ensure_ascii=False)};\n"


def _short(text: str) -> str:
    return text if len(text) <= PASSAGE_CHARACTERS_MAX else text[:PASSAGE_CHARACTERS_MAX]


def _html(page: Page, pages: dict[str, Rendered]) -> str:
    order = [one.name for one in PAGES]
    place = order.index(page.name)
    return (
        _templates()
        .get_template("page.html")
        .render(
            page=page,
            title=pages[page.name].title,
            content=Markup(pages[page.name].html),
            parts=[passage for passage in pages[page.name].passages if passage.level == 2],
            contents=CONTENTS,
            pages=pages,
            before=order[place - 1] if place else None,
            after=order[place + 1] if place + 1 < len(order) else None,
        )
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("partition.cli.guide", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
