"""The road network: main and minor roads, lanes between villages, streets to the gates of schools."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree
from shapely import LineString, Point

from partition.sample.draws import Draws, Floats
from partition.sample.names import STREETS
from partition.sample.roads import Road, curves
from partition.sample.schools import School
from partition.sample.settlements import Settlement
from partition.sample.terrain import Terrain

RoadClass = Literal["primary", "secondary", "tertiary", "unclassified", "residential"]

HAMLETS_PER_PLACE, HAMLET_SPACING_METRES = 1.6, 1_100
GATE_METRES = (15.0, 60.0)  # from a school's point to its gate on the road
BEND_METRES = 650  # from one bend of a lane to the next
BENDS = {
    "wold": 0.30,
    "edge": 0.17,
    "vale": 0.14,
    "coast": 0.12,
    "fen": 0.05,
}  # metres to the side for each metre to the next bend
BETTER_SHARE, STREET_BEND = 0.8, 0.06
NUMBERED_SHARE = 0.7  # of its length: a numbered road is preferred to a lane that is a little shorter
LANE_METRES_MAX, FAR_METRES = 25_000.0, 1e6
DETAIL_METRES = 6
ONE_WAY, ONE_WAY_METRES_MIN = 0.5, 500.0  # of a town's longer streets, where there is another way round
TOWN_LIMIT_METRES, VILLAGE_LIMIT_METRES = 900.0, 350.0

Pairs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A piece of road in whole metres of EPSG:27700. Pieces meet at their corners."""

    road_class: RoadClass
    name: str
    is_one_way: bool
    line: LineString
    limit_mph: int | None = None  # None: no sign, because bends set the speed


def road_network(
    terrain: Terrain,
    places: Sequence[Settlement],
    schools: Sequence[School],
    main_roads: Sequence[Road],
    minor_roads: Sequence[Road],
    seed: int,
) -> tuple[Stretch, ...]:
    """Return all roads, by which every place and every gate of a school reaches all others and back.

    No road crosses sea or estuary, and a lane crosses a river only where no other way exists. Lanes have bends, most on
    the wolds. Two roads that cross have a common corner there.
    """
    draws = Draws(seed, "network")
    ground = _Ground(terrain, np.array([(place.easting, place.northing) for place in places]), draws)
    streets = [_streets(ground, *whereabouts) for whereabouts in _gates(ground, places, schools)]
    cut_off = [gate for _, gates in streets for gate in gates]
    built = _built(main_roads, minor_roads, len(places))
    stretches = [*_main(main_roads), *_minor(minor_roads, ground), *_lanes(ground, built, cut_off)]
    stretches += [street for some, _ in streets for street in some]
    return tuple(_signed(_meeting(stretches), ground.centres, [place.kind == "village" for place in places]))


@dataclass(frozen=True, slots=True)
class _Ground:
    """The ground of the roads: terrain, centres of places, and the random draws for bends."""

    terrain: Terrain
    centres: Floats
    draws: Draws

    def winding(self, start: Floats, end: Floats, bend: float) -> Floats:
        """Return a smooth line with bends to either side of the straight line; near water the straight line.

        `bend` is the typical distance to the side, for each metre from one bend to the next.
        """
        along = end - start
        metres = float(np.sqrt((along * along).sum()))
        bends = max(1, round(metres / BEND_METRES))
        across = np.array([-along[1], along[0]]) / (bends + 1)
        share = np.arange(1, bends + 1)[:, None] / (bends + 1)
        strays = self.draws.many((bends, 1), -2 * bend, 2 * bend)
        corners = np.concatenate([start[None], start + share * along + strays * across, end[None]])
        pieces = curves(corners, steps=6)
        line = LineString(np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])]))
        if self.terrain.crosses_water(np.array([line]))[0]:
            return np.array([start, end])
        return np.asarray(shapely.get_coordinates(line.simplify(DETAIL_METRES)), dtype=np.float64)

    def bends(self, starts: Floats, ends: Floats) -> list[float]:
        """Return the `bend` of each lane, by the zone at its middle."""
        return [BENDS[zone] for zone in self.terrain.zones((starts + ends) / 2)]


