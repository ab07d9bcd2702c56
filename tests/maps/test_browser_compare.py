"""The page of plans compared, in a browser with the network off."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from atlases import HOSTILE
from comparisons import FIRST, SECOND, THIRD, write_town_comparison
from judging import WIDTHS, violations
from waiting import expect

pytestmark = pytest.mark.browser

SCALE = "document.querySelector('#map-0 .leaflet-control-scale-line').textContent"


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town_comparison(tmp_path_factory.mktemp("pair"), FIRST, SECOND)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town_comparison(tmp_path_factory.mktemp("three"), FIRST, SECOND, THIRD, internal=True)


def title(page: Any) -> str:
    return str(page.locator("#card-title").inner_text())


def spots(page: Any, *sides: int) -> list[list[tuple[int, int]]]:
    """Where the schools' signs stand within each map, to a pixel, all seen at one moment."""
    seen = page.evaluate(
        "ids => ids.map(id => document.getElementById(id)).map(map => { const o = map.getBoundingClientRect();"
        "return [...map.querySelectorAll('path.mark')].map(e => e.getBoundingClientRect())"
        ".map(r => [r.x + r.width / 2 - o.x, r.y + r.height / 2 - o.y]) })",
        [f"map-{side}" for side in sides],
    )
    return [sorted((round(x), round(y)) for x, y in boxes) for boxes in seen]


def apart(one: list[tuple[int, int]], other: list[tuple[int, int]]) -> int:
    """How many pixels the same signs of two maps are apart at most."""
    assert len(one) == len(other) > 0
    return max(abs(a - b) for p, q in zip(one, other, strict=True) for a, b in zip(p, q, strict=True))


def map_at(page: Any, share: float) -> str:
    """Which map lies uppermost at this share of the frame's width."""
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + share * box["width"], box["y"] + box["height"] * 0.3
    found = page.evaluate("([x, y]) => document.elementFromPoint(x, y).closest('.side')?.id", [x, y])
    return str(found)


