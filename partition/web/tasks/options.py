"""Options beside a kept plan: plans nearly as good, curves of trade-offs, and any of them kept as a plan of its own.

What a study has found so far stands beside the plan as JSON after each find: killed at any moment, it loses at most
the one that it was looking for.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.web.kept_files import archive
from partition.web.tasks.kept import Study, study_of
from partition.web.tasks.order import Order, Tell, load_case
from partition.web.tasks.plans import keep_plan

if TYPE_CHECKING:
    from partition.actions.alternatives import AlternativesFound
    from partition.actions.curves import CurveTraced
    from partition.model.plan import Plan
    from partition.model.problem import Problem
    from partition.solver import Run
    from partition.studies.alternatives.find import Alternative, Alternatives
    from partition.studies.trade_offs.curve import Curve, Point
    from partition.studies.trade_offs.text import Told

FOUND = {
    "alternatives": "alternatives.json",
    "least change": "least_change.json",
    "frontier": "frontier.json",
    "fairness": "fairness.json",
}
PLANS = "alternatives_plans.zip"  # a plan file for each option


def alternatives(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Up to `given["count"]` plans within `given["within"]` percent, any two differing in `given["differ"]` schools."""
    study = study_of(order, tell)
    from fractions import Fraction

    from partition.actions.alternatives import AlternativesRequest, look_for_alternatives

    def show(so_far: Alternatives) -> None:
        facts = _option_facts(study, so_far)
        _keep_found(study, order, facts, done=False)
        tell("found", words=facts["options"][-1]["words"])

    given = order.given
    request = AlternativesRequest(within=Fraction(given["within"]) / 100, count=given["count"], differ=given["differ"])
    done = look_for_alternatives(
        study.over, request, lambda words: tell("doing", words=f"looking for {words}"), stop, show
    )
    if done is None:
        return {"no_plan": "how good the best can be was not found in the time given; allow more in the settings"}
    tell("doing", words="drawing what the options share")
    study.keep_files(_option_files(study, done))
    _keep_found(study, order, _option_facts(study, done.found), done=True)
    return {"words": f"{len(done.found.plans)} options found, and what they have in common"}


def curve(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """The best plan for every number of heads moved, weight of links broken ("frontier"), or most minutes of a head."""
    study = study_of(order, tell, searched=False)
    from partition.actions.curves import About, trace_curve

    about: About = (
        "frontier" if order.what == "frontier" else "fairness" if order.what == "fairness" else "least change"
    )
    known: set[str] = set()

    def show(so_far: CurveTraced) -> None:
        facts = _curve_facts(study, so_far.curve, so_far.told)
        _keep_found(study, order, facts, done=False)
        for point in facts["options"]:
            if point["digest"] not in known:
                known.add(point["digest"])
                tell("found", words=point["words"])

    done = trace_curve(
        study.over.case,
        about,
        tell=lambda words: tell("doing", words=f"looking for the best plan: {words}"),
        show=show,
        stop=stop,
    )
    found = done.curve
    if not found.points:
        none = "no plan keeps every criterion" if found.least_proven else "no plan was found in the time given"
        return {"no_plan": none}
    with tempfile.TemporaryDirectory() as folder:
        done.write(Path(folder), internal=study.kept.internal)
        study.keep_files({path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())})
    _keep_found(study, order, _curve_facts(study, found, done.told), done=True)
    return {"words": f"All {len(found.points)} points found" if found.proven else f"{len(found.points)} points found"}


def take(order: Order, tell: Tell, stop: Event) -> dict[str, Any]:
    """Keep option `given["which"]` of study `given["of"]` of plan `given["plan"]` as a plan of its own."""
    study = study_of(replace(order, plan=order.given["plan"]), tell, searched=False)
    found = json.loads(study.project.file(study.kept.id, FOUND[order.given["of"]]) or b'{"options": []}')
    option = next((one for one in found["options"] if one["key"] == order.given["which"]), None)
    if option is None:
        raise BadData([Fault(file="project", fix="there is no such option any more")])
    from partition.model.problem import check
    from partition.plans.account import Account
    from partition.plans.identity import identities
    from partition.plans.unplaced import why_unplaced
    from partition.scenario.text import with_settings

    scenario = with_settings(study.kept.scenario, option["settings"])
    case = load_case(replace(order, scenario=scenario), tell) if option["settings"] else study.over.case
    plan = case.problem.plan(option["groups"])
    run = _run_of(option["run"], case.problem, plan)
    if check(case.problem, plan) or run.cost is None or run.cost.total != option["cost"]:
        raise BadData([Fault(file="project", fix="this option does not fit the data any more; look for options again")])
    tell("doing", words="finding out why some schools are not placed, and drawing the map")
    reasons, known = why_unplaced(case.problem, plan, run), identities(case.problem, plan, case.earlier)
    account = Account(case.problem, plan, run=run, reasons=reasons, identities=known)
    told = {"name": f"{study.kept.name}, {option['name']}", "note": option["words"], "internal": study.kept.internal}
    kept = keep_plan(replace(order, scenario=scenario, **told), case, account, b"")
    return {"go": f"/plan/{kept['plan']}"}


