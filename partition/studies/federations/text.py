"""Pairs that could share a head, for people: lines, facts for JSON, CSV and Markdown.

Ruling: that a post is vacant, or the day on which a head leaves, is told internally alone, and so is every order that
knows of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from geodata.files import replacing
from geodata.gias import column_words
from geodata.sheets import Cell, write_csv
from partition.formats.markdown import markdown_table, plain
from partition.formats.marks import INTERNAL
from partition.settings.federations import Reason
from partition.studies.federations.find import VACANT, Found, Pair, Post

SHOWN = 20  # pairs, in lines
WORDS: dict[Reason, str] = {
    "posts": "posts that are vacant, or the first to fall vacant",
    "surplus": "surplus places of both",
    "drive": "the drive between them",
    "character": "columns in which they are alike",
}
SETTINGS: dict[Reason, str] = {
    "posts": "federations.vacancy or federations.leaving",
    "surplus": "federations.surplus",
    "drive": "",
    "character": "federations.character",
}
WITHHELD = "Whose post is vacant, or who leaves when, is left out, and no order follows it. Ask with --internal."


def sentences(found: Found, internal: bool) -> list[str]:
    """Return what the pairs are ranked by, and what of that no column was named for."""
    pairs, left_out = found.ranked(internal), len(found.problem.roster.already)
    count = f"{len(pairs):,} pair{'s' * (len(pairs) != 1)} of heads could share one within the criteria"
    reasons = [WORDS[reason] for reason in found.reasons(internal)]
    said = [f"{count}, the best first by {', then '.join(reasons)}." if reasons else f"{count}, by the drive."]
    said += [
        f"Not looked at: {WORDS[reason]}, as {SETTINGS[reason]} names no column."
        for reason in found.not_named
        if reason in found.asked.order
    ]
    if left_out:
        heads = f"{left_out} head{'s' * (left_out != 1)}"
        said.append(f"{heads} of federations that are partnerships already {'are' if left_out > 1 else 'is'} left out.")
    if internal and (apart := sum(pair.kept_apart for pair in found.pairs)):
        are = "s that are" if apart > 1 else " that is"
        said.append(f"Left out: {apart} pair{are} kept apart by a criterion.")
    if not internal and "posts" not in found.not_named:
        said.append(WITHHELD)
    return said


def post_words(post: Post) -> str:
    """Return when a head's post falls vacant, in words; blank where nothing is known."""
    if post.vacant_from is None:
        return ""
    return "vacant" if post.vacant_from == VACANT else f"from {post.vacant_from}"


def _names(found: Found, pair: Pair) -> tuple[str, str]:
    a, b = (found.problem.roster.headships[head].name for head in pair.heads)
    return a, b


def reason_words(found: Found, pair: Pair, internal: bool) -> str:
    """Return the reasons for a pair in words, in the order in which they count."""
    told: dict[Reason, list[str]] = {
        "posts": [
            f"head of {name}: {post_words(post)}"
            for name, post in zip(_names(found, pair), pair.posts, strict=True)
            if post_words(post)
        ],
        "surplus": ["surplus not known" if pair.surplus is None else f"{pair.surplus:,} surplus places"],
        "drive": [f"{pair.minutes:.1f} minutes apart"],
        "character": [f"alike in {', '.join(map(column_words, pair.alike))}" if pair.alike else "unlike"],
    }
    return "; ".join(words for reason in found.reasons(internal) for words in told[reason])


def lines(found: Found, internal: bool) -> list[str]:
    """Return the lines that the command prints."""
    pairs = found.ranked(internal)
    shown = [
        f"{n}. {' and '.join(_names(found, pair))}: {reason_words(found, pair, internal)}"
        for n, pair in enumerate(pairs[:SHOWN], 1)
    ]
    more = [f"and {len(pairs) - SHOWN:,} more, in the files"] if len(pairs) > SHOWN else []
    return [*sentences(found, internal), "", *shown, *more]


def facts(found: Found, internal: bool) -> dict[str, Any]:
    """Return the pairs as facts for JSON."""
    headships = found.problem.roster.headships
    return {
        "ranked_by": list(found.reasons(internal)),
        "not_named": list(found.not_named),
        "pairs": [
            {
                "urns": [headships[head].base_urn for head in pair.heads],
                "names": list(_names(found, pair)),
                "minutes": pair.minutes,
                "surplus": pair.surplus,
                "alike": list(pair.alike),
                **({"posts": [post_words(post) for post in pair.posts]} if internal else {}),
            }
            for pair in found.ranked(internal)
        ],
    }


def _headings(found: Found, internal: bool) -> list[str]:
    one = found.problem.area.identifier.one
    posts = ["post of the head", "post of the other head"] if internal else []
    return ["rank", one, "head of", f"other {one}", "other head of", *posts, "surplus places", "minutes", "alike in"]


def _rows(found: Found, internal: bool) -> Iterator[list[Cell]]:
    headships = found.problem.roster.headships
    for rank, pair in enumerate(found.ranked(internal), 1):
        who = [cell for head in pair.heads for cell in (headships[head].base_urn, headships[head].name)]
        posts = [post_words(post) for post in pair.posts] if internal else []
        yield [rank, *who, *posts, pair.surplus, round(pair.minutes, 2), "; ".join(pair.alike)]


def markdown(found: Found, title: str, status: str, *, internal: bool = False) -> str:
    """Return the pairs as Markdown."""
    said = [f"# {plain(title)}: who could share a head", ""]
    said += [*([f"**{INTERNAL}**", ""] if internal else []), plain(status), ""]
    said += [f"- {plain(sentence)}" for sentence in sentences(found, internal)]
    rows = [["" if cell is None else str(cell) for cell in row] for row in _rows(found, internal)]
    said += ["", *markdown_table(_headings(found, internal), rows)] if rows else []
    return "\n".join([*said, ""])


def write_pairs(found: Found, title: str, status: str, out: Path, *, internal: bool = False) -> dict[str, str]:
    """Write the pairs as Markdown and as CSV; return the paths by what each is."""
    files = {"markdown": out / "federations.md", "pairs": out / "federations.csv"}
    with replacing(files["markdown"]) as temporary:
        text = markdown(found, title, status, internal=internal)
        temporary.write_text(text, encoding="utf-8", newline="\n")
    last: list[Sequence[Cell]] = [[INTERNAL]] if internal else []
    write_csv(files["pairs"], [_headings(found, internal), *_rows(found, internal), *last])
    return {what: str(path) for what, path in files.items()}
