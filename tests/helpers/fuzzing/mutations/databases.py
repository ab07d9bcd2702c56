"""Mutations of a GeoPackage by SQL: every table, column and row of it, and what a schema may hold besides.

GDAL's own triggers ask for functions that only GDAL brings, so they stand aside while rows are changed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from fuzzing.hostile import BLOBS, NUMBERS, TEXTS
from fuzzing.mutations.register import Spoilt, mutation

ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)"


@contextmanager
def opened(it: Spoilt) -> Iterator[sqlite3.Connection]:
    """The database with its triggers off; what cannot be changed in it stays as it is."""
    with closing(sqlite3.connect(it.path)) as file, suppress(sqlite3.Error), file:
        triggers = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            file.execute(f"DROP TRIGGER {quoted(name)}")
        yield file
        for _, sql in triggers:
            with suppress(sqlite3.Error):
                file.execute(sql)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def a_table(it: Spoilt, file: sqlite3.Connection) -> str:
    tables = file.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    return str(it.draws.choice(tables)[0])


def a_column(it: Spoilt, file: sqlite3.Connection, table: str) -> str:
    return str(it.draws.choice(file.execute(f"PRAGMA table_info({quoted(table)})").fetchall())[1])


def a_layer(it: Spoilt, file: sqlite3.Connection) -> str:
    return str(it.draws.choice(file.execute("SELECT table_name FROM gpkg_contents ORDER BY 1").fetchall())[0])


@mutation("database", "database", "database", "database")
def values_replaced_in_the_database(it: Spoilt) -> None:
    """One row's, or all rows', in any table: of the plan, of the project, of GeoPackage's own."""
    with opened(it) as file:
        for _ in it.some(1, 3):
            table = a_table(it, file)
            column = a_column(it, file, table)
            value = it.draws.choice((None, it.draws.choice(TEXTS), it.draws.choice(NUMBERS), it.draws.choice(BLOBS)))
            rows = f"SELECT rowid FROM {quoted(table)} ORDER BY rowid"
            where = it.draws.choice(("", f" WHERE rowid = ({rows} LIMIT 1)", f" WHERE rowid IN ({rows} LIMIT 3)"))
            with suppress(sqlite3.Error):
                file.execute(f"UPDATE {quoted(table)} SET {quoted(column)} = ?{where}", (value,))


@mutation("database")
def values_of_the_run_replaced(it: Spoilt) -> None:
    """Of a table of keys and values, such as a plan's run."""
    with opened(it) as file:
        tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        table = it.draws.choice(sorted(tables & {"run", "project", "costs", "gpkg_contents", "gpkg_spatial_ref_sys"}))
        column = a_column(it, file, table)
        keys = [rowid for (rowid,) in file.execute(f"SELECT rowid FROM {quoted(table)} ORDER BY rowid")]
        value = it.draws.choice((None, *TEXTS, *NUMBERS, *BLOBS))
        file.execute(f"UPDATE {quoted(table)} SET {quoted(column)} = ? WHERE rowid = ?", (value, it.draws.choice(keys)))


@mutation("database")
def rows_gone_or_doubled(it: Spoilt) -> None:
    with opened(it) as file:
        table = a_table(it, file)
        columns = [row[1] for row in file.execute(f"PRAGMA table_info({quoted(table)})") if not row[5]]
        names = ", ".join(map(quoted, columns))
        file.execute(
            it.draws.choice(
                (
                    f"DELETE FROM {quoted(table)}",
                    f"DELETE FROM {quoted(table)} WHERE rowid = (SELECT min(rowid) FROM {quoted(table)})",
                    f"INSERT INTO {quoted(table)} ({names}) SELECT {names} FROM {quoted(table)} LIMIT 1",
                    f"INSERT INTO {quoted(table)} ({names}) SELECT {names} FROM {quoted(table)}",
                )
            )
        )


@mutation("database")
def tables_and_columns_gone_or_renamed(it: Spoilt) -> None:
    with opened(it) as file:
        table = a_table(it, file)
        column = a_column(it, file, table)
        file.execute(
            it.draws.choice(
                (
                    f"DROP TABLE {quoted(table)}",
                    f"ALTER TABLE {quoted(table)} RENAME TO renamed",
                    f"ALTER TABLE {quoted(table)} RENAME COLUMN {quoted(column)} TO renamed",
                    f"ALTER TABLE {quoted(table)} DROP COLUMN {quoted(column)}",
                    f"ALTER TABLE {quoted(table)} ADD COLUMN more TEXT DEFAULT 'x'",
                )
            )
        )


@mutation("database")
def a_view_in_a_tables_place(it: Spoilt) -> None:
    """As long as the table was, or of rows without end, or one that looks like a layer more."""
    with opened(it) as file:
        table = a_layer(it, file)
        columns = [row[1] for row in file.execute(f"PRAGMA table_info({quoted(table)})")]
        endless = f"{ENDLESS} SELECT {', '.join(f'x AS {quoted(name)}' for name in columns)} FROM n"
        if it.draws.random() < 0.3:
            file.execute(f"CREATE VIEW more AS SELECT * FROM {quoted(table)}")
            file.execute(
                "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('more', 'attributes', 'x')"
            )
            return
        file.execute(f"ALTER TABLE {quoted(table)} RENAME TO hidden")
        file.execute(f"CREATE VIEW {quoted(table)} AS " + it.draws.choice(("SELECT * FROM hidden", endless)))


