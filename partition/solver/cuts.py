"""Subset-row cuts of any size: a set S of headships holds at most |S| // d partnerships with d members in S.

Every node is in at most one partnership, so the sum of floor(|G and S| / d) over a plan's partnerships G is at most
floor(|S| / d): Chvatal-Gomory rounding of the rows of S, each times 1/d. With three nodes and d = 2 the cuts are those
of Jepsen, Petersen, Spoorendonk and Pisinger (2008). The proof for a county needs large sets: where partnerships of
four are cheapest, 35 headships cannot make nine partnerships of four.

The search adds nodes to a set one by one from each node, always the node that gains most, then exchanges single nodes.
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
EXCHANGED_MOST = 15  # in larger sets no nodes are exchanged
CUTS_PER_NODE = 4  # in one round, so that the cuts of a round are spread over the area
SMALL_SET = 20  # cuts of this many nodes or more are free of the limit above
NEARLY = 1e-6
EDGE = 1e-6


class Cut(NamedTuple):
    """A cut: the sum over partnerships of their members in `nodes` // `divisor` is at most len(nodes) // divisor."""

    nodes: tuple[int, ...]
    divisor: int

    @property
    def most(self) -> int:
        """The right-hand side of the cut."""
        return len(self.nodes) // self.divisor


def coefficients(columns: Columns, cuts: Sequence[Cut], size: int) -> csr_matrix:
    """Return a matrix: the coefficient of each column of the master (a row here) in each cut (a column here)."""
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
    """Return at most `most` violated cuts that are not known, the most violated first, in a fixed order.

    `used` is the value of each column in the relaxation. Sets have at most `largest` nodes; divisors are 2 to `heads`.
    `size` is the number of all nodes.
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
        for violation, nodes in _grown(support, divisor, np.array(limits)):
            cut = Cut(tuple(sorted(nodes.tolist())), divisor)
            if cut not in known:
                found[cut] = violation
    return _spread(found, most)


def _spread(found: dict[Cut, float], most: int) -> list[Cut]:
    """Return the most violated cuts, with at most `CUTS_PER_NODE` small cuts at each node."""
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
    """The columns with a fractional value: values, nodes by column, and columns by node, as flat arrays."""

    used: NDArray[np.float64]
    starts: Ints
    nodes: Ints
    node_starts: Ints
    columns: Ints


@njit(cache=True, nogil=True)
def _grown(support: _Support, divisor: int, limits: Ints) -> list[tuple[float, Ints]]:
    """Return violations and nodes: for each node, and each limit on size, the most violated set while one grows."""
    found = [(0.0, limits)][:0]  # so that the compiler knows what the list holds
    for seed in range(support.node_starts.shape[0] - 1):
        if support.node_starts[seed] == support.node_starts[seed + 1]:
            continue
        order, best_counts, best = _growth(support, divisor, limits, seed)
        for n in range(limits.shape[0]):
            count, violation = best_counts[n], best[n]
            if count == 0:
                count = 2 * divisor - 1
                if min(limits[n], order.shape[0]) < count:
                    continue
            nodes = order[:count].copy()
            if count <= EXCHANGED_MOST:
                violation = _exchange(support, divisor, nodes)
            if violation > VIOLATION_LEAST:
                found.append((violation, nodes))
    return found


@njit(cache=True, nogil=True)
def _growth(support: _Support, divisor: int, limits: Ints, seed: int) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return the nodes by which a set grows from `seed`; by limit on its size, where it is most violated; by how much.

    The next node is always the one that gains most; columns near the next multiple of `divisor` count a little.
    """
    size = support.node_starts.shape[0] - 1
    held, gains = np.zeros(support.used.shape[0], np.int64), np.zeros(size)
    inside, near = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
    order, reach, reached = np.zeros(min(limits[-1], size), np.int64), np.zeros(size, np.int64), 0
    counts, best = np.zeros(limits.shape[0], np.int64), np.zeros(limits.shape[0])
    value, node, n = 0.0, seed, 0
    near[seed] = True
    for count in range(1, order.shape[0] + 1):
        inside[node] = True
        order[count - 1] = node
        for j in range(support.node_starts[node], support.node_starts[node + 1]):
            column = support.columns[j]
            change = -_gain(support.used[column], held[column], divisor)
            held[column] += 1
            change += _gain(support.used[column], held[column], divisor)
            if held[column] % divisor == 0:
                value += support.used[column]
            for k in range(support.starts[column], support.starts[column + 1]):
                other = support.nodes[k]
                gains[other] += change
                if not near[other]:
                    near[other] = True
                    reach[reached] = other
                    reached += 1
        while count > limits[n]:
            n += 1
            counts[n], best[n] = counts[n - 1], best[n - 1]
        if value - count // divisor > best[n] + NEARLY:
            best[n], counts[n] = value - count // divisor, count
        node = _best_of(gains, inside, reach[:reached])
        if node < 0:
            order = order[:count]
            break
    counts[n + 1 :], best[n + 1 :] = counts[n], best[n]
    return order, counts, best


@njit(cache=True, nogil=True)
def _gain(used: float, held: int, divisor: int) -> float:
    """Return what one member more in a set gains by a column used so much, with so many members in the set."""
    after = (held + 1) % divisor
    if after == 0:
        return used
    return 0.25 * used * (after / divisor) ** 2 if held > 0 else 0.0


@njit(cache=True, nogil=True)
def _best_of(gains: NDArray[np.float64], inside: Bools, reach: Ints) -> int:
    """Return the node of `reach` outside the set that gains most, the first of those that gain the same, or -1."""
    best, best_gain = -1, -1.0
    for node in reach:
        if not inside[node]:
            gain = gains[node]
            if gain > best_gain + NEARLY or (gain > best_gain - NEARLY and node < best):
                best, best_gain = node, gain
    return best


@njit(cache=True, nogil=True)
def _exchange(support: _Support, divisor: int, nodes: Ints) -> float:
    """Exchange single nodes of `nodes` in place while the violation grows, and return the violation."""
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
