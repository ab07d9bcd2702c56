"""A plan: which schools are together. It does not know how it was found, what it costs or whether it is allowed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True, order=True)
class Partnership:
    """Schools that work together, by ascending URN."""

    urns: tuple[int, ...]


@dataclass(frozen=True)
class Plan:
    """Partnerships in order of their lowest URN, and the schools that take part but are in none."""

    partnerships: tuple[Partnership, ...]
    alone: tuple[int, ...] = ()

    @classmethod
    def of(cls, groups: Iterable[Iterable[int]], taking_part: Iterable[int]) -> Plan:
        """The plan of these groups of URNs; every other URN that takes part is alone."""
        partnerships = tuple(sorted(Partnership(tuple(sorted(urns))) for urns in groups))
        together = {urn for partnership in partnerships for urn in partnership.urns}
        return cls(partnerships, tuple(sorted(set(taking_part) - together)))

    @cached_property
    def partnership_of(self) -> dict[int, int]:
        """URN to its partnership's number, counted from 1."""
        return {urn: n for n, partnership in enumerate(self.partnerships, 1) for urn in partnership.urns}

    def differs_from(self, other: Plan) -> tuple[int, ...]:
        """URNs of this plan's schools whose companions are others there: the schools of its partnership, or none."""
        here, there = (
            {urn: partnership.urns for partnership in plan.partnerships for urn in partnership.urns}
            for plan in (self, other)
        )
        return tuple(urn for urn in sorted((*here, *self.alone)) if here.get(urn) != there.get(urn))

    @property
    def digest(self) -> str:
        """SHA-256 of who is together and who is alone: equal plans have equal digests on any machine."""
        content = [[list(partnership.urns) for partnership in self.partnerships], list(self.alone)]
        return hashlib.sha256(json.dumps(content, separators=(",", ":")).encode()).hexdigest()
