"""What identifiers are called: the register's own word on every screen and paper, and never a word of elsewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import sqlite3
from contextlib import closing
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from fuzzing.inputs import COMMANDS, run, write_data
from reading import words_of
from registers_made import MADE, ireland
from served import client_of, work
from telling import faults_of
from typer.testing import CliRunner

from geodata.faults import BadData, Fault
from geodata.identifier import LETTERS_MAX, URN, IdentifierWords, identifier_words
from geodata.registers import REGISTERS
from geodata.schools import read_schools
from partition.actions.next_round import write_ask_sheet
from partition.cli import app
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.storage.plan_file import read_plan
from partition.storage.project_file import Project
from partition.storage.read_back import read_back

WORD = "Roll number"
TELLING = (
    *("answers", "alternatives", "compare", "explain", "federations", "judge", "map alone", "plan", "report", "sweep"),
    "travel --from",
)
SILENT = (
    "check",
    "fairness",
    "least-change",
    "next-round",
    "stage",
    "verify",
)  # they name schools, and say no word for it
OF_ELSEWHERE = re.compile(r"\bURNs?\b")


class Read(HTMLParser):
    """What people read of a page: its text and the facts that its script shows, but neither script nor style."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.is_code = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_code = tag == "style" or (tag == "script" and dict(attrs).get("type") != "application/json")
        self.said += [value or "" for name, value in attrs if name in ("aria-label", "placeholder", "title")]

    def handle_endtag(self, tag: str) -> None:
        self.is_code = False

    def handle_data(self, data: str) -> None:
        if not self.is_code:
            self.said.append(data)


def said_by(html: str) -> str:
    return " ".join(Read(html).said)


def said_in(path: Path) -> str:
    """All that people read of a file."""
    return said_by(path.read_text("utf-8")) if path.suffix == ".html" else words_of(path)


def county_at(folder: Path, given: str) -> Path:
    """The little town with its plans and project, with more in its table of data."""
    write_data(folder)
    town = folder / "town.toml"
    town.write_text(town.read_text("utf-8").replace("[data]\n", f"[data]\n{given}\n", 1), "utf-8")
    made = folder.with_name(f"{folder.name} made")
    run("plan", town, "--out", made, "--internal", "--project", folder / "project.gpkg", "--note", "first")
    (made / "plan.gpkg").rename(folder / "plan.gpkg")
    run("plan", town, "--out", made, "--set", "rules.minutes_max=14")
    (made / "plan.gpkg").rename(folder / "other.gpkg")
    return folder


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county_at(tmp_path_factory.mktemp("words") / "county", 'identifier_words = ["Roll number"]')


