"""Plans that stay within the rules in every year: what is asked, refused, told, and what `verify` makes of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from identifiers import ints
from town import write_csv, write_town
from typer.testing import CliRunner, Result

from geodata.faults import BadData
from partition.cli import app
from partition.model.plan import Partnership
from partition.scenario.case import load
from partition.scenario.read import read_scenario

SHARED_DATA = Path(__file__).parents[3] / "shared" / "data"
REGISTER = SHARED_DATA / "gias_lincolnshire_2025-07.csv"
HISTORY = SHARED_DATA / "lincolnshire_primaries_pupil_history.csv"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def road(tmp_path: Path) -> Path:
    """Schools 1 to 4 a minute apart, of 100 pupils each; within 5 years 2 doubles, and 4 is no longer small."""
    path = write_town(tmp_path, 0, 1, 2, 3, settings="[rules]\nheads_min = 2\nheads_max = 2\npupils_max = 300\n")
    write_csv(
        tmp_path / "years.csv",
        ["urn", "2030", "2035"],
        [("900001", 100, 90), ("900002", 200, 110), ("900003", 110, ""), ("900004", 210, 80)],
    )
    return path


def test_the_plan_for_every_year_is_another_and_verifies(road: Path, tmp_path: Path) -> None:
    """Today 1 2 and 3 4 are as good as any; in 2030 they have 300 and 320 pupils, so that only 1 2 or 1 3 may be."""
    joined = f'data.join=["{(tmp_path / "years.csv").as_posix()}"]'
    today = json.loads(run("plan", road, "--set", joined, "--out", tmp_path / "a", "--json").stdout)
    then = run("plan", road, "--set", joined, "--robust", "2030", "--out", tmp_path / "b", "--json")
    assert ints((len(today["unplaced"]), len(json.loads(then.stdout)["unplaced"]))) == (0, 2)
    assert run("verify", tmp_path / "b" / "plan.gpkg").exit_code == 0
    swept = run(
        "judge",
        road,
        "--groups",
        _pairs(tmp_path),
        "--set",
        joined,
        "--set",
        'rules.robust=["2030"]',
        "--json",
        "--out",
        tmp_path / "c",
    )
    words = [breach["words"] for breach in json.loads(swept.stdout)["breaches"]]
    assert words == ["320 pupils by 2030, more than 300"]


def _pairs(folder: Path) -> Path:
    groups = [("900001", "A"), ("900002", "A"), ("900003", "B"), ("900004", "B")]
    return write_csv(folder / "pairs.csv", ["urn", "partnership"], groups)


def test_a_roll_with_a_blank_is_refused_by_school(road: Path, tmp_path: Path) -> None:
    joined = f'data.join=["{(tmp_path / "years.csv").as_posix()}"]'
    result = run("plan", road, "--set", joined, "--robust", "2035, 2040", "--out", tmp_path / "out")
    assert result.exit_code == 3 and not (tmp_path / "out").exists()
    assert "2040" in result.stderr
    result = run("plan", road, "--set", joined, "--robust", "2035", "--out", tmp_path / "out")
    assert "School 900003 (900003) takes part and needs a number on roll there" in result.stderr
    corrected = read_scenario(road, [joined, 'rules.robust=["2035"]', "data.pupils.900003=70"])
    assert load(corrected).problem.group(Partnership(("900003",))).pupils_by("2035") == 70


def test_who_takes_part_is_settled_by_the_present_roll_and_others_are_told(road: Path, tmp_path: Path) -> None:
    joined = f'data.join=["{(tmp_path / "years.csv").as_posix()}"]'
    case = load(read_scenario(road, [joined, 'rules.robust=["2030"]']))
    assert len(case.problem.roster) == 4
    told = [notice.fix for notice in case.notices if notice.column == "rules.robust"]
    assert told == [
        "who takes part is settled by the present roll, not by this one, by which are larger School 900004 (900004)"
    ]


@pytest.mark.real_data
def test_the_history_of_lincolnshire_has_blanks_that_are_told_school_by_school() -> None:
    settings = [f'data.schools="{REGISTER.as_posix()}"', 'data.local_authority="925"', "data.pupils.151275=61"]
    settings += [f'data.join=["{HISTORY.as_posix()}"]', 'rules.robust=["pupils_jan2023", "pupils_jan2025"]']
    with pytest.raises(BadData) as bad:
        load(read_scenario(None, settings))
    blank = [149859, 150429, 150841, 151091, 151274, 151306]
    assert [
        f"--set data.pupils.{urn}=NUMBER" in fault.fix for urn, fault in zip(blank, bad.value.faults, strict=True)
    ] == [True] * 6
    case = load(read_scenario(None, [*settings, *(f"data.pupils.{urn}=50" for urn in blank)]))
    assert sum("not by this one" in notice.fix for notice in case.notices) == 1
