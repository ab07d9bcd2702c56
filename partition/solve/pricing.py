"""Exact pricing, compiled: every partnership of a block whose reduced cost is low enough, or the best few.

For each target size (a rotating venue divides by it, which breaks bounds that let the size grow) members are chosen
depth first. At every step each candidate is scored with the least it can add: its price so far, plus half of the
cheapest pairs it could still form, plus its share of every cut penalty that one more member would trigger. Candidates
are tried in order of score, so the sum of the next ones bounds all that follow and the loop ends early. The bound is
sound where links make a pair cheaper than nothing, for it never assumes a sign.

Everything is in micro-units (millionths of a minute or km): bounds in floating point with a margin that covers
rounding, accepted partnerships in 64-bit integers. Method: elementary column enumeration as for clustering with
capacities (Mehrotra and Trick 1998), with subset-row cuts in pricing (Jepsen et al. 2008).
"""

from __future__ import annotations

import numpy as np

from partition.solve.path import (
    FLAGS,
    HOST,
    LEFT,
    MISSING,
    NAME,
    PAIRS,
    PENALTY,
    PUPILS,
    PUPILS_SO_FAR,
    ROTATE,
    SCHOOLS,
    TIE,
    TURN,
    VENUE_PUPILS_MOST,
    Bools,
    Charges,
    Floats,
    Ints,
    Limits,
    Money,
    Nodes,
    Output,
    Path,
    add_member,
    inner,
    new_path,
    owed_with,
    penalty_of_last,
    remove_member,
    within_most,
)

CHECK_EVERY = 16_384  # steps between two looks at the stop flag


@inner
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


@inner
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


@inner
def _first_candidates(nodes: Nodes, charges: Charges, money: Money, path: Path, pair: Floats) -> None:
    count = 0
    for c in range(1, nodes.drives.shape[0]):
        if not nodes.fits[0, c] or (money.meet == HOST and not nodes.venue_fits[0, c]):
            continue
        path.node[0, count] = c
        path.price[0, count] = charges.node[c] + pair[0, c]
        if money.meet == HOST:
            to_venue = money.scale * nodes.drives[0, c] * (money.travel_numerator / money.travel_denominator)
            path.price[0, count] += to_venue
        count += 1
    path.tally[0, LEFT] = count


@inner
def _next_candidates(nodes: Nodes, path: Path, depth: int, after: int, pair: Floats) -> None:
    """Those that come after the one just added and fit it, their prices with it."""
    c, count = path.members[depth + 1], 0
    for j in range(after, path.tally[depth, LEFT]):
        other = path.node[depth, j]
        if nodes.fits[c, other]:
            path.node[depth + 1, count] = other
            path.price[depth + 1, count] = path.price[depth, j] + pair[c, other]
            count += 1
    path.tally[depth + 1, LEFT] = count


@inner
def _score(path: Path, depth: int, wanted: int, cheapest: Floats, most: float) -> None:
    """Order candidates by the least they can add and drop those that no `wanted` of them can afford."""
    node, price, score, count = path.node[depth], path.price[depth], path.score[depth], path.tally[depth, LEFT]
    for i in range(count):
        c, p = node[i], price[i]
        s = p + path.ahead[c] + cheapest[c, wanted - 1]
        j = i - 1
        while j >= 0 and score[j] > s:
            score[j + 1], node[j + 1], price[j + 1] = score[j], node[j], price[j]
            j -= 1
        score[j + 1], node[j + 1], price[j + 1] = s, c, p
    if count < wanted:
        path.tally[depth, LEFT] = 0
        return
    least = path.current[depth]
    for i in range(wanted - 1):
        least += score[i]
    kept = wanted - 1
    while kept < count and least + score[kept] <= most:
        kept += 1
    path.tally[depth, LEFT] = kept


