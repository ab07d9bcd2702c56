"""Pricing root by root, compiled: the block around each root as small dense arrays, and the search of the block.

The whole graph stays sparse. A block is made just before its search: the root and its neighbours of higher rank (all
neighbours where roots are venues), so that every partnership has exactly one root.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partition.solver.path import Bools, Charges, Ints, Limits, Money, Nodes, Output, Words, inner, nought
from partition.solver.pricing import search_block


class Graph(NamedTuple):
    """All nodes, and the neighbours of each node in flat arrays, in ascending order."""

    starts: Ints
    others: Ints
    drives: Ints  # there and back
    halves: Ints  # half of the price of parting the two
    venue_fits: Bools
    order: Ints  # rank by node; the member of the lowest rank is the root
    facts: Ints  # by node, fact
    tie_sizes: Ints
    value_bits: Words
    values_most: Ints
    carried: Ints
    together: Ints  # by pair of neighbours, the price of the two in one partnership; empty where there is none
    own: Ints  # by node, what the head carries alone of its own minutes
    today: Bools  # by partnership of today, node


class Tariffs(NamedTuple):
    """The charges of the master for the whole graph, in micro-units."""

    node: Ints
    pair: Ints  # in the order of the graph's neighbours; empty where no pair is charged
    fixed: Ints  # by label; the first is for no label
    kept: int  # for each member that is in the label's partnership today
    cut_start: Ints  # by node, where its cuts begin
    cut_list: Ints
    cut_divisor: Ints
    cut_price: Ints


class Found(NamedTuple):
    """The rows that receive columns, and the least reduced cost of each root (0 if none is negative)."""

    members: NDArray[np.int32]
    heads: Ints
    cost: Ints
    price: Ints
    label: Ints
    least: Ints


@inner
def nodes_about(graph: Graph, root: int, all_near: bool) -> Ints:
    """Return the root and the nodes of its block."""
    first, last = graph.starts[root], graph.starts[root + 1]
    nodes = np.empty(last - first + 1, np.int64)
    nodes[0], count = root, 1
    for x in range(first, last):
        other = graph.others[x]
        if all_near or graph.order[other] > graph.order[root]:
            nodes[count] = other
            count += 1
    return nodes[:count]


@inner
def block_of(graph: Graph, nodes: Ints, place: Ints) -> Nodes:
    """Return the block of some nodes as dense arrays. `place` holds -1 everywhere, before and after."""
    size = nodes.shape[0]
    drives, halves = np.zeros((size, size), np.int64), np.zeros((size, size), np.int64)
    paired = size if graph.together.shape[0] else 0
    together, own = np.zeros((paired, paired), np.int64), np.empty(size, np.int64)
    fits, venue_fits = np.zeros((size, size), np.bool_), np.zeros((size, size), np.bool_)
    for i in range(size):
        place[nodes[i]] = i
    for i in range(size):
        venue_fits[i, i] = True
        own[i] = graph.own[nodes[i]]
        for x in range(graph.starts[nodes[i]], graph.starts[nodes[i] + 1]):
            j = place[graph.others[x]]
            if j >= 0:
                drives[i, j], halves[i, j] = graph.drives[x], graph.halves[x]
                fits[i, j], venue_fits[i, j] = True, graph.venue_fits[x]
                if paired:
                    together[i, j] = graph.together[x]
    for node in nodes:
        place[node] = -1
    bits = np.zeros((graph.value_bits.shape[0], size, graph.value_bits.shape[2]), np.uint64)
    facts = np.zeros((size, graph.facts.shape[1]), np.int64)
    for i in range(size):
        for fact in range(graph.facts.shape[1]):
            facts[i, fact] = graph.facts[nodes[i], fact]
        for rule in range(bits.shape[0]):
            for word in range(bits.shape[2]):
                bits[rule, i, word] = graph.value_bits[rule, nodes[i], word]
    return Nodes(drives, halves, fits, venue_fits, facts, graph.tie_sizes, bits, graph.values_most, together, own)


@inner
def _pairs(graph: Graph, tariffs: Tariffs, nodes: Ints, place: Ints) -> Ints:
    """Return the charges on pairs of some nodes, dense. `place` holds -1 everywhere, before and after."""
    size = nodes.shape[0] if tariffs.pair.shape[0] else 0
    dense = np.zeros((size, size), np.int64)
    for i in range(size):
        place[nodes[i]] = i
    for i in range(size):
        for x in range(graph.starts[nodes[i]], graph.starts[nodes[i] + 1]):
            j = place[graph.others[x]]
            if j >= 0:
                dense[i, j] = tariffs.pair[x]
    for i in range(size):
        place[nodes[i]] = -1
    return dense


@inner
def _cuts(tariffs: Tariffs, nodes: Ints, seen: Ints) -> tuple[Ints, Ints, Ints, Ints, Ints, Ints]:
    """Return the cuts with at least `divisor` of some nodes, as arrays for `Charges`.

    `seen` holds 0 everywhere, before and after.
    """
    size, touched, total = nodes.shape[0], 0, 0
    for node in nodes:
        for x in range(tariffs.cut_start[node], tariffs.cut_start[node + 1]):
            touched += seen[tariffs.cut_list[x]] == 0
            seen[tariffs.cut_list[x]] += 1
    cuts, number, count = np.empty(touched, np.int64), np.empty(touched, np.int64), 0
    for node in nodes:
        for x in range(tariffs.cut_start[node], tariffs.cut_start[node + 1]):
            cut = tariffs.cut_list[x]
            if seen[cut] >= tariffs.cut_divisor[cut]:
                cuts[count], number[count] = cut, seen[cut]
                total += seen[cut]
                seen[cut] = -count - 1  # from here on its number in this block
                count += 1
    start, flat = np.zeros(size + 1, np.int64), np.empty(total, np.int64)
    node_start, node_list = np.zeros(count + 1, np.int64), np.empty(total, np.int64)
    filled, at = np.zeros(count, np.int64), 0
    for local in range(count):
        filled[local] = node_start[local]
        node_start[local + 1] = node_start[local] + number[local]
    for i in range(size):
        for x in range(tariffs.cut_start[nodes[i]], tariffs.cut_start[nodes[i] + 1]):
            local = -seen[tariffs.cut_list[x]] - 1
            if local >= 0:
                flat[at] = local
                at += 1
                node_list[filled[local]] = i
                filled[local] += 1
        start[i + 1] = at
    for node in nodes:
        for x in range(tariffs.cut_start[node], tariffs.cut_start[node + 1]):
            seen[tariffs.cut_list[x]] = 0
    divisor, price = np.empty(count, np.int64), np.empty(count, np.int64)
    for local in range(count):
        divisor[local], price[local] = tariffs.cut_divisor[cuts[local]], tariffs.cut_price[cuts[local]]
    return start, flat, node_start, node_list, divisor, price


@inner
def _worth_it(graph: Graph, tariffs: Tariffs, nodes: Ints, label: int, keep_best: bool, heads_most: int) -> bool:
    """Say whether columns with a label are worth a search.

    Some member must stay in the label's partnership; with `keep_best` the label must be able to lower the reduced cost.
    """
    stay = 0
    for node in nodes:
        stay += graph.today[label, node]
    gain = tariffs.kept * min(stay, heads_most) + tariffs.fixed[label + 1] - tariffs.fixed[0]
    return stay > 0 and (not keep_best or gain < 0)


@inner
def _settle(graph: Graph, nodes: Ints, found: Found, first: int, last: int, label: int) -> None:
    """Replace places in a block by ascending nodes, and add to costs the halves that members carry alone."""
    for n in range(first, last):
        members, heads = found.members[n], found.heads[n]
        for i in range(heads):
            node = nodes[members[i]]
            found.cost[n] += graph.carried[node]
            j = i
            while j > 0 and members[j - 1] > node:
                members[j] = members[j - 1]
                j -= 1
            members[j] = node
        members[heads:] = -1
        found.label[n] = label


def search_roots_of(sources: str) -> Callable[..., tuple[int, bool]]:
    """Return the search of roots, to be compiled and kept while this is the digest of its sources."""

    def search_roots(
        graph: Graph,
        limits: Limits,
        money: Money,
        tariffs: Tariffs,
        roots: Ints,
        all_near: bool,
        threshold: int,
        each: int,
        steps_most: int,
        stop: Bools,
        found: Found,
    ) -> tuple[int, bool]:
        """Write columns of roots with a reduced cost of at most `threshold` to `found`.

        The columns are the `each` best of a root and label, or, where `each` is 0, all until `found` is full. The
        search of a root and label stops after `steps_most` steps (0: no limit).
        Returns the number of columns, and whether all roots were searched to the end.
        """
        sources  # noqa: B018 (in the closure, and so compared by numba's cache)
        place = np.full(graph.order.shape[0], -1, np.int64)
        seen = np.zeros(tariffs.cut_price.shape[0], np.int64)
        count, finished = nought(), True
        for r in range(roots.shape[0]):
            nodes = nodes_about(graph, roots[r], all_near)
            if nodes.shape[0] < limits.heads_least:
                continue
            block, cuts = block_of(graph, nodes, place), _cuts(tariffs, nodes, seen)
            pairs = _pairs(graph, tariffs, nodes, place)
            for label in range(-1, graph.today.shape[0]):
                if label >= 0 and not _worth_it(graph, tariffs, nodes, label, each > 0, limits.heads_most):
                    continue
                by_node = np.empty(nodes.shape[0], np.int64)
                for i in range(nodes.shape[0]):
                    by_node[i] = tariffs.node[nodes[i]]
                    if label >= 0 and graph.today[label, nodes[i]]:
                        by_node[i] += tariffs.kept
                charges = Charges(by_node, pairs, tariffs.fixed[label + 1], *cuts)
                last = count + each if each else found.cost.shape[0]
                output = Output(
                    found.members[count:last], found.heads[count:last], found.cost[count:last], found.price[count:last]
                )
                more, least, ended = search_block(
                    block, limits, money, charges, threshold, each > 0, steps_most, stop, output
                )
                _settle(graph, nodes, found, count, count + more, label)
                count += more
                found.least[r] = min(found.least[r], least)
                if not ended:
                    finished = False
                    if stop[0] or each == 0:
                        return count, False
        return count, finished

    return search_roots
