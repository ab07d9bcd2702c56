"""Partnerships whose every head would gain, compiled: the search of a block for groups that would rather be together.

A group tempts its heads at a gain g where each of them has at least g less to itself there than now. Members are chosen
depth first, one size of partnership at a time, as in `pricing`; but there a group must be cheap in sum, and here for
each of its heads. So every member has a bound of its own: what it has of the members so far, and of as many of its
cheapest others as are still to come. A branch ends as soon as one member cannot gain enough. Such groups are the
blocking coalitions of hedonic games (Banerjee, Konishi and Sönmez 2001; Bogomolnaia and Jackson 2002): a plan without
one is in the core.

Amounts are in thousandths a year: bounds in floating point with a margin, gains in 64-bit integers, rounded as `Tariff`
rounds them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from partition.solver.path import (
    HOST,
    LEFT,
    MISSING,
    PAIRS,
    ROTATE,
    TIE,
    TURN,
    Bools,
    Charges,
    Floats,
    Ints,
    Limits,
    Money,
    Nodes,
    Path,
    add_member,
    flags_within_reach,
    inner,
    new_path,
    nought,
    owed_with,
    remove_member,
    set_flags,
    within_most,
)
from partition.solver.pricing import CHECK_EVERY, cheapest_of, venue_if_allowed
from partition.solver.roots import Graph, block_of, nodes_about
from partition.solver.shares import own_minutes, own_price_within, shares_matter

MARGIN = 2.0  # thousandths, for rounding in floating point

COUNT, KEPT, GAIN, WORST = range(4)
"""Places in the state of a search: groups found, groups kept, the least gain that counts, the row of the least gain."""


class Wanted(NamedTuple):
    """The question: what each head has now, the head that must be a member (-1: any), and the least gain that counts.

    `now` is in thousandths, without what the head carries alone of links and change. `node` are the names of the nodes.
    """

    now: Ints
    node: Ints
    member: int
    gain_least: int
    count_most: int  # stop after that many groups; 0: keep the best that find room, and search to the end


class Groups(NamedTuple):
    """The rows that receive groups, with the least gain of the heads of each."""

    members: NDArray[np.int32]
    heads: Ints
    gain: Ints


@inner
def _pair_minutes(nodes: Nodes, money: Money, heads: int) -> Floats:
    """Return what each node has of each other in a partnership of `heads` heads, less half of what parting costs."""
    drive = 0.0
    if money.meet == ROTATE:
        drive = money.travel_numerator / (money.travel_denominator * heads)
    elif money.meet == PAIRS:
        drive = money.travel_numerator / (4.0 * money.travel_denominator)
    size = nodes.drives.shape[0]
    pair = np.zeros((size, size))
    for a in range(size):
        for b in range(size):
            if a != b:
                pair[a, b] = drive * nodes.drives[a, b] - nodes.halves[a, b]
    return pair


@inner
def _cheapest_others(pair: Floats, fits: Bools, most: int) -> Floats:
    """Return [c, j]: the sum of the j cheapest others of node c in the block, the root left out."""
    size = pair.shape[0]
    least = np.full((size, most + 1), np.inf)
    cheapest = np.empty(most + 1)
    for c in range(size):
        found = cheapest_of(pair, fits, c, cheapest)
        least[c, 0] = 0.0
        for j in range(found):
            least[c, j + 1] = least[c, j] + cheapest[j]
    return least


@inner
def _offer(
    nodes: Nodes, limits: Limits, money: Money, wanted: Wanted, members: Ints, state: Ints, groups: Groups
) -> None:
    """Count a partnership that is allowed and in which every head gains enough, and keep it where there is room."""
    least, here = np.int64(2**62), wanted.member < 0
    for place in range(members.shape[0]):
        here |= members[place] == wanted.member
        least = min(least, wanted.now[members[place]] - own_minutes(nodes, money, members, members[place], members[0]))
    if not here or least < state[GAIN]:
        return
    venue = venue_if_allowed(nodes, limits, members, money.meet == HOST)
    if venue < 0 or (shares_matter(money) and own_price_within(nodes, money, members, venue) < 0):
        return
    state[COUNT] += 1
    row, room = state[KEPT], groups.gain.shape[0]
    if row == room:
        row = state[WORST]
        if room == 0 or least <= groups.gain[row]:
            return
    else:
        state[KEPT] += 1
    for i in range(members.shape[0]):
        groups.members[row, i] = wanted.node[members[i]]
    groups.heads[row], groups.gain[row] = members.shape[0], least
    if state[KEPT] == room:
        state[WORST] = int(np.argmin(groups.gain))


@inner
def _bearable(path: Path, depth: int, c: int, wanted: int, sums: Floats, pair: Floats, rest: Floats, most: int) -> bool:
    """Say whether candidate c, and every member so far with candidate c, can still gain enough."""
    if sums[depth, c] + rest[c, wanted - 1] > most:
        return False
    for d in range(depth + 1):
        m = path.members[d]
        if sums[depth, m] + pair[m, c] + rest[m, wanted - 1] > most:
            return False
    return True


@inner
def _first_candidates(nodes: Nodes, money: Money, now: Ints, pair: Floats, path: Path, sums: Floats) -> None:
    """Set the candidates of the root, and what every node has with the root as a member, less what it has now."""
    count = 0
    for c in range(nodes.drives.shape[0]):
        sums[0, c] = pair[0, c] - now[c]
        if money.meet == HOST:
            sums[0, c] += nodes.drives[0, c] * (money.travel_numerator / money.travel_denominator)
        if c > 0 and nodes.fits[0, c] and (money.meet != HOST or nodes.venue_fits[0, c]):
            path.node[0, count] = c
            count += 1
    path.tally[0, LEFT] = count


@inner
def _next_candidates(
    nodes: Nodes, path: Path, depth: int, after: int, wanted: int, sums: Floats, pair: Floats, rest: Floats, most: float
) -> None:
    """Set the candidates of the next depth: those from `after` on that fit the new member and can still gain enough."""
    c, count = path.members[depth + 1], 0
    for i in range(nodes.drives.shape[0]):
        sums[depth + 1, i] = sums[depth, i] + pair[c, i]
    for j in range(after, path.tally[depth, LEFT]):
        other = path.node[depth, j]
        if nodes.fits[c, other] and sums[depth + 1, other] + rest[other, wanted - 1] <= most:
            path.node[depth + 1, count] = other
            count += 1
    path.tally[depth + 1, LEFT] = count


@inner
def _search_size(
    nodes: Nodes,
    limits: Limits,
    money: Money,
    charges: Charges,
    asked: Wanted,
    heads: int,
    state: Ints,
    stop: Bools,
    groups: Groups,
) -> bool:
    """Offer every group of one size with the root that can tempt; return False where the search was stopped."""
    now, keep_best = asked.now, asked.count_most == 0
    pair = _pair_minutes(nodes, money, heads)
    rest = _cheapest_others(pair, nodes.fits, heads - 1)
    path, sums = new_path(nodes, charges, heads), np.zeros((heads, nodes.drives.shape[0]))
    depth = root = nought()
    steps = 0
    in_ties = nodes.tie_sizes[nodes.facts[0, TIE]] - 1 if nodes.facts[0, TIE] >= 0 else 0
    add_member(nodes, charges, path, depth, root, 0.0, in_ties)
    _first_candidates(nodes, money, now, pair, path, sums)
    while depth >= 0:
        wanted = heads - depth - 1
        most = MARGIN - state[GAIN]
        if path.tally[depth, TURN] < 0:
            path.tally[depth, TURN] = 0
            if path.tally[depth, MISSING] > wanted:
                path.tally[depth, LEFT] = 0
            if limits.flags:
                set_flags(nodes, path, depth)
        turn, left = path.tally[depth, TURN], path.tally[depth, LEFT]
        go_on = turn + wanted <= left
        if go_on and limits.flags:
            go_on = flags_within_reach(limits, path, depth, turn)
        if not go_on:
            remove_member(nodes, charges, path, depth)
            depth -= 1
            continue
        path.tally[depth, TURN] += 1
        steps += 1
        if steps % CHECK_EVERY == 0 and stop[0]:
            return False
        c = path.node[depth, turn]
        if not _bearable(path, depth, c, wanted, sums, pair, rest, most):
            continue
        in_ties = owed_with(nodes, path, depth, c)
        if in_ties > wanted - 1 or not within_most(nodes, limits, path, depth, c):
            continue
        if wanted > 1:
            add_member(nodes, charges, path, depth + 1, c, 0.0, in_ties)
            _next_candidates(nodes, path, depth, turn + 1, wanted - 1, sums, pair, rest, most)
            depth += 1
            continue
        path.members[heads - 1] = c
        _offer(nodes, limits, money, asked, path.members[:heads], state, groups)
        if keep_best and state[KEPT] == groups.gain.shape[0]:
            state[GAIN] = max(state[GAIN], groups.gain[state[WORST]] + 1)
        elif not keep_best and state[COUNT] >= asked.count_most:
            return False
    return True


def search_tempting_of(sources: str) -> Callable[..., tuple[int, int, int]]:
    """Return the search for groups that tempt, to be compiled and kept while this is the digest of its sources."""

    def search_tempting(
        graph: Graph,
        limits: Limits,
        money: Money,
        wanted: Wanted,
        roots: Ints,
        all_near: bool,
        stop: Bools,
        groups: Groups,
    ) -> tuple[int, int, int]:
        """Write to `groups` the groups of these roots in which every head gains enough.

        Returns the number of groups kept, the number found, and the number of roots searched to the end. Where the best
        are kept, those found are counted only until the room is full.
        """
        sources  # noqa: B018 (in the closure, and so compared by numba's cache)
        place = np.full(graph.order.shape[0], -1, np.int64)
        none = np.zeros(0, np.int64)
        state = np.array([0, 0, wanted.gain_least, 0])
        for r in range(roots.shape[0]):
            if stop[0]:
                return state[KEPT], state[COUNT], r
            about = nodes_about(graph, roots[r], all_near)
            nodes = block_of(graph, about, place)
            start = np.zeros(about.shape[0] + 1, np.int64)
            charges = Charges(start[:-1], np.zeros((0, 0), np.int64), 0, start, none, start[:1], none, none, none)
            now, member = np.empty(about.shape[0], np.int64), -1 if wanted.member < 0 else -2
            for i in range(about.shape[0]):
                now[i] = wanted.now[about[i]]
                if about[i] == wanted.member:
                    member = i
            if member == -2:
                continue
            here = Wanted(now, about, member, wanted.gain_least, wanted.count_most)
            for heads in range(limits.heads_least, min(limits.heads_most, about.shape[0]) + 1):
                if not _search_size(nodes, limits, money, charges, here, heads, state, stop, groups):
                    return state[KEPT], state[COUNT], r
        return state[KEPT], state[COUNT], roots.shape[0]

    return search_tempting
