"""Pupil counts as a file states and as the user corrects them: a missing count never becomes zero silently."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from geodata.cells import told_briefly, whole_number
from geodata.faults import Fault
from geodata.labels import is_blank
from geodata.urns import Urn

PUPILS_MAX = 5_000
IN_DOUBT = re.compile(r"\d{1,3}(\.\d{3})+", re.ASCII)  # "1.000": a thousand in one country, and one in another


@dataclass(frozen=True, slots=True)
class Counts:
    """Pupils by row, and the counts that were missing, wrong or corrected."""

    by_row: dict[int, int] = field(default_factory=dict)
    corrected: dict[Urn, tuple[int | None, int]] = field(default_factory=dict)  # by URN: was, now
    left_out: list[int] = field(default_factory=list)  # rows
    faults: list[Fault] = field(default_factory=list)
    notices: list[Fault] = field(default_factory=list)


def read_counts(
    texts: pd.Series,
    urns: Mapping[int, Urn],
    file: str,
    corrections: Mapping[Urn, int],
    missing: Literal["fault", "leave out"],
    hint: Callable[[int], str],
) -> Counts:
    """Return the count of each row; the correction of a URN takes precedence over the file.

    A missing count is a fault, or leaves the school out, as `missing` says. `hint` returns a suggestion for the count
    of a row.
    """
    counts = Counts()
    heading = str(texts.name)
    for row, text in zip(texts.index.tolist(), texts, strict=True):
        urn, was = urns.get(row), None if IN_DOUBT.fullmatch(text) else whole_number(text)
        if urn is not None and urn in corrections and _is_count(corrections[urn]):
            counts.by_row[row] = corrections[urn]
            counts.corrected[urn] = (was if _is_count(was) else None, corrections[urn])
            if was == corrections[urn]:
                fix = f"the file has this count already: the correction of {urn} can go"
                counts.notices.append(Fault(file=file, row=row, column=heading, value=text, fix=fix))
        elif is_blank(text) and missing == "leave out":
            counts.left_out.append(row)
        elif was is None or not _is_count(was):
            fix = _fix(text, urn, hint(row))
            counts.faults.append(
                Fault(file=file, row=row, column=heading, value=text, fix=fix, fix_for_all=_fix_for_all(text))
            )
        else:
            counts.by_row[row] = was
            if was == 0:
                fix = "no pupils: if the count is not known, leave it blank"
                counts.notices.append(Fault(file=file, row=row, column=heading, value=text, fix=fix))
    return counts


def correction_faults(
    corrections: Mapping[Urn, int], selected_urns: Collection[Urn], known_urns: Collection[Urn], file: str
) -> list[Fault]:
    """Return the faults of corrections that are no counts, or are of schools unknown or not selected."""
    faults = []
    for urn, pupils in sorted(corrections.items()):
        column = f"data.pupils.{urn}"
        if not _is_count(pupils):
            fix = f"use a whole number from 0 to {PUPILS_MAX:,}"
            faults.append(Fault(file=file, column=column, value=pupils, fix=fix))
        if urn not in selected_urns:
            what = "this school is not among those selected" if urn in known_urns else "no school has this URN"
            faults.append(Fault(file=file, column=column, value=pupils, fix=f"{what}; remove the correction"))
    return faults


def read_forecast(texts: pd.Series, corrected: Collection[Urn], file: str) -> tuple[dict[Urn, int], list[Fault]]:
    """Return the counts in another column by URN, such as a forecast, for schools without a correction; and faults."""
    found: dict[Urn, int] = {}
    faults = []
    for urn, text in zip(texts.index.tolist(), texts, strict=True):
        count = whole_number(text)
        if urn in corrected:
            continue
        if _is_count(count) and count is not None:
            found[urn] = count
        else:
            fix = f"use a whole number from 0 to {PUPILS_MAX:,} for {urn}, or type --set data.pupils.{urn}=NUMBER"
            faults.append(Fault(file=file, column=str(texts.name), value=text, fix=fix))
    return found, told_briefly(faults, "schools without a count there")


def _is_count(pupils: int | None) -> bool:
    return isinstance(pupils, int) and 0 <= pupils <= PUPILS_MAX


def _fix(text: str, urn: Urn | None, hint: str) -> str:
    """Return the instruction for a missing or wrong count."""
    typed = f"--set data.pupils.{urn}=NUMBER" if urn else "a number in the file"
    if is_blank(text):
        return f'type {typed}{hint}, or --set data.missing_pupils="leave out"'
    return f"use a whole number from 0 to {PUPILS_MAX:,}, in the file or by {typed}{hint}"


def _fix_for_all(text: str) -> str:
    """Return the instruction where many counts are missing, or many are wrong."""
    if is_blank(text):
        return 'type the counts into the file, or --set data.missing_pupils="leave out"'
    return f"use whole numbers from 0 to {PUPILS_MAX:,} in the file"
