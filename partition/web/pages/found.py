"""What was found about the data: its page, its files, its settings to go on with."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from partition.scenario.text import with_settings
from partition.web.context import desk_of
from partition.web.findings import Finding, file_of, finding, remove_finding, sizes_of
from partition.web.forms import GET, POST, go, posted, text_in
from partition.web.kept_files import offers
from partition.web.render import download, page, sandboxed

PAGES = {"sweep": ("What if", "/what-if"), "minutes": ("Minutes", "/minutes")}


def found(request: Request) -> Response:
    one = _found_of(request)
    files = offers(sizes_of(desk_of(request).workspace.folder, one.number))
    return page(request, "found.html", found=one, files=files, where=PAGES[one.what])


def found_page(request: Request) -> Response:
    """The page that the command line writes of it, in its sandbox."""
    one = _found_of(request)
    return sandboxed(_content(request, one, one.page))


def found_file(request: Request) -> Response:
    one, name = _found_of(request), request.path_params["name"]
    if name == "scenario.toml":
        return download(name, one.scenario.encode())
    return download(name, _content(request, one, name))


def use(request: Request, form: FormData) -> Response:
    """Take one of the combinations tried in hand, to find partnerships with."""
    desk, one = desk_of(request), _found_of(request)
    which = text_in(form, "which", 4)
    if not which.isdecimal() or not int(which) < len(one.values):
        raise HTTPException(400, "Choose one of the settings that were tried.")
    text = with_settings(one.scenario, dict(zip(one.settings, one.values[int(which)], strict=True)))
    desk.workspace.take_in_hand(text, f"settings tried {one.number}.toml")
    return go("/solve")


def remove(request: Request) -> Response:
    one = _found_of(request)
    remove_finding(desk_of(request).workspace.folder, one.number)
    return go(PAGES[one.what][1])


def _found_of(request: Request) -> Finding:
    number = request.path_params["number"]
    one = finding(desk_of(request).workspace.folder, number)
    if one is None:
        raise HTTPException(404)
    return one


def _content(request: Request, one: Finding, name: str) -> bytes:
    content = file_of(desk_of(request).workspace.folder, one.number, name)
    if content is None:
        raise HTTPException(404)
    return content


ROUTES = [
    Route("/found/{number:number}", found, methods=GET),
    Route("/found/{number:number}/page", found_page, methods=GET),
    Route("/found/{number:number}/files/{name}", found_file, methods=GET),
    Route("/found/{number:number}/use", posted(use), methods=POST),
    Route("/found/{number:number}/remove", remove, methods=POST),
]
