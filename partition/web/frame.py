"""What every page is made of: its frame, the forms it takes, and what is shown where something is wrong."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from geodata.faults import BadData
from partition.formats.palette import as_css
from partition.maps.offline import COMMON, text_of
from partition.project import PLAN, Kept
from partition.web.fixes import FaultRow, fault_rows
from partition.web.plan_tables import PlanTables, plan_tables
from partition.web.security import FILE_POLICY, MAP_POLICY
from partition.web.tasks.order import Order

if TYPE_CHECKING:
    from partition.web.app import Desk

GET, POST = ["GET"], ["POST"]
NAV = [
    ("/", "Start"),
    ("/data", "Data"),
    ("/settings", "Settings"),
    ("/solve", "Find partnerships"),
    ("/what-if", "What if"),
    ("/minutes", "Minutes"),
    ("/plans", "Kept plans"),
]
STEPS = {"plan": "/plans", "compare": "/plans"}  # which step a page belongs to that is none itself, by its first part
PLAN_NAV = [  # pages of one kept plan
    ("", "The plan"),
    ("/hand", "Change by hand"),
    ("/why", "Reasons"),
    ("/options", "Options"),
    ("/answers", "Answers"),
    ("/stages", "Stages"),
    ("/advisers", "Advisers"),
    ("/papers", "Papers"),
]
KINDS = {
    ".gpkg": "application/geopackage+sqlite3",
    ".html": "text/html",
    ".jsonl": "application/x-ndjson",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
    ".csv": "text/csv",
    ".ics": "text/calendar",
}
NAME_MAX, NOTE_MAX = 120, 2000
NUMBER_MAX = 10**12  # of anything in a project; SQLite takes no number of any size
SECONDS_MAX = 3600
THOUSANDTHS = 1000  # as in partition.costs, which loads too much for a page
COMPARED_MAX = 3
STATIC_KINDS = {".css": "text/css", ".js": "text/javascript"}


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
    environment.filters |= {"day": day_words, "time": _time, "hours": _hours, "sure": _sure}
    return environment


def page(request: Request, template: str, status: int = 200, **facts: Any) -> Response:
    """A page, with what the frame of every page needs."""
    desk = desk_of(request)
    frame = {
        "nav": NAV,
        "plan_nav": PLAN_NAV,
        "here": request.url.path,
        "step": STEPS.get(request.url.path.split("/")[1]),
        "project_name": str(desk.project.path),
        "served_to": desk.served_to,
    }
    return HTMLResponse(templates().get_template(template).render(frame | facts), status)


def desk_of(request: Request) -> Desk:
    return cast("Desk", request.app.state.desk)


async def form_of(request: Request, fields_max: int = 300) -> FormData:
    """The form sent. What it may hold is bounded."""
    return await request.form(max_files=1, max_fields=fields_max, max_part_size=256 * 1024)


def text_in(form: FormData, key: str, longest: int) -> str:
    """A field's text, "" where there is none; no signs that show nothing but break lines and tables."""
    value = form.get(key)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", value)[:longest].strip() if isinstance(value, str) else ""


