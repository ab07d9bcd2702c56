"""Intervals of shares: how far a share of a few can lie from what it would be among many."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A share of a whole from 0 to 1, with the ends of its interval."""

    share: float
    low: float
    high: float

    @classmethod
    def of(cls, successes: int, trials: int, z: float) -> Interval:
        """Return the share of some trials (1 or more) with Wilson's interval."""
        low, high = wilson(successes, trials, z)
        return cls(share=successes / trials, low=low, high=high)

    @property
    def words(self) -> str:
        """Return the share and its interval in whole per cents, such as "50 % (25 to 75)"."""
        return f"{percent(self.share)} ({100 * self.low:.0f} to {100 * self.high:.0f})"


def percent(share: float) -> str:
    """Return a share from 0 to 1 in whole per cents: "60 %"."""
    return f"{100 * share:.0f} %"


def wilson(successes: int, trials: int, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share; 0 to 1 where there are no trials. `z` is the normal quantile.

    Source: E. B. Wilson, 1927; recommended for small counts by R. G. Newcombe, 1998.
    """
    if not trials:
        return 0.0, 1.0
    share = successes / trials
    middle = share + z * z / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)
