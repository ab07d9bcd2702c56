"""The adviser's job from a mailed file, by mouse and without a network: my patch, who drives far, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from atlases import county_atlas
from judging import WIDTHS, violations
from waiting import expect

from partition.maps.page import write_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("mailed") / "map.html"
    write_map(county_atlas(), path)
    return path


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_my_patch_who_drives_far_and_both_on_paper(
    visit: Callable[..., Any], county: Path, width: int, height: int
) -> None:
    page = visit(county, width, height).page
    clicks = 0

    def click(what: Any) -> None:
        nonlocal clicks
        what.click()
        clicks += 1

    # My patch: the partnership around a place I know, near enough to read.
    click(page.locator("#search"))
    page.keyboard.type("Tatham")
    click(page.locator("#found [role=option]").first)
    assert page.locator("#card-title").inner_text() == "Tatham"
    click(page.locator("#card li button").first)
    assert page.locator("#card-title").inner_text() == "Tatham Primary School"
    click(page.locator("#card p", has_text="In partnership").get_by_role("button"))
    assert page.locator("#card .kind").inner_text() == "Partnership"
    expect(page).to_have_url(re.compile("#partnership=13$"))
    click(page.locator("#card .close"))

    # Who drives far: the table of partnerships by longest drive, and the farthest on the map.
    table = page.locator("table.sortable").first
    farthest = table.locator("th", has_text="Longest drive").get_by_role("button")
    click(farthest)
    click(farthest)
    place = table.locator("thead th").all_inner_texts().index("Longest drive between bases, minutes")
    minutes = table.locator(f"tbody tr > :nth-child({place + 1})").all_inner_texts()
    assert [float(told) for told in minutes] == sorted(map(float, minutes), reverse=True)
    name = table.locator("tbody tr").first.locator("button").first.inner_text()
    click(table.locator("tbody tr").first.locator("button").first)
    assert page.locator("#card-title").inner_text().endswith(name)
    assert minutes[0] in page.locator("#card").inner_text()
    assert violations(page) == []

    # Both on paper: this partnership alone.
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    click(page.get_by_text("Print this partnership"))
    page.emulate_media(media="print")
    assert name in page.locator("#part").inner_text()
    assert page.locator("#card").is_visible() and page.locator("#map").is_visible()
    print(f"the adviser at {width} pixels: {clicks} clicks")
