"""What in a sheet would be misread in silence: formulas without a result, merged cells, and what is hidden."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from openpyxl.utils.cell import range_boundaries

from geodata.cells import listed, told_briefly
from geodata.faults import BadData, Fault
from geodata.parts import Headed

COLUMNS_MAX = 16_384  # the limit of a sheet

Rows = list[tuple[int, list[str]]]


@dataclass(slots=True)
class SheetFacts:
    """Cells, by row and column, with a formula that was never worked out; merged ranges; hidden rows and columns."""

    unworked: list[tuple[int, int]] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)


def notices_of(path: Path, found: Headed, facts: SheetFacts, rows: Rows) -> list[Fault]:
    """Return notices of the hidden rows and columns that are read.

    Raises BadData for a formula that was never worked out, and for cells of several rows merged into one.
    """
    if faults := [*_unworked(path, found, facts), *_merged(path, found, facts, rows)]:
        raise BadData(faults)
    return list(_hidden(path, found, facts, {row for row, _ in rows}))


def _hidden(path: Path, found: Headed, facts: SheetFacts, rows: Collection[int]) -> Iterator[Fault]:
    """Yield a notice of the hidden rows that are read, and one of the hidden columns."""
    where = f"of the sheet {found.part.name!r}"
    if hidden := [row for row in facts.hidden_rows if row in rows]:
        fix = f"{_counted(len(hidden), 'hidden row', where)} read as well; delete what is not meant"
        yield Fault(file=path.name, row=hidden[0], fix=fix)
    if names := [found.headings[place] for place in found.places if place + 1 in facts.hidden_columns]:
        fix = f"{_counted(len(names), 'hidden column', where)} read as well: {listed(names)}; delete what is not meant"
        yield Fault(file=path.name, column=names[0], fix=fix)


def _counted(count: int, what: str, where: str) -> str:
    return f"{count} {what} {where} is" if count == 1 else f"{count} {what}s {where} are"


def _unworked(path: Path, found: Headed, facts: SheetFacts) -> list[Fault]:
    fix = "a formula that was never worked out; open the workbook in a spreadsheet, and save it once"
    faults = [
        Fault(file=path.name, row=row, column=found.headings[column - 1], value="", fix=fix)
        for row, column in facts.unworked
        if row > found.row and column - 1 in set(found.places)
    ]
    return told_briefly(faults, "formulas that were never worked out")


def _merged(path: Path, found: Headed, facts: SheetFacts, rows: Rows) -> list[Fault]:
    """Return a fault for each merged range that leaves a kept cell of a row blank."""
    faults, last = [], max((row for row, _ in rows), default=0)
    for merged in facts.merged:
        left, top, right, bottom = range_boundaries(merged)
        kept = [place for place in found.places if left <= place + 1 <= right]
        below = max(top, found.row + 1)
        spans = min(bottom, last) > below or (right > left and len(kept) > (left - 1 in kept))
        if kept and spans and bottom > found.row and below <= last:
            fix = (
                f"the cells {merged} are merged, and one of them holds what is meant for all; part them, and fill each"
            )
            faults.append(Fault(file=path.name, row=below, column=found.headings[kept[0]], fix=fix))
    return told_briefly(faults, "merged cells")
