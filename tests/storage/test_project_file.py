"""The project file: what is kept there stays, whoever else writes and whenever a program is killed."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path

import pandas as pd
import pyogrio
import pytest
import town
from identifiers import ints
from keeping import judged, keep
from town import write_town
from typer.testing import CliRunner

from geodata.faults import BadData
from partition.cli import app
from partition.scenario.case import load
from partition.scenario.read import read_scenario, read_scenario_text, refuse_outside
from partition.scenario.text import text_of, with_settings
from partition.storage.handout import handed_out, marked, public_text
from partition.storage.project_file import MAP, PLAN, SEARCH, Project, about, comparison_of
from partition.storage.project_tables import TABLES

NURSERY = """
import os, random, signal, sys, time
from pathlib import Path
sys.path.insert(0, {tests!r})
from keeping import judged, keep
from partition.storage.project_file import Project
from identifiers import ints
case, account = judged(Path({scenario!r}))
told = os.open({told!r}, os.O_CREAT | os.O_WRONLY | os.O_APPEND)

def save_for_ever():
    project = Project({file!r})
    while True:
        os.write(told, b"%d\\n" % keep(project, case, account, os.urandom(200_000)))

draws = random.Random(7)
for _ in range({times}):
    said, savers = os.fstat(told).st_size, []
    for _ in range(2):
        saver = os.fork()
        if not saver:
            save_for_ever()
        savers.append(saver)
    while os.fstat(told).st_size < said + 1:  # at least one save, however busy the machine is
        time.sleep(0.005)
    time.sleep(draws.uniform(0, 0.2))
    for saver in savers:
        os.kill(saver, signal.SIGKILL)
        os.waitpid(saver, 0)
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_town(
        *(tmp_path_factory.mktemp("town"), 0, 1, 10, 11),
        links="900001,900002,1",
        today={"Fen": ["900001", "900002"], "Wold": ["900003", "900004"]},
        settings="[rules]\nheads_min = 2\nheads_max = 2\n",
    )


def test_papers_written_again_stand_in_place_of_all_in_their_folder(scenario: Path, tmp_path: Path):
    project = Project(tmp_path / "county.gpkg")
    plan = keep(project, *judged(scenario), b"plan")
    project.add_files(plan, {"papers/a.pdf": b"a", "papers/schools/1.pdf": b"1", "papers too.txt": b"x"})
    project.add_files(plan, {"papers/a.pdf": b"again"}, instead_of="papers")
    assert ints(project.sizes(plan)) == {PLAN: 4, MAP: 4, "papers too.txt": 1, "papers/a.pdf": 5}
    assert project.file(plan, "papers/a.pdf") == b"again"


def test_a_plan_is_kept_with_all_it_came_from(scenario: Path, tmp_path: Path):
    case, account = judged(scenario)
    project = Project(tmp_path / "county.gpkg")
    number = project.ask("judge", "[data]\n", name="Today")
    assert [asked.id for asked in project.unended()] == [number]
    plan = project.keep(
        *(case, account, {PLAN: b"bytes", MAP: b"<html>"}), scenario="[rules]\n", name="Today", note="x", asked=number
    )
    kept = project.plan(plan)
    assert kept is not None and (kept.name, kept.note, kept.status, kept.scenario) == (
        "Today",
        "x",
        "judged",
        "[rules]\n",
    )
    assert ints((kept.partnerships, kept.schools_placed, kept.schools_small)) == (2, 4, 4)
    assert dict(kept.sources).keys() >= {"schools.csv", "links.csv", "today.csv"}
    assert all(len(sha256) == 64 for _, sha256 in kept.sources)
    assert (project.file(plan, PLAN), project.file(plan, MAP), project.file(plan, "no")) == (b"bytes", b"<html>", None)
    ended = project.asked(number)
    assert project.unended() == [] and ended is not None and ended.plan == plan
    assert {name for name, _ in pyogrio.list_layers(project.path)} >= {"plans", "files"}  # QGIS lists it
    assert pyogrio.read_dataframe(project.path, layer="plans")["name"].tolist() == ["Today"]


