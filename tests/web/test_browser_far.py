"""Counties of other countries on the page: their files added, planned to proof, drawn where they lie, and on paper."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from far_counties import FAR_COUNTIES, FarCounty

pytestmark = pytest.mark.browser


def add(page: Any, file: Path) -> None:
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Add the file").click()


def bring(page: Any, county: FarCounty) -> None:
    """Add the county's files, as the page asks for them."""
    add(page, county.schools)
    if county.postcodes is not None:
        page.get_by_text("name a file of postcodes").wait_for()
        page.get_by_label("What it is").select_option("postcodes")
        add(page, county.postcodes)
    page.get_by_text("The data is sound").wait_for()


@pytest.mark.parametrize("name", FAR_COUNTIES)
def test_from_files_to_a_proven_plan_a_map_and_papers(name: str, serve: Any, visit: Any, tmp_path: Path) -> None:
    county = FAR_COUNTIES[name](tmp_path)
    page = visit(serve())
    bring(page, county)
    assert page.locator("dl.figures dd").first.inner_text() == "12"
    page.get_by_role("main").get_by_role("link", name="Find partnerships").click()
    page.get_by_role("button", name="Find partnerships").click()
    page.get_by_role("link", name="See the plan and its map").click()
    page.wait_for_url("**/plan/1")
    assert "Proven best" in page.locator(".tag").first.inner_text()

    drawn = page.frame_locator("iframe.map")
    drawn.locator("html[data-ready]").wait_for()
    drawn.locator("#map path.area").first.wait_for()
    assert drawn.locator("#map path.area").count() == 3
    assert county.town in drawn.locator("#map").inner_text()

    page.get_by_role("link", name="Write papers").click()
    page.get_by_role("button", name="Write the papers").click()
    page.get_by_role("link", name="Committee report, to read (PDF)").wait_for()
