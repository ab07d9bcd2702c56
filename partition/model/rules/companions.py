"""Who is together, apart, or kept as now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from geodata.faults import Fault
from partition.model.roster import Group, Roster
from partition.model.rules.rule import Breach, Rule, names
from partition.model.rules.unfit import fault, not_taking_part, unknown


@dataclass(frozen=True, slots=True)
class Together(Rule):
    """These schools are all in one partnership, or all not yet placed."""

    urns: frozenset[int]
    keys: ClassVar[Mapping[str, str]] = {"together": "lists of schools (URNs) to be in one partnership, or none placed"}

    def breaches(self, group: Group) -> Iterator[Breach]:
        inside = self.urns & set(group.urns)
        missing = self.urns - inside
        if inside and missing:
            words = f"{names(group, *sorted(inside))} without {names(group, *sorted(missing))}"
            yield Breach("together", tuple(sorted(self.urns)), words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from not_taking_part(roster, "together", self.urns)

    def words(self) -> str:
        return f"{len(self.urns)} schools kept together"


@dataclass(frozen=True, slots=True)
class LinkedTogether(Together):
    """Two schools that share something already, such as a post, are in one partnership, or both not yet placed."""

    kind: str
    keys: ClassVar[Mapping[str, str]] = {"together_kinds": "kinds of working links whose schools stay together"}
    private: ClassVar[bool] = True

    def breaches(self, group: Group) -> Iterator[Breach]:
        for breach in Together.breaches(self, group):
            yield Breach("together_kinds", breach.urns, breach.words, private=True)

    def words(self) -> str:
        return f"schools with a working link ({self.kind}) kept together"


@dataclass(frozen=True, slots=True)
class Apart(Rule):
    """No two of these schools are in one partnership."""

    urns: frozenset[int]
    keys: ClassVar[Mapping[str, str]] = {"apart": "lists of schools (URNs) no two of which share a partnership"}
    private: ClassVar[bool] = True

    def breaches(self, group: Group) -> Iterator[Breach]:
        inside = tuple(sorted(self.urns & set(group.urns)))
        if len({group.roster.headship_of[urn] for urn in inside}) > 1:
            yield Breach("apart", inside, f"{names(group, *inside)} are together", private=True)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from unknown(roster, "apart", self.urns)

    def words(self) -> str:
        return "some schools kept apart"


@dataclass(frozen=True, slots=True)
class Locked(Rule):
    """A partnership of today is kept: exactly as it is, or, if open, with others welcome. It overrides no rule."""

    name: str
    urns: frozenset[int]
    open: bool = False
    accepted: bool = False  # by all its schools, which is nobody else's business
    keys: ClassVar[Mapping[str, str]] = {
        "locked": "names of today's partnerships kept exactly as they are",
        "accepted": "as locked, since all their schools said yes; public outputs name none of them",
        "open_locked": "names of today's partnerships kept, that others may join",
    }

    @property
    def key(self) -> str:
        return "open_locked" if self.open else "accepted" if self.accepted else "locked"

    def breaches(self, group: Group) -> Iterator[Breach]:
        inside = self.urns & set(group.urns)
        wanted = self._whole(group.roster)
        if inside and (not wanted <= set(group.urns) or (not self.open and wanted != set(group.urns))):
            yield Breach(self.key, group.urns, f"{self.name} is not kept as now")

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        placed = {urn for group in groups for urn in group.urns}
        alone = tuple(sorted(self.urns & set(roster.headship_of) - placed))
        if alone:
            yield Breach(self.key, alone, f"{self.name} is kept as now, but some of its schools are in no partnership")

    def members(self, roster: Roster) -> frozenset[int]:
        """Its headships, by position in the roster."""
        return frozenset(roster.headship_of[urn] for urn in self.urns if urn in roster.headship_of)

    def _whole(self, roster: Roster) -> set[int]:
        return {urn for h in self.members(roster) for urn in roster.headships[h].urns}

    def faults(self, roster: Roster) -> Iterator[Fault]:
        if not self.members(roster):
            yield fault(self.key, self.name, "none of its schools takes part; take it out")

    def words(self) -> str:
        if self.accepted:
            return "some partnerships kept as they are"
        return f"{self.name} kept as now" + (", others may join" if self.open else "")


@dataclass(frozen=True, slots=True)
class Placed(Locked):
    """These schools are placed, in one partnership, whoever else is in it. No setting: a question that is asked."""

    open: bool = True
    keys: ClassVar[Mapping[str, str]] = {}

    def words(self) -> str:
        return f"{self.name} placed"
