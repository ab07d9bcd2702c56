"""How a command ends whatever goes wrong: in a documented code and few words, with a traceback only if asked for."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pyarrow
import pyogrio
import pyproj
import pytest
from town import write_town
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.cli.shared import CRASHED
from partition.scenario import case as session

COMMAND = "from partition.cli import main; main()"
EXPECTED = (
    OSError(5, "Input/output error", "/somewhere/schools.csv"),
    ConnectionResetError(104, "Connection reset by peer"),
    MemoryError(),
    RecursionError("maximum recursion depth exceeded"),
    pyogrio.errors.DataSourceError("'x' not recognized as\nbeing in a supported file format"),
    pyproj.exceptions.CRSError("Invalid projection"),
    pyarrow.ArrowInvalid("Could not open Parquet input source"),
    sqlite3.DatabaseError("database disk image is malformed"),
    pd.errors.ParserError("Error tokenizing data"),
)


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path / "town", 0, 1, 2, settings="[rules]\nheads_min = 2\n")


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PARTNERSHIPS_LOGS", str(tmp_path / "logs"))
    monkeypatch.delenv("PARTNERSHIPS_DEBUG", raising=False)
    return tmp_path / "logs"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """What reads the data fails."""

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(session, "load", fail)


# What is expected, and what is not ---------------------------------------------------------------------------


@pytest.mark.parametrize("error", EXPECTED, ids=lambda error: type(error).__name__)
def test_what_a_library_or_the_system_says_is_a_fault_in_one_line(
    error: Exception, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: Path
) -> None:
    failing(monkeypatch, error)
    done = run("plan", town, "--out", tmp_path / "out")
    assert done.exit_code == 3
    fault, last = done.stderr.splitlines()
    assert fault.startswith("schools.csv: " if getattr(error, "filename", None) else "command: ")
    assert last == "1 fault; nothing was written"
    assert not (tmp_path / "out").exists() and not logs.exists()
    told = json.loads(run("plan", town, "--out", tmp_path / "out", "--json").stdout)
    assert [fault["file"] for fault in told["faults"]] == [fault.partition(":")[0]]


@pytest.mark.parametrize("command", ["plan", "check", "judge", "travel", "least-change"])
def test_a_fault_of_the_program_is_three_lines_and_a_log(
    command: str, town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: Path
) -> None:
    failing(monkeypatch, ZeroDivisionError("division by zero"))
    done = run(command, town, "--out", tmp_path / "out")
    assert (done.exit_code, done.stdout) == (CRASHED, "") == (70, "")
    assert len(done.stderr.splitlines()) == 3
    assert done.stderr.startswith("This is a fault of the program")
    (log,) = logs.iterdir()
    assert str(log) in done.stderr
    assert "Traceback" in log.read_text() and "division by zero" in log.read_text()
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()
    if sys.platform != "win32":
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_a_fault_of_the_program_is_one_json_object_where_that_is_asked(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, logs: Path
) -> None:
    failing(monkeypatch, KeyError("urn"))
    done = run("plan", town, "--out", tmp_path / "out", "--json")
    told = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (70, "")
    assert told["error"].startswith("This is a fault of the program") and Path(told["log"]).parent == logs


def test_debug_shows_where(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError("division by zero"))
    monkeypatch.setenv("PARTNERSHIPS_DEBUG", "")  # so that what the option sets goes with this test
    done = run("--debug", "plan", town, "--out", tmp_path / "out")
    assert done.exit_code == 70
    assert "Traceback (most recent call last)" in done.stderr and "division by zero" in done.stderr
    assert os.environ["PARTNERSHIPS_DEBUG"] == "1"


def test_what_goes_wrong_before_a_command_refuses_anything_is_told_too(tmp_path: Path) -> None:
    """`next-round` compares paths first of all: one of a link to itself cannot be."""
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    done = run("next-round", tmp_path / "loop", write_town(tmp_path / "town", 0, 1), "--out", tmp_path / "loop")
    assert done.exit_code in (2, 3) and "Traceback" not in done.stderr


def test_a_project_that_is_a_pipe_or_a_link_to_itself_is_refused_by_name(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town", 0, 1)
    (tmp_path / "loop.gpkg").symlink_to("loop.gpkg")
    os.mkfifo(tmp_path / "pipe.gpkg")
    for name in ("loop.gpkg", "pipe.gpkg"):
        for typed in (
            ["project", tmp_path / name],
            ["plan", town, "--out", tmp_path / "out", "--project", tmp_path / name],
        ):
            done = run(*typed)
            assert done.exit_code == 3 and done.stderr.startswith(f"{name}: "), done.stderr
            assert not (tmp_path / "out").exists()


def test_many_faults_are_told_all_at_once(tmp_path: Path) -> None:
    town = write_town(tmp_path, 0, 1, pupils=[-1, -2])
    done = run("plan", town, "--out", tmp_path / "out")
    assert done.stderr.splitlines()[2:] == ["2 faults; nothing was written", "guide: partnerships guide wrong-count"]


# In a process of its own -------------------------------------------------------------------------------------


def process(code: str, *arguments: object, **more: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload, no-any-return]


ON_IMPORT = """
import os, signal, sys, warnings
class Finder:
    def find_spec(self, name, *_):
        if name == {name!r}:
            {then}
