"""The files named by the scheme's tables, read and checked together."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast, get_args

from geodata.advisers import Adviser, read_advisers
from geodata.cells import as_day
from geodata.faults import BadData, Fault, Faults
from geodata.grid import BRITISH, Grid
from geodata.opening import Source
from geodata.rows import COUNT, POUNDS, Column, Rows, count, number_of, pence, read_rows, said
from geodata.successors import Now, Successors
from geodata.urns import Urn, by_urn, urns_of
from partition.settings.scenario import Scenario
from partition.settings.scheme import Effects

Whom = Literal["staff", "heads", "chairs", "governors"]
YEAR_LEAST, YEAR_MOST = 1900, 2200  # of a financial year

_TEXT = Column(parse=said, fix="fill it in, or delete the row")
_NOTES = Column(parse=said, fix="give words, or leave it blank", needed=False, blank=True)


BY_URN = (*("lump_sum_pence", "sparsity_pence", "adviser_today", "strengths", "needs", "staff", "places", "governors"),)
WHOM: tuple[Whom, ...] = get_args(Whom)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A day of joint training; `partnership` as people name it, None for every partnership."""

    day: str  # ISO
    what: str
    whom: Whom
    partnership: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A weekday on which joint staff teach a subject at a school; `post` tells two teachers of one subject apart."""

    urn: Urn
    subject: str
    weekday: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The content of the files; data about schools are by URN, without schools that a file leaves out."""

    lump_sums: tuple[tuple[Urn, int | None, int], ...] = ()  # urn, financial year (None: not said), pence a year
    sparsity_sums: tuple[tuple[Urn, int | None, int], ...] = ()
    advisers: tuple[Adviser, ...] = ()
    adviser_today: Mapping[Urn, str] = field(default_factory=dict)
    strengths: Mapping[Urn, frozenset[str]] = field(default_factory=dict)
    needs: Mapping[Urn, frozenset[str]] = field(default_factory=dict)
    past_trios: tuple[frozenset[Urn], ...] = ()
    staff: Mapping[Urn, int] = field(default_factory=dict)
    places: Mapping[Urn, int] = field(default_factory=dict)  # of schools that can host a training day
    governors: Mapping[Urn, int] = field(default_factory=dict)
    sessions: tuple[Session, ...] = ()
    lessons: tuple[Lesson, ...] = ()
    results: tuple[tuple[Urn, int, float], ...] = ()  # urn, year, value of the measure asked for
    survey: tuple[tuple[Urn, str, int], ...] = ()  # urn, question, answer from 1 to 5
    activity: tuple[tuple[str, str, int], ...] = ()  # partnership, what, how often
    sources: tuple[Source, ...] = ()

    def __post_init__(self) -> None:
        for name in ("adviser_today", "strengths", "needs", "staff", "places", "governors"):
            object.__setattr__(self, name, by_urn(getattr(self, name)))
        for name in ("results", "survey", "lump_sums", "sparsity_sums"):
            object.__setattr__(self, name, tuple((Urn(urn), *rest) for urn, *rest in getattr(self, name)))
        object.__setattr__(self, "past_trios", tuple(frozenset(urns_of(trio)) for trio in self.past_trios))


def read_inputs(
    scenario: Scenario,
    known_urns: Collection[Urn],
    grid: Grid = BRITISH,
    successors: Successors | None = None,
) -> Inputs:
    """Read every file that the scheme's tables name, with places in metres on the schools' grid.

    `successors` says what schools of earlier years are now. Raises BadData with every fault of every file, and with
    what is to be asked of schools that were made one or divided.
    """
    faults, found, sources = Faults(), {}, []
    successors = successors or Successors(current=set(known_urns))
    for read in _readers(scenario, known_urns, grid, successors.now):
        part = faults.of(read)
        if part is not None:
            values, source = part
            found.update(values)
            sources.append(source)
    faults.found += [*_setting_faults(scenario, found, known_urns), *successors.questions()]
    faults.refuse()
    return Inputs(**found, sources=tuple(sources))


