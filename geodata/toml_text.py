"""TOML of unknown origin: a text is measured before it is parsed, and no other module parses TOML.

Parsers take time that grows with the square of a dotted key's length, and fail in ways of their own on deep nesting and
endless numbers. A text that passes these checks is read by either parser in a fraction of a second.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.cells import refused
from geodata.faults import BadData, Fault
from geodata.opening import open_regular

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

TEXT_BYTES_MAX = 64 * 2**10
WEIGHT_MAX = 15_000  # a list of 6,000 schools has 12,000
DOT_WEIGHT, HEADER_WEIGHT = 15, 25  # tables in tables and their headers cost a parser that much more than a value does
DEPTH_MAX = 8
DOTS_MAX = 5  # in one key
WORD_LENGTH_MAX = 100  # of a number, a date or a bare key
KEY_LENGTH_MAX = 200
TOLD_MAX = 200  # characters of a parser's message, which may quote the text
WORD = re.compile(r"[\w.+\-:]")
TOKEN = re.compile(
    r'"""(?:[^\\"]|\\.|"(?!""))*+(?:"""|\Z)'  # a string that is never closed goes on to the end
    r"|'''(?:[^']|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^\\"\n]|\\.)*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[\w.+\-:]++"
    r"|[^ \t\r]",
    re.DOTALL,
)


def read(path: Path) -> str:
    """Return the text of a file. Raises BadData where the file is no plain file, is too long, or is not in UTF-8."""
    with open_regular(path) as file:
        content = file.read(TEXT_BYTES_MAX + 1)
    if len(content) > TEXT_BYTES_MAX:
        raise refused(path, _too_long())
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise refused(
            path, f"it cannot be read as UTF-8 text: byte {wrong.start + 1} is none; save it as UTF-8"
        ) from None


def parse(text: str, name: str) -> dict[str, Any]:
    """Return the content of a text; `name` is its name in faults. Raises BadData for no TOML, or too much."""
    _weigh(text, name)
    try:
        given = tomllib.loads(text)
    except (ValueError, RecursionError) as wrong:
        raise _fault(name, f"it is not TOML (not a TOML file, or damaged): {str(wrong)[:TOLD_MAX]}") from None
    _refuse_long_keys(given, name)
    return given


def document(text: str, name: str) -> TOMLDocument:
    """Return a document that can be changed with its comments kept. Raises BadData as `parse` does."""
    import tomlkit
    from tomlkit.exceptions import TOMLKitError

    parse(text, name)
    try:
        return tomlkit.parse(text)
    except (TOMLKitError, ValueError, RecursionError) as wrong:
        raise _fault(name, f"it is not TOML that can be changed: {str(wrong)[:TOLD_MAX]}") from None


def _weigh(text: str, name: str) -> None:
    """Refuse a text that is longer, deeper or of more parts than people write. Raises BadData."""
    if len(text.encode("utf-8", "surrogatepass")) > TEXT_BYTES_MAX:
        raise _fault(name, _too_long())
    weight, depth, dots, line, before = 0, 0, 0, 1, "\n"
    for found in TOKEN.finditer(text):
        token = found[0]
        weight += 1
        if WORD.match(token):
            dots += token.count(".")
            weight += token.count(".") * DOT_WEIGHT
        elif token[0] not in "\"'":
            dots = 0
            depth += (token in "[{") - (token in "]}")
            weight += HEADER_WEIGHT * (token == "[" and before == "\n")
        if fix := _excess(token, depth, dots, weight):
            raise _fault(name, fix, line)
        line += token.count("\n")
        before = token


def _excess(token: str, depth: int, dots: int, weight: int) -> str:
    """Return the limit that a token exceeds, as an instruction; "" for a token within all limits."""
    if WORD.match(token) and len(token) > WORD_LENGTH_MAX:
        return f"a number or key of {len(token)} signs; use {WORD_LENGTH_MAX} at most"
    if dots > DOTS_MAX:
        return f"a key of over {DOTS_MAX + 1} parts; no setting is named so"
    if depth > DEPTH_MAX:
        return f"brackets over {DEPTH_MAX} deep; no setting needs that"
    if weight > WEIGHT_MAX:
        return "more words and signs than can be read at once; put long lists into tables of their own"
    return ""


def _refuse_long_keys(given: object, name: str) -> None:
    """Refuse a key in quotation marks that is longer than any heading. Raises BadData."""
    for key, value in given.items() if isinstance(given, dict) else ():
        if len(key) > KEY_LENGTH_MAX:
            raise _fault(name, f"a key of {len(key)} signs, {key[:30]} ...; use {KEY_LENGTH_MAX} at most")
        _refuse_long_keys(value, name)


def _too_long() -> str:
    return f"it is over {TEXT_BYTES_MAX // 2**10} kB; keep settings here, and put lists of schools into tables"


def _fault(name: str, fix: str, row: int | None = None) -> BadData:
    return BadData([Fault(file=name, row=row, fix=fix)])
