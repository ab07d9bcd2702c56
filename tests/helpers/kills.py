"""Real commands that are killed at a random moment after their first write, and what is there afterwards.

A command runs in a fork of this process, in which everything is loaded: it takes about a second. The kill is a timer
of the child's own processor time that its first write starts, so that a busy machine shifts no moment; the system ends
the child there and then, whatever it is at. A quarter of the timers last longer than the command.

`python kills.py FOLDER KILLS SEED` tells what came of so many kills as JSON. It is a process of its own because a fork
takes none of its parent's threads along: in one that has solved anything, a fork would wait for them for ever.
"""

from __future__ import annotations

import csv
import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path

import typer.main
from building import build_commands_once
from town import write_csv, write_town

from geodata.files import BESIDE
from partition.cli import app
from partition.scheme.kept import log_of
from partition.storage.plan_file import read_plan
from partition.storage.project_file import MAP, PLAN, Project
from partition.storage.verify import verify
from partition.studies.sweep import work

SPAN = 4 / 3  # of the time that a command takes from its first write on
WRITES = ("os.mkdir", "sqlite3.connect", "tempfile.mkstemp", "tempfile.mkdtemp")
ENDS = {".html": "</html>", ".json": "}", ".pdf": "%%EOF", ".svg": "</svg>"}  # of a whole file


@dataclass(slots=True)
class Seen:
    """What came of the kills of one command."""

    kills: int = 0
    finished: int = 0  # before the kill came
    told: int = 0  # said that all was done
    lost: list[str] = field(default_factory=list)  # what was told, and is not there
    halves: list[str] = field(default_factory=list)  # files that are not whole
    leftovers: int = 0  # folders of files on their way, and journals


