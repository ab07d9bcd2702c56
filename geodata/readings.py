"""What was read of a file, so that people see it: the part, the row of headings, the columns and the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN_MOST = 20  # columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The part of one file that was read; the heading of each column by use; and every row, as used or left.

    `left` counts the rows that were not used, by the reason; `rows` is the number used and left.
    """

    file: str
    part: str = ""
    kind: str = ""
    """ "sheet" or "layer" of the part, "" for a file that is one table."""
    headings_row: int = 1
    rows: int = 0
    columns: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    left: Mapping[str, int] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    """Parts of the file that were not read."""
    encoding: str = ""
    """The encoding that a text was taken to be in, where its bytes do not prove one."""

    @property
    def rows_used(self) -> int:
        """Return the number of rows that were used."""
        return self.rows - sum(self.left.values())

    @property
    def words(self) -> str:
        """Return what was read, in one line."""
        return f"{', '.join(self._place())}: {'; '.join(self._told())}"

    def as_dict(self) -> dict[str, Any]:
        """Return what was read, as JSON holds it."""
        return {
            "file": self.file,
            self.kind or "part": self.part or None,
            "headings_row": self.headings_row,
            "rows": self.rows,
            "rows_used": self.rows_used,
            "rows_left": dict(self.left),
            "columns": dict(self.columns),
            "columns_not_used": list(self.unused),
            "parts_not_read": list(self.others),
            **({"taken_to_be_in": self.encoding} if self.encoding else {}),
        }

    def _place(self) -> Iterator[str]:
        yield self.file
        if self.kind:
            yield f"{self.kind} {self.part!r}"
        if self.encoding:
            yield f"taken to be in {self.encoding}"
        if self.headings_row == 0:
            yield "without headings"
        elif self.headings_row != 1:
            yield f"headings in row {self.headings_row}"

    def _told(self) -> Iterator[str]:
        yield f"{self.rows_used} of {self.rows} rows used" if self.left else f"{self.rows} rows"
        yield from (f"{count} {reason}" for reason, count in self.left.items() if count)
        if named := [f"{use} from {head!r}" if use != head else repr(use) for use, head in self.columns.items()]:
            yield f"columns: {_shortly(named)}"
        if self.unused:
            yield f"columns not used: {_shortly([repr(heading) for heading in self.unused])}"
        if self.others:
            yield f"{self.kind}s not read: {_shortly([repr(part) for part in self.others])}"


def _shortly(texts: list[str]) -> str:
    more = f" and {len(texts) - SHOWN_MOST} more" if len(texts) > SHOWN_MOST else ""
    return ", ".join(texts[:SHOWN_MOST]) + more
