"""The criteria: each rule one record that judges in plain Python, with no solver in sight.

A rule on a partnership answers `breaches(group)`; a rule on the whole plan answers `plan_breaches(roster, groups)`.
`keys` are its settings in the scenario file with the help people read; `looser` is the rule a notch looser. How a rule
reaches the solver stands in one place, `partition/solve/encode.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar

from geodata.cells import told_briefly
from geodata.counts import PUPILS_MAX
from geodata.faults import BadData, Fault
from partition.matching import moved
from partition.plan import Plan
from partition.roster import CENTIMINUTES, THOUSANDTHS, Group, Roster

MINUTES_NOTCH, KM_NOTCH, MOVED_NOTCH, LINKS_NOTCH = 5, 5, 5, 5
SHARE_NOTCH = 10  # per cent, of pupils and of pounds


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken: which setting, by which schools, in words. `private` where only heads should read it."""

    rule: str
    urns: tuple[int, ...]
    words: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """What every rule is; most judge one partnership at a time."""

    keys: ClassVar[Mapping[str, str]] = {}
    private: ClassVar[bool] = False  # whether only heads should read which schools it is about

    def parts(self) -> tuple[Rule, ...]:
        """The rule as the fewest demands that say the same: a range is its least and its most."""
        return (self,)

    def looser(self) -> tuple[str, Rule | None]:
        """One part of a rule a notch looser: what changes ("heads_min 4 to 3"), and the rule then; None: dropped."""
        return "dropped", None

    def breaches(self, group: Group) -> Iterator[Breach]:
        """Each way in which this partnership breaks the rule."""
        return iter(())

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        """Each way in which the plan as a whole breaks it."""
        return iter(())

    def faults(self, roster: Roster) -> Iterator[Fault]:
        """What in the rule does not fit the data: unknown schools, columns that are not there."""
        return iter(())

    def words(self) -> str:
        """The rule in a short sentence, for a reader of the plan."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class IsPartnership(Rule):
    """Two heads or more, a small school among theirs, and roads that join them all. Always applied."""

    def breaches(self, group: Group) -> Iterator[Breach]:
        if len(group.members) < 2:
            yield Breach("needs_heads", group.urns, "one head alone is no partnership")
        if not group.small:
            yield Breach("needs_small", group.urns, "no small school is in it")
        for a, b, centiminutes, _ in group.school_drives():
            if centiminutes < 0:
                yield Breach("needs_road", (a, b), f"no road joins {_names(group, a, b)}")

    def words(self) -> str:
        return "every partnership has a small school"


@dataclass(frozen=True, slots=True)
class _Between(Rule):
    """A count within limits; None where there is none."""

    least: int | None = None
    most: int | None = None

    what: ClassVar[str]
    key: ClassVar[str]

    def count(self, group: Group) -> int:
        raise NotImplementedError

    def counts(self, group: Group) -> Iterator[tuple[int, str]]:
        """Everything that must be within the limits, and what more to say of it."""
        yield self.count(group), ""

    def parts(self) -> tuple[Rule, ...]:
        return _ends(self, self.least, self.most)

    def least_of(self, group: Group) -> int | None:
        """The least for a partnership with some of these members."""
        return self.least

    def notch(self, limit: int) -> int:
        """How far a limit moves at once."""
        return 1

    def looser(self) -> tuple[str, Rule | None]:
        return _looser(self.key, self, self.least, self.most, self.notch)

    def breaches(self, group: Group) -> Iterator[Breach]:
        least = self.least_of(group)
        for count, by in self.counts(group):
            if least is not None and count < least:
                what = self.what[:-1] if count == 1 else self.what
                yield Breach(f"{self.key}_min", group.urns, f"{count} {what}{by}, fewer than {least}")
            if self.most is not None and count > self.most:
                yield Breach(f"{self.key}_max", group.urns, f"{count} {self.what}{by}, more than {self.most}")

    def words(self) -> str:
        if self.least is None:
            return f"at most {self.most} {self.what}"
        if self.most is None:
            return f"at least {self.least} {self.what}"
        return f"{self.least} to {self.most} {self.what}"


@dataclass(frozen=True, slots=True)
class HeadsPer(_Between):
    """How many heads meet. A partnership may be as small as any one of its schools' own least allows."""

    least_for: Mapping[int, int] = field(default_factory=dict)

    what: ClassVar[str] = "heads"
    key: ClassVar[str] = "heads"
    keys: ClassVar[Mapping[str, str]] = {
        "heads_min": "fewest heads in a partnership",
        "heads_max": "most heads in a partnership",
        "heads_min_for": "the fewest where a named school is among them (URN = heads)",
    }

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
        yield from _unknown(roster, "heads_min_for", self.least_for)

    def words(self) -> str:
        exceptions = f" ({len(self.least_for)} schools with their own least)" if self.least_for else ""
        return f"{_Between.words(self)}{exceptions}"


