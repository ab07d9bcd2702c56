"""Exact pricing, compiled: every partnership of a block whose reduced cost is low enough, or the best few.

Members are chosen depth first, for one size of partnership at a time: a rotating venue divides travel by the size, so
no bound holds for all sizes. With a fixed venue all sizes are searched at once. At every step each candidate has a
score, the least amount that the candidate can add: its price so far, plus half of the cheapest pairs that it can still
form, plus its share of every cut penalty that one more member triggers. Candidates are tried in order of score, so the
sum of the next scores is a bound on all later choices, and the loop ends early. The bound is valid for negative prices
of pairs too, which links cause. Where a limit on pupils is tight, each pupil has a price as well, the Lagrange
multiplier of the limit for the block (Geoffrion 1974): any price of the right sign gives a valid bound, and the best
price gives the bound of the knapsack's linear relaxation. With a fixed venue a table of the knapsack itself is used
instead.

All amounts are in micro-units (millionths of a minute or km): bounds in floating point with a margin for rounding,
accepted partnerships in 64-bit integers. Method: enumeration of elementary columns as in clustering with capacities
(Mehrotra and Trick 1998), with subset-row cuts in the pricing (Jepsen et al. 2008).
"""

from __future__ import annotations

import numpy as np

from partition.solver.knapsack import knapsack_table, least_within, no_table, set_first
from partition.solver.path import (
    FACTS,
    FLAGS,
    HOST,
    LEFT,
    MISSING,
    NAME,
    PAIRS,
    PENALTY,
    PUPILS,
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
    flags_within_reach,
    inner,
    new_path,
    nought,
    owed_with,
    penalty_of_last,
    remove_member,
    set_flags,
    within_most,
)
from partition.solver.shares import (
    charge_own,
    lacking,
    least_lacking,
    own_price_within,
    shares_matter,
    shortest_drives,
)
from partition.solver.space import UNLIMITED

CHECK_EVERY = 16_384  # steps between two looks at the stop flag
PUPIL_PRICES_TRIED = 12

FOUND, LEAST, LIMIT, WORST = range(4)
"""Places in the state of a search: the number of partnerships found, the least reduced cost (0 if none is negative),
the largest reduced cost that is accepted, and the row of the worst partnership."""


@inner
def _pair_prices(nodes: Nodes, charges: Charges, money: Money, heads: int) -> Floats:
    """Return the price of each pair of members in a partnership of `heads` heads."""
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
            if nodes.together.shape[0]:
                pair[a, b] += money.scale * nodes.together[a, b]
            if charges.pair.shape[0]:
                pair[a, b] += charges.pair[a, b]
    return pair


@inner
def cheapest_of(pair: Floats, fits: Bools, c: int, cheapest: Floats) -> int:
    """Fill `cheapest`, ascending, with the cheapest pairs of node c with others but the root; return how many."""
    most, found = cheapest.shape[0], 0
    for d in range(1, pair.shape[0]):
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
    return found


@inner
def _cheapest_pairs(pair: Floats, fits: Bools, most: int, any_number: bool) -> Floats:
    """Return [c, j]: half the sum of the j cheapest pairs of node c with others of the block, without the root.

    With `any_number`, of at most j pairs: positive prices are left out of the sum.
    """
    size = pair.shape[0]
    least = np.full((size, most + 1), np.inf)
    cheapest = np.empty(most + 1)
    for c in range(1, size):
        found = cheapest_of(pair, fits, c, cheapest)
        least[c, 0] = 0.0
        for j in range(most):
            if j < found and not (any_number and cheapest[j] > 0.0):
                least[c, j + 1] = least[c, j] + 0.5 * cheapest[j]
            elif any_number:
                least[c, j + 1] = least[c, j]
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
    """Set the candidates of the next depth: those from `after` on that fit the new member, at their new prices."""
    c, count = path.members[depth + 1], 0
    for j in range(after, path.tally[depth, LEFT]):
        other = path.node[depth, j]
        if nodes.fits[c, other]:
            path.node[depth + 1, count] = other
            path.price[depth + 1, count] = path.price[depth, j] + pair[c, other]
            count += 1
    path.tally[depth + 1, LEFT] = count


@inner
def _score(path: Path, depth: int, owed: int, wanted: int, cheapest: Floats, most: float) -> None:
    """Sort candidates by score, and drop those with which no `owed` to `wanted` candidates stay within `most`."""
    node, price, score, count = path.node[depth], path.price[depth], path.score[depth], path.tally[depth, LEFT]
    for i in range(count):
        c, p = node[i], price[i]
        s = p + path.ahead[c] + cheapest[c, wanted - 1]
        j = i - 1
        while j >= 0 and score[j] > s:
            score[j + 1], node[j + 1], price[j + 1] = score[j], node[j], price[j]
            j -= 1
        score[j + 1], node[j + 1], price[j + 1] = s, c, p
    if count < owed:
        path.tally[depth, LEFT] = 0
        return
    least = path.current[depth] + _cheapest_sum(score, 0, count, owed - 1, wanted - 1)
    kept = owed - 1
    while kept < count and least + score[kept] <= most:
        kept += 1
    path.tally[depth, LEFT] = kept


