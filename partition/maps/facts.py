"""The facts that the page's script reads: an atlas as lists and dictionaries, with shapes and colours calculated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapely import intersection_all, make_valid, union_all
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.grid import Grid
from geodata.urns import Urn
from partition.formats.palette import TINTS
from partition.maps import shapes
from partition.maps.content import Atlas, PartnershipCard, SchoolCard
from partition.maps.ground import base_facts, bounds, place_facts, rounded
from partition.maps.packing import Steps, pack
from partition.maps.ways import pack_ways

HUES = len(TINTS)
LARGE_SCHOOLS = 1_500  # from so many on a page packs its facts, makes its tables by script and draws on canvas
PLACES_OF_NUMBER = 5  # of a partnership, on its area; the map takes the first that has room
PARTS: dict[str, str] = {  # of schools, in tables
    "placed": "small school",
    "federation": "small school, in a federation that is a partnership already",
    "unplaced": "not yet placed",
    "associate alone": "associate, not joined",
    "left": "in a partnership that has left",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The counts that the map's key shows."""

    placed: int
    federations: int  # heads whose schools are a partnership already
    in_federations: int  # their small schools
    associates: int
    unplaced: int
    apart: int  # associates in no partnership
    outside: int  # not taking part
    left: int  # in a partnership that has left
    corrected: int
    undecided: int
    silent: int
    slow: int  # schools with a drive over the lower flag, but not over the higher
    very_slow: int
    headships: int  # heads who lead more than one school
    today: int
    links_kept: int
    links_broken: int


def count(atlas: Atlas) -> Counts:
    """Return the counts of the map's key."""
    roles = [school.role for school in atlas.schools]
    lower, higher = atlas.flags_minutes
    worst = [school.worst_minutes or 0.0 for school in atlas.schools]
    return Counts(
        placed=roles.count("placed"),
        federations=sum(one.already for one in atlas.partnerships),
        in_federations=roles.count("federation"),
        associates=roles.count("associate"),
        unplaced=roles.count("unplaced"),
        apart=roles.count("associate alone"),
        outside=roles.count("not taking part"),
        left=roles.count("left"),
        corrected=sum(bool(school.corrected) for school in atlas.schools),
        undecided=sum(school.answer == "undecided" for school in atlas.schools),
        silent=sum(school.answer == "none" for school in atlas.schools),
        slow=sum(lower < minutes <= higher for minutes in worst),
        very_slow=sum(minutes > higher for minutes in worst),
        headships=len({school.headship for school in atlas.schools if school.headship}),
        today=len(atlas.today),
        links_kept=sum(one.links_kept for one in atlas.partnerships),
        links_broken=sum(school.links_broken for school in atlas.schools) // 2,
    )


def facts(atlas: Atlas) -> dict[str, Any]:
    """Return the atlas as facts for the page's script; empty values are left out to keep the file small."""
    areas = partnership_areas(atlas)
    return {
        "bounds": bounds(shown(atlas)),
        "tiles": atlas.tiles,
        "base": base_facts(atlas.base, atlas.grid),
        "places": place_facts(atlas.places),
        **(large_facts([atlas]) if is_large(atlas) else {}),
        **plan_facts(atlas, areas, shapes.colours([areas], HUES)),
    }


def is_large(*plans: Atlas) -> bool:
    """Return whether any of the plans has so many schools that its page is made for speed."""
    return any(len(plan.schools) >= LARGE_SCHOOLS for plan in plans)


def large_facts(plans: Sequence[Atlas]) -> dict[str, Any]:
    """Return what a large page's script needs besides: which columns the tables that it makes have."""
    return {
        "large": True,
        "staged": any(plan.stages for plan in plans),
        "judged": any(one.breaches for plan in plans for one in plan.partnerships),
    }


def plan_facts(atlas: Atlas, areas: Mapping[int, BaseGeometry], hues: Mapping[int, int]) -> dict[str, Any]:
    """Return the facts of the plan itself, without base map; areas and colours are by partnership's number."""
    spots, most = _spots(atlas), 1 if is_large(atlas) else PLACES_OF_NUMBER
    places = {
        one.number: shapes.label_spots(areas[one.number], [spots[urn] for urn in one.urns], most)
        for one in atlas.partnerships
    }
    return {
        "unit": atlas.unit,
        "flags": list(atlas.flags_minutes),
        "identifier": atlas.language.known(atlas.identifier.one),
        "schools": [_school(school) for school in atlas.schools],
        "partnerships": [
            _partnership(one, atlas.grid, areas[one.number], hues[one.number], places[one.number])
            for one in atlas.partnerships
        ],
        "today": [
            {"name": name, "area": _packed(shapes.lasso([spots[urn] for urn in urns if urn in spots]), atlas.grid)}
            for name, urns in atlas.today
            if any(urn in spots for urn in urns)
        ],
        "links": [list(link) for link in atlas.links if link[0] in spots and link[1] in spots]
        if atlas.internal
        else [],
        "ways": pack_ways(
            [way for way in atlas.ways if way.urn_from in spots and way.urn_to in spots], grid=atlas.grid
        ),
    }


