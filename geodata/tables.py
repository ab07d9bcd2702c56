"""Any table as text: CSV, workbook, Parquet, or the attributes of a geographic file, rows numbered as in a spreadsheet.

The format of a file is found from its bytes, not from its suffix, and only the columns wanted are kept. What was read,
and what was not, is stated in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas
import pandas as pd
import shapely

from geodata.cells import as_text
from geodata.faults import BadData, Fault
from geodata.labels import error_faults
from geodata.layers import open_layers
from geodata.opening import FORMATS, Source, format_of, known_format, parts_of, read_head, source_of
from geodata.parquet import MAGIC as PARQUET
from geodata.parquet import open_parquet, parquet_rows
from geodata.parts import TOP_ROWS, Choose, Headed, Part, Usual, file_and_part, fitting, headed
from geodata.plaintext import ANSI, Rows, beginnings, read_body
from geodata.readings import Reading
from geodata.workbooks import MAGIC as ARCHIVE
from geodata.workbooks import open_sheets, sheet_rows

FILE_BYTES_MAX = 1024 * 2**20
SMALLER = "save only the features needed"
GUESSED = "Windows-1252"  # of a text in no encoding that can be told; people see whether its accents are right

Headless = Callable[[Sequence[str]], Sequence[str] | None]
"""A function that returns the headings of a table without any, by its first row: "" for a column not wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Kept columns as stripped text, blank as "", indexed by row as a spreadsheet counts; and the shapes, if any."""

    frame: pd.DataFrame
    headings: tuple[str, ...]  # all of them, kept or not
    source: Source
    reading: Reading
    """The part that was read and the row of its headings; who reads the table says which column is what."""
    geometry: geopandas.GeoSeries | None = None
    notices: tuple[Fault, ...] = ()


def read_table(
    path: Path | str,
    choose: Choose,
    *,
    header_row: int | None = None,
    errors_are_faults: bool = True,
    is_usual: Usual = lambda name, headings: False,
    headless: Headless = lambda cells: None,
) -> Table:
    """Read the table in a file, with the columns that `choose` keeps.

    A file is CSV or the like, XLSX, Parquet, GeoPackage, GeoJSON, FlatGeobuf or a shapefile, whatever its name. The
    one sheet or layer that fits is read, or the one named, as in `schools.xlsx#Schools`. Headings stand in `header_row`
    (the first is 1), or in the first row that `choose` accepts. Of several sheets that fit, the one that `is_usual` is
    read. Of a text without headings, `headless` tells them by its first row.

    Raises BadData where the file is missing, empty, too large, cut short, ragged, wrongly encoded or no table, where
    `choose` accepts nothing or several parts, and for cells with errors of a spreadsheet, if `errors_are_faults`.
    """
    path, asked = file_and_part(path)
    head = read_head(path)
    with _parts(path, head) as parts:
        found = _without_headings(parts, headless) or _text_headed(path, parts, choose, asked, header_row, is_usual)
        rest = _rest(path, found)
    frame = _frame(rest.rows, found.kept)
    if errors_are_faults and (faults := error_faults(frame, path.name)):
        raise BadData(faults)
    reading = Reading(
        file=path.name,
        part=found.part.name,
        kind=found.part.kind,
        headings_row=found.row,
        rows=len(frame),
        others=found.others,
        encoding=rest.encoding,
    )
    return Table(frame, tuple(found.headings), rest.source, reading, rest.geometry, tuple(rest.notices))


def parts_in(path: Path | str) -> list[Part]:
    """Return the parts of a file with their first rows, for people to choose from."""
    path, _ = file_and_part(path)
    with _parts(path, read_head(path)) as parts:
        return [replace(part, rest=None) for part in parts]


@contextmanager
def _parts(path: Path, head: bytes) -> Iterator[list[Part]]:
    """Yield the parts of a file, while it is open; of a text, its rows as each delimiter parts them."""
    if head.startswith(ARCHIVE):
        with open_sheets(path) as sheets:
            yield sheets
    elif head.startswith(PARQUET):
        with open_parquet(path) as tables:
            yield tables
    elif format_of(head) is not None:
        with open_layers(path, FORMATS, bytes_max=FILE_BYTES_MAX, smaller=SMALLER) as layers:
            yield [Part(layer, "layer", [layers.headings(layer)], layers) for layer in layers.kinds()]
    else:
        yield [Part("", "", one.rows, one.delimiter) for one in beginnings(path, head, TOP_ROWS)]


def _text_headed(
    path: Path, parts: Sequence[Part], choose: Choose, asked: str, header_row: int | None, is_usual: Usual
) -> Headed:
    """Return the part wanted with its headings; of a text, as the first delimiter parts it that `choose` accepts."""
    if asked or len(parts) <= 1 or any(part.kind for part in parts):
        return fitting(path, parts, choose, asked, header_row, is_usual)
    refusal: BadData | None = None
    for part in parts:
        try:
            return headed(path, part, choose, header_row)
        except BadData as error:
            refusal = refusal or error
    assert refusal is not None
    raise refusal


def _without_headings(parts: Sequence[Part], headless: Headless) -> Headed | None:
    """Return a text whose first row is one of values, with the headings that stand for its columns; None for others."""
    for part in parts:
        first = next(filter(any, part.top), [])
        if isinstance(part.rest, str) and (names := headless(first)):
            headings = [*names, *[""] * len(first)][: len(first)]
            return Headed(part, 0, headings, [name for name in names if name])
    return None


@dataclass(frozen=True, slots=True, eq=False)
class _Rest:
    """What a file holds below the headings: its rows, its shapes if it has any, and notices."""

    rows: Rows
    source: Source
    geometry: geopandas.GeoSeries | None = None
    notices: Sequence[Fault] = ()
    encoding: str = ""


def _rest(path: Path, found: Headed) -> _Rest:
    """Read the rows below the headings."""
    part = found.part
    if part.kind == "sheet":
        rows, notices = sheet_rows(path, found)
        return _Rest(rows, source_of(path), notices=notices)
    if part.kind == "layer":
        return _layer_rows(path, found)
    if isinstance(part.rest, str):
        body = read_body(path, part.rest, found.row, len(found.headings), found.places)
        encoding = GUESSED if body.encoding == ANSI else ""
        return _Rest(body.rows, Source(path.name, body.sha256), encoding=encoding)
    rows, geometry = parquet_rows(path, found)
    return _Rest(rows, source_of(path), _single_points(geometry))


def _layer_rows(path: Path, found: Headed) -> _Rest:
    frame = found.part.rest.frame(found.part.name, found.kept)
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    rows = [(row, [as_text(cell) for cell in cells]) for row, *cells in frame[found.kept].itertuples()]
    geometry = frame.geometry if isinstance(frame, geopandas.GeoDataFrame) else None
    return _Rest(rows, source_of(*parts_of(path, known_format(path, FORMATS))), _single_points(geometry))


def _single_points(shapes: geopandas.GeoSeries | None) -> geopandas.GeoSeries | None:
    """Return the shapes with each MultiPoint of one point as that point: some programs know no other."""
    if shapes is None:
        return None
    alone = (shapes.geom_type == "MultiPoint") & (shapely.get_num_geometries(shapes.array) == 1)
    return shapes.where(~alone, shapes.centroid) if alone.any() else shapes


def _frame(rows: Sequence[tuple[int, list[str]]], kept: Sequence[str]) -> pd.DataFrame:
    index = pd.Index([row for row, _ in rows], name="row", dtype="int64")
    return pd.DataFrame([texts for _, texts in rows], index=index, columns=list(kept), dtype=object)
