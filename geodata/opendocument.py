"""Sheets of an OpenDocument workbook (.ods), with what in them would be misread in silence.

The libraries that read this format do not tell hidden rows, merged cells, errors and formulas without a result apart
from other cells, so its XML is read here, in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import IO
from xml.etree import ElementTree

from openpyxl.utils import get_column_letter

from geodata.cells import as_text, refused
from geodata.labels import is_error
from geodata.parts import TOP_ROWS, Headed, Part
from geodata.sheet_facts import COLUMNS_MAX, Rows, SheetFacts

CONTENT = "content.xml"
KIND = b"application/vnd.oasis.opendocument.spreadsheet"
MANIFEST, LOCKED = "META-INF/manifest.xml", b"encryption-data"
ROWS_MAX = 250_000  # that hold anything, of all sheets
CELLS_MAX = 5_000_000  # that hold anything, repeated ones counted
SHEET_ROWS_MAX = 1_048_576
_DURATION = re.compile(r"-?P(?:(\d{1,6})D)?T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})(?:[.,]\d*)?S)?")
HIDDEN = ("collapse", "filter")


@dataclass(slots=True)
class Sheet:
    """The rows of a sheet that hold anything, numbered from 1, and what is to be told of them."""

    name: str
    hidden: bool = False
    rows: Rows = field(default_factory=list)
    facts: SheetFacts = field(default_factory=SheetFacts)
    row: int = 0
    columns: int = 0

    def part(self) -> Part:
        """Return the sheet as a part of its file."""
        top: list[list[str]] = [[] for _ in range(min(self.rows[-1][0], TOP_ROWS) if self.rows else 0)]
        for row, texts in self.rows:
            if row <= TOP_ROWS:
                top[row - 1] = texts
        return Part(self.name, "sheet", top, self, hidden=self.hidden)

    def body(self, found: Headed) -> Rows:
        """Return the rows below the headings with anything under a heading, cut to the columns kept."""
        headed = found.headed_places
        return [
            (row, [texts[place] if place < len(texts) else "" for place in found.places])
            for row, texts in self.rows
            if row > found.row and any(texts[place] for place in headed if place < len(texts))
        ]


def read_sheets(path: Path, content: IO[bytes]) -> list[Sheet]:
    """Return the sheets of a workbook by its content.xml. Raises BadData for one of too many rows or cells."""
    sheets: list[Sheet] = []
    unseen: set[str] = set()  # styles of hidden sheets
    style, rows, cells, depth = "", 0, 0, 0  # a table inside a cell is no sheet
    for event, element in ElementTree.iterparse(content, events=("start", "end")):
        tag = _name(element.tag)
        if event == "start":
            if tag == "style":
                style = _told(element, "style:name")
            elif tag == "table":
                depth += 1
                if depth == 1:
                    sheets.append(
                        Sheet(_told(element, "table:name"), hidden=_told(element, "table:style-name") in unseen)
                    )
            continue
        depth -= tag == "table"
        if tag == "table-properties" and _told(element, "table:display") == "false":
            unseen.add(style)
        elif tag == "table-column" and depth == 1:
            _take_columns(sheets[-1], element)
        elif tag == "table-row" and depth == 1:
            times = _times(element, "table:number-rows-repeated", SHEET_ROWS_MAX)
            texts = _take_row(sheets[-1], element, times)
            rows, cells = rows + times * bool(texts), cells + times * len(texts)
            if rows > ROWS_MAX or cells > CELLS_MAX:
                raise refused(path, f"over {ROWS_MAX:,} rows or {CELLS_MAX:,} cells; save only those needed, or as CSV")
            sheet = sheets[-1]
            sheet.rows += [(sheet.row + at + 1, texts) for at in range(times if texts else 0)]
            sheet.row += times
            element.clear()
    return [sheet for sheet in sheets if sheet.name]  # what other files lent has no name


def _take_columns(sheet: Sheet, column: ElementTree.Element) -> None:
    times = _times(column, "table:number-columns-repeated", COLUMNS_MAX)
    if _told(column, "table:visibility") in HIDDEN:
        sheet.facts.hidden_columns.update(range(sheet.columns + 1, min(sheet.columns + times, COLUMNS_MAX) + 1))
    sheet.columns += times


def _take_row(sheet: Sheet, row: ElementTree.Element, times: int) -> list[str]:
    """Return the texts of a row up to its last cell that holds anything, and note what is to be told of it."""
    texts: list[str] = []
    number, column = sheet.row + 1, 0
    for cell in row:
        if (tag := _name(cell.tag)) not in ("table-cell", "covered-table-cell"):
            continue
        wide = _times(cell, "table:number-columns-repeated", COLUMNS_MAX)
        text = _text(cell) if tag == "table-cell" else ""
        if text:
            texts += [""] * (column - len(texts)) + [text] * min(wide, COLUMNS_MAX - column)
        if _told(cell, "table:formula") and not _told(cell, "office:value-type"):
            sheet.facts.unworked += [(number, place + 1) for place in range(column, min(column + wide, COLUMNS_MAX))]
        across, down = (_times(cell, f"table:number-{what}-spanned", SHEET_ROWS_MAX) for what in ("columns", "rows"))
        if across > 1 or down > 1:
            first, last = (get_column_letter(min(place, COLUMNS_MAX)) for place in (column + 1, column + across))
            sheet.facts.merged.append(f"{first}{number}:{last}{number + down - 1}")
        column = min(column + wide, COLUMNS_MAX)
    if texts and _told(row, "table:visibility") in HIDDEN:
        sheet.facts.hidden_rows += range(number, number + times)
    return texts


def _text(cell: ElementTree.Element) -> str:
    """Return a cell as a person would type its value; an error as it is shown."""
    shown = "\n".join("".join(_shown(part)) for part in cell if _name(part.tag) == "p").strip()
    kind = _told(cell, "office:value-type")
    if is_error(shown):
        return shown
    if kind in ("float", "currency", "percentage"):
        return as_text(float(_told(cell, "office:value")))
    if kind == "date":
        return as_text(datetime.fromisoformat(_told(cell, "office:date-value")))
    if kind == "time" and (found := _DURATION.fullmatch(_told(cell, "office:time-value"))):
        days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return f"{days * 24 + hours:02}:{minutes:02}:{seconds:02}"
    if kind == "boolean":
        return _told(cell, "office:boolean-value").upper()
    return _told(cell, "office:string-value").strip() or shown


def _shown(part: ElementTree.Element) -> Iterator[str]:
    """Yield the text of a paragraph; what stands for spaces, tabs and line ends as those."""
    tag = _name(part.tag)
    if tag == "annotation":
        return
    yield {"s": " " * _times(part, "text:c", COLUMNS_MAX), "tab": "\t", "line-break": "\n"}.get(tag, part.text or "")
    for inner in part:
        yield from _shown(inner)
        yield inner.tail or ""


def _times(element: ElementTree.Element, name: str, most: int) -> int:
    told = _told(element, name)
    return min(int(told), most) if told.isdecimal() and len(told) < 10 else 1


def _told(element: ElementTree.Element, name: str) -> str:
    """Return an attribute; "" where there is none."""
    return element.get(_qualified(name), "")


@cache
def _qualified(name: str) -> str:
    """Return a name with a prefix as the parser tells it."""
    prefix, _, own = name.partition(":")
    return f"{{urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0}}{own}"


@cache
def _name(tag: str) -> str:
    return tag.rpartition("}")[2]