class County:
    """A town with a plan, a project that keeps two, and answers; commands work in it again and again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.scratch = folder, folder / "scratch"
        self.scratch.mkdir(parents=True)
        self.town = write_town(folder, 0, 1, 2, 30, 31, 32, 60, 61, settings="[rules]\nheads_min = 2\nheads_max = 3\n")
        said = [(900_001 + n, "yes", "", "2027-01-01") for n in range(3)]
        write_csv(folder / "said.csv", ["urn", "answer", "partners", "date"], said)
        self.first, self.project = folder / "first" / "plan.gpkg", folder / "project.gpkg"
        self.count = 0  # of commands
        self.seconds: dict[str, float] = {}  # of the processor, from a command's first write to its end
        self.lasting: dict[str, Callable[[], str]] = {}  # by note, what was told and must be there from then on
        first = ("plan", self.town, "--out", self.first.parent, "--project", self.project, "--note", "first")
        assert self.fork(first, None)[0] == 0
        for command in COMMANDS:
            for _ in range(2):  # the second time, what it needs is loaded
                assert self.fork(COMMANDS[command](self)[0], None)[0] == 0, command
                self.seconds[command] = float((self.scratch / "seconds.txt").read_text())
                self.load()

    def load(self) -> None:
        """Load what the last fork had loaded. Solving here would not do: its threads do not live on in a fork."""
        for name in (self.scratch / "modules.txt").read_text().split():
            with suppress(Exception):
                import_module(name)

    def fork(self, words: Sequence[object], delay: float | None) -> tuple[int, str]:
        """How a command ended, and what it had said by then."""
        told = self.scratch / "told.txt"
        child = os.fork()
        if not child:
            _become(words, told, delay, self.scratch)
        _, status = os.waitpid(child, 0)
        return (os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else -1), told.read_text(encoding="utf-8")

    def kill(self, command: str, draws: random.Random, seen: Seen) -> None:
        """Kill a command once, and look at everything there is."""
        words, done = COMMANDS[command](self)
        code, told = self.fork(words, draws.uniform(0, self.seconds[command] * SPAN))
        assert code in (-1, 0), (words, code, told)
        seen.kills += 1
        seen.finished += code == 0
        seen.told += told.endswith("\n")
        if told.endswith("\n"):
            if command in ("plan --project", "stage"):
                self.lasting[f"note {self.count}"] = done
            elif lost := done():
                seen.lost.append(f"{words}: {lost}")
        seen.lost += [f"{words}: {lost} of {note}" for note, told_of in self.lasting.items() if (lost := told_of())]
        seen.leftovers += self.drop_leftovers()
        seen.halves += [f"{words}: {half}" for half in self.halves()]

    def drop_leftovers(self) -> int:
        """Count what was on its way, and remove it, as the next write would an hour later."""
        found = 0
        for path in sorted(self.folder.rglob("*"), reverse=True):
            on_its_way = any(part.startswith(BESIDE) for part in path.relative_to(self.folder).parts)
            if on_its_way or (self.scratch in path.parents and path.suffix != ".txt"):
                found += path.name.startswith(BESIDE) or path.parent == self.scratch
                path.rmdir() if path.is_dir() else path.unlink()
        return found

    def halves(self) -> list[str]:
        """Every file that is not whole, by what is wrong with it. A journal goes when its project is looked at."""
        found = (path for path in self.folder.rglob("*") if self.scratch not in path.parents)
        files = [path for path in found if path.is_file() and not path.name.endswith("-journal")]
        return [f"{path.relative_to(self.folder)}: {wrong}" for path in files if (wrong := half(path))]


def half(path: Path) -> str:
    """What is wrong with a file that a command wrote; nothing where it is whole."""
    try:
        if path.suffix == ".gpkg":
            return _half_project(path) if path.name == "project.gpkg" else _half_plan(path)
        if path.suffix in (".xlsx", ".docx"):
            return zipfile.ZipFile(path).testzip() or ""
        if path.suffix == ".png":
            return "" if path.read_bytes().endswith(b"IEND\xaeB`\x82") else "no end"
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".csv":
            return (
                "" if text.endswith("\n") and len({len(row) for row in csv.reader(text.splitlines())}) == 1 else "rows"
            )
        return "" if text.rstrip().endswith(ENDS.get(path.suffix, "")) and text else "no end"
    except Exception as wrong:
        return f"{type(wrong).__name__}: {wrong}"


def _half_plan(path: Path) -> str:
    return "; ".join(verify(read_plan(path)).wrong)


def _half_project(path: Path) -> str:
    """Each plan is there with all its files, as they were kept."""
    project = Project(path)
    return "; ".join(
        f"plan {plan.id}: {name}" for plan in project.plans() for name in (PLAN, MAP) if not project.file(plan.id, name)
    )


# The commands: what each is given, and what must be there once it has told its end ---------------------------

Asked = tuple[list[object], Callable[[], str]]


def _plan(county: County) -> Asked:
    county.count += 1
    note, out = f"note {county.count}", county.folder / "out"
    words: list[object] = ["plan", county.town, "--out", out, "--project", county.project, "--note", note]

    def done() -> str:
        kept = any(plan.note == note for plan in Project(county.project).plans())
        return "" if kept and (out / PLAN).exists() and (out / MAP).exists() else "the plan"

    return words, done


def _stage(county: County) -> Asked:
    county.count += 1
    note = f"note {county.count}"
    words: list[object] = ["stage", county.first, 1, "approved", "--date", "2027-03-01", "--note", note]

    def done() -> str:
        return "" if any(one.note == note for one in log_of(read_plan(county.first)).decisions) else "the decision"

    return words, done


def _next_round(county: County) -> Asked:
    out = county.folder / "next"
    words: list[object] = ["next-round", county.first, county.town, "--answers", county.folder / "said.csv"]
    return [*words, "--out", out], _all_in(out, PLAN, MAP, "calls.xlsx", "calls.csv")


def _report(county: County) -> Asked:
    out = county.folder / "report"
    return ["report", county.first, county.town, "--out", out], _all_in(
        out, "report.docx", "report.pdf", "workbook.xlsx", "transparency_record.docx", "map.html", "map.png"
    )


def _remove(county: County) -> Asked:
    """Of the oldest plan but the first; with another kept in its place when there is none."""
    if len(plans := Project(county.project).plans()) < 2:
        assert county.fork(_plan(county)[0], None)[0] == 0
        plans = Project(county.project).plans()
    gone = plans[-2].id
    county.lasting.pop(plans[-2].note, None)
    return [
        "project",
        county.project,
        "--remove",
        gone,
    ], lambda: "" if Project(county.project).plan(gone) is None else "the removal"


def _sweep(county: County) -> Asked:
    """Of settings that no sweep has tried yet."""
    county.count += 1
    out, minutes = county.folder / "sweep", 20 + county.count / 1_000
    varied = f"rules.minutes_max={minutes},{minutes + 5}"
    words: list[object] = ["sweep", county.town, "--vary", varied, "--jobs", 1, "--maps", "--out", out]
    return words, _all_in(out, "sweep.html", "sweep.csv", "sweep.md")


COMMANDS: dict[str, Callable[[County], Asked]] = {
    "plan --project": _plan,
    "stage": _stage,
    "next-round": _next_round,
    "report": _report,
    "project --remove": _remove,
    "sweep": _sweep,
}


def _all_in(folder: Path, *names: str) -> Callable[[], str]:
    return lambda: ", ".join(name for name in names if not (folder / name).exists())


# In the fork -------------------------------------------------------------------------------------------------


def _become(words: Sequence[object], told: Path, delay: float | None, scratch: Path) -> None:
    """Be the command, to its end or to the moment when it is killed."""
    code = 70
    try:
        tempfile.tempdir = str(scratch)
        signal.signal(signal.SIGPROF, signal.SIG_DFL)  # ends a process as SIGKILL does
        sys.stdout = told.open("w", encoding="utf-8")
        fork = multiprocessing.get_context("fork")  # a sweep's workers have everything loaded too
        work.get_context = lambda _: fork  # type: ignore[attr-defined]
        begun = _arm(delay)
        app([str(word) for word in words])
    except SystemExit as end:
        code = int(end.code or 0)
        sys.stdout.flush()
        (scratch / "modules.txt").write_text(" ".join(sys.modules))
        (scratch / "seconds.txt").write_text(str(time.process_time() - begun[0]))
    finally:
        os._exit(code)


def _arm(delay: float | None) -> list[float]:
    """Note the processor time at the first write of this process, and kill it so many seconds later, if any."""
    begun: list[float] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if not begun and event in WRITES:
            begun.append(time.process_time())
            if delay is not None:
                signal.setitimer(signal.ITIMER_PROF, max(delay, 1e-6))

    sys.addaudithook(watch)
    return begun


# A process of its own ----------------------------------------------------------------------------------------


def kills_of(folder: Path, count: int, seed: int) -> dict[str, Seen]:
    """Return what came of so many kills, in turn of every command, as a process of its own found it."""
    words = [sys.executable, __file__, folder, count, seed]
    path = os.pathsep.join([str(Path(__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [str(word) for word in words], stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": path}, check=True
    )
    return {command: Seen(**told) for command, told in json.loads(done.stdout).items()}


def _main(folder: str, count: str, seed: str) -> None:
    build_commands_once()
    typer.main.get_command(app)  # before any fork
    county, draws, seen = County(Path(folder)), random.Random(int(seed)), {command: Seen() for command in COMMANDS}
    for n in range(int(count)):
        command = list(COMMANDS)[n % len(COMMANDS)]
        county.kill(command, draws, seen[command])
    print(json.dumps({command: asdict(one) for command, one in seen.items()}))


if __name__ == "__main__":
    _main(*sys.argv[1:])
