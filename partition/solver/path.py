"""The partnership that pricing is building: its members so far, and what one more of them changes.

All of it is compiled. Members stand by depth, so that the last one can be taken back at once.
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
inner: Callable[[Compiled], Compiled] = njit(no_cpython_wrapper=True, no_cfunc_wrapper=True)  # type: ignore[call-overload]
"""For what only compiled code calls: without wrappers all compiles in 9 s instead of 14."""


PUPILS, SCHOOLS, ASSOCIATES, FLAGS, TIE, NAME, VENUE_PUPILS_MOST = range(7)
"""Facts of a node: its tie (-1: none), its rank by URN, and the most pupils where it is the venue. Pupils by other
rolls stand behind them."""
FACTS = 7


class Nodes(NamedTuple):
    """A block: what is true of its nodes whatever the prices. Node 0 is the root."""

    drives: Ints  # there and back
    halves: Ints  # each end's half of what parting two nodes costs
    fits: Bools
    venue_fits: Bools
    facts: Ints  # by node, fact
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
    rolls: Ints  # the least and the most pupils by other rolls


class Money(NamedTuple):
    """How a partnership is priced: thousandths a unit of drive, and a pupil off the target, as fractions."""

    meet: int
    travel_numerator: int
    travel_denominator: int
    balance_numerator: int
    balance_denominator: int
    pupils_target: int
    scale: int  # micro-units in a thousandth; 0 where only places count


class Charges(NamedTuple):
    """What the master charges, in micro-units: by node, by pair, for being a partnership, and by cut."""

    node: Ints
    pair: Ints  # by two nodes; empty where there is none
    fixed: int
    cut_start: Ints  # by node, where its cuts begin in `cut_list`
    cut_list: Ints
    node_start: Ints  # by cut, where its nodes begin in `node_list`; only those in the block
    node_list: Ints
    cut_divisor: Ints
    cut_price: Ints


PUPILS_SO_FAR, SCHOOLS_SO_FAR, ASSOCIATES_SO_FAR, PENALTY, MISSING, FLAGS_SO_FAR, LEFT, TURN = range(8)
"""Tallies at a depth: sums over members, cut penalties triggered, nodes still owed to ties that were begun, flags that
some member has, how many candidates there are and which one's turn it is (-1: not yet scored)."""
TALLIES = 8


class Path(NamedTuple):
    """The members chosen so far and the candidates at each depth; rows are depths."""

    members: Ints
    current: Floats
    tally: Ints  # by depth, tally
    values: Words
    node: Ints
    price: Floats
    score: Floats
    in_tie: Ints  # members by tie
    held: Ints  # members by cut
    ahead: Floats  # by node, its share of the penalties that one more member would trigger
    place: Ints  # by node, its place in the block's knapsack table
    first: Ints  # by depth, candidate: the first place of it and those after it
    flags: Ints  # by depth, candidate: what flags it and those after it have


class Output(NamedTuple):
    """Where partnerships go; as many as it has rows."""

    members: NDArray[np.int32]
    heads: Ints
    cost: Ints  # thousandths; what members carry not included
    price: Ints  # reduced cost


@inner
def new_path(nodes: Nodes, charges: Charges, heads_most: int) -> Path:
    rows, size = heads_most + 1, nodes.drives.shape[0]
    rules, words = nodes.value_bits.shape[0], nodes.value_bits.shape[2]
    return Path(
        np.zeros(rows, np.int64),
        np.zeros(rows),
        np.zeros((rows, TALLIES), np.int64),
        np.zeros((rows, rules, words), np.uint64),
        np.zeros((rows, size), np.int64),
        np.zeros((rows, size)),
        np.zeros((rows, size)),
        np.zeros(nodes.tie_sizes.shape[0] + 1, np.int64),
        np.zeros(charges.cut_price.shape[0] + 1, np.int64),
        np.zeros(size),
        np.zeros(size, np.int64),
        np.zeros((rows, size + 1), np.int64),
        np.zeros((rows, size + 1), np.int64),
    )


@inner
def _share(charges: Charges, cut: int, held: int) -> float:
    """What each further node of a cut adds at least, where so many are members and one more triggers the penalty.

    However many are added, one in every `divisor` pays, so a share for each is the least of ceil(r / divisor) / r.
    """
    left = charges.node_start[cut + 1] - charges.node_start[cut] - held
    return float(charges.cut_price[cut] / max(min(charges.cut_divisor[cut], left), 1))


@inner
def _shift_ahead(charges: Charges, path: Path, cut: int, but: int, change: float) -> None:
    for y in range(charges.node_start[cut], charges.node_start[cut + 1]):
        other = charges.node_list[y]
        if other != but:
            path.ahead[other] += change