def _readers(
    scenario: Scenario, known_urns: Collection[Urn], grid: Grid, now: Now
) -> list[Callable[[], tuple[dict[str, Any], Source]]]:
    """Return a function for each file that is named."""
    given = [
        (scenario.money.lump_sums, _lump_sums),
        (scenario.advisers.people, lambda path, known, now: _people(path, grid)),
        (scenario.advisers.today, _adviser_today),
        (scenario.review.strengths, _strengths),
        (scenario.review.past, _past),
        (scenario.training.schools, _training),
        (scenario.training.sessions, lambda path, known, now: _sessions(path)),
        (scenario.posts.timetable, _timetable),
        (scenario.effects.results, lambda path, known, now: _results(path, known, now, scenario.effects.measure)),
        (scenario.effects.survey, _survey),
        (scenario.effects.activity, _activity),
    ]

    def reader(path: str, read: Callable[[str, Collection[Urn], Now], Any]) -> Callable[[], Any]:
        return lambda: read(path, known_urns, now)

    return [reader(path, read) for path, read in given if path is not None]


def _setting_faults(scenario: Scenario, found: Mapping[str, Any], known_urns: Collection[Urn]) -> list[Fault]:
    """Return the faults of settings that do not fit the files or the schools."""

    def fault(column: str, fix: str, value: object = None) -> Fault:
        return Fault(file="scenario", column=column, value=value, fix=fix)

    faults = []
    settings, names = scenario.advisers, {adviser.name for adviser in found.get("advisers", ())}
    if settings.people is None and (settings.today is not None or settings.leaving):
        faults.append(fault("advisers.people", "name the file of advisers"))
    if names:
        there = f"no adviser has this name; there are: {', '.join(sorted(names))}"
        faults += [fault("advisers.leaving", there, name) for name in settings.leaving if name not in names]
    if scenario.effects.results is not None:
        fix = "say which measure is looked at, and below which value a school is counted"
        faults += [fault(f"effects.{key}", fix) for key in ("measure", "below") if not _is_given(scenario.effects, key)]
    posts, venues = scenario.posts, scenario.venues
    lists: dict[str, Collection[Urn]] = {
        "venues.cannot_host": venues.cannot_host,
        "posts.business_manager.keep_own": posts.business_manager.keep_own,
        "posts.senco.keep_own": posts.senco.keep_own,
        "posts.joint_staff.keep_own": posts.joint_staff.keep_own,
        "effects.member_since": scenario.effects.member_since,
    }
    fix = "no school has this URN; correct it or take it out"
    faults += [fault(key, fix, urn) for key, urns in lists.items() for urn in sorted(urns) if urn not in known_urns]
    rules = scenario.rules
    named = {*rules.except_in, *rules.except_out, *rules.associates}
    fix = "a reason for a school that is in none of except_in, except_out, associates; name it there, or take it out"
    faults += [fault("rules.except_reasons", fix, urn) for urn in sorted(set(rules.except_reasons) - named)]
    return faults


def _is_given(settings: Effects, key: str) -> bool:
    return getattr(settings, key) not in (None, "")


def _column(read: Rows, name: str) -> dict[Urn, Any]:
    return {urn: row[name] for urn, row in read.rows if row[name] is not None}