def _built(main_roads: Sequence[Road], minor_roads: Sequence[Road], places: int) -> Pairs:
    """Return the pairs of places that numbered roads join, lower number first, in ascending order."""
    stops = {tuple(sorted(stop)) for road in (*main_roads, *minor_roads) for stop in pairwise(road.stops)}
    return np.array(sorted(stop for stop in stops if max(stop) < places), dtype=np.int64).reshape(-1, 2)


def _stretch(road_class: RoadClass, name: str, corners: Floats, is_one_way: bool = False) -> Stretch:
    line = LineString(np.floor(corners + 0.5))
    return Stretch(road_class=road_class, name=name, is_one_way=is_one_way, line=line)


def _main(roads: Iterable[Road]) -> Iterator[Stretch]:
    for road in roads:
        for section in road.sections:
            yield _stretch("primary", road.name, shapely.get_coordinates(section))


def _minor(roads: Iterable[Road], ground: _Ground) -> Iterator[Stretch]:
    for road in roads:
        ends = np.array([(section.coords[0], section.coords[-1]) for section in road.sections])
        for (start, end), bend in zip(ends, ground.bends(ends[:, 0], ends[:, 1]), strict=True):
            yield _stretch("secondary", road.name, ground.winding(start, end, bend))


def _lanes(ground: _Ground, built: Pairs, cut_off: Sequence[Floats]) -> Iterator[Stretch]:
    """Yield lanes between neighbouring villages and hamlets; lanes on a way from village to village are better roads.

    Gates that are `cut_off` from the rest of their place are joined like hamlets.
    """
    points = np.concatenate([ground.centres, _hamlets(ground), np.reshape(cut_off, (-1, 2))])
    pairs = _lane_pairs(ground.terrain, points, built)
    is_better = _between_villages(points, pairs, built, len(ground.centres))
    bends = ground.bends(points[pairs[:, 0]], points[pairs[:, 1]])
    for (a, b), better, bend in zip(pairs.tolist(), is_better.tolist(), bends, strict=True):
        share = BETTER_SHARE if better else 1.0
        corners = ground.winding(points[a], points[b], share * bend)
        yield _stretch("tertiary" if better else "unclassified", "", corners)


def _lane_pairs(terrain: Terrain, points: Floats, built: Pairs) -> Pairs:
    """Return pairs to join by a lane: neighbours without a river between, then the shortest that join all parts."""
    pairs = _pairs(points)
    lines = shapely.linestrings(points[pairs])
    known = {(a, b) for a, b in built.tolist()}
    fresh = ~terrain.crosses_water(lines) & terrain.within_county(lines)
    fresh &= np.array([(a, b) not in known for a, b in pairs.tolist()])
    pairs, lines = pairs[fresh], lines[fresh]
    bridged = shapely.intersects(shapely.union_all(terrain.river_lines), lines)
    wanted = _are_neighbours(points, pairs) & ~bridged
    part = _parts(len(points), np.concatenate([pairs[wanted], built]))
    for edge in np.argsort(_lengths(points, pairs) + FAR_METRES * bridged, kind="stable").tolist():
        a, b = part[pairs[edge]].tolist()
        if a != b:
            wanted[edge] = True
            part[part == b] = a
    return np.asarray(pairs[wanted], dtype=np.int64)


def _between_villages(points: Floats, pairs: Pairs, built: Pairs, places: int) -> NDArray[np.bool_]:
    """Return by lane whether the shortest way from some village to a neighbouring village uses the lane."""
    metres = np.concatenate([_lengths(points, pairs), NUMBERED_SHARE * _lengths(points, built)])
    ends = np.concatenate([pairs, built])
    roads = csr_matrix((metres, ends.T), shape=(len(points),) * 2)
    number = {(a, b): edge for edge, (a, b) in enumerate(pairs.tolist())}
    is_used = np.zeros(len(pairs), dtype=np.bool_)
    neighbours = _pairs(points[:places])
    neighbours = neighbours[_are_neighbours(points[:places], neighbours)]
    for start in np.unique(neighbours[:, 0]).tolist():
        _, before = dijkstra(roads, directed=False, indices=start, limit=LANE_METRES_MAX, return_predecessors=True)
        for end in neighbours[neighbours[:, 0] == start, 1].tolist():
            while (back := int(before[end])) >= 0:
                if (edge := number.get((min(back, end), max(back, end)))) is not None:
                    is_used[edge] = True
                end = back
    return is_used


