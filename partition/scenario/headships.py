"""Headships to look at: labels that no one head can stand for, large federations, and schools of one head far apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from geodata.faults import Fault
from partition.model.problem import Problem
from partition.model.roster import CENTIMINUTES, Headship, Roster
from partition.model.rules import MinutesMax

SCHOOLS_MOST = 12  # England's largest federation of primary schools has ten
SPREAD_KM_MOST = 50  # in a straight line: an hour or more by road, too far for one head
LARGE = 4  # schools from which a headship is told of, where no number makes one a partnership


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadshipSeen:
    """A headship that is large, or whose schools lie further apart than the limit on drives."""

    headship: Headship
    worst_minutes: float | None  # the slower way between its two schools furthest apart; None where no road joins them
    worst_pair: tuple[int, int]  # positions in the area
    limit_minutes: float | None
    large: bool

    @property
    def wide(self) -> bool:
        """Whether its own schools lie further apart than the limit, or no road joins them."""
        return self.worst_minutes is None or (
            self.limit_minutes is not None and self.worst_minutes > self.limit_minutes
        )

    def words(self, roster: Roster) -> str:
        """Return the headship in a line."""
        one, names = self.headship, roster.area.names
        told = f"{one.name}, {len(one.schools)} schools" + ", a partnership already" * one.already
        if not self.wide:
            return told
        a, b = (names[position] for position in self.worst_pair)
        if self.worst_minutes is None:
            return f"{told}; no road joins {a} and {b}"
        limit = f"{self.limit_minutes:g}, which is not about schools of one head"
        return f"{told}; {a} and {b} are {self.worst_minutes:.1f} minutes apart, over the limit of {limit}"


def headships_seen(problem: Problem) -> Iterator[HeadshipSeen]:
    """Yield each headship that is large, or whose schools lie further apart than the limit on drives."""
    roster = problem.roster
    limits = [rule.minutes for rule in problem.rules if isinstance(rule, MinutesMax)]
    for headship in roster.headships:
        if len(headship.schools) > 1:
            seen = _seen(roster, headship, min(limits, default=None))
            if seen.large or seen.wide:
                yield seen


def _seen(roster: Roster, headship: Headship, limit_minutes: float | None) -> HeadshipSeen:
    pairs = list(combinations(headship.schools, 2))
    one, other = np.array(pairs, dtype=np.int64).T
    there, back = roster.area.travel.between(one, other)[0], roster.area.travel.between(other, one)[0]
    slower = np.where((there < 0) | (back < 0), np.iinfo(np.int32).max, np.maximum(there, back))
    worst = int(slower.argmax())
    reached = slower[worst] < np.iinfo(np.int32).max
    return HeadshipSeen(
        headship=headship,
        worst_minutes=int(slower[worst]) / CENTIMINUTES if reached else None,
        worst_pair=pairs[worst],
        limit_minutes=limit_minutes,
        large=len(headship.schools) >= (roster.partnership_from or LARGE),
    )


def doubtful_labels(roster: Roster) -> Iterator[Fault]:
    """Yield a notice for each label of headships that more schools share, or wider apart, than one head can lead."""
    area = roster.area
    places = np.stack([area.eastings, area.northings], axis=1).astype(np.float64)
    for headship in roster.headships:
        schools = list(headship.schools)
        spread_km = (
            max((float(np.hypot(*(places[a] - places[b]))) for a, b in combinations(schools, 2)), default=0) / 1000
        )
        if len(schools) > SCHOOLS_MOST or spread_km > SPREAD_KM_MOST:
            fix = (
                f"{len(schools)} schools up to {spread_km:.0f} km apart are read as led by one head; where this names "
                "a trust or a cluster, give another column or file in data.headships"
            )
            yield Fault(file="scenario", column="data.headships", value=headship.name, fix=fix)
