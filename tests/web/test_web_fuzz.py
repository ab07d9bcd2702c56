"""Every route under what no browser would send, by a seed: refused or answered; nothing is broken, lost or leaked."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Iterator, Set
from pathlib import Path
from typing import Any

import pytest
from fuzzing.cases import Case, case, lay_out
from fuzzing.hostile import Bait
from fuzzing.inputs import INPUTS, write_data
from fuzzing.requests import PLAUSIBLE, asked, every, path_of
from keeping import judged, keep
from served import HOME, KEYS, client_of, work
from starlette.testclient import TestClient
from town import write_town

from partition.storage.project_file import PLAN, Project
from partition.web.workspace import Workspace

TIMES = 1000
SECRET = "900099,SECRET"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with groups judged, and with a plan whose file is damaged; a file outside that nobody may see."""
    scenario = write_town(tmp_path / "in", 0, 1, 10, 11, today={"Fen": ["900001", "900002"]})
    (tmp_path / "secret.csv").write_text(SECRET)
    project = Project(tmp_path / "in" / "project.gpkg")
    work(project, "judge", scenario)
    keep(project, *judged(scenario), b"no plan at all")
    return project


@pytest.fixture
def client(project: Project, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A client whose work is begun but not done: a worker each time would take all day."""

    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    with client_of(project) as client:
        yield client


def test_nothing_drawn_breaks_anything(client: TestClient, project: Project):
    draws, plan = random.Random(20261125), project.file(1, PLAN)
    for _ in range(TIMES):
        method, path, given = draws.choice(("GET", "GET", "POST", "POST", "HEAD", "PUT")), path_of(draws), asked(draws)
        withstood(client, method, path, given)
    unharmed(project, plan)


def test_every_route_withstands_every_kind_of_request(client: TestClient, project: Project):
    plan, answers = project.file(1, PLAN), Counter[str]()
    for method, path, given in every():
        answers[f"{withstood(client, method, path, given) // 100}xx"] += 1
    unharmed(project, plan)
    assert min(answers["2xx"], answers["3xx"], answers["4xx"]) > 50, answers  # some of it is let through, most is not


ROLES = {  # what a file of the campaign is given to the page as
    "schools": "instead",
    "existing": "existing",
    "joined": "join",
    **{name: name for name in ("links", "headships", "answers", "advisers", "roads", "base")},
}


def test_spoilt_files_that_are_uploaded_are_refused_or_shown(
    client: TestClient, project: Project, tmp_path_factory: pytest.TempPathFactory
):
    """What a check finds in them is its own matter, as on the command line; here are the pages that show them."""
    town, plan = project.folder.joinpath("town.toml").read_text(encoding="utf-8"), project.file(1, PLAN)
    good, folder = (tmp_path_factory.mktemp("files") / name for name in ("good", "spoilt"))
    write_data(good)
    Workspace(project).take_in_hand(town)
    for one in uploads():
        lay_out(one, good, folder, Bait())
        path = folder / INPUTS[one.input].file
        if path.is_file():
            given = {"data": {"role": ROLES.get(one.input.split(",")[0], "instead")}}
            withstood(client, "POST", "/data", given | {"files": {"file": (path.name, path.read_bytes())}})
            withstood(client, "GET", "/data", {})
            withstood(client, "GET", "/settings", {})
        Workspace(project).save(town)
        shutil.rmtree(folder)
    unharmed(project, plan, {".gpkg", ".csv", ".xlsx", ".toml", ".geojson", ".pbf", ".graphml", ".parquet"})


def uploads() -> Iterator[Case]:
    """A case of each input that can be uploaded."""
    for seed in range(len(INPUTS)):
        one = case(seed)
        if one.input not in {"--set", "plan", "other plan", "existing, plan", "project"}:
            yield one


def test_settings_withstand_whatever_is_typed_together(client: TestClient, project: Project):
    workspace, draws = Workspace(project), random.Random(4)
    town = write_town(project.folder, 0, 1, 10, 11, today={"Fen": ["900001", "900002"]}).read_text(encoding="utf-8")
    workspace.take_in_hand(town)
    names = sorted(set(re.findall(r'name="([^"]+)"', client.get("/settings").text)))
    for step in range(120):
        form = {name: draws.choice(PLAUSIBLE) for name in draws.sample(names, draws.randrange(1, 5))}
        withstood(client, "POST", draws.choice(("/settings", "/settings/look")), {"data": form})
        if step % 20 == 19:
            assert withstood(client, "GET", "/settings", {}) == withstood(client, "GET", "/what-if", {}) == 200
            workspace.save(town)


def withstood(client: TestClient, method: str, path: str, given: dict[str, Any]) -> int:
    """Ask for it: it is answered or refused, in a fence, with nothing in it that nobody may see; the answer's code."""
    answer = client.request(method, HOME + path, **given)
    assert answer.status_code < 500, (method, path, given, answer.text[:2000])
    assert answer.headers["content-security-policy"] and answer.headers["x-content-type-options"] == "nosniff"
    assert SECRET not in answer.text and KEYS.token not in answer.text and KEYS.cookie not in answer.text
    assert "Traceback" not in answer.text
    if answer.headers.get("content-type", "").startswith("text/html"):
        is_map = answer.headers["content-security-policy"].startswith("sandbox")  # which has scripts of its own
        assert "<img src=x" not in answer.text and (is_map or "<script>" not in answer.text)
    assert "x" not in answer.cookies
    return answer.status_code


DATA = frozenset({".gpkg", ".csv", ".xlsx", ".toml"})


def unharmed(project: Project, plan: bytes | None, data: Set[str] = DATA) -> None:
    """The plans are as they were, and nothing else was written than data, in their folder."""
    assert project.file(1, PLAN) == plan and project.file(2, PLAN) == b"no plan at all"
    outside = {path.name for path in project.folder.parent.iterdir()}
    assert outside == {"in", "secret.csv"}
    inside = {path.suffix for path in project.folder.rglob("*") if path.is_file()}
    assert inside <= data
