"""Rules on the kinds of schools in a partnership, by the values of a column of the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from geodata.faults import Fault
from partition.model.roster import Group, Roster
from partition.model.rules.rule import Asked, Breach, Keys, Rule, names, without
from partition.model.rules.unfit import fault, no_column

if TYPE_CHECKING:
    from partition.settings.rules import Rules


@dataclass(frozen=True, slots=True)
class Same(Rule):
    """One value for all: all schools of a partnership have the same value in a column; a blank breaks the rule.

    Parameters
    ----------
    column
        The heading of a column of the area.
    """

    column: str
    keys: ClassVar[tuple[str, ...]] = ("same",)

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        yield from map(cls, asked.rules.same)

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return without("same", self.column, stated)

    def breaches(self, group: Group) -> Iterator[Breach]:
        area = group.roster.area
        values = area.values(self.column, group.schools)
        blank = [area.urns[i] for i in group.schools if not area.values(self.column, [i])]
        if len(values) > 1:
            yield Breach("same", group.urns, f"{self.column} differs: {', '.join(sorted(values))}")
        elif blank:
            yield Breach("same", tuple(blank), f"{self.column} is blank at {names(group, *blank)}")

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from no_column(roster, "same", self.column)

    def words(self) -> str:
        return f"one {self.column} in a partnership"


@dataclass(frozen=True, slots=True)
class DistinctMax(Rule):
    """A limit on values: a partnership has at most `most` different values in a column; a blank is no value.

    Parameters
    ----------
    column
        The heading of a column of the area.
    most
        The largest number of different values.
    """

    column: str
    most: int
    keys: ClassVar[tuple[str, ...]] = ("distinct_max",)

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        yield from (cls(column, most) for column, most in asked.rules.distinct_max.items())

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        if isinstance(then, DistinctMax):
            return {"distinct_max": {**stated.distinct_max, self.column: then.most}}
        return without("distinct_max", self.column, stated)

    def breaches(self, group: Group) -> Iterator[Breach]:
        values = group.roster.area.values(self.column, group.schools)
        if len(values) > self.most:
            words = f"{len(values)} different values of {self.column}, more than {self.most}"
            yield Breach("distinct_max", group.urns, words)

    def faults(self, roster: Roster) -> Iterator[Fault]:
        yield from no_column(roster, "distinct_max", self.column)

    def looser(self) -> tuple[str, Rule | None]:
        then = self.most + 1
        return f"distinct_max of {self.column} {self.most} to {then}", replace(self, most=then)

    def words(self) -> str:
        return f"at most {self.most} different values of {self.column}"


@dataclass(frozen=True, slots=True)
class AtLeastOne(Rule):
    """A value that must occur: at least one school of a partnership has `value` in `column`.

    Parameters
    ----------
    column
        The heading of a column of the area.
    value
        The value, as text, which at least one school of the area must have.
    """

    column: str
    value: str
    keys: ClassVar[tuple[str, ...]] = ("at_least_one",)
    mended_by_joining: ClassVar[frozenset[str]] = frozenset({"at_least_one"})

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        yield from (cls(column, value) for column, value in asked.rules.at_least_one.items())

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        return without("at_least_one", self.column, stated)

    def breaches(self, group: Group) -> Iterator[Breach]:
        if self.value not in group.roster.area.values(self.column, group.schools):
            yield Breach("at_least_one", group.urns, f"no school has {self.column} = {self.value}")

    def faults(self, roster: Roster) -> Iterator[Fault]:
        missing = list(no_column(roster, "at_least_one", self.column))
        yield from missing
        if not missing and self.value not in roster.area.columns[self.column]:
            yield fault("at_least_one", self.value, f"no school has this value in {self.column}")

    def words(self) -> str:
        return f"at least one school with {self.column} = {self.value}"
