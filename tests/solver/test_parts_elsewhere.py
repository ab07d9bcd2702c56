"""Parts solved by an executor's workers, and the master here: the same plans, whatever becomes of the workers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from threading import Event, Thread
from typing import Any

import pytest
from large_town import begun, large_town, make_parts_small, plans

from partition.model.problem import Problem
from partition.solver import Limits, search, solve
from partition.solver.choice import Choice
from partition.solver.elsewhere import CrewElsewhere
from partition.solver.parts import Part
from partition.solver.watch import Watch


class Slow(Executor):
    """Never answers."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


class Failing(Executor):
    """Answers each call with an error."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        answer.set_exception(OSError("the line is dead"))
        return answer


class Broken(Executor):
    """Takes two calls, which it calls off, and then no more."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        if self.taken > 2:
            raise RuntimeError("cannot schedule new futures after shutdown")
        answer: Future[Any] = Future()
        answer.cancel()
        return answer


class AtOnce(Executor):
    """Answers before it is asked for anything else."""

    def __init__(self) -> None:
        self.answered = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        answer.set_result(fn(*args, **kwargs))
        self.answered += 1
        return answer


@pytest.fixture(scope="module")
def problem() -> Problem:
    return large_town()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    make_parts_small(monkeypatch)


@pytest.fixture
def watch() -> Iterator[Watch]:
    with Watch(Limits(seconds=300)) as watch:
        yield watch


@pytest.fixture
def parts(problem: Problem) -> list[Part]:
    return [Part(*begun(problem))] * 4


@pytest.fixture(scope="module")
def alone(problem: Problem) -> list[Choice]:
    with pytest.MonkeyPatch.context() as patch, Watch(Limits(seconds=300)) as watch:
        make_parts_small(patch)
        found = plans(problem, watch, None)
    assert len({plan.value for plan in found}) > 1
    return found


@pytest.mark.parametrize("executor", [Slow, Failing, Broken, AtOnce, lambda: ThreadPoolExecutor(3)])
def test_any_executor_leads_to_the_same_plans(
    problem: Problem, watch: Watch, alone: list[Choice], executor: Callable[[], Executor]
) -> None:
    with executor() as workers, CrewElsewhere(1, watch, workers) as crew:
        assert plans(problem, watch, crew) == alone


def test_what_is_answered_elsewhere_is_not_solved_here(watch: Watch, parts: list[Part]) -> None:
    here, workers = list[Part](), AtOnce()

    def solve_here(part: Part, /, *, watch: Watch = watch) -> Choice | None:
        here.append(part)
        return part.now

    found = CrewElsewhere(1, watch, workers).solve(parts, solve_here)
    assert workers.answered == 3 and len(here) == 1  # one is kept for this process
    assert found[3] == parts[3].now and all(choice != part.now for choice, part in zip(found[:3], parts, strict=False))


def test_one_part_alone_is_not_sent(watch: Watch, parts: list[Part]) -> None:
    workers = AtOnce()
    CrewElsewhere(1, watch, workers).solve(parts[:1], lambda part, /, **_: part.now)
    assert CrewElsewhere(1, watch, workers).solve([], lambda part, /, **_: part.now) == []
    assert workers.answered == 0


def test_an_answer_ends_the_work_on_the_same_part_here(watch: Watch, parts: list[Part]) -> None:
    sent, until = list[Future[Choice | None]](), list[Watch]()

    class Late(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            sent.append(Future())
            return sent[-1]

    def solve_here(part: Part, /, *, watch: Watch = watch) -> Choice | None:
        until.append(watch)
        if len(until) == 2:
            Thread(target=lambda: sent[2].set_result(None)).start()
            while not watch.over:
                time.sleep(0.01)
        return part.now

    found = CrewElsewhere(1, watch, Late()).solve(parts, solve_here)
    assert found == [parts[0].now, parts[1].now, None, parts[3].now]
    assert until[1].over and not watch.over and not until[2].over
    assert all(answer.cancelled() for answer in (sent[0], sent[1]))  # nobody waits for these any more


def test_a_stopped_search_waits_for_nobody(watch: Watch, parts: list[Part]) -> None:
    here = list[Watch]()

    def solve_here(part: Part, /, *, watch: Watch = watch) -> Choice | None:
        here.append(watch)
        if len(here) == 2:
            Thread(target=stop.set).start()
            while not watch.over:
                time.sleep(0.01)
        return part.now

    stop = Event()
    with Watch(Limits(seconds=300), None, stop) as whole:
        found = CrewElsewhere(1, whole, Slow()).solve(parts, solve_here)
    assert len(here) == 2 and found == [part.now for part in parts]


def test_a_large_area_ends_as_without(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 0)  # parts are solved again, though all partnerships could be listed
    one = solve(problem, Limits(seconds=300, workers=1))
    at_once = AtOnce()
    for executor in (Slow(), at_once):
        run = solve(problem, Limits(seconds=300), executor=executor)
        assert (run.status, run.plan, run.bound) == ("optimal", one.plan, one.bound)
    assert at_once.answered > 0
