"""The shaded areas of a map: the area of each partnership, its colour, and the place of its label.

Every school that takes part owns the land nearer to it than to any other; a partnership's area is the land of its
schools, within a few kilometres of them and not in the sea. All coordinates are metres (EPSG:27700).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from math import dist
from operator import attrgetter
from typing import TypeVar

import networkx
from shapely import (
    MultiPoint,
    STRtree,
    box,
    coverage_simplify,
    get_coordinates,
    make_valid,
    maximum_inscribed_circle,
    segmentize,
    shortest_line,
    unary_union,
    union_all,
    voronoi_polygons,
)
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

REACH_METRES = 5_000  # an area reaches this far from its schools
GAP_METRES = 90  # half the light gap between neighbouring areas
CORNER_METRES = 650  # how round the corners are
SIMPLIFY_METRES = 250
NUDGE_METRES = 60  # between two schools on one point, so that each owns some land
LASSO_METRES = 700
SHORE_METRES = 2_000
BEYOND_METRES = 120_000
AREAS_KEPT = 256  # cached shapes: an edit by hand leaves most areas unchanged
CLEAR_METRES = (1_600, 800, 0)  # how far a label keeps from schools, where it can
APART_METRES = 1_000  # between places for one label

Spot = tuple[float, float]
Name = TypeVar("Name", int, tuple[int, int])


def partnership_areas(
    groups: Mapping[int, Sequence[Spot]], others: Sequence[Spot], land: BaseGeometry | None
) -> dict[int, MultiPolygon]:
    """Return the area of each numbered group of schools; `others` own land too, but get no area.

    `land` is None where no coast is known; then the sea is not cut off.
    """
    owners = [(number, spot) for number in sorted(groups) for spot in groups[number]]
    owners += [(0, spot) for spot in others]
    if not groups:
        return {}
    spots = _apart([spot for _, spot in owners])
    ground = _ground(tuple(sorted(spots)), land)
    cells = _cells(spots, ground)
    numbers = sorted(groups)
    owned = [union_all([cell for (n, _), cell in zip(owners, cells, strict=True) if n == number]) for number in numbers]
    rest = [cell for (n, _), cell in zip(owners, cells, strict=True) if n == 0]
    softened = coverage_simplify([*owned, *rest], SIMPLIFY_METRES)[: len(owned)]
    return {number: _rounded(shape, ground) for number, shape in zip(numbers, softened, strict=True)}


def school_cells(spots: Sequence[Spot], land: BaseGeometry | None) -> list[BaseGeometry]:
    """Return the land that each school owns, in the order given, as `partnership_areas` divides it.

    Neighbours share their edges to the last digit, so that cells of one partnership can be joined without a seam.
    """
    return list(_school_cells(tuple(spots), land)) if spots else []


@lru_cache(4)
def _school_cells(spots: tuple[Spot, ...], land: BaseGeometry | None) -> list[BaseGeometry]:
    apart = _apart(spots)
    return list(coverage_simplify(_cells(apart, _ground(tuple(sorted(apart)), land)), SIMPLIFY_METRES))


def colours(plans: Sequence[Mapping[Name, BaseGeometry]], count: int) -> dict[Name, int]:
    """Return a colour, 0 to `count` - 1, for each area by name; the same name has one colour in every plan.

    Neighbours in any plan differ if `count` colours are enough.
    """
    near = networkx.Graph()
    near.add_nodes_from(sorted({name for areas in plans for name in areas}))
    for areas in plans:
        names = sorted(areas)
        shapes = [areas[name] for name in names]
        pairs = STRtree(shapes).query(shapes, predicate="dwithin", distance=4 * GAP_METRES).T.tolist() if shapes else []
        near.add_edges_from((names[a], names[b]) for a, b in sorted(pairs) if a < b)
    chosen: dict[Name, int] = networkx.greedy_color(near, strategy="DSATUR")
    for name in sorted(chosen):
        if chosen[name] >= count:
            beside = [chosen[other] for other in near[name]]
            chosen[name] = min(range(count), key=beside.count)
    return {name: chosen[name] for name in sorted(chosen)}


def label_spot(area: BaseGeometry, schools: Sequence[Spot]) -> Spot:
    """Return the place with most room for a label: the middle of an area's widest part that is clear of its schools."""
    return label_spots(area, schools, 1)[0]


def label_spots(area: BaseGeometry, schools: Sequence[Spot], most: int) -> tuple[Spot, ...]:
    """Return at most so many places for a label in an area's largest piece, clear of its schools and of each other.

    The one with most room comes first. There is at least one, on a school where no place is clear.
    """
    return _label_spots(area, tuple(schools), most)


