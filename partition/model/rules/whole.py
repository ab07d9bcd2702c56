"""Rules on the whole plan: the number of partnerships, the grant, and the change from the partnerships of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from partition.model.matching import movers
from partition.model.plan import Plan
from partition.model.roster import THOUSANDTHS, Group, Roster
from partition.model.rules.ranges import Range, share
from partition.model.rules.rule import Asked, Breach, Keys, Rule

if TYPE_CHECKING:
    from partition.settings.rules import Rules

MOVED_STEP, LINKS_STEP = 5, 5


@dataclass(frozen=True, slots=True)
class PartnershipsCount(Range):
    """A range for partnerships: a plan has `least` to `most` partnerships; headships that are one already do not count.

    Parameters
    ----------
    least
        The smallest number; None for no limit.
    most
        The largest number; None for no limit.
    """

    key: ClassVar[str] = "partnerships"
    keys: ClassVar[tuple[str, ...]] = ("partnerships_min", "partnerships_max")

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        given = asked.rules
        if (given.partnerships_min, given.partnerships_max) != (None, None):
            yield cls(given.partnerships_min, given.partnerships_max)

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        count = self.count(groups)
        if self.least is not None and count < self.least:
            yield Breach("partnerships_min", (), f"{count} partnerships, fewer than {self.least}")
        if self.most is not None and count > self.most:
            yield Breach("partnerships_max", (), f"{count} partnerships, more than {self.most}")

    def count(self, groups: Sequence[Group]) -> int:
        """Return the number of partnerships of two heads or more."""
        return sum(not group.already for group in groups)

    def words(self) -> str:
        limits = [f"at least {self.least}"] * (self.least is not None)
        limits += [f"at most {self.most}"] * (self.most is not None)
        return " and ".join(limits) + " partnerships"


@dataclass(frozen=True, slots=True)
class GrantMax(Rule):
    """A limit on money: the grant of a plan is at most `most` pounds a year.

    Parameters
    ----------
    most
        The largest grant of a plan, in pounds a year.
    per_partnership
        The grant for each partnership, in pounds a year.
    per_school
        The grant for each small school in a partnership, in pounds a year; an associate adds nothing.
    """

    most: int
    per_partnership: int
    per_school: int
    keys: ClassVar[tuple[str, ...]] = ("grant_max",)

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.grant_max is not None:
            yield cls(asked.rules.grant_max, asked.money.per_partnership, asked.money.per_school)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"grant_max": then.most if isinstance(then, GrantMax) else None}

    def grant(self, group: Group) -> int:
        """Return the grant of a partnership, in pounds a year; an associate adds nothing."""
        return self.per_partnership + self.per_school * group.small

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        spent = sum(map(self.grant, groups))
        if spent > self.most:
            yield Breach("grant_max", (), f"the grant comes to £{spent:,}, more than £{self.most:,}")

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + share(self.most)
        return f"grant_max {self.most} to {then}", replace(self, most=then)

    def words(self) -> str:
        return f"a grant of at most £{self.most:,} a year"


@dataclass(frozen=True, slots=True)
class MovedMax(Rule):
    """A limit on moves: at most `most` of the headships that are in a partnership today move.

    A headship moves where it is not in the partnership that continues its own; see `headships_moved`.

    Parameters
    ----------
    most
        The largest number of headships that move.
    """

    most: int
    keys: ClassVar[tuple[str, ...]] = ("moved_max",)

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.moved_max is not None:
            yield cls(asked.rules.moved_max)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"moved_max": then.most if isinstance(then, MovedMax) else None}

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        moved = headships_moved(roster, groups)
        if moved > self.most:
            yield Breach("moved_max", (), f"{moved} headships move, more than {self.most}")

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + MOVED_STEP
        return f"moved_max {self.most} to {then}", replace(self, most=then)

    def words(self) -> str:
        return f"at most {self.most} headships move"


@dataclass(frozen=True, slots=True)
class LinksBrokenMax(Rule):
    """A limit on broken links: links between two partnerships, or to a school in no partnership, weigh at most `most`.

    Parameters
    ----------
    most
        The largest total weight of broken links; an ordinary link weighs 1.
    """

    most: float
    keys: ClassVar[tuple[str, ...]] = ("links_broken_max",)

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.links_broken_max is not None:
            yield cls(asked.rules.links_broken_max)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"links_broken_max": then.most if isinstance(then, LinksBrokenMax) else None}

    @property
    def thousandths_max(self) -> int:
        return round(self.most * THOUSANDTHS)

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        broken = links_broken(roster, groups)
        if broken > self.thousandths_max:
            words = f"working links broken come to {broken / THOUSANDTHS:g}, more than {self.most:g}"
            yield Breach("links_broken_max", (), words)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + LINKS_STEP
        return f"links_broken_max {self.most:g} to {then:g}", replace(self, most=then)

    def words(self) -> str:
        return f"at most {self.most:g} working links broken"


@dataclass(frozen=True, slots=True)
class Differs(Rule):
    """The least number of schools with other companions than in another plan. A rule without a setting."""

    plan: Plan
    least: int

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        found = len(Plan.of([group.urns for group in groups], roster.headship_of).differs_from(self.plan))
        if found < self.least:
            yield Breach("differs", (), f"{found} schools have other companions, fewer than {self.least}")

    def words(self) -> str:
        return f"at least {self.least} schools with other companions"


def links_broken(roster: Roster, groups: Sequence[Group]) -> int:
    """Return the weight of broken links between headships that take part, in thousandths of an ordinary link."""
    return sum(roster.link_weights[pair] for pair in links_parted(roster, groups))


def links_parted(roster: Roster, groups: Sequence[Group]) -> list[tuple[int, int]]:
    """Return the pairs of linked headships, by position in the roster, that are in no partnership together."""
    number = {node: n for n, group in enumerate(groups) for node in group.members}
    return [(a, b) for a, b in roster.link_weights if a not in number or number[a] != number.get(b)]


def headships_moved(roster: Roster, groups: Sequence[Group]) -> int:
    """Return the number of headships grouped today, less those that stay by the best one-to-one matching of groups.

    A head who stays with the largest part of the companions of today does not move, though other schools may leave or
    join them; nor does a head who is in no partnership today.
    """
    return len(who_moves(roster, groups))


def who_moves(roster: Roster, groups: Sequence[Group]) -> set[int]:
    """Return the headships grouped today, by position, that are not in the partnership that continues their own."""
    return movers([members for _, members in roster.existing], [group.members for group in groups])
