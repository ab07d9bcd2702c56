"""Schools that go on under another identifier, as when a school becomes an academy or two schools are made one.

What a school is now is taken, the first that says anything, from what the user states (`data.successors`), from the
register's table of links, and from its closed record in the register: the school that opened within a year of its
closing with its establishment number, else on its site, else with its name. A merger and a split are asked about,
because which school continues which is for people to say. `Successors.now` is the one way from an identifier of an
earlier year to that of today.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from math import dist
from pathlib import Path

import pandas as pd

from geodata import gias
from geodata.cells import need_heading
from geodata.faults import BadData, Fault
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.tables import read_table
from geodata.urns import Urn, known_in, read_urn

CLOSED = "closed"  # stated in place of an identifier: no school continues it
KEY = "data.successors"
Now = Callable[[str], str]
"""From the identifier in a cell to that of today; `str` where nothing is followed."""

LINK_HEADINGS = ("URN", "LinkURN", "LinkType")
AFTER, BEFORE = "successor", "predecessor"  # how the register's kinds of links begin
SEVERAL = ("amalgam", "merge", "split")  # words for links and closings of more than two schools
MOVED_METRES_MAX = 5_000  # of a school that keeps its name
SOONEST, LATEST = timedelta(days=-31), timedelta(days=366)  # of an opening, after the closing
GROUNDS = {
    "stated": "as stated",
    "link": "by the register's table of links",
    "number": "with the same establishment number",
    "site": "on the same site",
    "name": "with the same name",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A school that continues another, and the ground on which that is known, a key of GROUNDS."""

    new: Urn
    ground: str
    several: bool = False  # whether the register calls it a merger or a split


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A school in the register, as far as its successor is told by it. Days are None where the register has none."""

    urn: Urn
    name: str
    number: str
    site: str
    authority: str
    primary: bool
    phase: str
    is_open: bool
    opened: date | None
    closed: date | None
    reason: str

    def may_continue(self, old: Record) -> bool:
        """Return whether this school opened when the other closed; without a day of closing any open one may."""
        if self.authority != old.authority or self.urn == old.urn:
            return False
        if old.closed is None:
            return self.is_open
        if self.opened is None:
            return False
        return SOONEST <= self.opened - old.closed <= LATEST

    def is_of_kind(self, old: Record) -> bool:
        """Return whether both are of one phase; the primary phases are one."""
        return self.phase == old.phase or (self.primary and old.primary)


@dataclass(eq=False)
class Successors:
    """What schools of earlier years are now; it remembers which were met, so that each is told once.

    `current` are the identifiers that schools go by today, `rows` those of the register with headings by `fields`.
    """

    file: str = "schools"
    current: set[Urn] = field(default_factory=set)
    stated: Mapping[Urn, Urn] = field(default_factory=dict)
    linked: Mapping[Urn, Sequence[Step]] = field(default_factory=dict)
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    fields: Mapping[str, str] = field(default_factory=dict)
    met: dict[Urn, Urn] = field(default_factory=dict)
    asked: dict[Urn, str] = field(default_factory=dict)

    def now(self, text: str) -> str:
        """Return what a school goes by today; the text itself for a school of today, and for what is no school's.

        The school is remembered, for `notices`; one of a merger or a split for `questions`, and stays as it is.
        """
        if text in self.current:
            return text
        try:
            urn = Urn(text)
        except ValueError:
            return text
        way, question = self._way(urn)
        if question:
            self.asked[urn] = question
        elif way:
            self.met[urn] = way[-1].new
        return str(way[-1].new) if way and not question else text

    def quietly(self, text: str) -> str:
        """Return what a school goes by today as `now` does, for tables of many years: nothing is told or asked."""
        if text in self.current:
            return text
        try:
            way, question = self._way(Urn(text))
        except ValueError:
            return text
        return str(way[-1].new) if way and not question else text

    def before(self, urn: Urn) -> frozenset[Urn]:
        """Return the schools that a school continues, as the register tells."""
        return frozenset(self._merged.get(urn, ()))

    def notices(self) -> list[Fault]:
        """Return each succession met that nobody has stated yet, and how to confirm it once."""
        return [
            Fault(file=self.file, column="URN", value=old, fix=self._told(old, new))
            for old, new in sorted(self.met.items())
            if old not in self.stated
        ]

    def questions(self) -> list[Fault]:
        """Return a fault for each merger and split met, and for each statement that cannot be."""
        wrong = [
            Fault(file="scenario", column=f"{KEY}.{old}", value=new, fix=fix)
            for old, new in sorted(self.stated.items())
            if (fix := self._cannot_be(old, new))
        ]
        return [
            *wrong,
            *(Fault(file=self.file, column="URN", value=old, fix=fix) for old, fix in sorted(self.asked.items())),
        ]

    def _cannot_be(self, old: Urn, new: Urn) -> str:
        if old in self.current:
            return f"{self._called(old)} is a school of today; take it out"
        if new != CLOSED and not self._way(old)[0]:
            return f'no school of today has this URN; correct it, or say "{CLOSED}"'
        return ""

    def _told(self, old: Urn, new: Urn) -> str:
        way, _ = self._way(old)
        by = " and ".join(dict.fromkeys(GROUNDS[step.ground] for step in way))
        confirmed = f"confirm it once with --set {KEY}.{old}={new}, or say {CLOSED} in place of {new}"
        return f"{self._called(old)} goes on as {self._called(new)} {by}, and is followed as that; {confirmed}"

    def _called(self, urn: Urn) -> str:
        return f"{self._names[urn]} ({urn})" if self._names.get(urn) else str(urn)

    def _way(self, urn: Urn) -> tuple[list[Step], str]:
        """Return the steps to a school of today, none where it has no successor; and the question where one is open."""
        way: list[Step] = []
        at, seen = urn, {urn}
        while at not in self.current:
            steps = self._steps(at)
            if question := self._question(at, steps):
                return [], question
            if not steps or steps[0].new in seen:
                return [], ""
            way.append(steps[0])
            at = steps[0].new
            seen.add(at)
        return way, ""

    def _steps(self, urn: Urn) -> Sequence[Step]:
        if urn in self.stated:
            return () if self.stated[urn] == CLOSED else (Step(self.stated[urn], "stated"),)
        return self.linked.get(urn) or self._found.get(urn, ())

    def _question(self, urn: Urn, steps: Sequence[Step]) -> str:
        """Return what to ask about a split or a merger that nobody has settled; "" for any other step."""
        if urn in self.stated or not steps:
            return ""
        if len(steps) > 1:
            which = " or ".join(self._called(step.new) for step in steps)
            return (
                f"{self._called(urn)} may go on as {which}: say which, as in --set {KEY}.{urn}={steps[0].new}, "
                f"or {CLOSED} for neither"
            )
        others = sorted(other for other in self._merged.get(steps[0].new, ()) if other != urn)
        if not others and not steps[0].several:
            return ""
        into = self._called(steps[0].new)
        joined = " and ".join(map(self._called, [urn, *others]))
        went = f"{joined} were made one, {into}" if others else f"{joined} was merged into {into}"
        return (
            f"{went}: say whether it goes on as that, with --set {KEY}.{urn}={steps[0].new}, or {CLOSED} where it "
            "does not"
        )

    @cached_property
    def _records(self) -> Sequence[Record]:
        return records_of(self.rows, self.fields)

    @cached_property
    def _names(self) -> Mapping[Urn, str]:
        return {record.urn: record.name for record in self._records}

    @cached_property
    def _merged(self) -> Mapping[Urn, set[Urn]]:
        """The schools that each school continues, by what the register says of them."""
        found: dict[Urn, set[Urn]] = {}
        for old in {*self.linked, *self._found}:
            for step in self.linked.get(old) or self._found.get(old, ()):
                found.setdefault(step.new, set()).add(old)
        return found

    @cached_property
    def _found(self) -> Mapping[Urn, tuple[Step, ...]]:
        """The successors told by closed records, by identifier."""
        return dict(_from_records(self._records))


def successors_of(
    rows: pd.DataFrame,
    fields: Mapping[str, str],
    file: str,
    known_urns: frozenset[Urn],
    stated: Mapping[Urn, Urn],
    links: Path | str | None,
) -> tuple[Successors, list[Source]]:
    """Return what schools of earlier years are now, and the register's table of links where one is named.

    `rows` have the headings of the register where they are of it; `known_urns` are all schools that they name.
    """
    linked, sources = _read_links(links) if links is not None else ({}, [])
    current = set(known_urns - known_in(rows.loc[gias.are_closed(rows), fields["urn"]]))
    return Successors(file=file, current=current, stated=stated, linked=linked, rows=rows, fields=fields), sources


def unless_there(texts: pd.Series, now: Now) -> pd.Series:
    """Return a column of identifiers as those of today, but for a school of which the column has today's already."""
    there = set(texts)
    return texts.map(lambda text: text if (new := now(text)) in there else new)


