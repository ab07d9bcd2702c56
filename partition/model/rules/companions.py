"""Rules on companions: schools that are together, apart, or locked in a partnership of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from geodata.faults import BadData, Fault
from geodata.urns import Urn, urns_of
from partition.model.roster import Group, Roster
from partition.model.rules.rule import Asked, Breach, Keys, Rule, names, without
from partition.model.rules.unfit import fault, not_taking_part, unknown

if TYPE_CHECKING:
    from partition.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class Together(Rule):
    """Schools kept together: these schools are all in one partnership, or all not yet placed.

    Parameters
    ----------
    urns
        The URNs of the schools, all of which must take part.
    """

    urns: frozenset[Urn]
    keys: ClassVar[tuple[str, ...]] = ("together",)
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"together"})

    def __post_init__(self) -> None:
        object.__setattr__(self, "urns", frozenset(urns_of(self.urns)))

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        yield from (cls(frozenset(urns)) for urns in asked.rules.together)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return _without_list("together", self.urns, stated)

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
    """Linked schools kept together: two schools with a link of one kind are in one partnership, or both not yet placed.

    Parameters
    ----------
    urns
        The URNs of the two schools, which must take part.
    kind
        The kind of the link in a few words, such as "shared post".
    """

    kind: str
    keys: ClassVar[tuple[str, ...]] = ("together_kinds",)
    private: ClassVar[bool] = True
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"together_kinds"})

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        """Yield a rule for each link of the kinds in `together_kinds` between two headships that both take part."""
        kinds = {kind.casefold() for kind in asked.rules.together_kinds}
        links = [link for link in asked.area.links if link.kind.casefold() in kinds]
        for link in links:
            heads = {asked.roster.headship_of.get(urn) for urn in (link.urn_a, link.urn_b)}
            if len(heads) == 2 and None not in heads:
                yield cls(frozenset((link.urn_a, link.urn_b)), link.kind)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        """Return the kinds without this one: no setting leaves out one link of a kind."""
        kinds = [kind for kind in stated.together_kinds if kind.casefold() != self.kind.casefold()]
        return {"together_kinds": kinds} if then is None and len(kinds) < len(stated.together_kinds) else None

    def breaches(self, group: Group) -> Iterator[Breach]:
        for breach in Together.breaches(self, group):
            yield Breach("together_kinds", breach.urns, breach.words, private=True)

    def words(self) -> str:
        return f"schools with a working link ({self.kind}) kept together"


@dataclass(frozen=True, slots=True)
class Apart(Rule):
    """Schools kept apart: no two of these schools are in one partnership, unless one head leads both.

    Heads whose answers both say that the other is not wanted are kept apart too.

    Parameters
    ----------
    urns
        The URNs of the schools, all of which must be in the area.
    """

    urns: frozenset[Urn]
    keys: ClassVar[tuple[str, ...]] = ("apart",)
    private: ClassVar[bool] = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "urns", frozenset(urns_of(self.urns)))

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        yield from (cls(frozenset(urns)) for urns in asked.rules.apart)
        if any(answer.not_wanted for answer in asked.area.answers.values()):
            heads = asked.roster.headships
            yield from (
                cls(frozenset((heads[a].base_urn, heads[b].base_urn))) for a, b in asked.roster.refused_both_ways
            )

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return _without_list("apart", self.urns, stated)

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
    """A locked partnership of today: all its schools that take part are in one partnership.

    Every other rule still applies.

    Parameters
    ----------
    name
        The name of the partnership, for people.
    urns
        The URNs of its schools, at least one of which must take part.
    open
        Whether other schools may join; if not, the partnership is kept exactly.
    accepted
        Whether all its schools agreed to it, which is private.
    approved
        Whether it was approved, so that only its release by name ends the lock.
    """

    name: str
    urns: frozenset[Urn]
    open: bool = False
    accepted: bool = False  # all its schools agreed to it, which is private
    approved: bool = False
    keys: ClassVar[tuple[str, ...]] = ("locked", "accepted", "open_locked", "approved")

    def __post_init__(self) -> None:
        object.__setattr__(self, "urns", frozenset(urns_of(self.urns)))

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        today = {partnership.name: frozenset(partnership.urns) for partnership in asked.area.existing}
        every = [
            (key, name)
            for key in ("locked", "open_locked", "accepted", "approved")
            for name in getattr(asked.rules, key)
        ]
        named = [(key, name) for key, name in every if (key, name not in asked.rules.released) != ("approved", False)]
        there = ", ".join(sorted(today)) or "none; give data.existing"
        fix = f"no partnership of today has this name; there are: {there}"
        faults = [fault(key, name, fix) for key, name in named if name not in today]
        if faults:
            raise BadData(faults)
        for key, name in named:
            yield cls(name, today[name], key == "open_locked", key == "accepted", key == "approved")

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        if self.approved:
            return {"released": [*stated.released, self.name]}
        return None if stated.keep else without(self.key, self.name, stated)  # `keep` locks the partnership again

    @property
    def key(self) -> str:
        if self.approved:
            return "approved"
        return "open_locked" if self.open else "accepted" if self.accepted else "locked"

    def breaches(self, group: Group) -> Iterator[Breach]:
        inside = self.urns & set(group.urns)
        wanted = self._whole(group.roster)
        if inside and (not wanted <= set(group.urns) or (not self.open and wanted != set(group.urns))):
            yield Breach(self.key, group.urns, f"{self.name} is not kept as now", private=self.accepted)

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        placed = {urn for group in groups for urn in group.urns}
        alone = tuple(sorted(self.urns & set(roster.headship_of) - placed))
        if alone:
            words = f"{self.name} is kept as now, but some of its schools are in no partnership"
            yield Breach(self.key, alone, words, private=self.accepted)
        for group in groups:
            if group.already:  # it breaks no rule on partnerships, but with others in the lock the lock is not kept
                yield from self.breaches(group)

    def members(self, roster: Roster) -> frozenset[int]:
        """Return the headships of the partnership that take part, by position in the roster."""
        return frozenset(roster.headship_of[urn] for urn in self.urns if urn in roster.headship_of)

    def demanded(self, roster: Roster) -> frozenset[int]:
        """Return the members that a search has to place: none of a lock that is one headship, a partnership already."""
        members = self.members(roster)
        return frozenset() if roster.group(members).already else members

    def _whole(self, roster: Roster) -> set[Urn]:
        return {urn for h in self.members(roster) for urn in roster.headships[h].urns}

    def faults(self, roster: Roster) -> Iterator[Fault]:
        if not self.members(roster):
            yield fault(self.key, self.name, "none of its schools takes part; take it out")

    def words(self) -> str:
        if self.accepted:
            return "some partnerships kept as they are"
        if self.approved:
            return f"{self.name} kept as it was approved"
        return f"{self.name} kept as now" + (", others may join" if self.open else "")


@dataclass(frozen=True, slots=True)
class Placed(Locked):
    """Schools that are placed in one partnership, with any others. A rule without a setting, for questions in code."""

    open: bool = True
    keys: ClassVar[tuple[str, ...]] = ()

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        return iter(())

    def words(self) -> str:
        return f"{self.name} placed"


def _without_list(key: str, urns: frozenset[Urn], stated: Rules) -> Keys | None:
    """Return a setting's lists of schools without each list of exactly these schools; None where there is none."""
    held: list[list[Urn]] = getattr(stated, key)
    kept = [listed for listed in held if frozenset(listed) != urns]
    return None if len(kept) == len(held) else {key: kept}
