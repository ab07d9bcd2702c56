"""Judging groups as they are: checked, costed and drawn like any plan, with no solver."""

from __future__ import annotations

from collections.abc import Mapping

from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.rules import Breach
from partition.plans.account import Account


def judge(problem: Problem, labels: Mapping[int, str]) -> Account:
    """The account of groups given as URN to name: what they cost and every rule they break.

    Real groups need not be plans: a school that does not take part is told and left aside; a headship whose schools
    are in several groups is told and counted where its base is.
    """
    roster = problem.roster
    breaches = [
        _breach(problem, urn, "takes_part", f"does not take part: {roster.not_taking_part[urn]}")
        for urn in sorted(labels)
        if urn in roster.not_taking_part
    ]
    urns_by_label: dict[str, list[int]] = {}
    for headship in roster.headships:
        here = {labels[urn] for urn in headship.urns if urn in labels}
        if not here:
            continue
        label = labels.get(headship.base_urn) or min(here)
        if len(here) > 1 or any(urn not in labels for urn in headship.urns):
            words = f"its head also leads schools that are not in {label}; counted there whole"
            breaches.append(_breach(problem, headship.base_urn, "whole", words))
        urns_by_label.setdefault(label, []).extend(headship.urns)
    plan = problem.plan(urns_by_label.values())
    label_of = {min(urns): label for label, urns in urns_by_label.items()}
    names = [label_of[partnership.urns[0]] for partnership in plan.partnerships]
    return Account(problem, plan, breaches=[*breaches, *check(problem, plan)], names=names)


def drawn_by_hand(problem: Problem, labels: Mapping[int, str]) -> Plan:
    """Groups given as URN to name as a plan to start from; whether it keeps the rules is for the search to see."""
    return judge(problem, labels).plan


def _breach(problem: Problem, urn: int, rule: str, words: str) -> Breach:
    return Breach(rule, (urn,), f"{problem.area.name_of(urn)}: {words}")
