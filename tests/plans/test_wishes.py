"""Wishes and refusals: counts by hand, kept apart where both refuse, and no name in a public output."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from town import broken, line, town, write_csv, write_town
from typer.testing import CliRunner

from geodata.answers import Answer
from partition.cli import app
from partition.model.problem import Problem
from partition.plans.wishes import wishes_met
from partition.scenario.build import build_rules
from partition.settings.scenario import Scenario

ANSWERS = {
    1: Answer(wishes=(2, 3), not_wanted=(4,)),  # type: ignore[arg-type]
    2: Answer(wishes=(1,)),  # type: ignore[arg-type]
    4: Answer(wishes=(3,), not_wanted=(1, 2)),  # type: ignore[arg-type]
}
AREA = replace(town(line(0, 1, 2, 3)), answers=ANSWERS)


def test_wishes_met_are_counted_by_rank_and_where_mutual() -> None:
    problem = Problem(AREA)
    told = wishes_met(problem, problem.plan([[1, 2], [3, 4]]))
    assert list(told.words()) == [
        ("Wishes met", "3 of 4 (3 of 3 first wishes, 1 of 1 mutual ones)"),
        ("Refusals kept to", "3 of 3"),
    ]
    told = wishes_met(problem, problem.plan([[1, 3], [2, 4]]))
    assert (told.met, told.first_met, told.mutual_met, told.refusals_kept) == (1, 0, 0, 2)


def test_heads_who_refuse_each_other_are_kept_apart_and_of_one_sided_refusals_none_is() -> None:
    problem = Problem(AREA, build_rules(Scenario(), AREA))
    assert "apart" in broken(problem, [1, 4])
    assert "apart" not in broken(problem, [2, 4])
    assert all(
        breach.private
        for rule in problem.rules
        for breach in rule.breaches(problem.roster.group([0, 3]))
        if breach.rule == "apart"
    )


@pytest.mark.parametrize("internal", [False, True])
def test_a_plan_counts_wishes_and_names_none_in_public(tmp_path: Path, internal: bool) -> None:
    said = [(900001, "yes", "900003; 900002", ""), (900003, "yes", "900001", 900004), (900004, "", "", 900003)]
    write_csv(tmp_path / "answers.csv", ["urn", "answer", "wishes", "not_wanted"], said)
    settings = 'answers = "answers.csv"\n[rules]\nheads_min = 2\nheads_max = 2\n'
    settings += "[preferences]\nminutes_per_wish = [100, 10]\n"
    scenario = write_town(tmp_path, 0, 1, 2, 3, settings=settings)
    out = tmp_path / "out"
    asked = ["plan", str(scenario), "--out", str(out), "--json", *["--internal"] * internal]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    facts = json.loads(done.stdout)
    assert facts["wishes"] == {
        **{"met": 2, "wishes": 3, "first_met": 2, "first": 2, "mutual_met": 1, "mutual": 1},
        **{"refusals_kept": 2, "refusals": 2},
    }
    assert facts["cost"]["wishes"] == 10.0
    page = (out / "map.html").read_text(encoding="utf-8")
    assert "2 of 3 (2 of 2 first wishes, 1 of 1 mutual ones)" in page and "900003; 900002" not in page
    assert (b"not_wanted" in (out / "plan.gpkg").read_bytes()) is internal
