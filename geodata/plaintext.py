"""Rows of delimited text: delimiter and encoding are detected, and every row of a wrong length is reported.

The heading is checked before the body is read, so a large file that is no table costs only a look at its beginning.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from geodata.cells import refused, told_briefly
from geodata.faults import BadData, Fault

TEXT_BYTES_MAX = 256 * 2**20
CHUNK_BYTES = 2**20
DELIMITERS = ",;\t|"
SAYS_DELIMITER = re.compile(r'"?sep=([^\w\s"]|\t)"?[,;\t|]*\r?(?:\n|$)', re.IGNORECASE)  # a line that Excel obeys
UNDEFINED_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ANSI = "cp1252"
SAVE_AS_UTF8 = "save it as 'CSV UTF-8'"

Rows = list[tuple[int, list[str]]]


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first rows of a text, parted by one delimiter."""

    delimiter: str
    rows: list[list[str]]


def beginnings(path: Path, head: bytes, rows_most: int) -> list[Beginning]:
    """Return the first rows parted by each delimiter, the likeliest first; or by the one that the text states.

    Raises BadData where the file is no text, and where no delimiter gives two columns.
    """
    _refuse_binary(path, head)
    text = _text(head)
    if said := SAYS_DELIMITER.match(text):
        found = [Beginning(said[1], [[], *_parted(text[said.end() :], said[1], rows_most)])]
    else:
        found = [Beginning(delimiter, _parted(text, delimiter, rows_most)) for delimiter in DELIMITERS]
    if not any(any(map(any, one.rows)) for one in found):
        raise refused(path, "no row of headings at the top; is this a table?", row=1)
    found.sort(key=lambda one: (-len(next(filter(any, one.rows), ())), -max(map(len, one.rows), default=0)))
    if max(len(fields) for one in found for fields in one.rows) < 2:
        fix = "one column only: part the fields by comma, semicolon, tab or bar, with headings in row 1"
        raise refused(path, fix, row=1)
    return [one for one in found if max(map(len, one.rows), default=0) > 1]


@dataclass(frozen=True, slots=True)
class Body:
    """The numbered rows below the headings that are not blank, each with the fields kept; and how they were stored."""

    rows: Rows
    sha256: str
    encoding: str


def read_body(path: Path, delimiter: str, headings_row: int, fields: int, places: Sequence[int]) -> Body:
    """Read the rows below the headings, in UTF-8, with or without BOM, UTF-16 with BOM, or Windows-1252."""
    if path.stat().st_size > TEXT_BYTES_MAX:
        raise refused(path, f"over {TEXT_BYTES_MAX // 2**20} MB; cut it to the rows needed, or use Parquet")
    sha256, encoding = _survey(path)
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        return Body(_rows(path, reader, headings_row, fields, places), sha256, encoding)


def _refuse_binary(path: Path, head: bytes) -> None:
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise refused(path, "an old (.xls) or password-protected workbook; save it as XLSX or CSV")
    if (start := head.removeprefix(codecs.BOM_UTF8).lstrip()).startswith((b"<", b"[")):
        what = "a web page or XML" if start.startswith(b"<") else "JSON"
        raise refused(path, f"{what}, whatever its name; open it in a spreadsheet or a map, and save it as XLSX or CSV")
    if head.startswith(codecs.BOM_UTF32_LE) or (b"\x00" in head and not head.startswith(UTF_16)):
        raise refused(path, f"not a table, or wrongly encoded; {SAVE_AS_UTF8}, or as XLSX")


def _text(head: bytes) -> str:
    encoding = "utf-16" if head.startswith(UTF_16) else "utf-8-sig"
    try:
        return codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return head.decode(ANSI, errors="replace")


def _parted(text: str, delimiter: str, rows_most: int) -> list[list[str]]:
    """Return the first rows of a text, stripped; fewer where a quotation mark is out of place."""
    rows: list[list[str]] = []
    with suppress(csv.Error):
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows.extend([field.strip() for field in fields] for fields in islice(reader, rows_most))
    return rows


def _survey(path: Path) -> tuple[str, str]:
    """Return the SHA-256 and the encoding of a file, in one pass over its bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        start = stream.read(len(codecs.BOM_UTF8))
        stream.seek(0)
        has_bom, is_utf16 = start == codecs.BOM_UTF8, start.startswith(UTF_16)
        decoder = codecs.getincrementaldecoder("utf-16" if is_utf16 else "utf-8")()
        line_feeds, is_sound, odd_row = 0, True, None
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            is_sound = is_sound and _decodes(decoder, chunk)
            if is_utf16:
                continue
            if (at := chunk.find(b"\x00")) >= 0:
                row = line_feeds + chunk.count(b"\n", 0, at) + 1
                raise refused(path, f"holds a NUL byte: damaged, or wrongly encoded; {SAVE_AS_UTF8}", row)
            if odd_row is None and (odd := UNDEFINED_IN_CP1252.search(chunk)):
                odd_row = line_feeds + chunk.count(b"\n", 0, odd.start()) + 1
            line_feeds += chunk.count(b"\n")
    if is_sound:
        return digest.hexdigest(), "utf-16" if is_utf16 else "utf-8-sig"
    if is_utf16:
        raise refused(path, f"UTF-16 text that is damaged, or cut short; {SAVE_AS_UTF8}")
    if has_bom or odd_row is not None:
        raise refused(path, f"neither UTF-8 nor Windows-1252 text; {SAVE_AS_UTF8}", odd_row)
    return digest.hexdigest(), ANSI


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes) -> bool:
    try:
        decoder.decode(chunk, final=len(chunk) < CHUNK_BYTES)
    except UnicodeDecodeError:
        return False
    return True


def _rows(
    path: Path, reader: Iterator[list[str]], headings_row: int, fields_wanted: int, places: Sequence[int]
) -> Rows:
    rows: Rows = []
    ragged: list[tuple[int, int]] = []
    row, last = 1, 1
    shared: dict[str, str] = {}  # the same few words are repeated in many rows: hold each once
    stopped: list[Fault] = []
    try:
        for row, fields in enumerate(reader, start=1):
            if row <= headings_row or not any(map(str.strip, fields)):
                continue
            last = row
            if len(fields) < fields_wanted or any(map(str.strip, fields[fields_wanted:])):
                ragged.append((row, len(fields)))
                continue
            texts = [fields[place].strip() for place in places]
            rows.append((row, [shared.setdefault(text, text) for text in texts]))
    except csv.Error as error:
        stopped = [Fault(file=path.name, row=row + 1, fix=_quote_fix(error))]
    if ragged or stopped:
        faults = [
            Fault(file=path.name, row=row, fix=_ragged_fix(fields, fields_wanted, row == last))
            for row, fields in ragged
        ]
        raise BadData([*told_briefly(faults, "rows with a wrong number of fields"), *stopped])
    return rows


def _ragged_fix(fields: int, fields_wanted: int, is_last: bool) -> str:
    if is_last and fields < fields_wanted:
        return "the file ends in mid-row: it is cut short; fetch or save it again"
    return f"{fields} fields under {fields_wanted} headings; quote any field that holds the delimiter"


def _quote_fix(error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return "a quotation mark opened here is never closed: the file is cut short; fetch or save it again"
    return f"a quotation mark is out of place ({error}); double those inside a quoted field"
