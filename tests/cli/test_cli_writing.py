"""Where it cannot be written: every command says so in one line, leaves nothing half made, and loses nothing."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer
from town import write_csv, write_town
from typer.testing import CliRunner

from geodata.files import BESIDE, OLD_SECONDS, Unwritten, replacing, together, writable_folder
from partition.cli import app
from partition.cli.commands import COMMANDS
from partition.cli.guide import site
from partition.storage.project_file import Project

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="limits and rights as Linux has them"),
    pytest.mark.usefixtures("ready_workers"),
]

SETTINGS = """
[rules]
heads_min = 2
heads_max = 3
[preferences]
meetings_per_year = 6
[advisers]
people = "advisers.csv"
[review]
starts = 2027-01-11
[training]
sessions = "sessions.csv"
[effects]
activity = "activity.csv"
"""
LONG = "x" * 300
BESIDES = {"verify", "check", "scenario", "serve", "stage", "name", "project", "doctor"}  # write no folder of files


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


def run(*arguments: object) -> Done:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return Done(done.exit_code, done.stdout, done.stderr)


@pytest.fixture(scope="module", autouse=True)
def made_once() -> Iterator[None]:
    """The guide is made once: it is the same wherever it is written."""
    guide = site.site(typer.Context(typer.main.get_command(app)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(site, "site", lambda _: guide)
        yield


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three near each other, three more, two more and one far away; links, advisers, answers; and its plan."""
    folder = tmp_path_factory.mktemp("writing")
    desks = [("A1", "County Hall", 500_000, 350_000), ("A2", "Wold House", 560_000, 350_000)]
    path = write_town(
        folder,
        *(0, 1, 2, 30, 31, 32, 60, 61, 90),
        links="900001,900002,1 900001,900004,2",
        today={"Fen": ["900001", "900004"], "Wold": ["900007", "900008"]},
        settings=SETTINGS,
    )
    write_csv(folder / "advisers.csv", ["adviser", "office", "easting", "northing"], desks)
    said = [(900_001 + n, "yes", "", "2027-01-01") for n in range(3)]
    write_csv(folder / "said.csv", ["urn", "answer", "partners", "date"], said)
    write_csv(folder / "sessions.csv", ["day", "what"], [("2027-02-15", "INSET")])
    write_csv(
        folder / "activity.csv",
        ["partnership", "activity", "count"],
        [("1", f"Joint training {n:060}", 2) for n in range(99)],
    )
    write_town(folder / "many", *range(20))
    assert run("plan", path, "--out", folder / "first", "--internal").code == 0
    return path


def asked(command: str, town: Path) -> list[object]:
    """What a command that writes a folder of files is given, but for the folder."""
    plan = town.parent / "first" / "plan.gpkg"
    return {
        "plan": [town],
        "judge": [town],
        "map": [plan, town],
        "compare": [plan, plan],
        "sweep": [town, "--vary", "rules.minutes_max=20,25", "--jobs", "1", "--maps"],
        "answers": [plan],
        "next-round": [plan, town, "--answers", town.parent / "said.csv"],
        "explain": [plan, town, "--school", "900001"],
        "alternatives": [plan, town, "--differ", 1, "--within", "50%", "--count", 1],
        "stability": [plan, town, "--gain", "5", "--plan-again"],
        "least-change": [town, "--searches", 2],
        "frontier": [town, "--searches", 2],
        "fairness": [town, "--searches", 2],
        "federations": [town, "--set", "rules.heads_min=2"],
        "advisers": [plan, town],
        "review": [plan, town],
        "training": [plan, town],
        "effects": [plan, town],
        "report": [plan, town],
        "travel": [town.parent / "many" / "town.toml"],
        "sample": ["--size", 30],
        "template": [],
        "guide": ["--no-browser"],
    }[command]


WRITERS = [command for command in COMMANDS if command not in BESIDES]
QUICK = [command for command in WRITERS if command not in ("sweep", "report", "alternatives")]


