"""The workbench in a real browser: a plan changed on a map that fills the window, by mouse, keyboard and finger."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judging import violations
from keeping import keep_written
from served import SECONDS
from test_browser_web import sound
from town import write_town
from waiting import expect, resize

from partition.storage.project_file import Project

pytestmark = pytest.mark.browser

WIDE, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
MAP_SHARE_LEAST = 0.8
PICTURES = os.environ.get("PARTNERSHIPS_PICTURES")  # a folder for a picture after every edit
WHERE = (0, 2, 4, 12, 14, 16, 24, 26, 28, 36, 38, 40)  # kilometres along the road, in threes
TODAY = {name: [900001 + 3 * n + k for k in range(3)] for n, name in enumerate(("Fen", "Wold", "Marsh", "Vale"))}
SETTINGS = """headships = "heads.csv"
[rules]
heads_min = 2
heads_max = 6
minutes_max = 60
"""
UNCOVERED = """() => {  // the share of the window in which the map lies open: not beneath the bar or the panel
    const [map, panel] = ["map", "panel"].map(id => document.getElementById(id).getBoundingClientRect());
    return (map.width * map.height - panel.width * panel.height) / (innerWidth * innerHeight);
}"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Twelve schools along a road in four partnerships of three; one head leads the last two."""
    (tmp_path / "heads.csv").write_text("urn,headship\n900011,Vale Federation\n900012,Vale Federation\n")
    town = write_town(tmp_path, *WHERE, pupils=60, today=TODAY, settings=SETTINGS)
    return keep_written(town)


@pytest.fixture
def bench(serve: Any, visit: Any, project: Project) -> Callable[..., Any]:
    """Opens the workbench of the plan; a second time in another window of the same browser."""
    served = serve()
    first = visit(served)

    def open_bench(size: dict[str, int] = WIDE, page: Any = None) -> Any:
        page = page or first
        page.set_viewport_size(size)
        page.goto(served.home + "plan/1/hand")
        page.wait_for_selector("html[data-ready]")
        return page

    return open_bench


def done(page: Any, words: str) -> None:
    """Wait until this is the last edit and all is drawn, and see that the bar is in sight."""
    page.locator("#last", has_text=words).wait_for()
    page.locator("body:not([aria-busy])").wait_for()
    bar = page.locator(".bench-bar").bounding_box()
    assert (bar["x"], bar["y"]) == (0, 0)
    if PICTURES:
        count = len(list(Path(PICTURES).glob("*.png")))
        name = re.sub(r"[^\w ]", "", words)
        page.screenshot(path=str(Path(PICTURES) / f"{count:02} {name}.png"))


def figure(page: Any, key: str) -> str:
    """A figure of the bar and its change, as eyes see them."""
    words = page.locator(f"[data-figure={key}] dd").inner_text().partition(",")[0]
    return " ".join(words.split())


