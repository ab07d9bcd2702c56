"""The schools of the data in hand, as a table to search, sort and filter, and as points on a small map."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROWS_SHOWN = 25
MAP_WIDTH, MAP_HEIGHT_MAX, MAP_EDGE = 520, 520, 10
KINDS = {  # what may be shown alone
    "": "All schools",
    "small": "Small schools that take part",
    "other": "Schools over the limit, or not taking part",
    "corrected": "Schools with a corrected number",
}
Key = Callable[["Row"], Any]
ORDERS: dict[str, tuple[str, Key]] = {
    "name": ("name", lambda row: (row.name.casefold(), row.urn)),
    "town": ("town", lambda row: (row.town.casefold(), row.name.casefold(), row.urn)),
    "fewest": ("fewest pupils first", lambda row: (row.pupils, row.urn)),
    "most": ("most pupils first", lambda row: (-row.pupils, row.urn)),
    "urn": ("number in the register", lambda row: row.urn),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A school of the table. `was` is its number before it was corrected, "" for none; None where it was not."""

    urn: str
    name: str
    town: str
    pupils: int
    easting: int
    northing: int
    role: str  # "small" or "other"
    head: str  # the name of what its head leads besides it, or ""
    was: str | None


@dataclass(frozen=True, slots=True)
class SchoolTable:
    """A page of the table, as somebody asked for it."""

    rows: Sequence[Row]
    found: int
    at: int  # page, from 1
    pages: int
    words: str
    kind: str
    order: str
    drawn: Mapping[str, str]  # the map: a path of points for each kind, and for those of this page
    height: int


def school_table(told: Sequence[Sequence[Any]], asked: Mapping[str, str]) -> SchoolTable:
    """Return a page of the table; `told` are the rows as the check of the data tells them."""
    every = [Row(*row) for row in told]
    words, kind, order = asked.get("words", "")[:80], asked.get("kind", ""), asked.get("order", "name")
    kind, order = kind if kind in KINDS else "", order if order in ORDERS else "name"
    wanted = words.casefold().split()
    found = [row for row in every if _is(row, kind) and _says(row, wanted)]
    found.sort(key=ORDERS[order][1])
    pages = max(-(-len(found) // ROWS_SHOWN), 1)
    page = asked.get("page", "1")
    at = min(max(int(page), 1), pages) if page.isdecimal() and len(page) < 7 else 1
    rows = found[(at - 1) * ROWS_SHOWN : at * ROWS_SHOWN]
    drawn, height = _drawn(every, rows if words or kind else ())
    return SchoolTable(rows, len(found), at, pages, words, kind, order, drawn, height)


def _is(row: Row, kind: str) -> bool:
    return kind in ("", row.role) or (kind == "corrected" and row.was is not None)


def _says(row: Row, wanted: Sequence[str]) -> bool:
    text = f"{row.name} {row.town} {row.urn} {row.head}".casefold()
    return all(word in text for word in wanted)


def _drawn(every: Sequence[Row], chosen: Sequence[Row]) -> tuple[dict[str, str], int]:
    """Return points by kind as paths of lines without length, which a style makes round; and how high the map is."""
    if not every:
        return {}, MAP_EDGE
    west, south = min(row.easting for row in every), min(row.northing for row in every)
    wide = max(max(row.easting for row in every) - west, 1)
    high = max(max(row.northing for row in every) - south, 1)
    scale = min((MAP_WIDTH - 2 * MAP_EDGE) / wide, (MAP_HEIGHT_MAX - 2 * MAP_EDGE) / high)
    height = round(high * scale) + 2 * MAP_EDGE

    def path(rows: Sequence[Row]) -> str:
        places = ((round((row.easting - west) * scale), round((row.northing - south) * scale)) for row in rows)
        return "".join(f"M{MAP_EDGE + x} {height - MAP_EDGE - y}h0" for x, y in places)

    kinds = {kind: path([row for row in every if row.role == kind]) for kind in ("other", "small")}
    return {**kinds, "chosen": path(chosen)}, height
