"""The empty spreadsheet from the command line and from the page, filled in and planned."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from filling import URNS, filled, rows_of
from served import client_of
from typer.testing import CliRunner

from geodata.registers import REGISTERS
from geodata.to_fill_in import LINKS, TODAY
from partition.cli import app
from partition.storage.plan_file import read_plan
from partition.storage.project_file import Project
from partition.web.pages.start import COUNTRIES


def asked(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(word) for word in words])
    return done.exit_code, done.output


def test_filled_in_it_is_planned_with_all_its_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert asked("template", "--register", "scotland", "--out", ".")[0] == 0
    filled(tmp_path / "schools.xlsx", by_degrees=True)
    sheets = [f'data.links="schools.xlsx#{LINKS}"', f'data.existing="schools.xlsx#{TODAY}"']
    more = [word for setting in sheets for word in ("--set", setting)]
    code, said = asked("plan", "--schools", "schools.xlsx", *more, "--out", "out", "--internal")
    assert code == 0, said
    stored = read_plan(tmp_path / "out" / "plan.gpkg")
    assert sorted(stored.tables["schools"]["urn"]) == URNS
    assert stored.tables["schools"]["today"].tolist().count("Fen Edge") == 3
    assert stored.tables["links"][["urn_a", "urn_b"]].to_numpy().tolist() == [URNS[:2]]
    assert stored.run["identifier"] == ["Seed code", "Seed codes"]


def test_empty_it_is_refused_and_says_why(tmp_path: Path) -> None:
    assert asked("template", "--out", tmp_path)[0] == 0
    code, said = asked("check", "--schools", tmp_path / "schools.xlsx")
    assert code == 3 and "schools.xlsx: holds headings but no school" in said


def test_what_was_filled_in_is_not_written_over(tmp_path: Path) -> None:
    code, said = asked("template", "--out", tmp_path, "--json")
    assert code == 0 and json.loads(said) == {"template": str(tmp_path / "schools.xlsx")}
    content = filled(tmp_path / "schools.xlsx").read_bytes()
    code, said = asked("template", "--out", tmp_path)
    assert code == 3 and "may have been filled in" in said and "nothing was written" in said
    assert (tmp_path / "schools.xlsx").read_bytes() == content
    assert asked("template", "--register", "atlantis", "--out", tmp_path)[0] == 2


def test_the_page_offers_it_for_every_country(tmp_path: Path) -> None:
    assert {register.key: register.country for register in REGISTERS} == COUNTRIES
    with client_of(Project(tmp_path / "project.gpkg")) as client:
        for page in ("/", "/data"):
            assert all(
                f'<option value="{key}">{name}</option>' in client.get(page).text for key, name in COUNTRIES.items()
            )
        got = client.get("/schools.xlsx?register=ireland")
        assert got.status_code == 200 and 'filename="schools.xlsx"' in got.headers["content-disposition"]
        assert rows_of(openpyxl.load_workbook(BytesIO(got.content)).worksheets[0])[0][0] == "Roll number"
        assert client.get("/schools.xlsx").status_code == 200
        assert client.get("/schools.xlsx?register=atlantis").status_code == 404