def test_a_file_that_is_none_of_ours_is_refused_and_left_alone(scenario: Path, tmp_path: Path):
    other, text = tmp_path / "other.gpkg", tmp_path / "text.gpkg"
    with closing(sqlite3.connect(other)) as file:
        file.execute("CREATE TABLE plans (id)")
    text.write_text("urn,name\n" * 500)
    for path in (other, text):
        before = path.read_bytes()
        with pytest.raises(BadData, match="not a project"):
            Project(path)
        assert path.read_bytes() == before
    with pytest.raises(BadData, match="folder"):
        Project(tmp_path / "nowhere" / "p.gpkg")


def test_a_byte_changed_in_a_kept_file_is_told(scenario: Path, tmp_path: Path):
    project = Project(tmp_path / "county.gpkg")
    plan = keep(project, *judged(scenario), b"good")
    with closing(sqlite3.connect(project.path)) as file, file:
        file.execute("UPDATE files SET content = ? WHERE name = ?", (b"evil", PLAN))
    with pytest.raises(BadData, match="not as it was kept"):
        project.file(plan, PLAN)


def test_a_plan_removed_is_gone_with_all_about_it_and_overwritten(scenario: Path, tmp_path: Path):
    project = Project(tmp_path / "county.gpkg")
    number = project.ask("judge", "# SECRET scenario", name="Today")
    case, account = judged(scenario)
    files = {PLAN: b"SECRET plan" * 5000, MAP: b"x"}
    gone = project.keep(case, account, files, scenario="# SECRET scenario", note="SECRET note", asked=number)
    kept = keep(project, case, account, b"stays")
    project.remember(about(gone, "answers"), "SECRET answer")
    project.remember(about(kept, "answers"), "stays too")
    project.add_files(kept, {comparison_of((kept, gone), ".html"): b"SECRET", comparison_of((kept, 9), ".html"): b"9"})
    assert b"SECRET" in project.path.read_bytes()
    project.remove(gone)
    assert b"SECRET" not in project.path.read_bytes()
    assert [plan.id for plan in project.plans()] == [kept] and project.asked(number) is None
    assert project.setting(about(gone, "answers")) is None and project.setting(about(kept, "answers")) == "stays too"
    assert set(project.sizes(kept)) == {PLAN, MAP, "plans 2-9.html"} and project.file(kept, PLAN) == b"stays"
    with pytest.raises(BadData, match="removed meanwhile"):
        project.add_files(gone, {"late.pdf": b""})
    assert keep(project, case, account, b"new") == 3  # never a number again


@pytest.mark.parametrize("name", ["../x.html", "/x", "a/../../x", "a\\x", "c:x", "", "a//b", "a\nb"])
def test_a_name_that_leads_out_of_its_plan_is_refused(scenario: Path, tmp_path: Path, name: str):
    project = Project(tmp_path / "county.gpkg")
    plan = keep(project, *judged(scenario), b"plan")
    with pytest.raises(BadData, match="leads out"):
        project.add_files(plan, {name: b""})
    with closing(sqlite3.connect(project.path)) as file, file:
        file.execute("UPDATE files SET name = ? WHERE name = ?", (name, MAP))
    for look in (project.plans, lambda: project.plan(plan), lambda: project.sizes(plan)):
        with pytest.raises(BadData, match="leads out"):
            look()
    out = tmp_path / "out"
    taken = CliRunner().invoke(app, ["project", str(project.path), "--take", str(plan), "--out", str(out)])
    assert taken.exit_code == 3 and "altered" in taken.output and not out.exists()


