"""The time that a study may spend on searches, shared out among them."""

from __future__ import annotations

import time
from dataclasses import replace

from partition.solver import Limits

SECONDS_LEAST = 6.0
SHARE_OF_A_PLAN = 10  # an explanation may take a tenth of the time that a plan may
SHARE_OF_THE_REST = 4  # a search may take a quarter of what is left


class Purse:
    """Seconds of computing left for searches. A search that is stopped by this says that its plan is not proven.

    Who searches asks before each piece of work whether the purse `refuses`, and searches within its `limits`. `cut`
    says whether anything was refused, or ended by time without an answer, since the work in hand began.
    """

    def __init__(self, limits: Limits, seconds: float | None = None) -> None:
        self._limits = limits
        self._seconds = max(SECONDS_LEAST, limits.seconds / SHARE_OF_A_PLAN) if seconds is None else seconds
        self._began = time.process_time()
        self.cut = False

    @classmethod
    def without_end(cls, limits: Limits) -> Purse:
        """Return a purse that is never empty: each search may take as long as its limits say."""
        return cls(limits, float("inf"))

    @classmethod
    def of_a_plan(cls, limits: Limits) -> Purse:
        """Return a purse of as much time as a plan may take."""
        return cls(limits, max(SECONDS_LEAST, limits.seconds))

    @property
    def _left(self) -> float:
        return self._seconds - (time.process_time() - self._began)

    @property
    def empty(self) -> bool:
        """Return whether all is spent."""
        return self._left <= 0

    def refuses(self) -> bool:
        """Return whether all is spent, and if so note that something was left out."""
        empty = self.empty
        self.cut = self.cut or empty
        return empty

    def begin(self) -> None:
        """Note that nothing is left out of what begins now."""
        self.cut = False

    def fell_short(self) -> None:
        """Note that time ended a search before its answer."""
        self.cut = True

    @property
    def limits(self) -> Limits:
        """Return the limits of the next search."""
        if self._seconds == float("inf"):
            return self._limits
        seconds = min(self._limits.seconds, max(self._left, 0) / SHARE_OF_THE_REST)
        return replace(self._limits, seconds=seconds, workers=1)
