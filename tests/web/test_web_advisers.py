"""Advisers of a kept plan from its pages: shared out, one who leaves, each one's patch alone."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import client_of, study, work
from starlette.testclient import TestClient
from town import write_csv, write_town

from partition.storage.project_file import Project

pytestmark = pytest.mark.usefixtures("no_workers")

PEOPLE = [("Ann <i>A.</i>", "West", 500_000, 350_000), ("Bea", "East", 540_000, 350_000)]
HEADINGS = ["adviser", "office", "easting", "northing"]
SETTINGS = '[advisers]\npeople = "advisers.csv"\n'


def planned(folder: Path, settings: str) -> Project:
    """Two partnerships of two schools, 40 km apart, an adviser's office by each."""
    write_csv(folder / "advisers.csv", HEADINGS, PEOPLE)
    path = write_town(folder, 0, 1, 40, 41, settings=f"[rules]\nheads_min = 2\nheads_max = 2\n{settings}")
    project = Project(folder / "project.gpkg")
    work(project, "plan", path)
    return project


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with client_of(planned(tmp_path, SETTINGS)) as client:
        yield client


def test_each_patch_is_the_nearer_ones_and_says_nothing_of_the_others(client: TestClient):
    page = study(client, "/plan/1/advisers", {})
    assert "Ann &lt;i&gt;" in page and "<i>A" not in page and "no schools change adviser" in page
    ann, bea = (client.get(f"/plan/1/advisers/{place}") for place in (1, 2))
    assert "School 900001 (100)" in ann.text and "School 900002" in ann.text and "School 900003" not in ann.text
    assert "School 900004 (100)" in bea.text and "School 900001" not in bea.text
    drawn = client.get("/plan/1/advisers/2/map")
    assert drawn.headers["content-security-policy"].startswith("sandbox") and "School 900001" not in drawn.text
    assert client.post("/plan/1/advisers/choose", data={"place": "2"}).headers["location"] == "/plan/1/advisers/2"
    assert client.get("/plan/1/advisers/3").status_code == client.get("/plan/1/advisers/0/map").status_code == 404
    assert client.post("/plan/1/advisers/choose", data={"place": "x"}).status_code == 400
    paper = client.get("/plan/1/files/advisers/02_Bea.html")
    assert paper.status_code == 200 and b"School 900003" in paper.content


def test_an_adviser_leaves_and_comes_back(client: TestClient):
    page = study(client, "/plan/1/advisers", {"leaving": "Bea"})
    assert (
        "Without Bea" in page and 'value="Bea" checked' in page and client.get("/plan/1/advisers/2").status_code == 404
    )
    page = study(client, "/plan/1/advisers", {})
    assert "Without" not in page and client.get("/plan/1/advisers/2").status_code == 200


def test_a_plan_that_knows_no_advisers_takes_those_added_since(tmp_path: Path):
    with client_of(planned(tmp_path, "")) as client:
        assert "No advisers are known yet" in client.get("/plan/1/advisers").text
        assert "Name the file of advisers" in study(client, "/plan/1/advisers", {})
        client.app.state.desk.workspace.take_in_hand('[data]\nschools = "schools.csv"\n')  # type: ignore[attr-defined]
        people = {"file": ("people.csv", io.BytesIO((tmp_path / "advisers.csv").read_bytes()))}
        assert client.post("/data", data={"role": "advisers"}, files=people).status_code == 303
        assert "No advisers" not in client.get("/plan/1/advisers").text
        assert (
            "School 900003" in study(client, "/plan/1/advisers", {})
            or client.get("/plan/1/advisers/2").status_code == 200
        )
