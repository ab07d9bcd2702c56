"""How far partnerships have come, as the plan file keeps it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from identifiers import ints
from parish import account_of, case_of, urns
from town import alter
from typer.testing import CliRunner

from partition.cli import app
from partition.scheme.kept import frame_of, log_going_on, log_of
from partition.scheme.stages import Decision, Log, carried_over
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.verify import verify


def decision(partnership: int, stage: str, day: str, **more: object) -> Decision:
    return Decision(partnership=partnership, stage=stage, day=day, **more)  # type: ignore[arg-type]


def test_the_last_decision_counts_and_the_first_day_it_was_reached() -> None:
    log = Log(
        [
            decision(1, "active", "2027-09-01"),
            decision(1, "approved", "2027-03-01", costs_pounds=5),
            decision(2, "active", "2027-01-01"),
            decision(2, "negotiated", "2027-02-01"),
        ]
    )
    assert [log.stage(n) for n in (1, 2, 3)] == ["active", "negotiated", "proposed"]
    assert log.reached(1, "business plan in") == "2027-03-01"
    assert log.reached(2, "approved") is None  # it went back
    assert log.costs_pounds(1) == 5


@pytest.mark.parametrize("wrong", [("agreed", "2027-01-01"), ("active", "1 March")])
def test_no_other_stage_and_no_other_day(wrong: tuple[str, str]) -> None:
    with pytest.raises(ValueError):
        decision(1, *wrong)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    case = case_of(tmp_path, [0, 1, 2, 50, 51, 52])
    path = tmp_path / "plan.gpkg"
    write_plan(case, account_of(case, [1, 2, 3], [4, 5, 6]), path)
    return path


def run(*arguments: object) -> tuple[int, str]:
    said = CliRunner().invoke(app, ["stage", *map(str, arguments)])
    return said.exit_code, said.output


def test_a_stage_is_set_and_the_file_is_sealed_again(plan: Path) -> None:
    before = plan.read_bytes()
    assert (
        run(plan, 2, "approved", "--date", "2027-03-01", "--note", "Executive: £5m, <agreed>", "--costs", 65000)[0] == 0
    )
    assert run(plan, 2, "active", "--date", "2027-09-01")[0] == 0
    stored = read_plan(plan)
    assert verify(stored).agrees and plan.read_bytes() != before
    assert log_of(stored).decisions == (
        decision(2, "approved", "2027-03-01", note="Executive: £5m, <agreed>", costs_pounds=65000),
        decision(2, "active", "2027-09-01"),
    )
    code, told = run(plan, "--json")
    assert code == 0
    assert [one["stage"] for one in json.loads(told)["partnerships"]] == ["proposed", "active"]
    alter(plan, "UPDATE stages SET stage = 'left'")
    assert not verify(read_plan(plan)).agrees


def test_what_is_wrong_writes_nothing(plan: Path) -> None:
    before = plan.read_bytes()
    for wrong in (
        [2, "agreed", "--date", "2027-03-01"],
        [2, "active"],
        [9, "active", "--date", "2027-03-01"],
        [2, "--costs", 1],
    ):
        assert run(plan, *wrong)[0] == 2
    assert plan.read_bytes() == before


PAYS_ON_COSTS = "[money]\nstart_per_school = 20000\nstart_needs_costs = true\n"


def test_no_approval_without_costs_where_the_scheme_pays_on_them(tmp_path: Path) -> None:
    """Costs may come with an earlier decision; 0 is an answer; a partnership may leave without."""
    case = case_of(tmp_path, [0, 1, 2, 50, 51, 52], PAYS_ON_COSTS)
    plan = tmp_path / "plan.gpkg"
    write_plan(case, account_of(case, [1, 2, 3], [4, 5, 6]), plan)
    before = plan.read_bytes()
    for stage in ("approved", "heads of agreement signed", "active"):
        code, told = run(plan, 1, stage, "--date", "2027-03-01")
        assert (code, "give them in whole pounds, 0 if there are none (--costs)" in told) == (3, True), told
    assert plan.read_bytes() == before
    for wanted in (
        [1, "business plan in", "--date", "2027-02-01", "--costs", 5],
        [1, "approved", "--date", "2027-03-01"],
        [2, "approved", "--date", "2027-03-01", "--costs", 0],
        [2, "left", "--date", "2027-04-01"],
    ):
        assert run(plan, *wanted)[0] == 0, wanted
    assert log_of(read_plan(plan)).costs_pounds(2) == 0


def test_a_partnership_that_left_goes_on_in_none(plan: Path, tmp_path: Path) -> None:
    run(plan, 1, "left", "--date", "2027-09-01")
    run(plan, 2, "active", "--date", "2027-09-01")
    case = case_of(tmp_path / "next", [0, 1, 2, 50, 51, 52])
    log = carried_over(log_of(read_plan(plan)), {}, [urns(1, 2, 3), urns(4, 5, 6)], account_of(case, [1, 2, 3], [4, 5]))
    assert ints([(one.partnership, one.stage) for one in log.decisions]) == [(2, "active")]


def test_decisions_go_on_in_the_partnership_that_continues(plan: Path, tmp_path: Path) -> None:
    """1, 2, 3 and 4, 5, 6 become 2, 3, 4 and 5, 6: each keeps two of its heads. A later plan still knows the first."""
    run(plan, 1, "active", "--date", "2027-09-01")
    run(plan, 2, "negotiated", "--date", "2027-02-01")
    case = case_of(tmp_path / "next", [0, 1, 2, 50, 51, 52])
    from dataclasses import replace

    scenario = case.scenario
    data = scenario.data.model_copy(update={"existing": str(plan)})
    case = replace(case, scenario=scenario.model_copy(update={"data": data}))
    account = account_of(case, [5, 6], [2, 3, 4])
    log = log_going_on(case, account)
    assert ints([(one.partnership, one.stage) for one in log.decisions]) == [(2, "negotiated"), (1, "active")]
    assert log.decisions[1].carried.startswith("1 ")
    again = tmp_path / "again.gpkg"
    write_plan(case, account, again, kept={"stages": frame_of(log)})
    assert log_of(read_plan(again)).decisions == log.decisions
    assert verify(read_plan(again)).agrees


def test_a_plan_takes_decisions_over_from_the_plan_that_exists(plan: Path, tmp_path: Path) -> None:
    run(plan, 1, "active", "--date", "2027-09-01")
    today = ["--set", f"data.existing={json.dumps(str(plan))}", "--out", str(tmp_path / "out"), "-q"]
    said = CliRunner().invoke(app, ["judge", str(tmp_path / "town.toml"), *today])
    assert said.exit_code == 0, said.output
    assert log_of(read_plan(tmp_path / "out" / "judged.gpkg")).stage(1) == "active"
