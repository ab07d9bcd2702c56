"""A region on one map: its size, how fast it opens and moves, names as they fit, and tables made as asked for."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from gzip import decompress
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from atlases import region_atlas
from judging import WIDTHS, violations

from partition.maps.content import Atlas
from partition.maps.facts import LARGE_SCHOOLS, facts, is_large
from partition.maps.ground import as_json
from partition.maps.packing import compress
from partition.maps.page import write_map

pytestmark = pytest.mark.browser

BYTES_MAX = 3_000_000
CPU_SECONDS_MAX = 2.0
BOXES = "all => all.map(e => e.getBoundingClientRect()).map(r => [r.left, r.top, r.right, r.bottom])"


@pytest.fixture(scope="module")
def atlas() -> Atlas:
    return region_atlas()


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory, atlas: Atlas) -> Path:
    path = tmp_path_factory.mktemp("region") / "map.html"
    write_map(atlas, path)
    return path


def overlapping(boxes: list[list[float]]) -> list[tuple[list[float], list[float]]]:
    return [
        (a, b)
        for a, b in combinations(boxes, 2)
        if a[0] + 1 < b[2] and b[0] + 1 < a[2] and a[1] + 1 < b[3] and b[1] + 1 < a[3]
    ]


def test_facts_are_packed_without_loss_and_with_the_same_bytes(region: Path, atlas: Atlas):
    page = region.read_text(encoding="utf-8")
    packed = page.rpartition('<script type="application/gzip" id="facts">')[2].partition("</script>")[0]
    assert json.loads(decompress(b64decode(packed))) == json.loads(as_json(facts(atlas)))
    assert compress("Ashby") == compress("Ashby")
    assert region.stat().st_size < BYTES_MAX
    assert is_large(atlas) and not is_large(region_atlas(LARGE_SCHOOLS - 1))


def test_it_opens_within_two_seconds_of_the_processor_and_moves_in_less(visit: Callable[..., Any], region: Path):
    one = visit(region, 1366, 768)
    metrics = one.context.new_cdp_session(one.page)
    metrics.send("Performance.enable", {"timeDomain": "threadTicks"})

    def seconds() -> float:
        told = metrics.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in told if one["name"] == "TaskDuration"))

    one.page.reload()
    one.page.wait_for_selector("html[data-ready]")
    assert seconds() < CPU_SECONDS_MAX
    before = seconds()
    one.page.mouse.move(860, 400)
    one.page.mouse.down()
    for step in range(20):
        one.page.mouse.move(860 - 10 * step, 400)
    one.page.mouse.up()
    assert seconds() - before < 1.0
    assert one.page.locator("#map canvas").count() >= 2 and one.page.locator("#map path.mark").count() == 0


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_no_name_or_number_covers_another_at_any_scale(
    visit: Callable[..., Any], region: Path, width: int, height: int
):
    page = visit(region, width, height).page
    seen = []
    for _ in range(5):
        boxes = page.locator(".label span").evaluate_all(BOXES)
        assert overlapping(boxes) == []
        seen.append(len(boxes))
        page.locator(".leaflet-control-zoom-in").click()
    assert max(seen) > 20
    assert page.locator(".label").count() < 1_000  # what is far out of sight is not on the page


def test_a_click_on_an_area_opens_it_and_a_hint_says_its_pupils_and_longest_drive(
    visit: Callable[..., Any], region: Path, atlas: Atlas
):
    one = visit(region, 1366, 768)
    one.go("#partnership=200")
    known = atlas.partnerships[199]
    badge = one.page.locator(".label.number span", has_text="200").bounding_box()
    one.page.mouse.move(badge["x"] + badge["width"] / 2, badge["y"] + badge["height"] / 2)
    hint = one.page.locator(".hint").inner_text()
    assert hint.split("\n") == [
        f"200 {known.name}",
        f"{known.schools} schools · {known.pupils} pupils · longest drive between bases {known.worst_minutes:g} min",
    ]
    one.page.keyboard.press("Escape")
    assert one.page.locator("#card").is_hidden()
    one.page.mouse.click(badge["x"] + badge["width"] / 2, badge["y"] + badge["height"] / 2)
    assert one.page.locator("#card-title").inner_text() == f"200 {known.name}"


def test_tables_are_made_as_they_are_asked_for_and_sort_all_that_there_is(
    visit: Callable[..., Any], region: Path, atlas: Atlas
):
    page = visit(region).page
    table = page.locator("table[data-listed=schools]")
    assert table.locator("tbody tr").count() == 200
    page.get_by_text(f"200 of {len(atlas.schools)} shown: show 200 more").click()
    assert table.locator("tbody tr").count() == 400
    heading = table.locator("th", has_text="Pupils").get_by_role("button")
    heading.click()
    heading.click()
    assert table.locator("tbody tr td:nth-child(4)").first.inner_text() == "320"
    table.locator("tbody tr").first.locator("td").nth(2).click()
    assert page.locator("#card").is_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong_with_a_region(
    visit: Callable[..., Any], region: Path, width: int, height: int, scheme: str
):
    page = visit(region, width, height).page
    page.emulate_media(color_scheme=scheme)
    page.locator("#search").fill("200")
    page.keyboard.press("Enter")
    assert violations(page) == []


def test_paper_of_a_region_is_drawn_as_paths_and_one_partnership_has_its_rows_only(
    visit: Callable[..., Any], region: Path, atlas: Atlas
):
    one = visit(region)
    one.go("#partnership=200")
    one.page.evaluate("window.print = () => { dispatchEvent(new Event('beforeprint')); }")
    one.page.get_by_text("Print this partnership").click()
    one.page.emulate_media(media="print")
    known = atlas.partnerships[199]
    assert one.page.locator("table[data-listed=schools] tbody tr").count() == known.schools
    assert one.page.locator("table[data-listed=partnerships] tbody tr").count() == 1
    assert one.page.locator("#part").inner_text() == f"Partnership 200 {known.name}"
    shown = "all => all.filter(e => getComputedStyle(e).display !== 'none').length"
    assert one.page.locator("#map canvas").evaluate_all(shown) == 0  # browsers print a canvas as if it were not clear
    own = one.page.locator("#map .leaflet-areas-pane .on-paper path[stroke-width='3px']")
    assert own.count() == 1 and "M" in own.get_attribute("d")
    one.page.emulate_media(media="screen")
    one.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert one.page.locator("table[data-listed=schools] tbody tr").count() == 200
