"""The result of a sweep: a row for each scenario, the settings where plans begin to fail, and the schools that tip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from geodata.identifier import URN, IdentifierWords, identifier_words
from geodata.urns import Urn
from partition.studies.sweep.axes import Axis, Values

STATES = {
    "optimal": "proven best",
    "feasible": "stopped early",
    "infeasible": "no plan can exist",
    "unknown": "no plan found in time",
}
PLACED = ("placed", "federation")  # roles of small schools in a partnership


@dataclass(frozen=True, slots=True)
class Row:
    """One scenario: its values and its result."""

    values: Values
    result: Mapping[str, Any]

    @property
    def plan(self) -> Mapping[str, Any] | None:
        """Return the plan's part of the result; None where there is no plan."""
        found: Mapping[str, Any] | None = self.result["plan"]
        return found

    @property
    def state(self) -> str:
        """Return in words how sure the result is."""
        placed = {"placed", "associate"} & set(self.roles.values())
        if self.result["status"] == "optimal" and self.unplaced and not placed:
            return "no partnership is possible"
        return STATES[self.result["status"]]

    @property
    def unplaced(self) -> int | None:
        """Return the number of small schools not yet placed; None where there is no plan."""
        return None if self.plan is None else sum(role == "unplaced" for _, _, role, *_ in self.plan["schools"])

    @property
    def associates(self) -> int | None:
        """Return the number of associates in partnerships; None where there is no plan."""
        return None if self.plan is None else sum(role == "associate" for _, _, role, *_ in self.plan["schools"])

    @property
    def cost(self) -> float | None:
        """Return a year's cost in hours of heads' time, or in km; None where there is no plan."""
        if self.plan is None:
            return None
        total = float(self.plan["cost"]["total"])
        return total / 60 if self.result["unit"] == "minutes" else total

    @property
    def roles(self) -> Mapping[Urn, str]:
        """Return the role of each school that takes part, by URN; empty where there is no plan."""
        return {} if self.plan is None else {urn: role for urn, _, role, *_ in self.plan["schools"]}


@dataclass(frozen=True, slots=True)
class Step:
    """Two neighbouring settings: a value of one axis and its next value, all other values equal."""

    axis: Axis
    before: Row
    after: Row
    place: int  # of the axis

    def words(self, sweep: Sweep, *, back: bool = False) -> str:
        """Return the step in words: `longest drive 20 to 15 minutes (small-school limit 150 pupils)`."""
        ends = [self.before.values[self.place], self.after.values[self.place]]
        others = [
            f"{axis.name} {axis.told(value)}"
            for n, (axis, value) in enumerate(zip(sweep.axes, self.before.values, strict=True))
            if n != self.place
        ]
        first, last = reversed(ends) if back else ends
        return f"{self.axis.name} {first} to {self.axis.told(last)}" + (f" ({', '.join(others)})" if others else "")


@dataclass(frozen=True, slots=True)
class Start:
    """A step at which plans begin to fail: no plan any more, or a first school left unplaced."""

    step: Step
    back: bool  # the failure is at the earlier value, not at the later one
    what: str  # "impossible", "unplaced"
    unplaced: int | None

    def words(self, sweep: Sweep) -> str:
        """Return the step and the failure in words."""
        where = self.step.words(sweep, back=self.back)
        if self.what == "impossible":
            worse = self.step.before if self.back else self.step.after
            return (
                f"{where}: {worse.state} any more" if worse.result["status"] == "infeasible" else f"{where}: none found"
            )
        many = "a first small school is" if self.unplaced == 1 else f"{self.unplaced} small schools are"
        return f"{where}: {many} left unplaced"


@dataclass(frozen=True, slots=True)
class Tip:
    """A school that is placed in one setting and not in its neighbour."""

    step: Step
    urn: Urn
    name: str
    was: str
    becomes: str


class Sweep:
    """All scenarios of a sweep, in order."""

    def __init__(self, axes: Sequence[Axis], rows: Sequence[Row]) -> None:
        self.axes, self.rows = tuple(axes), tuple(rows)
        self._row_of = {row.values: row for row in rows}

    @property
    def identifier(self) -> IdentifierWords:
        """Return what people call the schools' identifiers."""
        stated = self.rows[0].result.get("identifier") if self.rows else None
        return URN if stated is None else identifier_words(stated)

    @property
    def unit(self) -> str:
        """Return the unit of costs: "hours", "km", or "hours or km"."""
        units = {"hours" if row.result["unit"] == "minutes" else "km" for row in self.rows}
        return " or ".join(sorted(units))

    def steps(self) -> Iterator[Step]:
        """Yield every two neighbouring settings."""
        for place, axis in enumerate(self.axes):
            for row in self.rows if axis.neighbours else ():
                n = axis.values.index(row.values[place])
                if n + 1 < len(axis.values):
                    after = (*row.values[:place], axis.values[n + 1], *row.values[place + 1 :])
                    if after in self._row_of:
                        yield Step(axis, row, self._row_of[after], place)

    @cached_property
    def starts(self) -> tuple[Start, ...]:
        """Return the steps at which plans become impossible, or begin to leave schools unplaced."""
        found = []
        for step in self.steps():
            one, other = step.before.unplaced, step.after.unplaced
            if (one is None) != (other is None):
                found.append(Start(step, one is None, "impossible", None))
            elif one is not None and other is not None and (one == 0) != (other == 0):
                found.append(Start(step, one > 0, "unplaced", one or other))
        return tuple(found)

    @cached_property
    def tips(self) -> tuple[Tip, ...]:
        """Return the small schools that are placed in one setting, and in its neighbour unplaced or not taking part."""
        found = []
        for step in self.steps():
            roles = [row.roles for row in (step.before, step.after)]
            if step.before.plan is None or step.after.plan is None:
                continue
            names = {urn: name for row in (step.before, step.after) for urn, name, *_ in (row.plan or {})["schools"]}
            for urn in sorted(names):
                was, becomes = (of.get(urn, "not taking part") for of in roles)
                if (was in PLACED) != (becomes in PLACED) and "associate" not in (was, becomes):
                    found.append(Tip(step, urn, names[urn], was, becomes))
        return tuple(found)

    @property
    def tipping(self) -> Mapping[tuple[Urn, str], tuple[Tip, ...]]:
        """Return each school's steps between placed and not yet placed, by school; the school with most steps first."""
        by_school: dict[tuple[Urn, str], list[Tip]] = {}
        for tip in self.tips:
            if "not taking part" not in (tip.was, tip.becomes):
                by_school.setdefault((tip.urn, tip.name), []).append(tip)
        ordered = sorted(by_school.items(), key=lambda item: (-len(item[1]), item[0]))
        return {school: tuple(tips) for school, tips in ordered}

    @property
    def best_words(self) -> str:
        """Return a sentence: in how many settings all schools are placed, or the least number left unplaced."""
        planned = [row.unplaced for row in self.rows if row.unplaced is not None]
        if not planned:
            return "In no setting is there a plan."
        if all_placed := planned.count(0):
            return f"All small schools are placed in {all_placed} of {len(self.rows)} settings."
        return f"In no setting are all small schools placed; at least {min(planned)} are left."
