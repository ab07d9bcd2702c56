"""Cases run by the real command, each in a child of its own, forked from a parent that has everything loaded.

A child is watched in three ways: by Python's audit hooks, for what Python opens, changes or connects to; by a file
outside its folder, whose time of access and bytes tell whether anything else read or wrote it; and by a listener on
loopback, whose address is the bait. GDAL and SQLite are not seen by the first.
"""

from __future__ import annotations

import faulthandler
import gc
import hashlib
import importlib
import json
import os
import pkgutil
import re
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from building import build_commands_once

from fuzzing.cases import Case, lay_out
from fuzzing.hostile import SECRET, Bait
from fuzzing.inputs import run, write_inputs

CODES = (0, 1, 2, 3, 4, 5, 130)
NOT_LAID_OUT = 99  # of a child whose files could not even be spoilt: the campaign's own fault
REFUSED = (2, 3)
MEMORY_MORE_MAX = 6 * 2**30
OUTPUT_MAX = 20_000
CRASHED = re.compile(r"Traceback \(most recent|fault of the program|^Fatal Python error|Timeout \(\d", re.MULTILINE)
TABLES = "data|travel|rules|preferences|solve|map|money|venues|advisers|posts|review|training|report|effects"
FILES = "csv|xlsx|gpkg|toml|geojson|shp|shx|dbf|prj|cpg|pbf|osm|gml|graphml|parquet"
NAMED = re.compile(rf"--[a-z]|\bscenario\b|\b({TABLES})\.\w|\w\.({FILES})\b|no such file")
KEPT = re.compile(r"kept all the same: (.*)$", re.MULTILINE)
CHANGING = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod", "os.link", "os.symlink")
REACHING = ("socket.connect", "socket.getaddrinfo", "socket.sendto", "os.system", "subprocess.Popen")
PROGRAM = re.escape(str(Path(__file__).parents[3]))
COMPILED = re.compile(rf"{PROGRAM}/partition/\w+/__pycache__(/\S+\.nb[ci]\S*)?$")  # what numba keeps between runs
IDLE = "jemalloc_bg_thd"  # pyarrow's; its allocator knows of forks

