"""Schools grouped by a label: headships, today's partnerships, any proposal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from geodata.cells import find_heading, in_reading_order, need_heading, no_such_heading
from geodata.faults import BadData, Fault
from geodata.labels import error_faults, first_spellings, is_value, is_zero, spelling_notices
from geodata.opening import Source
from geodata.parts import file_and_part
from geodata.readings import Reading
from geodata.successors import Now, made_one, unless_there
from geodata.tables import read_table
from geodata.urns import Urn, read_urns, strangers

PLAN_HEADINGS = frozenset({"urn", "role", "partnership", "partnership_name", "reason"})  # of a plan's layer of schools
SAYS_YES, SAYS_NO = ("yes", "y", "true"), ("no", "n", "false")  # answers, and no names of groups


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """The label of each selected school that has a label."""

    labels: dict[Urn, str]
    """By URN, ascending."""
    out_of_reach: tuple[tuple[Urn, str], ...]
    """URN and label of schools that are known but not selected, by URN."""
    notices: tuple[Fault, ...]
    source: Source
    reading: Reading


def read_groups(
    path: Path | str, *, label: str, known_urns: Collection[Urn], selected_urns: Collection[Urn], now: Now = str
) -> Groups:
    """Read a table of urn and `label`; in a table of two columns, the other column may have any heading.

    The file of an earlier plan is accepted too: its schools in no partnership, or no longer known, are in no group.
    Labels that differ in case, spaces or the kind of quotes are one, spelt as the first. `now` gives what a school of
    an earlier year goes by today; schools made one stand in their group once. Raises BadData for an unknown or repeated
    URN, and for a blank label.
    """
    given, path = path, file_and_part(path)[0]
    table = read_table(given, lambda headings: _two(path, headings, label))
    urn_heading, label_heading = _two(path, table.headings, label)
    labels, named = table.frame[label_heading], unless_there(table.frame[urn_heading], now)
    if table.geometry is not None and set(table.headings) >= PLAN_HEADINGS:
        labels = labels[(labels != "") & named.isin(known_urns)]
    in_none = len(table.frame) - len(labels)
    spelt = first_spellings(labels)
    labels = labels.map(spelt)
    labels = labels[~made_one(table.frame[urn_heading], named, labels)]
    urns, faults = read_urns(named.loc[labels.index], path.name)
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
    faults += [
        Fault(file=path.name, row=row, column=label_heading, value=text, fix=_no_name(label))
        for row, text in zip(labels.index.tolist(), labels, strict=True)
        if text.casefold() in (*SAYS_YES, *SAYS_NO)
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
        notices=(
            *table.notices,
            *spelling_notices(spelt, path.name, label_heading),
            *(Fault(file=path.name, row=row, column=urn_heading, value=urn, fix=fix) for urn, row in outside),
        ),
        source=table.source,
        reading=replace(
            table.reading,
            columns={"urn": urn_heading, label: label_heading},
            unused=tuple(head for head in table.headings if head and head not in (urn_heading, label_heading)),
            left={
                reason: rows
                for reason, rows in (("of schools not selected", len(outside)), ("in no group", in_none))
                if rows
            },
        ),
    )


def groups_from_column(frame: pd.DataFrame, column: str, file: str = "schools", label: str = "group") -> dict[Urn, str]:
    """Return the labels in a column, by URN; a school without a value, or with a plain no, is in no group.

    Labels that differ in case, spaces or the kind of quotes are one, spelt as the first. Raises BadData where there is
    no such column, and for an error of a spreadsheet or a plain yes in place of a name; `file` is then the name of the
    schools' file in the fault.
    """
    if column not in frame.columns:
        raise BadData([no_such_heading(file, column, [str(heading) for heading in frame.columns])])
    texts = frame[column].sort_index()
    if wrong := error_faults(texts.to_frame(), file):
        raise BadData([replace(fault, row=None) for fault in wrong])
    if said := [text for text in texts.unique() if text.casefold() in SAYS_YES]:
        raise BadData([Fault(file=file, column=column, value=said[0], fix=_no_name(label))])
    spelt = first_spellings(texts)
    in_group = texts[texts.map(is_value) & ~texts.str.casefold().isin(SAYS_NO)]
    return {urn: spelt[text] for urn, text in zip(in_group.index, in_group, strict=True)}


def notices_of_column(frame: pd.DataFrame, column: str, file: str, label: str) -> list[Fault]:
    """Return what is to be known about the labels in a column: spellings read as one, and zeros taken as none."""
    texts = frame[column].sort_index()
    notices = spelling_notices(first_spellings(texts), file, column)
    if zeros := int(texts.map(is_zero).sum()):
        notices.append(Fault(file=file, column=column, value="0", fix=f"{zeros} schools have 0: taken as no {label}"))
    return notices


def _no_name(label: str) -> str:
    return f"an answer, and no name of a {label}; name the {label}, or leave it blank where there is none"


def _two(path: Path, headings: Sequence[str], label: str) -> tuple[str, str]:
    """Return the headings of the URN and of the label."""
    urn_heading = need_heading(path, headings, "urn")
    if set(headings) >= PLAN_HEADINGS:
        return urn_heading, need_heading(path, headings, f"{label}_name")
    others = [heading for heading in headings if heading and heading != urn_heading]  # a blank one names no column
    if find_heading(others, label) is None and len(others) == 1:
        return urn_heading, others[0]
    return urn_heading, need_heading(path, others, label)
