"""The scripts and looks of pages: whatever a page, a script or a style asks for is served, as what it is."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from town import write_town

from partition.formats.palette import as_css, as_dark_css
from partition.maps.offline import COMMON, text_of
from partition.storage.project_file import Project

KINDS = {"css": "text/css", "js": "text/javascript"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    write_town(tmp_path, 0, 1)
    return Project(tmp_path / "project.gpkg")


def test_all_that_pages_ask_for_is_served(client: TestClient):
    pages = [page.read_text(encoding="utf-8") for page in files("partition.web").joinpath("templates").iterdir()]
    names = {name for page in pages for name in re.findall(r'"/static/([^"]+)"', page)}
    assert {"page.css", "palette.css", "page.js", "workbench.js"} <= names
    seen: set[str] = set()
    while waiting := names - seen:
        for name in waiting:
            answer = client.get(f"/static/{name}")
            assert answer.status_code == 200, name
            assert answer.headers["content-type"].partition(";")[0] == KINDS[name.rpartition(".")[2]]
            names |= set(re.findall(r'from "\./([^"]+)"', answer.text))
            seen.add(name)
    assert set(COMMON) <= seen


def test_pages_and_maps_have_one_palette_and_one_copy_of_their_common_scripts(client: TestClient):
    assert client.get("/static/palette.css").text == as_css() + as_dark_css()
    for name in COMMON:
        assert client.get(f"/static/{name}").text == text_of(name)


def test_a_page_runs_modules_alone(client: TestClient):
    """They are strict, and share nothing but what they import by name."""
    for page in files("partition.web").joinpath("templates").iterdir():
        scripts = re.findall(r"<script\b[^>]*>", page.read_text(encoding="utf-8"))
        assert [one for one in scripts if not re.fullmatch(r'<script type="module" src="/static/\w+\.js">', one)] == []
