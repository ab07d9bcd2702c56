"""What nobody caught: a fault of the disk or of what was read is told with its fix, one of ours with its log."""

from __future__ import annotations

import errno
import io
import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyogrio
import pytest
from served import client_of
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from partition.storage.project_file import Project
from partition.web import worker
from partition.web.pages import ROUTES
from partition.web.tasks import TASKS
from partition.web.tasks.order import Order

wrong: Exception = RuntimeError()


def break_down(request: Request) -> Response:
    raise wrong


async def break_down_in_the_loop(request: Request) -> Response:
    raise wrong


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project.gpkg")


@pytest.fixture
def client(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """The pages, with two that break down."""
    broken = [Route("/broken", break_down), Route("/broken/loop", break_down_in_the_loop)]
    monkeypatch.setattr("partition.web.app.ROUTES", [*ROUTES, *broken])
    with client_of(project) as client:
        yield client


@pytest.mark.parametrize("path", ["/broken", "/broken/loop"])
def test_a_fault_of_ours_is_told_as_such_and_nothing_of_it_shown(
    path: str, client: TestClient, logs: Path, capfd: pytest.CaptureFixture[str]
):
    global wrong
    wrong = RuntimeError("a private word")
    told = client.get(path)
    (log,) = logs.iterdir()
    said = capfd.readouterr()
    assert told.status_code == 500 and "fault of the program" in told.text and log.name in told.text
    assert "fault of the program" in said.err and log.name in said.err and len(said.err.strip().splitlines()) == 3
    for shown in (told.text, said.err, said.out):
        assert "Traceback" not in shown and "private word" not in shown
    assert "a private word" in (text := log.read_text()) and "break_down" in text
    assert told.headers["content-security-policy"] and client.get("/").status_code == 200


EXPECTED = [
    (OSError(errno.ENOSPC, "No space left", "/a/b/plan.gpkg"), 503, "plan.gpkg", "disk is full"),
    (PermissionError(errno.EACCES, "Permission denied", "/a/b/data"), 503, "data", "ask for the right"),
    (OSError(errno.EIO, "Input/output error"), 503, "the disk", "Input/output error"),
    (sqlite3.OperationalError("database or disk is full"), 503, "the project", "disk is full"),
    (MemoryError(), 503, "this machine", "memory"),
    (pa.ArrowInvalid("Not a Parquet file\nand more"), 400, "the data", "Not a Parquet file"),
    (pyogrio.errors.DataSourceError("no such layer"), 400, "the data", "no such layer"),
]


@pytest.mark.parametrize(("error", "status", "file", "fix"), EXPECTED, ids=[file for _, _, file, _ in EXPECTED])
def test_what_is_to_be_expected_is_told_with_what_to_do(
    error: Exception, status: int, file: str, fix: str, client: TestClient, logs: Path
):
    global wrong
    wrong = error
    told = client.get("/broken")
    assert told.status_code == status and file in told.text and fix in told.text
    assert "/a/b" not in told.text and "fault of the program" not in told.text and not logs.exists()


@pytest.mark.parametrize("path", sorted({route.path for route in ROUTES if ":number}" in route.path}))
def test_a_number_that_is_none_of_ours_is_no_page(path: str, client: TestClient):
    parts = path.replace("{name:path}", "x").replace("{key}", "1-2")
    for number in ("9" * 5000, "9" * 13, "-1", "1.5", "٣", "0x1"):
        address = "/".join(number if part.endswith(":number}") else part for part in parts.split("/"))
        for method in ("GET", "POST"):
            assert client.request(method, address).status_code in (404, 405)
    longest = path.replace("{plan:number}", "9" * 12).replace("{number:number}", "9" * 12)
    assert client.get(longest).status_code in (404, 405)


def test_no_page_takes_a_number_of_any_length():
    assert not [route.path for route in ROUTES if ":int}" in route.path or ":float}" in route.path]


@pytest.mark.parametrize(
    ("error", "told"), [(RuntimeError("a private word"), "crashed"), (OSError(errno.ENOSPC, "full", "x"), "faults")]
)
def test_a_worker_tells_what_it_comes_to(
    error: Exception,
    told: str,
    project: Project,
    logs: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
):
    order = Order(what="check", project=str(project.path))

    def fail(*_: object) -> dict[str, object]:
        raise error

    monkeypatch.setitem(TASKS, "check", fail)
    events: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(worker, "_teller", lambda: lambda event, **facts: events.append((event, facts)))
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(asdict(order)) + "\n"))
    worker.main()
    ((event, facts),) = events
    assert event == "ended" and set(facts) == {told} and "private word" not in str(facts)
    assert "Traceback" not in str(capfd.readouterr()) and logs.exists() == (told == "crashed")
