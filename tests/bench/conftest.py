"""Gathers what the benchmarks saw, and ends with it as Markdown tables (tables.py) and, of growth, a drawing.

With `--beside FILE` the cases stand beside what FILE tells of the last time; `--keep` writes there what is seen now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from cases import GROWTH
from growth import draw_growth
from tables import KEPT, beside, tables

GROWTH_FILE = Path("out") / "growth.svg"
ROWS = pytest.StashKey[dict[str, Mapping[str, object]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--kills", type=int, default=1_000, metavar="N", help="of real commands, in all")
    parser.addoption("--seed", type=int, default=14, help="of the moments of the kills")
    parser.addoption("--parts", type=_parts, metavar="FIRST-LAST", help="of the random towns: only these parts")
    parser.addoption("--seeds", type=int, default=5, metavar="N", help="that each case is searched by")
    parser.addoption("--beside", type=Path, metavar="FILE", help="what was seen the last time, as JSON")
    parser.addoption("--keep", action="store_true", help="what is seen now, as the last time from here on")
    parser.addoption("--cases", type=int, default=10_000, help="of the campaign: how many spoilt files")


def _parts(given: str) -> tuple[int, int]:
    first, last = map(int, given.split("-"))  # a ValueError is told by pytest as wrong usage
    return first, last


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = {}


@pytest.fixture(scope="session")
def rows(pytestconfig: pytest.Config) -> dict[str, Mapping[str, object]]:
    """What was seen, by the case's name; of peers by case, then peer."""
    return pytestconfig.stash[ROWS]


@pytest.fixture(scope="session")
def seeds(pytestconfig: pytest.Config) -> int:
    """By how many seeds each case is searched."""
    asked: int = pytestconfig.getoption("seeds")
    return asked


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    seen = config.stash[ROWS]
    for line in tables(seen):
        terminalreporter.write_line(line)
    kept = config.getoption("beside")
    if kept is not None:
        for line in beside(seen, json.loads(kept.read_text(encoding="utf-8")) if kept.is_file() else {}):
            terminalreporter.write_line(line)
        if config.getoption("keep"):
            kept.write_text(
                json.dumps({name: {what: seen[name].get(what) for what in KEPT} for name in seen}, indent=1) + "\n",
                encoding="utf-8",
            )
    grown = [(int(case.name.split()[0].replace(",", "")), seen[case.name]) for case in GROWTH if case.name in seen]
    if len(grown) > 1:
        GROWTH_FILE.parent.mkdir(exist_ok=True)
        draw_growth(grown, GROWTH_FILE)
        terminalreporter.write_line(f"\ndrawn: {GROWTH_FILE}")
