"""Sweeps: what is asked, what is told of a small town checked by hand, and that a kill loses nothing."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from identifiers import ints
from town import write_town
from typer.testing import CliRunner

from geodata.faults import BadData
from geodata.sheets import write_csv
from geodata.urns import urns_of
from partition.cli import app
from partition.scenario.adjust import within
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.settings.rules import Rules
from partition.settings.types import Names, named
from partition.settings.words import words
from partition.studies.sweep.apart import apart, names_of
from partition.studies.sweep.axes import Axis, combinations, read_axes
from partition.studies.sweep.table import Row, Sweep
from partition.studies.sweep.tasks import Tasks
from partition.studies.sweep.text import as_facts, figure_rows, markdown, tip_rows
from partition.studies.sweep.work import RUNS, finish, solve_task

VARIED = ["rules.minutes_max=1:3:1", "rules.heads_max=2,3"]
RULES = "[rules]\nheads_min = 2\n"


@pytest.fixture(scope="module")
def road(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Schools 1 to 6, a minute a km along a road."""
    return write_town(tmp_path_factory.mktemp("road"), 0, 1, 2, 5, 6, 9, settings=RULES)


def swept(path: Path, out: Path, *varied: str, given: Sequence[str] = ()) -> Sweep:
    """Read, solve, put together: what the command does, in threads of this process."""
    axes = read_axes(varied)
    found = combinations(lambda settings: read_scenario(path, settings), axes, given)
    tasks = [Tasks(workers=1).task(scenario) for _, scenario in found]
    with ThreadPoolExecutor(1) as threads:
        results = finish(tasks, names_of(found), out, threads, solve_task)
    return Sweep(axes, [Row(values, result) for (values, _), result in zip(found, results, strict=True)])


@pytest.fixture(scope="module")
def whole(road: Path, tmp_path_factory: pytest.TempPathFactory) -> Sweep:
    """The sweep of the road, never interrupted."""
    return swept(road, tmp_path_factory.mktemp("whole"), *VARIED)


# What is asked ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("rules.minutes_max=15:40:5", ("15", "20", "25", "30", "35", "40")),
        ("rules.minutes_max=1:2:0.3", ("1.0", "1.3", "1.6", "1.9")),
        ("rules.minutes_max=30:20:-10", ("30", "20")),
        ("rules.pupils_max=150, off", ("150", "off")),
        ('rules.same=[],["a","b"]', ("[]", '["a","b"]')),
        ('rules.at_least_one={base = "x,y"}', ('{base = "x,y"}',)),
    ],
)
def test_values_are_a_range_or_a_list(text: str, values: tuple[str, ...]) -> None:
    assert read_axes([text]) == (Axis(text.partition("=")[0], values),)


def test_every_fault_of_what_is_varied_is_told_at_once(road: Path) -> None:
    with pytest.raises(BadData) as bad:
        read_axes(["minutes=1", "rules.minutes_max=3:1:1", "rules.heads_max=2,2", "data.pupils=0:9000:1"])
    assert [(fault.column, fault.value) for fault in bad.value.faults] == [
        ("", "minutes=1"),
        ("", "rules.minutes_max=3:1:1"),
        ("rules.heads_max", "2"),
        ("", "minutes=1 rules.minutes_max=3:1:1 rules.heads_max=2,2 data.pupils=0:9000:1"),
    ]
    with pytest.raises(BadData) as bad:
        axes = read_axes(["rules.heads_max=1,2,three", "map.titel=Fen"])
        combinations(lambda settings: read_scenario(road, settings), axes)
    told = [str(fault) for fault in bad.value.faults]
    assert [line.partition(";")[0] for line in told] == [
        "--set, rules: heads_min is 2 and heads_max 1",
        "--vary, map.titel = 'Fen': it is not a setting",
        "--vary, rules.heads_max = 'three': input should be a valid integer",
    ]


def test_data_that_fit_no_setting_are_told_and_no_table_is_written(road: Path, tmp_path: Path) -> None:
    sweep = swept(road, tmp_path, "rules.minutes_max=1")
    assert sweep.rows[0].unplaced == 2
    result = CliRunner().invoke(
        app, ["sweep", str(road), "--vary", 'rules.same=[],["nowhere"]', "--out", str(tmp_path / "bad"), "--jobs", "1"]
    )
    assert result.exit_code == 3
    assert "nowhere" in result.stderr and not list((tmp_path / "bad").glob("sweep*"))


def test_a_wrong_setting_leaves_nothing_behind(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["sweep", "--vary", "rule.minutes_max=1,2", "--out", str(tmp_path / "out")])
    assert result.exit_code == 3 and "it is not a table; did you mean rules?" in result.stderr
    assert not (tmp_path / "out").exists()


