"""Did it work? From the pages: sheets to fill in, files added, what is found, what is filled in wrong."""

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

RULES = '[rules]\nheads_min = 2\nheads_max = 2\nheadship_is_partnership_from = "off"\n'


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Two partnerships of two schools, kept as plan 1, and its scenario in hand."""
    path = write_town(tmp_path, 0, 1, 40, 41, settings=RULES)
    project = Project(tmp_path / "project.gpkg")
    work(project, "plan", path)
    with client_of(project) as client:
        client.app.state.desk.workspace.take_in_hand(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
        yield client


def test_sheets_are_fetched_filled_in_and_looked_at(client: TestClient, tmp_path: Path) -> None:
    assert "Nothing to look at is in hand yet" in client.get("/plan/1/effects").text
    assert "internal sheets to fill in/survey.xlsx" in study(client, "/plan/1/effects/sheets", {})
    sheet = client.get("/plan/1/files/internal sheets to fill in/survey.xlsx")
    assert sheet.status_code == 200 and sheet.content[:2] == b"PK"
    answers = [(900_001 + n, "<i>It helps</i>", 5) for n in range(3)]
    filled = write_csv(tmp_path / "filled.csv", ["urn", "question", "answer"], answers)
    added = client.post(
        "/data", data={"role": "survey"}, files={"file": ("survey.csv", io.BytesIO(filled.read_bytes()))}
    )
    assert added.status_code == 303
    assert "In hand: the survey." in client.get("/plan/1/effects").text
    page = study(client, "/plan/1/effects", {})
    assert "3 of 4 schools in partnerships answered (75 %)" in page and "100 % (44 to 100)" in page
    assert "&lt;i&gt;It helps" in page and "<i>It helps" not in page
    assert "does not show that partnerships caused it" in page
    assert client.get("/plan/1/files/internal effects/survey.csv").status_code == 200


def test_results_are_asked_what_is_low(client: TestClient, tmp_path: Path) -> None:
    rows = [(900_001 + n, 2026, "Reading", 50) for n in range(4)]
    results = write_csv(tmp_path / "marks.csv", ["urn", "year", "measure", "value"], rows)
    client.post("/data", data={"role": "results"}, files={"file": ("marks.csv", io.BytesIO(results.read_bytes()))})
    assert "say which measure is looked at" in study(client, "/plan/1/effects", {}).lower()
    wrong = client.post("/plan/1/effects", data={"measure": "Reading", "below": "sixty"})
    assert wrong.status_code == 422 and "Give a number, such as 60." in wrong.text
    page = study(client, "/plan/1/effects", {"measure": "Reading", "below": "60"})
    assert "Schools whose Reading is below 60" in page and "too few" in page