@mutation("database")
def a_trigger_that_acts(it: Spoilt) -> None:
    """At the next change: it empties, goes on without end, or refuses."""
    acts = (
        "UPDATE {0} SET rowid = rowid",
        "DELETE FROM {0}",
        f"INSERT INTO {{0}} (rowid) {ENDLESS} SELECT x + 1000000 FROM n",
        "SELECT RAISE(ABORT, 'no')",
    )
    with opened(it) as file:
        for when in ("INSERT", "UPDATE", "DELETE"):
            table = quoted(a_table(it, file))
            act = it.draws.choice(acts).format(table)
            with suppress(sqlite3.Error):
                file.execute(f"CREATE TRIGGER act_{when} AFTER {when} ON {table} BEGIN {act}; END")


@mutation("database")
def a_virtual_table(it: Spoilt) -> None:
    with opened(it) as file:
        name = it.draws.choice(("more", a_layer(it, file)))
        with suppress(sqlite3.Error):
            file.execute(f"ALTER TABLE {quoted(name)} RENAME TO hidden")
        module = it.draws.choice(("fts5(urn, name)", "rtree(id, a, b)", "dbstat", "fts4(urn)"))
        file.execute(f"CREATE VIRTUAL TABLE {quoted(name)} USING {module}")


@mutation("database")
def a_schema_written_over(it: Spoilt) -> None:
    """What SQLite itself reads first: the text of a table's making."""
    with opened(it) as file:
        table = a_table(it, file)
        file.execute("PRAGMA writable_schema = ON")
        sql = it.draws.choice(("", "CREATE TABLE x(", f"CREATE TABLE {quoted(table)} (a)", "DROP TABLE y", "x" * 9_999))
        file.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (sql, table))


@mutation("database")
def headers_of_another_kind(it: Spoilt) -> None:
    """Application, versions, page size, encoding, the write-ahead switch: the first hundred bytes."""
    content = bytearray(it.path.read_bytes())
    at, length = it.draws.choice(
        ((16, 2), (18, 2), (20, 3), (28, 4), (40, 8), (52, 4), (56, 4), (60, 4), (68, 4), (92, 8))
    )
    content[at : at + length] = it.draws.choice((b"\x00" * length, b"\xff" * length, b"\x02" * length))
    it.path.write_bytes(content)


@mutation("database")
def logs_left_beside_it(it: Spoilt) -> None:
    """A journal or a write-ahead log, of rubbish or of a writer that was killed."""
    match it.draws.randrange(3):
        case 0:
            it.path.with_name(it.path.name + it.draws.choice(("-journal", "-wal", "-shm"))).write_bytes(b"\xd9" * 2_000)
        case 1:
            it.path.with_name(it.path.name + "-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(504))
        case 2:
            _killed_while_writing(it)


def _killed_while_writing(it: Spoilt) -> None:
    """A change that stands in the write-ahead log alone."""
    with closing(sqlite3.connect(it.path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        file.execute("CREATE TABLE logged (a)")
        file.commit()
        beside = [it.path.with_name(it.path.name + suffix) for suffix in ("", "-wal", "-shm")]
        kept = [(path, path.read_bytes()) for path in beside if path.exists()]
    for path, content in kept:
        path.write_bytes(content)


@mutation("database")
def geometries_of_another_kind(it: Spoilt) -> None:
    shapes = (
        b"GP\x00\x01" + (27_700).to_bytes(4, "little") + bytes.fromhex("0101000000") + b"\xff" * 16,
        b"GP\x00\x11" + (27_700).to_bytes(4, "little") + bytes.fromhex("01010000000000000000") + b"\x00" * 14,
        b"GP\x00\x01" + (4_326).to_bytes(4, "little") + bytes.fromhex("0103000000ffffff7f"),
        b"GP\x00\x01" + (27_700).to_bytes(4, "little") + bytes.fromhex("0107000000010000000107000000"),
        *BLOBS,
    )
    with opened(it) as file:
        layers = file.execute("SELECT table_name, column_name FROM gpkg_geometry_columns ORDER BY 1").fetchall()
        table, column = it.draws.choice(layers or [("files", "content")])  # a project has none
        where = it.draws.choice(("", " WHERE rowid = 1"))
        file.execute(f"UPDATE {quoted(table)} SET {quoted(column)} = ?{where}", (it.draws.choice(shapes),))


@mutation("database")
def systems_of_another_kind(it: Spoilt) -> None:
    definitions = ("", "undefined", 'GEOGCS["', "EPSG:27700", f"{it.bait.address}x", 'PROJCS["a",' * 400, "+init=../x")
    with opened(it) as file:
        column = it.draws.choice(("definition", "organization", "organization_coordsys_id", "srs_id"))
        value = it.draws.choice(definitions if column == "definition" else (*definitions[:3], 0, -1, 999_999, 2**62))
        file.execute(f"UPDATE gpkg_spatial_ref_sys SET {column} = ? WHERE srs_id > 0", (value,))