@pytest.mark.skipif(os.name == "nt", reason="forks")
def test_killed_at_any_moment_it_opens_with_all_that_was_kept(scenario: Path, tmp_path: Path):
    """Two programs at a time save without end and are killed, 25 times over; whatever they said is kept is there."""
    path, told = tmp_path / "county.gpkg", tmp_path / "told"
    facts = {"tests": str(Path(town.__file__).parent), "scenario": str(scenario), "file": str(path), "told": str(told)}
    subprocess.run([sys.executable, "-c", NURSERY.format(**facts, times=25)], check=True, timeout=200)
    project = Project(path)
    plans = project.plans()
    assert {int(line) for line in told.read_text().split()} <= {plan.id for plan in plans}
    assert len(plans) >= 25
    for plan in plans:  # whole: one file is the other backwards, and each hashes to what it should
        content, backwards = project.file(plan.id, PLAN), project.file(plan.id, MAP)
        assert content is not None and backwards == content[::-1]
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert file.execute("PRAGMA foreign_key_check").fetchall() == []


def test_a_scenario_s_text_says_the_same_wherever_it_is_written(scenario: Path, tmp_path: Path):
    asked = read_scenario(scenario, ["rules.minutes_max=off", "rules.heads_min=2", "data.pupils.900001=61"])
    text = text_of(asked, tmp_path)
    assert read_scenario_text(text, tmp_path).rules == asked.rules
    again = load(read_scenario_text(text, tmp_path))
    assert again.problem.criteria == load(asked).problem.criteria and again.sources == load(asked).sources


def test_a_key_is_set_and_comments_stay():
    text = '# ours\n[data]\nschools = "a.csv" # from the register\n\n[rules]\nheads_min = 2\n'
    changed = with_settings(text, {"data.pupils.900001": 61, "data.columns.urn": 'The "id"', "rules.minutes_max": 25})
    given = read_scenario_text(changed, Path("/x"))
    assert "# ours" in changed and "# from the register" in changed
    assert (
        given.data.pupils == {"900001": 61} and given.data.columns == {"urn": 'The "id"'} and given.rules.heads_min == 2
    )
    with pytest.raises(BadData, match="TOML"):
        with_settings("[data", {"a.b": 1})


@pytest.mark.parametrize(
    "text",
    [
        '[data]\nschools = "../other.csv"',
        '[data]\nschools = "/etc/passwd"',
        '[data]\njoin = ["a.csv", "sub/../../b.csv"]',
        '[data.areas]\nunitary = "../x.geojson"',
        'extends = "../base.toml"',
        'extends = "base.toml"',
        '[travel]\nserver = "http://192.168.0.9:5000"',
        '[map]\nbase = ["link/x.geojson"]',
    ],
)
def test_what_lies_outside_the_folder_is_refused(tmp_path: Path, text: str):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "base.toml").write_text('[data]\nlinks = "../links.csv"\n')
    (folder / "link").symlink_to(tmp_path)
    with pytest.raises(BadData):
        refuse_outside(text, folder)
    refuse_outside('extends = "preset:scheme-2012"\n[data]\nschools = "a.csv"\n[travel]\nserver = "off"', folder)


# A stranger's file --------------------------------------------------------------------------------------------


def full(scenario: Path, path: Path) -> Project:
    """A project with a row in every table."""
    project = Project(path)
    number = project.ask("judge", "[data]\n", name="Today")
    case, account = judged(scenario)
    project.keep(case, account, {PLAN: b"plan", MAP: b"map"}, scenario="[data]\n", asked=number)
    project.ask("plan", "[data]\n", name="Under way")
    project.remember("scenario", "[data]\n")
    return project


def looks(path: Path) -> None:
    """Everything that pages and commands ask of a project."""
    project = Project(path)
    project.plans(), project.unended(), project.asked(1), project.setting("scenario"), project.sizes(1)
    kept = project.plan(1)
    if kept is not None:
        handed_out(project, kept), handed_out(project, kept, internal=True)
    project.annotate(1, "name", "note")
    project.amend("scenario", lambda text: f"{text}#")
    project.end(2, "ended")
    project.add_files(1, {MAP: b"again"})
    project.remove(1)


ODD = [None, "x", 2**62, -1, 1.5, b"\x00\xff", "[" * 90_000, "../../x", "# [\n" * 9_000]


