"""Minutes and km held against the straight line: the wrong unit, drives that no car makes, and 0 for "no way".

Bounds are wide, so that a walker's or a bus's minutes are still minutes: what lies outside them is no measurement of a
drive between these places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.faults import Fault
from geodata.pairs.amounts import KM_IN, MINUTES_IN
from geodata.pairs.drives import METRES_PER_KM, Drives, Floats
from geodata.pairs.headings import MINUTES

APART_KM_MIN = 0.2  # nearer places tell nothing
FASTEST_MINUTES_PER_KM = 0.5  # in a straight line: 120 km/h
IMPOSSIBLE_MINUTES_PER_KM = 0.3  # 200 km/h
SLOWEST_MINUTES_PER_KM, SLOWEST_SPARE_MINUTES = 20.0, 10.0  # slower than a walk
ROUNDED_MINUTES = 1.0  # routers may state whole minutes, rounded down
USUAL_MINUTES_PER_KM, USUAL_KM_PER_KM = 1.7, 1.3
SHORTEST_KM_PER_KM, SHORTEST_SPARE_KM = 0.95, 0.3
IMPOSSIBLE_KM_PER_KM, IMPOSSIBLE_SPARE_KM = 0.5, 1.0
LONGEST_KM_PER_KM, LONGEST_SPARE_KM = 5.0, 10.0
METRES_A_KM_MAX = 2_500  # by road
ZERO_KM_MAX = 2.0  # no car is 2 km away in no minute at all
MOST_FIT, CLEARLY_BETTER = 0.5, 0.25  # shares of the drives
SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Findings:
    """Faults and notices of minutes and km; and the names of those that are not in their unit."""

    faults: list[Fault]
    notices: list[Fault]
    unread: list[str]


def held_against(drives: Drives, points: Floats) -> Findings:
    """Return what is odd about drives between these places, in metres, one row a school."""
    straight_km = np.hypot(*(points[drives.origin] - points[drives.destination]).T) / METRES_PER_KM
    found = Findings(faults=[], notices=[], unread=[])
    for name, amounts in drives.amounts.items():
        column = _Column(drives, name, amounts, straight_km)
        if (odd := column.wrong_unit()) is not None:
            found.faults.append(odd)
            found.unread.append(name)
            continue
        never, hardly = column.odd_minutes() if name == MINUTES else column.odd_km()
        found.faults.extend(never)
        found.notices.extend(hardly)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """The minutes, or km, of drives, and the straight line between their ends."""

    drives: Drives
    name: str
    amounts: Floats
    straight_km: Floats

    def wrong_unit(self) -> Fault | None:
        """Return the one fault of a column that is not in its unit, naming the unit that its numbers fit."""
        per: Mapping[str, float] = MINUTES_IN if self.name == MINUTES else KM_IN
        unit = self.drives.units[self.name]
        tested = np.isfinite(self.amounts) & (self.amounts > 0) & (self.straight_km >= APART_KM_MIN)
        if not tested.any():
            return None
        written, straight_km = self.amounts[tested] / per[unit], self.straight_km[tested]
        fits = {other: float(_fit(self.name, written * per[other], straight_km).mean()) for other in per}
        pace = float(np.median(written / straight_km))
        usual = USUAL_MINUTES_PER_KM if self.name == MINUTES else USUAL_KM_PER_KM
        best = max(per, key=lambda other: (round(fits[other], 1), -abs(np.log(pace * per[other] / usual))))
        if fits[unit] > MOST_FIT and fits[unit] >= fits[best] - CLEARLY_BETTER:
            return None
        odd = tested & ~_fit(self.name, self.amounts, self.straight_km)
        fix = f"read as {unit}, {odd.sum():,} of {tested.sum():,} drives fit no road ({self.some(odd)}); "
        if self.name == MINUTES and METRES_PER_KM <= pace <= METRES_A_KM_MAX:
            fix += "they look like metres, not like a time: "
        elif fits[best] > MOST_FIT and best != unit:
            fix += f"they look like {best}: if so, say so, as in --set travel.units.{self.name}={best}; "
            return self._told(odd, f"{fix}or give {self.name}")
        fix += f"give the column of {self.name}, as in --set travel.columns.{self.name}=HEADING, "
        fix += "and its unit in travel.units"
        return self._told(odd, fix)

    def odd_minutes(self) -> tuple[list[Fault], list[Fault]]:
        """Return faults of drives that no car can make, and notices of those that hardly one can."""
        minutes, straight_km = self.amounts, self.straight_km
        none = (straight_km >= APART_KM_MIN) & (minutes == 0)
        far = straight_km > ZERO_KM_MAX
        quick = (minutes > 0) & (minutes + ROUNDED_MINUTES < FASTEST_MINUTES_PER_KM * straight_km)
        never = quick & (minutes + ROUNDED_MINUTES < IMPOSSIBLE_MINUTES_PER_KM * straight_km)
        slow = minutes > SLOWEST_MINUTES_PER_KM * straight_km + SLOWEST_SPARE_MINUTES
        faults = [
            (none & far, "0 minutes between places kilometres apart; leave minutes blank where there is no way"),
            (never, "faster than any car; correct the minutes, or the place of the school"),
        ]
        notices = [
            (none & ~far, "0 minutes between places that are apart: taken as no time at all; blank means no way"),
            (quick & ~never, "faster than 120 km/h in a straight line: taken as stated"),
            (slow, "slower than a walk: taken as stated; blank means no way"),
        ]
        return self._all_told(faults), self._all_told(notices)

    def odd_km(self) -> tuple[list[Fault], list[Fault]]:
        """Return faults of drives far shorter than the straight line, and notices of those a little shorter."""
        short = self.amounts < SHORTEST_KM_PER_KM * self.straight_km - SHORTEST_SPARE_KM
        never = self.amounts < IMPOSSIBLE_KM_PER_KM * self.straight_km - IMPOSSIBLE_SPARE_KM
        fault = "shorter than half the straight line; correct the km, or the place of the school"
        notice = "shorter than the straight line: taken as stated"
        return self._all_told([(never, fault)]), self._all_told([(short & ~never, notice)])

    def some(self, flags: NDArray[np.bool_]) -> str:
        """Return the first few drives with these flags, as words."""
        ends, urns = (self.drives.origin, self.drives.destination), self.drives.urns
        shown = [
            f"{urns[ends[0][at]]} to {urns[ends[1][at]]}: {self.amounts[at]:.4g} {self.name} "
            f"for {self.straight_km[at]:.1f} km"
            for at in np.flatnonzero(flags)[:SHOWN].tolist()
        ]
        return "; ".join(shown) + " ..." * (int(flags.sum()) > SHOWN)

    def _told(self, flags: NDArray[np.bool_], fix: str) -> Fault:
        pairs = self.drives.pairs
        heading = pairs.columns.get(self.name, self.name)
        return Fault(file=pairs.file, column=heading, value=f"{flags.sum():,} pairs", fix=fix)

    def _all_told(self, kinds: Sequence[tuple[NDArray[np.bool_], str]]) -> list[Fault]:
        """Return one fault for each kind of drive that there is, the first few by name."""
        return [self._told(flags, f"{fix} ({self.some(flags)})") for flags, fix in kinds if flags.any()]


def _fit(name: str, amounts: Floats, straight_km: Floats) -> NDArray[np.bool_]:
    """Return whether each amount may be that of a drive."""
    if name == MINUTES:
        slowest = SLOWEST_MINUTES_PER_KM * straight_km + SLOWEST_SPARE_MINUTES
        return (amounts >= FASTEST_MINUTES_PER_KM * straight_km) & (amounts <= slowest)
    longest = LONGEST_KM_PER_KM * straight_km + LONGEST_SPARE_KM
    return (amounts >= SHORTEST_KM_PER_KM * straight_km - SHORTEST_SPARE_KM) & (amounts <= longest)
