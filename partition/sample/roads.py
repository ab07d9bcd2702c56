"""Main roads: from town to town through the villages on the way, round the estuary by the city's bridge."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay
from shapely import LineString

from partition.sample import sheet
from partition.sample.draws import Floats
from partition.sample.settlements import Settlement
from partition.sample.terrain import Terrain

FIRST_NUMBER = 7_101  # no A-road has a number from 7101 on
DETOUR = 0.82  # a road is built unless going by a third town is hardly further
WOLD_CLIMB = 1.25
CLAIMED = 0.75  # a road prefers one that is already there
GENERALISED_METRES = 25
HORIZON_METRES = 90_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A stretch of main road in EPSG:27700 metres."""

    name: str
    line: LineString


def main_roads(terrain: Terrain, places: Sequence[Settlement]) -> tuple[Road, ...]:
    """The main roads as smooth lines; each stretch once, under the number of the road that came first."""
    gates = terrain.at_border(terrain.place(sheet.ROAD_GATES))
    points = np.concatenate([[(place.easting, place.northing) for place in places], gates])
    towns = [n for n, place in enumerate(places) if place.kind != "village"]
    ends = towns + list(range(len(places), len(points)))
    lengths = _tracks(terrain, points)
    built: set[tuple[int, int]] = set()
    roads: list[Road] = []
    number = FIRST_NUMBER
    for start, end in _pairs(lengths, ends, gates_from=len(places)):
        path = _shortest(lengths, start, end)
        runs = list(_unbuilt(path, built))
        for run in runs:
            line = LineString(_curve(points[run])).simplify(GENERALISED_METRES)
            roads.append(Road(name=f"A{number}", line=line))
        number += bool(runs)
        for a, b in pairwise(path):
            built |= {(a, b), (b, a)}
            lengths[a, b] *= CLAIMED
            lengths[b, a] *= CLAIMED
    return tuple(roads)


def _tracks(terrain: Terrain, points: Floats) -> csr_matrix:
    """Lengths between neighbouring places where a road could run: on land, not across the estuary."""
    corners = Delaunay(points).simplices
    pairs = np.unique(
        np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0
    )
    lines = shapely.linestrings(points[pairs])
    open_ground = ~terrain.crosses_water(lines) & terrain.within_county(lines)
    pairs, lines = pairs[open_ground], lines[open_ground]
    steps = points[pairs[:, 0]] - points[pairs[:, 1]]
    metres = np.sqrt((steps * steps).sum(axis=1))
    metres = np.where(terrain.on_wold_top((points[pairs[:, 0]] + points[pairs[:, 1]]) / 2), WOLD_CLIMB * metres, metres)
    both = np.concatenate([pairs, pairs[:, ::-1]])
    return csr_matrix((np.concatenate([metres, metres]), (both[:, 0], both[:, 1])), shape=(len(points),) * 2)


def _pairs(lengths: csr_matrix, ends: Sequence[int], gates_from: int) -> Iterator[tuple[int, int]]:
    """Towns to join, nearest first: those with no third town on or near the way between them."""
    apart = dijkstra(lengths, indices=ends, limit=HORIZON_METRES)[:, ends]
    found = []
    for a in range(len(ends)):
        for b in range(a + 1, len(ends)):
            if not np.isfinite(apart[a, b]) or ends[a] >= gates_from:
                continue
            by_third = np.maximum(apart[a], apart[b])
            by_third[[a, b]] = np.inf
            nearest_way = by_third[: sum(end < gates_from for end in ends)].min()
            if nearest_way > DETOUR * apart[a, b]:
                found.append((float(apart[a, b]), ends[a], ends[b]))
    for _, start, end in sorted(found):
        yield start, end


def _shortest(lengths: csr_matrix, start: int, end: int) -> list[int]:
    _, before = dijkstra(lengths, indices=[start], return_predecessors=True, limit=HORIZON_METRES)
    path = [end]
    while path[-1] != start:
        path.append(int(before[0, path[-1]]))
    return path


def _unbuilt(path: list[int], built: set[tuple[int, int]]) -> Iterator[list[int]]:
    """The stretches of a path that no earlier road has built."""
    run = path[:1]
    for a, b in pairwise(path):
        if (a, b) in built:
            if len(run) > 1:
                yield run
            run = [b]
        else:
            run.append(b)
    if len(run) > 1:
        yield run


def _curve(points: Floats, steps: int = 8) -> Floats:
    """A smooth line through every point (a cardinal spline), so that roads still meet where they meet."""
    before = np.concatenate([points[:1], points[:-1]])
    after = np.concatenate([points[1:], points[-1:]])
    slope = 0.4 * (after - before)
    curve = []
    for n in range(len(points) - 1):
        for step in range(steps):
            t = step / steps
            curve.append(
                (2 * t**3 - 3 * t**2 + 1) * points[n]
                + (t**3 - 2 * t**2 + t) * slope[n]
                + (3 * t**2 - 2 * t**3) * points[n + 1]
                + (t**3 - t**2) * slope[n + 1]
            )
    return np.array([*curve, points[-1]])
