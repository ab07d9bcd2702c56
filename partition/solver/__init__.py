"""The exact solver: takes a problem, returns a run. The solver reads no file, no map and no scenario."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor
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
    executor: Executor | None = None,
) -> Run:
    """Find the best plan: first the fewest small schools unplaced, then the least cost among plans with so few.

    Parameters
    ----------
    problem
        The area, rules and preferences.
    limits
        Seconds, gap, seed and number of workers; the defaults of `Limits` where None.
    tell
        A function that receives a `Progress` each time the search has news.
    stop
        An event. Setting the event, from any thread, ends the search early with the best plan so far.
    start
        A plan to improve on. Partnerships of the plan that break a rule are left out.
    known
        Partnerships that may help, from an earlier run or drawn by hand. Those that break a rule are left out.
    executor
        An executor whose workers, perhaps on other machines, solve parts of the plan of a large area, in place of
        processes of this machine. It sends them pickled data. The answer is the same with any executor or none.

    Returns
    -------
    Run
        The plan, if any was found, its cost and a bound on the cost of every plan. `start` and `known` shorten the
        search; a run with status "optimal" has the same cost without either.

    Raises
    ------
    BadData
        Where the solver has no encoding for a rule.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Limits, Problem, solve
    >>> from partition.model.area import Area
    >>> from partition.model.rules import MinutesMax
    >>> urns, metres = np.array([101, 102, 103]), np.array([0, 2_000, 30_000])
    >>> facts = {"names": ("Ash", "Birch", "Cedar"), "pupils": np.array([90, 80, 70])}
    >>> area = Area(urns=urns, **facts, eastings=metres, northings=metres, travel=CrowFly(urns, metres, metres))
    >>> run = solve(Problem(area, [MinutesMax(20)]), Limits(seconds=10, workers=1))
    >>> run.status, run.plan.partnerships[0].urns, run.unplaced
    ('optimal', ('101', '102'), 1)
    """
    from partition.solver.exact import solve_exactly

    return solve_exactly(problem, limits, tell, stop, start, known, executor)


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
