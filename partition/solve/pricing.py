"""Exact pricing, compiled: every partnership of a block whose reduced cost is low enough, or the best few.

For each target size (a rotating venue divides by it, which breaks bounds that let the size grow) members are chosen
depth first. At every step each candidate is scored with the least it can add: its price so far, plus half of the
cheapest pairs it could still form, plus half of every cut penalty it alone would trigger. Candidates are tried in
order of score, so the sum of the next ones bounds all that follow and the loop ends early. The bound is sound where
links make a pair cheaper than nothing, for it never assumes a sign.

Everything is in micro-units (millionths of a minute or km): bounds in floating point with a margin that covers
rounding, accepted partnerships in 64-bit integers. Method: elementary column enumeration as for clustering with
capacities (Mehrotra and Trick 1998), with subset-row cuts in pricing (Jepsen et al. 2008).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]

Compiled = TypeVar("Compiled", bound=Callable[..., object])

ROTATE, PAIRS, HOST = 0, 1, 2
_inner: Callable[[Compiled], Compiled] = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""For what only compiled code calls: without wrappers all compiles in 9 s instead of 14."""

CHECK_EVERY = 16_384  # steps between two looks at the stop flag


class Nodes(NamedTuple):
    """A block: what is true of its nodes whatever the prices. Node 0 is the root."""

    drives: Ints  # there and back
    halves: Ints  # each end's half of what parting two nodes costs
    fits: Bools
    venue_fits: Bools
    rank: Ints  # by URN of the base
    pupils: Ints
    schools: Ints
    associates: Ints
    flags: Ints
    tie: Ints  # -1: free
    tie_sizes: Ints
    value_bits: Words  # by rule, node, word
    values_most: Ints  # by rule


class Limits(NamedTuple):
    """What a partnership must keep to."""

    heads_least: int
    heads_most: int
    pupils_least: int
    pupils_most: int
    schools_least: int
    schools_most: int
    associates_most: int
    flags: int


class Money(NamedTuple):
    """How a partnership is priced: thousandths a unit of drive, and a pupil off the target, as fractions."""

    meet: int
    travel_numerator: int
    travel_denominator: int
    balance_numerator: int
    balance_denominator: int
    pupils_target: int
    scale: int  # micro-units in a thousandth; 0 where only places count


class Prices(NamedTuple):
    """What the master charges, in micro-units: by node, for being a partnership, and by cut."""

    node: Ints
    fixed: int
    cut_start: Ints  # by node, where its cuts begin in `cut_list`
    cut_list: Ints
    cut_nodes: Ints  # by cut, -1 where a node of it is not in the block
    cut_price: Ints


class Path(NamedTuple):
    """The members chosen so far and the candidates at each depth; rows are depths."""

    members: Ints
    current: Floats
    penalty: Ints
    pupils: Ints
    schools: Ints
    associates: Ints
    missing: Ints  # nodes still owed to ties that were begun
    values: Words
    node: Ints
    price: Floats
    score: Floats
    left: Ints  # how many candidates
    turn: Ints  # -1: candidates not yet scored
    in_tie: Ints  # members by tie
    held: Ints  # members by cut
    ahead: Floats  # by node, half of the penalties that it alone would trigger


class Output(NamedTuple):
    """Where partnerships go; as many as it has rows."""

    members: NDArray[np.int32]
    heads: Ints
    cost: Ints  # thousandths; what members carry not included
    price: Ints  # reduced cost


@_inner
def _new_path(nodes: Nodes, prices: Prices, heads_most: int) -> Path:
    rows, size = heads_most + 1, nodes.drives.shape[0]
    rules, words = nodes.value_bits.shape[0], nodes.value_bits.shape[2]
    return Path(
        np.zeros(rows, np.int64),
        np.zeros(rows),
        np.zeros(rows, np.int64),
        np.zeros(rows, np.int64),
        np.zeros(rows, np.int64),
        np.zeros(rows, np.int64),
        np.zeros(rows, np.int64),
        np.zeros((rows, rules, words), np.uint64),
        np.zeros((rows, size), np.int64),
        np.zeros((rows, size)),
        np.zeros((rows, size)),
        np.zeros(rows, np.int64),
        np.zeros(rows, np.int64),
        np.zeros(max(nodes.tie_sizes.shape[0], 1), np.int64),
        np.zeros(max(prices.cut_price.shape[0], 1), np.int64),
        np.zeros(size),
    )