@inner
def _cheapest_sum(score: Floats, first: int, last: int, least: int, most: int) -> float:
    """Return the least sum of `least` to `most` of the ascending scores from `first` up to `last`."""
    total = 0.0
    for i in range(first, min(first + most, last)):
        if i >= first + least and score[i] >= 0.0:
            break
        total += score[i]
    return total


@inner
def _pupils_of_cheapest(
    nodes: Nodes, path: Path, owed: int, wanted: int, cheapest: Floats, pupil_price: float, best: Floats, pupils: Ints
) -> int:
    """Return the pupils of the `owed` to `wanted` candidates of the root that add least, at a price for each pupil."""
    found, total = 0, 0
    for i in range(path.tally[0, LEFT]):
        c = path.node[0, i]
        score = path.price[0, i] + path.ahead[c] + cheapest[c, wanted - 1] + pupil_price * nodes.facts[c, PUPILS]
        if (found == wanted and score >= best[found - 1]) or (owed == 0 and score >= 0.0):
            continue
        j = min(found, wanted - 1)
        while j > 0 and best[j - 1] > score:
            best[j], pupils[j] = best[j - 1], pupils[j - 1]
            j -= 1
        best[j], pupils[j] = score, nodes.facts[c, PUPILS]
        found = min(found + 1, wanted)
    for j in range(found):
        if j < owed or best[j] < 0.0:
            total += pupils[j]
    return total


@inner
def _pupil_price(nodes: Nodes, limits: Limits, path: Path, owed: int, wanted: int, cheapest: Floats) -> float:
    """Return the price of a pupil: above 0 where the upper limit is tight, below 0 where the lower is, else 0."""
    root = nodes.facts[0, PUPILS]
    most = min(limits.pupils_most, nodes.facts[0, VENUE_PUPILS_MOST]) - root
    least = limits.pupils_least - root
    best, pupils = np.empty(wanted), np.empty(wanted, np.int64)
    free = _pupils_of_cheapest(nodes, path, owed, wanted, cheapest, 0.0, best, pupils)
    if least <= free <= most:
        return 0.0
    sign, low, high = (1.0 if free > most else -1.0), 0.0, 0.0
    for i in range(path.tally[0, LEFT]):
        c = path.node[0, i]
        score = abs(path.price[0, i] + path.ahead[c] + cheapest[c, wanted - 1])
        if score < np.inf:
            high = max(high, score / max(nodes.facts[c, PUPILS], 1))
    for _ in range(PUPIL_PRICES_TRIED):
        price = 0.5 * (low + high)
        total = _pupils_of_cheapest(nodes, path, owed, wanted, cheapest, sign * price, best, pupils)
        if total > most if sign > 0.0 else total < least:
            low = price
        else:
            high = price
    return sign * high


@inner
def _charge_pupils(nodes: Nodes, limits: Limits, path: Path, price: float) -> None:
    """Add a price for each pupil to the root and its candidates, less the price of the pupils that the limit allows."""
    most = min(limits.pupils_most, nodes.facts[0, VENUE_PUPILS_MOST])
    within = most if price > 0.0 else limits.pupils_least
    path.current[0] += price * (nodes.facts[0, PUPILS] - within)
    for i in range(path.tally[0, LEFT]):
        path.price[0, i] += price * nodes.facts[path.node[0, i], PUPILS]


@inner
def venue_if_allowed(nodes: Nodes, limits: Limits, members: Ints, root_is_venue: bool) -> int:
    """Return the cheapest venue of a complete partnership that keeps all remaining limits; -1 for any other.

    With `root_is_venue`, -1 where the root is not that venue.
    """
    pupils, schools, flags = 0, 0, 0
    for c in members:
        pupils += nodes.facts[c, PUPILS]
        schools += nodes.facts[c, SCHOOLS]
        flags |= nodes.facts[c, FLAGS]
    if pupils < limits.pupils_least or schools < limits.schools_least or flags & limits.flags != limits.flags:
        return -1
    for fact in range(FACTS, nodes.facts.shape[1]):
        total = 0
        for c in members:
            total += nodes.facts[c, fact]
        if total < limits.sums[fact - FACTS, 0]:
            return -1
    best, best_rank, best_venue = -1, -1, -1
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
            best, best_rank, best_venue = away, nodes.facts[venue, NAME], venue
    return best_venue if not root_is_venue or best_venue == members[0] else -1


