"""Every route under what no browser would send, by a seed: refused or answered; nothing is broken, lost or leaked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from fuzzing import asked, path_of
from served import HOME, KEYS, client_of
from starlette.testclient import TestClient
from test_project import judged, keep
from town import write_town

from partition.project import PLAN, Project
from partition.web.tasks import TASKS
from partition.web.tasks.order import Order

TIMES = 1500
SECRET = "900099,SECRET"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with groups judged, and with a plan whose file is damaged; a file outside that nobody may see."""
    scenario = write_town(tmp_path / "in", 0, 1, 10, 11, today={"Fen": [900001, 900002]})
    (tmp_path / "secret.csv").write_text(SECRET)
    path = tmp_path / "in" / "project.gpkg"
    order = Order(what="judge", project=str(path), scenario=scenario.read_text(encoding="utf-8"))
    TASKS["judge"](order, lambda *_, **__: None, Event())
    keep(Project(path), *judged(scenario), b"no plan at all")
    return Project(path)


@pytest.fixture
def client(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client whose work is begun but not done: a worker each time would take all day."""

    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    with client_of(project) as client:
        yield client


def test_nothing_sent_breaks_anything(client: TestClient, project: Project):
    draws, plan = random.Random(20261125), project.file(1, PLAN)
    for _ in range(TIMES):
        method, path, given = draws.choice(("GET", "GET", "POST", "POST", "HEAD", "PUT")), path_of(draws), asked(draws)
        answer = client.request(method, HOME + path, **given)
        assert answer.status_code < 500, (method, path, given, answer.text[:2000])
        assert answer.headers["content-security-policy"] and answer.headers["x-content-type-options"] == "nosniff"
        assert SECRET not in answer.text and KEYS.token not in answer.text and KEYS.cookie not in answer.text
        assert "<img src=x" not in answer.text and "Traceback" not in answer.text
        is_map = answer.headers["content-security-policy"].startswith("sandbox")  # which has scripts of its own
        assert is_map or "<script>" not in answer.text
        assert "x" not in answer.cookies
    assert project.file(1, PLAN) == plan and project.file(2, PLAN) == b"no plan at all"
    outside = {path.name for path in project.folder.parent.iterdir()}
    assert outside == {"in", "secret.csv"}
    inside = {path.suffix for path in project.folder.rglob("*") if path.is_file()}
    assert inside <= {".gpkg", ".csv", ".xlsx", ".toml"}
