"""Did it work? What results, a survey and activities say around a kept plan, and the sheets to fill in for them."""

from __future__ import annotations

import json

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.cells import number
from partition.web.context import desk_of, kept_of
from partition.web.forms import GET, POST, posted, text_in
from partition.web.pages.studies import begin, standing
from partition.web.render import page
from partition.web.tasks.effects import FACTS, FILES, SHEETS
from partition.web.workspace import stated_table

WORDS = {"results": "schools’ results", "survey": "the survey", "activity": "what partnerships do"}
MEASURE_LENGTH_MAX = 120


def effects(request: Request) -> Response:
    """Show the page: what the last look found, what can be looked at, and the sheets."""
    return _page(request, {})


def look(request: Request, form: FormData) -> Response:
    """Have results, survey and activities looked at."""
    measure, below = text_in(form, "measure", MEASURE_LENGTH_MAX), text_in(form, "below", 20)
    if below and number(below) is None:
        return _page(request, {"below": "Give a number, such as 60."})
    in_hand = desk_of(request).workspace.scenario() or ""
    limit = number(below) if below else None
    return begin(request, "effects", "/effects", settings=in_hand, measure=measure, below=limit)


def sheets(request: Request, form: FormData) -> Response:
    """Have the sheets to fill in written."""
    return begin(request, "effect sheets", "/effects")


def _page(request: Request, faults: dict[str, str]) -> Response:
    desk, kept = desk_of(request), kept_of(request)
    looking, writing = standing(request, "effects"), standing(request, "effect sheets")
    content = desk.project.file(kept.id, FACTS)
    own, in_hand = (stated_table(text or "", "effects") for text in (kept.scenario, desk.workspace.scenario()))
    known = {name: WORDS[name] for name in FILES if own.get(name) or in_hand.get(name)}
    return page(
        request,
        "effects.html",
        422 if faults else 200,
        kept=kept,
        looking=looking,
        writing=writing,
        found=None if content is None else json.loads(content),
        known=known,
        unknown=[words for name, words in WORDS.items() if name not in known],
        asked={"measure": own.get("measure", ""), "below": own.get("below", "")}
        | (looking["job"].order.given if looking["job"] else {}),
        sheets=sorted(name for name in kept.files if name.startswith(f"{SHEETS}/")),
        faults=faults,
    )


ROUTES = [
    Route("/plan/{plan:number}/effects", effects, methods=GET),
    Route("/plan/{plan:number}/effects", posted(look), methods=POST),
    Route("/plan/{plan:number}/effects/sheets", posted(sheets), methods=POST),
]
