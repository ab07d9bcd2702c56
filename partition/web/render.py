"""Pages as they are answered: templates in the frame that all share, kept files, and the scripts and looks."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from partition.formats.days import day_words
from partition.formats.glossary import meanings
from partition.formats.palette import as_css, as_dark_css
from partition.maps.offline import COMMON, text_of
from partition.web.context import desk_of, words_in_hand
from partition.web.forms import GET, is_day
from partition.web.listing import county_of, limits_of
from partition.web.path import next_of, steps
from partition.web.security import FILE_POLICY, MAP_POLICY
from partition.web.tour import tour_at

if TYPE_CHECKING:
    from partition.storage.project_file import Kept

BESIDE = [  # pages beside the path
    ("/what-if", "What if"),
    ("/minutes", "Minutes"),
    ("/plans", "Kept plans"),
    ("/help", "Help"),
]
BELONG = {"compare": "/plans", "found": "/what-if"}  # which of them a page belongs to, by its first part
PLAN_NAV = [  # pages of one kept plan
    ("", "The plan"),
    ("/hand", "Change by hand"),
    ("/why", "Reasons"),
    ("/options", "Options"),
    ("/holds", "Will it hold?"),
    ("/answers", "Answers"),
    ("/stages", "Stages"),
    ("/advisers", "Advisers"),
    ("/effects", "Did it work?"),
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
THOUSANDTHS = 1000  # as in partition.model.costs, which loads too much for a page
LEAFLET = ("leaflet.js", "leaflet.css")  # as in maps; the workbench's map is the page's own
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
    environment.filters |= {"day": _day, "time": _time, "hours": _hours, "sure": _sure, "number": _number}
    environment.filters["file"] = _file
    environment.filters |= {"county": county_of, "limits": limits_of}
    environment.globals |= {"meaning": _meaning}
    return environment


def page(request: Request, template: str, status: int = 200, **facts: Any) -> Response:
    """A page, with what the frame of every page needs."""
    desk = desk_of(request)
    kept, here = facts.get("kept"), request.url.path
    path = steps(desk, here, getattr(kept, "id", None))
    frame = {
        "path": path,
        "following": next_of(path),
        "asides": BESIDE,
        "plan_nav": PLAN_NAV,
        "here": here,
        "belongs": BELONG.get(here.split("/")[1]),
        "tour": tour_at(request.query_params.get("tour", ""), path),
        "project_name": str(desk.project.path),
        "served_to": desk.served_to,
        "identifier": words_in_hand(desk),
    }
    return HTMLResponse(templates().get_template(template).render(frame | facts), status)


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
    own = own | {name: text_of(name).encode() for name in (*COMMON, *LEAFLET)}
    return {**own, "palette.css": (as_css() + as_dark_css()).encode()}


def static(request: Request) -> Response:
    name = request.path_params["name"]
    content, kind = static_files().get(name), STATIC_KINDS.get(f".{name.rpartition('.')[2]}")
    if content is None or kind is None:
        raise HTTPException(404)
    return Response(content, media_type=kind, headers={"Cache-Control": "private, no-cache"})


ROUTES = [Route("/static/{name}", static, methods=GET)]


def _meaning(word: str) -> str:
    """What a word of the house means, as a sentence."""
    told = meanings()[word.casefold()].replace("'", "’")
    return f"{told[:1].upper()}{told[1:]}."


def _number(count: int) -> str:
    """A count for people."""
    return f"{count:,}"


def _file(path: str) -> str:
    """A file as a scenario names it, without its folder; with the part that is read of it, if one is named."""
    return path.replace("\\", "/").rpartition("/")[2]


def _day(day: str) -> str:
    """A day as forms send it, for people: "1 March 2027"."""
    return day_words(day) if is_day(day) else day


def _time(time: str) -> str:
    """A time as kept, which is UTC, for people by the clock of this machine: "25 November 2026, 19:30"."""
    try:
        when = datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).astimezone()
    except ValueError:
        return time
    return f"{day_words(when.date())}, {when:%H:%M}"


def _hours(thousandths: int, unit: str) -> str:
    """A cost for people."""
    amount = thousandths / THOUSANDTHS
    return f"{amount:,.1f} km" if unit == "km" else f"{amount / 60:,.1f} hours"


def _sure(kept: Kept) -> tuple[str, str]:
    """How sure a kept plan is, in a word or two, and how that is marked."""
    if kept.status == "optimal" and kept.schools_placed < kept.schools_small and not kept.partnerships:
        return "No partnership is possible", "mind"
    known = {"optimal": ("Proven best", "good"), "feasible": ("Best so far", "mind"), "judged": ("As it is", "")}
    return known.get(kept.status, (kept.status, ""))
