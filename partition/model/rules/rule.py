"""What a rule is: one record that judges in plain Python, with no solver in sight.

A rule on a partnership answers `breaches(group)`; a rule on the whole plan answers `plan_breaches(roster, groups)`.
`keys` are its settings in the scenario file with the help people read; `looser` is the rule a notch looser. How a rule
reaches the solver stands in one place, `partition/solver/encode.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from geodata.faults import BadData, Fault
from partition.model.roster import Group, Roster


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


def refuse_faults(roster: Roster, rules: Sequence[Rule]) -> None:
    """Raise BadData with every way in which the rules do not fit the data."""
    faults = {str(fault): fault for rule in rules for fault in rule.faults(roster)}
    if faults:
        raise BadData(faults.values())


def names(group: Group, *urns: int) -> str:
    return " and ".join(group.roster.area.name_of(urn) for urn in urns)
