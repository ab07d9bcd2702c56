"""Columns: partnerships as rows of nodes, each with its cost, which is the same in every stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from partition.solver.space import Bools, Ints

Members = tuple[int, ...]
NO_LABEL = -1


@dataclass(frozen=True, slots=True)
class Columns:
    """Distinct partnerships, one in each row.

    `members` holds ascending nodes, and -1 after the last. `costs` are full costs, in whole thousandths a year.
    `labels` are the numbers of the partnerships of today that the rows succeed (-1: none), where a rule needs them.
    """

    members: NDArray[np.int32]
    costs: Ints
    labels: Ints

    @classmethod
    def none(cls, width: int) -> Columns:
        """Return an empty table for columns of at most `width` members."""
        return cls(np.full((0, width), -1, np.int32), np.zeros(0, np.int64), np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.costs)

    def take(self, where: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Columns:
        """Return some of the columns, by positions, by a mask or by a slice."""
        return Columns(self.members[where], self.costs[where], self.labels[where])

    def tuples(self) -> list[Members]:
        """Return the members of each column."""
        return [tuple(row[row >= 0].tolist()) for row in self.members]

    def among(self, nodes: Sequence[int], width: int) -> Columns:
        """Return columns within some nodes, renumbered by their order here, `width` members wide, without labels."""
        inside = set(nodes)
        place = {node: n for n, node in enumerate(nodes)}
        pairs = zip(self.tuples(), self.costs.tolist(), strict=True)
        costs = {tuple(place[node] for node in members): cost for members, cost in pairs if inside.issuperset(members)}
        return columns_of(costs, width)

    def keys(self) -> list[bytes]:
        """Return a key for each column, by its members and label."""
        rows = np.concatenate([self.members, self.labels[:, None].astype(np.int32)], axis=1)
        return [row.tobytes() for row in np.ascontiguousarray(rows)]

    def incidence(self, size: int) -> csr_matrix:
        """Return a matrix with a row for each of these columns and a column for each node: 1 for a member, else 0."""
        there = self.members >= 0
        starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
        nodes = self.members[there]
        return csr_matrix((np.ones(len(nodes), np.int64), nodes, starts), shape=(len(self), size))

    def kept(self, today: Bools) -> Ints:
        """Return by column the number of members that are in the partnership of its label today; 0 without a label.

        `today` has the shape (partnership of today, node).
        """
        alike = today[self.labels[:, None], self.members] & (self.members >= 0)
        return np.where(self.labels >= 0, alike.sum(axis=1), 0).astype(np.int64)


def columns_of(costs: Mapping[Members, int], width: int) -> Columns:
    """Return columns, without labels, from a cost for each tuple of members."""
    members = np.full((len(costs), width), -1, np.int32)
    for row, nodes in zip(members, costs, strict=True):
        row[: len(nodes)] = nodes
    labels = np.full(len(costs), NO_LABEL, dtype=np.int64)
    return Columns(members, np.array(list(costs.values()), dtype=np.int64), labels)


def joined(parts: Sequence[Columns]) -> Columns:
    """Join columns in order. At least one part is needed, and all parts must have one width."""
    if len(parts) == 1:
        return parts[0]
    return Columns(
        np.concatenate([part.members for part in parts]),
        np.concatenate([part.costs for part in parts]),
        np.concatenate([part.labels for part in parts]),
    )


class Pool:
    """All columns found so far, each once, in the order found."""

    def __init__(self, width: int) -> None:
        self._parts = [Columns.none(width)]
        self._keys: set[bytes] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def add(self, columns: Columns) -> Columns:
        """Add the columns that are new, and return those."""
        fresh = []
        for n, key in enumerate(columns.keys()):
            if key not in self._keys:
                self._keys.add(key)
                fresh.append(n)
        new = columns.take(np.array(fresh, dtype=np.int64))
        if fresh:
            self._parts.append(new)
        return new

    @property
    def columns(self) -> Columns:
        """All columns of the pool."""
        self._parts = [joined(self._parts)]
        return self._parts[0]
