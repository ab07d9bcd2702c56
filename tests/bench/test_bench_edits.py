"""What if: twenty edits of one rule, solved warm and cold; and twenty schools that close, one at a time.

On Lincolnshire under the default rules. Both start from the proven plan; a warm search is given that plan, of which it
keeps what still holds. Of a closure it is counted who changes companions among the other schools that were placed, as
`rules.moved_max` counts, with the plan as what exists today and the default price of parting two schools; and, as the
least-change curve has it, how few heads move in any plan that leaves out no more small schools.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import pytest
from cases import CASES, REGISTER, SHARED_DATA, BenchCase
from measure import scenario_of

from partition.model.matching import moved
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import MovedMax, headships_moved
from partition.scenario.case import load
from partition.solver import Limits, Run, solve

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not (SHARED_DATA / REGISTER).exists(), reason=f"{REGISTER} is not there"),
]

(DEFAULT,) = [case for case in CASES if case.name == "Lincolnshire, default"]
EDITS = (
    *(f"rules.minutes_max={minutes}" for minutes in (18, 19, 21, 22, 24)),
    "rules.minutes_max_for={120584=25}",
    "rules.host_minutes_max=15",
    "rules.km_max=12",
    *(f"rules.heads_min={heads}" for heads in (3, 5)),
    *(f"rules.heads_max={heads}" for heads in (6, 8)),
    *(f"rules.pupils_max={pupils}" for pupils in (700, 900)),
    *(f"rules.school_pupils_max={pupils}" for pupils in (150, 180, 210)),
    "rules.partnerships_max=33",
    "rules.apart=[[120374, 120542]]",
    "rules.except_out=[120515]",
)
CLOSURES = 20


@pytest.fixture(scope="module")
def today(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The proven plan of the rules as they are. The search is compiled by then."""
    return solve(problem(tmp_path_factory.mktemp("today")))


def problem(folder: Path, *settings: str) -> Problem:
    return load(scenario_of(BenchCase(DEFAULT.name, (*DEFAULT.settings, *settings), DEFAULT.file), folder)).problem


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit(edit: str, today: Run, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    assert today.plan is not None
    edited = problem(tmp_path, edit)
    cold_seconds, cold = timed(lambda: solve(edited))
    warm_seconds, warm = timed(lambda: solve(edited, start=today.plan))
    assert warm.plan is not None and cold.plan is not None
    alike = warm.plan.digest == cold.plan.digest
    rows[f"edit: {edit}"] = {"cold": cold_seconds, "warm": warm_seconds, "alike": alike, "status": warm.status}
    assert alike or "feasible" in (warm.status, cold.status)


def test_schools_that_close(today: Run, rows: dict[str, Mapping[str, object]], tmp_path: Path) -> None:
    assert today.plan is not None
    placed = [urn for partnership in today.plan.partnerships for urn in partnership.urns]
    existing = tmp_path / "today.csv"
    groups = [f"{urn},P{n}" for n, partnership in enumerate(today.plan.partnerships) for urn in partnership.urns]
    existing.write_text("\n".join(["urn,partnership", *groups]), encoding="utf-8")
    roster = problem(tmp_path).roster
    closing = [headship.urns for headship in roster.headships if headship.base_urn in placed]
    shares, seconds, moves, fewest = [], [], [], []
    for urns in closing[:: len(closing) // CLOSURES][:CLOSURES]:
        after = problem(tmp_path, f"data.existing={existing}", f"rules.except_out={list(urns)}")
        took, run = timed(lambda after=after: solve(after))
        assert run.plan is not None
        shares.append(share_moved(today.plan, run.plan, set(urns)))
        seconds.append(took)
        moves.append(heads_moved(after, run))
        fewest.append(fewest_moves(after, run))
    rows["closures"] = {"shares": shares, "seconds": seconds, "moves": moves, "fewest": fewest}
    assert median(shares) < 0.05
    assert all(least is None or least <= here for least, here in zip(fewest, moves, strict=True))


def heads_moved(after: Problem, run: Run) -> int:
    assert run.plan is not None
    return headships_moved(after.roster, after.groups(run.plan))


def fewest_moves(after: Problem, run: Run) -> int | None:
    """The first point of the least-change curve that leaves out no more small schools than a run; None: not proven."""
    never, known = -1, heads_moved(after, run)
    while known - never > 1:
        limit = max(known - 1 if never < 0 else (known + never) // 2, 0)
        within = solve(after.under([*after.rules, MovedMax(limit)]), Limits(seconds=300), start=run.plan)
        if within.unplaced == run.unplaced:
            known = heads_moved(after, within)
        elif within.status == "infeasible" or within.fewest_proven:
            never = limit
        else:
            return None
    return known


def share_moved(before: Plan, after: Plan, closed: set[int]) -> float:
    """Of the schools that were placed and stay open, those that change companions."""
    old = [set(partnership.urns) - closed for partnership in before.partnerships]
    return moved(old, [partnership.urns for partnership in after.partnerships]) / sum(map(len, old))


def timed(work):  # type: ignore[no-untyped-def]
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done
