"""Faults of files, each with its place and an instruction, all reported at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

T = TypeVar("T")
SHOWN_MOST = 120  # characters of a value
ALIKE_MOST = 10  # faults that are told one by one; more of a kind are one
NAMED_MOST = 5  # of those alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one place of one file, and an instruction for a reader.

    `file` is a base name, `row` counts as a spreadsheet does (the heading is row 1; None means the whole file), `value`
    is the content found there, `fix` is the instruction, `school` says which one it is about, and `fix_for_all` is the
    instruction where many schools have the same fault. `members` are the faults that this one stands for.
    """

    file: str
    row: int | None = None
    column: str = ""
    value: object = None
    fix: str
    school: str = ""
    fix_for_all: str = ""
    members: tuple[Fault, ...] = ()

    def __post_init__(self) -> None:
        if not self.fix.strip():
            raise ValueError(f"a fault of {self.file} says no fix")

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column}" + ("" if self.value is None else f" = {_short(self.value)!r}")
        return f"{place}: {self.fix}{f' [{self.school}]' if self.school else ''}"

    def as_dict(self) -> dict[str, object]:
        """Return the fault as in the command's JSON."""
        value = self.value if isinstance(self.value, int | float | bool | None) else _short(str(self.value))
        told = {"file": self.file, "row": self.row, "column": self.column, "value": value, "fix": self.fix}
        return {**told, "school": self.school} if self.school else told


class BadData(Exception):
    """An exception for data, or a scenario, that cannot be used; with every fault found, in reading order.

    Of many faults alike there is one.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(gathered(tuple(faults)))
        super().__init__("\n".join(map(str, self.faults)))


class Faults:
    """Faults collected from several readers, to be reported at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def of(self, read: Callable[[], T]) -> T | None:
        """Return the result of a reader; where the reader raises BadData, keep its faults and return None."""
        try:
            return read()
        except BadData as bad:
            self.found += bad.faults
            return None

    def refuse(self) -> None:
        """Raise BadData with every fault, if there is any."""
        if self.found:
            raise BadData(self.found)


def gathered(faults: Sequence[Fault], most: int = ALIKE_MOST) -> list[Fault]:
    """Return faults with one in place of more than `most` alike: of one column, with the same words to mend them."""
    if len(faults) <= most:
        return list(faults)
    alike: dict[tuple[str, str, bool, str], list[Fault]] = {}
    for fault in faults:
        words = re.sub(r"\d[\d,.]*|'[^']*'|\([^)]*\)", "", fault.fix)
        alike.setdefault((fault.file, fault.column, fault.row is None, words), []).append(fault)
    many = {id(fault): kind for kind in alike.values() if len(kind) > most for fault in kind}
    firsts = {id(kind[0]) for kind in alike.values()}
    return [
        _one(many[id(fault)]) if id(fault) in many else fault
        for fault in faults
        if id(fault) not in many or id(fault) in firsts
    ]


def _one(faults: Sequence[Fault]) -> Fault:
    """Return one fault in place of several alike; it stands in the row of the first."""
    first = faults[0]
    if first.school:
        named = [fault.school for fault in faults[:NAMED_MOST]]
    elif first.row is not None:
        named = [f"row {fault.row}" for fault in faults[:NAMED_MOST]]
    else:
        named = [str(_short(fault.value)) for fault in faults[:NAMED_MOST]]
    who = f"{len(faults):,} alike: {', '.join(named)} and {len(faults) - len(named):,} more"
    return replace(
        first, fix=f"{first.fix_for_all or first.fix} ({who})", school="", fix_for_all="", members=tuple(faults)
    )


def _short(value: object) -> object:
    """Return a text shortened to fit on a line; any other value unchanged."""
    return f"{value[:SHOWN_MOST]}..." if isinstance(value, str) and len(value) > SHOWN_MOST else value
