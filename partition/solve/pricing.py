"""Exact pricing, compiled: every partnership of a block whose reduced cost is low enough, or the best few.

For each target size k (a rotating venue divides by k, which breaks bounds that let the size grow) members are
chosen depth first. At every step each candidate is scored with the least it can add: its price so far, plus half of
the cheapest k - 1 pairs it could still form, plus half of every cut penalty it alone would trigger. Candidates are
tried in order of score, so the sum of the next ones bounds all that follow and the loop ends early. The bound is
sound where links make a pair cheaper than nothing, for it never assumes a sign.

Everything is in micro-units (millionths of a minute or km): bounds in floating point with a margin that covers
rounding, accepted partnerships in 64-bit integers. Method: elementary column enumeration as for capacitated
clustering (Mehrotra and Trick 1998) with subset-row cuts in pricing (Jepsen et al. 2008).
"""

from __future__ import annotations

import numpy as np
from numba import njit

ROTATE, PAIRS, HOST = 0, 1, 2
CHECK_EVERY = 16384  # steps between two looks at the stop flag


@njit(cache=True, nogil=True, inline="never")
def _travel(meet, numerator, denominator, drives, heads):
    """Thousandths a year, rounded once, halves up; as `Tariff.travel`."""
    top, bottom = drives * numerator, denominator
    if meet == ROTATE:
        top, bottom = 2 * top, bottom * heads
    elif meet == PAIRS:
        bottom = 2 * bottom
    return (2 * top + bottom) // (2 * bottom)


@njit(cache=True, nogil=True, inline="never")
def _best_others(pair, fits, most):
    """least[c, j]: half the sum of the j cheapest pairs that c forms with others of the block, root left out."""
    size = pair.shape[0]
    least = np.full((size, most + 1), np.inf)
    cheapest = np.empty(most + 1)
    for c in range(1, size):
        found = 0
        for d in range(1, size):
            if d == c or not fits[c, d]:
                continue
            price = pair[c, d]
            if found == most and (most == 0 or price >= cheapest[found - 1]):
                continue
            place = found if found < most else most - 1
            while place > 0 and cheapest[place - 1] > price:
                cheapest[place] = cheapest[place - 1]
                place -= 1
            cheapest[place] = price
            if found < most:
                found += 1
        least[c, 0] = 0.0
        for j in range(found):
            least[c, j + 1] = least[c, j] + 0.5 * cheapest[j]
    return least


@njit(cache=True, nogil=True, inline="never")
def _sort_by_score(score, node, price, count):
    """Insertion sort of three arrays by the first; children inherit nearly sorted lists."""
    for i in range(1, count):
        s, c, v = score[i], node[i], price[i]
        j = i - 1
        while j >= 0 and score[j] > s:
            score[j + 1], node[j + 1], price[j + 1] = score[j], node[j], price[j]
            j -= 1
        score[j + 1], node[j + 1], price[j + 1] = s, c, v


@njit(cache=True, nogil=True, inline="never")
def _touch(c, sign, cut_start, cut_list, cut_nodes, cut_price, held, ahead):
    """Add (+1) or take back (-1) a member in every cut; returns the penalty that this triggers, signed.

    `held` counts members by cut; `ahead` is, by node, half of the penalties that this node alone would trigger.
    """
    triggered = 0
    for x in range(cut_start[c], cut_start[c + 1]):
        cut = cut_list[x]
        before = held[cut] if sign > 0 else held[cut] - 1
        held[cut] += sign
        if before == 0 or before == 1:
            half = 0.5 * cut_price[cut]
            change = half * sign if before == 0 else -half * sign
            for y in range(cut_nodes.shape[1]):
                other = cut_nodes[cut, y]
                if other >= 0 and other != c:
                    ahead[other] += change
            if before == 1:
                triggered += sign * cut_price[cut]
    return triggered


@njit(cache=True, nogil=True, inline="never")
def _allowed(members, heads, root_is_venue, drives, venue_fits, rank, pupils, schools, flags, limits):
    """The rules that only a whole partnership can be judged by; for a venue, that it is the cheapest one."""
    total_pupils, total_schools, seen = 0, 0, 0
    for i in range(heads):
        total_pupils += pupils[members[i]]
        total_schools += schools[members[i]]
        seen |= flags[members[i]]
    if total_pupils < limits[2] or total_schools < limits[4] or seen != limits[7]:
        return False
    reached, best, best_rank = False, 0, -1
    for i in range(heads):
        venue, fits, away = members[i], True, 0
        for j in range(heads):
            fits = fits and (i == j or venue_fits[venue, members[j]])
            away += drives[venue, members[j]]
        if fits and (not reached or away < best or (away == best and rank[venue] < best_rank)):
            reached, best, best_rank = True, away, rank[venue]
    return reached and (not root_is_venue or best_rank == rank[members[0]])