@_inner
def _pair_prices(nodes: Nodes, money: Money, heads: int) -> Floats:
    """What two members of a partnership of this size add together."""
    drive_price = 0.0
    if money.meet == ROTATE:
        drive_price = 2.0 * money.scale * money.travel_numerator / (money.travel_denominator * heads)
    elif money.meet == PAIRS:
        drive_price = 0.5 * money.scale * money.travel_numerator / money.travel_denominator
    size = nodes.drives.shape[0]
    pair = np.empty((size, size))
    for a in range(size):
        for b in range(size):
            pair[a, b] = drive_price * nodes.drives[a, b] - 2.0 * money.scale * nodes.halves[a, b]
    return pair


@_inner
def _cheapest_pairs(pair: Floats, fits: Bools, most: int) -> Floats:
    """[c, j]: half the sum of the j cheapest pairs that c forms with others of the block, the root left out."""
    size = pair.shape[0]
    least = np.full((size, most + 1), np.inf)
    cheapest = np.empty(most + 1)
    for c in range(1, size):
        found = 0
        for d in range(1, size):
            if d == c or not fits[c, d]:
                continue
            if found == most and (most == 0 or pair[c, d] >= cheapest[found - 1]):
                continue
            place = min(found, most - 1)
            while place > 0 and cheapest[place - 1] > pair[c, d]:
                cheapest[place] = cheapest[place - 1]
                place -= 1
            cheapest[place] = pair[c, d]
            found = min(found + 1, most)
        least[c, 0] = 0.0
        for j in range(found):
            least[c, j + 1] = least[c, j] + 0.5 * cheapest[j]
    return least


@_inner
def _count_in_cuts(path: Path, prices: Prices, c: int, sign: int) -> int:
    """Count a member in (+1) or out (-1) of its cuts; the penalty that this triggers, or takes back."""
    triggered = 0
    for x in range(prices.cut_start[c], prices.cut_start[c + 1]):
        cut = prices.cut_list[x]
        others = path.held[cut] if sign > 0 else path.held[cut] - 1
        path.held[cut] += sign
        if others > 1:
            continue
        change = 0.5 * prices.cut_price[cut] * sign
        if others == 1:
            change = -change
            triggered += sign * prices.cut_price[cut]
        for y in range(prices.cut_nodes.shape[1]):
            other = prices.cut_nodes[cut, y]
            if other >= 0 and other != c:
                path.ahead[other] += change
    return triggered


@_inner
def _different(bits: Words, more: Words) -> int:
    """How many different values two sets have together."""
    count = 0
    for w in range(bits.shape[0]):
        word = bits[w] | more[w]
        while word:
            word &= word - np.uint64(1)
            count += 1
    return count


@_inner
def _within_most(nodes: Nodes, limits: Limits, path: Path, depth: int, c: int) -> bool:
    """Whether one more member keeps the limits that more members can only break further."""
    if (
        path.pupils[depth] + nodes.pupils[c] > limits.pupils_most
        or path.schools[depth] + nodes.schools[c] > limits.schools_most
        or path.associates[depth] + nodes.associates[c] > limits.associates_most
    ):
        return False
    for r in range(nodes.values_most.shape[0]):
        if _different(path.values[depth, r], nodes.value_bits[r, c]) > nodes.values_most[r]:
            return False
    return True


@_inner
def _owed(nodes: Nodes, path: Path, depth: int, c: int) -> int:
    """How many nodes ties would still be owed with this one added."""
    tie = nodes.tie[c]
    if tie < 0:
        return int(path.missing[depth])
    if path.in_tie[tie] == 0:
        return int(path.missing[depth] + nodes.tie_sizes[tie] - 1)
    return int(path.missing[depth] - 1)


