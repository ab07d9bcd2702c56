"""Subset-row cuts of any size: of a set S of headships, at most |S| // d partnerships' worth of d have a place.

Every node is in one partnership at most, so sum of floor(|G and S| / d) over a plan's partnerships G is at most
floor(|S| / d): Chvatal and Gomory's rounding of the rows of S, each by 1/d. With three nodes and d = 2 these are the
triples of Jepsen, Petersen, Spoorendonk and Pisinger (2008). Large sets are what proves a county: where partnerships
of four are cheapest, no 35 headships hold nine of them.

Found by growing a set from each node, the next one always that which gains most, then by exchanging single nodes.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from partition.solver.columns import Columns
from partition.solver.space import Bools, Ints

VIOLATION_LEAST = 0.02
EXCHANGED_MOST = 15  # larger sets are left as they grew
CUTS_PER_NODE = 4  # of those found at once, so that a round does not dwell on one corner
SMALL_SET = 20  # larger ones may share nodes freely
NEARLY = 1e-6
EDGE = 1e-6


class Cut(NamedTuple):
    """At most len(nodes) // divisor partnerships' worth of `divisor` nodes of these."""

    nodes: tuple[int, ...]
    divisor: int

    @property
    def most(self) -> int:
        return len(self.nodes) // self.divisor


def coefficients(columns: Columns, cuts: Sequence[Cut], size: int) -> csr_matrix:
    """How much of each cut (column) each column of the master (row) takes up."""
    rows = [node for cut in cuts for node in cut.nodes]
    which = np.repeat(np.arange(len(cuts)), [len(cut.nodes) for cut in cuts])
    sets = csr_matrix((np.ones(len(rows), np.int64), (rows, which)), shape=(size, len(cuts)))
    held = (columns.incidence(size) @ sets).tocsr()
    divisors = np.array([cut.divisor for cut in cuts], dtype=np.int64)
    held.data //= divisors[held.indices]
    held.eliminate_zeros()
    return held


def violated(
    columns: Columns,
    used: NDArray[np.float64],
    size: int,
    known: Collection[Cut],
    *,
    most: int,
    largest: int,
    heads: int,
) -> list[Cut]:
    """The most violated cuts that are not known yet, in a fixed order.

    `used` says how much of each column the relaxation uses; sets have at most `largest` nodes, divisors go to `heads`.
    """
    some = (used > EDGE) & (used < 1 - EDGE)
    if not some.any():
        return []
    incidence = columns.take(some).incidence(size)
    by_node = incidence.T.tocsr()
    support = _Support(
        used[some],
        *(part.astype(np.int64) for part in (incidence.indptr, incidence.indices, by_node.indptr, by_node.indices)),
    )
    found: dict[Cut, float] = {}
    for divisor in range(2, heads + 1):
        limits = sorted({min(limit, largest) for limit in (2 * divisor - 1, 3 * divisor - 1, 8 * divisor - 1, largest)})
        for seed in np.flatnonzero(np.diff(support.node_starts)).tolist():
            for limit in limits:
                violation, nodes = _grown(support, divisor, limit, seed)
                cut = Cut(tuple(sorted(nodes.tolist())), divisor)
                if violation > VIOLATION_LEAST and cut not in known:
                    found[cut] = violation
    return _spread(found, most)


def _spread(found: dict[Cut, float], most: int) -> list[Cut]:
    """The most violated, small ones not too many about one node."""
    chosen: list[Cut] = []
    uses: dict[int, int] = {}
    for cut in sorted(found, key=lambda cut: (-round(found[cut], 6), len(cut.nodes), cut)):
        if len(chosen) == most:
            break
        if len(cut.nodes) < SMALL_SET:
            if any(uses.get(node, 0) >= CUTS_PER_NODE for node in cut.nodes):
                continue
            for node in cut.nodes:
                uses[node] = uses.get(node, 0) + 1
        chosen.append(cut)
    return chosen


class _Support(NamedTuple):
    """Columns used in part: how much, their nodes, and the columns of each node, flat."""

    used: NDArray[np.float64]
    starts: Ints
    nodes: Ints
    node_starts: Ints
    columns: Ints


