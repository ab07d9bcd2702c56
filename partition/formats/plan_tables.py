"""A plan file as a stranger's: its tables checked, column by column and cell by cell, before anything in them is used.

By SQLite alone, so that no driver is chosen, and nothing in the file acts: views and triggers are never run.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.faults import BadData, Fault
from partition.formats.database import (
    MAGIC,
    columns_of,
    is_plain_table,
    opened,
    quoted,
    read_database,
    rows_of,
    schema_of,
)
from partition.formats.plan_layout import FORMAT, GEOMETRY, LAYOUT, NEEDED, SHAPES, Column, column_of, read_run

THIS_FORMAT = f'"{FORMAT}"'
WANTED = "a plan written by this version; give the plan.gpkg that `partnerships plan` wrote"


@dataclass(frozen=True, slots=True)
class Rows:
    """A table's rows: under each of its own columns what stands there, and in layers that are drawn the shapes."""

    columns: Mapping[str, str]  # how each is declared
    cells: Mapping[str, Sequence[Any]]
    shapes: Sequence[bytes] = ()  # as a GeoPackage has them

    def dicts(self) -> list[dict[str, Any]]:
        """Each row by column, without its shape."""
        return [dict(zip(self.cells, row, strict=True)) for row in zip(*self.cells.values(), strict=True)]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file as read: its own tables, in the order of the layout."""

    name: str
    tables: Mapping[str, Rows]

    def run(self) -> dict[str, Any]:
        """What is told of the run. Raises BadData where it is not as this version writes it."""
        cells = self.tables["run"].cells
        pairs = list(zip(cells["key"], cells["value"], strict=True))
        if ("format", THIS_FORMAT) not in pairs:
            raise BadData([Fault(file=self.name, fix=f"it is not {WANTED}")])
        return read_run(self.name, pairs)


def read_plan_file(content: bytes, name: str) -> PlanFile:
    """Return the tables of a plan file from its bytes. Raises BadData with every column that is not as it should be."""
    with opened(content, name, WANTED) as file:
        schema = schema_of(file)
        there = {of: is_plain_table(kind, sql) for kind, of, _, sql in schema if of in LAYOUT}
        missing = [layer for layer in LAYOUT if not there.get(layer, layer not in NEEDED)]
        if missing:
            raise BadData([Fault(file=name, fix=f"it is not {WANTED} (no table: {', '.join(missing)})")])
        faults: list[Fault] = []
        tables = {layer: _rows(file, name, layer, faults) for layer in LAYOUT if layer in there}
        if faults:
            raise BadData(faults)
        return PlanFile(name, tables)


def refuse_altered_plan(path: Path) -> None:
    """Raise BadData where a file calls itself a plan of this version and cannot be used as one; any other passes."""
    if path.is_file():
        with path.open("rb") as file:
            is_database = file.read(len(MAGIC)) == MAGIC
        if is_database and (content := _if_plan(path)):
            read_plan_file(content, path.name).run()


def _if_plan(path: Path) -> bytes | None:
    """The bytes of a file that calls itself a plan of this version."""
    try:
        content = read_database(path)
        with opened(content, path.name, WANTED) as file:
            plain = {name: is_plain_table(kind, sql) for kind, name, _, sql in schema_of(file)}
            if not plain.keys() >= NEEDED or not plain["run"]:
                return None
            told = rows_of(file, "SELECT value FROM run WHERE key = 'format'")
    except BadData:
        return None
    return content if (THIS_FORMAT,) in told else None


def _rows(file: sqlite3.Connection, name: str, layer: str, faults: list[Fault]) -> Rows:
    """A table's rows; what is wrong with them is added to the faults, for each column the first."""
    declared = columns_of(file, layer)
    wanted = {column: asked for column in declared if (asked := column_of(layer, column)) is not None}
    needed = [column for column, asked in LAYOUT[layer].items() if not asked.optional]
    shaped = [GEOMETRY] * (layer in SHAPES)
    missing = [column for column in (*needed, *shaped) if column not in declared]
    if missing:
        faults += [Fault(file=name, fix=f"it is not {WANTED} (no column: {layer}.{one})") for one in missing]
        return Rows({}, {})
    read = [*wanted, *shaped]
    found = rows_of(file, f"SELECT {', '.join(map(quoted, read))} FROM {quoted(layer)} ORDER BY rowid")
    cells: dict[str, Sequence[Any]] = dict(zip(read, zip(*found, strict=True), strict=True)) if found else {}
    cells = {column: cells.get(column, ()) for column in read}
    faults += _wrong_cells(name, layer, cells, wanted)
    shapes = cells.pop(GEOMETRY, ())
    return Rows({column: declared[column] for column in wanted}, cells, shapes)


def _wrong_cells(
    name: str, layer: str, cells: Mapping[str, Sequence[Any]], wanted: Mapping[str, Column]
) -> Iterator[Fault]:
    for column, values in cells.items():
        asked = wanted.get(column)
        for row, value in enumerate(values, 1):
            if not (isinstance(value, bytes) if asked is None else asked.takes(value)):
                words = "a shape" if asked is None else asked.words
                fix = f"give {words}, or fetch the file again as it was written"
                yield Fault(file=name, row=row, column=f"{layer}.{column}", value=_shown(value), fix=fix)
                break


def _shown(value: object) -> object:
    """A value that may be told, however long."""
    return f"{len(value):,} bytes" if isinstance(value, bytes) else str(value)[:60] if value is not None else None
