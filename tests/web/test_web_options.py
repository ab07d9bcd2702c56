"""Options beside a kept plan: other plans, curves of trade-offs, and any of them taken; and in a browser."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from served import client_of, work
from starlette.testclient import TestClient
from test_browser_web import shown, sound
from test_web_work import done, job_of, wait
from town import write_town
from waiting import expect

from partition.storage.project_file import PLAN, Project
from partition.web.tasks import TASKS

PAIRS = """[rules]
heads_min = 2
heads_max = 2
[preferences]
meetings_per_year = 1
minutes_per_link = 5
minutes_per_separation = 20
"""
WHERE = (0, 1, 10, 11, 30, 31, 50, 51)
TODAY = {  # pairs that cross over
    "North": ["900001", "900003"],
    "South": ["900002", "900004"],
    "West": ["900005", "900007"],
    "East": ["900006", "900008"],
}
LINKS = "900001,900003,1 900005,900007,0.5"
CHANGE = "section[aria-labelledby=change]"
ASKED = {"within": "100", "count": 3, "differ": 2}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Eight schools along a road, two fours of crossed pairs; kept: the plan that puts the far one right."""
    project = Project(tmp_path / "project.gpkg")
    town = write_town(tmp_path, *WHERE, today=TODAY, links=LINKS, settings=PAIRS)
    done(project, "plan", town.read_text(encoding="utf-8"))
    return project


def study(project: Project, what: str, tell: Callable[..., None] = lambda event, **facts: None, **given: Any) -> Any:
    """A study of the plan kept first, done in this process; what it answers."""
    plan = None if what == "take" else 1
    return work(project, what, plan=plan, given=given, tell=tell)


def found(project: Project, name: str) -> Any:
    return json.loads(project.file(1, name) or "null")


def test_other_plans_are_found_told_and_kept_with_what_they_share(client: TestClient, project: Project) -> None:
    told: list[str] = []
    study(project, "alternatives", lambda event, **facts: told.append(facts["words"]), **ASKED)
    facts = found(project, "alternatives.json")
    options = facts["options"]
    assert [option["key"] for option in options] == ["A", "B", "C", "D"]
    assert [option["words"] for option in options] == [words for words in told if words.startswith("Option")]
    assert sum(count for _, _, count in facts["firmness"]) == len(WHERE)
    page = client.get("/plan/1/options").text
    assert all(option["amount"] in page for option in options) and "cut off" not in page
    assert client.get("/plan/1/options/map").headers["content-security-policy"].startswith("sandbox allow-scripts")
    plans = client.get("/plan/1/files/alternatives_plans.zip").content
    assert zipfile.ZipFile(io.BytesIO(plans)).namelist() == [f"option_{letter}.gpkg" for letter in "abcd"]


def test_an_option_is_kept_as_a_plan_of_its_own_once(client: TestClient, project: Project) -> None:
    study(project, "alternatives", **ASKED)
    answer = client.post("/plan/1/options/take", data={"of": "alternatives", "which": "B"})
    job = job_of(client, answer.headers["location"])
    assert wait(lambda: job.ended)["go"] == "/plan/2"
    kept, option = project.plans()[0], found(project, "alternatives.json")["options"][1]
    assert (kept.digest, kept.name) == (option["digest"], f"{project.plans()[1].name}, option B")
    assert kept.status == "feasible" and kept.scenario == project.plans()[1].scenario
    again = client.post("/plan/1/options/take", data={"of": "alternatives", "which": "B"})
    assert again.headers["location"] == "/plan/2"
    page = client.get("/plan/1/options").text
    assert "Kept as plan 2" in page and "Compare with this plan" in page
    assert client.post("/plan/1/options/take", data={"of": "alternatives", "which": "Z"}).status_code == 404
    assert client.post("/plan/1/options/take", data={"of": "frontier", "which": "B"}).status_code == 404


def test_what_was_found_before_a_crash_is_there(client: TestClient, project: Project) -> None:
    class Killed(Exception):
        pass

    def tell(event: str, **facts: Any) -> None:
        if facts.get("words", "").startswith("Option B"):
            raise Killed

    with pytest.raises(Killed):
        study(project, "alternatives", tell, **ASKED)
    page = client.get("/plan/1/options").text
    assert "cut off before its end" in page and "Keep as a plan of its own" in page
    study(project, "take", plan=1, of="alternatives", which="B")
    assert project.plans()[0].name.endswith("option B")


def test_what_is_asked_stays_in_the_form_while_it_is_looked_for(client: TestClient) -> None:
    client.post("/plan/1/options/alternatives", data={"within": "7.5", "count": "3", "differ": "2"})
    assert 'name="within" value="7.5"' in client.get("/plan/1/options").text


def test_a_form_that_is_not_right_says_all_that_is_wrong(client: TestClient) -> None:
    wrong = {"within": "<b>", "count": "0", "differ": ""}
    answer = client.post("/plan/1/options/alternatives", data=wrong)
    assert answer.status_code == 422 and answer.text.count('aria-invalid="true"') == 3
    assert 'value="&lt;b&gt;"' in answer.text and "whole number of 1 to 25" in answer.text
    assert client.post("/plan/9/options/least-change").status_code == 404


