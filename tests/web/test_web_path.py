"""The path from data to papers, as pages show it; files told by their columns; and what stands beside the path."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from served import COOKIE, KEYS, client_of, work
from starlette.testclient import TestClient
from test_web_work import wait
from town import write_town

from partition.scenario.guess import guess_role
from partition.scenario.read import read_scenario
from partition.scenario.text import text_of
from partition.storage.project_file import Project
from partition.web.listing import county_of, limits_of
from partition.web.school_table import school_table
from partition.web.workspace import Workspace

pytestmark = pytest.mark.usefixtures("no_workers")

RULES = "[rules]\nheads_min = 2\nheads_max = 2\nminutes_max = 20\n"
HOSTILE = "<img src=x onerror=alert(1)>"
NAVIGATES = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Six schools along a road in hand, of which the first four pair up; one has a hostile name."""
    names = [HOSTILE, *(f"School {n}" for n in range(2, 7))]
    town = write_town(tmp_path, 0, 1, 10, 11, 60, 90, names=names, settings=RULES)
    project = Project(tmp_path / "project.gpkg")
    Workspace(project).take_in_hand(text_of(read_scenario(town), tmp_path))
    return project


def steps(page: str) -> dict[str, str]:
    """Each step of the path with how it stands, in words."""
    path = page[page.index('aria-label="Steps"') : page.index("</header>")]
    items = [re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", item)).strip() for item in path.split("<li")[1:]]
    told = [re.fullmatch(r'class="[^"]*"> ?(Data|Criteria|Find|Work on it|Share) ?(.*)', item) for item in items]
    return {found[1]: found[2] for found in told if found}


def read(client: TestClient, address: str = "/data") -> str:
    """The page of the data once they were read."""
    wait(lambda: "Reading the data" not in client.get("/data").text)
    return client.get(address).text


def test_each_page_says_where_one_is_what_is_done_and_what_is_next(client: TestClient, project: Project):
    assert steps(read(client)) == {
        "Data": "you are here, done",
        "Criteria": "next",
        "Find": "",
        "Work on it": "later",
        "Share": "later",
    }
    client.post("/settings", data={"rules.heads_max": "3"})
    page = client.get("/settings?kept").text
    assert steps(page)["Criteria"] == "you are here, done" and steps(page)["Find"] == "next"
    assert '<a class="button" href="/solve">Find partnerships</a>' in page  # after "Kept."
    work(project, "plan", client.get("/scenario.toml").text)
    page = client.get("/plan/1").text
    assert steps(page) == {
        "Data": "done",
        "Criteria": "done",
        "Find": "done",
        "Work on it": "you are here",
        "Share": "next",
    }
    assert 'Next: <a href="/plan/1/papers">' in page
    project.add_files(1, {"papers/report.pdf": b"%PDF"})
    assert steps(client.get("/").text)["Share"] == "done"
    client.post("/settings", data={"rules.heads_max": "2"})  # another question, which no plan answers yet
    assert steps(client.get("/").text)["Find"] == "next"


def test_the_tour_has_six_steps_is_offered_once_and_can_be_left(client: TestClient):
    assert "Here for the first time?" in client.get("/").text
    assert client.post("/help/no-tour").headers["location"] == "/"
    assert "Here for the first time?" not in client.get("/").text
    address = str(client.post("/help/tour").headers["location"])
    seen = []
    while address != "/":
        page = client.get(address).text
        seen += re.findall(r'<h2 id="tour">([^<]+)', page)
        assert "Leave the tour" in page or "End of the tour" in page
        address = next(iter(re.findall(r'href="([^"]+)">Next step of the tour', page)), "/")
    assert [told.partition(":")[0] for told in seen] == [f"Tour, {n} of 6" for n in range(1, 7)]
    for odd in ("0", "7", "x", "99999999999999999"):
        assert 'id="tour"' not in client.get(f"/?tour={odd}").text


def test_where_nothing_is_placed_no_success_is_told(client: TestClient, project: Project):
    Workspace(project).change({"rules.minutes_max": 0.1})
    path = str(client.post("/solve", data={"seconds": "60"}).headers["location"])
    told = wait(lambda: client.app.state.desk.work.job(path.rpartition("/")[2]).ended)  # type: ignore[attr-defined]
    page = client.get(path).text
    assert told["placed"] == 0 and "No small school could be placed" in page and "A plan was found" not in page
    assert "0 of 6" in page and 'href="/settings">Change the criteria' in page
    assert "No small school is placed" in client.get("/plan/1").text


def test_a_plan_changed_by_hand_ends_as_what_it_is_with_its_figures(client: TestClient, project: Project):
    work(project, "plan", client.get("/scenario.toml").text, name="Mine")
    path = str(client.post("/plan/1/hand/keep").headers["location"])
    wait(lambda: client.app.state.desk.work.job(path.rpartition("/")[2]).ended)  # type: ignore[attr-defined]
    page = client.get(path).text
    assert "Your plan is kept, as you made it" in page and "Today’s groups are judged" not in page
    assert "4 of 6" in page and "priced in all, a year" in page and "heads’ travel a year" in page


def put(client: TestClient, name: str, content: bytes, role: str = "guess") -> str:
    """Add a file, and the page of the data once it was looked at and the data were read."""
    path = str(client.post("/data", data={"role": role}, files={"file": (name, content)}).headers["location"])
    if path.startswith("/work/"):
        assert wait(lambda: client.get(path).headers.get("location")) == "/data#files"
    return read(client)


def test_a_file_is_told_by_its_columns_and_never_put_in_place_of_the_schools_unasked(client: TestClient):
    read(client)
    page = put(client, "links.csv", b"urn_a,urn_b\n900001,900002\n")
    assert "working links" in page and 'links = "data/links.csv"' in client.get("/scenario.toml").text
    before = client.get("/scenario.toml").text
    page = put(client, "more.csv", b"urn,name,pupils,easting,northing\n900009,New,30,500000,350000\n")
    assert "more.csv: what is it?" in page and "By its columns it is a list of schools" in page
    assert client.get("/scenario.toml").text == before
    page = put(client, "odd.csv", b"colour,shape\nred,round\n")
    assert "odd.csv: what is it?" in page and "Its columns do not tell" in page
    assert client.post("/data/what", data={"which": "7", "role": "join"}).status_code == 404
    assert client.post("/data/what", data={"which": "0", "role": "nonsense"}).status_code == 400
    client.post("/data/what", data={"which": "1", "role": "none"})
    client.post("/data/what", data={"which": "0", "role": "instead"})
    assert 'schools = "data/more.csv"' in client.get("/scenario.toml").text
    assert "what is it?" not in read(client)
    client.post("/data/take-out", data={"key": "data.links", "at": ""})
    assert tomllib.loads(client.get("/scenario.toml").text)["data"]["links"] == "off"
    assert client.post("/data/take-out", data={"key": "data.schools", "at": ""}).status_code == 400


@pytest.mark.parametrize(
    ("headings", "role"),
    [
        ("urn_a,urn_b,weight", "links"),
        ("urn,partnership", "existing"),
        ("URN,Headship", "headships"),
        ("urn,answer,partners,date", "answers"),
        ("urn,question,answer", "survey"),
        ("adviser,office,easting,northing", "advisers"),
        ("urn,year,measure,value", "results"),
        ("partnership,activity,count", "activity"),
        ("urn,name,pupils,easting,northing", "schools"),
        ("postcode,easting,northing", "postcodes"),
        ("urn,forecast_2030", "join"),
        ("colour,shape", ""),
    ],
)
def test_what_a_file_is_taken_for(tmp_path: Path, headings: str, role: str):
    path = tmp_path / "file.csv"
    cells = headings.count(",") + 1
    path.write_text(f"{headings}\n{','.join('1' * cells)}\n")
    assert guess_role(path) == role


def test_a_number_is_corrected_and_the_correction_undone(client: TestClient):
    assert "Corrections" not in read(client)
    client.post("/data/mend", data={"set:data.pupils.900002": "77"})
    page = read(client, "/data?kind=corrected")
    assert "1 school" in page and "was 100" in page and "Undo the correction of School 2" in page
    assert client.post("/data/undo", data={"urn": "900003"}).status_code == 400
    client.post("/data/undo", data={"urn": "900002"})
    assert "900002" not in client.get("/scenario.toml").text and "Corrections" not in read(client)


def test_the_schools_are_searched_sorted_filtered_and_drawn(client: TestClient):
    page = read(client, "/data?words=school+3&order=most")
    assert "School 3" in page and "School 4" not in page[page.index('id="schools"') :].partition("</section>")[0]
    assert "&lt;img src=x" in read(client) and "<img" not in read(client)
    rows = [[str(n), f"S {n}", "", 10 * n, 100 * n, 0, "small", "", None] for n in range(60)]
    second = school_table(rows, {"page": "2", "order": "fewest"})
    assert (second.at, second.pages, second.found, second.rows[0].pupils) == (2, 3, 60, 250)
    assert school_table(rows, {"page": "x", "order": "x", "kind": "x"}).rows[0].name == "S 0"
    assert school_table(rows, {"words": "nobody"}).rows == [] and second.drawn["small"].count("M") == 60
    assert school_table([], {}).pages == 1


def test_kept_plans_have_county_and_limits_and_are_found_sorted_and_compared_from_the_older(
    client: TestClient, project: Project
):
    text = client.get("/scenario.toml").text
    work(project, "plan", text, name="Beta")
    work(project, "plan", text.replace("minutes_max = 20", "minutes_max = 30"), name="Alpha")
    page = client.get("/plans").text
    assert "2 heads, 30 min" in page and page.index("Alpha") < page.index("Beta")
    page = client.get("/plans?order=oldest").text
    assert page.index(">Beta</a>") < page.index(">Alpha</a>")
    assert ">Beta</a>" not in client.get("/plans?words=alph").text
    path = str(client.post("/compare", data={"plan": ["2", "1"]}).headers["location"])
    assert wait(lambda: client.get(path).headers.get("location")) == "/compare/1-2"
    path = str(client.post("/compare", data={"plan": ["2", "1"], "turned": "yes"}).headers["location"])
    assert wait(lambda: client.get(path).headers.get("location")) == "/compare/2-1"
    assert "Compare the other way round" in client.get("/compare/2-1").text


@pytest.mark.parametrize(
    ("text", "county", "limits"),
    [
        ("[map]\ntitle = 'School partnerships in Thurlshire'\n", "Thurlshire", "4 to 7 heads, 20 min"),
        ("[data]\nonly = {district = 'Fen'}\n[rules]\nheads_min = 'off'\n", "Fen", "up to 7 heads, 20 min"),
        (
            "[data]\nschools = 'a/b.csv#x'\nlocal_authority = '925'\n[rules]\nminutes_max = 'off'\n",
            "authority 925 of b",
            "4 to 7 heads, no limit on drives",
        ),
        (
            "[data]\nschools = 'b.csv'\n[rules]\nheads_max = 'off'\nminutes_max = 12.5\n",
            "b",
            "4 heads or more, 12.5 min",
        ),
        ("no TOML", "no schools", "4 to 7 heads, 20 min"),
    ],
)
def test_a_county_and_its_limits_in_a_few_words(text: str, county: str, limits: str):
    assert (county_of(text), limits_of(text)) == (county, limits)


def happens(client: TestClient, address: str = "/what-if/school", **form: str) -> dict[str, Any]:
    """What a search for what would happen ended in, with its scenario."""
    path = str(client.post(address, data=form).headers["location"])
    job = client.app.state.desk.work.job(path.rpartition("/")[2])  # type: ignore[attr-defined]
    told = wait(lambda: job.ended)
    return {
        **told,
        "scenario": tomllib.loads(job.order.scenario),
        "name": job.order.name,
        "page": client.get(path).text,
    }


def test_what_becomes_of_the_plan_where_something_happens_to_a_school(client: TestClient, project: Project):
    before = client.get("/scenario.toml").text
    work(project, "plan", before)
    told = happens(client, event="closes", school="School 2 (900002)")
    assert told["scenario"]["rules"]["except_out"] == [900002] and told["name"] == "If School 2 closes"
    assert told["placed"] == 2 and "2 of 5" in told["page"] and "See what changes" in told["page"]
    assert client.get("/scenario.toml").text == before
    told = happens(client, event="leaves", school="900003", partner="900004")
    assert told["scenario"]["data"]["shared_heads"] == [[900003, 900004]]
    told = happens(client, event="opens", new="New", pupils="40", beside="900005")
    assert told["placed"] == 6 and (project.folder / told["scenario"]["data"]["opening"][0]).is_file()
    told = happens(client, "/what-if/limit", limit="rules.minutes_max", value="40")
    assert told["scenario"]["rules"]["minutes_max"] == 40 and told["name"] == "If Longest drive: 40 minutes"
    assert "says no" not in " ".join(kept.name for kept in project.plans())


@pytest.mark.parametrize(
    ("address", "form", "words"),
    [
        ("school", {"event": "closes", "school": "nowhere"}, "is none of the schools"),
        ("school", {"event": "x"}, "Choose what happens"),
        ("school", {"event": "leaves", "school": "900002", "partner": "900002"}, "Choose another school"),
        ("school", {"event": "opens", "new": "", "pupils": "many", "beside": ""}, "Type what it is called"),
        ("limit", {"limit": "data.schools", "value": "1"}, "Choose a limit"),
        ("limit", {"limit": "rules.minutes_max", "value": "far"}, "Type a number"),
        ("limit", {"limit": "rules.heads_min", "value": "9"}, "swap them"),
    ],
)
def test_what_cannot_be_asked_is_told_beside_its_field(
    client: TestClient, project: Project, address: str, form: dict[str, str], words: str
):
    answer = client.post(f"/what-if/{address}", data=form)
    assert answer.status_code == 422 and words in answer.text and project.unended() == []


def test_settings_offer_the_names_that_there_are(client: TestClient):
    read(client)
    told = client.get("/settings/names").json()
    assert ["900002", "School 2"] in told["schools"] and told["partnerships"] == []
    page = client.get("/settings").text
    assert 'data-kind="schools"' in page and 'data-of="partnerships"' in page


def test_the_archive_says_what_each_file_is_and_holds_no_workings(client: TestClient, project: Project):
    work(project, "plan", client.get("/scenario.toml").text, name=HOSTILE)
    project.add_files(1, {"papers/report.pdf": b"%PDF", "alternatives.json": b"{}"})
    with zipfile.ZipFile(io.BytesIO(client.get("/plan/1/papers.zip").content)) as packed:
        names, index = packed.namelist(), packed.read("index.html").decode()
    assert set(names) == {"index.html", "plan.gpkg", "map.html", "papers/report.pdf", "scenario.toml"}
    assert all(f'href="{name}"' in index for name in names if name != "index.html")
    assert "Committee report, to read (PDF)" in index and "<img" not in index


def test_a_map_that_is_loaded_again_is_asked_for_once_more_from_here(project: Project, tmp_path: Path):
    with client_of(project, opened=False) as client:
        client.headers.pop("origin")
        again = client.get("/plan/1/map", headers=NAVIGATES)
        assert again.status_code == 200 and '<script src="/static/again.js">' in again.text
        assert "script-src 'self'" in again.headers["content-security-policy"]
        for path in ("/plan/1", "/plans", "/plan/1/files/map.html", "/plan/1/map/"):
            assert client.get(path, headers=NAVIGATES).status_code == 403, path
        for other in ({"sec-fetch-mode": "no-cors"}, {"sec-fetch-dest": "script"}, {"origin": "http://evil.example"}):
            assert client.get("/plan/1/map", headers=NAVIGATES | other).status_code == 403, other
        assert client.post("/plan/1/map", headers=NAVIGATES).status_code == 403
        client.cookies.set(COOKIE, KEYS.cookie, domain="127.0.0.1")
        assert client.get("/plan/1/map").status_code == 404  # by itself it is asked for as any page