# What it comes to -------------------------------------------------------------------------------------------


def test_each_scenario_is_what_plan_says_of_it(whole: Sweep) -> None:
    """Within 1 minute there are the pairs 1 2 (or 2 3) and 4 5; within 2 also 1 2 3; within 3 also 3 4 and 5 6."""
    assert ints([(*row.values, row.unplaced) for row in whole.rows]) == [
        ("1", "2", 2),
        ("1", "3", 2),
        ("2", "2", 2),
        ("2", "3", 1),
        ("3", "2", 0),
        ("3", "3", 0),
    ]
    assert {row.state for row in whole.rows} == {"proven best"}


def test_where_it_starts_to_leave_schools_and_which_tip(whole: Sweep) -> None:
    assert [start.words(whole) for start in whole.starts] == [
        "longest drive 3 to 2 minutes (most heads 2): 2 small schools are left unplaced",
        "longest drive 3 to 2 minutes (most heads 3): a first small school is left unplaced",
    ]
    ends = {(tip.urn, tip.step.words(whole, back=tip.was == "unplaced")) for tip in whole.tips}
    assert ("900006", "longest drive 3 to 2 minutes (most heads 3)") in ends
    assert {urn for urn, words in ends if words.startswith("most heads 3 to 2")} <= {"900001", "900002", "900003"}
    assert not any(urn in ("900004", "900005") for urn, _ in ends)
    assert "| School 900006 | 900006 |" in markdown(whole, "Road", "").replace("\\", "")
    assert len(list(tip_rows(whole))) == len(whole.tips) + 1


def test_limits_have_a_name_that_planners_use() -> None:
    limits = {key for key in Rules.model_fields if key.endswith(("_min", "_max"))}
    assert limits and all(words(f"rules.{key}").label for key in limits)
    axis = read_axes(["rules.minutes_max=15,off"])[0]
    assert [axis.heading, *map(axis.told, axis.values)] == ["longest drive, minutes", "15 minutes", "off"]


def test_where_it_starts_to_be_impossible(road: Path, tmp_path: Path) -> None:
    sweep = swept(road, tmp_path, "rules.partnerships_min=2,3", given=["rules.minutes_max=1"])
    assert [row.state for row in sweep.rows] == ["proven best", "no plan can exist"]
    assert [start.words(sweep) for start in sweep.starts] == ["fewest partnerships 2 to 3: no plan can exist any more"]
    assert list(figure_rows(sweep))[2][3] is None


def test_a_school_that_no_longer_counts_as_small_is_not_among_those_left(road: Path, tmp_path: Path) -> None:
    sweep = swept(road, tmp_path, "rules.school_pupils_max=99,100", given=["rules.minutes_max=3"])
    assert {tip.was for tip in sweep.tips} == {"not taking part"} and sweep.tipping == {}


def test_rolls_by_year_sweep_like_any_setting(tmp_path: Path) -> None:
    """In 2030 the second school doubles, so that with the first it has more pupils than a partnership may."""
    path = write_town(tmp_path, 0, 1, columns={"2025": [100, 100], "2030": [100, 200]}, settings=RULES)
    sweep = swept(path, tmp_path / "out", "data.pupils_column=2025,2030", given=["rules.pupils_max=250"])
    assert ints([row.unplaced for row in sweep.rows]) == [0, 2]
    assert {(tip.urn, tip.step.words(sweep)) for tip in sweep.tips} == {
        ("900001", "rolls 2025 to 2030"),
        ("900002", "rolls 2025 to 2030"),
    }


def test_json_says_what_the_papers_say(whole: Sweep) -> None:
    facts = json.loads(json.dumps(as_facts(whole, {"table": Path("sweep.csv")})))
    assert ints([one["unplaced"] for one in facts["scenarios"]]) == [2, 2, 2, 1, 0, 0]
    assert facts["scenarios"][3]["plan"]["schools"][5][:3] == ["900006", "School 900006", "unplaced"]
    assert [start["what"] for start in facts["starts"]] == ["unplaced", "unplaced"]
    assert len(facts["tips"]) == len(whole.tips) and facts["tips"][0]["setting"] in (
        "rules.minutes_max",
        "rules.heads_max",
    )
    assert facts["files"] == {"table": "sweep.csv"}
    assert "seconds" not in str(facts)  # nothing that hangs on the clock


