"""The guide, as `partnerships guide` writes it: pages that ask for nothing but one another."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from partition.web.context import desk_of
from partition.web.forms import GET

KINDS = {"html": "text/html", "css": "text/css", "js": "text/javascript", "png": "image/png"}


def first_page(request: Request) -> Response:
    return RedirectResponse("/guide/index.html", 303)


def file(request: Request) -> Response:
    """A file of the guide."""
    name = request.path_params["name"]
    content, kind = desk_of(request).guide().get(name), KINDS.get(name.rpartition(".")[2])
    if content is None or kind is None:
        raise HTTPException(404)
    return Response(content, media_type=kind, headers={"Cache-Control": "private, no-cache"})


ROUTES = [Route("/guide", first_page, methods=GET), Route("/guide/{name}", file, methods=GET)]
