"""When a test may be skipped, and how hypothesis draws: the one place for both.

A test may be skipped where the browser or the county files it needs are not there; pytest ends by saying which and
why. With PARTNERSHIPS_NO_SKIPS=1, as in `.ci/run`, a skip is a failure, except of real data on a machine that has none.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Generator
from pathlib import Path

import pytest
from browser import chromium
from building import build_commands_once
from hypothesis import settings

__all__ = ["chromium"]  # one for all folders: two browsers at once are more than playwright drives

SHARED_DATA = Path(__file__).parents[1].parent / "shared" / "data"
NO_SKIPS = os.environ.get("PARTNERSHIPS_NO_SKIPS") == "1"

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs tests behind it has Ctrl-C ignored
build_commands_once()

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if NO_SKIPS else "here")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if not SHARED_DATA.is_dir():
        absent = pytest.mark.skip(reason="the county files (../shared/data) are not beside the project")
        for item in items:
            if item.get_closest_marker("real_data"):
                item.add_marker(absent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    excused = item.get_closest_marker("real_data") is not None and not SHARED_DATA.is_dir()
    if not excused and not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if NO_SKIPS and report.skipped:
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"PARTNERSHIPS_NO_SKIPS=1 allows no skip, but {why}"
