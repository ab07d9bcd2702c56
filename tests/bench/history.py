"""What a search knew, and when: cost, bound and gap at any second of a run, from what it told as it went on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from partition.solver import Progress, Run
from partition.solver.watch import gap


@dataclass(frozen=True, slots=True)
class Known:
    """Cost of the best plan and bound on every plan, in thousandths; None while not known."""

    seconds: float
    cost: int | None
    bound: int | None

    @property
    def gap(self) -> float | None:
        return gap(self.cost, self.bound)


@dataclass(slots=True)
class History:
    """Listens to a search. Events before its last question are left out: they were of another part of the map, or
    of plans that leave more schools unplaced. Within one question cost only falls and the bound only rises.
    """

    events: list[Progress] = field(default_factory=list)

    def tell(self, progress: Progress) -> None:
        if progress.stage == "cost":
            self.events.append(progress)

    def knowledge(self, run: Run) -> Sequence[Known]:
        """What was known of the whole map from each moment on, ending with what the run came to."""
        last = self._last_question()
        final = Known(run.seconds, None if run.cost is None else run.cost.total, run.bound)
        if not last or final.cost is None or final.bound is None or last[-1].cost is None or last[-1].bound is None:
            return [final]
        done_cost = final.cost - last[-1].cost  # of parts of the map done before
        done_bound = min(done_cost, final.bound - last[-1].bound)
        if done_cost < 0:  # the last question was not the one that the run answers
            return [final]
        return [
            Known(
                event.seconds,
                None if event.cost is None else event.cost + done_cost,
                None if event.bound is None else event.bound + done_bound,
            )
            for event in last
        ] + [final]

    def _last_question(self) -> Sequence[Progress]:
        first = 0
        for n, (before, now) in enumerate(zip(self.events, self.events[1:], strict=False), 1):
            costlier = before.cost is not None and (now.cost is None or now.cost > before.cost)
            looser = before.bound is not None and (now.bound is None or now.bound < before.bound)
            if costlier or looser:
                first = n
        return self.events[first:]


def known_at(seconds: float, knowledge: Sequence[Known]) -> Known:
    """What was known by then."""
    before = [known for known in knowledge if known.seconds <= seconds]
    return before[-1] if before else Known(seconds, None, None)


def seconds_to(gap_most: float, knowledge: Sequence[Known]) -> float | None:
    """When the gap was first that small; None where it never was."""
    return next((known.seconds for known in knowledge if known.gap is not None and known.gap <= gap_most), None)
