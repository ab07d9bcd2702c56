"""What the page's script reads: an atlas as lists and dictionaries, with shapes and colours worked out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pyproj import Transformer
from shapely import MultiLineString, get_parts, intersection_all, line_merge, transform, union_all
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from partition.maps import shapes
from partition.maps.content import Atlas, BaseLayer, PartnershipCard, SchoolCard
from partition.maps.packing import pack, within_budget

HUES = 5  # as many as map.css has colours for
MARGIN_DEGREES = 0.02
SEA_SHARE = 0.03  # water that is so large, measured by the land, is taken for sea

_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many of each thing the map's key tells of."""

    placed: int
    associates: int
    unplaced: int
    apart: int  # associates that no partnership took
    outside: int  # not taking part
    corrected: int
    slow: int  # schools with a drive over the lower flag, but not over the higher
    very_slow: int
    headships: int  # heads who lead more than one school
    today: int
    links_kept: int
    links_broken: int


def count(atlas: Atlas) -> Counts:
    """The figures of the map's key."""
    roles = [school.role for school in atlas.schools]
    lower, higher = atlas.flags_minutes
    worst = [school.worst_minutes or 0.0 for school in atlas.schools]
    return Counts(
        placed=roles.count("placed"),
        associates=roles.count("associate"),
        unplaced=roles.count("unplaced"),
        apart=roles.count("associate alone"),
        outside=roles.count("not taking part"),
        corrected=sum(bool(school.corrected) for school in atlas.schools),
        slow=sum(lower < minutes <= higher for minutes in worst),
        very_slow=sum(minutes > higher for minutes in worst),
        headships=len({school.headship for school in atlas.schools if school.headship}),
        today=len(atlas.today),
        links_kept=sum(one.links_kept for one in atlas.partnerships),
        links_broken=sum(school.links_broken for school in atlas.schools) // 2,
    )


def facts(atlas: Atlas) -> dict[str, Any]:
    """The atlas as the page's script reads it; empty values are left out to keep the file small."""
    spots = {school.urn: _metres(school.longitude, school.latitude) for school in atlas.schools}
    areas = _areas(atlas, spots)
    hues = shapes.colours(areas, HUES)
    return {
        "bounds": _bounds(atlas),
        "unit": atlas.unit,
        "flags": list(atlas.flags_minutes),
        "tiles": atlas.tiles,
        "schools": [_school(school) for school in atlas.schools],
        "partnerships": [
            _partnership(one, areas[one.number], hues[one.number], [spots[urn] for urn in one.urns])
            for one in atlas.partnerships
        ],
        "today": [
            {"name": name, "area": pack(_degrees(shapes.lasso([spots[urn] for urn in urns if urn in spots])))}
            for name, urns in atlas.today
            if any(urn in spots for urn in urns)
        ],
        "links": [list(link) for link in atlas.links if link[0] in spots and link[1] in spots]
        if atlas.internal
        else [],
        "base": _base(atlas.base),
        "places": [[place.name, _rounded(place.latitude, place.longitude), place.rank] for place in atlas.places],
    }


