"""The command: what it prints, what it writes, and the code it ends with."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from identifiers import ints
from town import write_csv, write_town
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.solver import Limits, Run

SOLVER = import_module("partition.solver")  # the package has a function of this name
RULES = "[rules]\nheads_min = 2\nheads_max = 2\n"
HEAVY = (
    "ortools",
    "numba",
    "geopandas",
    "pandas",
    "folium",
    "numpy",
    "pydantic",
    "scipy",
    "shapely",
    "rich.progress",
)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def answer(*arguments: object) -> dict[str, Any]:
    """What --json says: one object and nothing else."""
    told: dict[str, Any] = json.loads(run(*arguments, "--json").stdout)
    return told


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs and one too far away; a larger school; links and today's groups."""
    return write_town(
        tmp_path_factory.mktemp("cli"),
        *(0, 1, 10, 11, 60, 12),
        pupils=[50, 60, 70, 80, 90, 300],
        links="900001,900002,1 900002,900003,1",
        today={"Fen": ["900001", "900002"], "Far": ["900004", "900005"]},
        settings=RULES,
    )


@pytest.fixture(scope="module")
def planned(town: Path) -> Path:
    """The folder that `partnerships plan` wrote."""
    out = town.parent / "out"
    assert run("plan", town, "--out", out).exit_code == 0
    return out


# plan -------------------------------------------------------------------------------------------------------


def test_a_plan_is_made_written_and_told(planned: Path, town: Path, tmp_path: Path) -> None:
    assert sorted(path.name for path in planned.iterdir()) == ["map.html", "plan.gpkg"]
    done = run("plan", town, "--out", tmp_path)
    assert done.exit_code == 0
    assert done.stderr == ""
    for words in (
        "Small schools placed:       4 of 5",
        "Proven best",
        "School 900005 (900005): no partnership that has it keeps every criterion",
    ):
        assert words in done.stdout
    assert re.search(r"^Heads who change companions: +\d of 4 grouped today$", done.stdout, re.MULTILINE)


READ = [("schools.csv", 6, 6), ("today.csv", 4, 4), ("links.csv", 2, 2)]


def test_json_is_one_object_with_these_keys_and_figures(town: Path, tmp_path: Path) -> None:
    told = answer("plan", town, "--out", tmp_path)
    assert told.pop("seconds") >= 0
    assert len(told.pop("digest")) == 64
    assert told.pop("unplaced")[0].keys() == {"urn", "name", "reason"}
    assert [(one["file"], one["rows"], one["rows_used"]) for one in told.pop("read")] == READ
    assert ints(told) == {
        "status": "optimal",
        "cost": {"total": 324.0, "travel": 24.0, "links": 60.0, "change": 240.0, "balance": 0.0},
        "bound": 324.0,
        "gap": 0.0,
        "fewest_proven": True,
        "fewest_bound": 1,
        "unit": "minutes",
        "partnerships": 2,
        "federations": 0,
        "headships": 5,
        "schools": 5,
        "associates": 0,
        "seed": 1,
        "stopped_by": "proof",
        "travel": "crow-fly: 0.0 minutes + 1.0 per km",
        "attribution": [],
        "notices": [],
        "heads_own": {
            "counts": "drives to meetings; links and change are left out, because they name who works with whom",
            "median": 6.0,
            "worst_tenth": 6.0,
            "worst": 6.0,
            "worst_urns": ["900001", "900002", "900003", "900004"],
        },
        "files": {"plan": str(tmp_path / "plan.gpkg"), "map": str(tmp_path / "map.html")},
    }


