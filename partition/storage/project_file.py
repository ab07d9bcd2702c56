"""The project file: every plan kept, with its scenario, the hashes of its data, a note and the time; and every request.

One GeoPackage, which is an SQLite database, so that QGIS lists its tables. The file uses a rollback journal, not a
write-ahead log: councils keep files on network drives, where the shared memory of a write-ahead log does not work; and
people copy and send files, when a log beside the file would be left behind. Saves are few and small, so that readers
wait milliseconds. Each save is one transaction, flushed to the disk with its folder (`synchronous=EXTRA`): if the
program is killed, the file holds either all of a save or nothing. Several programs may write; they take turns.

Scenarios are complete here, with schools kept apart and the reasons for exceptions: the file is for the office, and
only its owner may read the file. A plan inside (public unless marked internal) comes out with the same bytes that
went in.

The file may come from anybody: each time it is opened, its tables must be exactly those that this module makes, with
no trigger or view, and every cell read must be of its column's type.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geodata.cells import refused
from geodata.faults import BadData, Fault
from partition.formats.database import (
    MAGIC,
    guard,
    has_log,
    is_plain_table,
    opened,
    read_database,
    refuse_foreign_journal,
    refuse_odd_file,
    rows_of,
    schema_of,
)

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case

FORMAT = "1"
GEOPACKAGE, GEOPACKAGE_VERSION = 0x47504B47, 10300  # "GPKG", 1.3
WAIT_SECONDS = 30.0  # for a save by another program to end
OWNER_ONLY = 0o600
CELL_BYTES_MAX = 2**29  # of the largest file that a project keeps
NUMBER_MAX = 2**53
PLAN, MAP, SEARCH = "plan.gpkg", "map.html", "search.jsonl"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A plan in the project, with its figures for a list. `travel` is in thousandths of `unit`; times are UTC."""

    id: int
    kept_at: str
    name: str
    note: str
    internal: bool
    status: str  # "optimal", "feasible", or "judged" for groups that exist today
    sureness: str
    partnerships: int
    schools_small: int
    schools_placed: int
    unit: str
    travel: int
    digest: str
    scenario: str
    sources: tuple[tuple[str, str], ...]  # name and SHA-256 of each file that the plan was made from
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to make or judge a plan. Without `ended_at` the work is under way, or was cut off."""

    id: int
    asked_at: str
    what: str  # "plan" or "judge"
    name: str
    note: str
    internal: bool
    scenario: str
    ended_at: str | None
    ended: str | None  # how the work ended, in a sentence
    plan: int | None


class Project:
    """A project file, made where there is none. Each call is one transaction, and may come from any thread or program.

    Raises BadData where the file is no project, is damaged, or cannot be written; without `make`, also where there is
    no file or an empty one.
    """

    def __init__(self, path: Path | str, *, make: bool = True) -> None:
        self.path, self._given = Path(path).resolve(), Path(path).absolute()
        if not make and not (self.path.is_file() and self.path.stat().st_size):
            raise refused(self._given, "there is no such project; `partnerships plan --project FILE` makes one")
        with self._open() as file:
            if _is_project(file):
                return
        with self._writing() as file:  # another program may have made the tables meanwhile
            if not file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                _lay_out(file)
            elif not _is_project(file):
                fix = "it is not a project of this version; name a new file, or one that `plan --project` made"
                raise refused(self._given, fix)

    @property
    def folder(self) -> Path:
        """Return the folder of the project file; paths in its scenarios are relative to this folder."""
        return self.path.parent

    @contextmanager
    def _open(self, *, to_write: bool = False) -> Iterator[sqlite3.Connection]:
        self._make_ready()
        if has_log(self.path):  # to open the file itself is to work the log in
            with opened(read_database(self.path), self._given.name, "a project file that can be read") as copy:
                self._refuse_altered(copy)
                copy.set_authorizer(None)  # nothing in it acts, and nothing can be written into a copy
                if not to_write:
                    yield copy
                    return
        try:
            file = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None)
        except sqlite3.Error as wrong:
            raise self._unopened(wrong) from None
        try:
            guard(file, CELL_BYTES_MAX)
            for pragma in ("foreign_keys=ON", "synchronous=EXTRA"):
                file.execute(f"PRAGMA {pragma}")
            self._refuse_altered(file)
            yield file
        except sqlite3.OperationalError as wrong:
            fix = f"it cannot be read or written just now ({wrong}); check its drive, and that no program holds it"
            raise refused(self._given, fix) from None
        except (sqlite3.DatabaseError, OverflowError, UnicodeDecodeError) as wrong:
            fix = f"it is not a project file, or is damaged ({wrong}); fetch it again, or name another"
            raise refused(self._given, fix) from None
        finally:
            file.close()

    def _make_ready(self) -> None:
        """Make the file, for its owner alone, where there is none; SQLite gives its journal the same permissions."""
        try:
            if not self._given.exists():
                with suppress(FileExistsError):  # another program may be quicker
                    os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
            refuse_odd_file(self._given)
            with self.path.open("rb") as file:
                head = file.read(len(MAGIC))
            if head and head != MAGIC:  # SQLite takes a file of a few bytes for an empty one
                raise refused(self._given, "it is not a project file; fetch it again, or name another")
            refuse_foreign_journal(self.path)
        except OSError as wrong:
            raise self._unopened(wrong) from None

    def _unopened(self, wrong: Exception) -> BadData:
        fix = f"it cannot be opened ({wrong}); check that its folder exists and may be written to"
        return refused(self._given, fix)

    def _refuse_altered(self, file: sqlite3.Connection) -> None:
        """Refuse a file with an altered table, or any trigger or view. Raises BadData."""
        made, there = _made(), schema_of(file)
        ours = {(kind, name): (of, sql) for kind, name, of, sql in there if name in made or of in made}
        if not {name for _, name in ours} & TABLES.keys():
            return  # an empty file, or a file of another program: no table of a project
        odd = [name for (kind, name), found in ours.items() if found[1] and found != (name, made.get(name))]
        odd += [name for name in made if ("table", name) not in ours]
        odd += [name for kind, name, _, sql in there if sql and kind != "index" and not is_plain_table(kind, sql)]
        if odd:
            told = ", ".join(dict.fromkeys(name[:60] for name in odd))
            fix = f"it is not a project as this program makes it ({told}); fetch it again, or name another"
            raise refused(self._given, fix)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """Open the file for one transaction, in turn with other programs: all changes are saved, or none."""
        with self._open(to_write=True) as file, _transaction(file):
            yield file

    def keep(
        self,
        case: Case,
        account: Account,
        files: Mapping[str, bytes],
        *,
        scenario: str,
        name: str = "",
        note: str = "",
        internal: bool = False,
        asked: int | None = None,
    ) -> int:
        """Keep a plan with its files, and return its number.

        The request `asked`, if given, is marked as ended with this plan in the same transaction. `scenario` is its text
        with paths relative to the project's folder (`partition.scenario.text.text_of`).
        """
        roster = account.problem.roster
        figures = {
            "kept_at": now(),
            "name": name or case.title,
            "note": note,
            "internal": internal,
            "status": "judged" if account.run is None else account.run.status,
            "sureness": account.sureness(),
            "partnerships": len(account.partnerships),
            "schools_small": roster.small_schools,
            "schools_placed": roster.small_schools - len(account.unplaced),
            "unit": account.unit,
            "travel": account.cost.travel,
            "digest": account.plan.digest,
            "scenario": scenario,
        }
        sources = [(source.name, source.sha256) for source in (*case.sources, *case.private_sources)]
        with self._writing() as file:
            plan = _insert(file, "plans", figures)
            for source, sha256 in sources:
                _insert(file, "sources", {"plan": plan, "name": source, "sha256": sha256})
            for title, content in files.items():
                _insert_file(file, plan, title, content)
            if asked is not None:
                _end(file, asked, "kept", plan)
        return plan

    def add_files(self, plan: int, files: Mapping[str, bytes], *, instead_of: str = "") -> None:
        """Add papers to a plan at once, replacing files of the same names and all files in the folder `instead_of`.

        Raises BadData where the plan has been removed meanwhile.
        """
        with self._writing() as file:
            if file.execute("SELECT 1 FROM plans WHERE id = ?", (plan,)).fetchone() is None:
                raise BadData([Fault(file=self._given.name, value=plan, fix="this plan was removed meanwhile")])
            for name in files:
                file.execute("DELETE FROM files WHERE plan = ? AND name = ?", (plan, name))
            if instead_of:
                within = (plan, len(instead_of) + 1, f"{instead_of}/")
                file.execute("DELETE FROM files WHERE plan = ? AND substr(name, 1, ?) = ?", within)
            for name, content in files.items():
                _insert_file(file, plan, name, content)

    def sizes(self, plan: int) -> dict[str, int]:
        """Return the size in bytes of each file of a plan, by name."""
        with self._open() as file:
            sizes = file.execute("SELECT id, length(content) FROM files WHERE plan = ?", (plan,)).fetchall()
            names = dict(_read(file, "files", ("id", "name"), "WHERE plan = ? ORDER BY name", plan))
            lengths = dict(sizes)
            return {_safe(name): lengths[id] for id, name in names.items()}

    def annotate(self, plan: int, name: str, note: str) -> None:
        """Give a plan a new name and note."""
        with self._writing() as file:
            file.execute("UPDATE plans SET name = ?, note = ? WHERE id = ?", (name, note, plan))

    def remove(self, plan: int) -> None:
        """Remove a plan for good: its files, all values remembered about the plan, and comparisons beside other plans.

        SQLite overwrites the removed content in the file (`secure_delete`), and the plan's number is not given again.
        """
        with self._open(to_write=True) as file:
            file.execute("PRAGMA secure_delete=ON")
            with _transaction(file):
                compared = _read(file, "files", ("id", "name"), "WHERE plan != ?", plan)
                gone = [(id,) for id, name in compared if plan in compared_in(name)]
                file.executemany("DELETE FROM files WHERE id = ?", gone)
                file.execute("DELETE FROM project WHERE key GLOB ?", (about(plan, "*"),))
                for table in ("files", "sources", "asked"):
                    file.execute(f"DELETE FROM {table} WHERE plan = ?", (plan,))
                file.execute("DELETE FROM plans WHERE id = ?", (plan,))

    def plans(self) -> list[Kept]:
        """Return every plan kept, the latest first."""
        with self._open() as file:
            return _plans(file, "ORDER BY id DESC")

    def plan(self, plan: int) -> Kept | None:
        """Return one plan; None where no plan has this number."""
        with self._open() as file:
            return next(iter(_plans(file, "WHERE id = ?", plan)), None)

    def file(self, plan: int, name: str) -> bytes | None:
        """Return a file of a plan, such as "plan.gpkg"; None where there is none.

        Raises BadData where the file is not as it was kept.
        """
        with self._open() as file:
            found = _read(file, "files", ("content", "sha256"), "WHERE plan = ? AND name = ?", plan, name)
        if not found:
            return None
        content: bytes = found[0][0]
        if hashlib.sha256(content).hexdigest() != found[0][1]:
            fix = f"{name} of plan {plan} is not as it was kept; the project file was altered or is damaged"
            raise BadData([Fault(file=self._given.name, fix=fix)])
        return content

    def ask(self, what: str, scenario: str, *, name: str = "", note: str = "", internal: bool = False) -> int:
        """Record a request, and return its number."""
        row = {"asked_at": now(), "what": what, "name": name, "note": note, "internal": internal, "scenario": scenario}
        with self._writing() as file:
            return _insert(file, "asked", row)

    def end(self, asked: int, words: str) -> None:
        """Record that a request has ended without a plan, unless it has ended before."""
        with self._writing() as file:
            _end(file, asked, words, None)

    def asked(self, number: int) -> Asked | None:
        """Return the request with this number; None where there is none."""
        with self._open() as file:
            return next(iter(_asked(file, "WHERE id = ?", number)), None)

    def unended(self) -> list[Asked]:
        """Return the requests under way, or cut off when their program stopped; the latest first."""
        with self._open() as file:
            return _asked(file, "WHERE ended_at IS NULL ORDER BY id DESC")

    def setting(self, key: str) -> str | None:
        """Return a value that the project remembers for its pages, such as the scenario in work; None if unknown."""
        with self._open() as file:
            return _setting(file, key)

    def remember(self, key: str, value: str) -> None:
        """Remember a value under a key, instead of any earlier value."""
        self.amend(key, lambda _: value)

    def amend(self, key: str, step: Callable[[str | None], str]) -> str:
        """Replace a remembered value by the result of `step` on it, in one transaction, and return the new value."""
        with self._writing() as file:
            value = step(_setting(file, key))
            file.execute("DELETE FROM project WHERE key = ?", (key,))
            _insert(file, "project", {"key": key, "value": value})
        return value


def about(plan: int, what: str) -> str:
    """Return the key of a remembered value about a plan, such as "answers"; `remove` deletes these values too."""
    return f"plan {plan}: {what}"


def comparison_of(plans: Sequence[int], ending: str) -> str:
    """Return the name of a file that compares kept plans; the file is kept with the latest of those plans."""
    return f"plans {'-'.join(map(str, plans))}{ending}"


def compared_in(name: str) -> set[int]:
    """Return the numbers of the plans that a file compares, from its name; none for any other file."""
    found = re.match(r"plans (\d+(?:-\d+)+)(?!\d)", name, re.ASCII)
    return {int(number) for number in found[1].split("-")} if found else set()


def now() -> str:
    """Return the time in UTC, to the second, in ISO format."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@contextmanager
