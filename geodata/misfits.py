"""Why numbers cannot be coordinates in the system that is stated for them, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pyproj import CRS, Transformer

from geodata.grid import BRITISH, DEGREES, called, horizontal, middle

EASTING_METRES, NORTHING_METRES = (0, 700_000), (0, 1_300_000)
LATITUDE_DEGREES, LONGITUDE_DEGREES = (49.0, 61.5), (-11.0, 2.5)  # of Great Britain and Ireland
MERCATOR_X_METRES, MERCATOR_Y_METRES = (-1_060_000, 280_000), (6_270_000, 8_750_000)
MERCATOR = "EPSG:3857"
BEYOND_AREA_DEGREES = 5.0  # a system is used that far outside the area that it is made for, as on islands


@dataclass(frozen=True, slots=True)
class Cause:
    """What is wrong, what to do about it, and the system that the numbers fit ("" for none known)."""

    wrong: str
    mend: str = ""
    fits: str = ""


WHICH = "say in which system they are: --set data.crs=SYSTEM, such as EPSG:2157"
ZERO = Cause("zero is no coordinate; give the school's own")
THOUSANDTHS = Cause("these are kilometres, or metres with a point between thousands", "give metres in plain digits")
EXCHANGED = Cause("easting and northing are swapped", "exchange them")


def cause_of_misfit(given: pd.DataFrame, system: CRS, *, is_stated: bool, is_shape: bool) -> dict[int, str]:
    """Return an instruction for each row with numbers `x`, `y` that cannot be coordinates in this system.

    `is_stated` if a person stated the system in data.crs, so that nothing is guessed; `is_shape` if the coordinates are
    those of shapes, not of columns.
    """
    flat = horizontal(system)
    if flat.is_geographic:
        causes = {row: cause for row, x, y in _rows(given) if (cause := _no_degrees(x, y, is_stated))}
    elif flat.to_epsg() == BRITISH.epsg:
        causes = {row: cause for row, x, y in _rows(given) if (cause := _off_british_grid(x, y))}
    else:
        causes = _off_grid(given, flat)
    return {row: _told(cause, flat, is_stated=is_stated, is_shape=is_shape) for row, cause in causes.items()}


def _told(cause: Cause, system: CRS, *, is_stated: bool, is_shape: bool) -> str:
    wrong, mend = cause.wrong, cause.mend
    if (is_stated or is_shape) and cause is not ZERO:
        wrong = f"{'data.crs says' if is_stated else 'the file states'} {called(system)}, but {wrong}"
        mend = f"state the system that they are in: {_stating(cause.fits)}" if cause.fits else mend
    return f"{wrong}; {mend}" if mend else wrong


def _rows(given: pd.DataFrame) -> Iterator[tuple[int, float, float]]:
    yield from zip(given.index.tolist(), given["x"].tolist(), given["y"].tolist(), strict=True)


def _no_degrees(longitude: float, latitude: float, is_stated: bool) -> Cause | None:
    if longitude == 0 and latitude == 0:
        return ZERO
    if not is_stated and _is_here(latitude, longitude) and not _is_here(longitude, latitude):
        return Cause("latitude and longitude are swapped", f"exchange them, or, if they are right, {_stating(DEGREES)}")
    if _is_degrees(longitude, latitude):
        return None
    if _is_degrees(latitude, longitude):
        return Cause("latitude and longitude are swapped", "exchange them")
    if _is_on_british_grid(longitude, latitude):
        return Cause("these are grid metres", "map the columns to easting and northing", BRITISH.code)
    if _is_mercator(longitude, latitude) or _is_mercator(latitude, longitude):
        return Cause(f"these are Web Mercator metres ({MERCATOR})", f"convert to degrees ({DEGREES})", MERCATOR)
    return Cause("these are no degrees", f"give latitude and longitude, or {WHICH}")


def _off_british_grid(easting: float, northing: float) -> Cause | None:
    if easting == 0 or northing == 0:
        return ZERO
    if _is_on_british_grid(easting, northing):
        return None
    if cause := _degrees(easting, northing):
        return cause
    if _is_on_british_grid(northing, easting):
        return EXCHANGED
    if _is_on_british_grid(easting * 1000, northing * 1000):
        return THOUSANDTHS
    if _is_mercator(easting, northing) or _is_mercator(northing, easting):
        mend = f"convert to the British National Grid ({BRITISH.code}), or {_stating(MERCATOR)}, or their own"
        return Cause(f"these are Web Mercator metres ({MERCATOR})", mend, MERCATOR)
    mend = f"give easting and northing in metres, or {WHICH}"
    return Cause(f"outside Great Britain's grid ({BRITISH.code})", mend)


def _off_grid(given: pd.DataFrame, system: CRS) -> dict[int, Cause]:
    """Return causes by row for any other grid: no row fits where the middle of all is not in the grid's own area."""
    causes = {}
    for row, x, y in _rows(given):
        if cause := ZERO if x == 0 or y == 0 else _degrees(x, y):
            causes[row] = cause
    rest = given.drop(index=list(causes))
    if rest.empty or _is_in_area(rest["x"], rest["y"], system):
        return causes
    if _is_in_area(rest["y"], rest["x"], system):
        cause = EXCHANGED
    elif _is_in_area(rest["x"], rest["y"], system, BEYOND_AREA_DEGREES):
        return causes
    elif all(_is_on_british_grid(x, y) for _, x, y in _rows(rest)):
        cause = Cause("these lie outside the area that it is for", "correct them", BRITISH.code)
    else:
        cause = Cause("these lie outside the area that it is for", WHICH)
    return causes | dict.fromkeys(rest.index.tolist(), cause)


