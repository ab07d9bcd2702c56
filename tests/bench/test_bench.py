"""Each case in a process of its own, so that its memory is its own, and each search by several seeds, since the path of
one is a matter of luck. Run as tests/bench/README.md says."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from cases import CASES, BenchCase
from spread import spread

MEASURE = Path(__file__).with_name("measure.py")
SECONDS_MAX = 1_200


def measured(name: str, folder: Path, seed: int = 1) -> Mapping[str, object]:
    command = [sys.executable, str(MEASURE), name, str(folder), str(seed)]
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
def test_bench(
    case: BenchCase, benchmark: Any, rows: dict[str, Mapping[str, object]], tmp_path: Path, seeds: int
) -> None:
    first = benchmark.pedantic(measured, args=(case.name, tmp_path), rounds=1, iterations=1)
    further = range(2, seeds + 1) if case.does == "solve" else ()
    runs = [first, *(measured(case.name, tmp_path, seed) for seed in further)]
    assert all(run["status"] not in ("infeasible", "unknown") for run in runs)
    rows[case.name] = spread(runs)
    benchmark.extra_info.update(first)