def _transaction(file: sqlite3.Connection) -> Iterator[None]:
    file.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        file.execute("ROLLBACK")
        raise
    file.execute("COMMIT")


def _safe(name: str) -> str:
    """Return a file's name. Raises BadData where the name would lead out of the plan's folder on any system."""
    if any(part in ("", ".", "..") for part in name.split("/")) or re.search(r"[\\:\x00-\x1f]", name):
        fix = "a kept file's name leads out of its plan; the project file was altered, trust nothing in it"
        raise BadData([Fault(file="project", value=name, fix=fix)])
    return name


def _lay_out(file: sqlite3.Connection) -> None:
    """Make the tables of an empty project in the open transaction (`executescript` would end the transaction)."""
    file.execute(f"PRAGMA application_id = {GEOPACKAGE}")
    file.execute(f"PRAGMA user_version = {GEOPACKAGE_VERSION}")
    for statement in filter(str.strip, GEOPACKAGE_TABLES.split(";")):
        file.execute(statement)
    systems = "(srs_name, srs_id, organization, organization_coordsys_id, definition)"
    file.executemany(f"INSERT INTO gpkg_spatial_ref_sys {systems} VALUES (?, ?, ?, ?, ?)", REFERENCE_SYSTEMS)
    for table, columns in TABLES.items():
        file.execute(f"CREATE TABLE {table} ({columns})")
        _insert(file, "gpkg_contents", {"table_name": table, "data_type": "attributes", "identifier": table})
    _insert(file, "project", {"key": "format", "value": FORMAT})


