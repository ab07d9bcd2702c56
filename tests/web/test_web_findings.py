"""What is found about the data, from its pages: settings tried, minutes from a school, of little towns."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from identifiers import ints
from starlette.testclient import TestClient
from test_web_work import loose_county, wait
from town import write_town

from partition.sample import make_county, write_county
from partition.scenario.read import read_scenario
from partition.scenario.text import text_of
from partition.storage.project_file import Project
from partition.web.findings import FACTS, finding, findings
from partition.web.workspace import Workspace

pytestmark = pytest.mark.usefixtures("ready_workers")

RULES = "[rules]\nheads_min = 2\nheads_max = 2\nminutes_max = 20\n"
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Six schools along a road in hand: pairs a minute apart, and the last two twelve; one has a hostile name."""
    names = [HOSTILE, *(f"School {n}" for n in range(2, 7))]
    town = write_town(tmp_path, 0, 1, 10, 11, 40, 52, names=names, settings=RULES)
    project = Project(tmp_path / "project.gpkg")
    Workspace(project).take_in_hand(town.read_text(encoding="utf-8"))
    return project


def tried(client: TestClient, **form: str) -> str:
    """The address of the work that tries settings."""
    answer = client.post("/what-if", data={"key-1": "rules.minutes_max", "seconds": "60", **form})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def found(client: TestClient, path: str) -> str:
    """Where what was found stands, once it is there."""
    location: str = wait(lambda: client.get(path).headers.get("location"))
    return location


def job_of(client: TestClient, path: str) -> Any:
    return client.app.state.desk.work.job(path.rpartition("/")[2])  # type: ignore[attr-defined]


@pytest.mark.usefixtures("no_workers")
def test_settings_are_tried_shown_as_they_come_kept_and_one_taken_in_hand(client: TestClient, project: Project):
    assert "Longest drive: now 20 minutes" in client.get("/what-if").text
    path = tried(
        client, **{"values-1": "5 to 20 by 15", "key-2": "rules.heads_max", "values-2": "2; off", "name": HOSTILE}
    )
    assert '<tr data-row="3">' in client.get(path).text
    place = found(client, path)
    told = [event for event in job_of(client, path).events if event["event"] == "row"]
    assert ints({event["at"]: event["cells"][0] for event in told}) == {
        0: "2",
        1: "2",
        2: "0",
        3: "0",
    }  # not yet placed
    page = client.get(place).text
    assert "&lt;img src=x" in page and HOSTILE not in page
    assert HOSTILE not in client.get("/what-if").text and "Tried before" in client.get("/what-if").text
    framed = client.get(f"{place}/page")
    assert framed.headers["content-security-policy"].startswith("sandbox") and HOSTILE not in framed.text
    assert "where it starts to go wrong" in framed.text.lower()
    table = client.get(f"{place}/files/sweep.csv").text.splitlines()
    assert len(table) == 5 and table[1].startswith("5,2,") and table[2].startswith("5,off,")
    assert client.post(f"{place}/use", data={"which": "3"}).headers["location"] == "/solve"
    rules = tomllib.loads(Workspace(project).scenario() or "")["rules"]
    assert ints((rules["minutes_max"], rules["heads_max"], rules["heads_min"])) == (20, "off", 2)
    assert client.post(f"{place}/use", data={"which": "4"}).status_code == 400
    assert client.post(f"{place}/remove").headers["location"] == "/what-if"
    assert client.get(place).status_code == 404 and findings(project.folder, "sweep") == []


