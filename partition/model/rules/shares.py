"""Rules on what each head has of a partnership, by the prices of the problem."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from partition.model.costs import Tariff, thousandths
from partition.model.roster import Group
from partition.model.rules.ranges import share
from partition.model.rules.rule import Asked, Breach, Keys, Rule, names

if TYPE_CHECKING:
    from partition.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class HeadMinutesMax(Rule):
    """A limit for each head: no head of a partnership has more than `minutes` a year of its own.

    A head's own minutes are those of `Tariff.own`: its drives by the way heads meet, and its halves of broken links
    and parted pairs. A `Problem` gives the rule its prices.

    Parameters
    ----------
    minutes
        The most minutes of one head, a year.
    """

    minutes: float
    tariff: Tariff | None = field(default=None, compare=False, repr=False)
    keys: ClassVar[tuple[str, ...]] = ("head_minutes_max",)
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"head_minutes_max"})  # by near heads, or friends

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        if asked.rules.head_minutes_max is not None:
            yield cls(asked.rules.head_minutes_max)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return {"head_minutes_max": then.minutes if isinstance(then, HeadMinutesMax) else None}

    def priced_by(self, tariff: Tariff) -> Rule:
        if tariff.preferences.measure == "km":
            raise ValueError('head_minutes_max counts minutes; with measure = "km" switch it off')
        return replace(self, tariff=tariff)

    @property
    def thousandths_max(self) -> int:
        return thousandths(self.minutes)

    def breaches(self, group: Group) -> Iterator[Breach]:
        """Yield a breach for each head over the limit, without its figure, which would tell of its working links."""
        for own, head in zip(self.own(group), group.headships, strict=True):
            if own > self.thousandths_max:
                whose = names(group, head.base_urn)
                words = f"the head of {whose} would have more than {self.minutes:g} minutes a year"
                yield Breach("head_minutes_max", (head.base_urn,), words)

    def own(self, group: Group) -> list[int]:
        """Return the own minutes of each head of a partnership, in thousandths a year."""
        if self.tariff is None:
            raise ValueError("head_minutes_max is judged by the prices of a problem; put it into a Problem")
        return [self.tariff.own(group, headship).total for headship in group.members]

    def looser(self) -> tuple[str, Rule | None]:
        then = self.minutes + share(max(round(self.minutes), 1))
        return f"head_minutes_max {self.minutes:g} to {then:g}", replace(self, minutes=then)

    def words(self) -> str:
        return f"no head with more than {self.minutes:g} minutes a year of its own"
