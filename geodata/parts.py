"""Parts of a file that may hold the table wanted, sheets or layers; and the row in which its headings stand.

A part is read because it alone fits, or because people named it, as in `schools.xlsx#Schools`: never because it stands
first. A part that is hidden is read only where it is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Any

from geodata.cells import listed, number, refused
from geodata.faults import BadData, Fault
from geodata.labels import folded

TOP_ROWS = 30  # among which the headings are looked for
COLUMNS_MAX = 1_000  # kept of one table; a plan file takes 2,000 in all
SIGN = "#"  # between a file and its part

Choose = Callable[[Sequence[str]], Collection[str]]
"""A function that returns the headings to keep, or raises BadData where a table with these headings is not wanted."""

Usual = Callable[[str, Sequence[str]], bool]
"""A function that says whether the part of this name, with these headings, is the one to read where several fit."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A sheet, a layer, or the whole of a file with one table: its first rows as text, and where the rest is."""

    name: str
    kind: str
    """ "sheet", "layer", or "" for the whole of a file."""
    top: Sequence[Sequence[str]]
    rest: Any = None
    hidden: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Headed:
    """A part with its headings: their row, all of them, and those kept."""

    part: Part
    row: int
    headings: list[str]
    kept: list[str]
    others: tuple[str, ...] = ()
    """Names of the parts that were not read."""

    @property
    def places(self) -> list[int]:
        """Return the places of the kept columns."""
        return [self.headings.index(heading) for heading in self.kept]

    @property
    def headed_places(self) -> list[int]:
        """Return the places of all columns with a heading, kept or not: a row with anything in one of them is a row."""
        return [place for place, heading in enumerate(self.headings) if heading]


def file_and_part(named: Path | str) -> tuple[Path, str]:
    """Return the file and the part that a name means: `schools.xlsx#Schools`, or a file alone (then "").

    A file whose own name holds the sign is the file.
    """
    text = str(named)
    at = len(text)
    try:
        while not Path(text[:at]).is_file() and (at := text.rfind(SIGN, 0, at)) > 0:
            pass
    except (OSError, ValueError):  # no file can have such a name
        return Path(named), ""
    return (Path(text[:at]), text[at + 1 :]) if at > 0 else (Path(named), "")


def fitting(
    path: Path,
    parts: Sequence[Part],
    choose: Choose,
    asked: str = "",
    header_row: int | None = None,
    is_usual: Usual = lambda name, headings: False,
) -> Headed:
    """Return the one part that `choose` accepts, with its headings; of several, the usual one; or the part `asked` for.

    Raises BadData where none fits, with the reason of the first; and where several fit, or only a hidden one, with
    the names to choose from.
    """
    if asked:
        return _beside(parts, headed(path, _named(path, parts, asked), choose, header_row))
    refusal: BadData | None = None
    fits = []
    for part in sorted(parts, key=lambda part: part.hidden):
        try:
            fits.append(headed(path, part, choose, header_row))
        except BadData as error:
            refusal = refusal or error
    seen = [found for found in fits if not found.part.hidden]
    if usual := [found for found in seen if is_usual(found.part.name, found.headings)]:
        seen = usual
    if len(seen) == 1:
        return _beside(parts, seen[0])
    if fits:
        names = [found.part.name for found in seen or fits]
        hidden = "" if seen else "hidden "
        several = f"several {fits[0].part.kind}s fit: {listed(names)}" if len(names) > 1 else f"only {names[0]!r} fits"
        which = f"say which after a {SIGN}, as in {path.name}{SIGN}{names[-1]}"
        raise refused(path, f"{several}{', hidden' if hidden else ''}; {which}")
    raise refusal or refused(path, "holds no table")


def _beside(parts: Sequence[Part], found: Headed) -> Headed:
    """Return a part with its headings and the names of all others."""
    return replace(found, others=tuple(part.name for part in parts if part is not found.part))


