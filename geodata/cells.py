"""The text of single cells: headings found, numbers read strictly, and the faults that readers raise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path

from geodata.faults import ALIKE_MOST, BadData, Fault

DATES = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y")  # in which people write days


def refused(file: Path | str, fix: str, row: int | None = None) -> BadData:
    """Return the exception that refuses a whole file, given by its path or its base name."""
    return BadData([Fault(file=file.name if isinstance(file, Path) else file, row=row, fix=fix)])


def in_reading_order(faults: Sequence[Fault]) -> list[Fault]:
    """Return faults by file, in order of first mention, then by row; faults of a whole file stand after its rows."""
    files = {fault.file: place for place, fault in reversed(list(enumerate(faults)))}
    return sorted(faults, key=lambda fault: (files[fault.file], fault.row is None, fault.row or 0))


def told_briefly(faults: Sequence[Fault], what: str) -> list[Fault]:
    """Return faults of one kind, or one in their place where there are many: the first, and how many more there are."""
    if len(faults) <= ALIKE_MOST:
        return list(faults)
    more = f"and {len(faults) - 1:,} more {what}"
    return [replace(faults[0], fix=f"{faults[0].fix_for_all or faults[0].fix} ({more})", members=tuple(faults))]


def as_text(cell: object) -> str:
    """Return a cell of a spreadsheet or database as a person would type the value; dates as in the register."""
    if isinstance(cell, Iterable) and not isinstance(cell, str | bytes):  # a list in one cell, as GeoJSON may have
        return ", ".join(map(as_text, cell))
    if cell is None or cell != cell:  # nan, NaT
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d-%m-%Y}"
    return str(cell).strip()


def whole_number(text: str) -> int | None:
    """Return the integer in a text of digits, with optional sign and decimal zeros ("111.0"); None for other text."""
    return int(text.partition(".")[0]) if re.fullmatch(r"[+-]?[0-9]{1,15}(\.0*)?", text) else None


def number(text: str) -> float | None:
    """Return the number in a text, in plain or scientific notation; None for other text, "nan" and "inf" included."""
    if not re.fullmatch(r"[+-]?([0-9]{1,30}\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?", text):
        return None
    return float(text)


def find_heading(headings: Sequence[str], *names: str) -> str | None:
    """Return the heading that equals one of the names, ignoring case, the first name first; None where none does."""
    by_folded = {heading.casefold(): heading for heading in reversed(headings)}
    return next((by_folded[name.casefold()] for name in names if name.casefold() in by_folded), None)


def need_heading(path: Path, headings: Sequence[str], *names: str) -> str:
    """Return the heading as `find_heading` does. Raises BadData with the existing headings where there is none."""
    if (found := find_heading(headings, *names)) is None:
        raise BadData([no_such_heading(path.name, names[0], headings)])
    return found


def no_such_heading(file: str, name: str, headings: Sequence[str]) -> Fault:
    """Return the fault of a column that a file lacks, with the nearest headings or the first few."""
    folded = {heading.casefold(): heading for heading in headings}
    near = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3)]
    hint = f"did you mean {' or '.join(map(repr, near))}?" if near else f"the headings are {listed(headings)}"
    return Fault(file=file, row=1, column=name, fix=f"no such column; {hint}")


def listed(texts: Sequence[str], shown: int = 12) -> str:
    """Return the first few texts, each quoted and shortened, and the number of further texts."""
    more = f" and {len(texts) - shown:,} more" if len(texts) > shown else ""
    return ", ".join(repr(text[:60]) for text in texts[:shown]) + more


def as_day(text: str) -> str | None:
    """Return a day as people or spreadsheets write it, such as 31/03/2026, as 2026-03-31; None for other text."""
    day = text.partition(" 00:00")[0]  # as some spreadsheets save a date
    for form in DATES:
        try:
            return datetime.strptime(day, form).date().isoformat()
        except ValueError:
            continue
    return None
