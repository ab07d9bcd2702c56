"""Criteria and priorities as fields of a form: words, unit, and how a value is shown and typed.

A field has the words of councils, a scenario file those of the program; both hold exactly the same value. The
declarations of the scenario's settings say which keys exist, their types and their defaults.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from geodata.urns import Urn
from partition.scenario.form.schools import SchoolFinder
from partition.settings.declare import Words, words_of
from partition.settings.scenario import Scenario
from partition.settings.sections import SECTIONS

TABLES = ("rules", "preferences", "solve")

Kind = Literal[
    "whole", "whole or words", "number", "percent", "choice", "schools", "lists of schools", "names",
    "numbers by school", "counts by school", "words by school", "numbers by name", "prices by name", "words by name",
    "numbers", "pairs of numbers",
]  # fmt: skip
KINDS: Mapping[object, Kind] = {
    list[Urn]: "schools",
    list[list[Urn]]: "lists of schools",
    list[str]: "names",
    dict[Urn, float]: "numbers by school",
    dict[Urn, int]: "counts by school",
    dict[Urn, str]: "words by school",
    dict[str, int]: "numbers by name",
    dict[str, float]: "prices by name",
    dict[str, str]: "words by name",
    list[float]: "numbers",
    list[list[float]]: "pairs of numbers",
    int: "whole",
    float: "number",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A setting as a field of the form."""

    key: str  # "rules.heads_min"
    kind: Kind
    words: Words
    default: object
    may_be_off: bool

    @property
    def choices(self) -> Mapping[str, str]:
        """Return the options to choose from, each with its label."""
        return self.words.choices if self.kind == "choice" else {}

    @property
    def _words_for(self) -> Mapping[str, str]:
        """Return the words that may be typed in place of a number, by their value in the file."""
        return self.words.choices if self.kind == "whole or words" else {}

    @property
    def lines(self) -> str:
        """Return the instruction for each line; "" where the field has one line only."""
        return LINES.get(self.kind, "")

    def shown(self, value: object) -> str:
        """Return a value of the file as the field shows it; a value that does not fit is shown as plain text."""
        if value in (None, "off"):
            return "" if self.may_be_off or self.lines else "0"
        try:
            return self._words_for.get(str(value)) or _SHOWN.get(self.kind, _plainly)(value)
        except (TypeError, ValueError, AttributeError, InvalidOperation):
            return str(value)

    def typed(self, text: str, find: SchoolFinder) -> object:
        """Return a typed text as a value for the file; `find` knows the schools.

        Raises ValueError with an instruction where the text does not fit the field.
        """
        if not text and self.may_be_off:
            return "off"
        said = [value for value, words in self._words_for.items() if text.casefold() in (value, words.casefold())]
        return said[0] if said else _READ[self.kind](text, find)


@cache
def fields() -> Mapping[str, Field]:
    """Return every setting of the tables of criteria, priorities and search, by its key, in the form's order."""
    found = {}
    for table in TABLES:
        for name, declared in Scenario.model_fields[table].annotation.model_fields.items():  # type: ignore[union-attr]
            key, words = f"{table}.{name}", words_of(declared)
            takes = [one for one in get_args(declared.annotation) if one is not NoneType]
            optional = NoneType in get_args(declared.annotation)
            found[key] = Field(
                key=key,
                kind=_kind(key, takes[0] if optional else declared.annotation, words),
                words=words,
                default=declared.get_default(call_default_factory=True),
                may_be_off=optional,
            )
    return {key: field for section in SECTIONS for key, field in found.items() if field.words.section == section.title}


def _kind(key: str, annotation: Any, words: Words) -> Kind:
    if key == "solve.gap":
        return "percent"
    kind = KINDS.get(_bare(annotation))
    if words.choices:
        return "choice" if kind is None else "whole or words"
    assert kind is not None, key
    return kind


def _bare(annotation: Any) -> Any:
    """Return a type without its annotations."""
    if hasattr(annotation, "__metadata__"):
        return _bare(annotation.__origin__)
    origin, inside = get_origin(annotation), tuple(map(_bare, get_args(annotation)))
    return origin[inside] if origin in (list, dict) else annotation


# As the field shows it -----------------------------------------------------------------------------------------------

LINES: Mapping[Kind, str] = {
    "schools": "One school a line: its URN, or its name.",
    "lists of schools": "One group a line: URNs with commas between them.",
    "names": "One name a line.",
    "numbers by school": "One school a line: URN = minutes.",
    "counts by school": "One school a line: URN = how many.",
    "words by school": "One school a line: URN = why.",
    "numbers by name": "One column a line: column = number.",
    "prices by name": "One column a line: column = minutes.",
    "words by name": "One column a line: column = value.",
    "numbers": "One number a line.",
    "pairs of numbers": "One pair of numbers a line, with a comma between them.",
}


