"""A GeoPackage of unknown origin, checked as an SQLite database before a map library opens the file.

Reading a table only reads. Reading a view, a virtual table or a generated column runs what its author wrote, possibly
without end. So a file with any of these, spatial indexes apart, is refused, by name; triggers never run, as nothing is
written.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from geodata.cells import refused
from geodata.coordinates import refuse_reaching
from geodata.opening import GEOPACKAGE, LOGS, parts_of, read_head

PLAIN = ("CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX ", "CREATE TRIGGER ")
WRITE_VERSION, KEEPS_A_LOG = 18, b"\x02"  # a byte of the head, which a stub lacks
SPATIAL_INDEX = "USING RTREE"
DAMAGED = "no GeoPackage that can be read, for it cannot be read to its end: it is damaged; fetch or save it again"
UNREADABLE = (sqlite3.Error, UnicodeDecodeError, OverflowError)  # damage comes as any of these
MEANT = "save the layer that is meant as a GeoPackage of its own"
STEPS_LEAST, STEPS_A_BYTE, STEPS_AT_ONCE = 10_000_000, 10, 100_000
ENTRIES_MAX = 10_000
VARIES = "IN ('text', 'blob')"
GENERATED = (2, 3)  # values of `hidden` in PRAGMA table_xinfo


@contextmanager
def settled(path: Path) -> Iterator[Path]:
    """Yield a file that includes all changes: the file itself, or a copy merged with its log where there is a log.

    Neither the file nor its log is changed, and no log is made. Raises BadData where the two do not fit together.
    """
    whole, *logs = parts_of(path, GEOPACKAGE)
    if not logs and read_head(path)[WRITE_VERSION : WRITE_VERSION + 1] != KEEPS_A_LOG:
        yield whole
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for part in (whole, *logs):
            shutil.copyfile(part, copy.with_name(part.name))
        try:
            with closing(sqlite3.connect(copy)) as file:
                file.execute("PRAGMA journal_mode = DELETE").fetchall()
                file.execute("SELECT count(*) FROM sqlite_master").fetchall()
        except UNREADABLE:
            raise refused(path, f"{DAMAGED}, together with any {' or '.join(LOGS)} file beside it") from None
        yield copy


def refuse_acting(path: Path, file: Path) -> None:
    """Refuse a database that would run something when read, naming the part; also one damaged, or no GeoPackage.

    `path` is the name that people gave, `file` the file to check. Raises BadData.
    """
    try:
        with closing(_connected(file)) as database:
            entries = database.execute("SELECT name, sql FROM sqlite_master LIMIT ?", (ENTRIES_MAX + 1,)).fetchall()
            _refuse_entries(path, entries)
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                _refuse_worked_out(path, database, table)
            for system in database.execute("SELECT * FROM gpkg_spatial_ref_sys"):
                refuse_reaching(str(system), path.name)
    except UNREADABLE:
        raise refused(path, DAMAGED) from None


def refuse_swollen(path: Path, file: Path, table: str) -> None:
    """Refuse a table whose rows hold more bytes than the file: one part of the file read repeatedly. Raises BadData."""
    try:
        with closing(_connected(file)) as database:
            columns = [_quoted(name) for _, name, *_ in database.execute(f"PRAGMA table_info({_quoted(table)})")]
            lengths = ", ".join(f"total(length({name})) FILTER (WHERE typeof({name}) {VARIES})" for name in columns)
            held = sum(database.execute(f"SELECT {lengths} FROM {_quoted(table)}").fetchone())
    except UNREADABLE:
        raise refused(path, DAMAGED) from None
    if held > file.stat().st_size:
        raise refused(path, f"its layer {table!r} claims more than the file holds; fetch or save it again")


def _connected(file: Path) -> sqlite3.Connection:
    """Return a read-only connection to the database alone: no log beside the file is read, and work is bounded."""
    size_bytes = file.stat().st_size
    database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    database.execute("PRAGMA trusted_schema = OFF")
    database.execute("PRAGMA query_only = ON")
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(size_bytes, 1_000_000))
    left = (STEPS_LEAST + STEPS_A_BYTE * size_bytes) // STEPS_AT_ONCE

    def spent() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    database.set_progress_handler(spent, STEPS_AT_ONCE)
    return database


def _refuse_entries(path: Path, entries: list[tuple[str, str | None]]) -> None:
    """Refuse views and virtual tables by the SQL of each entry in the schema, since SQLite obeys the SQL alone."""
    if len(entries) > ENTRIES_MAX:
        raise refused(path, f"holds over {ENTRIES_MAX:,} tables and indexes; {MEANT}")
    for name, said in entries:
        if said is None or said.startswith(PLAIN):
            continue
        if said.startswith("CREATE VIRTUAL TABLE ") and SPATIAL_INDEX in said.upper():
            continue
        kind = "a view" if said.startswith("CREATE VIEW ") else "a table that is made up as it is read"
        raise refused(path, f"{name!r} is {kind}, which may ask for anything; {MEANT}")
    if not any(name == "gpkg_contents" for name, _ in entries):
        raise refused(path, "an SQLite database, but no GeoPackage; save its table as a GeoPackage or as CSV")


def _refuse_worked_out(path: Path, database: sqlite3.Connection, table: str) -> None:
    for _, name, *_, hidden in database.execute(f"PRAGMA table_xinfo({_quoted(table)})").fetchall():
        if hidden in GENERATED:
            fix = f"the column {name!r} of {table!r} is worked out as it is read, which may ask for anything; {MEANT}"
            raise refused(path, fix)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