@cache
def _made() -> Mapping[str, str]:
    """Return the statement that makes each table of a project, as SQLite stores the statement, by the table's name."""
    with closing(sqlite3.connect(":memory:")) as file:
        _lay_out(file)
        return {name: sql for _, name, _, sql in schema_of(file) if sql}


def _is_project(file: sqlite3.Connection) -> bool:
    there = {name for _, name, _, _ in schema_of(file)}
    return there >= TABLES.keys() and _setting(file, "format") == FORMAT


def _read(
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


def _setting(file: sqlite3.Connection, key: str) -> str | None:
    found = _read(file, "project", ("value",), "WHERE key = ?", key)
    return found[0][0] if found else None


def _insert(file: sqlite3.Connection, table: str, row: Mapping[str, object]) -> int:
    places = ", ".join("?" * len(row))
    done = file.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", tuple(row.values()))
    return int(done.lastrowid or 0)


def _insert_file(file: sqlite3.Connection, plan: int, name: str, content: bytes) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    name = _safe(name)
    _insert(file, "files", {"plan": plan, "name": name, "sha256": sha256, "content": content})


def _end(file: sqlite3.Connection, asked: int, words: str, plan: int | None) -> None:
    row = (now(), words, plan, asked)
    file.execute("UPDATE asked SET ended_at = ?, ended = ?, plan = ? WHERE id = ? AND ended_at IS NULL", row)


def _plans(file: sqlite3.Connection, which: str, *given: object) -> list[Kept]:
    columns = [name for name in Kept.__slots__ if name not in ("sources", "files")]
    found = []
    for row in _read(file, "plans", columns, which, *given):
        facts = dict(zip(columns, row, strict=True))
        sources = _read(file, "sources", ("name", "sha256"), "WHERE plan = ? ORDER BY id", facts["id"])
        names = _read(file, "files", ("name",), "WHERE plan = ? ORDER BY id", facts["id"])
        facts |= {"internal": bool(facts["internal"]), "sources": tuple(sources)}
        found.append(Kept(**facts, files=tuple(_safe(name) for (name,) in names)))
    return found


def _asked(file: sqlite3.Connection, which: str, *given: object) -> list[Asked]:
    columns = list(Asked.__slots__)
    rows = _read(file, "asked", columns, which, *given)
    return [Asked(**dict(zip(columns, row, strict=True)) | {"internal": bool(row[5])}) for row in rows]
