"""The path in the real browser: the planner by keyboard alone and by mouse, the officer by mouse, each page dark."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from judging import violations
from served import work
from test_browser_web import planned
from town import write_town
from waiting import expect, resize

from partition.scenario.read import read_scenario
from partition.scenario.text import text_of
from partition.storage.project_file import Project
from partition.web.workspace import Workspace

pytestmark = pytest.mark.browser

RULES = "[rules]\nheads_min = 2\nheads_max = 2\nminutes_max = 20\n"
SIZES = [(1366, 768), (390, 844)]
STOPS_MOST = 60  # presses of Tab to anything that leads on
PAGES = (
    *("", "help", "data", "settings", "solve", "what-if", "minutes", "plans", "?tour=1"),
    *("plan/1", "plan/1/why", "plan/1/options", "plan/1/answers", "plan/1/stages", "plan/1/papers", "plan/1/effects"),
)


def in_hand(folder: Path) -> Project:
    """A project of six schools along a road, with a plan found under the settings in hand."""
    town = write_town(folder, 0, 1, 10, 11, 20, 21, settings=RULES)
    project = Project(folder / "project.gpkg")
    text = text_of(read_scenario(town), folder)
    Workspace(project).take_in_hand(text)
    work(project, "plan", text, name="As asked")
    return project


def tab_to(page: Any, words: str) -> int:
    """Press Tab until what has the focus says these words, then Enter; how many presses that took."""
    for presses in range(1, STOPS_MOST + 1):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()")
        if said.startswith(words):
            page.keyboard.press("Enter")
            return presses + 1
    raise AssertionError(f"nothing to reach that says {words!r} on {page.url}")


def test_the_planner_goes_from_a_register_to_papers_by_keyboard_alone(serve: Any, visit: Any, tmp_path: Path):
    write_town(tmp_path, 0, 1, 10, 11, 20, 21, settings=RULES)
    page = visit(serve())
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "town.toml")  # the system's own dialogue
    pressed = tab_to(page, "Add the file")
    page.wait_for_selector("dl.figures dd")
    pressed += tab_to(page, "Look at the criteria")
    page.wait_for_url("**/settings")
    pressed += tab_to(page, "Find")
    page.wait_for_url("**/solve")
    page.get_by_role("button", name="Find partnerships").wait_for()
    pressed += tab_to(page, "Find partnerships")
    page.get_by_role("link", name="See the plan and its map").wait_for()
    assert "small schools placed" in page.locator("dl.figures").first.inner_text()
    pressed += tab_to(page, "See the plan and its map")
    page.wait_for_url("**/plan/*")
    pressed += tab_to(page, "Share")
    page.wait_for_url("**/papers")
    page.get_by_label("Report to").focus()
    pressed += tab_to(page, "Write the papers")
    page.get_by_role("link", name="Committee report, to read (PDF)").wait_for()
    print(f"from a register to papers: {pressed} keys")
    assert pressed <= 160


class Mouse:
    """Clicks on a page, counted and timed."""

    def __init__(self) -> None:
        self.clicks, self.began = 0, time.monotonic()

    def __call__(self, place: Any) -> None:
        place.click()
        self.clicks += 1

    def choose(self, place: Any, option: str) -> None:
        """One of a list that drops down: a click on it, and one in it."""
        place.select_option(option)
        self.clicks += 2

    def told(self, job: str) -> str:
        return f"{job}: {self.clicks} clicks, {time.monotonic() - self.began:.0f} s with all that was waited for"


def test_the_planner_goes_from_a_register_to_papers_by_mouse(serve: Any, visit: Any, tmp_path: Path):
    write_town(tmp_path, 0, 1, 10, 11, 20, 21, settings=RULES)
    page = visit(serve())
    click = Mouse()

    def press(words: str) -> None:
        leads = page.locator("a, button").filter(has_text=re.compile(rf"^\s*{words}")).locator("visible=true")
        click(leads.first)

    page.get_by_label("File", exact=True).set_input_files(tmp_path / "town.toml")
    click.clicks += 3  # the button, the file in the system's own dialogue, and Open
    press("Add the file")
    page.wait_for_selector("dl.figures dd")
    press("Look at the criteria")
    page.wait_for_url("**/settings")
    press("Find")
    page.wait_for_url("**/solve")
    press("Find partnerships")
    press("See the plan and its map")
    page.wait_for_url("**/plan/*")
    press("Share")
    page.wait_for_url("**/papers")
    press("Write the papers")
    page.get_by_role("link", name="Committee report, to read (PDF)").wait_for()
    print(click.told("from a register to papers"))
    assert click.clicks <= 12


def test_the_officer_closes_a_school_compares_and_asks_for_the_next_round(serve: Any, visit: Any, tmp_path: Path):
    in_hand(tmp_path)
    page = visit(serve())
    click = Mouse()
    click(page.get_by_role("link", name="What if"))
    page.get_by_label("School", exact=True).fill("900002")
    click(page.get_by_role("button", name="Find what becomes of them"))
    page.get_by_role("button", name="See what changes").wait_for()
    assert "5 of 5" in page.content() or "4 of 5" in page.content()
    click(page.get_by_role("button", name="See what changes"))
    page.wait_for_url("**/compare/1-2")
    drawn = page.frame_locator("iframe.map")
    drawn.locator("html[data-ready]").wait_for()
    click(page.get_by_role("link", name=re.compile("^B: If School 900002 closes")))
    click(page.get_by_role("link", name="Answers"))
    click(page.locator("details.partnership summary").first)
    for n, said in enumerate(("yes", "no")):
        click.choose(page.locator(".reply").nth(n).get_by_label("Answer"), said)
        page.locator("#progress", has_text=f"{n + 1} of").wait_for()
    click(page.get_by_role("button", name="Plan the next round"))
    click(page.get_by_role("link", name="see the plan of the next round"))
    page.wait_for_url("**/plan/3")
    page.frame_locator("iframe.map").locator("html[data-ready]").wait_for()
    print(click.told("a school closes, what changes, what schools answer, and the next round"))
    assert click.clicks <= 13


def test_a_map_keeps_its_partnership_when_loaded_again_in_another_tab_and_gone_back_to(
    serve: Any, visit: Any, tmp_path: Path
):
    planned(tmp_path)
    served = serve()
    page = visit(served)
    page.goto(served.home + "plan/1/map")
    page.wait_for_selector("html[data-ready]")
    page.locator("[data-partnership='1']").first.dispatch_event("click")
    page.wait_for_url("**/map#partnership=1")
    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page).to_have_url(re.compile("/plan/1/map#partnership=1$"))
    assert "Another site" not in page.content()
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("html[data-ready]")
    page.goto(served.home + "plans")
    page.go_back()
    page.wait_for_selector("html[data-ready]")
    assert "Another site" not in page.content()


def test_an_image_of_the_map_is_saved_from_the_page_of_its_plan(serve: Any, visit: Any, tmp_path: Path):
    in_hand(tmp_path)
    served = serve()
    page = visit(served)
    page.goto(served.home + "plan/1")
    drawn = page.frame_locator("iframe.map")
    drawn.locator("html[data-ready]").wait_for()
    drawn.locator(".image").click()
    page.locator("iframe.map").scroll_into_view_if_needed()  # a headless shell scrolls a frame's own page alone
    for ending, begins in (("SVG", b"<svg"), ("PNG", b"\x89PNG")):
        with page.expect_download() as saving:
            drawn.get_by_role("link", name=f"Save as {ending}").click()
        assert Path(saving.value.path()).read_bytes().startswith(begins)


def test_what_is_chosen_by_name_and_not_kept_is_there_again(serve: Any, visit: Any, tmp_path: Path):
    in_hand(tmp_path)
    served = serve()
    page = visit(served)
    page.goto(served.home + "settings")
    field = page.get_by_label("Schools that do not take part", exact=True)
    page.locator(".picker").first.wait_for()
    field.fill("nobody")
    field.press("Enter")
    page.get_by_text("Choose one from the list.").wait_for()
    field.fill("School 900003")
    field.press("Enter")
    assert page.locator(".picked li", has_text="School 900003 (900003)").is_visible()
    assert page.locator("#rules-except_out").input_value() == "900003"
    page.goto(served.home + "help")
    page.go_back()
    page.get_by_text("did not keep is here again").wait_for()
    page.locator(".picked li", has_text="School 900003").wait_for()
    page.get_by_role("button", name="Keep these settings").click()
    page.get_by_role("main").get_by_role("link", name="Find partnerships").wait_for()
    assert "except_out = [900003]" in (page.request.get(served.home + "scenario.toml").text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_hard_to_read_on_any_page(serve: Any, visit: Any, tmp_path: Path, scheme: str):
    in_hand(tmp_path)
    served = serve()
    page = visit(served)
    page.emulate_media(color_scheme=scheme)
    found = []
    for address in PAGES:
        page.goto(served.home + address)
        page.locator("[data-follow]").wait_for(state="detached")
        for width, height in SIZES:
            resize(page, width, height)
            found += [f"{address} {one}" for one in violations(page, iframes=False)]
            if page.evaluate("document.documentElement.scrollWidth") > width:
                found.append(f"{address} is wider than {width}")
    assert found == []


def test_a_word_is_explained_where_it_stands(serve: Any, visit: Any, tmp_path: Path):
    in_hand(tmp_path)
    served = serve()
    page = visit(served)
    page.goto(served.home + "plan/1")
    ask = page.get_by_role("button", name="What “priced in all, a year” means")
    ask.focus()
    page.keyboard.press("Enter")
    meaning = page.locator(".meaning:popover-open")
    expect(meaning).to_have_attribute("style", re.compile("inset"))  # it is placed once it is open
    box, width = meaning.bounding_box(), page.viewport_size["width"]
    assert "the sum that a search lowers" in meaning.inner_text() and 0 <= box["x"] <= width - box["width"]
    page.keyboard.press("Escape")
    meaning.wait_for(state="hidden")
