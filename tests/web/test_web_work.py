"""What is worked out from the page: kept, told, stopped, crashed and waited for. Real workers, little counties."""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from served import client_of, work
from starlette.testclient import TestClient
from town import write_csv, write_town

from partition.storage.project_file import MAP, PLAN, Project
from partition.web.ways import ways_of
from partition.web.work import Job

SECONDS = 280  # that a worker may take on a busy machine
RULES = "[rules]\nheads_min = 2\nheads_max = 2\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project.gpkg")


def wait(what: Callable[[], Any]) -> Any:
    """What comes true within the time allowed."""
    until = time.monotonic() + SECONDS
    while not (found := what()):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)
    return found


def job_of(client: TestClient, path: str) -> Job:
    """The work behind a page."""
    found: Job | None = client.app.state.desk.work.job(path.rpartition("/")[2])  # type: ignore[attr-defined]
    assert found is not None
    return found


def asked(client: TestClient, **form: str) -> str:
    """Ask for partnerships; the page of that work."""
    answer = client.post("/solve", data=form)
    assert answer.status_code == 303
    return str(answer.headers["location"])


def take(client: TestClient, scenario: Path) -> None:
    """Have a scenario in the project's folder in hand."""
    workspace = client.app.state.desk.workspace  # type: ignore[attr-defined]
    workspace.take_in_hand(scenario.read_text(encoding="utf-8"))


def loose_county(folder: Path, schools: int) -> Path:
    """Schools strewn about, near enough to each other for a search of some length."""
    draws = random.Random(3)
    places = [
        (900_001 + n, draws.randrange(480_000, 530_000), draws.randrange(330_000, 380_000)) for n in range(schools)
    ]
    rows = [(urn, f"School {urn}", east, north, draws.randrange(30, 190)) for urn, east, north in places]
    write_csv(folder / "schools.csv", ["urn", "name", "easting", "northing", "pupils"], rows)
    path = folder / "county.toml"
    path.write_text(
        '[data]\nschools = "schools.csv"\n[rules]\nheads_max = 8\nminutes_max = 25\n[solve]\nseconds = 100\n'
    )
    return path


@pytest.mark.usefixtures("forked_workers")
def test_places_in_another_system_and_far_away_are_mended_on_the_page(client: TestClient):
    """Four schools of Finland in metres of EPSG:3067, of which the last lies 200 km to the north, as it should."""
    rows = (f"{900_001 + n},S {n},{423_000 + 900 * n},{6_936_000 + 200_000 * (n == 3)},50\n" for n in range(4))
    table = "urn,name,easting,northing,pupils\n" + "".join(rows)
    client.post("/data", files={"file": ("schools.csv", table.encode())})

    def checked() -> str:
        wait(lambda: "Reading the data" not in client.get("/data").text)
        return client.get("/data").text

    page = checked()
    assert "1 fault" in page and 'type="text"' in page and 'name="set:data.crs"' in page and "--set" not in page
    client.post("/data/mend", data={"set:data.crs": "EPSG:3067"})
    page = checked()
    assert "1 fault" in page and 'name="set:data.outlying.900004" value="true"' in page and "--set" not in page
    client.post("/data/mend", data={"set:data.outlying.900004": "true"})
    page = checked()
    assert "The data is sound" in page and "EPSG:3067" in page
    assert "900004 = true" in client.get("/scenario.toml").text


@pytest.mark.usefixtures("forked_workers")
def test_a_bad_file_is_mended_on_the_page_and_planned(client: TestClient, project: Project):
    rows = (f"{900_001 + n},S {n},{500_000 + 900 * n},350000,{50 + n}\n" for n in range(4))
    table = "urn,name,easting,northing,pupils\n" + "".join(rows)
    client.post("/data", files={"file": ("schools.csv", table.replace("51\n", "\n").encode())})

    def checked() -> str:
        wait(lambda: "Reading the data" not in client.get("/data").text)
        return client.get("/data").text

    page = checked()
    assert "--set" not in page and "In hand: schools" in (start := client.get("/").text) and "/judge" not in start
    assert "1 fault" in page and 'name="set:data.pupils.900002"' in page and "<option>northing</option>" in page
    assert client.post("/data/mend", data={"set:data.pupils.900002": "many"}).status_code == 400
    assert client.post("/data/mend", data={"set:data.schools": "/etc/passwd"}).status_code == 400
    client.post("/data/mend", data={"set:data.pupils.900002": "51", "set:data.columns.urn": ""})
    page = checked()
    assert "The data is sound" in page and "numbers on roll corrected" in page
    assert "900002 = 51" in client.get("/scenario.toml").text
    job = job_of(client, path := asked(client, name="Mine", note="<b>bold</b>"))
    wait(lambda: job.ended)
    assert "A plan was found" in client.get(path).text
    (kept,) = project.plans()
    page = client.get(f"/plan/{kept.id}").text
    assert kept.name == "Mine" and "&lt;b&gt;bold&lt;/b&gt;" in page and "<b>bold" not in page
    drawn = client.get(f"/plan/{kept.id}/map")
    assert drawn.content == project.file(kept.id, MAP) and "sandbox" in drawn.headers["content-security-policy"]
    taken = client.get(f"/plan/{kept.id}/files/{PLAN}")
    assert taken.content == project.file(kept.id, PLAN) and "attachment" in taken.headers["content-disposition"]


