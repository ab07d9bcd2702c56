"""Settings and hand edits as the server answers them, and by hand in a browser."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from identifiers import ints
from keeping import keep_written
from served import client_of
from starlette.testclient import TestClient
from test_browser_web import shown, sound
from town import write_town

from partition.maps.ground import MARGIN_DEGREES
from partition.storage.project_file import Project
from partition.web.tasks import TASKS

SETTINGS = """pupils = {900006 = 260}
[rules]
heads_min = 2  # as agreed
heads_max = 3
"""
WHERE = (0, 1, 2, 5, 6, 7)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Six schools along a road, the last a larger one; kept: 1 2 3 and 4 5, as they are today."""
    today = {"Fen": ["900001", "900002", "900003"], "Wold": ["900004", "900005"]}
    town = write_town(tmp_path, *WHERE, today=today, settings=SETTINGS)
    return keep_written(town)


@pytest.fixture
def client(project: Project) -> Iterator[TestClient]:
    with client_of(project) as client:
        client.post("/plan/1/go-on")
        yield client


# Settings ---------------------------------------------------------------------------------------------------------


def scenario(client: TestClient) -> str:
    return client.get("/scenario.toml").text


def test_settings_are_kept_in_the_scenario_and_its_comments_stay(client: TestClient) -> None:
    before = scenario(client)
    answer = client.post("/settings", data={"rules.heads_max": "4", "rules.minutes_max": ""})
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings?kept")
    assert scenario(client) == before.replace("heads_max = 3\n", 'heads_max = 4\nminutes_max = "off"\n')
    assert 'value="4"' in client.get("/settings").text


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_kept(client: TestClient) -> None:
    before = scenario(client)
    answer = client.post("/settings", data={"rules.heads_min": "<b>", "rules.apart": "900001, 1", "rules.same": "ward"})
    assert answer.status_code == 422
    faults = dict(re.findall(r'id="rules-(\w+)-fault">([^<]+)</span>', answer.text))
    assert faults.keys() == {"heads_min", "apart", "same"}
    assert "no school selected has this URN" in faults["apart"]
    assert 'value="&lt;b&gt;"' in answer.text
    assert scenario(client) == before


def test_effects_are_told_while_people_type(client: TestClient) -> None:
    told = client.post("/settings/look", data={"rules.minutes_max": "1", "rules.heads_min": "3"}).json()
    assert told["rules-minutes_max"] == {
        "effect": "1 of 5 small schools have two other heads within 1 minute, as a partnership of 3 needs.",
        "faults": [],
    }
    assert client.post("/settings/look", data={"rules.heads_min": "x"}).json()["rules-heads_min"]["faults"]


def test_the_text_itself_is_kept_where_it_is_a_scenario(client: TestClient) -> None:
    before = scenario(client)
    for wrong in ("[rules", "[rules]\nheds_min = 3", '[data]\nschools = "../other.csv"'):
        answer = client.post("/settings/text", data={"text": wrong})
        assert answer.status_code == 422
        assert "Nothing was kept yet" in answer.text
    assert scenario(client) == before
    assert client.post("/settings/text", data={"text": before + "# mine\r\n"}).status_code == 303
    assert scenario(client) == before + "# mine\n"


# Hand edits -------------------------------------------------------------------------------------------------------


def edit(client: TestClient, **asked: Any) -> Any:
    return client.post("/plan/1/hand/edit", content=json.dumps(asked))


def test_a_school_is_moved_undone_and_redone_and_the_log_outlives_the_server(
    client: TestClient, project: Project
) -> None:
    card = client.get("/plan/1/hand/school?urn=900003").json()
    assert ints(next((one["to"], one["broken"]) for one in card["choices"])) == (2, [])
    moved = edit(client, kind="move", urn="900003", to=2).json()
    assert moved["done"] == ["School 900003 moved to Wold"]
    assert ints({one["urn"]: one["partnership"] for one in moved["schools"]}["900003"]) == 2
    assert moved["since"]["broken"] == []
    assert client.post("/plan/1/hand/undo").json()["undone"] == ["School 900003 moved to Wold"]
    with client_of(project) as another:  # what was undone can be done again there too
        assert another.post("/plan/1/hand/redo").json()["digest"] == moved["digest"]
    assert client.post("/plan/1/hand/redo").json()["digest"] == moved["digest"]
    drawn = client.get("/plan/1/hand/map")
    assert drawn.headers["content-security-policy"].startswith("sandbox allow-scripts")


