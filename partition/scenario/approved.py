"""Partnerships that were approved: the next plan keeps each as it is, until people release it by its name.

What speaks against keeping one, such as a school of it that says no, is no reason to change it: it is a `Doubt`, which
people are asked about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from geodata.answers import Answer
from geodata.cells import listed
from geodata.faults import BadData, Fault
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.roster import Roster
from partition.scenario.earlier import Earlier
from partition.settings.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A school on whose account people may want to release an approved partnership. That it says no is private."""

    partnership: str
    urn: Urn
    name: str
    why: Literal["no", "grown", "gone"]

    @property
    def words(self) -> str:
        """Return the doubt as a question to people."""
        found = {
            "no": f"{self.name} ({self.urn}) says no",
            "grown": f"{self.name} ({self.urn}) is small no longer, and stays as an associate",
            "gone": f"{self.name} is not among the schools selected any more",
        }[self.why]
        return f"{self.partnership} is approved and kept as it is, but {found}: is it to be planned again?"

    @property
    def way(self) -> str:
        """Return what people type to have the partnership planned again."""
        return f"--set 'rules.released=[\"{self.partnership}\"]'"


def with_approved(scenario: Scenario, earlier: Earlier) -> Scenario:
    """Return the scenario with the partnerships of an earlier plan that were approved, and those released by name.

    Both are then named as today's partnerships are. Raises BadData for a name in `rules.released` that none has.
    """
    rules = scenario.rules
    decided = [one for one in earlier if one.is_decided]
    names = {one.label: one for one in decided}
    wrong = [
        name
        for name in rules.released
        if name not in rules.approved and not any(one.is_called(name) for one in decided)
    ]
    if wrong:
        there = listed(sorted({*names, *rules.approved})) if names or rules.approved else "none"
        fix = f"no approved partnership has this name; there are {there}"
        raise BadData([Fault(file="scenario", column="rules.released", value=name, fix=fix) for name in wrong])
    locked = {*rules.locked, *rules.open_locked, *rules.accepted}
    released = [name for name, one in names.items() if any(one.is_called(words) for words in rules.released)]
    named = {
        "approved": list(dict.fromkeys([*rules.approved, *(name for name in names if name not in locked)])),
        "released": list(dict.fromkeys([*rules.released, *released])),
    }
    if named == {"approved": rules.approved, "released": rules.released}:
        return scenario
    return scenario.model_copy(update={"rules": rules.model_copy(update=named)})


def kept_as_approved(scenario: Scenario) -> frozenset[str]:
    """Return the names of the partnerships that are kept because they are approved."""
    return frozenset(scenario.rules.approved) - frozenset(scenario.rules.released)


def approved_schools(scenario: Scenario, area: Area) -> frozenset[Urn]:
    """Return the schools of the partnerships that are kept because they are approved."""
    kept = kept_as_approved(scenario)
    return frozenset(urn for one in area.existing if one.name in kept for urn in one.urns)


def with_grown(scenario: Scenario, area: Area, roster: Roster) -> Scenario:
    """Return the scenario with schools of approved partnerships that are small no longer as associates in them."""
    rules = scenario.rules
    grown = approved_schools(scenario, area) - roster.headship_of.keys() - set(rules.except_out) - set(rules.associates)
    if not grown:
        return scenario
    named = [*rules.associates, *sorted(grown)]
    return scenario.model_copy(update={"rules": rules.model_copy(update={"associates": named})})


def doubts(scenario: Scenario, settled: Scenario, area: Area, gone: Iterable[tuple[Urn, str]]) -> tuple[Doubt, ...]:
    """Return what speaks against keeping the approved partnerships, by partnership.

    `settled` is the scenario over its data, `gone` are the schools of today's partnerships that are not selected.
    """
    return tuple(_doubts(scenario, settled, area, gone))


def _doubts(scenario: Scenario, settled: Scenario, area: Area, gone: Iterable[tuple[Urn, str]]) -> Iterator[Doubt]:
    kept = kept_as_approved(settled)
    grown = set(settled.rules.associates) - set(scenario.rules.associates)
    for one in area.existing:
        for urn in one.urns if one.name in kept else ():
            if area.answers.get(urn, Answer()).said == "no":
                yield Doubt(partnership=one.name, urn=urn, name=area.name_of(urn), why="no")
            if urn in grown:
                yield Doubt(partnership=one.name, urn=urn, name=area.name_of(urn), why="grown")
    for urn, name in gone:
        if name in kept:
            yield Doubt(partnership=name, urn=urn, name=f"school {urn}", why="gone")


def notices_of(found: Iterable[Doubt], file: str) -> list[Fault]:
    """Return the doubts as notices that may be public: who says no is counted, and not named."""
    found = tuple(found)
    notices = [
        Fault(file=file, column="rules.approved", fix=f"{one.words} Then {one.way}") for one in found if one.why != "no"
    ]
    against = {one.partnership for one in found if one.why == "no"}
    if against:
        which = "1 approved partnership has" if len(against) == 1 else f"{len(against)} approved partnerships have"
        fix = f"{which} schools that say no, and are kept as they are; next-round --internal names them"
        notices.append(Fault(file=file, column="rules.approved", fix=fix))
    return notices
