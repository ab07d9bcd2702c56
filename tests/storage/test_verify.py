"""A plan file is checked against itself and its inputs: it agrees, and disagrees as soon as anything is altered."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from identifiers import ints
from town import alter, write_csv, write_town

from partition.plans.account import Account
from partition.plans.judge import judge
from partition.plans.unplaced import why_unplaced
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.solver import Limits, solve
from partition.storage.plan_file import read_plan, seal_of, write_plan
from partition.storage.read_back import stored_problem
from partition.storage.verify import Verdict, verify

SEAL = "the seal does not fit: something in the file was altered after it was written"
LACKS = ("preferences.minutes_per_lack={district = 9}", "preferences.lack_value={district = 'West'}")
TOWN: dict[str, Any] = {
    "pupils": [50, 60, 70, 80, 90, 300],
    "columns": {"district": ["East", "East", "West", "West", "", "West"]},
    "links": "900001,900002,1 900002,900003,2.75",
    "today": {"Fen": ["900001", "900002"], "Wold": ["900004", "900005"]},
    "settings": "[rules]\nheads_min = 2\nheads_max = 2\ndistinct_max = {district = 1}\napart = [[900001, 900003]]\n",
}


def make(folder: Path, scenario: Path, *settings: str, internal: bool = False) -> Path:
    """The plan of a scenario, in a file beside it."""
    case = load(read_scenario(scenario, settings))
    run = solve(case.problem, Limits(workers=1))
    assert run.plan is not None
    account = Account(case.problem, run.plan, run=run, reasons=why_unplaced(case.problem, run.plan, run))
    path = folder / ("internal.gpkg" if internal else "plan.gpkg")
    write_plan(case, account, path, internal=internal)
    return path


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs, 1 and 2, 3 and 4; 5 too far away; 6 too large."""
    folder = tmp_path_factory.mktemp("verify")
    wishes = [(900001, "", 900003, 900005), (900002, "yes", "900001; 900003", ""), (900005, "", 900001, "")]
    write_csv(folder / "answers.csv", ["urn", "answer", "wishes", "not_wanted"], wishes)
    return write_town(folder, 0, 1, 10, 11, 60, 12, **TOWN)


@pytest.fixture(scope="module")
def public(scenario: Path) -> Path:
    return make(scenario.parent, scenario)


@pytest.fixture(scope="module")
def internal(scenario: Path) -> Path:
    return make(scenario.parent, scenario, internal=True)


def verdict(path: Path, *inputs: Path) -> Verdict:
    return verify(read_plan(path), *(load(read_scenario(scenario)) for scenario in inputs))


# Agreeing ---------------------------------------------------------------------------------------------------


def test_a_plan_as_written_agrees(public: Path, internal: Path) -> None:
    assert verdict(public).wrong == verdict(internal).wrong == ()


def test_a_plan_agrees_with_its_inputs(public: Path, internal: Path, scenario: Path) -> None:
    assert verdict(public, scenario).wrong == verdict(internal, scenario).wrong == ()


def test_what_cannot_be_checked_is_said_to_be_as_sealed(public: Path, internal: Path, scenario: Path) -> None:
    bound = "the bound and the fewest unplaced: proving them again means solving"
    left_out = [f"{what}: left out of a public plan; give the inputs" for what in ("links", "rules.apart")]
    assert verdict(public).as_sealed == (bound, *left_out)
    unhashed = "links.csv: a public plan keeps no hash of it; costs were recomputed from it"
    assert verdict(public, scenario).as_sealed == (bound, unhashed)
    assert verdict(internal, scenario).as_sealed == verdict(internal).as_sealed == (bound,)


@pytest.mark.parametrize(
    "settings",
    [
        ("preferences.meet=host", "rules.host_minutes_max=10"),
        ("preferences.meet=pairs", "preferences.minutes_per_pupil_off_target=0.7"),
        ("preferences.measure=km", "preferences.minutes_per_link=0", "preferences.minutes_per_separation=0"),
        ("rules.locked=['Fen']", "rules.grant_max=1000", "money.per_school=10"),
        ("rules.km_max=15", "rules.minutes_max_for={900005 = 60}", "rules.same=['district']"),
        ("rules.associates=[900006]", "rules.heads_max=3", "rules.associates_max=1"),
        ("preferences.minutes_per_difference={district = 20}", *LACKS),
        ("rules.head_minutes_max=200", "preferences.head_minutes_price=[[5, 0.5], [20, 2]]"),
        ("data.answers=FOLDER/answers.csv", "preferences.minutes_per_wish=[60, 30]"),
        ("data.headships.column=district", "data.pupils.900001=55", "data.bases=[900001]"),
    ],
    ids=lambda settings: settings[0],
)
@pytest.mark.parametrize("is_internal", [False, True], ids=["public", "internal"])
def test_a_plan_agrees_whatever_was_asked(
    settings: tuple[str, ...], is_internal: bool, scenario: Path, tmp_path: Path
) -> None:
    given = [one.replace("FOLDER", str(scenario.parent)) for one in settings]
    assert verdict(make(tmp_path, scenario, *given, internal=is_internal)).wrong == ()


