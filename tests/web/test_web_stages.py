"""How far partnerships have come, from the page: the log stands in the plan's own file, as the command keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from served import study, work
from starlette.testclient import TestClient
from town import write_town
from typer.testing import CliRunner

from partition.cli import app
from partition.storage.project_file import Project

pytestmark = pytest.mark.usefixtures("no_workers")

DECISION = {"partnership": "1", "stage": "approved", "day": "2027-03-01", "costs": "12000", "note": "by <b>Cabinet</b>"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    path = write_town(tmp_path, 0, 1, 40, 41, settings="[rules]\nheads_min = 2\nheads_max = 2\n")
    project = Project(tmp_path / "project.gpkg")
    work(project, "plan", path)
    return project


def test_a_decision_stands_in_the_plan_on_its_map_and_for_the_command(
    client: TestClient, project: Project, tmp_path: Path
):
    drawn = project.file(1, "map.html")
    study(client, "/plan/1/stages", DECISION | {"stage": "negotiated", "day": "2027-01-10", "costs": "", "note": ""})
    page = study(client, "/plan/1/stages", DECISION)
    assert "10 January 2027: negotiated" in page and "£12,000: by &lt;b&gt;Cabinet" in page and "<b>Cabinet" not in page
    assert ">approved</td>" in client.get("/plan/1").text and project.file(1, "map.html") != drawn
    (tmp_path / "taken.gpkg").write_bytes(project.file(1, "plan.gpkg") or b"")
    told = CliRunner().invoke(app, ["stage", str(tmp_path / "taken.gpkg"), "--json"])
    facts = json.loads(told.stdout)
    assert [one["stage"] for one in facts["partnerships"]] == ["approved", "proposed"]
    assert [one["day"] for one in facts["log"]] == ["2027-01-10", "2027-03-01"]
    assert "agree" in study(client, "/plan/1/papers/verify", {})


def test_a_decision_is_written_down_although_the_data_have_changed_since(client: TestClient, project: Project):
    drawn = project.file(1, "map.html")
    schools = project.folder / "schools.csv"
    schools.write_text(schools.read_text(encoding="utf-8").replace(",100\n", ",99\n", 1), encoding="utf-8")
    page = study(client, "/plan/1/stages", DECISION)
    assert "1 March 2027: approved" in page and "Something needs mending" not in page
    assert project.file(1, "map.html") != drawn and b"approved" in (project.file(1, "map.html") or b"")


def test_two_decisions_asked_for_at_once_are_both_kept(client: TestClient, project: Project):
    client.post("/plan/1/stages", data=DECISION)
    page = study(client, "/plan/1/stages", DECISION | {"partnership": "2", "stage": "negotiated"})
    assert "1 March 2027: approved" in page and "1 March 2027: negotiated" in page


def test_an_approval_without_costs_is_not_written_down_where_the_scheme_pays_on_them(
    client: TestClient, project: Project, tmp_path: Path
):
    money = "[money]\nstart_per_school = 20000\nstart_needs_costs = true\n"
    work(
        project, "plan", write_town(tmp_path, 0, 1, 40, 41, settings=f"[rules]\nheads_min = 2\nheads_max = 2\n{money}")
    )
    answer = client.post("/plan/2/stages", data=DECISION | {"costs": ""})
    assert answer.status_code == 422 and "The scheme pays on the approved costs" in answer.text
    assert "1 March 2027: approved" in study(client, "/plan/2/stages", DECISION | {"costs": "0"})


def test_what_is_wrong_with_a_decision_is_told_at_once_and_what_was_typed_stays(client: TestClient, project: Project):
    before = project.file(1, "plan.gpkg")
    wrong = {"partnership": "7", "stage": "soon", "day": "1 March", "costs": "12k", "note": "</textarea><b>Bold"}
    answer = client.post("/plan/1/stages", data=wrong)
    assert answer.status_code == 422
    for words in ("one of the partnerships", "heads of agreement signed", "day of the decision", "whole pounds"):
        assert words in answer.text
    assert ">&lt;/textarea&gt;&lt;b&gt;Bold</textarea>" in answer.text and 'value="12k"' in answer.text
    assert project.file(1, "plan.gpkg") == before
