"""Columns of a plan file's tables, each with its kind and bounds, and the structure of the table `run`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any, Literal, NoReturn

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from geodata.faults import BadData, Fault
from geodata.identifier import URN as URN_WORDS
from geodata.identifier import IdentifierWords, identifier_words
from geodata.urns import Urn

FORMAT = "2"
Kind = Literal["whole", "number", "flag", "text", "urn"]
WHOLE_MAX = 2**31 - 1  # of anything that is counted or numbered
MONEY_MAX = 2**53  # thousandths and pence: as exact as a float
TEXT_MAX = 2**18  # characters; more than a spreadsheet's cell can hold
RUN_MAX = 2**24  # characters of one fact in the table `run`, such as a county's notices
JSON_DEPTH_MAX = 12
GEOMETRY = "geom"
IDENTIFIER = "identifier"  # the key of the run that states what identifiers are called, where it is not "URN"
GRID = "grid"  # the key of the run that states the metric system, where it is not the British National Grid
SHAPES = {  # of the layers that are drawn; hulls of schools, in plans without a map, are simple polygons
    "schools": ("POINT",),
    "partnerships": ("MULTIPOLYGON", "POLYGON"),
    "links": ("LINESTRING",),
    "ground": ("MULTIPOLYGON",),
    "lines": ("MULTILINESTRING",),
    "places": ("POINT",),
}
DRAWN = ("ground", "lines", "places")  # what lies beneath the plan on its map
DECLARED: dict[Kind, frozenset[str]] = {  # how a GeoPackage declares a column of each kind
    "whole": frozenset({"INTEGER", "MEDIUMINT"}),
    "number": frozenset({"REAL"}),
    "flag": frozenset({"BOOLEAN"}),
    "text": frozenset({"TEXT"}),
    "urn": frozenset({"TEXT", "INTEGER", "MEDIUMINT"}),  # older plans hold numbers
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its kind, the bounds of its numbers or of its text's length, and whether cells or all may be absent."""

    kind: Kind
    least: int = 0
    most: int = WHOLE_MAX
    empty: bool = False
    optional: bool = False

    def takes(self, cell: object) -> bool:
        """Return whether a cell, as SQLite gives it, is of this kind and in its bounds."""
        if cell is None:
            return self.empty
        match self.kind:
            case "urn":
                return _is_urn(cell)
            case "text":
                return isinstance(cell, str) and len(cell) <= self.most
            case "flag":
                return cell in (0, 1) and isinstance(cell, int)
            case "whole":
                return isinstance(cell, int) and self.least <= cell <= self.most
            case "number":
                return isinstance(cell, int | float) and self.least <= cell <= self.most

    @property
    def words(self) -> str:
        """Return the permitted content of a cell, in words for people."""
        match self.kind:
            case "urn":
                return "a school's identifier"
            case "text":
                return f"text of up to {self.most:,} characters"
            case "flag":
                return "0 or 1"
            case "whole":
                return f"a whole number from {self.least:,} to {self.most:,}"
            case "number":
                return f"a number from {self.least:,} to {self.most:,}"


URN = Column(kind="urn")
COUNT = Column(kind="whole")
AMOUNT = Column(kind="whole", least=-MONEY_MAX, most=MONEY_MAX)
TAKES = Column(kind="whole", least=-1)  # minutes or metres; -1: no way
FLAG = Column(kind="flag")
TEXT = Column(kind="text", most=TEXT_MAX)
NOTE = replace(TEXT, empty=True)
FACT = NOTE  # a column of the schools' file, stored as "fact: ..."
ANSWER = replace(TEXT, optional=True)
LATER = replace(TEXT, optional=True)  # not in plans of earlier versions
OWN = replace(AMOUNT, empty=True, optional=True)  # of a base: what its head has; not in plans of earlier versions
MINUTES = Column(kind="number", least=-1, empty=True)

