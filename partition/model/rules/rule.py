"""What a rule is: one record that judges in plain Python, with no solver in sight.

A rule on a partnership answers `breaches(group)`; a rule on the whole plan answers `plan_breaches(roster, groups)`.
`keys` are its settings in the scenario file, `from_settings` and `as_settings` the way from them and back; `looser` is
the rule one step looser. How a rule reaches the solver stands in one place, `partition/solver/encode.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from geodata.faults import BadData, Fault
from partition.model.area import Area
from partition.model.roster import Group, Roster, TakesPart

if TYPE_CHECKING:
    from partition.settings.rules import Rules
    from partition.settings.scheme import Money

Keys = Mapping[str, Any]
"""Settings of the table of rules, each with its new value; None is "off"."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule broken: which setting, by which schools, in words. `private` where only heads should read it."""

    rule: str
    urns: tuple[int, ...]
    words: str
    private: bool = False


@dataclass(frozen=True)
class Asked:
    """What a scenario asks, over its data: all that a rule may be made from."""

    rules: Rules
    money: Money
    area: Area
    takes_part: TakesPart

    @cached_property
    def roster(self) -> Roster:
        """Who takes part."""
        return Roster(self.area, self.takes_part)


@dataclass(frozen=True, slots=True)
class Rule:
    """What every rule is; most judge one partnership at a time."""

    keys: ClassVar[tuple[str, ...]] = ()  # its settings in the table of rules
    private: ClassVar[bool] = False  # whether only heads should read which schools it is about
    mended_by_joining: ClassVar[frozenset[str]] = frozenset()
    """Of what its breaches name, that which a partnership need not keep yet where further heads may join it."""

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        """Yield the rules of this kind that a scenario states. Raises BadData where they do not fit the data."""
        return iter(())

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        """Return what to set so that this rule becomes another of its kind, or (None) is there no longer.

        `stated` is the table of rules that the scenario states. None where no setting of its own makes the rule.
        """
        return None

    def parts(self) -> tuple[Rule, ...]:
        """The rule as the fewest demands that say the same: a range is its least and its most."""
        return (self,)

    def looser(self) -> tuple[str, Rule | None]:
        """Return one part of a rule one step looser: what changes ("heads_min 4 to 3"), and the rule then.

        None instead of a rule: it is dropped.
        """
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


def refuse_faults(roster: Roster, rules: Sequence[Rule]) -> None:
    """Raise BadData with every way in which the rules do not fit the data."""
    faults = {str(fault): fault for rule in rules for fault in rule.faults(roster)}
    if faults:
        raise BadData(faults.values())


def names(group: Group, *urns: int) -> str:
    return " and ".join(group.roster.area.name_of(urn) for urn in urns)


def without(key: str, value: object, stated: Rules) -> Keys | None:
    """Return a list or a table of settings without one of what it holds; None where it does not hold that."""
    held = getattr(stated, key)
    if value not in held:
        return None
    if isinstance(held, Mapping):
        return {key: {name: item for name, item in held.items() if name != value}}
    return {key: [item for item in held if item != value]}