@lru_cache(AREAS_KEPT)
def _label_spots(area: BaseGeometry, schools: tuple[Spot, ...], most: int) -> tuple[Spot, ...]:
    widest = max(polygons(area), key=lambda part: part.area)
    signs = MultiPoint(schools)
    for clear_metres in CLEAR_METRES:
        if free := polygons(widest.difference(signs.buffer(clear_metres))):
            spots = list[Spot]()
            while free and len(spots) < most:
                radius = max(
                    (maximum_inscribed_circle(piece, tolerance=100) for piece in free), key=attrgetter("length")
                )
                spots.append(radius.coords[0])
                taken = Point(radius.coords[0]).buffer(max(radius.length, APART_METRES))
                free = [part for piece in free for part in polygons(piece.difference(taken))]
            return tuple(spots)
    centre = widest.representative_point()
    return ((centre.x, centre.y),)


def ties(area: BaseGeometry) -> list[LineString]:
    """Return the shortest lines that join all parts of an area; none where it is in one piece."""
    parts = polygons(area)
    near = networkx.Graph()
    near.add_weighted_edges_from((a, b, parts[a].distance(parts[b])) for a, b in combinations(range(len(parts)), 2))
    return [shortest_line(parts[a], parts[b]) for a, b in sorted(networkx.minimum_spanning_tree(near).edges)]


def lasso(spots: Sequence[Spot]) -> MultiPolygon:
    """Return an outline around schools that belong together: around each, and along the shortest lines between them."""
    ties = networkx.Graph()
    ties.add_nodes_from(range(len(spots)))
    ties.add_weighted_edges_from((a, b, dist(spots[a], spots[b])) for a, b in combinations(range(len(spots)), 2))
    tree = networkx.minimum_spanning_tree(ties)
    lines = [LineString([spots[a], spots[b]]).buffer(LASSO_METRES * 0.6) for a, b in sorted(tree.edges)]
    shape = union_all([MultiPoint(spots).buffer(LASSO_METRES), *lines])
    return MultiPolygon(polygons(shape.buffer(LASSO_METRES).buffer(-LASSO_METRES).simplify(20)))


def open_sea(land: BaseGeometry, water: BaseGeometry) -> BaseGeometry:
    """Return the water continued away from the land, beyond any edge of a map; empty where no water lies outermost.

    Space outside the known land and water is taken for sea where the nearest known shape is water.
    """
    known = union_all([land, water])
    shore = segmentize(known, SHORE_METRES).boundary
    spots = sorted({(east, north) for east, north in get_coordinates(shore).tolist()})
    window = box(*known.bounds).buffer(BEYOND_METRES, join_style="mitre")
    cells = zip(spots, _cells(spots, window), strict=True)
    wet = [cell for spot, cell in cells if land.distance(Point(spot)) > SHORE_METRES / 2]
    return union_all(wet).difference(land).simplify(SIMPLIFY_METRES) if wet else Polygon()


@lru_cache(2)
def _ground(spots: tuple[Spot, ...], land: BaseGeometry | None) -> BaseGeometry:
    """Return the ground that is divided among schools: some kilometres around every school, on land."""
    schools = MultiPoint(spots)
    ground = schools.buffer(REACH_METRES).buffer(REACH_METRES / 2).buffer(-REACH_METRES / 2)
    if land is None:
        return ground
    shore = unary_union([land, schools.buffer(CORNER_METRES)])  # a simplified coast may leave a school in the sea
    return ground.intersection(shore)


def _apart(spots: Sequence[Spot]) -> list[Spot]:
    """Return the places, moved east where an earlier one lies on the same metre."""
    taken: set[Spot] = set()
    moved = []
    for east, north in spots:
        while (round(east), round(north)) in taken:
            east += NUDGE_METRES
        taken.add((round(east), round(north)))
        moved.append((east, north))
    return moved


def _cells(spots: Sequence[Spot], ground: BaseGeometry) -> list[BaseGeometry]:
    """Return the part of `ground` that is nearest to each place, in the order of the places."""
    cells = _cells_of(tuple(sorted(spots)), ground)
    return [cells[spot] for spot in spots]


@lru_cache(2)
def _cells_of(spots: tuple[Spot, ...], ground: BaseGeometry) -> dict[Spot, BaseGeometry]:
    if len(spots) == 1:
        return {spots[0]: ground}
    cells = voronoi_polygons(MultiPoint(spots), extend_to=ground).geoms
    tree = STRtree(list(cells))
    found = {spot: cells[int(tree.query(Point(spot), predicate="intersects")[0])] for spot in spots}
    return {spot: cell.intersection(ground) for spot, cell in found.items()}


@lru_cache(AREAS_KEPT)
def _rounded(shape: BaseGeometry, ground: BaseGeometry) -> MultiPolygon:
    """Return the shape with rounded corners, made a little smaller so that a gap shows between neighbours."""
    filled = shape.intersection(ground).buffer(CORNER_METRES / 2).buffer(-CORNER_METRES / 2)  # no slits
    tucked = filled.buffer(-GAP_METRES - CORNER_METRES).buffer(CORNER_METRES)
    kept = tucked if not tucked.is_empty else shape
    return MultiPolygon(polygons(make_valid(kept.simplify(12))))


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a shape that may hold other geometries too."""
    return [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and not part.is_empty]
