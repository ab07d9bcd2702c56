"""Advisers: the places of their desks, and the work that each adviser can take on. No other fact about them is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from geodata.faults import BadData, Fault
from geodata.opening import Source
from geodata.rows import COUNT, Column, count, read_rows, said

EASTING_MAX, NORTHING_MAX = 700_000, 1_300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """An adviser's desk. `caseload` is partnerships at a time, `days` is days a year for them; None is no limit."""

    name: str
    office: str
    easting: int
    northing: int
    caseload: int | None = None
    days: int | None = None
    accreditation: tuple[str, ...] = ()


def read_advisers(path: Path | str) -> tuple[tuple[Adviser, ...], Source]:
    """Read a table of advisers; return them in order of name, and the file.

    Raises BadData for a repeated adviser, a desk outside the national grid (metres), and any other cell that cannot be
    read.
    """
    on_grid = "give metres on the national grid, such as 497700"
    columns = {
        "adviser": Column(parse=said, fix="name the adviser; initials or a number will do"),
        "office": Column(parse=said, fix="name the office"),
        "easting": Column(parse=lambda text: _within(text, EASTING_MAX), fix=on_grid),
        "northing": Column(parse=lambda text: _within(text, NORTHING_MAX), fix=on_grid),
        "caseload": Column(parse=count, fix=COUNT, needed=False, blank=True),
        "days": Column(parse=count, fix=COUNT, needed=False, blank=True),
        "accreditation": Column(parse=said, fix="name what the adviser may do", needed=False, blank=True),
    }
    read = read_rows(path, columns, repeats=("adviser",))
    if not read.rows:
        raise BadData([Fault(file=Path(path).name, fix="it names no adviser; add a row for each")])
    found = []
    for _, row in read.rows:
        skills = str(row["accreditation"] or "").split(";")
        found.append(
            Adviser(
                name=str(row["adviser"]),
                office=str(row["office"]),
                easting=int(row["easting"] or 0),
                northing=int(row["northing"] or 0),
                caseload=None if row["caseload"] is None else int(row["caseload"]),
                days=None if row["days"] is None else int(row["days"]),
                accreditation=tuple(skill.strip().casefold() for skill in skills if skill.strip()),
            )
        )
    return tuple(sorted(found, key=lambda adviser: adviser.name)), read.source


def _within(text: str, most: int) -> int | None:
    metres = count(text)
    return metres if metres is not None and metres <= most else None
