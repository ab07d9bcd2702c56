"""Areas that a car reaches from one school within given minutes, as bands for a map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geodata.grid import BRITISH, Grid
from geodata.reach import Indices
from geodata.roads.earth import Floats
from geodata.roads.kerb import Kerb
from geodata.roads.network import SHUT_WAY, Network

MINUTES = (5, 10, 15, 20, 30)
WIDTH_METRES = 500.0
US_PER_MINUTE, US_PER_MS = 60_000_000, 1_000


@dataclass(frozen=True, slots=True, eq=False)
class _Drives:
    """Segments as driven in one direction, in order along each edge, one row each.

    A drive goes from corner `begins` to corner `ends` and enters the segment at `enter_us`; the part before `share` is
    not driven, as where a school stands halfway along.
    """

    lane: Indices  # twice the edge, plus one against it: parts of one lane are joined
    begins: Indices
    ends: Indices
    enter_us: Floats
    drive_us: Floats
    share: Floats

    def reached(self, limit_us: float) -> Floats:
        """Return the share of each segment that is driven by this time, at least its own `share`."""
        behind = (limit_us - self.enter_us) / np.maximum(self.drive_us, 1)
        return np.clip(behind, self.share, 1.0)

    def select(self, rows: NDArray[np.bool_]) -> _Drives:
        """Return the drives of these rows."""
        return _Drives(*(getattr(self, name)[rows] for name in self.__slots__))


def drive_bands(
    network: Network,
    kerb: Kerb,
    minutes: Sequence[float] = MINUTES,
    *,
    width_metres: float = WIDTH_METRES,
    grid: Grid = BRITISH,
) -> geopandas.GeoDataFrame:
    """Return areas by the minutes from a place to the roads in them, nearest first, in metres on the grid.

    There is one row a band that holds any road: `over_minutes`, `minutes` (at most), and all that lies within
    `width_metres` of a road, or of a part of one, reached in that time but not in less. Bands do not overlap. The walk
    to the car counts, but no walk at the other end. Where no road leads there is no band, at any distance. Raises
    ValueError unless the minutes ascend from above 0.
    """
    if not minutes or any(low >= high for low, high in zip((0, *minutes), minutes, strict=False)):
        raise ValueError(f"minutes must ascend from above 0, not {list(minutes)}")
    drives = _drives(network, kerb, max(minutes) * US_PER_MINUTE)
    within: shapely.Geometry = shapely.MultiPolygon()
    behind = drives.share
    rows = []
    for over, most in zip((0, *minutes), minutes, strict=False):
        ahead = drives.reached(most * US_PER_MINUTE)
        lines = _lines(network, grid, drives, behind, ahead)
        buffers = shapely.buffer(shapely.simplify(lines, width_metres / 20), width_metres, quad_segs=4)
        wider = shapely.union_all([within, shapely.simplify(shapely.union_all(buffers), width_metres / 20)])
        if not (band := shapely.difference(wider, within)).is_empty:
            rows.append({"over_minutes": over, "minutes": most, "geometry": band})
        within, behind = wider, ahead
    return geopandas.GeoDataFrame(rows, columns=["over_minutes", "minutes", "geometry"], crs=grid.code)


def _drives(network: Network, kerb: Kerb, limit_us: float) -> _Drives:
    """Return all drives begun within the limit: from the kerb both ways, then along every edge each way."""
    at_junction_us = _junction_us(network, kerb, limit_us)
    edge = np.repeat(np.arange(network.edges), np.diff(network.starts))
    segments = np.flatnonzero(np.arange(len(edge)) != network.starts[edge + 1] - 1)
    edge = edge[segments]
    before_us, beyond_us = _along(network)
    forward = _Drives(
        2 * edge,
        segments,
        segments + 1,
        at_junction_us[network.tail[edge]] + before_us[segments],
        network.forward_us[segments].astype(np.float64),
        np.zeros(len(edge)),
    ).select(network.forward_ms[edge] >= 0)
    backward = _Drives(
        2 * edge + 1,
        segments + 1,
        segments,
        at_junction_us[network.head[edge]] + beyond_us[segments],
        network.backward_us[segments].astype(np.float64),
        np.zeros(len(edge)),
    ).select(network.backward_ms[edge] >= 0)
    backward = _Drives(*(getattr(backward, name)[::-1] for name in _Drives.__slots__))
    parts = [*_from_kerb(network, kerb), forward, backward]
    drives = _Drives(*(np.concatenate([getattr(part, name) for part in parts]) for name in _Drives.__slots__))
    return drives.select(drives.enter_us < limit_us)


def _along(network: Network) -> tuple[Floats, Floats]:
    """Return, by corner, microseconds from the edge's tail to the corner, and from its head to the far segment end."""
    first, last = network.starts[:-1], network.starts[1:] - 1
    counts = np.diff(network.starts)
    ahead = np.cumsum(network.forward_us + network.forward_wait_us)
    ahead = np.concatenate([[0], ahead[:-1]])
    back = np.cumsum(network.backward_us + network.backward_wait_us)
    return (
        (ahead - np.repeat(ahead[first], counts)).astype(np.float64),
        (np.repeat(back[last], counts) - back).astype(np.float64),
    )


