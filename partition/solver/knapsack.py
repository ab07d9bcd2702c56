"""A knapsack table of a block, compiled: the least price of candidates within the room for pupils at a venue.

With a fixed venue a partnership's cost is a sum over its members. So the least price of any of the candidates from one
place on, within some room, is a 0/1 knapsack (the pricing of the capacitated p-median by Ceselli and Righini 2005). The
table ignores penalties of cuts by later members, and takes off each price all that links can take off, so it is a valid
lower bound.
"""

from __future__ import annotations

import numpy as np

from partition.solver.path import LEFT, PUPILS, PUPILS_SO_FAR, Floats, Ints, Nodes, Path, inner

ROOMS_MOST = 1_024  # for more pupils, a step of the table is several pupils, rounded down, so the bound stays valid


@inner
def no_table() -> Floats:
    """Return an empty table, for searches that use no table."""
    return np.empty((0, 0))


@inner
def pupils_per_room(room: int) -> int:
    """Return the number of pupils that one step of the table stands for."""
    return int(1 + room // ROOMS_MOST)


@inner
def knapsack_table(nodes: Nodes, path: Path, room: int, off: Floats) -> Floats:
    """Return [i, r]: the least sum of prices of the root's candidates from the i-th on, within r steps of room.

    The sum of no candidates is 0. `off` is by node the most that pairs with others take off its price: 0 or negative.
    Sets `path.place` of each candidate.
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
    """Set for each candidate at a depth the first place in the table of the candidate and all later ones."""
    first: Ints = path.first[depth]
    left = path.tally[depth, LEFT]
    first[left] = last
    for i in range(left - 1, -1, -1):
        first[i] = min(first[i + 1], path.place[path.node[depth, i]])


@inner
def least_within(path: Path, table: Floats, depth: int, turn: int, room: int) -> float:
    """Return the least sum of prices of candidates from `turn` on, within `room` pupils less those of the members."""
    left = room - path.tally[depth, PUPILS_SO_FAR]
    return float(table[path.first[depth, turn], max(left, 0) // pupils_per_room(room)])
