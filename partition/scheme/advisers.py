"""Which adviser serves which partnership: as many served as possible, then the least driving, proven by CP-SAT.

One adviser serves a whole partnership, within a caseload and days. An adviser drives to the Lead Strategic Group's
meetings in person and visits every school. A change of a school's adviser has a price, so that today's pairs stay.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geodata.advisers import Adviser
from geodata.labels import is_value
from geodata.urns import Urn
from partition.model.roster import CENTIMINUTES
from partition.plans.account import Account, PartnershipAccount
from partition.scheme.offices import OfficeDrives
from partition.scheme.proof import proven
from partition.scheme.venues import best_host, drives_to_hosts, meetings_in_person
from partition.settings.scheme import Advisers, Venues

TENTHS = 10  # of a day


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The work of one partnership for one adviser: centiminutes of driving a year, and the price of change."""

    drive: int
    change: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Patch:
    """One adviser's partnerships, by number, and the driving and days that they take in a year."""

    adviser: Adviser
    partnerships: tuple[int, ...]
    schools: int
    drive_minutes: float
    days: float  # by days_per_partnership and days_per_school; 0 where neither is set
    away_minutes: Mapping[int, float]  # from the office to each partnership's venue and back
    new_schools: tuple[Urn, ...]  # URNs of schools with another adviser today
    unplaced: tuple[Urn, ...]  # URNs of small schools not yet placed that no other office is nearer to


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who serves whom, proven: no assignment serves more partnerships, and among equals none costs less."""

    patches: tuple[Patch, ...]  # every adviser who stays, those without a partnership too
    adviser_of: Mapping[int, int]  # position in `patches` by partnership's number
    unserved: tuple[int, ...]
    why_unserved: Mapping[int, str]
    drive_minutes: float
    schools_changing: int
    words: str  # how minutes were calculated

    def name_of(self, number: int) -> str:
        """Return the name of a partnership's adviser, "" for none."""
        return self.patches[self.adviser_of[number]].adviser.name if number in self.adviser_of else ""