def test_one_file_or_setting_changed_is_another_scenario(road: Path, tmp_path: Path) -> None:
    def key(path: Path, *settings: str) -> str:
        return str(Tasks(workers=1).task(read_scenario(path, settings))["key"])

    same = write_town(tmp_path / "same", 0, 1, 2, 5, 6, 9, settings=RULES)
    other = write_town(tmp_path / "other", 0, 1, 2, 5, 6, 9, pupils=[90] + [100] * 5, settings=RULES)
    assert key(road) == key(same) == key(road, "solve.workers=2") == key(road, "rules.minutes_max=20")
    assert len({key(road), key(other), key(road, "rules.minutes_max=21")}) == 3


def test_a_result_that_is_damaged_or_of_another_sweep_is_worked_out_again(road: Path, tmp_path: Path) -> None:
    before = swept(road, tmp_path, "rules.minutes_max=1,2")
    first, second = (tmp_path / RUNS / f"{row.result['key']}.json" for row in before.rows)
    first.write_text("{", encoding="utf-8")
    second.write_text(json.dumps({"format": 1, "key": "another"}), encoding="utf-8")
    again = swept(road, tmp_path, "rules.minutes_max=1,2")
    assert [row.plan for row in again.rows] == [row.plan for row in before.rows]


# Each area apart --------------------------------------------------------------------------------------------


def test_areas_are_planned_apart_with_what_the_scenario_says_of_their_schools(tmp_path: Path) -> None:
    path = write_town(
        tmp_path,
        *(0, 1, 2, 3, 4, 5),
        pupils=[100, 100, 100, 100, 100, 250],
        columns={"side": ["a", "b", "a", "b", "", "b"]},
        today={"Fen": ["900002", "900004"]},
        settings="pupils = {900001 = 90, 900006 = 95}\n[rules]\nheads_min = 2\nheads_max = 2\n"
        'locked = ["Fen"]\napart = [[900001, 900002]]\n',
    )
    scenario = read_scenario(path)
    axis, found, told = apart(scenario, "side", [((), scenario)], use_cache=False)
    assert (axis.values, axis.neighbours) == (("a", "b"), False)
    assert told == ("1 schools have no value in side and are in no plan",)
    results = [solve_task(Tasks(workers=1).task(one)) for _, one in found]
    groups = [[(urn, role) for urn, _, role, *_ in result["plan"]["schools"]] for result in results]
    assert groups == [
        [("900001", "placed"), ("900003", "placed")],
        [("900002", "placed"), ("900004", "placed"), ("900006", "unplaced")],
    ]
    together = read_scenario(path, ["rules.together=[[900001, 900002]]"])
    with pytest.raises(BadData, match="planned apart from each other"):
        apart(together, "side", [((), together)], use_cache=False)


def test_an_area_apart_keeps_what_every_setting_says_of_its_schools_and_nothing_of_others(tmp_path: Path) -> None:
    """900001 and 900003 are inside, the others outside; every table that names schools names all of them."""
    posts = "".join(f"[posts.{post}]\nkeep_own = [900001, 900002]\n" for post in ("business_manager", "senco"))
    path = write_town(
        tmp_path,
        *(0, 1, 2, 3, 4),
        columns={"side": ["a", "b", "a", "b", "b"]},
        settings="bases = [900001, 900002]\npupils = {900003 = 90, 900004 = 95}\nshared_heads = [[900002, 900004]]\n"
        "[rules]\nheads_min = 2\nexcept_in = [900001]\nexcept_out = [900005]\nassociates = []\n"
        'except_reasons = {900001 = "church", 900002 = "rolls fall"}\nminutes_max_for = {900002 = 30, 900003 = 40}\n'
        "heads_min_for = {900002 = 2}\ntogether = [[900001, 900003], [900002, 900004]]\n"
        "apart = [[900001, 900002, 900003], [900001, 900002], [900002, 900004]]\n"
        f"[venues]\ncannot_host = [900002, 900003]\n{posts}"
        "[effects]\nmember_since = {900001 = 2012, 900004 = 2013}\n",
    )
    scenario = read_scenario(path)
    inside = within(scenario, load(scenario, use_cache=False).problem.area, urns_of((900001, 900003)))
    assert set(named(scenario, Names.SCHOOL)) == {"900001", "900002", "900003", "900004", "900005"}
    assert set(named(inside, Names.SCHOOL)) == {"900001", "900003"}
    assert ints(inside.rules.apart) == [[900001, 900003]]
    assert ints(inside.rules.together) == [[900001, 900003]]
    assert ints(inside.rules.minutes_max_for) == {900003: 40}
    assert ints(inside.posts.senco.keep_own) == [900001]
    assert ints(inside.effects.member_since) == {900001: 2012}


