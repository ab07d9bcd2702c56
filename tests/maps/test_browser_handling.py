"""How a map is handled: wheel, hints, full screen, image, paper of a part, keys, dark pages."""

from __future__ import annotations

import struct
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from atlases import bands_atlas, county_atlas, hostile_atlas, village_atlas
from comparisons import FIRST, SECOND, write_town_comparison
from judging import WIDTHS, violations
from pypdfium2 import PdfDocument
from waiting import expect

from partition.maps.bands import write_bands
from partition.maps.page import write_map

pytestmark = pytest.mark.browser

BOX = "e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] }"
SIZE = "e => [e.offsetWidth, e.offsetHeight]"
ZOOM = "document.querySelector('.leaflet-control-scale-line').textContent"
HINTS = """() => {  // what the map says for a moment from now on, however late anybody looks
    const how = document.querySelector(".how");
    window.hint = null;
    const look = () => how.classList.contains("told-now") && (window.hint = how.textContent);
    new MutationObserver(look).observe(how, { attributes: true });
    how.classList.remove("told-now");
}"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("county") / "map.html"
    write_map(county_atlas(), path)
    return path


@pytest.fixture
def village(tmp_path: Path) -> Path:
    write_map(village_atlas(), tmp_path / "map.html")
    return tmp_path / "map.html"


def zoom_by_wheel(page: Any) -> None:
    """Turn the wheel, which the map reads in steps, and wait until the map is nearer; the page stays where it is."""
    scale = page.evaluate(ZOOM)
    page.mouse.wheel(0, -500)
    page.wait_for_function(f"scale => {ZOOM} !== scale", arg=scale)
    assert page.evaluate("scrollY") == 0


def scroll_by_wheel(page: Any) -> None:
    """Turn the wheel, and wait until the page has moved and its hint was shown; the map keeps its scale."""
    scale = page.evaluate(ZOOM)
    page.evaluate(HINTS)
    page.mouse.wheel(0, 300)
    page.wait_for_function("() => scrollY > 200 && hint === 'Ctrl and the wheel zoom the map, or press on it first'")
    assert page.evaluate(ZOOM) == scale


def test_the_wheel_moves_the_page_until_the_map_is_used(visit: Callable[..., Any], village: Path):
    page = visit(village, 1366, 768).page
    page.mouse.move(900, 400)
    scroll_by_wheel(page)
    page.mouse.wheel(0, -900)
    page.wait_for_function("() => scrollY === 0")
    page.keyboard.down("Control")
    zoom_by_wheel(page)
    page.keyboard.up("Control")
    page.locator(".whole").click()  # which is to use the map
    page.mouse.move(900, 400)
    zoom_by_wheel(page)
    page.locator("h1").click()  # and no longer
    page.mouse.move(900, 400)
    scroll_by_wheel(page)


def test_a_map_that_fills_the_screen_zooms_by_the_wheel(visit: Callable[..., Any], village: Path):
    page = visit(village, 1366, 768).page
    page.evaluate("addEventListener('fullscreenchange', () => (window.heard = true))")  # as the map has by then
    page.locator(".full").click()
    page.wait_for_function(f"() => window.heard && ({SIZE})(document.getElementById('map')).join() === '1366,768'")
    page.mouse.move(700, 400)
    zoom_by_wheel(page)
    page.locator(".full").click()
    page.locator(".stage:not(:fullscreen)").wait_for()


def test_a_hint_says_partnership_pupils_and_longest_drive(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    spot = page.locator("#map path.mark.associate").bounding_box()
    page.mouse.move(spot["x"] + spot["width"] / 2, spot["y"] + spot["height"] / 2)
    assert page.locator(".hint").inner_text().split("\n") == [
        "School 900004",
        "Partnership 2 Holt · 310 pupils · longest drive between bases 17.7 min",
    ]
    badge = page.locator(".label.number span", has_text="2").bounding_box()
    page.mouse.move(badge["x"] + 13, badge["y"] + 13)
    assert page.locator(".hint").inner_text().split("\n") == [
        "2 Holt",
        f"3 schools · 510 pupils · longest drive between bases {village_atlas().partnerships[1].worst_minutes:g} min",
    ]


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_the_whole_area_leaves_room_for_its_names_and_says_none_twice(
    visit: Callable[..., Any], county: Path, width: int, height: int
):
    page = visit(county, width, height).page
    page.locator(".leaflet-control-zoom-in").click()
    page.locator(".whole").click()
    edges = page.locator("#map").evaluate(
        "e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom] }"
    )
    labels = page.locator(".label span").evaluate_all(f"all => all.map(e => [e.textContent, ...({BOX})(e)])")
    assert len(labels) > 20
    for words, left, top, right, bottom in labels:
        assert edges[0] <= left and edges[1] <= top and right <= edges[2] and bottom <= edges[3], words
    for i, (words, left, top, *_) in enumerate(labels):
        near = [other for other in labels[:i] if abs(other[1] - left) < 150 and abs(other[2] - top) < 100]
        assert words not in [other[0] for other in near]


def test_rings_of_drives_below_the_limit_are_off_until_asked_for(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    assert page.locator("#map path.flag.slow").count() == 0
    page.locator("[data-layer=slow]").check()
    assert page.locator("#map path.flag.slow").count() > 10


def test_an_image_of_the_map_has_its_title_standing_names_and_signs(visit: Callable[..., Any], tmp_path: Path):
    write_map(village_atlas(internal=True), tmp_path / "map.html")
    page = visit(tmp_path / "map.html", 1366, 768).page
    page.locator(".image").click()
    made = page.get_by_role("dialog", name="Image of the map")
    made.wait_for()
    assert violations(page) == []
    svg = unquote(made.get_by_text("Save as SVG").get_attribute("href").partition(",")[2])
    assert made.get_by_text("Save as SVG").get_attribute("download").endswith(".svg")
    for words in ("Two villages", "Internal: not for publication · Modelling, not a proposal", "Made-up data", "Holt"):
        assert f">{words}</text>" in svg
    assert svg.count("<path") >= 2 + 8  # areas, schools
    png = b64decode(made.get_by_text("Save as PNG").get_attribute("href").partition(",")[2])
    width, height = struct.unpack(">II", png[16:24])
    assert png[:8] == b"\x89PNG\r\n\x1a\n" and width == 2 * 1018 and height > 1_400
    with page.expect_download() as saved:
        made.get_by_text("Save as PNG").click()
    assert saved.value.suggested_filename == "Two_villages_Modelling_not_a_proposal.png"
    made.get_by_role("button", name="Close").click()
    expect(page.locator("dialog")).to_have_count(0)


def test_an_image_that_is_asked_for_twice_is_made_once(visit: Callable[..., Any], village: Path):
    page = visit(village).page
    page.evaluate(
        "() => { const decode = Image.prototype.decode; window.made = 0;"
        " Image.prototype.decode = function () { made += 1; return decode.call(this); }; }"
    )
    for times in (1, 2):
        page.locator(".image").evaluate("button => { button.click(); button.click(); }")
        page.get_by_role("dialog", name="Image of the map").get_by_role("button", name="Close").click()
        expect(page.locator("dialog")).to_have_count(0)
        assert page.evaluate("made") == times


def test_an_image_of_hostile_names_has_them_as_text(visit: Callable[..., Any], tmp_path: Path):
    write_map(hostile_atlas(), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    page.locator(".image").click()
    href = page.get_by_text("Save as SVG").get_attribute("href")
    svg = unquote(href.partition(",")[2])
    assert "<script" not in svg and "<img" not in svg and "&lt;script&gt;" in svg


def test_one_partnership_on_paper(visit: Callable[..., Any], village: Path):
    one = visit(village)
    one.go("#partnership=2")
    page = one.page
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    page.get_by_text("Print this partnership").click()
    page.emulate_media(media="print")
    shown = page.locator("#tables tbody tr").evaluate_all(
        "all => all.filter(row => row.offsetParent).map(row => row.querySelector('button').textContent)"
    )
    assert shown == ["Holt", "School 900003", "School 900004", "School 900005"]
    assert page.locator("#part").inner_text() == "Partnership 2 Holt"
    assert page.locator("#card").is_visible() and page.locator("#map").is_visible()
    assert page.locator(".panel .figures").first.is_hidden()  # which are the whole plan's
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#part").is_hidden() and page.locator("#tables tbody tr.off-paper").count() == 0


def test_what_the_map_shows_on_paper(visit: Callable[..., Any], village: Path):
    one = visit(village)
    one.go("#partnership=1")
    page = one.page
    page.evaluate("window.print = () => dispatchEvent(new Event('beforeprint'))")
    for _ in range(2):
        page.locator(".leaflet-control-zoom-in").click()
    page.locator("#print-shown").click()
    page.emulate_media(media="print")
    shown = page.locator("#tables tbody tr").evaluate_all(
        "all => all.filter(row => row.offsetParent).map(row => row.querySelector('button').textContent)"
    )
    assert {"Ashby", "School 900001"} <= set(shown) and "School 900005" not in shown  # 13 km north of what is in sight


def test_headings_of_tables_stand_with_their_words_on_every_sheet(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    sheets = PdfDocument(page.pdf(prefer_css_page_size=True))
    texts = [" ".join(sheet.get_textpage().get_text_range().split()) for sheet in sheets]
    of_schools = [text for text in texts if text.count("not taking part") > 3]
    assert len(of_schools) >= 4
    for text in of_schools:
        assert "Town or village" in text and "Notes" in text


def test_a_keyboard_meets_few_stops_and_goes_through_a_table_by_arrows(visit: Callable[..., Any], county: Path):
    page = visit(county).page
    stops = "all => all.filter(e => e.tabIndex >= 0 && e.offsetParent && !e.disabled).length"
    assert page.locator("a, button, input, select, summary, [tabindex]").evaluate_all(stops) < 80
    rows = page.locator("table.sortable").nth(1).locator("tbody button")
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.textContent") == rows.nth(2).inner_text()
    page.keyboard.press("End")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.textContent") == rows.nth(-2).inner_text()
    name = rows.nth(-2).inner_text()
    page.keyboard.press("Enter")
    assert page.locator("#card-title").inner_text() == name
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == name


def pages_of_every_kind(folder: Path) -> list[Path]:
    write_map(county_atlas(internal=True), folder / "plan.html")
    write_bands(bands_atlas(county_atlas()), folder / "bands.html")
    return [folder / "plan.html", folder / "bands.html", write_town_comparison(folder, FIRST, SECOND)]


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_dark_pages_can_be_read_and_print_in_light(visit: Callable[..., Any], tmp_path: Path, width: int, height: int):
    for path in pages_of_every_kind(tmp_path):
        page = visit(path, width, height).page
        paper = "getComputedStyle(document.body).backgroundColor"
        light = page.evaluate(paper)
        page.emulate_media(color_scheme="dark")
        assert page.evaluate(paper) != light
        page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
        page.locator("#tables button[data-school]").first.click()
        assert violations(page) == []
        page.emulate_media(color_scheme="dark", media="print")
        assert page.evaluate(paper) == light
