"""Gathers what the benchmarks saw, and ends with it as one Markdown table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from cases import CASES

HEADINGS = ("case", "cost", "bound", "gap", "not placed", "s", "MiB", "how it ended", "published")
ROWS = pytest.StashKey[dict[str, Mapping[str, object]]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--parts", type=_parts, metavar="FIRST-LAST", help="of the random towns: only these parts")


def _parts(given: str) -> tuple[int, int]:
    first, last = map(int, given.split("-"))  # a ValueError is told by pytest as wrong usage
    return first, last


def pytest_configure(config: pytest.Config) -> None:
    config.stash[ROWS] = {}


@pytest.fixture(scope="session")
def rows(pytestconfig: pytest.Config) -> dict[str, Mapping[str, object]]:
    """What was seen, by the case's name."""
    return pytestconfig.stash[ROWS]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    seen = config.stash[ROWS]
    table = [HEADINGS, ("---",) * len(HEADINGS)]
    table += [_row(seen[case.name], case.name, case.published) for case in CASES if case.name in seen]
    terminalreporter.write_line("")
    for cells in table:
        terminalreporter.write_line(f"| {' | '.join(cells)} |")


def _row(figures: Mapping[str, object], name: str, published: str) -> Sequence[str]:
    def shown(key: str, form: str) -> str:
        value = figures.get(key)
        return "-" if value is None else format(value, form)

    return (
        name,
        shown("cost", ",.1f"),
        shown("bound", ",.1f"),
        shown("gap", ".2%"),
        shown("unplaced", "d"),
        shown("seconds", ".1f"),
        shown("mib", ".0f"),
        shown("status", ""),
        published or "-",
    )
