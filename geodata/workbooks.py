"""Workbooks of unknown origin: their sheets as text, and what in a sheet would be misread in silence."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree

import openpyxl
from openpyxl.utils.cell import coordinate_to_tuple

from geodata import opendocument
from geodata.cells import as_text, refused
from geodata.faults import BadData, Fault
from geodata.markup import declares_document_type
from geodata.opening import open_regular
from geodata.parts import TOP_ROWS, Headed, Part
from geodata.sheet_facts import COLUMNS_MAX, Rows, SheetFacts, notices_of

MAGIC = b"PK\x03\x04"
UNPACKED_BYTES_MAX = 512 * 2**20
ROWS_MAX = 250_000  # of a workbook that hold anything; a CSV of more is read in a fraction of the time
SHEET_ROWS_MAX = 1_048_576  # the limit of a sheet; a damaged sheet may claim more
CELLS_MAX = 50_000_000  # blank cells before the last wanted column count: a few bytes can claim 16,384 of them
CHUNK_BYTES = 2**20
XML = (".xml", ".rels")
_TELLING = re.compile(rb"<(\w+:)?(f[\s/>]|mergeCell\s)|<(\w+:)?(row|col)\s[^>]*hidden=")


@contextmanager
def open_sheets(path: Path) -> Iterator[list[Part]]:
    """Yield the sheets of a workbook, while it is open.

    Raises BadData where the file is no workbook, is damaged, unpacks to too many bytes, or declares a document type.
    """
    is_document = _refuse_bomb(path)
    try:
        if is_document:
            with (
                open_regular(path) as stream,
                zipfile.ZipFile(stream) as archive,
                archive.open(opendocument.CONTENT) as content,
            ):
                sheets = opendocument.read_sheets(path, content)
            yield [sheet.part() for sheet in sheets]
            return
        with warnings.catch_warnings():  # of styles and extensions that do not matter here
            warnings.simplefilter("ignore")
            with (
                open_regular(path) as stream,  # given a path, openpyxl judges by the name, not by the content
                closing(openpyxl.load_workbook(stream, read_only=True, data_only=True)) as book,
            ):
                yield [_part(sheet) for sheet in book.worksheets]
    except BadData:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it has parts
        raise refused(path, f"no workbook that can be read ({type(error).__name__}); save it again") from None


def sheet_rows(path: Path, found: Headed) -> tuple[Rows, list[Fault]]:
    """Return the numbered rows below the headings with anything under a heading, and notices of what is hidden.

    Raises BadData for a formula that was never worked out, and for cells of several rows merged into one.
    """
    sheet = found.part.rest
    if isinstance(sheet, opendocument.Sheet):
        rows, facts = sheet.body(found), sheet.facts
    else:
        rows, facts = list(_body(path, sheet, found)), _facts(path, sheet)
    return rows, notices_of(path, found, facts, rows)


def _part(sheet: Any) -> Part:
    sheet.reset_dimensions()  # the stated dimensions may be wrong, and would cut rows off
    top = [[as_text(cell) for cell in cells] for cells in sheet.iter_rows(values_only=True, max_row=TOP_ROWS)]
    return Part(str(sheet.title), "sheet", top, sheet, hidden=sheet.sheet_state != "visible")


def _body(path: Path, sheet: Any, found: Headed) -> Iterator[tuple[int, list[str]]]:
    places, headed = found.places, found.headed_places
    width = max(headed) + 1
    first = found.row + 1
    cells_by_row = sheet.iter_rows(values_only=True, min_row=first, max_row=SHEET_ROWS_MAX, max_col=width)
    filled = 0
    for row, cells in enumerate(cells_by_row, start=first):
        if row * width > CELLS_MAX:
            raise refused(path, f"over {CELLS_MAX:,} cells; save only the rows and columns needed")
        texts = [as_text(cells[place]) if place < len(cells) else "" for place in places]
        if any(texts) or any(as_text(cells[place]) for place in headed if place < len(cells)):
            filled += 1
            if filled > ROWS_MAX:
                raise refused(path, f"a sheet of over {ROWS_MAX:,} rows; save it as CSV, or only the rows needed")
            yield row, texts


def _facts(path: Path, sheet: Any) -> SheetFacts:
    """Return what openpyxl does not tell when it reads row by row."""
    facts = SheetFacts()
    member: str = sheet._worksheet_path  # no public name tells it
    with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
        with archive.open(member) as sheet_stream:
            if not _tells_something(sheet_stream):
                return facts
        with archive.open(member) as sheet_stream:
            _look_through(sheet_stream, facts)
    return facts


def _tells_something(stream: IO[bytes]) -> bool:
    """Return whether a sheet has any formula, merged cell or hidden row: most have none, and need no second look."""
    before = b""
    while chunk := stream.read(CHUNK_BYTES):
        if _TELLING.search(before + chunk):
            return True
        before = chunk[-CHUNK_BYTES // 16 :]
    return False


def _look_through(stream: IO[bytes], facts: SheetFacts) -> None:
    row = column = 0
    for event, element in ElementTree.iterparse(stream, events=("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if event == "start":
            if tag == "row":
                row, column = int(float(element.get("r", row + 1))), 0
                if element.get("hidden") in ("1", "true"):
                    facts.hidden_rows.append(row)
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min", 0)), int(element.get("max", 0))
                facts.hidden_columns.update(range(first, min(last, COLUMNS_MAX) + 1))
            continue
        if tag == "c":
            place = element.get("r")
            row, column = coordinate_to_tuple(place) if place else (row, column + 1)
            if _is_unworked(element):
                facts.unworked.append((row, column))
        elif tag == "mergeCell":
            facts.merged.append(element.get("ref", ""))
        if tag in ("row", "mergeCell"):
            element.clear()


def _is_unworked(cell: ElementTree.Element) -> bool:
    """Return whether a cell has a formula and no result. A result that is an empty text says that it is text."""
    parts = {part.tag.rpartition("}")[2]: part.text for part in cell}
    return "f" in parts and not parts.get("v") and cell.get("t") != "str"


def _refuse_bomb(path: Path) -> bool:
    """Return whether a workbook is an OpenDocument one.

    Refuse an archive that is no workbook, is damaged or locked, unpacks to too many bytes, or declares a document type.
    """
    try:
        with open_regular(path) as stream, zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            unpacked_bytes = sum(member.file_size for member in archive.infolist())
            is_small = unpacked_bytes <= UNPACKED_BYTES_MAX
            is_document = is_small and "mimetype" in names and archive.read("mimetype").startswith(opendocument.KIND)
            is_workbook = is_document or any(name.startswith("xl/workbook") for name in names)
            if is_document and opendocument.LOCKED in archive.read(opendocument.MANIFEST):
                raise refused(path, "a password-protected workbook; save it without a password")
            if is_workbook and is_small:
                _refuse_document_types(path, archive, [name for name in names if name.endswith(XML)])
    except BadData:
        raise
    except Exception:  # a damaged archive fails in as many ways as it has parts
        raise refused(path, "a damaged workbook, or one cut short; fetch or save it again") from None
    if not is_small:
        raise refused(path, f"unpacks to over {UNPACKED_BYTES_MAX // 2**20} MB; save only the rows needed")
    if "xl/workbook.bin" in names:
        raise refused(path, "a binary workbook (.xlsb); save it as XLSX or CSV")
    if not is_workbook:
        raise refused(path, "an archive, not a workbook; unpack it and give the table inside")
    return is_document


def _refuse_document_types(path: Path, archive: zipfile.ZipFile, names: Sequence[str]) -> None:
    for name in names:
        with archive.open(name) as member:
            if declares_document_type(member):
                raise refused(path, f"its part {name!r} declares a document type, as no workbook does; save it again")
