"""Which schools of a register are chosen: the open ones of its primary phases, of the authorities wanted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import pandas as pd

from geodata import gias
from geodata.cells import listed
from geodata.faults import BadData, Fault
from geodata.labels import folded, is_value
from geodata.registers import Register
from geodata.urns import Urn


def select(
    rows: pd.DataFrame,
    register: Register,
    file: str,
    local_authority: str | Sequence[str] | None,
    phases: Sequence[str],
    also: Collection[Urn],
    urn: str,
) -> tuple[pd.DataFrame, dict[str, int], dict[str, str]]:
    """Return the rows chosen, the number of others by the first reason, and the columns that decided.

    `phases` are the register's own words, "all", or England's default, which stands for the register's primary phases.
    Schools in `also` (of the column `urn`) are chosen whatever their phase. Without an authority the file must hold
    one only.

    Raises BadData, listing what the file has, for an authority or phase that it lacks, and where no school is left.
    """
    decided = {
        use: heading
        for use, names in (
            (gias.AUTHORITY, (*register.authority, *register.authority_name)),
            (gias.STATUS, register.status),
            (gias.TYPE_GROUP, register.funding),
            (gias.PHASE, (*register.phase, *register.primary_where)),
        )
        if (heading := register.found(names, list(rows.columns))) is not None
    }
    wanted, faults = _authorities(rows, register, file, local_authority)
    is_default = tuple(phases) == gias.PRIMARY
    by_words = register.found(register.phase, list(rows.columns))
    if by_words is not None and not is_default:
        faults += _phase_faults(rows[by_words], phases, file)
    elif by_words is None and not is_default and list(map(folded, phases)) != [gias.ALL_PHASES]:
        fix = f'{register.words} has no column of phases; take phases out, or say ["all"]'
        faults.append(Fault(file=file, column="data.phases", value=", ".join(phases), fix=fix))
    if faults:
        raise BadData(faults)
    kept = pd.Series(True, index=rows.index)
    left: dict[str, int] = {}
    asked = register.primary_words if is_default else phases
    for reason, fits in _criteria(rows, register, decided, wanted, asked, {str(one) for one in also}, urn):
        if out := int((kept & ~fits).sum()):
            left[reason] = out
        kept &= fits
    if not kept.any():
        told = "; ".join(f"{count:,} {reason}" for reason, count in left.items())
        fix = f"no open primary school is left of {register.words}: {told}; say others, as in data.phases"
        raise BadData([Fault(file=file, fix=fix)])
    return rows[kept], left, decided


def _criteria(
    rows: pd.DataFrame,
    register: Register,
    decided: dict[str, str],
    wanted: Collection[str] | None,
    phases: Sequence[str],
    also: Collection[str],
    urn: str,
) -> Iterator[tuple[str, pd.Series]]:
    """Yield why a school is not chosen, and which rows fit, for each column that there is."""
    if wanted is not None:
        yield "of other authorities", _names_of(rows, register).map(lambda names: bool(names & set(wanted)))
    if gias.STATUS in decided:
        yield "not open", rows[decided[gias.STATUS]].map(folded).isin(set(map(folded, register.open_words)))
    if gias.TYPE_GROUP in decided:
        yield "not state-funded", ~rows[decided[gias.TYPE_GROUP]].map(folded).str.startswith(register.private_words)
    if gias.PHASE in decided and gias.ALL_PHASES not in set(map(folded, phases)):
        said = rows[decided[gias.PHASE]]
        fits = said.map(folded).isin(set(map(folded, phases))) if register.phase else said.map(is_value)
        yield "of other phases", fits | rows[urn].isin(also)


def _names_of(rows: pd.DataFrame, register: Register) -> pd.Series:
    """Return the code and the names that each school's authority has in the file, folded."""
    there = [register.found([name], list(rows.columns)) for name in (*register.authority, *register.authority_name)]
    columns = [heading for heading in dict.fromkeys(there) if heading is not None]
    return pd.Series([{folded(cell) for cell in cells if cell} for cells in rows[columns].to_numpy()], index=rows.index)


def _authorities(
    rows: pd.DataFrame, register: Register, file: str, local_authority: str | Sequence[str] | None
) -> tuple[set[str] | None, list[Fault]]:
    """Return the codes and names wanted, None for all; and the faults."""
    headings = list(rows.columns)
    code = register.found((*register.authority, *register.authority_name), headings)
    if code is None:
        if local_authority is None:
            return None, []
        fix = f"this file of {register.words} has no column of authorities; remove it"
        return None, [Fault(file=file, column="data.local_authority", value=local_authority, fix=fix)]
    name = register.found(register.authority_name, headings)
    pairs = dict(zip(rows[code], rows[name] if name is not None else [""] * len(rows), strict=True))
    there = listed([f"{one} ({called})" if called else one for one, called in sorted(pairs.items()) if one])
    if local_authority is None:
        if len(pairs) <= 1:
            return None, []
        fix = f'say which authority, as in --set data.local_authority=CODE, or "all"; the file has {there}'
        return None, [Fault(file=file, column=code, fix=fix)]
    asked = [local_authority] if isinstance(local_authority, str) else list(local_authority)
    if asked == ["all"]:
        return None, []
    known = set().union(*_names_of(rows, register))
    return {folded(one) for one in asked}, [
        Fault(file=file, column=code, value=one, fix=f"no such authority here; the file has {there}")
        for one in asked
        if folded(one) not in known
    ]


def _phase_faults(said: pd.Series, phases: Sequence[str], file: str) -> list[Fault]:
    there = sorted(set(said) - {""})
    known = {*map(folded, there), gias.ALL_PHASES}
    return [
        Fault(file=file, column=str(said.name), value=phase, fix=f"no such phase; the file has {listed(there)}")
        for phase in phases
        if folded(phase) not in known
    ]
