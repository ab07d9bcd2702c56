"""Minutes between schools from a table that states them for every pair, in each direction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
from numpy.typing import ArrayLike, NDArray

from geodata.cells import as_text, find_heading, in_reading_order, need_heading, refused, told_briefly
from geodata.faults import BadData, Fault
from geodata.opening import Source, open_regular, read_head, source_of
from geodata.reach import UNREACHABLE, Indices, Ints, Reach, within_horizons
from geodata.tables import Choose, read_table
from geodata.urns import Urn, ascending, read_urn, urns_of

MINUTES_MAX = 1_440
KM_MAX = 2_000
PARQUET_BYTES_MAX = 2 * 2**30
HUNDREDTHS, METRES_PER_KM = 100, 1_000
PAIRS_SHOWN = 10
NUMBER_LETTERS_MAX = 100
ROWS_MAX = 50_000_000  # all England's pairs are 36 million
ROWS_PER_BYTE_MAX = 8  # minutes to a whole number, packed as tightly as Parquet does, take half a byte


class Matrix:
    """Minutes for every ordered pair, as from a file: dense arrays, for counties rather than England."""

    def __init__(
        self,
        urns: Iterable[object],
        centiminutes: NDArray[np.int32],
        metres: NDArray[np.int32] | None,
        *,
        words: str,
        attribution: tuple[str, ...] = (),
        sources: tuple[Source, ...] = (),
    ) -> None:
        """Take square arrays, one row an origin, with -1 for no way; `metres` is None where unknown.

        Raises ValueError where the arrays are not square of the number of URNs, or the URNs do not ascend.
        """
        self.urns = ascending(urns)
        self.words, self.attribution, self.sources = words, attribution, sources
        self.has_km = metres is not None
        self._centiminutes = centiminutes.astype(np.int32)
        self._metres = np.full_like(self._centiminutes, UNREACHABLE) if metres is None else metres.astype(np.int32)
        if self._centiminutes.shape != (len(self.urns),) * 2 or self._metres.shape != self._centiminutes.shape:
            raise ValueError(f"{len(self.urns)} URNs need square arrays of that size")
        np.fill_diagonal(self._centiminutes, 0)
        np.fill_diagonal(self._metres, 0)

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[Ints, Ints]:
        """Return centiminutes and metres of each pair of indices; -1 for no way or unknown metres."""
        at = np.asarray(origins), np.asarray(destinations)
        return self._centiminutes[at], self._metres[at]

    def within(self, horizon_centiminutes: int | None = None, horizon_metres: int | None = None) -> Reach:
        """Return pairs as `Travel.within` does. Raises ValueError for a horizon in metres where metres are unknown."""
        if horizon_metres is not None and not self.has_km:
            raise ValueError("the matrix gives no km")
        limit = np.iinfo(np.int32).max if horizon_centiminutes is None else horizon_centiminutes
        origin, destination = np.nonzero((self._centiminutes >= 0) & (self._centiminutes <= limit))
        return within_horizons(origin, destination, *self.between(origin, destination), None, horizon_metres)


def read_matrix(path: Path | str, urns: Iterable[object], known_urns: Collection[Urn] | None = None) -> Matrix:
    """Read urn_from, urn_to, minutes and optionally km, for every ordered pair of `urns`, from CSV, XLSX or Parquet.

    Blank minutes mean that there is no way. Minutes are rounded up to hundredths, km to metres; the two directions may
    differ. Rows of schools that are known but not among `urns` are ignored.

    Raises BadData for a missing or repeated pair, an unknown URN, a time or distance that is no number, negative or
    absurd (over a day, over 2,000 km), and a school at a distance from itself.
    """
    path, wanted = Path(path), ascending(urns)
    texts, source = _read_rows(path)
    known = {*wanted, *urns_of(known_urns or ())}
    origin, faults = _places(texts["urn_from"], wanted, known, path.name)
    destination, more = _places(texts["urn_to"], wanted, known, path.name)
    faults += more
    ours = (origin >= 0) & (destination >= 0)
    texts, origin, destination = texts[ours], origin[ours], destination[ours]
    amounts = [name for name in ("minutes", "km") if name in texts]
    numbers = pd.DataFrame({name: _numbers(texts[name]) for name in amounts}, index=texts.index)
    for column, most in (("minutes", MINUTES_MAX), ("km", KM_MAX)):
        if column in texts:
            faults += _amount_faults(texts[column], numbers[column], most, path.name)
    faults += _pair_faults(numbers, origin, destination, wanted, path.name)
    has_km = "km" in numbers and bool(numbers["km"].notna().any())
    if has_km:
        faults += _km_faults(numbers, origin != destination, path.name)
    if faults:
        raise BadData(in_reading_order(faults))
    square = np.full((2, len(wanted), len(wanted)), UNREACHABLE, dtype=np.int32)
    square[0, origin, destination] = _rounded_up(numbers["minutes"] * HUNDREDTHS)
    if has_km:
        metres = _rounded_up(numbers["km"] * METRES_PER_KM)
        square[1, origin, destination] = np.where(numbers["minutes"].isna(), UNREACHABLE, metres)
    words = f"minutes from the table {path.name}"
    return Matrix(wanted, square[0], square[1] if has_km else None, words=words, sources=(source,))


def _read_rows(path: Path) -> tuple[pd.DataFrame, Source]:
    """Return the three or four columns as read, blank as "" or null, indexed by row; and the file."""

    def choose(headings: Sequence[str]) -> list[str]:
        needed = [need_heading(path, headings, name) for name in ("urn_from", "urn_to", "minutes")]
        return [*needed, *filter(None, [find_heading(headings, "km")])]

    if not read_head(path).startswith(b"PAR1"):
        table = read_table(path, choose)
        return table.frame.rename(columns=str.casefold), table.source
    try:
        with open_regular(path) as stream:
            frame = _read_parquet(path, stream, choose)
    except BadData:
        raise
    except (pyarrow.ArrowException, OSError, ValueError, TypeError, MemoryError) as error:
        raise refused(path, f"no Parquet that can be read ({type(error).__name__}); save it again") from None
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame.rename(columns=str.casefold), source_of(path)


def _read_parquet(path: Path, stream: BinaryIO, choose: Choose) -> pd.DataFrame:
    """Return the chosen columns, ignoring the metadata that pandas may have stored beside them."""
    fields = pyarrow.parquet.read_schema(stream)
    kept = choose(fields.names)
    for name in kept:
        if not _is_plain(fields.field(name).type):
            fix = "holds neither numbers nor text; save it as numbers"
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
    frame: pd.DataFrame = table.to_pandas().astype(dict.fromkeys(texts, object))
    return frame


def _is_plain(kind: pyarrow.DataType) -> bool:
    types = pyarrow.types
    numbers = (types.is_integer, types.is_floating, types.is_decimal, types.is_null)
    return _is_text(kind) or any(is_kind(kind) for is_kind in numbers)


def _is_text(kind: pyarrow.DataType) -> bool:
    kind = kind.value_type if pyarrow.types.is_dictionary(kind) else kind
    return bool(pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind))


def _numbers(texts: pd.Series) -> pd.Series:
    if texts.dtype == object:  # a column may repeat a text of a megabyte a million times
        endless = np.array([isinstance(text, str) and len(text) > NUMBER_LETTERS_MAX for text in texts], dtype=np.bool_)
        texts = texts.mask(endless)
    return pd.to_numeric(texts, errors="coerce").astype(np.float64)


def _is_blank(texts: pd.Series) -> pd.Series:
    return texts.isna() | (texts == "")


def _told(at_fault: pd.Series, texts: pd.Series, file: str, fix: str) -> list[Fault]:
    """Return one fault for each row that is true, shortened where there are many."""
    faults = [
        Fault(file=file, row=row, column=str(texts.name), value=str(text), fix=fix)
        for row, text in zip(texts.index[at_fault].tolist(), texts[at_fault], strict=True)
    ]
    return told_briefly(faults, f"rows where {texts.name} is wrong in the same way")


def _places(texts: pd.Series, wanted: Sequence[Urn], known: Collection[Urn], file: str) -> tuple[Indices, list[Fault]]:
    """Return the place among the wanted of each row's school, -1 for another; and the faults.

    A cell of no URN is told in each row, a school unknown in its first row.
    """
    codes, there = pd.factorize(texts, use_na_sentinel=False)  # so that each text is read once
    place_of = {urn: place for place, urn in enumerate(wanted)}
    places = np.full(len(there), -1, dtype=np.int64)
    unknown: list[int] = []
    odd: dict[str, list[int]] = {}
    for code, cell in enumerate(there):
        urn = read_urn(as_text(cell), file, 0, str(texts.name))
        if isinstance(urn, Fault):
            odd.setdefault(urn.fix, []).append(code)
        elif urn not in known:
            unknown.append(code)
        else:
            places[code] = place_of.get(urn, -1)
    by_row = pd.Series(codes, index=texts.index)
    strange = by_row.isin(unknown) & ~by_row.duplicated()
    faults = [
        *chain.from_iterable(_told(by_row.isin(told), texts, file, fix) for fix, told in odd.items()),
        *_told(strange, texts, file, "no school has this URN; correct it, or delete its rows"),
    ]
    return places[codes], faults


def _amount_faults(texts: pd.Series, numbers: pd.Series, most: int, file: str) -> list[Fault]:
    return [
        *_told(
            ~_is_blank(texts) & numbers.isna(),
            texts,
            file,
            "use a plain number, or leave it blank for no way",
        ),
        *_told(numbers < 0, texts, file, "use 0 or more"),
        *_told(numbers > most, texts, file, f"use at most {most:,}, or leave it blank for no way"),
    ]


def _pair_faults(
    numbers: pd.DataFrame, origin: Indices, destination: Indices, urns: Sequence[Urn], file: str
) -> list[Fault]:
    """Return faults of pairs, by the places of their schools: of a school and itself, repeated, or missing."""
    pair, is_self = origin * len(urns) + destination, origin == destination
    is_apart = numbers.gt(0).any(axis="columns")
    at_home = "a school is 0 minutes from itself; delete the row"
    ends = pd.Series(np.array([*urns, ""], dtype=object)[destination], index=numbers.index, name="urn_to")
    faults = _told(is_self & is_apart, ends, file, at_home)
    repeated = pd.Series(pair, index=numbers.index).duplicated()
    faults += _told(repeated, ends, file, "repeats a pair above; delete one")
    there = np.zeros(len(urns) ** 2, dtype=bool)
    there[pair] = True
    there[:: len(urns) + 1] = True
    if len(missing := np.flatnonzero(~there)):
        shown = ", ".join(f"{urns[at // len(urns)]} to {urns[at % len(urns)]}" for at in missing[:PAIRS_SHOWN])
        more = " ..." if len(missing) > PAIRS_SHOWN else ""
        fix = f"{len(missing):,} ordered pairs are missing: {shown}{more}; add them, minutes blank for no way"
        faults.append(Fault(file=file, column="urn_from, urn_to", value=len(missing), fix=fix))
    return faults


def _km_faults(numbers: pd.DataFrame, is_apart: NDArray[np.bool_], file: str) -> list[Fault]:
    gap = numbers["minutes"].notna() & numbers["km"].isna() & is_apart
    blank = pd.Series("", index=numbers.index, name="km")
    return _told(gap, blank, file, "give km wherever there are minutes, or nowhere")


def _rounded_up(amounts: pd.Series) -> Ints:
    """Return whole numbers, rounded up, -1 for nan. Six decimals are kept before, which removes errors of floats."""
    return np.ceil(np.round(amounts.fillna(UNREACHABLE).to_numpy(), 6)).astype(np.int32)
