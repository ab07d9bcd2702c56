"""The GeoPackage around a plan's tables: its other content, and every place where this program would write otherwise.

The tables that GDAL puts into every GeoPackage are compared with those of a GeoPackage that GDAL writes at this moment.
Counts, extents and the spatial index follow from the plan's tables, so they are calculated again and compared.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np

from geodata.grid import Grid
from partition.formats.database import (
    Schema,
    columns_of,
    is_plain_table,
    opened,
    quoted,
    reads_only,
    rows_of,
    schema_of,
)
from partition.formats.plan_layout import DECLARED, GEOMETRY, LAYOUT, SHAPES, column_of

STYLES = "layer_styles"  # the name that QGIS expects; a change of style does not alter the plan
NO_GRID = 0
EPOCH = "2000-01-01T00:00:00Z"  # instead of the time of writing: equal plans give equal bytes
GEOPACKAGE = 0x47504B47  # "GPKG"
VERSIONS = (10200, 10300, 10400)  # of GeoPackage, as GDAL has written them
VERSION = "1.3"  # what is written: ArcGIS and QGIS 3.22 warn of a later one
LAYER, TABLE = "a_layer_made_here", "a_table_made_here"
RTREE_SPEC = "http://www.geopackage.org/spec120/#extension_rtree"
CONTENTS = "table_name, data_type, identifier, description, last_change, min_x, min_y, max_x, max_y, srs_id"
OF_GEOPACKAGE = {  # tables of the format that describe a plan's tables, and the columns read from each
    "gpkg_contents": CONTENTS,
    "gpkg_geometry_columns": "table_name, column_name, geometry_type_name, srs_id, z, m",
    "gpkg_ogr_contents": "table_name, feature_count",
    "gpkg_extensions": "table_name, column_name, extension_name, definition, scope",
    "gpkg_spatial_ref_sys": "srs_id, organization, organization_coordsys_id, definition",
    "gpkg_tile_matrix_set": "table_name",
    "gpkg_tile_matrix": "table_name",
    "sqlite_sequence": "name, seq",  # the number of the last row of each table
}
INDEX = 'CREATE VIRTUAL TABLE "{index}" USING rtree(id, minx, maxx, miny, maxy)'
FILLED = '(NEW."{geom}" NOTNULL AND NOT ST_IsEmpty(NEW."{geom}"))'
BOX = 'ST_MinX(NEW."{geom}"), ST_MaxX(NEW."{geom}"),ST_MinY(NEW."{geom}"), ST_MaxY(NEW."{geom}")'
OLDER = {  # triggers of the spatial index by GDAL before 3.11; NEWER holds the later ones
    "update1": f'OF "{{geom}}" ON "{{layer}}" WHEN OLD."fid" = NEW."fid" AND {FILLED} BEGIN '
    f'INSERT OR REPLACE INTO "{{index}}" VALUES (NEW."fid",{BOX}); END',
    "update3": f'ON "{{layer}}" WHEN OLD."fid" != NEW."fid" AND {FILLED} BEGIN DELETE FROM "{{index}}" WHERE id = '
    f'OLD."fid"; INSERT OR REPLACE INTO "{{index}}" VALUES (NEW."fid",{BOX}); END',
}
OLD_FILLED = FILLED.replace("NEW", "OLD")
OLD_EMPTY = '(OLD."{geom}" ISNULL OR ST_IsEmpty(OLD."{geom}"))'
NEWER = {
    "update5": OLDER["update3"],
    "update6": f'OF "{{geom}}" ON "{{layer}}" WHEN OLD."fid" = NEW."fid" AND {FILLED} AND {OLD_FILLED} BEGIN UPDATE '
    '"{index}" SET minx = ST_MinX(NEW."{geom}"), maxx = ST_MaxX(NEW."{geom}"),miny = ST_MinY(NEW."{geom}"), '
    'maxy = ST_MaxY(NEW."{geom}") WHERE id = NEW."fid";END',
    "update7": f'OF "{{geom}}" ON "{{layer}}" WHEN OLD."fid" = NEW."fid" AND {FILLED} AND {OLD_EMPTY} BEGIN '
    f'INSERT INTO "{{index}}" VALUES (NEW."fid",{BOX}); END',
}


Row = tuple[Any, ...]
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """The content of a GeoPackage other than the rows of its layers."""

    application_id: int
    version: int
    whole: bool  # the file's length agrees with its header
    schema: Schema
    columns: Mapping[str, Mapping[str, str]]  # by layer: each column's name and declared type
    grid: Grid  # of the layers that are drawn
    own: Mapping[str, Sequence[Row]]  # rows of the tables that the format itself needs, by table
    last: Mapping[str, int]  # by layer: the number of the last row, 0 for an empty layer
    index: Mapping[str, Sequence[Box] | None]  # by layer: boxes in the spatial index, None if damaged


def read_container(content: bytes, name: str, grid: Grid) -> Container:
    """Read from a plan file's bytes all but the rows of its layers, which are on `grid`.

    Raises BadData where the bytes are no database.
    """
    with opened(content, name, "a GeoPackage that can be read; fetch it again as it was written") as file:
        schema = schema_of(file)
        plain = {name for kind, name, _, sql in schema if is_plain_table(kind, sql)}
        layers = [layer for layer in (*LAYOUT, STYLES) if layer in plain]

        def number(pragma: str) -> int:
            return int(file.execute(f"PRAGMA {pragma}").fetchone()[0])

        return Container(
            application_id=number("application_id"),
            version=number("user_version"),
            whole=number("page_size") * number("page_count") == len(content),
            schema=schema,
            grid=grid,
            columns={layer: columns_of(file, layer) for layer in layers},
            own={
                table: rows_of(file, f"SELECT {columns} FROM {table} ORDER BY 1")
                for table, columns in OF_GEOPACKAGE.items()
                if table in plain
            },
            last={layer: _last(file, layer) for layer in layers},
            index={layer: _index(file, schema, layer) for layer in layers if layer in SHAPES},
        )


def _last(file: sqlite3.Connection, layer: str) -> int:
    rows = file.execute(f"SELECT rowid FROM {quoted(layer)} ORDER BY rowid DESC LIMIT 1").fetchall()
    return int(rows[0][0]) if rows else 0


def _index(file: sqlite3.Connection, schema: Schema, layer: str) -> list[Box] | None:
    """Return the boxes of a layer's spatial index in order of its rows, read by SQLite's rtree; None if damaged."""
    index = f"rtree_{layer}_{GEOMETRY}"
    if ("table", index, index, INDEX.format(index=index)) not in schema:
        return None
    file.set_authorizer(None)  # the rtree module prepares statements that write; the copy in memory cannot be written
    try:
        places = rows_of(file, f"SELECT id, minx, miny, maxx, maxy FROM {quoted(index)}")
        boxes: dict[int, Box] = {id: (west, south, east, north) for id, west, south, east, north in places}
        ids = [id for (id,) in rows_of(file, f"SELECT rowid FROM {quoted(layer)} ORDER BY rowid")]
        return [boxes[id] for id in ids] if boxes.keys() == set(ids) else None
    except sqlite3.Error:
        return None
    finally:
        file.set_authorizer(reads_only)


def differences(container: Container, tables: Mapping[str, Any]) -> list[str]:
    """Say where a GeoPackage differs from one that this program writes around these tables (frames, by layer).

    The table of styles is not compared: a plan stays the same when a user changes the look of a layer.
    """
    return [
        *_odd_header(container),
        *_odd_objects(container),
        *_odd_columns(container, tables),
        *_odd_contents(container, tables),
        *_odd_systems(container),
        *_odd_index(container, tables),
    ]


def _odd_header(container: Container) -> Iterator[str]:
    if container.application_id != GEOPACKAGE or container.version not in {
        *VERSIONS,
        _made_here(container.grid).version,
    }:
        yield "it does not call itself a GeoPackage as this program does"
    if not container.whole:
        yield "it is longer or shorter than it says"


def _odd_objects(container: Container) -> Iterator[str]:
    """Yield each table, view, trigger and index that was changed, added or removed."""
    expected = {(kind, name): (kind, name, of, sql) for kind, name, of, sql in _expected(container)}
    there = {(kind, name): (kind, name, of, sql) for kind, name, of, sql in container.schema if sql is not None}
    for key, found in there.items():
        if expected.get(key) != found and key != ("table", STYLES):
            yield f"the {key[0]} {key[1]!r} was {'changed' if key in expected else 'added'}"
    yield from (f"the {kind} {name!r} was taken out" for kind, name in expected if (kind, name) not in there)


def _expected(container: Container) -> Iterator[tuple[str, str, str, str | None]]:
    made = _made_here(container.grid)
    yield from (one for one in made.schema if one[3] is not None and not {LAYER, TABLE} & set(_names_in(one)))
    for layer, columns in container.columns.items():
        yield from _spatial(layer, container) if layer in SHAPES else _counted(layer, container.grid)
        if layer != STYLES:
            told = ", ".join(f"{quoted(name)} {declared}" for name, declared in columns.items() if name != "fid")
            begun = f'CREATE TABLE {quoted(layer)} ( "fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, '
            yield "table", layer, layer, f"{begun}{told})"


def _spatial(layer: str, container: Container) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the tables and triggers that GDAL keeps beside a layer with shapes: spatial index and count of rows."""
    updates = NEWER if container.version >= VERSIONS[-1] else OLDER
    index = f"rtree_{layer}_{GEOMETRY}"
    for kind, name, of, sql in _like(LAYER, layer, container.grid):
        if name.removeprefix(f"{index}_") not in OLDER | NEWER:
            yield kind, name, of, sql
    for update, words in updates.items():
        words = words.format(layer=layer, index=index, geom=GEOMETRY)
        yield "trigger", f"{index}_{update}", layer, f'CREATE TRIGGER "{index}_{update}" AFTER UPDATE {words}'


