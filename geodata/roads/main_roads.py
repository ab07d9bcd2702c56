"""The main roads of a network, as lines for orientation on a map."""

from __future__ import annotations

import numpy as np
import shapely

from geodata.roads.earth import metres_per_degree
from geodata.roads.network import Network

MAIN = ("motorway", "trunk", "primary")
LESS = "secondary"
LESS_METRES_MAX = 60_000.0
"""The largest width and height of a map that shows secondary roads too: of a small county, or part of one."""

Box = tuple[float, float, float, float]


def main_roads(network: Network, box: Box) -> shapely.MultiLineString:
    """Return motorways, trunk and primary roads, on a small map secondary ones too, as long lines in degrees.

    The lines are of the segments that touch a box of west, south, east and north; slip roads are left out.
    """
    west, south, east, north = box
    per_longitude, per_latitude = (float(metres) for metres in metres_per_degree((south + north) / 2))
    is_small = max((east - west) * per_longitude, (north - south) * per_latitude) <= LESS_METRES_MAX
    numbers = [at for at, road in enumerate(network.roads) if road in MAIN or (is_small and road == LESS)]
    is_segment = np.ones(len(network.longitude), dtype=bool)
    is_segment[network.starts[1:] - 1] = False
    x, y = network.longitude, network.latitude
    inside = (x >= west) & (x <= east) & (y >= south) & (y <= north)
    touches = inside | np.append(inside[1:], False)
    segments = np.flatnonzero(is_segment & touches & np.isin(network.road, numbers))
    if not len(segments):
        return shapely.MultiLineString()
    first = np.diff(segments, prepend=-2) != 1  # an edge's last corner is no segment, so no line runs on into the next
    line = np.cumsum(first) - 1
    corners, of_line = np.concatenate([segments[first], segments + 1]), np.concatenate([line[first], line])
    order = np.lexsort((corners, of_line))
    points = np.column_stack([x[corners[order]], y[corners[order]]])
    merged = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(points, indices=of_line[order])))
    return shapely.MultiLineString(shapely.get_parts(merged).tolist())
