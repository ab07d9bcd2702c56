"""The background of every kind of page: the base map, the names of places, and the first view."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from shapely import MultiLineString, get_parts, line_merge, union_all
from shapely.geometry.base import BaseGeometry

from geodata.grid import BRITISH, Grid
from partition.maps import shapes
from partition.maps.content import BaseLayer, Place
from partition.maps.packing import encode_polyline, pack, within_budget

MARGIN_DEGREES = 0.02
SEA_SHARE = 0.03  # water larger than this share of the land is taken for sea
ENGLAND = [[49.9, -6.4], [55.8, 1.8]]

_UNSAFE = re.compile("[<>&\u2028\u2029]")


def as_json(value: object) -> str:
    """Return JSON that is safe inside a script element, whatever its strings hold."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def rounded(latitude: float, longitude: float) -> list[float]:
    """Return a place as a page holds it, to about a metre."""
    return [round(latitude, 5), round(longitude, 5)]


def bounds(spots: Sequence[tuple[float, float]]) -> list[list[float]]:
    """Return the south-west and north-east corners around places (latitude, longitude); those of England for none."""
    if not spots:
        return ENGLAND
    souths, wests = zip(*spots, strict=True)
    low = rounded(min(souths) - MARGIN_DEGREES, min(wests) - MARGIN_DEGREES)
    return [low, rounded(max(souths) + MARGIN_DEGREES, max(wests) + MARGIN_DEGREES)]


def place_facts(places: Iterable[Place]) -> list[list[Any]]:
    """Return each place's name, coordinates and rank."""
    return [[place.name, rounded(place.latitude, place.longitude), place.rank] for place in places]


def base_facts(layers: Iterable[BaseLayer], grid: Grid = BRITISH) -> list[dict[str, Any]]:
    """Return the base map as it is drawn: each polygon separately, but all lines of a kind (roads, rivers) as one."""
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
    return [*_sea(solid, grid), *pieces] + [
        {"kind": kind, "lines": [encode_polyline(line) for line in get_parts(shape)]}
        for kind, shape in zip(sorted(threads), drawn[len(solid) :], strict=True)
    ]


def _sea(layers: Sequence[BaseLayer], grid: Grid) -> list[dict[str, Any]]:
    """Return the sea beyond the water given, so that its edge never shows; a lake or a river is no sea."""
    land = union_all([grid.in_metres(layer.geometry) for layer in layers if layer.kind == "land"])
    waters = [grid.in_metres(layer.geometry) for layer in layers if layer.kind == "water"]
    wide = [water for water in waters if water.area > SEA_SHARE * land.area]
    if land.is_empty or not wide:
        return []
    return [{"kind": "sea", "name": "", "shape": pack(grid.in_degrees(shapes.open_sea(land, union_all(wide))))}]


def _named_where(layer: BaseLayer, shape: BaseGeometry) -> dict[str, Any]:
    if layer.kind != "district" or not layer.name or shape.is_empty:
        return {}
    middle = shape.representative_point()
    return {"label": rounded(middle.y, middle.x)}
