"""Drives between a school's kerb and the ends of its edge, and pairs of schools that need no junction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import permutations

from geodata.roads.earth import Floats
from geodata.roads.kerb import Kerb, along_edge, to_end
from geodata.roads.network import SHUT_WAY, Network

CENTIMETRES = 2**27
"""A weight is milliseconds x CENTIMETRES + centimetres: an exact float that prefers the faster, then the shorter."""


@dataclass(frozen=True, slots=True, order=True)
class End:
    """The drive between a place and one end of its edge."""

    weight: int
    junction: int
    is_head: bool
    kerb: Kerb = field(compare=False)

    def shape(self, network: Network) -> Floats:
        """Return the shape from the place to the end."""
        return to_end(network, self.kerb, self.is_head)


def departures(network: Network, kerb: Kerb) -> list[End]:
    """Return the drives from a place to the ends of its edge."""
    return _allowed(network, kerb, kerb.to_tail_ms, kerb.to_head_ms)


def arrivals(network: Network, kerb: Kerb) -> list[End]:
    """Return the drives to a place from the ends of its edge."""
    return _allowed(network, kerb, kerb.from_tail_ms, kerb.from_head_ms)


def _allowed(network: Network, kerb: Kerb, tail_ms: int, head_ms: int) -> list[End]:
    """Return the drives of these times between a place and the ends of its edge, where allowed."""
    ends = (network.tail, tail_ms, kerb.tail_cm), (network.head, head_ms, kerb.head_cm)
    return [
        End((ms + kerb.walk_ms) * CENTIMETRES + cm + kerb.walk_cm, int(junction[kerb.edge]), is_head, kerb)
        for is_head, (junction, ms, cm) in zip((False, True), ends, strict=True)
        if ms != SHUT_WAY
    ]


def pairs_beside(network: Network, kerbs: Sequence[Kerb], points: Floats) -> dict[tuple[int, int], int]:
    """Return the weights of ordered pairs that need no junction: places on one point, or on one edge."""
    by_edge: dict[int, list[int]] = {}
    for place, kerb in enumerate(kerbs):
        by_edge.setdefault(kerb.edge, []).append(place)
    beside = {}
    for places in by_edge.values():
        for origin, destination in permutations(places, 2):
            if (points[origin] == points[destination]).all():
                beside[origin, destination] = 0
            elif (driven := along_edge(network, kerbs[origin], kerbs[destination])) is not None:
                walks = kerbs[origin], kerbs[destination]
                ms = driven[0] + sum(kerb.walk_ms for kerb in walks)
                beside[origin, destination] = ms * CENTIMETRES + driven[1] + sum(kerb.walk_cm for kerb in walks)
    return beside
