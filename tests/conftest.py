"""When a test may be skipped, and how hypothesis draws: the one place for both.

A test may be skipped where the browser or the county files it needs are not there; pytest ends by saying which and
why. With PARTNERSHIPS_NO_SKIPS=1, as in `.ci/run`, a skip is a failure, except of real data on a machine that has none.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import pytest
from browser import chromium
from building import build_commands_once
from hypothesis import settings
from lincolnshire import lincolnshire_plan
from sweeping import ready_workers

# One browser for all folders: two are more than playwright drives.
__all__ = ["chromium", "lincolnshire_plan", "ready_workers"]

SHARED_DATA = Path(__file__).parents[1].parent / "shared" / "data"
NO_SKIPS = os.environ.get("PARTNERSHIPS_NO_SKIPS") == "1"

signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell that runs tests behind it has Ctrl-C ignored
build_commands_once()

settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("here", deadline=None)
settings.load_profile("ci" if NO_SKIPS else "here")


FIRST = (  # long files, or xdist would end with them
    "test_real_county.py",  # compiles the search
    *("test_accounted.py", "test_opening.py"),  # need none, so that a second process finds it compiled afterwards
    *("test_browser_far.py", "test_campaign.py", "test_guide_blocks.py", "test_kills.py", "test_two_years.py"),
    *("test_browser_web.py", "test_sweep.py", "test_browser_path.py", "test_web_reasons.py", "test_web_killed.py"),
    *("test_browser_workbench.py", "test_hostile.py", "test_far_counties.py", "test_worked_county.py"),
    *("test_web_options.py", "test_web_work.py", "test_solve_shares.py"),
)


def pytest_configure(config: pytest.Config) -> None:
    config.option.loadscopereorder = False  # xdist hands files out as they come, not by their number of tests alone


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):  # in a process of xdist's
        turn_of, tests_of = {name: turn for turn, name in enumerate(FIRST)}, Counter(item.path for item in items)
        items.sort(key=lambda item: (turn_of.get(item.path.name, len(FIRST)), -tests_of[item.path]))
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
