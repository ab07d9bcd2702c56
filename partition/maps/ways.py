"""The roads between schools as a page holds them: none left out, in as much detail as the size of the page allows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from shapely.geometry import LineString

from geodata.grid import BRITISH, Grid
from geodata.urns import Urn
from partition.maps.content import Way
from partition.maps.ground import as_json
from partition.maps.packing import encode_polyline

BYTES_MAX = 150_000  # for all ways of a county, with their figures
FINEST_METRES = 10.0  # detail that cannot be seen at the largest scale a map has
COARSEST_METRES = 2_000.0
SAME_ROAD_METRES = 60.0  # two ways nowhere further apart than a wide junction are one road


def pack_ways(ways: Sequence[Way], bytes_max: int = BYTES_MAX, grid: Grid = BRITISH) -> list[list[Any]]:
    """Return for each way both URNs, minutes, km, and its line, simplified so that all take at most `bytes_max`.

    The line is empty where the way is only the way back on the same road. Ways of fewer than two points are left out.
    """
    ways = sorted((way for way in ways if len(way.points) > 1), key=lambda way: (way.urn_from, way.urn_to))
    metres = {(way.urn_from, way.urn_to): _line_in_metres(way, grid) for way in ways}
    told = {pair: line for pair, line in metres.items() if not _goes_back(pair, metres)}
    tolerance_metres = FINEST_METRES
    while True:
        letters = {
            pair: encode_polyline(grid.in_degrees(line.simplify(tolerance_metres))) for pair, line in told.items()
        }
        packed = [
            [way.urn_from, way.urn_to, way.minutes, way.km, letters.get((way.urn_from, way.urn_to), "")] for way in ways
        ]
        if len(as_json(packed)) <= bytes_max or tolerance_metres > COARSEST_METRES:
            return packed
        tolerance_metres *= 1.2


def _line_in_metres(way: Way, grid: Grid) -> LineString:
    line = LineString([(longitude, latitude) for latitude, longitude in way.points])
    return grid.in_metres(line).simplify(FINEST_METRES)


def _goes_back(pair: tuple[Urn, Urn], lines: Mapping[tuple[Urn, Urn], LineString]) -> bool:
    """Return whether a way is only the way back on a road that is packed already."""
    there = lines.get(pair[::-1]) if pair > pair[::-1] else None
    return there is not None and lines[pair].hausdorff_distance(there) <= SAME_ROAD_METRES