@inner
def _cost(nodes: Nodes, money: Money, members: Ints, pupils: int) -> int:
    """Return the cost in thousandths a year: travel (rounded as in `Tariff`), balance and lacks, less the halves kept.

    The price of pairs in one partnership is in it, that of heads' own minutes is not.
    """
    drives, kept, heads, together, flags = 0, 0, len(members), 0, nought()
    for a in range(heads):
        flags |= nodes.facts[members[a], FLAGS]
        for b in range(a + 1, heads):
            kept += nodes.halves[members[a], members[b]]
            if nodes.together.shape[0]:
                together += nodes.together[members[a], members[b]]
            if a == 0 or money.meet != HOST:
                drives += nodes.drives[members[a], members[b]]
    top, bottom = drives * money.travel_numerator, money.travel_denominator
    if money.meet == ROTATE:
        top, bottom = 2 * top, bottom * heads
    elif money.meet == PAIRS:
        bottom = 2 * bottom
    off = money.balance_numerator * abs(pupils - money.pupils_target)
    balance = (2 * off + money.balance_denominator) // (2 * money.balance_denominator)
    return (2 * top + bottom) // (2 * bottom) - 2 * kept + balance + together + lacking(money, flags)


@inner
def _pair_charges(charges: Charges, members: Ints) -> int:
    """Return the sum of charges on pairs of members, by rules on the plan."""
    total = 0
    for a in range(members.shape[0]):
        for b in range(a + 1, members.shape[0]):
            total += charges.pair[members[a], members[b]]
    return total


@inner
def _offer(
    nodes: Nodes,
    limits: Limits,
    money: Money,
    charges: Charges,
    members: Ints,
    penalty: int,
    keep_best: bool,
    state: Ints,
    output: Output,
) -> bool:
    """Keep a partnership that is allowed and has a low enough reduced cost; return False where no row is free."""
    venue = venue_if_allowed(nodes, limits, members, money.meet == HOST)
    own = own_price_within(nodes, money, members, venue) if venue >= 0 and shares_matter(money) else 0
    if venue < 0 or own < 0:
        return True
    pupils = nought()
    for member in members:
        pupils += nodes.facts[member, PUPILS]
    cost = _cost(nodes, money, members, pupils) + own
    reduced = money.scale * cost + charges.fixed + penalty
    for member in members:
        reduced += charges.node[member]
    if charges.pair.shape[0]:
        reduced += _pair_charges(charges, members)
    if reduced > state[LIMIT]:
        return True
    state[LEAST] = min(state[LEAST], reduced)
    place, capacity = state[FOUND], output.members.shape[0]
    if place == capacity:
        if not keep_best:
            return False
        place = state[WORST]
    else:
        state[FOUND] += 1
    for i in range(len(members)):
        output.members[place, i] = members[i]
    output.heads[place], output.cost[place], output.price[place] = len(members), cost, reduced
    if keep_best and state[FOUND] == capacity:
        state[WORST] = int(np.argmax(output.price))
        state[LIMIT] = min(state[LIMIT], output.price[state[WORST]] - 1)
    return True


