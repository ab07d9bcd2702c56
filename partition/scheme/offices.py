"""Drives between advisers' offices and schools, by the same travel as drives between schools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geodata.advisers import Adviser
from geodata.minutes import CrowFly, Travel
from geodata.urns import urns_of
from partition.scenario.case import Case, Places, travel_over


@dataclass(frozen=True, slots=True)
class OfficeDrives:
    """Centiminutes there and back from each office (rows) to each school of the area (columns); -1: no road."""

    round_trips: NDArray[np.int64]
    words: str


def office_drives(case: Case, advisers: Sequence[Adviser], *, use_cache: bool = True) -> OfficeDrives:
    """Return the drives from each adviser's office.

    Where minutes come from a matrix, which holds no offices, these drives are crow-fly, and `words` says so.
    """
    area = case.problem.area
    spots = sorted({(one.easting, one.northing) for one in advisers})
    places = Places(
        urns=urns_of(range(1, len(area) + len(spots) + 1)),  # an office has no URN, and only the order counts here
        names=(*area.names, *(f"the office at {east}, {north}" for east, north in spots)),
        eastings=np.concatenate([area.eastings, np.array([east for east, _ in spots], dtype=np.int64)]),
        northings=np.concatenate([area.northings, np.array([north for _, north in spots], dtype=np.int64)]),
        grid=area.grid,
    )
    if case.scenario.travel.matrix is not None:
        crow = case.scenario.travel.crow_minutes
        travel: Travel = CrowFly(
            places.urns, places.eastings, places.northings, start_minutes=crow.start, minutes_per_km=crow.per_km
        )
        words = f"{travel.words}; the matrix knows no offices"
    else:
        travel = travel_over(case.scenario.travel, places, case.known_urns, use_cache)
        words = travel.words
    schools = np.arange(len(area))
    by_spot = {}
    for n, spot in enumerate(spots):
        office = np.full(len(area), len(area) + n)
        there = travel.between(office, schools)[0].astype(np.int64)
        back = travel.between(schools, office)[0].astype(np.int64)
        by_spot[spot] = np.where((there < 0) | (back < 0), -1, there + back)
    rows = [by_spot[one.easting, one.northing] for one in advisers]
    return OfficeDrives(np.array(rows, dtype=np.int64).reshape(len(rows), len(area)), words)
