"""Two thousand random towns: every reason and every way out told, by kind, and how many of them are false.

A reason is held against every partnership and every plan of its town, a way out is typed by hand and solved again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from drawn import problems
from drawn_settings import Stated, stated_towns
from hypothesis import HealthCheck, given, settings
from reason_oracle import hold_reasons
from tables import _line as line
from way_oracle import hold_ways

from partition.model.problem import Problem
from partition.solver import Limits, solve

TOWNS = 2000
AT_LENGTH = settings(
    max_examples=TOWNS, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def test_every_reason_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    told: Counter[str] = Counter()

    @AT_LENGTH
    @given(problems(7))
    def every_town(problem: Problem) -> None:
        run = solve(problem, Limits(seconds=60, workers=1))
        if run.plan is not None:
            told.update(_counted(lambda: hold_reasons(problem, run)))

    every_town()
    _show(capsys, "Reasons", told)


def test_every_way_out_is_true(capsys: pytest.CaptureFixture[str]) -> None:
    told: Counter[str] = Counter()

    @AT_LENGTH
    @given(stated_towns(6))
    def every_town(town: Stated) -> None:
        told.update(_counted(lambda: hold_ways(town)))

    every_town()
    _show(capsys, "Ways out", told)


def _counted(hold: Callable[[], Counter[str]]) -> Counter[str]:
    """What was told of a town, by kind; the whole of it false where one sentence is."""
    try:
        return Counter(towns=1) + hold()
    except AssertionError:
        return Counter(towns=1, false=1)


def _show(capsys: pytest.CaptureFixture[str], what: str, told: Counter[str]) -> None:
    kinds = sorted(told.keys() - {"towns", "false"})
    headings = [what, "towns", *kinds, "towns with a false one"]
    cells = ["told", str(told["towns"]), *(str(told[kind]) for kind in kinds), str(told["false"])]
    with capsys.disabled():
        print("", line(headings), line(["---"] * len(headings)), line(cells), sep="\n")
    assert told["false"] == 0
    assert all(told[kind] > 0 for kind in kinds) and len(kinds) > 1
