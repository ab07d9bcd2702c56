"""Kerbs, where schools meet the roads: the nearest point of an edge open to cars, the walk there, and the drives on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np
import shapely

from geodata.faults import BadData, Fault
from geodata.reach import Indices
from geodata.roads.earth import Floats, metres_per_degree
from geodata.roads.network import SHUT_WAY, Network
from geodata.urns import Urn

MILLISECONDS_PER_HOUR = 3_600_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kerb:
    """A place's point on its edge. Times are milliseconds and lengths centimetres; SHUT_WAY where not allowed.

    `to_head_ms` and `to_tail_ms` are times from the kerb to the ends of the edge, `from_head_ms` and `from_tail_ms`
    from the ends to the kerb.
    """

    edge: int
    corner: int  # the first corner of the kerb's segment
    share: float  # the part of the segment between that corner and the kerb
    longitude: float
    latitude: float
    walk_metres: float
    walk_ms: int
    walk_cm: int
    to_head_ms: int
    to_tail_ms: int
    from_head_ms: int
    from_tail_ms: int
    head_cm: int  # between the kerb and the edge's head
    tail_cm: int


def find_kerbs(
    network: Network,
    longitude: Floats,
    latitude: Floats,
    *,
    metres_max: float,
    urns: Sequence[Urn],
    names: Sequence[str] | None = None,
    file: str,
) -> tuple[Kerb, ...]:
    """Return a kerb for each place: on the longest part of the network within `metres_max`, else on another part.

    Raises BadData with every place that is further from any road.
    """
    near = _Near(network, metres_max)
    kerbs, faults = [], []
    for urn, name, x, y in zip(urns, names or repeat(""), longitude.tolist(), latitude.tolist(), strict=False):
        if (kerb := near.kerb(x, y)) is not None:
            kerbs.append(kerb)
            continue
        fix = (
            f"{name or f'school {urn}'} lies over {metres_max:,.0f} m from any road of {file}; correct the school's "
            "coordinates, or give a road file that reaches it"
        )
        faults.append(Fault(file=file, column="travel.roads", value=urn, fix=fix))
    if faults:
        raise BadData(faults)
    return tuple(kerbs)


class _Near:
    """An index of edges by their boxes, to find those near a point."""

    def __init__(self, network: Network, metres_max: float) -> None:
        self._network, self._metres_max = network, metres_max
        x, y, starts = network.longitude, network.latitude, network.starts[:-1]
        boxes = shapely.box(
            np.minimum.reduceat(x, starts),
            np.minimum.reduceat(y, starts),
            np.maximum.reduceat(x, starts),
            np.maximum.reduceat(y, starts),
        )
        self._tree = shapely.STRtree(boxes)

    def kerb(self, longitude: float, latitude: float) -> Kerb | None:
        """Return the kerb of a point in degrees; None where no road lies within the limit."""
        network = self._network
        per_longitude, per_latitude = (float(metres) for metres in metres_per_degree(latitude))
        reach = self._metres_max / per_longitude, self._metres_max / per_latitude
        box = shapely.box(longitude - reach[0], latitude - reach[1], longitude + reach[0], latitude + reach[1])
        edges = np.sort(self._tree.query(box))
        edges = edges[network.is_halt[edges]]
        if not len(edges):
            return None
        first, last = network.starts[edges], network.starts[edges + 1] - 1
        segments = last - first
        edge = np.repeat(edges, segments)
        corner = np.arange(segments.sum()) + np.repeat(first - np.cumsum(segments) + segments, segments)
        x = (network.longitude[np.stack([corner, corner + 1])] - longitude) * per_longitude
        y = (network.latitude[np.stack([corner, corner + 1])] - latitude) * per_latitude
        along_x, along_y = x[1] - x[0], y[1] - y[0]
        squared = np.maximum(along_x**2 + along_y**2, 1e-12)
        share = np.clip(-(x[0] * along_x + y[0] * along_y) / squared, 0, 1)
        metres = np.hypot(x[0] + share * along_x, y[0] + share * along_y)
        best = np.lexsort((corner, metres, network.part[edge] > 0, metres > self._metres_max))[0]
        if metres[best] > self._metres_max:
            return None
        return _kerb(network, int(edge[best]), int(corner[best]), float(share[best]), float(metres[best]))


def _kerb(network: Network, edge: int, corner: int, share: float, walk_metres: float) -> Kerb:
    """Return the kerb at a share of a segment, with the times and lengths to both ends of the edge."""
    start, end = int(network.starts[edge]), int(network.starts[edge + 1]) - 1
    before, here, after = slice(start, corner), corner, slice(corner + 1, end)
    x, y = network.longitude[corner : corner + 2], network.latitude[corner : corner + 2]
    mm = network.segment_mm

    def total_ms(part: float, driving: Indices, *waits: Indices | int, others: slice) -> int:
        if driving[here] < 0 or (driving[others] < 0).any():
            return SHUT_WAY
        whole = sum(int(np.sum(column)) for column in (driving[others], *waits))
        return -(-(whole + round(int(driving[here]) * part)) // 1000)

    forward, backward = network.forward_us, network.backward_us
    forward_wait, backward_wait = network.forward_wait_us, network.backward_wait_us
    return Kerb(
        edge=edge,
        corner=corner,
        share=share,
        longitude=float(x[0] + share * (x[1] - x[0])),
        latitude=float(y[0] + share * (y[1] - y[0])),
        walk_metres=walk_metres,
        walk_ms=int(np.ceil(walk_metres * MILLISECONDS_PER_HOUR / (network.walk_kph * 1000))),
        walk_cm=int(np.ceil(walk_metres * 100)),
        to_head_ms=total_ms(1 - share, forward, forward_wait[corner:end], others=after),
        from_tail_ms=total_ms(share, forward, forward_wait[before], others=before),
        to_tail_ms=total_ms(share, backward, backward_wait[start : corner + 1], others=before),
        from_head_ms=total_ms(1 - share, backward, backward_wait[after], others=after),
        head_cm=-(-(int(mm[after].sum()) + round(int(mm[here]) * (1 - share))) // 10),
        tail_cm=-(-(int(mm[before].sum()) + round(int(mm[here]) * share)) // 10),
    )


def along_edge(network: Network, origin: Kerb, destination: Kerb) -> tuple[int, int] | None:
    """Return milliseconds and centimetres between two kerbs without leaving their edge; None where not possible."""
    if origin.edge != destination.edge:
        return None
    ahead = (origin.corner, origin.share) <= (destination.corner, destination.share)
    near, far = (origin, destination) if ahead else (destination, origin)
    driving, wait = (
        (network.forward_us, network.forward_wait_us) if ahead else (network.backward_us, network.backward_wait_us)
    )
    touched = slice(near.corner, far.corner + 1)
    if (driving[touched] < 0).any():
        return None

    def between(column: Indices) -> float:
        first, last = int(column[near.corner]) * near.share, int(column[far.corner]) * (1 - far.share)
        return int(column[touched].sum()) - first - last

    waits = wait[near.corner : far.corner] if ahead else wait[near.corner + 1 : far.corner + 1]
    microseconds = round(between(driving)) + int(waits.sum())
    return -(-microseconds // 1000), -(-round(between(network.segment_mm)) // 10)


def to_end(network: Network, kerb: Kerb, is_head: bool) -> Floats:
    """Return the shape of the edge from a kerb to its head, or to its tail."""
    first, last = network.starts[kerb.edge], network.starts[kerb.edge + 1]
    corners = np.arange(kerb.corner + 1, last) if is_head else np.arange(kerb.corner, first - 1, -1)
    return _shape(network, [kerb], corners, [])


def on_edge(network: Network, origin: Kerb, destination: Kerb) -> Floats:
    """Return the shape of the edge between two of its kerbs."""
    ahead = (origin.corner, origin.share) <= (destination.corner, destination.share)
    corners = np.arange(min(origin.corner, destination.corner) + 1, max(origin.corner, destination.corner) + 1)
    return _shape(network, [origin], corners if ahead else corners[::-1], [destination])


def _shape(network: Network, before: list[Kerb], corners: Indices, after: list[Kerb]) -> Floats:
    ends = [np.array([[kerb.longitude, kerb.latitude] for kerb in kerbs]).reshape(-1, 2) for kerbs in (before, after)]
    middle = np.column_stack([network.longitude[corners], network.latitude[corners]])
    return np.concatenate([ends[0], middle, ends[1]])
