"""The papers of a kept plan from its page, of a town one can check by hand."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import time
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from reading import pages_of
from served import SECONDS, study, work
from starlette.testclient import TestClient
from town import write_town
from tried import IN_PAPERS

from partition.settings.authors import TEXTS
from partition.storage.project_file import Project, about
from partition.web.kept_files import KINDS, Offer, offers

pytestmark = pytest.mark.usefixtures("no_workers")

ASKED = {"day": "", "sheets": "", "to": "Scrutiny <b>Committee</b>"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A project with a plan of one partnership of four, and today's groups judged."""
    path = write_town(tmp_path, 0, 1, 10, 11, today={"Fen": ["900001", "900002"]})
    project = Project(tmp_path / "project.gpkg")
    work(project, "plan", path, name="Four")
    work(project, "judge", path, name="Today")
    return project


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_papers_are_kept_beside_the_plan_and_go_into_one_archive(client: TestClient, project: Project):
    page = study(client, "/plan/1/papers", ASKED | {"sheets": "proposed", "other": "2"})
    assert "Committee report, to read (PDF)" in page and "Scrutiny &lt;b&gt;" in page and "<b>Committee" not in page
    archive = client.get("/plan/1/papers.zip")
    files = unpacked(archive.content)
    assert files["papers/report.pdf"].startswith(b"%PDF") and files["papers/report.docx"].startswith(b"PK")
    assert {f"papers/schools/{urn}.pdf" for urn in ("900001", "900002", "900003", "900004")} <= set(files)
    assert files["plan.gpkg"] == project.file(1, "plan.gpkg") and b"[data]" in files["scenario.toml"]
    assert archive.content == client.get("/plan/1/papers.zip").content
    one = client.get("/plan/1/files/papers/report.pdf")
    assert one.content == files["papers/report.pdf"] and 'filename="report.pdf"' in one.headers["content-disposition"]
    page = study(client, "/plan/1/papers", ASKED | {"internal": "yes"})  # stand apart, and say so
    assert "internal papers/report.pdf" in page and 'class="tag bad">Internal' in page
    assert project.file(1, "papers/report.pdf") == one.content != project.file(1, "internal papers/report.pdf")


def test_one_archive_beside_a_public_plan_holds_nothing_private_unless_asked(client: TestClient, project: Project):
    kept = project.plan(1)
    assert kept is not None and not kept.internal
    case_scenario = f"# SECRET\n{kept.scenario}\n[advisers]\nleaving = ['SECRET']\n"
    with closing(sqlite3.connect(project.path)) as file, file:
        file.execute("UPDATE plans SET scenario = ? WHERE id = 1", (case_scenario,))
    project.add_files(1, {"internal papers/report.pdf": b"SECRET", "papers/report.pdf": b"paper"})
    page = client.get("/plan/1/papers").text
    assert "that is public" in page and "papers.zip?internal=yes" in page
    public = client.get("/plan/1/papers.zip")
    files = unpacked(public.content)
    assert not [name for name, content in files.items() if b"SECRET" in content or name.startswith("internal")]
    assert files["papers/report.pdf"] == b"paper" and files["scenario.toml"].startswith(b"# Left out")
    group = client.get("/plan/1/papers.zip", params={"of": "For committee and colleagues"})
    assert set(unpacked(group.content)) == {"index.html", "papers/report.pdf"}
    everything = client.get("/plan/1/papers.zip?internal=yes")
    assert "internal.zip" in everything.headers["content-disposition"]
    files = unpacked(everything.content)
    assert files["internal papers/report.pdf"] == b"SECRET"
    assert files["scenario.toml"].decode() == f"# Internal: not for publication\n{case_scenario}"
    assert client.get("/plan/1/files/scenario.toml").content == files["scenario.toml"]


def test_public_papers_tell_of_no_internal_plan(client: TestClient, project: Project):
    kept = project.plan(1)
    assert kept is not None
    secret = work(project, "plan", kept.scenario, name="Behind closed doors", internal=True)["plan"]
    assert "Behind closed doors" not in client.get("/plan/1/papers").text
    study(client, "/plan/1/papers", ASKED | {"sheets": "", "other": [str(secret), "2"]})
    assert json.loads(project.setting(about(1, "papers")) or "")["others"] == [2]
    assert "Today" in client.get(f"/plan/{secret}/papers").text


def test_groups_of_today_have_papers_too(client: TestClient, project: Project):
    study(client, "/plan/2/papers", ASKED)
    assert project.file(2, "papers/report.docx")


def test_what_is_wrong_with_the_form_is_told_at_once_what_was_typed_stays_and_nothing_is_written(
    client: TestClient, project: Project
):
    typed = {"to": "<i>Cabinet</i>", "day": "1 March", "final": "yes", "sheets": "soon", "other": "2"}
    answer = client.post("/plan/1/papers", data=typed)
    assert answer.status_code == 422 and "a day such as" in answer.text and "stages listed" in answer.text
    assert 'value="&lt;i&gt;Cabinet&lt;/i&gt;"' in answer.text and 'value="1 March"' in answer.text
    assert re.search(r'id="final"[^>]* checked', answer.text) and re.search(r'id="other-2"[^>]* checked', answer.text)
    answer = client.post("/plan/1/papers", data={"day": "", "final": "yes", "sheets": ""})
    assert answer.status_code == 422 and "A final paper is dated" in answer.text
    answer = client.post("/plan/1/papers/review", data={"starts": "2027-02-30", "weeks": "99", "across": "yes"})
    assert answer.status_code == 422 and "11 January 2027" in answer.text and "3 to 52" in answer.text
    assert 'value="2027-02-30"' in answer.text and re.search(r'id="across"[^>]* checked', answer.text)
    assert "Nothing was arranged yet" in answer.text and "Nothing was written yet" not in answer.text
    assert set(project.sizes(1)) == {"plan.gpkg", "map.html", "search.jsonl"}
    assert client.get("/plan/1/papers.zip?of=Nothing").status_code == 404


