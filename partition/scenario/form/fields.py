"""Every criterion and priority as a field people fill in: its words, its unit, and how its value is typed and read.

A field speaks the words of councils, a scenario file those of the program; what is typed in the one is exactly what
the other holds. Which keys there are, what they take and what they are by default, the scenario itself says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from partition.settings.scenario import Scenario

TABLES = ("rules", "preferences", "solve")

Kind = Literal[
    "whole", "number", "percent", "choice", "schools", "lists of schools", "names",
    "numbers by school", "counts by school", "words by school", "numbers by name", "words by name",
]  # fmt: skip
KINDS: Mapping[object, Kind] = {
    list[int]: "schools",
    list[list[int]]: "lists of schools",
    list[str]: "names",
    dict[int, float]: "numbers by school",
    dict[int, int]: "counts by school",
    dict[int, str]: "words by school",
    dict[str, int]: "numbers by name",
    dict[str, str]: "words by name",
    int: "whole",
    float: "number",
}


@dataclass(frozen=True, slots=True)
class Words:
    """What people read of a setting: its name, its unit, and what it does, in a sentence or two."""

    label: str
    unit: str = ""
    help: str = ""
    choices: Mapping[str, str] | None = None  # what each choice is called


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together. `keys` as the file has them: "rules.heads_min"."""

    title: str
    help: str
    words: Mapping[str, Words]


