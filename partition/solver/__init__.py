"""The exact solver: a problem in, a run out. It sees no file, no map and no scenario."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from threading import Event

    from partition.model.plan import Partnership, Plan
    from partition.model.problem import Problem
    from partition.solver.run import Run as Run
    from partition.solver.watch import Limits as Limits
    from partition.solver.watch import Progress as Progress

_HOMES = {"Limits": "watch", "Progress": "watch", "Run": "run"}

__all__ = ["Limits", "Progress", "Run", "solve"]


def solve(
    problem: Problem,
    limits: Limits | None = None,
    tell: Callable[[Progress], None] | None = None,
    stop: Event | None = None,
    *,
    start: Plan | None = None,
    known: Iterable[Partnership] = (),
) -> Run:
    """The best plan: first the fewest small schools unplaced, then the least cost among such plans.

    `tell` is called as the search goes on; setting `stop` ends it early with the best plan so far. `start` is a plan to
    improve on and `known` are partnerships that may be of use, of an earlier run or drawn by hand: what of them keeps
    every rule here is used, the rest left aside, and neither changes the answer where that is proven. Raises BadData
    where a rule cannot be honoured.
    """
    from partition.solver.exact import solve_exactly

    return solve_exactly(problem, limits, tell, stop, start, known)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