def _from_kerb(network: Network, kerb: Kerb) -> list[_Drives]:
    """Return drives from the place along its own edge, as if the car had entered the segment before setting off."""
    first, last = int(network.starts[kerb.edge]), int(network.starts[kerb.edge + 1]) - 1
    before_us, beyond_us = _along(network)
    found = []
    if kerb.to_head_ms != SHUT_WAY:
        segments = np.arange(kerb.corner, last)
        drive_us = network.forward_us[segments].astype(np.float64)
        enter_us = before_us[segments] - before_us[kerb.corner] - kerb.share * drive_us[0]
        found.append((2 * kerb.edge, segments, segments + 1, enter_us, drive_us, kerb.share))
    if kerb.to_tail_ms != SHUT_WAY:
        segments = np.arange(kerb.corner, first - 1, -1)
        drive_us = network.backward_us[segments].astype(np.float64)
        enter_us = beyond_us[segments] - beyond_us[kerb.corner] - (1 - kerb.share) * drive_us[0]
        found.append((2 * kerb.edge + 1, segments + 1, segments, enter_us, drive_us, 1 - kerb.share))
    return [
        _Drives(
            np.full(len(begins), lane - 2 * network.edges),  # not joined to the same lane entered at its end
            begins,
            ends,
            enter_us + kerb.walk_ms * US_PER_MS,
            drive_us,
            np.where(np.arange(len(begins)) == 0, share, 0.0),
        )
        for lane, begins, ends, enter_us, drive_us, share in found
    ]


def _junction_us(network: Network, kerb: Kerb, limit_us: float) -> Floats:
    """Return the arrival time at each junction in microseconds; inf beyond the limit."""
    forward, backward = (np.flatnonzero(ms >= 0) for ms in (network.forward_ms, network.backward_ms))
    start = network.junctions
    leaving = [
        (int(junction[kerb.edge]), ms + kerb.walk_ms)
        for junction, ms in ((network.tail, kerb.to_tail_ms), (network.head, kerb.to_head_ms))
        if ms != SHUT_WAY
    ]
    origin = np.concatenate([network.tail[forward], network.head[backward], [start] * len(leaving)])
    to = np.concatenate([network.head[forward], network.tail[backward], [place for place, _ in leaving]])
    ms = np.concatenate([network.forward_ms[forward], network.backward_ms[backward], [ms for _, ms in leaving]])
    order = np.lexsort((ms, to, origin))
    best = (np.diff(origin[order], prepend=-1) != 0) | (np.diff(to[order], prepend=-1) != 0)
    order = order[best]  # the quickest of several roads between two junctions
    pairs = origin[order].astype(np.int32), to[order].astype(np.int32)
    graph = csr_array((ms[order].astype(np.float64), pairs), shape=(start + 1, start + 1))
    cost: Floats = dijkstra(graph, indices=[start], limit=limit_us / US_PER_MS)
    return np.asarray(cost[0] * US_PER_MS, dtype=np.float64)


def _lines(network: Network, grid: Grid, drives: _Drives, behind: Floats, ahead: Floats) -> NDArray[np.object_]:
    """Return the parts newly reached, from one share of each segment to another, as one line for each lane."""
    new = np.flatnonzero(ahead > behind)
    begins, ends = (
        grid.whole_metres(network.longitude[corners], network.latitude[corners]).astype(np.float64)
        for corners in (drives.begins[new], drives.ends[new])
    )
    starting = begins + (ends - begins) * behind[new, None]
    stopping = begins + (ends - begins) * ahead[new, None]
    is_first = np.diff(drives.lane[new], prepend=-(2**62)) != 0
    line = np.cumsum(is_first) - 1
    points = np.concatenate([starting[is_first], stopping])
    of_line = np.concatenate([line[is_first], line])
    order = np.argsort(of_line, kind="stable")  # each line's starting point stands before its others
    lines: NDArray[np.object_] = shapely.linestrings(points[order], indices=of_line[order])
    return lines
