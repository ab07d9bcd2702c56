"""Mutations of text: encodings, lines, words, nesting."""

from __future__ import annotations

import re

from fuzzing.hostile import TEXTS
from fuzzing.mutations.register import Spoilt, mutation

WORD = re.compile(r"[\w.-]+")


def text_of(it: Spoilt) -> str:
    return it.path.read_text(encoding="utf-8", errors="surrogateescape")


def write_text(it: Spoilt, text: str, encoding: str = "utf-8") -> None:
    it.path.write_bytes(text.encode(encoding, errors="surrogateescape" if encoding == "utf-8" else "replace"))


@mutation("text")
def in_another_encoding(it: Spoilt) -> None:
    encoding = it.draws.choice(("utf-8-sig", "utf-16", "utf-16-be", "utf-32", "utf-7", "cp037"))
    write_text(it, text_of(it).replace("School", "Schöol"), encoding)


@mutation("text")
def words_replaced(it: Spoilt) -> None:
    text = text_of(it)
    for _ in it.some():
        words = list(WORD.finditer(text))
        if not words:
            return
        word = it.draws.choice(words)
        text = text[: word.start()] + it.draws.choice(TEXTS) + text[word.end() :]
    write_text(it, text)


@mutation("text")
def lines_in_disorder(it: Spoilt) -> None:
    lines = text_of(it).splitlines(keepends=True)
    match it.draws.randrange(4):
        case 0:
            it.draws.shuffle(lines)
        case 1:
            del lines[it.draws.randrange(len(lines)) :: it.draws.randint(1, 5)]
        case 2:
            lines.insert(it.draws.randrange(len(lines) + 1), it.draws.choice(lines))
        case 3:
            lines *= 50
    write_text(it, "".join(lines))


@mutation("text")
def other_ends_of_lines(it: Spoilt) -> None:
    ends = it.draws.choice(("\r", "\r\r\n", "\n\n\n", "\u2028", "\x0b", ""))
    write_text(it, text_of(it).replace("\n", ends))


@mutation("text")
def signs_without_end(it: Spoilt) -> None:
    """A run of one sign, as long as a parser without bounds may choke on."""
    text = text_of(it)
    at = it.draws.randrange(len(text) + 1)
    run = it.draws.choice("[{(\"',;=.<&\\-9 \n") * it.draws.choice((50, 2_000, 100_000))
    write_text(it, text[:at] + run + text[at:])
