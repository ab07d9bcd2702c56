"""The forms and addresses that pages take: what they may hold, and how long each may be."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import date
from functools import wraps

from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from geodata.urns import Urn

GET, POST = ["GET"], ["POST"]
NAME_MAX, NOTE_MAX = 120, 2000
NUMBER_LENGTH_MAX = 12  # of anything in a project; SQLite takes no number of any size
SECONDS_MAX = 3600
COMPARED_MAX = 3
Endpoint = Callable[[Request], Awaitable[Response]]


class NumberConvertor(Convertor[int]):
    """A number in an address, short enough for anything to take: one that is longer is no page's."""

    regex = f"[0-9]{{1,{NUMBER_LENGTH_MAX}}}"

    def convert(self, value: str) -> int:
        return int(value)

    def to_string(self, value: int) -> str:
        return str(value)


register_url_convertor("number", NumberConvertor())


def posted(handler: Callable[[Request, FormData], Response], fields_max: int = 300) -> Endpoint:
    """The endpoint that reads the form sent, which is bounded, and hands it to a page's function in a thread.

    In the loop that serves all pages nothing is read or written but what comes and goes by the network.
    """

    @wraps(handler)
    async def read(request: Request) -> Response:
        async with request.form(max_files=1, max_fields=fields_max, max_part_size=256 * 1024) as form:
            return await run_in_threadpool(handler, request, form)

    return read


def text_in(form: FormData, key: str, longest: int) -> str:
    """A field's text, "" where there is none; no signs that show nothing but break lines and tables."""
    value = form.get(key)
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", value)[:longest].strip() if isinstance(value, str) else ""


def urn_in(text: str) -> Urn:
    """The school that an address names. A text that names none is no page's."""
    try:
        return Urn(text)
    except ValueError:
        raise HTTPException(404) from None


def is_day(text: str) -> bool:
    """Whether it is a day as forms send it, such as 2027-03-01."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def go(address: str) -> Response:
    """On to another page, after a form."""
    return RedirectResponse(address, 303)