@inner
def _count_in_cuts(path: Path, charges: Charges, c: int, sign: int) -> int:
    """Count a member in (+1) or out (-1) of its cuts; the penalty that this triggers, or takes back."""
    triggered = 0
    for x in range(charges.cut_start[c], charges.cut_start[c + 1]):
        cut = charges.cut_list[x]
        divisor = charges.cut_divisor[cut]
        others = path.held[cut] if sign > 0 else path.held[cut] - 1
        path.held[cut] += sign
        if others % divisor == divisor - 1:
            triggered += sign * charges.cut_price[cut]
            _shift_ahead(charges, path, cut, c, -sign * _share(charges, cut, others))
        elif (others + 1) % divisor == divisor - 1:
            _shift_ahead(charges, path, cut, c, sign * _share(charges, cut, others + 1))
    return triggered


@inner
def penalty_of_last(path: Path, charges: Charges, c: int) -> int:
    """What one more member would trigger."""
    penalty = 0
    for x in range(charges.cut_start[c], charges.cut_start[c + 1]):
        cut = charges.cut_list[x]
        if (path.held[cut] + 1) % charges.cut_divisor[cut] == 0:
            penalty += charges.cut_price[cut]
    return penalty


@inner
def _different(bits: Words, more: Words) -> int:
    """How many different values two sets have together."""
    count = 0
    for w in range(bits.shape[0]):
        word = bits[w] | more[w]
        while word:
            word &= word - np.uint64(1)
            count += 1
    return count


@inner
def within_most(nodes: Nodes, limits: Limits, path: Path, depth: int, c: int) -> bool:
    """Whether one more member keeps the limits that more members can only break further."""
    facts, tally = nodes.facts[c], path.tally[depth]
    if (
        tally[PUPILS_SO_FAR] + facts[PUPILS] > min(limits.pupils_most, nodes.facts[0, VENUE_PUPILS_MOST])
        or tally[SCHOOLS_SO_FAR] + facts[SCHOOLS] > limits.schools_most
        or tally[ASSOCIATES_SO_FAR] + facts[ASSOCIATES] > limits.associates_most
    ):
        return False
    for roll in range(FACTS, facts.shape[0]):
        pupils = facts[roll]
        for d in range(depth + 1):
            pupils += nodes.facts[path.members[d], roll]
        if pupils > limits.rolls[roll - FACTS, 1]:
            return False
    for r in range(nodes.values_most.shape[0]):
        if _different(path.values[depth, r], nodes.value_bits[r, c]) > nodes.values_most[r]:
            return False
    return True


@inner
def owed_with(nodes: Nodes, path: Path, depth: int, c: int) -> int:
    """How many nodes ties would still be owed with this one added."""
    tie = nodes.facts[c, TIE]
    owed = path.tally[depth, MISSING]
    if tie < 0:
        return int(owed)
    if path.in_tie[tie] == 0:
        return int(owed + nodes.tie_sizes[tie] - 1)
    return int(owed - 1)


@inner
def add_member(nodes: Nodes, charges: Charges, path: Path, below: int, c: int, price: float, owed: int) -> None:
    """Make c the member at depth `below`; at 0 it is the root."""
    path.members[below] = c
    if nodes.facts[c, TIE] >= 0:
        path.in_tie[nodes.facts[c, TIE]] += 1
    penalty = _count_in_cuts(path, charges, c, 1)
    tally, above = path.tally[below], path.tally[below - 1]
    path.current[below] = price + penalty
    tally[PUPILS_SO_FAR], tally[SCHOOLS_SO_FAR] = nodes.facts[c, PUPILS], nodes.facts[c, SCHOOLS]
    tally[ASSOCIATES_SO_FAR], tally[PENALTY] = nodes.facts[c, ASSOCIATES], penalty
    if below > 0:
        path.current[below] += path.current[below - 1]
        for x in range(MISSING):
            tally[x] += above[x]
    tally[MISSING], tally[TURN], tally[FLAGS_SO_FAR] = owed, -1, nodes.facts[c, FLAGS]
    if below > 0:
        tally[FLAGS_SO_FAR] |= above[FLAGS_SO_FAR]
    for r in range(nodes.values_most.shape[0]):
        for w in range(nodes.value_bits.shape[2]):
            path.values[below, r, w] = nodes.value_bits[r, c, w]
            if below > 0:
                path.values[below, r, w] |= path.values[below - 1, r, w]


@inner
def remove_member(nodes: Nodes, charges: Charges, path: Path, depth: int) -> None:
    """Take back the member at this depth."""
    c = path.members[depth]
    _count_in_cuts(path, charges, c, -1)
    if nodes.facts[c, TIE] >= 0:
        path.in_tie[nodes.facts[c, TIE]] -= 1


@inner
def set_flags(nodes: Nodes, path: Path, depth: int) -> None:
    """What flags each candidate and those after it have."""
    flags, left = path.flags[depth], path.tally[depth, LEFT]
    flags[left] = 0
    for i in range(left - 1, -1, -1):
        flags[i] = flags[i + 1] | nodes.facts[path.node[depth, i], FLAGS]


@inner
def flags_within_reach(limits: Limits, path: Path, depth: int, turn: int) -> bool:
    """Whether members and the candidates from this one on have every flag wanted between them."""
    return bool(path.tally[depth, FLAGS_SO_FAR] | path.flags[depth, turn] == limits.flags)
