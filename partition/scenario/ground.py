"""The ground beneath a real county's map, from maps of the world, where the scenario gives none of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas
import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

from geodata.coordinates import DEGREES
from geodata.faults import Fault
from geodata.world import Box, box_around, land, places

BEYOND, LAND_BEYOND = 0.8, 2.0  # shares of the schools' extent; wide screens show little but land and sea so far out
HULL_METRES = 6_000  # from the outermost schools to the outline
HULL_RATIO = 0.25  # how closely the outline follows the schools: 1 is the convex hull
CITIES, TOWNS = 20, 50  # the largest places of the county, and the next largest
NEAR_DEGREES = 0.15  # how far beyond the county villages are drawn
BEYOND_TIMES = 6  # how many times as large a place beyond the county must be to be drawn alike


Row = tuple[str, str, BaseGeometry]  # name, kind, shape


@dataclass(frozen=True, slots=True)
class Ground:
    """What maps of the world know: shapes (EPSG:4326, with name and kind), each school's place, and the credits."""

    base: tuple[GeoDataFrame, ...] = ()
    places: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    notices: tuple[Fault, ...] = ()


def known_ground(schools: GeoDataFrame, given: Sequence[GeoDataFrame], file: str) -> Ground:
    """Return what the shapes that are given lack: land and sea, the county's outline, its towns and villages.

    `schools`, read from `file`, has `name`, `town`, points in any system, and if known `Locality`.
    """
    if schools.empty:
        return Ground()
    points = schools.geometry.to_crs(DEGREES)
    kinds = {kind for frame in given for kind in frame["kind"]}
    box = box_around(points.x.to_numpy(), points.y.to_numpy(), BEYOND)
    hull = outline(schools.geometry)
    base, credits = [], [places.ATTRIBUTION]
    if "land" not in kinds:
        wide = box_around(points.x.to_numpy(), points.y.to_numpy(), LAND_BEYOND)
        dry = land.land_within(wide)
        hull = hull.intersection(GeoSeries([dry], crs=DEGREES).to_crs(hull.crs).make_valid())
        base.append(_frame([("", "land", dry), ("", "water", shapely.box(*wide) - dry)]))
        credits.append(land.ATTRIBUTION)
    if "boundary" not in kinds:
        base.append(_frame([("", "outline", hull.to_crs(DEGREES).iloc[0])]))
    if not kinds & {"city", "town", "village"}:
        base.append(_frame(_towns(box, hull.to_crs(DEGREES).iloc[0])))
    addresses = schools[[column for column in ("Locality", "town") if column in schools]].fillna("").astype(str)
    own = places.place_of_each(schools["name"].tolist(), points.x, points.y, addresses.to_numpy().tolist())
    return Ground(tuple(base), own, tuple(credits), tuple(in_the_sea(schools, file)))


def outline(points: GeoSeries) -> GeoSeries:
    """Return the outline around schools, in their own system: the county's as far as it is known."""
    around = shapely.concave_hull(shapely.MultiPoint(shapely.get_coordinates(points)), ratio=HULL_RATIO)
    return GeoSeries([around.buffer(2 * HULL_METRES).buffer(-HULL_METRES)], crs=points.crs)


def _towns(box: Box, county: BaseGeometry) -> list[Row]:
    """Return the places in a box as points: cities, towns and villages of the county; beyond it, only larger ones."""
    found = places.places_within(box)
    spots = [place.longitude for place in found], [place.latitude for place in found]
    inside, near = (shapely.contains_xy(shape, *spots) for shape in (county, county.buffer(NEAR_DEGREES)))
    own = [place.people for place, here in zip(found, inside, strict=True) if here]
    least = [own[min(count, len(own)) - 1] if own else 0 for count in (CITIES, CITIES + TOWNS)]
    rows = []
    for place, here, close in zip(found, inside, near, strict=True):
        smaller = sum(place.people < (people if here else BEYOND_TIMES * people) for people in least)
        if close or smaller < len(least):
            kind = ("city", "town", "village")[smaller]
            rows.append((place.name, kind, shapely.Point(place.longitude, place.latitude)))
    return rows


def _frame(rows: Sequence[Row]) -> GeoDataFrame:
    filled = [row for row in rows if not row[2].is_empty]
    names, kinds, shapes = zip(*filled, strict=True) if filled else ((), (), ())
    return geopandas.GeoDataFrame({"name": list(names), "kind": list(kinds)}, geometry=list(shapes), crs=DEGREES)


def in_the_sea(schools: GeoDataFrame, file: str) -> list[Fault]:
    """Return a notice for each school that lies in the sea, further out than the map of the world may be wrong."""
    points = schools.geometry.to_crs(DEGREES)
    wet = schools[~land.on_land(points.x, points.y)]
    away = f"over {land.COARSE_METRES // 1000} km from any coast"
    why = f"lies in the sea, {away}; correct its point, unless it stands on a small island"
    return [
        Fault(file=file, column="coordinates", value=f"{spot.x:.0f}, {spot.y:.0f}", fix=f"{name} ({urn}) {why}")
        for urn, name, spot in zip(wet.index, wet["name"], wet.geometry, strict=True)
    ]
