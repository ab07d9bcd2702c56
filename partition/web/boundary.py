"""The one place where an error that nobody caught on a page ends, and is told.

Nothing of an error of ours is shown, on the page or where the program runs, but where it was written down.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from geodata.faults import Fault
from partition.web.errors import trouble
from partition.web.mishaps import expected, tell_crash
from partition.web.security import TooLarge


class Boundary:
    """Middleware right around the pages."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, note_start)
        except TooLarge:
            raise
        except Exception as wrong:
            if scope["type"] != "http":
                raise
            status, what, words, faults = await run_in_threadpool(_told, wrong)
            if not started:
                answer = await run_in_threadpool(trouble, Request(scope), status, what, words, faults)
                await answer(scope, receive, send)


def _told(error: Exception) -> tuple[int, str, str, list[Fault]]:
    found = expected(error)
    if found is not None:
        return found[0], "That could not be done", "", [found[1]]
    return 500, "Something went wrong here", " ".join(tell_crash(error)), []
