"""Reasons of a kept plan, what each criterion costs, and ways out where there is none. Real workers, little towns."""

from __future__ import annotations

import json
import sqlite3
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from keeping import judged, keep
from served import client_of, held, work
from starlette.testclient import TestClient
from test_browser_web import shown, sound
from test_web_work import asked, done, job_of, loose_county, take, wait
from town import write_town

from partition.storage.project_file import PLAN, Project
from partition.web.ways import ways_of

WHERE = (0, 1, 10, 11, 40)  # pairs, and one far away
NAMES = ["Ash", "Beech", "Cedar <b>", "Damson", "Far"]
RULES = "[rules]\nheads_min = 2\nheads_max = 3\nminutes_max = 12\napart = [[900001, 900003]]\n"
TODAY = {"Fen": ["900001", "900002"], "Wold": ["900003", "900004"]}
CLASH = '[rules]\nheads_min = 2\nheads_max = 2\nlocked = ["Fen"]\npartnerships_min = 3\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project.gpkg")


def planned(project: Project, scenario: str = "", **facts: Any) -> None:
    """A plan of the little county, or of another scenario, kept as number 1."""
    if not scenario:
        scenario = write_town(project.folder, *WHERE, names=NAMES, settings=RULES).read_text(encoding="utf-8")
    assert work(project, "plan", scenario, **facts)["plan"] == 1


def studied(project: Project, what: str, stop: Event | None = None, **given: Any) -> list[dict[str, Any]]:
    """What a study of plan 1 tells, without a process of its own."""
    told: list[dict[str, Any]] = []
    kept = project.plan(1)
    assert kept is not None
    about = {"plan": 1, "internal": kept.internal, "given": given}
    work(project, what, **about, tell=lambda event, **facts: told.append({"event": event, **facts}), stop=stop)
    return told


@pytest.mark.usefixtures("forked_workers")
def test_a_school_asks_and_its_answer_is_found_kept_and_shown_again(client: TestClient, project: Project):
    planned(project)
    page = client.get("/plan/1/why").text
    assert page.index('value="Far (900005)"') < page.index('value="Ash (900001)"') and "Cedar &lt;b&gt;" in page
    assert "Find the reasons" in client.get("/plan/1/why/school?urn=900005").text
    begun = client.post("/plan/1/why", data={"school": "far"})
    assert begun.headers["location"] == "/plan/1/why/school?urn=900005"
    page = client.get("/plan/1/why/school?urn=900005").text
    assert 'id="found"' in page and "Finding the reasons" in page
    job = client.app.state.desk.work.latest("explain", 1)  # type: ignore[attr-defined]
    wait(lambda: job.ended)
    found = [event for event in job.events if event["event"] == "found"]
    assert [len(event["left"]) for event in found] == list(range(len(found) - 1, -1, -1))
    with client_of(Project(project.path)) as again:  # the server started anew
        page = again.get("/plan/1/why/school?urn=900005").text
        assert "Allow 30 minutes for Far" in page or "allow 30 minutes for Far" in page
        assert "accept it unplaced" in page and "longest drive 12 to 17 minutes" in page
        assert "stopped before" not in page and "not for publication are in force" in page
        drawn = again.get("/plan/1/why/page?urn=900005")
        assert "<svg" in drawn.text and "sandbox" in drawn.headers["content-security-policy"]
        assert again.get("/plan/1/files/explain_900005.md").text.startswith("# Far (900005)")
        assert "Far</a>" in again.get("/plan/1/why").text
        assert 'href="/plan/1/why/school?urn=900005"' in again.get("/plan/1").text


def test_two_schools_together_have_an_answer_of_their_own(client: TestClient, project: Project):
    planned(project)
    studied(project, "explain", urn="900001", other="900003")
    page = client.get("/plan/1/why/school?urn=900001&with=900003").text
    assert "cannot be; a criterion that is not for publication." in page and "kept apart" not in page
    assert "Find the reasons" in client.get("/plan/1/why/school?urn=900001").text  # nobody asked for it alone
    assert "/why/school?urn=900001&amp;with=900003" in client.get("/plan/1/why").text
    for address in (
        "school?urn=900001&with=900001",
        "school?urn=900001&with=1",
        "school?urn=900001&with=x",
        "school?urn=1",
        "school",
        "page?urn=900001",
    ):
        assert client.get(f"/plan/1/why/{address}").status_code == 404


def test_an_internal_plan_says_who_is_kept_apart_and_that_it_is_internal(client: TestClient, project: Project):
    planned(project, internal=True)
    studied(project, "explain", urn="900001", other="900003")
    page = client.get("/plan/1/why/school?urn=900001&with=900003").text
    assert "Internal: not for publication" in page and "Ash and Cedar &lt;b&gt; kept apart" in page
    assert "Internal: not for publication" in client.get("/plan/1/files/explain_900001_with_900003.html").text
    studied(project, "rule costs")
    assert "Internal: not for publication" in client.get("/plan/1/files/rule_costs.csv").text


