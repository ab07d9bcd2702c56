"""What in a table of pairs cannot be used, row by row and as a whole; and what its reader should know."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geodata.cells import as_text
from geodata.faults import ALIKE_MOST, Fault
from geodata.pairs.drives import Drives
from geodata.pairs.ends import CUT, NAMELESS, STRANGE, Ends
from geodata.pairs.headings import FROM, KM, MINUTES, TO
from geodata.pairs.reading import Pairs
from geodata.reach import Indices

MOST = {MINUTES: 1_440, KM: 2_000}
SHOWN = 10
ONE_WAY_SHARE = 2 / 3  # of the pairs: no island has so many one-way roads

Flags = NDArray[np.bool_]


def faults_of(drives: Drives, unread: Collection[str]) -> list[Fault]:
    """Return every fault of the rows. Amounts in the columns `unread` (minutes, km) are known to be in no such unit."""
    pairs = drives.pairs
    faults = [*_strangers(pairs, FROM, pairs.origin), *_strangers(pairs, TO, pairs.destination)]
    for name in drives.amounts:
        if name not in unread:
            faults += _amounts(drives, name)
    faults += [*_repeated(drives), *_missing(drives)]
    if drives.km is not None:
        gaps = ~np.isnan(drives.minutes) & np.isnan(drives.km)
        faults += _cells(pairs, KM, drives.at[gaps], "give km wherever there are minutes, or nowhere")
    if not faults:
        faults += _half_given(drives)
    return faults


def notices_of(drives: Drives) -> list[Fault]:
    """Return what a reader should know: drives from a school to itself, and schools with no way to them."""
    file, pairs = drives.pairs.file, drives.pairs
    notices = []
    if moved := int((np.nan_to_num(pairs.amounts[MINUTES].number[drives.at_home]) != 0).sum()):
        fix = "a school is 0 minutes from itself: the minutes there are left out"
        notices.append(Fault(file=file, column=pairs.columns.get(MINUTES, MINUTES), value=f"{moved:,} rows", fix=fix))
    there = _there(drives)
    if len(one_way := np.argwhere(there & ~there.T)):
        shown = ", ".join(f"{drives.urns[a]} to {drives.urns[b]}" for a, b in one_way[:SHOWN].tolist())
        fix = f"minutes in one direction only ({shown}{' ...' * (len(one_way) > SHOWN)}): taken as no way back"
        notices.append(Fault(file=file, column=MINUTES, value=f"{len(one_way):,} pairs", fix=fix))
    alone = np.flatnonzero(~(there | there.T).any(axis=1))
    if len(alone) and len(drives.urns) > 1:
        shown = ", ".join(str(drives.urns[at]) for at in alone[:SHOWN].tolist()) + " ..." * (len(alone) > SHOWN)
        fix = f"no way to or from any other school ({shown})"
        notices.append(Fault(file=file, column=MINUTES, value=f"{len(alone):,} schools", fix=fix))
    return notices


def _there(drives: Drives) -> Flags:
    """Return whether there is a way from each school to each other."""
    there = np.zeros((len(drives.urns),) * 2, dtype=np.bool_)
    there[drives.origin, drives.destination] = ~np.isnan(drives.minutes)
    return there


def _cells(pairs: Pairs, name: str, at: Indices, fix: str) -> list[Fault]:
    """Return a fault for the cell in each of these rows, shortened where there are many."""
    ends = {FROM: pairs.origin, TO: pairs.destination}
    faults = [
        Fault(
            file=pairs.file,
            row=int(pairs.row[place]),
            column=pairs.heading(name, place),
            value=ends[name].text(place) if name in ends else as_text(pairs.written(name, place)),
            fix=fix,
        )
        for place in (at if len(at) <= ALIKE_MOST else at[:1]).tolist()
    ]
    if rest := len(at) - len(faults):
        return [replace(faults[0], fix=f"{fix} (and {rest:,} more rows where {name} is wrong in the same way)")]
    return faults


def _strangers(pairs: Pairs, name: str, ends: Ends) -> Iterator[Fault]:
    """Yield faults of texts that name no school, each number once."""
    yield from _cells(pairs, name, np.flatnonzero(ends.place == NAMELESS), "give the school's identifier")
    zeros = "; one has it with other zeros before it, which a spreadsheet may have cut"
    for place, hint in ((STRANGE, ""), (CUT, zeros)):
        strange = np.flatnonzero(ends.place == place)
        first = strange[np.unique(ends.number[strange], return_index=True)[1]]
        yield from _cells(pairs, name, np.sort(first), f"no school has this URN; correct it, or delete its rows{hint}")


def _amounts(drives: Drives, name: str) -> Iterator[Fault]:
    number, is_wrong = drives.amounts[name], drives.pairs.amounts[name].is_wrong[drives.at]
    most = MOST[name]
    for flags, fix in (
        (is_wrong, "use a plain number, or leave it blank for no way"),
        (number < 0, "use 0 or more, and leave it blank where there is no way"),
        (number > most, f"use at most {most:,} {name}, or leave it blank for no way"),
    ):
        yield from _cells(drives.pairs, name, drives.at[flags], fix)


def _repeated(drives: Drives) -> list[Fault]:
    pair = drives.origin * len(drives.urns) + drives.destination
    again = np.ones(len(pair), dtype=np.bool_)
    again[np.unique(pair, return_index=True)[1]] = False
    return _cells(drives.pairs, TO, drives.at[again], "repeats a pair above; delete one")


def _missing(drives: Drives) -> Iterator[Fault]:
    given = np.eye(len(drives.urns), dtype=np.bool_)
    given[drives.origin, drives.destination] = True
    if len(missing := np.argwhere(~given)):
        shown = ", ".join(f"{drives.urns[a]} to {drives.urns[b]}" for a, b in missing[:SHOWN].tolist())
        more = " ..." if len(missing) > SHOWN else ""
        fix = f"{len(missing):,} ordered pairs are missing: {shown}{more}; add them, minutes blank for no way"
        yield Fault(file=drives.pairs.file, column="urn_from, urn_to", value=len(missing), fix=fix)


def _half_given(drives: Drives) -> Iterator[Fault]:
    """Yield the fault of a table without minutes, or with one direction only: half of a square left blank."""
    there = _there(drives)
    joined, one_way = int((there | there.T).sum()) // 2, int((there & ~there.T).sum())
    if len(drives.urns) > 1 and not joined:
        fix = "no pair of schools has minutes; is it the right column? Say which it is, as in "
        fix += f"--set travel.columns.{MINUTES}=HEADING"
        yield Fault(file=drives.pairs.file, column=MINUTES, value="", fix=fix)
    elif one_way > 1 and one_way > ONE_WAY_SHARE * joined:
        fix = "minutes in one direction only; fill in the other (the same, where it is), or leave both blank for no way"
        yield Fault(file=drives.pairs.file, column=MINUTES, value=f"{one_way:,} of {joined:,} pairs", fix=fix)
