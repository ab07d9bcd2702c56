"""A year goes by in Lincolnshire: a school becomes an academy under another URN, and everything follows it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from town import write_csv
from typer.testing import CliRunner

from partition.cli import app
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.storage.plan_file import read_plan
from partition.storage.read_back import read_back, stored_plan

DATA = Path(__file__).parents[1].parent / "shared" / "data"
THEN, NOW = "120386", "151275"  # Osbournby, until March 2025 and since

pytestmark = pytest.mark.real_data


def answer(*arguments: object) -> dict[str, Any]:
    done = CliRunner().invoke(app, [*map(str, arguments), "--json"])
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == 0, told
    return told


def county(year: str) -> tuple[str, ...]:
    return "--schools", str(DATA / f"gias_lincolnshire_{year}.csv"), "--la", "925"


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plan of November 2024; the partnership of Osbournby is approved in it."""
    folder = tmp_path_factory.mktemp("2024")
    answer("plan", *county("2024-11"), "--set", 'data.missing_pupils="leave out"', "--out", folder)
    plan = folder / "plan.gpkg"
    number = stored_plan(read_plan(plan)).partnership_of[THEN]  # type: ignore[index]
    answer("stage", plan, number, "approved", "--date", "2025-01-20", "--costs", 80000)
    return plan


def companions(plan: Path, urn: str) -> set[str]:
    return next({*one.urns} - {urn} for one in stored_plan(read_plan(plan)).partnerships if urn in one.urns)


def test_the_next_round_keeps_the_approved_partnership_with_its_school_of_another_urn(
    first: Path, tmp_path: Path
) -> None:
    before = companions(first, THEN)
    friend, far = sorted(before)[0], "120397"
    said = write_csv(tmp_path / "said.csv", ["urn", "answer"], [(THEN, "yes"), (friend, "no")])
    links = write_csv(tmp_path / "links.csv", ["urn_a", "urn_b"], [(THEN, friend)])
    settings = [f"data.pupils.{THEN}=61", f"data.links={json.dumps(str(links))}"]
    told = answer(
        *("next-round", first, *county("2025-07"), "--answers", said, "--out", tmp_path / "next", "--ask", 0),
        *("--internal", *(part for setting in settings for part in ("--set", setting))),
    )
    plan, scenario = Path(told["files"]["plan"]), told["files"]["scenario"]
    assert companions(plan, NOW) == before and far not in before
    (followed,) = [one for one in told["notices"] if one["value"] == THEN]
    assert followed["fix"].startswith(
        f"Osbournby Primary School ({THEN}) goes on as Osbournby Primary School ({NOW}) with the same establishment "
        f"number, and is followed as that; confirm it once with --set data.successors.{THEN}={NOW}"
    )
    assert [one["column"] for one in told["notices"] if one["file"] == "plan.gpkg"] == []
    assert [(one["urn"], one["why"]) for one in told["questions"]] == [(friend, "no")]
    old, new = read_back(read_plan(first)).account, read_back(read_plan(plan)).account
    kept = [
        next(one for one in account.partnerships if urn in one.group.urns) for account, urn in ((old, THEN), (new, NOW))
    ]
    assert kept[0].key == kept[1].key and kept[0].name == kept[1].name
    stages = read_plan(plan).tables["stages"]
    assert stages[["partnership", "stage"]].to_numpy().tolist() == [[kept[1].number, "approved"]]
    assert [new.links[0][:2]] == [tuple(sorted((NOW, friend)))]
    for command in (("verify", plan, scenario), ("report", plan, scenario, "--out", tmp_path / "papers")):
        assert CliRunner().invoke(app, [*map(str, command)]).exit_code == 0
    confirmed = load(read_scenario(Path(scenario), [f"data.successors.{THEN}={NOW}"]))
    assert [notice for notice in confirmed.notices if notice.value == THEN] == []


def test_plans_of_both_years_compare(first: Path, lincolnshire_plan: Path, tmp_path: Path) -> None:
    told = answer("compare", first, lincolnshire_plan / "plan.gpkg", "--out", tmp_path)
    assert f"Osbournby Primary School ({THEN}) goes by {NOW} in B: compared as one school." in told["cautions"]
    assert {THEN, NOW}.isdisjoint(one["urn"] for one in told["changes"][0]["schools"] if one["change"] != "moved")
