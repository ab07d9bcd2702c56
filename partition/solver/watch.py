"""Watching a search: what is reported as it goes on, and when it must stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any, Literal

import numpy as np

StoppedBy = Literal["proof", "gap", "time", "request", "effort"]
"""Why a search ended: "effort" is that more partnerships are still in question than it holds at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how hard to search. `workers` 0 means all cores; they never change the answer."""

    seconds: float = 60.0
    gap: float = 0.0
    seed: int = 1
    workers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a search stands. Cost and bound in thousandths; the stage is "possible", "fewest" or "cost".

    Where the map falls into `parts` that no partnership joins, all figures are those of one `part`: counted from 1, the
    smallest first. `unplaced` is how many small schools the best plan leaves unplaced, None before there is one.
    """

    seconds: float
    stage: str
    doing: str
    cost: int | None
    bound: int | None
    unplaced: int | None = None
    part: int = 1
    parts: int = 1

    @property
    def gap(self) -> float | None:
        """(cost - bound) / cost, None while either is unknown."""
        return gap(self.cost, self.bound)


def gap(cost: int | None, bound: int | None) -> float | None:
    """How much of the cost could still be saved at most; 0 when proven."""
    if cost is None or bound is None:
        return None
    return 0.0 if cost <= bound else (cost - bound) / cost


class Watch:
    """The clock, the request to stop, and who is told of progress. Raising a stop is safe from any thread."""

    def __init__(
        self, limits: Limits, tell: Callable[[Progress], None] | None = None, request: Event | None = None
    ) -> None:
        self.limits = limits
        self.seed = limits.seed
        self.stop = np.zeros(1, dtype=bool)  # read by compiled code
        self.stopped_by: StoppedBy | None = None
        self.part, self.parts = 1, 1  # which part of the map is searched, and of how many
        self.unplaced: int | None = None  # small schools, by the best plan of this part
        self._tell = tell
        self._request = request or Event()
        self._began = time.monotonic()
        self._to_stop: list[Callable[[], None]] = []
        self._timer: Timer | None = None

    def __enter__(self) -> Watch:
        self._look()  # at once: it may have been asked to stop beforehand
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _schedule(self) -> None:
        """Look at the clock and the request a few times a second, from a thread of its own."""
        self._timer = Timer(0.1, self._look)
        self._timer.daemon = True
        self._timer.start()

    def _look(self) -> None:
        if self._request.is_set():
            self.halt("request")
        elif self.seconds() >= self.limits.seconds:
            self.halt("time")
        else:
            self._schedule()

    def halt(self, why: StoppedBy) -> None:
        """Stop everything that is under way."""
        self.stopped_by = self.stopped_by or why
        self.stop[0] = True
        for stop in list(self._to_stop):
            stop()

    @property
    def over(self) -> bool:
        """Whether to stop."""
        return bool(self.stop[0])

    def seconds(self) -> float:
        """Since the search began."""
        return time.monotonic() - self._began

    def seconds_left(self) -> float:
        """Until the limit; a little at least."""
        return max(0.05, self.limits.seconds - self.seconds())

    @contextmanager
    def stops(self, stop: Callable[[], None]) -> Iterator[None]:
        """While inside, `stop` is called when the search must end."""
        self._to_stop.append(stop)
        try:
            yield
        finally:
            self._to_stop.remove(stop)

    def quiet(self) -> Watch:
        """The same clock and request, for a part of the search of which nobody is told."""
        part = copy(self)
        part._tell = None
        return part

    def tell(self, stage: str, doing: str, cost: int | None, bound: int | None) -> None:
        """Report where the search stands."""
        if self._tell is not None:
            where: dict[str, Any] = {"unplaced": self.unplaced, "part": self.part, "parts": self.parts}
            self._tell(Progress(seconds=self.seconds(), stage=stage, doing=doing, cost=cost, bound=bound, **where))