@pytest.mark.parametrize("table", TABLES)
def test_any_cell_altered_is_a_fault_or_harmless(table: str, scenario: Path, tmp_path: Path):
    before = full(scenario, tmp_path / "full.gpkg").path.read_bytes()
    copy, tried = tmp_path / "county.gpkg", 0
    with closing(sqlite3.connect(tmp_path / "full.gpkg")) as file:
        columns = [row[1] for row in file.execute(f"PRAGMA table_info({table})")]
    for column, value in itertools.product(columns, ODD):
        copy.write_bytes(before)
        try:
            with closing(sqlite3.connect(copy)) as file, file:
                file.execute(f"UPDATE {table} SET {column} = ? WHERE id = (SELECT max(id) FROM {table})", (value,))
        except sqlite3.Error:  # the column itself takes no such value
            continue
        tried += 1
        with contextlib.suppress(BadData):
            looks(copy)
    assert tried > 2 * len(columns)


ACTS = {
    "a trigger": "CREATE TRIGGER t AFTER INSERT ON plans BEGIN DELETE FROM files; END",
    "a trigger on another table": "CREATE TABLE x (y); CREATE TRIGGER t AFTER INSERT ON x BEGIN DELETE FROM files; END",
    "a view": 'CREATE VIEW "plans (final)" AS SELECT 1',
    "a view in a table's place": "DROP TABLE asked; CREATE VIEW asked AS SELECT 1 AS id",
    "a table of a module": "CREATE VIRTUAL TABLE more USING rtree(id, a, b)",
    "an index": "CREATE INDEX i ON plans (lower(name))",
    "a column": "ALTER TABLE plans ADD COLUMN more TEXT DEFAULT 'x'",
    "a column gone": "ALTER TABLE asked DROP COLUMN ended",
    "a table gone": "DROP TABLE asked",
    "a column worked out": "ALTER TABLE files ADD COLUMN x AS (length(zeroblob(100000000)))",
}


@pytest.mark.parametrize("what", ACTS)
def test_what_could_act_in_a_project_file_is_refused(what: str, scenario: Path, tmp_path: Path):
    project = full(scenario, tmp_path / "county.gpkg")
    with closing(sqlite3.connect(project.path)) as file:
        file.executescript(ACTS[what])
    before = project.path.read_bytes()
    for look in (project.plans, lambda: Project(project.path), lambda: project.remember("a", "b")):
        with pytest.raises(BadData, match="not a project as this program makes it"):
            look()
    assert project.path.read_bytes() == before


def test_a_table_that_another_program_added_is_let_be(scenario: Path, tmp_path: Path):
    """As QGIS adds styles to a file it shows."""
    project = full(scenario, tmp_path / "county.gpkg")
    pyogrio.write_dataframe(pd.DataFrame({"styleName": ["x"]}), project.path, layer="layer_styles", append=True)
    assert ints([plan.id for plan in project.plans()]) == [1]


@pytest.mark.skipif(os.name == "nt", reason="modes of files")
def test_a_project_is_its_owner_s_alone(scenario: Path, tmp_path: Path):
    old = os.umask(0o022)
    try:
        project = full(scenario, tmp_path / "county.gpkg")
        with closing(sqlite3.connect(project.path)) as file, file:
            file.execute("UPDATE plans SET note = 'x'")
            journal = tmp_path / "county.gpkg-journal"
            assert ints({path.stat().st_mode & 0o777 for path in (project.path, journal)}) == {0o600}
    finally:
        os.umask(old)
    project.path.chmod(0o660)  # as its owner shares it
    Project(project.path)
    assert project.path.stat().st_mode & 0o777 == 0o660


def test_a_journal_that_names_a_further_file_is_not_played_back(scenario: Path, tmp_path: Path):
    project = full(scenario, tmp_path / "county.gpkg")
    (tmp_path / "county.gpkg-journal").write_bytes(bytes(600) + b"\xd9\xd5\x05\xf9 \xa1c\xd7")
    with pytest.raises(BadData, match="not left by this program"):
        project.plans()
    os.mkfifo(tmp_path / "pipe.gpkg")
    for path in (tmp_path / "pipe.gpkg", tmp_path, Path("/dev/zero")):
        with pytest.raises(BadData):
            Project(path)