def is_day(text: str) -> bool:
    """Whether it is a day as forms send it, such as 2027-03-01."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def go(address: str) -> Response:
    """On to another page, after a form."""
    return RedirectResponse(address, 303)


def follow(desk: Desk, order: Order) -> Response:
    """Have it done, and show how it goes."""
    return go(f"/work/{desk.work.start(order).id}")


def kept_of(request: Request) -> Kept:
    number = request.path_params["plan"]
    kept = desk_of(request).project.plan(number) if number < NUMBER_MAX else None
    if kept is None:
        raise HTTPException(404)
    return kept


def kept_file(request: Request, name: str) -> bytes:
    """A file of the plan that the request is about. Raises HTTPException where there is none of this name."""
    content = desk_of(request).project.file(kept_of(request).id, name)
    if content is None:
        raise HTTPException(404)
    return content


def tables_of(request: Request) -> PlanTables:
    """The tables of the plan that the request is about."""
    return plan_tables(kept_file(request, PLAN))


def sandboxed(content: bytes) -> Response:
    """A page that was kept, with scripts of its own, in its sandbox."""
    return HTMLResponse(content, headers={"Content-Security-Policy": MAP_POLICY})


def download(name: str, content: bytes) -> Response:
    kind = next((kind for suffix, kind in KINDS.items() if name.endswith(suffix)), "application/octet-stream")
    safe = re.sub(r"[^\w .-]", "_", name, flags=re.ASCII)
    headers = {"Content-Disposition": f'attachment; filename="{safe}"', "Content-Security-Policy": FILE_POLICY}
    return Response(content, media_type=kind, headers=headers)


@cache
def static_files() -> dict[str, bytes]:
    """The scripts and looks of the pages, by name: their own, the palette, and the scripts that maps use as well."""
    own = {file.name: file.read_bytes() for file in files("partition.web").joinpath("static").iterdir()}
    return {**own, "palette.css": as_css().encode(), **{name: text_of(name).encode() for name in COMMON}}


async def static(request: Request) -> Response:
    name = request.path_params["name"]
    content, kind = static_files().get(name), STATIC_KINDS.get(f".{name.rpartition('.')[2]}")
    if content is None or kind is None:
        raise HTTPException(404)
    return Response(content, media_type=kind, headers={"Cache-Control": "private, no-cache"})


def bad_data(request: Request, wrong: Exception) -> Response:
    """Faults in what was sent or read: told all at once, nothing was changed."""
    assert isinstance(wrong, BadData)
    faults = fault_rows([fault.as_dict() for fault in wrong.faults])
    return _trouble(request, 400, "That could not be used", "", faults)


def not_so(request: Request, wrong: Exception) -> Response:
    """A page that is not there, or a form that is not as it should be."""
    assert isinstance(wrong, HTTPException)
    gone = "The address may be mistyped, the plan removed, or the work done before the program was last started."
    known = {404: ("There is no such page", gone)}
    what, words = known.get(wrong.status_code, ("That could not be done", str(wrong.detail)))
    return _trouble(request, wrong.status_code, what, words)


def broke(request: Request, wrong: Exception) -> Response:
    """A defect of ours: nothing of it is shown, all of it is logged."""
    what, words = (
        "Something went wrong here",
        "Nothing that was kept is lost. What happened is told where the program runs.",
    )
    return _trouble(request, 500, what, words)


def _trouble(request: Request, status: int, what: str, words: str, faults: Sequence[FaultRow] = ()) -> Response:
    """What is wrong, and the way back to the page whose form it was."""
    came = urlsplit(request.headers.get("referer", ""))
    is_ours = request.method == "POST" and came.netloc == request.url.netloc and re.match(r"/(?!/)", came.path)
    back = came.path if is_ours else ""
    return page(request, "trouble.html", status, what=what, words=words, faults=faults, back=back)


TROUBLES: dict[Any, Callable[[Request, Exception], Response | Awaitable[Response]]] = {
    BadData: bad_data,
    HTTPException: not_so,
    ClientDisconnect: lambda request, wrong: Response(status_code=400),
    Exception: broke,
}

ROUTES = [Route("/static/{name}", static, methods=GET)]


def day_words(day: str) -> str:
    """A day as forms send it, for people: "1 March 2027"."""
    return f"{(when := date.fromisoformat(day)).day} {when:%B %Y}" if is_day(day) else day


def _time(time: str) -> str:
    """A time as kept, which is UTC, for people by the clock of this machine: "25 November 2026, 19:30"."""
    try:
        when = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone()
    except ValueError:
        return time
    return f"{when.day} {when:%B %Y, %H:%M}"


def _hours(thousandths: int, unit: str) -> str:
    """A cost for people."""
    amount = thousandths / THOUSANDTHS
    return f"{amount:,.1f} km" if unit == "km" else f"{amount / 60:,.1f} hours"


def _sure(status: str) -> tuple[str, str]:
    """How sure a plan is, in a word or two, and how that is marked."""
    known = {"optimal": ("Proven best", "good"), "feasible": ("Best so far", "mind"), "judged": ("As it is", "")}
    return known.get(status, (status, ""))
