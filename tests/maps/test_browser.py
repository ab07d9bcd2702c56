"""The page in a browser with the network off: every visit must ask for nothing and complain of nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from atlases import county_atlas, hostile_atlas, village_atlas
from judging import WIDTHS, violations
from town import write_town
from waiting import MILLISECONDS, expect

from partition.maps.atlas import draw_atlas
from partition.maps.page import write_map
from partition.plans.propose import propose
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.solver import Limits

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("county") / "map.html"
    write_map(county_atlas(), path)
    return path


@pytest.fixture
def village(tmp_path: Path) -> Path:
    write_map(village_atlas(), tmp_path / "map.html")
    return tmp_path / "map.html"


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


def test_first_glance_shows_areas_numbers_schools_and_what_is_not_placed(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    atlas = county_atlas()
    assert page.locator("#map path.area").count() == len(atlas.partnerships)
    assert sorted(map(int, page.locator(".label.number").all_inner_texts())) == [p.number for p in atlas.partnerships]
    assert page.locator("#map path.mark.placed").count() == sum(s.role == "placed" for s in atlas.schools)
    assert page.locator("#map path.mark.unplaced").count() == 5
    assert page.get_by_text("Modelling, not a proposal", exact=True).is_visible()


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_every_number_stands_on_a_page_of_any_width_and_none_on_another(
    visit: Callable[..., Any], county: Path, width: int, height: int
):
    page = visit(county, width, height).page
    numbers = page.locator(".label.number span")
    assert sorted(map(int, numbers.all_inner_texts())) == [one.number for one in county_atlas().partnerships]
    boxes = numbers.evaluate_all(
        "all => all.map(e => e.getBoundingClientRect()).map(r => [r.x, r.y, r.right, r.bottom])"
    )
    assert not [
        (a, b) for a, b in combinations(boxes, 2) if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_no_two_names_overlap(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    for _ in range(3):
        boxes = page.locator(".label:not(.number) span").evaluate_all(
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


def test_clicking_a_school_opens_its_card_and_an_area_its_partnership(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    spot = page.locator("#map path.mark.associate").bounding_box()
    page.mouse.click(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    card = page.locator("#card").inner_text()
    assert title(page) == "School 900004"
    assert "310 pupils" in card and "School 900005" in card and "17.2 min" in card
    page.locator("#card").get_by_role("button", name="2 Holt").click()
    card = page.locator("#card").inner_text()
    assert "Holt: 24 minutes, at most 20" in card and "meeting venue" in card
    page.locator(".whole").click()
    badge = page.locator(".label.number.hue-1 span, .label.number.hue-0 span").first.bounding_box()
    page.mouse.click(badge["x"] + 12, badge["y"] + 12)
    assert title(page).startswith(page.locator(".label.number span").first.inner_text())


def test_a_card_tells_who_what_it_leaves_and_why(visit: Callable[..., Any], village: Path):
    one = visit(village)
    one.go("#school=900003")
    assert "Would no longer be with:\n\nAshby Fen Primary School" in one.page.locator("#card").inner_text()
    one.go("#school=900006")
    assert "No school within 20 minutes" in one.page.locator("#card").inner_text()
    one.go("#school=900002")
    assert "Fen Federation: one head, with School 900001" in one.page.locator("#card").inner_text()
    one.go("#partnership=1")
    assert title(one.page) == "1 Ashby"
    one.go("#school=1")  # no such school: nothing opens, nothing breaks
    one.go("#school=%22%3E%3Cscript%3E")


def test_identifiers_of_any_register_open_by_address_and_stand_in_it(visit: Callable[..., Any], tmp_path: Path):
    urns = ["00012/3", "7%2F8", "A.B#1", "A+B &1"]
    path = write_town(
        tmp_path,
        *(0, 1, 2, 3),
        columns={"urn": urns},
        names=["One", "Two", "Three", "Four"],
        settings="[map]\nworld = false\n",
    )
    case = load(read_scenario(path))
    write_map(draw_atlas(case, propose(case.problem, Limits(workers=1))), tmp_path / "map.html")
    one = visit(tmp_path / "map.html")
    for urn, name in zip(urns, ["One", "Two", "Three", "Four"], strict=True):
        one.go(f"#school={quote(urn, safe='')}")
        assert title(one.page) == name and f"URN {urn}" in one.page.locator("#card").inner_text()
        assert parse_qs(one.page.evaluate("location.hash.slice(1)")) == {"school": [urn]}
        one.page.locator("#card tr[data-way] .way-button").first.click()
        asked = parse_qs(one.page.evaluate("location.hash.slice(1)"))
        assert asked["school"] == [urn] and asked["way"][0] in set(urns) - {urn}


def test_search_by_keyboard_opens_the_card_and_escape_gives_the_focus_back(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to search"
    page.keyboard.press("Enter")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("fen ash")
    assert page.locator("#found [role=option]").all_inner_texts() == ["Ashby Fen Primary School\nAshby, partnership 1"]
    page.keyboard.press("Enter")
    assert title(page) == "Ashby Fen Primary School"
    expect(page).to_have_url(re.compile("#school=900000$"))
    assert page.evaluate("document.activeElement.id") == "card-title"
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    assert page.evaluate("document.activeElement.id") == "search"


def test_search_finds_places_partnerships_and_says_how_many(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    page.locator("#search").fill("ashby")
    assert page.locator("#told").inner_text() == "6 found"  # a place, a partnership, and four schools of the town
    page.keyboard.press("ArrowUp")  # from the first to the last, and round again
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert title(page) == "Ashby"
    assert "School 900006" in page.locator("#card .members li").first.inner_text()
    page.locator("#search").fill("nowhere")
    assert page.locator("#found").is_hidden()
    assert page.locator("#told").inner_text() == "0 found"


@pytest.mark.parametrize(
    ("layer", "drawn", "count"),
    [
        ("areas", "path.area", 2),
        ("venues", "path.line.venue", 4),
        ("headships", "path.line.headship", 1),
        ("today", "path.lasso", 1),
        ("outside", "path.mark.outside", 1),
        ("corrected", "path.flag.corrected", 1),
        ("links", ".label.tally", 2),
    ],
)
def test_a_layer_is_one_click_away(visit: Callable[..., Any], village: Path, layer: str, drawn: str, count: int):
    page = visit(village).page
    box = page.locator(f"[data-layer={layer}]")
    for _ in range(2):
        assert page.locator(f"#map {drawn}").count() == (count if box.is_checked() else 0)
        box.click()


def test_links_are_drawn_on_an_internal_page(visit: Callable[..., Any], tmp_path: Path):
    links = (("900000", "900001", True), ("900000", "900003", False))
    write_map(village_atlas(links=links, internal=True), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    page.locator("[data-layer=links]").check()
    assert page.locator("#map path.kept").count() == page.locator("#map path.broken").count() == 1


def test_tables_sort_both_ways_and_rows_go_to_the_map(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    table = page.locator("table.sortable").nth(1)
    heading = table.locator("th", has_text="Pupils")
    pupils = table.locator("tbody tr td:nth-child(4)")
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "ascending"
    assert pupils.all_inner_texts() == ["60", "100", "100", "100", "100", "100", "310", "450"]
    heading.get_by_role("button").click()
    assert heading.get_attribute("aria-sort") == "descending"
    assert pupils.first.inner_text() == "450"
    table.locator("tbody tr").first.locator("td").nth(2).click()
    assert title(page) == "School 900007"
    assert page.locator("#map").evaluate("e => e.getBoundingClientRect().top") >= 0


def test_on_a_phone_nothing_is_wider_than_the_screen_and_the_card_leaves_the_map_free(
    visit: Callable[..., Any], county: Path
):
    page = visit(county, 390, 844).page
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.locator("#search").fill("7")
    page.keyboard.press("Enter")
    of = "e => { const r = e.getBoundingClientRect(); return [r.top, r.bottom] }"
    assert page.locator("#map").evaluate(of)[1] <= page.locator("#card").evaluate(of)[0] + 1 < 844  # but for rounding
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize(("width", "height"), [(1366, 900), (390, 844)])
def test_a_tile_server_is_asked_once_a_reader_ticks_its_box_and_no_longer(
    chromium: Any, tmp_path: Path, width: int, height: int
):
    write_map(village_atlas(tiles="https://{s}.tiles.example/{z}/{x}/{y}.png"), tmp_path / "map.html")
    asked: list[str] = []
    with chromium.new_context(viewport={"width": width, "height": height}) as context:
        context.set_default_timeout(MILLISECONDS)
        page = context.new_page()
        page.route(re.compile("^https:"), lambda route: (asked.append(route.request.url), route.abort()))
        page.goto((tmp_path / "map.html").as_uri())
        page.wait_for_selector("html[data-ready]")
        box = page.get_by_label("Background from tiles.example (uses the internet)")
        assert not box.is_checked() and violations(page) == []
        with page.expect_event("requestfailed"):
            page.evaluate("new Image().src = 'https://a.tiles.example/last'")  # what was asked for before came before
        assert asked == ["https://a.tiles.example/last"]
        assert page.locator("#map.has-tiles").count() == 0
        with page.expect_request("https://*.tiles.example/**"):
            box.check()
        assert page.locator("#map.has-tiles").count() == 1
        box.uncheck()
        assert page.locator("#map.has-tiles, #map .leaflet-tile").count() == 0
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_text_at_twice_its_size_still_fits(visit: Callable[..., Any], county: Path):
    page = visit(county, 640, 400).page  # what a 1280 px window is at a zoom of 200 %
    assert page.evaluate("document.documentElement.scrollWidth") == 640


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_hostile_names_are_plain_text(visit: Callable[..., Any], tmp_path: Path, width: int, height: int):
    write_map(hostile_atlas(), tmp_path / "map.html")
    one = visit(tmp_path / "map.html", width, height)  # a dialog or a refused script would count as a complaint
    for part in ("#school=900000", "#school=900003", "#school=900004", "#partnership=1", "#school=900006"):
        one.go(part)
        assert "alert(1)" in one.page.locator("#card").inner_text()
    for box in one.page.locator("[data-layer]").all():
        box.check()
    one.page.locator("#search").fill("alert")
    one.page.locator("#found li").first.click()
    assert one.page.locator("img").count() == 0
    assert one.page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_gets_map_key_and_tables(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("#search").is_hidden() and page.locator(".leaflet-control-zoom").is_hidden()
    assert page.locator(".status").is_visible() and page.locator("details", has_text="Criteria").is_visible()
    assert page.locator("[data-layer=areas] ~ .layer-name").is_visible()
    assert page.locator("[data-layer=today] ~ .layer-name").is_hidden()  # not drawn, so not in the key
    assert page.locator("#map").evaluate("e => e.offsetWidth") == 752
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#map").evaluate("e => e.offsetWidth") > 900
