"""Areas that schools lie in, and the shapes that maps draw beneath the schools."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from shapely import Polygon, box

from geodata.cells import as_text, find_heading, listed, need_heading, refused
from geodata.coordinates import in_system, refuse_wild
from geodata.faults import BadData, Fault, Faults
from geodata.grid import BRITISH, DEGREES, Grid
from geodata.labels import folded, is_value
from geodata.layers import open_layers
from geodata.opening import FLATGEOBUF, GEOJSON, GEOPACKAGE, SHAPEFILE, Source, known_format, parts_of, source_of
from geodata.parts import Part, file_and_part, fitting
from geodata.readings import Reading

SHAPES = (GEOJSON, GEOPACKAGE, FLATGEOBUF, SHAPEFILE)
AREAS = ("Polygon", "MultiPolygon", "CurvePolygon", "MultiSurface")
ANY_KIND = ("Unknown", "GeometryCollection")
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
    reading: Reading


def read_boundaries(path: Path | str) -> geopandas.GeoDataFrame:
    """Return the polygons of `read_areas` alone, for drawing."""
    return read_areas(path).frame


def read_areas(
    path: Path | str, grid: Grid = BRITISH, names_in: str | None = None, setting: str = "data.area_names.COLUMN"
) -> Areas:
    """Read named polygons from GeoJSON, GeoPackage, FlatGeobuf or a shapefile, in metres on a grid; mend invalid ones.

    Names are read from the column `names_in`; else from the one headed `name`, `lad17nm` or the like, or the one column
    of text, that tells the areas apart. Raises BadData where the file is of another format, states no coordinate
    system, or holds no polygon or a nameless one; where several columns or layers could be meant; and where no column
    tells the areas apart. `setting` is the key by which people say which column it is.
    """
    path, asked = file_and_part(path)
    shapes, source, reading = _read_shapes(path, asked, AREAS)
    heading, others = _name_column(path, shapes, names_in, setting)
    names = shapes[heading].map(as_text)
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
    left = {"no polygons": int((~is_area).sum())} if not is_area.all() else {}
    reading = replace(reading, columns={"name of the area": heading}, unused=tuple(others), left=left)
    return Areas(ordered, (*_spelt_alike(names[is_area], heading, path.name), *notices), source, reading)


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
    path, asked = file_and_part(path)
    shapes, _, _ = _read_shapes(path, asked)
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


def _read_shapes(path: Path, asked: str, kinds: Collection[str] = ()) -> tuple[geopandas.GeoDataFrame, Source, Reading]:
    """Return the one layer with shapes (of these kinds, if it has any), indexed by row (the first is row 2).

    Also returned are the file and what was read. Raises BadData where several layers could be meant.
    """
    smaller = "cut it to the area, or generalise it"
    with open_layers(path, SHAPES, bytes_max=SHAPES_BYTES_MAX, smaller=smaller) as layers:
        drawn = {layer: kind for layer, kind in layers.kinds().items() if kind is not None}
        fit = [layer for layer, kind in drawn.items() if kind.removesuffix(" Z") in (*kinds, *ANY_KIND)]
        parts = [Part(layer, "layer", [["shapes"]]) for layer in fit or drawn] if not asked or asked in drawn else []
        if asked and not parts:
            raise refused(path, f"it has no layer {asked[:60]!r} with shapes; there are {listed(list(drawn))}")
        found = fitting(path, parts, lambda _: ["shapes"], asked) if parts else None
        shapes = layers.frame(found.part.name) if found else None
    if not isinstance(shapes, geopandas.GeoDataFrame) or shapes.empty:
        raise refused(path, "holds no shape")
    if shapes.crs is None:
        raise refused(path, "states no coordinate system (CRS); save it with one")
    refuse_wild(shapes.geometry.array, path.name)
    shapes.index = pd.RangeIndex(2, len(shapes) + 2)
    assert found is not None
    reading = Reading(file=path.name, part=found.part.name, kind="layer", rows=len(shapes), others=found.others)
    return shapes, source_of(*parts_of(path, known_format(path, SHAPES))), reading


def _name_column(path: Path, shapes: geopandas.GeoDataFrame, asked: str | None, setting: str) -> tuple[str, list[str]]:
    """Return the heading of the areas' names, and others that look like names. Raises BadData where it is in doubt."""
    fields = [str(column) for column in shapes.columns if column != shapes.geometry.name]
    if asked is not None:
        return need_heading(path, fields, asked), []
    texts = [field for field in fields if pd.api.types.is_string_dtype(shapes[field])]
    called = [field for field in texts if NAME_IN_HEADING.search(field)]
    candidates = [field for field in [find_heading(fields, "name")] if field] or called or texts
    if not candidates:
        raise refused(path, f"no column of text names the areas; add one called 'name', or say --set {setting}=HEADING")
    others = [field for field in called if field != candidates[0]]
    telling = [field for field in candidates if _tells_apart(shapes[field].map(as_text))]
    if len(telling) == 1 or len(shapes) == 1:
        found = (telling or candidates)[0]
        return found, [field for field in called if field != found]
    if telling:
        fix = f"several columns could name the areas: {listed(telling)}; say which, as in --set {setting}={telling[0]}"
        raise BadData([Fault(file=path.name, row=1, column=setting, fix=fix)])
    if shapes[candidates[0]].map(as_text).map(is_value).all():
        fix = f"{candidates[0]!r} gives all {len(shapes)} areas one name; say which column names them, as in "
        there = [field for field in fields if field != candidates[0]]
        fix += f"--set {setting}=HEADING; there are {listed(there)}" if there else f"--set {setting}=HEADING"
        raise BadData([Fault(file=path.name, row=1, column=candidates[0], fix=fix)])
    return candidates[0], others


def _tells_apart(names: pd.Series) -> bool:
    """Return whether a column names every area, and not all of them alike."""
    return bool(names.map(is_value).all()) and names.map(folded).nunique() > 1


def _spelt_alike(names: pd.Series, heading: str, file: str) -> list[Fault]:
    """Return a notice where a column that was asked for gives all of several areas one name."""
    if len(names) < 2 or names.nunique() > 1:
        return []
    return [Fault(file=file, column=heading, value=names.iloc[0], fix=f"all {len(names)} areas have this one name")]
