"""Work that ends in a plan kept: judging today's groups, and searching."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault
from partition.web.tasks.order import Order, Tell, load_case, note_end, project_of

if TYPE_CHECKING:
    from partition.actions.plan import PlanMade
    from partition.plans.account import Account
    from partition.scenario.case import Case
    from partition.solver import Progress

SECONDS_BETWEEN = 0.1  # events of a search that say nothing new come no faster


def judge(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Today's groups, as they are."""
    case = load_case(order, tell)
    from partition.actions.groups import judge_groups, todays_groups

    labels = todays_groups(case)
    if not labels:
        fix = "there are no groups of today to judge: add a file of urn, partnership"
        raise BadData([Fault(file="scenario", column="data.existing", fix=fix)])
    return keep_plan(order, case, judge_groups(case, labels).account, b"")


def plan(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The best plan, or the best so far when asked to stop; where there is none, why."""
    case = load_case(order, tell)
    from partition.actions.groups import todays_groups
    from partition.actions.plan import make_plan

    tell("doing", words="getting the search ready; the first time ever this takes a minute or so")
    small, log = case.problem.roster.small_schools, list[str]()
    tell("search", small=small, unit=case.problem.preferences.measure)
    start = todays_groups(case) if order.given.get("from_existing") else None
    made = make_plan(case, progress_of(tell, log), stop, start=start)
    if made.run.plan is None:
        return _no_plan(order, tell, made)
    tell("doing", words="finding out why some schools are not placed, and drawing the map")
    return keep_plan(order, case, made.account, "".join(log).encode())


def progress_of(tell: Tell, log: list[str]) -> Callable[[Progress], None]:
    """Tells of a search: at once when a figure changes, otherwise now and then."""
    told: tuple[Any, ...] = ()
    told_at = 0.0

    def progress(made: Progress) -> None:
        nonlocal told, told_at
        log.append(json.dumps(asdict(made)) + "\n")
        now = time.monotonic()
        if (made.stage, made.cost, made.bound) != told or now - told_at > SECONDS_BETWEEN:
            told, told_at = (made.stage, made.cost, made.bound), now
            tell("progress", **asdict(made), gap=made.gap)

    return progress


def _no_plan(order: Order, tell: Tell, made: PlanMade) -> dict[str, Any]:
    words = "stopped before any plan was found"
    if made.run.status == "infeasible":
        tell("doing", words="there is no plan; finding out which criteria clash, and the ways out")
        words = _clash(order, made.case)
    elif made.run.stopped_by == "time":
        words = "time ran out before any plan was found; allow more"
    note_end(order, f"no plan: {words}")
    return {"no_plan": words}


def _clash(order: Order, case: Case) -> str:
    """What clashes, in a sentence; the project remembers the ways out."""
    from partition.actions.no_plan import why_no_plan
    from partition.studies.explain.text import typed_line, way_change, way_then
    from partition.web.ways import Way, remember_ways

    found = why_no_plan(case.problem, case.limits, case=case, internal=order.internal)
    if found is None:
        return "which of the criteria clash was not found in the time given"
    project = project_of(order)
    ways = [
        Way(
            change=way_change(way),
            then=way_then(way),
            settings=way.settings,
            typed=typed_line(way, internal=order.internal),
        )
        for way in found.ways
    ]
    if order.asked is not None:
        remember_ways(project, order.asked, ways)
    return found.sentence


def keep_plan(order: Order, case: Case, account: Account, log: bytes) -> dict[str, Any]:
    """The plan in the project, with its map and the papers that pages offer."""
    from partition.actions.project import KeepRequest
    from partition.actions.project import keep_plan as keep
    from partition.scenario.read import read_within

    project = project_of(order)
    request = KeepRequest(
        scenario=read_within(order.scenario, project.folder),
        name=order.name,
        note=order.note,
        internal=order.internal,
        asked=order.asked,
        log=log,
    )
    kept = keep(project, case, account, request)
    return {
        "plan": kept,
        "sureness": account.sureness(),
        "figures": _figures(account),
        "placed": account.problem.roster.small_schools - len(account.unplaced),
    }


def _figures(account: Account) -> list[tuple[str, str, str]]:
    """What a plan comes to, for the page that ends its making: what it is, the word that explains it, and how much."""
    from partition.plans.amounts import amount

    small, joined, federations = account.problem.roster.small_schools, len(account.joined), len(account.federations)
    broken = len(account.breaches)
    return [
        ("small schools placed", "small school", f"{small - len(account.unplaced)} of {small}"),
        ("partnerships", "partnership", str(joined)),
        *([("federations that are partnerships already", "", str(federations))] if federations else []),
        ("heads’ travel a year", "heads' travel", amount(account.cost.travel, account.unit)),
        ("priced in all, a year", "priced in all", amount(account.cost.total, account.unit)),
        *([("criteria broken", "criterion", str(broken))] if broken else []),
    ]
