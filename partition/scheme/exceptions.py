"""Schools that take part, or do not, because somebody decided this by name: each with the reason recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from geodata.urns import Urn
from partition.plans.account import Account
from partition.settings.rules import Rules

What = Literal["over the limit, treated as small", "named as not taking part", "larger, may join as an associate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionMade:
    """One school's exception. `reason` is for internal papers only, and "" where none is recorded."""

    urn: Urn
    name: str
    pupils: int
    what: What
    reason: str


def exceptions_made(account: Account, rules: Rules) -> tuple[ExceptionMade, ...]:
    """Return every exception, by URN; schools that answered no count as named as not taking part."""
    area = account.area
    kinds: dict[What, list[Urn]] = {
        "over the limit, treated as small": rules.except_in,
        "named as not taking part": rules.except_out,
        "larger, may join as an associate": rules.associates,
    }
    found = [
        ExceptionMade(
            urn=urn,
            name=area.name_of(urn),
            pupils=int(area.pupils[area.index[urn]]),
            what=what,
            reason=rules.except_reasons.get(urn, ""),
        )
        for what, urns in kinds.items()
        for urn in urns
    ]
    return tuple(sorted(found, key=lambda one: one.urn))
