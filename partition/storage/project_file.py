"""The project file: every plan kept, with its scenario, the hashes of its data, a note and the time; and every request.

One GeoPackage, which is an SQLite database, so that QGIS lists its tables. The file uses a rollback journal, not a
write-ahead log: councils keep files on network drives, where the shared memory of a write-ahead log does not work; and
people copy and send files, when a log beside the file would be left behind. Saves are few and small, so that readers
wait milliseconds. Each save is one transaction, flushed to the disk with its folder (`synchronous=EXTRA`): if the
program is killed, the file holds either all of a save or nothing. Several programs may write; they take turns.

Scenarios are complete here, with schools kept apart and the reasons for exceptions: the file is for the office, and
only its owner may read the file. A plan inside (public unless marked internal) comes out with the same bytes that
went in.

The file may come from anybody: each time it is opened, its tables are held against those that `project_tables` makes.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from geodata.cells import refused
from geodata.faults import BadData, Fault
from partition.formats.database import (
    MAGIC,
    guard,
    has_log,
    opened,
    read_database,
    refuse_foreign_journal,
    refuse_odd_file,
)
from partition.storage.project_tables import (
    CELL_BYTES_MAX,
    insert_row,
    is_project,
    lay_out,
    odd_tables,
    read_rows,
    setting_of,
)

if TYPE_CHECKING:
    from partition.plans.account import Account
    from partition.scenario.case import Case

WAIT_SECONDS = 30.0  # for a save by another program to end
OWNER_ONLY = 0o600
PLAN, MAP, SEARCH = "plan.gpkg", "map.html", "search.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A plan in the project, with its figures for a list. `travel` is in thousandths of `unit`; times are UTC.

    `partnerships` are those of several heads: federations that are partnerships already are not counted.
    """

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
            if is_project(file):
                return
        with self._writing() as file:  # another program may have made the tables meanwhile
            if not file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                lay_out(file)
            elif not is_project(file):
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
        if odd := odd_tables(file):
            told = ", ".join(name[:60] for name in odd)
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
            "partnerships": len(account.joined),
            "schools_small": roster.small_schools,
            "schools_placed": roster.small_schools - len(account.unplaced),
            "unit": account.unit,
            "travel": account.cost.travel,
            "digest": account.plan.digest,
            "scenario": scenario,
        }
        sources = [(source.name, source.sha256) for source in (*case.sources, *case.private_sources)]
        with self._writing() as file:
            plan = insert_row(file, "plans", figures)
            for source, sha256 in sources:
                insert_row(file, "sources", {"plan": plan, "name": source, "sha256": sha256})
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
            names = dict(read_rows(file, "files", ("id", "name"), "WHERE plan = ? ORDER BY name", plan))
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
                compared = read_rows(file, "files", ("id", "name"), "WHERE plan != ?", plan)
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
            found = read_rows(file, "files", ("content", "sha256"), "WHERE plan = ? AND name = ?", plan, name)
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
            return insert_row(file, "asked", row)

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
            return setting_of(file, key)

    def remember(self, key: str, value: str) -> None:
        """Remember a value under a key, instead of any earlier value."""
        self.amend(key, lambda _: value)

    def amend(self, key: str, step: Callable[[str | None], str]) -> str:
        """Replace a remembered value by the result of `step` on it, in one transaction, and return the new value."""
        with self._writing() as file:
            value = step(setting_of(file, key))
            file.execute("DELETE FROM project WHERE key = ?", (key,))
            insert_row(file, "project", {"key": key, "value": value})
        return value


def about(plan: int, what: str) -> str:
    """Return the key of a remembered value about a plan, such as "answers"; `remove` deletes these values too."""
    return f"plan {plan}: {what}"


def about_asked(asked: int, what: str) -> str:
    """Return the key of a value about a request: it becomes one about the plan that the request ends with, or goes."""
    return f"asked {asked}: {what}"


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


def _insert_file(file: sqlite3.Connection, plan: int, name: str, content: bytes) -> None:
    sha256 = hashlib.sha256(content).hexdigest()
    name = _safe(name)
    insert_row(file, "files", {"plan": plan, "name": name, "sha256": sha256, "content": content})


def _end(file: sqlite3.Connection, asked: int, words: str, plan: int | None) -> None:
    row = (now(), words, plan, asked)
    file.execute("UPDATE asked SET ended_at = ?, ended = ?, plan = ? WHERE id = ? AND ended_at IS NULL", row)
    known = about_asked(asked, "")
    if plan is not None:
        moved = (about(plan, ""), len(known) + 1, f"{known}*")
        file.execute("UPDATE project SET key = ? || substr(key, ?) WHERE key GLOB ?", moved)
    file.execute("DELETE FROM project WHERE key GLOB ?", (f"{known}*",))


def _plans(file: sqlite3.Connection, which: str, *given: object) -> list[Kept]:
    columns = [name for name in Kept.__slots__ if name not in ("sources", "files")]
    found = []
    for row in read_rows(file, "plans", columns, which, *given):
        facts = dict(zip(columns, row, strict=True))
        sources = read_rows(file, "sources", ("name", "sha256"), "WHERE plan = ? ORDER BY id", facts["id"])
        names = read_rows(file, "files", ("name",), "WHERE plan = ? ORDER BY id", facts["id"])
        facts |= {"internal": bool(facts["internal"]), "sources": tuple(sources)}
        found.append(Kept(**facts, files=tuple(_safe(name) for (name,) in names)))
    return found


def _asked(file: sqlite3.Connection, which: str, *given: object) -> list[Asked]:
    columns = list(Asked.__slots__)
    rows = read_rows(file, "asked", columns, which, *given)
    return [Asked(**dict(zip(columns, row, strict=True)) | {"internal": bool(row[5])}) for row in rows]
