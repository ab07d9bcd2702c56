"""What schools said, from the page: rows, pasted tables, two tabs, and the next round with a real search."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from served import study, work
from starlette.testclient import TestClient
from town import write_town
from typer.testing import CliRunner

from partition.cli import app as command
from partition.storage.project_file import Project
from partition.web.plan_tables import plan_tables
from partition.web.replies import Reply, replies_to

pytestmark = pytest.mark.usefixtures("no_workers")

NAMES = ["Aby", "Bee", "=Cay", "<b>Dee</b>", "Twin", "Twin"]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A plan of three pairs along a road, each 2 km from the next."""
    path = write_town(tmp_path, 0, 1, 10, 11, 20, 21, names=NAMES, settings="[rules]\nheads_min = 2\nheads_max = 2\n")
    project = Project(tmp_path / "project.gpkg")
    work(project, "plan", path)
    return project


def row(
    urn: str, said: str, partners: str = "", day: str = "", wishes: str = "", not_wanted: str = ""
) -> dict[str, str]:
    """A row of the form, as a browser sends it that has seen no answer yet."""
    typed = {"said": said, "partners": partners, "date": day, "wishes": wishes, "not_wanted": not_wanted}
    return {f"{what}:{urn}": words for what, words in typed.items()} | {f"was:{urn}": "none||||"}


def said(client: TestClient) -> dict[int, Reply]:
    project = client.app.state.desk.project  # type: ignore[attr-defined]
    kept = project.plan(1)
    return replies_to(project, kept)


def saved(client: TestClient, *rows: dict[str, str], alone: bool = False) -> Any:
    form = {key: value for each in rows for key, value in each.items()}
    return client.post("/plan/1/answers", data=form, headers={"accept": "application/json"} if alone else {})


def test_a_row_is_saved_by_itself_and_rows_not_changed_stay_as_another_tab_left_them(client: TestClient):
    answer = saved(client, row("900001", "yes", "bee; 900004", "2026-11-02"), alone=True)
    told = answer.json()
    assert told["progress"].startswith("1 of 6 schools have answered: 1 yes; 0 of 3 partnerships")
    assert told["groups"][0] == ["1 yes, 1 no answer yet", ""]
    assert said(client) == {"900001": Reply("yes", ("900002", "900004"), "2026-11-02")}
    page = client.get("/plan/1/answers").text
    assert (
        'value="yes|Bee; 900004|2026-11-02||"' not in page
        and 'value="yes|Bee; &lt;b&gt;Dee&lt;/b&gt;|2026-11-02||"' in page
    )
    stale = saved(client, row("900001", "none"), row("900002", "yes"))  # a tab opened before the first was answered
    assert stale.status_code == 303
    assert said(client)["900001"].said == "yes" and said(client)["900002"] == Reply("yes")
    assert "accepted by all" in client.get("/plan/1/answers").text


def test_wishes_keep_their_order_are_shown_by_name_and_taken_back(client: TestClient):
    wished = row("900001", "yes", wishes="<b>dee</b>; 900003; Bee; bee", not_wanted="900006; 900005")
    assert saved(client, wished, alone=True).status_code == 200
    order = ("900004", "900003", "900002")
    assert said(client) == {"900001": Reply("yes", wishes=order, not_wanted=("900006", "900005"))}
    page = client.get("/plan/1/answers").text
    assert 'name="wishes:900001" maxlength="400" value="&lt;b&gt;Dee&lt;/b&gt;; =Cay; Bee"' in page
    assert 'name="not_wanted:900001" maxlength="400" value="900006; 900005"' in page  # two schools are called Twin
    assert (
        client.get("/plan/1/answers.csv").text.splitlines()[1] == "900001,yes,,,900004; 900003; 900002,900006; 900005"
    )
    seen = {"was:900001": "yes|||<b>Dee</b>; =Cay; Bee|900006; 900005"}
    assert saved(client, row("900001", "no") | seen).status_code == 303  # wishes taken out of the form are taken back
    assert said(client) == {"900001": Reply("no")}