def test_a_new_partnership_is_undone_with_all_that_joined_it(client: TestClient, project: Project) -> None:
    edit(client, kind="move", urn="900003", to="new")
    assert edit(client, kind="move", urn="900004", to=3).status_code == 200
    client.post("/plan/1/hand/undo")
    undone = client.post("/plan/1/hand/undo").json()["undone"]
    assert undone == ["School 900003 moved to a new partnership", "School 900004 moved to New partnership 3"]
    with client_of(project) as another:
        assert another.get("/plan/1/hand/state").json()["undone"] == undone


def test_whatever_is_done_in_whatever_order_the_page_answers_and_another_server_says_the_same(
    client: TestClient, project: Project
) -> None:
    draws = random.Random(20261126)
    for step in range(250):
        state = client.get("/plan/1/hand/state").json()
        urns, numbers = [one["urn"] for one in state["schools"]], [one["number"] for one in state["partnerships"]]
        urn, other = draws.sample(urns, 2)
        asked: dict[str, Any] = draws.choice(
            (
                {"kind": "move", "urn": urn, "to": draws.choice([*numbers, "new", "none"])},
                {"kind": "take part", "urn": urn, "role": draws.choice(["small", "associate", "out"])},
                {
                    "kind": "keep",
                    "partnership": draws.choice(numbers or [1]),
                    "how": draws.choice(["closed", "open", "free"]),
                },
                {"kind": "pair", "urns": [urn, other], "how": draws.choice(["together", "apart", "free"])},
                {"kind": "move many", "urns": [urn, other], "to": draws.choice([*numbers, "new", "none"])},
                {"kind": "keep many", "partnerships": numbers or [1], "how": draws.choice(["closed", "open", "free"])},
                {"kind": "note", "urn": urn, "words": draws.choice(["", "leaves", "<b>"])},
                {},
                {},
            )
        )
        if asked:
            assert edit(client, **asked).status_code in (200, 422), asked
        else:
            way = draws.choice(["undo", "redo"])
            for _ in range(draws.randrange(1, 6)):
                assert client.post(f"/plan/1/hand/{way}").status_code == 200
        assert client.get(f"/plan/1/hand/school?urn={urn}").status_code == 200, (step, asked)
        assert client.get(f"/plan/1/hand/several?urn={urn}&urn={other}").status_code == 200, (step, asked)
        if step % 25 == 0:
            assert client.get("/plan/1/hand/map").status_code == 200
            with client_of(project) as another:
                assert another.get("/plan/1/hand/state").json() == client.get("/plan/1/hand/state").json()


def test_edits_that_the_data_allow_no_more_are_told(client: TestClient, project: Project) -> None:
    edit(client, kind="take part", urn="900001", role="out")
    edit(client, kind="move", urn="900005", to="none")
    edit(client, kind="move", urn="900004", to="none")
    schools = project.folder / "schools.csv"
    rows = [row for row in schools.read_text(encoding="utf-8").splitlines() if not row.startswith("900005")]
    schools.write_text("\n".join(rows) + "\n", encoding="utf-8")
    (project.folder / "today.csv").write_text("urn,partnership\n900001,Fen\n", encoding="utf-8")
    with client_of(project) as another:
        state = another.get("/plan/1/hand/state").json()
    assert state["done"] == ["School 900001 does not take part"]
    assert state["left"].startswith("The last 2 edits cannot be done any more, as data have changed: ")


def test_edits_that_do_not_fit_are_refused_in_words(client: TestClient) -> None:
    refused = edit(client, kind="move", urn="900006", to=2)
    assert refused.status_code == 422
    assert refused.json()["faults"][0].startswith("It does not take part (260 pupils, over the limit of 200)")
    for wrong in (
        {"kind": "move"},
        {"kind": "sell", "urn": 1},
        {"kind": "move", "urn": "", "to": 2},
        [1],
        "x" * 9,
    ):
        assert client.post("/plan/1/hand/edit", content=json.dumps(wrong)).status_code == 422
    assert client.get("/plan/1/hand/state").json()["done"] == []
    assert client.get("/plan/1/hand/school?urn=1").status_code == 404
    assert client.get("/plan/9/hand").status_code == 404
    assert client.post("/plan/1/hand/improve", data={"moves": "-1"}).status_code == 400


