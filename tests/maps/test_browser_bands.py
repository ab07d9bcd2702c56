"""The page of minutes from one school in a browser with the network off."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from atlases import HOSTILE, bands_atlas, county_atlas
from judging import WIDTHS, lightness_steps, violations
from waiting import expect

from partition.maps.bands import write_bands

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bands") / "bands.html"
    write_bands(bands_atlas(county_atlas(), "900036"), path)
    return path


@pytest.fixture
def village(tmp_path: Path) -> Path:
    """From Ashby Fen: 7.2 and 8.4 minutes to 1 and 2, 22.8 to 3; 7 is made a school that no road reaches."""
    atlas = bands_atlas()
    schools = tuple(replace(one, minutes=None) if one.urn == "900007" else one for one in atlas.schools)
    write_bands(replace(atlas, schools=schools), tmp_path / "bands.html")
    return tmp_path / "bands.html"


def title(page: Any) -> str:
    return str(page.locator("#card-title").inner_text())


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong(visit: Callable[..., Any], county: Path, width: int, height: int):
    page = visit(county, width, height).page
    assert violations(page) == []
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("#tables button[data-school]").first.click()
    assert page.locator("#card").is_visible()
    assert violations(page) == []


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_first_glance_shows_bands_their_minutes_and_where_they_are_from(
    visit: Callable[..., Any], county: Path, width: int, height: int
):
    page = visit(county, width, height).page
    assert page.locator("#map path.band").count() == 6
    said = set(page.locator(".label.band").all_inner_texts())
    assert said >= {"5–10 min", "10–15 min", "15–20 min", "20–25 min", "25–30 min"}
    assert page.locator("#map path.mark.origin").count() == page.locator(".label.origin").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_shades_differ_in_grey_too(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    key = page.locator(".shade-row .band").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    drawn = page.locator("#map path.band").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert drawn == key[::-1]  # the nearest is drawn last
    assert len(key) == 6 and min(lightness_steps(key)) > 5
    assert page.locator("#map path.band").first.evaluate("e => getComputedStyle(e).stroke") == "rgb(23, 64, 95)"


def test_schools_wear_the_shade_and_the_number_of_their_minutes(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    shades = page.locator("#map path.mark.reached").evaluate_all("all => all.map(e => Number(e.classList[2].slice(6)))")
    assert sorted(shades) == [2, 2, 7, 10, 12, 12]  # 7 and 8 minutes, 20 less a little, 23, and two of 28 or so
    assert {"7", "8", "23"} <= set(page.locator(".label.reached").all_inner_texts())
    assert page.locator("#map path.mark.beyond").count() == 1


def test_no_two_names_overlap(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    for _ in range(3):
        boxes = page.locator(".label span").evaluate_all(
            "all => all.map(e => e.getBoundingClientRect())"
            ".map(r => [r.left + 2, r.top + 2, r.right - 2, r.bottom - 2])"
        )
        overlaps = [
            (a, b)
            for i, a in enumerate(boxes)
            for b in boxes[:i]
            if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        ]
        assert len(boxes) > 20 and overlaps == []
        page.locator(".leaflet-control-zoom-in").click()


def test_clicking_a_school_tells_its_minutes(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    spot = page.locator("#map path.mark.reached").first.bounding_box()
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    assert page.locator("#card .reached").inner_text().endswith("min")
    assert "from Ashby Fen Primary School" in page.locator("#card").inner_text()
    page.locator("#card").get_by_role("button", name="Ashby Fen Primary School").click()
    assert title(page) == "Ashby Fen Primary School"
    assert "Minutes are counted from" in page.locator("#card").inner_text()


def test_search_by_keyboard_opens_the_card_and_escape_gives_the_focus_back(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("900001")
    assert page.locator("#found [role=option]").all_inner_texts() == ["School 900001\n7.2 min"]
    page.keyboard.press("Enter")
    assert title(page) == "School 900001"
    expect(page).to_have_url(re.compile("#school=900001$"))
    assert page.locator(".label.reached", has_text="7.2 min: School 900001").count() == 1
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    assert page.evaluate("document.activeElement.id") == "search"


def test_search_finds_places(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    page.locator("#search").fill("ashby")
    page.locator("#found li").first.click()
    assert title(page) == "Ashby" and "Place" in page.locator("#card").inner_text()


def test_a_school_that_no_road_reaches_says_so(visit: Callable[..., Any], village: Path):
    one = visit(village)
    one.go("#school=900007")
    assert "Not reached" in one.page.locator("#card").inner_text()
    row = one.page.locator("#tables tbody tr", has_text="School 900007")
    assert row.locator("td").all_inner_texts() == ["900007", "–", "not reached"]


@pytest.mark.parametrize(
    ("layer", "drawn"), [("bands", "path.band"), ("reached", "path.reached"), ("beyond", "path.beyond")]
)
def test_a_layer_can_be_put_away(visit: Callable[..., Any], village: Path, layer: str, drawn: str):
    page = visit(village).page
    assert page.locator(f"#map {drawn}").count() > 0
    page.locator(f"[data-layer={layer}]").uncheck()
    assert page.locator(f"#map {drawn}").count() == 0


def test_the_table_says_the_same_nearest_first_and_sorts(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    rows = page.locator("#tables tbody tr")
    assert rows.first.locator("td").all_inner_texts() == ["900001", "7.2", "5 to 10 min"]
    assert rows.last.locator("td").all_inner_texts() == ["900007", "–", "not reached"]
    heading = page.get_by_role("button", name="Minutes from Ashby Fen Primary School")
    heading.click()
    assert rows.last.locator("td").first.inner_text() == "900007"
    heading.click()
    assert rows.last.locator("td").first.inner_text() == "900001"
    rows.last.locator("td").first.click()
    assert title(page) == "School 900001"


def test_hostile_names_are_plain_text(visit: Callable[..., Any], tmp_path: Path):
    atlas = bands_atlas()
    schools = tuple(replace(one, name=HOSTILE[i % 6]) for i, one in enumerate(atlas.schools))
    write_bands(replace(atlas, schools=schools, origin=schools[0], title=HOSTILE[0]), tmp_path / "bands.html")
    one = visit(tmp_path / "bands.html")
    one.go("#school=900003")
    assert "alert(1)" in one.page.locator("#card").inner_text()
    assert one.page.locator("img").count() == 0


def test_paper_gets_map_key_and_table(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#search").is_hidden()
    assert page.locator(".shade-row").first.is_visible() and page.locator("#tables table").is_visible()
    assert page.locator("#map").evaluate("e => e.offsetWidth") == 752


def test_on_a_phone_the_card_leaves_the_map_free(visit: Callable[..., Any], county: Path):
    page = visit(county, 390, 844).page
    page.locator("#search").fill("a")
    page.keyboard.press("Enter")
    of = "e => { const r = e.getBoundingClientRect(); return [r.top, r.bottom] }"
    assert page.locator("#map").evaluate(of)[1] < page.locator("#card").evaluate(of)[0] + 1 < 844  # but for rounding
    assert page.evaluate("document.documentElement.scrollWidth") == 390