class Caseloads:
    """The question to solve: advisers, partnerships, and the work that each pair would take."""

    def __init__(
        self,
        account: Account,
        advisers: Sequence[Adviser],
        drives: OfficeDrives,
        today: Mapping[Urn, str],
        settings: Advisers,
        meetings: Venues,
    ) -> None:
        self.account, self.drives, self.today = account, drives, today
        self.advisers = tuple(advisers)
        self.settings, self.meetings = settings, meetings

    @cached_property
    def tasks(self) -> tuple[dict[int, Task], ...]:
        """Return for each adviser the tasks by partnership's number; without those that the adviser may not serve."""
        found: tuple[dict[int, Task], ...] = tuple({} for _ in self.advisers)
        for item in self.account.present:
            for a in range(len(self.advisers)):
                task = self._task(a, item)
                if task is not None:
                    found[a][item.number] = task
        return found

    def to_hosts(self, a: int, item: PartnershipAccount) -> NDArray[np.int64]:
        """Return round trips, in centiminutes, from an adviser's office to each school that can host."""
        index = self.account.area.index
        return self.drives.round_trips[a, [index[urn] for urn in drives_to_hosts(item.group, self.meetings).urns]]

    def _task(self, a: int, item: PartnershipAccount) -> Task | None:
        if not self.needed(item) <= set(self.advisers[a].accreditation):
            return None
        trips = self.drives.round_trips[a, list(item.group.schools)]
        if (trips < 0).any():
            return None
        drive = int(trips.sum()) * self.settings.visits_per_school + self._to_meetings(a, item)
        changing = sum(self.today.get(urn, name) != name for urn in item.group.urns for name in [self.advisers[a].name])
        price = Fraction(str(self.settings.minutes_per_change)) * CENTIMINUTES
        return Task(drive=drive, change=int(price * changing))

    def _to_meetings(self, a: int, item: PartnershipAccount) -> int:
        """Return centiminutes a year to the venue that is best if this adviser attends."""
        away = self.away(a, item)
        return away * meetings_in_person(self.meetings) if away is not None else 0

    def away(self, a: int, item: PartnershipAccount) -> int | None:
        """Return centiminutes from the office to that venue and back.

        None where advisers do not attend meetings, or where no venue can be reached by all.
        """
        if not self.meetings.adviser_comes:
            return None
        drives, own = drives_to_hosts(item.group, self.meetings), self.to_hosts(a, item)
        best = best_host(drives, self.meetings, own)
        return None if best is None else int(own[best[0]])

    def needed(self, item: PartnershipAccount) -> frozenset[str]:
        """Return the accreditation that a partnership's schools ask for."""
        area, wanted = self.account.area, self.settings.accreditation_for
        return frozenset(
            skill.strip().casefold()
            for column, skill in sorted(wanted.items())
            if any(is_value(v) and v.strip().casefold() != "no" for v in area.values(column, item.group.schools))
        )

    def tenths_of_days(self, item: PartnershipAccount) -> int:
        """Return the tenths of a day that a partnership takes in a year, rounded up."""
        each = Fraction(str(self.settings.days_per_partnership))
        days = each + Fraction(str(self.settings.days_per_school)) * len(item.group.schools)
        return -int(-days * TENTHS // 1)


def assign(question: Caseloads, leaving: Collection[str] = ()) -> Assignment:
    """Return who serves whom without the advisers in `leaving`. Raises NotProven where CP-SAT ends without proof."""
    staying = [a for a, adviser in enumerate(question.advisers) if adviser.name not in leaving]
    items = question.account.present
    served = _solve(question, staying)
    nearest = _nearest_offices(question, staying)
    patches = tuple(
        _patch(question, a, [item for item in items if served.get(item.number) == a], nearest) for a in staying
    )
    place = {a: n for n, a in enumerate(staying)}
    missing = [item for item in items if item.number not in served]
    return Assignment(
        patches=patches,
        adviser_of={number: place[a] for number, a in sorted(served.items())},
        unserved=tuple(item.number for item in missing),
        why_unserved={item.number: _why(question, staying, item) for item in missing},
        drive_minutes=sum(question.tasks[a][number].drive for number, a in served.items()) / CENTIMINUTES,
        schools_changing=sum(len(patch.new_schools) for patch in patches),
        words=question.drives.words,
    )


def _solve(question: Caseloads, staying: Sequence[int]) -> dict[int, int]:
    """Return each served partnership's adviser, by its number. Of equal answers, the one with earlier advisers."""
    from ortools.sat.python import cp_model

    model, tasks = cp_model.CpModel(), question.tasks
    serves = {(a, number): model.new_bool_var(f"{a} serves {number}") for a in staying for number in tasks[a]}
    if not serves:
        return {}
    for item in question.account.present:
        model.add_at_most_one([serves[a, item.number] for a in staying if (a, item.number) in serves])
    for a in staying:
        adviser, own = question.advisers[a], list(tasks[a])
        if adviser.caseload is not None:
            model.add(sum(serves[a, n] for n in own) <= adviser.caseload)
        if adviser.days is not None:
            days = {item.number: question.tenths_of_days(item) for item in question.account.present}
            model.add(sum(days[n] * serves[a, n] for n in own) <= adviser.days * TENTHS)
    count: Any = sum(serves.values())
    model.maximize(count)
    most = int(proven(model, "how many partnerships can be served").objective_value)
    model.add(count == most)
    cost: Any = sum((tasks[a][n].drive + tasks[a][n].change) * var for (a, n), var in serves.items())
    ranks: Any = sum(a * var for (a, _), var in serves.items())
    above_ranks = len(question.advisers) * len(question.account.present) + 1
    model.minimize(cost * above_ranks + ranks)
    solver = proven(model, "who serves whom")
    return {number: a for (a, number), var in serves.items() if solver.value(var)}


def _nearest_offices(question: Caseloads, staying: Sequence[int]) -> dict[Urn, int]:
    """Return, by URN of each small school not yet placed, the adviser whose office is nearest; of equals the first."""
    account, trips = question.account, question.drives.round_trips
    found = {}
    for urn in account.unplaced:
        position = account.area.index[urn]
        reached = [(int(trips[a, position]), a) for a in staying if trips[a, position] >= 0]
        if reached:
            found[urn] = min(reached)[1]
    return found


def _patch(question: Caseloads, a: int, items: Sequence[PartnershipAccount], nearest: Mapping[Urn, int]) -> Patch:
    adviser, tasks = question.advisers[a], question.tasks[a]
    away = {item.number: question.away(a, item) for item in items}
    urns = [urn for item in items for urn in item.group.urns]
    return Patch(
        adviser=adviser,
        partnerships=tuple(item.number for item in items),
        schools=len(urns),
        drive_minutes=sum(tasks[item.number].drive for item in items) / CENTIMINUTES,
        days=sum(question.tenths_of_days(item) for item in items) / TENTHS,
        away_minutes={number: drive / CENTIMINUTES for number, drive in away.items() if drive is not None},
        new_schools=tuple(urn for urn in urns if question.today.get(urn, adviser.name) != adviser.name),
        unplaced=tuple(urn for urn, nearest_a in nearest.items() if nearest_a == a),
    )


def _why(question: Caseloads, staying: Sequence[int], item: PartnershipAccount) -> str:
    """Return in words why nobody serves a partnership."""
    able = [a for a in staying if item.number in question.tasks[a]]
    if able:
        return "every adviser who could serve it is at their caseload or days"
    needed = question.needed(item)
    if not any(needed <= set(question.advisers[a].accreditation) for a in staying):
        return f"no adviser has the accreditation it needs: {', '.join(sorted(needed))}"
    return "no adviser who may serve it can drive to all its schools"


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The result when advisers leave: who takes over each of their partnerships, and the additional driving."""

    names: tuple[str, ...]
    before: Assignment
    after: Assignment
    changes: tuple[tuple[int, str, str], ...]  # partnership's number, adviser before and after ("" for none)

    @property
    def more_minutes(self) -> float:
        """Return the minutes a year that all advisers together drive more."""
        return self.after.drive_minutes - self.before.drive_minutes


def what_if_leaving(question: Caseloads, names: Sequence[str]) -> Leaving:
    """Return two assignments: with all advisers, and then without those in `names`, with a price on each change."""
    before = assign(question)
    settled = {
        urn: before.name_of(item.number)
        for item in question.account.present
        if item.number in before.adviser_of
        for urn in item.group.urns
    }
    after = assign(
        Caseloads(question.account, question.advisers, question.drives, settled, question.settings, question.meetings),
        names,
    )
    numbers = [item.number for item in question.account.present]
    pairs = [(n, before.name_of(n), after.name_of(n)) for n in numbers]
    return Leaving(
        names=tuple(names),
        before=before,
        after=after,
        changes=tuple((n, was, now) for n, was, now in pairs if was != now),
    )
