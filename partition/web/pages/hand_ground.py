"""What lies beneath a draft: the ground, the places of schools and the land of each, by which areas are joined."""

from __future__ import annotations

from typing import Any

from shapely.geometry import Point

from geodata.urns import Urn
from partition.maps import shapes
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas
from partition.maps.facts import HUES, known_land, partnership_areas, shown
from partition.maps.ground import base_facts, bounds, place_facts, rounded
from partition.maps.packing import Steps, pack
from partition.studies.hand_edits.draft import Draft


def ground(draft: Draft) -> dict[str, Any]:
    """What stays as it is through all edits: base map, places, where each school is, and colours as at the start."""
    began = draft.begun
    atlas = _atlas(began)
    hues = shapes.colours([partnership_areas(atlas)], HUES)
    return {
        "bounds": bounds(shown(atlas)),
        "base": base_facts(atlas.base, atlas.grid),
        "places": place_facts(atlas.places),
        "attribution": list(atlas.attribution),
        "spots": {school.urn: rounded(school.latitude, school.longitude) for school in atlas.schools},
        "hues": {number: hues[there] for number, there in began.number_of.items() if there in hues},
        "districts": _districts(atlas),
    }


def cells(draft: Draft) -> dict[Urn, list[list[Steps]]]:
    """The land of each school that takes part now, as a page holds shapes."""
    atlas = _atlas(draft)
    taking = [school for school in atlas.schools if school.urn in draft.problem.roster.headship_of]
    spots = [atlas.grid.metres(school.longitude, school.latitude) for school in taking]
    shared = shapes.school_cells(spots, known_land(atlas))
    return {school.urn: pack(atlas.grid.in_degrees(cell)) for school, cell in zip(taking, shared, strict=True)}


def _atlas(draft: Draft) -> Atlas:
    return draw_atlas(draft.case, draft.account, with_ways=False)


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
