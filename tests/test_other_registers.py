"""A county of another register: identifiers with letters, dashes, slashes, spaces and leading zeros, everywhere."""

from __future__ import annotations

import re
import shlex
import shutil
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from fuzzing.inputs import COMMANDS, run, write_data
from served import client_of
from typer.testing import CliRunner

from geodata.urns import Urn
from partition.cli import app
from partition.storage.plan_file import read_plan
from partition.storage.project_file import Project

CALLED = {
    900_001: "00012/3",
    900_002: "20124W",
    900_003: "123-4567",
    900_004: "A.B#1",
    900_005: "7%2F8",
    900_006: "AB 12",
    900_007: "007",
    900_008: "Zähl-9",
    900_009: "480012345678",
    900_090: "new&<b>",
}
READ = ("town.toml", "schools", "links", "today", "headships", "answers", "advised", "lump_sums", "strengths", "trios",
        "training", "timetable", "results", "survey", "opening", "joined", "matrix")  # fmt: skip


def called(text: str) -> str:
    """A text with the schools of the little town called as in another register."""
    return re.sub(r"\b9000(\d\d)\b", lambda found: CALLED[900_000 + int(found[1])], text)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("register") / "county"
    write_data(folder)
    for name in READ:
        path = folder / (name if name.endswith(".toml") else f"{name}.csv")
        path.write_text(called(path.read_text("utf-8")), "utf-8")
    town, plan, made = folder / "town.toml", folder / "plan.gpkg", folder.with_name("made")
    run("plan", town, "--out", made, "--internal", "--project", folder / "project.gpkg", "--note", "first")
    (made / "plan.gpkg").rename(plan)
    shutil.copyfile(folder / "project.gpkg", folder / "pages.gpkg")  # a command takes its plan away
    run("plan", town, "--out", made, "--set", "rules.minutes_max=14")
    (made / "plan.gpkg").rename(folder / "other.gpkg")
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_takes_them(county: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(county)
    words = [called(word) for word in shlex.split(COMMANDS[name])]
    words += ["--set", "travel.roads=roads.graphml"] * (name == "travel --from")  # its map is of roads
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output


def test_a_plan_holds_them_as_text_in_their_order(county: Path) -> None:
    schools = read_plan(county / "plan.gpkg").tables["schools"]["urn"].tolist()
    assert schools == sorted(map(Urn, list(CALLED.values())[:-1]))


def test_every_page_of_a_plan_takes_them(county: Path, tmp_path: Path) -> None:
    folder = tmp_path / "county"
    shutil.copytree(county, folder)
    with client_of(Project(folder / "pages.gpkg")) as client:
        for urn in list(CALLED.values())[:-1]:
            for page in ("why/school", "hand/school"):
                answer = client.get(f"/plan/1/{page}?urn={quote(urn, safe='')}")
                assert answer.status_code == 200 and urn in unescape(answer.text), (urn, page, answer.text[:300])
        linked = re.findall(r'href="([^"]*why/school[^"]*)"', client.get("/plan/1").text)
        assert len(linked) == 9 and all(client.get(unescape(address)).status_code == 200 for address in linked)
        said = {"said:00012/3": "yes", "partners:00012/3": "20124W; AB 12", "date:00012/3": "2027-01-11"}
        assert client.post("/plan/1/answers", data=said).status_code == 303
        assert "00012/3,yes,20124W; AB 12,2027-01-11" in client.get("/plan/1/answers.csv").text
        assert client.get("/plan/1/why/school?urn=%3Cb%3E").status_code == 404