@pytest.mark.parametrize("is_internal", [False, True], ids=["public", "internal"])
def test_groups_that_break_rules_were_judged_and_agree(scenario: Path, tmp_path: Path, is_internal: bool) -> None:
    """1 and 3 are to be apart, 5 is 50 away from 4, 6 is too large."""
    case = load(read_scenario(scenario))
    account = judge(case.problem, {"900001": "A", "900003": "A", "900004": "B", "900005": "B", "900006": "B"})
    write_plan(case, account, tmp_path / "judged.gpkg", internal=is_internal)
    found = verdict(tmp_path / "judged.gpkg")
    assert found.wrong == () == verdict(tmp_path / "judged.gpkg", scenario).wrong
    assert all("bound" not in words for words in found.as_sealed)
    if not is_internal:
        more = "update run set value = '2' where key = 'breaches_left_out'"
        told = altered(tmp_path / "judged.gpkg", tmp_path, more, sealed_again=True)
        assert told.wrong == ()  # rules.apart is left out as well
        broken = verify(read_plan(tmp_path / "altered.gpkg"), case).wrong
        assert broken == ("from the inputs: the number of broken rules that a public plan leaves out differs",)


def test_a_road_one_way_only_is_as_good_as_stored(tmp_path: Path) -> None:
    scenario = write_town(tmp_path, 0, 1, 2, settings="[rules]\nheads_min = 2\n[travel]\nmatrix = 'minutes.csv'\n")
    drives = [(1, 2, 5), (2, 1, 6), (1, 3, ""), (3, 1, 4), (2, 3, 9), (3, 2, "")]
    rows = [(900000 + a, 900000 + b, minutes) for a, b, minutes in drives]
    write_csv(tmp_path / "minutes.csv", ["urn_from", "urn_to", "minutes"], rows)
    assert verdict(make(tmp_path, scenario), scenario).wrong == ()


def test_no_wish_and_no_refusal_stands_in_a_public_plan(scenario: Path, tmp_path: Path) -> None:
    """Nor what wishes cost one partnership or head; only the sum. Prices that are off have no columns."""
    settings = (f"data.answers={scenario.parent}/answers.csv", "preferences.minutes_per_wish=[60, 30]")
    told = [read_plan(make(tmp_path, scenario, *settings, internal=internal)) for internal in (False, True)]
    costs, schools = ([set(one.tables[name].columns) for one in told] for name in ("costs", "schools"))
    assert ["wishes" in columns for columns in costs] == [False, True] == ["wishes" in columns for columns in schools]
    assert not any({"fairness", "lacks", "likeness"} & columns for columns in costs)
    assert [one.run["cost"]["wishes"] for one in told] == [60_000 + 30_000 + 60_000] * 2
    answers = [stored_problem(one).area.answers for one in told]
    assert answers[0] == {} and ints(answers[1]["900002"].wishes) == (900001, 900003)
    assert ints(answers[1]["900001"].not_wanted) == (900005,)


# Disagreeing ------------------------------------------------------------------------------------------------


def altered(path: Path, folder: Path, *statements: str, sealed_again: bool = False) -> Verdict:
    """What is said of a copy in which something was changed; `sealed_again` by one who knows how."""
    copy = folder / "altered.gpkg"
    shutil.copy(path, copy)
    alter(copy, *statements)
    if sealed_again:
        seal = json.dumps(seal_of(read_plan(copy).tables))
        with closing(sqlite3.connect(copy)) as file, file:
            file.execute("update run set value = ? where key = 'seal'", [seal])
    return verdict(copy)


def every_cell(path: Path) -> list[tuple[str, int, str, object]]:
    """Table, row, column and value of every cell of a plan file."""
    cells = []
    with closing(sqlite3.connect(path)) as file:
        for table in ("schools", "partnerships", "links", "run", "costs", "minutes"):
            try:
                rows = file.execute(f"select * from {table}")
            except sqlite3.OperationalError:
                continue
            columns = [column[0] for column in rows.description]
            for row in rows.fetchall():
                cells += [(table, row[0], column, value) for column, value in list(zip(columns, row, strict=True))[1:]]
    return cells


