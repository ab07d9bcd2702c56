"""OSRM for tests: its real programs where they are, and a server on loopback that says whatever a test wants."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from geodata.osrm.engine import Programs, find_programs

Answer = tuple[int, object]


def need_programs() -> Programs:
    """OSRM's programs; skips where there are none."""
    found = find_programs()
    if found is None:
        pytest.skip("no OSRM here; `.ci/osrm FOLDER` unpacks it, then set PARTNERSHIPS_OSRM_BIN to what it prints")
    return found


class Scripted:
    """A real HTTP server on loopback that gives whatever answers a test wants, and keeps what it was asked."""

    def __init__(self, answer: Callable[[str], Answer]) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        script = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                script.asked.append((self.path, dict(self.headers)))
                status, body = answer(self.path)
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", content.decode())
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.where = f"127.0.0.1:{self.http.server_port}"
        self.url = f"http://{self.where}"


@contextmanager
def scripted(answer: Callable[[str], Answer] | Answer) -> Iterator[Scripted]:
    script = Scripted(answer if callable(answer) else lambda _: answer)
    thread = threading.Thread(target=script.http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield script
    finally:
        script.http.shutdown()
        script.http.server_close()
        thread.join()
