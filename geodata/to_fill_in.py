"""An empty workbook of schools to fill in: sheets and columns are those that the readers know, each explained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.counts import PUPILS_MAX
from geodata.headings import MEANING, WORDS
from geodata.layout import NEEDED
from geodata.links import OPTIONAL, WEIGHT_MAX
from geodata.registers import GIAS, Register
from geodata.sheets import ROWS_TO_FILL, WIDTH_MOST, new_workbook

SCHOOLS, LINKS, TODAY = "Schools", "Working links", "Partnerships today"
EXPLAINED, EXPLAINING = "What each column means", ("Sheet", "Column", "What it means", "Needed", "Example")
WIDTHS, LINE_POINTS = (20, 18, 58, 30, 26), 15  # of the explaining sheet: characters a column, height of a line
TEXT = "@"  # how a spreadsheet keeps text as it is typed: identifiers may begin with zeros
ON_GRID, BY_DEGREES = ("easting", "northing"), ("latitude", "longitude")
EXAMPLES: Mapping[str, str | float] = {  # of nobody: the place is a field in Rutland
    **{"urn": "900001", "name": "Ashby Fen Primary School", "pupils": 61, "town": "Ashby Fen"},
    **{"easting": 490139, "northing": 309765, "latitude": 52.6781, "longitude": -0.6682},
}
LINKED: Mapping[str, tuple[str, str | float]] = {
    "urn_a": ("one of two schools that work together, as in the first sheet", "900001"),
    "urn_b": ("the other one; each pair stands here once", "900002"),
    "weight": (f"how much the link counts, above 0 and at most {WEIGHT_MAX:,}; blank is 1", 1),
    "kind": ("in what they work together, such as a shared post", "shared post"),
    "source": ("who says so", "survey"),
    "agreed": ("whether both say so: yes or no", "yes"),
}
GROUPED: Mapping[str, tuple[str, str | float]] = {
    "urn": ("the school, as in the first sheet", "900001"),
    "partnership": ("the name of the partnership that it is in today", "Fen Edge"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column to fill in; `allowed` is what a spreadsheet lets be typed, in xlsxwriter's words."""

    heading: str
    meaning: str
    needed: str
    example: str | float
    is_text: bool = False
    allowed: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet to fill in, and how the command line is told of it."""

    name: str
    columns: tuple[Column, ...]
    told_by: str


def sheets_to_fill(file: str, register: Register = GIAS) -> tuple[Sheet, ...]:
    """Return the sheets of a workbook called `file`, for the schools of a register's country."""
    return (
        Sheet(
            name=SCHOOLS,
            columns=tuple(_school_column(field, register) for field in _fields(register)),
            told_by=f"--schools {file}",
        ),
        Sheet(name=LINKS, columns=tuple(_links()), told_by=f"--set 'data.links=\"{file}#{LINKS}\"'"),
        Sheet(name=TODAY, columns=tuple(_groups()), told_by=f"--set 'data.existing=\"{file}#{TODAY}\"'"),
    )


def write_to_fill_in(path: Path, register: Register = GIAS) -> None:
    """Write the workbook, and replace an earlier file at once: the same bytes for the same register."""
    sheets = sheets_to_fill(path.name, register)
    with new_workbook(path) as book:
        for sheet in sheets:
            _add_empty(book, sheet)
        _add_explaining(book, sheets)


def _fields(register: Register) -> Sequence[str]:
    """Return the fields to fill in; eastings and northings only on the grid that these are taken for."""
    is_british = register.crs is None and "latitude" not in register.fields
    return [field for field in WORDS if is_british or field not in ON_GRID]


def _school_column(field: str, register: Register) -> Column:
    both = set(ON_GRID) <= set(_fields(register))
    needed = "yes" if field in NEEDED else "no"
    if field in (*ON_GRID, *BY_DEGREES):
        needed = "one pair: easting and northing, or latitude and longitude" if both else "yes"
    return Column(
        heading=register.identifier.one if field == "urn" else WORDS[field],
        meaning=MEANING[field] if both else MEANING[field].partition("; leave easting")[0],
        needed=needed,
        example=EXAMPLES[field],
        is_text=field in ("urn", "name", "town"),
        allowed=_allowed(field),
    )