def spot(page: Any, n: int) -> tuple[float, float]:
    """Where a school's sign stands on the screen: all lie along one road, so they stand in their order."""
    boxes = [sign.bounding_box() for sign in page.locator("#map path.school").all()]
    middles = sorted((box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes)
    return middles[n - 1]


def beside(page: Any, n: int) -> tuple[float, float]:
    """A place in the land of a school, clear of its sign."""
    x, y = spot(page, n)
    return x, y + 30


def drag(page: Any, start: tuple[float, float], *way: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    for place in way:
        page.mouse.move(*place, steps=6)
    page.mouse.up()


def priced(page: Any) -> None:
    """Wait until the card says what every place would cost."""
    page.locator("#card .choice-row").first.wait_for()


def by_mouse(page: Any) -> None:
    """A planner's ten edits with the mouse alone."""
    # 1 dragged, while the areas say what each would cost
    page.mouse.move(*spot(page, 3))
    page.mouse.down()
    page.mouse.move(*beside(page, 4), steps=6)
    page.locator(".area-label .chip.good, .area-label .chip.bad").first.wait_for()
    page.locator("#hint", has_text=re.compile(r"School 900003 2 Wold: costs .*breaks nothing")).wait_for()
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / "1366 while dragging.png"))
    page.mouse.up()
    done(page, "School 900003 moved to Wold")
    # 2 chosen by a click, dropped by a click on an area, which says its price before
    page.mouse.click(*spot(page, 6))
    priced(page)
    page.mouse.move(*beside(page, 8))
    page.locator("#hint", has_text="Move School 900006 here").wait_for()
    page.mouse.click(*beside(page, 8))
    done(page, "School 900006 moved to Marsh")
    assert page.locator("#hint").is_hidden()  # it told a price that is no longer so
    # 3 two drawn around, dropped by the list
    page.get_by_role("button", name="Lasso").click()
    (left, y), (right, _) = spot(page, 7), spot(page, 8)
    drag(page, (left - 12, y - 25), (right + 12, y - 25), (right + 12, y + 25), (left - 12, y + 25))
    page.get_by_role("heading", name="2 schools chosen").wait_for()
    page.get_by_role("button", name="Choose", exact=True).click()
    page.get_by_role("button", name="Move to A new partnership").click()
    done(page, "School 900007 and School 900008 moved to a new partnership")
    # 4 painted into the partnership in hand
    page.get_by_role("button", name="Paint").click()
    page.mouse.click(*beside(page, 1))
    page.locator("#in-hand select").wait_for()
    x, y = spot(page, 3)
    drag(page, (x, y + 40), (x, y))
    done(page, "School 900003 moved to Fen")
    page.get_by_role("button", name="Choose", exact=True).click()
    # 5 kept as now
    page.mouse.click(*beside(page, 1))
    page.get_by_role("button", name="Keep Fen as now").click()
    done(page, "Fen kept as now")
    # 6 undone, and done again
    page.get_by_role("button", name="Undo").click()
    done(page, "School 900003 moved to Fen")
    page.get_by_role("button", name="Redo").click()
    done(page, "Fen kept as now")
    # 7 two with shift, kept together
    page.mouse.click(*spot(page, 4))
    priced(page)
    page.keyboard.down("Shift")
    page.mouse.click(*spot(page, 5))
    page.keyboard.up("Shift")
    page.get_by_role("heading", name="2 schools chosen").wait_for()
    page.get_by_role("button", name="Keep together").click()
    done(page, "School 900004 and School 900005 kept together")
    # 8 one of a head's two, who says so first
    page.mouse.click(*spot(page, 12))
    page.get_by_text("One head leads this school and School 900011: they move together.").wait_for()
    page.get_by_role("button", name="Move to Wold").click()
    done(page, "School 900012 moved to Wold")
    # 9 a note
    page.get_by_label("Note").fill("Head leaves <b>in July</b>")
    page.get_by_role("button", name="Save the note").click()
    done(page, "Note on School 900012")
    # 10 back to where it was, from the history
    page.get_by_role("button", name="History").click()
    page.get_by_role("button", name="Go back to here: School 900004 and School 900005 kept together").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()
    done(page, "School 900004 and School 900005 kept together")


def found(page: Any, asked: str) -> None:
    """Find and choose by keyboard."""
    page.keyboard.press("/")
    page.keyboard.type(asked)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chosen:focus")


