"""Each case in a process of its own, so that its memory is its own. Run as tests/bench/README.md says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cases import CASES, BenchCase

MEASURE = Path(__file__).with_name("measure.py")
SECONDS_MAX = 1_200


def measured(name: str, folder: Path) -> Mapping[str, object]:
    command = [sys.executable, str(MEASURE), name, str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=SECONDS_MAX)
    figures: Mapping[str, object] = json.loads(done.stdout)
    return figures


@pytest.fixture(scope="session", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The search is compiled once and kept on disk; no case should pay for that."""
    measured(CASES[0].name, tmp_path_factory.mktemp("compiled"))


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=case.name, marks=[pytest.mark.real_data] if case.file else []) for case in CASES],
)
def test_bench(case: BenchCase, benchmark: Any, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    figures = benchmark.pedantic(measured, args=(case.name, tmp_path), rounds=1, iterations=1)
    assert figures["status"] not in ("infeasible", "unknown")
    rows[case.name] = figures
    benchmark.extra_info.update(figures)
