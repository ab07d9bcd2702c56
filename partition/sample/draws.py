"""Random draws that come out the same on any machine and with any version of NumPy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")
Floats = NDArray[np.float64]


class Draws:
    """One stream of draws for one purpose: changing what one stage draws leaves the others as they were.

    Only `Generator.random` is used. NumPy keeps its bit streams for ever but may change how `choice` or
    `normal` spend them, and normals go through the machine's logarithm.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._generator = np.random.default_rng([seed, crc32(purpose.encode())])

    def between(self, low: float, high: float) -> float:
        """One number from low to high."""
        return low + (high - low) * float(self._generator.random())

    def many(self, count: int | tuple[int, ...], low: float = 0.0, high: float = 1.0) -> Floats:
        """That many numbers from low to high."""
        return low + (high - low) * self._generator.random(count)

    def chance(self, probability: float) -> bool:
        """True that often."""
        return float(self._generator.random()) < probability

    def order(self, count: int) -> list[int]:
        """0 to count - 1, shuffled."""
        return [int(position) for position in np.argsort(self._generator.random(count), kind="stable")]

    def pick(self, items: Sequence[Item], weights: Sequence[float] | None = None) -> Item:
        """One of the items; as likely as its weight where weights are given."""
        if weights is None:
            return items[int(self.between(0, len(items)))]
        reached = np.cumsum(np.asarray(weights, dtype=np.float64))
        return items[int(np.searchsorted(reached, self.between(0, float(reached[-1])), side="right"))]
