"""Lincolnshire's small schools, from the national register's extract to a proven plan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from identifiers import ints
from lincolnshire import COUNTY, OSBOURNBY
from typer.testing import CliRunner

from partition.cli import app
from partition.model.problem import check
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.settings.scenario import Scenario
from partition.solver import Limits, solve
from partition.solver.choice import Choice
from partition.solver.encode import search_space
from partition.solver.placing import Placing
from partition.solver.pricer import Pricer
from partition.solver.watch import Watch

FILE = Path(COUNTY[1])
ALIKE = "rules.headship_is_partnership_from=off"  # federations are grouped as other heads are

CLOSES = "120374"  # Corby Glen

pytestmark = pytest.mark.real_data


def plan(out: Path, *settings: str) -> dict[str, Any]:
    """What `partnerships plan` says of the county, once it has proven its plan."""
    arguments = ["plan", *COUNTY, "--out", str(out), "--json"]
    arguments += [part for setting in settings for part in ("--set", setting)]
    done = CliRunner().invoke(app, arguments)
    told: dict[str, Any] = json.loads(done.stdout)
    assert done.exit_code == 0, told
    return proven(told)


def proven(told: dict[str, Any]) -> dict[str, Any]:
    """The same, once all is as it should be of any plan of the county."""
    assert (told["status"], told["stopped_by"], told["fewest_proven"]) == ("optimal", "proof", True)
    assert told["bound"] == told["cost"]["total"]
    assert ints((told["schools"], told["headships"])) == (164, 147)
    assert told["travel"].startswith("crow-fly: 3.4 minutes + 1.21 per km")
    return told


def test_a_missing_count_is_told_with_what_to_type_and_nothing_is_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = CliRunner().invoke(app, ["plan", *COUNTY, "--out", str(out), "--json"])
    assert done.exit_code == 3
    (fault,) = json.loads(done.stdout)["faults"]
    assert (fault["file"], fault["column"], fault["value"]) == (FILE.name, "NumberOfPupils", "")
    assert "--set data.pupils.151275=NUMBER" in fault["fix"]
    assert "120386, had 61" in fault["fix"]
    assert not out.exists()


def test_the_default_rules_place_all_but_ten_and_that_is_proven(lincolnshire_plan: Path) -> None:
    told = proven(json.loads((lincolnshire_plan / "told.json").read_text(encoding="utf-8")))
    assert told["cost"]["total"] == 14_855.256
    assert len(told["unplaced"]) == 10
    assert all(school["reason"] for school in told["unplaced"])
    assert CliRunner().invoke(app, ["verify", str(lincolnshire_plan / "plan.gpkg")]).exit_code == 0
    assert (lincolnshire_plan / "map.html").stat().st_size < 1_000_000


def test_three_to_eight_heads_within_25_minutes_place_everybody(tmp_path: Path) -> None:
    told = plan(tmp_path, OSBOURNBY, "rules.heads_min=3", "rules.heads_max=8", "rules.minutes_max=25", ALIKE)
    assert told["cost"]["total"] == 12_031.44
    assert told["unplaced"] == []


def test_partnerships_that_count_as_one_small_school_leave_67_out(tmp_path: Path) -> None:
    told = plan(tmp_path, OSBOURNBY, "rules.heads_min=2", "rules.heads_max=6", "rules.pupils_max=200", ALIKE)
    assert told["cost"]["total"] == 6_873.96
    assert len(told["unplaced"]) == 67


def test_20_minutes_against_25_says_who_moves_and_what_it_costs(lincolnshire_plan: Path, tmp_path: Path) -> None:
    """Ten schools more are placed, for four hours more of driving a year; public figures by the county's own names."""
    assert Scenario().rules.minutes_max == 20
    plan(tmp_path, OSBOURNBY, "rules.minutes_max=25")
    plans = [str(folder / "plan.gpkg") for folder in (lincolnshire_plan, tmp_path)]
    done = CliRunner().invoke(app, ["compare", *plans, "--out", str(tmp_path), "--json"])
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    figures = {figure["figure"]: figure["values"] for figure in told["figures"]}
    assert figures["Partnerships"] == [34, 36]
    assert ints(figures["Small schools not yet placed"]) == [10, 0]
    assert [round(hours, 1) for hours in figures["Priced in all"]] == [247.6, 251.7]
    assert [round(minutes, 1) for minutes in figures["Longest drive between bases"]] == [19.1, 24.4]
    (changes,) = told["changes"]
    assert changes["moved"] == 38
    kinds = [school["change"] for school in changes["schools"]]
    assert ints((kinds.count("moved"), kinds.count("newly placed"), kinds.count("no longer placed"))) == (47, 12, 0)
    assert sum(one["change"] == "the same" for one in changes["partnerships"]) == 5
    assert (tmp_path / "compare.html").stat().st_size < 1_000_000