def test_what_only_the_author_knows_is_asked_for_and_listed_until_it_is_there(
    client: TestClient, project: Project, tmp_path: Path
):
    kept = project.plan(1)
    assert kept is not None
    stated = f'{kept.scenario}\n[report]\nto = "Cabinet <1>"\nwards = ["Fen", "Wold"]\n'
    number = work(project, "plan", stated, name="Asked")["plan"]
    address = f"/plan/{number}/papers"
    page = client.get(address).text
    assert 'value="Cabinet &lt;1&gt;"' in page and "Fen\nWold</textarea>" in page
    open_ones = re.findall(r'<a href="#(\w+)">', page)
    assert set(open_ones) == {text.key for text in TEXTS if text.is_needed} - {"to", "wards"}
    assert all(f'id="{key}"' in page for key in open_ones)
    typed = {key.removeprefix("report."): value.strip('[]"') for key, value in IN_PAPERS.items()}
    given = typed | {"wards": "Fen \r\n\r\n <b>Wold</b>", "day": "2027-03-01", "final": "yes", "sheets": ""}
    for key, value, words in (
        ("legal", " ", "A final paper needs it."),
        ("preferred", "C", "Give the letter of an option: A to B."),
        ("phase", "soon", "Choose one of those listed."),
    ):
        refused = client.post(address, data=given | {key: value})
        assert refused.status_code == 422 and refused.text.count(words) == 2 and f'id="{key}-fault"' in refused.text
    page = study(client, address, given)
    assert "Committee report, to read (PDF)" in page, page
    assert "the papers can be final" in page and "&lt;b&gt;Wold&lt;/b&gt;</textarea>" in page
    report = project.file(number, "papers/report.pdf")
    assert report is not None and report.startswith(b"%PDF")
    record = project.file(number, "papers/transparency_record.pdf")
    assert record is not None
    (tmp_path / "record.pdf").write_bytes(record)
    assert "partnerships serve" in " ".join(pages_of(tmp_path / "record.pdf"))
    asked = json.loads(project.setting(about(number, "papers")) or "")["report"]
    assert asked["wards"] == ["Fen", "<b>Wold</b>"] and asked["legal"] == "Within section 13"


def test_peer_review_and_the_check_of_a_plan(client: TestClient, project: Project):
    page = study(client, "/plan/1/papers/review", {"starts": "2027-01-11", "weeks": "12"})
    assert "1 trio, " in page and "In no trio: School 90000" in page  # of four heads
    assert len([name for name in project.sizes(1) if name.endswith(".ics")]) == 3
    early = {"starts": "2027-01-11", "weeks": "12", "second": "2027-04-05"}
    answer = client.post("/plan/1/papers/review", data=early)
    assert answer.status_code == 422 and "a day after the first round" in answer.text
    page = study(client, "/plan/1/papers/review", early | {"second": "2027-09-06"})
    assert "First round: general. 1 trio, " in page and "Second round: strengths meet needs. 1 trio, " in page
    assert "agree" in study(client, "/plan/1/papers/verify", {})
    schools = project.folder / "schools.csv"
    schools.write_text(schools.read_text().replace(",60", ",61"))
    assert "data are not as they were" in study(client, "/plan/1/papers/verify", {})


def test_a_page_made_while_its_study_ends_follows_it(client: TestClient, monkeypatch: pytest.MonkeyPatch):
    work = client.app.state.desk.work  # type: ignore[attr-defined]

    def ends_first(*asked: Any, **more: Any) -> list[Offer]:
        until = time.monotonic() + SECONDS
        while work.latest("verify", 1).ended is None:
            assert time.monotonic() < until, "it never ended"
            time.sleep(0.05)
        return offers(*asked, **more)

    client.post("/plan/1/papers/verify")
    with monkeypatch.context() as slow:
        slow.setattr("partition.web.pages.papers.offers", ends_first)
        assert "data-follow" in client.get("/plan/1/papers").text  # neither under way nor ended, once
    page = client.get("/plan/1/papers").text
    assert "agree" in page and "data-follow" not in page


def test_every_kind_of_file_has_words_of_its_own():
    found = offers({"papers/schools/900001.pdf": 2_000_000, "plans 1-2-3.html": 10, "what is this.txt": 3000})
    assert [one.words for one in found] == [
        "Sheet for school 900001 (PDF)",
        "Plans 1, 2 and 3 compared (page)",
        "what is this.txt",
    ]
    assert [one.size for one in found] == ["1.9 MB", "1 kB", "2 kB"]
    assert len({looks for looks, _, _ in KINDS}) == len(KINDS)
