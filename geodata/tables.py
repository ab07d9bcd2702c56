"""Any table as text: CSV, workbook or GeoPackage, its rows numbered as in a spreadsheet.

The format of a file is found from its bytes, not from its suffix, and only the columns wanted are kept.
"""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import openpyxl
import pandas as pd

from geodata.cells import as_text, refused
from geodata.faults import BadData, Fault
from geodata.layers import Layers, open_layers
from geodata.markup import declares_document_type
from geodata.opening import GEOPACKAGE, Source, format_of, open_regular, parts_of, read_head, source_of
from geodata.plaintext import read_delimited

FILE_BYTES_MAX = 1024 * 2**20
UNPACKED_BYTES_MAX = 512 * 2**20
ROWS_MAX = 250_000  # of a workbook that hold anything; a CSV of more is read in a fraction of the time
COLUMNS_MAX = 1_000  # kept of one table; a plan file takes 2,000 in all
SHEET_ROWS_MAX = 1_048_576  # the limit of a sheet; a damaged sheet may claim more
CELLS_MAX = 50_000_000  # blank cells before the last wanted column count: a few bytes can claim 16,384 of them
XML = (".xml", ".rels")

Choose = Callable[[Sequence[str]], Collection[str]]
"""A function that returns the headings to keep, or raises BadData where a table with these headings is not wanted."""


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """Kept columns as stripped text, blank as "", indexed by row (the heading is row 1); and the shapes, if any."""

    frame: pd.DataFrame
    headings: tuple[str, ...]  # all of them, kept or not
    source: Source
    geometry: geopandas.GeoSeries | None = None


def read_table(path: Path | str, choose: Choose) -> Table:
    """Read the table in a CSV, XLSX or GeoPackage file, with the columns that `choose` keeps.

    Of the sheets of a workbook or the layers of a GeoPackage, the first that `choose` accepts is read. Raises BadData
    where the file is missing, empty, too large, cut short, ragged, wrongly encoded or no table, or where `choose`
    accepts nothing.
    """
    path = Path(path)
    head = read_head(path)
    if head.startswith(b"PK\x03\x04"):
        return _read_workbook(path, choose)
    if format_of(head) is GEOPACKAGE:
        return _read_geopackage(path, choose)
    return _read_text(path, head, choose)


def _read_text(path: Path, head: bytes, choose: Choose) -> Table:
    headings: list[str] = []
    kept: list[str] = []

    def keep(found: list[str]) -> list[int]:
        headings.extend(found)
        kept.extend(_kept(path, found, choose))
        return [found.index(heading) for heading in kept]

    rows, sha256 = read_delimited(path, head, keep)
    return Table(_frame(rows, kept), tuple(headings), Source(path.name, sha256))


def _read_workbook(path: Path, choose: Choose) -> Table:
    _refuse_bomb(path)
    try:
        with warnings.catch_warnings():  # of styles and extensions that do not matter here
            warnings.simplefilter("ignore")
            with (
                open_regular(path) as stream,  # given a path, openpyxl judges by the name, not by the content
                closing(openpyxl.load_workbook(stream, read_only=True, data_only=True)) as book,
            ):
                sheet, headings, kept = _first_chosen(path, book.worksheets, choose)
                rows = list(_sheet_rows(path, sheet, [headings.index(heading) for heading in kept]))
    except BadData:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it has parts
        raise refused(path, f"no workbook that can be read ({type(error).__name__}); save it again") from None
    return Table(_frame(rows, kept), tuple(headings), source_of(path))


def _refuse_bomb(path: Path) -> None:
    """Refuse an archive that is no workbook, is damaged, unpacks to too many bytes, or declares a document type."""
    try:
        with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            unpacked_bytes = sum(member.file_size for member in archive.infolist())
            is_workbook = any(name.startswith("xl/workbook") for name in names)
            if is_workbook and unpacked_bytes <= UNPACKED_BYTES_MAX:
                _refuse_document_types(path, archive, [name for name in names if name.endswith(XML)])
    except BadData:
        raise
    except Exception:  # a damaged archive fails in as many ways as it has parts
        raise refused(path, "a damaged workbook, or one cut short; fetch or save it again") from None
    if not is_workbook:
        raise refused(path, "an archive, not a workbook; unpack it and give the table inside")
    if unpacked_bytes > UNPACKED_BYTES_MAX:
        raise refused(path, f"unpacks to over {UNPACKED_BYTES_MAX // 2**20} MB; save only the rows needed")


