"""Marks on partnerships that some heads would leave, on the page of hand edits: true of the plan as it is, or none."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from keeping import keep_written
from served import SECONDS, client_of
from starlette.testclient import TestClient
from test_browser_web import sound
from town import write_town
from waiting import resize

from partition.storage.project_file import Project
from partition.studies.stability import leavers
from partition.web.tasks.holds import FACTS

SETTINGS = """[rules]
heads_min = 2
heads_max = 2
minutes_max = 30
[preferences]
minutes_per_separation = 0
"""
LEAVE = "Heads of 2 partnerships may leave: groups of them could each gain 60 minutes a year in one of their own."
STAY = "Nobody would leave: no group of heads could each gain 60 minutes a year in one of their own."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four schools, two by two a minute apart, and kept with a far one each."""
    today = {"North": ["900001", "900003"], "South": ["900002", "900004"]}
    town = write_town(tmp_path, 0, 1, 20, 21, today=today, settings=SETTINGS)
    return keep_written(town)


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    with client_of(project) as client:
        yield client


def version(client: TestClient) -> str:
    return str(client.get("/plan/1/hand/version").json()["version"])


def leaving(client: TestClient, seen: str | None = None) -> Any:
    return client.get("/plan/1/hand/leaving", params={"seen": version(client) if seen is None else seen}).json()


def moved(client: TestClient, urn: str, to: int) -> None:
    edit = {"kind": "move", "urn": urn, "to": to}
    assert client.post("/plan/1/hand/edit", content=json.dumps(edit)).status_code == 200


def test_who_would_leave_is_told_of_the_plan_as_it_is_now(client: TestClient) -> None:
    seen = version(client)
    told = leaving(client)
    assert told["version"] == seen and told["found"]["words"] == LEAVE
    assert told["found"]["partnerships"]["1"] == {
        "tag": "2 may leave",
        "why": [
            "School 900001 and School 900002 would rather be together: each gains 114 minutes a year or more.",
            "School 900003 and School 900004 would rather be together: each gains 114 minutes a year or more.",
        ],
    }
    moved(client, "900003", 2)
    moved(client, "900002", 1)
    assert leaving(client, seen) == {"version": version(client), "found": None}  # of an earlier plan nothing is told
    told = leaving(client)
    assert told["found"] == {"words": f"{STAY} Proven.", "partnerships": {}}
    client.post("/plan/1/hand/jump?to=0")
    assert leaving(client)["found"]["words"] == LEAVE


def test_the_gain_is_the_one_last_asked_about(client: TestClient, project: Project) -> None:
    project.add_files(1, {FACTS: json.dumps({"gain": "114.001"}).encode()})
    assert "Nobody would leave" in leaving(client)["found"]["words"]
    project.add_files(1, {FACTS: json.dumps({"gain": "114"}).encode()})
    assert "gain 114 minutes a year" in leaving(client)["found"]["words"]


def test_no_edit_waits_for_the_search_and_any_edit_ends_it(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, ended = Event(), list[bool]()

    def slow(*_: Any, stop: Event, **__: Any) -> None:
        begun.set()
        ended.append(stop.wait(SECONDS))

    monkeypatch.setattr(leavers, "would_leave", slow)
    told: list[Any] = []
    asking = Thread(target=lambda: told.append(leaving(client)))
    asking.start()
    assert begun.wait(SECONDS)
    moved(client, "900003", 2)  # answered, though the search would go on
    asking.join(SECONDS)
    assert ended == [True] and told[0]["found"] is None


# In a browser -----------------------------------------------------------------------------------------------------

HEARD = """() => {  // tells once the page has made what it makes of an answer about who would leave
    const ask = fetch;
    window.fetch = async (address, request) => {
        const answer = await ask(address, request);
        if (!address.includes("/leaving")) return answer;
        const read = answer.json.bind(answer);
        answer.json = () => read().finally(() => setTimeout(() => (window.heard = true)));
        return answer;
    };
}"""


@pytest.fixture
def bench(serve: Any, visit: Any, project: Project) -> Callable[[], Any]:
    served = serve()
    page = visit(served)

    def open_bench() -> Any:
        page.set_viewport_size({"width": 1366, "height": 768})
        page.goto(served.home + "plan/1/hand")
        page.wait_for_selector("html[data-ready]")
        return page

    return open_bench


@pytest.mark.browser
def test_marks_stand_on_map_list_and_card_and_go_with_the_next_edit(bench: Callable[[], Any]) -> None:
    page = bench()
    page.locator("#leaving", has_text="Heads of 2 partnerships may leave").wait_for()
    labels = page.locator(".area-label .chip.leave")
    assert sorted(labels.all_inner_texts()) == ["1: 2 may leave", "2: 2 may leave"]
    assert page.locator("#map path.area.leave").count() == 2
    page.get_by_label("List", exact=True).select_option("leaves")
    assert page.locator("#schools .tag.leave").all_inner_texts() == ["2 may leave"] * 2
    page.locator("#schools button").first.click()
    page.locator("#card-leaving", has_text="each gains 114 minutes a year or more").wait_for()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        sound(page)
    resize(page, 1366, 768)

    held: list[Any] = []
    page.route("**/hand/leaving?*", lambda route: route.continue_() if held else held.append(route))
    page.get_by_role("button", name="Choose School 900003").click()
    page.get_by_role("button", name=re.compile("Move to South")).click()
    page.locator("#last", has_text="School 900003 moved to South").wait_for()
    page.locator("#leaving", has_text="Finding out whether any heads would leave").wait_for()
    assert page.locator(".leave").count() == 0  # nothing of the plan before is shown of this one
    while not held:
        page.wait_for_timeout(50)
    held[0].continue_()
    page.locator("#leaving", has_text="may leave").wait_for()
    page.get_by_label("List", exact=True).select_option("leaves")
    assert page.locator("#schools .tag.leave").count() == page.locator("#map path.area.leave").count() > 0


@pytest.mark.browser
def test_an_answer_about_an_earlier_plan_marks_nothing(bench: Callable[[], Any]) -> None:
    """The answer of the first plan is held back until the second stands: it is thrown away."""
    page = bench()
    page.locator("#leaving", has_text="may leave").wait_for()
    late = {"version": page.evaluate("fetch('hand/version').then(told => told.json()).then(told => told.version)")}
    late["found"] = {"words": "of an earlier plan", "partnerships": {"1": {"tag": "9 may leave", "why": []}}}
    page.route("**/hand/leaving?*", lambda route: route.fulfill(json=late))
    page.evaluate(HEARD)
    page.get_by_label("Find").fill("900003")
    page.keyboard.press("Enter")
    page.get_by_role("button", name=re.compile("Move to South")).click()
    page.locator("#last", has_text="School 900003 moved to South").wait_for()
    page.wait_for_function("() => window.heard")
    assert page.locator(".leave").count() == 0
    assert "Finding out" in page.locator("#leaving").inner_text()
