"""The roads between schools as a page carries them: never one left out, in as much detail as there is room for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapely.geometry import LineString

from partition.maps.content import Way
from partition.maps.grid import in_degrees, in_metres
from partition.maps.packing import encode_polyline

LETTERS_MAX = 110_000  # with the figures beside them, all ways of a county then take less than 150 kB
FINEST_METRES = 10.0  # detail that cannot be seen at the largest scale a map has
COARSEST_METRES = 2_000.0
SAME_ROAD_METRES = 60.0  # two ways that are never further apart than a wide junction are one road


def pack_ways(ways: Sequence[Way], letters_max: int = LETTERS_MAX) -> list[list[Any]]:
    """Of each way both URNs, minutes, km, and its line, simplified so that all take at most `letters_max`.

    The line is empty where it is that of the way back, turned round.
    """
    metres = {(way.urn_from, way.urn_to): in_metres(_line(way)) for way in ways}
    told = {pair: line for pair, line in metres.items() if not _same_road(pair, metres)}
    tolerance_metres = FINEST_METRES
    while True:
        lines = {pair: encode_polyline(in_degrees(line.simplify(tolerance_metres))) for pair, line in told.items()}
        if sum(map(len, lines.values())) <= letters_max or tolerance_metres > COARSEST_METRES:
            break
        tolerance_metres *= 1.5
    return [
        [way.urn_from, way.urn_to, way.minutes, way.km, lines.get((way.urn_from, way.urn_to), "")]
        for way in sorted(ways, key=lambda way: (way.urn_from, way.urn_to))
    ]


def _line(way: Way) -> LineString:
    points = [(longitude, latitude) for latitude, longitude in way.points]
    return LineString(points if len(points) > 1 else points * 2)


def _same_road(pair: tuple[int, int], lines: Mapping[tuple[int, int], LineString]) -> bool:
    """Whether the way back, which the page then has, is by the same road."""
    back = lines.get(pair[::-1])
    if back is None or pair < pair[::-1]:
        return False
    return bool(lines[pair].hausdorff_distance(back) <= SAME_ROAD_METRES)
