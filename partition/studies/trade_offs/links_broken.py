"""The frontier: working links broken against all other costs of a plan, mainly travel.

Links have no price here, because links are counted instead. A price on links would find only the points on the lower
convex hull of the curve; limits find every point.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import gcd
from threading import Event

from geodata.faults import BadData, Fault
from partition.model.problem import Problem
from partition.model.roster import THOUSANDTHS
from partition.model.rules import LinksBrokenMax, links_broken
from partition.solver import Limits
from partition.studies.trade_offs.curve import Curve, trace


def frontier(
    problem: Problem,
    limits: Limits,
    *,
    points_most: int = 0,
    tell: Callable[[str], None] = lambda _: None,
    show: Callable[[Curve], None] = lambda _: None,
    stop: Event | None = None,
) -> Curve:
    """Return the curve of best plans by weight of links broken, in thousandths of a link.

    The rule `rules.links_broken_max` is dropped. No plan breaks less than a point and costs no more, nor costs less and
    breaks no more. Parameters are those of `curve.trace`. Raises BadData where there are no links.
    """
    weights = problem.roster.link_weights.values()
    if not any(weights):
        fix = "no two schools that take part under different heads work together; give data.links: urn_a, urn_b"
        raise BadData([Fault(file="scenario", column="data.links", fix=fix)])
    rules = [rule for rule in problem.rules[1:] if not isinstance(rule, LinksBrokenMax)]
    free = Problem(problem.area, rules, replace(problem.preferences, minutes_per_link=0), problem.roster.who)
    return trace(
        lambda limit: free if limit is None else free.under([*rules, LinksBrokenMax(limit / THOUSANDTHS)]),
        lambda plan: links_broken(free.roster, free.groups(plan)),
        limits,
        step=gcd(*weights),
        points_most=points_most,
        tell=tell,
        show=show,
        stop=stop,
    )
