"""The page in a real browser over the real server, which reaches nothing but this machine; each state also by axe."""

from __future__ import annotations

import os
import random
import re
import signal
import sqlite3
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from judging import violations
from served import SECONDS, held, work
from test_web_work import loose_county
from town import write_town
from waiting import expect, resize

from partition.storage.project_file import Project
from partition.web.replies import Reply, replies_to
from partition.web.workspace import Workspace

pytestmark = pytest.mark.browser

WIDTHS = [(1280, 800), (390, 844)]
SEEN_WIDE: set[str] = set()  # pages by their path
SAID_OF_EDIT = "last => !refused.hidden || document.getElementById('last').textContent !== last"
SAID_OF_ANSWER = "row => row.matches('.faulty') || document.getElementById('said').textContent.startsWith('Saved')"
BEHIND_THE_BAR = """() => {
    const [here, bar] = [document.activeElement, document.querySelector(".keep")];
    return !bar.contains(here) && here.getBoundingClientRect().bottom > bar.getBoundingClientRect().top;
}"""


def sound(page: Any) -> None:
    """Nothing wider than the screen and no target too small at both widths; nothing that axe finds, on a phone at every
    state, on a wide screen the first time that a page is seen."""
    kind = re.sub(r"\d+", "N", urlsplit(page.url).path)
    for width, height in WIDTHS:
        resize(page, width, height)
        if width < WIDTHS[0][0] or kind not in SEEN_WIDE:
            SEEN_WIDE.add(kind)
            assert [f"{page.url} {one}" for one in violations(page, iframes=False)] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url
        small = page.locator("button, .button, input:not([type=hidden]), select, summary").evaluate_all(
            "all => all.map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])"
            ".filter(([, box]) => box.width && (box.width < 24 || box.height < 24)).map(([html]) => html)"
        )
        assert small == []
    resize(page, 1280, 800)


def planned(folder: Path, *, heads_max: int = 2, minutes_max: int = 20) -> None:
    """A plan more in the project: of six schools along a road, in pairs unless more may meet."""
    rules = f"[rules]\nheads_min = 2\nheads_max = {heads_max}\nminutes_max = {minutes_max}\n"
    path = write_town(folder, 0, 1, 10, 11, 20, 21, settings=rules)
    work(Project(folder / "project.gpkg"), "plan", path)


def shown(page: Any, selector: str) -> str:
    page.wait_for_selector(selector)
    return str(page.locator(selector).first.inner_text())