LAYOUT: dict[str, dict[str, Column]] = {
    "schools": {
        "urn": URN,
        "name": TEXT,
        "town": TEXT,
        "pupils": COUNT,
        "role": TEXT,
        "partnership": replace(COUNT, least=1, empty=True),
        "partnership_name": TEXT,
        "headship": TEXT,
        "is_base": FLAG,
        "today": TEXT,
        "corrected": TEXT,
        "reason": TEXT,
        "links_kept": COUNT,
        "links_broken": COUNT,
        "answer": ANSWER,
        "answered": ANSWER,
        "prefers": ANSWER,
        "wishes": ANSWER,
        "not_wanted": ANSWER,
        "own_travel": OWN,
        "own_links": OWN,
        "own_change": OWN,
    },
    "partnerships": {
        "number": replace(COUNT, least=1),
        "name": TEXT,
        "key": LATER,
        "was": LATER,
        "venue_urn": replace(URN, empty=True),
        "heads": COUNT,
        "schools": COUNT,
        "associates": COUNT,
        "pupils": COUNT,
        "mean_minutes": MINUTES,
        "worst_minutes": MINUTES,
        "links_kept": COUNT,
        "links_broken": COUNT,
        "breaks": TEXT,
    },
    "links": {
        "urn_a": URN,
        "urn_b": URN,
        "weight": Column(kind="number", most=10**9),
        "kind": NOTE,
        "source": NOTE,
        "kept": replace(FLAG, empty=True),
    },
    "run": {"key": TEXT, "value": replace(TEXT, most=RUN_MAX)},
    "costs": {
        "what": TEXT,
        "which": URN,  # the partnership's number, or the school alone
        "travel": AMOUNT,
        "links": replace(AMOUNT, optional=True),
        "change": AMOUNT,
        "balance": AMOUNT,
        **dict.fromkeys(("likeness", "lacks", "wishes", "fairness"), replace(AMOUNT, optional=True)),
    },
    "minutes": {"urn_from": URN, "urn_to": URN, "centiminutes": TAKES, "metres": TAKES},
    "stages": {
        "partnership": COUNT,
        "stage": TEXT,
        "day": TEXT,
        "note": TEXT,
        "costs_pounds": replace(AMOUNT, empty=True),
        "carried": TEXT,
    },
    "money": {
        "partnership": COUNT,
        "name": TEXT,
        "small_schools": COUNT,
        "yearly_pence": AMOUNT,
        "yearly_at": TEXT,
        "start_most_pence": AMOUNT,
        "start_at": TEXT,
        "travel_pence": AMOUNT,
        "source": TEXT,
    },
    "posts": {
        "partnership": COUNT,
        "post": TEXT,
        "fte": Column(kind="number"),
        "urn": URN,
        "days": COUNT,
        "is_base": FLAG,
        "keeps_own": FLAG,
    },
    "advisers": {
        "partnership": COUNT,
        "name": TEXT,
        "adviser": TEXT,
        "office": TEXT,
        "away_minutes": replace(MINUTES, least=0),
    },
    "ground": {"name": TEXT, "kind": TEXT},
    "lines": {"name": TEXT, "kind": TEXT},
    "places": {"name": TEXT, "kind": TEXT},
}
NEEDED = frozenset({"schools", "partnerships", "run", "costs", "minutes"})

Thousandths = Annotated[int, Field(ge=-MONEY_MAX, le=MONEY_MAX)]
Counted = Annotated[int, Field(ge=0, le=WHOLE_MAX)]
Place = Annotated[int | str, AfterValidator(lambda cell: _school(cell))]


class _Strict(BaseModel):
    """A structure read strictly: no other keys, no conversion of types, only finite numbers."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class _Cost(_Strict):
    """A plan's cost, term by term, in thousandths of a minute or of a km."""

    total: Thousandths
    travel: Thousandths
    links: Thousandths
    change: Thousandths
    balance: Thousandths
    likeness: Thousandths = 0  # these where they are priced
    lacks: Thousandths = 0
    wishes: Thousandths = 0
    fairness: Thousandths = 0


