"""Who advises whom: a kept plan's partnerships shared out, and each adviser's patch on a page of its own."""

from __future__ import annotations

import json
from typing import Any

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.storage.project_file import Kept
from partition.web.context import desk_of, kept_file, kept_of
from partition.web.forms import GET, POST, go, posted, text_in
from partition.web.pages.studies import begin, standing
from partition.web.render import page, sandboxed
from partition.web.tasks.advisers import FACTS
from partition.web.workspace import stated_table

LEAVING_MAX, NAME_LENGTH_MAX = 50, 80


def advisers(request: Request) -> Response:
    kept, sharing = kept_of(request), standing(request, "advisers")
    found = _found(request, kept)
    return page(
        request,
        "advisers.html",
        kept=kept,
        sharing=sharing,
        found=found,
        known=_names_advisers(kept.scenario) or _names_advisers(desk_of(request).workspace.scenario() or ""),
    )


def share(request: Request, form: FormData) -> Response:
    """Have the partnerships shared out."""
    leaving = [v[:NAME_LENGTH_MAX] for v in form.getlist("leaving") if isinstance(v, str)][:LEAVING_MAX]
    in_hand = desk_of(request).workspace.scenario() or ""
    return begin(request, "advisers", "/advisers", settings=in_hand, leaving=leaving)


def patch(request: Request) -> Response:
    """One adviser's patch, and nothing of anybody else's."""
    kept, place = kept_of(request), request.path_params["place"]
    found, mine = _patch(request, kept)
    has_map = f"advisers/{mine['stem']}_map.html" in kept.files
    names = [one["adviser"] for one in found["patches"]]
    return page(request, "adviser.html", kept=kept, patch=mine, place=place, names=names, has_map=has_map)


def choose(request: Request, form: FormData) -> Response:
    """On to another adviser's patch, as chosen from the list."""
    kept, place = kept_of(request), text_in(form, "place", 4)
    if not place.isdecimal():
        raise HTTPException(400, "Choose an adviser from the list.")
    return go(f"/plan/{kept.id}/advisers/{int(place)}")


def patch_map(request: Request) -> Response:
    """The patch's map, in its sandbox."""
    _, mine = _patch(request, kept_of(request))
    return sandboxed(kept_file(request, f"advisers/{mine['stem']}_map.html"))


def _patch(request: Request, kept: Kept) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the last study found, and the patch that is asked for."""
    found, place = _found(request, kept), request.path_params["place"]
    if found is None or not 0 < place <= len(found["patches"]):
        raise HTTPException(404)
    return found, found["patches"][place - 1]


def _found(request: Request, kept: Kept) -> dict[str, Any] | None:
    """What the last study found; None where there was none."""
    content = desk_of(request).project.file(kept.id, FACTS)
    return None if content is None else json.loads(content)


def _names_advisers(scenario: str) -> bool:
    """Whether a scenario names a file of advisers."""
    return bool(stated_table(scenario, "advisers").get("people"))


ROUTES = [
    Route("/plan/{plan:number}/advisers", advisers, methods=GET),
    Route("/plan/{plan:number}/advisers", posted(share), methods=POST),
    Route("/plan/{plan:number}/advisers/choose", posted(choose), methods=POST),
    Route("/plan/{plan:number}/advisers/{place:number}", patch, methods=GET),
    Route("/plan/{plan:number}/advisers/{place:number}/map", patch_map, methods=GET),
]
