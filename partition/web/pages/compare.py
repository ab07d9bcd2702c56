"""Two or three kept plans side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.storage.project_file import Kept, comparison_of
from partition.web.context import desk_of, follow
from partition.web.forms import COMPARED_MAX, GET, POST, posted, text_in
from partition.web.kept_files import offers
from partition.web.render import page, sandboxed
from partition.web.tasks.order import Order


def ask_compare(request: Request, form: FormData) -> Response:
    """Have two or three kept plans compared, from the oldest to newer ones; or as they are sent, where that says so."""
    desk = desk_of(request)
    chosen = list(
        dict.fromkeys(v for v in form.getlist("plan") if isinstance(v, str) and v.isdecimal() and len(v) < 12)
    )
    if not 2 <= len(chosen) <= COMPARED_MAX:
        raise HTTPException(400, f"Tick two plans to compare, or {COMPARED_MAX} at most.")
    numbers = tuple(map(int, chosen) if text_in(form, "turned", 3) == "yes" else sorted(map(int, chosen)))
    if any(desk.project.plan(number) is None for number in numbers):
        raise HTTPException(404)
    return follow(desk, Order(what="compare", project=str(desk.project.path), given={"plans": numbers}))


def compare(request: Request) -> Response:
    key = request.path_params["key"]
    plans = _compared(request, key)
    beside = _beside(plans)
    sizes = desk_of(request).project.sizes(beside.id)
    own = {name: size for name, size in sizes.items() if name.startswith((_name(key, "."), _name(key, "_")))}
    files = offers(own, internal=all(kept.internal for kept in plans))
    return page(
        request, "compare.html", plans=plans, key=key, beside=beside, files=files, ready=_name(key, ".html") in own
    )


def compare_map(request: Request) -> Response:
    """The page of plans compared, in its sandbox."""
    key = request.path_params["key"]
    content = desk_of(request).project.file(_beside(_compared(request, key)).id, _name(key, ".html"))
    if content is None:
        raise HTTPException(404)
    return sandboxed(content)


def _beside(plans: Sequence[Kept]) -> Kept:
    """The plan beside which a comparison of these stands."""
    return max(plans, key=lambda kept: kept.id)


def _name(key: str, ending: str) -> str:
    return comparison_of([int(number) for number in key.split("-")], ending)


def _compared(request: Request, key: str) -> list[Kept]:
    if not re.fullmatch(r"\d{1,11}(-\d{1,11}){1,2}", key, re.ASCII):
        raise HTTPException(404)
    found = [desk_of(request).project.plan(int(number)) for number in key.split("-")]
    if None in found:
        raise HTTPException(404)
    return [plan for plan in found if plan is not None]


ROUTES = [
    Route("/compare", posted(ask_compare), methods=POST),
    Route("/compare/{key}", compare, methods=GET),
    Route("/compare/{key}/map", compare_map, methods=GET),
]