@njit(cache=True, nogil=True)
def _grown(support: _Support, divisor: int, largest: int, seed: int) -> tuple[float, Ints]:
    """The most violated set met while growing one from a node, and by how much."""
    size = support.node_starts.shape[0] - 1
    held = np.zeros(support.used.shape[0], np.int64)
    inside, near = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    order, reach = np.zeros(min(largest, size), np.int64), np.zeros(size, np.int64)
    reached, best, best_count = 0, 0.0, 0
    value, node = 0.0, seed
    near[seed] = True
    for count in range(1, order.shape[0] + 1):
        inside[node] = True
        order[count - 1] = node
        for j in range(support.node_starts[node], support.node_starts[node + 1]):
            column = support.columns[j]
            held[column] += 1
            if held[column] % divisor == 0:
                value += support.used[column]
            for k in range(support.starts[column], support.starts[column + 1]):
                other = support.nodes[k]
                if not near[other]:
                    near[other] = True
                    reach[reached] = other
                    reached += 1
        if value - count // divisor > best + NEARLY:
            best, best_count = value - count // divisor, count
        node = _best_next(support, divisor, held, inside, reach[:reached])
        if node < 0:
            break
    if best_count == 0:
        best_count = 2 * divisor - 1
        if order.shape[0] < best_count or node < 0:
            return 0.0, order[:1]
    nodes = order[:best_count].copy()
    if best_count <= EXCHANGED_MOST:
        best = _exchange(support, divisor, nodes)
    return best, nodes


@njit(cache=True, nogil=True)
def _best_next(support: _Support, divisor: int, held: Ints, inside: Bools, reach: Ints) -> int:
    """The node near by that gains most; columns on their way to the next multiple count a little."""
    best, best_gain = -1, -1.0
    for node in reach:
        if inside[node]:
            continue
        gain = 0.0
        for j in range(support.node_starts[node], support.node_starts[node + 1]):
            column = support.columns[j]
            after = (held[column] + 1) % divisor
            if after == 0:
                gain += support.used[column]
            elif held[column] > 0:
                gain += 0.25 * support.used[column] * (after / divisor) ** 2
        if gain > best_gain + NEARLY or (gain > best_gain - NEARLY and node < best):
            best, best_gain = node, gain
    return best


@njit(cache=True, nogil=True)
def _exchange(support: _Support, divisor: int, nodes: Ints) -> float:
    """Exchange single nodes while that gains; changes `nodes`, returns the violation."""
    size = support.node_starts.shape[0] - 1
    held = np.zeros(support.used.shape[0], np.int64)
    inside = np.zeros(size, np.bool_)
    for node in nodes:
        inside[node] = True
        for j in range(support.node_starts[node], support.node_starts[node + 1]):
            held[support.columns[j]] += 1
    for _ in range(20):
        best_gain, best_out, best_in = NEARLY, -1, -1
        near, reach, reached = np.zeros(size, np.bool_), np.zeros(size, np.int64), 0
        for i in range(nodes.shape[0]):
            for j in range(support.node_starts[nodes[i]], support.node_starts[nodes[i] + 1]):
                column = support.columns[j]
                for k in range(support.starts[column], support.starts[column + 1]):
                    if not near[support.nodes[k]]:
                        near[support.nodes[k]] = True
                        reach[reached] = support.nodes[k]
                        reached += 1
        for i in range(nodes.shape[0]):
            out, loss = nodes[i], 0.0
            for j in range(support.node_starts[out], support.node_starts[out + 1]):
                column = support.columns[j]
                if held[column] % divisor == 0:
                    loss += support.used[column]
                held[column] -= 1
            for node in reach[:reached]:
                if inside[node]:
                    continue
                gain = -loss
                for j in range(support.node_starts[node], support.node_starts[node + 1]):
                    if (held[support.columns[j]] + 1) % divisor == 0:
                        gain += support.used[support.columns[j]]
                if gain > best_gain:
                    best_gain, best_out, best_in = gain, i, node
            for j in range(support.node_starts[out], support.node_starts[out + 1]):
                held[support.columns[j]] += 1
        if best_out < 0:
            break
        out = nodes[best_out]
        inside[out], inside[best_in] = False, True
        nodes[best_out] = best_in
        for j in range(support.node_starts[out], support.node_starts[out + 1]):
            held[support.columns[j]] -= 1
        for j in range(support.node_starts[best_in], support.node_starts[best_in + 1]):
            held[support.columns[j]] += 1
    value = 0.0
    for column in range(held.shape[0]):
        value += support.used[column] * (held[column] // divisor)
    return float(value - nodes.shape[0] // divisor)
