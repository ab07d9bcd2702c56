"""Pairs of heads whose drives between bases, or between nearest schools, keep the limits: all pairs at once, as arrays.

`Group.drives_between` says the same of one partnership, in plain Python.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from partition.model.roster import Roster
from partition.solver.space import Bools, Ints


@dataclass(frozen=True, slots=True)
class EndsLimit:
    """A limit on the drives between heads' bases or nearest schools, in centiminutes by school, or in metres."""

    between: Literal["bases", "nearest"]
    centiminutes_max: Ints | None = None  # by school; the limit of a pair is the longer of its two
    metres_max: int | None = None


class HeadPairs:
    """Pairs of headships, by position, with the drives between all schools of the two."""

    def __init__(self, roster: Roster, low: Ints, high: Ints) -> None:
        self.roster, self.low, self.high = roster, low, high
        schools = [headship.schools for headship in roster.headships]
        ends = [
            (n, i, j)
            for n, (a, b) in enumerate(zip(low.tolist(), high.tolist(), strict=True))
            for i in schools[a]
            for j in schools[b]
        ]
        self.pair, self.one, self.other = np.array(ends, dtype=np.int64).reshape(-1, 3).T
        there, back = roster.area.travel.between(self.one, self.other), roster.area.travel.between(self.other, self.one)
        self.is_reached = (there[0] >= 0) & (back[0] >= 0)
        self.centiminutes, self.metres = (np.maximum(way, home) for way, home in zip(there, back, strict=True))

    def joined(self) -> Bools:
        """Return by pair whether a road joins all schools of the two, both ways."""
        whole = np.ones(len(self.low), dtype=bool)
        whole[self.pair[~self.is_reached]] = False
        return whole

    def within(self, limit: EndsLimit) -> Bools:
        """Return by pair whether the drive that the limit is about keeps it."""
        took = self.centiminutes if limit.metres_max is None else self.metres
        rows = self._bases() if limit.between == "bases" else self._nearest(took)
        return np.asarray(took[rows] <= self._most(limit, rows))

    def _most(self, limit: EndsLimit, rows: Ints) -> Ints | int:
        if limit.centiminutes_max is None:
            return limit.metres_max or 0
        return np.maximum(limit.centiminutes_max[self.one[rows]], limit.centiminutes_max[self.other[rows]])

    def _bases(self) -> Ints:
        """Return for each pair the row of the drive between the two bases."""
        bases = np.array([headship.base for headship in self.roster.headships], dtype=np.int64)
        return np.flatnonzero((self.one == bases[self.low[self.pair]]) & (self.other == bases[self.high[self.pair]]))

    def _nearest(self, took: Ints) -> Ints:
        """Return for each pair the row of its shortest drive, the first of equals; no road is further than any."""
        order = np.lexsort((took, ~self.is_reached, self.pair))
        _, first = np.unique(self.pair[order], return_index=True)
        return np.asarray(order[first])

    def base_drives(self, *, by_metres: bool) -> Ints:
        """Return by pair the drive there and back between the two bases, in centiminutes or metres."""
        rows, measure = self._bases(), int(by_metres)
        ways = ((self.one[rows], self.other[rows]), (self.other[rows], self.one[rows]))
        return np.asarray(sum(self.roster.area.travel.between(*way)[measure].astype(np.int64) for way in ways))