Seen = tuple[str, tuple[int, int]]
"""What a school is known again by in two lists of schools: its name and its place, in metres."""


def same_schools(old: Mapping[Urn, Seen], new: Mapping[Urn, Seen]) -> dict[Urn, Urn]:
    """Return the later identifier of each school that goes by another one in a later list.

    These are schools that are in one list only, and the only ones there with the same name and place; else on the same
    site; else of the same name within MOVED_METRES_MAX.
    """
    gone, come = (
        {urn: (name.casefold(), place) for urn, (name, place) in here.items() if urn not in there}
        for here, there in ((old, new), (new, old))
    )
    found: dict[Urn, Urn] = {}
    parts: Sequence[Callable[[Seen], object]] = (lambda seen: seen, lambda seen: seen[1], lambda seen: seen[0])
    for part in parts:
        left, right = _alone(gone, part, found.keys()), _alone(come, part, found.values())
        pairs = [(left[mark], right[mark]) for mark in left if mark in right]
        found |= {a: b for a, b in pairs if dist(gone[a][1], come[b][1]) <= MOVED_METRES_MAX}
    return dict(sorted(found.items()))


def _alone(seen: Mapping[Urn, Seen], part: Callable[[Seen], object], done: Collection[Urn]) -> dict[object, Urn]:
    """Return the schools that are not done yet, by a part of what is seen that no other of them has."""
    marks = {urn: part(one) for urn, one in seen.items() if urn not in done}
    times = Counter(marks.values())
    return {mark: urn for urn, mark in marks.items() if times[mark] == 1}


