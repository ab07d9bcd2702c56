"""Mutations of GeoJSON: values, nesting, coordinates, geometries and systems."""

from __future__ import annotations

import json
from typing import Any

from fuzzing.hostile import NUMBERS, TEXTS
from fuzzing.mutations.register import Spoilt, mutation

SQUARE = [[[-1.0, 53.0], [0.0, 53.0], [0.0, 54.0], [-1.0, 53.0]]]
GEOMETRIES: tuple[Any, ...] = (
    None,
    {},
    {"type": "Point", "coordinates": [-0.5, 53.0]},
    {"type": "Point", "coordinates": []},
    {"type": "LineString", "coordinates": [[-0.5, 53.0]]},
    {"type": "Polygon", "coordinates": []},
    {"type": "Polygon", "coordinates": [[[0, 53], [1, 53]]]},
    {"type": "Polygon", "coordinates": [[[-1, 52], [1, 54], [1, 52], [-1, 54], [-1, 52]]]},
    {"type": "Polygon", "coordinates": [[[x, 53, 5] for x in range(4)]]},
    {"type": "MultiPolygon", "coordinates": [SQUARE] * 500},
    {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": SQUARE}]},
    {"type": "Circle", "coordinates": [0, 53], "radius": 5},
    {"type": "Polygon", "coordinates": [[[1e308, -1e308], [1e308, 1e308], [-1e308, 0], [1e308, -1e308]]]},
    {"type": "Polygon", "coordinates": [[[float("nan"), 53], [0, 53], [0, 54], [float("nan"), 53]]]},
    {"type": "Polygon", "coordinates": [[["-1", "53"], ["0", "53"], ["0", "54"], ["-1", "53"]]]},
    {"type": "Polygon", "coordinates": [[[-180, 90], [180, 90], [180, -90], [-180, -90], [-180, 90]]]},
    {"type": "Polygon", "coordinates": SQUARE, "bbox": "x"},
)


def read(it: Spoilt) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(it.path.read_bytes())
    return found


def write(it: Spoilt, value: Any) -> None:
    it.path.write_text(json.dumps(value), encoding="utf-8")


def holders(value: Any) -> list[Any]:
    """Return every list and object in a value, itself included."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if inner else []), *(found for item in inner for found in holders(item))]


@mutation("json")
def values_of_another_type(it: Spoilt) -> None:
    found = read(it)
    for _ in it.some():
        holder = it.draws.choice(holders(found))
        key = it.draws.choice(list(holder)) if isinstance(holder, dict) else it.draws.randrange(len(holder))
        holder[key] = it.draws.choice((None, True, [], {}, [[]], it.draws.choice(TEXTS), it.draws.choice(NUMBERS)))
    write(it, found)


@mutation("json")
def members_gone(it: Spoilt) -> None:
    found = read(it)
    holder = it.draws.choice(holders(found))
    del holder[it.draws.choice(list(holder)) if isinstance(holder, dict) else it.draws.randrange(len(holder))]
    write(it, found)


@mutation("json")
def another_geometry(it: Spoilt) -> None:
    found = read(it)
    for feature in found["features"][: it.draws.randint(1, 2)]:
        feature["geometry"] = it.draws.choice(GEOMETRIES)
    write(it, found)


@mutation("json")
def coordinates_elsewhere(it: Spoilt) -> None:
    """In metres, the other way round, over the edge of the world, or of one dimension too many."""
    found = read(it)
    changes = (
        lambda place: [place[0] * 1e5 + 5e5, place[1] * 6_000],
        lambda place: place[::-1],
        lambda place: [place[0] + 360, place[1]],
        lambda place: [it.draws.choice(NUMBERS), place[1]],
        lambda place: [*place, 7, 8],
    )
    change = it.draws.choice(changes)
    for feature in found["features"]:
        for holder in holders(feature["geometry"]):
            if isinstance(holder, list) and all(isinstance(item, int | float) for item in holder):
                holder[:] = change(holder)
    write(it, found)


@mutation("json")
def another_system(it: Spoilt) -> None:
    address = it.bait.address
    names = "EPSG:27700", "urn:ogc:def:crs:EPSG::999999", "+proj=pipeline +step +init=x", f"{address}epsg/1", "LOCAL"
    named = [{"type": "name", "properties": {"name": name}} for name in (*names, it.draws.choice(TEXTS))]
    linked = [{"type": kind, "properties": {"href": address, "type": "proj4"}} for kind in ("link", "EPSG", "x")]
    write(it, read(it) | {"crs": it.draws.choice((*named, *linked, None, 5, {}))})


@mutation("json")
def nested_without_end(it: Spoilt) -> None:
    depth = it.draws.choice((100, 3_000, 200_000))
    opened, closed = it.draws.choice((("[", "]"), ('{"a":', "1}"), ('{"type":"FeatureCollection","features":[', "]}")))
    whole = it.path.read_text(encoding="utf-8")
    deep = opened * depth + closed * depth if opened != '{"a":' else opened * depth + "1" + "}" * depth
    write_at = whole.find('"properties":') + len('"properties":')
    it.path.write_text(it.draws.choice((deep, whole[:write_at] + deep + "," + whole[write_at:])), encoding="utf-8")


@mutation("json")
def other_json(it: Spoilt) -> None:
    """JSON that GDAL may take for something else: TopoJSON, Esri's, a feature alone, a service's answer."""
    others: tuple[Any, ...] = (
        {"type": "Topology", "objects": {"a": {"type": "GeometryCollection", "geometries": []}}, "arcs": []},
        {"geometryType": "esriGeometryPolygon", "features": [], "fields": [], "spatialReference": {"wkid": 27700}},
        {"type": "FeatureCollection", "features": [], "next": address(it), "links": [{"href": address(it)}]},
        {"type": "FeatureCollection"},
        {"type": "Feature", "properties": {"name": "West"}, "geometry": GEOMETRIES[7]},
        {"resourceSets": [{"resources": [{"url": address(it)}]}]},
        {"stac_version": "1.0.0", "type": "FeatureCollection", "features": [{"assets": {"a": {"href": "../outside"}}}]},
        {"schema": "http://x", "zarr_format": 3, "node_type": "group"},
        [],
        [1, 2],
        "text",
        5,
    )
    write(it, it.draws.choice(others))


def address(it: Spoilt) -> str:
    return f"{it.bait.address}next"
