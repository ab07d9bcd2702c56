"""A Parquet file as columns, whatever a library noted beside them."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

import pandas as pd
import pyarrow
import pyarrow.parquet

from geodata.cells import refused
from geodata.faults import BadData, Fault
from geodata.opening import open_regular
from geodata.parts import Choose

PARQUET_BYTES_MAX = 2 * 2**30
ROWS_MAX = 50_000_000  # all England's pairs are 36 million
ROWS_PER_BYTE_MAX = 8  # minutes to a whole number, packed as tightly as Parquet does, take half a byte
MAGIC = b"PAR1"


def parquet_columns(path: Path, choose: Choose) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Return the chosen columns, rows numbered from 2, and all headings. Raises BadData for damage and other kinds."""
    try:
        with open_regular(path) as stream:
            frame, headings = _read(path, stream, choose)
    except BadData:
        raise
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, MemoryError) as error:
        raise refused(path, f"no Parquet that can be read ({type(error).__name__}); save it again") from None
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame, headings


def _read(path: Path, stream: BinaryIO, choose: Choose) -> tuple[pd.DataFrame, tuple[str, ...]]:
    fields = pyarrow.parquet.read_schema(stream).remove_metadata()
    chosen = set(choose(fields.names))
    kept = [name for name in fields.names if name in chosen]
    if repeats := sorted({name for name in kept if kept.count(name) > 1}):
        fix = "two columns have this heading; rename or delete one"
        raise BadData(Fault(file=path.name, row=1, column=heading, fix=fix) for heading in repeats)
    for name in kept:
        if not _is_plain(fields.field(name).type):
            fix = "holds neither numbers nor text, nor durations; save it as numbers"
            raise BadData([Fault(file=path.name, row=1, column=name, fix=fix)])
    texts = [name for name in kept if _is_text(fields.field(name).type)]  # a repeated text is held in memory once
    file = pyarrow.parquet.ParquetFile(stream, read_dictionary=texts)
    groups = [file.metadata.row_group(group) for group in range(file.metadata.num_row_groups)]
    if sum(group.total_byte_size for group in groups) > PARQUET_BYTES_MAX or file.metadata.num_rows > ROWS_MAX:
        fix = f"unpacks to over {PARQUET_BYTES_MAX // 2**30} GB or {ROWS_MAX:,} rows; keep only the schools needed"
        raise refused(path, fix)
    if file.metadata.num_rows > ROWS_PER_BYTE_MAX * path.stat().st_size:  # pairs that differ take room
        fix = f"claims {file.metadata.num_rows:,} rows in {path.stat().st_size:,} bytes, the same again and again"
        raise refused(path, f"{fix}; save each pair of schools once")
    table = file.read(columns=kept).replace_schema_metadata(None)
    frame: pd.DataFrame = table.to_pandas()
    return frame[kept], tuple(fields.names)


def _is_plain(kind: pyarrow.DataType) -> bool:
    types = pyarrow.types
    numbers = (types.is_integer, types.is_floating, types.is_decimal, types.is_null)
    spans = (types.is_duration, types.is_time)
    kind = kind.value_type if types.is_dictionary(kind) else kind
    return _is_text(kind) or any(is_kind(kind) for is_kind in (*numbers, *spans))


def _is_text(kind: pyarrow.DataType) -> bool:
    kind = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
    return bool(pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind))
