"""Schools grouped by a label: headships, today's partnerships, any proposal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from geodata.cells import find_heading, in_reading_order, need_heading, no_such_heading
from geodata.faults import BadData, Fault
from geodata.opening import Source
from geodata.tables import read_table
from geodata.urns import Urn, read_urns, strangers

PLAN_HEADINGS = frozenset({"urn", "role", "partnership", "partnership_name", "reason"})  # of a plan's layer of schools
NO_VALUES = frozenset(
    {
        "",
        "-",
        "n/a",
        "na",
        "nan",
        "none",
        "null",
        "unknown",
        "not known",
        "not recorded",
        "not applicable",
        "does not apply",
        "not under a federation",
        "not supported by a trust",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """The label of each selected school that has a label."""

    labels: dict[Urn, str]
    """By URN, ascending."""
    out_of_reach: tuple[tuple[Urn, str], ...]
    """URN and label of schools that are known but not selected, by URN."""
    notices: tuple[Fault, ...]
    source: Source


def is_value(text: str) -> bool:
    """Return whether a cell holds a value; blanks, "Not applicable" and the like are none."""
    return text.strip().casefold() not in NO_VALUES


def read_groups(path: Path | str, *, label: str, known_urns: Collection[Urn], selected_urns: Collection[Urn]) -> Groups:
    """Read a table of urn and `label`; in a table of two columns, the other column may have any heading.

    The file of an earlier plan is accepted too: its schools in no partnership, or no longer known, are in no group.
    Raises BadData for an unknown or repeated URN, and for a blank label.
    """
    path = Path(path)
    table = read_table(path, lambda headings: _two(path, headings, label))
    urn_heading, label_heading = _two(path, table.headings, label)
    labels = table.frame[label_heading]
    if table.geometry is not None and set(table.headings) >= PLAN_HEADINGS:
        labels = labels[(labels != "") & table.frame[urn_heading].isin(known_urns)]
    urns, faults = read_urns(table.frame.loc[labels.index, urn_heading], path.name)
    faults += strangers(urns, known_urns, path.name, urn_heading)
    faults += [
        Fault(
            file=path.name,
            row=row,
            column=label_heading,
            value=text,
            fix=f"name the {label}, or delete the row",
        )
        for row, text in zip(labels.index.tolist(), labels, strict=True)
        if not is_value(text)
    ]
    if faults:
        raise BadData(in_reading_order(faults))
    selected = set(selected_urns)
    ordered = sorted((urn, row) for row, urn in urns.items())
    outside = [(urn, row) for urn, row in ordered if urn not in selected]
    fix = f"not among the schools selected: left out of its {label}"
    return Groups(
        labels={urn: labels[row] for urn, row in ordered if urn in selected},
        out_of_reach=tuple((urn, labels[row]) for urn, row in outside),
        notices=tuple(Fault(file=path.name, row=row, column=urn_heading, value=urn, fix=fix) for urn, row in outside),
        source=table.source,
    )


def groups_from_column(frame: pd.DataFrame, column: str, file: str = "schools") -> dict[Urn, str]:
    """Return the labels in a column, by URN; a school without a value is in no group.

    Raises BadData where there is no such column; `file` is then the name of the schools' file in the fault.
    """
    if column not in frame.columns:
        raise BadData([no_such_heading(file, column, [str(heading) for heading in frame.columns])])
    texts = frame[column].sort_index()
    return {urn: text for urn, text in zip(texts.index, texts, strict=True) if is_value(text)}


def _two(path: Path, headings: Sequence[str], label: str) -> tuple[str, str]:
    """Return the headings of the URN and of the label."""
    urn_heading = need_heading(path, headings, "urn")
    if set(headings) >= PLAN_HEADINGS:
        return urn_heading, need_heading(path, headings, f"{label}_name")
    others = [heading for heading in headings if heading and heading != urn_heading]  # a blank one names no column
    if find_heading(others, label) is None and len(others) == 1:
        return urn_heading, others[0]
    return urn_heading, need_heading(path, others, label)
