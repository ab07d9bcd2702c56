"""The workbook to fill in, filled in as people would: by its headings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from geodata.headings import WORDS
from geodata.to_fill_in import LINKS, SCHOOLS, TODAY

URNS = [f"0{n}/A" for n in range(1, 10)]


def rows_of(sheet: Worksheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def filled(path: Path, *, by_degrees: bool = False) -> Path:
    """Nine schools in a row, a kilometre apart, two who work together and three who are together today."""
    book = openpyxl.load_workbook(path)
    heads = rows_of(book[SCHOOLS])[0]
    fields = {heads[0]: "urn"} | {WORDS[field]: field for field in WORDS if field != "urn"}
    for n, urn in enumerate(URNS):
        known = {"urn": urn, "name": f"School {n}", "pupils": 60 + n, "town": "Fen"}
        metres = {"easting": 490_000 + 1_000 * n, "northing": 310_000}
        known |= {"latitude": 52.68, "longitude": -0.66 + n / 68} if by_degrees else metres
        book[SCHOOLS].append([known.get(fields[head]) for head in heads])
    book[LINKS].append([URNS[0], URNS[1], None, "shared post", "survey", "yes"])
    for urn in URNS[:3]:
        book[TODAY].append([urn, "Fen Edge"])
    book.save(path)
    return path
