"""What lies beneath a draft: the ground, the places of schools and the land of each, by which areas are joined."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.grid import Grid
from geodata.urns import Urn
from partition.maps import shapes
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas
from partition.maps.facts import HUES, known_land, partnership_areas
from partition.maps.ground import base_facts, bounds, place_facts, rounded
from partition.maps.packing import Steps, pack
from partition.studies.hand_edits.draft import Draft


@dataclass(frozen=True, slots=True)
class Ground:
    """What stays as it is through all edits: the facts that the page reads, and what land is divided by."""

    facts: Mapping[str, Any]
    land: BaseGeometry | None
    grid: Grid
    spots: Mapping[Urn, shapes.Spot]  # of every school, in metres


def spots(draft: Draft) -> dict[str, Any]:
    """Where each school is, and the bounds of those that take part: all that a map needs to begin with."""
    area, taking = draft.case.problem.area, draft.problem.roster.headship_of
    longitudes, latitudes = area.grid.map_degrees(area.eastings, area.northings).T.tolist()
    places = dict(zip(area.urns, zip(latitudes, longitudes, strict=True), strict=True))
    return {
        "bounds": bounds([places[urn] for urn in taking] or list(places.values())),
        "spots": {urn: rounded(*place) for urn, place in places.items()},
    }


def ground(draft: Draft) -> Ground:
    """Base map, places, and colours as at the start."""
    began = draft.begun
    atlas = draw_atlas(began.case, began.account, with_ways=False)
    hues = shapes.colours([partnership_areas(atlas)], HUES)
    facts = {
        "base": base_facts(atlas.base, atlas.grid),
        "places": place_facts(atlas.places),
        "attribution": list(atlas.attribution),
        "hues": {number: hues[there] for number, there in began.number_of.items() if there in hues},
        "districts": _districts(atlas),
    }
    spots = {school.urn: atlas.grid.metres(school.longitude, school.latitude) for school in atlas.schools}
    return Ground(facts, known_land(atlas), atlas.grid, spots)


def cells(draft: Draft, beneath: Ground) -> dict[Urn, list[list[Steps]]]:
    """The land of each school that takes part now, as a page holds shapes."""
    taking = [urn for urn in beneath.spots if urn in draft.problem.roster.headship_of]
    shared = shapes.school_cells([beneath.spots[urn] for urn in taking], beneath.land)
    return {urn: pack(beneath.grid.in_degrees(cell)) for urn, cell in zip(taking, shared, strict=True)}


def _districts(atlas: Atlas) -> list[list[Any]]:
    """Each district drawn beneath, and the schools in it."""
    found: dict[str, list[Urn]] = {}
    for layer in atlas.base:
        if layer.kind != "district" or not layer.name:
            continue
        inside = [one.urn for one in atlas.schools if layer.geometry.covers(Point(one.longitude, one.latitude))]
        if inside:
            found.setdefault(layer.name, []).extend(inside)
    return [[name, urns] for name, urns in sorted(found.items())]
