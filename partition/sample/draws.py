"""Random draws that are the same on any machine and with any version of NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")
Floats = NDArray[np.float64]


class Draws:
    """A stream of random draws for one purpose: a change in one purpose leaves the draws of all others unchanged.

    Only `Generator.random` is used. NumPy promises the same bit stream in every version, but not the same results of
    `choice` or `normal`; and `normal` depends on the machine's logarithm.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._generator = np.random.default_rng([seed, crc32(purpose.encode())])

    def between(self, low: float, high: float) -> float:
        """Return a number from `low` to `high`."""
        return low + (high - low) * float(self._generator.random())

    def many(self, count: int | tuple[int, ...], low: float = 0.0, high: float = 1.0) -> Floats:
        """Return an array of numbers from `low` to `high`; `count` is its length or its shape."""
        return low + (high - low) * self._generator.random(count)

    def chance(self, probability: float) -> bool:
        """Return True with this probability."""
        return float(self._generator.random()) < probability

    def order(self, count: int) -> list[int]:
        """Return the numbers 0 to `count` - 1 in random order."""
        return [int(position) for position in np.argsort(self._generator.random(count), kind="stable")]

    def pick(self, items: Sequence[Item], weights: Sequence[float] | None = None) -> Item:
        """Return one of the items, with chances in proportion to `weights`; without weights all chances are equal."""
        if weights is None:
            return items[int(self.between(0, len(items)))]
        reached = np.cumsum(np.asarray(weights, dtype=np.float64))
        return items[int(np.searchsorted(reached, self.between(0, float(reached[-1])), side="right"))]