def test_least_change_point_by_point_and_each_can_be_taken(client: TestClient, project: Project) -> None:
    told: list[str] = []
    study(project, "least change", lambda event, **facts: told.append(facts["words"]))
    facts = found(project, "least_change.json")
    words = [point["words"] for point in facts["options"]]
    assert words == [
        "0 heads move: 2.0 hours a year",
        "2 heads move: 0.8 hours a year, saves 1.2 hours",
        "4 heads move: 0.3 hours a year, saves 1.7 hours",
    ]
    assert [line for line in told if "heads move" in line and "looking" not in line.lower()] == [
        "4 heads move: 0.3 hours a year",  # first, without a limit
        "0 heads move: 2.0 hours a year",
        words[1],
    ]
    assert [len(point["who"]) for point in facts["options"]] == [0, 2, 4]
    page = client.get("/plan/1/options").text
    assert all(f"<h3>{line}</h3>" in page for line in words)
    study(project, "take", plan=1, of="least change", which="2")
    kept = project.plans()[0]
    assert (kept.status, kept.digest) == ("optimal", facts["options"][1]["digest"])
    assert "moved_max = 2" in kept.scenario and "minutes_per_separation = 0" in kept.scenario
    done(project, "plan", kept.scenario)  # its settings find it again
    assert project.plans()[0].digest == kept.digest


def test_links_are_named_in_internal_plans_only(client: TestClient, project: Project) -> None:
    study(project, "frontier")
    points = found(project, "frontier.json")["options"]
    assert [point["key"] for point in points] == ["0", "0.5"] and not any(point["who"] for point in points)
    scenario = project.plans()[0].scenario
    asked = project.ask("plan", scenario, internal=True)
    kept = work(project, "plan", scenario, asked=asked, internal=True)["plan"]
    work(project, "frontier", plan=kept)
    told = json.loads(project.file(kept, "frontier.json") or "")["options"]
    assert told[1]["who"] == ["School 900005 and School 900007"]


def test_fairness_point_by_point_names_nobody(client: TestClient, project: Project) -> None:
    study(project, "fairness")
    points = found(project, "fairness.json")["options"]
    assert points and points == sorted(points, key=lambda point: point["count"])
    assert all("for any one head" in point["words"] and point["who"] == [] and point["proven"] for point in points)
    study(project, "take", plan=1, of="fairness", which=points[0]["key"])
    kept = project.plans()[0]
    assert f"head_minutes_max = {points[0]['key']}" in kept.scenario and "head_minutes_price = []" in kept.scenario
    done(project, "plan", kept.scenario)
    assert project.plans()[0].digest == kept.digest
    assert "How evenly can travel be shared?" in client.get("/plan/1/options").text


def test_where_nobody_is_grouped_or_linked_that_is_said(project: Project, tmp_path: Path) -> None:
    done(project, "judge", project.plans()[0].scenario)
    done(
        project, "plan", write_town(tmp_path / "bare", *WHERE, settings=PAIRS).read_text().replace('"sch', '"bare/sch')
    )
    with client_of(project) as client:
        judged, bare = client.get("/plan/2/options").text, client.get("/plan/3/options").text
    assert "no search stands behind them" in judged and "Trace the curve" in judged
    assert "Nobody is grouped today" in bare and "No working links" in bare and bare.count("Trace the curve") == 1


def test_improving_by_hand_begins_with_the_draft(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    client.post("/plan/1/hand/edit", content=json.dumps({"kind": "move", "urn": "900001", "to": "none"}))
    order = job_of(client, client.post("/plan/1/hand/improve", data={"moves": "2"}).headers["location"]).order
    begun: list[Any] = []

    def solved(problem: Any, *_: Any, start: Any = None, **more: Any) -> None:
        begun.append(start)
        raise InterruptedError

    monkeypatch.setattr(import_module("partition.solver"), "solve", solved)
    with pytest.raises(InterruptedError):
        TASKS["plan"](order, lambda event, **facts: None, Event())
    assert begun[0].alone == ("900001",)


# In a browser -----------------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_options_appear_are_compared_and_the_dial_is_turned_by_keyboard(
    serve: Any, visit: Any, project: Project
) -> None:
    page = visit(serve())
    page.goto(page.url + "plan/1")
    page.get_by_role("link", name="Options", exact=True).click()
    page.get_by_label("Dearer than the best").fill("100")
    page.get_by_label("Other plans, at most").fill("2")
    page.get_by_label("Schools that differ").fill("2")
    page.get_by_role("button", name="Look for other plans").click()
    drawn = page.frame_locator('iframe[src$="/options/map"]')
    drawn.locator("html[data-ready] #map path.area").first.wait_for()
    expect(page.locator("section[aria-labelledby=others] .busy")).to_have_count(0)
    expect(page.locator("#said")).to_have_text(re.compile("firm core|in common"))
    page.get_by_text(re.compile("Firm core: together")).click()
    sound(page)
    page.get_by_role("button", name=re.compile(r"Keep as a plan of its own \(option B\)")).click()
    page.wait_for_url(re.compile("/plan/2$"))
    page.goto(page.url.replace("/plan/2", "/plan/1/options"))
    page.get_by_role("button", name=re.compile("Compare with this plan")).click()
    page.wait_for_url(re.compile("/compare/1-2$"))
    page.goto(page.url.replace("/compare/1-2", "/plan/1/options"))
    change = page.locator(CHANGE)
    change.get_by_role("button", name="Trace the curve").click()
    dial = change.get_by_role("slider")
    dial.wait_for()  # while points still arrive, or just after
    change.locator(".files a").first.wait_for()
    dial.press("Home")
    assert dial.get_attribute("aria-valuetext") == "0 heads move: 2.0 hours a year, proven"
    first = shown(page, f"{CHANGE} article:not([hidden]) h3")
    dial.press("ArrowRight")
    assert shown(page, f"{CHANGE} article:not([hidden]) h3") != first
    assert change.locator("article:not([hidden])").count() == 1
    assert change.locator("svg.chart .chosen").count() == 1
    sound(page)
    dial.press("Home")
    change.get_by_role("button", name="Take this plan").press("Enter")
    page.wait_for_url(re.compile("/plan/3$"))
    assert project.plans()[0].name.endswith("at most 0 heads move") and project.file(3, PLAN)