def _is_in_area(xs: pd.Series, ys: pd.Series, system: CRS, beyond_degrees: float = 0) -> bool:
    """Return whether the middle of these places is in the area that the system is made for, or that near it."""
    to_degrees = Transformer.from_crs(system, DEGREES, always_xy=True)
    degrees = np.column_stack(to_degrees.transform(xs.to_numpy(), ys.to_numpy()))
    degrees = degrees[np.isfinite(degrees).all(axis=1)]
    if 2 * len(degrees) <= len(xs):
        return False
    area = system.area_of_use
    if area is None:
        return True
    longitude, latitude = middle(degrees[:, 0], degrees[:, 1])
    east_of_west = (longitude - area.west + beyond_degrees) % 360
    wide = (area.east - area.west) % 360 + 2 * beyond_degrees
    high = area.south - beyond_degrees, area.north + beyond_degrees
    return bool(east_of_west <= wide and _in(latitude, high))


def _degrees(x: float, y: float) -> Cause | None:
    if (x or y) and (_is_degrees(x, y) or _is_degrees(y, x)):
        return Cause("these are latitude and longitude", "map the columns to those, or convert to grid metres", DEGREES)
    return None


def _stating(code: str) -> str:
    return f'--set data.crs="{code}"'


def _in(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _is_degrees(longitude: float, latitude: float) -> bool:
    return abs(longitude) <= 180 and abs(latitude) <= 90


def _is_here(longitude: float, latitude: float) -> bool:
    """Return whether these are degrees in Great Britain or Ireland."""
    return _in(longitude, LONGITUDE_DEGREES) and _in(latitude, LATITUDE_DEGREES)


def _is_on_british_grid(easting: float, northing: float) -> bool:
    """Return whether these are metres on the grid. Below 5 km both, no land lies there, but typing errors do."""
    near_origin = abs(easting) < 5_000 and abs(northing) < 5_000
    return _in(easting, EASTING_METRES) and _in(northing, NORTHING_METRES) and not near_origin


def _is_mercator(x: float, y: float) -> bool:
    return _in(x, MERCATOR_X_METRES) and _in(y, MERCATOR_Y_METRES)
