"""Least change: headships moved against a plan's cost, from keeping everything to a fresh start.

Change has no price here, because change is counted instead: the cost is travel, links broken and balance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from geodata.faults import BadData, Fault
from partition.model.problem import Problem
from partition.model.rules import MovedMax, headships_moved
from partition.solver import Limits
from partition.studies.trade_offs.curve import Curve, trace


def least_change(
    problem: Problem,
    limits: Limits,
    *,
    points_most: int = 0,
    tell: Callable[[str], None] = lambda _: None,
    show: Callable[[Curve], None] = lambda _: None,
    stop: Event | None = None,
) -> Curve:
    """Return the curve of best plans by number of headships moved, counted as `rules.moved_max` does.

    That rule itself is dropped. The first point gives the fewest moves that any plan needs. Parameters are those of
    `curve.trace`. Raises BadData where there are no partnerships today.
    """
    if not problem.roster.existing:
        fix = "nobody is grouped today; give data.existing: a file of urn, partnership, or a plan.gpkg"
        raise BadData([Fault(file="scenario", column="data.existing", fix=fix)])
    rules = [rule for rule in problem.rules[1:] if not isinstance(rule, MovedMax)]
    free = Problem(problem.area, rules, replace(problem.preferences, minutes_per_separation=0), problem.roster.who)
    return trace(
        lambda limit: free if limit is None else free.under([*rules, MovedMax(limit)]),
        lambda plan: headships_moved(free.roster, free.groups(plan)),
        limits,
        points_most=points_most,
        tell=tell,
        show=show,
        stop=stop,
    )