@pytest.fixture(scope="module")
def english(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return county_at(tmp_path_factory.mktemp("english") / "county", "")


def told_by(name: str, county: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What people read after a command: on the screen, and in each file that it wrote."""
    before = {path: path.stat().st_mtime_ns for path in county.rglob("*")}
    monkeypatch.chdir(county)
    words = shlex.split(COMMANDS[name])
    words += ["--set", "travel.roads=roads.graphml"] * (name == "travel --from")  # its map is of roads
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    made = [path for path in county.rglob("*") if path.is_file() and path.stat().st_mtime_ns != before.get(path)]
    readable = [path for path in made if path.suffix not in (".parquet", ".zip", ".svg")]
    return {path.name: said_in(path) for path in readable} | {"the screen": done.output}


@pytest.mark.parametrize("name", (*TELLING, *SILENT))
def test_screens_and_papers_use_the_word(county: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_by(name, county, monkeypatch)
    assert {where: OF_ELSEWHERE.findall(text) for where, text in told.items() if OF_ELSEWHERE.search(text)} == {}
    assert name in SILENT or any(WORD in text for text in told.values())


@pytest.mark.parametrize("name", ("explain", "map alone", "report"))
def test_england_says_urn(english: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    told = told_by(name, english, monkeypatch)
    assert any(OF_ELSEWHERE.search(text) for text in told.values())
    assert not any(WORD in text for text in told.values())


def test_pages_use_the_word(county: Path, tmp_path: Path) -> None:
    with client_of(Project(county / "project.gpkg")) as client:
        pages = ("hand", "why", "why/school?urn=900001", "answers")
        said = {page: said_by(client.get(f"/plan/1/{page}").text) for page in pages}
        card = client.get("/plan/1/hand/school?urn=900001").json()
        wrong = client.post("/plan/1/answers", data={"said:900001": "yes", "partners:900001": "Nowhere"}).text
    assert all(WORD in text and not OF_ELSEWHERE.search(text) for text in said.values()), said
    assert card["identifier"] == WORD
    assert "“Nowhere”; write its whole name, or its Roll number" in said_by(wrong)


def test_the_check_on_the_page_tells_the_word(county: Path) -> None:
    project = Project(county / "project.gpkg")
    assert work(project, "check", county / "town.toml")["identifier"] == ["Roll number", "Roll numbers"]


# From a register, or as people say ----------------------------------------------------------------------------


@pytest.mark.parametrize("country", MADE)
def test_a_register_brings_its_own_word(tmp_path: Path, country: str) -> None:
    path, given = MADE[country](tmp_path)
    postcodes, join = given.get("postcodes"), given.get("join", [])
    schools = read_schools(path, postcodes=[postcodes] if postcodes else [], join=join, local_authority=None)
    assert schools.identifier == next(one.identifier for one in REGISTERS if one.key == country)
    assert read_schools(
        path, postcodes=[postcodes] if postcodes else [], join=join, identifier=IdentifierWords("Key", "Keys")
    ).identifier == ("Key", "Keys")


def test_a_table_of_no_register_is_told_by_its_heading(tmp_path: Path) -> None:
    path = tmp_path / "schools.csv"
    path.write_text("Seed code,name,pupils,easting,northing\n1,A,50,500000,350000\n2,B,50,501000,350000\n")
    assert read_schools(path).identifier == ("Seed code", "Seed codes")
    path.write_text("Code,name,pupils,easting,northing\n1,A,50,500000,350000\n2,B,50,501000,350000\n")
    assert read_schools(path, columns={"urn": "Code"}).identifier == URN


def test_ireland_from_its_list_to_map_sheet_and_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ireland(tmp_path)
    done = CliRunner().invoke(app, ["plan", "--schools", "ie.csv", "--out", "out"])
    assert done.exit_code == 0 and not OF_ELSEWHERE.search(done.output)
    stored = read_plan(tmp_path / "out/plan.gpkg")
    assert stored.run["identifier"] == ["Roll number", "Roll numbers"]
    assert read_back(stored).account.area.identifier == (WORD, "Roll numbers")
    assert WORD in said_in(tmp_path / "out/map.html") and not OF_ELSEWHERE.search(said_in(tmp_path / "out/map.html"))
    _, files = write_ask_sheet(tmp_path / "out/plan.gpkg", tmp_path / "ask")
    sheet = openpyxl.load_workbook(files["workbook"]).active
    assert [cell.value for cell in sheet[1]] == [WORD, "school", "partnership", "answer", "partners", "date"]

    (tmp_path / "said.csv").write_text(f"{WORD},answer,partners\n15000A,yes,15001B\n15002C,no,\n")
    given = ["data.schools=ie.csv", "data.answers=said.csv"]
    assert load(read_scenario(None, given)).problem.area.answers["15000A"].said == "yes"
    (tmp_path / "said.csv").write_text(f"{WORD},answer,partners\n15000A,yes,99Z\n77X,no,\n")
    (tmp_path / "links.csv").write_text("urn_a,urn_b\n15000A,88Y\n")
    given += ["data.links=links.csv", 'data.shared_heads=[["15000A", "66W"]]']
    told = faults_of(load, read_scenario(None, given))
    assert len(told) == 4 and all("has this Roll number" in fault for fault in told), told
    told = faults_of(load, read_scenario(None, ["data.schools=ie.csv", 'rules.together=[["15000A", "66W"]]']))
    assert ["no school selected has this Roll number" in fault for fault in told] == [True]


def test_a_plan_of_england_states_no_word(english: Path) -> None:
    assert "identifier" not in read_plan(english / "plan.gpkg").run


@pytest.mark.parametrize("stated", ('["<b>"]', '["=1"]', '"URN"', "[]", '["a", "b", "c"]', "[1]"))
def test_a_plan_that_states_no_word_is_refused(english: Path, tmp_path: Path, stated: str) -> None:
    path = tmp_path / "plan.gpkg"
    shutil.copyfile(english / "plan.gpkg", path)
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("insert into run (key, value) values ('identifier', ?)", (stated,))
    told = faults_of(read_plan, path)
    assert len(told) == 1 and "(identifier" in told[0], told


# The words themselves ----------------------------------------------------------------------------------------


def test_an_s_makes_several_unless_said() -> None:
    assert identifier_words(["Roll number"]) == ("Roll number", "Roll numbers")
    assert identifier_words(["Oppilaitostunnus", "oppilaitostunnukset"]).many == "oppilaitostunnukset"


@pytest.mark.parametrize(
    "stated",
    ([], ["a", "b", "c"], [""], [" Roll"], ["Roll "], ["=cmd()"], ["1st"], ["<b>"], ["a\nb"], ["a‮b"],
     ["a" * (LETTERS_MAX + 1)], ['say "x"'], ["a;b"]),
)  # fmt: skip
def test_a_text_that_is_no_word_is_refused(stated: list[str]) -> None:
    with pytest.raises(ValueError, match="give"):
        identifier_words(stated)
    assert faults_of(read_scenario, None, [f"data.identifier_words={stated!r}".replace("'", '"')])


def test_only_words_of_the_program_change() -> None:
    words = IdentifierWords("Kod", "Kody")
    assert words.said("no school has this URN") == "no school has this Kod"
    assert words.said("URNs that no school has") == "Kody that no school has"
    assert words.said("the headings are 'URN', 'URNs of it'") == "the headings are 'URN', 'URNs of it'"
    assert words.said("BURN and the schools' own URN, or their heads' URNs") == (
        "BURN and the schools' own Kod, or their heads' Kody"
    )
    assert URN.said("this URN") == "this URN"


def test_faults_keep_all_but_their_words() -> None:
    one = Fault(file="a.csv", row=3, column="URN", value="URN", fix="no such URN", fix_for_all="no such URNs")
    with pytest.raises(BadData) as refusal, IdentifierWords("Kod", "Kody").in_faults():
        raise BadData([one])
    (said,) = refusal.value.faults
    assert (said.column, said.value, said.fix, said.fix_for_all) == ("URN", "URN", "no such Kod", "no such Kody")
