"""Where work begins: the start, and the data with what mends it."""

from __future__ import annotations

import tomllib
from pathlib import PurePath
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata.faults import BadData
from partition.scenario_text import refuse_outside
from partition.web.fixes import COLUMNS, fault_rows, settings_from
from partition.web.frame import COMPARED_MAX, GET, POST, desk_of, download, follow, form_of, go, page, text_in
from partition.web.tasks.order import Order
from partition.web.work import Job
from partition.web.workspace import ROLES

if TYPE_CHECKING:
    from partition.web.app import Desk


async def start(request: Request) -> Response:
    desk = desk_of(request)
    plans = desk.project.plans()
    return page(
        request,
        "start.html",
        plans=plans[:8],
        more=len(plans) - 8,
        under_way=[job.seen() for job in desk.work.under_way()],
        cut_off=[asked for asked in desk.project.unended() if desk.work.job(str(asked.id)) is None],
        in_hand=desk.workspace.scenario_path,
        grouped=_names_groups(desk),
        compared_max=COMPARED_MAX,
    )


def _names_groups(desk: Desk) -> bool:
    """Whether the scenario in hand names groups of today, or may: what cannot be read is told once it is asked for."""
    try:
        scenario = tomllib.loads(desk.workspace.scenario() or "")
        return "extends" in scenario or "existing" in scenario.get("data", {})
    except (BadData, tomllib.TOMLDecodeError, AttributeError, TypeError):
        return True


async def sample(request: Request) -> Response:
    """The made-up county, written and taken in hand."""
    desk = desk_of(request)
    return follow(desk, Order(what="sample", project=str(desk.project.path)))


async def data(request: Request) -> Response:
    desk = desk_of(request)
    path = desk.workspace.scenario_path
    if path is None:
        return page(request, "data.html", job=None, told={}, faults=[], in_hand=None, columns=COLUMNS)
    job = check_of(desk).seen()
    return page(
        request,
        "data.html",
        job=job,
        told=job.told,
        faults=fault_rows(job.told.get("faults", ())),
        in_hand=path,
        columns=COLUMNS,
    )


def check_of(desk: Desk, afresh: bool = False) -> Job:
    """The check of the scenario in hand: the last one, while that is still what is in hand."""
    text = desk.workspace.scenario() or ""
    if afresh or desk.checked is None or desk.checked.order.scenario != text:
        desk.checked = desk.work.start(Order(what="check", project=str(desk.project.path), scenario=text))
    return desk.checked


async def check_again(request: Request) -> Response:
    check_of(desk_of(request), afresh=True)
    return go("/data")


async def receive(request: Request) -> Response:
    """A file dropped in: new work with it, or a part of what is in hand."""
    desk, form = desk_of(request), await form_of(request)
    upload, role = form.get("file"), text_in(form, "role", 20)
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise HTTPException(400, "No file was chosen; choose one, then press the button again.")
    path = await run_in_threadpool(desk.workspace.receive, upload.filename, upload.file)
    await form.close()
    if path.endswith(".toml"):
        text = (desk.workspace.folder / path).read_text(encoding="utf-8-sig", errors="replace")
        refuse_outside(text, desk.workspace.folder)
        desk.workspace.take_in_hand(text, path.rpartition("/")[2])
    elif role == "instead" and desk.workspace.scenario_path is not None:
        desk.workspace.change({"data.schools": path})
    elif role in ROLES and desk.workspace.scenario_path is not None:
        desk.workspace.use(path, role)
    else:
        desk.workspace.take_in_hand("", f"{PurePath(path).stem}.toml")  # by whose name the start tells what is in hand
        desk.workspace.change({"data.schools": path})
    return go("/data")


async def mend(request: Request) -> Response:
    """Fixes typed, and columns chosen: they go into the scenario, which is checked again."""
    desk, form = desk_of(request), await form_of(request)
    settings = settings_from([(key, value) for key, value in form.multi_items() if isinstance(value, str)])
    if settings:
        desk.workspace.change(settings)
    return go("/data")


async def scenario(request: Request) -> Response:
    """The scenario in hand, as the command line reads it."""
    desk = desk_of(request)
    text = desk.workspace.scenario()
    if text is None:
        raise HTTPException(404)
    return download("scenario.toml", text.encode())


ROUTES = [
    Route("/", start, methods=GET),
    Route("/sample", sample, methods=POST),
    Route("/data", data, methods=GET),
    Route("/data", receive, methods=POST),
    Route("/data/check", check_again, methods=POST),
    Route("/data/mend", mend, methods=POST),
    Route("/scenario.toml", scenario, methods=GET),
]