# What leaves the office ---------------------------------------------------------------------------------------

SECRET = """# Mrs SECRET and Mr SECRET do not speak
[data]
schools = "schools.csv"
links = "SECRET_links.csv"
answers = "SECRET_answers.csv"
[travel]
server = "http://user:SECRET@127.0.0.1:5000"
[rules]
heads_min = 2
apart = [[900001, 900002]] # SECRET
accepted = ["SECRET"]
except_in = [900003]
except_reasons = {900003 = "SECRET"}
[advisers]
people = "SECRET.csv"
leaving = ["SECRET"]
[money]
per_school = 10
lump_sums = "SECRET.csv"
"""
INTERNAL_FILES = {
    "internal papers/report.pdf": b"SECRET",
    "internal calls/calls.csv": b"SECRET",
    "internal next round.json": b"SECRET",
    "internal peer review/review.csv": b"SECRET",
}
PUBLIC_FILES = {PLAN: b"plan", MAP: b"map", SEARCH: b"{}", "papers/report.pdf": b"paper", "plans 1-3.html": b"both"}


@pytest.fixture
def office(scenario: Path, tmp_path: Path) -> Project:
    """Plans 1 and 3 are public, 2 is internal; all that can stand beside 3 does."""
    project = Project(tmp_path / "county.gpkg")
    case, account = judged(scenario)
    for internal in (False, True, False):
        project.keep(case, account, {PLAN: b"plan"}, scenario=SECRET, internal=internal)
    more = {"plans 2-3.html": b"SECRET", "plans 3-9.html": b"SECRET of one gone"}
    project.add_files(3, PUBLIC_FILES | INTERNAL_FILES | more)
    project.remember(about(3, "answers"), "SECRET")
    return project