@pytest.mark.parametrize("name", ["pipe", "/dev/zero", "folder", "nowhere.csv"])
def test_what_is_no_regular_file_is_refused_before_it_is_hashed(road: Path, tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadData):
        Tasks(workers=1).task(read_scenario(road, [f'data.existing="{tmp_path / name}"']))


# Killed and gone on -----------------------------------------------------------------------------------------


def command(road: Path, out: Path, *more: str) -> list[str]:
    varied = [part for text in VARIED for part in ("--vary", text)]
    program = "from partition.cli import main; main()"
    return [sys.executable, "-c", program, "sweep", str(road), *varied, "--out", str(out), "--quiet", *more]


def wait_for(what: Callable[[], bool], seconds: float = 240) -> None:
    """Until it is so; a machine that never gets there ends the test."""
    last = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < last, "it never came"
        time.sleep(0.05)


def kept(out: Path) -> int:
    return len(list((out / RUNS).glob("*.json")))


def alive(marker: str) -> bool:
    """Whether any process has this in its environment."""
    for status in Path("/proc").glob("[0-9]*/environ"):
        try:
            if marker.encode() in status.read_bytes():
                return True
        except OSError:
            continue
    return False


def table_of(sweep: Sweep, folder: Path) -> bytes:
    write_csv(folder / "whole.csv", list(figure_rows(sweep)))
    return (folder / "whole.csv").read_bytes()


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the workers in /proc")
def test_a_sweep_killed_half_way_goes_on_and_ends_with_the_same_table(road: Path, whole: Sweep, tmp_path: Path) -> None:
    out = tmp_path / "out"
    marker = f"SWEEP_TEST={tmp_path}"
    environment = os.environ | dict([marker.split("=", 1)])
    process = subprocess.Popen(command(road, out, "--jobs", "1"), env=environment)
    wait_for(lambda: kept(out) >= 2 or process.poll() is not None)
    process.send_signal(signal.SIGKILL)
    process.wait()
    before = {path: path.stat().st_mtime_ns for path in (out / RUNS).glob("*.json")}
    assert 2 <= len(before) < len(whole.rows) and not (out / "sweep.csv").exists()
    wait_for(lambda: not alive(marker), 30)  # no worker outlives its parent
    subprocess.run(command(road, out, "--jobs", "1"), check=True)
    assert (out / "sweep.csv").read_bytes() == table_of(whole, tmp_path)
    assert all(path.stat().st_mtime_ns == when for path, when in before.items())
    with (out / "sweep.csv").open(encoding="utf-8-sig") as file:
        assert [row["not yet placed"] for row in csv.DictReader(file)] == ["2", "2", "2", "1", "0", "0"]


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and workers, on loopback only: its address, and the workers' processes."""
    pytest.importorskip("distributed")
    where = folder / "scheduler.json"
    loopback = ["--host", "127.0.0.1", "--no-dashboard"]
    dask = [sys.executable, "-m", "distributed.cli"]
    processes: list[subprocess.Popen[bytes]] = []

    def start(program: str, *more: str) -> subprocess.Popen[bytes]:
        words = [dask[0], "-m", f"distributed.cli.{program}", *loopback, *more]
        processes.append(subprocess.Popen(words, stderr=subprocess.DEVNULL, cwd=folder))
        return processes[-1]

    try:
        start("dask_scheduler", "--port", "0", "--scheduler-file", str(where))
        wait_for(where.exists)
        address = json.loads(where.read_text(encoding="utf-8"))["address"]
        started = [start("dask_worker", address, "--no-nanny", "--nthreads", "1") for _ in range(workers)]
        yield address, started
    finally:
        for process in processes:
            process.kill()
            process.wait()


@pytest.mark.skipif(sys.platform == "win32", reason="kills a worker as only POSIX can")
def test_a_cluster_that_loses_a_worker_half_way_ends_with_the_same_table(
    road: Path, whole: Sweep, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with cluster(tmp_path, 2) as (address, workers):
        process = subprocess.Popen(command(road, out, "--scheduler", address))
        wait_for(lambda: kept(out) >= 1 or process.poll() is not None)
        workers[0].send_signal(signal.SIGKILL)
        assert process.wait(240) == 0 and workers[1].poll() is None
    assert (out / "sweep.csv").read_bytes() == table_of(whole, tmp_path)


def test_no_scheduler_is_told(road: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    asked = ["sweep", str(road), "--vary", "rules.minutes_max=1", "--out", str(tmp_path), "--scheduler", "nonsense://x"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 3 and "no Dask scheduler answers there" in result.stderr