def as_json(value: object) -> str:
    """JSON that may stand inside a script element whatever its strings hold."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)


def _school(school: SchoolCard) -> dict[str, Any]:
    return _without_blanks(
        {
            "urn": school.urn,
            "name": school.name,
            "town": school.town,
            "pupils": school.pupils,
            "at": _rounded(school.latitude, school.longitude),
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
            "kept": school.links_kept,
            "broken": school.links_broken,
        }
    )


def _partnership(one: PartnershipCard, area: BaseGeometry, hue: int, schools: list[shapes.Spot]) -> dict[str, Any]:
    middle = _degrees(Point(shapes.label_spot(area, schools)))
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
            "hue": str(hue),
            "label": _rounded(middle.y, middle.x),
            "area": pack(_degrees(area)),
        }
    )


def _areas(atlas: Atlas, spots: Mapping[int, shapes.Spot]) -> dict[int, BaseGeometry]:
    groups = {one.number: [spots[urn] for urn in one.urns] for one in atlas.partnerships}
    left_out = [spots[school.urn] for school in atlas.schools if school.role == "unplaced"]
    land = [layer.geometry for layer in atlas.base if layer.kind == "land"]
    county = [layer.geometry for layer in atlas.base if layer.kind == "boundary"]
    known = [_in_metres(union_all(pieces)) for pieces in (land, county) if pieces]
    ground = intersection_all(known) if known else None
    return dict(shapes.partnership_areas(groups, left_out, ground if ground is not None and ground.area else None))


def _base(layers: Iterable[BaseLayer]) -> list[dict[str, Any]]:
    """The base as it is drawn: each polygon by itself, but all lines of a kind (roads, rivers) as one."""
    solid: list[BaseLayer] = []
    threads: dict[str, list[BaseGeometry]] = {}
    for layer in layers:
        if "Line" in layer.geometry.geom_type:
            threads.setdefault(layer.kind, []).extend(get_parts(layer.geometry))
        else:
            solid.append(layer)
    joined = [line_merge(MultiLineString(threads[kind])) for kind in sorted(threads)]
    drawn = within_budget([*(layer.geometry for layer in solid), *joined])
    pieces = [
        {"kind": layer.kind, "name": layer.name, "shape": pack(shape)} | _named_where(layer, shape)
        for layer, shape in zip(solid, drawn, strict=False)
    ]
    return [*_sea(solid), *pieces] + [
        {"kind": kind, "thread": True, "shape": pack(shape)}
        for kind, shape in zip(sorted(threads), drawn[len(solid) :], strict=True)
    ]


def _sea(layers: Sequence[BaseLayer]) -> list[dict[str, Any]]:
    """The sea beyond the water given, so that its edge is never seen; a lake or a river is no sea."""
    land = union_all([_in_metres(layer.geometry) for layer in layers if layer.kind == "land"])
    waters = [_in_metres(layer.geometry) for layer in layers if layer.kind == "water"]
    wide = [water for water in waters if water.area > SEA_SHARE * land.area]
    if land.is_empty or not wide:
        return []
    return [{"kind": "sea", "name": "", "shape": pack(_degrees(shapes.open_sea(land, union_all(wide))))}]


def _named_where(layer: BaseLayer, shape: BaseGeometry) -> dict[str, Any]:
    if layer.kind != "district" or not layer.name or shape.is_empty:
        return {}
    middle = shape.representative_point()
    return {"label": _rounded(middle.y, middle.x)}


def _bounds(atlas: Atlas) -> list[list[float]]:
    """South-west and north-east corners of what the map should show first: every school taking part."""
    shown = [school for school in atlas.schools if school.role != "not taking part"] or list(atlas.schools)
    if not shown:
        return [[49.9, -6.4], [55.8, 1.8]]  # England
    souths, wests = [school.latitude for school in shown], [school.longitude for school in shown]
    low = _rounded(min(souths) - MARGIN_DEGREES, min(wests) - MARGIN_DEGREES)
    return [low, _rounded(max(souths) + MARGIN_DEGREES, max(wests) + MARGIN_DEGREES)]


def _without_blanks(record: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in (None, "", [], 0, False)}


def _rounded(latitude: float, longitude: float) -> list[float]:
    return [round(latitude, 5), round(longitude, 5)]


@cache
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _metres(longitude: float, latitude: float) -> shapes.Spot:
    east, north = _transformer("EPSG:4326", "EPSG:27700").transform(longitude, latitude)
    return float(east), float(north)


def _in_metres(shape: BaseGeometry) -> BaseGeometry:
    return transform(shape, _transformer("EPSG:4326", "EPSG:27700").transform, interleaved=False)


def _degrees(shape: BaseGeometry) -> BaseGeometry:
    return transform(shape, _transformer("EPSG:27700", "EPSG:4326").transform, interleaved=False)
