"""Numbered roads: main roads from town to town, through villages on the way, and minor roads to the larger villages.

Main roads go round the estuary by the city's bridge. Minor roads follow the same method.
"""

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

FIRST_NUMBER = 7_101  # no A-road or B-road has a number from 7101 on
DETOUR = 0.82  # two towns get a road unless a third town lies within this share of the way from both
WOLD_CLIMB = 1.25
CLAIMED = 0.75  # a stretch already built counts shorter, so that roads share stretches
GENERALISED_METRES = 25
HORIZON_METRES, MINOR_HORIZON_METRES = 90_000, 30_000
LARGER_VILLAGES = 0.3  # of all villages


@dataclass(frozen=True, slots=True, kw_only=True)
class Road:
    """A stretch of a numbered road in EPSG:27700 metres, from place to place.

    Section i runs from `stops[i]` to `stops[i + 1]`. A stop is the position of a place; positions after the last place
    are the points where main roads leave the county.
    """

    name: str
    stops: tuple[int, ...]
    sections: tuple[LineString, ...]

    @property
    def line(self) -> LineString:
        """All sections as one line."""
        corners = [shapely.get_coordinates(section) for section in self.sections]
        return LineString(np.concatenate([corners[0], *(more[1:] for more in corners[1:])]))


def numbered_roads(terrain: Terrain, places: Sequence[Settlement]) -> tuple[tuple[Road, ...], tuple[Road, ...]]:
    """Return the main roads and the minor roads as smooth lines. Each stretch belongs to one road, the first built."""
    gates = terrain.at_border(terrain.place(sheet.ROAD_GATES))
    points = np.concatenate([[(place.easting, place.northing) for place in places], gates])
    lengths = _tracks(terrain, points)
    built: set[tuple[int, int]] = set()
    towns = [n for n, place in enumerate(places) if place.kind != "village"]
    ways_out = list(range(len(places), len(points)))
    main = _pairs(lengths, towns, ways_out, HORIZON_METRES)
    main_roads = tuple(_build("A", main, lengths, points, built))
    villages = sorted(range(len(towns), len(places)), key=lambda n: (-places[n].prominence, n))
    larger = sorted(villages[: round(LARGER_VILLAGES * len(villages))])
    minor = _pairs(lengths, [*towns, *larger], [], MINOR_HORIZON_METRES)
    return main_roads, tuple(_build("B", minor, lengths, points, built))


def _build(
    letter: str,
    pairs: Sequence[tuple[int, int]],
    lengths: csr_matrix,
    points: Floats,
    built: set[tuple[int, int]],
) -> Iterator[Road]:
    """Yield for each pair the stretches of its road that are not in `built`, and add all its stretches to `built`."""
    number = FIRST_NUMBER
    for start, end in pairs:
        path = _shortest(lengths, start, end)
        runs = list(_unbuilt(path, built))
        for run in runs:
            sections = (LineString(curve).simplify(GENERALISED_METRES) for curve in curves(points[run]))
            yield Road(name=f"{letter}{number}", stops=tuple(run), sections=tuple(sections))
        number += bool(runs)
        for a, b in pairwise(path):
            built |= {(a, b), (b, a)}
            lengths[a, b] *= CLAIMED
            lengths[b, a] *= CLAIMED


def _tracks(terrain: Terrain, points: Floats) -> csr_matrix:
    """Return the metres between neighbouring places without sea or estuary between; on wolds metres count more."""
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


def _pairs(
    lengths: csr_matrix, towns: Sequence[int], ways_out: Sequence[int], horizon_metres: float
) -> list[tuple[int, int]]:
    """Return the pairs to join by a road, nearest first: towns, or a town and a way out, with no third town between."""
    ends = [*towns, *ways_out]
    apart = dijkstra(lengths, indices=ends, limit=horizon_metres)[:, ends]
    found = []
    for a in range(len(towns)):
        for b in np.flatnonzero(np.isfinite(apart[a])).tolist():
            by_third = np.maximum(apart[a], apart[b])[: len(towns)]
            by_third[[end for end in (a, b) if end < len(towns)]] = np.inf
            if b > a and by_third.min(initial=np.inf) > DETOUR * apart[a, b]:
                found.append((float(apart[a, b]), ends[a], ends[b]))
    return [(start, end) for _, start, end in sorted(found)]


def _shortest(lengths: csr_matrix, start: int, end: int) -> list[int]:
    _, before = dijkstra(lengths, indices=[start], return_predecessors=True, limit=HORIZON_METRES)
    path = [end]
    while path[-1] != start:
        path.append(int(before[0, path[-1]]))
    return path


def _unbuilt(path: list[int], built: set[tuple[int, int]]) -> Iterator[list[int]]:
    """Yield the stretches of a path that are not in `built`."""
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


def curves(points: Floats, steps: int = 8) -> list[Floats]:
    """Return a smooth line through all points, a cardinal spline, as one piece from each point to the next."""
    before = np.concatenate([points[:1], points[:-1]])
    after = np.concatenate([points[1:], points[-1:]])
    slope = 0.4 * (after - before)
    t = (np.arange(steps + 1) / steps)[:, None]
    return [
        (2 * t**3 - 3 * t**2 + 1) * points[n]
        + (t**3 - 2 * t**2 + t) * slope[n]
        + (3 * t**2 - 2 * t**3) * points[n + 1]
        + (t**3 - t**2) * slope[n + 1]
        for n in range(len(points) - 1)
    ]
