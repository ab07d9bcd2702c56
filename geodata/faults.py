"""What is wrong with a file, told by place and fix, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")
SHOWN_MOST = 120  # letters of a value


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one place of one file, and what to do about it.

    `file` is a base name, `row` counts as a spreadsheet does (the heading is row 1; None speaks of the whole
    file), `value` is what was found there, `fix` is an instruction a reader can follow.
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
        """The fault as the command's JSON gives it."""
        value = self.value if isinstance(self.value, int | float | bool | None) else _short(str(self.value))
        return {"file": self.file, "row": self.row, "column": self.column, "value": value, "fix": self.fix}


class BadData(Exception):
    """Raised when data or a scenario cannot be used; carries every fault found, in reading order."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


class Faults:
    """Gathers what several readers have to say, so that all is told at once."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def of(self, read: Callable[[], T]) -> T | None:
        """What was read, or None, its faults being kept."""
        try:
            return read()
        except BadData as bad:
            self.found += bad.faults
            return None

    def refuse(self) -> None:
        """Raises BadData with every fault, if there is any."""
        if self.found:
            raise BadData(self.found)


def _short(value: object) -> object:
    """A text cut to what a line can show."""
    return f"{value[:SHOWN_MOST]}..." if isinstance(value, str) and len(value) > SHOWN_MOST else value