def test_first_run_on_the_made_up_county_to_a_proven_plan_by_keyboard(serve: Any, visit: Any):
    served = serve()
    page = visit(served)
    sound(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.get_by_role("button", name="Load the made-up county").focus()
    page.keyboard.press("Enter")
    assert shown(page, "dl.figures dd") == "280"
    sound(page)
    page.get_by_role("main").get_by_role("link", name="Find partnerships").click()
    page.get_by_label("What to call it").fill("Twenty minutes")
    sound(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("svg.chart")
    with held(served):  # the page loads itself again once a plan is found
        sound(page)
    see = page.get_by_role("link", name="See the plan and its map")
    see.wait_for()
    assert "Proven best" in shown(page, ".sureness")
    page.wait_for_selector("svg.chart path.cost")
    expect(page.locator("dl.figures.filled")).to_contain_text(re.compile(r"\d+ of 165"))  # of the plan
    expect(page.locator("[data-figure=gap]")).to_have_text("0.00%")  # of the search, as it is told again
    sound(page)
    see.click()
    page.wait_for_url("**/plan/1")
    drawn = page.frame_locator("iframe.map")
    drawn.locator("html[data-ready]").wait_for()
    drawn.locator("#map path.area").first.wait_for()
    assert (
        page.evaluate("() => { try { return document.querySelector('iframe').contentDocument } catch { return null } }")
        is None
    )
    assert "Proven best" in shown(page, ".tag") and page.locator("#unplaced").is_visible()
    sound(page)
    with page.expect_download() as got:
        page.get_by_role("link", name=re.compile("Plan file")).click()
    assert Path(got.value.path()).read_bytes().startswith(b"SQLite format 3")
    page.get_by_role("link", name="Write papers").click()
    page.wait_for_url("**/papers")
    sound(page)
    page.get_by_label("Report to").fill("Scrutiny Committee")
    page.get_by_role("button", name="Write the papers").click()
    page.get_by_role("link", name="Committee report, to read (PDF)").wait_for()
    sound(page)
    with page.expect_download() as got:
        page.get_by_role("link", name=re.compile("These .* as one ZIP")).click()
    with zipfile.ZipFile(got.value.path()) as papers:
        assert {"papers/report.docx", "papers/report.pdf", "papers/workbook.xlsx"} <= set(papers.namelist())
        assert papers.read("papers/report.pdf").startswith(b"%PDF")
    page.get_by_role("link", name="The plan", exact=True).click()
    page.wait_for_url("**/plan/1")
    page.get_by_role("textbox", name="Note").fill("for the committee")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Save").click()
    page.goto(page.url.replace("/plan/1", "/plans"))
    assert "for the committee" in shown(page, "table.plans")
    sound(page)


def test_a_bad_file_is_fixed_on_the_page(serve: Any, visit: Any, tmp_path: Path):
    table = "urn,school,across,upward,pupils\n" + "".join(
        f"{900001 + n},S {n},{500000 + 900 * n},350000,60\n" for n in range(5)
    )
    (tmp_path / "mine.csv").write_text(table.replace(",60\n", ",\n", 1))
    page = visit(serve())
    page.get_by_label("File", exact=True).set_input_files({"name": "mine.docx", "mimeType": "", "buffer": b"-"})
    page.get_by_role("button", name="Add the file").click()
    page.get_by_role("link", name="Go back").click()
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "mine.csv")
    page.get_by_role("button", name="Add the file").click()
    page.get_by_label("Easting").wait_for()
    sound(page)
    page.get_by_label("Easting").select_option("across")
    page.get_by_label("Northing").select_option("upward")
    page.get_by_role("button", name="Use these columns and check again").click()
    count = page.get_by_label(re.compile("Number on roll of S 0"))
    assert "Type the number, or leave out all" in page.locator(".faults").inner_text()
    count.fill("48")
    sound(page)
    count.press("Enter")
    assert shown(page, "dl.figures dd") == "5"
    assert "number" in page.locator("dl.figures").inner_text()


def test_stop_half_way_reload_and_two_tabs(serve: Any, visit: Any, tmp_path: Path):
    served = serve()
    page = visit(served)
    loose_county(tmp_path, 450)  # which takes minutes to prove
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "county.toml")
    page.get_by_role("button", name="Add the file").click()
    page.get_by_role("main").get_by_role("link", name="Find partnerships").click()
    page.get_by_role("button", name="Find partnerships").click()
    page.locator("[data-figure=bound]", has_not_text="–").wait_for()
    page.reload()
    page.locator("[data-figure=bound]", has_not_text="–").wait_for()  # all told again
    other = page.context.new_page()
    other.goto(page.url)
    page.get_by_role("button", name="Stop, and keep the best so far").click()
    page.get_by_role("link", name="See the plan and its map").wait_for()
    other.get_by_role("link", name="See the plan and its map").wait_for()
    assert "No arrangement" in shown(page, ".sureness") or "leaves" in shown(page, ".sureness")
    assert [kept.status for kept in Project(served.project).plans()] == ["feasible"]


