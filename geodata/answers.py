"""Answers of schools that were asked to join a partnership, read from the sheet that was sent to the schools.

The sheet does not ask which person answered, and a column that says so is not read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, get_args

from geodata.cells import as_day, find_heading, in_reading_order, need_heading
from geodata.faults import BadData, Fault
from geodata.identifier import URN, IdentifierWords
from geodata.labels import is_blank
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.people import is_personal
from geodata.readings import Reading
from geodata.successors import Now, made_one, unless_there
from geodata.tables import read_table
from geodata.urns import Urn, in_a_list, read_urn, read_urns, strangers, urns_of

Said = Literal["yes", "no", "undecided", "none"]
"""The answer of a school; "none" where the school has not answered yet."""

SAID: tuple[Said, ...] = get_args(Said)
HEADINGS = ("urn", "answer", "partners", "date", "wishes", "not_wanted")
LISTS = ("partners", "wishes", "not_wanted")  # the columns of several schools
_WHO = re.compile(r"^(answered|said|given|signed|spoken|told|returned)?by(whom|who)?$|^who(answered|said)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer of a school: the schools that it named as partners (URNs, ascending), and the day (ISO, or "").

    `wishes` are the schools that it wishes for, the first wish first; `not_wanted` those that it does not want.
    """

    said: Said = "none"
    partners: tuple[Urn, ...] = ()
    date: str = ""
    wishes: tuple[Urn, ...] = ()
    not_wanted: tuple[Urn, ...] = ()

    def __post_init__(self) -> None:
        for name in ("partners", "wishes", "not_wanted"):
            object.__setattr__(self, name, urns_of(getattr(self, name)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The answers of the selected schools, by ascending URN."""

    by_urn: Mapping[Urn, Answer]
    notices: tuple[Fault, ...]
    source: Source
    reading: Reading

    @property
    def agreed(self) -> tuple[tuple[Urn, Urn], ...]:
        """Return the pairs of schools that named each other, lower URN first."""
        return tuple(
            (urn, other)
            for urn, answer in self.by_urn.items()
            for other in answer.partners
            if urn < other and other in self.by_urn and urn in self.by_urn[other].partners
        )


def read_answers(
    path: Path | str,
    known_urns: Collection[Urn],
    selected_urns: Collection[Urn],
    identifier: IdentifierWords = URN,
    now: Now = str,
) -> Answers:
    """Read a table of urn, answer (yes, no, undecided, none; blank is none), and optionally partners (URNs) and date.

    It may have two more columns of URNs: wishes, the first wish first, and not_wanted.

    The column of URNs may be called by `identifier` too, as in the sheet to ask schools with. `now` gives what a school
    of an earlier year goes by today; schools made one that answered alike have one answer.
    Raises BadData with every invalid, unknown or repeated URN, every other answer, every invalid date, every partner,
    wish and school not wanted that is no known school, the school itself, or named twice, and every school that is
    both wished for and not wanted.
    """
    given, path = path, file_and_part(path)[0]

    def choose(headings: Sequence[str]) -> list[str]:
        needed = [need_heading(path, headings, "urn", identifier.one), need_heading(path, headings, "answer")]
        return [*needed, *filter(None, (find_heading(headings, name) for name in HEADINGS[2:]))]

    table = read_table(given, choose)
    uses = {heading: heading.casefold() for heading in table.frame.columns}
    uses[need_heading(path, table.headings, "urn", identifier.one)] = "urn"
    rows = table.frame.rename(columns=uses).reindex(columns=list(HEADINGS), fill_value="")
    named = unless_there(rows["urn"], now)
    said_by_row = rows["answer"]
    for name in HEADINGS[2:]:
        said_by_row = said_by_row + "\n" + rows[name]
    rows = rows.assign(urn=named)[~made_one(rows["urn"], named, said_by_row)]
    urns, faults = read_urns(rows["urn"], path.name)
    faults += strangers(urns, known_urns, path.name, "urn")
    found: dict[Urn, Answer] = {}
    for row, _, said_text, partners_text, date_text, *others in rows.itertuples(name=None):
        said = _said(path.name, row, said_text)
        day = _day(path.name, row, date_text)
        faults += [fault for fault in (said, day) if isinstance(fault, Fault)]
        texts = dict(zip(LISTS, (partners_text, *others), strict=True))
        lists = {}
        for column, text in texts.items():
            lists[column], wrong = _named(path.name, row, column, text, urns.get(row), known_urns, now)
            faults += wrong
        for urn in lists["not_wanted"]:
            if urn in lists["wishes"]:
                fix = "it is among the wishes too; keep one"
                faults.append(Fault(file=path.name, row=row, column="not_wanted", value=urn, fix=fix))
        if row in urns and not isinstance(said, Fault) and not isinstance(day, Fault):
            lists["partners"] = tuple(sorted(lists["partners"]))
            found[urns[row]] = Answer(said=said, date=day, **lists)
    if faults:
        raise BadData(in_reading_order(faults))
    outside = len(set(found) - set(selected_urns))
    return Answers(
        by_urn={urn: found[urn] for urn in sorted(set(found) & set(selected_urns))},
        notices=(*table.notices, *_notices(path.name, table.headings, outside)),
        source=table.source,
        reading=replace(
            table.reading,
            columns={use: heading for heading, use in uses.items()},
            unused=tuple(heading for heading in table.headings if heading and heading not in table.frame.columns),
            left={"of schools not selected": outside} if outside else {},
        ),
    )


def _said(file: str, row: int, text: str) -> Said | Fault:
    word = "none" if is_blank(text) else text.casefold()
    if word in SAID:
        return SAID[SAID.index(word)]
    fix = f"use one of {', '.join(SAID)}; blank is none: no answer yet"
    return Fault(file=file, row=row, column="answer", value=text, fix=fix)


def _day(file: str, row: int, text: str) -> str | Fault:
    day = "" if is_blank(text) else as_day(text)
    if day is not None:
        return day
    fix = "write the day it answered as 2026-03-31 or 31/03/2026, or leave it blank"
    return Fault(file=file, row=row, column="date", value=text, fix=fix)


def _named(
    file: str, row: int, column: str, text: str, own: Urn | None, known_urns: Collection[Urn], now: Now
) -> tuple[tuple[Urn, ...], list[Fault]]:
    """Return the URNs in a text in their order, separated by semicolons, commas or spaces, and the faults."""
    found: list[Urn] = []
    faults = []
    if is_blank(text):
        return (), []
    for part in in_a_list(text, known_urns):
        urn = read_urn(now(part), file, row, column)
        if isinstance(urn, Fault):
            faults.append(urn)
            continue
        if urn not in known_urns:
            fix = "no school has this URN; correct or delete it"
        elif urn == own:
            fix = "a school is no partner of itself; delete it" if column == "partners" else "it is its own; delete it"
        elif urn in found:
            fix = "it is named twice; delete one"
        else:
            found.append(urn)
            continue
        faults.append(Fault(file=file, row=row, column=column, value=urn, fix=fix))
    return tuple(found), faults


def _notices(file: str, headings: Sequence[str], outside: int) -> list[Fault]:
    """Return notices that may appear in public outputs: about columns and counts, never about one school."""
    notices = [
        Fault(file=file, row=1, column=heading, fix="not read: who answered is not asked")
        for heading in headings
        if is_personal(heading) or _WHO.match(re.sub(r"[^a-z]", "", heading.casefold()))
    ]
    if outside:
        rows = "1 row is of a school" if outside == 1 else f"{outside} rows are of schools"
        notices.append(Fault(file=file, fix=f"{rows} not among those selected: left out"))
    return notices