def test_beside_a_public_plan_nothing_private_is_taken_out(office: Project, tmp_path: Path):
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["project", str(office.path), "--take", "3", "--out", str(out)])
    assert done.exit_code == 0, done.output
    taken = {path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*") if path.is_file()}
    assert set(taken) == {*PUBLIC_FILES, "scenario.toml"}
    assert not [name for name, content in taken.items() if b"SECRET" in content or b"SECRET" in name.encode()]
    text = taken["scenario.toml"].decode()
    said, _, rest = text.partition("\n")
    assert said.startswith(
        "# Left out, as the plan is public: data.links, data.answers, travel.server, rules.except_reasons, "
    )
    assert {"rules.apart", "rules.accepted", "money.lump_sums", "advisers.people"} <= set(re.findall(r"\w+\.\w+", said))
    assert not re.search("apart|accepted|reasons|links|answers|server|people|leaving|lump", rest)
    given = read_scenario_text(text, tmp_path)
    assert (given.rules.heads_min, given.rules.except_in, given.money.per_school) == (2, ["900003"], 10)


def test_all_of_it_is_taken_out_when_asked_and_marked_as_internal(office: Project, tmp_path: Path):
    for plan, *asked in (("3", "--internal"), ("2",)):
        out = tmp_path / plan
        arguments = ["project", str(office.path), "--take", plan, *asked, "--out", str(out)]
        assert CliRunner().invoke(app, arguments).exit_code == 0
        text = (out / "scenario.toml").read_text()
        assert text == f"# Internal: not for publication\n{SECRET}"
        if os.name != "nt":
            assert {path.stat().st_mode & 0o777 for path in out.rglob("*") if path.is_file()} == {0o600}
    assert INTERNAL_FILES.keys() <= {
        path.relative_to(tmp_path / "3").as_posix() for path in (tmp_path / "3").rglob("*")
    }
    assert CliRunner().invoke(app, ["project", str(office.path), "--internal"]).exit_code == 2


@pytest.mark.parametrize("text", ["[data", "[rules]\napart = 1", 'extends = "base.toml"', "[" * 5_000])
def test_a_scenario_that_cannot_be_read_is_left_out_whole(text: str):
    given = tomllib.loads(public_text(text))
    assert given in ({}, {"extends": "base.toml"})
    assert marked(text).endswith(text)


# The command --------------------------------------------------------------------------------------------------


def test_plan_keeps_and_project_lists_and_takes_out_the_very_bytes(scenario: Path, tmp_path: Path):
    def run(*arguments: object) -> str:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    file, out, taken = tmp_path / "county.gpkg", tmp_path / "out", tmp_path / "taken"
    run("plan", scenario, "--project", file, "--note", "as it is; =1+1", "--out", out)
    assert "as it is" in run("project", file) and "4 of 4 small schools" in run("project", file)
    run("project", file, "--take", 1, "--out", taken)
    assert (taken / "plan.gpkg").read_bytes() == (out / "plan.gpkg").read_bytes()
    assert (taken / "map.html").read_bytes() == (out / "map.html").read_bytes()
    Project(file).add_files(1, {"papers/schools/900001.pdf": b"%PDF", "papers/report.pdf": b"%PDF-"})
    files = json.loads(run("project", file, "--take", 1, "--out", taken, "--json"))["files"]
    assert Path(files["papers/schools/900001.pdf"]).read_bytes() == b"%PDF" and files["plan"].endswith("plan.gpkg")
    (told,) = json.loads(run("project", file, "--json"))["plans"]
    assert told["note"] == "as it is; =1+1"
    again = read_scenario_text(told["scenario"], file.parent)
    assert load(again).problem.criteria == load(read_scenario(scenario)).problem.criteria
    bad = ["plan", scenario, "--set", "data.pupils.1=5", "--project", tmp_path / "none.gpkg", "--out", out]
    assert CliRunner().invoke(app, [str(argument) for argument in bad]).exit_code == 3
    missing = CliRunner().invoke(app, ["project", str(tmp_path / "none.gpkg")])
    assert missing.exit_code == 3 and not (tmp_path / "none.gpkg").exists()
    assert CliRunner().invoke(app, ["project", str(file), "--take", "9"]).exit_code == 3
    assert CliRunner().invoke(app, ["project", str(file), "--take", "1", "--remove", "1"]).exit_code == 2
    assert "Removed:" in run("project", file, "--remove", 1) and run("project", file).strip() == ""
    assert CliRunner().invoke(app, ["project", str(file), "--remove", "1"]).exit_code == 3


@pytest.mark.parametrize("asked", [[], ["--take", "1"], ["--remove", "1"]])
def test_an_empty_file_is_made_no_project_by_looking_into_it(asked: list[str], tmp_path: Path):
    (tmp_path / "p.gpkg").touch()
    done = CliRunner().invoke(app, ["project", str(tmp_path / "p.gpkg"), *asked, "--out", str(tmp_path / "out")])
    assert done.exit_code == 3 and "no such project" in done.output
    assert (tmp_path / "p.gpkg").read_bytes() == b"" and not (tmp_path / "out").exists()


def test_a_project_with_a_damaged_log_beside_it_is_refused_and_nothing_is_changed(scenario: Path, tmp_path: Path):
    path = tmp_path / "p.gpkg"
    Project(path)
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode=WAL")
        file.execute("CREATE VIEW v AS SELECT 1")
        file.commit()
        left = {name: (tmp_path / name).read_bytes() for name in ("p.gpkg", "p.gpkg-wal")}
    for name, content in left.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadData, match="not a project as this program makes it"):
        Project(path)
    assert {name: (tmp_path / name).read_bytes() for name in left} == left


def test_a_link_to_a_device_is_no_project_and_is_called_by_its_own_name(tmp_path: Path):
    (tmp_path / "p.gpkg").symlink_to("/dev/zero")
    with pytest.raises(BadData, match=r"^p\.gpkg: "):
        Project(tmp_path / "p.gpkg")


def test_a_file_of_a_few_bytes_is_made_no_project(tmp_path: Path):
    (tmp_path / "p.gpkg").write_bytes(b"\n")
    with pytest.raises(BadData, match="not a project file"):
        Project(tmp_path / "p.gpkg")
    assert (tmp_path / "p.gpkg").read_bytes() == b"\n"