def test_wishes_that_cannot_be_are_told_in_their_row_and_nothing_is_saved(client: TestClient):
    wrong = row("900001", "yes", wishes="Aby; Nobody; Bee; Twin", not_wanted="Bee")
    faults = saved(client, wrong, alone=True).json()["faults"]["900001"]
    assert "a school neither wishes for itself nor refuses itself" in faults
    assert "Bee is both wished for and not wanted; keep one" in faults
    assert any("no school is called “Nobody”" in words for words in faults)
    assert any("2 schools are called “Twin”" in words for words in faults)
    assert said(client) == {}
    assert 'value="Aby; Nobody; Bee; Twin"' in saved(client, wrong).text


def test_a_wish_or_refusal_stands_in_no_file_that_leaves_the_office(client: TestClient, project: Project):
    """Aby and Bee, together so far, refuse each other and are parted by that; Bee wishes for the last school."""
    before = project.file(1, "map.html"), project.file(1, "plan.gpkg")
    asked = client.get("/plan/1/answers.xlsx").content
    rows = [row("900001", "undecided", not_wanted="Bee"), row("900002", "undecided", wishes="900006", not_wanted="Aby")]
    assert saved(client, *rows).status_code == 303
    assert (project.file(1, "map.html"), project.file(1, "plan.gpkg")) == before
    assert client.get("/plan/1/answers.xlsx").content == asked  # schools get the sheet without what others said
    study(client, "/plan/1/answers/next-round", {"ask": "0"})
    new = project.plan(2)
    assert new is not None and not new.internal
    place = {
        school["urn"]: school["partnership"] for school in plan_tables(project.file(2, "plan.gpkg") or b"").schools
    }
    assert place["900001"] != place["900002"]  # what the office wrote down was read
    public = [name for name in new.files if not name.startswith("internal ")]
    assert {"map.html", "plan.gpkg"} <= set(public)
    for name in public:
        content = (project.file(2, name) or b"").decode("utf-8", "replace").lower()
        told = ('"unwanted":', '"wishes":', "not_wanted", "refuse", "do not want")  # as internal ones do
        found = [word for word in told if word in content]
        assert found == [], f"{name}: {found}"
        for pair in ("900001, 900002", "900002, 900006", "900001;900002", "900002;900006"):
            assert pair not in content, name


def test_what_is_typed_wrong_is_told_in_its_row_and_nothing_is_saved(client: TestClient):
    wrong = saved(client, row("900001", "maybe", "Aby; Twin; Nobody", "2 May"), row("900002", "yes"))
    assert wrong.status_code == 422 and said(client) == {}
    for words in (
        "answers listed",
        "no partner of itself",
        "2 schools are called",
        "900005, 900006",
        "Nobody",
        "2 May",
    ):
        assert words in wrong.text
    assert 'value="Aby; Twin; Nobody"' in wrong.text
    alone = saved(client, row("900001", "yes", "Nobody"), alone=True)
    assert alone.status_code == 422 and list(alone.json()["faults"]) == ["900001"]


@pytest.mark.parametrize(
    "rows",
    [
        "urn\tanswer\tpartners\tdate\n900003\tYes\t900004\t31/10/2026\n900004\tundecided\t\t\n",
        "900003\tyes\t900004\t2026-10-31\n900004\tundecided\t\t\n",
        "urn,answer,partners,date\n900003,yes,900004,2026-10-31\n900004,undecided,,\n",
        "900003;yes;900004;2026-10-31\r\n900004;undecided;;\r\n",
        "900003\tyes\t900004\t2026-10-31\r900004\tundecided\t\t",
        "900003\t=Cay\t2 =Cay\tyes\t900004\t2026-10-31\n900004\t<b>Dee</b>\t2 =Cay\tundecided\t\t",
    ],
)
def test_rows_copied_from_a_spreadsheet(rows: str, client: TestClient):
    saved(client, row("900001", "no"))
    assert client.post("/plan/1/answers/paste", data={"rows": rows}).status_code == 303
    third, fourth = Reply("yes", ("900004",), "2026-10-31"), Reply("undecided")
    assert said(client) == {"900001": Reply("no"), "900003": third, "900004": fourth}


