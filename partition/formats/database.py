"""An SQLite file of unknown origin: opened so that nothing in the file can act, with bounds on time and memory.

A file that is only read is read from a copy of its bytes in memory, so that neither the file nor a log beside it
changes.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from geodata.cells import refused

MAGIC = b"SQLite format 3\x00"
FILE_BYTES_MAX = 2**28  # the size of a file that is read whole
CELL_BYTES_MAX = 2**24  # the size of a cell in such a file
SQL_CHARACTERS_MAX = 2**17
OBJECTS_MAX = 1_000  # tables, indexes, triggers
ROWS_MAX = 4_000_000
STEPS_EACH, STEPS_MAX = 100_000, 400_000_000  # instructions of SQLite's virtual machine: between two checks, in all
ANOTHER_LEFT = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7"  # ends a journal that names a further file
READS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA}

Schema = Sequence[tuple[str, str, str, str | None]]  # type, name, table and SQL of each object, as SQLite keeps them


def read_database(path: Path) -> bytes:
    """Return the bytes of a database file, with the changes in a log beside the file; both files stay unchanged.

    Raises BadData where the path is no ordinary file, the file is too large, or another program was cut off while
    writing the file.
    """
    refuse_odd_file(path)
    if path.stat().st_size > FILE_BYTES_MAX:
        raise refused(path, f"it is over {FILE_BYTES_MAX // 2**20} MB, larger than any that this program writes")
    if (journal := _beside(path, "-journal")) is not None:
        fix = f"a program was cut off while it wrote to it; open it there again, or move {journal.name} away"
        raise refused(path, fix)
    try:
        log = _beside(path, "-wal")
        return path.read_bytes() if log is None else _with_log(path, log)
    except OSError as wrong:
        raise refused(path, f"it cannot be read ({wrong.strerror}); check its drive and who may read it") from None
    except sqlite3.Error as wrong:
        fix = f"the log beside it cannot be read ({wrong}); close the program that has it open"
        raise refused(path, fix) from None


@contextmanager
def opened(content: bytes, name: str, wanted: str) -> Iterator[sqlite3.Connection]:
    """Yield a read-only connection, in memory, to the database that these bytes are.

    `name` is the file's name in faults, `wanted` describes the kind of file that is needed. Raises BadData where the
    bytes are no database, or where SQLite finds damage inside the context.
    """
    if len(content) > FILE_BYTES_MAX or not content.startswith(MAGIC):
        raise refused(name, f"it is not {wanted}")
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as file:
        try:
            file.deserialize(content[:18] + b"\x01\x01" + content[20:])  # marked as a database without a log
            guard(file, CELL_BYTES_MAX)
            file.execute("PRAGMA query_only=ON")
            file.set_authorizer(reads_only)
            yield file
        except (sqlite3.Error, MemoryError, OverflowError, UnicodeDecodeError) as wrong:
            raise refused(name, f"it is not {wanted} ({wrong})") from None


def guard(file: sqlite3.Connection, cell_bytes_max: int) -> None:
    """Limit the size and the work of a connection, and mark the schema in the file as untrusted.

    `cell_bytes_max` is the largest text or blob, in bytes.
    """
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
        file.execute(f"PRAGMA {pragma}")
    file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, cell_bytes_max)
    file.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, SQL_CHARACTERS_MAX)
    file.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    left = iter(range(STEPS_MAX // STEPS_EACH, -1, -1))
    file.set_progress_handler(lambda: next(left, 0) == 0, STEPS_EACH)


def reads_only(action: int, *_: object) -> int:
    """Allow a connection to select, read and use pragmas; deny all else, such as functions and writing.

    The function is an authorizer of SQLite.
    """
    return sqlite3.SQLITE_OK if action in READS else sqlite3.SQLITE_DENY


def schema_of(file: sqlite3.Connection) -> Schema:
    """Return every object of a database. Raises sqlite3.DatabaseError for over OBJECTS_MAX objects or nameless ones."""
    found = file.execute("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchmany(OBJECTS_MAX + 1)
    if len(found) > OBJECTS_MAX or not all(isinstance(text, str) for row in found for text in row[:3]):
        raise sqlite3.DatabaseError("its list of tables is none")
    return [(kind, name, table, sql if isinstance(sql, str) else None) for kind, name, table, sql in found]


def columns_of(file: sqlite3.Connection, table: str) -> dict[str, str]:
    """Return each stored column of a table with its declared type; hidden and generated columns are left out."""
    rows = file.execute(f"PRAGMA table_xinfo({quoted(table)})").fetchall()
    return {name: declared for _, name, declared, _, _, _, hidden in rows if not hidden}


def rows_of(
    file: sqlite3.Connection, query: str, given: Sequence[object] = (), held_bytes_max: int = FILE_BYTES_MAX
) -> list[tuple[Any, ...]]:
    """Return the rows of a query.

    Raises sqlite3.DataError where there are over ROWS_MAX rows, or texts and blobs longer than `held_bytes_max` in all.
    """
    rows: list[tuple[Any, ...]] = []
    held = 0
    for row in file.execute(query, given):  # one by one: many cells may claim the same pages
        held += sum(len(cell) for cell in row if isinstance(cell, str | bytes))
        rows.append(row)
        if len(rows) > ROWS_MAX or held > held_bytes_max:
            raise sqlite3.DataError("it holds too much")
    return rows


def is_plain_table(kind: str, sql: str | None) -> bool:
    """Return whether an object is an ordinary table that stores its own rows, and no view or virtual table."""
    return kind == "table" and sql is not None and sql[:13].upper() == "CREATE TABLE "


def quoted(name: str) -> str:
    """Return a name in double quotes, as SQL requires."""
    return '"' + name.replace('"', '""') + '"'


def has_log(path: Path) -> bool:
    """Return whether another program's log of changes lies beside a database."""
    return _beside(path, "-wal") is not None