def by_keyboard(page: Any) -> None:
    """The same ten edits, with no pointer."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips the map
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("900003")
    page.keyboard.press("Enter")
    page.wait_for_selector("#chosen:focus")
    page.keyboard.press("2")
    page.locator("#last", has_text=re.compile("School 900003 to 2 Wold: costs .*breaks nothing")).wait_for()
    page.keyboard.press("Enter")
    done(page, "School 900003 moved to Wold")
    found(page, "900006")
    page.keyboard.press("m")
    while page.evaluate("document.activeElement.dataset.to") != "3":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    done(page, "School 900006 moved to Marsh")
    page.keyboard.press("s")
    page.locator("#several:checked").wait_for()
    page.keyboard.press("Escape")
    for urn in ("900007", "900008"):
        page.keyboard.press("/")
        page.keyboard.press("Control+a")
        page.keyboard.type(urn)
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")  # out of the box, so that letters are shortcuts again
    page.get_by_role("heading", name="2 schools chosen").wait_for()
    page.keyboard.press("n")
    page.locator("#last", has_text="2 schools to a new partnership").wait_for()
    page.keyboard.press("Enter")
    done(page, "School 900007 and School 900008 moved to a new partnership")
    page.keyboard.press("s")
    found(page, "900003")
    page.keyboard.press("1")
    page.locator("#last", has_text="School 900003 to 1 Fen").wait_for()
    page.keyboard.press("Enter")
    done(page, "School 900003 moved to Fen")
    page.keyboard.press("k")
    done(page, "Fen kept as now")
    page.keyboard.press("Control+z")
    done(page, "School 900003 moved to Fen")
    page.keyboard.press("Control+y")
    done(page, "Fen kept as now")
    found(page, "900004")
    page.get_by_role("button", name="Keep together with School 900005").focus()
    page.keyboard.press("Enter")
    done(page, "School 900004 and School 900005 kept together")
    found(page, "900012")
    page.keyboard.press("2")
    page.locator("#last", has_text="School 900012 to 2 Wold").wait_for()
    page.keyboard.press("Enter")
    done(page, "School 900012 moved to Wold")
    page.get_by_label("Note").focus()
    page.keyboard.type("Head leaves <b>in July</b>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    done(page, "Note on School 900012")
    page.keyboard.press("h")
    page.get_by_role("button", name="Go back to here: School 900004 and School 900005 kept together").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    done(page, "School 900004 and School 900005 kept together")


def log_of(project: Project) -> Any:
    return json.loads(project.setting("plan 1: edits") or "{}")


@pytest.mark.parametrize("way", [by_mouse, by_keyboard])
def test_a_planners_ten_edits(bench: Any, project: Project, way: Callable[[Any], None]):
    page = bench()
    assert page.evaluate(UNCOVERED) > MAP_SHARE_LEAST
    assert figure(page, "placed") == "12 of 12" and figure(page, "partnerships") == "4"
    way(page)
    assert page.evaluate(UNCOVERED) > MAP_SHARE_LEAST  # with a card open as well
    assert figure(page, "partnerships") == "5 +1"
    log = log_of(project)
    kinds = [edit["kind"] for edit in log["done"]]
    assert kinds == ["move", "move", "move many", "move", "keep", "pair"]
    assert log["done"][2] == {"kind": "move many", "urns": [900007, 900008], "to": "new"}
    assert [edit["kind"] for edit in log["undone"]] == ["move", "note"]
    assert log["undone"][1]["words"] == "Head leaves <b>in July</b>"


def test_every_state_is_sound_by_axe_light_and_dark_wide_and_on_a_phone(bench: Any):
    page = bench()

    def clean() -> None:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for size in (WIDE, PHONE):
                resize(page, **size)
                assert [f"{scheme} {size['width']} {one}" for one in violations(page)] == []
        page.emulate_media(color_scheme="light")
        sound(page)
        resize(page, **WIDE)

    clean()
    page.get_by_label("List", exact=True).select_option("Partnerships")
    page.get_by_role("button", name="Keep them").click()
    done(page, "All partnerships (4 partnerships): kept as now")
    clean()
    page.get_by_role("button", name="Release").click()
    done(page, "All partnerships (4 partnerships): no longer kept as now")
    page.get_by_role("button", name="Wold").first.click()
    page.get_by_role("button", name="Keep Wold as now").wait_for()
    clean()
    page.get_by_role("button", name="Take in hand, to paint").click()
    clean()
    page.keyboard.press("Escape")
    page.get_by_label("Find").fill("900001")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Move to No partnership").click()
    done(page, "School 900001 taken out")
    page.get_by_role("button", name="More room").click()
    clean()
    for name in ("History", "Improve", "Shortcuts and help", "Pages"):
        page.get_by_role("button", name=name, exact=True).click()
        page.locator("dialog[open]").wait_for()
        clean()
        page.keyboard.press("Escape")
    page.get_by_label("Note").fill("n")
    page.evaluate("document.title")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    clean()


def test_two_windows_see_each_other_and_a_stale_edit_is_refused_and_not_lost(bench: Any, project: Project):
    page = bench()
    other = bench(page=page.context.new_page())
    page.bring_to_front()
    page.get_by_label("Find").fill("900003")
    page.keyboard.press("Enter")
    priced(page)
    other.evaluate(
        "() => { BroadcastChannel.prototype.postMessage = () => {}; }"
    )  # as another browser: it says nothing
    page.evaluate(
        "() => { window.fetch = new Proxy(fetch, { apply: (ask, self, [address, request]) =>"
        " String(address).endsWith('/version') ? new Promise(() => {}) : ask.call(window, address, request) }); }"
    )
    other.get_by_label("Find").fill("900006")
    other.keyboard.press("Enter")
    other.get_by_role("button", name="Move to Marsh").click()
    done(other, "School 900006 moved to Marsh")
    page.get_by_role("button", name="Move to Wold").click()
    page.get_by_role("alert").get_by_text("Somebody changed this plan meanwhile").wait_for()
    done(page, "School 900006 moved to Marsh")  # it sees what the other did
    assert len(log_of(project)["done"]) == 1
    sound(page)
    resize(page, **WIDE)
    page.get_by_role("button", name="Do it all the same").click()
    done(page, "School 900003 moved to Wold")
    assert len(log_of(project)["done"]) == 2
    done(other, "School 900003 moved to Wold")  # told by the window, or by asking again


def test_who_chooses_by_keyboard_comes_to_the_card_though_an_edit_comes_meanwhile(bench: Any):
    """The card's answer is held back; another window moves a school, for which the card is asked for again."""
    page = bench()
    other = bench(page=page.context.new_page())
    page.bring_to_front()
    held: list[Any] = []
    page.route("**/hand/school?*", lambda route: route.continue_() if held else held.append(route))
    with page.expect_request("**/hand/school?*"):
        page.keyboard.press("/")
        page.keyboard.type("900006")
        page.keyboard.press("Enter")
    other.get_by_label("Find").fill("900003")
    other.keyboard.press("Enter")
    other.get_by_role("button", name="Move to Wold").click()
    done(page, "School 900003 moved to Wold")
    expect(page.locator("#chosen:focus")).to_have_text("School 900006")
    held[0].continue_()


