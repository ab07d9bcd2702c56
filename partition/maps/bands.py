"""A map of the minutes from one school: the land in bands, and every school by its minutes.

A band is drawn together with all nearer bands, the furthest first, so that no gap shows between two bands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, product
from pathlib import Path
from typing import Any

from shapely import box, make_valid, maximum_inscribed_circle, union
from shapely.geometry.base import BaseGeometry

from geodata.grid import Grid
from partition.formats.palette import SHADES
from partition.maps.content import Band, BandsAtlas, ReachedSchool
from partition.maps.ground import base_facts, bounds, place_facts, rounded
from partition.maps.packing import pack, within_budget
from partition.maps.page import DrawnMap, write_page
from partition.maps.shapes import polygons

POINTS_MAX = 12_000
FAR_METRES = 1_000_000
LABELS = 2
LABEL_METRES = 100  # tolerance in finding the widest part of a band


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A band on the page: its minutes in words, its shade, and the schools whose own minutes lie in it."""

    band: Band
    words: str
    shade: int
    schools: tuple[ReachedSchool, ...]


def write_bands(bands: BandsAtlas, path: Path) -> None:
    """Write the minutes from one school as one HTML file, which replaces an earlier file in one step.

    Raises ValueError where `bands.tiles` names no web server.
    """
    write_page(bands_map(bands), path)


def bands_map(bands: BandsAtlas) -> DrawnMap:
    """Return the bands as a folium map; its `save` writes the same page as `write_bands`, but not in one step."""
    others = tuple(school for school in bands.schools if school.urn != bands.origin.urn)
    atlas = replace(bands, schools=tuple(sorted(others, key=lambda s: (s.minutes is None, s.minutes, s.urn))))
    scale = steps(atlas)
    step_of = {school.urn: step for step in scale for school in step.schools}
    return DrawnMap("bands", atlas, _facts(atlas, scale), {"steps": scale, "step_of": step_of})


def steps(bands: BandsAtlas) -> list[Step]:
    """Return the bands from near to far, further ones darker. A school on an edge is in the nearer band."""
    ordered = sorted(bands.bands, key=lambda band: (band.minutes_to, band.minutes_from))
    left, found = list(bands.schools), []
    for number, band in enumerate(ordered):
        inside = [s for s in left if s.minutes is not None and band.minutes_from <= s.minutes <= band.minutes_to]
        left = [school for school in left if school not in inside]
        shade = round(number * (len(SHADES) - 1) / max(len(ordered) - 1, 1))
        words = f"{band.minutes_from:g} to {band.minutes_to:g} min"
        found.append(Step(band=band, words=words, shade=shade, schools=tuple(inside)))
    return found


def _facts(atlas: BandsAtlas, scale: Sequence[Step]) -> dict[str, Any]:
    """Return the bands as facts for the page's script."""
    ground = list(accumulate((make_valid(step.band.geometry) for step in scale), union))
    origin = atlas.grid.metres(atlas.origin.longitude, atlas.origin.latitude)
    shades = {school.urn: step.shade for step in scale for school in step.schools}
    return {
        "bounds": bounds(_corners(ground) or [(s.latitude, s.longitude) for s in (atlas.origin, *atlas.schools)]),
        "tiles": atlas.tiles,
        "origin": atlas.origin.urn,
        "identifier": atlas.identifier.one,
        "bands": [
            {
                "words": step.words.replace(" to ", "–"),
                "shade": step.shade,
                "area": pack(shape),
                "labels": _labels(step.band, origin, atlas.grid),
            }
            for step, shape in zip(scale, within_budget(ground, POINTS_MAX), strict=True)
        ],
        "schools": [_school(school, shades.get(school.urn)) for school in (atlas.origin, *atlas.schools)],
        "base": base_facts(atlas.base, atlas.grid),
        "places": place_facts(atlas.places),
    }


def _school(school: ReachedSchool, shade: int | None) -> dict[str, Any]:
    at = rounded(school.latitude, school.longitude)
    return {"urn": school.urn, "name": school.name, "at": at, "minutes": school.minutes, "shade": shade}


def _corners(ground: Sequence[BaseGeometry]) -> list[tuple[float, float]]:
    if not ground or ground[-1].is_empty:
        return []
    west, south, east, north = ground[-1].bounds
    return [(south, west), (north, east)]


def _labels(band: Band, origin: tuple[float, float], grid: Grid) -> list[list[float]]:
    """Return the places for a band's label: the widest part in each quarter around the origin, of these the widest two.

    Each is a latitude, a longitude, and the metres from there to the band's edge.
    """
    shape, (east, north) = make_valid(grid.in_metres(band.geometry).simplify(LABEL_METRES)), origin
    quarters = [box(east, north, east + x, north + y) for x, y in product((FAR_METRES, -FAR_METRES), repeat=2)]
    widest = []
    for quarter in quarters:
        if parts := polygons(shape.intersection(quarter)):
            radius = maximum_inscribed_circle(max(parts, key=lambda part: part.area), tolerance=LABEL_METRES)
            middle = grid.in_degrees(radius).coords[0]
            widest.append((round(radius.length), *rounded(middle[1], middle[0])))
    return [[latitude, longitude, room] for room, latitude, longitude in sorted(widest, reverse=True)[:LABELS]]
