"""Judgement of groups that exist or were drawn by hand: costs and breaches, without the solver."""

from __future__ import annotations

from collections.abc import Mapping

from geodata.urns import Urn, by_urn
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.rules import Breach
from partition.plans.account import Account


def judge(problem: Problem, labels: Mapping[Urn, str]) -> Account:
    """Return the account of groups: their cost, and every rule that the groups break.

    Parameters
    ----------
    problem
        The problem whose rules and preferences apply.
    labels
        The name of the group of each school, by URN; a school without a name is in no group.

    Returns
    -------
    Account
        The account of the groups as a plan, with all breaches. A school that takes no part is a breach and is left out.
        A headship whose schools are not all in one group is a breach, and counts whole in the group of its base (where
        the base is in no group, of another of its schools). A headship that is a partnership already stays one where it
        has a group to itself, or none; a group of it with other heads breaks `joins_others`.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area, MinutesMax, Problem, judge
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [MinutesMax(20)])
    >>> account = judge(problem, {101: "North", 102: "North"})
    >>> account.partnerships[0].name, account.breaches, account.unplaced
    ('North', (), ('103',))
    """
    roster, labels = problem.roster, by_urn(labels)
    breaches = [
        _breach(problem, urn, "takes_part", f"does not take part: {roster.not_taking_part[urn]}")
        for urn in sorted(labels)
        if urn in roster.not_taking_part
    ]
    urns_by_label: dict[str, list[Urn]] = {}
    for headship in roster.headships:
        label = headship.label_in(labels)
        if label is None:
            continue
        here = {labels[urn] for urn in headship.urns if urn in labels}
        if len(here) > 1 or any(urn not in labels for urn in headship.urns):
            words = f"its head also leads schools that are not in {label}; counted there whole"
            breaches.append(_breach(problem, headship.base_urn, "whole", words))
        urns_by_label.setdefault(label, []).extend(headship.urns)
    plan = problem.plan(urns_by_label.values())
    label_of = {min(urns): label for label, urns in urns_by_label.items()}
    names = [label_of.get(group.urns[0]) or group.headships[0].name for group in problem.groups(plan)]
    return Account(problem, plan, breaches=[*breaches, *check(problem, plan)], names=names)


def drawn_by_hand(problem: Problem, labels: Mapping[Urn, str]) -> Plan:
    """Return groups, given as a name by URN, as a plan for a search to start from; the plan may break rules."""
    return judge(problem, labels).plan


def _breach(problem: Problem, urn: Urn, rule: str, words: str) -> Breach:
    return Breach(rule, (urn,), f"{problem.area.name_of(urn)}: {words}")
