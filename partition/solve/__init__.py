"""The exact solver: a problem in, a run out. It sees no file, no map and no scenario."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import version
from os import cpu_count
from threading import Event
from typing import TYPE_CHECKING

from partition.solve.run import Run
from partition.solve.watch import Limits, Progress, Watch

if TYPE_CHECKING:
    from partition.problem import Problem

__all__ = ["Limits", "Progress", "Run", "solve"]


def solve(
    problem: Problem,
    limits: Limits | None = None,
    tell: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
) -> Run:
    """The best plan: first the fewest small schools unplaced, then the least cost among such plans.

    `tell` is called as the search goes on; setting `stop` ends it early with the best plan so far. Raises BadData
    where a rule cannot be honoured.
    """
    from partition.solve.exact import solve_exactly

    limits = limits or Limits()
    with Watch(limits, tell, stop) as watch:
        return solve_exactly(problem, watch, limits.workers or cpu_count() or 1, f"exact {_version()}")


def _version() -> str:
    return f"ortools {version('ortools')}"
