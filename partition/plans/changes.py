"""Changes from one plan to another: the partnership that continues each partnership, and the schools that moved.

Partnerships are matched one to one, so that as many headships as possible stay together; a headship that is not in the
partnership that continues its own has moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from geodata.urns import Urn
from partition.model.matching import moved, successors
from partition.plans.account import Account, PartnershipAccount, Role

SchoolKind = Literal["moved", "newly placed", "no longer placed"]
PartnershipKind = Literal["changed", "new", "ended", "the same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolChange:
    """A school in another partnership than before, or placed in one plan only. `before` and `after` are numbers."""

    urn: Urn
    name: str
    kind: SchoolKind
    before: int | None
    after: int | None
    was: Role | Literal["absent"]
    becomes: Role | Literal["absent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipChange:
    """A partnership and the partnership that continues it, with the URNs that stayed, left and joined.

    `before` is None for a new partnership, `after` is None for one that ended.
    """

    kind: PartnershipKind
    before: PartnershipAccount | None
    after: PartnershipAccount | None
    stayed: tuple[Urn, ...]
    left: tuple[Urn, ...]
    joined: tuple[Urn, ...]

    @property
    def rank(self) -> int:
        """The place in a list that shows changed partnerships first, then new, ended and unchanged ones."""
        return get_args(PartnershipKind).index(self.kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkChange:
    """A working link that one plan keeps and the other breaks. Not for the public."""

    urn_a: Urn
    urn_b: Urn
    kept: bool  # by the later plan


class Changes:
    """The differences from an earlier plan to a later one."""

    def __init__(self, before: Account, after: Account) -> None:
        self.before, self.after = before, after
        head = after.problem.roster.headship_of
        # a partnership that has left keeps its number, and continues nothing
        self._old = [
            {head[urn] for urn in item.group.urns if urn in head} if item.number not in before.left else set()
            for item in before.partnerships
        ]
        self._new = [item.group.members if item.number not in after.left else () for item in after.partnerships]

    @cached_property
    def successor(self) -> Mapping[int, int]:
        """The number of the partnership that continues each earlier one, by number; numbers count from 1."""
        return {old + 1: new + 1 for old, new in successors(self._old, self._new).items()}

    @cached_property
    def moved(self) -> int:
        """The number of headships that move or are left unplaced, counted as by the rule `moved_max`."""
        return moved(self._old, self._new)

    @cached_property
    def schools(self) -> tuple[SchoolChange, ...]:
        """The schools that moved, are newly placed or are no longer placed, in order of URN."""
        places = self.before.place_of, self.after.place_of
        found = []
        for urn in sorted(places[0].keys() | places[1].keys()):
            before, after = (place.get(urn) for place in places)
            if before is not None and after is not None and self.successor.get(before) == after:
                continue
            kind: SchoolKind = "newly placed" if before is None else "no longer placed" if after is None else "moved"
            found.append(
                SchoolChange(
                    urn=urn,
                    name=self.name_of(urn),
                    kind=kind,
                    before=before,
                    after=after,
                    was=role_in(self.before, urn),
                    becomes=role_in(self.after, urn),
                )
            )
        return tuple(found)

    @cached_property
    def partnerships(self) -> tuple[PartnershipChange, ...]:
        """Every present partnership of both plans: those of the earlier plan in its order, then the new ones."""
        new = self.after.partnerships
        continued = set(self.successor.values())
        pairs: list[tuple[PartnershipAccount | None, PartnershipAccount | None]] = [
            (item, new[self.successor[item.number] - 1] if item.number in self.successor else None)
            for item in self.before.present
        ]
        pairs += [(None, item) for item in self.after.present if item.number not in continued]
        return tuple(_partnership_change(*pair) for pair in pairs)

    @cached_property
    def links(self) -> tuple[LinkChange, ...]:
        """The links that one plan keeps and the other breaks. Not for the public; a public plan file has no links."""
        was = {(a, b): kept for a, b, kept in self.before.links}
        return tuple(
            LinkChange(urn_a=a, urn_b=b, kept=kept)
            for a, b, kept in self.after.links
            if was.get((a, b), kept) is not kept
        )

    def name_of(self, urn: Urn) -> str:
        """Return the name of a school that is in the area of either plan."""
        return (self.before if urn in self.before.area.index else self.after).area.name_of(urn)

    def of_kind(self, kind: SchoolKind) -> tuple[SchoolChange, ...]:
        """Return the schools with one kind of change."""
        return tuple(change for change in self.schools if change.kind == kind)


def role_in(account: Account, urn: Urn) -> Role | Literal["absent"]:
    """Return the role of a school in a plan; "absent" where the school is not in the plan's area."""
    return account.role(urn) if urn in account.area.index else "absent"


def _partnership_change(before: PartnershipAccount | None, after: PartnershipAccount | None) -> PartnershipChange:
    old = set(before.group.urns) if before else set()
    new = set(after.group.urns) if after else set()
    kind: PartnershipKind = "new" if not before else "ended" if not after else "the same" if old == new else "changed"
    stayed, left, joined = (tuple(sorted(urns)) for urns in (old & new, old - new, new - old))
    return PartnershipChange(kind=kind, before=before, after=after, stayed=stayed, left=left, joined=joined)