@inner
def _allowed(nodes: Nodes, limits: Limits, members: Ints, root_is_venue: bool) -> bool:
    """The rules that only a whole partnership can be judged by; for a venue, that it is the cheapest one."""
    pupils, schools, flags = 0, 0, 0
    for c in members:
        pupils += nodes.facts[c, PUPILS]
        schools += nodes.facts[c, SCHOOLS]
        flags |= nodes.facts[c, FLAGS]
    if pupils < limits.pupils_least or schools < limits.schools_least or flags != limits.flags:
        return False
    best, best_rank = -1, -1
    for venue in members:
        away = 0 if pupils <= nodes.facts[venue, VENUE_PUPILS_MOST] else -1
        for c in members:
            if away < 0:
                break
            if c != venue and not nodes.venue_fits[venue, c]:
                away = -1
                break
            away += nodes.drives[venue, c]
        closer = best < 0 or away < best or (away == best and nodes.facts[venue, NAME] < best_rank)
        if away >= 0 and closer:
            best, best_rank = away, nodes.facts[venue, NAME]
    return best >= 0 and (not root_is_venue or best_rank == nodes.facts[members[0], NAME])


@inner
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


@inner
def search_block(
    nodes: Nodes,
    limits: Limits,
    money: Money,
    charges: Charges,
    threshold: int,
    keep_best: bool,
    steps_most: int,
    stop: Bools,
    output: Output,
) -> tuple[int, int, bool]:
    """Partnerships of one block with reduced cost <= threshold; the root is always a member.

    With `keep_best`, keeps the best that fit in the output; otherwise all, and gives up when they do not fit. Gives
    up after `steps_most` steps as well, unless that is 0.
    Returns how many, the least reduced cost (0 if none is negative), and whether the block was searched to the end.
    """
    capacity = output.members.shape[0]
    margin = 2.0 * money.scale + 1.0
    heads_most = min(limits.heads_most, nodes.drives.shape[0])
    path = new_path(nodes, charges, heads_most)
    found, least, steps, worst = 0, 0, 0, 0
    limit = threshold
    for heads in range(limits.heads_least, heads_most + 1):
        pair = _pair_prices(nodes, money, heads)
        cheapest = _cheapest_pairs(pair, nodes.fits, max(heads - 2, 0))
        owed = nodes.tie_sizes[nodes.facts[0, TIE]] - 1 if nodes.facts[0, TIE] >= 0 else 0
        depth = root = 0
        add_member(nodes, charges, path, depth, root, float(charges.node[0] + charges.fixed), owed)
        _first_candidates(nodes, charges, money, path, pair)
        while depth >= 0:
            wanted = heads - depth - 1
            if path.tally[depth, TURN] < 0:
                path.tally[depth, TURN] = 0
                if path.tally[depth, MISSING] > wanted:
                    path.tally[depth, LEFT] = 0
                elif wanted > 1:
                    _score(path, depth, wanted, cheapest, limit + margin)
            turn = path.tally[depth, TURN]
            if wanted == 1:
                go_on = turn < path.tally[depth, LEFT]
            else:
                go_on = turn + wanted <= path.tally[depth, LEFT]
                if go_on:
                    bound = path.current[depth]
                    for i in range(turn, turn + wanted):
                        bound += path.score[depth, i]
                    go_on = bound <= limit + margin
            if not go_on:
                remove_member(nodes, charges, path, depth)
                depth -= 1
                continue

            path.tally[depth, TURN] += 1
            steps += 1
            if steps == steps_most or (steps % CHECK_EVERY == 0 and stop[0]):
                return found, least, False
            c = path.node[depth, turn]
            if wanted == 1 and path.current[depth] + path.price[depth, turn] + path.ahead[c] > limit + margin:
                continue
            owed = owed_with(nodes, path, depth, c)
            if owed > wanted - 1 or not within_most(nodes, limits, path, depth, c):
                continue
            if wanted > 1:
                add_member(nodes, charges, path, depth + 1, c, path.price[depth, turn], owed)
                _next_candidates(nodes, path, depth, turn + 1, pair)
                depth += 1
                continue

            path.members[heads - 1] = c
            members = path.members[:heads]
            if not _allowed(nodes, limits, members, money.meet == HOST):
                continue
            cost = _cost(nodes, money, members, path.tally[depth, PUPILS_SO_FAR] + nodes.facts[c, PUPILS])
            reduced = (
                money.scale * cost + charges.fixed + path.tally[depth, PENALTY] + penalty_of_last(path, charges, c)
            )
            for member in members:
                reduced += charges.node[member]
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