class _Links(_Strict):
    """The number of working links kept and broken."""

    kept: Counted
    broken: Counted


class _Run(_Strict):
    """Facts about a search in a plan file. `scenario` is checked elsewhere, when the scenario is read."""

    format: str
    title: str
    status_words: str
    internal: bool
    found_by: str
    status: Literal["optimal", "feasible", "judged"]
    stopped_by: str | None
    gap_asked: Annotated[float, Field(ge=0, le=1)] | None
    seed: Counted | None
    unit: str
    grid: Counted | None = None
    identifier: Annotated[list[str], AfterValidator(lambda stated: list(identifier_words(stated)))] | None = None
    cost: _Cost
    bound: Thousandths | None
    fewest_bound: Counted | None
    unplaced: list[Place]
    partnerships: Counted
    links: _Links
    breaches: list[tuple[str, list[Place], str, bool]]
    breaches_left_out: Counted
    sureness: str
    criteria: list[str]
    travel: str
    has_km: bool
    attribution: list[str]
    sources: list[tuple[str, str]]
    told: list[str]
    left_out: list[str]
    scenario: dict[str, Any]
    digest: str
    seal: str


def _is_urn(cell: object) -> bool:
    """Return whether a cell is an identifier just as it is kept, or the number that older plans hold."""
    try:
        return (isinstance(cell, str) and cell == Urn(cell)) or (isinstance(cell, int) and 1 <= cell <= WHOLE_MAX)
    except ValueError:
        return False


def _school(cell: int | str) -> int | str:
    if not _is_urn(cell):
        raise ValueError("it is no school's identifier")
    return cell


def identifier_of(run: Mapping[str, Any]) -> IdentifierWords:
    """Return what identifiers are called, from the facts of a run that were read."""
    return identifier_words(run[IDENTIFIER]) if run.get(IDENTIFIER) else URN_WORDS


def heading_of(column: str) -> str | None:
    """Return the original heading of a column of facts ("fact: ..."); None for any other column."""
    fact = re.fullmatch(r"fact(?: \d+)?: (.*)", column, re.DOTALL)
    return fact.group(1) if fact else None


def column_of(layer: str, column: str) -> Column | None:
    """Return the kind and bounds of a column; None for a column that no plan file has."""
    if layer == "schools" and heading_of(column) is not None:
        return FACT
    return LAYOUT[layer].get(column)


def read_run(name: str, rows: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return the facts in a plan file's table `run`, by key. Raises BadData with every repeated or malformed key."""
    run: dict[str, Any] = {}
    faults = []
    for key, value in rows:
        if key in run:
            faults.append(_altered(name, key, "it stands there twice"))
        try:
            run[key] = json.loads(value, parse_constant=_refuse_number)
        except (ValueError, RecursionError):
            faults.append(_altered(name, key, "it is no JSON"))
    if not faults:
        faults = [_altered(name, key, why) for key, why in _ill_shaped(run)]
    if faults:
        raise BadData(faults)
    return run


def _ill_shaped(run: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each key with a malformed value, and the reason."""
    deep = [key for key, value in run.items() if _is_deep(value, JSON_DEPTH_MAX)]
    yield from ((key, "it is nested too deeply") for key in deep)
    if not deep:
        try:
            _Run.model_validate_json(json.dumps(run))
        except ValidationError as wrong:
            for error in wrong.errors(include_input=False, include_url=False):
                yield ".".join(map(str, error["loc"])), error["msg"][:1].lower() + error["msg"][1:]


def _is_deep(value: object, most: int) -> bool:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(most == 0 or _is_deep(item, most - 1) for item in inside)


def _refuse_number(words: str) -> NoReturn:
    raise ValueError(f"{words} is no number")


def _altered(name: str, key: str, why: str) -> Fault:
    return Fault(file=name, fix=f"it cannot be worked out again ({key[:60]}: {why}); fetch it again as it was written")
