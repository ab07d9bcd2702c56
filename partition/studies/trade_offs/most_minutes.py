"""Fairness: the most minutes of one head against a plan's cost, from the cheapest plan to the most even one.

The head who has most is made to have less, limit by limit (minimax; Rawls 1971, and Marsh and Schilling 1994 for where
things are placed), among the plans that place as many small schools. The price of heads' own minutes is left out,
because these are counted instead. Method: the epsilon-constraint method (Haimes, Lasdon and Wismer 1971).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

from geodata.faults import BadData, Fault
from partition.model.costs import THOUSANDTHS
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import HeadMinutesMax
from partition.solver import Limits
from partition.studies.trade_offs.curve import Curve, trace

STEP_MINUTES = 5


def fairness(
    problem: Problem,
    limits: Limits,
    *,
    step: int = STEP_MINUTES,
    points_most: int = 0,
    tell: Callable[[str], None] = lambda _: None,
    show: Callable[[Curve], None] = lambda _: None,
    stop: Event | None = None,
) -> Curve:
    """Return the curve of best plans by the most minutes of one head, rounded up to whole steps of `step` minutes.

    The rule `rules.head_minutes_max` is dropped, and so is the price of heads' own minutes. Plans that place fewer
    small schools than the first one found are not on the curve. Parameters are those of `curve.trace`. Raises BadData
    where travel is measured in km.
    """
    if problem.preferences.measure == "km":
        fix = 'a head\'s own minutes are counted here; set measure = "minutes"'
        raise BadData([Fault(file="scenario", column="preferences.measure", value="km", fix=fix)])
    rules = [rule for rule in problem.rules[1:] if not isinstance(rule, HeadMinutesMax)]
    free = Problem(problem.area, rules, replace(problem.preferences, head_minutes_price=()), problem.roster.who)
    return trace(
        lambda limit: free if limit is None else free.under([*rules, HeadMinutesMax(limit)]),
        lambda plan: -(-most_own(free, plan) // (step * THOUSANDTHS)) * step,
        limits,
        step=step,
        points_most=points_most,
        places_as_many=True,
        tell=tell,
        show=show,
        stop=stop,
    )


def most_own(problem: Problem, plan: Plan) -> int:
    """Return the most minutes that one head in a partnership of a plan has of its own, in thousandths a year."""
    groups = [group for group in problem.groups(plan) if not group.already]
    return max((problem.tariff.own(group, head).total for group in groups for head in group.members), default=0)
