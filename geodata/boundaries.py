"""Areas that schools lie in, and the shapes that maps draw beneath the schools."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from shapely import Polygon, box

from geodata.cells import as_text, find_heading, refused
from geodata.coordinates import in_system, refuse_wild
from geodata.faults import BadData, Fault, Faults
from geodata.grid import BRITISH, DEGREES, Grid
from geodata.layers import open_layers
from geodata.opening import GEOJSON, GEOPACKAGE, SHAPEFILE, Source, known_format, parts_of, source_of

SHAPES = (GEOJSON, GEOPACKAGE, SHAPEFILE)
SHAPES_BYTES_MAX = 256 * 2**20
EXCHANGE = "exchange them (in QGIS: Processing, Swap x and y coordinates)"
FAR_DEGREES = 1.0  # shapes that far from all schools, or more, are not meant for them
NAME_IN_HEADING = re.compile(r"name|[a-z]+\d*nmw?$", re.IGNORECASE)  # ONS writes lad17nm, ctyua23nm


@dataclass(frozen=True, slots=True, eq=False)
class Areas:
    """Polygons in metres on a grid, each with a `name`, in order of name; notices of repairs; and the file."""

    frame: geopandas.GeoDataFrame
    notices: tuple[Fault, ...]
    source: Source


def read_boundaries(path: Path | str) -> geopandas.GeoDataFrame:
    """Return the polygons of `read_areas` alone, for drawing."""
    return read_areas(path).frame


def read_areas(path: Path | str, grid: Grid = BRITISH) -> Areas:
    """Read named polygons from GeoJSON, GeoPackage or a shapefile, in metres on the grid, and repair invalid ones.

    Names are read from a column headed `name`, `lad17nm` or the like, else from the first column of text. Raises
    BadData where the file is of another format, states no coordinate system, or holds no polygon or a nameless one.
    """
    path = Path(path)
    shapes, source = _read_shapes(path)
    names = shapes[_name_column(path, shapes)].map(as_text)
    frame = geopandas.GeoDataFrame({"name": names}, geometry=shapes.geometry)
    is_area = frame.geom_type.isin(["Polygon", "MultiPolygon"]) & ~frame.is_empty
    if not is_area.any():
        raise refused(path, "holds no polygon; give the areas' outlines")
    notices = [
        Fault(file=path.name, row=row, column="geometry", value=name, fix="not a polygon: not used")
        for row, name in frame.loc[~is_area, "name"].items()
    ]
    if unnamed := [
        Fault(file=path.name, row=row, column="name", value="", fix="name the area")
        for row, name in frame.loc[is_area, "name"].items()
        if not name
    ]:
        raise BadData(unnamed)
    frame = in_system(frame[is_area], grid.code, path.name)
    invalid = ~frame.is_valid
    for row, name in frame.loc[invalid, "name"].items():
        fix = "the outline crosses itself: mended; check it on the map"
        notices.append(Fault(file=path.name, row=row, column="geometry", value=name, fix=fix))
    frame.loc[invalid, "geometry"] = frame.geometry[invalid].make_valid()
    ordered = frame.sort_values("name", kind="stable", ignore_index=True)
    return Areas(ordered, tuple(notices), source)


def area_of_each(points: geopandas.GeoSeries, areas: Areas, column: str) -> tuple[pd.Series, list[Fault]]:
    """Return the name of the area that contains or touches each point, and a notice for each point in no area.

    Of several areas, the first by name counts; the name is "" in no area. `points` are on the grid of the areas,
    indexed by URN; `column` is the name of the series returned.
    """
    place, area = areas.frame.sindex.query(points.array, predicate="intersects", sort=True)
    found, first = np.unique(place, return_index=True)  # areas are in order of name, so the first is the least
    names = pd.Series("", index=points.index, dtype=object, name=column)
    names.iloc[found] = areas.frame["name"].to_numpy()[area[first]]
    outside = [
        Fault(file=areas.source.name, column=column, value=urn, fix=f"school {urn} lies in none of these areas")
        for urn in names.index[names == ""]
    ]
    return names, outside


@dataclass(frozen=True, slots=True)
class Region:
    """The box around schools in degrees; at the date line, longitudes run on beyond 180 (see `Grid.unbroken`)."""

    grid: Grid
    box: Polygon

    @classmethod
    def around(cls, grid: Grid, eastings: ArrayLike, northings: ArrayLike) -> Region:
        """Return the box around places on the grid."""
        degrees = grid.map_degrees(eastings, northings)
        return cls(grid, box(*degrees.min(axis=0), *degrees.max(axis=0)))

    def misplaced(self, shapes: geopandas.GeoSeries) -> str:
        """Return what is wrong with shapes (EPSG:4326) that all lie far from the schools; "" for shapes near them."""
        west, south, east, north = self.grid.unbroken(box(*shapes.total_bounds)).bounds
        near = self.box.buffer(FAR_DEGREES)
        if near.intersects(box(west, south, east, north)):
            return ""
        if near.intersects(box(south, west, north, east)):
            return f"its longitudes and latitudes are swapped, it seems; {EXCHANGE}"
        where = f"{_degrees(south, west)} to {_degrees(north, east)}"
        schools = _degrees(self.box.centroid.y, self.box.centroid.x)
        return (
            f"it lies at {where}, the schools around {schools}; state its right coordinate system, or give another file"
        )


def read_base(path: Path | str, near: Region | None = None) -> geopandas.GeoDataFrame:
    """Read shapes of any kind, for drawing: longitude and latitude (EPSG:4326), `name` and `kind` ("" where absent).

    Raises BadData where the file is no GeoJSON, GeoPackage or shapefile, states no coordinate system or another than
    its own, is empty, or lies far from the schools it is drawn beneath (`near`).
    """
    path = Path(path)
    shapes, _ = _read_shapes(path)
    texts = {}
    for column in ("name", "kind"):
        heading = find_heading(list(shapes.columns), column)
        texts[column] = shapes[heading].map(as_text) if heading else pd.Series("", index=shapes.index, dtype=object)
    frame = geopandas.GeoDataFrame(texts, geometry=shapes.geometry)
    frame = in_system(frame[frame.geometry.notna() & ~frame.is_empty], DEGREES, path.name)
    if frame.empty:
        raise refused(path, "holds no shape")
    if near is not None:
        if wrong := near.misplaced(frame.geometry):
            raise BadData([Fault(file=path.name, column="geometry", fix=wrong)])
        frame = frame.set_geometry([near.grid.unbroken(shape) for shape in frame.geometry], crs=DEGREES)
    return frame.reset_index(drop=True)


def read_bases(paths: Iterable[Path], near: Region | None = None) -> tuple[geopandas.GeoDataFrame, ...]:
    """Read every file as `read_base` does. Raises BadData with the faults of all files."""
    faults = Faults()
    frames = [faults.of(partial(read_base, path, near)) for path in paths]
    faults.refuse()
    return tuple(frame for frame in frames if frame is not None)


def _degrees(latitude: float, longitude: float) -> str:
    return f"{abs(latitude):.1f}° {'NS'[latitude < 0]}, {abs(longitude):.1f}° {'EW'[longitude < 0]}"


def _read_shapes(path: Path) -> tuple[geopandas.GeoDataFrame, Source]:
    """Return the first layer with shapes, indexed by row (the first is row 2), and the file."""
    smaller = "cut it to the area, or generalise it"
    with open_layers(path, SHAPES, bytes_max=SHAPES_BYTES_MAX, smaller=smaller) as layers:
        drawn = [layer for layer, kind in layers.kinds().items() if kind is not None]
        shapes = layers.frame(drawn[0]) if drawn else None
    if not isinstance(shapes, geopandas.GeoDataFrame) or shapes.empty:
        raise refused(path, "holds no shape")
    if shapes.crs is None:
        raise refused(path, "states no coordinate system (CRS); save it with one")
    refuse_wild(shapes.geometry.array, path.name)
    shapes.index = pd.RangeIndex(2, len(shapes) + 2)
    return shapes, source_of(*parts_of(path, known_format(path, SHAPES)))


def _name_column(path: Path, shapes: geopandas.GeoDataFrame) -> str:
    fields = [str(column) for column in shapes.columns if column != shapes.geometry.name]
    texts = [field for field in fields if pd.api.types.is_string_dtype(shapes[field])]
    called_name = find_heading(fields, "name") or next(filter(NAME_IN_HEADING.search, texts), None)
    if not (called_name or texts):
        raise refused(path, "no column of text names the areas; add one called 'name'")
    return called_name or texts[0]
