"""Towns and villages of 500 people and more, from GeoNames, and the place that a school stands in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, pi, radians

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geodata.world import PER_DEGREE, Box, packed, turns

ATTRIBUTION = "Places: GeoNames (CC BY 4.0)."
PEOPLE_STEP = 100
PEOPLE_PER_KM2 = 3_000  # in a town, so that its people tell how far it reaches
NAMED_METRES = 6_000  # a school is called after a place no further away
NEAR_METRES = 20_000
METRES_PER_DEGREE = 111_320

Gazetteer = tuple[list[str], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]
STREETS = re.compile(
    r"\b(avenue|close|crescent|drive|estate|gardens|grove|hill|lane|park|road|street|terrace|way)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPlace:
    """A town or village: its name, where it is (degrees), and its people, rounded up to a hundred; 0 if not known."""

    name: str
    longitude: float
    latitude: float
    people: int


def places_within(box: Box) -> list[KnownPlace]:
    """Return the places in a box of longitudes and latitudes (EPSG:4326), those of most people first."""
    names, longitudes, latitudes, people = _gazetteer()
    west, south, east, north = box
    high = (latitudes >= south) & (latitudes <= north)
    found = [
        KnownPlace(
            name=names[n], longitude=float(longitudes[n]) + turn, latitude=float(latitudes[n]), people=int(people[n])
        )
        for turn in turns(box)
        for n in np.flatnonzero(high & (longitudes + turn >= west) & (longitudes + turn <= east))
    ]
    return sorted(found, key=lambda place: (-place.people, place.name, place.longitude))


def place_of_each(
    names: Sequence[str], longitudes: ArrayLike, latitudes: ArrayLike, addresses: Sequence[Sequence[str]] = ()
) -> tuple[str, ...]:
    """Return the town or village of each school; "" where none is near.

    It is the place nearby that the school's own name names ("Nettleham Church of England Primary"); else a village that
    both its name and its address name, too small for the gazetteer; else the place whose edge is nearest. An address
    alone never names a place: it may be a street, or a post town miles away.

    Parameters
    ----------
    names : sequence of str, length n
        The schools' names.
    longitudes, latitudes : array of float, shape (n,)
        Where they stand, in degrees (EPSG:4326).
    addresses : sequence of sequences of str, optional
        The parts of each school's address that may name a village.
    """
    east, north = (np.asarray(degrees, dtype=np.float64) for degrees in (longitudes, latitudes))
    if not len(names):
        return ()
    parts = addresses or [()] * len(names)
    around = _around(east, north)
    return tuple(_place_of(around, *school) for school in zip(names, east.tolist(), north.tolist(), parts, strict=True))


def _around(longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> Gazetteer:
    """Return the part of the gazetteer that any of the points can be near."""
    names, east, north, people = _gazetteer()
    high = NEAR_METRES / METRES_PER_DEGREE
    wide = high / max(cos(radians(float(np.abs(latitudes).max()))), 0.01)
    inside = (north >= latitudes.min() - high) & (north <= latitudes.max() + high)
    inside &= (east >= longitudes.min() - wide) & (east <= longitudes.max() + wide)
    kept = np.flatnonzero(inside)
    return [names[n] for n in kept], east[kept], north[kept], people[kept]


def _place_of(around: Gazetteer, name: str, longitude: float, latitude: float, address: Sequence[str]) -> str:
    near = list(_by_distance(around, longitude, latitude))
    own = folded(name)
    named = [place for metres, place in near if metres <= NAMED_METRES and _names(own, folded(place))]
    if named:
        return max(named, key=lambda place: len(folded(place)))  # Kirton in Lindsey before Kirton; then the nearest
    told = (part for part in address if _names(own, folded(part)) and not STREETS.search(part))
    village = next(told, "")
    if village:
        written = re.search(re.escape(village), name, re.IGNORECASE)  # an address may be in capitals
        return written[0] if written else village
    return near[0][1] if near else ""


def _by_distance(around: Gazetteer, longitude: float, latitude: float) -> Iterator[tuple[float, str]]:
    """Yield the places around a point, each with the metres from its edge, nearest first."""
    names, longitudes, latitudes, people = around
    north = (latitudes - latitude) * METRES_PER_DEGREE
    near = np.flatnonzero(np.abs(north) <= NEAR_METRES)
    east = (longitudes[near] - longitude) * METRES_PER_DEGREE * cos(radians(latitude))
    reach = np.sqrt(people[near] / PEOPLE_PER_KM2 / pi) * 1000
    metres = np.hypot(east, north[near]) - reach
    order = np.lexsort((near, metres))
    return ((float(metres[n]), names[near[n]]) for n in order if metres[n] <= NEAR_METRES)


def _names(school: str, place: str) -> bool:
    """Return whether a school's folded name has the place in whole words, and not as a saint's name."""
    return bool(place) and re.search(rf"(?<!st )\b{re.escape(place)}\b", school) is not None


@cache
def folded(name: str) -> str:
    """Return a name for comparing: small letters without accents or signs, saints written short."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(sign))
    words = re.sub(r"[^\w]+", " ", plain.replace("'", "").replace("’", "")).split()
    return " ".join("st" if word == "saint" else word for word in words)


@cache
def _gazetteer() -> Gazetteer:
    """Return the names, longitudes, latitudes and people of all places."""
    places = packed("places.npz")
    names = places["names"].astype(np.uint8).tobytes().decode().split("\n")
    longitudes, latitudes = places["degrees"] + places["thousandths"] / PER_DEGREE
    return names, longitudes, latitudes, places["hundreds"] * PEOPLE_STEP