def headed(path: Path, part: Part, choose: Choose, header_row: int | None = None) -> Headed:
    """Return a part with its headings: in the row given, or in the first row that `choose` accepts.

    Raises BadData with what is wrong with the likeliest of the first rows, where `choose` accepts none.
    """
    rows = [(row, list(cells)) for row, cells in enumerate(part.top, 1) if any(cells)]
    if header_row is not None:
        rows = [(row, cells) for row, cells in rows if row == header_row]
    refusals: dict[int, BadData] = {}
    for row, cells in _told_apart(rows):
        try:
            chosen = choose(cells)
        except BadData as error:
            refusals[row] = error
        else:
            return Headed(part, row, cells, _kept(path, row, cells, set(chosen)))
    if not refusals:
        where = f"in row {header_row}" if header_row is not None else "in row 1"
        raise refused(path, f"no {part.kind or 'row'} has headings {where}")
    likeliest = max(rows, key=lambda found: (_words(found[1]), -found[0]))[0]
    faults = [replace(fault, row=likeliest) if fault.row == 1 else fault for fault in refusals[likeliest].faults]
    raise BadData(faults)


def _or_left(left: str, own: str) -> str:
    return own or left


def _told_apart(rows: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield rows of cells, those repeated in a row named with what stands above them: "Pupil rolls: Primary".

    Such headings have two storeys; a cell above stands for those on its right, as far as the next.
    """
    above: tuple[int, list[str]] = (0, [])
    for row, cells in rows:
        repeated = {cell for cell, count in Counter(filter(None, cells)).items() if count > 1}
        if repeated and row == above[0] + 1 and sum(map(bool, above[1])) > 1:
            own = [*above[1], *[""] * len(cells)][: len(cells)]
            upper: list[str] = list(accumulate(own, _or_left))
            yield (
                row,
                [
                    f"{high}: {cell}" if cell in repeated and high else cell or own[place]
                    for place, (cell, high) in enumerate(zip(cells, upper, strict=True))
                ],
            )
        else:
            yield row, cells
        above = row, cells


def likeliest_headings(part: Part) -> tuple[int, list[str]]:
    """Return the row, of the first ones, with most cells that are words, and its cells; row 0 where there is none."""
    rows = [(row, list(cells)) for row, cells in enumerate(part.top, 1) if any(cells)]
    return max(rows, key=lambda found: (_words(found[1]), -found[0]), default=(0, []))


def _words(cells: Sequence[str]) -> int:
    return sum(bool(cell) and number(cell) is None for cell in cells)


def _kept(path: Path, row: int, headings: Sequence[str], chosen: set[str]) -> list[str]:
    """Return the chosen headings in file order.

    Of blank headings only the first column's can be chosen: that of a square's rows has often none. Raises BadData
    where two columns have one of the headings, or one that is passed over differs from it in case only.
    """
    kept = [heading for place, heading in enumerate(headings) if heading in chosen and (heading or not place)]
    passed_over = {folded(heading) for heading in headings if heading not in chosen}
    repeats = sorted({heading for heading in kept if kept.count(heading) > 1 or folded(heading) in passed_over})
    if repeats:
        fix = "two columns have this heading; rename or delete one"
        raise BadData(Fault(file=path.name, row=row, column=heading, fix=fix) for heading in repeats)
    if len(kept) > COLUMNS_MAX:
        raise refused(path, f"over {COLUMNS_MAX:,} columns; save only the columns needed")
    return kept


def _named(path: Path, parts: Sequence[Part], asked: str) -> Part:
    named = [part for part in parts if part.name == asked] or [
        part for part in parts if folded(part.name) == folded(asked)
    ]
    if len(named) != 1:
        there = f"there are {listed([part.name for part in parts])}" if any(part.kind for part in parts) else ""
        raise refused(path, f"it has no part {asked[:60]!r}; {there or 'it is one table: leave out what follows #'}")
    return named[0]