@_inner
def _add(nodes: Nodes, prices: Prices, path: Path, below: int, c: int, price: float, owed: int) -> None:
    """Make c the member at depth `below`; at 0 it is the root."""
    above = below - 1
    path.members[below] = c
    path.missing[below] = owed
    if nodes.tie[c] >= 0:
        path.in_tie[nodes.tie[c]] += 1
    penalty = _count_in_cuts(path, prices, c, 1)
    path.penalty[below], path.current[below] = penalty, price + penalty
    path.pupils[below], path.schools[below] = nodes.pupils[c], nodes.schools[c]
    path.associates[below] = nodes.associates[c]
    for r in range(nodes.values_most.shape[0]):
        for w in range(nodes.value_bits.shape[2]):
            path.values[below, r, w] = nodes.value_bits[r, c, w]
            if below > 0:
                path.values[below, r, w] |= path.values[above, r, w]
    if below > 0:
        path.penalty[below] += path.penalty[above]
        path.current[below] += path.current[above]
        path.pupils[below] += path.pupils[above]
        path.schools[below] += path.schools[above]
        path.associates[below] += path.associates[above]
    path.turn[below] = -1


@_inner
def _remove(nodes: Nodes, prices: Prices, path: Path, depth: int) -> None:
    """Take back the member at this depth."""
    c = path.members[depth]
    _count_in_cuts(path, prices, c, -1)
    if nodes.tie[c] >= 0:
        path.in_tie[nodes.tie[c]] -= 1


@_inner
def _first_candidates(nodes: Nodes, prices: Prices, money: Money, path: Path, pair: Floats) -> None:
    count = 0
    for c in range(1, nodes.drives.shape[0]):
        if not nodes.fits[0, c] or (money.meet == HOST and not nodes.venue_fits[0, c]):
            continue
        path.node[0, count] = c
        path.price[0, count] = prices.node[c] + pair[0, c]
        if money.meet == HOST:
            to_venue = money.scale * nodes.drives[0, c] * (money.travel_numerator / money.travel_denominator)
            path.price[0, count] += to_venue
        count += 1
    path.left[0] = count


@_inner
def _next_candidates(nodes: Nodes, path: Path, depth: int, after: int, pair: Floats) -> None:
    """Those that come after the one just added and fit it, their prices with it."""
    c, count = path.members[depth + 1], 0
    for j in range(after, path.left[depth]):
        other = path.node[depth, j]
        if nodes.fits[c, other]:
            path.node[depth + 1, count] = other
            path.price[depth + 1, count] = path.price[depth, j] + pair[c, other]
            count += 1
    path.left[depth + 1] = count


@_inner
def _score(path: Path, depth: int, wanted: int, cheapest: Floats, most: float) -> None:
    """Order candidates by the least they can add and drop those that no `wanted` of them can afford."""
    node, price, score, count = path.node[depth], path.price[depth], path.score[depth], path.left[depth]
    for i in range(count):
        c, p = node[i], price[i]
        s = p + path.ahead[c] + cheapest[c, wanted - 1]
        j = i - 1
        while j >= 0 and score[j] > s:
            score[j + 1], node[j + 1], price[j + 1] = score[j], node[j], price[j]
            j -= 1
        score[j + 1], node[j + 1], price[j + 1] = s, c, p
    if count < wanted:
        path.left[depth] = 0
        return
    least = path.current[depth]
    for i in range(wanted - 1):
        least += score[i]
    kept = wanted - 1
    while kept < count and least + score[kept] <= most:
        kept += 1
    path.left[depth] = kept


@_inner
def _allowed(nodes: Nodes, limits: Limits, members: Ints, root_is_venue: bool) -> bool:
    """The rules that only a whole partnership can be judged by; for a venue, that it is the cheapest one."""
    pupils, schools, flags = 0, 0, 0
    for c in members:
        pupils += nodes.pupils[c]
        schools += nodes.schools[c]
        flags |= nodes.flags[c]
    if pupils < limits.pupils_least or schools < limits.schools_least or flags != limits.flags:
        return False
    best, best_rank = -1, -1
    for venue in members:
        away = 0
        for c in members:
            if c != venue and not nodes.venue_fits[venue, c]:
                away = -1
                break
            away += nodes.drives[venue, c]
        closer = best < 0 or away < best or (away == best and nodes.rank[venue] < best_rank)
        if away >= 0 and closer:
            best, best_rank = away, nodes.rank[venue]
    return best >= 0 and (not root_is_venue or best_rank == nodes.rank[members[0]])