def _counted(layer: str, grid: Grid) -> Iterator[tuple[str, str, str, str | None]]:
    """Return the triggers that keep the count of rows of a table without shapes."""
    return _like(TABLE, layer, grid)


def _like(made: str, layer: str, grid: Grid) -> Iterator[tuple[str, str, str, str | None]]:
    """Yield the objects that GDAL made beside a table of `_made_here`, with the name of a plan's layer in its place."""
    for one in _made_here(grid).schema:
        kind, name, of, sql = one
        if made in _names_in(one) and name != made and sql is not None:
            yield kind, name.replace(made, layer), of.replace(made, layer), sql.replace(made, layer)


def _names_in(one: tuple[str, str, str, str | None]) -> list[str]:
    """Return which of the two tables of `_made_here` an object belongs to."""
    return [made for made in (LAYER, TABLE) if made in one[1] or made in one[2]]


@cache
def _made_here(grid: Grid) -> Container:
    """Return the content of a GeoPackage that GDAL writes at this moment: one layer with shapes, one table without."""
    import geopandas
    import pandas as pd
    import pyogrio
    from shapely import Point

    frame = pd.DataFrame({"column": [1]})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.gpkg"
        drawn = geopandas.GeoDataFrame(frame, geometry=[Point(0, 0)], crs=grid.code)
        pyogrio.write_dataframe(drawn, path, layer=LAYER, driver="GPKG", dataset_options={"VERSION": VERSION})
        pyogrio.write_dataframe(frame, path, layer=TABLE, driver="GPKG", append=True)
        return read_container(path.read_bytes(), path.name, grid)


