"""Tables about schools: one URN a row, columns read as counts, pounds, numbers or text, and every fault reported."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from geodata.cells import find_heading, in_reading_order, need_heading, number, whole_number
from geodata.faults import BadData, Fault
from geodata.labels import is_blank
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.readings import Reading
from geodata.successors import Now, unless_there
from geodata.tables import read_table
from geodata.urns import Urn, read_urn, strangers

Value = str | int | float | None
COUNT_MAX = 10**9
NOBODY = Urn("nobody")
_POUNDS = re.compile(r"£?([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.([0-9]{1,2}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The reading of a column: `parse` returns None for text of another kind; `fix` is the instruction in the fault."""

    parse: Callable[[str], Value]
    fix: str
    needed: bool = True  # the column must be there
    blank: bool = False  # its cells may be blank (None then)


def pence(text: str) -> int | None:
    """Return pounds, as people write them, in pence; None for other text."""
    found = _POUNDS.fullmatch(text)
    if found is None:
        return None
    return int(found[1].replace(",", "")) * 100 + int((found[2] or "0").ljust(2, "0"))


def count(text: str) -> int | None:
    """Return a whole number from 0 to COUNT_MAX; None for other text."""
    found = whole_number(text)
    return found if found is not None and 0 <= found <= COUNT_MAX else None


def said(text: str) -> str | None:
    """Return any text that is not blank; None for a blank."""
    return text or None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """The rows of a table in the file's order, as URN (NOBODY in a table without URNs) and values by column."""

    rows: tuple[tuple[Urn, Mapping[str, Value]], ...]
    source: Source
    reading: Reading


def read_rows(
    path: Path | str,
    columns: Mapping[str, Column],
    known_urns: Collection[Urn] | None = None,
    *,
    repeats: Sequence[str] | None = (),
    answer: str | None = None,
    now: Now = str,
) -> Rows:
    """Read a table with these columns, and with `urn` where `known_urns` gives the URNs that exist.

    No two rows may have the same URN and the same values in the columns `repeats`; None allows repeated rows. In a
    sheet to fill in, `answer` is the column that people fill: a row where it is blank is left out. `now` gives what a
    school of an earlier year goes by today; where a school has one row, that of today goes first. Raises BadData for
    unknown URNs, repeated rows, missing columns, and cells that cannot be read.
    """
    given, path = path, file_and_part(path)[0]
    has_urn = known_urns is not None

    def choose(headings: Sequence[str]) -> list[str]:
        needed = ["urn"] * has_urn + [name for name, column in columns.items() if column.needed]
        optional = [find_heading(headings, name) for name, column in columns.items() if not column.needed]
        return [*(need_heading(path, headings, name) for name in needed), *filter(None, optional)]

    table = read_table(given, choose)
    headings = {name: find_heading(list(table.frame.columns), name) for name in ("urn", *columns)}
    if has_urn and (named := headings["urn"]) is not None:
        texts = table.frame[named]
        table.frame[named] = unless_there(texts, now) if repeats == () else texts.map(now)
    faults: list[Fault] = []
    urns: dict[int, Urn] = {}
    found: list[tuple[Urn, Mapping[str, Value]]] = []
    first: dict[tuple[Value, ...], int] = {}
    for line, values_by_heading in zip(table.frame.index.tolist(), table.frame.to_dict("records"), strict=True):
        cells = {str(heading): str(text) for heading, text in values_by_heading.items()}
        if answer is not None and is_blank(cells[headings[answer] or ""]):
            continue
        urn: Urn | Fault = read_urn(cells[headings["urn"] or ""], path.name, line, "urn") if has_urn else NOBODY
        values, wrong = _values(path.name, line, columns, headings, cells)
        if isinstance(urn, Fault):
            wrong = [urn, *wrong]
        else:
            urns[line] = urn
            key = (urn, *(values.get(name) for name in repeats or ()))
            if repeats is not None and first.setdefault(key, line) != line:
                wrong.append(Fault(file=path.name, row=line, fix=f"it repeats row {first[key]}; delete one of them"))
            found.append((urn, values))
        faults += wrong
    if known_urns is not None:
        faults += strangers(urns, known_urns, path.name, "urn")
    if faults:
        raise BadData(in_reading_order(faults))
    used = {name: heading for name, heading in headings.items() if heading is not None}
    unused = tuple(heading for heading in table.headings if heading and heading not in used.values())
    return Rows(rows=tuple(found), source=table.source, reading=replace(table.reading, columns=used, unused=unused))


def _values(
    file: str,
    row: int,
    columns: Mapping[str, Column],
    headings: Mapping[str, str | None],
    cells: Mapping[str, str],
) -> tuple[dict[str, Value], list[Fault]]:
    """Return the values of a row by column, and the faults of its cells."""
    values: dict[str, Value] = {}
    faults = []
    for name, column in columns.items():
        heading = headings[name]
        text = cells[heading] if heading is not None else ""
        values[name] = column.parse(text) if text else None
        if values[name] is None and not (column.blank and is_blank(text)) and heading is not None:
            faults.append(Fault(file=file, row=row, column=heading, value=text, fix=column.fix))
    return values, faults


POUNDS = "give pounds, such as 90000 or 90,000.50"
COUNT = "give a whole number, 0 or more"


def number_of(text: str) -> float | None:
    """Return a number in plain or scientific notation; None for other text."""
    return number(text)