@dataclass(frozen=True, slots=True)
class SchoolsPer(_Between):
    """How many schools a partnership has, associates included."""

    what: ClassVar[str] = "schools"
    key: ClassVar[str] = "schools"
    keys: ClassVar[Mapping[str, str]] = {
        "schools_min": "fewest schools in a partnership, associates included",
        "schools_max": "most schools in a partnership, associates included",
    }

    def count(self, group: Group) -> int:
        return len(group.schools)


@dataclass(frozen=True, slots=True)
class PupilsPer(_Between):
    """How many pupils a partnership has, associates' included: by the present roll, and by each of `rolls` as well."""

    rolls: tuple[str, ...] = ()  # columns, such as a forecast for a year

    what: ClassVar[str] = "pupils"
    key: ClassVar[str] = "pupils"
    keys: ClassVar[Mapping[str, str]] = {
        "pupils_min": "fewest pupils in a partnership, associates' included",
        "pupils_max": "most pupils in a partnership, associates' included",
    }

    def count(self, group: Group) -> int:
        return group.pupils

    def counts(self, group: Group) -> Iterator[tuple[int, str]]:
        yield group.pupils, ""
        yield from ((group.pupils_by(roll), f" by {roll}") for roll in self.rolls)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        for roll in self.rolls:
            yield from _no_roll(roster, roll)

    def words(self) -> str:
        return _Between.words(self) + "".join(f", and by {roll}" for roll in self.rolls)

    def notch(self, limit: int) -> int:
        return _share(limit)


@dataclass(frozen=True, slots=True)
class SmallByRoll(Rule):
    """Some school is small by another roll too. Who takes part, and as what, is settled by the present roll alone."""

    roll: str
    keys: ClassVar[Mapping[str, str]] = {
        "robust": "columns of rolls, such as forecasts by year, by each of which the rules on pupils hold as well"
    }

    def breaches(self, group: Group) -> Iterator[Breach]:
        if not any(group.roster.is_small_by(self.roll, i) for i in group.schools):
            yield Breach("robust", group.urns, f"no school of it is small by {self.roll}")

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from _no_roll(roster, self.roll)

    def words(self) -> str:
        return f"every partnership has a small school by {self.roll}"


@dataclass(frozen=True, slots=True)
class AssociatesMax(Rule):
    """How many larger schools a partnership may let in."""

    most: int
    keys: ClassVar[Mapping[str, str]] = {"associates_max": "most associates (larger schools) in a partnership"}

    def breaches(self, group: Group) -> Iterator[Breach]:
        if group.associates > self.most:
            yield Breach("associates_max", group.urns, f"{group.associates} associates, more than {self.most}")

    def looser(self) -> tuple[str, Rule | None]:
        return f"associates_max {self.most} to {self.most + 1}", replace(self, most=self.most + 1)

    def words(self) -> str:
        return f"at most {self.most} associates"


