"""What is left where the program itself is at fault: a log of ours, private, and three lines for people."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from partition.storage.crash_log import FOLDER, KEPT, crash_lines, log_crash


class Mute(Exception):
    """An error that cannot say what it is."""

    def __str__(self) -> str:
        raise ValueError


@pytest.fixture(autouse=True)
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path / "logs"))
    return tmp_path / "logs"


def crash(words: str = "two of three") -> Path:
    try:
        raise RuntimeError(words)
    except RuntimeError as wrong:
        return log_crash(wrong)


def test_the_log_holds_what_mends_it_and_nothing_that_the_command_was_given(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        sys, "argv", ["x", "serve", "--token=s3cret", "--token", "t0ken", "/somewhere/jo/ashby.toml", "--help"]
    )
    log = crash()
    told = log.read_text(encoding="utf-8")
    assert "RuntimeError: two of three" in told and "in crash" in told and "Python 3" in told
    assert "partnerships ... --token --token ... ... --help" in told
    assert not any(private in told for private in ("s3cret", "t0ken", "ashby"))
    assert str(log) in crash_lines(log)[1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps no such modes")
def test_only_its_owner_reads_it(logs: Path):
    assert crash().stat().st_mode & 0o777 == 0o600 and logs.stat().st_mode & 0o777 == 0o700


def test_the_last_few_are_kept(logs: Path):
    written = [crash() for _ in range(KEPT + 3)]
    assert sorted(logs.iterdir()) == sorted(written)[-KEPT:] == written[-KEPT:]


def test_nothing_keeps_it_from_being_told(logs: Path):
    assert "two\n" not in crash("\ud800").read_text(encoding="utf-8")
    assert log_crash(Mute()).is_file() and log_crash(KeyboardInterrupt()).is_file()
    for old in logs.iterdir():
        old.unlink()
    logs.rmdir()
    logs.write_text("a file in the way", encoding="utf-8")
    elsewhere = crash()
    assert elsewhere.parent != logs and elsewhere.is_file()
    elsewhere.unlink()