def test_two_runs_give_one_digest_and_the_same_bytes(town: Path, tmp_path: Path) -> None:
    told = [answer("plan", town, "--out", tmp_path / name) for name in ("one", "two")]
    assert told[0]["digest"] == told[1]["digest"]
    for name in ("plan.gpkg", "map.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_workers_never_change_what_is_written(town: Path, tmp_path: Path) -> None:
    for workers in (1, 2):
        run("plan", town, "--out", tmp_path / str(workers), "--set", f"solve.workers={workers}")
    assert (tmp_path / "1/plan.gpkg").read_bytes() == (tmp_path / "2/plan.gpkg").read_bytes()


def test_a_setting_may_be_overridden(town: Path, tmp_path: Path) -> None:
    arguments = ["plan", town, "--out", tmp_path, "--set"]
    assert answer(*arguments, "rules.minutes_max=0.5")["partnerships"] == 0
    assert answer(*arguments, "rules.minutes_max=off", "--set", "rules.heads_max=3")["unplaced"] == []


def test_a_file_of_schools_needs_no_scenario(town: Path, tmp_path: Path) -> None:
    given = ("--set", "rules.heads_min=2", "--set", "map.world=false")
    told = answer("plan", "--schools", town.parent / "schools.csv", "--out", tmp_path, *given)
    assert told["schools"] == 5


def test_quiet_prints_nothing(town: Path, tmp_path: Path) -> None:
    assert run("plan", town, "--out", tmp_path, "--quiet").stdout == ""


def test_internal_shows_who_works_with_whom_and_public_does_not(town: Path, planned: Path, tmp_path: Path) -> None:
    assert run("plan", town, "--out", tmp_path, "--internal").exit_code == 0
    for folder, there in ((planned, 0), (tmp_path, 1)):
        with closing(sqlite3.connect(folder / "plan.gpkg")) as file:
            tables = file.execute("select count(*) from sqlite_master where name = 'links'").fetchone()
        assert tables == (there,)


# Refusals ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [["plam"], ["plan", "--colour"], ["sample", "--size", "2"], ["verify"]])
def test_wrong_usage_ends_in_2(arguments: list[str]) -> None:
    assert run(*arguments).exit_code == 2


def bad_data(folder: Path) -> Path:
    """A count missing, a count negative, and a link to nobody."""
    scenario = write_town(folder, 0, 1, 2, pupils=[50, 60, 70], links="900001,900009,1", settings=RULES)
    rows = [("900001", 500_000, 350_000, ""), ("900002", 501_000, 350_000, -5), ("900003", 502_000, 350_000, 70)]
    named = [(urn, f"S {urn}", *rest) for urn, *rest in rows]
    write_csv(folder / "schools.csv", ["urn", "name", "easting", "northing", "pupils"], named)
    return scenario


@pytest.mark.parametrize("command", ["plan", "judge", "check"])
def test_bad_data_ends_in_3_with_every_fault_and_nothing_written(command: str, tmp_path: Path) -> None:
    scenario, out = bad_data(tmp_path / "in"), tmp_path / "out"
    done = run(command, scenario, "--out", out)
    assert done.exit_code == 3
    assert done.stdout == ""
    assert "schools.csv, row 2, pupils = '': type --set data.pupils.900001=NUMBER" in done.stderr
    assert "schools.csv, row 3, pupils = '-5'" in done.stderr
    last, *guide = done.stderr.splitlines()[2:]
    assert last == "2 faults; nothing was written"
    assert guide == [f"guide: partnerships guide {code}" for code in ("blank-count", "wrong-count")]
    assert not out.exists()


def test_bad_data_as_json_is_a_list_of_faults(tmp_path: Path) -> None:
    done = run("plan", bad_data(tmp_path), "--out", tmp_path / "out", "--json")
    assert done.exit_code == 3
    first = json.loads(done.stdout)["faults"][0]
    assert first.keys() == {"file", "row", "column", "value", "fix", "school", "code"} and first["school"] == "S 900001"
    assert (first["file"], first["row"], first["column"], first["value"]) == ("schools.csv", 2, "pupils", "")
    assert first["code"] == "blank-count"


def test_a_bad_scenario_ends_in_3(town: Path, tmp_path: Path) -> None:
    done = run("plan", town, "--out", tmp_path / "out", "--set", "rules.minute_max=20")
    assert done.exit_code == 3
    assert "did you mean minutes_max?" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_bad_setting_for_the_sample_county_writes_nothing_either(tmp_path: Path) -> None:
    assert run("plan", "--out", tmp_path / "out", "--set", "rules.minute_max=20").exit_code == 3
    assert not (tmp_path / "out").exists()


def test_an_older_plan_stays_where_a_new_one_is_refused(town: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.gpkg").write_text("older")
    assert run("plan", town, "--out", tmp_path, "--set", "rules.minute_max=20").exit_code == 3
    assert (tmp_path / "plan.gpkg").read_text() == "older"


def test_no_plan_can_exist_ends_in_4_with_the_reason(town: Path, tmp_path: Path) -> None:
    arguments = ["plan", town, "--out", tmp_path / "out", "--set", "rules.locked=['Far']"]
    done = run(*arguments)
    assert done.exit_code == 4
    assert "Far kept as now; School 900004 and School 900005 are 49.0 minutes apart, over 20" in done.stderr
    assert not (tmp_path / "out").exists()
    told = answer(*arguments)
    assert told["status"] == "infeasible"
    assert told["reason"].startswith("these cannot all be kept")


def unknown(limits: Limits, stopped_by: Any) -> Run:
    return Run(
        status="unknown",
        plan=None,
        cost=None,
        bound=None,
        fewest_bound=None,
        unplaced=None,
        stopped_by=stopped_by,
        limits=limits,
        solver="none",
        seconds=1.0,
    )


def test_time_without_a_plan_ends_in_5(town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SOLVER, "solve", lambda problem, limits, *_, **__: unknown(limits, "time"))
    done = run("plan", town, "--out", tmp_path / "out")
    assert done.exit_code == 5
    assert "allow 4 minutes: --set solve.seconds=240" in done.stderr
    assert "does not say that none exists" in done.stderr
    assert not (tmp_path / "out").exists()


def test_time_that_ends_a_search_with_a_plan_says_how_much_more_to_allow(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = SOLVER.solve
    monkeypatch.setattr(
        SOLVER, "solve", lambda *told, **more: replace(real(*told, **more), status="feasible", stopped_by="time")
    )
    done = run("plan", town, "--out", tmp_path / "out")
    assert done.exit_code == 0
    assert "Time ended the search; allow 4 minutes: --set solve.seconds=240" in done.stdout


def test_an_interruption_without_a_plan_ends_in_130_and_does_not_blame_time(
    town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(problem: object, limits: Limits, tell: object, stop: Any, **_: object) -> Run:
        os.kill(os.getpid(), signal.SIGINT)
        assert stop.wait(240)
        return unknown(limits, "request")

    monkeypatch.setattr(SOLVER, "solve", interrupted)
    done = run("plan", town, "--out", tmp_path / "out")
    assert done.exit_code == 130
    assert "time ran out" not in done.stderr


# Interrupted ------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own to watch progress on")
def test_ctrl_c_ends_in_130_and_writes_the_best_plan_so_far(tmp_path: Path) -> None:
    """A county that takes long, on a terminal: interrupted as soon as progress tells of a first plan."""
    import pty

    assert run("sample", "--size", "600", "--out", tmp_path / "sample").exit_code == 0
    hard = ["rules.heads_min=4", "rules.heads_max=9", "rules.minutes_max=30", "preferences.meet=pairs"]
    settings = [part for setting in hard for part in ("--set", setting)]
    command = [
        sys.executable,
        "-c",
        "from partition.cli import main; main()",
        "plan",
        str(tmp_path / "sample/county.toml"),
        *settings,
    ]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [*command, "--out", str(tmp_path / "out"), "--json"], stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    shown = b""
    while b" s  " not in shown:  # the first line of progress
        shown += os.read(ours, 4096)
    process.send_signal(signal.SIGINT)
    told = json.loads(process.communicate(timeout=280)[0])
    os.close(ours)
    assert process.returncode == 130
    assert (told["status"], told["stopped_by"]) == ("feasible", "request")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["map.html", "plan.gpkg"]


# judge, verify, check, sample, scenario ---------------------------------------------------------------------


def test_judge_says_what_todays_groups_cost_and_break(town: Path, tmp_path: Path) -> None:
    told = answer("judge", town, "--out", tmp_path)
    assert told["status"] == "judged"
    assert told["cost"]["travel"] == 12.0 + 49 * 12
    assert [breach["rule"] for breach in told["breaches"]] == ["minutes_max"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["judged.gpkg", "judged.html"]


def test_judge_takes_any_file_of_urn_and_partnership(town: Path, tmp_path: Path) -> None:
    groups = write_csv(
        tmp_path / "groups.csv", ["urn", "partnership"], [("900001", "A"), ("900002", "A"), ("900006", "A")]
    )
    told = answer("judge", town, "--groups", groups, "--out", tmp_path / "out")
    assert [(b["rule"], b["urns"]) for b in told["breaches"]] == [("takes_part", ["900006"])]
    assert told["partnerships"] == 1


def test_judge_without_groups_says_how_to_give_them(tmp_path: Path) -> None:
    done = run("judge", write_town(tmp_path, 0, 1), "--out", tmp_path / "out")
    assert done.exit_code == 3
    assert "give --groups FILE" in done.stderr


def test_verify_agrees_and_then_disagrees(planned: Path, town: Path, tmp_path: Path) -> None:
    done = run("verify", planned / "plan.gpkg", town)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (0, "plan.gpkg: agrees")
    copy = tmp_path / "plan.gpkg"
    copy.write_bytes((planned / "plan.gpkg").read_bytes())
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("update minutes set centiminutes = 1 where urn_from = 900001")
    done = run("verify", copy)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (1, "plan.gpkg: DISAGREES")
    assert answer("verify", copy)["agrees"] is False


@pytest.mark.parametrize("content", [None, b"", b"no plan"])
def test_verify_of_what_is_no_plan_ends_in_3(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "plan.gpkg"
    if content is not None:
        path.write_bytes(content)
    assert run("verify", path).exit_code == 3


def test_check_says_what_is_there_and_solves_nothing(town: Path) -> None:
    told = answer("check", town)
    assert ints({key: told[key] for key in ("schools", "small", "headships", "links", "existing")}) == {
        "schools": 6,
        "small": 5,
        "headships": 5,
        "links": 2,
        "existing": 2,
    }


def test_check_travel_and_plan_tell_what_was_read_of_a_table_of_minutes(town: Path, tmp_path: Path) -> None:
    km = {900001: 0, 900002: 1, 900003: 10, 900004: 11, 900005: 60, 900006: 12}
    home = "".join(f"{urn},{urn},1\n" for urn in km)
    pairs = "".join(f"{a},{b},{3 + abs(km[a] - km[b])}\n" for a in km for b in km if a != b)
    (tmp_path / "m.csv").write_text(f"from_id,to_id,travel_time\n{pairs}{home}", encoding="utf-8")
    asked = (town, "--set", f"travel.matrix={tmp_path / 'm.csv'}")
    read = [
        "m.csv: 30 pairs read, 0 of them with no way",
        "m.csv: urn_from from 'from_id', urn_to from 'to_id', minutes from 'travel_time'; read as minutes",
        "m.csv: left out: 6 rows of a school and itself",
    ]
    out = ("--out", tmp_path / "out")
    for command in (("check", *asked), ("travel", *asked, *out)):
        assert answer(*command)["minutes_read"] == read
        assert all(f"read: {line}" in run(*command).stdout for line in read)
    for command in (("check", *asked), ("travel", *asked, *out), ("plan", *asked, *out)):
        (notice,) = answer(*command)["notices"]
        assert (notice["column"], notice["value"]) == ("travel_time", "6 rows")
        assert "a school is 0 minutes from itself" in run(*command).stdout


def test_sample_writes_a_county_whose_data_are_sound(tmp_path: Path) -> None:
    path = answer("sample", "--size", "40", "--out", tmp_path)["scenario"]
    assert answer("check", path)["schools"] == 40


def test_scenario_prints_every_setting_or_the_schema() -> None:
    assert "[rules]  # criteria" in run("scenario").stdout.lower()
    assert json.loads(run("scenario", "--schema").stdout)["title"] == "Scenario"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from partition.cli import app\n"
        "try: app(['--help'])\n"
        f"except SystemExit: print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "verify" in done.stdout