def test_every_fault_of_what_is_pasted_is_told_and_nothing_is_taken(client: TestClient):
    answer = client.post("/plan/1/answers/paste", data={"rows": "900001\tmaybe\n999999\tyes\n<b>\tno"})
    assert answer.status_code == 422 and said(client) == {}
    assert '<td data-label="Where">what was pasted<' in answer.text and "answers.csv<br>" not in answer.text
    assert "row 1<" in answer.text and "row 2<" in answer.text and "row 3<" in answer.text
    assert "<q>&lt;b&gt;</q>" in answer.text
    assert "900001\tmaybe\n999999\tyes\n&lt;b&gt;\tno</textarea>" in answer.text  # to be mended where it stands
    assert client.post("/plan/1/answers/paste", data={"rows": " "}).status_code == 400
    assert client.post("/plan/1/answers/paste", data={"rows": "900001," + "x" * 150_000}).status_code == 422
    rubbish = {"file": ("answers.xlsx", io.BytesIO(b"PK\x03\x04 no workbook"))}
    assert client.post("/plan/1/answers/paste", files=rubbish).status_code == 422


def test_the_sheet_that_goes_out_comes_back(client: TestClient, project: Project, tmp_path: Path):
    sheet = client.get("/plan/1/answers.xlsx").content
    (tmp_path / "plan.gpkg").write_bytes(project.file(1, "plan.gpkg") or b"")
    CliRunner().invoke(command, ["answers", str(tmp_path / "plan.gpkg"), "--out", str(tmp_path / "out")])
    assert sheet == (tmp_path / "out" / "answers.xlsx").read_bytes()  # as the command writes it
    book = load_workbook(io.BytesIO(sheet))
    rows = book["Answers"]
    assert [cell.data_type for cell in rows["B"]][1:] == ["s"] * 6  # "=Cay" is text, no formula
    for number in range(2, rows.max_row + 1):
        rows.cell(number, 4).value = "yes"
    filled = io.BytesIO()
    book.save(filled)
    assert client.post("/plan/1/answers/paste", files={"file": ("mine.xlsx", filled.getvalue())}).status_code == 303
    assert [reply.said for reply in said(client).values()] == ["yes"] * 6
    table = client.get("/plan/1/answers.csv")
    assert table.text.splitlines()[:2] == ["\ufeffurn,answer,partners,date", "900001,yes,,"]


def test_the_next_round_keeps_what_all_accepted_and_says_whom_to_talk_to(client: TestClient, project: Project):
    assert client.post("/plan/1/answers/next-round", data={"ask": "40"}).status_code == 400  # nobody has answered
    saved(client, row("900001", "yes"), row("900002", "yes"), row("900003", "undecided"), row("900006", "no"))
    page = study(client, "/plan/1/answers/next-round", {"ask": "40"})
    assert "1 partnership kept" in page and "see the plan of the next round" in page and "Internal" in page
    assert "=Cay" in page and "a no makes room for 1 other school, and costs" in page and "proven" in page
    new = project.plan(2)
    assert new is not None and new.name.endswith("next round") and new.schools_placed == 4
    assert set(project.sizes(2)) >= {"internal calls/calls.xlsx", "plan.gpkg", "map.html"}
    assert "agree" in study(client, "/plan/2/papers/verify", {})  # its settings say all that it was made from


def test_what_is_approved_is_kept_and_asked_about_and_planned_again_where_that_is_ticked(
    client: TestClient, project: Project
):
    """900001 and its companions are approved, and it says no: it stays, until its partnership is released."""
    told = {"partnership": "1", "stage": "approved", "day": "2027-03-01", "costs": "40000", "note": ""}
    study(client, "/plan/1/stages", told)
    saved(client, row("900001", "no"))
    page = study(client, "/plan/1/answers/next-round", {"ask": "0"})
    assert "Kept, as they are approved: 1 " in page and "says no: is it to be planned again?" in page
    before, after = project.plan(1), project.plan(2)
    assert before is not None and after is not None and before.schools_placed == after.schools_placed
    assert "agree" in study(client, "/plan/2/papers/verify", {})
    page = study(client, "/plan/1/answers/next-round", {"ask": "0", "released": "1"})
    assert "as they are approved" not in page and "is it to be planned again" not in page
    assert (project.plan(3) or after).schools_placed < after.schools_placed
