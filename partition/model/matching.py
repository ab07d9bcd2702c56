"""Which partnership of one plan continues which of another, and who changes companions between them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np


def successors(old: Sequence[Collection[int]], new: Sequence[Collection[int]]) -> dict[int, int]:
    """Position in `old` to position in `new`: one to one, so that as many members as possible stay together.

    A group that shares nobody with its match has none. Members are headships, each in at most one group of a side.
    """
    from scipy.optimize import linear_sum_assignment

    shared = np.array([[len(set(one) & set(other)) for other in new] for one in old]).reshape(len(old), len(new))
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if shared[i, j]}


def movers(old: Sequence[Collection[int]], new: Sequence[Collection[int]]) -> set[int]:
    """Members of `old` that are not in the group that continues theirs."""
    stayed = (set(old[i]) & set(new[j]) for i, j in successors(old, new).items())
    return set().union(*old) - set().union(*stayed)


def moved(old: Sequence[Collection[int]], new: Sequence[Collection[int]]) -> int:
    """How many they are."""
    return len(movers(old, new))
