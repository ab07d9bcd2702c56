"""Advisers: the places of their desks, and the work that each adviser can take on. No other fact about them is read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from geodata.cells import number
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, METRES_MOST, Grid
from geodata.opening import Source
from geodata.rows import COUNT, Column, Rows, count, read_rows, said

EASTING_MAX, NORTHING_MAX = 700_000, 1_300_000  # of the British National Grid
DEGREES = "give degrees, such as 53.1 and -0.5"


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


def read_advisers(path: Path | str, grid: Grid = BRITISH) -> tuple[tuple[Adviser, ...], Source]:
    """Read a table of advisers; return them in order of name, and the file.

    Desks are given in metres on the schools' grid, as `easting` and `northing`, or as `latitude` and `longitude`.
    Raises BadData for a repeated adviser, a desk outside the grid, and any other cell that cannot be read.
    """
    try:
        read = _read(path, _metres(grid))
    except BadData as bad:
        if [(fault.row, fault.column) for fault in bad.faults] != [(1, "easting")]:
            raise
        read = _read_degrees(path, bad)
    if not read.rows:
        raise BadData([Fault(file=Path(path).name, fix="it names no adviser; add a row for each")])
    found = []
    for _, row in read.rows:
        skills = str(row["accreditation"] or "").split(";")
        easting, northing = row.get("easting"), row.get("northing")
        if "latitude" in row:
            easting, northing = grid.whole_metres([float(row["longitude"] or 0)], [float(row["latitude"] or 0)])[
                0
            ].tolist()
        found.append(
            Adviser(
                name=str(row["adviser"]),
                office=str(row["office"]),
                easting=int(easting or 0),
                northing=int(northing or 0),
                caseload=None if row["caseload"] is None else int(row["caseload"]),
                days=None if row["days"] is None else int(row["days"]),
                accreditation=tuple(skill.strip().casefold() for skill in skills if skill.strip()),
            )
        )
    return tuple(sorted(found, key=lambda adviser: adviser.name)), read.source


def _read(path: Path | str, places: dict[str, Column]) -> Rows:
    columns = {
        "adviser": Column(parse=said, fix="name the adviser; initials or a number will do"),
        "office": Column(parse=said, fix="name the office"),
        **places,
        "caseload": Column(parse=count, fix=COUNT, needed=False, blank=True),
        "days": Column(parse=count, fix=COUNT, needed=False, blank=True),
        "accreditation": Column(parse=said, fix="name what the adviser may do", needed=False, blank=True),
    }
    return read_rows(path, columns, repeats=("adviser",))


def _read_degrees(path: Path | str, no_metres: BadData) -> Rows:
    """Return the rows with desks in degrees. Raises `no_metres` where the file has no such columns either."""
    degrees = {
        name: Column(parse=partial(_degrees, most=most), fix=DEGREES)
        for name, most in {"latitude": 90, "longitude": 180}.items()
    }
    try:
        return _read(path, degrees)
    except BadData as bad:
        if [(fault.row, fault.column) for fault in bad.faults] in ([(1, "latitude")], [(1, "longitude")]):
            raise no_metres from None
        raise


def _metres(grid: Grid) -> dict[str, Column]:
    most = (EASTING_MAX, NORTHING_MAX) if grid == BRITISH else (METRES_MOST, METRES_MOST)
    where = "the national grid, such as 497700" if grid == BRITISH else f"{grid.words}, or latitude and longitude"
    return {
        name: Column(parse=partial(_within, most=limit), fix=f"give metres on {where}")
        for name, limit in zip(("easting", "northing"), most, strict=True)
    }


def _within(text: str, most: int) -> int | None:
    metres = count(text)
    return metres if metres is not None and metres <= most else None


def _degrees(text: str, most: int) -> float | None:
    degrees = number(text)
    return degrees if degrees is not None and abs(degrees) <= most else None