Entry = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of a case. `code` is None for a child that a signal ended."""

    case: Case
    typed: list[str] = field(default_factory=list)
    code: int | None
    seconds: float
    cpu_seconds: float
    mebibytes: float
    output: str
    kept: list[str] = field(default_factory=list)  # in its folder after a refusal, and named by it
    left: list[str] = field(default_factory=list)  # in its folder after a refusal, not named, or in the temporary one
    changed: list[str] = field(default_factory=list)  # inputs that a refusal changed
    outside: list[str] = field(default_factory=list)  # what it touched, or asked, elsewhere

    @property
    def crashed(self) -> bool:
        """Whether it ended otherwise than by its own word."""
        return self.code not in CODES or CRASHED.search(self.output) is not None

    @property
    def wrong(self) -> list[str]:
        """What must not be, in words."""
        found = [f"ended with {self.code}"] * (self.code not in CODES)
        found += [f"says: {crash[0]}" for crash in [CRASHED.search(self.output)] if crash]
        if self.code in REFUSED and not self.crashed and not NAMED.search(self.output):
            found.append("names neither a file nor a setting")
        found += [f"left behind: {name}" for name in self.left]
        found += [f"changed though refused: {name}" for name in self.changed]
        return found + self.outside


def prepare(folder: Path) -> Path:
    """Load everything, run the common commands once, and return the folder of good inputs.

    Raises RuntimeError where that left a thread running, which a forked child would not have.
    """
    sys.dont_write_bytecode = True
    good = folder / "good"
    build_commands_once()
    write_inputs(good)
    for package in ("partition", "geodata"):
        for module in pkgutil.walk_packages([str(Path(importlib.import_module(package).__path__[0]))], f"{package}."):
            if not module.name.startswith(("partition.web", "partition.presets")):
                importlib.import_module(module.name)
    importlib.import_module("matplotlib.font_manager")  # which asks another program for fonts
    made = folder / "made"
    run("map", good / "plan.gpkg", good / "town.toml", "--out", made)
    run("compare", good / "plan.gpkg", good / "other.gpkg", "--out", made)
    shutil.rmtree(made)
    gc.collect()
    gc.freeze()  # what is here already is neither looked at nor copied in the children
    threads = [path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm")]
    if len([name for name in threads if name != IDLE]) > 1:
        raise RuntimeError(f"these threads run already: {threads}")
    return good


def run_cases(
    cases: Iterable[Case], good: Path, folder: Path, seconds: float, jobs: int = 2, keep: bool = False
) -> Iterator[Outcome]:
    """Run each case for so many seconds at most, `jobs` at a time; yield what came of them, in the order they end."""
    places = [Place(folder / f"at{number}", seconds, keep) for number in range(jobs)]
    running: dict[int, Place] = {}
    waiting = iter(cases)
    while True:
        for place in places:
            if place not in running.values() and (one := next(waiting, None)) is not None:
                running[place.begin(one, good)] = place
        if not running:
            break
        ended, status, used = os.wait4(-1, 0)
        if ended in running:
            yield running.pop(ended).end(ended, status, used)


class Place:
    """A folder where one child at a time works, with what is watched around it."""

    def __init__(self, folder: Path, seconds: float = 60.0, keep: bool = False) -> None:
        self.folder, self.seconds, self.keep = folder, seconds, keep
        self.work, self.temporary, self.home = folder / "work", folder / "tmp", folder / "home"
        self.secret = folder / "outside" / "secret.csv"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.bait = Bait(f"http://127.0.0.1:{self.listener.getsockname()[1]}/")

    def begin(self, case: Case, good: Path, entry: Entry | None = None) -> int:
        """Begin a case, or whatever else is to be watched, in a child; return its number."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for path in (self.folder, self.temporary, self.home, self.secret.parent):
            path.mkdir()
        self.secret.write_text(f"urn,name\n900001,{SECRET}\n")
        os.utime(self.secret, (0, time.time()))  # so old that the next access must be noted
        self.case, self.began = case, time.monotonic()
        child = os.fork()
        if child == 0:
            os._exit(self._live(good, entry))
        return child

    def _live(self, good: Path, entry: Entry | None) -> int:
        """All of a child's life."""
        os.setsid()
        for name, stream in (("output", 1), ("output", 2), ("/dev/null", 0)):
            os.dup2(os.open(self.folder / name, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), stream)
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115 (a number, and for good)
        sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)  # noqa: SIM115
        faulthandler.dump_traceback_later(self.seconds, exit=True, file=sys.stderr)
        try:
            typed = lay_out(self.case, good, self.work, self.bait)
        except Exception:
            traceback.print_exc()
            return NOT_LAID_OUT
        try:
            (self.folder / "before").write_text(json.dumps([typed, _inside(self.work)]))
            os.chdir(self.work)
            os.environ.update(HOME=str(self.home), TMPDIR=str(self.temporary), NO_COLOR="1", COLUMNS="500")
            tempfile.tempdir = str(self.temporary)
            sys.argv = ["partnerships", *typed]
            _bound_memory()
            self._watch()
            (entry or _command)()
            return 0
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:
            traceback.print_exc()
            return 1
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()

    def _watch(self) -> None:
        """Note what Python does outside the folder, from now on."""
        notes, folder = os.open(self.folder / "notes", os.O_WRONLY | os.O_CREAT | os.O_APPEND), str(self.folder)
        secret = str(self.secret)

        def note(event: str, arguments: tuple[object, ...]) -> None:
            place = os.path.abspath(os.fsdecode(arguments[0])) if _is_path(arguments) else ""  # noqa: PTH100
            is_inside = place.startswith(folder) or place == "/dev/null" or COMPILED.match(place) is not None
            writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
            if (
                event in REACHING
                or ((writes or event in CHANGING) and place and not is_inside)
                or (event == "open" and place == secret)
            ):
                os.write(notes, f"{event} {arguments[:2]!r}\n".encode(errors="replace"))

        sys.addaudithook(note)

    def end(self, child: int, status: int, used: resource.struct_rusage) -> Outcome:
        """Return what came of the child that has ended."""
        seconds = time.monotonic() - self.began
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child, signal.SIGKILL)  # what it may have begun
        output = (self.folder / "output").read_bytes().decode(errors="replace")
        before = self.folder / "before"
        typed, inputs = json.loads(before.read_text()) if before.exists() else ([], {})
        after = _inside(self.work)
        code = os.waitstatus_to_exitcode(status)
        refused = code in REFUSED
        new = [name for name in after if name not in inputs] if refused else []
        kept = [name for name in new if _is_told(name, output)]
        beside = [f"temporary {name}" for name in _inside(self.temporary)]
        outcome = Outcome(
            case=self.case,
            typed=typed,
            code=code if code >= 0 else None,
            seconds=seconds,
            cpu_seconds=used.ru_utime + used.ru_stime,
            mebibytes=used.ru_maxrss / 1024,
            output=output[:OUTPUT_MAX] + output[OUTPUT_MAX:][-OUTPUT_MAX:],
            kept=kept,
            left=[*(name for name in new if name not in kept), *beside],
            changed=[name for name in inputs if after.get(name) != inputs[name]] if refused else [],
            outside=list(self._outside([*after.keys() - inputs.keys()])),
        )
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)
        return outcome

    def _outside(self, written: Iterable[str]) -> Iterator[str]:
        notes = self.folder / "notes"
        yield from sorted(set(notes.read_text(errors="replace").splitlines())) if notes.exists() else ()
        with suppress(BlockingIOError):
            while True:
                self.listener.accept()[0].close()
                yield "asked the network"
        if self.secret.stat().st_atime > 0:
            yield "read a file outside its folder"
        if set(_inside(self.secret.parent)) != {"secret.csv"} or SECRET not in self.secret.read_text():
            yield "wrote outside its folder"
        for path in (self.folder / "output", *(self.work / name for name in written)):
            if path.is_file() and SECRET.encode() in path.read_bytes():
                yield f"carried what it must not read into {path.name}"


def _is_told(name: str, output: str) -> bool:
    """Whether a refusal says that a file is kept: by its name, or by how many its folder holds; so nothing is lost."""
    found = KEPT.search(output)
    told = [] if found is None else found[1].split(", ")
    folder = str(Path(name).parent)
    return any(one == name or Path(one).is_relative_to(name) or one.endswith(f" files in {folder}") for one in told)


def _command() -> None:
    from partition.cli import main

    main()


def _is_path(arguments: tuple[object, ...]) -> bool:
    return bool(arguments) and isinstance(arguments[0], str | bytes | os.PathLike)


def _bound_memory() -> None:
    """Let a child that takes too much fail alone, and not the machine."""
    held = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (held + MEMORY_MORE_MAX, held + MEMORY_MORE_MAX))


def _inside(folder: Path) -> dict[str, str]:
    """Return all that is in a folder, by name: of files their hash, of anything else what it is."""
    found = {}
    for path in sorted(folder.rglob("*")) if folder.exists() else ():
        is_plain = path.is_file() and not path.is_symlink()
        found[str(path.relative_to(folder))] = (
            hashlib.sha256(path.read_bytes()).hexdigest() if is_plain else str(path.lstat().st_mode)
        )
    return found
