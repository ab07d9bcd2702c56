"""Tables written for spreadsheets: CSV and workbooks in which no text is ever a formula. Same rows, same bytes."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from geodata.files import replacing
from geodata.urns import Urn

Cell = str | int | float | None

EPOCH = datetime(2000, 1, 1)  # date of writing stated in every workbook
WIDTH_MOST = 60
ROWS_TO_FILL = 1_000  # the least number of rows with drop-down lists
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]|[\t\r\n]")  # text that a spreadsheet would evaluate


def as_csv(rows: Iterable[Sequence[Cell]]) -> str:
    """Return the rows as CSV. Text that a spreadsheet would take for a formula is marked as text; numbers are not."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def write_csv(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """Write the rows as CSV that spreadsheets open correctly, and replace the file at once."""
    with replacing(path) as temporary:
        temporary.write_text(as_csv(rows), encoding="utf-8-sig", newline="\n")


def write_workbook(
    path: Path,
    headings: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    sheet: str,
    choices: Mapping[str, Sequence[str]] | None = None,
    dates: Sequence[str] = (),
    header: str = "",
) -> None:
    """Write a workbook of one sheet, and replace the file at once.

    Headings stay visible and can filter, `choices` are drop-down lists by heading, `dates` are the headings of columns
    of days, and `header` is printed on every page.
    """
    with new_workbook(path) as book:
        page = book.add_worksheet(sheet)
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        for column, heading in enumerate(headings):
            page.write_string(0, column, heading, bold)
            cells = [row[column] for row in rows]
            width = max(len(str(cell)) for cell in (heading, *cells) if cell is not None)
            page.set_column(column, column, min(width + 3, WIDTH_MOST), day if heading in dates else None)
            for row, cell in enumerate(cells, 1):
                if isinstance(cell, Urn):
                    page.write(row, column, cell.plain)  # a number where it is one, so that lookups find it
                elif isinstance(cell, str):
                    page.write_string(row, column, cell)
                elif cell is not None:
                    page.write_number(row, column, cell)
        for heading, options in (choices or {}).items():
            column, last = headings.index(heading), max(len(rows), ROWS_TO_FILL)
            page.data_validation(1, column, last, column, {"validate": "list", "source": list(options)})
        page.freeze_panes(1, 0)
        page.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)
        if header:
            page.set_header(f"&L{header.replace('&', '&&')}")


@contextmanager
def new_workbook(path: Path, **properties: str) -> Iterator[Any]:
    """Yield an xlsxwriter workbook in which no text is a formula or a link, which then replaces the file at once."""
    import xlsxwriter

    with replacing(path) as temporary:
        folder = {"tmpdir": str(temporary.parent)}  # the library leaves its temporary files if writing fails
        book = xlsxwriter.Workbook(temporary, {"strings_to_formulas": False, "strings_to_urls": False, **folder})
        book.set_properties({**properties, "created": EPOCH})
        yield book
        book.close()


def _harmless(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