def _lump_sums(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    columns = {
        "lump_sum": Column(parse=pence, fix=POUNDS, blank=True),
        "sparsity": Column(parse=pence, fix=POUNDS, needed=False, blank=True),
        "year": Column(parse=_year, fix=_YEAR, needed=False, blank=True),
    }
    read = read_rows(path, columns, known, now=now, repeats=("year",))
    sums = {
        key: tuple((urn, row["year"], row[name]) for urn, row in read.rows if row[name] is not None)
        for key, name in (("lump_sums", "lump_sum"), ("sparsity_sums", "sparsity"))
    }
    return sums, read.source


_YEAR = "give the year in which the financial year begins, such as 2013 for 2013-14, or leave it blank"


def _year(text: str) -> int | None:
    found = count(text)
    return found if found is not None and YEAR_LEAST <= found <= YEAR_MOST else None


def _people(path: str, grid: Grid) -> tuple[dict[str, Any], Source]:
    advisers, source = read_advisers(path, grid)
    return {"advisers": advisers}, source


def _adviser_today(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    read = read_rows(path, {"adviser": _TEXT}, known, now=now)
    return {"adviser_today": _column(read, "adviser")}, read.source


def _strengths(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    read = read_rows(path, {"strengths": _NOTES, "needs": _NOTES}, known, now=now)
    return {name: {urn: _several(said) for urn, said in _column(read, name).items()} for name in _SKILLS}, read.source


_SKILLS = ("strengths", "needs")


def _several(text: str) -> frozenset[str]:
    return frozenset(part.strip().casefold() for part in text.split(";") if part.strip())


def _past(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    read = read_rows(path, {"trio": _TEXT}, known, now=now, repeats=("trio",))
    trios: dict[str, set[Urn]] = {}
    for urn, row in read.rows:
        trios.setdefault(str(row["trio"]), set()).add(urn)
    return {"past_trios": tuple(frozenset(urns) for _, urns in sorted(trios.items()))}, read.source


def _training(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    columns = {
        "staff": Column(parse=count, fix=COUNT),
        "capacity": Column(parse=count, fix=COUNT, blank=True),
        "governors": Column(parse=count, fix=COUNT, needed=False, blank=True),
    }
    read = read_rows(path, columns, known, now=now)
    found = {"staff": "staff", "places": "capacity", "governors": "governors"}
    return {name: _column(read, column) for name, column in found.items()}, read.source


def _sessions(path: str) -> tuple[dict[str, Any], Source]:
    whom = Column(
        parse=lambda text: text.casefold() if text.casefold() in WHOM else None,
        fix=f"say for whom: {', '.join(WHOM)}; blank: {WHOM[0]}",
        needed=False,
        blank=True,
    )
    day = Column(parse=as_day, fix="give a day such as 2027-02-15")
    optional = replace(_TEXT, needed=False, blank=True)
    read = read_rows(path, {"day": day, "what": _TEXT, "whom": whom, "partnership": optional}, repeats=None)
    found = [
        Session(
            day=str(row["day"]),
            what=str(row["what"]),
            whom=cast(Whom, row["whom"] or WHOM[0]),
            partnership=None if row["partnership"] is None else str(row["partnership"]),
        )
        for _, row in read.rows
    ]
    return {"sessions": tuple(dict.fromkeys(found))}, read.source


def _timetable(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    weekdays = Column(parse=_weekdays, fix=f"give weekdays, several with ;, such as {WEEKDAYS[0]}; {WEEKDAYS[2]}")
    optional = replace(_TEXT, needed=False, blank=True)
    read = read_rows(path, {"subject": _TEXT, "weekdays": weekdays, "post": optional}, known, now=now, repeats=None)
    found = [
        Lesson(urn=urn, subject=str(row["subject"]), weekday=weekday, post=str(row["post"] or ""))
        for urn, row in read.rows
        for weekday in str(row["weekdays"]).split(";")
    ]
    return {"lessons": tuple(dict.fromkeys(found))}, read.source


def _weekdays(text: str) -> str | None:
    """Return weekdays by their whole names, in order, with ;; None where a word is no weekday, or there is none."""
    said = [part.strip().casefold() for part in text.split(";") if part.strip()]
    days = [day for one in said for day in WEEKDAYS if len(one) > 1 and day.casefold().startswith(one)]
    return ";".join(sorted(set(days), key=WEEKDAYS.index)) if said and len(days) == len(said) else None


def _results(path: str, known: Collection[Urn], now: Now, measure: str) -> tuple[dict[str, Any], Source]:
    columns = {
        "year": Column(parse=count, fix="give the year, such as 2026"),
        "measure": _TEXT,
        "value": Column(parse=number_of, fix="give a number, or leave the cell blank"),
    }
    read = read_rows(path, columns, known, now=now, repeats=("year", "measure"), answer="value")
    measures = sorted({str(row["measure"]) for _, row in read.rows})
    if measure and measure not in measures:
        fix = f"the results have no such measure; there are: {', '.join(measures) or 'none, as no value is filled in'}"
        raise BadData([Fault(file="scenario", column="effects.measure", value=measure, fix=fix)])
    rows = [(urn, row["year"], row["value"]) for urn, row in read.rows if row["measure"] == measure]
    return {"results": tuple(rows)}, read.source


def _survey(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    fix = "give an answer from 1 to 5, or leave it blank"
    scale = Column(parse=lambda text: int(text) if text in set("12345") else None, fix=fix)
    read = read_rows(path, {"question": _TEXT, "answer": scale}, known, now=now, repeats=None, answer="answer")
    return {"survey": tuple((urn, row["question"], row["answer"]) for urn, row in read.rows)}, read.source


def _activity(path: str, known: Collection[Urn], now: Now) -> tuple[dict[str, Any], Source]:
    columns = {"partnership": _TEXT, "activity": _TEXT, "count": Column(parse=count, fix=COUNT)}
    read = read_rows(path, columns, repeats=("partnership", "activity"), answer="count")
    return {"activity": tuple((row["partnership"], row["activity"], row["count"]) for _, row in read.rows)}, read.source
