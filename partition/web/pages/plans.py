"""Kept plans: the list of them, and each with its map, files and note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.storage.handout import SCENARIO, marked
from partition.storage.project_file import MAP, Kept
from partition.web.context import desk_of, kept_file, kept_of, tables_of
from partition.web.forms import COMPARED_MAX, GET, NAME_MAX, NOTE_MAX, POST, go, posted, text_in
from partition.web.kept_files import PLAN_ITSELF, offers
from partition.web.listing import NEWEST, ORDERS, county_of, listed
from partition.web.render import download, page, sandboxed
from partition.web.replies import replies_to
from partition.web.tasks.answers import NEXT_ROUND


def plans(request: Request) -> Response:
    asked = request.query_params
    found = listed(
        desk_of(request).project.plans(),
        county=asked.get("county", ""),
        words=asked.get("words", "")[:NAME_MAX],
        order=asked.get("order", NEWEST),
    )
    orders = [(key, words) for key, (words, _, _) in ORDERS.items()]
    return page(request, "plans.html", listed=found, orders=orders, compared_max=COMPARED_MAX)


def plan(request: Request) -> Response:
    desk, kept = desk_of(request), kept_of(request)
    tables = tables_of(request)
    there = offers(desk.project.sizes(kept.id), internal=kept.internal)
    by_urn = {school["urn"]: school for school in tables.schools}
    members: dict[int, list[Mapping[str, Any]]] = {}
    for school in tables.schools:
        if school["partnership"] is not None:
            members.setdefault(school["partnership"], []).append(school)
    return page(
        request,
        "plan.html",
        kept=kept,
        run=tables.run,
        partnerships=tables.partnerships,
        members=members,
        by_urn=by_urn,
        stages=tables.stages,
        federations={school["partnership"] for school in tables.schools if school["role"] == "federation"},
        unplaced=[school for school in tables.schools if school["role"] == "unplaced"],
        figures=tables.figures,
        files=[one for one in there if one.group == PLAN_ITSELF],
        more=sum(one.group != PLAN_ITSELF for one in there),
        others=[other for other in desk.project.plans() if other.id != kept.id and _is_beside(other, kept)],
    )


def _is_beside(other: Kept, kept: Kept) -> bool:
    """Whether two plans are of one county."""
    return county_of(other.scenario) == county_of(kept.scenario)


def plan_map(request: Request) -> Response:
    """The plan's map, in its sandbox."""
    return sandboxed(kept_file(request, MAP))


def plan_file(request: Request) -> Response:
    """A file of a plan, as it was kept."""
    kept, name = kept_of(request), request.path_params["name"]
    content = desk_of(request).project.file(kept.id, name) if name in kept.files else None
    if name == SCENARIO:
        content = marked(kept.scenario).encode()
    if content is None:
        raise HTTPException(404)
    return download(name.rpartition("/")[2], content)


def annotate(request: Request, form: FormData) -> Response:
    desk, kept = desk_of(request), kept_of(request)
    desk.project.annotate(kept.id, text_in(form, "name", NAME_MAX) or kept.name, text_in(form, "note", NOTE_MAX))
    return go(f"/plan/{kept.id}")


def ask_remove(request: Request) -> Response:
    """What goes with a plan, before it is removed."""
    kept = kept_of(request)
    said = replies_to(desk_of(request).project, kept)
    return page(request, "remove.html", kept=kept, answers=len(said), rounds=NEXT_ROUND in kept.files)


async def remove(request: Request) -> Response:
    """Remove a plan for good; what is under way about it is stopped."""
    desk, kept = desk_of(request), await run_in_threadpool(kept_of, request)
    for job in desk.work.about(kept.id):
        await desk.work.stop(job)
    await run_in_threadpool(desk.project.remove, kept.id)
    return go("/plans")


def go_on_from(request: Request) -> Response:
    """Take a kept plan's scenario in hand again."""
    desk, kept = desk_of(request), kept_of(request)
    desk.workspace.take_in_hand(kept.scenario, f"scenario of plan {kept.id}.toml")
    return go("/data")


ROUTES = [
    Route("/plans", plans, methods=GET),
    Route("/plan/{plan:number}", plan, methods=GET),
    Route("/plan/{plan:number}/map", plan_map, methods=GET),
    Route("/plan/{plan:number}/files/{name:path}", plan_file, methods=GET),
    Route("/plan/{plan:number}/note", posted(annotate), methods=POST),
    Route("/plan/{plan:number}/remove", ask_remove, methods=GET),
    Route("/plan/{plan:number}/remove", remove, methods=POST),
    Route("/plan/{plan:number}/go-on", go_on_from, methods=POST),
]
