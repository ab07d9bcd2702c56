"""The ways between schools in a browser with the network off: chosen by mouse and keys, drawn, told, and cleared."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from atlases import county_atlas, hostile_atlas, village_atlas, with_ways
from identifiers import ints
from judging import WIDTHS, points_drawn, violations
from waiting import expect

from partition.maps.page import write_map

pytestmark = pytest.mark.browser


@pytest.fixture
def roads(tmp_path: Path) -> Path:
    write_map(with_ways(village_atlas()), tmp_path / "map.html")
    return tmp_path / "map.html"


@pytest.fixture
def straight(tmp_path: Path) -> Path:
    write_map(village_atlas(), tmp_path / "map.html")
    return tmp_path / "map.html"


def button(page: Any, other: str) -> Any:
    return page.get_by_role("button", name=f"Show the way to {other}", exact=True)


def drawn(page: Any) -> list[int]:
    """How many points each way on the map has, the way there last."""
    return [points_drawn(one) for one in page.locator("#map path.line.way").all()]


def test_lines_to_the_venue_follow_the_roads(visit: Callable[..., Any], roads: Path):
    page = visit(roads).page
    page.locator("[data-layer=venues]").check()
    lines = page.locator("#map path.line.venue").all()
    assert len(lines) == 4 and all(points_drawn(line) > 2 for line in lines)


def test_without_roads_they_are_straight(visit: Callable[..., Any], straight: Path):
    page = visit(straight).page
    page.locator("[data-layer=venues]").check()
    assert ints([points_drawn(line) for line in page.locator("#map path.line.venue").all()]) == [2] * 4


def test_a_chosen_way_is_drawn_and_told_both_ways(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    one.go("#school=900003")
    page = one.page
    assert drawn(page) == [] and page.locator(".way-told").inner_text() == ""
    button(page, "School 900004").click()
    assert len(drawn(page)) == 1 and drawn(page)[0] > 5
    assert page.locator(".way-told").inner_text().splitlines() == [
        "The way to School 900004",
        "There",
        "8.8 min, 6.8 km",
        "Back",
        "9.3 min, 6.8 km",
    ]
    assert button(page, "School 900004").get_attribute("aria-pressed") == "true"


def test_what_is_told_is_announced_politely(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    one.go("#school=900003")
    before = one.page.locator(".way-told").element_handle()
    button(one.page, "School 900004").click()
    told = one.page.locator("#card").get_by_role("status")
    assert "The way to School 900004" in told.inner_text()
    assert before.evaluate("node => node.isConnected")  # a region that came with its text would not be read out


def test_another_choice_replaces_it_and_the_same_again_clears_it(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    one.go("#school=900003")
    page = one.page
    button(page, "School 900004").click()
    button(page, "School 900005").click()
    assert len(drawn(page)) == 1 and "School 900005" in page.locator(".way-told").inner_text()
    assert page.locator(".way-button[aria-pressed=true]").count() == page.locator("tr.shown").count() == 1
    button(page, "School 900005").click()
    assert drawn(page) == [] and page.locator(".way-told").inner_text() == ""
    assert page.locator(".way-button[aria-pressed=true]").count() == 0


def test_a_row_is_as_good_as_its_button_and_its_name_still_opens_the_school(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    one.go("#school=900003")
    page = one.page
    page.locator("tr[data-way='900004'] td.number").first.click()
    assert len(drawn(page)) == 1
    page.locator("tr[data-way='900004'] th button").click()
    assert page.locator("#card-title").inner_text() == "School 900004"
    assert drawn(page) == []


def test_by_keyboard_escape_clears_the_way_first_and_then_closes_the_card(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    one.go("#school=900003")
    page = one.page
    button(page, "School 900004").focus()
    page.keyboard.press("Enter")
    assert len(drawn(page)) == 1
    expect(page).to_have_url(re.compile("#school=900003&way=900004$"))
    page.keyboard.press("Escape")
    assert drawn(page) == [] and page.locator("#card").is_visible()
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Show the way to School 900004"
    expect(page).to_have_url(re.compile("#school=900003$"))
    page.keyboard.press("Space")
    assert len(drawn(page)) == 1
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden() and page.locator("#map path.line.way-case").count() == 0


def test_a_way_back_by_another_road_is_drawn_as_well(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    one.go("#school=900000&way=900001")
    page = one.page
    assert len(drawn(page)) == 2 and page.locator("#map path.line.way.back").count() == 1
    assert "another road" in page.locator(".way-told").inner_text()
    button(page, "School 900002").click()
    assert len(drawn(page)) == 1 and "another road" not in page.locator(".way-told").inner_text()


def test_a_way_known_in_one_direction_is_drawn_from_either_end(visit: Callable[..., Any], tmp_path: Path):
    atlas = with_ways(village_atlas())
    write_map(replace(atlas, ways=tuple(way for way in atlas.ways if way.urn_from < way.urn_to)), tmp_path / "map.html")
    one = visit(tmp_path / "map.html")
    one.go("#school=900004&way=900003")
    assert drawn(one.page)[0] > 5
    assert one.page.locator(".way-told dd").all_inner_texts() == ["8.8 min", "8.8 min, 6.8 km"]
    assert "crow" not in one.page.locator(".way-told").inner_text()


def test_a_pair_without_a_way_is_a_dashed_line_as_the_crow_flies(visit: Callable[..., Any], straight: Path):
    one = visit(straight)
    one.go("#school=900004")
    button(one.page, "School 900003").click()
    assert ints(drawn(one.page)) == [2]
    line = one.page.locator("#map path.line.way.crow")
    assert line.evaluate("line => getComputedStyle(line).strokeDasharray") != "none"
    assert "The line is as the crow flies: 4.5 km." in one.page.locator(".way-told").inner_text()
    assert one.page.locator(".way-told dd").all_inner_texts() == ["8.8 min", "9.3 min"]


def test_nobody_can_ask_for_a_way_that_is_not_there(visit: Callable[..., Any], roads: Path):
    one = visit(roads)
    for part in ("#school=900000&way=900004", "#school=900006&way=900000", "#way=900001", "#school=900000&way=x"):
        one.go("")
        one.go(part)
        assert drawn(one.page) == []


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong_with_a_way(visit: Callable[..., Any], roads: Path, width: int, height: int):
    one = visit(roads, width, height)
    one.go("#school=900000&way=900001")
    assert len(drawn(one.page)) == 2
    assert violations(one.page) == []


def test_on_a_phone_way_and_map_stay_in_sight(visit: Callable[..., Any], roads: Path):
    one = visit(roads, 390, 844)
    one.go("#school=900000")
    page = one.page
    button(page, "School 900002").scroll_into_view_if_needed()
    button(page, "School 900002").click()
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    way, pressed = (
        page.locator(what).first.bounding_box() for what in ("#map path.line.way", ".way-button[aria-pressed=true]")
    )
    chart = page.locator("#map").bounding_box()
    assert way["y"] >= 0 and way["y"] + way["height"] <= chart["y"] + chart["height"] <= pressed["y"]
    assert pressed["y"] + pressed["height"] <= 844


def test_a_way_comes_into_sight_beside_the_card(visit: Callable[..., Any], tmp_path: Path):
    county = with_ways(county_atlas())
    write_map(county, tmp_path / "map.html")
    one = visit(tmp_path / "map.html", 1000, 700)
    far = max(county.partnerships, key=lambda card: card.worst_minutes or 0)
    one.go(f"#school={far.worst_pair[0]}")
    for _ in range(3):
        one.page.locator(".leaflet-control-zoom-in").click()
    one.page.locator(f"tr[data-way='{far.worst_pair[1]}'] .way-button").click()
    way, card = (one.page.locator(what).bounding_box() for what in ("#map path.line.way", "#card"))
    assert way["x"] >= 348 and way["x"] + way["width"] <= card["x"]


def test_hostile_names_are_plain_text_in_a_way(visit: Callable[..., Any], tmp_path: Path):
    write_map(with_ways(hostile_atlas()), tmp_path / "map.html")
    one = visit(tmp_path / "map.html")
    one.go("#school=900004&way=900003")
    assert "<img src=x onerror=alert(1)>" in one.page.locator(".way-told").inner_text()
