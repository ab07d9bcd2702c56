"""Rules on drives: the longest drive between schools of a partnership, and to its venue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from geodata.faults import Fault
from geodata.urns import Urn, by_urn
from partition.model.roster import CENTIMINUTES, Drive, DrivesBetween, Group, Roster
from partition.model.rules.rule import Asked, Breach, Keys, Rule, names
from partition.model.rules.unfit import fault, unknown

if TYPE_CHECKING:
    from partition.settings.rules import Rules

MINUTES_STEP, KM_STEP = 5, 5
ENDS: Mapping[DrivesBetween, str] = {
    "schools": "no two schools",
    "bases": "no two heads' bases",
    "nearest": "no two heads' nearest schools",
}


@dataclass(frozen=True, slots=True)
class MinutesMax(Rule):
    """A limit on drives: no two schools of different heads in a partnership are more than `minutes` apart.

    With `between` the limit is about the drives between heads' bases, or from the nearest school of each head.

    The drive of a pair is the slower of both directions. A pair that no road joins is left to `IsPartnership`.

    Parameters
    ----------
    minutes
        The longest drive, in minutes.
    minutes_for
        By URN, a limit in minutes for single schools, for example remote schools. The limit of a pair is the longer of
        the limits of its two schools.
    between
        The ends of the drives: "schools" for any two schools of different heads, "bases", or "nearest".
    """

    minutes: float
    minutes_for: Mapping[Urn, float] = field(default_factory=dict)
    between: DrivesBetween = "schools"
    keys: ClassVar[tuple[str, ...]] = ("minutes_max", "minutes_max_for", "drives_between")

    def __post_init__(self) -> None:
        object.__setattr__(self, "minutes_for", by_urn(self.minutes_for))

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.minutes_max is not None:
            yield cls(asked.rules.minutes_max, asked.rules.minutes_max_for, asked.rules.drives_between)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        minutes, own = (then.minutes, dict(then.minutes_for)) if isinstance(then, MinutesMax) else (None, {})
        return {"minutes_max": minutes, **({} if self.minutes_for == own else {"minutes_max_for": own})}

    def centiminutes_max(self, urn_a: Urn, urn_b: Urn) -> int:
        """Return the limit of a pair of schools, in hundredths of a minute."""
        minutes = max(self.minutes_for.get(Urn(urn_a), self.minutes), self.minutes_for.get(Urn(urn_b), self.minutes))
        return round(minutes * CENTIMINUTES)

    def drives(self, group: Group) -> Iterator[Drive]:
        """Yield the drives that the limit is about, as `Group.drives_between` does."""
        return group.drives_between(self.between)

    def breaches(self, group: Group) -> Iterator[Breach]:
        for a, b, centiminutes, _ in self.drives(group):
            limit = self.centiminutes_max(a, b)
            if centiminutes > limit:
                words = (
                    f"{names(group, a, b)} are {centiminutes / CENTIMINUTES:.1f} minutes apart, "
                    f"over {limit / CENTIMINUTES:g}"
                )
                yield Breach("minutes_max", (a, b), words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from unknown(roster, "minutes_max_for", self.minutes_for)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.minutes + MINUTES_STEP
        return f"minutes_max {self.minutes:g} to {then:g}", replace(self, minutes=then)

    def words(self) -> str:
        exceptions = f" ({len(self.minutes_for)} schools with their own limit)" if self.minutes_for else ""
        return f"{ENDS[self.between]} more than {self.minutes:g} minutes apart{exceptions}"


@dataclass(frozen=True, slots=True)
class KmMax(Rule):
    """A limit on distances: no two schools of different heads in a partnership are more than `km` apart.

    With `between` the limit is about the ways between heads' bases, or from the nearest school of each head, by km.

    The distance of a pair is the longer of the fastest ways there and back. The area's travel must know distances.

    Parameters
    ----------
    km
        The longest distance, in kilometres.
    between
        The ends of the ways: "schools" for any two schools of different heads, "bases", or "nearest".
    """

    km: float
    between: DrivesBetween = "schools"
    keys: ClassVar[tuple[str, ...]] = ("km_max", "drives_between")

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.km_max is not None:
            yield cls(asked.rules.km_max, asked.rules.drives_between)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"km_max": then.km if isinstance(then, KmMax) else None}

    @property
    def metres_max(self) -> int:
        return round(self.km * 1000)

    def drives(self, group: Group) -> Iterator[Drive]:
        """Yield the drives that the limit is about, as `Group.drives_between` does."""
        return group.drives_between(self.between, by_metres=True)

    def breaches(self, group: Group) -> Iterator[Breach]:
        for a, b, _, metres in self.drives(group):
            if metres > self.metres_max:
                words = f"{names(group, a, b)} are {metres / 1000:.1f} km apart, over {self.km:g}"
                yield Breach("km_max", (a, b), words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        if not roster.area.travel.has_km:
            yield fault("km_max", self.km, "the travel matrix has no km column; add one or switch this off")

    def looser(self) -> tuple[str, Rule | None]:
        then = self.km + KM_STEP
        return f"km_max {self.km:g} to {then:g}", replace(self, km=then)

    def words(self) -> str:
        return f"{ENDS[self.between]} more than {self.km:g} km apart"


@dataclass(frozen=True, slots=True)
class HostMinutesMax(Rule):
    """A limit on drives to a venue: a partnership has a base that all its heads reach within `minutes`, there and back.

    Parameters
    ----------
    minutes
        The longest drive between a head's base and the venue, in minutes for each direction.
    """

    minutes: float
    keys: ClassVar[tuple[str, ...]] = ("host_minutes_max",)
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"host_minutes_max"})

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.host_minutes_max is not None:
            yield cls(asked.rules.host_minutes_max)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"host_minutes_max": then.minutes if isinstance(then, HostMinutesMax) else None}

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
        then = self.minutes + MINUTES_STEP
        return f"host_minutes_max {self.minutes:g} to {then:g}", replace(self, minutes=then)

    def words(self) -> str:
        return f"a meeting venue that every head reaches in {self.minutes:g} minutes"