def _allowed(field: str) -> Mapping[str, Any] | None:
    """Return what may be typed into a column of numbers."""
    match field:
        case "pupils":
            return _between("integer", 0, PUPILS_MAX, f"a whole number from 0 to {PUPILS_MAX:,}, or nothing")
        case "latitude":
            return _between("decimal", -90, 90, "degrees from -90 to 90, such as 52.6781")
        case "longitude":
            return _between("decimal", -180, 180, "degrees from -180 to 180; west is negative")
    return None


def _between(kind: str, least: float, most: float, words: str) -> Mapping[str, Any]:
    said = {"error_title": "This cannot be read", "error_message": f"Type {words}."}
    return {"validate": kind, "criteria": "between", "minimum": least, "maximum": most, **said}


def _links() -> list[Column]:
    listed = {
        "weight": _between("decimal", 0, WEIGHT_MAX, f"a number above 0 and at most {WEIGHT_MAX:,}, or nothing"),
        "agreed": {"validate": "list", "source": ["yes", "no"]},
    }
    return [
        Column(
            heading=name,
            meaning=LINKED[name][0],
            needed="no" if name in OPTIONAL else "yes",
            example=LINKED[name][1],
            is_text=name.startswith("urn"),
            allowed=listed.get(name),
        )
        for name in ("urn_a", "urn_b", *OPTIONAL)
    ]


def _groups() -> list[Column]:
    return [
        Column(heading=name, meaning=meaning, needed="yes", example=example, is_text=True)
        for name, (meaning, example) in GROUPED.items()
    ]


def _add_empty(book: Any, sheet: Sheet) -> None:
    """Add a sheet with headings alone."""
    page = book.add_worksheet(sheet.name)
    bold, text = book.add_format({"bold": True, "bottom": 1}), book.add_format({"num_format": TEXT})
    for place, column in enumerate(sheet.columns):
        page.write_string(0, place, column.heading, bold)
        width = max(len(column.heading), len(str(column.example))) + 3
        page.set_column(place, place, min(width, WIDTH_MOST), text if column.is_text else None)
        if column.allowed is not None:
            page.data_validation(1, place, ROWS_TO_FILL, place, dict(column.allowed))
    _as_printed(page)


def _add_explaining(book: Any, sheets: Sequence[Sheet]) -> None:
    """Add the sheet that explains every column, and how the workbook is read once it is filled in."""
    page = book.add_worksheet(EXPLAINED)
    look = {"text_wrap": True, "valign": "top", "align": "left"}
    bold, wrapped = book.add_format({"bold": True, "bottom": 1}), book.add_format(look)
    grey = book.add_format({**look, "font_color": "#5f6368", "italic": True})
    page.write_row(0, 0, EXPLAINING, bold)
    for place, width in enumerate(WIDTHS):
        page.set_column(place, place, width)
    rows = [(sheet.name, column) for sheet in sheets for column in sheet.columns]
    for row, (name, column) in enumerate(rows, 1):
        cells = (name, column.heading, column.meaning, column.needed)
        page.write_row(row, 0, cells, wrapped)
        page.write(row, len(cells), column.example, grey)
        lines = max(-(-len(cell) // (width - 4)) for cell, width in zip(cells, WIDTHS, strict=False))
        page.set_row(row, LINE_POINTS * lines)
    page.write_string(len(rows) + 2, 0, "How it is read", bold)
    told = " ".join(sheet.told_by for sheet in sheets)
    notes = (
        "On the page: add the file as the schools; then once more as working links, or as today's partnerships.",
        f"On the command line: partnerships plan {told}",
        "Sheets that stay empty are not named there. Nothing in this sheet is read. Who works with whom is private.",
    )
    for row, note in enumerate(notes, len(rows) + 3):
        page.merge_range(row, 0, row, 4, note, wrapped)
        page.set_row(row, LINE_POINTS * -(-len(note) // sum(WIDTHS)))
    _as_printed(page)


def _as_printed(page: Any) -> None:
    """Keep the headings in view, and print a sheet on A4, as wide as its columns are."""
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
