"""GeoJSON of unknown origin, checked for its format before a map library opens the file.

Other formats come as JSON too, and some hold commands: read this file, fetch that address. GeoJSON itself has one such
place, a coordinate system given as a link.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from geodata.cells import refused
from geodata.opening import open_regular

GEOMETRIES = frozenset(
    {
        *("Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon"),
        "GeometryCollection",
    }
)
KINDS = frozenset({"FeatureCollection", "Feature", *GEOMETRIES})
KEPT = frozenset({"type", "features", "geometry"})
SAVE = "save it as GeoJSON"

Pairs = Sequence[tuple[str, Any]]


class _Linked(ValueError):
    """A signal that a coordinate system is given as a link."""


def refuse_not_geojson(path: Path) -> None:
    """Refuse a file that is no JSON, JSON of another format, or GeoJSON with a link to fetch. Raises BadData."""
    try:
        with open_regular(path) as stream:
            said = json.loads(stream.read().decode("utf-8-sig"), object_pairs_hook=_outline, parse_constant=_no_number)
    except _Linked:
        fix = "gives its coordinate system as a link, and nothing is fetched; delete the member 'crs', or name it there"
        raise refused(path, fix) from None
    except UnicodeDecodeError:
        raise refused(path, f"not GeoJSON: it is not in UTF-8; {SAVE}, in UTF-8") from None
    except json.JSONDecodeError as error:
        fix = f"not GeoJSON, for it cannot be read as JSON (line {error.lineno:,}); is it cut short? Fetch it again"
        raise refused(path, fix) from None
    except (ValueError, RecursionError) as error:
        fix = "nested too deep" if isinstance(error, RecursionError) else "with a number that is none"
        raise refused(path, f"not GeoJSON, for it is {fix}; {SAVE} again") from None
    if fix := _not_geojson(said):
        raise refused(path, f"not GeoJSON: {fix}; {SAVE}")


def _outline(pairs: Pairs) -> dict[str, Any]:
    """Return the members that determine an object's kind; all else, possibly gigabytes, is dropped while parsing."""
    if any(key == "crs" and _is_linked(value) for key, value in pairs):
        raise _Linked
    return {key: value for key, value in pairs if key in KEPT}


def _is_linked(system: object) -> bool:
    """Return whether a coordinate system is neither null, nor a name, nor a number."""
    return isinstance(system, dict) and str(system.get("type")).casefold() not in ("name", "epsg")


def _no_number(text: str) -> float:
    raise ValueError(text)


def _not_geojson(said: object) -> str:
    """Return the reason why parsed JSON is no GeoJSON; "" for GeoJSON."""
    if not isinstance(said, dict):
        return "it is a list or a single value"
    if (kind := _type_of(said)) not in KINDS:
        return f"it is of the type {str(said['type'])[:40]!r}" if "type" in said else "it says no type"
    if kind == "FeatureCollection":
        features = said.get("features")
        if not isinstance(features, list) or not all(map(_is_feature, features)):
            return "its features are no features"
    return "" if kind != "Feature" or _is_feature(said) else "its geometry is none"


def _is_feature(said: object) -> bool:
    if not isinstance(said, dict) or said.get("type") != "Feature":
        return False
    shape = said.get("geometry")
    return shape is None or (isinstance(shape, dict) and _type_of(shape) in GEOMETRIES)


def _type_of(said: dict[str, Any]) -> str:
    """Return what an object says it is; "" where it says nothing, or no text."""
    kind = said.get("type")
    return kind if isinstance(kind, str) else ""
