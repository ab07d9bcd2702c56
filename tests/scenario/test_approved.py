"""A partnership that was approved is kept as it is by the next plan, until people release it by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from identifiers import ints
from town import write_csv, write_town
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.storage.plan_file import read_plan
from partition.storage.read_back import stored_plan

NEAR = (0, 1, 2, 30, 31, 32)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def groups(plan: Path) -> list[list[int]]:
    """School numbers by partnership."""
    return [[int(urn) % 100 for urn in one.urns] for one in stored_plan(read_plan(plan)).partnerships]


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Schools 1, 2, 3 and 4, 5, 6, a minute a km; the plan of it is out/plan.gpkg, where 1, 2, 3 are approved."""
    path = write_town(tmp_path, *NEAR, settings="[rules]\nheads_min = 2\nheads_max = 3\n")
    assert run("plan", path, "--out", tmp_path / "out").exit_code == 0
    plan = tmp_path / "out/plan.gpkg"
    assert groups(plan) == [[1, 2, 3], [4, 5, 6]]
    told = run("stage", plan, 1, "approved", "--date", "2027-03-01", "--costs", 40000)
    assert told.exit_code == 0, told.output
    return path


def again(county: Path, *settings: str, **said: str) -> tuple[dict[str, Any], Path]:
    """What the next round says, and its plan; answers by school, as a1="no"."""
    folder = county.parent
    rows = [(900_000 + int(school[1:]), word) for school, word in said.items()]
    answers = write_csv(folder / "said.csv", ["urn", "answer"], rows)
    done = run(
        *("next-round", folder / "out/plan.gpkg", county, "--answers", answers, "--out", folder / "next"),
        *("--internal", "--json", "--ask", 0),
        *(part for setting in settings for part in ("--set", setting)),
    )
    return json.loads(done.stdout), folder / "next/plan.gpkg"


def label(county: Path, number: int = 1) -> str:
    names = read_plan(county.parent / "out/plan.gpkg").tables["partnerships"].set_index("number")["name"]
    return f"{number} {names[number]}"


def test_a_school_that_says_no_stays_in_it_and_is_asked_about(county: Path) -> None:
    told, plan = again(county, a1="no", a4="no")
    assert groups(plan) == [[1, 2, 3], [5, 6]], "4 is left out, as its partnership is proposed only"
    assert ints((told["approved_kept"], told["approved_in_doubt"])) == (1, 1)
    (question,) = told["questions"]
    assert (question["partnership"], question["urn"], question["why"]) == (label(county), "900001", "no")
    assert question["words"].endswith("(900001) says no: is it to be planned again?")
    assert question["way"] == f"""--set 'rules.released=["{label(county)}"]'"""


def test_who_says_no_is_told_internally_only(county: Path) -> None:
    again(county, a1="no")
    folder = county.parent
    done = run(
        *("next-round", folder / "out/plan.gpkg", county, "--answers", folder / "said.csv", "--out", folder / "public"),
        *("--json", "--ask", 0),
    )
    told = json.loads(done.stdout)
    assert "questions" not in told and told["approved_in_doubt"] == 1
    (notice,) = [one["fix"] for one in told["notices"] if one["column"] == "rules.approved"]
    assert notice.startswith("1 approved partnership has schools that say no, and are kept as they are")
    plan = read_plan(folder / "public/plan.gpkg")
    assert "900001" not in json.dumps([plan.run["told"], plan.run["scenario"]])


@pytest.mark.parametrize("name", ["1", "number and name", "name"])
def test_released_by_name_it_is_planned_as_any_other(county: Path, name: str) -> None:
    called = {"1": "1", "number and name": label(county), "name": label(county).removeprefix("1 ")}[name]
    told, plan = again(county, f"rules.released=[{json.dumps(called)}]", a1="no")
    assert groups(plan) == [[2, 3], [4, 5, 6]]
    assert (told["approved_kept"], told["questions"]) == (0, [])


def test_a_release_of_what_is_not_approved_is_refused(county: Path) -> None:
    told, _ = again(county, f"rules.released=[{json.dumps(label(county, 2))}]")
    (fault,) = told["faults"]
    assert fault["column"] == "rules.released"
    assert fault["fix"] == f"no approved partnership has this name; there are '{label(county)}'"


def test_a_better_plan_without_it_is_not_taken(county: Path) -> None:
    """Of one partnership, all six is the best; with 1, 2, 3 kept as they are, the others are placed nowhere."""
    free = ("rules.heads_max=6", "rules.minutes_max=99", "rules.partnerships_max=1")
    told, _ = again(county, *free, f"rules.released=[{json.dumps(label(county))}]")
    assert groups(county.parent / "next/plan.gpkg") == [[1, 2, 3, 4, 5, 6]]
    told, plan = again(county, *free)
    assert groups(plan) == [[1, 2, 3]] and len(told["unplaced"]) == 3


def test_where_it_breaks_a_rule_both_are_named_and_its_release_is_a_way_out(county: Path) -> None:
    told, _ = again(county, "rules.heads_max=2")
    assert told["status"] == "infeasible"
    words = json.dumps(told)
    assert label(county) in words and "rules.released" in words and "heads_max" in words


def test_a_school_that_has_grown_stays_as_an_associate_and_is_asked_about(county: Path) -> None:
    told, plan = again(county, "data.pupils.900002=230")
    assert groups(plan) == [[1, 2, 3], [4, 5, 6]]
    (question,) = told["questions"]
    assert (question["urn"], question["why"]) == ("900002", "grown")
    roles = read_plan(plan).tables["schools"].set_index("urn")["role"]
    assert roles["900002"] == "associate"


@pytest.mark.parametrize("then", ["left", "negotiated"])
def test_one_that_left_or_went_back_is_not_kept(county: Path, then: str) -> None:
    assert run("stage", county.parent / "out/plan.gpkg", 1, then, "--date", "2027-06-01").exit_code == 0
    told, plan = again(county, a1="no")
    assert groups(plan) == [[2, 3], [4, 5, 6]] and told["approved_kept"] == 0


def test_any_plan_keeps_it_and_not_the_next_round_alone(county: Path, tmp_path: Path) -> None:
    existing = f"data.existing={json.dumps(str(tmp_path / 'out/plan.gpkg'))}"
    answers = write_csv(tmp_path / "said.csv", ["urn", "answer"], [(900_001, "no")])
    options = ("--set", existing, "--set", f"data.answers={json.dumps(str(answers))}", "--out", tmp_path / "again")
    assert run("plan", county, *options).exit_code == 0
    assert groups(tmp_path / "again/plan.gpkg") == [[1, 2, 3], [4, 5, 6]]
    assert run("verify", tmp_path / "again/plan.gpkg").exit_code == 0
