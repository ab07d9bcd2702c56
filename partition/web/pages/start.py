"""Where work begins: the start, and the data with what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geodata import toml_text
from geodata.faults import BadData, Fault
from partition.scenario.read import SCENARIO
from partition.settings.data import RegisterKey
from partition.web.context import desk_of, follow
from partition.web.fixes import COLUMNS, fault_rows, parts_from, settings_from
from partition.web.forms import COMPARED_MAX, GET, POST, go, posted, text_in
from partition.web.render import download, page
from partition.web.tasks.order import Order
from partition.web.work import Job
from partition.web.workspace import ROLES

if TYPE_CHECKING:
    from partition.web.context import Desk

COUNTRIES: Mapping[RegisterKey, str] = {  # as in geodata.registers, which loads too much for a page
    **{"gias": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"},
    **{"ireland": "Ireland", "new-zealand": "New Zealand", "usa": "United States"},
}


def start(request: Request) -> Response:
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
        countries=COUNTRIES,
    )


def _names_groups(desk: Desk) -> bool:
    """Whether the scenario in hand names groups of today, or may: what cannot be read is told once it is asked for."""
    try:
        scenario = toml_text.parse(desk.workspace.scenario() or "", SCENARIO)
        return "extends" in scenario or "existing" in scenario.get("data", {})
    except (BadData, AttributeError, TypeError):
        return True


def sample(request: Request) -> Response:
    """The made-up county, written and taken in hand."""
    desk = desk_of(request)
    return follow(desk, Order(what="sample", project=str(desk.project.path)))


def data(request: Request) -> Response:
    desk = desk_of(request)
    path = desk.workspace.scenario_path
    if path is None:
        return page(
            request, "data.html", job=None, told={}, faults=[], in_hand=None, columns=COLUMNS, countries=COUNTRIES
        )
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
    with desk.work.lock:
        if afresh or desk.checked is None or desk.checked.order.scenario != text:
            desk.checked = desk.work.start(Order(what="check", project=str(desk.project.path), scenario=text))
        return desk.checked


def check_again(request: Request) -> Response:
    check_of(desk_of(request), afresh=True)
    return go("/data")


def receive(request: Request, form: FormData) -> Response:
    """A file dropped in: new work with it, or a part of what is in hand."""
    desk = desk_of(request)
    upload, role = form.get("file"), text_in(form, "role", 20)
    if not isinstance(upload, UploadFile) or not upload.filename:
        raise HTTPException(400, "No file was chosen; choose one, then press the button again.")
    is_part = role in ROLES and desk.workspace.scenario_path is not None
    paths = desk.workspace.receive(upload.filename, upload.file, role if is_part else "")
    path = paths[0]
    if path.endswith(".toml"):
        desk.workspace.take_received(path)
    elif role == "instead" and desk.workspace.scenario_path is not None:
        desk.workspace.change({"data.schools": path})
    elif is_part:
        desk.workspace.use(paths, role)
    else:
        desk.workspace.take_in_hand("", f"{PurePath(path).stem}.toml")  # by whose name the start tells what is in hand
        desk.workspace.change({"data.schools": path})
    return go("/data")


def mend(request: Request, form: FormData) -> Response:
    """Fixes typed, and columns chosen: they go into the scenario, which is checked again."""
    desk = desk_of(request)
    given = [(key, value) for key, value in form.multi_items() if isinstance(value, str)]
    settings, parts = settings_from(given), parts_from(given)
    if not settings and not parts:
        fix = "nothing was typed or chosen: fill in a field, or choose from a list, and press the button again"
        raise BadData([Fault(file="page", fix=fix)])
    if settings:
        desk.workspace.change(settings)
    if parts:
        desk.workspace.choose_parts(parts)
    return go("/data")


def to_fill_in(request: Request) -> Response:
    """An empty spreadsheet of schools to fill in, for the country chosen."""
    from partition.actions.template import FILE, write_template

    asked = request.query_params.get("register", "gias")
    register = next((key for key in COUNTRIES if key == asked), None)
    if register is None:
        raise HTTPException(404)
    with TemporaryDirectory() as folder:
        return download(FILE, write_template(Path(folder), register).read_bytes())


def scenario(request: Request) -> Response:
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
    Route("/data", posted(receive), methods=POST),
    Route("/data/check", check_again, methods=POST),
    Route("/data/mend", posted(mend), methods=POST),
    Route("/schools.xlsx", to_fill_in, methods=GET),
    Route("/scenario.toml", scenario, methods=GET),
]