def _odd_columns(container: Container, tables: Mapping[str, Any]) -> Iterator[str]:
    for layer, frame in tables.items():
        for name, declared in container.columns[layer].items():
            column = column_of(layer, name)
            if name == "fid":
                fits = declared == "INTEGER"
            elif name == GEOMETRY and layer in SHAPES:
                fits = declared == _shape(layer, frame)
            elif column is None:
                fits = False
            else:
                fits = declared in DECLARED[column.kind] or (declared == "TEXT" and frame[name].isna().all())
            if not fits:
                yield f"the column {name!r} of {layer} is none of a plan's"


def _shape(layer: str, frame: Any) -> str:
    """Return the declared type of a layer's shapes; GDAL declares an empty layer as GEOMETRY."""
    return str(frame.geom_type.iloc[0]).upper() if len(frame) else "GEOMETRY"


def _odd_contents(container: Container, tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield each table of the format (layers, kinds of shape, counts, indexes) that disagrees with the plan."""
    drawn = {layer: tables[layer] for layer in SHAPES if layer in tables}
    expected: dict[str, list[Row]] = {
        "gpkg_contents": [
            _entry(layer, frame, container.grid.epsg if layer in drawn else NO_GRID) for layer, frame in tables.items()
        ],
        "gpkg_geometry_columns": [
            (layer, GEOMETRY, _shape(layer, frame), container.grid.epsg, 0, 0) for layer, frame in drawn.items()
        ],
        "gpkg_ogr_contents": [(layer, len(frame)) for layer, frame in tables.items()],
        "gpkg_extensions": [(layer, GEOMETRY, "gpkg_rtree_index", RTREE_SPEC, "write-only") for layer in drawn],
        "gpkg_tile_matrix_set": [],
        "gpkg_tile_matrix": [],
        "sqlite_sequence": [(layer, container.last[layer]) for layer, frame in tables.items() if len(frame)],
    }
    for table, rows in expected.items():
        there = [row for row in container.own.get(table, ()) if row[0] != STYLES]
        odd = [row for row in there if not any(_same(row, other) for other in rows)]
        odd += [row for row in rows if not any(_same(row, other) for other in there)]
        if odd or len(there) != len(rows):
            about = ", ".join(sorted({str(row[0])[:60] for row in odd}))
            yield f"{table} does not say what follows from the tables{f' ({about})' * bool(about)}"


def _entry(layer: str, frame: Any, srs: int) -> Row:
    """Return a layer's row in `gpkg_contents`."""
    is_drawn = srs != NO_GRID
    extent = tuple(map(float, frame.total_bounds)) if is_drawn and len(frame) else (None,) * 4
    return (layer, "features" if is_drawn else "attributes", layer, "", EPOCH, *extent, srs)


def _same(row: Row, other: Row) -> bool:
    """Return whether two rows are equal, floats within rounding: the file stores extents as text with fewer digits."""
    both = zip(row, other, strict=True)
    return all(
        isclose(a, b, rel_tol=1e-12) if isinstance(a, float) and isinstance(b, float) else a == b for a, b in both
    )


def _odd_systems(container: Container) -> Iterator[str]:
    """Yield each coordinate reference system that was added, removed or redefined; other names are accepted."""
    made = {row[0]: row for row in _made_here(container.grid).own["gpkg_spatial_ref_sys"]}
    there = {row[0]: row for row in container.own.get("gpkg_spatial_ref_sys", ())}
    for id in sorted(made.keys() | there.keys(), key=str):
        if id not in made or id not in there:
            yield f"the reference system {str(id)[:60]} was {'added' if id in there else 'taken out'}"
        elif there[id] != made[id] and not (there[id][:3] == made[id][:3] and _means(there[id][3], id)):
            yield f"the reference system {id} is not what it is called"


def _means(definition: object, epsg: int) -> bool:
    """Return whether a definition in well-known text describes the system of this EPSG code; names are ignored."""
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        return epsg > 0 and CRS.from_wkt(str(definition)).equals(CRS.from_epsg(epsg), ignore_axis_order=True)
    except CRSError:
        return False


def _odd_index(container: Container, tables: Mapping[str, Any]) -> Iterator[str]:
    """Yield each layer with a wrong spatial index: a map program would hide rows when it shows a part of the map."""
    for layer in SHAPES:
        if layer in tables and not _leads_to(container.index.get(layer), tables[layer].geometry.bounds.to_numpy()):
            yield f"the index of places of {layer} does not lead to them"


def _leads_to(boxes: Sequence[Box] | None, bounds: Any) -> bool:
    """Return whether the boxes of a spatial index, stored as 32-bit floats, equal these bounds."""
    if boxes is None or len(boxes) != len(bounds):
        return False
    return not len(boxes) or bool(np.allclose(np.array(boxes, dtype=float), bounds, rtol=2**-22, atol=0))