def _plainly(value: Any) -> str:
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _percent(value: Any) -> str:
    return f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") or "0"


def _by_line(value: Any) -> str:
    return "\n".join(map(str, _list(value)))


def _lists(value: Any) -> str:
    return "\n".join(", ".join(map(str, _list(urns))) for urns in _list(value))


def _numbers(value: Any) -> str:
    return "\n".join(map(_plainly, _list(value)))


def _number_lists(value: Any) -> str:
    return "\n".join(", ".join(map(_plainly, _list(pair))) for pair in _list(value))


def _pairs(value: Any) -> str:
    return "\n".join(f"{key} = {_plainly(item)}" for key, item in value.items())


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError
    return value


_SHOWN: Mapping[Kind, Callable[[Any], str]] = {
    "percent": _percent,
    "schools": _by_line,
    "lists of schools": _lists,
    "names": _by_line,
    "numbers": _numbers,
    "pairs of numbers": _number_lists,
    **dict.fromkeys(
        (
            *("numbers by school", "counts by school", "words by school"),
            *("numbers by name", "prices by name", "words by name"),
        ),
        _pairs,
    ),
}

# As it is typed ----------------------------------------------------------------------------------------------------


def _number(text: str, _: SchoolFinder) -> object:
    whole = re.fullmatch(r"[+-]?\d{1,18}", text.replace(",", ""))
    if whole:
        return int(text.replace(",", ""))
    try:
        number = float(text)
    except ValueError:
        number = float("nan")
    if number != number or abs(number) == float("inf"):
        raise ValueError("type a number, such as 20 or 2.5")
    return number


def _whole(text: str, find: SchoolFinder) -> object:
    number = _number(text, find) if text else None
    if not isinstance(number, int):
        raise ValueError("type a whole number, such as 20")
    return number


def _share(text: str, find: SchoolFinder) -> object:
    """Return a typed percentage as a share of 1."""
    text = text.removesuffix("%").strip()
    _number(text, find)
    return float(Decimal(text.replace(",", "")) / 100)  # as a decimal, so that what is shown is what was stated


def _chosen(text: str, _: SchoolFinder) -> object:
    return text


def _schools(text: str, find: SchoolFinder) -> object:
    return [find.school(line) for line in _lines(text)]


def _school_lists(text: str, find: SchoolFinder) -> object:
    return [find.schools(line) for line in _lines(text)]


def _names(text: str, _: SchoolFinder) -> object:
    return list(_lines(text))


def _several_numbers(text: str, find: SchoolFinder) -> object:
    return [_number(line, find) for line in _lines(text)]


def _number_pairs(text: str, find: SchoolFinder) -> object:
    pairs = [[_number(part.strip(), find) for part in line.split(",")] for line in _lines(text)]
    for line, pair in zip(_lines(text), pairs, strict=True):
        if len(pair) != 2:
            raise ValueError(f"“{line}”: type two numbers with a comma between them, such as 300, 0.5")
    return pairs


def _by_school(item: Callable[[str, SchoolFinder], object]) -> Callable[[str, SchoolFinder], object]:
    def read(text: str, find: SchoolFinder) -> object:
        return {str(find.school(left)): item(right, find) for left, right in _halves(text)}

    return read


def _by_name(item: Callable[[str, SchoolFinder], object]) -> Callable[[str, SchoolFinder], object]:
    def read(text: str, find: SchoolFinder) -> object:
        return {left: item(right, find) for left, right in _halves(text)}

    return read


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """Yield the key and the value of each line "key = value". Raises ValueError with an instruction."""
    seen = set()
    for line in _lines(text):
        left, equals, right = line.partition("=")
        left, right = left.strip(), right.strip()
        if not equals or not left or not right:
            raise ValueError(f"“{line}”: type what it is, =, and its value")
        if left in seen:
            raise ValueError(f"“{left}” is there twice; keep one line")
        seen.add(left)
        yield left, right


def _lines(text: str) -> Iterator[str]:
    return (line.strip() for line in text.splitlines() if line.strip())


_READ: Mapping[Kind, Callable[[str, SchoolFinder], object]] = {
    "whole": _whole,
    "whole or words": _whole,
    "number": _number,
    "percent": _share,
    "choice": _chosen,
    "schools": _schools,
    "lists of schools": _school_lists,
    "names": _names,
    "numbers by school": _by_school(_number),
    "counts by school": _by_school(_whole),
    "words by school": _by_school(_chosen),
    "numbers by name": _by_name(_whole),
    "prices by name": _by_name(_number),
    "words by name": _by_name(_chosen),
    "numbers": _several_numbers,
    "pairs of numbers": _number_pairs,
}
