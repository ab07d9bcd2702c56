"""The partnership of a later plan that continues each partnership of an earlier plan, and the headships that move."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np


def successors(old: Sequence[Collection[int]], new: Sequence[Collection[int]]) -> dict[int, int]:
    """Match groups one to one so that most members stay; return the position in `new` by position in `old`.

    Members are headships, each in at most one group of `old` and one of `new`. A pair of groups without a common member
    is no match and is left out. A head by itself continues no partnership that had several.
    """
    from scipy.optimize import linear_sum_assignment

    stay = [[_stay(set(one), set(other)) for other in new] for one in old]
    shared = np.array(stay).reshape(len(old), len(new))
    rows, columns = linear_sum_assignment(shared, maximize=True)
    return {int(i): int(j) for i, j in zip(rows, columns, strict=True) if shared[i, j]}


def _stay(old: set[int], new: set[int]) -> int:
    return 0 if len(new) == 1 < len(old) else len(old & new)


def movers(old: Sequence[Collection[int]], new: Sequence[Collection[int]]) -> set[int]:
    """Return the members of groups of `old` that are not in the group of `new` that continues their own."""
    stayed = (set(old[i]) & set(new[j]) for i, j in successors(old, new).items())
    return set().union(*old) - set().union(*stayed)


def moved(old: Sequence[Collection[int]], new: Sequence[Collection[int]]) -> int:
    """Return the number of `movers`."""
    return len(movers(old, new))
