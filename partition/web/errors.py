"""What is shown where something is wrong, with the way back."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from geodata.faults import BadData, Fault
from partition.web.fixes import fault_rows

if TYPE_CHECKING:
    pass
from partition.web.render import page


def bad_data(request: Request, wrong: Exception) -> Response:
    """Faults in what was sent or read: told all at once, nothing was changed."""
    assert isinstance(wrong, BadData)
    return trouble(request, 400, "That could not be used", "", wrong.faults)


def not_so(request: Request, wrong: Exception) -> Response:
    """A page that is not there, or a form that is not as it should be."""
    assert isinstance(wrong, HTTPException)
    gone = "The address may be mistyped, the plan removed, or the work done before the program was last started."
    known = {404: ("There is no such page", gone)}
    what, words = known.get(wrong.status_code, ("That could not be done", str(wrong.detail)))
    return trouble(request, wrong.status_code, what, words)


def trouble(request: Request, status: int, what: str, words: str, faults: Sequence[Fault] = ()) -> Response:
    """What is wrong, and the way back to the page whose form it was."""
    came = urlsplit(request.headers.get("referer", ""))
    is_ours = request.method == "POST" and came.netloc == request.url.netloc and re.match(r"/(?!/)", came.path)
    back = came.path if is_ours else ""
    rows = fault_rows([fault.as_dict() for fault in faults])
    return page(request, "trouble.html", status, what=what, words=words, faults=rows, back=back)


TROUBLES: dict[Any, Callable[[Request, Exception], Response | Awaitable[Response]]] = {
    BadData: bad_data,
    HTTPException: not_so,
    ClientDisconnect: lambda request, wrong: Response(status_code=400),
}
