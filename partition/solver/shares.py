"""What members have of a partnership, compiled: each head's own minutes, the price of those, and what is lacking.

A partnership's cost is else a sum over members and pairs. A head's own minutes are too, but their price bends, and a
limit holds for each head. Both are exact for a complete partnership. For an incomplete one `least_own` is a lower
bound: the drives to the members so far and the shortest to as many more as must come, as if every link were kept.
"""

from __future__ import annotations

import numpy as np

from partition.solver.path import FLAGS_SO_FAR, HOST, PAIRS, ROTATE, Ints, Money, Nodes, Path, inner
from partition.solver.space import UNLIMITED


@inner
def shares_matter(money: Money) -> bool:
    """Say whether heads' own minutes have a limit or a price."""
    return bool(money.own_most < UNLIMITED or money.band_starts.shape[0] > 0)


@inner
def _own_price(money: Money, own: int) -> int:
    """Return the price of one head's own minutes, times the bands' denominator."""
    total = 0
    for band in range(money.band_starts.shape[0]):
        total += money.band_numerators[band] * max(0, own - money.band_starts[band])
    return total


@inner
def _drives_divisor(money: Money, heads: int) -> int:
    """Return by what drives there and back, times the price's numerator, are divided for a head of so many."""
    if money.own_meet == ROTATE:
        return money.travel_denominator * heads
    return 4 * money.travel_denominator if money.own_meet == PAIRS else money.travel_denominator


@inner
def own_minutes(nodes: Nodes, money: Money, members: Ints, one: int, venue: int) -> int:
    """Return what a member has of a complete partnership, in thousandths, less what it carries alone."""
    drives, kept = nodes.drives[one, venue] if money.own_meet == HOST else 0, 0
    for other in members:
        kept += nodes.halves[one, other]
        if money.own_meet != HOST:
            drives += nodes.drives[one, other]
    top, bottom = drives * money.travel_numerator, _drives_divisor(money, members.shape[0])
    return (2 * top + bottom) // (2 * bottom) - kept


@inner
def own_price_within(nodes: Nodes, money: Money, members: Ints, venue: int) -> int:
    """Return the price of the own minutes of all heads of a partnership, in thousandths; -1: some head has too many."""
    total = 0
    for one in members:
        own = nodes.own[one] + own_minutes(nodes, money, members, one, venue)
        if own > money.own_most:
            return -1
        price = _own_price(money, own)
        total += (2 * price + money.band_denominator) // (2 * money.band_denominator)
    return total


@inner
def shortest_drives(nodes: Nodes, most: int) -> Ints:
    """Return [c, j]: the sum of the j shortest drives of node c with nodes that it fits."""
    size = nodes.drives.shape[0]
    sums, shortest = np.zeros((size, most + 1), np.int64), np.empty(most, np.int64)
    for c in range(size if most else 0):
        found = 0
        for d in range(size):
            drive = nodes.drives[c, d]
            if not nodes.fits[c, d] or (found == most and drive >= shortest[found - 1]):
                continue
            place = min(found, most - 1)
            while place > 0 and shortest[place - 1] > drive:
                shortest[place] = shortest[place - 1]
                place -= 1
            shortest[place] = drive
            found = min(found + 1, most)
        for j in range(most):
            sums[c, j + 1] = sums[c, j] + (shortest[j] if j < found else 0)
    return sums


@inner
def least_own(nodes: Nodes, money: Money, members: Ints, shortest: Ints, heads: int) -> float:
    """Return a lower bound on the price of the members' own minutes in every partnership of `heads` heads with them.

    In thousandths; infinity where some head has too many in every one. With a fixed venue the root is the venue.
    """
    total, more = 0.0, heads - members.shape[0]
    for one in members:
        drives = 0
        if money.own_meet == HOST:
            if money.meet == HOST:
                drives = nodes.drives[one, members[0]]
        else:
            drives = shortest[one, more]
            for other in members:
                drives += nodes.drives[one, other]
        own = nodes.own[one] + drives * money.travel_numerator // _drives_divisor(money, heads)
        for other in range(nodes.halves.shape[0]):
            own -= nodes.halves[one, other]
        if own > money.own_most:
            return float(np.inf)
        total += _own_price(money, own) // money.band_denominator
    return total


@inner
def charge_own(nodes: Nodes, money: Money, path: Path, depth: int, shortest: Ints, heads: int) -> None:
    """Add to the path's amount at a depth the least price of its members' own minutes."""
    path.shares[depth] = least_own(nodes, money, path.members[: depth + 1], shortest, heads)
    path.current[depth] += money.scale * path.shares[depth] if path.shares[depth] < np.inf else np.inf
    if depth > 0:
        path.current[depth] -= money.scale * path.shares[depth - 1]


@inner
def lacking(money: Money, flags: int) -> int:
    """Return the price, in thousandths, of what none of the nodes with these flags together has."""
    total = 0
    for n in range(money.lack_prices.shape[0]):
        if not (flags >> (money.lack_first + n)) & 1:
            total += money.lack_prices[n]
    return total


@inner
def least_lacking(money: Money, path: Path, depth: int, turn: int) -> float:
    """Return the price of what neither the members at a depth have nor any candidate from `turn` on, in micro-units."""
    if not money.lack_prices.shape[0]:
        return 0.0
    return float(money.scale * lacking(money, path.tally[depth, FLAGS_SO_FAR] | path.flags[depth, turn]))
