"""What candidates add at least within the pupils that a venue has room for, compiled: a knapsack table of a block.

At a fixed venue a partnership's cost is a sum over its members, so the least that any of the candidates from some place
on add within some room is a 0/1 knapsack (Ceselli and Righini 2005 price the capacitated p-median so). It ignores what
cuts add later on, and counts for each candidate all that links can take off, so it never claims too much.
"""

from __future__ import annotations

import numpy as np

from partition.solver.path import LEFT, PUPILS, PUPILS_SO_FAR, Floats, Ints, Nodes, Path, inner

ROOMS_MOST = 1_024  # where there are more, pupils count by several at once, rounded to the candidates' favour


@inner
def no_table() -> Floats:
    """Where there is no room to speak of, or partnerships are priced otherwise."""
    return np.empty((0, 0))


@inner
def pupils_per_room(room: int) -> int:
    """How many pupils one step of the table stands for."""
    return int(1 + room // ROOMS_MOST)


@inner
def knapsack_table(nodes: Nodes, path: Path, room: int, off: Floats) -> Floats:
    """[i, r]: the least that the root's candidates from the i-th on add within r steps of room; none of them, 0.

    `off` is, by node, all that pairs with others may take off its price. Sets each candidate's `place`.
    """
    count, step = path.tally[0, LEFT], pupils_per_room(room)
    rooms = max(room, 0) // step
    table = np.zeros((count + 1, rooms + 1))
    for i in range(count - 1, -1, -1):
        c = path.node[0, i]
        path.place[c] = i
        price, needed = path.price[0, i] + off[c], nodes.facts[c, PUPILS] // step
        for r in range(rooms + 1):
            table[i, r] = table[i + 1, r]
            if r >= needed and price + table[i + 1, r - needed] < table[i, r]:
                table[i, r] = price + table[i + 1, r - needed]
    return table


@inner
def set_first(path: Path, depth: int, last: int) -> None:
    """For each candidate left at this depth, the first place in the table of it and those after it."""
    first: Ints = path.first[depth]
    left = path.tally[depth, LEFT]
    first[left] = last
    for i in range(left - 1, -1, -1):
        first[i] = min(first[i + 1], path.place[path.node[depth, i]])


@inner
def least_within(path: Path, table: Floats, depth: int, turn: int, room: int) -> float:
    """The least that this depth's candidates from this one on add within so many pupils less those of its members."""
    left = room - path.tally[depth, PUPILS_SO_FAR]
    return float(table[path.first[depth, turn], max(left, 0) // pupils_per_room(room)])