SECTIONS = (
    Section(
        "Who takes part",
        "Small schools form partnerships; larger ones may join as associates, without grant.",
        {
            "rules.school_pupils_max": Words(
                "A school is small up to", "pupils", "By its number on roll. Left empty, every school is small."
            ),
            "rules.except_in": Words(
                "Larger schools treated as small", "", "Over the limit, but small in their individual context."
            ),
            "rules.except_out": Words("Schools that do not take part", "", "Such as one that closes, or said no."),
            "rules.associates": Words("Larger schools that may join as associates"),
            "rules.except_reasons": Words(
                "Why these exceptions were made", "", "For internal papers only: never on maps or in public plans."
            ),
        },
    ),
    Section(
        "Size of a partnership",
        "Left empty, a limit is not applied.",
        {
            "rules.heads_min": Words("Fewest heads", "heads", "A head of several schools counts once."),
            "rules.heads_max": Words("Most heads", "heads"),
            "rules.heads_min_for": Words(
                "Fewer heads about one school",
                "",
                "A partnership with one of these schools may be as small as it allows.",
            ),
            "rules.schools_min": Words("Fewest schools", "schools", "Associates count."),
            "rules.schools_max": Words("Most schools", "schools", "Associates count."),
            "rules.pupils_min": Words("Fewest pupils", "pupils", "All schools of a partnership together."),
            "rules.pupils_max": Words(
                "Most pupils", "pupils", "All schools together; 200 makes clusters that count as one small school."
            ),
            "rules.robust": Words(
                "Rolls by which the limits on pupils hold as well",
                "",
                "Columns of the schools’ file, such as forecasts by year. Who takes part, the present roll settles.",
            ),
            "rules.associates_max": Words("Most associates", "schools", "Larger schools in one partnership."),
        },
    ),
    Section(
        "How far heads drive",
        "Between any two schools of different heads, by the slower way.",
        {
            "rules.minutes_max": Words("Longest drive", "minutes"),
            "rules.minutes_max_for": Words(
                "Longer drives for remote schools",
                "",
                "Two schools may be as far apart as the more generous of their two limits.",
            ),
            "rules.km_max": Words("Longest way", "km"),
            "rules.host_minutes_max": Words(
                "Longest drive to the meeting venue",
                "minutes",
                "Some school of the partnership must be so near to all.",
            ),
        },
    ),
    Section(
        "Together and apart",
        "Who must, or must not, share a partnership.",
        {
            "rules.together": Words("Schools kept together", "", "All in one partnership, or all not yet placed."),
            "rules.together_kinds": Words(
                "Working links whose schools are kept together", "", "By their kind, such as “shared post”."
            ),
            "rules.apart": Words("Schools kept apart", "", "No two of one line share a partnership. Internal."),
            "rules.same": Words(
                "The same in all schools of a partnership", "", "Columns of the schools’ file. A blank fits with none."
            ),
            "rules.distinct_max": Words(
                "Few different values in a partnership", "", "Most different values of a column of the schools’ file."
            ),
            "rules.at_least_one": Words(
                "At least one school in a partnership with", "", "A value in a column of the schools’ file."
            ),
        },
    ),
    Section(
        "Kept as now",
        "What of today’s partnerships stays, and how much may change.",
        {
            "rules.locked": Words("Partnerships kept as now", "", "Today’s, by name: exactly as they are."),
            "rules.open_locked": Words("Partnerships kept as now that others may join"),
            "rules.accepted": Words(
                "Partnerships whose schools all said yes", "", "Kept as now; public papers name none of them."
            ),
            "rules.keep": Words(
                "All that works today",
                "",
                "Kept: each of today’s partnerships that breaks no criterion; others may join.",
                {"": "may change", "all": "is kept"},
            ),
            "rules.moved_max": Words("Most heads who change companions", "heads", "Of those in a partnership today."),
            "rules.links_broken_max": Words(
                "Most working links broken", "links", "Existing ones, each by its weight (1 for an ordinary one)."
            ),
        },
    ),
    Section(
        "The plan as a whole",
        "Left empty, a limit is not applied.",
        {
            "rules.partnerships_min": Words("Fewest partnerships", "partnerships"),
            "rules.partnerships_max": Words("Most partnerships", "partnerships"),
            "rules.grant_max": Words(
                "Most that the year’s grant may come to", "pounds", "Counted by the table [money] of the file."
            ),
        },
    ),
    Section(
        "Priorities",
        "What makes one plan better than another, all in minutes of heads’ time a year.",
        {
            "preferences.meetings_per_year": Words("Meetings in person", "a year"),
            "preferences.meet": Words(
                "Heads meet",
                "",
                "",
                {"rotate": "at all schools in turn", "host": "at the best venue", "pairs": "in visits two by two"},
            ),
            "preferences.measure": Words(
                "Travel is counted in",
                "",
                "In km, the other priorities must be 0: minutes and km do not add up.",
                {"minutes": "minutes", "km": "km"},
            ),
            "preferences.minutes_per_link": Words(
                "To keep a working link is worth", "minutes a year", "Of weight 1; others by their weight."
            ),
            "preferences.minutes_per_separation": Words(
                "To keep two heads together who are so today is worth", "minutes a year"
            ),
            "preferences.minutes_per_pupil_off_target": Words(
                "Each pupil off the size aimed at costs", "minutes a year", "0: partnerships’ sizes do not matter."
            ),
            "preferences.pupils_target": Words("Size aimed at", "pupils", "Of a partnership."),
        },
    ),
    Section(
        "How long to look",
        "A search ends with a proof, or when its time is over, with the best plan so far and how good it is.",
        {
            "solve.seconds": Words("Stop after", "seconds"),
            "solve.gap": Words("Good enough within", "per cent", "Of the best possible; 0: look for proof."),
            "solve.seed": Words("Seed", "", "Of the search’s own draws. It changes no proven answer."),
            "solve.workers": Words("Processor cores", "", "0: all. They never change the answer."),
        },
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One setting as people fill it in."""

    key: str  # "rules.heads_min"
    kind: Kind
    words: Words
    default: object
    may_be_off: bool

    @property
    def choices(self) -> Mapping[str, str]:
        """What can be chosen, and what it is called."""
        return self.words.choices or {}

    @property
    def lines(self) -> str:
        """What to type on each line; "" where the field has one line only."""
        return LINES.get(self.kind, "")

    def shown(self, value: object) -> str:
        """A value of the file as the field shows it; one that does not fit, as it is."""
        if value in (None, "off"):
            return "" if self.may_be_off or self.lines else "0"
        try:
            return _SHOWN.get(self.kind, _plainly)(value)
        except (TypeError, ValueError, AttributeError, InvalidOperation):
            return str(value)

    def typed(self, text: str, school: Callable[[str], int]) -> object:
        """What was typed as the file has it; `school` finds a URN by a name. Raises ValueError, saying what to type."""
        if not text and self.may_be_off:
            return "off"
        return _READ[self.kind](text, school)


@cache
def fields() -> Mapping[str, Field]:
    """Every setting of the tables of criteria, priorities and search, by its key, in the order of the sections."""
    words = {key: words for section in SECTIONS for key, words in section.words.items()}
    found = {}
    for table in TABLES:
        for name, given in Scenario.model_fields[table].annotation.model_fields.items():  # type: ignore[union-attr]
            key = f"{table}.{name}"
            takes = [one for one in get_args(given.annotation) if one is not NoneType]
            optional = NoneType in get_args(given.annotation)
            found[key] = Field(
                key=key,
                kind=_kind(key, takes[0] if optional else given.annotation, words[key]),
                words=words[key],
                default=given.get_default(call_default_factory=True),
                may_be_off=optional,
            )
    return {key: found[key] for key in words}


def _kind(key: str, annotation: Any, words: Words) -> Kind:
    if key == "solve.gap":
        return "percent"
    if words.choices is not None:
        return "choice"
    origin, inside = get_origin(annotation), tuple(map(_bare, get_args(annotation)))
    return KINDS[origin[inside] if origin in (list, dict) else _bare(annotation)]


def _bare(annotation: Any) -> Any:
    """A type without what pydantic adds to it."""
    return annotation.__origin__ if hasattr(annotation, "__metadata__") else annotation


# As the field shows it -----------------------------------------------------------------------------------------------

LINES: Mapping[Kind, str] = {
    "schools": "One school a line: its URN, or its name.",
    "lists of schools": "One group a line: URNs with commas between them.",
    "names": "One name a line.",
    "numbers by school": "One school a line: URN = minutes.",
    "counts by school": "One school a line: URN = how many.",
    "words by school": "One school a line: URN = why.",
    "numbers by name": "One column a line: column = number.",
    "words by name": "One column a line: column = value.",
}


def _plainly(value: Any) -> str:
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _percent(value: Any) -> str:
    return f"{Decimal(str(value)) * 100:f}".rstrip("0").rstrip(".") or "0"


def _by_line(value: Any) -> str:
    return "\n".join(map(str, _list(value)))


def _lists(value: Any) -> str:
    return "\n".join(", ".join(map(str, _list(urns))) for urns in _list(value))


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
    **dict.fromkeys(
        ("numbers by school", "counts by school", "words by school", "numbers by name", "words by name"), _pairs
    ),
}

# As it is typed ----------------------------------------------------------------------------------------------------

Finder = Callable[[str], int]


def _number(text: str, _: Finder) -> object:
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


def _whole(text: str, find: Finder) -> object:
    number = _number(text, find) if text else None
    if not isinstance(number, int):
        raise ValueError("type a whole number, such as 20")
    return number


def _share(text: str, find: Finder) -> object:
    text = text.removesuffix("%").strip()
    _number(text, find)
    return float(Decimal(text.replace(",", "")) / 100)  # as a decimal, so that what is shown is what was stated


def _chosen(text: str, _: Finder) -> object:
    return text


def _schools(text: str, find: Finder) -> object:
    return [_school(line, find) for line in _lines(text)]


def _school(text: str, find: Finder) -> int:
    """A school by its URN, with or without its name behind it, or by its name alone."""
    urn = re.match(r"\d+(?=\s|$|,)", text)
    return int(urn[0]) if urn else find(text)


def _school_lists(text: str, _: Finder) -> object:
    found = []
    for line in _lines(text):
        urns = [part for part in re.split(r"[,;\s]+", line) if part]
        if not all(re.fullmatch(r"\d{1,18}", urn) for urn in urns):
            raise ValueError(f"“{line}”: type URNs with commas between them, such as 900012, 900031")
        found.append([int(urn) for urn in urns])
    return found


def _names(text: str, _: Finder) -> object:
    return list(_lines(text))


def _by_school(item: Callable[[str, Finder], object]) -> Callable[[str, Finder], object]:
    def read(text: str, find: Finder) -> object:
        return {str(_school(left, find)): item(right, find) for left, right in _halves(text)}

    return read


def _by_name(item: Callable[[str, Finder], object]) -> Callable[[str, Finder], object]:
    def read(text: str, find: Finder) -> object:
        return {left: item(right, find) for left, right in _halves(text)}

    return read


def _halves(text: str) -> Iterator[tuple[str, str]]:
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


_READ: Mapping[Kind, Callable[[str, Finder], object]] = {
    "whole": _whole,
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
    "words by name": _by_name(_chosen),
}
