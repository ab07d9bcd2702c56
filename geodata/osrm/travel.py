"""Drive minutes between schools, and the ways themselves, from a running OSRM server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.cells import told_briefly
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH, Grid
from geodata.matrix import Matrix
from geodata.opening import Source
from geodata.osrm.server import NO_SEGMENT, NO_TABLE, NOT_OSRM, TOO_BIG, OsrmServer, Refusal
from geodata.reach import UNREACHABLE, Ints
from geodata.roads.polyline import decode_polyline
from geodata.urns import ascending

ATTRIBUTION = "Roads © OpenStreetMap contributors, Open Database Licence; minutes by OSRM"
SNAP_METRES_MAX = 500
SIDE = 100  # schools along each side of one table asked for; halved until the server agrees
DURATION_SECONDS_MAX, DISTANCE_METRES_MAX = 7 * 86_400, 10_000_000
REFUSALS = {
    NO_TABLE: "finds no way between any of the schools; use a server whose roads cover them",
    TOO_BIG: "refuses even two coordinates at once; raise --max-table-size where it is started",
    NO_SEGMENT: "knows no road near some of the schools; use a server whose roads cover them",
}

Row = NDArray[np.float64]


class OsrmTravel(Matrix):
    """Minutes and metres of every pair of schools from an OSRM server, which is asked for ways later.

    Minutes begin and end at the point of a road nearest to each school: no walk is added. Their quality is that of the
    server's profile. All pairs are kept, which suits counties, not England.
    """

    def __init__(
        self,
        server: OsrmServer,
        urns: Iterable[object],
        eastings_metres: ArrayLike,
        northings_metres: ArrayLike,
        *,
        names: Sequence[str] | None = None,
        snap_metres_max: float = SNAP_METRES_MAX,
        words: str = "",
        sources: tuple[Source, ...] = (),
        grid: Grid = BRITISH,
    ) -> None:
        """Ask the server for all pairs.

        Raises BadData where the server cannot be used, or with every school over `snap_metres_max` from the nearest
        road.
        """
        self._server = server
        self._degrees = grid.degrees(
            np.asarray(eastings_metres, dtype=np.float64), np.asarray(northings_metres, dtype=np.float64)
        )
        given = ascending(urns)
        who = [f"{name} ({urn})" for name, urn in zip(names or ["school"] * len(given), given, strict=True)]
        seconds, metres, snap_metres = _read_table(server, self._degrees, who)
        if faults := _far_from_roads(server, who, snap_metres, snap_metres_max):
            raise BadData(faults)
        super().__init__(
            given,
            _rounded_up(seconds, 6),
            None if metres is None else _rounded_up(metres, 10),
            words=words or f"drive minutes from the OSRM server {server.name}",
            attribution=(ATTRIBUTION,),
            sources=sources,
        )
        self.snap_metres = snap_metres

    def path(self, origin: int, destination: int) -> Row:
        """Return longitudes and latitudes of the way between two schools (indices), one row a point.

        There is no row where there is no way. Raises BadData where the server fails.
        """
        if self.between(origin, destination)[0] < 0:
            return np.empty((0, 2))
        ends = self._degrees[[origin, destination]]
        try:
            answer = self._server.ask("route", ends, "overview=full&geometries=polyline&generate_hints=false")
            return decode_polyline(answer["routes"][0]["geometry"])
        except Refusal as refusal:
            raise _told(self._server, refusal) from None
        except (KeyError, IndexError, TypeError, ValueError):
            raise self._server.refused(NOT_OSRM) from None


def _read_table(server: OsrmServer, degrees: NDArray[np.float64], who: Sequence[str]) -> tuple[Row, Row | None, Row]:
    """Return seconds and metres of each ordered pair (nan: no way), and metres from each school to its road."""
    side = SIDE
    while True:
        try:
            return _read_blocks(server, degrees, side)
        except Refusal as refusal:
            if refusal.code == TOO_BIG and side > 1:
                side //= 2
                continue
            raise _told(server, refusal, who) from None
        except (KeyError, IndexError, TypeError, ValueError):
            raise server.refused(NOT_OSRM) from None


def _read_blocks(server: OsrmServer, degrees: NDArray[np.float64], side: int) -> tuple[Row, Row | None, Row]:
    """Return the tables as `_read_table` does, asked in blocks of `side` x `side` schools."""
    count = len(degrees)
    seconds, metres = np.full((2, count, count), np.nan)
    snap_metres = np.full(count, np.nan)
    has_metres = True
    blocks = [np.arange(first, min(first + side, count)) for first in range(0, count, side)]
    for rows, columns in product(blocks, repeat=2):
        asked = np.union1d(rows, columns)
        sources = _listed(np.searchsorted(asked, rows))
        destinations = _listed(np.searchsorted(asked, columns))
        options = f"sources={sources}&destinations={destinations}"
        try:
            answer = server.ask(
                "table", degrees[asked], f"{options}&annotations=duration,distance&generate_hints=false"
            )
        except Refusal as refusal:
            if refusal.coordinate is not None and refusal.coordinate < len(asked):
                refusal.coordinate = int(asked[refusal.coordinate])
            raise
        at = np.ix_(rows, columns)
        seconds[at] = _amounts(answer["durations"], seconds[at].shape, DURATION_SECONDS_MAX)
        if has_metres := has_metres and "distances" in answer:  # servers before 5.20 give none
            metres[at] = _amounts(answer["distances"], metres[at].shape, DISTANCE_METRES_MAX)
        snaps = [float(waypoint["distance"]) for waypoint in answer["sources"]]
        snap_metres[rows] = _amounts(snaps, rows.shape, DISTANCE_METRES_MAX)
    metres[np.isnan(seconds)] = np.nan
    return seconds, metres if has_metres else None, snap_metres


def _listed(places: NDArray[np.int64]) -> str:
    return ";".join(map(str, places.tolist()))


def _amounts(given: object, shape: tuple[int, ...], most: float) -> Row:
    """Return numbers of that shape, null as nan. Raises ValueError or TypeError for anything else."""
    amounts = np.array(given, dtype=np.float64)
    if amounts.shape != shape or np.isinf(amounts).any() or (amounts < 0).any() or (amounts > most).any():
        raise ValueError("no such table")
    return amounts


def _rounded_up(amounts: Row, tenths_per_unit: int) -> Ints:
    """Return whole units, rounded up, -1 for nan. OSRM counts in tenths, so the result is exact.

    A centiminute has six tenths of a second, a metre ten tenths.
    """
    tenths = np.rint(10 * np.nan_to_num(amounts, nan=0.0)).astype(np.int64)
    return np.where(np.isnan(amounts), UNREACHABLE, -(-tenths // tenths_per_unit)).astype(np.int32)


def _far_from_roads(server: OsrmServer, who: Sequence[str], snap_metres: Row, snap_metres_max: float) -> list[Fault]:
    far = np.flatnonzero(snap_metres > snap_metres_max).tolist()
    faults = [
        Fault(
            file=server.name,
            column="school",
            value=who[place],
            fix=f"{snap_metres[place]:,.0f} m from the nearest road the server knows, over "
            f"{snap_metres_max:g}; correct its coordinates, or use a server whose roads cover it",
        )
        for place in far
    ]
    return told_briefly(faults, "schools far from any road")


def _told(server: OsrmServer, refusal: Refusal, who: Sequence[str] = ()) -> BadData:
    """Return an error of OSRM as a fault, with the school concerned."""
    fix = REFUSALS.get(refusal.code, f"refuses, with {refusal.code}; check its address and version")
    if refusal.coordinate is not None and refusal.coordinate < len(who):
        fix = "no road near it that the server knows; correct its coordinates, or use another server"
        return BadData([Fault(file=server.name, column="school", value=who[refusal.coordinate], fix=fix)])
    return server.refused(fix)