def paths(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.fixture(scope="module")
def written(town: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder that a command writes where all is well."""
    there: dict[str, Path] = {}

    def folder_of(command: str) -> Path:
        if command not in there:
            there[command] = tmp_path_factory.mktemp(command) / "out"
            done = run(command, *asked(command, town), "--out", there[command])
            assert done.code == 0, done
        return there[command]

    return folder_of


@pytest.fixture
def kept_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the system keeps temporary files, for this test."""
    folder = tmp_path / "system"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def refused(done: Done, *words: str) -> None:
    """Ended in 3 with one fault in one line, where the guide tells more at most, and nothing written."""
    assert done.code == 3, done
    fault, last, *guide = done.err.splitlines()
    assert guide in ([], ["guide: partnerships guide cannot-write"])
    assert last == "1 fault; nothing was written"
    for word in words:
        assert word in fault


# In a process of its own -------------------------------------------------------------------------------------


def in_child(before: Callable[[], None], *arguments: object) -> Done:
    """A command in a fork of this process, after something that cannot be taken back."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            before()
            done = run(*arguments)
            os.write(write, json.dumps([done.code, done.out, done.err]).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as told:
        code, out, err = json.loads(told.read())
    os.waitpid(child, 0)
    return Done(code, out, err)


def obey_rights() -> None:
    """Give up what lets root write everywhere."""
    if os.geteuid():
        return
    override, version = 1, 0x2008_0522  # CAP_DAC_OVERRIDE of capabilities, version 3
    header, data = (ctypes.c_uint32 * 2)(version, 0), (ctypes.c_uint32 * 6)()
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.capget(header, data) == 0
    data[0] &= ~(1 << override)
    assert libc.capset(header, data) == 0


def limited_to(size_bytes: int) -> Callable[[], None]:
    """No file may grow larger: as where a disk is full, on any machine."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, size_bytes))

    return limit


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[int], Path | None]]:
    """A disk of so many kB, where this process may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()

    def mounted(size_kb: int) -> Path | None:
        asked = ["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", str(disk)]
        done = subprocess.run(asked, capture_output=True, check=False) if not os.geteuid() else None
        return disk if done is not None and done.returncode == 0 else None

    yield mounted
    if os.path.ismount(disk):  # pathlib's asks differently by version
        subprocess.run(["umount", "-l", str(disk)], check=True)


# Every command that writes -----------------------------------------------------------------------------------


def test_every_command_that_writes_is_tried(town: Path) -> None:
    assert [command for command in WRITERS if asked(command, town) is None] == []


@pytest.mark.parametrize("command", WRITERS)
def test_a_file_in_the_way_of_the_folder(command: str, town: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "nowhere").symlink_to(tmp_path / "gone")
    for out in ("file", "file/sub", "nowhere"):
        refused(run(command, *asked(command, town), "--out", tmp_path / out), str(tmp_path / out), "in the way")
    assert (tmp_path / "file").read_text() == "mine"
    assert paths(tmp_path) == ["file", "nowhere"]


@pytest.mark.parametrize("command", WRITERS)
def test_a_name_that_no_folder_can_have(command: str, town: Path, tmp_path: Path) -> None:
    refused(run(command, *asked(command, town), "--out", tmp_path / "new" / LONG), "the name is too long")
    assert run(command, *asked(command, town), "--out", tmp_path / "new" / "a\0b").code == 2
    assert paths(tmp_path) == []


@pytest.mark.parametrize("command", WRITERS)
def test_a_folder_that_may_only_be_read(command: str, town: Path, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o555)
    for out in ("closed", "closed/new"):
        done = in_child(obey_rights, command, *asked(command, town), "--out", tmp_path / out)
        refused(done, "may not be written")
    assert paths(tmp_path) == ["closed"]


@pytest.mark.parametrize("command", WRITERS)
def test_a_disk_that_is_full_from_the_start(command: str, town: Path, tmp_path: Path) -> None:
    done = in_child(limited_to(2_000), command, *asked(command, town), "--out", tmp_path / "new" / "out")
    refused(done, str(tmp_path / "new" / "out"), "the disk is full")
    assert paths(tmp_path) == []


@pytest.mark.parametrize("command", WRITERS)
def test_a_disk_that_is_full_before_all_is_written(
    command: str, town: Path, tmp_path: Path, kept_in: Path, small_disk: Callable[[int], Path | None]
) -> None:
    """What was found is kept elsewhere if it took long, and no half of it stands where all was to be."""
    if (disk := small_disk(4)) is None:
        done = in_child(limited_to(4_096), command, *asked(command, town), "--out", tmp_path / "out")
        assert done.code == 3 or command in (
            "least-change",
            "frontier",
            "fairness",
            "review",
            "training",
            "effects",
            "stability",
            "federations",
        ), done  # small files
        assert not (tmp_path / "out").exists() or done.code == 0
        return
    done = run(command, *asked(command, town), "--out", disk / "out")
    assert done.code == 3, done
    assert paths(disk) in ([], ["out", "out/plans", "out/runs"], ["out", "out/runs"])
    fault, last = (line for line in done.err.splitlines() if not line.startswith("guide: "))
    assert "the disk is full" in fault
    kept = ("plan", "next-round", "explain", "alternatives", "stability", "least-change", "frontier", "fairness")
    if command in kept:
        assert "kept all the same" in last
        (folder,) = kept_in.glob("partnerships-kept-*")
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        for plan in folder.glob("*.gpkg"):
            assert run("verify", plan).code == 0
    else:
        assert list(kept_in.iterdir()) == []


@pytest.mark.parametrize("command", WRITERS)
def test_an_exclamation_mark_in_the_path(
    command: str, town: Path, written: Callable[[str], Path], tmp_path: Path
) -> None:
    out = tmp_path / "plans! 2025!" / "out"
    done = run(command, *asked(command, town), "--out", out)
    assert done.code == 0, done
    assert paths(out) == paths(written(command))
    for path in out.rglob("*.gpkg"):
        assert path.read_bytes() == (written(command) / path.relative_to(out)).read_bytes()


@pytest.mark.parametrize("command", QUICK)
def test_a_folder_in_the_way_of_a_file(
    command: str, town: Path, written: Callable[[str], Path], tmp_path: Path, kept_in: Path
) -> None:
    for n, path in enumerate(path for path in written(command).iterdir() if path.is_file()):
        out = tmp_path / str(n)
        (out / path.name).mkdir(parents=True)
        done = run(command, *asked(command, town), "--out", out)
        assert done.code == 3, done
        assert f"{path.name}: a folder is in the way" in done.err.splitlines()[0]
        assert paths(out) == [path.name], "half of it was written"


@pytest.mark.parametrize("command", WRITERS)
def test_a_link_that_leads_nowhere_is_replaced(command: str, town: Path, written: Callable[[str], Path]) -> None:
    """The link itself, and never what it leads to."""
    folder = written(command)
    first = next(path for path in sorted(folder.iterdir()) if path.is_file())
    before = first.read_bytes()
    first.unlink()
    first.symlink_to(folder / "gone")
    assert run(command, *asked(command, town), "--out", folder).code == 0
    assert not first.is_symlink() and not (folder / "gone").exists()
    assert len(first.read_bytes()) == len(before)


def test_a_refused_command_leaves_no_folder_and_no_sample(tmp_path: Path) -> None:
    for more, code in ((["--set", "data.links=no.csv"], 3), (["--set", "rules.heads_min=x"], 3)):
        assert run("plan", *more, "--out", tmp_path / "new" / "out").code == code
        assert paths(tmp_path) == []
    first = write_town(tmp_path / "town", 0, 1)
    assert run("next-round", tmp_path / "no.gpkg", first, "--out", tmp_path / "new").code == 2
    assert paths(tmp_path) == ["town", "town/schools.csv", "town/town.toml"]


# Plan files and projects -------------------------------------------------------------------------------------


@pytest.fixture
def plan(town: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "plan"
    folder.mkdir()
    return Path(shutil.copy(town.parent / "first" / "plan.gpkg", folder))


def test_a_stage_that_cannot_be_written_leaves_the_plan_as_it_was(plan: Path) -> None:
    before = plan.read_bytes()
    words = ("stage", plan, 1, "approved", "--date", "2027-03-01")
    refused(in_child(limited_to(10_000), *words), "plan.gpkg", "full")
    plan.parent.chmod(0o555)
    refused(in_child(obey_rights, *words), "plan.gpkg", "may not be written")
    plan.parent.chmod(0o755)
    assert plan.read_bytes() == before and paths(plan.parent) == ["plan.gpkg"]


def test_a_stage_keeps_who_may_read_the_plan(plan: Path) -> None:
    for mode in (0o600, 0o644):
        plan.chmod(mode)
        assert run("stage", plan, 1, "approved", "--date", "2027-03-01").code == 0
        assert stat.S_IMODE(plan.stat().st_mode) == mode


def test_where_the_project_fails_the_plan_is_there_and_named(
    town: Path, tmp_path: Path, small_disk: Callable[[int], Path | None]
) -> None:
    """Nothing that was written is denied: the plan and its map stand in the folder that was asked for."""
    out = tmp_path / "out"
    if (disk := small_disk(100)) is None:
        pytest.skip("no small disk can be mounted here")
    Project(disk / "project.gpkg")
    done = run("plan", town, "--out", out, "--project", disk / "project.gpkg")
    assert done.code == 3
    assert done.err.splitlines()[-1] == f"1 fault; kept all the same: {out / 'plan.gpkg'}, {out / 'map.html'}"
    assert run("verify", out / "plan.gpkg", town).code == 0
    assert Project(disk / "project.gpkg").plans() == []
    told = json.loads(run("plan", town, "--out", out, "--project", disk / "project.gpkg", "--json").out)
    assert told["written"] == [str(out / "plan.gpkg"), str(out / "map.html")]


def test_a_project_that_cannot_be_written_is_told_before_anything_is_solved(town: Path, tmp_path: Path) -> None:
    out, closed = tmp_path / "out", tmp_path / "closed"
    closed.mkdir()
    Project(closed / "project.gpkg")
    (closed / "folder").mkdir()
    refused(run("plan", town, "--out", out, "--project", closed / "folder"), "folder is in the way")
    closed.chmod(0o555)
    refused(in_child(obey_rights, "plan", town, "--out", out, "--project", closed / "project.gpkg"), "may not be")
    closed.chmod(0o755)
    (closed / "project.gpkg").chmod(0o444)
    refused(in_child(obey_rights, "plan", town, "--out", out, "--project", closed / "project.gpkg"), "may not be")
    assert not out.exists()


def test_a_search_log_that_cannot_go_on_loses_no_plan(town: Path, tmp_path: Path) -> None:
    done = run("plan", town, "--out", tmp_path, "--log-search", "/dev/full")
    assert done.code == 3
    assert done.err.splitlines()[0].startswith("/dev/full: it cannot be written")
    assert run("verify", tmp_path / "plan.gpkg", town).code == 0
    assert "kept all the same" in done.err


# Who may read what is written --------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [c for c in WRITERS if "internal" in COMMANDS[c].__annotations__])
def test_what_is_internal_is_for_the_user_alone(command: str, town: Path, tmp_path: Path) -> None:
    os.umask(before := os.umask(0o022))
    for path in ("plan.gpkg", "map.html", "compare.md"):
        (tmp_path / path).write_text("a public one, before")
    assert run(command, *asked(command, town), "--out", tmp_path, "--internal").code == 0
    modes = {str(path): stat.S_IMODE(path.stat().st_mode) for path in tmp_path.rglob("*") if path.is_file()}
    new = {path: mode for path, mode in modes.items() if Path(path).read_bytes() != b"a public one, before"}
    assert new and set(new.values()) == {0o600}, new
    assert before in (0o022, os.umask(before))


def test_what_is_public_is_as_the_user_lets_others_in(town: Path, tmp_path: Path) -> None:
    for mask, mode in ((0o022, 0o644), (0o027, 0o640), (0o077, 0o600)):
        before = os.umask(mask)
        try:
            assert run("judge", town, "--out", tmp_path).code == 0
        finally:
            os.umask(before)
        assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {mode}


def test_call_sheets_are_for_the_user_alone(town: Path, written: Callable[[str], Path]) -> None:
    folder = written("next-round")
    assert stat.S_IMODE((folder / "calls.xlsx").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "calls.csv").stat().st_mode) == 0o600
    assert stat.S_IMODE((folder / "plan.gpkg").stat().st_mode) == 0o644


# Whole or not at all -----------------------------------------------------------------------------------------


def test_files_written_together_are_all_there_or_none(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    with pytest.raises(KeyError), together():
        for name in ("a", "b"):
            with replacing(tmp_path / name) as temporary:
                temporary.write_text("new")
        raise KeyError
    assert paths(tmp_path) == ["a"] and (tmp_path / "a").read_text() == "old"


def test_ctrl_c_waits_until_files_are_in_their_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flushed = os.fsync

    def interrupted(opened: int) -> None:
        flushed(opened)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt), together():
        for name in ("a", "b"):
            with replacing(tmp_path / name) as temporary:
                temporary.write_text(name)
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"a": "a", "b": "b"}


def test_what_a_killed_program_left_goes_with_the_next_write_an_hour_later(tmp_path: Path) -> None:
    old, young, other = (tmp_path / name for name in (f"{BESIDE}old", f"{BESIDE}young", ".mine"))
    for folder in (old, young, other):
        folder.mkdir()
        (folder / "plan.gpkg").write_text("half a pl")
    for folder in (old, other):
        os.utime(folder, (0, folder.stat().st_mtime - OLD_SECONDS - 1))
    with replacing(tmp_path / "a") as temporary:
        temporary.write_text("whole")
    assert {path.name for path in tmp_path.iterdir()} == {"a", young.name, ".mine"}


def test_a_folder_that_cannot_be_made_leaves_none_above_it(tmp_path: Path) -> None:
    with pytest.raises(Unwritten, match="too long"):
        writable_folder(tmp_path / "a" / "b" / LONG)
    assert paths(tmp_path) == []


def test_what_a_library_cannot_write_is_a_fault(tmp_path: Path) -> None:
    told = r"plan\.gpkg: it cannot be written or read \(no such table: x\)"
    with pytest.raises(Unwritten, match=told), replacing(tmp_path / "plan.gpkg") as temporary:
        sqlite3.connect(temporary).execute("SELECT * FROM x")
    with pytest.raises(ZeroDivisionError), replacing(tmp_path / "plan.gpkg"):
        raise ZeroDivisionError  # a fault of the program is none of the file
