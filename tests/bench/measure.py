"""Measures one case in a process of its own, and prints what it saw as JSON: `python measure.py NAME FOLDER`.

`python measure.py NAME FOLDER SEED` for a search by another seed. Seconds are those of the thing measured, reading left
out (of "command", all but starting Python), and so are those of processors, helpers' included; memory is the most that
this process ever held.
"""

from __future__ import annotations

import io
import json
import resource
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from cases import CASES, GAPS, MARKS_SECONDS, SHARED_DATA, BenchCase

BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024  # of ru_maxrss
Figures = dict[str, object]


def solve(case: BenchCase, folder: Path, seed: int) -> Figures:
    """The search alone: what it came to, and what it knew when."""
    from history import History, known_at, seconds_to

    from partition.scenario.case import load
    from partition.solver import Limits
    from partition.solver import solve as best_plan

    problem = load(scenario_of(case, folder)).problem
    history = History()
    before = _processor_seconds()
    seconds, run = _timed(lambda: best_plan(problem, Limits(seconds=case.seconds, seed=seed), history.tell))
    knowledge = history.knowledge(run)
    cost = None if run.cost is None else run.cost.total / 1000
    bound = None if run.bound is None else run.bound / 1000
    return {
        "seconds": seconds,
        "processor_seconds": _processor_seconds() - before,
        "status": run.status,
        "cost": cost,
        "bound": bound,
        "gap": run.gap,
        "unplaced": run.unplaced,
        "known": [_shown(known_at(mark, knowledge)) for mark in MARKS_SECONDS],
        "seconds_to_gap": [seconds_to(gap, knowledge) for gap in GAPS],
        "seconds_to_proof": run.seconds if run.status == "optimal" else None,
    }


def _shown(known: Any) -> Figures:
    cost, bound = (None if amount is None else amount / 1000 for amount in (known.cost, known.bound))
    return {"cost": cost, "bound": bound, "gap": known.gap}


def judge(case: BenchCase, folder: Path) -> Figures:
    """Today's groups checked and costed, with every figure of every group."""
    from partition.scenario.case import load

    problem = load(scenario_of(case, folder)).problem
    seconds, account = _timed(lambda: _judged(problem))
    return {
        "seconds": seconds,
        "status": "judged",
        "cost": account.cost.total / 1000,
        "unplaced": len(account.unplaced),
    }


def _judged(problem: Any) -> Any:
    from partition.plans.judge import judge

    account = judge(problem, {urn: group.name for group in problem.area.existing for urn in group.urns})
    assert account.partnerships
    return account


def map_(case: BenchCase, folder: Path) -> Figures:
    """Today's groups drawn and written."""
    from partition.maps.atlas import draw_atlas
    from partition.maps.page import write_map
    from partition.scenario.case import load

    read = load(scenario_of(case, folder))
    account = _judged(read.problem)
    seconds, _ = _timed(lambda: write_map(draw_atlas(read, account), folder / "map.html"))
    return {"seconds": seconds, "status": f"{(folder / 'map.html').stat().st_size / 1e6:.2f} MB"}


def command(case: BenchCase, folder: Path) -> Figures:
    """The whole command, from the file to the plan and the map."""
    from partition.cli import app

    schools = ["--schools", str(SHARED_DATA / case.file)] if case.file else []
    given = [part for setting in case.settings for part in ("--set", setting)]
    arguments = ["plan", *schools, *given, "--out", str(folder), "--json"]
    printed = io.StringIO()
    with redirect_stdout(printed):
        seconds, _ = _timed(lambda: app(arguments, standalone_mode=False))
    answer = json.loads(printed.getvalue())
    return {
        "seconds": seconds,
        "status": answer["status"],
        "cost": answer["cost"]["total"],
        "bound": answer["bound"],
        "gap": answer["gap"],
        "unplaced": len(answer["unplaced"]),
    }


def scenario_of(case: BenchCase, folder: Path) -> Any:
    from counties import write_loose_county

    from partition.sample import make_county, write_county
    from partition.scenario.read import read_scenario

    if case.seed is not None:
        made = write_loose_county(case.size, case.seed, folder)
        return read_scenario(None, [f"data.schools={json.dumps(str(made))}", "map.world=false", *case.settings])
    if case.file is None:
        county = make_county(case.size)
        return read_scenario(write_county(county, folder), [*case.settings, *_abroad(county)])
    return read_scenario(None, [f"data.schools={json.dumps(str(SHARED_DATA / case.file))}", *case.settings])


def _abroad(county: Any) -> list[str]:
    """The setting that the largest sample counties need, which go on beyond the coast of the land that they lie in."""
    from geodata.grid import BRITISH, GREAT_BRITAIN

    points = np.array([(school.easting, school.northing) for school in county.schools], dtype=np.float64)
    here = GREAT_BRITAIN.holds(*BRITISH.degrees(*points.T).T)
    named = [f"{school.urn} = true" for school, is_here in zip(county.schools, here, strict=True) if not is_here]
    return [f"data.outlying={{{', '.join(named)}}}"] if named else []


def _processor_seconds() -> float:
    """Seconds of processors that this process, and its processes that have ended, have used."""
    used = (resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


if __name__ == "__main__":
    (asked,) = [case for case in CASES if case.name == sys.argv[1]]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    does = {"solve": partial(solve, seed=seed), "judge": judge, "map": map_, "command": command}[asked.does]
    figures = does(asked, Path(sys.argv[2]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT
    print(json.dumps(figures | {"mib": peak / 2**20}))