@inner
def _bound_open(path: Path, depth: int, heads_least: int, heads_most: int, margin: float, state: Ints) -> None:
    """Lower the least reduced cost to a bound on what the candidates at a depth, from its turn on, can still give."""
    wanted, owed = heads_most - depth - 1, max(heads_least - depth - 1, 1)
    turn, left = path.tally[depth, TURN], path.tally[depth, LEFT]
    if wanted < 1 or turn + owed > left or path.current[depth] == np.inf:
        return
    if wanted > 1:
        score = path.score[depth]
        least = score[turn] + _cheapest_sum(score, turn + 1, left, owed - 1, wanted - 1)
    else:
        least = np.inf
        for i in range(turn, left):
            least = min(least, path.price[depth, i] + path.ahead[path.node[depth, i]])
    state[LEAST] = min(state[LEAST], int(np.floor(path.current[depth] + least - margin)))


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
    """Write the partnerships of one block with a reduced cost of at most `threshold` to `output`; all include the root.

    With `keep_best`, keep the best that fit in the output; otherwise all, and stop where the output is full. Stop after
    `steps_most` steps too (0: no limit), or where `stop[0]` is set.
    Returns the number of partnerships, the least reduced cost (0 if none is negative), and whether the block was
    searched to the end. Where the steps were too few, the least is a lower bound: none of the block is below.
    """
    margin = 2.0 * money.scale + 1.0
    heads_most = min(limits.heads_most, nodes.drives.shape[0])
    any_size = money.meet == HOST
    room = min(limits.pupils_most, nodes.facts[0, VENUE_PUPILS_MOST])
    by_room = any_size and room < UNLIMITED and heads_most > 2
    path = new_path(nodes, charges, heads_most)
    by_shares = shares_matter(money)
    shortest = shortest_drives(nodes, heads_most if by_shares else 0)
    state = np.array([0, 0, threshold, 0])
    steps, cut_short = 0, False
    for heads in range(heads_most if any_size else limits.heads_least, heads_most + 1):
        heads_least = limits.heads_least if any_size else heads
        pair = _pair_prices(nodes, charges, money, heads)
        cheapest = _cheapest_pairs(pair, nodes.fits, max(heads - 2, 0), any_size)
        in_ties = nodes.tie_sizes[nodes.facts[0, TIE]] - 1 if nodes.facts[0, TIE] >= 0 else 0
        table = no_table()
        depth = root = nought()
        add_member(nodes, charges, path, depth, root, float(charges.node[0] + charges.fixed), in_ties)
        _first_candidates(nodes, charges, money, path, pair)
        if heads > 1:
            pupil_price = _pupil_price(nodes, limits, path, heads_least - 1, heads - 1, cheapest)
            if pupil_price < 0.0 or (pupil_price > 0.0 and not any_size):
                _charge_pupils(nodes, limits, path, pupil_price)
        if by_shares:
            charge_own(nodes, money, path, depth, shortest, heads)
        while depth >= 0:
            wanted = heads - depth - 1  # further members at most; the next line has the least, one or more
            owed = max(heads_least - depth - 1, 1)
            if path.tally[depth, TURN] < 0:
                path.tally[depth, TURN] = 0
                if depth + 1 >= heads_least and path.tally[depth, MISSING] == 0:
                    members, penalty = path.members[: depth + 1], path.tally[depth, PENALTY]
                    if not _offer(nodes, limits, money, charges, members, penalty, keep_best, state, output):
                        return state[FOUND], state[LEAST], False
                if path.tally[depth, MISSING] > wanted:
                    path.tally[depth, LEFT] = 0
                elif wanted > 1:
                    _score(path, depth, owed, wanted, cheapest, state[LIMIT] + margin)
                    if depth == 0 and by_room:
                        table = knapsack_table(nodes, path, room, 2.0 * cheapest[:, heads - 2])
                    if by_room:
                        set_first(path, depth, table.shape[0] - 1)
                if limits.flags:
                    set_flags(nodes, path, depth)
                if cut_short:
                    _bound_open(path, depth, heads_least, heads, margin, state)
                    remove_member(nodes, charges, path, depth)
                    break
            turn, left = path.tally[depth, TURN], path.tally[depth, LEFT]
            go_on = wanted > 0 and turn + owed <= left
            if go_on and limits.flags:
                go_on = flags_within_reach(limits, path, depth, turn)
            if go_on and wanted > 1:
                bound = path.score[depth, turn] + _cheapest_sum(path.score[depth], turn + 1, left, owed - 1, wanted - 1)
                if by_room:
                    bound = max(bound, least_within(path, table, depth, turn, room))
                bound += least_lacking(money, path, depth, turn)
                go_on = path.current[depth] + bound <= state[LIMIT] + margin
            if not go_on:
                remove_member(nodes, charges, path, depth)
                depth -= 1
                continue

            path.tally[depth, TURN] += 1
            steps += 1
            if steps % CHECK_EVERY == 0 and stop[0]:
                return state[FOUND], state[LEAST], False
            if steps == steps_most:
                cut_short = True
                path.tally[depth, TURN] -= 1
                while depth >= 0:
                    _bound_open(path, depth, heads_least, heads, margin, state)
                    remove_member(nodes, charges, path, depth)
                    depth -= 1
                continue
            c = path.node[depth, turn]
            if wanted == 1 and path.current[depth] + path.price[depth, turn] + path.ahead[c] > state[LIMIT] + margin:
                continue
            in_ties = owed_with(nodes, path, depth, c)
            if in_ties > wanted - 1 or not within_most(nodes, limits, path, depth, c):
                continue
            if wanted > 1:
                if by_room:
                    then = path.current[depth] + path.price[depth, turn] + path.ahead[c]
                    then += least_within(path, table, depth, turn + 1, room - nodes.facts[c, PUPILS])
                    if then > state[LIMIT] + margin:
                        continue
                add_member(nodes, charges, path, depth + 1, c, path.price[depth, turn], in_ties)
                if by_shares:
                    charge_own(nodes, money, path, depth + 1, shortest, heads)
                    if path.current[depth + 1] == np.inf:
                        remove_member(nodes, charges, path, depth + 1)
                        continue
                _next_candidates(nodes, path, depth, turn + 1, pair)
                depth += 1
                continue

            path.members[heads - 1] = c
            penalty = path.tally[depth, PENALTY] + penalty_of_last(path, charges, c)
            if not _offer(nodes, limits, money, charges, path.members[:heads], penalty, keep_best, state, output):
                return state[FOUND], state[LEAST], False
    return state[FOUND], state[LEAST], not cut_short
