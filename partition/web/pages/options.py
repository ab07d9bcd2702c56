"""Options beside a kept plan: others nearly as good, what each change is worth, and any of them kept as a plan."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.faults import BadData
from partition.scenario.read import read_within
from partition.storage.project_file import Kept
from partition.web.context import desk_of, follow, kept_file, kept_of
from partition.web.forms import GET, POST, go, posted, text_in
from partition.web.kept_files import Offer, offers
from partition.web.pages.studies import begin, standing
from partition.web.render import page, sandboxed
from partition.web.tasks.options import FOUND
from partition.web.tasks.order import Order

PAGE = "alternatives.html"
COUNT_MAX, DIFFER_MAX, KEY_MAX = 25, 10_000, 20  # letters from B; a key is a letter or a count
Typed = dict[str, str]


def options(request: Request) -> Response:
    kept = kept_of(request)
    first = {"within": "2", "count": 5, "differ": max(1, min(10, kept.schools_small // 8))}
    job = standing(request, "alternatives")["job"]
    last = _found(request, kept, "alternatives") or {"asked": first}
    asked = job.order.given if job else last["asked"]  # what is under way, or was stopped, stays as it was typed
    return _page(request, {key: str(value) for key, value in asked.items()}, [])


def ask_alternatives(request: Request, form: FormData) -> Response:
    """Have plans nearly as good looked for; where the form is not right, it is shown again with what is wrong."""
    typed = {key: text_in(form, key, 12) for key in ("within", "count", "differ")}
    faults = _faults(typed)
    if faults:
        return _page(request, typed, faults)
    given = {"within": typed["within"], "count": int(typed["count"]), "differ": int(typed["differ"])}
    return begin(request, "alternatives", "/options", **given)


def ask_curve(request: Request) -> Response:
    """Have a curve traced."""
    return begin(request, request.url.path.rpartition("/")[2].replace("-", " "), "/options")  # as its route is called


def take(request: Request, form: FormData) -> Response:
    """Keep an option as a plan of its own, unless one with these partnerships is kept already."""
    desk, kept = desk_of(request), kept_of(request)
    of, which = text_in(form, "of", KEY_MAX), text_in(form, "which", KEY_MAX)
    found = _found(request, kept, of) if of in FOUND else None
    option = next((one for one in (found or {"options": []})["options"] if one["key"] == which), None)
    if option is None:
        raise HTTPException(404)
    if option["digest"] in (plans := _kept_as(request)):
        return go(f"/plan/{plans[option['digest']].id}")
    given = {"plan": kept.id, "of": of, "which": which}
    name = f"{kept.name}, {option['name']}"
    return follow(desk, Order(what="take", project=str(desk.project.path), name=name, given=given))


def options_map(request: Request) -> Response:
    """The page of alternatives, in its sandbox."""
    return sandboxed(kept_file(request, PAGE))


def _page(request: Request, typed: Typed, faults: list[tuple[str, str]]) -> Response:
    kept = kept_of(request)
    states = {what: standing(request, what) for what in FOUND}
    grouped, linked, in_minutes = _to_trade(request, kept)
    sizes = desk_of(request).project.sizes(kept.id)
    return page(
        request,
        "options.html",
        422 if faults else 200,
        kept=kept,
        typed=typed,
        faults=dict(faults),
        found={what: _found(request, kept, what) for what in FOUND},
        states=states,
        files={what: _files(sizes, what) for what in FOUND},
        kept_as=_kept_as(request),
        count_max=COUNT_MAX,
        differ_max=DIFFER_MAX,
        grouped=grouped,
        linked=linked,
        in_minutes=in_minutes,
    )


def _faults(typed: Typed) -> list[tuple[str, str]]:
    """Every field that is not right, and what it should be."""
    wrong = []
    if not re.fullmatch(r"\d{1,3}(\.\d{1,3})?", typed["within"], re.ASCII) or float(typed["within"]) > 100:
        wrong.append(("within", "Give a share of 0 to 100 percent, such as 2 or 0.5."))
    for key, most in (("count", COUNT_MAX), ("differ", DIFFER_MAX)):
        if not re.fullmatch(r"\d{1,6}", typed[key], re.ASCII) or not 1 <= int(typed[key]) <= most:
            wrong.append((key, f"Give a whole number of 1 to {most:,}."))
    return wrong


def _found(request: Request, kept: Kept, what: str) -> dict[str, Any] | None:
    """What a study left beside the plan."""
    content = desk_of(request).project.file(kept.id, FOUND[what])
    return None if content is None else json.loads(content)


def _files(sizes: Mapping[str, int], what: str) -> list[Offer]:
    """What a study left to take along: all that is named as its JSON is."""
    stem = FOUND[what].removesuffix(".json")
    return [offer for offer in offers(sizes) if re.match(rf"{stem}[._]", offer.name)]


def _kept_as(request: Request) -> dict[str, Kept]:
    """Kept plans by who is with whom; of equal ones the first."""
    return {plan.digest: plan for plan in desk_of(request).project.plans()}


def _to_trade(request: Request, kept: Kept) -> tuple[bool, bool, bool]:
    """Whether the plan's settings name groups of today, and working links, and count travel in minutes."""
    try:
        scenario = read_within(kept.scenario, desk_of(request).workspace.folder)
    except BadData:
        return True, True, True  # what is wrong is told where it is read for a study
    data, in_minutes = scenario.data, scenario.preferences.measure == "minutes"
    return data.existing is not None, bool(data.links or data.links_from or data.answers), in_minutes


ROUTES = [
    Route("/plan/{plan:number}/options", options, methods=GET),
    Route("/plan/{plan:number}/options/alternatives", posted(ask_alternatives), methods=POST),
    Route("/plan/{plan:number}/options/least-change", ask_curve, methods=POST),
    Route("/plan/{plan:number}/options/frontier", ask_curve, methods=POST),
    Route("/plan/{plan:number}/options/fairness", ask_curve, methods=POST),
    Route("/plan/{plan:number}/options/take", posted(take), methods=POST),
    Route("/plan/{plan:number}/options/map", options_map, methods=GET),
]