@pytest.mark.parametrize(("width", "height"), WIDTHS)
@pytest.mark.parametrize("which", ["pair", "three"])
def test_axe_finds_nothing_wrong(
    visit: Callable[..., Any], which: str, request: pytest.FixtureRequest, width: int, height: int
):
    page = visit(request.getfixturevalue(which), width, height).page
    assert violations(page) == []
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("input[value=beside]").check()
    page.locator("#tables button[data-school]").first.click()
    assert page.locator("#card").is_visible()
    assert violations(page) == []
    page.locator("#tables button[data-partnership]").first.click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_differences_come_first(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    said = page.locator(".panel .headline").inner_text()
    assert "1 of 3 partnerships of A are the same in B." in said
    assert "Schools: 1 moved, 1 no longer placed." in said and "2 heads change companions." in said
    rows = page.locator(".panel .figures-table tbody tr").all_inner_texts()
    assert "Small schools not yet placed\t0\t1\t+1" in rows
    assert not any(row.startswith("Partnerships\t") for row in rows)  # three in both
    assert page.locator("#tables .figures-table").get_by_role("rowheader", name="Partnerships", exact=True).is_visible()


def test_each_plan_has_a_map_and_whoever_changes_wears_a_ring(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    for side in (0, 1):
        assert page.locator(f"#map-{side} path.area").count() == 3
        assert page.locator(f"#map-{side} path.flag.changed").count() == 2
    assert page.locator("#map-0 path.mark.unplaced").count() == 0
    assert page.locator("#map-1 path.mark.unplaced").count() == 1
    assert page.locator(".plan-name").all_inner_texts() == ["A Ten", "B Twenty"]


def test_a_partnership_that_continues_keeps_its_colour_and_the_same_ones_fade(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    looks = [
        page.locator(f"#map-{side} path.area").evaluate_all("all => all.map(e => e.getAttribute('class'))")
        for side in (0, 1)
    ]
    hues = [[re.search(r"hue-\d", look)[0] for look in side] for side in looks]
    assert hues[0] == hues[1] and hues[0][0] != hues[0][1] != hues[0][2]
    assert [["alike" in look for look in side] for side in looks] == [[False, False, True]] * 2
    alike = page.locator("#map-0 path.alike")
    faint = alike.evaluate("e => getComputedStyle(e).fillOpacity")
    page.locator("#fade").uncheck()
    assert float(faint) < float(alike.evaluate("e => getComputedStyle(e).fillOpacity"))


def test_the_line_is_swiped_by_keyboard(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    assert [map_at(page, share) for share in (0.3, 0.7)] == ["map-0", "map-1"]
    slider = page.locator("#swipe")
    slider.focus()
    page.keyboard.press("Home")
    assert [map_at(page, share) for share in (0.3, 0.7)] == ["map-1", "map-1"]
    assert slider.get_attribute("aria-valuetext") == "0 % A, the rest B"
    page.keyboard.press("End")
    assert [map_at(page, share) for share in (0.3, 0.7)] == ["map-0", "map-0"]
    for _ in range(10):
        page.keyboard.press("PageDown")
    assert slider.get_attribute("aria-valuetext") == "0 % A, the rest B"


def test_the_line_is_swiped_by_pointer(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    box = page.locator("#map").bounding_box()
    handle = page.locator("#swipe").bounding_box()
    y = handle["y"] + handle["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=5)
    page.mouse.up()
    assert [map_at(page, share) for share in (0.7, 0.9)] == ["map-0", "map-1"]


@pytest.mark.parametrize("layout", ["swipe", "beside"])
@pytest.mark.parametrize("side", [0, 1])
def test_both_maps_move_together(visit: Callable[..., Any], pair: Path, layout: str, side: int):
    page = visit(pair).page
    page.locator(f"input[value={layout}]").check()
    assert apart(*spots(page, 0, 1)) <= 1
    (before,) = spots(page, 0)
    box = page.locator("#map").bounding_box()
    x, y = box["x"] + box["width"] * (0.2, 0.7)[side], box["y"] + 250
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 90, y + 60, steps=6)
    page.mouse.up()
    assert apart(before, *spots(page, 0)) > 40
    assert apart(*spots(page, 0, 1)) <= 1
    scale = page.evaluate(SCALE)
    page.mouse.wheel(0, -300)  # the map is used already: it was dragged
    page.wait_for_function(f"scale => {SCALE} !== scale", arg=scale)  # the wheel is read in steps
    (nearer,) = spots(page, 0)
    assert apart(before, nearer) > 60
    assert apart(*spots(page, 0, 1)) <= 1
    page.locator(f"#map-{side}").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".leaflet-pan-anim")).to_have_count(0)  # it glides there
    assert apart(nearer, *spots(page, 0)) > 40
    assert apart(*spots(page, 0, 1)) <= 1


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_side_by_side_each_map_has_half(visit: Callable[..., Any], pair: Path, width: int, height: int):
    page = visit(pair, width, height).page
    page.locator("input[value=beside]").check()
    whole, one, other = (page.locator(what).bounding_box() for what in ("#map", "#map-0", "#map-1"))
    along, size = ("x", "width") if width > 800 else ("y", "height")
    assert abs(one[size] - whole[size] / 2) < 4 and abs(other[size] - whole[size] / 2) < 4
    assert one[along] < other[along]
    assert page.locator("#swipe").is_hidden()
    page.locator("input[value=swipe]").check()
    assert page.locator("#map-0").bounding_box() == page.locator("#map-1").bounding_box()


def test_a_schools_card_tells_where_it_is_in_both(visit: Callable[..., Any], pair: Path):
    one = visit(pair)
    one.go("#school=900003")
    card = one.page.locator("#card").inner_text()
    assert card.startswith("School, moved") and title(one.page) == "School 900003"
    assert "In A: Ten\n\nPartnership 1 West" in card and "In B: Twenty\n\nPartnership 2 Middle" in card
    assert (
        one.page.locator("#map-0 path.area.picked").count() == one.page.locator("#map-1 path.area.picked").count() == 1
    )
    one.go("#school=900006")
    card = one.page.locator("#card").inner_text()
    assert card.startswith("School, no longer placed") and "In B: Twenty\n\nNot yet placed" in card
    one.page.locator("#card").get_by_role("button", name="2 Middle").click()
    assert title(one.page) == "2 Middle"
    expect(one.page).to_have_url(re.compile("#partnership=2&plan=0$"))


def test_a_partnerships_card_tells_both_ends(visit: Callable[..., Any], pair: Path):
    one = visit(pair)
    one.go("#partnership=2&plan=1")
    card = one.page.locator("#card").inner_text()
    assert title(one.page) == "2 Middle"
    assert "A: no. 2" in card and "B: no. 2" in card
    assert re.search(r"In A only\s+School 900006.*In B only\s+School 900003.*In both\s+School 900004", card, re.DOTALL)


def test_on_a_wide_page_the_card_covers_no_map(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    before = page.locator("#map").bounding_box()
    page.locator("#tables button[data-school]").first.click()
    maps, card = page.locator("#map").bounding_box(), page.locator("#card").bounding_box()
    assert maps["x"] + maps["width"] <= card["x"]
    page.keyboard.press("Escape")
    assert page.locator("#map").bounding_box()["width"] == before["width"]


def test_search_by_keyboard_finds_schools_and_partnerships_of_either(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.type("middle")
    assert page.locator("#found li").all_inner_texts() == ["2 Middle\npartnership in A", "2 Middle\npartnership in B"]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#partnership=2&plan=1$"))
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    assert page.evaluate("document.activeElement.id") == "search"


def test_any_other_plan_can_stand_beside_the_first(visit: Callable[..., Any], three: Path):
    page = visit(three).page
    assert page.get_by_text("Internal: not for publication").first.is_visible()
    page.locator("#other").select_option("2")
    assert page.locator(".plan-name.other").inner_text() == "C Thirty"
    assert page.locator("#map-1").is_hidden() and page.locator("#map-2").is_visible()
    assert page.locator(".headline:visible h2").all_inner_texts() == ["From A to C"]
    assert page.locator("#map-2 path.area").count() == 2
    rings = {f"#map-{side}": page.locator(f"#map-{side} path.flag.changed").count() for side in (0, 2)}
    assert rings == {"#map-0": 4, "#map-2": 4}  # 4 moves; 5 and 6, or 7 and 8; 9 is out
    assert apart(*spots(page, 0, 2)) <= 1
    page.locator("#tables button[data-plan='1']").first.click()  # a row of B brings B
    assert page.locator(".plan-name.other").inner_text() == "B Twenty"


def test_a_partnership_that_ends_has_no_counterpart(visit: Callable[..., Any], three: Path):
    one = visit(three)
    one.page.locator("#other").select_option("2")
    ended = one.page.locator("#tables tr", has_text="ended").get_by_role("button").first
    ended.click()
    assert "None of C continues it." in one.page.locator("#card").inner_text()


def test_links_are_named_on_an_internal_page_only(visit: Callable[..., Any], three: Path, pair: Path, tmp_path: Path):
    page = visit(three).page
    page.locator("[data-layer=links]").check()
    assert page.locator("#map-0 path.line.kept").count() == 2
    assert page.locator("#map-1 path.line.kept").count() == 2
    told = page.locator("#tables li", has_text="broken").all_inner_texts()
    assert "School 900003 and School 900004: kept, was broken" in told
    public = pair.read_text(encoding="utf-8")
    facts = json.loads(public.partition('id="facts">')[2].partition("</script>")[0])
    assert [plan["links"] for plan in facts["plans"]] == [[], []]
    assert "kept, was broken" not in public and "Internal" not in public


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_hostile_names_are_plain_text(visit: Callable[..., Any], tmp_path: Path, width: int, height: int):
    nasty = [HOSTILE[i % 6] + (f" {i}" if i > 5 else "") for i in range(10)]
    groups = {HOSTILE[0]: (1, 2, 3), HOSTILE[4]: (4, 5, 6)}
    others = {HOSTILE[3]: (1, 2), HOSTILE[5]: (3, 4, 5)}
    path = write_town_comparison(tmp_path, groups, others, internal=True, names=[HOSTILE[4], HOSTILE[3]], schools=nasty)
    one = visit(path, width, height)  # a dialog or a refused script would count as a complaint
    for part in (
        "#school=900003",
        "#school=900006",
        "#partnership=1&plan=1",
        "#partnership=2&plan=0",
        "#plan=9",
        "#plan=x",
    ):
        one.go(f"#{part}")
    one.page.locator("#search").fill("alert")
    one.page.locator("#found li").first.click()
    assert "alert(1)" in one.page.locator("#card").inner_text()
    assert one.page.locator("img").count() == 0
    assert one.page.evaluate("document.documentElement.scrollWidth") == width


def test_paper_gets_both_maps_beside_each_other_and_the_tables(visit: Callable[..., Any], pair: Path):
    page = visit(pair).page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    one, other = (page.locator(f"#map-{side}").bounding_box() for side in (0, 1))
    assert one["x"] + one["width"] <= other["x"] + 1 and abs(one["width"] - other["width"]) < 2
    assert one["width"] > 500
    assert page.locator("#swipe").is_hidden() and page.locator(".plan-name").first.is_visible()
    assert page.locator("#tables table").first.is_visible() and page.locator("#search").is_hidden()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#map-0").bounding_box() == page.locator("#map-1").bounding_box()


def test_text_at_twice_its_size_still_fits(visit: Callable[..., Any], three: Path):
    page = visit(three, 640, 400).page  # what a 1280 px window is at a zoom of 200 %
    assert page.evaluate("document.documentElement.scrollWidth") == 640


def test_the_same_comparison_is_the_same_bytes(tmp_path: Path):
    one, other = (write_town_comparison(tmp_path / name, FIRST, SECOND) for name in ("one", "other"))
    assert one.read_bytes() == other.read_bytes()


def test_a_plan_of_no_partnership_compares_too(visit: Callable[..., Any], tmp_path: Path):
    one = visit(write_town_comparison(tmp_path, FIRST, {}))
    assert "Schools: 9 no longer placed." in one.page.locator(".headline").inner_text()
    one.go("#partnership=1")
    assert "None of B continues it." in one.page.locator("#card").inner_text()
