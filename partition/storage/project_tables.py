"""The tables of a project file: how they are made, and how their cells are read and written.

The file may come from anybody: its tables must be exactly those that this module makes, with no trigger or view, and
every cell read must be of its column's type.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cache
from typing import Any

from partition.formats.database import is_plain_table, rows_of, schema_of

FORMAT = "1"
GEOPACKAGE, GEOPACKAGE_VERSION = 0x47504B47, 10300  # "GPKG", 1.3
CELL_BYTES_MAX = 2**29  # of the largest file that a project keeps
NUMBER_MAX = 2**53
TABLES = {
    "project": "id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL",
    "plans": (
        "id INTEGER PRIMARY KEY AUTOINCREMENT, kept_at TEXT NOT NULL, name TEXT NOT NULL, note TEXT NOT NULL, "
        "internal INTEGER NOT NULL, status TEXT NOT NULL, sureness TEXT NOT NULL, partnerships INTEGER NOT NULL, "
        "schools_small INTEGER NOT NULL, schools_placed INTEGER NOT NULL, unit TEXT NOT NULL, travel INTEGER NOT NULL, "
        "digest TEXT NOT NULL, scenario TEXT NOT NULL"
    ),
    "sources": (
        "id INTEGER PRIMARY KEY, plan INTEGER NOT NULL REFERENCES plans, name TEXT NOT NULL, sha256 TEXT NOT NULL"
    ),
    "files": (
        "id INTEGER PRIMARY KEY, plan INTEGER NOT NULL REFERENCES plans, name TEXT NOT NULL, sha256 TEXT NOT NULL, "
        "content BLOB NOT NULL, UNIQUE (plan, name)"
    ),
    "asked": (
        "id INTEGER PRIMARY KEY AUTOINCREMENT, asked_at TEXT NOT NULL, what TEXT NOT NULL, name TEXT NOT NULL, "
        "note TEXT NOT NULL, internal INTEGER NOT NULL, scenario TEXT NOT NULL, ended_at TEXT, ended TEXT, plan INTEGER"
    ),
}
KINDS: dict[str, dict[str, tuple[type, bool]]] = {  # by table and column: type, and whether a cell may be empty
    table: {
        name: ({"INTEGER": int, "TEXT": str, "BLOB": bytes}[kind], not is_needed)
        for name, kind, is_needed in re.findall(r"(\w+) (INTEGER|TEXT|BLOB)( PRIMARY KEY| NOT NULL)?", columns)
    }
    for table, columns in TABLES.items()
}
GEOPACKAGE_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL PRIMARY KEY, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL REFERENCES gpkg_spatial_ref_sys(srs_id),
  z TINYINT NOT NULL, m TINYINT NOT NULL);
"""  # gpkg_geometry_columns stays empty, but GDAL lists no table without it
REFERENCE_SYSTEMS = (
    ("Undefined Cartesian", -1, "NONE", -1, "undefined"),
    ("Undefined geographic", 0, "NONE", 0, "undefined"),
    (
        *("WGS 84 geodetic", 4326, "EPSG", 4326),
        'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]',
    ),
)


def lay_out(file: sqlite3.Connection) -> None:
    """Make the tables of an empty project in the open transaction (`executescript` would end the transaction)."""
    file.execute(f"PRAGMA application_id = {GEOPACKAGE}")
    file.execute(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")
    for statement in filter(str.strip, GEOPACKAGE_TABLES.split(";")):
        file.execute(statement)
    systems = "(srs_name, srs_id, organization, organization_coordsys_id, definition)"
    file.executemany(f"INSERT INTO gpkg_spatial_ref_sys {systems} VALUES (?, ?, ?, ?, ?)", REFERENCE_SYSTEMS)
    for table, columns in TABLES.items():
        file.execute(f"CREATE TABLE {table} ({columns})")
        insert_row(file, "gpkg_contents", {"table_name": table, "data_type": "attributes", "identifier": table})
    insert_row(file, "project", {"key": "format", "value": FORMAT})


@cache
def _made() -> Mapping[str, str]:
    """Return the statement that makes each table of a project, as SQLite stores the statement, by the table's name."""
    with closing(sqlite3.connect(":memory:")) as file:
        lay_out(file)
        return {name: sql for _, name, _, sql in schema_of(file) if sql}


def is_project(file: sqlite3.Connection) -> bool:
    """Return whether a file has all tables of a project of this version."""
    there = {name for _, name, _, _ in schema_of(file)}
    return there >= TABLES.keys() and setting_of(file, "format") == FORMAT


def odd_tables(file: sqlite3.Connection) -> list[str]:
    """Return the names of tables that differ from those of a project, and of triggers and views.

    Empty for an empty file and for a file of another program, which has no table of a project.
    """
    made, there = _made(), schema_of(file)
    ours = {(kind, name): (of, sql) for kind, name, of, sql in there if name in made or of in made}
    if not {name for _, name in ours} & TABLES.keys():
        return []
    odd = [name for (kind, name), found in ours.items() if found[1] and found != (name, made.get(name))]
    odd += [name for name in made if ("table", name) not in ours]
    odd += [name for kind, name, _, sql in there if sql and kind != "index" and not is_plain_table(kind, sql)]
    return list(dict.fromkeys(odd))


def read_rows(
    file: sqlite3.Connection, table: str, columns: Sequence[str], which: str, *given: object
) -> list[tuple[Any, ...]]:
    """Return rows of a project's table. Raises sqlite3.DataError where a cell is not of its column's type."""
    rows = rows_of(file, f"SELECT {', '.join(columns)} FROM {table} {which}", given, CELL_BYTES_MAX)
    kinds = [KINDS[table][column] for column in columns]
    for row in rows:
        for cell, (kind, may_lack), column in zip(row, kinds, columns, strict=True):
            if not (may_lack if cell is None else isinstance(cell, kind)) or _is_large(cell):
                raise sqlite3.DataError(f"{table}.{column} was altered")
    return rows


def _is_large(cell: object) -> bool:
    return isinstance(cell, int) and abs(cell) > NUMBER_MAX


def setting_of(file: sqlite3.Connection, key: str) -> str | None:
    """Return a value that the project remembers; None where it remembers none under this key."""
    found = read_rows(file, "project", ("value",), "WHERE key = ?", key)
    return found[0][0] if found else None


def insert_row(file: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    """Add a row to a table, and return its number."""
    places = ", ".join("?" * len(row))
    done = file.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))
    return int(done.lastrowid or 0)
