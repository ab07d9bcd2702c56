"""Skips are told, and are failures where PARTNERSHIPS_NO_SKIPS=1: conftest.py at work on a little project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TESTS = """
import pytest

@pytest.mark.real_data
def test_real(): pass

@pytest.mark.browser
def test_browser(): pytest.skip("no browser")

@pytest.mark.xfail(strict=True)
def test_known_fault(): assert False
"""


def closing_lines(folder: Path, *, shared: bool, no_skips: bool, test: str = TESTS) -> str:
    tests = folder / "project" / "tests"
    tests.mkdir(parents=True)
    (tests / "helpers").mkdir()
    for path in (HERE / "conftest.py", *(HERE / "helpers").glob("*.py")):
        (tests / path.relative_to(HERE)).write_bytes(path.read_bytes())
    (tests / "test_little.py").write_text(test, encoding="utf-8")
    (folder / "project" / "setup.cfg").write_bytes((HERE.parent / "setup.cfg").read_bytes())
    if shared:
        (folder / "shared" / "data").mkdir(parents=True)
    environment = os.environ | {
        "PARTNERSHIPS_NO_SKIPS": "1" if no_skips else "0",
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",  # quicker by far
    }
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=tests.parent, env=environment, capture_output=True, text=True).stdout


@pytest.mark.parametrize(
    ("shared", "no_skips", "summary"),
    [
        (False, False, "2 skipped, 1 xfailed"),
        (True, False, "1 passed, 1 skipped, 1 xfailed"),
        (False, True, "1 failed, 1 skipped, 1 xfailed"),  # the browser's: the real data cannot be had
        (True, True, "1 failed, 1 passed, 1 xfailed"),
    ],
)
def test_a_skip_is_told_or_refused(tmp_path: Path, shared: bool, no_skips: bool, summary: str) -> None:
    told = closing_lines(tmp_path, shared=shared, no_skips=no_skips)
    assert summary in told
    assert "no browser" in told
    assert ("the county files (../shared/data) are not beside the project" in told) is not shared


def test_a_module_that_skips_itself_whole_is_refused(tmp_path: Path) -> None:
    module = 'import pytest\npytest.skip("not today", allow_module_level=True)\n'
    told = closing_lines(tmp_path, shared=True, no_skips=True, test=module)
    assert "1 error" in told and "not today" in told
