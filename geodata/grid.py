"""The metric system that the places of an area are measured in: the national grid where it is known, otherwise UTM.

Distances, areas and shapes are calculated in plane metres. A grid is good for one part of the earth, so it is chosen
for the data; Great Britain's (EPSG:27700) is the default.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from pyproj import CRS, Transformer
    from shapely.geometry.base import BaseGeometry

DEGREES = "EPSG:4326"
METRES_MOST = 10**7  # of a coordinate that plans and minutes take
OFF_SCALE_MOST = 0.005  # share by which a length on the grid may differ from the length on the ground
NEAR_DATE_LINE_DEGREES = 150
UTM_NORTH, UTM_SOUTH = 32600, 32700  # plus the number of the zone

Floats = NDArray[np.float64]
Metres = NDArray[np.int64]


@dataclass(frozen=True)
class Grid:
    """Plane metres on one part of the earth, by EPSG code; eastings stand before northings, longitude before latitude.

    Conversions take the datum shift that is built into PROJ, which is good to a few metres.
    """

    epsg: int

    @property
    def code(self) -> str:
        """Return the name of the system as programs write it: "EPSG:27700"."""
        return f"EPSG:{self.epsg}"

    @property
    def words(self) -> str:
        """Return the name of the system for people: "OSGB36 / British National Grid (EPSG:27700)"."""
        return called(self.crs)

    @cached_property
    def crs(self) -> CRS:
        """The system itself, as pyproj holds it."""
        return system(self.code)

    def metres(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return the easting and northing of one place."""
        east, north = _transformer(DEGREES, self.code).transform(longitude, latitude)
        return float(east), float(north)

    def whole_metres(self, longitudes: ArrayLike, latitudes: ArrayLike) -> Metres:
        """Return eastings and northings in whole metres, one row a place."""
        return nearest_metre(np.column_stack(_transformer(DEGREES, self.code).transform(longitudes, latitudes)))

    def degrees(self, eastings: ArrayLike, northings: ArrayLike) -> Floats:
        """Return longitude and latitude, one row a place."""
        return np.column_stack(_transformer(self.code, DEGREES).transform(eastings, northings))

    def in_metres(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape in metres, from longitude and latitude, mended where it crosses itself there."""
        from shapely import make_valid, transform

        moved = transform(shape, _transformer(DEGREES, self.code).transform, interleaved=False)
        return moved if moved.is_valid else make_valid(moved)

    def in_degrees(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape in longitude and latitude, from metres, for a map: see `unbroken`."""
        from shapely import transform

        return self.unbroken(transform(shape, _transformer(self.code, DEGREES).transform, interleaved=False))

    def map_degrees(self, eastings: ArrayLike, northings: ArrayLike) -> Floats:
        """Return longitude and latitude for a map, one row a place: see `unbroken`."""
        return self._unbroken(self.degrees(eastings, northings))

    def unbroken(self, shape: BaseGeometry) -> BaseGeometry:
        """Return a shape in degrees with longitudes that run on beyond 180 where the grid lies at the date line."""
        from shapely import transform

        return transform(shape, self._unbroken) if self._is_at_date_line else shape

    def _unbroken(self, degrees: Floats) -> Floats:
        if not self._is_at_date_line:
            return degrees
        turns = np.round((self._middle_degrees - degrees[:, 0]) / 360)
        return np.column_stack([degrees[:, 0] + 360 * turns, degrees[:, 1]])

    @property
    def _is_at_date_line(self) -> bool:
        return abs(self._middle_degrees) > NEAR_DATE_LINE_DEGREES

    @cached_property
    def _middle_degrees(self) -> float:
        """The longitude in the middle of the part of the earth that the grid is made for."""
        area = self.crs.area_of_use
        return 0.0 if area is None else (area.west + ((area.east - area.west) % 360) / 2 + 180) % 360 - 180


BRITISH = Grid(27700)

# West of it lies Ireland, east of it Great Britain: from Brittany through the Irish Sea to north of Donegal.
_BETWEEN = (
    *[(-7.5, 48.9), (-7.0, 51.0), (-5.9, 51.9), (-5.5, 53.4), (-5.2, 54.4), (-5.4, 54.85), (-5.62, 55.1)],
    *[(-5.95, 55.25), (-6.05, 55.38), (-6.6, 55.45), (-7.3, 55.6), (-9.5, 55.9)],
)
_CHANNEL = (
    *[(2.5, 61.5), (2.5, 52.0), (2.2, 51.7), (1.65, 51.15), (1.48, 51.0), (1.3, 50.8), (0.8, 50.4), (-1.0, 50.1)],
    *[(-2.0, 49.75), (-1.95, 49.2), (-2.0, 48.9)],
)


@dataclass(frozen=True, slots=True)
class Country:
    """A country with a grid of its own, and its outline at sea in degrees, roughly."""

    name: str
    grid: Grid
    outline: tuple[tuple[float, float], ...]

    def holds(self, longitudes: ArrayLike, latitudes: ArrayLike) -> NDArray[np.bool_]:
        """Return whether each place lies in the country, or in the sea before it."""
        from shapely import Polygon, contains_xy

        return np.asarray(contains_xy(Polygon(self.outline), np.asarray(longitudes), np.asarray(latitudes)))


GREAT_BRITAIN = Country("Great Britain", BRITISH, (*_BETWEEN, (-9.5, 61.5), *_CHANNEL))
IRELAND = Country("Ireland", Grid(2157), ((-12.0, 51.0), *_BETWEEN[1:], (-12.0, 55.9)))
COUNTRIES = (GREAT_BRITAIN, IRELAND)


def country_of(longitude: float, latitude: float) -> Country | None:
    """Return the country that a place lies in; None for one without a grid known here."""
    return next((country for country in COUNTRIES if country.holds(longitude, latitude)), None)


def grid_for(stated: CRS, longitudes: Floats, latitudes: Floats) -> Grid:
    """Return the grid to measure these places in, whose coordinates are in the system `stated`.

    In Great Britain that is the national grid. Elsewhere it is the system stated, if that is one of metres true to the
    ground; otherwise the grid of the country, if known; otherwise the zone of UTM.
    """
    longitude, latitude = middle(longitudes, latitudes)
    country = country_of(longitude, latitude)
    if country is GREAT_BRITAIN:
        return BRITISH
    own = _grid_of(stated)
    if own is not None and off_scale(own, longitudes, latitudes) <= OFF_SCALE_MOST:
        return own
    return country.grid if country is not None else _utm(longitude, latitude)


def middle(longitudes: Floats, latitudes: Floats) -> tuple[float, float]:
    """Return the median longitude, also of places on both sides of the date line, and the median latitude."""
    turned = np.exp(1j * np.radians(longitudes)).mean()
    towards = float(np.degrees(np.angle(turned)))
    median = towards + float(np.median((longitudes - towards + 180) % 360 - 180))
    return (median + 180) % 360 - 180, float(np.median(latitudes))


def off_scale(grid: Grid, longitudes: Floats, latitudes: Floats) -> float:
    """Return the largest share by which a length on the grid differs from the length on the ground at these places.

    It is infinite where a place is beyond the grid, or its coordinates are too large for a plan.
    """
    from pyproj import Proj

    metres = np.abs(np.column_stack(_transformer(DEGREES, grid.code).transform(longitudes, latitudes)))
    factors = Proj(grid.crs).get_factors(longitudes, latitudes, errcheck=False)
    scales = np.abs(np.array([factors.meridional_scale, factors.parallel_scale]) - 1)
    if not (np.isfinite(scales).all() and (metres <= METRES_MOST).all()):
        return np.inf
    return float(scales.max(initial=0))


def grid_of_epsg(epsg: int) -> Grid | None:
    """Return the grid of this EPSG code; None where that is no system of metres, east and north."""
    from pyproj.exceptions import CRSError

    try:
        return _grid_of(system(f"EPSG:{epsg}"))
    except CRSError:
        return None


def called(crs: CRS) -> str:
    """Return a system's name for people, with its code where it has one."""
    code = crs.to_authority()
    return f"{crs.name} ({':'.join(code)})" if code else str(crs.name)


def horizontal(crs: CRS) -> CRS:
    """Return a system without its heights."""
    while crs.is_compound:
        crs = crs.sub_crs_list[0]
    return crs


def nearest_metre(metres: Floats) -> Metres:
    """Return lengths rounded to the nearest metre, halves up."""
    return np.floor(metres + 0.5).astype(np.int64)


def _grid_of(stated: CRS) -> Grid | None:
    """Return a stated system as a grid, if it has a code, and metres to the east and to the north."""
    flat = horizontal(stated)
    if not flat.is_projected or (epsg := flat.to_epsg()) is None:
        return None
    axes = {(axis.direction, axis.unit_conversion_factor) for axis in system(f"EPSG:{epsg}").axis_info}
    return Grid(epsg) if axes == {("east", 1.0), ("north", 1.0)} else None


def _utm(longitude: float, latitude: float) -> Grid:
    zone = int((longitude + 180) // 6) % 60 + 1
    return Grid((UTM_NORTH if latitude >= 0 else UTM_SOUTH) + zone)


@cache
def system(code: str) -> CRS:
    """Return the system of a code, looked up only once."""
    from pyproj import CRS

    return CRS.from_user_input(code)


@cache
def _transformer(source: str, target: str) -> Transformer:
    """Return a conversion, made only once: making one takes longer than converting a thousand points."""
    from pyproj import Transformer

    return Transformer.from_crs(source, target, always_xy=True)