@_inner
def _cost(nodes: Nodes, money: Money, members: Ints, pupils: int) -> int:
    """Thousandths a year: travel rounded once, halves up, as `Tariff` has it; less the halves kept; balance."""
    drives, kept, heads = 0, 0, len(members)
    for a in range(heads):
        for b in range(a + 1, heads):
            kept += nodes.halves[members[a], members[b]]
            if a == 0 or money.meet != HOST:
                drives += nodes.drives[members[a], members[b]]
    top, bottom = drives * money.travel_numerator, money.travel_denominator
    if money.meet == ROTATE:
        top, bottom = 2 * top, bottom * heads
    elif money.meet == PAIRS:
        bottom = 2 * bottom
    off = money.balance_numerator * abs(pupils - money.pupils_target)
    balance = (2 * off + money.balance_denominator) // (2 * money.balance_denominator)
    return (2 * top + bottom) // (2 * bottom) - 2 * kept + balance


@njit(cache=True, nogil=True)
def search_block(
    nodes: Nodes,
    limits: Limits,
    money: Money,
    prices: Prices,
    threshold: int,
    keep_best: bool,
    stop: Bools,
    output: Output,
) -> tuple[int, int, bool]:
    """Partnerships of one block with reduced cost <= threshold; the root is always a member.

    With `keep_best`, keeps the best that fit in the output; otherwise all, and gives up when they do not fit.
    Returns how many, the least reduced cost (0 if none is negative), and whether the block was searched to the end.
    """
    capacity = output.members.shape[0]
    margin = 2.0 * money.scale + 1.0
    heads_most = min(limits.heads_most, nodes.drives.shape[0])
    path = _new_path(nodes, prices, heads_most)
    found, least, steps, worst = 0, 0, 0, 0
    limit = threshold
    for heads in range(limits.heads_least, heads_most + 1):
        pair = _pair_prices(nodes, money, heads)
        cheapest = _cheapest_pairs(pair, nodes.fits, max(heads - 2, 0))
        owed = nodes.tie_sizes[nodes.tie[0]] - 1 if nodes.tie[0] >= 0 else 0
        _add(nodes, prices, path, 0, 0, float(prices.node[0] + prices.fixed), owed)
        _first_candidates(nodes, prices, money, path, pair)
        depth = 0
        while depth >= 0:
            wanted = heads - depth - 1
            if path.turn[depth] < 0:
                path.turn[depth] = 0
                if path.missing[depth] > wanted:
                    path.left[depth] = 0
                elif wanted > 1:
                    _score(path, depth, wanted, cheapest, limit + margin)
            turn = path.turn[depth]
            if wanted == 1:
                go_on = turn < path.left[depth]
            else:
                go_on = turn + wanted <= path.left[depth]
                if go_on:
                    bound = path.current[depth]
                    for i in range(turn, turn + wanted):
                        bound += path.score[depth, i]
                    go_on = bound <= limit + margin
            if not go_on:
                _remove(nodes, prices, path, depth)
                depth -= 1
                continue

            path.turn[depth] += 1
            steps += 1
            if steps % CHECK_EVERY == 0 and stop[0]:
                return found, least, False
            c = path.node[depth, turn]
            if wanted == 1 and path.current[depth] + path.price[depth, turn] + 2.0 * path.ahead[c] > limit + margin:
                continue
            owed = _owed(nodes, path, depth, c)
            if owed > wanted - 1 or not _within_most(nodes, limits, path, depth, c):
                continue
            if wanted > 1:
                _add(nodes, prices, path, depth + 1, c, path.price[depth, turn], owed)
                _next_candidates(nodes, path, depth, turn + 1, pair)
                depth += 1
                continue

            path.members[heads - 1] = c
            members = path.members[:heads]
            if not _allowed(nodes, limits, members, money.meet == HOST):
                continue
            cost = _cost(nodes, money, members, path.pupils[depth] + nodes.pupils[c])
            reduced = money.scale * cost + prices.fixed + path.penalty[depth]
            for member in members:
                reduced += prices.node[member]
            for x in range(prices.cut_start[c], prices.cut_start[c + 1]):
                if path.held[prices.cut_list[x]] == 1:
                    reduced += prices.cut_price[prices.cut_list[x]]
            if reduced > limit:
                continue
            least = min(least, reduced)
            place = found
            if found == capacity:
                if not keep_best:
                    return found, least, False
                place = worst
            else:
                found += 1
            for i in range(heads):
                output.members[place, i] = members[i]
            output.heads[place], output.cost[place], output.price[place] = heads, cost, reduced
            if keep_best and found == capacity:
                worst = int(np.argmax(output.price))
                limit = min(threshold, output.price[worst] - 1)
    return found, least, True