@dataclass(frozen=True, slots=True)
class MinutesMax(Rule):
    """No two schools of different heads are further apart by the slower way.

    A remote school may have a longer limit of its own; a pair is allowed by the longer of its two ends' limits.
    """

    minutes: float
    minutes_for: Mapping[int, float] = field(default_factory=dict)
    keys: ClassVar[Mapping[str, str]] = {
        "minutes_max": "longest drive between any two schools of different heads, by the slower way",
        "minutes_max_for": "the same for named schools (URN = minutes): a pair may use the longer of its ends' limits",
    }

    def centiminutes_max(self, urn_a: int, urn_b: int) -> int:
        """The limit of one pair."""
        minutes = max(self.minutes_for.get(urn_a, self.minutes), self.minutes_for.get(urn_b, self.minutes))
        return round(minutes * CENTIMINUTES)

    def breaches(self, group: Group) -> Iterator[Breach]:
        for a, b, centiminutes, _ in group.school_drives():
            limit = self.centiminutes_max(a, b)
            if centiminutes > limit:
                words = (
                    f"{_names(group, a, b)} are {centiminutes / CENTIMINUTES:.1f} minutes apart, "
                    f"over {limit / CENTIMINUTES:g}"
                )
                yield Breach("minutes_max", (a, b), words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from _unknown(roster, "minutes_max_for", self.minutes_for)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.minutes + MINUTES_NOTCH
        return f"minutes_max {self.minutes:g} to {then:g}", replace(self, minutes=then)

    def words(self) -> str:
        exceptions = f" ({len(self.minutes_for)} schools with their own limit)" if self.minutes_for else ""
        return f"no two schools more than {self.minutes:g} minutes apart{exceptions}"


@dataclass(frozen=True, slots=True)
class KmMax(Rule):
    """No two schools of different heads are further apart by the longer of the two fastest ways."""

    km: float
    keys: ClassVar[Mapping[str, str]] = {"km_max": "longest way in km between any two schools of different heads"}

    @property
    def metres_max(self) -> int:
        return round(self.km * 1000)

    def breaches(self, group: Group) -> Iterator[Breach]:
        for a, b, _, metres in group.school_drives():
            if metres > self.metres_max:
                words = f"{_names(group, a, b)} are {metres / 1000:.1f} km apart, over {self.km:g}"
                yield Breach("km_max", (a, b), words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        if not roster.area.travel.has_km:
            yield _fault("km_max", self.km, "the travel matrix has no km column; add one or switch this off")

    def looser(self) -> tuple[str, Rule | None]:
        then = self.km + KM_NOTCH
        return f"km_max {self.km:g} to {then:g}", replace(self, km=then)

    def words(self) -> str:
        return f"no two schools more than {self.km:g} km apart"


@dataclass(frozen=True, slots=True)
class HostMinutesMax(Rule):
    """Some member's base is within reach of every member's."""

    minutes: float
    keys: ClassVar[Mapping[str, str]] = {"host_minutes_max": "longest drive to the meeting venue, by the slower way"}

    @property
    def centiminutes_max(self) -> int:
        return round(self.minutes * CENTIMINUTES)

    def breaches(self, group: Group) -> Iterator[Breach]:
        there = group.base_centiminutes
        fits = (there >= 0) & (there <= self.centiminutes_max)
        if not (fits & fits.T).all(axis=0).any():
            words = f"no school of it is within {self.minutes:g} minutes of all its heads"
            yield Breach("host_minutes_max", group.urns, words)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.minutes + MINUTES_NOTCH
        return f"host_minutes_max {self.minutes:g} to {then:g}", replace(self, minutes=then)

    def words(self) -> str:
        return f"a meeting venue that every head reaches in {self.minutes:g} minutes"


@dataclass(frozen=True, slots=True)
class Together(Rule):
    """These schools are all in one partnership, or all not yet placed."""

    urns: frozenset[int]
    keys: ClassVar[Mapping[str, str]] = {"together": "lists of schools (URNs) to be in one partnership, or none placed"}

    def breaches(self, group: Group) -> Iterator[Breach]:
        inside = self.urns & set(group.urns)
        missing = self.urns - inside
        if inside and missing:
            words = f"{_names(group, *sorted(inside))} without {_names(group, *sorted(missing))}"
            yield Breach("together", tuple(sorted(self.urns)), words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from _not_taking_part(roster, "together", self.urns)

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
            yield Breach("apart", inside, f"{_names(group, *inside)} are together", private=True)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from _unknown(roster, "apart", self.urns)

    def words(self) -> str:
        return "some schools kept apart"


@dataclass(frozen=True, slots=True)
class Same(Rule):
    """All schools have one and the same value in a column; a blank is no value, so it does not fit."""

    column: str
    keys: ClassVar[Mapping[str, str]] = {"same": "columns whose value all schools of a partnership share"}

    def breaches(self, group: Group) -> Iterator[Breach]:
        area = group.roster.area
        values = area.values(self.column, group.schools)
        blank = [int(area.urns[i]) for i in group.schools if not area.values(self.column, [i])]
        if len(values) > 1:
            yield Breach("same", group.urns, f"{self.column} differs: {', '.join(sorted(values))}")
        elif blank:
            yield Breach("same", tuple(blank), f"{self.column} is blank at {_names(group, *blank)}")

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from _no_column(roster, "same", self.column)

    def words(self) -> str:
        return f"one {self.column} in a partnership"


@dataclass(frozen=True, slots=True)
class DistinctMax(Rule):
    """At most so many different values of a column; blanks count for none."""

    column: str
    most: int
    keys: ClassVar[Mapping[str, str]] = {"distinct_max": "most different values of a column (column = number)"}

    def breaches(self, group: Group) -> Iterator[Breach]:
        values = group.roster.area.values(self.column, group.schools)
        if len(values) > self.most:
            words = f"{len(values)} different values of {self.column}, more than {self.most}"
            yield Breach("distinct_max", group.urns, words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from _no_column(roster, "distinct_max", self.column)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + 1
        return f"distinct_max of {self.column} {self.most} to {then}", replace(self, most=then)

    def words(self) -> str:
        return f"at most {self.most} different values of {self.column}"


@dataclass(frozen=True, slots=True)
class AtLeastOne(Rule):
    """Some school has this value in a column."""

    column: str
    value: str
    keys: ClassVar[Mapping[str, str]] = {"at_least_one": "a value some school must have (column = value)"}

    def breaches(self, group: Group) -> Iterator[Breach]:
        if self.value not in group.roster.area.values(self.column, group.schools):
            yield Breach("at_least_one", group.urns, f"no school has {self.column} = {self.value}")

    def faults(self, roster: Roster) -> Iterator[Fault]:
        missing = list(_no_column(roster, "at_least_one", self.column))
        yield from missing
        if not missing and self.value not in roster.area.columns[self.column]:
            yield _fault("at_least_one", self.value, f"no school has this value in {self.column}")

    def words(self) -> str:
        return f"at least one school with {self.column} = {self.value}"


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
            yield _fault(self.key, self.name, "none of its schools takes part; take it out")

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


@dataclass(frozen=True, slots=True)
class PartnershipsCount(Rule):
    """How many partnerships the plan has."""

    least: int | None = None
    most: int | None = None
    keys: ClassVar[Mapping[str, str]] = {
        "partnerships_min": "fewest partnerships in the plan",
        "partnerships_max": "most partnerships in the plan",
    }

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        if self.least is not None and len(groups) < self.least:
            yield Breach("partnerships_min", (), f"{len(groups)} partnerships, fewer than {self.least}")
        if self.most is not None and len(groups) > self.most:
            yield Breach("partnerships_max", (), f"{len(groups)} partnerships, more than {self.most}")

    def parts(self) -> tuple[Rule, ...]:
        return _ends(self, self.least, self.most)

    def looser(self) -> tuple[str, Rule | None]:
        return _looser("partnerships", self, self.least, self.most, lambda _: 1)

    def words(self) -> str:
        limits = [f"at least {self.least}"] * (self.least is not None)
        limits += [f"at most {self.most}"] * (self.most is not None)
        return " and ".join(limits) + " partnerships"


@dataclass(frozen=True, slots=True)
class GrantMax(Rule):
    """What a year's grant may come to: so much a partnership and so much a small school placed. In pounds."""

    most: int
    per_partnership: int
    per_school: int
    keys: ClassVar[Mapping[str, str]] = {"grant_max": "most that the year's grant may come to, in pounds"}

    def grant(self, group: Group) -> int:
        """Pounds a year for this partnership; associates draw none."""
        return self.per_partnership + self.per_school * group.small

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        spent = sum(map(self.grant, groups))
        if spent > self.most:
            yield Breach("grant_max", (), f"the grant comes to £{spent:,}, more than £{self.most:,}")

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + _share(self.most)
        return f"grant_max {self.most} to {then}", replace(self, most=then)

    def words(self) -> str:
        return f"a grant of at most £{self.most:,} a year"


@dataclass(frozen=True, slots=True)
class MovedMax(Rule):
    """How many headships of today's partnerships may change companions or be left unplaced."""

    most: int
    keys: ClassVar[Mapping[str, str]] = {"moved_max": "most headships of today's partnerships that may move"}

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        moved = headships_moved(roster, groups)
        if moved > self.most:
            yield Breach("moved_max", (), f"{moved} headships move, more than {self.most}")

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + MOVED_NOTCH
        return f"moved_max {self.most} to {then}", replace(self, most=then)

    def words(self) -> str:
        return f"at most {self.most} headships move"


@dataclass(frozen=True, slots=True)
class LinksBrokenMax(Rule):
    """How many existing working links may run between partnerships, or to a school in none; each by its weight."""

    most: float
    keys: ClassVar[Mapping[str, str]] = {
        "links_broken_max": "most existing working links that the plan may break, each by its weight"
    }

    @property
    def thousandths_max(self) -> int:
        return round(self.most * THOUSANDTHS)

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        broken = links_broken(roster, groups)
        if broken > self.thousandths_max:
            words = f"working links broken come to {broken / THOUSANDTHS:g}, more than {self.most:g}"
            yield Breach("links_broken_max", (), words)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + LINKS_NOTCH
        return f"links_broken_max {self.most:g} to {then:g}", replace(self, most=then)

    def words(self) -> str:
        return f"at most {self.most:g} working links broken"


@dataclass(frozen=True, slots=True)
class Differs(Rule):
    """So many schools, at least, have other companions than in another plan. No setting: a question that is asked."""

    plan: Plan
    least: int

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        found = len(Plan.of([group.urns for group in groups], roster.headship_of).differs_from(self.plan))
        if found < self.least:
            yield Breach("differs", (), f"{found} schools have other companions, fewer than {self.least}")

    def words(self) -> str:
        return f"at least {self.least} schools with other companions"


def links_broken(roster: Roster, groups: Sequence[Group]) -> int:
    """Weight of working links between headships that take part and are not together; thousandths of a link."""
    number = {node: n for n, group in enumerate(groups) for node in group.members}
    kept = sum(w for (a, b), w in roster.link_weights.items() if a in number and number[a] == number.get(b))
    return sum(roster.link_weights.values()) - kept


def headships_moved(roster: Roster, groups: Sequence[Group]) -> int:
    """Headships grouped today less the largest total overlap of a one-to-one matching of today's groups to these."""
    return moved([members for _, members in roster.existing], [group.members for group in groups])


def _ends(rule: _Between | PartnershipsCount, least: int | None, most: int | None) -> tuple[Rule, ...]:
    """A range as its least and its most, where it has both."""
    if least is None or most is None:
        return (rule,)
    return replace(rule, most=None), replace(rule, least=None)


def _looser(
    key: str, rule: _Between | PartnershipsCount, least: int | None, most: int | None, notch: Callable[[int], int]
) -> tuple[str, Rule | None]:
    """The one limit of a part of a range, moved; a least that asks for nothing more is dropped."""
    if most is not None:
        then = most + notch(most)
        return f"{key}_max {most} to {then}", replace(rule, most=then)
    assert least is not None
    then = max(least - notch(least), 0)
    return f"{key}_min {least} to {then}", replace(rule, least=then) if then else None


def _share(limit: int) -> int:
    """A tenth of a limit, rounded up."""
    return -(-limit * SHARE_NOTCH // 100) or 1


def _names(group: Group, *urns: int) -> str:
    return " and ".join(group.roster.area.name_of(urn) for urn in urns)


def _fault(key: str, value: object, fix: str) -> Fault:
    return Fault(file="scenario", column=f"rules.{key}", value=value, fix=fix)


def _unknown(roster: Roster, key: str, urns: Mapping[int, float] | frozenset[int]) -> Iterator[Fault]:
    for urn in sorted(urns):
        if urn not in roster.area.index:
            yield _fault(key, urn, "no school selected has this URN; correct it or take it out")


def _not_taking_part(roster: Roster, key: str, urns: frozenset[int]) -> Iterator[Fault]:
    for urn in sorted(urns):
        if urn not in roster.area.index:
            yield _fault(key, urn, "no school selected has this URN; correct it or take it out")
        elif urn not in roster.headship_of:
            why = roster.not_taking_part[urn]
            yield _fault(key, urn, f"it does not take part ({why}); add it to except_in or associates, or take it out")


def _no_column(roster: Roster, key: str, column: str) -> Iterator[Fault]:
    if column not in roster.area.columns:
        there = ", ".join(sorted(roster.area.columns)) or "none"
        yield _fault(key, column, f"the schools have no such column; there are: {there}")


def _no_roll(roster: Roster, roll: str) -> Iterator[Fault]:
    """Faults of a column that is not there, or has no count of a school that takes part."""
    missing = list(_no_column(roster, "robust", roll))
    yield from missing
    blank = [] if missing else [urn for urn in sorted(roster.headship_of) if not _has_count(roster, roll, urn)]
    faults = []
    for urn in blank:
        value = roster.area.columns[roll][roster.area.index[urn]]
        fix = (
            f"{roster.area.name_of(urn)} ({urn}) takes part and needs a number on roll there: correct the file, or, "
            f"for one that stands for every year, type --set data.pupils.{urn}=NUMBER"
        )
        faults.append(Fault(file="scenario", column=f"rules.robust, {roll}", value=value, fix=fix))
    yield from told_briefly(faults, "schools without a number on roll there")


def _has_count(roster: Roster, roll: str, urn: int) -> bool:
    count = roster.area.roll(roll, roster.area.index[urn])
    return count is not None and 0 <= count <= PUPILS_MAX


def refuse_faults(roster: Roster, rules: Sequence[Rule]) -> None:
    """Raise BadData with every way in which the rules do not fit the data."""
    faults = {str(fault): fault for rule in rules for fault in rule.faults(roster)}
    if faults:
        raise BadData(faults.values())
