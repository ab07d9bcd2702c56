"""Kept plans from their pages: noted, compared, removed. Real workers, a town one can check by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from served import study, work
from starlette.testclient import TestClient
from test_web_work import wait
from town import write_town

from partition.model.costs import Cost
from partition.storage.project_file import Project, about
from partition.web.plan_tables import PRICES, plan_tables
from partition.web.replies import Reply, record, replies_to

TOWN = (0, 1, 10, 11)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Three plans of four schools along a road: in pairs, all four together, and as they are today."""
    project = Project(tmp_path / "project.gpkg")
    for name, most in (("Pairs", 2), ("Four", 4)):
        rules = f"[rules]\nheads_min = {most}\nheads_max = {most}\nminutes_max = 60\n"
        town = write_town(tmp_path, *TOWN, today={"Fen": ["900001", "900002"]}, settings=rules)
        work(project, "plan", town, name=name)
    work(project, "judge", town, name="Today")
    return project


def compared(client: TestClient, *numbers: int) -> str:
    """The address of the page that compares these plans, once it is there."""
    answer = client.post("/compare", data={"plan": [str(number) for number in numbers]})
    assert answer.status_code == 303, answer.text
    path = answer.headers["location"]
    return str(wait(lambda: client.get(path).headers.get("location")))


def test_a_comparison_can_be_taken_along_as_the_command_writes_it(client: TestClient, project: Project):
    page = client.get(compared(client, 1, 2)).text
    files = re.findall(r'href="(/plan/2/files/plans 1-2[^"]+)" download>([^<]+)<', page)
    assert [words for _, words in files] == [
        "Plans 1 and 2 compared (page)",
        "Plans 1 and 2 compared, for papers (Markdown)",
        "Plans 1 and 2 compared: figures (CSV)",
        "Plans 1 and 2 compared: schools that move (CSV)",
        "Plans 1 and 2 compared: partnerships (CSV)",
    ]
    texts = [client.get(path).text for path, _ in files]
    assert "School 900003" in texts[3] and "School 900003; School 900004" in texts[4]
    assert "**A**: Pairs" in texts[1] and "**B**: Four" in texts[1]


def test_what_a_plan_is_priced_at_is_told_term_by_term_and_adds_up(project: Project):
    """Two pairs, each with a head of its own denomination: unlike heads are a term that few plans have."""
    settings = "[rules]\nheads_min = 2\nheads_max = 2\n[preferences.minutes_per_difference]\nfaith = 20\n"
    town = write_town(project.folder, *TOWN, columns={"faith": ["a", "b", "a", "b"]}, settings=settings)
    number = work(project, "plan", town)["plan"]
    figures = plan_tables(project.file(number, "plan.gpkg") or b"").figures
    assert ("unlike heads", 40_000) in figures["prices"]
    assert sum(price for _, price in figures["prices"]) == figures["priced"]
    assert PRICES.keys() == Cost().amounts.keys()


def test_a_plan_is_removed_with_all_about_it_once_that_is_confirmed(client: TestClient, project: Project):
    kept = project.plan(2)
    assert kept is not None
    record(project, kept, {"900001": Reply("yes")})
    both, others = compared(client, 1, 2), compared(client, 3, 1)
    page = client.get("/plan/2/remove").text
    assert "cannot be brought back" in page and "answers of 1 school that" in page
    assert client.get("/plan/2").status_code == 200  # asking removes nothing
    assert client.post("/plan/2/remove", headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post("/plan/2/remove").headers["location"] == "/plans"
    assert [plan.id for plan in project.plans()] == [3, 1] and replies_to(project, kept) == {}
    assert project.setting(about(2, "answers")) is None
    for gone in ("/plan/2", "/plan/2/map", "/plan/2/remove", "/plan/2/hand/state", both):
        assert client.get(gone).status_code == 404, gone
    assert client.post("/plan/2/remove").status_code == 404
    assert "Take it with you" in client.get(others).text


def test_a_study_of_a_plan_that_is_removed_meanwhile_ends_by_being_told(client: TestClient, project: Project):
    jobs = client.app.state.desk.work  # type: ignore[attr-defined]
    client.post("/plan/1/papers/verify")
    client.post("/plan/1/papers", data={"day": "", "sheets": ""})  # waits for the first
    assert client.post("/plan/1/remove").status_code == 303
    ended = [wait(lambda what=what: jobs.latest(what, 1).ended) for what in ("verify", "papers")]
    assert ended[1]["no_plan"] == "stopped before it began"
    assert client.get("/plan/1/papers").status_code == 404 and project.plan(1) is None
    assert "agree" in study(client, "/plan/2/papers/verify", {})  # and the next is done
