"""Mutations of a table's rows and columns, whether it is a CSV file or a workbook."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl

from fuzzing.hostile import NUMBERS, TEXTS
from fuzzing.mutations.register import Spoilt, mutation

Rows = list[list[Any]]

SHEET_COLUMNS_MAX = 16_384


def rows_of(it: Spoilt) -> Rows:
    if it.path.suffix == ".xlsx":
        return [list(row) for row in openpyxl.load_workbook(it.path).worksheets[0].iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(it.path.read_text(encoding="utf-8"), newline="")))


def write_rows(it: Spoilt, rows: Rows, delimiter: str = ",") -> None:
    if it.path.suffix != ".xlsx":
        with it.path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=delimiter).writerows(rows)
        return
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([_as_cell(value) for value in row])
    book.save(it.path)


def _as_cell(value: Any) -> Any:
    """What a workbook can hold of a value."""
    return openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("?", value)[:32_000] if isinstance(value, str) else value


def hostile(it: Spoilt) -> Any:
    return it.draws.choice(TEXTS if it.draws.random() < 0.8 or it.path.suffix != ".xlsx" else NUMBERS[:6])


@mutation("rows")
def cells_replaced(it: Spoilt) -> None:
    rows = rows_of(it)
    for _ in it.some():
        row = it.draws.choice(rows[1:])
        row[it.draws.randrange(len(row))] = hostile(it)
    write_rows(it, rows)


@mutation("rows")
def a_column_filled(it: Spoilt) -> None:
    rows, value = rows_of(it), hostile(it)
    column = it.draws.randrange(len(rows[0]))
    for row in rows[1:]:
        row[column] = value
    write_rows(it, rows)


@mutation("rows")
def a_cell_moved(it: Spoilt) -> None:
    """A value that is right in one place stands in another."""
    rows = rows_of(it)
    source, target = it.draws.choice(rows), it.draws.choice(rows)
    target[it.draws.randrange(len(target))] = it.draws.choice(source)
    write_rows(it, rows)


@mutation("rows")
def headings_changed(it: Spoilt) -> None:
    rows = rows_of(it)
    at = it.draws.randrange(len(rows[0]))
    changes = (hostile(it), it.draws.choice(rows[0]), str(rows[0][at]).upper(), f" {rows[0][at]} ", "HeadLastName")
    rows[0][at] = it.draws.choice(changes)
    write_rows(it, rows)


@mutation("rows")
def a_column_gone_or_doubled(it: Spoilt) -> None:
    rows = rows_of(it)
    at, times = it.draws.randrange(len(rows[0])), it.draws.choice((0, 2))
    for row in rows:
        row[at : at + 1] = row[at : at + 1] * times
    write_rows(it, rows)


@mutation("rows")
def ragged_rows(it: Spoilt) -> None:
    rows = rows_of(it)
    for _ in it.some():
        row = it.draws.choice(rows)
        row[:] = it.draws.choice((row[:-1], [*row, "more"], [], row * 3, [*row, *[""] * 9_000]))
        del row[SHEET_COLUMNS_MAX:]
    write_rows(it, rows)


@mutation("rows")
def rows_repeated(it: Spoilt) -> None:
    rows = rows_of(it)
    rows[1:] = it.draws.choice((rows[1:] * 2, rows[1:2] * 3_000, [], rows, rows[1:2]))
    write_rows(it, rows)


@mutation("rows")
def many_columns(it: Spoilt) -> None:
    rows = rows_of(it)
    count = it.draws.choice((300, 5_000))
    write_rows(it, [[*row, *(f"c{n}" for n in range(count))] for row in rows[:5]])


@mutation("rows")
def other_marks_between(it: Spoilt) -> None:
    if it.path.suffix != ".xlsx":
        write_rows(it, rows_of(it), it.draws.choice(";\t|\x1f "))
