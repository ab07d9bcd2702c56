"""Schools by size: how many there are, and how many are placed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partition.plans.account import Account


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Schools with `pupils_from` to `pupils_to` pupils (None: no upper end)."""

    pupils_from: int
    pupils_to: int | None
    schools: int
    pupils: int
    small: int  # small schools that take part
    placed: int  # small schools in a partnership
    associates: int

    @property
    def words(self) -> str:
        """Return the band in words: "under 50", "50 to 110", "210 or more"."""
        return _words(self.pupils_from, self.pupils_to)


def band_of(pupils: int, ends: Sequence[int]) -> int:
    """Return the position of a school's band: the first end is exclusive ("under 50"), the others inclusive."""
    return next((n for n, top in enumerate(tops(ends)) if pupils <= top), len(ends))


def tops(ends: Sequence[int]) -> list[int]:
    """Return the most pupils of each band with an end: from 50, 110, 150 these are 49, 110, 150."""
    return [ends[0] - 1, *ends[1:]] if ends else []


def band_words(ends: Sequence[int]) -> list[str]:
    """Return every band in words, by position: from 50 and 110 these are "under 50", "50 to 110", "111 or more"."""
    limits = tops(ends)
    return [_words(start, top) for start, top in zip(_starts(limits), [*limits, None], strict=True)]


def _starts(limits: Sequence[int]) -> list[int]:
    return [0, *(top + 1 for top in limits)]


def _words(pupils_from: int, pupils_to: int | None) -> str:
    if pupils_to is None:
        return f"{pupils_from} or more"
    return f"under {pupils_to + 1}" if pupils_from == 0 else f"{pupils_from} to {pupils_to}"


def bands(account: Account, ends: Sequence[int]) -> tuple[Band, ...]:
    """Return the bands of all schools of the area, by number on roll."""
    area, roster = account.area, account.problem.roster
    limits = tops(ends)
    found = []
    for n, start in enumerate(_starts(limits)):
        urns = [u for u, roll in zip(area.urns, area.pupils.tolist(), strict=True) if band_of(roll, ends) == n]
        small = [urn for urn in urns if roster.is_small(urn) and urn in roster.headship_of]
        found.append(
            Band(
                pupils_from=start,
                pupils_to=limits[n] if n < len(limits) else None,
                schools=len(urns),
                pupils=sum(int(area.pupils[area.index[urn]]) for urn in urns),
                small=len(small),
                placed=sum(account.role(urn) in ("placed", "federation") for urn in small),
                associates=sum(account.role(urn) == "associate" for urn in urns),
            )
        )
    return tuple(found)