def _school(school: SchoolCard) -> dict[str, Any]:
    return _without_blanks(
        {
            "urn": school.urn,
            "name": school.name,
            "town": school.town,
            "pupils": school.pupils,
            "at": rounded(school.latitude, school.longitude),
            "role": school.role,
            "partnership": school.partnership,
            "headship": school.headship,
            "visits": not school.is_base,
            "corrected": school.corrected,
            "today": school.today,
            "reason": school.reason,
            "companions": [[one.urn, one.minutes_to, one.minutes_from] for one in school.companions],
            "leaves": list(school.leaves),
            "worst": school.worst_minutes,
            "own": None if school.own is None else [school.own, school.own_words],
            "kept": school.links_kept,
            "broken": school.links_broken,
            "shared": [list(one) for one in school.shared],
            "answer": school.answer,
            "answered": school.answered,
            "prefers": list(school.prefers),
            "wishes": list(school.wishes),
            "unwanted": list(school.not_wanted),
        }
    )


def _partnership(
    one: PartnershipCard, grid: Grid, area: BaseGeometry, hue: int, places: Sequence[shapes.Spot]
) -> dict[str, Any]:
    first, *others = (rounded(at.y, at.x) for at in map(grid.in_degrees, map(Point, places)))
    return _without_blanks(
        {
            "number": one.number,
            "name": one.name,
            "urns": list(one.urns),
            "venue": one.venue_urn,
            "heads": one.heads,
            "schools": one.schools,
            "associates": one.associates,
            "pupils": one.pupils,
            "travel": one.hours_a_year,
            "mean": one.mean_minutes,
            "worst": one.worst_minutes,
            "pair": list(one.worst_pair) if one.worst_pair else None,
            "kept": one.links_kept,
            "broken": one.links_broken,
            "breaches": list(one.breaches),
            "stage": one.stage,
            "already": one.already,
            "hosts": one.hosts,
            "hue": str(hue),
            "label": first,
            "elsewhere": others,
            "area": _packed(area, grid),
        }
    )


@lru_cache(shapes.AREAS_KEPT)
def _packed(area: BaseGeometry, grid: Grid) -> list[list[Steps]]:
    return pack(grid.in_degrees(area))


def partnership_areas(atlas: Atlas) -> dict[int, BaseGeometry]:
    """Return the area of each partnership by its number, in metres."""
    spots = _spots(atlas)
    groups = {one.number: [spots[urn] for urn in one.urns] for one in atlas.partnerships}
    left_out = [spots[school.urn] for school in atlas.schools if school.role == "unplaced"]
    return dict(shapes.partnership_areas(groups, left_out, known_land(atlas)))


def known_land(atlas: Atlas) -> BaseGeometry | None:
    """Return the land on which areas may lie, in metres; None where no coast and no boundary is known."""
    land = [layer.geometry for layer in atlas.base if layer.kind == "land"]
    county = [layer.geometry for layer in atlas.base if layer.kind == "boundary"]
    known = [atlas.grid.in_metres(union_all(_mended(pieces))) for pieces in (land, county) if pieces]
    ground = intersection_all(known) if known else None
    return ground if ground is not None and ground.area else None


def _mended(pieces: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return shapes of which none crosses itself, as a user's may, so that they can be joined."""
    return [piece if piece.is_valid else make_valid(piece) for piece in pieces]


def _spots(atlas: Atlas) -> dict[Urn, shapes.Spot]:
    return {school.urn: atlas.grid.metres(school.longitude, school.latitude) for school in atlas.schools}


def shown(atlas: Atlas) -> list[tuple[float, float]]:
    """Return the places that the map shows first: every school that takes part, or all schools where none does."""
    first = [school for school in atlas.schools if school.role != "not taking part"] or atlas.schools
    return [(school.latitude, school.longitude) for school in first]


def _without_blanks(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in (None, "", [], 0, False)}
