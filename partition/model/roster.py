"""The roster: the headships that take part, and a group of headships with the sums that rules and costs need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations, product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from geodata.cells import listed
from geodata.faults import BadData, Fault
from geodata.urns import Urn, urns_of
from partition.model.area import Area

CENTIMINUTES = 100  # in a minute
THOUSANDTHS = 1000  # of an ordinary working link
HEADS_LEAST = 2  # in any partnership; so many schools of one head can be a partnership already
EVERY_HEADSHIP = "all"
DrivesBetween = Literal["schools", "bases", "nearest"]
"""The drives of every two heads that a limit is about: of any two of their schools, their bases, their nearest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakesPart:
    """The schools that take part: small schools by a limit on pupils, exceptions, and associates.

    A headship takes part with all its schools where one of these is small or a named associate. `Problem` raises
    BadData where a URN is not in the area, or where exceptions contradict one another.

    Parameters
    ----------
    school_pupils_max
        The largest number of pupils of a small school; None makes every school small.
    except_in
        URNs of schools that are small with any number of pupils.
    except_out
        URNs of schools that are never small.
    associates
        URNs of schools that may join a partnership and are never small, such as a special school of a hundred pupils.
    headship_is_partnership_from
        The number of schools from which a headship with a small school is a partnership already, under one head: placed
        by itself, and in no other partnership. "heads_min" stands for the fewest heads of a partnership by the rules
        (none is one where no rule sets that number); None makes no headship one.
    joins_others
        Names of such headships, or URNs of their schools as text, that join others as any headship does; "all" for
        every one.

    Examples
    --------
    >>> from partition import TakesPart
    >>> who = TakesPart(school_pupils_max=150, except_in=frozenset({102}), associates=frozenset({103}))
    >>> [who.is_small(urn, pupils) for urn, pupils in ((101, 90), (102, 160), (103, 70))]
    [True, True, False]
    """

    school_pupils_max: int | None = 200  # None: every school is small
    except_in: frozenset[Urn] = frozenset()
    except_out: frozenset[Urn] = frozenset()
    associates: frozenset[Urn] = frozenset()
    headship_is_partnership_from: int | Literal["heads_min"] | None = "heads_min"
    joins_others: frozenset[str] = frozenset()

    def partnership_from(self, heads_min: int | None) -> int | None:
        """Return the number of schools from which a headship is a partnership already; None where none is.

        `heads_min` is the fewest heads of a partnership, None where there is no such rule.
        """
        schools = self.headship_is_partnership_from
        schools = heads_min if schools == "heads_min" else schools
        return None if schools is None else max(schools, HEADS_LEAST)

    def __post_init__(self) -> None:
        for name in ("except_in", "except_out", "associates"):
            object.__setattr__(self, name, frozenset(urns_of(getattr(self, name))))

    def is_small(self, urn: Urn, pupils: int) -> bool:
        """Say whether a school with this number of pupils is small, by the limit or as an exception."""
        within = self.school_pupils_max is None or pupils <= self.school_pupils_max
        urn = Urn(urn)
        return urn in self.except_in or (within and urn not in self.except_out | self.associates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headship:
    """One head with the school or schools led by this head: the unit that is grouped. The head travels from `base`."""

    name: str
    schools: tuple[int, ...]  # positions in the area
    urns: tuple[Urn, ...]
    base: int  # position in the area
    base_urn: Urn
    pupils: int
    small: int  # number of its small schools
    associates: int  # number of its other schools
    already: bool = False  # whether it is a partnership already, and joins no other

    def is_called(self, called: str) -> bool:
        """Say whether people mean this headship: by its name, or by the URN of one of its schools."""
        wanted = called.strip().casefold()
        return wanted == self.name.casefold() or wanted in set(map(str, self.urns))

    def label_in(self, labels: Mapping[Urn, str]) -> str | None:
        """Return the group that this headship is in, from the groups of schools by URN; None where it is in none.

        A head whose schools are in several groups counts whole in that of the base, else in the first by name.
        """
        here = {labels[urn] for urn in self.urns if urn in labels}
        return labels.get(self.base_urn) or min(here, default=None)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish of a headship to be with another one, both by position in the roster; `rank` 1 is the first wish."""

    headship: int
    wished: int
    rank: int


class Roster:
    """The headships that take part, in order of their lowest URN, and the reason why every other school does not.

    `heads_min` is the fewest heads of a partnership by the rules. Raises BadData where exceptions or associates name an
    unknown school or contradict one another, and where `joins_others` names an unknown headship.
    """

    def __init__(self, area: Area, who: TakesPart, heads_min: int | None = None) -> None:
        self.area = area
        self.who = who
        self.partnership_from = who.partnership_from(heads_min)
        _refuse_impossible_exceptions(area, who)
        _refuse_unknown_headships(area, who)
        self.headships: tuple[Headship, ...] = ()
        self.not_taking_part: dict[Urn, str] = {}
        headships = []
        for schools in area.headships:
            if self._enters(schools):
                headships.append(self._with_standing(_headship(area, who, schools)))
            else:
                self.not_taking_part |= {area.urns[i]: self._why_not(i) for i in schools}
        self.headships = tuple(headships)

    def __len__(self) -> int:
        return len(self.headships)

    def _enters(self, schools: tuple[int, ...]) -> bool:
        """Say whether a headship enters, always whole: one of its schools is small or is a named associate."""
        urns = [self.area.urns[i] for i in schools]
        small = any(self.is_small(urn) for urn in urns)
        return small or any(urn in self.who.associates for urn in urns)

    def _with_standing(self, headship: Headship) -> Headship:
        """Return the headship, marked where it is a partnership already."""
        least = self.partnership_from
        if least is None or len(headship.schools) < least or not headship.small:
            return headship
        asked = EVERY_HEADSHIP in self.who.joins_others or any(map(headship.is_called, self.who.joins_others))
        return replace(headship, already=not asked)

    def _why_not(self, position: int) -> str:
        if self.area.urns[position] in self.who.except_out:
            return "named as not taking part"
        return f"{self.area.pupils[position]} pupils, over the limit of {self.who.school_pupils_max}"

    def is_small(self, urn: Urn) -> bool:
        """Say whether a school of the area, by URN, is small."""
        return self.who.is_small(urn, int(self.area.pupils[self.area.index[Urn(urn)]]))

    def is_small_by(self, roll: str, position: int) -> bool:
        """Say whether a school, by position in the area, is small by its pupils in a column; False without a number."""
        pupils = self.area.roll(roll, position)
        return pupils is not None and self.who.is_small(self.area.urns[position], pupils)

    @cached_property
    def headship_of(self) -> Mapping[Urn, int]:
        """The position in the roster of the headship of each school that takes part, by URN."""
        return {urn: h for h, headship in enumerate(self.headships) for urn in headship.urns}

    @property
    def already(self) -> tuple[int, ...]:
        """The headships that are partnerships already, by position."""
        return tuple(h for h, headship in enumerate(self.headships) if headship.already)

    @property
    def small_schools(self) -> int:
        """The number of small schools to place."""
        return sum(headship.small for headship in self.headships)

    @cached_property
    def existing(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """The partnerships of today with at least one headship that takes part: name, and headships by position.

        A headship is in one of them at most (`Headship.label_in`), so that keeping today's groups changes nothing.
        """
        labels = {urn: partnership.name for partnership in self.area.existing for urn in partnership.urns}
        groups: dict[str, list[int]] = {}
        for position, headship in enumerate(self.headships):
            label = headship.label_in(labels)
            if label is not None:
                groups.setdefault(label, []).append(position)
        return tuple((one.name, tuple(groups[one.name])) for one in self.area.existing if one.name in groups)

    @cached_property
    def link_weights(self) -> Mapping[tuple[int, int], int]:
        """The weight of all links between two headships that take part, by pair of positions (lower first).

        In thousandths of an ordinary link.
        """
        weights: dict[tuple[int, int], int] = {}
        for link in self.area.links:
            a, b = self.headship_of.get(link.urn_a), self.headship_of.get(link.urn_b)
            if a is not None and b is not None and a != b:
                pair = min(a, b), max(a, b)
                weights[pair] = weights.get(pair, 0) + round(link.weight * THOUSANDTHS)
        return weights

    @cached_property
    def wishes(self) -> tuple[Wish, ...]:
        """Every wish of a headship that takes part for another one, from the answers of its schools, in order.

        A wish for a school that takes no part, or that the same head leads, is none.
        """
        return tuple(
            Wish(a, b, rank)
            for urn, answer in sorted(self.area.answers.items())
            for rank, wished in enumerate(answer.wishes, 1)
            for a, b in [(self.headship_of.get(urn), self.headship_of.get(wished))]
            if a is not None and b is not None and a != b
        )

    @cached_property
    def refusals(self) -> frozenset[tuple[int, int]]:
        """The headships that take part and do not want to work together: who refuses, and who is refused."""
        return frozenset(
            (a, b)
            for urn, answer in self.area.answers.items()
            for a, b in ((self.headship_of.get(urn), self.headship_of.get(other)) for other in answer.not_wanted)
            if a is not None and b is not None and a != b
        )

    @property
    def refused_both_ways(self) -> tuple[tuple[int, int], ...]:
        """The pairs of headships that refuse each other, lower position first."""
        return tuple(sorted((a, b) for a, b in self.refusals if a < b and (b, a) in self.refusals))

    def group(self, members: Iterable[int]) -> Group:
        """Return the group of these headships, given by position in the roster."""
        return Group(self, tuple(sorted(members)))

    def nearest(self, headship: Headship, most: int) -> list[tuple[float, Headship]]:
        """Return at most `most` other headships, nearest first, each with the minutes by the slower way between bases.

        A headship that no road joins, both ways, is left out, as is one that is a partnership already and joins none.
        """
        others = [other for other in self.headships if other is not headship and not other.already]
        if not others:
            return []
        own, theirs = [headship.base] * len(others), [other.base for other in others]
        there, _ = self.area.travel.between(own, theirs)
        back, _ = self.area.travel.between(theirs, own)
        ranked = sorted(
            (max(int(a), int(b)) / CENTIMINUTES, other.base_urn, other)
            for a, b, other in zip(there, back, others, strict=True)
            if a >= 0 and b >= 0
        )
        return [(minutes, other) for minutes, _, other in ranked[:most]]


Drive = tuple[Urn, Urn, int, int]
"""Two schools by URN, and the larger centiminutes and metres of both directions; -1 where a direction has no road."""


class Group:
    """A group of headships, with sums and drives for rules and costs. `members` are positions in the roster."""

    def __init__(self, roster: Roster, members: tuple[int, ...]) -> None:
        self.roster = roster
        self.members = members

    @cached_property
    def headships(self) -> tuple[Headship, ...]:
        return tuple(self.roster.headships[h] for h in self.members)

    @cached_property
    def urns(self) -> tuple[Urn, ...]:
        """The URNs of all its schools, ascending."""
        return tuple(sorted(urn for headship in self.headships for urn in headship.urns))

    @cached_property
    def schools(self) -> tuple[int, ...]:
        """The positions in the area of all its schools, ascending."""
        return tuple(sorted(i for headship in self.headships for i in headship.schools))

    @property
    def already(self) -> bool:
        """Whether it is one headship that is a partnership already: no rule on partnerships applies to it."""
        return len(self.headships) == 1 and self.headships[0].already

    @property
    def standing(self) -> tuple[Headship, ...]:
        """The headships that are partnerships already and may not be in one with others, as they are here."""
        return () if self.already else tuple(headship for headship in self.headships if headship.already)

    @property
    def pupils(self) -> int:
        return sum(headship.pupils for headship in self.headships)

    @property
    def small(self) -> int:
        """The number of its small schools."""
        return sum(headship.small for headship in self.headships)

    @property
    def associates(self) -> int:
        """The number of its other schools."""
        return sum(headship.associates for headship in self.headships)

    def pupils_by(self, roll: str) -> int:
        """Return the sum of pupils by a column, such as a forecast for a year; a school without a number adds 0."""
        return sum(self.roster.area.roll(roll, i) or 0 for i in self.schools)

    @cached_property
    def _base_drives(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        bases = np.array([headship.base for headship in self.headships], dtype=np.int64)
        origins, destinations = np.meshgrid(bases, bases, indexing="ij")
        centiminutes, metres = self.roster.area.travel.between(origins.ravel(), destinations.ravel())
        shape = origins.shape
        return centiminutes.astype(np.int64).reshape(shape), metres.astype(np.int64).reshape(shape)

    @property
    def base_centiminutes(self) -> NDArray[np.int64]:
        """Drives between bases, from row to column in the order of `members`, in centiminutes; -1: no road."""
        return self._base_drives[0]

    @property
    def base_metres(self) -> NDArray[np.int64]:
        """The length of the same drives in metres; -1: no road."""
        return self._base_drives[1]

    def school_drives(self) -> Iterator[Drive]:
        """Yield the drive between every two schools of different headships."""
        yield from self._drives(
            [pair for a, b in combinations(self.headships, 2) for pair in product(a.schools, b.schools)]
        )

    def drives_between(self, ends: DrivesBetween, *, by_metres: bool = False) -> Iterator[Drive]:
        """Yield the drives between every two headships that a limit on drives is about.

        "nearest" gives the one drive that is shortest, in minutes or `by_metres`, of equals that of the lowest URNs; no
        road is further than any.
        """
        match ends:
            case "schools":
                yield from self.school_drives()
            case "bases":
                yield from self._drives([(a.base, b.base) for a, b in combinations(self.headships, 2)])
            case "nearest":
                for a, b in combinations(self.headships, 2):
                    every = self._drives(list(product(a.schools, b.schools)))
                    yield min(every, key=lambda drive: (drive[2] < 0, drive[3] if by_metres else drive[2], *drive[:2]))

    def _drives(self, pairs: Sequence[tuple[int, int]]) -> Iterator[Drive]:
        area = self.roster.area
        if not pairs:
            return
        one, other = np.array(pairs, dtype=np.int64).T
        there, there_metres = area.travel.between(one, other)
        back, back_metres = area.travel.between(other, one)
        for n, (i, j) in enumerate(pairs):
            reached = there[n] >= 0 and back[n] >= 0
            centiminutes = int(max(there[n], back[n])) if reached else -1
            metres = int(max(there_metres[n], back_metres[n])) if reached else -1
            yield area.urns[i], area.urns[j], centiminutes, metres


def _headship(area: Area, who: TakesPart, schools: tuple[int, ...]) -> Headship:
    urns = tuple(area.urns[i] for i in schools)
    given = [i for i in schools if area.urns[i] in area.bases]
    base = min(given or schools, key=lambda i: (-int(area.pupils[i]), i))
    small = sum(who.is_small(area.urns[i], int(area.pupils[i])) for i in schools)
    return Headship(
        name=area.headship_of.get(urns[0], area.names[base]),
        schools=schools,
        urns=urns,
        base=base,
        base_urn=area.urns[base],
        pupils=int(sum(area.pupils[i] for i in schools)),
        small=small,
        associates=len(schools) - small,
    )


def _refuse_impossible_exceptions(area: Area, who: TakesPart) -> None:
    faults = []

    def fault(key: str, urn: Urn, fix: str) -> None:
        faults.append(Fault(file="scenario", column=f"rules.{key}", value=urn, fix=fix))

    for key in ("except_in", "except_out", "associates"):
        for urn in sorted(getattr(who, key)):
            if urn not in area.index:
                fault(key, urn, f"no school selected has this {area.identifier.one}; correct it or take it out")
    for urn in sorted(who.except_in & who.except_out):
        fault("except_out", urn, "it is in except_in as well; keep one")
    for urn in sorted(who.except_in & who.associates):
        fault("associates", urn, "it is in except_in as well; keep one")
    for schools in area.headships:
        urns = {area.urns[i] for i in schools}
        left = [u for u in urns - who.except_out if who.is_small(u, int(area.pupils[area.index[u]]))]
        for urn in sorted(urns & who.except_out):
            if left:
                fault("except_out", urn, f"one head leads it with {', '.join(sorted(left))}; name all of them, or none")
    if faults:
        raise BadData(faults)


def _refuse_unknown_headships(area: Area, who: TakesPart) -> None:
    """Raise BadData with each name in `joins_others` that is no headship of the area, whether it takes part or not."""
    names = set(area.headship_of.values())
    known = {name.casefold() for name in names} | {str(urn) for urn in area.urns} | {EVERY_HEADSHIP}
    what = f"no head leads schools by this name or {area.identifier.one}"
    fix = f"{what}; there are {listed(sorted(names))}; {EVERY_HEADSHIP} is every one"
    faults = [
        Fault(file="scenario", column="rules.joins_others", value=called, fix=fix)
        for called in sorted(who.joins_others)
        if called.strip().casefold() not in known
    ]
    if faults:
        raise BadData(faults)