def _keep_found(study: Study, order: Order, facts: dict[str, Any], *, done: bool) -> None:
    """What is known by now, for the page. `done` is that the study has ended by itself, or as it was asked to."""
    told = {"asked": dict(order.given), "done": done, **facts}
    study.keep_files({FOUND[order.what]: json.dumps(told, ensure_ascii=False).encode()})


def _option(problem: Problem, plan: Plan, run: Run, cost: int) -> dict[str, Any]:
    """What every option's entry holds: its figures, and all that keeping it takes."""
    from partition.plans.amounts import amount

    small = problem.roster.small_schools
    return {
        "digest": plan.digest,
        "cost": cost,
        "amount": amount(cost, problem.preferences.measure),
        "placed": f"{small - len(problem.unplaced(plan))} of {small}",
        "groups": [list(partnership.urns) for partnership in plan.partnerships],
        "run": asdict(replace(run, plan=None, cost=None)),
    }


def _run_of(facts: dict[str, Any], problem: Problem, plan: Plan) -> Run:
    from partition.solver import Limits, Run

    return Run(**{**facts, "plan": plan, "cost": problem.cost(plan), "limits": Limits(**facts["limits"])})


# Plans nearly as good -----------------------------------------------------------------------------------------------


def _option_facts(study: Study, found: Alternatives) -> dict[str, Any]:
    from partition.studies.alternatives.text import MEANING, lettered, sureness

    area = study.over.case.problem.area

    def tossed(urn: Urn) -> dict[str, Any]:
        others = found.companions(urn)
        return {"name": area.name_of(urn), "with": [", ".join(map(area.name_of, each)) for each in others]}

    return {
        "options": [_alternative(found, letter, one) for letter, one in lettered(found)],
        "sure": sureness(found),
        "firmness": [[kind, words, len(found.of(kind))] for kind, words in MEANING.items()],
        "core": [[area.name_of(urn) for urn in urns] for urns in found.core],
        "toss_ups": [tossed(urn) for urn in found.of("toss-up")],
    }


def _alternative(found: Alternatives, letter: str, one: Alternative) -> dict[str, Any]:
    from partition.studies.alternatives.text import above, account_of

    run = account_of(found, one).run
    assert run is not None
    option = _option(found.problem, one.plan, run, one.cost.total)
    share = f"{above(found, one):.2%} above the best"
    sure = ", proven the cheapest that differs so much" if one.differs and one.cheapest else ""
    return option | {
        "key": letter,
        "name": f"option {letter}",
        "settings": {},
        "above": f"{above(found, one):.2%}",
        "differs": list(one.differs),
        "cheapest": one.cheapest,
        "words": f"Option {letter}: {option['amount']} a year, {share}{sure}",
    }


def _option_files(study: Study, done: AlternativesFound) -> dict[str, bytes]:
    """As the command writes them, with all plan files in one."""
    with tempfile.TemporaryDirectory() as folder:
        written = map(Path, done.write(Path(folder), internal=study.kept.internal).values())
        files = {path.name: path.read_bytes() for path in written}
    plans = [(name, files.pop(name)) for name in list(files) if name.endswith(".gpkg")]
    return files | {PLANS: archive(plans)}


# Curves of trade-offs -----------------------------------------------------------------------------------------------


def _curve_facts(study: Study, found: Curve, told: Told) -> dict[str, Any]:
    from partition.studies.trade_offs.text import lines

    knee, full = found.knee, found.full
    return {
        "counted": told.counted,
        "unit": "km a year" if told.unit == "km" else "heads’ hours a year",
        "lines": lines(found, told),
        "options": [
            _point(study, found, told, point) | {"knee": point is knee, "full": point in full} for point in found.points
        ],
    }


def _point(study: Study, found: Curve, told: Told, point: Point) -> dict[str, Any]:
    from partition.model.costs import THOUSANDTHS
    from partition.studies.trade_offs.text import in_words, settings

    count, hour = told.count(point), 1 if told.unit == "km" else 60
    return _option(study.over.case.problem, point.plan, point.run, point.cost.total) | {
        "key": count,
        "name": f"at most {count} {told.happens[count != '1']}",
        "settings": settings(told, point),
        "count": point.count / told.scale,
        "height": point.cost.total / THOUSANDTHS / hour,
        "words": in_words(found, told, point),
        "proven": point.proven,
        "who": _who(study, told, point),
    }


def _who(study: Study, told: Told, point: Point) -> list[str]:
    """Whom it concerns: the heads who move; or the links broken, which only internal pages name; else nobody."""
    from partition.model.rules import links_parted, who_moves

    if told.one == "minute":
        return []
    roster = study.over.case.problem.roster
    groups = study.over.case.problem.groups(point.plan)
    if told.one == "head":
        return sorted(roster.headships[node].name for node in who_moves(roster, groups))
    if not study.kept.internal:
        return []
    return sorted(f"{roster.headships[a].name} and {roster.headships[b].name}" for a, b in links_parted(roster, groups))
