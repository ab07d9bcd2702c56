"""The meanings of the house's words: the notebook has the same as the pages, and every page finds what it shows."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

from partition.formats.glossary import GLOSSARY, as_markdown, meanings

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "glossary.md"


def test_the_notebook_is_the_glossary():
    assert NOTEBOOK.read_text(encoding="utf-8") == as_markdown()


def test_no_word_stands_twice_and_each_has_one_line():
    words = [entry.word for entry in GLOSSARY]
    assert len(set(words)) == len(words)
    assert all(entry.means and "\n" not in entry.means and "|" not in entry.means for entry in GLOSSARY)


def test_every_word_that_a_page_explains_has_a_meaning():
    pages = [page.read_text(encoding="utf-8") for page in files("partition.web").joinpath("templates").iterdir()]
    asked = {word for page in pages for word in re.findall(r'\b(?:term|meaning)\("([^"]+)"', page)}
    assert {"headship", "gap", "priced in all", "firm core", "number on roll", "knee"} <= asked
    assert asked <= set(meanings())
    assert meanings()["headship"] == meanings()["head and their school(s)"]
