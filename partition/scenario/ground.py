"""The ground beneath a real county's map, from maps of the world, where the scenario gives none of its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import geopandas
import shapely
from geopandas import GeoDataFrame, GeoSeries
from shapely.geometry.base import BaseGeometry

from geodata.faults import Fault
from geodata.grid import BRITISH, DEGREES, Grid
from geodata.urns import Urn
from geodata.world import Box, box_around, land, places

BEYOND, LAND_BEYOND = 0.8, 2.0  # shares of the schools' extent; wide screens show little but land and sea so far out
TOLD_ALONE = 3  # schools in the sea; more are told as one fault
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


def known_ground(schools: GeoDataFrame, given: Sequence[GeoDataFrame], grid: Grid = BRITISH) -> Ground:
    """Return what the shapes that are given lack: land and sea, the county's outline, its towns and villages.

    `schools` has `name`, `town`, points on `grid`, and if known `Locality`.
    """
    if schools.empty:
        return Ground()
    points = schools.geometry.to_crs(DEGREES)
    drawn = grid.map_degrees(schools.geometry.x, schools.geometry.y)
    kinds = {kind for frame in given for kind in frame["kind"]}
    box = box_around(drawn[:, 0], drawn[:, 1], BEYOND)
    hull = outline(schools.geometry)
    base, credits = [], [places.ATTRIBUTION]
    if "land" not in kinds:
        wide = box_around(drawn[:, 0], drawn[:, 1], LAND_BEYOND)
        dry = land.land_within(wide)
        hull = hull.intersection(GeoSeries([dry], crs=DEGREES).to_crs(hull.crs).make_valid())
        base.append(_frame([("", "land", dry), ("", "water", shapely.box(*wide) - dry)]))
        credits.append(land.ATTRIBUTION)
    if "boundary" not in kinds:
        base.append(_frame([("", "outline", grid.in_degrees(hull.iloc[0]))]))
    if not kinds & {"city", "town", "village"}:
        base.append(_frame(_towns(box, grid.in_degrees(hull.iloc[0]))))
    addresses = schools[[column for column in ("Locality", "town") if column in schools]].fillna("").astype(str)
    own = places.place_of_each(schools["name"].tolist(), points.x, points.y, addresses.to_numpy().tolist())
    return Ground(tuple(base), own, tuple(credits))


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


def in_the_sea(schools: GeoDataFrame, outlying: Collection[Urn], file: str) -> list[Fault]:
    """Return a fault for each school in the sea, further out than the map of the world may be wrong; one for many.

    Schools in `outlying` are known to lie there. `schools` were read from `file`, with points in any system.
    """
    points = schools.geometry.to_crs(DEGREES)
    wet = schools[~land.on_land(points.x, points.y) & ~schools.index.isin(list(outlying))]
    where = f"in the sea, over {land.COARSE_METRES // 1000} km from any coast"
    if len(wet) > TOLD_ALONE:
        names = ", ".join(wet["name"].head(TOLD_ALONE))
        who = f"all {len(wet):,} schools lie" if len(wet) == len(schools) else f"{len(wet):,} schools ({names} ...) lie"
        fix = (
            f"{who} {where}; correct their points, or say in which system they are: --set data.crs=SYSTEM, such as "
            "EPSG:2157; or name those that do lie there in data.outlying; a made-up county says map.world = false"
        )
        return [Fault(file=file, column="coordinates", value=_spot(wet.geometry.iloc[0]), fix=fix)]
    return [
        Fault(
            file=file,
            column="coordinates",
            value=_spot(spot),
            fix=f"{name} ({urn}) lies {where}; correct its point; "
            f"if it does lie there, type --set data.outlying.{urn}=true",
        )
        for urn, name, spot in zip(wet.index, wet["name"], wet.geometry, strict=True)
    ]


def _spot(point: shapely.Point) -> str:
    return f"{point.x:.0f}, {point.y:.0f}"
