"""Faults of rules that do not fit the data: unknown schools, missing columns, columns without a number of pupils."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from geodata.cells import told_briefly
from geodata.counts import PUPILS_MAX
from geodata.faults import Fault
from geodata.urns import Urn
from partition.model.roster import Roster


def fault(key: str, value: object, fix: str) -> Fault:
    """Return the fault of a value in the table of rules."""
    return Fault(file="scenario", column=f"rules.{key}", value=value, fix=fix)


def unknown(roster: Roster, key: str, urns: Mapping[Urn, float] | frozenset[Urn]) -> Iterator[Fault]:
    """Yield a fault for each URN of a setting that is not in the area."""
    for urn in sorted(urns):
        if urn not in roster.area.index:
            yield fault(key, urn, _unknown(roster))


def _unknown(roster: Roster) -> str:
    return f"no school selected has this {roster.area.identifier.one}; correct it or take it out"


def not_taking_part(roster: Roster, key: str, urns: frozenset[Urn]) -> Iterator[Fault]:
    """Yield a fault for each URN of a setting that is not in the area or does not take part."""
    for urn in sorted(urns):
        if urn not in roster.area.index:
            yield fault(key, urn, _unknown(roster))
        elif urn not in roster.headship_of:
            why = roster.not_taking_part[urn]
            yield fault(key, urn, f"it does not take part ({why}); add it to except_in or associates, or take it out")


def no_column(roster: Roster, key: str, column: str) -> Iterator[Fault]:
    """Yield a fault where the area has no column of this heading."""
    if column not in roster.area.columns:
        there = ", ".join(sorted(roster.area.columns)) or "none"
        yield fault(key, column, f"the schools have no such column; there are: {there}")


def no_roll(roster: Roster, roll: str) -> Iterator[Fault]:
    """Yield a fault where the column is missing, or where schools that take part have no number of pupils there."""
    missing = list(no_column(roster, "robust", roll))
    yield from missing
    blank = [] if missing else [urn for urn in sorted(roster.headship_of) if not _has_count(roster, roll, urn)]
    faults = []
    for urn in blank:
        value = roster.area.columns[roll][roster.area.index[urn]]
        fix = (
            f"{roster.area.name_of(urn)} ({urn}) takes part and needs a number on roll there: correct the file, or, "
            f"for one that stands for every year, type --set data.pupils.{urn}=NUMBER"
        )
        faults.append(Fault(file="scenario", column=f"rules.robust, {roll}", value=value, fix=fix))
    yield from told_briefly(faults, "schools without a number on roll there")


def _has_count(roster: Roster, roll: str, urn: Urn) -> bool:
    count = roster.area.roll(roll, roster.area.index[urn])
    return count is not None and 0 <= count <= PUPILS_MAX
