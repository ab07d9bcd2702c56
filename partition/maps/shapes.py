"""The shaded areas of a map: where each partnership lies, which colour it takes, where its label goes.

Every school taking part owns the land nearer to it than to any other; a partnership's area is what its
schools own, within a few kilometres of them and on land. Metres (EPSG:27700) come in and go out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import combinations
from math import dist
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
    unary_union,
    union_all,
    voronoi_polygons,
)
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry

REACH_METRES = 5_000  # how far from its schools a partnership's area goes
GAP_METRES = 90  # half the light seam between neighbouring areas
CORNER_METRES = 650  # how round the corners are
SIMPLIFY_METRES = 250
NUDGE_METRES = 60  # between two schools on one point, so that each owns some land
LASSO_METRES = 700
SHORE_METRES = 2_000
BEYOND_METRES = 120_000
AREAS_KEPT = 256  # as drawn: of a plan changed by hand again and again, most areas stay as they are
CLEAR_METRES = (1_600, 800, 0)  # how far a label keeps from schools, where it can

Spot = tuple[float, float]
Name = TypeVar("Name", int, tuple[int, int])


def partnership_areas(
    groups: Mapping[int, Sequence[Spot]], others: Sequence[Spot], land: BaseGeometry | None
) -> dict[int, MultiPolygon]:
    """The area of each numbered group of schools; `others` own land too but get no area.

    `land` of None means that no coast is known, so none is cut off.
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


def colours(plans: Sequence[Mapping[Name, BaseGeometry]], count: int) -> dict[Name, int]:
    """A colour, 0 to `count` - 1, for each area by name; the same name has one colour in every plan.

    Neighbours in any plan differ as far as `count` colours go.
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
    """Where a label has most room: the middle of the widest part of an area that is clear of its schools."""
    return _label_spot(area, tuple(schools))


@lru_cache(AREAS_KEPT)
def _label_spot(area: BaseGeometry, schools: tuple[Spot, ...]) -> Spot:
    widest = max(polygons(area), key=lambda part: part.area)
    signs = MultiPoint(schools)
    for clear_metres in CLEAR_METRES:
        if free := polygons(widest.difference(signs.buffer(clear_metres))):
            centre = maximum_inscribed_circle(max(free, key=_width), tolerance=100).coords[0]
            return centre[0], centre[1]
    centre = widest.representative_point()
    return centre.x, centre.y


def lasso(spots: Sequence[Spot]) -> MultiPolygon:
    """An outline around schools that belong together: round each, and along the shortest ties."""
    ties = networkx.Graph()
    ties.add_nodes_from(range(len(spots)))
    ties.add_weighted_edges_from((a, b, dist(spots[a], spots[b])) for a, b in combinations(range(len(spots)), 2))
    tree = networkx.minimum_spanning_tree(ties)
    lines = [LineString([spots[a], spots[b]]).buffer(LASSO_METRES * 0.6) for a, b in sorted(tree.edges)]
    shape = union_all([MultiPoint(spots).buffer(LASSO_METRES), *lines])
    return MultiPolygon(polygons(shape.buffer(LASSO_METRES).buffer(-LASSO_METRES).simplify(20)))


def open_sea(land: BaseGeometry, water: BaseGeometry) -> BaseGeometry:
    """The water drawn on, away from the land, beyond any edge of a map; empty where no water lies outermost.

    What lies outside the known land and water is taken for sea where the nearest known thing is water.
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
    """What is shared out: some kilometres about every school, on land."""
    schools = MultiPoint(spots)
    ground = schools.buffer(REACH_METRES).buffer(REACH_METRES / 2).buffer(-REACH_METRES / 2)
    if land is None:
        return ground
    shore = unary_union([land, schools.buffer(CORNER_METRES)])  # a generalised coast may pass on a school's wrong side
    return ground.intersection(shore)


def _apart(spots: Sequence[Spot]) -> list[Spot]:
    """The same spots, moved east where an earlier one lies on the same metre."""
    taken: set[Spot] = set()
    moved = []
    for east, north in spots:
        while (round(east), round(north)) in taken:
            east += NUDGE_METRES
        taken.add((round(east), round(north)))
        moved.append((east, north))
    return moved


def _cells(spots: Sequence[Spot], ground: BaseGeometry) -> list[BaseGeometry]:
    """The part of `ground` that each spot is nearest to, in the order of the spots."""
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
    """The shape with soft corners, drawn in a little so that a seam shows between neighbours."""
    filled = shape.intersection(ground).buffer(CORNER_METRES / 2).buffer(-CORNER_METRES / 2)  # no slits
    tucked = filled.buffer(-GAP_METRES - CORNER_METRES).buffer(CORNER_METRES)
    kept = tucked if not tucked.is_empty else shape
    return MultiPolygon(polygons(make_valid(kept.simplify(12))))


def _width(shape: Polygon) -> float:
    return float(maximum_inscribed_circle(shape, tolerance=100).length)


def polygons(shape: BaseGeometry) -> list[Polygon]:
    """The polygons of a shape that may hold other things as well."""
    return [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon) and not part.is_empty]
