"""The page's application for tests: in this process, or served by the command in one of its own."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.testclient import TestClient

from partition.storage.project_file import Project
from partition.web.app import make_app
from partition.web.security import Keys
from partition.web.tasks import TASKS
from partition.web.tasks.order import Order
from partition.web.work import Job, Work
from partition.web.worker import do

HOST = "127.0.0.1:8123"
HOME = f"http://{HOST}"
SECONDS = 280  # that a worker may take on a busy machine
COOKIE = "partnerships-8123"
KEYS = Keys(token="t" * 43, cookie="c" * 43)


@contextmanager
def client_of(project: Project, *, opened: bool = True) -> Iterator[TestClient]:
    """A client of the application, as a page of its own would ask; with its cookie, unless `opened` is off."""
    app = make_app(project, [HOST, "localhost:8123"], KEYS)
    with TestClient(app, base_url=HOME, follow_redirects=False, raise_server_exceptions=False) as client:
        client.headers["origin"] = HOME
        if opened:
            client.cookies.set(COOKIE, KEYS.cookie, domain="127.0.0.1")
        yield client


def work(project: Project, what: str, scenario: Path | str = "", **facts: Any) -> dict[str, Any]:
    """What a worker answers to an order, done in this process; the scenario is its text, or its file."""
    text = scenario if isinstance(scenario, str) else scenario.read_text(encoding="utf-8")
    tell = facts.pop("tell", lambda *_, **__: None)
    stop = facts.pop("stop", None) or Event()
    return TASKS[what](Order(what=what, project=str(project.path), scenario=text, **facts), tell, stop)


async def run_here(works: Work, job: Job) -> None:
    """Do a piece of work in a thread of this process, in place of `Work._run`, whose worker takes a second to begin."""
    events: list[dict[str, Any]] = []
    loop = asyncio.get_running_loop()

    def tell(event: str, **facts: Any) -> None:
        events.append(json.loads(json.dumps({"event": event, **facts})))  # as they come from a worker
        if event != "ended":
            loop.call_soon_threadsafe(job.tell, events[-1])

    await run_in_threadpool(do, job.order, tell, Event())
    await works._finish(job, events[-1])


def study(client: TestClient, path: str, form: Mapping[str, Any]) -> str:
    """Ask for a study of a kept plan, and its page once that has ended."""
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    page = str(answer.headers["location"])
    until = time.monotonic() + SECONDS
    while "data-follow" in (text := client.get(page).text):
        assert time.monotonic() < until, "it never ended"
        time.sleep(0.1)
    return text


class Served:
    """The command `partnerships serve`, running; by a Python that is forked where one is given, its workers as well."""

    def __init__(self, project: Path, python: str = sys.executable) -> None:
        self.project = project
        command = [
            python,
            "-c",
            "from partition.cli import main; main()",
            "serve",
            "--no-browser",
            "--project",
            str(project),
        ]
        environment = {**os.environ, "NUMBA_NUM_THREADS": "1"}
        self.process: Any = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        self.address = next(found[1] for line in self.process.stdout if (found := re.match(r"Open (\S+)", line)))
        self.home = self.address.partition("?")[0]

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(SECONDS)
        self.process.stdout.close()


@contextmanager
def held(served: Served) -> Iterator[None]:
    """What the server has worked out stands still meanwhile."""
    server = served.process.pid
    workers = [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text(encoding="utf-8").split()]

    def tell(what: signal.Signals) -> None:
        for worker in workers:
            with suppress(ProcessLookupError):  # it has ended
                os.kill(worker, what)

    tell(signal.SIGSTOP)
    try:
        yield
    finally:
        tell(signal.SIGCONT)


class Browser:
    """Asks a served page as a browser does that has opened its address."""

    def __init__(self, served: Served) -> None:
        parts = urlsplit(served.address)
        self.origin = f"http://{parts.netloc}"
        self.connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)
        self.connection.request("GET", f"/?{parts.query}")
        opened = self.connection.getresponse()
        opened.read()
        self.cookie = opened.headers["set-cookie"].partition(";")[0]

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, bytes]:
        headers = {"Cookie": self.cookie, "Origin": self.origin, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(form) if form else None, headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()
