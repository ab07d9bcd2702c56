"""The real server: who says nothing, or too slowly, is let go; who waits for a file holds up nobody else."""

from __future__ import annotations

import http.client
import os
import socket
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path
from threading import Thread
from types import FrameType
from urllib.parse import urlencode

import pytest
from fuzzing.requests import every
from served import HOME, client_of, work
from town import write_town

from partition.storage.project_file import Project
from partition.web import connection
from partition.web.app import listening, make_app, server_of
from partition.web.security import Keys
from partition.web.work import Job

ROOT = Path(__file__).parents[2]
SECONDS = 120  # after which a test gives up
KEYS = Keys(token="t" * 43, cookie="c" * 43)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with today's groups judged."""
    project = Project(tmp_path / "project.gpkg")
    work(project, "judge", write_town(tmp_path, 0, 1, 10, 11, today={"Fen": ["900001", "900002"]}), name="Today")
    return project


@pytest.fixture
def port(project: Project, request: pytest.FixtureRequest) -> Iterator[int]:
    """Where the pages are served, by the server of the command."""
    with serving(project) as port:
        yield port


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server of little patience; ask for it before `port`."""
    monkeypatch.setattr(connection, "GRACE_SECONDS", 1.0)
    monkeypatch.setattr(connection, "BYTES_PER_SECOND_LEAST", 2**20)


@contextmanager
def serving(project: Project) -> Iterator[int]:
    with listening("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        server = server_of(make_app(project, [f"127.0.0.1:{port}"], KEYS))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield port
        finally:
            server.should_exit = True
            thread.join(SECONDS)
            assert not thread.is_alive()


def head(port: int, what: str = "GET /plans") -> str:
    origin = f"127.0.0.1:{port}"
    return (
        f"{what} HTTP/1.1\r\nHost: {origin}\r\nOrigin: http://{origin}\r\nCookie: partnerships-{port}={KEYS.cookie}\r\n"
    )


class Visitor:
    """Asks for pages over one connection."""

    def __init__(self, port: int) -> None:
        self.port, self.line = port, http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> int:
        origin = f"http://127.0.0.1:{self.port}"
        headers = {"Cookie": f"partnerships-{self.port}={KEYS.cookie}", "Origin": origin}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
        self.line.request(method, path, urlencode(form) if form else None, headers)
        answer = self.line.getresponse()
        answer.read()
        return answer.status


SLOW = {
    "nothing": "",
    "half a head": "GET /plans HTTP/1.1\r\nHost: x\r\n",
    "a form that never comes": "POST /plan/1/note{head}Content-Length: 900000\r\n\r\n",
    "a head that drips": "GET /plans HTTP/1.1\r\nX: +",
    "a form that drips": "POST /plan/1/note{head}Content-Length: 900000\r\n\r\n+",
    "another request that never comes": "GET /plans{head}\r\n",
    "another request that drips": "GET /plans{head}\r\n+",
}


@pytest.mark.parametrize("what", SLOW)
def test_who_is_too_slow_is_let_go(hurried: None, port: int, what: str, monkeypatch: pytest.MonkeyPatch):
    method, apart, rest = SLOW[what].partition("{head}")
    text = head(port, method) + rest if apart else method
    with socket.create_connection(("127.0.0.1", port), SECONDS) as line:
        line.sendall(text.removesuffix("+").encode())
        line.settimeout(0.02 if text.endswith("+") else SECONDS)
        for _ in range(SECONDS * 50):
            try:
                if not line.recv(65536):
                    break
            except TimeoutError:
                assert text.endswith("+"), "it was not let go"
                try:
                    line.sendall(b"x")
                except OSError:
                    break
            except ConnectionError:
                break
        else:
            pytest.fail("it was not let go")
    monkeypatch.setattr(connection, "GRACE_SECONDS", SECONDS)  # patience again, which a busy machine may need
    assert Visitor(port).ask("GET", "/plans") == 200


def test_who_waits_for_an_answer_is_not_let_go_and_holds_up_nobody(hurried: None, project: Project, port: int):
    answers: list[int] = []
    form = {"name": "Changed", "note": ""}
    with closing(sqlite3.connect(project.path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")  # another program writes: whoever wants the project has to wait
        waiting = [
            Thread(target=lambda: answers.append(Visitor(port).ask("POST", "/plan/1/note", form))) for _ in range(3)
        ]
        waiting += [Thread(target=lambda: answers.append(Visitor(port).ask("GET", "/plans")))]
        for thread in waiting:
            thread.start()
        with socket.create_connection(("127.0.0.1", port), SECONDS) as silent:  # is let go once patience is at an end
            assert [Visitor(port).ask("GET", "/static/page.css") for _ in range(5)] == [200] * 5
            with suppress(ConnectionError):
                assert not silent.recv(1)
        assert answers == []
        other.execute("ROLLBACK")
    for thread in waiting:
        thread.join(SECONDS)
    assert sorted(answers) == [200, 303, 303, 303] and project.plan(1).name == "Changed"  # type: ignore[union-attr]


def test_the_loop_that_serves_all_pages_reads_writes_and_works_out_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    """Whatever is asked: our code for data, scenarios and the project runs in threads, and no file is opened."""
    met: set[str] = set()

    def note(frame: FrameType, event: str, what: object) -> None:
        path = Path(frame.f_code.co_filename)
        ours = path.is_relative_to(ROOT / "geodata") or path.is_relative_to(ROOT / "partition")
        if event == "call" and ours and not path.is_relative_to(ROOT / "partition" / "web"):
            met.add(f"{path.relative_to(ROOT)}: {frame.f_code.co_name}")
        if event == "c_call" and what in (open, os.open, os.stat, os.replace, sqlite3.connect):
            met.add(f"{path}: {what}")

    async def nothing(self: object, job: Job) -> None:  # a worker each time would take all day
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    answers = Counter[int]()
    with client_of(project) as client:
        client.portal.call(sys.setprofile, note)  # type: ignore[union-attr]
        for method, path, given in islice(every(), 0, None, 97):
            answers[client.request(method, HOME + path, **given).status_code // 100] += 1
        client.portal.call(sys.setprofile, None)  # type: ignore[union-attr]
    assert min(answers[2], answers[3], answers[4]) > 0 and not answers[5]
    assert met == set()
