"""A table of pairs read from any file: ends, minutes and km by row, as the file has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.cells import refused
from geodata.faults import BadData, Fault
from geodata.opening import Source, read_head, source_of
from geodata.pairs.amounts import Amounts, read_amounts
from geodata.pairs.ends import Directory, Ends
from geodata.pairs.headings import FROM, KM, MINUTES, TO, Layout, Measure, lay_out
from geodata.pairs.parquet import MAGIC, parquet_columns
from geodata.tables import read_table

JSON = (b"{", b"[")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pairs:
    """The rows of a table of pairs, one drive each; of a square, one for each of its cells.

    `columns` are the headings by our names, as far as there are any; `written` gives a row's minutes or km as written.
    """

    file: str
    source: Source
    row: NDArray[np.int64]
    origin: Ends
    destination: Ends
    columns: Mapping[str, str]
    units: Mapping[str, str]  # as the headings say, "" where they do not
    amounts: Mapping[str, Amounts]
    written: Callable[[str, int], object]
    is_square: bool
    not_read: tuple[str, ...]

    def heading(self, name: str, at: int) -> str:
        """Return the heading of a row's cell: in a square, minutes stand under the school at their other end."""
        if name in self.columns:
            return self.columns[name]
        return (self.origin if TO in self.columns else self.destination).text(at)


def read_pairs(path: Path, columns: Mapping[str, str], schools: Directory) -> Pairs:
    """Read a table of pairs, or a square, from CSV, XLSX, GeoPackage or Parquet.

    Raises BadData for what is no such table, or does not say which columns to read.
    """
    head = read_head(path)
    found: list[Layout] = []

    def choose(headings: Sequence[str]) -> list[str]:
        found[:] = [lay_out(path.name, headings, columns, schools.knows)]
        return found[0].needed()

    if head.startswith(MAGIC):
        frame, headings = parquet_columns(path, choose)
        source = source_of(path)
    else:
        if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(JSON):
            fix = "JSON, as a router answers; save it as a table of urn_from, urn_to, minutes"
            raise refused(path, fix)
        table = read_table(path, choose)
        frame, headings, source = table.frame, table.headings, table.source
    layout = found[0]
    read = {*layout.needed()}
    not_read = tuple(heading for heading in headings if heading and heading not in read)
    return (_square if layout.square else _list)(path.name, source, frame, layout, schools, not_read)


def _list(
    file: str, source: Source, frame: pd.DataFrame, layout: Layout, schools: Directory, not_read: tuple[str, ...]
) -> Pairs:
    """Return the rows of a table with a row for each pair."""
    (start, end), origin, destination = _chosen_ends(file, frame, layout, schools)
    measures: dict[str, Measure] = {
        name: measure for name, measure in ((MINUTES, layout.minutes), (KM, layout.km)) if measure is not None
    }
    others = [heading for pair in layout.ends for heading in pair if heading not in (start, end)]
    return Pairs(
        file=file,
        source=source,
        row=frame.index.to_numpy(dtype=np.int64),
        origin=origin,
        destination=destination,
        columns={FROM: start, TO: end, **{name: measure.heading for name, measure in measures.items()}},
        units={name: measure.unit for name, measure in measures.items()},
        amounts={name: read_amounts(frame[measure.heading], name, measure.unit) for name, measure in measures.items()},
        written=lambda name, at: frame[measures[name].heading].iloc[at],
        is_square=False,
        not_read=tuple(dict.fromkeys([*not_read, *others])),
    )


def _chosen_ends(
    file: str, frame: pd.DataFrame, layout: Layout, schools: Directory
) -> tuple[tuple[str, str], Ends, Ends]:
    """Return the columns whose texts are schools: a router may number its points beside their names.

    Raises BadData where two pairs of columns both name schools, and other ones.
    """
    read = [(pair, *_ends(frame, pair, schools)) for pair in layout.ends]
    read.sort(key=lambda found: -min(found[1].known, found[2].known))  # stable: the more telling stay first
    best = read[0]
    for other in read[1:]:
        if min(other[1].known, other[2].known) == 1 and any(
            (mine.place != its.place).any() for mine, its in zip(best[1:], other[1:], strict=True)
        ):
            fix = f"{best[0][0]!r} and {other[0][0]!r} name different schools; say which, as in "
            fix += f"--set travel.columns.{FROM}={best[0][0]} --set travel.columns.{TO}={best[0][1]}"
            raise BadData([Fault(file=file, row=1, column=best[0][0], fix=fix)])
    return best


def _ends(frame: pd.DataFrame, pair: tuple[str, str], schools: Directory) -> tuple[Ends, Ends]:
    if pair[0] == pair[1]:
        return schools.read_both(frame[pair[0]])
    return schools.read(frame[pair[0]]), schools.read(frame[pair[1]])


def _square(
    file: str, source: Source, frame: pd.DataFrame, layout: Layout, schools: Directory, not_read: tuple[str, ...]
) -> Pairs:
    """Return the cells of a square, row after row."""
    corner, across = layout.ends[0][0], list(layout.square)
    rows = schools.read(frame[corner])
    headings = schools.read(pd.Series(across, dtype=object))
    high, wide = len(frame), len(across)
    down = Ends(np.repeat(rows.place, wide), np.repeat(rows.number, wide), rows.texts)
    along = Ends(np.tile(headings.place, high), np.tile(headings.number, high), headings.texts)
    cells = [read_amounts(frame[heading], MINUTES) for heading in across]
    minutes = Amounts(*(np.column_stack(parts).ravel() for parts in zip(*map(Amounts.parts, cells), strict=True)))
    return Pairs(
        file=file,
        source=source,
        row=np.repeat(frame.index.to_numpy(dtype=np.int64), wide),
        origin=along if layout.rows_are_ends else down,
        destination=down if layout.rows_are_ends else along,
        columns={TO if layout.rows_are_ends else FROM: corner},
        units={MINUTES: ""},
        amounts={MINUTES: minutes},
        written=lambda _, at: frame[across[at % wide]].iloc[at // wide],
        is_square=True,
        not_read=not_read,
    )