def test_scamblesby_is_told_why_it_is_not_placed_and_what_would_do(lincolnshire_plan: Path, tmp_path: Path) -> None:
    inputs = [*COUNTY, "--set", OSBOURNBY, "--out", str(tmp_path), "--json"]
    inputs += ["--set", "solve.seconds=900"]  # of which an explanation takes a tenth, and so solves all to the end

    def explain(urn: int) -> dict[str, Any]:
        done = CliRunner().invoke(app, ["explain", str(lincolnshire_plan / "plan.gpkg"), "--school", str(urn), *inputs])
        assert done.exit_code == 0, done.output
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    told = explain(120584)
    why = told["not_placed"]
    assert why["irreducible"]
    drives = "no two schools more than 20 minutes apart (the drives of Scamblesby Church of England Primary School)"
    assert why["clash"] == ["at least 4 heads", drives]
    assert [way["change"] for way in why["ways_out"]] == [
        "allow 23 minutes for Scamblesby Church of England Primary School",
        "let Scamblesby Church of England Primary School join as one of 3",
    ]
    assert ints([(rule["change"], rule["more_placed"], rule["status"]) for rule in told["rules"]]) == [
        ("minutes_max 20 to 25", 10, "optimal"),
        ("heads_min 4 to 3", 9, "optimal"),
        ("heads_max 7 to 8", 0, "optimal"),
    ]
    told = explain(120444)  # Donington-on-Bain, placed
    assert told["not_placed"] is None
    assert [one["urn"] for one in told["companions"]] == ["120457", "120480", "120488"]
    best = told["options"][0]
    assert ints((best["companions"], best["status"], best["extra"]["total"])) == (
        ["120457", "120480", "120565"],
        "optimal",
        4.504,
    )


def test_a_school_that_closes_leaves_the_parts_of_the_county_that_it_is_not_in_as_they_were() -> None:
    """Within 12 minutes the county falls into parts."""
    given = ["data.local_authority=925", f"data.schools={FILE}", OSBOURNBY, "rules.minutes_max=12", "rules.heads_min=3"]
    before, after = (
        load(read_scenario(None, [*given, *edit])).problem for edit in ([], [f"rules.except_out=[{CLOSES}]"])
    )
    space = search_space(before)
    near = nx.Graph([(node, other) for node, others in enumerate(space.neighbours) for other in others])
    touched = nx.node_connected_component(near, before.roster.headship_of[CLOSES])
    urns = {urn for node in touched for urn in before.roster.headships[node].urns}
    runs = [solve(problem) for problem in (before, after)]
    assert all(run.plan is not None and run.status == "optimal" for run in runs)
    beyond = [
        [one.urns for one in run.plan.partnerships if not urns & set(one.urns)] for run in runs if run.plan is not None
    ]
    assert len(beyond[0]) >= 10
    assert beyond[0] == beyond[1]


def test_with_500_pupils_at_most_sweeps_place_all_but_ten_and_prove_that() -> None:
    """The relaxation places all but nine, in fractions; diving and parts solved again leave twelve unplaced or more."""
    rules = ("heads_min=4", "heads_max=7", "minutes_max=25", "pupils_max=500")
    given = [f"data.schools={json.dumps(str(FILE))}", OSBOURNBY, ALIKE, *(f"rules.{rule}" for rule in rules)]
    problem = load(read_scenario(None, given)).problem
    space = search_space(problem)
    columns = Pricer(space, 1, np.zeros(1, dtype=bool)).every(20_000)
    assert columns is not None and len(columns) == 10_914
    nobody = Choice((), tuple(range(space.size)), 0, ())
    with Watch(Limits(seconds=600)) as watch:
        placing = Placing(space, columns, watch, nobody, 9)
        assert placing.settle(9) and (placing.bound, placing.best) == (10, nobody)
        assert placing.settle(10) and placing.bound == 10
    heads = problem.roster.headships
    plan = problem.plan([urn for node in members for urn in heads[node].urns] for members in placing.best.partnerships)
    assert (len(problem.unplaced(plan)), check(problem, plan)) == (10, [])