def refuse_foreign_journal(path: Path) -> None:
    """Refuse a database whose journal names another file, because a rollback would delete that file. Raises BadData."""
    journal = _beside(path, "-journal")
    if journal is None:
        return
    with suppress(FileNotFoundError), journal.open("rb") as left:  # another program may just have ended its work
        length = left.seek(0, os.SEEK_END)
        left.seek(-min(len(ANOTHER_LEFT), length), os.SEEK_END)
        if left.read() == ANOTHER_LEFT:
            raise refused(path, f"{journal.name} beside it was not left by this program; move it away")


def refuse_odd_file(path: Path) -> None:
    """Refuse a path that leads to no file, or to a folder, a pipe or a device. Raises BadData."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        raise refused(path, "there is no such file; check the name and the folder") from None
    except (OSError, ValueError) as wrong:
        raise refused(path, f"it cannot be opened ({wrong}); check the name and the folder") from None
    if not stat.S_ISREG(mode):
        raise refused(path, "it is no ordinary file; name one")


def _beside(path: Path, ending: str) -> Path | None:
    """Return the file with this ending that SQLite keeps beside a database in use; None where absent or empty."""
    left = path.with_name(path.name + ending)
    try:
        found = left.stat()
    except OSError:  # none, or gone at this moment
        return None
    return left if stat.S_ISREG(found.st_mode) and found.st_size else None


def _with_log(path: Path, log: Path) -> bytes:
    """Return the bytes of a database after a temporary copy has taken in the changes of its log."""
    if log.stat().st_size > FILE_BYTES_MAX:
        fix = f"the log beside it is over {FILE_BYTES_MAX // 2**20} MB; close the program that holds it"
        raise refused(path, fix)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copyfile(path, copy)
        shutil.copyfile(log, copy.with_name("copy-wal"))
        with closing(sqlite3.connect(copy)) as file:
            guard(file, CELL_BYTES_MAX)
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        return copy.read_bytes()
