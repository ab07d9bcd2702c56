"""Two thousand random towns, each search stopped somewhere: no bound is ever above the best of all plans.

In parts of a hundred towns, each part with a seed of its own, so that a run cut short can go on: `--parts 8-20`. A
smaller share of it stays in tests/solver/test_solve_oracle.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event
from time import process_time

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "solver"))

from drawn import bounds_hold, problems

PARTS, TOWNS_PER_PART = 20, 100
EVENTS_MOST = 40  # a search is stopped after one of this many events


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    first, last = metafunc.config.getoption("parts") or (1, PARTS)
    metafunc.parametrize("part", range(first, last + 1), ids=lambda part: f"part-{part:02}")


def test_no_bound_is_above_the_best_plan(part: int) -> None:
    stopped_after: list[int] = []

    @seed(part)
    @settings(
        max_examples=TOWNS_PER_PART,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(problems(), st.integers(1, EVENTS_MOST))
    def every_town(problem, events) -> None:  # type: ignore[no-untyped-def]
        bounds_hold(problem, events, Event())
        stopped_after.append(events)

    began = process_time()
    every_town()
    told = f"{len(stopped_after)} random towns, each search stopped after 1 to {EVENTS_MOST} events"
    print(f"\npart {part}: {told}: no bound above the best plan ({process_time() - began:.0f} s of CPU)")
    assert len(stopped_after) >= TOWNS_PER_PART
