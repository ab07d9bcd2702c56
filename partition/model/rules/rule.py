"""A rule: a frozen record that judges a plan in plain Python, without the solver.

`breaches(group)` judges a partnership, `plan_breaches(roster, groups)` the whole plan. `keys` names the settings of the
rule in the scenario file; `from_settings` makes rules of settings and `as_settings` makes settings of a rule. `looser`
returns the rule one step looser. The encoding of every rule for the solver is in `partition/solver/encode.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.costs import Tariff
from partition.model.roster import Group, Roster, TakesPart

if TYPE_CHECKING:
    from partition.settings.rules import Rules
    from partition.settings.scheme import Money

Keys = Mapping[str, Any]
"""New values of settings in the table of rules, by key; None stands for "off"."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach: the setting (or condition) that is broken, the URNs of the schools, and a sentence for people.

    `private` is True where only heads should read the breach.
    """

    rule: str
    urns: tuple[Urn, ...]
    words: str
    private: bool = False


@dataclass(frozen=True)
class Asked:
    """A scenario's settings together with its area: everything that `from_settings` may use."""

    rules: Rules
    money: Money
    area: Area
    takes_part: TakesPart

    @cached_property
    def roster(self) -> Roster:
        """The headships that take part. Raises BadData as `Roster` does."""
        return Roster(self.area, self.takes_part, self.rules.heads_min)


@dataclass(frozen=True, slots=True)
class Rule:
    """The base class of all rules. Most rules judge one partnership at a time.

    `Problem` raises BadData where a rule does not fit the area, and `solve` where the solver has no encoding for a
    rule.

    Attributes
    ----------
    keys
        The names of the rule's settings in the table of rules of a scenario; empty for a rule without a setting.
    private
        Whether only heads should read the URNs of its breaches.
    mended_by_joining
        Names of its breaches that may disappear when further headships join the partnership.
    """

    keys: ClassVar[tuple[str, ...]] = ()  # its settings in the table of rules
    private: ClassVar[bool] = False  # whether only heads should read the URNs of its breaches
    mended_by_joining: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def from_settings(cls, asked: Asked) -> Iterator[Rule]:
        """Yield the rules of this class that a scenario states. Raises BadData where settings do not fit the data."""
        return iter(())

    def as_settings(self, then: Rule | None, stated: Rules) -> Keys | None:
        """Return the settings that turn this rule into `then`, a rule of the same class, or remove this rule (None).

        `stated` is the table of rules in the scenario. Returns None where no setting states this rule alone.
        """
        return None

    def priced_by(self, tariff: Tariff) -> Rule:
        """Return the rule as the problem of a tariff judges it; the same for every rule that asks no prices.

        Raises ValueError where the rule has no meaning with the tariff's prices.
        """
        return self

    def parts(self) -> tuple[Rule, ...]:
        """Return rules of one demand each that together equal this rule: a range becomes its least and its most."""
        return (self,)

    def looser(self) -> tuple[str, Rule | None]:
        """Return words for the change ("heads_min 4 to 3"), and one part of the rule, one step looser.

        None instead of a rule means that the rule is dropped.
        """
        return "dropped", None

    def breaches(self, group: Group) -> Iterator[Breach]:
        """Yield each breach of the rule by one partnership."""
        return iter(())

    def plan_breaches(self, roster: Roster, groups: Sequence[Group]) -> Iterator[Breach]:
        """Yield each breach of the rule by the plan as a whole."""
        return iter(())

    def faults(self, roster: Roster) -> Iterator[Fault]:
        """Yield a fault for each part of the rule that does not fit the data, such as an unknown school or column."""
        return iter(())

    def words(self) -> str:
        """Return the rule in a few words, for readers of the plan."""
        raise NotImplementedError


def refuse_faults(roster: Roster, rules: Sequence[Rule]) -> None:
    """Raise BadData with every fault of the rules, each once; return where there is none."""
    faults = {str(fault): fault for rule in rules for fault in rule.faults(roster)}
    if faults:
        raise BadData(faults.values())


def names(group: Group, *urns: Urn) -> str:
    """Return the names of schools of the group's area, joined by "and"."""
    return " and ".join(group.roster.area.name_of(urn) for urn in urns)


def without(key: str, value: object, stated: Rules) -> Keys | None:
    """Return a setting's list without a value, or its table without a key; None where that is missing."""
    held = getattr(stated, key)
    if value not in held:
        return None
    if isinstance(held, Mapping):
        return {key: {name: item for name, item in held.items() if name != value}}
    return {key: [item for item in held if item != value]}