def test_kill_9_of_the_server_while_it_searches_loses_nothing(serve: Any, visit: Any, tmp_path: Path):
    served = serve(sys.executable)
    page = visit(served)
    loose_county(tmp_path, 160)
    page.get_by_label("File", exact=True).set_input_files(tmp_path / "county.toml")
    page.get_by_role("button", name="Add the file").click()
    page.get_by_role("main").get_by_role("link", name="Find partnerships").click()
    page.get_by_label("What to call it").fill("Left alone")
    page.get_by_role("button", name="Find partnerships").click()
    page.locator("[data-figure=cost]", has_not_text="–").wait_for()
    os.kill(served.process.pid, signal.SIGKILL)
    page.goto("about:blank")
    project, until = Project(served.project), time.monotonic() + SECONDS
    while not project.plans() and time.monotonic() < until:
        time.sleep(0.1)
    again = visit(serve())
    assert "Left alone" in shown(again, "table.plans") and "cut off" not in again.content()


def test_kill_9_of_the_server_while_it_saves_loses_nothing_it_answered_for(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    served = serve(sys.executable)
    page = visit(served)
    other = page.context.new_page()
    other.goto(served.home + "plan/1/answers")
    page.goto(served.home + "plan/1/hand")
    page.get_by_label("Find").fill("900001")
    page.locator("button.pick[data-urn='900001']").click()
    page.get_by_role("button", name="Mark as associate").click()
    page.locator("#undo:enabled").wait_for()
    last = page.locator("#last").inner_text()
    other.locator("details.partnership").first.evaluate("part => (part.open = true)")
    row = other.locator("[data-urn='900001']")

    def kill(asked: Any) -> None:
        if asked.url.endswith("/hand/edit"):
            time.sleep(random.Random(20261126).uniform(0, 0.02))
            os.kill(served.process.pid, signal.SIGKILL)

    page.on("request", kill)
    row.locator("select").select_option("yes")  # and, before that is answered:
    page.get_by_role("button", name="Exclude").click()
    page.wait_for_function(SAID_OF_EDIT, arg=last)
    other.wait_for_function(SAID_OF_ANSWER, arg=row.element_handle())
    edits = 1 + page.locator("#refused").is_hidden()  # that the page said were done
    answered = "faulty" not in (row.get_attribute("class") or "")
    with closing(sqlite3.connect(served.project)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    again = visit(serve())
    again.goto(again.url + "plan/1/hand")
    again.locator("#undo:enabled").wait_for()
    again.get_by_role("button", name="History").click()
    assert again.locator("#log li").count() in (edits, 2)  # the last may be saved with nobody left to say so
    project = Project(served.project)
    said = replies_to(project, project.plans()[0])
    assert not answered or said["900001"].said == "yes"


@pytest.mark.parametrize("late", ["**/events", "**/static/page.js"])
def test_what_is_typed_while_a_study_ends_is_not_thrown_away(serve: Any, visit: Any, tmp_path: Path, late: str):
    planned(tmp_path)
    page = visit(serve())
    page.goto(page.url + "plan/1/papers")
    held: list[Any] = []
    page.route(late, lambda route: held.append(route))
    page.get_by_role("button", name="Check this plan").click()
    page.locator("[data-follow]").wait_for()
    page.get_by_label("Report to").fill("Cabinet")
    until = time.monotonic() + SECONDS
    while not held and time.monotonic() < until:
        page.wait_for_timeout(50)
    held[0].continue_()  # the script follows only now, or all that was told by now is told again, to the end
    show = page.get_by_role("button", name="Show what was found")
    show.wait_for()
    assert page.get_by_label("Report to").input_value() == "Cabinet"
    sound(page)
    page.unroute(late)
    show.click()
    page.get_by_text("criteria, costs and seal agree").wait_for()


def test_a_plan_is_removed_once_that_is_confirmed(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    served = serve()
    page = visit(served)
    page.goto(served.home + "plan/1")
    page.get_by_role("link", name="Remove this plan").click()
    page.wait_for_url("**/remove")
    sound(page)
    page.get_by_role("link", name="Keep it").click()
    page.get_by_role("link", name="Remove this plan").click()
    page.get_by_role("button", name="Remove it for good").click()
    page.get_by_text("Nothing is kept yet").wait_for()
    assert Project(served.project).plans() == []


def test_answers_are_written_down_row_by_row_and_by_another_tab(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    page = visit(serve())
    page.goto(page.url + "plan/1/answers")
    sound(page)
    page.locator("summary", has_text="1 ").first.click()
    first = page.locator(".reply").first
    first.get_by_label("Answer").select_option("yes")
    page.locator("#progress", has_text="1 of 6").wait_for()
    assert "1 yes" in page.locator("summary").first.inner_text()
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("summary").first.click()
    first.get_by_label("Would work with").fill("No such school")
    first.get_by_label("Would work with").press("Tab")
    first.locator(".fault-words", has_text="no school is called").wait_for()
    sound(page)
    other.locator(".reply").nth(1).get_by_label("Answer").select_option("no")
    other.locator("#progress", has_text="2 of 6").wait_for()
    page.reload()
    assert "1 yes, 1 no" in page.locator("summary").first.inner_text()
    page.locator("summary").first.click()
    resize(page, 390, 640)
    for _ in range(12):
        page.keyboard.press("Tab")
        assert not page.evaluate(BEHIND_THE_BAR)
    resize(page, 1280, 800)
    page.get_by_label("Show only").fill("school 900003")
    page.locator(".reply:visible").get_by_label("Answer").select_option("undecided")
    page.locator("#progress", has_text="3 of 6").wait_for()
    sound(page)
    page.get_by_role("button", name="Plan the next round").click()
    page.get_by_role("link", name="see the plan of the next round").wait_for()
    assert "School 900003" in page.get_by_role("table").inner_text()
    sound(page)


def test_what_is_typed_while_a_row_is_being_saved_is_kept(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    served = serve()
    page = visit(served)
    page.goto(page.url + "plan/1/answers")
    held: list[Any] = []
    page.route("**/plan/1/answers", lambda route: held.append(route) if not held else route.continue_())
    page.locator("summary").first.click()
    first = page.locator(".reply").first
    with page.expect_request(lambda asked: asked.method == "POST"):
        first.get_by_label("Answer").select_option("yes")
    first.get_by_label("Would work with").press_sequentially("900003;")
    offered = page.locator("#schools option").evaluate_all("all => all.map(option => option.value)")
    assert "900003; School 900004" in offered  # one more is chosen by typing a name, and the first stays
    held[0].continue_()
    page.locator("#progress", has_text="1 of 6").wait_for()
    page.get_by_role("status").get_by_text("Saved. 1 of 6").wait_for(state="attached")  # as a screen reader tells it
    assert page.get_by_role("heading", name="What schools said").is_visible()
    assert not page.locator("[data-stands]").first.is_visible()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        first.get_by_label("Would work with").press("Tab")
    project = Project(served.project)
    assert replies_to(project, project.plans()[0])["900001"] == Reply("yes", ("900003",))


def test_a_decision_on_a_partnership_shows_on_its_stages_and_its_map(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    page = visit(serve())
    page.goto(page.url + "plan/1/stages")
    sound(page)
    page.get_by_label("Comes to").select_option("approved")
    page.get_by_label("On", exact=True).fill("2027-03-01")
    page.get_by_label("What was decided").fill("by <b>Cabinet</b>")
    page.get_by_label("Costs").fill("12000000000")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("alert").get_by_text("Give whole pounds").wait_for()
    page.locator("#wrong:focus").wait_for()  # by the page's script: it is in view, far down a phone's page as well
    assert page.get_by_label("What was decided").input_value() == "by <b>Cabinet</b>"
    sound(page)
    page.get_by_label("Costs").fill("12000")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("1 March 2027: approved; business plan’s costs £12,000: by <b>Cabinet</b>").wait_for()
    sound(page)
    page.get_by_role("link", name="The plan", exact=True).click()
    page.wait_for_url("**/plan/1")
    assert "approved" in page.locator("main table").first.inner_text()


def test_a_partnership_is_named_and_the_name_shows_on_its_plan_and_its_map(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    page = visit(serve())
    page.goto(page.url + "plan/1/stages")
    was = page.get_by_label("Partnership to name").locator("option").first.inner_text().removeprefix("1 ")
    page.get_by_label("Its name").fill("12")
    page.get_by_role("button", name="Name it").click()
    page.get_by_text("give a name with a letter").wait_for()
    sound(page)
    page.get_by_label("Its name").fill("Wolds <b>Edge</b>")
    page.get_by_role("button", name="Name it").click()
    page.get_by_text(f"(was {was})").wait_for()
    sound(page)
    page.get_by_role("link", name="The plan", exact=True).click()
    page.wait_for_url("**/plan/1")
    assert "1 Wolds <b>Edge</b>" in page.locator("main table").first.inner_text()


def test_plans_are_compared_differences_first_and_again_after_a_restart(serve: Any, visit: Any, tmp_path: Path):
    planned(tmp_path)
    planned(tmp_path, minutes_max=5)
    planned(tmp_path, heads_max=3)
    served = serve()
    page = visit(served)
    page.goto(served.home + "plans")
    for name in ("plan 3", "plan 2"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    sound(page)
    page.get_by_role("button", name="Compare the plans ticked").click()
    drawn = page.frame_locator("iframe.map")
    drawn.locator("html[data-ready]").wait_for()
    expect(page).to_have_url(re.compile("/compare/2-3$"))  # from the older to the newer, however they are ticked
    text = drawn.locator("body").inner_text()
    assert text.index("From A to B") < text.index("What differs") and re.search("partnerships? of A", text)
    sound(page)
    page.goto(served.home + "plans")
    for name in ("plan 3", "plan 2", "plan 1"):
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="Compare the plans ticked").click()
    page.frame_locator("iframe.map").locator("html[data-ready]").wait_for()
    assert "3 plans compared" in shown(page, "h1")
    served.end()
    again = serve()
    other = visit(again)
    other.goto(again.home + "compare/1-2-3")
    other.frame_locator("iframe.map").locator("html[data-ready]").wait_for()
    sound(other)


def test_what_if_a_setting_were_another_and_how_far_everybody_is(serve: Any, visit: Any, tmp_path: Path):
    town = write_town(tmp_path, 0, 1, 10, 11, 40, 52, settings="[rules]\nheads_min = 2\nheads_max = 2\n")
    served = serve()
    Workspace(Project(served.project)).take_in_hand(town.read_text(encoding="utf-8"))
    page = visit(served)
    page.get_by_role("link", name="What if").click()
    page.wait_for_url("**/what-if")
    sound(page)
    page.get_by_label("Its values").first.fill("five")
    page.get_by_role("button", name="Try them").click()
    page.get_by_role("alert").get_by_text("Type a number").wait_for()
    sound(page)
    page.get_by_label("Its values").first.fill("5, 20")
    page.get_by_role("button", name="Try them").click()
    page.locator("#tried").wait_for()
    with held(served):  # the page loads itself again once all are tried
        sound(page)
    drawn = page.frame_locator("iframe.map")
    drawn.get_by_text("20 to 5 minutes").first.wait_for()  # where it starts to go wrong
    sound(page)
    page.get_by_label("Longest drive, minutes").select_option("20")
    page.get_by_role("button", name="Use these settings").click()
    page.get_by_role("button", name="Find partnerships", exact=True).wait_for()
    page.get_by_role("link", name="Minutes").click()
    page.get_by_label("From").fill("900006")
    sound(page)
    page.get_by_role("button", name="Measure").click()
    page.get_by_role("heading", name="Minutes from School 900006").wait_for()
    assert "School 900005" in page.locator("tbody tr").first.inner_text()
    sound(page)
