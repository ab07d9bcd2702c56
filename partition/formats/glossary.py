"""The house words: what people read on screens and papers, what the code calls it, and its meaning in one line.

`notebooks/glossary.md` is this table as Markdown, and pages show the meaning where a word stands.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple


class Meaning(NamedTuple):
    """A word of the house."""

    word: str  # as people read it
    code: str  # as the code calls it, in Markdown
    means: str
    of_the_method: bool = False  # a word of the solver, which people who plan need not know


GLOSSARY = (
    Meaning("school", "`school`", "a school of the file that was given"),
    Meaning("number on roll", "`pupils`", "how many pupils a school has; by it a school is small, or is not"),
    Meaning(
        "URN, Seed code, Roll number ...",
        "`urn`; `identifier` is the word",
        "the text by which a register knows a school, under the name that its register gives it",
    ),
    Meaning("small school", "`small`", "a school at or under its limit of pupils: it is to be placed"),
    Meaning("associate", "`associate`", "a larger school that may join a partnership, without grant"),
    Meaning(
        "head and their school(s)",
        "`headship`",
        "the schools that one head leads, a federation for instance; it stays together and is the unit that is grouped",
    ),
    Meaning("base", "`base`", "the school from which a head travels: the headship's largest, or as given"),
    Meaning("working link", "`Link`", "two schools that work together today; it has a weight, 1 for an ordinary link"),
    Meaning("criterion", "`Rule`", "what a partnership, or a plan, must keep"),
    Meaning(
        "priority", "`Preferences`", "a price in heads' minutes a year: it makes one allowed plan better than another"
    ),
    Meaning("option", "`Scenario`", "data, criteria and priorities in one file"),
    Meaning("partnership", "`Group`", "headships that meet; with at least one small school"),
    Meaning("meeting venue", "`host`, `venue`", "the school where a partnership meets"),
    Meaning("plan", "`Plan`", "disjoint partnerships, and the schools in none"),
    Meaning("not yet placed", "`unplaced`", "a small school in no partnership"),
    Meaning(
        "left", "`left`", "a partnership that has come to an end: it keeps its number, and is in no count and no sum"
    ),
    Meaning("financial year", "`year`", "April to March, called by both its years: 2026-27"),
    Meaning(
        "first year", "`first_year`", "a partnership's own: money to start, and what its first financial year brings"
    ),
    Meaning(
        "ledger", "`Ledger`", "every payment of the scheme: to whom, in which financial year, at which stage, for what"
    ),
    Meaning("kept as now", "`Locked`", "a partnership of today that a plan must keep"),
    Meaning("roll, forecast", "`roll`", "a column of pupil numbers, such as one for a year to come"),
    Meaning("moves", "`moved`", "heads of today's partnerships who change companions, or have none any more"),
    Meaning("cost", "`Cost`", "heads' minutes a year: travel, links broken, change, balance; in whole thousandths"),
    Meaning(
        "heads' travel",
        "`Cost.travel`",
        "what heads drive in a year to meet, from base to base; no other price is in it",
    ),
    Meaning(
        "priced in all",
        "`Cost.total`",
        "heads' travel with the prices set on working links broken, change and balance: the sum that a search lowers",
    ),
    Meaning("bound", "`bound`", "what no plan under these criteria can cost less than: proven"),
    Meaning("gap", "`gap`", "how far a plan may be from the best: (cost − bound) / cost"),
    Meaning("proven best", "`optimal`", "no plan leaves fewer small schools unplaced, and among those none costs less"),
    Meaning(
        "column",
        "`column`",
        "of a table: a heading with its values; in the solver: one partnership that a plan may use",
        True,
    ),
    Meaning(
        "relaxation",
        "`master`",
        "the plan as fractions of partnerships, a linear program; its value bounds the cost",
        True,
    ),
    Meaning("dual, price", "`dual`, `prices`", "what a headship is worth to the relaxation", True),
    Meaning(
        "reduced cost",
        "`reduced`",
        "a partnership's cost less what its headships are worth; only negative ones improve the relaxation",
        True,
    ),
    Meaning("cut", "`cuts`", "an inequality that every plan keeps and the relaxation broke", True),
    Meaning("branching", "`endgame`", "splitting the question in two where cuts no longer help", True),
    Meaning("diving", "`diving`", "rounding the relaxation to a plan, step by step", True),
    Meaning(
        "neighbourhood",
        "`neighbourhoods`",
        "a few partnerships of a plan whose headships are grouped again, exactly",
        True,
    ),
    Meaning("firm core", "`core`", "schools that are together in every option found"),
    Meaning("toss-up", "`toss_ups`", "a school that is in different partnerships in options nearly as good"),
    Meaning("knee", "`knee`", "the point of a curve after which a further step buys little"),
    Meaning("clash", "`Clash`", "criteria that no plan keeps together, as few as clash at all"),
    Meaning("way out", "`WayOut`", "a change of criteria after which a plan exists, tried by solving"),
    Meaning("seal", "`seal`", "a hash over a plan file's content: it shows accident, not forgery"),
    Meaning("internal", "`internal`", "not for publication: it may tell of a named head"),
)


@cache
def meanings() -> Mapping[str, str]:
    """Return what each word means, by the word in small letters, and by the name in code where no word is the same."""
    by_code = {name.casefold(): entry.means for entry in GLOSSARY for name in re.findall(r"`(\w+)`", entry.code)}
    by_word = {
        word.strip().casefold(): entry.means
        for entry in GLOSSARY
        for word in (entry.word, *entry.word.removesuffix(" ...").split(","))
    }
    return by_code | by_word


def as_markdown() -> str:
    """Return the glossary as `notebooks/glossary.md` has it."""
    rows = [f"| {entry.word} | {entry.code} | {entry.means} |" for entry in GLOSSARY]
    head = ["# Words", "", "What people read on screens and papers, and what the code calls it.", ""]
    return "\n".join([*head, "| word | in code | means |", "|---|---|---|", *rows]) + "\n"
