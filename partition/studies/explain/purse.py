"""The time that an explanation may spend on searches, shared out among them."""

from __future__ import annotations

import time
from dataclasses import replace

from partition.solver import Limits

SECONDS_LEAST = 6.0
SHARE_OF_A_PLAN = 10  # an explanation may take a tenth of the time that a plan may
SHARE_OF_THE_REST = 4  # a search may take a quarter of what is left


class Purse:
    """Seconds of computing left for searches. A search that is stopped by this says that its plan is not proven."""

    def __init__(self, limits: Limits, seconds: float | None = None) -> None:
        self._limits = limits
        self._seconds = max(SECONDS_LEAST, limits.seconds / SHARE_OF_A_PLAN) if seconds is None else seconds
        self._began = time.process_time()

    @classmethod
    def without_end(cls, limits: Limits) -> Purse:
        """Return a purse that is never empty: each search may take as long as its limits say."""
        return cls(limits, float("inf"))

    @property
    def _left(self) -> float:
        return self._seconds - (time.process_time() - self._began)

    @property
    def empty(self) -> bool:
        return self._left <= 0

    @property
    def limits(self) -> Limits:
        """Return the limits of the next search."""
        if self._seconds == float("inf"):
            return self._limits
        seconds = min(self._limits.seconds, max(self._left, 0) / SHARE_OF_THE_REST)
        return replace(self._limits, seconds=seconds, workers=1)
