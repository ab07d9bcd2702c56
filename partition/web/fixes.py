"""Faults as a page offers to mend them: what a fault says to type becomes a field to fill in, or a choice to make."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from geodata.faults import BadData, Fault
from geodata.headings import WORDS
from geodata.parts import TOP_ROWS

TYPED = re.compile(
    r"""--set\ (?P<key>data\.(?:pupils|outlying)\.[^=\n]+|[\w.]+)=(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s,;)]+))""",
    re.VERBOSE,
)
BLANKS = {"NUMBER": "number", "HEADING": "heading", "CODE": "code", "SYSTEM": "system"}
MAY_BE_SET = re.compile(
    r"data\.((pupils|outlying)\.[^\W_][^\r\n=]{0,39}|columns\.[a-z]{1,20}|area_names\.[^\n]{1,200}|"
    r"crs|missing_pupils|local_authority|header_row)",
    re.ASCII,
)
PARTED = re.compile(  # files that may have parts
    r"data\.(schools|existing|headships|links|answers|(join|opening)\.[0-9]{1,3}|areas\.[^\n]{1,200})"
)
COLUMNS = WORDS
# What a fault says to type on the command line, as a page says it beside what does it there.
PLAIN: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"type --set data\.pupils\.\S.*?=NUMBER", "type the number"),
    (r"--set data\.pupils\.\S.*?=NUMBER", "typing it"),
    (r'--set data\.missing_pupils="leave out"', "leave out all schools without one"),
    (r", as in --set data\.columns\.(\w+)=HEADING", lambda found: f": {COLUMNS.get(found[1], found[1])}"),
    (r", as in --set data\.local_authority=CODE", ""),
    (r", as in --set data\.area_names\.\S+=\S+", ": below, under “Which part is read”"),
    (r"say which after a #, as in .*", "choose it below, under “Which part is read”"),
    (r"if it does lie there, type --set data\.outlying\.[^=\n]+=true", "if it does lie there, say so"),
    (r"by --set data\.postcodes=FILE", "by adding it below, as postcodes with their points"),
    (r"--set data\.crs=SYSTEM, such as", "a code such as"),
    (r'--set data\.crs="([^"]*)"', lambda found: found[1]),
)
CODES = re.compile(r"(\d{3}) \(([^)]+)\)")


@dataclass(frozen=True, slots=True)
class Remedy:
    """One way to mend a fault: a setting, and what it is set to, or how that is asked for."""

    key: str
    ask: Literal["number", "heading", "code", "system", ""]
    value: str = ""
    options: tuple[tuple[str, str], ...] = ()  # value and words, to choose from


@dataclass(frozen=True, slots=True)
class FaultRow:
    """A fault in the table: where, what is there, what to do, and what can be done here."""

    file: str
    row: int | None
    column: str
    value: str
    words: str
    remedies: tuple[Remedy, ...]
    school: str = ""
    members: tuple[FaultRow, ...] = ()  # those alike that this one stands for


def fault_rows(faults: Sequence[Mapping[str, Any]]) -> list[FaultRow]:
    """The faults that a check told, with their remedies."""
    return [
        FaultRow(
            file=str(fault["file"]),
            row=fault["row"],
            column=str(fault["column"]),
            value="" if fault["value"] is None else str(fault["value"]),
            words=_plain(str(fault["fix"])),
            remedies=tuple(_remedies(str(fault["fix"]))),
            school=str(fault.get("school", "")),
            members=tuple(fault_rows(fault.get("members", ()))),
        )
        for fault in faults
    ]


def _plain(fix: str) -> str:
    for typed, words in PLAIN:
        fix = re.sub(typed, words, fix)
    return fix[:1].upper() + fix[1:]


def _remedies(fix: str) -> list[Remedy]:
    found = []
    for typed in TYPED.finditer(fix):
        key, value = typed["key"], typed["quoted"] if typed["quoted"] is not None else typed["bare"]
        if not MAY_BE_SET.fullmatch(key):
            continue
        ask: Any = BLANKS.get(value, "")
        options = tuple((code, f"{name} ({code})") for code, name in CODES.findall(fix)) if ask == "code" else ()
        found.append(Remedy(key, ask, "" if ask else value, options))
    return found


def settings_from(form: Sequence[tuple[str, str]]) -> dict[str, object]:
    """What a form of remedies sets; blanks set nothing. Raises BadData for what may not be set, or is no number."""
    settings: dict[str, object] = {}
    faults = []
    for name, given in form:
        key, value = name.removeprefix("set:"), given.strip()
        if not name.startswith("set:") or not value:
            continue
        if not MAY_BE_SET.fullmatch(key):
            faults.append(Fault(file="page", column=key[:60], fix="this cannot be set here"))
        elif key == "data.header_row":
            if value.isdecimal() and 1 <= int(value[:3]) <= TOP_ROWS:
                settings[key] = int(value)
            else:
                fix = f"type a whole number from 1 to {TOP_ROWS}"
                faults.append(Fault(file="page", column=key, value=value[:60], fix=fix))
        elif key.startswith("data.pupils."):
            if value.isdecimal() and len(value) < 7:
                settings[key] = int(value)
            else:
                faults.append(Fault(file="page", column=key, value=value[:60], fix="type a whole number of pupils"))
        else:
            settings[key] = True if key.startswith("data.outlying.") else value[:200]
    if faults:
        raise BadData(faults)
    return settings


def parts_from(form: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The sheets and layers chosen, by the key of their file. Raises BadData for a key that names no file of parts."""
    chosen = {name.removeprefix("part:"): value[:200] for name, value in form if name.startswith("part:") and value}
    if wrong := [key for key in chosen if not PARTED.fullmatch(key)]:
        raise BadData(Fault(file="page", column=key[:60], fix="this cannot be set here") for key in wrong)
    return chosen