def _refuse_document_types(path: Path, archive: zipfile.ZipFile, names: Sequence[str]) -> None:
    for name in names:
        with archive.open(name) as member:
            if declares_document_type(member):
                raise refused(path, f"its part {name!r} declares a document type, as no workbook does; save it again")


def _first_chosen(path: Path, sheets: Sequence[Any], choose: Choose) -> tuple[Any, list[str], list[str]]:
    """Return the first sheet that `choose` accepts, its headings, and the headings kept."""
    refusal: BadData | None = None
    for sheet in sheets:
        sheet.reset_dimensions()  # the stated dimensions may be wrong, and would cut rows off
        headings = [as_text(cell) for cell in next(sheet.iter_rows(values_only=True, max_row=1), ())]
        try:
            if any(headings):
                return sheet, headings, _kept(path, headings, choose)
        except BadData as error:
            refusal = refusal or error
    raise refusal or refused(path, "no sheet has headings in row 1")


def _sheet_rows(path: Path, sheet: Any, places: Sequence[int]) -> Iterator[tuple[int, list[str]]]:
    width = max(places) + 1
    cells_by_row = sheet.iter_rows(values_only=True, min_row=2, max_row=SHEET_ROWS_MAX, max_col=width)
    filled = 0
    for row, cells in enumerate(cells_by_row, start=2):
        if row * width > CELLS_MAX:
            raise refused(path, f"over {CELLS_MAX:,} cells; save only the rows and columns needed")
        texts = [as_text(cells[place]) if place < len(cells) else "" for place in places]
        if any(texts):
            filled += 1
            if filled > ROWS_MAX:
                raise refused(path, f"a sheet of over {ROWS_MAX:,} rows; save it as CSV, or only the rows needed")
            yield row, texts


def _read_geopackage(path: Path, choose: Choose) -> Table:
    with open_layers(path, [GEOPACKAGE], bytes_max=FILE_BYTES_MAX, smaller="save only the features needed") as layers:
        return _first_layer(path, layers, choose)


def _first_layer(path: Path, layers: Layers, choose: Choose) -> Table:
    refusal: BadData | None = None
    for layer in layers.kinds():
        headings = layers.headings(layer)
        try:
            kept = _kept(path, headings, choose)
        except BadData as error:
            refusal = refusal or error
            continue
        found = layers.frame(layer, kept)
        found.index = pd.RangeIndex(2, len(found) + 2, name="row")
        rows = [(row, [as_text(cell) for cell in cells]) for row, *cells in found[kept].itertuples()]
        geometry = found.geometry if isinstance(found, geopandas.GeoDataFrame) else None
        source = source_of(*parts_of(path, GEOPACKAGE))
        return Table(_frame(rows, kept), tuple(headings), source, geometry)
    raise refusal or refused(path, "the GeoPackage holds no layer")


def _kept(path: Path, headings: Sequence[str], choose: Choose) -> list[str]:
    """Return the chosen headings in file order. Raises BadData where two columns have one of them.

    Of blank headings only the first column's can be chosen: that of a square's rows has often none.
    """
    chosen = set(choose(headings))
    kept = [heading for place, heading in enumerate(headings) if heading in chosen and (heading or not place)]
    repeats = sorted({heading for heading in kept if kept.count(heading) > 1})
    if repeats:
        fix = "two columns have this heading; rename or delete one"
        raise BadData(Fault(file=path.name, row=1, column=heading, fix=fix) for heading in repeats)
    if len(kept) > COLUMNS_MAX:
        raise refused(path, f"over {COLUMNS_MAX:,} columns; save only the columns needed")
    return kept


def _frame(rows: Sequence[tuple[int, list[str]]], kept: Sequence[str]) -> pd.DataFrame:
    index = pd.Index([row for row, _ in rows], name="row", dtype="int64")
    return pd.DataFrame([texts for _, texts in rows], index=index, columns=list(kept), dtype=object)
