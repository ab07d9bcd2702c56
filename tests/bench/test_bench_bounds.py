"""Two thousand random towns, each search stopped somewhere: no bound is ever above the best of all plans.

Run by hand with `pytest tests/bench -k bounds`; a smaller share of it stays in tests/test_solve_oracle.py.
"""

from __future__ import annotations

import sys
from pathlib import Path
from threading import Event

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1]))

from test_solve_oracle import bounds_hold, problems

TOWNS = 2_000
SLOW = list(HealthCheck)


def test_no_bound_is_above_the_best_plan() -> None:
    seen = []

    @seed(4)
    @settings(
        max_examples=TOWNS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(problems(), st.integers(1, 40))
    def every_town(problem, stop_after) -> None:  # type: ignore[no-untyped-def]
        bounds_hold(problem, stop_after, Event())
        seen.append(stop_after)

    every_town()
    print(f"\n{len(seen):,} random towns, each search stopped after 1 to 40 events: no bound above the best plan")
    assert len(seen) >= TOWNS