@njit(cache=True, nogil=True)
def search_block(
    drives,
    halves,
    fits,
    venue_fits,
    rank,
    pupils,
    schools,
    associates,
    flags,
    tie,
    tie_sizes,
    distinct_bits,
    distinct_most,
    limits,
    money,
    node_price,
    fixed_price,
    cut_start,
    cut_list,
    cut_nodes,
    cut_price,
    threshold,
    keep_best,
    stop,
    out_members,
    out_heads,
    out_cost,
    out_price,
):
    """Partnerships of one block with reduced cost <= threshold; the root is node 0 and always a member.

    limits: heads least and most, pupils, schools, associates most, flags wanted. money: meet, travel numerator and
    denominator, balance numerator and denominator, target, micro-units per thousandth (0 where only places count).
    With `keep_best`, keeps the best that fit in the output; otherwise all, and gives up when they do not fit.
    Returns how many, the least reduced cost (0 if none is negative), and whether the block was searched to the end.
    """
    size = drives.shape[0]
    capacity = out_members.shape[0]
    meet, numerator, denominator, scale = money[0], money[1], money[2], money[6]
    margin = 2.0 * scale + 1.0
    heads_most = min(limits[1], size)
    held = np.zeros(max(cut_price.shape[0], 1), dtype=np.int64)
    ahead = np.zeros(size)
    node = np.zeros((heads_most + 1, size), dtype=np.int64)
    price = np.zeros((heads_most + 1, size))
    score = np.zeros((heads_most + 1, size))
    count = np.zeros(heads_most + 1, dtype=np.int64)
    turn = np.zeros(heads_most + 1, dtype=np.int64)
    current = np.zeros(heads_most + 1)
    penalty = np.zeros(heads_most + 1, dtype=np.int64)
    members = np.zeros(heads_most + 1, dtype=np.int64)
    sum_pupils = np.zeros(heads_most + 1, dtype=np.int64)
    sum_schools = np.zeros(heads_most + 1, dtype=np.int64)
    sum_associates = np.zeros(heads_most + 1, dtype=np.int64)
    missing = np.zeros(heads_most + 1, dtype=np.int64)
    in_tie = np.zeros(max(tie_sizes.shape[0], 1), dtype=np.int64)
    rules, words = distinct_bits.shape[0], distinct_bits.shape[2]
    values = np.zeros((heads_most + 1, max(rules, 1), words), dtype=np.uint64)
    found, least, steps, worst = 0, 0, 0, 0
    limit = threshold

    for heads in range(limits[0], heads_most + 1):
        pair = np.empty((size, size))
        drive_price = 0.0
        if meet == ROTATE:
            drive_price = 2.0 * scale * numerator / (denominator * heads)
        elif meet == PAIRS:
            drive_price = 0.5 * scale * numerator / denominator
        for a in range(size):
            for b in range(size):
                pair[a, b] = drive_price * drives[a, b] - 2.0 * scale * halves[a, b]
        others = _best_others(pair, fits, max(heads - 2, 0))

        depth = 0
        members[0] = 0
        penalty[0] = _touch(0, 1, cut_start, cut_list, cut_nodes, cut_price, held, ahead)
        current[0] = node_price[0] + fixed_price + penalty[0]
        sum_pupils[0], sum_schools[0], sum_associates[0] = pupils[0], schools[0], associates[0]
        missing[0] = 0
        if tie[0] >= 0:
            missing[0] = tie_sizes[tie[0]] - 1
            in_tie[tie[0]] = 1
        for r in range(rules):
            for w in range(words):
                values[0, r, w] = distinct_bits[r, 0, w]
        count[0] = 0
        for c in range(1, size):
            if fits[0, c] and (meet != HOST or venue_fits[0, c]):
                node[0, count[0]] = c
                price[0, count[0]] = node_price[c] + pair[0, c]
                if meet == HOST:
                    price[0, count[0]] += scale * drives[0, c] * (numerator / denominator)
                count[0] += 1
        turn[0] = -1

        while depth >= 0:
            wanted = heads - depth - 1
            if turn[depth] < 0:  # newly entered: score, sort, cut off
                turn[depth] = 0
                n = count[depth]
                if n < wanted or missing[depth] > wanted:
                    count[depth] = 0
                elif wanted == 1:
                    for i in range(n):
                        c = node[depth, i]
                        if current[depth] + price[depth, i] + 2.0 * ahead[c] > limit + margin:
                            continue
                        if (
                            sum_pupils[depth] + pupils[c] > limits[3]
                            or sum_schools[depth] + schools[c] > limits[5]
                            or sum_associates[depth] + associates[c] > limits[6]
                        ):
                            continue
                        completes = tie[c] >= 0 and in_tie[tie[c]] + 1 == tie_sizes[tie[c]]
                        if missing[depth] != (1 if completes and in_tie[tie[c]] > 0 else 0):
                            continue
                        if tie[c] >= 0 and not completes:
                            continue
                        diverse = False
                        for r in range(rules):
                            different = 0
                            for w in range(words):
                                bits = values[depth, r, w] | distinct_bits[r, c, w]
                                while bits:
                                    bits &= bits - np.uint64(1)
                                    different += 1
                            diverse = diverse or different > distinct_most[r]
                        if diverse:
                            continue
                        members[heads - 1] = c
                        if not _allowed(
                            members, heads, meet == HOST, drives, venue_fits, rank, pupils, schools, flags, limits
                        ):
                            continue
                        away, kept, reduced = 0, 0, fixed_price + penalty[depth]
                        for a in range(heads):
                            reduced += node_price[members[a]]
                            if meet == HOST:
                                away += drives[0, members[a]]
                            for b in range(a + 1, heads):
                                kept += halves[members[a], members[b]]
                                if meet != HOST:
                                    away += drives[members[a], members[b]]
                        off = abs(sum_pupils[depth] + pupils[c] - money[5])
                        balance = (2 * money[3] * off + money[4]) // (2 * money[4])
                        cost = _travel(meet, numerator, denominator, away, heads) - 2 * kept + balance
                        reduced += scale * cost
                        for x in range(cut_start[c], cut_start[c + 1]):
                            if held[cut_list[x]] == 1:
                                reduced += cut_price[cut_list[x]]
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
                        for a in range(heads):
                            out_members[place, a] = members[a]
                        out_heads[place], out_cost[place], out_price[place] = heads, cost, reduced
                        if keep_best and found == capacity:
                            worst = 0
                            for x in range(1, found):
                                if out_price[x] > out_price[worst]:
                                    worst = x
                            limit = min(threshold, out_price[worst] - 1)
                    count[depth] = 0
                else:
                    for i in range(n):
                        c = node[depth, i]
                        score[depth, i] = price[depth, i] + ahead[c] + others[c, wanted - 1]
                    _sort_by_score(score[depth], node[depth], price[depth], n)
                    base = current[depth]
                    for i in range(wanted - 1):
                        base += score[depth, i]
                    kept_count = wanted - 1
                    while kept_count < n and base + score[depth, kept_count] <= limit + margin:
                        kept_count += 1
                    count[depth] = kept_count

            i = turn[depth]
            go_on = i + wanted <= count[depth]
            if go_on:
                bound = current[depth]
                for j in range(i, i + wanted):
                    bound += score[depth, j]
                go_on = bound <= limit + margin
            if not go_on:  # leave this member
                c = members[depth]
                _touch(c, -1, cut_start, cut_list, cut_nodes, cut_price, held, ahead)
                if tie[c] >= 0:
                    in_tie[tie[c]] -= 1
                depth -= 1
                continue

            turn[depth] += 1
            c = node[depth, i]
            steps += 1
            if steps % CHECK_EVERY == 0 and stop[0]:
                return found, least, False
            if (
                sum_pupils[depth] + pupils[c] > limits[3]
                or sum_schools[depth] + schools[c] > limits[5]
                or sum_associates[depth] + associates[c] > limits[6]
            ):
                continue
            still = missing[depth]
            if tie[c] >= 0:
                still += tie_sizes[tie[c]] - 1 if in_tie[tie[c]] == 0 else -1
            if still > wanted - 1:
                continue
            diverse = False
            for r in range(rules):
                different = 0
                for w in range(words):
                    bits = values[depth, r, w] | distinct_bits[r, c, w]
                    values[depth + 1, r, w] = bits
                    while bits:
                        bits &= bits - np.uint64(1)
                        different += 1
                diverse = diverse or different > distinct_most[r]
            if diverse:
                continue
            below = depth + 1
            members[below] = c
            missing[below] = still
            if tie[c] >= 0:
                in_tie[tie[c]] += 1
            penalty_now = _touch(c, 1, cut_start, cut_list, cut_nodes, cut_price, held, ahead)
            penalty[below] = penalty[depth] + penalty_now
            current[below] = current[depth] + price[depth, i] + penalty_now
            sum_pupils[below] = sum_pupils[depth] + pupils[c]
            sum_schools[below] = sum_schools[depth] + schools[c]
            sum_associates[below] = sum_associates[depth] + associates[c]
            n = 0
            for j in range(i + 1, count[depth]):
                e = node[depth, j]
                if fits[c, e]:
                    node[below, n] = e
                    price[below, n] = price[depth, j] + pair[c, e]
                    n += 1
            count[below] = n
            turn[below] = -1
            depth = below
    return found, least, True
