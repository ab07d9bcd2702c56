"""The page with Lincolnshire loaded: what the server takes for each page, the asking included."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest
from cases import REGISTER, SHARED_DATA
from served import client_of, work
from starlette.testclient import TestClient

from partition.project import Project

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not (SHARED_DATA / REGISTER).exists(), reason=f"{REGISTER} is not there"),
]

MILLISECONDS_MAX = 100
TIMES = 15
PAGES = (
    "/",
    "/data",
    "/solve",
    "/plans",
    "/plan/1",
    "/plan/1/map",
    "/plan/1/files/plan.gpkg",
    "/compare/1-2/map",
    "/settings",
    "/what-if",
    "/minutes",
    "/compare/1-2",
    "/plan/1/remove",
    "/plan/1/hand",
    "/plan/1/hand/state",
    "/plan/1/options",
    "/plan/1/answers",
    "/plan/1/stages",
    "/plan/1/papers",
    "/plan/1/papers.zip",
    "/plan/1/advisers",
    "/plan/1/why",
    "/plan/1/why/120584",
    "/plan/1/why/120584/page",
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    project = Project(tmp_path_factory.mktemp("county") / "project.gpkg")
    (project.folder / REGISTER).write_bytes((SHARED_DATA / REGISTER).read_bytes())
    scenario = f'[data]\nschools = "{REGISTER}"\nlocal_authority = "925"\npupils = {{151275 = 61}}\n'

    work(project, "plan", scenario, name="Lincolnshire")
    work(project, "plan", scenario, name="Lincolnshire, again")
    assert [kept.status for kept in project.plans()] == ["optimal", "optimal"]
    with client_of(project) as client:
        desk = client.app.state.desk  # type: ignore[attr-defined]
        desk.workspace.take_in_hand(scenario)
        work(project, "compare", given={"plans": (1, 2)})
        work(
            project, "explain", scenario, plan=1, given={"urn": 120584, "other": None}
        )  # Scamblesby, which is not placed
        until = time.monotonic() + 120
        while "Reading the data" in client.get("/data").text and time.monotonic() < until:
            time.sleep(0.1)
        yield client


@pytest.mark.parametrize("path", PAGES)
def test_a_page(path: str, client: TestClient, tmp_path: Path) -> None:
    took = []
    for _ in range(TIMES):
        began = time.process_time()  # what else the machine does is not the server's
        answer = client.get(path)
        took.append(1000 * (time.process_time() - began))
        assert answer.status_code == 200, answer.text[:500]
    print(f"\n{path:28} {median(took):6.1f} ms of CPU, {len(answer.content) / 1024:8.0f} KiB")
    assert median(took) < MILLISECONDS_MAX
