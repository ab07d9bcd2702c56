"""What identifiers are called: the register's own word on every screen and paper, and never a word of elsewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fuzzing.inputs import COMMANDS, run, write_data
from registers_made import ireland
from served import client_of
from telling import faults_of
from typer.testing import CliRunner

from geodata.faults import BadData, Fault
from geodata.identifier import URN, IdentifierWords, identifier_words
from geodata.schools import read_schools
from partition.cli import app
from partition.storage.project_file import Project

WORD = "Roll number"
SETTING = 'identifier_words = ["Roll number"]\n'
TELLING = (
    "answers",
    "alternatives",
    "compare",
    "explain",
    "judge",
    "map alone",
    "plan",
    "report",
    "sweep",
    "travel --from",
)
SILENT = ("check", "least-change", "next-round", "stage", "verify")  # they name schools, and say no word for it


class Read(HTMLParser):
    """What people read of a page: its text, and the facts its script shows, but not the script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("type")
        self.script = tag == "style" or (tag == "script" and kind != "application/json")

    def handle_endtag(self, tag: str) -> None:
        self.script = False

    def handle_data(self, data: str) -> None:
        if not self.script:
            self.said.append(data)


def said_in(path: Path) -> str:
    """All that people read of a file: text of pages, and of the parts of office documents."""
    if path.suffix in (".xlsx", ".docx"):
        with zipfile.ZipFile(path) as parts:
            names = [
                name for name in parts.namelist() if re.search(r"sharedStrings|sheet\d|document|header|foot", name)
            ]
            return "\n".join(re.sub("<[^>]*>", " ", parts.read(name).decode()) for name in names)
    if path.suffix == ".html":
        return " ".join(Read(path.read_text("utf-8")).said)
    return path.read_text("utf-8") if path.suffix in (".csv", ".md", ".json", ".toml", ".txt") else ""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("words") / "county"
    write_data(folder)
    town = folder / "town.toml"
    town.write_text(town.read_text("utf-8").replace("[data]\n", f"[data]\n{SETTING}", 1), "utf-8")
    made = folder.with_name("made")
    run("plan", town, "--out", made, "--internal", "--project", folder / "project.gpkg", "--note", "first")
    (made / "plan.gpkg").rename(folder / "plan.gpkg")
    run("plan", town, "--out", made, "--set", "rules.minutes_max=14")
    (made / "plan.gpkg").rename(folder / "other.gpkg")
    return folder


@pytest.mark.parametrize("name", (*TELLING, *SILENT))
def test_screens_and_papers_use_the_word(county: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {path: path.stat().st_mtime_ns for path in county.rglob("*")}
    monkeypatch.chdir(county)
    words = [*shlex.split(COMMANDS[name])]
    words += ["--set", "travel.roads=roads.graphml"] * (name == "travel --from")  # its map is of roads
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    made = {path for path in county.rglob("*") if path.is_file() and path.stat().st_mtime_ns != before.get(path)}
    said = {path.name: said_in(path) for path in made} | {"the screen": done.output}
    for where, text in said.items():
        assert not re.search(r"\bURNs?\b", text), (where, re.findall(r".{0,60}\bURNs?\b.{0,60}", text)[:5])
    assert name in SILENT or any(WORD in text for text in said.values())
