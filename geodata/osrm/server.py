"""A running OSRM server, asked over HTTP.

The address may hold a name and password, or a key in its path or query: only scheme, host and port are ever shown.
"""

from __future__ import annotations

import base64
import json
import re
import ssl
import time
import urllib.request
from http.client import HTTPException
from ipaddress import ip_address
from socket import gaierror
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, unquote, urlsplit

import numpy as np
from numpy.typing import NDArray

from geodata.faults import BadData, Fault

TIMEOUT_SECONDS = 60.0
PAUSES_SECONDS = (0.5, 1.0, 2.0)  # before the second, third and last try
ANSWER_BYTES_MAX = 64 * 2**20

BUSY = {429, 502, 503, 504}
LOCKED = {401, 403, 407}
TOO_LONG = {413, 414, 431}
TOO_BIG, NO_SEGMENT, NO_TABLE = "TooBig", "NoSegment", "NoTable"
NOT_OSRM = "answers, but not as an OSRM server does; give the address that osrm-routed listens on"


class Refusal(Exception):
    """An error that OSRM replied: its code (TooBig, NoSegment ...), and the index of the coordinate, if any."""

    def __init__(self, code: str, coordinate: int | None = None) -> None:
        super().__init__(code)
        self.code, self.coordinate = code, coordinate


class OsrmServer:
    """A server asked over HTTP: each request has a time limit and is repeated a few times at most."""

    def __init__(
        self,
        url: str,
        *,
        profile: str = "driving",
        timeout_seconds: float = TIMEOUT_SECONDS,
        data_version: str | None = None,
    ) -> None:
        """Take `url`, the root of the services, such as http://127.0.0.1:5000. Raises BadData for any other text.

        With `data_version`, answers that were made from roads of another version are refused.
        """
        parts = _parts(url)
        host, port = parts.hostname or "", parts.port
        shown = f"[{host}]" if ":" in host else host
        self.name = f"{parts.scheme}://{shown}" + (f":{port}" if port else "")
        self._root = self.name + parts.path.rstrip("/")
        self._key = f"&{parts.query}" if parts.query else ""
        self._profile, self._timeout_seconds, self._data_version = profile, timeout_seconds, data_version
        self._headers = {"Accept": "application/json", "User-Agent": "school-partnerships"}
        if parts.username is not None:
            secret = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            self._headers["Authorization"] = "Basic " + base64.b64encode(secret.encode()).decode()
        proxies = [urllib.request.ProxyHandler({})] if _is_loopback(host) else []
        self._opener = urllib.request.build_opener(_NoRedirects, *proxies)

    def ask(self, service: str, degrees: NDArray[np.float64], options: str) -> dict[str, Any]:
        """Return the answer of a service about the coordinates, rows of longitude and latitude.

        Raises Refusal where OSRM replies with an error, BadData where no OSRM server can be reached.
        """
        points = ";".join(f"{longitude:.6f},{latitude:.6f}" for longitude, latitude in degrees.tolist())
        address = f"{self._root}/{service}/v1/{self._profile}/{points}?{options}{self._key}"
        request = urllib.request.Request(address, headers=self._headers)
        for pause_seconds in (*PAUSES_SECONDS, None):
            try:
                with self._opener.open(request, timeout=self._timeout_seconds) as response:
                    return self._understood(response.read(ANSWER_BYTES_MAX), response.status)
            except HTTPError as error:
                if error.code not in BUSY or pause_seconds is None:
                    return self._understood(error.read(ANSWER_BYTES_MAX), error.code)
            except (OSError, HTTPException) as error:
                if pause_seconds is None:
                    raise self.refused(_why(error)) from None
            time.sleep(pause_seconds)
        raise AssertionError("the last try returns or raises")

    def refused(self, fix: str) -> BadData:
        """Return the exception that reports a fault of this server."""
        return BadData([Fault(file=self.name, column="travel.server", fix=fix)])

    def _understood(self, body: bytes, status: int) -> dict[str, Any]:
        """Return the answer, if OSRM gave one. OSRM's words are not repeated, because they may contain the address."""
        try:
            answer = json.loads(body)
        except (ValueError, RecursionError):
            answer = None
        code = answer.get("code") if isinstance(answer, dict) else None
        if status in TOO_LONG:
            raise Refusal(TOO_BIG)
        if code == "Ok" and status == 200:
            assert isinstance(answer, dict)
            if self._data_version not in (None, answer.get("data_version")):
                raise self.refused("answers from other roads than those prepared; try again")
            return answer
        if isinstance(code, str) and re.fullmatch("[A-Za-z]{1,40}", code):
            told = re.search(r"coordinate (\d{1,6})", str(answer.get("message")))
            raise Refusal(code, int(told[1]) if told else None)
        if status in LOCKED:
            raise self.refused("wants other credentials; give them as in https://name:password@host")
        if status < 300:
            raise self.refused(NOT_OSRM)
        raise self.refused(f"answers with HTTP error {status}, and not as OSRM does; check its address")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or not re.fullmatch("[!-~]+", url):
        fix = "this is no address of a server; give one as in http://127.0.0.1:5000"
        raise BadData([Fault(file="travel.server", fix=fix)])
    return parts


def _why(error: Exception) -> str:
    """Return the reason why nothing was heard, in words that contain nothing of the address."""
    reason = getattr(error, "reason", error)
    causes: tuple[tuple[type[Exception], str], ...] = (
        (ConnectionRefusedError, "is not reachable: nothing listens there; start it, or correct the address"),
        (gaierror, "is not reachable: no host of that name; correct the address"),
        (TimeoutError, "does not answer in time; is it still loading its roads?"),
        (ssl.SSLCertVerificationError, "shows a certificate that is not trusted; correct the address"),
    )
    for cause, words in causes:
        if isinstance(reason, cause):
            return words
    return f"is not reachable ({type(reason).__name__}); check the address and the network"


def _is_loopback(host: str) -> bool:
    """Return whether the host is this machine itself, for which no proxy is to be used."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    """A handler that follows no redirect, because a redirect would send the credentials to another host."""

    def redirect_request(self, *_: object) -> None:
        return None
