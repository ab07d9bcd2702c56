"""Tables in Parquet, and GeoParquet with a point a row. What pandas stored beside the columns is ignored."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import geopandas
import pyarrow
import pyarrow.parquet
import shapely

from geodata.cells import as_text, refused
from geodata.coordinates import known_system
from geodata.faults import BadData, Fault
from geodata.opening import open_regular
from geodata.parts import Headed, Part
from geodata.sheet_facts import Rows
from geodata.workbooks import ROWS_MAX, UNPACKED_BYTES_MAX

MAGIC = b"PAR1"
SHAPES = b"geo"  # the key of GeoParquet's own facts
LONGITUDE_LATITUDE = "OGC:CRS84"  # where GeoParquet states no system


@contextmanager
def open_parquet(path: Path) -> Iterator[list[Part]]:
    """Yield the one table of a Parquet file, while it is open. Raises BadData where it is damaged or too large."""
    try:
        with open_regular(path) as stream:
            file = pyarrow.parquet.ParquetFile(stream)
            groups = [file.metadata.row_group(group) for group in range(file.metadata.num_row_groups)]
            if file.metadata.num_rows > ROWS_MAX or sum(one.total_byte_size for one in groups) > UNPACKED_BYTES_MAX:
                raise refused(path, f"over {ROWS_MAX:,} rows, or {UNPACKED_BYTES_MAX // 2**20} MB unpacked; cut it")
            names = [name for name in file.schema_arrow.names if name not in _shape_columns(file)]
            yield [Part("", "", [names], file)]
    except BadData:
        raise
    except (pyarrow.ArrowException, shapely.errors.ShapelyError, OSError, ValueError, TypeError, MemoryError):
        raise refused(path, "no Parquet that can be read: it is damaged, or cut short; save it again") from None


def parquet_rows(path: Path, found: Headed) -> tuple[Rows, geopandas.GeoSeries | None]:
    """Return the numbered rows (the first is row 2) with the columns kept, and the shapes where the file has any.

    Raises BadData for a column that holds neither numbers, text, dates nor yes and no.
    """
    file = found.part.rest
    for name in found.kept:
        if not _is_plain(file.schema_arrow.field(name).type):
            fix = "holds neither numbers nor text; save it as numbers or text"
            raise BadData([Fault(file=path.name, row=1, column=name, fix=fix)])
    columns = [file.read(columns=[name]).column(0).to_pylist() for name in found.kept]
    rows = [(row, [as_text(cell) for cell in cells]) for row, cells in enumerate(zip(*columns, strict=True), 2)]
    return rows, _shapes(path, file)


def _is_plain(kind: pyarrow.DataType) -> bool:
    types = pyarrow.types
    kind = kind.value_type if types.is_dictionary(kind) else kind
    plain = (types.is_integer, types.is_floating, types.is_decimal, types.is_null, types.is_boolean)
    return any(one(kind) for one in (*plain, types.is_string, types.is_large_string, types.is_date, types.is_timestamp))


def _geo(file: Any) -> dict[str, Any]:
    """Return GeoParquet's facts about the column of shapes; empty where the file has none."""
    said = json.loads((file.schema_arrow.metadata or {}).get(SHAPES, b"{}"))
    return said if isinstance(said, dict) and isinstance(said.get("columns"), dict) else {}


def _shape_columns(file: Any) -> set[str]:
    return set(_geo(file).get("columns", {}))


def _shapes(path: Path, file: Any) -> geopandas.GeoSeries | None:
    geo = _geo(file)
    name = str(geo.get("primary_column", ""))
    facts = geo.get("columns", {}).get(name)
    if not isinstance(facts, dict) or name not in file.schema_arrow.names:
        return None
    if facts.get("encoding") != "WKB":
        raise refused(path, "its shapes are in a form that is not read; save it as a GeoPackage")
    stated = facts.get("crs", LONGITUDE_LATITUDE)
    system = (
        None if stated is None else known_system(json.dumps(stated) if isinstance(stated, dict) else stated, path.name)
    )
    shapes = shapely.from_wkb(file.read(columns=[name]).column(0).to_pylist())
    return geopandas.GeoSeries(shapes, index=range(2, len(shapes) + 2), crs=system)
