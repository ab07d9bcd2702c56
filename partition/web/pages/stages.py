"""How far each partnership of a kept plan has come: the log of decisions, and one more."""

from __future__ import annotations

import re

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.scheme.approval import GIVE_COSTS, costs_are_missing
from partition.web.context import kept_of, tables_of
from partition.web.forms import GET, POST, is_day, posted, text_in
from partition.web.pages.studies import begin, standing
from partition.web.plan_tables import PlanTables
from partition.web.render import page

STAGES = {  # in partition.settings.scheme' words, which loads too much for a page; and what each means
    "proposed": "put to the schools",
    "negotiated": "the schools have agreed in principle",
    "business plan in": "their business plan is handed in",
    "approved": "their business plan is approved",
    "heads of agreement signed": "all heads and chairs have signed",
    "active": "it works as a partnership",
    "left": "it has come to an end",
}
NOTE_LENGTH_MAX, POUNDS_MAX = 500, 10**9
FIELDS = {"partnership": 40, "stage": 40, "day": 40, "costs": 12, "note": NOTE_LENGTH_MAX}  # and how long each may be
Typed = dict[str, str]


def stages(request: Request) -> Response:
    return _page(request, dict.fromkeys(FIELDS, ""), {})


def _page(request: Request, typed: Typed, faults: Typed, status: int = 200) -> Response:
    """The page; with what was typed, and what is wrong with it by its field."""
    writing = standing(request, "stage")
    tables = tables_of(request)
    log: dict[int, list[object]] = {}
    for row in tables.decisions:
        log.setdefault(row["partnership"], []).append(row)
    return page(
        request,
        "stages.html",
        status,
        kept=kept_of(request),
        partnerships=tables.partnerships,
        standing_at=tables.stages,
        log=log,
        stages=STAGES,
        typed=typed,
        faults=faults,
        writing=writing,
    )


def decide(request: Request, form: FormData) -> Response:
    """Write down a decision; where the form is not right, it is shown again with what is wrong."""
    tables = tables_of(request)
    typed = {key: text_in(form, key, longest) for key, longest in FIELDS.items()}
    faults = _faults(typed, tables)
    if faults:
        return _page(request, typed, faults, 422)
    given = {"partnership": int(typed["partnership"]), **{key: typed[key] for key in ("stage", "day", "note")}}
    return begin(request, "stage", "/stages", **given, costs_pounds=int(typed["costs"]) if typed["costs"] else None)


def _faults(typed: Typed, tables: PlanTables) -> Typed:
    """Every field that is not right, and what it should be."""
    faults = {}
    if typed["partnership"] not in {str(item["number"]) for item in tables.partnerships}:
        faults["partnership"] = "Choose one of the partnerships."
    if typed["stage"] not in STAGES:
        faults["stage"] = f"Choose one of {', '.join(STAGES)}."
    if not is_day(typed["day"]):
        faults["day"] = "Give the day of the decision, such as 1 March 2027."
    if not faults and not typed["costs"] and _lacks_costs(typed, tables):
        faults["costs"] = f"{GIVE_COSTS[:1].upper()}{GIVE_COSTS[1:]}."
    if typed["costs"] and not (re.fullmatch(r"\d+", typed["costs"], re.ASCII) and int(typed["costs"]) <= POUNDS_MAX):
        faults["costs"] = f"Give whole pounds, {POUNDS_MAX:,} at most, or leave it blank."
    return faults


def _lacks_costs(typed: Typed, tables: PlanTables) -> bool:
    known = [row["costs_pounds"] for row in tables.decisions if str(row["partnership"]) == typed["partnership"]]
    return costs_are_missing(tables.run, list(STAGES), typed["stage"], None, known)


ROUTES = [
    Route("/plan/{plan:number}/stages", stages, methods=GET),
    Route("/plan/{plan:number}/stages", posted(decide), methods=POST),
]