def test_work_waits_its_turn_and_a_crash_is_told_and_loses_nothing(
    client: TestClient, project: Project, tmp_path: Path
):
    take(client, write_town(tmp_path, 0, 1, 10, 11, settings=RULES))
    first, second = (job_of(client, asked(client, name=name)) for name in ("one", "two"))
    wait(lambda: first.process is not None)
    assert second.waiting and "Waiting its turn: 1 before it" in client.get(f"/work/{second.id}").text
    assert first.process is not None
    os.kill(first.process.pid, signal.SIGKILL)
    wait(lambda: first.ended)
    page = client.get(f"/work/{first.id}").text
    assert "broke off" in page and "signal 9" in page
    wait(lambda: second.ended)
    assert [kept.name for kept in project.plans()] == ["two"] and project.unended() == []
    events = client.get(f"/work/{second.id}/events").text  # all of it again, to the end
    told = [json.loads(line.removeprefix("data: ")) for line in events.splitlines() if line.startswith("data: ")]
    assert told[0]["event"] == "doing" and told[-1]["event"] == "ended" and told[-1]["plan"] == project.plans()[0].id
    some = client.get(f"/work/{second.id}/events", headers={"last-event-id": str(len(told) - 1)}).text
    assert some.count("data: ") == 1
    again = client.post(f"/asked/{first.id}/again").headers["location"]
    wait(lambda: job_of(client, again).ended)
    assert [kept.name for kept in project.plans()] == ["one", "two"]
    compared = client.post("/compare", data={"plan": [str(kept.id) for kept in project.plans()]}).headers["location"]
    wait(lambda: job_of(client, compared).ended)
    shown = client.get(compared).headers["location"]
    assert client.get(shown).status_code == 200 and "<svg" in client.get(f"{shown}/map").text


@pytest.mark.usefixtures("forked_workers")
def test_stopped_half_way_the_best_so_far_is_kept(client: TestClient, project: Project, tmp_path: Path):
    take(client, loose_county(tmp_path, 160))
    job = job_of(client, asked(client))
    wait(lambda: any(event["event"] == "progress" and event["stage"] == "cost" for event in job.events) or job.ended)
    client.post(f"/work/{job.id}/stop")
    ended = wait(lambda: job.ended)
    (kept,) = project.plans()
    assert ended["plan"] == kept.id and kept.status == "feasible" and "could be" in kept.sureness + "could be"
    assert kept.schools_placed > 0


def test_when_the_server_ends_a_search_keeps_its_best_by_itself(project: Project, tmp_path: Path):
    with client_of(project) as client:
        take(client, loose_county(tmp_path, 160))
        job = job_of(client, asked(client, name="left alone"))
        wait(lambda: any(event["event"] == "search" for event in job.events))
    assert [kept.name for kept in project.plans()] == ["left alone"]


def done(project: Project, what: str, scenario: str) -> dict[str, Any]:
    """What a worker answers, without a process of its own."""
    return work(project, what, scenario, asked=project.ask(what, scenario))


def test_rules_that_leave_no_plan_are_told_with_the_ways_out(project: Project, tmp_path: Path):
    today = {"Fen": ["900001", "900002"], "Wold": ["900003", "900004"]}
    clash = RULES + 'locked = ["Fen"]\napart = [[900001, 900002]]\n'
    told = done(project, "plan", write_town(tmp_path, 0, 1, 10, 11, today=today, settings=clash).read_text())
    assert "Fen" in told["no_plan"] and ways_of(project, 1)
    assert project.plans() == [] and project.unended() == []


def bomb() -> bytes:
    """A workbook that says it unpacks to 600 MB."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(600):
                sheet.write(bytes(2**20))
    return packed.getvalue()


def entities() -> bytes:
    """A workbook whose strings are entities of entities."""
    packed = io.BytesIO()
    names = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", f'<!DOCTYPE w [<!ENTITY e0 "lol">{names}]><workbook>&e11;</workbook>')
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("bomb.xlsx", bomb()),
        ("entities.xlsx", entities()),
        ("cut.xlsx", bomb()[:2000]),
        ("text.gpkg", b"SQLite format 3\x00" + b"x" * 5000),
        ("binary.csv", bytes(range(256)) * 40),
        ("wide.csv", b"urn,name\n" + b"1," * 5000 + b"\n"),
    ],
)
def test_what_a_hostile_file_does_is_told_as_a_fault(project: Project, name: str, content: bytes):
    (project.folder / name).write_bytes(content)
    told = done(project, "check", f'[data]\nschools = "{name}"\n')
    assert told["faults"] and all(fault["file"] == name and fault["fix"] for fault in told["faults"])


def test_what_would_only_pile_up_is_refused_in_words(
    client: TestClient, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    async def endless(self: Any, job: Job) -> None:
        while not self._closing:
            await asyncio.sleep(0.05)

    monkeypatch.setattr("partition.web.work.Work._run", endless)
    monkeypatch.setattr("partition.web.work.UNDER_WAY_MAX", 2)
    monkeypatch.setattr("partition.web.workspace.FILES_MAX", 1)
    take(client, write_town(tmp_path, 0, 1, 10, 11, settings=RULES))
    assert [client.post("/solve").status_code for _ in range(2)] == [303, 303]
    answer = client.post("/solve")
    assert answer.status_code == 429 and "2 pieces of work are under way" in answer.text
    assert len(project.unended()) == 2
    files = {"file": ("a.csv", io.BytesIO(b"urn\n"))}
    assert client.post("/data", files=files).status_code == 303
    answer = client.post("/data", files=files)
    assert answer.status_code == 400 and "holds 1 files already" in answer.text