@pytest.mark.parametrize("which", ["public", "internal"])
def test_altering_any_cell_of_any_table_breaks_the_seal(
    which: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Every value in turn, one copy each; geometries have a test of their own."""
    path = request.getfixturevalue(which)
    original = read_plan(path)
    unseen = []
    cells = [cell for cell in every_cell(path) if cell[3] is not None and not isinstance(cell[3], bytes)]
    for table, row, column, value in cells:
        frame = original.tables[table].copy()
        position = row - first_row(path, table)
        if table == "run" and column == "value":
            frame.loc[position, column] = json.dumps([json.loads(str(value)), "altered"])
            if frame.loc[position, "key"] == "seal":
                continue
        else:
            frame[column] = frame[column].astype(object)
            frame.loc[position, column] = f"{value}x" if isinstance(value, str) else value + 1  # type: ignore[operator]
        if seal_of({**original.tables, table: frame}) == original.run["seal"]:
            unseen.append((table, row, column))
    assert len(cells) > 150
    assert unseen == []


def first_row(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as file:
        return int(file.execute(f"select min(fid) from {table}").fetchone()[0])


POINT = "(select geom from schools where urn = 900006)"
RUN = "update run set value = {} where key = '{}'"
COST = json.dumps({"total": 1, "travel": 1, "links": 0, "change": 0, "balance": 0})

ALTERATIONS: dict[str, tuple[str, str | None]] = {
    # what was altered: how, and what is said of it even where somebody sealed the file again
    "a school's pupils": (
        "update schools set pupils = 51 where urn = 900001",
        "partnership 1: pupils is 111",
    ),
    "a school's size": ("update schools set pupils = 999 where urn = 900001", "over the limit of 200"),
    "a school's name": ("update schools set name = 'Elsewhere' where urn = 900001", None),
    "a school's town": ("update schools set town = 'Elsewhere' where urn = 900001", None),
    "a school's reason": ("update schools set reason = '' where urn = 900005", None),
    "a school's column": (
        """update schools set "fact: district" = 'North' where urn = 900001""",
        "a rule is broken",
    ),
    "a school's partnership": ("update schools set partnership = 2 where urn = 900002", "the plan's digest"),
    "a school unplaced": (
        "update schools set partnership = null where urn = 900002",
        "schools not yet placed differ",
    ),
    "a school placed": ("update schools set partnership = 2 where urn = 900005", "the plan's digest"),
    "a school's role": (
        "update schools set role = 'not taking part' where urn = 900005",
        "the plan's digest",
    ),
    "a school's head": (
        "update schools set headship = 'One' where urn in (900001, 900003)",
        "its schools are parted",
    ),
    "a school's group today": ("update schools set today = '' where urn = 900005", "change in all is 0.000"),
    "a school's urn": ("update schools set urn = 900009 where urn = 900001", "the plan's digest"),
    "a school taken out": ("delete from schools where urn = 900005", "the plan's digest"),
    "a school's point": (f"update schools set geom = {POINT} where urn = 900001", None),
    "a minute": (
        "update minutes set centiminutes = 101 where urn_from = 900001",
        "partnership 1: travel is 12.060",
    ),
    "a minute far too long": (
        "update minutes set centiminutes = 2001 where urn_from = 900001",
        "20.0 minutes apart",
    ),
    "a road closed": ("update minutes set centiminutes = -1 where urn_from = 900001", "no road joins"),
    "a minute taken out": (
        "delete from minutes where urn_from = 900001",
        "no minutes stored from 900001 to 900002",
    ),
    "metres": ("update minutes set metres = 1001 where urn_from = 900001", None),
    "a minute to the nearest": ("update minutes set centiminutes = 9 where urn_from = 900005", None),
    "travel": ("update costs set travel = travel + 1 where which = 1", "partnership 1: travel is 12.000"),
    "change": (
        "update costs set change = change + 1 where which = 900005",
        "alone 900005: change is 120.000",
    ),
    "balance": ("update costs set balance = 1 where which = 2", "partnership 2: balance is 0.000"),
    "a cost taken out": ("delete from costs where which = 2", "the table of costs does not list"),
    "heads": (
        "update partnerships set heads = 3 where number = 1",
        "partnership 1: heads is 2, the file says 3",
    ),
    "schools": ("update partnerships set schools = 3 where number = 1", "partnership 1: schools is 2"),
    "pupils": ("update partnerships set pupils = 3 where number = 1", "partnership 1: pupils is 110"),
    "associates": (
        "update partnerships set associates = 3 where number = 1",
        "partnership 1: associates is 0",
    ),
    "the venue": (
        "update partnerships set venue_urn = 900002 where number = 1",
        "partnership 1: venue_urn is 900001",
    ),
    "mean minutes": ("update partnerships set mean_minutes = 3 where number = 1", None),
    "worst minutes": ("update partnerships set worst_minutes = 3 where number = 1", None),
    "links kept": ("update partnerships set links_kept = 3 where number = 1", None),
    "a partnership's name": ("update partnerships set name = 'Elsewhere' where number = 1", None),
    "a partnership taken out": ("delete from partnerships where number = 1", "partnership 1: heads is 2"),
    "the total": (RUN.format(f"'{COST}'", "cost"), "travel in all is 24.000, the file says 0.001"),
    "the bound above the cost": (RUN.format("'999999999'", "bound"), "the bound is above the cost"),
    "the bound below the cost": (
        RUN.format("'1'", "bound"),
        "it is called optimal, but cost and bound differ",
    ),
    "the status": (RUN.format("""'"feasible"'""", "status"), None),
    "the digest": (RUN.format("""'"00"'""", "digest"), "the plan's digest is not that of its schools"),
    "who is unplaced": (RUN.format("'[]'", "unplaced"), "the schools not yet placed differ"),
    "how many partnerships": (RUN.format("'3'", "partnerships"), "the number of partnerships differs"),
    "the fewest unplaced": (RUN.format("'0'", "fewest_bound"), "called optimal, but more may be placed"),
    "sources": (RUN.format("'[]'", "sources"), None),
    "the seal": (RUN.format("""'"00"'""", "seal"), None),
}


@pytest.mark.parametrize("what", ALTERATIONS)
def test_an_altered_file_disagrees(what: str, public: Path, tmp_path: Path) -> None:
    found = altered(public, tmp_path, ALTERATIONS[what][0])
    assert not found.agrees
    assert found.wrong[0] == SEAL


@pytest.mark.parametrize("what", [what for what, (_, words) in ALTERATIONS.items() if words])
def test_what_can_be_worked_out_again_disagrees_even_under_a_new_seal(what: str, public: Path, tmp_path: Path) -> None:
    statement, words = ALTERATIONS[what]
    found = altered(public, tmp_path, statement, sealed_again=True)
    assert SEAL not in found.wrong
    assert any(str(words) in wrong for wrong in found.wrong), found.wrong


def test_a_rule_made_stricter_afterwards_is_broken(public: Path, tmp_path: Path) -> None:
    rules = dict(read_plan(public).run["scenario"])
    rules["rules"] = {**rules["rules"], "pupils_max": 120}
    statement = RUN.format(f"'{json.dumps(rules)}'", "scenario")
    found = altered(public, tmp_path, statement, sealed_again=True)
    assert found.wrong == ("a rule is broken: 150 pupils, more than 120",)


def test_cost_of_links_is_checked_in_an_internal_plan_and_with_inputs(
    public: Path, internal: Path, scenario: Path, tmp_path: Path
) -> None:
    cost = dict(read_plan(public).run["cost"])
    cost |= {"links": cost["links"] + 1, "total": cost["total"] + 1}
    statements = [RUN.format(f"'{json.dumps(cost)}'", "cost"), RUN.format(f"'{cost['total']}'", "bound")]
    altered(public, tmp_path, *statements, sealed_again=True)
    words = "links in all is 165.000, the file says 165.001"
    assert verdict(tmp_path / "altered.gpkg").agrees  # the public file cannot know: it says so
    assert f"from the inputs: {words}" in verdict(tmp_path / "altered.gpkg", scenario).wrong


def test_an_internal_plans_links_are_worked_out_again(internal: Path, tmp_path: Path) -> None:
    found = altered(internal, tmp_path, "update costs set links = links + 1 where which = 1", sealed_again=True)
    assert not found.agrees


def test_the_same_file_names_with_other_content_disagree(public: Path, tmp_path: Path) -> None:
    other = write_town(tmp_path, 0, 1, 10, 11, 60, 12, **{**TOWN, "pupils": [50, 60, 70, 80, 91, 300]})
    assert "schools.csv: not the file that the plan was made from" in verdict(public, other).wrong


def test_an_input_that_is_missing_is_told(public: Path, tmp_path: Path) -> None:
    other = write_town(tmp_path, 0, 1, 10, 11, 60, 12, **{**TOWN, "links": ""})
    assert any(words.startswith("links.csv: the plan was made from it") for words in verdict(public, other).wrong)


def test_other_preferences_than_the_plans_disagree(public: Path, tmp_path: Path) -> None:
    settings = TOWN["settings"] + "[preferences]\nmeetings_per_year = 5\n"
    other = write_town(tmp_path, 0, 1, 10, 11, 60, 12, **{**TOWN, "settings": settings})
    assert any(words.startswith("from the inputs: partnership 1: travel") for words in verdict(public, other).wrong)


def test_checking_a_plan_loads_no_solver(public: Path) -> None:
    code = """
import sys
from pathlib import Path
from partition.storage.plan_file import read_plan
from partition.storage.verify import verify
assert verify(read_plan(Path(sys.argv[1]))).agrees
print([module for module in ("ortools", "numba") if module in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code, public], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
