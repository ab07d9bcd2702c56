"""Sheets of a workbook as tables, independent of what they tell: cells, formulas with their values, sums.

Text is always written as text, so that no text is ever calculated as a formula. Each formula carries the plan's own
value, for programs that show a workbook without calculating it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from textwrap import wrap
from typing import Any, Literal

from geodata.urns import Urn

Look = Literal["text", "urn", "count", "minutes", "hours", "pounds", "day"]
FORMATS: dict[Look, str] = {
    "text": "@",
    "urn": "0",
    "count": "#,##0",
    "minutes": "0.0",
    "hours": "#,##0.0",
    "pounds": "£#,##0.00",
    "day": "d mmmm yyyy",
}
WIDTH_LEAST, WIDTH_MOST = 9, 60
LINE_POINTS = 15  # the height of a line
WIDTHS_LEAST: dict[Look, int] = {"pounds": 15, "day": 19}  # else a spreadsheet shows ### for what does not fit
ADDS_UP = "109"  # SUBTOTAL's sum of the rows that a filter leaves


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula, and its value by the plan."""

    text: str
    value: float


Cell = str | int | float | date | Formula | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading, the format of its numbers, and whether they are added up below."""

    heading: str
    look: Look = "text"
    adds_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet: a table, with a row of sums where any column adds up."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = field(default=())  # below the table
    total: str = "In all"  # words of the row of sums: what they are a total of

    def range_of(self, heading: str) -> str:
        """Return the cells of a column, as formulas on other sheets refer to them."""
        from xlsxwriter.utility import xl_col_to_name

        letter = xl_col_to_name(self._position(heading))
        return f"'{self.name}'!${letter}$2:${letter}${max(len(self.rows), 1) + 1}"

    def cell_of(self, heading: str, row: int) -> str:
        """Return one cell of a column, by the position of its row, as formulas on other sheets refer to it."""
        from xlsxwriter.utility import xl_col_to_name

        return f"'{self.name}'!${xl_col_to_name(self._position(heading))}${row + 2}"

    def _position(self, heading: str) -> int:
        return [column.heading for column in self.columns].index(heading)


def matching(sheet: Sheet, heading: str, value: str) -> str:
    """Return a formula that counts the cells of a column with exactly this value."""
    return f"=SUMPRODUCT(--({sheet.range_of(heading)}={value}))"


def write_sheet(book: Any, sheet: Sheet, marks: Sequence[str]) -> None:
    """Write a sheet into a workbook of XlsxWriter, with the marks of its standing at the head of every printed page."""
    page = book.add_worksheet(sheet.name)
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    beside = sheet.total if len(sheet.columns) > 1 and sheet.columns[1].adds_up else ""  # a sum leaves it no room
    lines = 1
    for n, column in enumerate(sheet.columns):
        look = book.add_format({"num_format": FORMATS[column.look], "indent": int(n > 0 and column.look == "text")})
        width = _width(column, [row[n] for row in sheet.rows], beside if not n else "")
        lines = max(lines, _lines(column.heading, width))
        page.set_column(n, n, width, look)
        page.write_string(0, n, column.heading, bold)
        for row, cells in enumerate(sheet.rows, 1):
            _put(page, row, n, cells[n], look)
    page.set_row(0, LINE_POINTS * lines)
    last = len(sheet.rows)
    page.freeze_panes(1, 2 if len(sheet.columns) > 4 else 0)
    page.autofilter(0, 0, last, len(sheet.columns) - 1)
    if any(column.adds_up for column in sheet.columns):
        last = max(last, 1) + 1
        _sums(book, page, sheet, last)
    for n, note in enumerate(sheet.notes, last + 2):
        page.write_string(n, 0, note, book.add_format({"italic": True}))
    standing = " · ".join(marks).replace("&", "&&")
    page.set_header(f"&L{standing}&R&A")
    page.set_footer("&RPage &P of &N")
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)


def _put(page: Any, row: int, column: int, cell: Cell, look: Any) -> None:
    match cell:
        case None:
            return
        case Urn():
            page.write(row, column, cell.plain, look)  # a number where it is one, so that lookups find it
        case str():
            page.write_string(row, column, cell, look)
        case date():
            page.write_datetime(row, column, cell, look)
        case Formula():
            page.write_formula(row, column, cell.text, look, cell.value)
        case _:
            page.write_number(row, column, cell, look)


def _sums(book: Any, page: Any, sheet: Sheet, row: int) -> None:
    """Write the last row: sums of the rows that a filter leaves."""
    from xlsxwriter.utility import xl_col_to_name

    page.write_string(row, 0, sheet.total, book.add_format({"bold": True, "top": 1}))
    for n, column in enumerate(sheet.columns):
        if column.adds_up:
            letter = xl_col_to_name(n)
            look = book.add_format({"num_format": FORMATS[column.look], "bold": True, "top": 1})
            total = _added(row[n] for row in sheet.rows)
            page.write_formula(
                row, n, f"=SUBTOTAL({ADDS_UP},{letter}2:{letter}{max(len(sheet.rows), 1) + 1})", look, total
            )


def _added(cells: Iterable[Cell]) -> float:
    values = [cell.value if isinstance(cell, Formula) else cell for cell in cells]
    return sum(value for value in values if isinstance(value, int | float))


def _width(column: Column, cells: Sequence[Cell], total: str) -> int:
    """Return the width of a column in letters: no word of its heading is broken, and no amount is shown as ###."""
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    word = max(map(len, column.heading.split()))
    least = WIDTHS_LEAST.get(column.look, WIDTH_LEAST)
    return min(max(longest + 3, word + 3, len(total) + 2, len(column.heading) // 2 + 3, least), WIDTH_MOST)


def _lines(heading: str, width: int) -> int:
    """Return in how many lines a heading in bold is within a width."""
    return len(wrap(heading, width - 1))
