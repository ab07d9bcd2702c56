"""What a person would read in a paper, and what a spreadsheet would work out: the papers' own formats read back."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import openpyxl

REFERENCE = re.compile(r"(?:'([^']+)'!)?\$?([A-Z]+)\$?(\d+)(?::\$?([A-Z]+)\$?(\d+))?")


def words_of(path: Path) -> str:
    """All text that a file holds, however it holds it."""
    match path.suffix:
        case ".xlsx":
            book = openpyxl.load_workbook(path)
            heads = " ".join(str(sheet.oddHeader.left.text) for sheet in book)
            return heads + "\n".join(str(cell.value) for sheet in book for row in sheet for cell in row)
        case ".docx":
            with zipfile.ZipFile(path) as parts:
                xml = " ".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))
            return re.sub(r"<[^>]*>", "\n", xml).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        case ".pdf":
            return "\n".join(pages_of(path))
        case ".gpkg":
            with closing(sqlite3.connect(path)) as file:
                tables = [name for (name,) in file.execute("select table_name from gpkg_contents")]
                return "\n".join(str(row) for table in tables for row in file.execute(f'select * from "{table}"'))
        case ".png":
            return ""
    return path.read_text(encoding="utf-8-sig")


def pages_of(path: Path) -> list[str]:
    """A PDF's text, page by page, on one line each."""
    import pypdfium2

    document = pypdfium2.PdfDocument(path)
    return [" ".join(page.get_textpage().get_text_range().split()) for page in document]


class Cells(list[Any]):
    """A range's values, worked on one by one as a spreadsheet does."""

    def __eq__(self, other: object) -> Cells:  # type: ignore[override]
        wanted = other[0] if isinstance(other, Cells) else other
        return Cells(_same(cell, wanted) for cell in self)

    __hash__ = None  # type: ignore[assignment]

    def __mul__(self, other: Any) -> Any:
        return (
            Cells((a or 0) * (b or 0) for a, b in zip(self, other, strict=True))
            if len(other) > 1
            else self[0] * (other[0] or 0)
        )

    def __neg__(self) -> Cells:
        return Cells(-cell for cell in self)

    def __add__(self, other: Any) -> Any:  # type: ignore[override]
        return self[0] + (other[0] if isinstance(other, Cells) else other)

    def __sub__(self, other: Any) -> Any:
        return self[0] - (other[0] if isinstance(other, Cells) else other)

    @property
    def numbers(self) -> list[float]:
        return [cell for cell in self if isinstance(cell, int | float)]


def _same(a: object, b: object) -> bool:
    """As spreadsheets compare: letters' case is nothing to them."""
    return a.casefold() == b.casefold() if isinstance(a, str) and isinstance(b, str) else a == b


def _sum_if(where: Cells, wanted: Any, what: Cells) -> float:
    return sum(cell or 0 for cell, fits in zip(what, where == wanted, strict=True) if fits)


FUNCTIONS: dict[str, Any] = {
    "SUM": lambda cells: sum(cells.numbers),
    "SUBTOTAL": lambda kind, cells: sum(cells.numbers) if kind == 109 else None,
    "COUNT": lambda cells: len(cells.numbers),
    "COUNTA": lambda cells: sum(cell is not None for cell in cells),
    "COUNTIF": lambda cells, wanted: sum(cells == wanted),
    "COUNTIFS": lambda a, x, b, y: sum(p and q for p, q in zip(a == x, b == y, strict=True)),
    "SUMIF": _sum_if,
    "SUMIFS": lambda what, a, x, b, y: sum(c for c, p, q in zip(what, a == x, b == y, strict=True) if p and q),
    "SUMPRODUCT": lambda cells: sum(cells) if isinstance(cells, list) else cells,
}


def formulas(path: Path) -> Iterator[tuple[str, str, float, float]]:
    """Of each formula of a workbook: where it is, what it is, the value kept with it, and what it comes to."""
    asked, kept = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)

    for sheet in asked:
        for row in sheet:
            for cell in row:
                if cell.data_type == "f":

                    def refer(found: re.Match[str], here: str = sheet.title) -> str:
                        name, column, line, last_column, last_line = found.groups()
                        end = f":{last_column}{last_line}" if last_column else ""
                        return f"at({name or here!r}, {column + line + end!r})"

                    def at(name: str, places: str) -> Cells:
                        found = kept[name][places]
                        rows = found if isinstance(found, tuple) else ((found,),)
                        return Cells(one.value for line in rows for one in line)

                    text = REFERENCE.sub(refer, str(cell.value)[1:]).replace("=", "==")
                    value = eval(text, {"at": at, **FUNCTIONS})  # our own formulas, in a test
                    shown = kept[sheet.title][cell.coordinate].value
                    value = value[0] if isinstance(value, Cells) else value
                    yield f"{sheet.title}!{cell.coordinate}", str(cell.value), shown, value
