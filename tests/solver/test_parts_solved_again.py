"""Parts of a plan solved again, here and by helpers: the same answer, whoever solves which."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from threading import Event

import numpy as np
import pytest
from large_town import begun, large_town, make_parts_small, plans, unpriced

from partition.model.problem import Problem, check
from partition.solver import Limits, Progress, solve
from partition.solver.choice import Choice
from partition.solver.neighbourhoods import AsItIs, _Plan, improvements
from partition.solver.parts import HELPER, Crew, Order, Part
from partition.solver.pricer import Pricer
from partition.solver.prices import Prices
from partition.solver.search import Search, solved_part
from partition.solver.space import PlanRow
from partition.solver.watch import Watch


@pytest.fixture(scope="module")
def problem() -> Problem:
    return large_town()


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    make_parts_small(monkeypatch)


@pytest.fixture
def watch() -> Iterator[Watch]:
    with Watch(Limits(seconds=300)) as watch:
        yield watch


def test_parts_of_a_round_have_no_common_head_and_each_head_is_in_some(
    problem: Problem, watch: Watch, small_parts: None
) -> None:
    space, stage, start = begun(problem)
    rounds = list[list[Part]]()

    def looked_at(parts: list[Part]) -> list[Choice | None]:
        rounds.append(parts)
        return [part.now for part in parts]

    list(improvements(space, stage, start, unpriced(space, stage), looked_at, wide=12))  # type: ignore[arg-type]
    assert len(rounds[0]) > 2
    for parts in rounds:
        names = [name for part in parts for name in part.space.names.tolist()]
        assert len(names) == len(set(names))
    assert {name for parts in rounds for part in parts for name in part.space.names.tolist()} == set(space.names)


@pytest.mark.parametrize("wide", [None, 12])
def test_what_was_solved_without_gain_is_not_solved_again(problem: Problem, watch: Watch, wide: int | None) -> None:
    space, stage, start = begun(problem)
    some, solved, asked = Search(space, Pricer(space, 1, watch.stop), watch), set[AsItIs](), list[int]()

    def counted(parts: Sequence[Part]) -> list[Choice | None]:
        asked.append(len(parts))
        return some.solve_parts(parts)

    best = start
    while found := list(improvements(space, stage, best, unpriced(space, stage), counted, solved, wide=wide)):
        if found[-1].value == best.value:
            break
        best = found[-1]
    assert best.value < start.value and sum(asked) > 0
    asked.clear()
    assert list(improvements(space, stage, best, unpriced(space, stage), counted, solved, wide=wide))[-1] == best
    assert sum(asked) == 0
    list(improvements(space, stage, start, unpriced(space, stage), counted, solved, wide=wide))
    assert sum(asked) > 0  # as they were at first, some are not known


def test_wide_parts_go_beyond_the_groups_next_to_the_first(problem: Problem) -> None:
    space, stage, start = begun(problem)
    plan = _Plan(space, stage, start)
    seed = start.partnerships[0]
    beside, everywhere = plan.about(seed, space.size), plan.about(seed, space.size, rings=True)
    assert set(seed) < set(beside) < set(everywhere)
    assert all({*plan.group_of[node]} <= set(beside) for node in beside)
    next_to = {other for node in seed for other in space.neighbours[node]}
    assert next_to <= set(beside)


@pytest.mark.parametrize(("more", "several"), [(0, True), (1, False)])
def test_a_rule_on_the_plan_without_room_ties_no_parts(
    problem: Problem, watch: Watch, small_parts: None, more: int, several: bool
) -> None:
    """Exactly so many partnerships: each part keeps its number. With room for one more, parts take turns."""
    space, stage, start = begun(problem)
    count, nobody = len(start.partnerships), np.zeros(space.size, np.int64)
    ruled = replace(stage, plan_rows=(PlanRow("count", 1, nobody, count, count + more),))
    some, rounds = Search(space, Pricer(space, 1, watch.stop), watch), list[int]()

    def looked_at(parts: Sequence[Part]) -> list[Choice | None]:
        rounds.append(len(parts))
        return some.solve_parts(parts)

    prices = replace(unpriced(space, stage).duals, rows=np.zeros(1, np.int64))
    found = list(improvements(space, ruled, start, Prices(space, ruled, prices, []), looked_at, wide=12))
    assert (max(rounds) > 1) == several
    assert found[-1].value < start.value
    assert all(count <= len(plan.partnerships) <= count + more for plan in found)


@pytest.mark.parametrize("workers", [2, 3])
def test_helpers_lead_to_the_same_plans(problem: Problem, watch: Watch, small_parts: None, workers: int) -> None:
    alone = plans(problem, watch, None)
    with Crew(workers, watch) as crew:
        assert plans(problem, watch, crew) == alone
    assert len({plan.value for plan in alone}) > 1


def test_no_more_are_left_alone_than_the_limit_allows(problem: Problem, watch: Watch, small_parts: None) -> None:
    space, stage, start = begun(problem)
    loose = replace(stage, alone_limit=len(start.alone) + 1)
    some = Search(space, Pricer(space, 1, watch.stop), watch)
    for plan in improvements(space, loose, start, unpriced(space, loose), some.solve_parts, wide=12):
        assert len(plan.alone) <= len(start.alone) + 1
        assert plan.value == plan.value_in(loose)


def test_what_a_lost_helper_had_in_hand_is_solved_here(problem: Problem, watch: Watch) -> None:
    space, stage, start = begun(problem)
    part = Part(space, stage, start)

    def here(part: Part) -> Choice | None:
        return solved_part(part, watch)

    expected = here(part)
    assert expected is not None and expected.value < start.value
    with Crew(2, watch) as crew:
        assert crew.solve([part] * 3, here) == [expected] * 3
        (helper,) = crew._helpers
        assert helper._process is not None
        helper._process.kill()
        assert crew.solve([part] * 3, here) == [expected] * 3


def test_a_helper_that_cannot_be_started_is_done_without(
    problem: Problem, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, stage, start = begun(problem)
    monkeypatch.setattr(sys, "executable", "/there/is/none")
    with Crew(2, watch) as crew:
        found = crew.solve([Part(space, stage, start)] * 2, lambda part: solved_part(part, watch))
    assert len({choice.value for choice in found if choice is not None}) == 1 and None not in found


def test_a_stopped_search_waits_for_no_helper(problem: Problem, watch: Watch) -> None:
    space, stage, start = begun(problem)
    part, asked = Part(space, stage, start), list[Part]()

    def here(part: Part) -> Choice | None:
        asked.append(part)
        watch.halt("request")
        return part.now

    with Crew(2, watch) as crew:
        found = crew.solve([part] * 20, here)
        assert len(asked) <= 2 and len(found) == 20 and None not in found
        (helper,) = crew._helpers
        assert helper._process is None or helper._process.poll() is not None


def test_no_helper_outlives_its_search(problem: Problem, watch: Watch) -> None:
    space, stage, start = begun(problem)
    with Crew(2, watch) as crew:
        crew.solve([Part(space, stage, start)] * 4, lambda part: solved_part(part, watch))
        (helper,) = crew._helpers
    assert helper._process is None or helper._process.poll() is not None


def test_ctrl_c_in_the_terminal_is_not_for_helpers(problem: Problem, watch: Watch) -> None:
    space, stage, start = begun(problem)
    with Crew(2, watch) as crew:
        crew.solve([Part(space, stage, start)] * 4, lambda part: solved_part(part, watch))
        (helper,) = crew._helpers
        assert helper._process is not None
        assert os.getpgid(helper._process.pid) != os.getpgid(0)  # the terminal signals its own group of processes


def test_a_helper_ends_with_its_input_even_in_the_middle_of_a_part(problem: Problem) -> None:
    space, stage, start = begun(problem)
    order = pickle.dumps(Order(Part(space, stage, start), 60, 1))
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-m", HELPER], stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(order)
        process.stdin.flush()
        found = pickle.load(process.stdout)
        process.stdin.write(order)
        process.stdin.close()  # in the middle of a part
        assert process.wait(timeout=280) == 0
    assert found.value < start.value


@pytest.mark.parametrize("workers", [1, 2])
def test_a_large_area_ends_proven_with_any_number_of_workers(problem: Problem, small_parts: None, workers: int) -> None:
    one = solve(problem, Limits(seconds=300, workers=1))
    run = solve(problem, Limits(seconds=300, workers=workers))
    assert (run.status, run.plan, run.bound) == ("optimal", one.plan, one.bound)


@pytest.mark.parametrize("events", [2, 6, 12, 24])
def test_a_large_area_stopped_early_has_placed_no_fewer_than_its_first_plan(
    problem: Problem, small_parts: None, events: int
) -> None:
    stop, told = Event(), list[Progress]()

    def tell(progress: Progress) -> None:
        told.append(progress)
        if len(told) == events:
            stop.set()

    run = solve(problem, Limits(seconds=300, workers=2), tell, stop)
    firsts = [progress.unplaced for progress in told if progress.doing == "a first plan"]
    assert run.plan is not None and check(problem, run.plan) == []
    assert run.unplaced is not None and run.unplaced <= min(count for count in firsts if count is not None)
