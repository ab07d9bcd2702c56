"""Rolls of several years: the schools that each roll would make small, where one roll settles who takes part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from geodata.faults import Fault
from geodata.urns import Urn
from partition.model.roster import Roster

NAMED = 5


def crossing(roster: Roster, rolls: Sequence[str]) -> Iterator[Fault]:
    """Yield a notice for each roll by which other schools would be small than by the present roll.

    The present roll alone settles who takes part.
    """
    for roll in rolls:
        larger: list[Urn] = []
        smaller: list[Urn] = []
        for position, urn in enumerate(roster.area.urns):
            if roster.area.roll(roll, position) is None:
                continue
            small, then = roster.is_small(urn), roster.is_small_by(roll, position)
            (larger if small else smaller).extend([urn] if small != then else [])
        told = [f"{what} {_named(roster, urns)}" for what, urns in (("larger", larger), ("small", smaller)) if urns]
        if told:
            fix = f"who takes part is settled by the present roll, not by this one, by which are {'; '.join(told)}"
            yield Fault(file="scenario", column="rules.robust", value=roll, fix=fix)


def _named(roster: Roster, urns: Sequence[Urn]) -> str:
    shown = ", ".join(f"{roster.area.name_of(urn)} ({urn})" for urn in urns[:NAMED])
    return shown + (f" and {len(urns) - NAMED} more" if len(urns) > NAMED else "")