def test_improving_asks_for_a_plan_from_the_draft_with_what_was_kept(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    edit(client, kind="move", urn="900003", to=2)
    edit(client, kind="keep", partnership=1, how="closed")
    edit(client, kind="pair", urns=["900003", "900004"], how="together")
    answer = client.post("/plan/1/hand/improve", data={"moves": "2"})
    assert answer.status_code == 303
    order = client.app.state.desk.work.job(answer.headers["location"].rpartition("/")[2]).order  # type: ignore[attr-defined]
    from partition.scenario.case import load
    from partition.scenario.read import read_scenario_text

    asked = read_scenario_text(order.scenario, project.folder)
    assert (asked.rules.moved_max, asked.rules.locked, asked.rules.together) == (
        2,
        ["Fen"],
        [["900003", "900004"]],
    )
    assert "# as agreed" in order.scenario
    case = load(asked)
    assert [one.urns for one in case.problem.area.existing] == [("900001", "900002"), ("900003", "900004", "900005")]


def test_an_edit_by_somebody_who_has_not_seen_the_last_is_refused_with_the_plan_as_it_is(client: TestClient) -> None:
    seen = client.get("/plan/1/hand/version").json()["version"]
    assert seen == client.get("/plan/1/hand/state").json()["version"]
    moved = client.post(f"/plan/1/hand/edit?seen={seen}", content='{"kind": "move", "urn": "900003", "to": 2}')
    assert moved.status_code == 200
    for path, asked in (("edit", {"kind": "move", "urn": "900004", "to": 1}), ("undo", None), ("jump?to=0", None)):
        joiner = "&" if "?" in path else "?"
        refused = client.post(f"/plan/1/hand/{path}{joiner}seen={seen}", content=json.dumps(asked))
        assert refused.status_code == 422
        assert refused.json()["faults"][0].startswith("Somebody changed this plan meanwhile")
        assert refused.json()["state"] == moved.json()  # nothing was lost, and nothing done
    again = client.post(f"/plan/1/hand/undo?seen={moved.json()['version']}")
    assert (again.status_code, again.json()["done"]) == (200, [])


def test_several_at_once_the_history_and_the_bar(client: TestClient) -> None:
    several = client.get("/plan/1/hand/several?urn=900001&urn=900002").json()
    assert several["heads"] == 2
    told = {one["to"]: one for one in several["choices"]}
    assert ints(set(told)) == {2, "new", "none"}
    moved = edit(client, kind="move many", urns=["900001", "900002"], to="none").json()
    figures = {one["key"]: (one["now"], one["change"], one["kind"]) for one in moved["bar"]}
    assert figures["placed"] == ("3 of 5", "\N{MINUS SIGN}2", "worse")
    assert told["none"]["placed"] == "2 small schools fewer placed"
    edit(client, kind="note", partnership=2, words="asked <b>twice</b>")
    noted = client.get("/plan/1/hand/state").json()
    assert {one["number"]: one["note"] for one in noted["partnerships"]}[2] == "asked <b>twice</b>"
    back = client.post("/plan/1/hand/jump?to=0").json()
    assert (back["done"], len(back["undone"]), back["since"]) == ([], 2, None)
    assert client.post("/plan/1/hand/jump?to=2").json()["digest"] == noted["digest"]
    assert client.post("/plan/1/hand/jump?to=x").status_code == 404
    assert client.get("/plan/1/hand/several?urn=1").status_code == 404


def test_land_is_divided_among_the_schools_that_take_part_without_a_seam(client: TestClient) -> None:
    ground = client.get("/plan/1/hand/ground").json()
    spots = client.get("/plan/1/hand/spots").json()
    assert set(ground["hues"]) == {"1", "2"} and len(spots["spots"]) == 6
    farthest = spots["spots"]["900005"][1]  # east, of those that take part
    assert spots["bounds"][1][1] == pytest.approx(farthest + MARGIN_DEGREES, abs=1e-4)
    cells = client.get("/plan/1/hand/cells").json()["cells"]
    assert len(cells) == 5  # the larger one takes no part
    edges: dict[Any, int] = {}
    for [[steps]] in cells.values():  # each of one piece, without holes
        north = east = 0
        corners = []
        for n in range(0, len(steps), 2):
            north, east = north + steps[n], east + steps[n + 1]
            corners.append((north, east))
        for edge in pairwise(corners):
            edges[edge] = edges.get(edge, 0) + 1
    shared = [edge for edge in edges if (edge[1], edge[0]) in edges]
    assert len(shared) >= 2 * 4 and set(edges.values()) == {1}  # each of four borders lies in both its cells, each way
    edit(client, kind="take part", urn="900006", role="associate")
    assert len(client.get("/plan/1/hand/cells").json()["cells"]) == 6


def test_notes_and_who_is_kept_apart_are_in_no_plan_that_goes_on_from_here(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    edit(client, kind="move", urn="900003", to=2)
    edit(client, kind="note", urn="900003", words="SECRET-NOTE")
    edit(client, kind="pair", urns=["900001", "900003"], how="apart")
    answer = client.post("/plan/1/hand/keep")
    order = client.app.state.desk.work.job(answer.headers["location"].rpartition("/")[2]).order  # type: ignore[attr-defined]
    assert order.note == "School 900003 moved to Wold"
    assert "SECRET-NOTE" not in json.dumps([order.scenario, order.note, order.name, order.given])
    assert "SECRET-NOTE" not in client.get("/plan/1/hand/map").text


@pytest.mark.parametrize("how", [{"keep": {}}, {"improve": {"moves": "2"}}])
def test_notes_go_with_the_plan_that_is_kept_and_stand_in_no_file_of_it(
    client: TestClient, project: Project, monkeypatch: pytest.MonkeyPatch, how: dict[str, dict[str, str]]
) -> None:
    async def nothing(self: Any, job: Any) -> None:
        job.tell({"event": "ended", "crashed": "not tried"})

    monkeypatch.setattr("partition.web.work.Work._run", nothing)
    edit(client, kind="note", urn="900002", words="SECRET-SCHOOL")
    edit(client, kind="note", partnership=2, words="SECRET-PARTNERSHIP")
    edit(client, kind="move", urn="900001", to=2)  # the lowest URN: now the numbers of the two are the other way round
    ((path, form),) = how.items()
    answer = client.post(f"/plan/1/hand/{path}", data=form)
    order = client.app.state.desk.work.job(answer.headers["location"].rpartition("/")[2]).order  # type: ignore[attr-defined]
    assert "SECRET" not in json.dumps(asdict(order))
    plan = TASKS[order.what](order, lambda *_, **__: None, Event())["plan"]
    state = client.get(f"/plan/{plan}/hand/state").json()
    noted = {one["urn"]: one["note"] for one in state["schools"] if one["note"]}
    noted |= {one["urns"][-1]: one["note"] for one in state["partnerships"] if one["note"]}
    assert noted == {"900002": "SECRET-SCHOOL", "900005": "SECRET-PARTNERSHIP"} and not state["done"]
    kept = project.plan(plan)
    assert kept is not None
    assert all(b"SECRET" not in (project.file(plan, name) or b"") for name in kept.files)
    assert "SECRET" not in repr(kept)
    for page in ("", "/map", "/why", "/options", "/answers", "/stages", "/advisers", "/papers", "/hand/map"):
        answer = client.get(f"/plan/{plan}{page}")
        assert answer.status_code in (200, 303, 404) and "SECRET" not in answer.text, page
    project.remove(plan)
    assert project.setting(f"plan {plan}: notes") is None


@pytest.mark.browser
def test_settings_by_hand(serve: Any, visit: Any, project: Project) -> None:
    page = visit(serve())
    page.goto(page.url + "plan/1")
    page.get_by_role("button", name="Go on from this plan").click()
    page.wait_for_url("**/data")
    page.wait_for_selector("dl.figures")  # the data are checked, and the page loads itself no more
    page.get_by_role("link", name="Criteria", exact=True).click()
    effect = page.locator("#rules-minutes_max-effect")
    page.wait_for_selector("#rules-minutes_max-effect:not(:empty)")
    assert "5 of 5 small schools have one other head within 20 minutes" in effect.inner_text()
    sound(page)
    page.get_by_label("Longest drive (minutes)", exact=True).fill("soon")
    page.wait_for_selector('[data-field="rules-minutes_max"].faulty')
    sound(page)
    page.get_by_label("Longest drive (minutes)", exact=True).fill("1")
    page.get_by_role("button", name="Keep these settings").click()
    assert "Kept." in shown(page, ".notice.good")
