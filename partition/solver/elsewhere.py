"""Parts of a plan solved elsewhere, by the workers of an executor such as a cluster's, and the master here.

The parts of a round are sent at once, the first first; this process solves them from the last on. It waits for nobody:
a part that it meets unanswered it solves too, until the answer comes. Whoever solves a part gives the same choice, so
neither the plan nor the end of a search depends on how many workers there are, how fast they are, or what is lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import contextmanager, suppress

from partition.solver.choice import Choice
from partition.solver.helper import solved_order
from partition.solver.parts import Crew, Order, Part, SolveHere
from partition.solver.watch import Watch


class CrewElsewhere(Crew):
    """This process, with `workers` threads for its pricing, and an executor's workers for parts."""

    def __init__(self, workers: int, watch: Watch, executor: Executor) -> None:
        super().__init__(1, watch)  # no processes of this machine beside this one
        self.workers, self._executor = workers, executor

    def solve(self, parts: Sequence[Part], solve_here: SolveHere) -> list[Choice | None]:
        """Return the choice for each part; `now` of those not solved in time."""
        found = [part.now for part in parts]
        with self._sent(parts[:-1]) as answers:
            for n in range(len(parts) - 1, -1, -1):
                if self.watch.over:
                    break
                found[n] = self._either(parts[n], answers[n] if n < len(answers) else None, solve_here)
        return found

    @contextmanager
    def _sent(self, parts: Sequence[Part]) -> Iterator[list[Future[Choice | None]]]:
        """Yield the answers to come; those that nobody waits for any more are called off."""
        answers = list[Future[Choice | None]]()
        try:
            with suppress(RuntimeError):  # the executor is broken or shut down: what it was not sent is solved here
                for part in parts:
                    order = Order(part, self.watch.seconds_left(), self.watch.seed)
                    answers.append(self._executor.submit(solved_order, order))
            yield answers
        finally:
            for answer in answers:
                answer.cancel()

    def _either(self, part: Part, answer: Future[Choice | None] | None, solve_here: SolveHere) -> Choice | None:
        """Return the answer from elsewhere, or what this process finds before it comes."""
        if answer is None:
            return solve_here(part)
        with self.watch.apart() as until_answered:
            answer.add_done_callback(lambda done: until_answered.halt("request") if _good(done) else None)
            here = part.now if until_answered.over else solve_here(part, watch=until_answered)
        answer.cancel()
        return answer.result() if _good(answer) else here


def _good(answer: Future[Choice | None]) -> bool:
    """Say whether an answer has come, and is no failure."""
    return answer.done() and not answer.cancelled() and answer.exception() is None
