"""A plan file of unknown origin: tables checked, column by column and cell by cell, before their content is used.

SQLite alone reads the file, so that no map driver is chosen, and nothing in the file acts: views and triggers never
run.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, Grid, grid_of_epsg
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
from partition.formats.plan_layout import FORMAT, GEOMETRY, GRID, LAYOUT, NEEDED, SHAPES, Column, column_of, read_run

THIS_FORMAT = f'"{FORMAT}"'
WANTED = "a plan written by this version; give the plan.gpkg that `partnerships plan` wrote"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a table, as cells by column, and the shapes in layers that are drawn."""

    columns: Mapping[str, str]  # the declared type of each
    cells: Mapping[str, Sequence[Any]]
    shapes: Sequence[bytes] = ()  # GeoPackage geometries, one a row

    def dicts(self) -> list[dict[str, Any]]:
        """Return each row as a dictionary by column, without its shape."""
        return [dict(zip(self.cells, row, strict=True)) for row in zip(*self.cells.values(), strict=True)]


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan file as read: the tables that LAYOUT names, in its order."""

    name: str
    tables: Mapping[str, Rows]

    def run(self) -> dict[str, Any]:
        """Return the facts about the run. Raises BadData where the facts are malformed, or of another version."""
        cells = self.tables["run"].cells
        pairs = list(zip(cells["key"], cells["value"], strict=True))
        if ("format", THIS_FORMAT) not in pairs:
            raise BadData([Fault(file=self.name, fix=f"it is not {WANTED}")])
        return read_run(self.name, pairs)

    def grid(self) -> Grid:
        """Return the metric system of the shapes. Raises BadData where the file states one that is none."""
        cells = self.tables["run"].cells
        stated = dict(zip(cells["key"], cells["value"], strict=True)).get(GRID, str(BRITISH.epsg))
        grid = grid_of_epsg(int(stated)) if re.fullmatch("[0-9]{4,6}", stated) else None
        if grid is None:
            fix = "it states no metric system that is known; fetch it again as it was written"
            raise BadData([Fault(file=self.name, column=f"run.{GRID}", value=stated[:60], fix=fix)])
        return grid


def read_plan_file(content: bytes, name: str) -> PlanFile:
    """Return the tables of a plan file from its bytes.

    Raises BadData with every missing table, or else with every missing column and the first wrong cell of each column.
    """
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


def plan_file_if_any(path: Path) -> PlanFile | None:
    """Return a plan of this version; None for any other file. Raises BadData where it claims to be one, malformed."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        is_database = file.read(len(MAGIC)) == MAGIC
    if not is_database or (content := _if_plan(path)) is None:
        return None
    found = read_plan_file(content, path.name)
    found.run()
    return found


def _if_plan(path: Path) -> bytes | None:
    """Return the bytes of a file that claims to be a plan of this version; None for any other file."""
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
    """Return the rows of a table; add missing columns, or else the first wrong cell of each column, to the faults."""
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
    """Yield a fault for the first wrong cell of each column."""
    for column, values in cells.items():
        asked = wanted.get(column)
        for row, value in enumerate(values, 1):
            if not (isinstance(value, bytes) if asked is None else asked.takes(value)):
                words = "a shape" if asked is None else asked.words
                fix = f"give {words}, or fetch the file again as it was written"
                yield Fault(file=name, row=row, column=f"{layer}.{column}", value=_shown(value), fix=fix)
                break


def _shown(value: object) -> object:
    """Return a value short enough for a message."""
    return f"{len(value):,} bytes" if isinstance(value, bytes) else str(value)[:60] if value is not None else None