sys.meta_path.insert(0, Finder())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="sends itself a signal as Linux does")
@pytest.mark.parametrize(
    "module", ["partition.cli.running", "typer", "partition.scenario.read", "numpy", "pandas._libs", "pyogrio._io"]
)
def test_ctrl_c_while_something_is_loaded_is_quiet(module: str, town: Path, tmp_path: Path) -> None:
    before = ON_IMPORT.format(name=module, then="os.kill(os.getpid(), signal.SIGINT)")
    done = process(before + COMMAND, "plan", town, "--out", tmp_path / "out")
    assert (done.returncode, done.stdout) == (130, ""), done
    assert len(done.stderr.splitlines()) <= 1 and "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_no_warning_of_a_library_is_shown_but_for_debug(town: Path, tmp_path: Path) -> None:
    then = "warnings.warn('spare me'); import logging; logging.getLogger('x').warning('me too')"
    code = ON_IMPORT.format(name="numpy", then=then) + COMMAND
    done = process(code, "plan", town, "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (0, "")
    done = process(code, "plan", town, "--out", tmp_path / "out", "--debug")
    assert done.returncode == 0 and "spare me" in done.stderr and "me too" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as Linux has them")
@pytest.mark.parametrize("command", [["scenario"], ["--help"], ["scenario", "--schema"]])
def test_a_reader_that_has_gone_is_no_fault(command: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-c", COMMAND, *command], stdout=write, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write)
    assert done.stderr == ""
    assert done.returncode in (0, 1)  # Typer's own help ends in 1


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as Linux has them")
def test_what_was_asked_for_is_done_though_the_reader_has_gone(town: Path, tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", COMMAND, "judge", str(town.with_name("town.toml")), "--out", str(tmp_path / "out")]
    town.write_text(town.read_text(encoding="utf-8") + "\n[data.columns]\n", encoding="utf-8")
    write_town(town.parent, 0, 1, 2, today={"Fen": ["900001", "900002"]})
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "out" / "judged.gpkg").exists()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_an_answer_that_cannot_be_printed_is_told(town: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-c", COMMAND, "check", str(town)]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 3
    fault, last, guide = done.stderr.splitlines()
    assert "the disk is full" in fault and last == "1 fault; nothing was written"
    assert guide == "guide: partnerships guide cannot-write"


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
def test_a_name_that_is_no_text_can_be_told(town: Path, tmp_path: Path) -> None:
    out = os.fsencode(tmp_path) + b"/\xff\xfe"
    command = [os.fsencode(sys.executable), b"-c", COMMAND.encode(), b"plan", os.fsencode(town), b"--out", out]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\\udcff\\udcfe/plan.gpkg" in done.stdout
    assert sorted(os.listdir(out)) == [b"map.html", b"plan.gpkg"]  # noqa: PTH208  # pathlib takes text alone


@pytest.mark.skipif(sys.platform == "win32", reason="signals whole groups of processes, as a terminal does")
def test_ctrl_c_while_workers_begin_is_quiet_in_them_too(tmp_path: Path) -> None:
    """As a terminal sends it: to the command and all its workers at once, when the first of them has just begun."""
    town = write_town(tmp_path, *range(0, 40, 2), settings="[rules]\nheads_min = 2\n")
    begun = tmp_path / "begun"
    site = tmp_path / "site"
    site.mkdir()
    told = f"import sys, pathlib\nif '--multiprocessing-fork' in sys.argv: pathlib.Path({str(begun)!r}).touch()\n"
    (site / "sitecustomize.py").write_text(told)
    command = [sys.executable, "-c", COMMAND, "sweep", str(town), "--vary", "rules.minutes_max=20,25", "--jobs", "2"]
    sweep = subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    while not begun.exists() and sweep.poll() is None:
        pass
    os.killpg(sweep.pid, signal.SIGINT)
    out, err = sweep.communicate()
    assert sweep.returncode == 130, (out, err)
    assert len((out + err).splitlines()) == 1 and "Traceback" not in err
