"""Which pages the guide has, and where each stands."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the guide: the name of its file without its ending, and its source, "" where the program writes it."""

    name: str
    source: str = ""


def _of(source: str) -> Page:
    return Page(source.partition(".")[0], source)


CONTENTS: dict[str, tuple[Page, ...]] = {
    "Start": (Page("index", "README.md"), _of("install.md"), _of("real_county.md"), _of("page.md")),
    "Tutorials": (
        *(_of("first_hour.ipynb"), _of("what_if.ipynb"), _of("adviser_patch.ipynb"), _of("will_it_hold.ipynb")),
        _of("proof.ipynb"),
    ),
    "How to": (
        *(_of("data.md"), _of("changes.md"), _of("studies.md"), _of("answers.md"), _of("scheme_how_to.md")),
        *(_of("papers.md"), _of("languages.md"), _of("python.md"), _of("adding_a_rule.md")),
    ),
    "Reference": (Page("settings"), Page("commands"), _of("faults.md"), _of("glossary.md"), _of("scheme.md")),
    "Why trust it": (_of("proven.md"), _of("compared.md"), _of("privacy.md")),
}
PAGES = tuple(page for pages in CONTENTS.values() for page in pages)
PICTURES = ("map.png", "page.png")