def _hamlets(ground: _Ground) -> Floats:
    """Return points for hamlets and crossroads without a school, away from villages and from one another."""
    terrain, centres, draws = ground.terrain, ground.centres, ground.draws
    west, south, east, north = terrain.mainland.bounds
    wanted = round(HAMLETS_PER_PLACE * len(centres))
    tries = draws.many((12 * wanted, 2)) * np.array([east - west, north - south]) + np.array([west, south])
    tries = tries[terrain.on_land(tries, 500)]
    tries = tries[cKDTree(centres).query(tries)[0] > HAMLET_SPACING_METRES]
    near = cKDTree(tries).query_ball_point(tries, HAMLET_SPACING_METRES)
    taken = np.zeros(len(tries), dtype=np.bool_)
    chosen: list[int] = []
    for place in range(len(tries)):
        if not taken[place] and len(chosen) < wanted:
            chosen.append(place)
            taken[near[place]] = True
    return np.asarray(tries[chosen], dtype=np.float64)


def _gates(ground: _Ground, places: Sequence[Settlement], schools: Sequence[School]) -> Iterator[tuple[Floats, Floats]]:
    """Yield the centre of each place with the gates of its schools."""
    of_place: dict[str, list[School]] = {}
    for school in schools:
        of_place.setdefault(school.town, []).append(school)
    for place, centre in zip(places, ground.centres, strict=True):
        gates = [_gate(school, centre, ground.draws) for school in of_place.get(place.name, ())]
        yield centre, np.reshape(gates, (-1, 2))


def _gate(school: School, centre: Floats, draws: Draws) -> Floats:
    """Return a point beside a school, on the side towards the centre of its place."""
    point = np.array([school.easting, school.northing], dtype=np.float64)
    towards = centre - point
    metres = float(np.sqrt((towards * towards).sum()))
    return point + towards * min(draws.between(*GATE_METRES), 0.7 * metres) / max(metres, 1.0)


def _streets(ground: _Ground, centre: Floats, gates: Floats) -> tuple[list[Stretch], list[Floats]]:
    """Return the streets of a place, some partly one-way, and the gates that water cuts off from its centre."""
    points = np.concatenate([centre[None], gates])
    pairs = _pairs(points)
    pairs = pairs[_are_neighbours(points, pairs, closely=True)]
    pairs = pairs[~ground.terrain.crosses_water(shapely.linestrings(points[pairs]))]
    graph = csr_matrix((_lengths(points, pairs), pairs.T), shape=(len(points),) * 2)
    needed = set(zip(*(ends.tolist() for ends in minimum_spanning_tree(graph).nonzero()), strict=True))
    streets = []
    for (a, b), metres in zip(pairs.tolist(), _lengths(points, pairs).tolist(), strict=True):
        corners = ground.winding(points[a], points[b], STREET_BEND)
        name, ends = ground.draws.pick(STREETS), len(corners) // 4
        may_be_one_way = (a, b) not in needed and metres >= ONE_WAY_METRES_MIN and ends
        if ground.draws.chance(ONE_WAY) and may_be_one_way:
            streets.append(_stretch("residential", name, corners[: ends + 1]))
            streets.append(_stretch("residential", name, corners[ends:-ends], is_one_way=True))
            streets.append(_stretch("residential", name, corners[-ends - 1 :]))
        else:
            streets.append(_stretch("residential", name, corners))
    part = _parts(len(points), pairs)
    return streets, [points[place] for place in np.flatnonzero(part != part[0]).tolist()]


def _pairs(points: Floats) -> Pairs:
    """Return the pairs of points that a Delaunay triangulation joins, lower number first, in ascending order."""
    if len(points) < 4:
        return np.column_stack(np.triu_indices(len(points), 1)).astype(np.int64)
    corners = Delaunay(points).simplices
    sides = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)


