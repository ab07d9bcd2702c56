"""The sheet to ask schools with. Text from files is never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from geodata.answers import SAID
from geodata.sheets import Cell, write_csv, write_workbook
from partition.papers import INTERNAL

HEADINGS = ("urn", "school", "partnership", "answer", "partners", "date")


def write_template(asked: Iterable[tuple[int, str, str]], out: Path) -> dict[str, str]:
    """As a workbook with a drop-down and as CSV: a row for each school, its URN, name and partnership ("" if none)."""
    rows: list[Sequence[Cell]] = [[urn, name, partnership, None, None, None] for urn, name, partnership in asked]
    files = {"workbook": out / "answers.xlsx", "table": out / "answers.csv"}
    write_workbook(
        files["workbook"], HEADINGS, rows, sheet="Answers", choices={"answer": SAID}, dates=["date"], header=INTERNAL
    )
    write_csv(files["table"], [HEADINGS, *rows])
    return {what: str(path) for what, path in files.items()}
