"""`doctor` says what is installed and whether it works; `--version` says which version this is."""

from __future__ import annotations

import json
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from partition.actions import doctor
from partition.cli import app


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_all_is_well_here_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("doctor")
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith("\nAll is well.\n")
    assert "self-test" in done.stdout and "proven best" in done.stdout
    assert list(tmp_path.iterdir()) == []
    facts = json.loads(run("doctor", "--json").stdout)
    assert facts["well"] is True
    looked_at = [finding["what"] for finding in facts["findings"]]
    extras = [f"extra {extra}" for extra in doctor.EXTRAS]
    assert looked_at == [
        *("program", "libraries", *extras, "cache", "room", "browser", "fonts", "self-test", "search"),
    ]


def test_what_is_amiss_is_marked_and_ends_in_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(folder: Path) -> str:
        raise RuntimeError("a plan that is not the best")

    monkeypatch.setattr(doctor, "_town_planned", fail)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))  # type: ignore[attr-defined]
    done = run("doctor")
    assert done.exit_code == 70
    marked = [line.split()[1] for line in done.stdout.splitlines() if line.startswith("!!")]
    assert marked == ["room", "self-test"]
    assert "a plan that is not the best" in done.stdout and "needs mending" in done.stdout


def test_a_library_or_an_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_version", lambda name: "not installed" if name == "numpy" else "1")
    (libraries,) = doctor._libraries()
    assert libraries.well is False and "missing: numpy" in libraries.words
    monkeypatch.setattr(doctor, "find_spec", lambda module: None if module == "docx" else object())
    report, web, _ = doctor._extras()
    assert (report.well, web.well) == (None, True)
    assert "[report]" in report.words and "docx" in report.words


def test_the_version_is_the_package_s() -> None:
    done = run("--version")
    assert (done.exit_code, done.stdout) == (0, f"school-partnerships {version('school-partnerships')}\n")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_can_be_shown_for_a_shell(shell: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shellingham.detect_shell", lambda *_: (shell, f"/bin/{shell}"))  # that one types in
    done = run("--show-completion")
    assert done.exit_code == 0 and "complet" in done.stdout
