"""Districts and planning areas: parts of the county, divided by the river and around towns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from scipy.spatial import cKDTree

from partition.sample import sheet
from partition.sample.draws import Draws, Floats
from partition.sample.schools import School
from partition.sample.settlements import Settlement
from partition.sample.terrain import Terrain

PARISHES = 3_000
SCHOOLS_PER_PLANNING_AREA = 16


def districts(terrain: Terrain, seed: int) -> tuple[tuple[str, shapely.Geometry], ...]:
    """Return the name and area of each district. All land is in some district; only the city's crosses the river.

    Borders follow the edges of small random parishes, and so are crooked as real borders are.
    """
    unit = terrain.metres_per_unit
    west, south, east, north = terrain.land.bounds
    parishes = np.array([west, south]) + Draws(seed, "parishes").many((PARISHES, 2)) * np.array(
        [east - west, north - south]
    )
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(parishes), ordered=True))
    seats = terrain.place(tuple(sheet.DISTRICT_SEATS.values()))
    names = list(sheet.DISTRICT_SEATS)
    city = terrain.place((sheet.CITY,))[0]
    steps = parishes - city
    in_city = (steps * steps).sum(axis=1) < (sheet.CITY_RADIUS * unit) ** 2

    found: dict[str, list[shapely.Geometry]] = {name: [] for name in (*names, sheet.CITY_DISTRICT)}
    for half, seated in zip(_halves(terrain), (slice(0, 3), slice(3, 6)), strict=True):
        nearest = cKDTree(seats[seated]).query(parishes)[1] + (seated.start or 0)
        owner = np.where(in_city, len(names), nearest)
        owners = np.unique(owner)
        merged = [shapely.coverage_union_all(cells[owner == number]) for number in owners]
        for number, area in zip(owners, shapely.coverage_simplify(merged, 0.5 * unit), strict=True):
            found[(*names, sheet.CITY_DISTRICT)[int(number)]].append(area.intersection(half))
    return tuple((name, shapely.union_all(parts)) for name, parts in sorted(found.items()))


def _halves(terrain: Terrain) -> tuple[shapely.Geometry, shapely.Geometry]:
    """Return the land north of the river and its estuary, and the land south of both."""
    north = terrain.land.intersection(terrain.north_side)
    return north, terrain.land.difference(north)


def district_of(areas: Sequence[tuple[str, shapely.Geometry]], places: Floats) -> list[str]:
    """Return the name of the district of each place; places are rows of easting and northing."""
    found = np.full(len(places), "", dtype=object)
    for name, area in areas:
        shapely.prepare(area)
        found[shapely.intersects_xy(area, places)] = name
    return [str(name) for name in found]


def planning_areas(terrain: Terrain, places: Sequence[Settlement], schools: Sequence[School]) -> list[str]:
    """Return the planning area of each school, named after the town or village at its centre.

    Centres are the towns, then again and again the place furthest from all centres so far. A school belongs to the
    nearest centre on its own side of the river.
    """
    points = np.array([(place.easting, place.northing) for place in places])
    sides = terrain.is_north(points)
    towns = [n for n, place in enumerate(places) if place.kind != "village"]
    wanted = max(len(towns), round(len(schools) / SCHOOLS_PER_PLANNING_AREA))
    hearts: list[int] = []
    from_heart = np.full(len(points), np.inf)
    while len(hearts) < wanted:
        hearts.append(towns[len(hearts)] if len(hearts) < len(towns) else int(from_heart.argmax()))
        step = points - points[hearts[-1]]
        own_side = sides == sides[hearts[-1]]
        from_heart = np.where(own_side, np.minimum(from_heart, (step * step).sum(axis=1)), from_heart)
    at = np.array([(school.easting, school.northing) for school in schools], dtype=np.float64)
    nearest = np.empty(len(schools), dtype=np.int64)
    north = terrain.is_north(at)
    for side in (True, False):
        own = [heart for heart in hearts if sides[heart] == side]
        if own and (north == side).any():
            nearest[north == side] = np.array(own)[cKDTree(points[own]).query(at[north == side])[1]]
    return [places[int(heart)].name for heart in nearest]
