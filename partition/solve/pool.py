"""The pool: every partnership met so far, with its cost. What is true of one stays true whatever is asked next."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from partition.solve.space import Ints, SearchSpace

Members = tuple[int, ...]


class Pool:
    """Distinct partnerships as ascending nodes, in the order they were met, and their costs in thousandths."""

    def __init__(self, space: SearchSpace) -> None:
        self.space = space
        self.members: list[Members] = []
        self.costs: list[int] = []  # the whole cost, what members carry included
        self._place: dict[Members, int] = {}

    def __len__(self) -> int:
        return len(self.members)

    def add(self, found: Iterable[tuple[Members, int]]) -> list[int]:
        """Put in those that are new; returns their places."""
        fresh = []
        for members, cost in found:
            if members not in self._place:
                self._place[members] = len(self.members)
                fresh.append(len(self.members))
                self.members.append(members)
                self.costs.append(cost)
        return fresh

    def place(self, members: Members) -> int:
        """Where a partnership stands; KeyError if it was never met."""
        return self._place[members]


class Incidence:
    """Which nodes some partnerships of a pool have, flat, for sums over members at once."""

    def __init__(self, members: list[Members]) -> None:
        sizes = np.array([len(m) for m in members], dtype=np.int64)
        self.flat = np.array([node for m in members for node in m], dtype=np.int64)
        self.starts = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64) if members else sizes

    def sums(self, by_node: NDArray[np.int64]) -> Ints:
        """By partnership, the sum over its members."""
        if not len(self.starts):
            return np.zeros(0, dtype=np.int64)
        return np.add.reduceat(by_node[self.flat], self.starts).astype(np.int64)
