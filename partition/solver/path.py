"""The path of the pricing search: the members of a partnership so far, and the changes by one more member.

All functions here are compiled. Arrays have a row for each depth, so that the last member can be removed at once.
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
"""A decorator for functions that only compiled code calls: without wrappers the compilation takes 9 s, not 14."""


PUPILS, SCHOOLS, ASSOCIATES, FLAGS, TIE, NAME, VENUE_PUPILS_MOST = range(7)
"""Columns of `Nodes.facts`. TIE is the number of the tie (-1: none), NAME the rank by URN, VENUE_PUPILS_MOST the most
pupils where the node is the venue. Further sums, such as pupils by a forecast, follow."""
FACTS = 7


class Nodes(NamedTuple):
    """The nodes of a block, with everything that does not depend on prices. Node 0 is the root."""

    drives: Ints  # there and back
    halves: Ints  # half of the price of parting two nodes
    fits: Bools
    venue_fits: Bools
    facts: Ints  # by node, fact
    tie_sizes: Ints
    value_bits: Words  # by rule, node, word
    values_most: Ints  # by rule
    together: Ints  # price of two nodes in one partnership, in thousandths; empty where there is none
    own: Ints  # what each head carries alone of its own minutes


class Limits(NamedTuple):
    """The limits of a partnership. `flags` are the bits that its members must have together."""

    heads_least: int
    heads_most: int
    pupils_least: int
    pupils_most: int
    schools_least: int
    schools_most: int
    associates_most: int
    flags: int
    sums: Ints  # the least and the most of each further sum


class Money(NamedTuple):
    """The prices of a partnership, as fractions: thousandths for a unit of drive, and for a pupil off the target."""

    meet: int
    travel_numerator: int
    travel_denominator: int
    balance_numerator: int
    balance_denominator: int
    pupils_target: int
    scale: int  # micro-units in a thousandth; 0 where partnerships cost nothing
    own_meet: int  # how heads meet, for each head's own minutes
    own_most: int  # the most own minutes of a head, in thousandths
    band_starts: Ints  # own minutes, in thousandths, from which each costs more
    band_numerators: Ints  # how much more, over `band_denominator`
    band_denominator: int
    lack_first: int  # the first bit of the flags that stands for something that costs where it is lacking
    lack_prices: Ints  # in thousandths


class Charges(NamedTuple):
    """The charges of the master, in micro-units: by node, by pair, for each partnership (`fixed`), and by cut."""

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
"""Columns of `Path.tally`. The first three are sums over members. PENALTY is the sum of cut penalties, MISSING the
number of nodes still needed to complete ties, FLAGS_SO_FAR the flags of members, LEFT the number of candidates, TURN
the candidate that is next (-1: not yet scored)."""
TALLIES = 8


class Path(NamedTuple):
    """The members chosen so far, and the candidates at each depth. Rows of arrays are depths."""

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
    first: Ints  # by depth, candidate: the first place among the candidate and those after it
    flags: Ints  # by depth, candidate: the flags of the candidate and those after it
    shares: Floats  # by depth, the least price of the members' own minutes, in thousandths


class Output(NamedTuple):
    """The rows that receive partnerships; the number of rows is the most that are kept."""

    members: NDArray[np.int32]
    heads: Ints
    cost: Ints  # thousandths, without the halves that members carry alone
    price: Ints  # reduced cost


@inner
def nought() -> int:
    """Return 0 as any whole number: a 0 as it stands is a type of its own, and what takes it is compiled twice."""
    return int(np.int64(0))


@inner
def new_path(nodes: Nodes, charges: Charges, heads_most: int) -> Path:
    """Return an empty path with rows for at most `heads_most` members."""
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
        np.zeros(rows),
    )


@inner
def _share(charges: Charges, cut: int, held: int) -> float:
    """Return the least penalty for each further node of a cut, where one more member triggers the penalty.

    Of r further nodes ceil(r / divisor) pay; the share of each node is the least of ceil(r / divisor) / r over all r.
    `held` is the number of nodes of the cut that are members.
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
    """Count a member in (`sign` 1) or out (-1) of its cuts, and return the change of the sum of penalties."""
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
    """Return the penalty that candidate c as the last member would trigger."""
    penalty = 0
    for x in range(charges.cut_start[c], charges.cut_start[c + 1]):
        cut = charges.cut_list[x]
        if (path.held[cut] + 1) % charges.cut_divisor[cut] == 0:
            penalty += charges.cut_price[cut]
    return penalty


@inner
def _different(bits: Words, more: Words) -> int:
    """Return the number of different values in two sets of bits together."""
    count = 0
    for w in range(bits.shape[0]):
        word = bits[w] | more[w]
        while word:
            word &= word - np.uint64(1)
            count += 1
    return count


@inner
def within_most(nodes: Nodes, limits: Limits, path: Path, depth: int, c: int) -> bool:
    """Say whether candidate c as a member keeps the upper limits, which further members cannot mend."""
    facts, tally = nodes.facts[c], path.tally[depth]
    if (
        tally[PUPILS_SO_FAR] + facts[PUPILS] > min(limits.pupils_most, nodes.facts[0, VENUE_PUPILS_MOST])
        or tally[SCHOOLS_SO_FAR] + facts[SCHOOLS] > limits.schools_most
        or tally[ASSOCIATES_SO_FAR] + facts[ASSOCIATES] > limits.associates_most
    ):
        return False
    for fact in range(FACTS, facts.shape[0]):
        total = facts[fact]
        for d in range(depth + 1):
            total += nodes.facts[path.members[d], fact]
        if total > limits.sums[fact - FACTS, 1]:
            return False
    for r in range(nodes.values_most.shape[0]):
        if _different(path.values[depth, r], nodes.value_bits[r, c]) > nodes.values_most[r]:
            return False
    return True


@inner
def owed_with(nodes: Nodes, path: Path, depth: int, c: int) -> int:
    """Return the number of nodes still needed to complete ties, with candidate c as a member."""
    tie = nodes.facts[c, TIE]
    owed = path.tally[depth, MISSING]
    if tie < 0:
        return int(owed)
    if path.in_tie[tie] == 0:
        return int(owed + nodes.tie_sizes[tie] - 1)
    return int(owed - 1)


@inner
def add_member(nodes: Nodes, charges: Charges, path: Path, below: int, c: int, price: float, owed: int) -> None:
    """Make node c the member at depth `below`; depth 0 is the root."""
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
    """Remove the member at a depth."""
    c = path.members[depth]
    _count_in_cuts(path, charges, c, -1)
    if nodes.facts[c, TIE] >= 0:
        path.in_tie[nodes.facts[c, TIE]] -= 1


@inner
def set_flags(nodes: Nodes, path: Path, depth: int) -> None:
    """Set for each candidate at a depth the flags of the candidate and those after it."""
    flags, left = path.flags[depth], path.tally[depth, LEFT]
    flags[left] = 0
    for i in range(left - 1, -1, -1):
        flags[i] = flags[i + 1] | nodes.facts[path.node[depth, i], FLAGS]


@inner
def flags_within_reach(limits: Limits, path: Path, depth: int, turn: int) -> bool:
    """Say whether the members, with the candidates from `turn` on, have every flag that is needed."""
    return bool((path.tally[depth, FLAGS_SO_FAR] | path.flags[depth, turn]) & limits.flags == limits.flags)
