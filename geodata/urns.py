"""Columns of unique reference numbers (URNs) of schools, read and checked against the known ones."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from geodata.cells import in_reading_order, told_briefly, whole_number
from geodata.faults import Fault

URN_MAX = 10**9


def read_urn(text: str, file: str, row: int, column: str) -> int | Fault:
    """Return the URN in a text, or the fault of a text that is no URN."""
    urn = whole_number(text)
    if urn is None or not 0 < urn < URN_MAX:
        return Fault(file=file, row=row, column=column, value=text, fix="give the school's URN, a whole number")
    return urn


def read_urns(texts: pd.Series, file: str) -> tuple[dict[int, int], list[Fault]]:
    """Return the URNs by row, each at its first place; and the faults of invalid texts and of repeats."""
    urns: dict[int, int] = {}
    first_row: dict[int, int] = {}
    odd: list[Fault] = []
    repeats: list[Fault] = []
    for row, text in zip(texts.index.tolist(), texts, strict=True):
        urn = read_urn(text, file, row, str(texts.name))
        if isinstance(urn, Fault):
            odd.append(urn)
        elif urn in first_row:
            fix = f"repeats row {first_row[urn]}; delete one of them"
            repeats.append(Fault(file=file, row=row, column=str(texts.name), value=urn, fix=fix))
        else:
            urns[row] = urn
            first_row[urn] = row
    faults = [*told_briefly(odd, "texts that are no URN"), *told_briefly(repeats, "rows that repeat a URN")]
    return urns, in_reading_order(faults)


def strangers(urns: dict[int, int], known_urns: Collection[int], file: str, column: str) -> list[Fault]:
    """Return a fault for each row with an unknown URN, shortened where there are many."""
    faults = [
        Fault(file=file, row=row, column=column, value=urn, fix="no school has this URN; correct or delete it")
        for row, urn in urns.items()
        if urn not in known_urns
    ]
    return told_briefly(faults, "URNs that no school has")
