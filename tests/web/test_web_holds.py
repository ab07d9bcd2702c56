"""Will it hold? From the page: what is asked, what is found, what is filled in wrong, and what the public may have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from served import client_of, study, work
from starlette.testclient import TestClient
from town import write_town

from partition.storage.project_file import Project

pytestmark = pytest.mark.usefixtures("no_workers")

RULES = """[rules]
heads_min = 2
heads_max = 2
headship_is_partnership_from = "off"
[preferences]
minutes_per_separation = 0
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    """Four schools, two by two a minute apart, who today are each with a far one; two work together."""
    today = {"<i>North</i>": [900_001, 900_003], "South": [900_002, 900_004]}
    path = write_town(tmp_path, 0, 1, 10, 11, settings=RULES, today=today, links="900001,900002,1")
    project = Project(tmp_path / "project.gpkg")
    work(project, "judge", path)
    with client_of(project) as client:
        yield client


def test_it_is_asked_and_found(client: TestClient) -> None:
    first = client.get("/plan/1/holds").text
    assert "Will it hold?" in first and 'value="60"' in first
    page = study(client, "/plan/1/holds", {"gain": "5", "school": "", "again": "yes"})
    assert '<p class="sureness">3 groups of heads could leave, and each head there' in page
    assert "the head who drives most would drive less in" in page and "Partnership by partnership (2)" in page
    assert "It may not hold" in page and "School 900001: " in page
    assert "Internal: not for publication" in page and "&lt;i&gt;North" in page and "<i>North" not in page
    public = client.get("/plan/1/files/stability.md").text
    assert "Who they are is left out" in public and "School 900001, School 900002" not in public
    assert client.get("/plan/1/files/internal will it hold/stability.md").status_code == 200
    one = study(client, "/plan/1/holds", {"gain": "5", "school": "School 900003"})
    assert "heads with School 900003" in one


def test_a_school_in_the_address_is_filled_in(client: TestClient) -> None:
    assert 'value="School 900003 (900003)"' in client.get("/plan/1/holds?school=900003").text
    assert 'name="school" list="schools" maxlength="120" autocomplete="off" spellcheck="false" value=""' in (
        client.get("/plan/1/holds?school=<b>").text
    )


def test_what_is_filled_in_wrong_is_said(client: TestClient) -> None:
    for gain in ("", "sixty", "-3", "0", "1e9"):
        wrong = client.post("/plan/1/holds", data={"gain": gain, "school": "Nowhere"})
        assert wrong.status_code == 422
        assert "Give minutes a year, above 0, such as 60." in wrong.text and "takes no part in this plan" in wrong.text
