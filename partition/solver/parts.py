"""Parts of a plan to be solved again, and helpers: processes of this machine that solve parts beside this one.

Helpers are started for wide parts alone, in areas of some size. The parts of a round are chosen before any of them is
solved, so the answer is the same with helpers and without, whoever solves which. A helper ends when its input ends, and
so with this process for whatever reason; it is in a session of its own, where Ctrl-C does not reach it. What helper and
process send each other is pickled, through pipes that no one else holds.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from types import TracebackType
from typing import Protocol

from partition.solver.choice import Choice
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage
from partition.solver.watch import Watch

HELPER = "partition.solver.helper"
HELPERS_MOST = 7  # each holds some 270 MiB; a round has too few parts to keep many more busy


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an area: its space, its stage, and its choice as it is now (None: any better one is asked for)."""

    space: SearchSpace
    stage: Stage
    now: Choice | None


SolveParts = Callable[[Sequence[Part]], list[Choice | None]]


class SolveHere(Protocol):
    """What solves a part in this process, watched by the search's own watch unless another is given."""

    def __call__(self, part: Part, /, *, watch: Watch = ...) -> Choice | None: ...


@dataclass(frozen=True, slots=True)
class Order:
    """A part for a helper, with what its watch needs."""

    part: Part
    seconds: float
    seed: int


class Lost(Exception):
    """An error raised where a helper has ended, or cannot be started."""


class Crew:
    """This process and its helpers, `workers` in all as far as that helps; a context that ends the helpers.

    `elsewhere` has a crew of another make-up: the workers of an executor.
    """

    def __init__(self, workers: int, watch: Watch) -> None:
        self.workers, self.watch = workers, watch
        self._helpers = [_Helper() for _ in range(min(workers - 1, HELPERS_MOST))]

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def _end(self) -> None:
        for helper in self._helpers:
            helper.end()

    def solve(self, parts: Sequence[Part], solve_here: SolveHere) -> list[Choice | None]:
        """Return the choice for each part, solved by `solve_here` or by a helper; `now` of those not solved in time."""
        waiting = deque(range(len(parts)))
        found = [part.now for part in parts]

        def work(solve: Callable[[Part], Choice | None]) -> None:
            while waiting and not self.watch.over:
                try:
                    n = waiting.popleft()
                except IndexError:  # another thread was faster
                    break
                try:
                    found[n] = solve(parts[n])
                except Lost:
                    waiting.append(n)
                    break

        helpers = self._helpers[: len(parts) - 1]
        with self.watch.stops(self._end), ThreadPoolExecutor(max(1, len(helpers))) as threads:
            try:
                others = [threads.submit(work, self._asking(helper)) for helper in helpers]
                work(solve_here)
                for other in others:
                    other.result()
                work(solve_here)  # what a lost helper had in hand
            except BaseException:
                waiting.clear()
                self._end()
                raise
        return found

    def _asking(self, helper: _Helper) -> Callable[[Part], Choice | None]:
        return lambda part: helper.solve(Order(part, self.watch.seconds_left(), self.watch.seed))


class _Helper:
    """A process that solves parts, one at a time, started when the first is sent."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ended, self._turn = False, Lock()  # it may be ended from another thread while it starts

    def solve(self, order: Order) -> Choice | None:
        """Return the choice of the helper. Raises Lost."""
        try:
            process = self._started()
            assert process.stdin is not None and process.stdout is not None
            pickle.dump(order, process.stdin)
            process.stdin.flush()
            found: Choice | None = pickle.load(process.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:  # ValueError: the pipe is closed
            self._ended = True
            raise Lost from error
        return found

    def _started(self) -> subprocess.Popen[bytes]:
        with self._turn:
            if self._ended:
                raise EOFError
            if self._process is None:
                pipe = subprocess.PIPE
                quiet = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # no console on Windows
                command = [sys.executable, "-m", HELPER]
                self._process = subprocess.Popen(
                    command, stdin=pipe, stdout=pipe, start_new_session=True, creationflags=quiet
                )
            return self._process

    def end(self) -> None:
        """End the process at once, if it was started; a part in its hands is lost."""
        with self._turn:
            self._ended = True
            if self._process is None:
                return
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with suppress(OSError):
                        pipe.close()
