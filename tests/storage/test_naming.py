"""A partnership has a key that lasts and a name that people chose, and both go on by overlap from round to round."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from town import alter, write_csv, write_town
from typer.testing import CliRunner, Result

from geodata.urns import urns_of
from partition.cli import app
from partition.plans.identity import identities, key_of
from partition.scenario.case import load
from partition.scenario.earlier import read_earlier
from partition.scenario.read import read_scenario
from partition.storage.plan_file import read_plan
from partition.storage.read_back import read_back
from partition.storage.verify import verify

SETTINGS = "[rules]\nheads_min = 2\nheads_max = 3\n[money]\nper_partnership = 1000\n"
NEAR = (0, 1, 2, 30, 31, 32)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Schools 1, 2, 3 and 4, 5, 6, a minute a km, and the plan of it."""
    town = write_town(tmp_path, *NEAR, settings=SETTINGS)
    assert run("plan", town, "--out", tmp_path).exit_code == 0
    return tmp_path / "plan.gpkg"


def rows(plan: Path, table: str = "partnerships") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_plan(plan).tables[table].to_dict("records")
    return found


def test_a_name_that_people_chose_stands_wherever_the_plan_file_names_the_partnership(plan: Path) -> None:
    was, key = rows(plan)[0]["name"], rows(plan)[0]["key"]
    done = run("name", plan, was, "Wolds Edge")
    assert done.exit_code == 0 and f"1 Wolds Edge (was {was})" in done.output
    first, second = rows(plan)
    assert (first["name"], first["was"], first["key"], second["was"]) == ("Wolds Edge", was, key, "")
    assert {row["partnership_name"] for row in rows(plan, "schools")[:3]} == {"1 Wolds Edge"}
    assert [row["name"] for row in rows(plan, "money")] == ["Wolds Edge", second["name"]]
    stored = read_plan(plan)
    assert verify(stored).wrong == ()
    assert run("verify", plan, plan.parent / "town.toml").exit_code == 0
    item = read_back(stored).account.partnerships[0]
    assert (item.name, item.was, item.key) == ("Wolds Edge", was, key)
    told = json.loads(run("stage", plan, "wolds edge", "negotiated", "--date", "2027-01-01", "--json").output)
    assert told["partnerships"][0]["stage"] == "negotiated"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "give a name"),
        ("12", "give a name with a letter"),
        ("a\nb", "give a name of at most 60 letters on one line"),
        ("x" * 61, "give a name of at most 60 letters on one line"),
    ],
)
def test_what_can_be_no_name_is_refused_and_nothing_is_written(plan: Path, name: str, why: str) -> None:
    before = plan.read_bytes()
    done = run("name", plan, 1, name)
    assert done.exit_code == 2 and why in " ".join(done.output.replace("│", " ").split())
    assert plan.read_bytes() == before


def test_two_partnerships_have_two_names(plan: Path) -> None:
    assert run("name", plan, 2, "Fen").exit_code == 0
    assert "another partnership has this name" in run("name", plan, 1, "FEN").output


def test_an_altered_file_is_not_named(plan: Path) -> None:
    alter(plan, "UPDATE partnerships SET pupils = pupils + 1")
    done = run("name", plan, 1, "Wolds Edge")
    assert done.exit_code == 3 and "nothing can be written into it" in done.output


def test_the_next_plan_keeps_key_and_name_by_overlap(plan: Path, tmp_path: Path) -> None:
    """1, 2, 3 become 2, 3; 4, 5, 6 stay. A new one that would be called the same is called otherwise."""
    run("name", plan, 1, "Wolds Edge")
    answers = write_csv(tmp_path / "said.csv", ["urn", "answer"], [(900_001, "no")])
    town = tmp_path / "town.toml"
    assert run("next-round", plan, town, "--answers", answers, "--out", tmp_path / "next", "--ask", 0).exit_code == 0
    before, after = rows(plan), rows(tmp_path / "next/plan.gpkg")
    assert [(one["key"], one["name"]) for one in after] == [(one["key"], one["name"]) for one in before]
    assert [one["was"] for one in after] == ["", ""], "nothing was renamed in this round"


def test_of_one_that_is_parted_the_larger_part_goes_on_and_the_other_begins(plan: Path) -> None:
    case = load(read_scenario(plan.parent / "town.toml"))
    earlier = read_earlier(str(plan))
    three, other = (one.name for one in earlier)
    parted = case.problem.plan([["900001", "900004", "900005"], ["900002", "900003"]])
    found = identities(case.problem, parted, earlier)
    assert [(one.key, one.name) for one in found] == [(earlier[1].key, other), (earlier[0].key, three)]
    alone = case.problem.plan([["900001", "900006"], ["900002", "900003"], ["900004", "900005"]])
    begun = identities(case.problem, alone, earlier)[0]
    assert begun.key == key_of(alone.partnerships[0].urns)
    assert begun.name not in (three, other)


def test_a_key_is_the_same_for_the_same_schools_and_no_other_has_it() -> None:
    two = urns_of([1, 2])
    assert key_of(two) == key_of(two[::-1]) != key_of(urns_of([1, 3]))
    assert key_of(two, {key_of(two)}) != key_of(two)
