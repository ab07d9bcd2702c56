"""A plan's map as layers of its plan file, so that a map program shows what the map shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import geopandas
import shapely
from geopandas import GeoDataFrame
from shapely import MultiLineString, MultiPolygon
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geodata.grid import Grid
from partition.maps.atlas import RANKS
from partition.maps.content import Atlas
from partition.maps.facts import partnership_areas
from partition.maps.packing import within_budget
from partition.maps.shapes import polygons

KINDS = {rank: kind for kind, rank in RANKS.items()}

Row = tuple[str, str, BaseGeometry]  # name, kind, shape


def plan_layers(atlas: Atlas) -> dict[str, GeoDataFrame]:
    """Return the layers that `write_plan` takes as `drawn`: the areas of partnerships, ground, lines and places.

    Parameters
    ----------
    atlas : Atlas
        The plan's map, as `draw_atlas` returns it. Shapes are as simple as the map draws them.
    """
    areas = partnership_areas(atlas)
    simpler = within_budget([layer.geometry for layer in atlas.base])
    grid = atlas.grid
    base: list[Row] = [
        (layer.name, layer.kind, grid.in_metres(shape)) for layer, shape in zip(atlas.base, simpler, strict=True)
    ]
    places = [(one.name, KINDS[one.rank], grid.in_metres(Point(one.longitude, one.latitude))) for one in atlas.places]
    return {
        "partnerships": GeoDataFrame(
            {"number": list(areas)},
            geometry=[MultiPolygon(polygons(area)) for area in areas.values()],
            crs=grid.code,
        ),
        "ground": _layer(_solid(base), grid),
        "lines": _layer(_threads(base), grid),
        "places": _layer(places, grid),
    }


def _solid(rows: Sequence[Row]) -> Iterator[Row]:
    for name, kind, shape in rows:
        if parts := polygons(shapely.make_valid(shape)):
            yield name, kind, MultiPolygon(parts)


def _threads(rows: Sequence[Row]) -> Iterator[Row]:
    for name, kind, shape in rows:
        if shape.geom_type in ("LineString", "MultiLineString") and not shape.is_empty:
            yield name, kind, MultiLineString(shapely.get_parts(shape).tolist())


def _layer(rows: Any, grid: Grid) -> GeoDataFrame:
    names, kinds, shapes = zip(*found, strict=True) if (found := list(rows)) else ((), (), ())
    return geopandas.GeoDataFrame({"name": list(names), "kind": list(kinds)}, geometry=list(shapes), crs=grid.code)
