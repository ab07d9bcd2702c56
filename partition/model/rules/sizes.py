"""Rules on the size of a partnership: heads, schools, pupils, associates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from geodata.faults import Fault
from geodata.urns import Urn, by_urn
from partition.model.roster import Group, Roster
from partition.model.rules.ranges import Between, share
from partition.model.rules.rule import Asked, Breach, Keys, Rule, names, without
from partition.model.rules.unfit import no_roll, unknown

if TYPE_CHECKING:
    from partition.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class IsPartnership(Rule):
    """The rule of every problem: two headships or more, at least one small school, and a road between all schools.

    A headship that is a partnership already joins no other.
    """

    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"needs_heads", "needs_small"})

    def breaches(self, group: Group) -> Iterator[Breach]:
        if len(group.members) < 2:
            yield Breach("needs_heads", group.urns, "one head alone is no partnership")
        if not group.small:
            yield Breach("needs_small", group.urns, "no small school is in it")
        for headship in group.headships:
            if headship.already:
                words = f"{headship.name} is a partnership already, of {len(headship.schools)} schools under one head"
                yield Breach("joins_others", headship.urns, f"{words}; it joins others only if asked")
        for a, b, centiminutes, _ in group.school_drives():
            if centiminutes < 0:
                yield Breach("needs_road", (a, b), f"no road joins {names(group, a, b)}")

    def words(self) -> str:
        return "every partnership has a small school"


@dataclass(frozen=True, slots=True)
class HeadsPer(Between):
    """A range for heads: a partnership has `least` to `most` heads. A head of several schools counts once.

    Parameters
    ----------
    least
        The smallest number; None for no limit.
    most
        The largest number; None for no limit.
    least_for
        By URN, a smallest number for single schools, without effect where `least` is None. A partnership needs the
        lowest of `least` and the numbers of its schools.

    Examples
    --------
    >>> import numpy as np
    >>> from geodata.minutes import CrowFly
    >>> from partition import Area, HeadsPer, Problem, check
    >>> urns, pupils, metres = np.array([[101, 102, 103], [90, 80, 70], [0, 2_000, 30_000]])
    >>> names, travel = ("Ash", "Birch", "Cedar"), CrowFly(urns, metres, metres)
    >>> area = Area(urns=urns, names=names, pupils=pupils, eastings=metres, northings=metres, travel=travel)
    >>> problem = Problem(area, [HeadsPer(3, 6)])
    >>> [breach.words for breach in check(problem, problem.plan([[101, 102]]))]
    ['2 heads, fewer than 3']
    """

    least_for: Mapping[Urn, int] = field(default_factory=dict)

    what: ClassVar[str] = "heads"
    key: ClassVar[str] = "heads"
    keys: ClassVar[tuple[str, ...]] = ("heads_min", "heads_max", "heads_min_for")
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"heads_min"})

    def __post_init__(self) -> None:
        Between.__post_init__(self)
        object.__setattr__(self, "least_for", by_urn(self.least_for))

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        given = asked.rules
        if (given.heads_min, given.heads_max) != (None, None):
            yield cls(given.heads_min, given.heads_max, given.heads_min_for)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        own = dict(then.least_for) if isinstance(then, HeadsPer) else {}
        exceptions = {"heads_min_for": own} if self.least is not None and self.least_for != own else {}
        return {**(Between.as_settings(self, then, stated) or {}), **exceptions}

    def count(self, group: Group) -> int:
        return len(group.members)

    def least_of(self, group: Group) -> int | None:
        own = [self.least_for[urn] for urn in group.urns if urn in self.least_for]
        return None if self.least is None else min(self.least, *own, self.least)

    def parts(self) -> tuple[Rule, ...]:
        if self.least is None or self.most is None:
            return (self,)
        return replace(self, most=None), HeadsPer(None, self.most)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from unknown(roster, "heads_min_for", self.least_for)

    def words(self) -> str:
        exceptions = f" ({len(self.least_for)} schools with their own least)" if self.least_for else ""
        return f"{Between.words(self)}{exceptions}"


@dataclass(frozen=True, slots=True)
class SchoolsPer(Between):
    """A range for schools: a partnership has `least` to `most` schools, associates included.

    Parameters
    ----------
    least
        The smallest number; None for no limit.
    most
        The largest number; None for no limit.
    """

    what: ClassVar[str] = "schools"
    key: ClassVar[str] = "schools"
    keys: ClassVar[tuple[str, ...]] = ("schools_min", "schools_max")
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"schools_min"})

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        given = asked.rules
        if (given.schools_min, given.schools_max) != (None, None):
            yield cls(given.schools_min, given.schools_max)

    def count(self, group: Group) -> int:
        return len(group.schools)


@dataclass(frozen=True, slots=True)
class PupilsPer(Between):
    """A range for pupils: a partnership has `least` to `most` pupils, those of associates included.

    Parameters
    ----------
    least
        The smallest number; None for no limit.
    most
        The largest number; None for no limit.
    rolls
        Headings of columns with other numbers of pupils, such as a forecast for a year. The range holds for the pupils
        of today and for each of these columns, where every school that takes part needs a number.
    """

    rolls: tuple[str, ...] = ()  # columns, such as a forecast for a year

    what: ClassVar[str] = "pupils"
    key: ClassVar[str] = "pupils"
    keys: ClassVar[tuple[str, ...]] = ("pupils_min", "pupils_max")
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"pupils_min"})

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        given = asked.rules
        if (given.pupils_min, given.pupils_max) != (None, None):
            yield cls(given.pupils_min, given.pupils_max, tuple(given.robust))

    def count(self, group: Group) -> int:
        return group.pupils

    def counts(self, group: Group) -> Iterator[tuple[int, str]]:
        yield group.pupils, ""
        yield from ((group.pupils_by(roll), f" by {roll}") for roll in self.rolls)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        for roll in self.rolls:
            yield from no_roll(roster, roll)

    def words(self) -> str:
        return Between.words(self) + "".join(f", and by {roll}" for roll in self.rolls)

    def step(self, limit: int) -> int:
        return share(limit)


@dataclass(frozen=True, slots=True)
class SmallByRoll(Rule):
    """A demand on a forecast: a partnership has at least one school that is small by the column `roll` too.

    The schools that take part, and the small schools among them, follow from the present roll alone.

    Parameters
    ----------
    roll
        The heading of a column of pupils, such as a forecast for a year, where every school that takes part needs a
        number.
    """

    roll: str
    keys: ClassVar[tuple[str, ...]] = ("robust",)
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"robust"})

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        yield from map(cls, asked.rules.robust)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return without("robust", self.roll, stated)

    def breaches(self, group: Group) -> Iterator[Breach]:
        if not any(group.roster.is_small_by(self.roll, i) for i in group.schools):
            yield Breach("robust", group.urns, f"no school of it is small by {self.roll}")

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from no_roll(roster, self.roll)

    def words(self) -> str:
        return f"every partnership has a small school by {self.roll}"


@dataclass(frozen=True, slots=True)
class AssociatesMax(Rule):
    """A limit on associates: a partnership has at most `most` schools that are not small.

    Parameters
    ----------
    most
        The largest number of associates, the schools of a partnership that are not small.
    """

    most: int
    keys: ClassVar[tuple[str, ...]] = ("associates_max",)

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.associates_max is not None:
            yield cls(asked.rules.associates_max)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"associates_max": then.most if isinstance(then, AssociatesMax) else None}

    def breaches(self, group: Group) -> Iterator[Breach]:
        if group.associates > self.most:
            yield Breach("associates_max", group.urns, f"{group.associates} associates, more than {self.most}")

    def looser(self) -> tuple[str, Rule | None]:
        return f"associates_max {self.most} to {self.most + 1}", replace(self, most=self.most + 1)

    def words(self) -> str:
        return f"at most {self.most} associates"