@pytest.mark.usefixtures("no_workers")
@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"values-1": ""}, "15 to 40 by 5"),
        ({"values-1": "twenty"}, "Type a number"),
        ({"values-1": "1 to 1000 by 1"}, "more than 200"),
        ({"values-1": "15 to 40 by 0"}, "the step"),
        ({"values-1": "40 to 15 by 5"}, "lead nowhere"),
        ({"values-1": "15, 20, 15"}, "there twice"),
        ({"values-1": "1 to 100 by 1", "key-2": "rules.heads_max", "values-2": "3 4 5"}, "Type a number"),
        ({"values-1": "1 to 100 by 1", "key-2": "rules.heads_max", "values-2": "3,4,5"}, "make 300 searches"),
        ({"values-1": "15,20", "key-2": "rules.minutes_max", "values-2": "3"}, "another setting"),
        ({"key-1": "data.schools", "values-1": "/etc/passwd"}, "Choose a setting"),
        ({"key-1": "preferences.meetings_per_year", "values-1": "off"}, "cannot be off"),
        ({"values-1": "-5"}, "-5: "),
        ({"values-1": "15", "seconds": "0"}, "whole seconds"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays(
    client: TestClient, form: dict[str, str], words: str
):
    answer = client.post("/what-if", data={"key-1": "rules.minutes_max", "seconds": "60", "name": "", **form})
    assert answer.status_code == 422 and words in answer.text and "Nothing was begun yet" in answer.text
    assert all(f'value="{text}"' in answer.text for key, text in form.items() if key.startswith("values") and text)


@pytest.mark.usefixtures("forked_workers")
def test_stopped_it_keeps_what_was_tried_and_goes_on_from_there(client: TestClient, project: Project):
    loose_county(project.folder, 80)  # no search of it is proven within its second
    Workspace(project).take_in_hand((project.folder / "county.toml").read_text(encoding="utf-8"))
    asked = {"values-1": "15 to 18 by 1", "seconds": "1"}
    path = tried(client, **asked)
    job = job_of(client, path)
    wait(lambda: [event for event in job.events if event["event"] == "row"])
    client.post(f"{path}/stop")
    ended = wait(lambda: job.ended)
    assert "goes on from there" in ended["no_plan"] and "Not all was tried" in client.get(path).text
    runs = project.folder / "sweep" / "runs"
    kept = {run.name: run.stat().st_mtime_ns for run in runs.iterdir()}
    assert 0 < len(kept) < 4
    place = found(client, tried(client, **asked))
    assert "4 settings" in client.get(place).text
    again = {run.name: run.stat().st_mtime_ns for run in runs.iterdir()}
    assert len(again) == 4 and kept.items() <= again.items()


@pytest.mark.usefixtures("no_workers")
def test_minutes_are_measured_from_a_school_chosen_by_name(client: TestClient, project: Project):
    answer = client.post("/minutes", data={"school": "School"})
    assert answer.status_code == 422 and "could be several" in answer.text
    assert "is none of the schools" in client.post("/minutes", data={"school": "Hogwarts"}).text
    assert client.post("/minutes", data={"school": ""}).status_code == 422
    place = found(client, client.post("/minutes", data={"school": "school 6"}).headers["location"])
    page = client.get(place).text
    assert "Minutes from School 6" in page and "needs a file of roads" in page and HOSTILE not in page
    one = finding(project.folder, int(place.rpartition("/")[2]))
    assert one is not None and one.rows[0] == ["School 5", "900005", "12", "12", "12"]
    assert client.get(f"{place}/files/minutes.csv").text.count("\n") == 1 + 6 * 5
    assert client.get(f"{place}/page").status_code == 404


@pytest.mark.usefixtures("no_workers")
def test_with_roads_there_is_a_map_of_them(client: TestClient, project: Project, tmp_path: Path):
    town = write_county(make_county(40, 1), tmp_path / "sample")
    Workspace(project).take_in_hand(text_of(read_scenario(town), tmp_path))
    name = client.get("/minutes").text.partition('<option value="')[2].partition('"')[0]
    place = found(client, client.post("/minutes", data={"school": name}).headers["location"])
    framed = client.get(f"{place}/page")
    assert "Minutes from" in framed.text and framed.headers["content-security-policy"].startswith("sandbox")


@pytest.mark.usefixtures("no_workers")
def test_a_finding_that_was_altered_is_none_and_its_files_lead_nowhere_else(client: TestClient, project: Project):
    place = found(client, client.post("/minutes", data={"school": "900006"}).headers["location"])
    folder = project.folder / "found" / place.rpartition("/")[2]
    facts = json.loads((folder / FACTS).read_text())
    (project.folder / "secret.csv").write_text("SECRET")
    for name in ("../../secret.csv", "..%2f..%2fsecret.csv", FACTS, "nothing.csv"):
        assert client.get(f"{place}/files/{name}").status_code == 404
    (folder / "link.csv").symlink_to(project.folder / "secret.csv")
    assert client.get(f"{place}/files/link.csv").status_code == 404
    for change in ({"page": "../../secret.csv"}, {"what": "other"}, {"values": [["1"]]}, {"more": 1}, {"number": 9}):
        (folder / FACTS).write_text(json.dumps(facts | change))
        assert client.get(f"{place}/page").status_code == 404
    (folder / FACTS).write_text("{")
    assert client.get(place).status_code == 404 and client.get("/minutes").status_code == 200


def test_without_data_or_with_faulty_settings_the_pages_say_what_to_do(client: TestClient, project: Project):
    Workspace(project).save('[data]\nschools = "none.csv"\n')
    assert "data needs mending" in client.get("/minutes").text
    assert client.post("/minutes", data={"school": "x"}).status_code == 422
    in_hand = Workspace(project).scenario_path
    assert in_hand is not None
    in_hand.write_text("[data", encoding="utf-8")  # as an editor leaves it: no page keeps such a text
    assert "settings need mending" in client.get("/what-if").text and "needs mending" in client.get("/minutes").text
    assert (
        client.post("/what-if", data={"key-1": "rules.minutes_max", "values-1": "5", "seconds": "9"}).status_code < 500
    )
