"""Who is let in, and what a page may do: the one gate that every request passes.

The address that is opened carries a token; what it opens sets a cookie (HttpOnly, SameSite=Strict), and all else asks
for that. Host must be the server's own (another site's name made to point here is refused), and so must be Origin: a
page of another site can neither read nor post. A page runs only the server's own script, and is shown in no frame.
Maps, which hold scripts of their own and text from files, run in a sandbox: they have no origin and reach nothing.
"""

from __future__ import annotations

import hmac
import html
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_BYTES_MAX = 2**20
UPLOAD_BYTES_MAX = 256 * 2**20  # as the largest table that is read
UPLOAD_PATHS = ("/data",)
SAFE_METHODS = ("GET", "HEAD")
METHODS = (*SAFE_METHODS, "POST")
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAP_POLICY = (  # above the map's own policy, which names its scripts by their hashes; both hold
    "sandbox allow-scripts allow-modals allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
SANDBOXED = re.compile(r"/(plan|compare|found)/[0-9-]+/([a-z/0-9A-Z_-]+/)?(map|page)")  # pages shown in a sandbox
HEAD = '<!DOCTYPE html><html lang="en-GB"><meta charset="utf-8"><link rel="icon" href="data:,">'
"""How a page begins that is not in the pages' frame; its icon is empty, so that no browser asks for one."""
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # none at all would make a form's Origin "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Keys:
    """What opens the page: the token in its address, and the cookie that stands for it afterwards."""

    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)


class TooLarge(Exception):
    """Raised where a body grows beyond what it may be."""


class Gate:
    """Middleware around the whole application. `hosts` are the names, with the port, under which it is served."""

    def __init__(
        self, app: ASGIApp, hosts: Collection[str], keys: Keys, uploads: Collection[str] = UPLOAD_PATHS
    ) -> None:
        self._app, self._keys, self._uploads = app, keys, uploads
        self._hosts = {host.casefold() for host in hosts}
        self._origins = {f"http://{host}" for host in self._hosts}
        self._cookie = "partnerships-" + next(iter(sorted(hosts))).rpartition(":")[2]  # a browser has one for all ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, _with_headers(send))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(scope)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        bytes_max = UPLOAD_BYTES_MAX if scope["path"] in self._uploads else BODY_BYTES_MAX
        started = False

        async def note_start(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, _bounded(receive, bytes_max), note_start)
        except TooLarge:
            if not started:
                await _too_large(bytes_max)(scope, receive, send)

    def _refusal(self, scope: Scope) -> Response | None:
        """What is answered in place of the application; None where the request may pass."""
        headers = Headers(scope=scope)
        if headers.getlist("host") != [headers.get("host")] or headers["host"].casefold() not in self._hosts:
            return _refuse(421, "This address is not served here", "Open the address that the program printed.")
        if scope["method"] not in METHODS:
            return _refuse(405, "That cannot be done here", "Go back to the page and use its buttons.")
        origin = headers.get("origin")
        if origin is None and scope["method"] not in SAFE_METHODS:
            return _refuse(403, "It is not known which page this came from", "Send it from the page itself.")
        if origin is not None and origin.casefold() not in self._origins:
            return _refuse(403, "Another site asked for this", "Open the address that the program printed.")
        if headers.get("sec-fetch-site") in ("cross-site", "same-site") and not self._opens(scope):
            if _shows_sandboxed(scope, headers):
                return _once_more()
            return _refuse(403, "Another site asked for this", "Open the address that the program printed.")
        if self._opens(scope):
            return self._opened(scope)
        if not _same(cookie_parser(headers.get("cookie", "")).get(self._cookie, ""), self._keys.cookie):
            return _refuse(
                403,
                "This page needs its key",
                "Open the whole address that the program showed when it was started; or start the program again.",
            )
        declared = headers.get("content-length", "0")
        bytes_max = UPLOAD_BYTES_MAX if scope["path"] in self._uploads else BODY_BYTES_MAX
        if not declared.isdecimal() or int(declared[:20]) > bytes_max:
            return _too_large(bytes_max)
        return None

    def _opens(self, scope: Scope) -> bool:
        return scope["method"] == "GET" and scope["path"] == "/" and b"token=" in scope["query_string"]

    def _opened(self, scope: Scope) -> Response:
        """The token's answer: the cookie, and on to the page from here: a Strict cookie takes part in no redirect."""
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])
        if len(given) != 1 or not _same(given[0], self._keys.token):
            return _refuse(
                403, "This token is not the one in use", "The program prints a new address each time it starts."
            )
        body = f'{HEAD}<meta http-equiv="refresh" content="0;url=/">'
        page = HTMLResponse(body + '<title>Opening</title><p><a href="/">Open the page</a></p></html>')
        page.set_cookie(self._cookie, self._keys.cookie, httponly=True, samesite="strict", path="/")
        return page


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def _shows_sandboxed(scope: Scope, headers: Headers) -> bool:
    """Whether a browser is to show a map, as when one is loaded again: a map has no origin, so that what asks for it
    again is, to the browser, another site, which it sends no cookie for."""
    is_shown = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") in ("document", "iframe")
    return is_shown and scope["method"] == "GET" and SANDBOXED.fullmatch(scope["path"]) is not None


def _once_more() -> Response:
    """A page of our own that loads its address again, which then comes from here. It tells nothing and does no more."""
    body = f'{HEAD}<title>Opening</title><script src="/static/again.js"></script><p>Opening the map again.</p></html>'
    policy = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return HTMLResponse(body, headers={"Content-Security-Policy": policy})


def _refuse(status: int, what: str, then: str) -> Response:
    words = f"<title>{html.escape(what)}</title><h1>{html.escape(what)}</h1><p>{html.escape(then)}</p>"
    return HTMLResponse(f"{HEAD}{words}</html>", status)


def _too_large(bytes_max: int) -> Response:
    size = f"{bytes_max // 2**20} MB"
    response = _refuse(413, f"That is over {size}", "Cut the file to the rows and columns needed, and add it again.")
    response.headers["Connection"] = "close"  # what is still to come is not read
    return response


def _bounded(receive: Receive, bytes_max: int) -> Receive:
    """The request's body, cut off where it grows beyond what it may be."""
    taken = 0

    async def take() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > bytes_max:
            raise TooLarge
        return message

    return take


def _with_headers(send: Send) -> Send:
    """Every answer with the headers of safety; its own policy stays, where it has one."""

    async def send_on(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in {"Content-Security-Policy": PAGE_POLICY, **HEADERS}.items():
                headers.setdefault(name, value)
        await send(message)

    return send_on