def test_stopped_it_keeps_what_was_found_and_says_what_was_not(client: TestClient, project: Project):
    planned(project)
    stop = Event()
    stop.set()
    studied(project, "explain", stop, urn="900005", other=None)
    kept = json.loads(project.file(1, "explain_900005.json") or b"")
    assert kept["parts"][0]["heading"] == "Where it is" and "the ways out" in kept["left"]
    page = client.get("/plan/1/why/school?urn=900005").text
    assert "stopped before all was worked out" in page and "Find the rest too" in page
    assert "Not worked out: why it is not placed" in client.get("/plan/1/files/explain_900005.md").text


@pytest.mark.usefixtures("forked_workers")
def test_what_each_criterion_costs_the_county_is_told_as_it_is_found(client: TestClient, project: Project):
    planned(project)
    assert "Find out" in client.get("/plan/1/why").text
    assert client.post("/plan/1/why/rules").headers["location"] == "/plan/1/why#rules"
    job = client.app.state.desk.work.latest("rule costs", 1)  # type: ignore[attr-defined]
    wait(lambda: job.ended)
    rows = [event["parts"][-1]["rows"] for event in job.events if event["event"] == "found" and event["parts"]]
    assert [len(found) for found in rows] == [1, 2, 3]
    wider = next(row for row in rows[-1] if row[0].startswith("longest drive"))
    assert wider == ["longest drive 12 to 17 minutes", "0", "costs the same", "0", "nobody", "nobody", "proven"]
    page = client.get("/plan/1/why").text
    assert "longest drive 12 to 17 minutes" in page and "rule_costs.csv" in page
    assert client.get("/plan/1/files/rule_costs.csv").text.count("\n") >= 4


@pytest.mark.parametrize(
    ("school", "other", "words"),
    [
        ("", "", "Choose the school that asks."),
        ("Oak", "", "takes no part in this plan"),
        ("a", "", "could be several"),
        ("Ash (900001)", "900001", "Choose another school"),
        ("(900009)", "<i>", "&lt;i&gt;"),
    ],
)
def test_a_school_that_is_not_there_is_told_in_words(
    client: TestClient, project: Project, school: str, other: str, words: str
):
    planned(project)
    answer = client.post("/plan/1/why", data={"school": school, "other": other})
    assert answer.status_code == 422 and words in answer.text and "<i>" not in answer.text


def test_groups_that_were_only_judged_have_no_reasons(client: TestClient, project: Project):
    from partition.storage.plan_file import write_plan

    case, account = judged(write_town(project.folder, *WHERE, today=TODAY, settings=RULES))
    write_plan(case, account, project.folder / PLAN)
    keep(project, case, account, (project.folder / PLAN).read_bytes())
    assert "no search stands behind them" in client.get("/plan/1/why").text
    assert "no search stands behind them" in client.get("/plan/1/why/school?urn=900001").text
    assert "/why/9" not in client.get("/plan/1").text


@pytest.mark.usefixtures("forked_workers")
def test_a_way_out_is_taken_and_changes_the_settings_in_hand(client: TestClient, project: Project):
    take(client, write_town(project.folder, *WHERE, names=NAMES, today=TODAY, settings=CLASH))
    job = job_of(client, path := asked(client, name="As asked", note="first"))
    assert "at least 3 partnerships" in wait(lambda: job.ended)["no_plan"]
    ways = ways_of(project, int(job.id))
    assert ways and all(way.settings for way in ways) and f"{len(ways)}" > "0"
    page = client.get(path).text
    assert page.count("Use this and find again") == len(ways) and ways[0].change.capitalize()[:10] in page
    with client_of(Project(project.path)) as again:  # the server started anew
        assert "Use this and find again" in again.get(path).text
    for wrong in ("9", "-1", "x", ""):
        assert client.post(f"/asked/{job.id}/way", data={"way": wrong}).status_code == 400
    taken = client.post(f"/asked/{job.id}/way", data={"way": "0"}).headers["location"]
    assert wait(lambda: job_of(client, taken).ended)["plan"] == 1
    (kept,) = project.plans()
    assert kept.name == "As asked" and kept.note == f"first\nWay out taken: {ways[0].change}"
    (key,) = [key.partition(".")[2] for key in ways[0].settings or {}]
    in_hand = tomllib.loads(client.get("/scenario.toml").text)["rules"]
    assert in_hand[key] == tomllib.loads(kept.scenario)["rules"][key] != tomllib.loads(CLASH)["rules"][key]