def _are_neighbours(points: Floats, pairs: Pairs, *, closely: bool = False) -> NDArray[np.bool_]:
    """Return by pair whether no third point is nearer to both ends: the relative neighbourhood graph (Toussaint 1980).

    With `closely`, whether no third point lies in the circle on the pair as its diameter: the Gabriel graph, which has
    more pairs. Neither graph has crossings.
    """
    starts, ends = points[pairs[:, 0]], points[pairs[:, 1]]
    found = cKDTree(points).query((starts + ends) / 2, k=min(12, len(points)))
    if closely:
        return np.asarray(found[0])[:, 0] > 0.4999 * _metres(starts, ends)
    third = points[np.asarray(found[1])]
    further = np.maximum(_metres(third, starts[:, None]), _metres(third, ends[:, None]))
    return np.asarray(further.min(axis=1) >= _metres(starts, ends))


def _lengths(points: Floats, pairs: Pairs) -> Floats:
    return _metres(points[pairs[:, 0]], points[pairs[:, 1]])


def _metres(starts: Floats, ends: Floats) -> Floats:
    steps = starts - ends
    return np.asarray(np.sqrt((steps * steps).sum(axis=-1)), dtype=np.float64)


def _parts(count: int, pairs: Pairs) -> NDArray[np.int32]:
    """Return the number of the connected part that each point is in."""
    graph = csr_matrix((np.ones(len(pairs)), pairs.T), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def _meeting(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """Yield the stretches, each cut into pieces where another one crosses."""
    lines = np.array([stretch.line for stretch in stretches])
    tree = shapely.STRtree(lines)
    first, second = tree.query(lines, predicate="intersects")
    cuts: dict[int, set[tuple[float, float]]] = {}
    for one, other in zip(first.tolist(), second.tolist(), strict=True):
        if one < other:
            for x, y in shapely.get_coordinates(shapely.intersection(lines[one], lines[other])).tolist():
                meeting = (float(np.floor(x + 0.5)), float(np.floor(y + 0.5)))
                cuts.setdefault(one, set()).add(meeting)
                cuts.setdefault(other, set()).add(meeting)
    for number, stretch in enumerate(stretches):
        for piece in _cut(stretch.line, cuts.get(number, set())):
            yield replace(stretch, line=piece)


def _cut(line: LineString, at: set[tuple[float, float]]) -> Iterator[LineString]:
    """Yield the pieces of a line between the points `at`, which lie within a metre of the line."""
    corners = [(float(x), float(y)) for x, y in line.coords]
    if at <= {corners[0], corners[-1]}:
        yield line
        return
    along = shapely.line_locate_point(line, shapely.points(corners)).tolist()
    stops = sorted((float(shapely.line_locate_point(line, Point(point))), point) for point in at)
    piece = corners[:1]
    place = 1
    for metres, point in stops:
        while place < len(corners) and along[place] < metres:
            piece.append(corners[place])
            place += 1
        if point != piece[-1]:
            piece.append(point)
        if len(piece) > 1:
            yield LineString(piece)
            piece = [point]
    piece += [corner for corner in corners[place:] if corner != piece[-1]]
    if len(piece) > 1:
        yield LineString(piece)


def _signed(stretches: Iterable[Stretch], centres: Floats, is_village: Sequence[bool]) -> Iterator[Stretch]:
    """Yield the stretches with speed limits: 30 miles an hour in a place, 60 on numbered roads outside, else none."""
    limit_metres = np.where(is_village, VILLAGE_LIMIT_METRES, TOWN_LIMIT_METRES)
    near = cKDTree(centres)
    for stretch in stretches:
        middle = shapely.get_coordinates(stretch.line.interpolate(0.5, normalized=True))[0]
        metres, place = near.query(middle)
        if stretch.road_class == "residential" or metres < limit_metres[place]:
            yield replace(stretch, limit_mph=30)
        else:
            yield replace(stretch, limit_mph=60 if stretch.road_class in ("primary", "secondary") else None)
