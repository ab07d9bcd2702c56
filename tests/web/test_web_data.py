"""The page of the data: which part of a file is read is chosen there, and many faults alike are one."""

from __future__ import annotations

import io
import time
from pathlib import Path

import openpyxl
import pytest
from starlette.testclient import TestClient

from partition.storage.project_file import Project

SECONDS = 60
HEADINGS = ["urn", "name", "pupils", "easting", "northing"]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path / "project.gpkg")


def checked(client: TestClient) -> str:
    """Return the page once the data were read."""
    until = time.monotonic() + SECONDS
    while "Reading the data" in (page := client.get("/data").text):
        assert time.monotonic() < until, "it never came"
        time.sleep(0.1)
    return page


def schools(pupils: int | None, many: int = 4) -> list[list[object]]:
    rows = [[900_001 + n, f"S {n}", pupils, 500_000 + 900 * n, 350_000] for n in range(many)]
    return [HEADINGS, *rows]


def test_the_sheet_is_chosen_on_the_page_where_several_fit(client: TestClient) -> None:
    content = workbook(**{"2024": schools(150), "2025 <new>": schools(50), "notes": [["read me"]]})
    client.post("/data", files={"file": ("schools.xls", content)})
    page = checked(client)
    assert "Several sheets fit" in page and "Which part is read" in page and "--set" not in page
    assert '<select id="choice-1" name="part:data.schools">' in page and "2025 &lt;new&gt;" in page
    assert client.post("/data/mend", data={"part:data.join": "x"}).status_code == 400
    assert client.post("/data/mend", data={"part:data.schools": "2025 <new>"}).status_code == 303
    page = checked(client)
    assert "The data is sound" in page and "schools.xls, sheet &#39;2025 &lt;new&gt;&#39;: 4 rows" in page
    assert 'schools = "data/schools.xls#2025 <new>"' in client.get("/scenario.toml").text
    client.post("/data/mend", data={"part:data.schools": "../../secret"})
    assert "It has no part" in checked(client)


def test_the_row_of_headings_is_set_on_the_page(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=[HEADINGS, *schools(50)]))})
    assert "<q>pupils</q>" in checked(client)
    assert client.post("/data/mend", data={"set:data.header_row": "99"}).status_code == 400
    client.post("/data/mend", data={"set:data.header_row": "2"})
    assert "The data is sound" in checked(client) and "headings in row 2" in checked(client)


def test_many_counts_missing_are_one_fault_with_a_fix_for_all_and_each_may_be_typed(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=schools(None, 12)))})
    page = checked(client)
    assert "1 fault to mend first" in page and "12 alike: S 0, S 1" in page and "One by one (12)" in page
    assert page.count("Leave out all schools without a number") >= 1 and "Number on roll of S 11" in page
    client.post("/data/mend", data={f"set:data.pupils.{900_001 + n}": "50" for n in range(12)})
    assert "The data is sound" in checked(client)


def test_a_fix_that_says_nothing_is_told_to_say_something(client: TestClient) -> None:
    client.post("/data", files={"file": ("schools.xlsx", workbook(s=schools(None)))})
    checked(client)
    empty = client.post("/data/mend", data={"set:data.pupils.900001": " ", "set:": ""})
    assert empty.status_code == 400 and "Nothing was typed or chosen" in empty.text
