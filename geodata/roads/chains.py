"""Lines cut at junctions: runs of segments between nodes where a car has a choice, found by list ranking.

The ranking is by pointer jumping (J. C. Wyllie, The complexity of parallel computations, 1979).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.reach import Indices


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Runs of segments: `half[starts[i]:starts[i + 1]]` are the half-segments of chain i, in order.

    Half-segment 2s goes along segment s, 2s + 1 against it.
    """

    half: Indices
    starts: Indices


def cut_into_chains(tail: Indices, head: Indices, is_stop: NDArray[np.bool_]) -> Chains:
    """Return runs of the segments tail[s]-head[s], through nodes that have two ends and are no stop.

    A ring gets one stop.
    """
    ends = np.bincount(np.concatenate([tail, head]), minlength=len(is_stop))
    stop = is_stop | (ends != 2)
    while True:
        final, steps = _ranked(_following(tail, head, stop))
        endless = final < 0
        if not endless.any():
            break
        stop[_one_of_each_ring(tail, head, np.flatnonzero(endless[::2]))] = True
    back = final[np.arange(len(final)) ^ 1]
    kept = np.flatnonzero(final > back)  # one of a chain's two directions, always the same
    order = kept[np.lexsort((-steps[kept], final[kept]))]
    starts = np.flatnonzero(np.diff(final[order], prepend=-1))
    return Chains(order, np.append(starts, len(order)))


def _following(tail: Indices, head: Indices, stop: NDArray[np.bool_]) -> Indices:
    """Return, for each half-segment, the next one where a car can only go on; else -1."""
    leaves = np.column_stack([tail, head]).ravel()  # half 2s leaves tail[s], 2s + 1 leaves head[s]
    arrives = np.column_stack([head, tail]).ravel()
    order = np.argsort(leaves, kind="stable")
    first = np.searchsorted(leaves[order], arrives)
    through = ~stop[arrives]
    one = order[first]
    two = order[np.minimum(first + 1, len(order) - 1)]
    onward = np.where(one == np.arange(len(leaves)) ^ 1, two, one)
    return np.where(through, onward, -1)


def _ranked(following: Indices) -> tuple[Indices, Indices]:
    """Return, for each half-segment, the last one of its run and the steps to that end, by doubling; -1 in a ring."""
    here = np.arange(len(following))
    jump = np.where(following < 0, here, following)
    steps = (following >= 0).astype(np.int64)
    for _ in range(len(following).bit_length() + 1):
        onward = jump[jump]
        if (onward == jump).all():
            break
        steps = steps + steps[jump]
        jump = onward
    return np.where(following[jump] < 0, jump, -1), steps


def _one_of_each_ring(tail: Indices, head: Indices, segments: Indices) -> Indices:
    nodes, places = np.unique(np.concatenate([tail[segments], head[segments]]), return_inverse=True)
    pairs = places.reshape(2, -1)
    ones = np.ones(len(segments), dtype=np.int8)
    graph = coo_array((ones, (pairs[0], pairs[1])), shape=(len(nodes), len(nodes)))
    label = connected_components(graph, directed=False)[1]
    return nodes[np.unique(label, return_index=True)[1]]
