"""A dozen kills of real commands; `tests/bench/test_bench_kills.py` has as many as are asked for."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from kills import half, kills_of

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and is killed, as Linux does")


def test_a_kill_at_any_moment_loses_nothing_told_and_leaves_no_half_file(tmp_path: Path) -> None:
    for command, seen in kills_of(tmp_path / "county", 12, 14).items():
        assert (seen.kills, seen.lost, seen.halves) == (2, [], []), command


def test_a_half_file_is_known_as_one(tmp_path: Path) -> None:
    (tmp_path / "map.html").write_text("<html><body>")
    (tmp_path / "calls.csv").write_text("a,b\n1,2\n3")
    (tmp_path / "run.json").write_text('{"a": 1')
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n...")
    for name in ("plan.gpkg", "project.gpkg", "workbook.xlsx", "map.png"):
        (tmp_path / name).write_bytes(b"SQLite format 3\0")
    assert [path.name for path in tmp_path.iterdir() if not half(path)] == []
