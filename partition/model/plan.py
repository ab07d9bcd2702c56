"""A plan: the schools that are together. Other modules search for plans, price and judge plans."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from geodata.urns import Urn, urns_of


@dataclass(frozen=True, slots=True, order=True)
class Partnership:
    """Schools that work together, in ascending order of URN."""

    urns: tuple[Urn, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "urns", urns_of(self.urns))


@dataclass(frozen=True)
class Plan:
    """Partnerships, and the schools that take part but are in no partnership.

    Parameters
    ----------
    partnerships
        Partnerships in order of their lowest URN.
    alone
        URNs of schools in no partnership, ascending: small schools not yet placed, and associates alone.

    Examples
    --------
    >>> from partition import Plan
    >>> plan = Plan.of([[104, 103], [101, 102]], taking_part=[101, 102, 103, 104, 105])
    >>> plan.partnerships[0].urns, plan.alone
    (('101', '102'), ('105',))
    """

    partnerships: tuple[Partnership, ...]
    alone: tuple[Urn, ...] = ()

    @classmethod
    def of(cls, groups: Iterable[Iterable[object]], taking_part: Iterable[object]) -> Plan:
        """Return the plan of these groups of URNs, in any order; every other URN of `taking_part` is alone."""
        partnerships = tuple(sorted(Partnership(tuple(sorted(urns_of(urns)))) for urns in groups))
        together = {urn for partnership in partnerships for urn in partnership.urns}
        return cls(partnerships, tuple(sorted(set(urns_of(taking_part)) - together)))

    @cached_property
    def partnership_of(self) -> dict[Urn, int]:
        """The number of the partnership that each placed school is in, by URN; numbers count from 1."""
        return {urn: n for n, partnership in enumerate(self.partnerships, 1) for urn in partnership.urns}

    def differs_from(self, other: Plan) -> tuple[Urn, ...]:
        """Return the URNs of this plan's schools with other companions than in the other plan, or none in just one."""
        here, there = (
            {urn: partnership.urns for partnership in plan.partnerships for urn in partnership.urns}
            for plan in (self, other)
        )
        return tuple(urn for urn in sorted((*here, *self.alone)) if here.get(urn) != there.get(urn))

    @property
    def digest(self) -> str:
        """SHA-256 of the URNs together and alone, in hexadecimal: equal plans have equal digests on any machine."""
        groups = [[urn.plain for urn in partnership.urns] for partnership in self.partnerships]
        content = [groups, [urn.plain for urn in self.alone]]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
