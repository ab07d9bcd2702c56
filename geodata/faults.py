"""Faults of files, each with its place and an instruction, all reported at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
SHOWN_MOST = 120  # characters of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one place of one file, and an instruction for a reader.

    `file` is a base name, `row` counts as a spreadsheet does (the heading is row 1; None means the whole file), `value`
    is the content found there, `fix` is the instruction.
    """

    file: str
    row: int | None = None
    column: str = ""
    value: object = None
    fix: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column:
            place += f", {self.column} = {_short(self.value)!r}"
        return f"{place}: {self.fix}"

    def as_dict(self) -> dict[str, object]:
        """Return the fault as in the command's JSON."""
        value = self.value if isinstance(self.value, int | float | bool | None) else _short(str(self.value))
        return {"file": self.file, "row": self.row, "column": self.column, "value": value, "fix": self.fix}


class BadData(Exception):
    """An exception for data, or a scenario, that cannot be used; with every fault found, in reading order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
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


def _short(value: object) -> object:
    """Return a text shortened to fit on a line; any other value unchanged."""
    return f"{value[:SHOWN_MOST]}..." if isinstance(value, str) and len(value) > SHOWN_MOST else value
