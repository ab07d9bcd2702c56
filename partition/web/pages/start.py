"""Where work begins: the start, and the data with what mends it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

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
from partition.web.files_in_hand import files_in_hand, place_files, take_from_waiting, waiting_in, without
from partition.web.fixes import COLUMNS, fault_rows, parts_from, settings_from
from partition.web.forms import COMPARED_MAX, GET, POST, go, posted, text_in
from partition.web.render import download, page
from partition.web.school_table import KINDS as TABLE_KINDS
from partition.web.school_table import ORDERS as TABLE_ORDERS
from partition.web.school_table import school_table
from partition.web.tasks.order import Order
from partition.web.tour import TOUR_LEFT
from partition.web.work import Job
from partition.web.workspace import ROLES, stated_table

if TYPE_CHECKING:
    from partition.web.context import Desk

COUNTRIES: Mapping[RegisterKey, str] = {  # as in geodata.registers, which loads too much for a page
    **{"gias": "England", "wales": "Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"},
    **{"ireland": "Ireland", "new-zealand": "New Zealand", "usa": "United States"},
}
BY_COLUMNS, LEAVE_OUT = "guess", "none"  # what a file is: told by its columns; nothing
REGISTERS = (  # where each country's list of schools is to be had
    ("England", "Get Information about Schools, all establishment data", "get-information-schools.service.gov.uk"),
    ("Wales", "Address list of schools", "www.gov.wales"),
    ("Scotland", "School contact details", "www.gov.scot"),
    ("Northern Ireland", "Institution search", "apps.education-ni.gov.uk"),
    ("Ireland", "Data on individual schools", "www.gov.ie"),
    ("New Zealand", "Directory of schools", "www.educationcounts.govt.nz"),
    ("United States", "Common Core of Data", "nces.ed.gov"),
)


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
        registers=REGISTERS,
        offer_tour=desk.project.setting(TOUR_LEFT) is None,
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
        nothing: dict[str, Any] = {"job": None, "told": {}, "faults": [], "in_hand": None, "table": None}
        return page(request, "data.html", columns=COLUMNS, countries=COUNTRIES, **nothing)
    job = check_of(desk).seen()
    rows = job.told.get("rows")
    text = job.order.scenario
    return page(
        request,
        "data.html",
        job=job,
        told=job.told,
        faults=fault_rows(job.told.get("faults", ())),
        in_hand=path,
        columns=COLUMNS,
        table=None if rows is None else school_table(rows, request.query_params),
        kinds=TABLE_KINDS,
        orders=[(key, words) for key, (words, _) in TABLE_ORDERS.items()],
        files=files_in_hand(text),
        waiting=waiting_in(desk.project),
        corrections=stated_table(text, "data").get("pupils", {}),
        names={row[0]: row[1] for row in rows or ()},
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
    in_hand = desk.workspace.scenario_path is not None
    is_part = role in ROLES and in_hand
    paths = desk.workspace.receive(upload.filename, upload.file, role if is_part else "")
    path = paths[0]
    if path.endswith(".toml"):
        desk.workspace.take_received(path)
    elif role == BY_COLUMNS and in_hand:
        return follow(desk, Order(what="guess", project=str(desk.project.path), given={"paths": paths}))
    elif role == "instead" and in_hand:
        desk.workspace.change({"data.schools": path})
    elif is_part:
        desk.workspace.use(paths, role)
    else:
        _begin_with(desk, path)
    return go("/data")


def _begin_with(desk: Desk, path: str) -> None:
    """Begin new work with a file of schools."""
    desk.workspace.take_in_hand("", f"{PurePath(path).stem}.toml")  # by whose name the start tells what is in hand
    desk.workspace.change({"data.schools": path})


def say_what(request: Request, form: FormData) -> Response:
    """What files are that wait: taken so, or left out."""
    desk, role, which = desk_of(request), text_in(form, "role", 20), text_in(form, "which", 4)
    if role not in (*ROLES, "instead", "new", LEAVE_OUT) or not which.isdecimal():
        raise HTTPException(400, "Choose what the file is from the list.")
    taken = take_from_waiting(desk.project, int(which))
    if taken is None:
        raise HTTPException(404)
    if role == "new":
        _begin_with(desk, taken.paths[0])
    elif role != LEAVE_OUT:
        place_files(desk.workspace, taken.paths, role)
    return go("/data#files")


def take_out(request: Request, form: FormData) -> Response:
    """Have the scenario in hand name a file no more; the file stays in the project's folder."""
    desk = desk_of(request)
    settings = without(desk.workspace.scenario() or "", text_in(form, "key", 40), text_in(form, "at", 200))
    if settings is None:
        raise HTTPException(400, "Choose one of the files listed.")
    desk.workspace.change(settings)
    return go("/data#files")


def undo_correction(request: Request, form: FormData) -> Response:
    """A number on roll as the file has it again."""
    desk, urn = desk_of(request), text_in(form, "urn", 40)
    there = stated_table(desk.workspace.scenario() or "", "data").get("pupils", {})
    if not isinstance(there, dict) or urn not in there:
        raise HTTPException(400, "Choose one of the corrections listed.")
    desk.workspace.change({"data.pupils": {known: count for known, count in there.items() if known != urn}})
    return go("/data#schools")


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
    Route("/data/what", posted(say_what), methods=POST),
    Route("/data/take-out", posted(take_out), methods=POST),
    Route("/data/undo", posted(undo_correction), methods=POST),
    Route("/schools.xlsx", to_fill_in, methods=GET),
    Route("/scenario.toml", scenario, methods=GET),
]
