"""The watch over a search: reports of its progress, and the reasons to stop."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from threading import Event, Timer
from typing import Any, Literal

import numpy as np

StoppedBy = Literal["proof", "gap", "time", "request", "effort", "numerics"]
"""The reason why a search ended. "effort": more partnerships remain possible than the search can list at once.
"numerics": the relaxation could not be solved, even from a fresh start; the plan and the bound so far hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits of a search.

    Parameters
    ----------
    seconds
        The longest time of the search, in seconds, without the first compilation.
    gap
        The gap at which the search may stop, as a share of the cost: 0.01 is 1 %. 0 asks for proof.
    seed
        The random seed of GLOP, which changes the path of the search, and of CP-SAT. A proven plan costs the same with
        any seed.
    workers
        The number of threads; 0 means all cores. The answer is the same for any number.

    Examples
    --------
    >>> from partition import Limits
    >>> Limits(seconds=30, gap=0.01)
    Limits(seconds=30, gap=0.01, seed=1, workers=0)
    """

    seconds: float = 60.0
    gap: float = 0.0
    seed: int = 1
    workers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """The progress of a search. The stage is "possible", "fewest" or "cost".

    In stage "cost", cost and bound are in thousandths; in "fewest", in small schools unplaced; in "possible", in units
    by which rules are broken. Where the map has several `parts` that no partnership can join, all figures are those of
    one `part`: parts count from 1, the smallest first. `unplaced` is the number of small schools that the best plan
    leaves unplaced, None without a plan.
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
        """The gap, (cost - bound) / cost; None while either is unknown."""
        return gap(self.cost, self.bound)


def gap(cost: int | None, bound: int | None) -> float | None:
    """Return the largest share of the cost that another plan can save: 0 when proven, None if either is unknown."""
    if cost is None or bound is None:
        return None
    return 0.0 if cost <= bound else (cost - bound) / cost


class Watch:
    """The clock, the request to stop, and the receiver of progress, for one search. `halt` is safe from any thread."""

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
        self._look()  # at once, because the request may be older than the search
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _schedule(self) -> None:
        """Check the clock and the request a tenth of a second later, in another thread."""
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
        """Stop the search, with a reason; the first reason counts."""
        self.stopped_by = self.stopped_by or why
        self.stop[0] = True
        for stop in list(self._to_stop):
            stop()

    @property
    def over(self) -> bool:
        """Whether the search must stop."""
        return bool(self.stop[0])

    @property
    def why(self) -> StoppedBy | None:
        """The reason to stop, None so far; the relaxation may see that time is over before this watch looks again."""
        return self.stopped_by or ("time" if self.seconds() >= self.limits.seconds else None)

    def seconds(self) -> float:
        """Return the seconds since the search began."""
        return time.monotonic() - self._began

    def seconds_left(self) -> float:
        """Return the seconds until the limit, at least 0.05."""
        return max(0.05, self.limits.seconds - self.seconds())

    @contextmanager
    def stops(self, stop: Callable[[], None]) -> Iterator[None]:
        """Call `stop` when the search must end, as long as the context is open."""
        self._to_stop.append(stop)
        try:
            yield
        finally:
            self._to_stop.remove(stop)

    def quiet(self) -> Watch:
        """Return a copy with the same clock and request that reports no progress, for a part of the search."""
        part = copy(self)
        part._tell = None
        return part

    @contextmanager
    def apart(self) -> Iterator[Watch]:
        """Yield a quiet copy that can be halted alone, and is halted with this watch, for a part of the search."""
        part = self.quiet()
        part.stop, part._to_stop = np.zeros(1, dtype=bool), []
        with self.stops(lambda: part.halt(self.stopped_by or "request")):
            if self.over:
                part.halt(self.stopped_by or "request")
            yield part

    def tell(self, stage: str, doing: str, cost: int | None, bound: int | None) -> None:
        """Report the progress of the search to the receiver, if any."""
        if self._tell is not None:
            where: dict[str, Any] = {"unplaced": self.unplaced, "part": self.part, "parts": self.parts}
            self._tell(Progress(seconds=self.seconds(), stage=stage, doing=doing, cost=cost, bound=bound, **where))
