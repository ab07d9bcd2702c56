"""Parts of a plan solved again, here and by helpers: the same answer, whoever solves which."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from random import Random
from threading import Event

import numpy as np
import pytest
from town import town

from partition.model.costs import Preferences
from partition.model.problem import Problem, check
from partition.model.rules import HeadsPer, MinutesMax
from partition.solver import Limits, Progress, neighbourhoods, search, solve
from partition.solver.choice import Choice
from partition.solver.encode import search_space
from partition.solver.neighbourhoods import improvements, trades
from partition.solver.parts import HELPER, Crew, Order, Part
from partition.solver.pricer import Pricer
from partition.solver.prices import Duals, Prices
from partition.solver.search import Search, solved_part
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage, cheapest, fewest_by_cost
from partition.solver.watch import Watch

SCHOOLS = 48


@pytest.fixture(scope="module")
def problem() -> Problem:
    """Schools at random over a square of 80 minutes."""
    draws = Random(5)
    points = [(draws.uniform(0, 80), draws.uniform(0, 80)) for _ in range(SCHOOLS)]
    minutes = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5, 2) for c, d in points] for a, b in points]
    return Problem(town(minutes), [HeadsPer(2, 4), MinutesMax(25)], Preferences(meet="pairs"))


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A town counts as a large area, and a part of twelve as wide."""
    monkeypatch.setattr(neighbourhoods, "NODES_OF_WIDE_MOST", 12)
    monkeypatch.setattr(search, "LARGE", 20)


def unpriced(space: SearchSpace, stage: Stage) -> Prices:
    nobody, none = np.zeros(space.size, np.int64), np.zeros(0, np.int64)
    return Prices(space, stage, Duals(nobody, 0, none, none), [])


def poor(space: SearchSpace, stage: Stage) -> Choice:
    """Partnerships of two, as they come."""
    every = Pricer(space, 1, np.zeros(1, dtype=bool)).enumerate(unpriced(space, stage), 2**60, 100_000)
    assert every is not None
    cost_of = dict(zip(every.tuples(), every.costs.tolist(), strict=True))
    taken: dict[tuple[int, ...], int] = {}
    for members, cost in sorted(cost_of.items(), key=lambda found: (len(found[0]), -found[1], found[0])):
        if not {node for group in taken for node in group} & set(members):
            taken[members] = cost
    alone = tuple(sorted(set(range(space.size)) - {node for group in taken for node in group}))
    found = Choice(tuple(sorted(taken)), alone, 0, tuple(taken[members] for members in sorted(taken)))
    return replace(found, value=found.value_in(stage))


def begun(problem: Problem) -> tuple[SearchSpace, Stage, Choice]:
    space = search_space(problem)
    start = poor(space, fewest_by_cost(space))
    stage = cheapest(space, len(start.alone))
    return space, stage, replace(start, value=start.value_in(stage))


def plans(problem: Problem, watch: Watch, crew: Crew | None) -> list[Choice]:
    """Every plan that wide parts solved again, and then trades, lead to."""
    space, stage, start = begun(problem)
    prices, some = unpriced(space, stage), Search(space, Pricer(space, 1, watch.stop), watch, crew)
    better = list(improvements(space, stage, start, prices, some.solve_parts, wide=True))
    return [*better, *trades(space, stage, better[-1], prices, some.solve_parts)]


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

    list(improvements(space, stage, start, unpriced(space, stage), looked_at, wide=True))  # type: ignore[arg-type]
    assert len(rounds[0]) > 2
    for parts in rounds:
        names = [name for part in parts for name in part.space.names.tolist()]
        assert len(names) == len(set(names))
    assert {name for parts in rounds for part in parts for name in part.space.names.tolist()} == set(space.names)


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
    for plan in improvements(space, loose, start, unpriced(space, loose), some.solve_parts, wide=True):
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
        assert process.wait(timeout=60) == 0
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
