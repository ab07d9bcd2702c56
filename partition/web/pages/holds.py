"""Will it hold? Whether a group of heads would rather form a partnership of their own than stay in a kept plan."""

from __future__ import annotations

import json
import re

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.urns import Urn
from partition.web.context import desk_of, kept_of, tables_of
from partition.web.forms import GET, NAME_MAX, POST, posted, text_in
from partition.web.pages.studies import begin, standing
from partition.web.plan_tables import PlanTables
from partition.web.render import page
from partition.web.schools import chosen_school
from partition.web.tasks.holds import FACTS, FOLDER, PUBLIC

FIRST_GAIN = "60"  # minutes a year: ten minutes at each of six meetings
INTERNAL = ("stability.md", "stability_heads.csv", "holding.gpkg")
GAIN = re.compile(r"\d{1,6}(\.\d{1,3})?", re.ASCII)


def holds(request: Request) -> Response:
    """Show what the last question came to, and the form for the next, with the school in the address filled in."""
    urn = request.query_params.get("school", "")
    named = [str(one["name"]) for one in _taking_part(tables_of(request)) if one["urn"] == urn]
    return _page(request, {"school": f"{named[0]} ({urn})"} if named else {}, {})


def ask(request: Request, form: FormData) -> Response:
    """Have it found out; where the form is not right, it is shown again with what is wrong."""
    typed = {"gain": text_in(form, "gain", 12), "school": text_in(form, "school", NAME_MAX)}
    typed["again"] = text_in(form, "again", 3)
    faults: dict[str, str] = {}
    if not GAIN.fullmatch(typed["gain"]) or float(typed["gain"]) < 0.001:
        faults["gain"] = "Give minutes a year, above 0, such as 60."
    urn = _chosen(tables_of(request), typed["school"], faults)
    if faults:
        return _page(request, typed, faults)
    return begin(request, "stability", "/holds", gain=typed["gain"], urn=urn, again=typed["again"] == "yes")


def _chosen(tables: PlanTables, typed: str, faults: dict[str, str]) -> Urn | None:
    """The school that was chosen; None where nothing was typed."""
    if not typed:
        return None
    wrong: list[str] = []
    named = [(str(school["name"]), Urn(str(school["urn"]))) for school in _taking_part(tables)]
    urn = chosen_school(typed, named, "takes no part in this plan", wrong)
    if wrong:
        faults["school"] = wrong[0]
    return urn


def _taking_part(tables: PlanTables) -> list[dict[str, object]]:
    taking_part = [dict(school) for school in tables.schools if school["role"] != "not taking part"]
    return sorted(taking_part, key=lambda school: (str(school["name"]), str(school["urn"])))


def _page(request: Request, typed: dict[str, str], faults: dict[str, str]) -> Response:
    desk, kept, tables = desk_of(request), kept_of(request), tables_of(request)
    study = standing(request, "stability")
    content = desk.project.file(kept.id, FACTS)
    found = None if content is None else json.loads(content)
    files = [name for name in (PUBLIC, *(f"{FOLDER}/{each}" for each in INTERNAL)) if name in kept.files]
    return page(
        request,
        "holds.html",
        422 if faults else 200,
        kept=kept,
        identifier=tables.identifier,
        schools=_taking_part(tables),
        study=study,
        found=found,
        files=files,
        faults=faults,
        asked={"gain": found["gain"] if found else FIRST_GAIN, "school": "", "again": ""} | typed,
    )


ROUTES = [
    Route("/plan/{plan:number}/holds", holds, methods=GET),
    Route("/plan/{plan:number}/holds", posted(ask), methods=POST),
]
