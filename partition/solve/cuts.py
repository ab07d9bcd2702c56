"""Subset-row cuts on triples: of three headships, at most one partnership of a plan has two or more.

Found from pairs: a triple can only be violated where two of its three pairs are used together, so only triples
along such pairs are looked at. Jepsen, Petersen, Spoorendonk and Pisinger (2008).
"""

from __future__ import annotations

from itertools import combinations

from partition.solve.master import Cut
from partition.solve.pool import Members

VIOLATION_LEAST = 1e-3


def violated_triples(used: dict[Members, float], known: set[Cut], most: int) -> list[Cut]:
    """The most violated triples that are not known yet, in a fixed order."""
    together: dict[tuple[int, int], float] = {}
    for members, amount in used.items():
        for two in combinations(members, 2):
            together[two] = together.get(two, 0.0) + amount
    near: dict[int, list[int]] = {}
    for (a, b), amount in together.items():
        if amount < 1 - VIOLATION_LEAST:
            near.setdefault(a, []).append(b)
            near.setdefault(b, []).append(a)
    having: dict[int, list[tuple[frozenset[int], float]]] = {}
    for members, amount in used.items():
        if amount < 1 - VIOLATION_LEAST:
            for node in members:
                having.setdefault(node, []).append((frozenset(members), amount))

    def pair(a: int, b: int) -> float:
        return together.get((a, b) if a < b else (b, a), 0.0)

    found: dict[Cut, float] = {}
    for middle, others in near.items():
        for a, b in combinations(sorted(others), 2):
            triple: Cut = tuple(sorted((middle, a, b)))
            if triple in found or triple in known:
                continue
            pairs = pair(middle, a) + pair(middle, b) + pair(a, b)
            if pairs <= 1 + VIOLATION_LEAST:
                continue
            all_three = sum(amount for members, amount in having[middle] if a in members and b in members)
            violation = pairs - 2 * all_three - 1
            if violation > VIOLATION_LEAST:
                found[triple] = violation
    return sorted(found, key=lambda triple: (-round(found[triple], 6), triple))[:most]
