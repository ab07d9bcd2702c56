"""The pages, and what their forms do. Each reads the desk, changes it or asks for work, and shows a template."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from geodata.faults import BadData
from partition.project import MAP, PLAN, SEARCH, Kept
from partition.scenario_text import refuse_outside
from partition.web.fixes import COLUMNS, fault_rows, settings_from
from partition.web.plan_tables import plan_tables
from partition.web.security import FILE_POLICY, MAP_POLICY
from partition.web.work import Job
from partition.web.worker import Order
from partition.web.workspace import ROLES

if TYPE_CHECKING:
    from partition.web.app import Desk

NAV = [
    ("/", "Start"),
    ("/data", "Data"),
    ("/settings", "Settings"),
    ("/solve", "Find partnerships"),
    ("/plans", "Kept plans"),
]
FILES = {  # what a plan's page offers, and in which words; papers kept beside these are offered by their names
    PLAN: "Plan file (GeoPackage, opens in QGIS and ArcGIS)",
    MAP: "Map (one HTML file that opens anywhere, with no network)",
    SEARCH: "Record of the search (JSON lines)",
}
KINDS = {".gpkg": "application/geopackage+sqlite3", ".html": "text/html", ".jsonl": "application/x-ndjson"}
NAME_MAX, NOTE_MAX = 120, 2000
NUMBER_MAX = 10**12  # of anything in a project; SQLite takes no number of any size
SECONDS_MAX = 3600
THOUSANDTHS = 1000  # as in partition.costs, which loads too much for a page
COMPARED_MAX = 3
STATIC = {
    "page.css": "text/css",
    "page.js": "text/javascript",
    **dict.fromkeys(("settings.js", "hand.js"), "text/javascript"),
    "desk.css": "text/css",
}


@cache
def templates() -> Environment:
    """The pages' templates. All text in them is escaped: names and reasons come from files that strangers filled in."""
    environment = Environment(
        loader=PackageLoader("partition.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "hours": _hours, "sure": _sure}
    return environment


def page(request: Request, template: str, status: int = 200, **facts: Any) -> Response:
    """A page, with what the frame of every page needs."""
    desk = desk_of(request)
    frame = {"nav": NAV, "here": request.url.path, "project_name": str(desk.project.path), "served_to": desk.served_to}
    return HTMLResponse(templates().get_template(template).render(frame | facts), status)


def desk_of(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


async def form_of(request: Request) -> FormData:
    """The form sent. What it may hold is bounded."""
    return await request.form(max_files=1, max_fields=300, max_part_size=64 * 1024)


def text_in(form: FormData, key: str, longest: int) -> str:
    """A field's text, "" where there is none; no signs that show nothing but break lines and tables."""
    value = form.get(key)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", value)[:longest].strip() if isinstance(value, str) else ""


def go(address: str) -> Response:
    """On to another page, after a form."""
    return RedirectResponse(address, 303)


# Start, and the data -----------------------------------------------------------------------------------------


async def start(request: Request) -> Response:
    desk = desk_of(request)
    plans = desk.project.plans()
    return page(
        request,
        "start.html",
        plans=plans[:8],
        more=len(plans) - 8,
        under_way=desk.work.under_way(),
        cut_off=[asked for asked in desk.project.unended() if desk.work.job(str(asked.id)) is None],
        in_hand=desk.workspace.scenario_path,
        compared_max=COMPARED_MAX,
    )


async def sample(request: Request) -> Response:
    """The made-up county, written and taken in hand."""
    desk = desk_of(request)
    return _follow(desk, Order(what="sample", project=str(desk.project.path)))


async def data(request: Request) -> Response:
    desk = desk_of(request)
    path = desk.workspace.scenario_path
    if path is None:
        return page(request, "data.html", job=None, told={}, faults=[], in_hand=None, columns=COLUMNS)
    job = _check(desk)
    told = job.ended or {}
    return page(
        request,
        "data.html",
        job=job,
        told=told,
        faults=fault_rows(told.get("faults", ())),
        in_hand=path,
        columns=COLUMNS,
    )


def _check(desk: Desk, afresh: bool = False) -> Job:
    """The check of the scenario in hand: the last one, while that is still what is in hand."""
    text = desk.workspace.scenario() or ""
    if afresh or desk.checked is None or desk.checked.order.scenario != text:
        desk.checked = desk.work.start(Order(what="check", project=str(desk.project.path), scenario=text))
    return desk.checked


async def check_again(request: Request) -> Response:
    _check(desk_of(request), afresh=True)
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
        desk.workspace.take_in_hand("")
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
    return _download("scenario.toml", text.encode())


# Solving -----------------------------------------------------------------------------------------------------


async def solve(request: Request) -> Response:
    desk = desk_of(request)
    in_hand = desk.workspace.scenario_path
    job = None if in_hand is None else _check(desk)
    return page(
        request,
        "solve.html",
        in_hand=in_hand,
        job=job,
        told={} if job is None else job.ended or {},
        under_way=desk.work.under_way(),
        seconds_max=SECONDS_MAX,
    )


async def ask(request: Request) -> Response:
    """Have a plan found, or today's groups judged."""
    desk, form = desk_of(request), await form_of(request)
    scenario = desk.workspace.scenario()
    if scenario is None:
        return go("/")
    seconds = text_in(form, "seconds", 10)
    if seconds.isdecimal() and 0 < int(seconds) <= SECONDS_MAX:
        from partition.scenario_text import with_settings

        scenario = with_settings(scenario, {"solve.seconds": int(seconds)})
    return _ask(
        desk,
        "judge" if request.url.path == "/judge" else "plan",
        scenario,
        name=text_in(form, "name", NAME_MAX),
        note=text_in(form, "note", NOTE_MAX),
        internal=text_in(form, "internal", 3) == "yes",
    )


def _ask(desk: Desk, what: str, scenario: str, *, name: str, note: str, internal: bool) -> Response:
    told: dict[str, Any] = {"name": name, "note": note, "internal": internal}
    asked = desk.project.ask(what, scenario, **told)
    return _follow(desk, Order(what=what, project=str(desk.project.path), scenario=scenario, asked=asked, **told))


async def ask_again(request: Request) -> Response:
    """Something that was cut off, asked again."""
    desk = desk_of(request)
    number = request.path_params["number"]
    asked = desk.project.asked(number) if number < NUMBER_MAX else None
    if asked is None:
        raise HTTPException(404)
    desk.project.end(asked.id, "asked again")
    return _ask(desk, asked.what, asked.scenario, name=asked.name, note=asked.note, internal=asked.internal)


def _follow(desk: Desk, order: Order) -> Response:
    return go(f"/work/{desk.work.start(order).id}")


async def work(request: Request) -> Response:
    """One piece of work: as it goes, or what it came to."""
    desk, number = desk_of(request), request.path_params["number"]
    job = desk.work.job(number)
    if job is None:
        return _past_work(request, number)
    told = job.ended or {}
    if "scenario" in told:
        if not job.used:  # two tabs may ask
            job.used = True
            desk.workspace.take_in_hand(told["scenario"], "sample county.toml")
        return go("/data")
    if "compared" in told:
        return go("/compare/" + "-".join(map(str, told["compared"])))
    faults = fault_rows(told.get("faults", ()))
    return page(request, "work.html", job=job, told=told, before=desk.work.before(job), faults=faults, asked=None)


def _past_work(request: Request, number: str) -> Response:
    """What the project remembers of work that this server no longer does."""
    asked = desk_of(request).project.asked(int(number)) if number.isdecimal() and len(number) < 12 else None
    if asked is None:
        raise HTTPException(404)
    if asked.plan is not None:
        return go(f"/plan/{asked.plan}")
    return page(request, "work.html", job=None, told={}, before=0, faults=[], asked=asked)


async def events(request: Request) -> Response:
    """All that a piece of work has told and tells, as server-sent events."""
    job = desk_of(request).work.job(request.path_params["number"])
    if job is None:
        raise HTTPException(404)
    last = request.headers.get("last-event-id", "0")
    after = min(int(last), len(job.events)) if last.isdecimal() and len(last) < 10 else 0

    async def stream() -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        async for number, event in job.follow(after):
            yield ": still here\n\n" if event is None else f"id: {number}\ndata: {json.dumps(event)}\n\n"

    return StreamingResponse(stream(), media_type="text/event-stream")


async def stop(request: Request) -> Response:
    """Stop, and keep the best so far."""
    desk = desk_of(request)
    job = desk.work.job(request.path_params["number"])
    if job is None:
        raise HTTPException(404)
    await desk.work.stop(job)
    return go(f"/work/{job.id}")


# Kept plans --------------------------------------------------------------------------------------------------


async def plans(request: Request) -> Response:
    return page(request, "plans.html", plans=desk_of(request).project.plans(), compared_max=COMPARED_MAX)


def plan(request: Request) -> Response:
    desk, kept = desk_of(request), kept_of(request)
    content = desk.project.file(kept.id, PLAN)
    if content is None:
        raise HTTPException(404)
    tables = plan_tables(content)
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
        unplaced=[school for school in tables.schools if school["role"] == "unplaced"],
        longest=max((p["worst_minutes"] for p in tables.partnerships if p["worst_minutes"] is not None), default=None),
        associates=sum(school["role"] == "associate" for school in tables.schools),
        files=[(name, FILES.get(name, name)) for name in kept.files],
        others=[other for other in desk.project.plans() if other.id != kept.id],
    )


def plan_map(request: Request) -> Response:
    """The plan's map, in its sandbox."""
    kept = kept_of(request)
    content = desk_of(request).project.file(kept.id, MAP)
    if content is None:
        raise HTTPException(404)
    return HTMLResponse(content, headers={"Content-Security-Policy": MAP_POLICY})


def plan_file(request: Request) -> Response:
    """A file of a plan, as it was kept."""
    kept, name = kept_of(request), request.path_params["name"]
    content = desk_of(request).project.file(kept.id, name) if name in kept.files else None
    if name == "scenario.toml":
        content = kept.scenario.encode()
    if content is None:
        raise HTTPException(404)
    return _download(name, content)


async def annotate(request: Request) -> Response:
    desk, kept, form = desk_of(request), kept_of(request), await form_of(request)
    desk.project.annotate(kept.id, text_in(form, "name", NAME_MAX) or kept.name, text_in(form, "note", NOTE_MAX))
    return go(f"/plan/{kept.id}")


async def go_on_from(request: Request) -> Response:
    """Take a kept plan's scenario in hand again."""
    desk, kept = desk_of(request), kept_of(request)
    desk.workspace.take_in_hand(kept.scenario, f"scenario of plan {kept.id}.toml")
    return go("/data")


def kept_of(request: Request) -> Kept:
    number = request.path_params["plan"]
    kept = desk_of(request).project.plan(number) if number < NUMBER_MAX else None
    if kept is None:
        raise HTTPException(404)
    return kept


def _download(name: str, content: bytes) -> Response:
    kind = next((kind for suffix, kind in KINDS.items() if name.endswith(suffix)), "application/octet-stream")
    safe = re.sub(r"[^\w .-]", "_", name, flags=re.ASCII)
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "Content-Security-Policy": FILE_POLICY}
    return Response(content, media_type=kind, headers=headers)


# Comparing ---------------------------------------------------------------------------------------------------


async def ask_compare(request: Request) -> Response:
    """Have two or three kept plans compared."""
    desk, form = desk_of(request), await form_of(request)
    chosen = list(
        dict.fromkeys(v for v in form.getlist("plan") if isinstance(v, str) and v.isdecimal() and len(v) < 12)
    )
    if not 2 <= len(chosen) <= COMPARED_MAX:
        raise HTTPException(400, f"Choose two plans to compare, or {COMPARED_MAX} at most.")
    numbers = tuple(map(int, chosen))
    if any(desk.project.plan(number) is None for number in numbers):
        raise HTTPException(404)
    out = desk.scratch / f"{'-'.join(chosen)}.html"
    return _follow(desk, Order(what="compare", project=str(desk.project.path), plans=numbers, out=str(out)))


async def compare(request: Request) -> Response:
    desk, key = desk_of(request), request.path_params["key"]
    plans = _compared(request, key)
    return page(request, "compare.html", plans=plans, key=key, ready=(desk.scratch / f"{key}.html").is_file())


async def compare_map(request: Request) -> Response:
    """The page of plans compared, in its sandbox."""
    desk, key = desk_of(request), request.path_params["key"]
    _compared(request, key)
    path = desk.scratch / f"{key}.html"
    if not path.is_file():
        raise HTTPException(404)
    return HTMLResponse(path.read_bytes(), headers={"Content-Security-Policy": MAP_POLICY})


def _compared(request: Request, key: str) -> list[Kept]:
    if not re.fullmatch(r"\d{1,11}(-\d{1,11}){1,2}", key, re.ASCII):
        raise HTTPException(404)
    found = [desk_of(request).project.plan(int(number)) for number in key.split("-")]
    if None in found:
        raise HTTPException(404)
    return [plan for plan in found if plan is not None]


# Frame -------------------------------------------------------------------------------------------------------


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in STATIC:
        raise HTTPException(404)
    content = files("partition.web").joinpath("static", name).read_bytes()
    return Response(content, media_type=STATIC[name], headers={"Cache-Control": "private, no-cache"})


def bad_data(request: Request, wrong: Exception) -> Response:
    """Faults in what was sent or read: told all at once, nothing was changed."""
    assert isinstance(wrong, BadData)
    faults = fault_rows([fault.as_dict() for fault in wrong.faults])
    return page(request, "trouble.html", 400, what="That could not be used", words="", faults=faults)


def not_so(request: Request, wrong: Exception) -> Response:
    """A page that is not there, or a form that is not as it should be."""
    assert isinstance(wrong, HTTPException)
    known = {404: ("There is no such page", "It may have been worked out before the program was last started.")}
    what, words = known.get(wrong.status_code, ("That could not be done", str(wrong.detail)))
    return page(request, "trouble.html", wrong.status_code, what=what, words=words, faults=[])


def broke(request: Request, wrong: Exception) -> Response:
    """A defect of ours: nothing of it is shown, all of it is logged."""
    what, words = (
        "Something went wrong here",
        "Nothing that was kept is lost. What happened is told where the program runs.",
    )
    return page(request, "trouble.html", 500, what=what, words=words, faults=[])


TROUBLES: dict[Any, Callable[[Request, Exception], Response | Awaitable[Response]]] = {
    BadData: bad_data,
    HTTPException: not_so,
    ClientDisconnect: lambda request, wrong: Response(status_code=400),
    Exception: broke,
}

GET, POST = ["GET"], ["POST"]
ROUTES = [
    Route("/", start, methods=GET),
    Route("/sample", sample, methods=POST),
    Route("/data", data, methods=GET),
    Route("/data", receive, methods=POST),
    Route("/data/check", check_again, methods=POST),
    Route("/data/mend", mend, methods=POST),
    Route("/scenario.toml", scenario, methods=GET),
    Route("/solve", solve, methods=GET),
    Route("/solve", ask, methods=POST),
    Route("/judge", ask, methods=POST),
    Route("/asked/{number:int}/again", ask_again, methods=POST),
    Route("/work/{number}", work, methods=GET),
    Route("/work/{number}/events", events, methods=GET),
    Route("/work/{number}/stop", stop, methods=POST),
    Route("/plans", plans, methods=GET),
    Route("/plan/{plan:int}", plan, methods=GET),
    Route("/plan/{plan:int}/map", plan_map, methods=GET),
    Route("/plan/{plan:int}/files/{name}", plan_file, methods=GET),
    Route("/plan/{plan:int}/note", annotate, methods=POST),
    Route("/plan/{plan:int}/go-on", go_on_from, methods=POST),
    Route("/compare", ask_compare, methods=POST),
    Route("/compare/{key}", compare, methods=GET),
    Route("/compare/{key}/map", compare_map, methods=GET),
    Route("/static/{name}", static, methods=GET),
]


def _day(time: str) -> str:
    """A time as kept, for people: "25 November 2026, 19:30"."""
    from datetime import datetime

    try:
        when = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError:
        return time
    return f"{when.day} {when:%B %Y, %H:%M} UTC"


def _hours(thousandths: int, unit: str) -> str:
    """A cost for people."""
    amount = thousandths / THOUSANDTHS
    return f"{amount:,.1f} km" if unit == "km" else f"{amount / 60:,.1f} hours"


def _sure(status: str) -> tuple[str, str]:
    """How sure a plan is, in a word or two, and how that is marked."""
    known = {"optimal": ("Proven best", "good"), "feasible": ("Best so far", "mind"), "judged": ("As it is", "")}
    return known.get(status, (status, ""))