def made_one(texts: pd.Series, named: pd.Series, said: pd.Series) -> pd.Series:
    """Return which rows only repeat, of a school made one of several, what another row says of it.

    `texts` are the identifiers in the file, `named` those of today, `said` the rest of the rows in question.
    """
    rows = pd.DataFrame({"urn": named.loc[said.index], "said": said})
    followed = texts.loc[said.index] != rows["urn"]
    return rows.duplicated() & rows["urn"].isin(rows.loc[followed, "urn"])


def _from_records(records: Sequence[Record]) -> Iterator[tuple[Urn, tuple[Step, ...]]]:
    """Yield each closed school that others may continue, with these by the first ground that any of them has."""
    by: dict[str, dict[str, list[Record]]] = {"number": {}, "site": {}, "name": {}}
    for record in records:
        for ground, value in _marks(record):
            by[ground].setdefault(value, []).append(record)
    for old in records:
        if old.is_open:
            continue
        several = any(word in old.reason for word in SEVERAL)
        for ground, value in _marks(old):
            alike = [one for one in by[ground][value] if ground == "number" or one.is_of_kind(old)]
            found = [one for one in alike if one.may_continue(old)]
            if not found and ground == "site" and several:
                found = [one for one in alike if one.is_open and one.urn != old.urn]  # it took the other in
            if found:
                yield old.urn, tuple(Step(one.urn, ground, several) for one in sorted(found, key=lambda one: one.urn))
                break


def _marks(record: Record) -> Iterator[tuple[str, str]]:
    """Yield what tells a school again, the surest first."""
    for ground, value in (("number", record.number), ("site", record.site), ("name", record.name.casefold())):
        if value:
            yield ground, f"{record.authority} {value}"


def records_of(rows: pd.DataFrame, fields: Mapping[str, str]) -> list[Record]:
    """Return the records of the register's rows; none where the extract does not say which schools are closed."""
    if gias.STATUS not in rows:
        return []
    blank = pd.Series("", index=rows.index)

    def column(heading: str | None) -> pd.Series:
        return rows.get(heading, blank)

    easting, northing = column(fields.get("easting")), column(fields.get("northing"))
    columns = [column(fields.get("urn")), column(fields.get("name")), column(gias.NUMBER), easting + " " + northing]
    columns += [column(gias.AUTHORITY), column(gias.PHASE), column(gias.STATUS), column(gias.OPENED)]
    columns += [column(gias.CLOSED_ON), column(gias.WHY_CLOSED)]
    proposed, open_words = gias.STATUSES[3].casefold(), {word.casefold() for word in gias.OPEN}
    found = []
    for urn_text, name, number, site, authority, phase, status, opened, closed, why in zip(*columns, strict=True):
        urn = read_urn(urn_text, "", 0, "")
        if isinstance(urn, Fault) or status.casefold() == proposed:
            continue
        found.append(
            Record(
                urn=urn,
                name=name,
                number=number,
                site=site.strip(),
                authority=authority,
                primary=phase in gias.PRIMARY,
                phase=phase,
                is_open=status.casefold() in open_words,
                opened=_day(opened),
                closed=_day(closed),
                reason=why.casefold(),
            )
        )
    return found


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        return None


def _read_links(path: Path | str) -> tuple[dict[Urn, list[Step]], list[Source]]:
    """Read the register's table of links: URN, LinkURN and LinkType ("Successor", "Predecessor - merged" ...).

    Links of other kinds are left. Raises BadData with every identifier that can be none.
    """
    given, path = path, file_and_part(path)[0]
    table = read_table(given, lambda headings: [need_heading(path, headings, name) for name in LINK_HEADINGS])
    faults: list[Fault] = []
    found: dict[Urn, list[Step]] = {}
    for row, urn_text, link_text, kind in table.frame.itertuples(name=None):
        kind = kind.casefold()
        if not kind.startswith((AFTER, BEFORE)):
            continue
        ends = [read_urn(urn_text, path.name, row, "URN"), read_urn(link_text, path.name, row, "LinkURN")]
        faults += [end for end in ends if isinstance(end, Fault)]
        schools = [end for end in ends if isinstance(end, Urn)]
        if len(schools) == 2:
            old, new = schools if kind.startswith(AFTER) else reversed(schools)
            step = Step(new, "link", any(word in kind for word in SEVERAL))
            steps = found.setdefault(old, [])
            if all(other.new != new for other in steps):
                steps.append(step)
    if faults:
        raise BadData(faults)
    return found, [table.source]