def test_on_a_phone_the_map_lies_above_a_sheet_that_is_pulled_up(bench: Any):
    page = bench(PHONE)
    heights = []
    box = page.locator("#panel").bounding_box()
    heights.append(box["height"])
    assert box["y"] + box["height"] == PHONE["height"] and box["width"] == PHONE["width"]
    grip = page.locator("#grip").bounding_box()
    middle = (grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
    drag(page, middle, (middle[0], middle[1] - 120))
    heights.append(page.locator("#panel").bounding_box()["height"])
    page.get_by_role("button", name="Pull up").click()
    heights.append(page.locator("#panel").bounding_box()["height"])
    assert heights == sorted(set(heights)) and heights[2] > 0.75 * PHONE["height"]
    page.get_by_role("button", name="Push down").click()
    assert page.locator("#panel").bounding_box()["height"] == heights[0]
    for name in ("Undo", "Redo", "History", "Improve", "Keep", "Shortcuts and help", "Pages"):
        button = page.get_by_role("button", name=name, exact=True).bounding_box()
        assert button["x"] >= 0 and button["x"] + button["width"] <= PHONE["width"]
    page.mouse.click(*spot(page, 3))
    priced(page)
    assert spot(page, 3)[1] < page.locator("#panel").bounding_box()["y"]  # what is chosen is not beneath the sheet
    page.get_by_role("button", name="Move to Wold").click()
    done(page, "School 900003 moved to Wold")


def test_the_map_is_few_stops_of_the_tab_key_and_the_best_match_is_first(bench: Any):
    page = bench()
    page.locator("#map").focus()
    stops = 0
    while page.evaluate("document.activeElement.closest('#map') !== null"):
        page.keyboard.press("Tab")
        stops += 1
    assert stops <= 3
    page.get_by_label("Find").fill("vale")
    assert "Vale" in page.locator("#schools button").first.inner_text()
    page.get_by_label("Find").fill("3")
    assert page.locator("#schools button").first.get_attribute("data-number") == "3"
    page.get_by_label("Find").fill("900010")
    assert page.locator("#schools button").first.get_attribute("data-urn") == "900010"
    number = page.locator("#schools button").first.locator(".chip")
    hue = re.search(r"hue-\d", number.get_attribute("class"))
    on_map = page.locator(".area-label .chip", has_text=re.compile(f"^{number.inner_text()}$"))
    assert hue and hue[0] in on_map.get_attribute("class")  # the number and colour of the map
    page.keyboard.press("Escape")
    page.locator("#open-keys").focus()
    page.keyboard.press("?")
    page.locator("dialog#keys[open]").wait_for()
    page.get_by_label("Single letters and figures are shortcuts").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("h")
    assert page.locator("dialog[open]").count() == 0


def test_improve_is_pressed_to_its_end_and_a_note_goes_along(bench: Any, project: Project):
    page = bench()
    page.get_by_label("Find").fill("900003")
    page.keyboard.press("Enter")
    priced(page)
    page.get_by_label("Note", exact=True).fill("Head retires in July")
    page.get_by_role("button", name="Save the note").click()
    done(page, "Note on School 900003")
    page.get_by_role("button", name="Move to Marsh").click()
    done(page, "School 900003 moved to Marsh")
    assert figure(page, "broken") == "1"  # a federation that is a partnership already has another school with it
    page.get_by_role("button", name="Improve", exact=True).click()
    page.get_by_label("Heads who may move, at most").fill("2")
    page.get_by_role("button", name="Improve from here").click()
    see = page.get_by_role("link", name="See the plan and its map")
    see.wait_for(timeout=1000 * SECONDS)
    sound(page)
    see.click()
    page.wait_for_url("**/plan/2")
    found, given = project.plan(2), project.plan(1)
    assert found is not None and given is not None
    assert found.status == "optimal" and found.digest != given.digest
    assert "July" not in page.content() and "July" not in found.note
    page.get_by_role("link", name="Change by hand").first.click()
    page.wait_for_selector("html[data-ready]")
    assert figure(page, "broken") == "0"
    page.get_by_label("List", exact=True).select_option("With a note")
    page.get_by_role("button", name=re.compile("School 900003")).click()
    assert page.get_by_label("Note", exact=True).input_value() == "Head retires in July"
    assert page.locator("#undo").is_disabled()  # it came with the plan


def test_the_page_says_what_it_does_while_it_opens_and_shows_the_schools_first(bench: Any, serve: Any, visit: Any):
    page = visit(serve())
    told: list[str] = []
    signs: list[int] = []

    def late(route: Any) -> None:
        answer = route.fetch()
        if route.request.url.endswith("/ground"):  # by then the schools are there
            page.locator("#map path.school").nth(len(WHERE) - 1).wait_for()
        told.append(page.locator("#opening").inner_text())
        signs.append(page.locator("#map path.school").count())
        route.fulfill(response=answer)

    page.route(re.compile(r"/hand/(spots|ground)$"), late)
    page.goto(page.url + "plan/1/hand")
    page.wait_for_selector("html[data-ready]")
    assert told == ["Reading the schools, and judging each partnership …", "Dividing the land among the schools …"]
    assert signs == [0, len(WHERE)]
    assert page.locator("#opening").is_hidden() and page.locator("#last").inner_text() == "Nothing is changed yet."


def test_what_is_moved_by_another_way_is_the_same_map(bench: Any):
    """The land drawn after an edit is that drawn when the page is opened anew."""
    page = bench()
    page.mouse.click(*spot(page, 3))
    priced(page)
    page.get_by_role("button", name="Move to Wold").click()
    done(page, "School 900003 moved to Wold")
    drawn = "() => [...document.querySelectorAll('#map path.area')].map(path => path.getAttribute('d')).sort()"
    page.keyboard.press("w")
    before = page.evaluate(drawn)
    bench()
    assert page.evaluate(drawn) == before and len(before) == 4
