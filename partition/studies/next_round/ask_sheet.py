"""The sheet in which schools answer. Text from files is never a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from geodata.answers import SAID
from geodata.files import together
from geodata.identifier import URN, IdentifierWords
from geodata.sheets import Cell, write_csv, write_workbook
from geodata.urns import Urn
from partition.formats.marks import INTERNAL

HEADINGS = ("urn", "school", "partnership", "answer", "partners", "date")


def write_template(
    schools: Iterable[tuple[Urn, str, int | None]],
    partnerships: Mapping[int, str],
    out: Path,
    identifier: IdentifierWords = URN,
) -> dict[str, str]:
    """Write the sheet as a workbook with a drop-down list and as CSV, and return the paths: one row for each school.

    `schools` are URN, name and partnership's number; schools of one partnership are listed together, those of none
    last. The first column is called by the schools' own word for it, where they have one.
    """
    own = identifier != URN and identifier.one.casefold() not in HEADINGS
    headings = (identifier.one if own else HEADINGS[0], *HEADINGS[1:])
    last = max(partnerships, default=0) + 1
    asked = sorted((number or last, urn, name) for urn, name, number in schools)
    called = {number: f"{number} {name}" for number, name in partnerships.items()}
    rows: list[Sequence[Cell]] = [[urn, name, called.get(number, ""), None, None, None] for number, urn, name in asked]
    files = {"workbook": out / "answers.xlsx", "table": out / "answers.csv"}
    choices = {"answer": SAID}
    with together():
        write_workbook(
            files["workbook"], headings, rows, sheet="Answers", choices=choices, dates=["date"], header=INTERNAL
        )
        write_csv(files["table"], [headings, *rows])
    return {what: str(path) for what, path in files.items()}