@pytest.mark.usefixtures("forked_workers")
def test_a_way_out_leaves_settings_that_are_others_by_now_alone(client: TestClient, project: Project):
    town = write_town(project.folder, *WHERE, today=TODAY, settings=CLASH)
    done(project, "plan", town.read_text(encoding="utf-8"))
    take(client, write_town(project.folder, *WHERE, today=TODAY, settings=CLASH + "moved_max = 5\n"))
    before = client.get("/scenario.toml").text
    taken = client.post("/asked/1/way", data={"way": "0"}).headers["location"]
    assert client.get("/scenario.toml").text == before
    assert wait(lambda: job_of(client, taken).ended)["plan"] == 1


# In a browser -----------------------------------------------------------------------------------------------------


HEAR = """  // from before the page has said anything
    window.heard = [];
    new MutationObserver(() => {
        const said = document.getElementById("said")?.textContent;
        if (said && said !== heard.at(-1)) heard.push(said);
    }).observe(document, { childList: true, characterData: true, subtree: true });
"""


@pytest.mark.browser
def test_why_us_is_answered_as_it_is_found_and_what_was_found_stays(serve: Any, visit: Any, tmp_path: Path):
    project = Project(tmp_path / "project.gpkg")
    county = loose_county(tmp_path, 160).read_text(encoding="utf-8")
    planned(project, county.replace("seconds = 100", "seconds = 10"))
    with closing(sqlite3.connect(project.path)) as file, file:  # each answer takes all of its time
        file.execute("UPDATE plans SET scenario = replace(scenario, 'seconds = 10', 'seconds = 2')")
    served = serve(sys.executable)  # its workers are made to stand still
    page = visit(served)
    page.goto(page.url + "plan/1")
    page.locator("table a.quiet").first.click()
    page.wait_for_url("**/plan/1/why/school?*")
    name = shown(page, "h1")
    page.get_by_role("link", name="Another school").click()
    page.wait_for_url("**/plan/1/why")
    several = page.context.new_page()  # of its own, since the browser calls what was not accepted an error
    several.goto(page.url)
    several.get_by_label("The school that asks").fill("school")
    several.keyboard.press("Enter")
    assert "could be several" in shown(several, "[role=alert]")
    sound(several)
    several.close()
    page.get_by_label("The school that asks").fill(name.removeprefix("School "))
    page.get_by_label("What if it were together with").press("Enter")
    assert "Where it is" in shown(page, "#found section")
    page.locator("[data-words]", has_text="Solving again").first.wait_for()  # told right after the first answer
    with held(served):
        sound(page)
        assert "Solving again" in shown(page, "[data-words]")
    page.add_init_script(HEAR)
    page.reload()
    page.locator("#found").get_by_text("What else it could be in").wait_for()  # all told again, and more
    page.wait_for_function("() => heard.includes('Found: What else it could be in')")
    page.get_by_role("button", name="Stop").click()
    page.get_by_text("It was stopped before all was worked out").wait_for()
    assert "What else it could be in" in page.content()
    sound(page)
    drawn = page.frame_locator("iframe.map")
    drawn.locator("svg.drawing").wait_for()
    with page.expect_download() as got:
        page.get_by_role("link", name="Save that page to take along").click()
    assert name in Path(got.value.path()).read_text(encoding="utf-8")
    page.goto(page.url.rpartition("/")[0])
    assert name in page.get_by_role("region", name="Found before").inner_text()
    page.get_by_role("button", name="Find out what each criterion costs").click()
    page.locator("#found table tbody tr").nth(1).wait_for()
    with held(served):
        sound(page)
    page.get_by_role("link", name="Save the table").wait_for()
    assert "longest drive 25 to 30 minutes" in page.get_by_role("table").inner_text().casefold()


@pytest.mark.browser
def test_impossible_criteria_are_explained_and_a_way_out_taken(serve: Any, visit: Any, tmp_path: Path):
    write_town(tmp_path, *WHERE, names=NAMES, today=TODAY, settings=CLASH.replace("partnerships_min = 3\n", ""))
    page = visit(serve())
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "town.toml")
    page.get_by_role("button", name="Add the file").click()
    assert shown(page, "dl.figures dd") == "5"
    page.get_by_role("link", name="Criteria", exact=True).click()
    page.get_by_label("Fewest partnerships").fill("3")
    page.get_by_role("button", name="Keep these settings").click()
    page.get_by_role("link", name="Find partnerships").click()
    page.get_by_role("button", name="Find partnerships").click()
    page.get_by_role("heading", name="Ways out").wait_for()
    assert "at least 3 partnerships" in shown(page, ".notice.bad").lower()
    sound(page)
    page.get_by_role("button", name="Use this and find again").first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="See the plan and its map").click()
    page.wait_for_url("**/plan/1")
    assert "Proven best" in shown(page, ".tag") and "Way out taken" in page.content()
    page.get_by_role("link", name="Criteria", exact=True).click()
    assert page.get_by_label("Fewest partnerships").input_value() != "3"
