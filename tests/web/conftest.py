"""What tests of the pages share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from forked import python
from served import Served, client_of, run_here
from starlette.testclient import TestClient
from waiting import MILLISECONDS

from partition.storage.crash_log import FOLDER
from partition.storage.project_file import Project
from partition.web import work
from partition.web.work import Work

EXPECTED = re.compile("ERR_|status of 4(00|22)")  # the server is gone, or says what is typed, or sent, wrong


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    """The pages of the project that a test's module makes."""
    with client_of(project) as client:
        yield client


@pytest.fixture
def no_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked of the page is done in this process: where a worker of its own is not the point."""
    monkeypatch.setattr(Work, "_run", run_here)


@pytest.fixture
def forked_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers are processes of their own, but begin by a fork: where how they begin is not the point."""
    monkeypatch.setattr(work, "sys", SimpleNamespace(executable=python()))


@pytest.fixture(autouse=True)
def logs(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where faults of the program are written down, by its workers too."""
    folder = tmp_path_factory.mktemp("home") / "logs"
    monkeypatch.setenv(FOLDER, str(folder))
    return folder


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts the command on one project; may be called again once that has ended.

    By a fork, and its workers too; as users start it where a test kills or halts it: `serve(sys.executable)`.
    """
    running: list[Served] = []

    def start(by: str | None = None) -> Served:
        running.append(Served(tmp_path / "project.gpkg", by or python()))
        return running[-1]

    yield start
    for served in running:
        served.end()


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[[Served], Any]]:
    """Opens a served page as its address says; it may ask for nothing elsewhere, and complain of nothing."""
    contexts: list[Any] = []
    complaints: list[str] = []

    def open_page(served: Served) -> Any:
        context = chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        context.set_default_timeout(MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda asked: None if asked.url.startswith(served.home) else complaints.append(asked.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: None if EXPECTED.search(said.text) else complaints.append(f"{said.text} {said.location}"),
        )
        page.goto(served.address)
        page.wait_for_url(served.home)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []
