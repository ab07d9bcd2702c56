"""Effects of settings on a county, before any plan is solved: counts of its schools, heads, drives and links.

Each effect is a pure function of the schools and the scenario, fast enough to run while people type.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geodata.faults import BadData
from geodata.labels import is_value
from geodata.urns import Urn
from partition.model.area import Area
from partition.model.costs import THOUSANDTHS
from partition.model.roster import CENTIMINUTES, DrivesBetween, Roster
from partition.model.rules import MinutesMax
from partition.scenario.adjust import unbroken_today
from partition.scenario.build import build_participation, problem_of
from partition.settings.preferences import PreferencesTable
from partition.settings.rules import Rules
from partition.settings.scenario import Scenario

NEAR_LIMIT_PUPILS = 20
NAMED_MAX = 4
MINUTES_PER_HOUR = 60


class Outlook:
    """A county's schools under a scenario that fits them: all that can be counted without a plan."""

    def __init__(self, area: Area, scenario: Scenario) -> None:
        self.area, self.scenario = area, scenario

    @property
    def rules(self) -> Rules:
        """Return the scenario's rules."""
        return self.scenario.rules

    @property
    def preferences(self) -> PreferencesTable:
        """Return the scenario's preferences."""
        return self.scenario.preferences

    @cached_property
    def roster(self) -> Roster:
        """Return the headships that take part."""
        return Roster(self.area, build_participation(self.scenario), self.rules.heads_min)

    @cached_property
    def _furthest(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self._drives("schools")

    @cached_property
    def _of_limits(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        return self._furthest if self.rules.drives_between == "schools" else self._drives(self.rules.drives_between)

    def _drives(self, between: DrivesBetween) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return centiminutes and metres between every two heads, as two square arrays.

        A drive is between the two of their schools that are furthest apart, or nearest, or their bases, by the slower
        way; the largest integer where no road leads.
        """
        schools = [i for headship in self.roster.headships for i in headship.schools]
        if not schools:
            return np.zeros((0, 0), dtype=np.int64), np.zeros((0, 0), dtype=np.int64)
        starts = np.cumsum([0, *(len(headship.schools) for headship in self.roster.headships)])[:-1]
        one, other = (side.ravel() for side in np.meshgrid(schools, schools, indexing="ij"))
        bases = [place for place, i in enumerate(schools) if i in {h.base for h in self.roster.headships}]
        of_two = np.minimum if between == "nearest" else np.maximum
        both = []
        for there in self.area.travel.between(one, other):
            far = np.where(there < 0, np.iinfo(np.int64).max, there.astype(np.int64)).reshape(len(schools), -1)
            slower = np.maximum(far, far.T)
            if between == "bases":
                both.append(slower[np.ix_(bases, bases)])
            else:
                both.append(of_two.reduceat(of_two.reduceat(slower, starts, axis=0), starts, axis=1))
        return both[0], both[1]

    @property
    def heads(self) -> int:
        """Return the number of headships that take part."""
        return len(self.roster)

    @cached_property
    def within_minutes(self) -> NDArray[np.bool_]:
        """Return which two heads may share a partnership by the limit of the longest drive, as a square array."""
        if not self.heads or self.rules.minutes_max is None:
            return self._may_join
        limit = MinutesMax(self.rules.minutes_max, self.rules.minutes_max_for)
        bases = [
            max((limit.minutes_for.get(urn, limit.minutes) for urn in headship.urns), default=limit.minutes)
            for headship in self.roster.headships
        ]
        limits = np.round(np.maximum.outer(bases, bases) * CENTIMINUTES)
        return np.asarray((self._of_limits[0] <= limits) & self._may_join)

    @cached_property
    def _may_join(self) -> NDArray[np.bool_]:
        """Return which two heads may meet but for drives: none with a partnership already, as a square array."""
        joins = np.array([not headship.already for headship in self.roster.headships], dtype=bool)
        return np.asarray(np.logical_and.outer(joins, joins) & ~np.eye(self.heads, dtype=bool))

    def small_with(self, neighbours: int, allowed: NDArray[np.bool_]) -> int:
        """Return the number of small schools whose head has at least `neighbours` other heads allowed."""
        enough = allowed.sum(axis=1) >= neighbours
        return sum(
            headship.small for headship, is_enough in zip(self.roster.headships, enough, strict=True) if is_enough
        )

    def within_km(self, km: float) -> NDArray[np.bool_]:
        """Return which two heads may share a partnership by a limit in km, as a square array."""
        return np.asarray((self._of_limits[1] <= km * 1000) & self._may_join)

    def reached(self, minutes: float) -> NDArray[np.bool_]:
        """Return which two heads have all their schools within these minutes of each other, as a square array."""
        return np.asarray((self._furthest[0] <= minutes * CENTIMINUTES) & self._may_join)


Effect = Callable[[Outlook], str]


def effects(outlook: Outlook) -> Mapping[str, str]:
    """Return the effect of each setting in words, by key ("rules.minutes_max"); settings without any are left out."""
    told = {key: effect(outlook) for key, effect in EFFECTS.items()}
    return {key: words for key, words in told.items() if words}


def _school_pupils_max(at: Outlook) -> str:
    limit, roster = at.rules.school_pupils_max, at.roster
    words = f"{roster.small_schools} of {_many(len(at.area), 'school')} are small, led by {_many(at.heads, 'head')}"
    if limit is None:
        return f"{words}."
    near = int(((at.area.pupils > limit) & (at.area.pupils <= limit + NEAR_LIMIT_PUPILS)).sum())
    return f"{words}; {near} more would be at {limit + NEAR_LIMIT_PUPILS}."


def _exceptions(key: str) -> Effect:
    """Return an effect that names the schools in a list of exceptions."""

    def told(at: Outlook) -> str:
        return _named(at, getattr(at.rules, key))

    return told


def _reasons(at: Outlook) -> str:
    excepted = {*at.rules.except_in, *at.rules.except_out, *at.rules.associates}
    without = len(excepted - at.rules.except_reasons.keys())
    return f"{without} of {_many(len(excepted), 'exception')} without a reason." if excepted else ""


def _neighbours(at: Outlook) -> str:
    """Say how many small schools have enough other heads near enough for a partnership."""
    least = max(at.rules.heads_min or 2, 2)
    limit = at.rules.minutes_max
    within = "" if limit is None else f" within {_limit(limit)}"
    some = at.small_with(least - 1, at.within_minutes)
    few = (
        f"{some} of {_many(at.roster.small_schools, 'small school')} have {_word(least - 1)} other {_heads(least - 1)}"
    )
    return f"{few}{within}, as a partnership of {least} needs."


def _heads_min_for(at: Outlook) -> str:
    least, named = at.rules.heads_min or 0, at.rules.heads_min_for
    some = sum(heads < least and urn in at.roster.headship_of for urn, heads in named.items())
    return f"{_many(some, 'school')} may be in a partnership of fewer than {least} heads." if named else ""


def _heads_max(at: Outlook) -> str:
    most = at.rules.heads_max
    return f"{_many(at.heads, 'head')} make {-(-at.heads // most)} partnerships at least." if most else ""


def _schools(at: Outlook) -> str:
    several = [len(headship.schools) for headship in at.roster.headships if len(headship.schools) > 1]
    return f"{_many(len(several), 'head')} lead several schools, {max(several)} at most." if several else ""


def _already(at: Outlook) -> str:
    """Say how many federations are partnerships already."""
    sizes = [len(at.roster.headships[h].schools) for h in at.roster.already]
    are = "is a partnership" if len(sizes) == 1 else "are partnerships"
    return f"{_many(len(sizes), 'federation')} {are} already, with {_many(sum(sizes), 'school')}." if sizes else ""


def _pupils_min(at: Outlook) -> str:
    least, pupils = at.rules.pupils_min, _pupils(at)
    return f"{pupils:,} pupils make {pupils // least} partnerships at most." if least else ""


def _pupils_max(at: Outlook) -> str:
    most, pupils = at.rules.pupils_max, _pupils(at)
    if most is None:
        return ""
    alone = sum(headship.pupils > most for headship in at.roster.headships)
    over = f"; {_many(alone, 'head')} alone have more" if alone else ""
    return f"{pupils:,} pupils make {-(-pupils // most) if most else 'no'} partnerships at least{over}."


def _pupils(at: Outlook) -> int:
    return sum(headship.pupils for headship in at.roster.headships)


def _robust(at: Outlook) -> str:
    told = []
    for roll in at.rules.robust:
        if roll in at.area.columns:
            schools = [i for headship in at.roster.headships for i in headship.schools]
            total = sum(at.area.roll(roll, i) or 0 for i in schools)
            told.append(f"{roll}: {total:,} pupils, now {_pupils(at):,}")
    return "; ".join(told) + "." if told else ""


def _associates_max(at: Outlook) -> str:
    return f"{_many(sum(headship.associates for headship in at.roster.headships), 'larger school')} may join."


def _minutes_max_for(at: Outlook) -> str:
    named = at.rules.minutes_max_for
    if not named or at.rules.minutes_max is None:
        return ""
    without = at.scenario.model_copy(update={"rules": at.rules.model_copy(update={"minutes_max_for": {}})})
    before = Outlook(at.area, without)
    more = (int(at.within_minutes.sum()) - int(before.within_minutes.sum())) // 2
    return f"{_many(more, 'pair')} of heads more may share a partnership."


def _km_max(at: Outlook) -> str:
    km = at.rules.km_max
    if km is None or not at.area.travel.has_km:
        return ""
    near = at.small_with(max(at.rules.heads_min or 2, 2) - 1, at.within_km(km))
    return f"{near} of {_many(at.roster.small_schools, 'small school')} have enough other heads within {km:g} km."


def _host_minutes_max(at: Outlook) -> str:
    limit = at.rules.host_minutes_max
    if limit is None:
        return ""
    near = at.small_with(1, at.reached(limit))
    return f"{near} of {_many(at.roster.small_schools, 'small school')} have another head within {_limit(limit)}."


def _together(at: Outlook) -> str:
    told = []
    for urns in at.rules.together:
        nodes = sorted({at.roster.headship_of[urn] for urn in urns if urn in at.roster.headship_of})
        far = [(a, b) for n, a in enumerate(nodes) for b in nodes[n + 1 :] if not at.within_minutes[a, b]]
        if far:
            names = " and ".join(at.roster.headships[node].name for node in far[0])
            told.append(f"{names} are further apart than heads may drive, so they would not be placed.")
    return " ".join(told) or _many(len(at.rules.together), "group") + "." if at.rules.together else ""


def _together_kinds(at: Outlook) -> str:
    kinds = {kind.casefold() for kind in at.rules.together_kinds}
    return f"{_many(sum(link.kind.casefold() in kinds for link in at.area.links), 'working link')}." if kinds else ""


def _apart(at: Outlook) -> str:
    return f"{_many(len(at.rules.apart), 'group')}." if at.rules.apart else ""


def _same(at: Outlook) -> str:
    return "; ".join(_values(at, column) for column in at.rules.same if column in at.area.columns)


def _distinct_max(at: Outlook) -> str:
    return "; ".join(_values(at, column) for column in at.rules.distinct_max if column in at.area.columns)


def _values(at: Outlook, column: str) -> str:
    """Say how many values a column has, and at how many schools the column is blank."""
    cells = [at.area.columns[column][i] for headship in at.roster.headships for i in headship.schools]
    values = [cell for cell in cells if is_value(cell)]
    blank = f", blank at {_many(len(cells) - len(values), 'school')}" if len(values) < len(cells) else ""
    return f"{column} has {_many(len(set(values)), 'value')}{blank}"


def _at_least_one(at: Outlook) -> str:
    told = []
    for column, value in at.rules.at_least_one.items():
        if column in at.area.columns:
            cells = [at.area.columns[column][i] for headship in at.roster.headships for i in headship.schools]
            told.append(f"{_many(cells.count(value), 'school')} with {column} = {value}: so many partnerships at most")
    return "; ".join(told)


def _existing(at: Outlook) -> str:
    today = len(at.roster.existing)
    return f"There are {_many(today, 'partnership')} today." if today else ""


def _keep(at: Outlook) -> str:
    today = len(at.roster.existing)
    if not today:
        return ""
    try:
        problem = problem_of(at.scenario, at.area)
    except BadData:  # said where it is wrong
        return ""
    unbroken = unbroken_today(problem.roster, problem.rules)
    return f"{len(unbroken)} of {_many(today, 'partnership')} today break no criterion."


def _moved_max(at: Outlook) -> str:
    grouped = {node for _, members in at.roster.existing for node in members}
    return f"{_many(len(grouped), 'head')} are in a partnership today." if grouped else ""


def _links_broken_max(at: Outlook) -> str:
    weights = at.roster.link_weights
    if not weights:
        return ""
    total = sum(weights.values()) / THOUSANDTHS
    return f"Working links join {_many(len(weights), 'pair')} of heads; their weights come to {total:g}."


def _partnerships(at: Outlook) -> str:
    least, most = at.rules.heads_min, at.rules.heads_max
    if not least or not most:
        return ""
    some = f"{-(-at.heads // most)} to {at.heads // least} partnerships"
    return f"{_many(at.heads, 'head')}, {least} to {most} together, make {some}, if all are placed."


def _grant_max(at: Outlook) -> str:
    money, most = at.scenario.money, at.rules.heads_max
    if not (money.per_partnership or money.per_school):
        return "The file’s table [money] sets no grant yet." if at.rules.grant_max is not None else ""
    count = -(-at.heads // most) if most else 1
    least = count * money.per_partnership + at.roster.small_schools * money.per_school
    return f"All small schools in {_many(count, 'partnership')} would come to £{least:,} a year."


def _meetings(at: Outlook) -> str:
    minutes = 2 * 10 * at.preferences.meetings_per_year
    return f"A drive of 10 minutes each way then takes a head {_hours(minutes)} a year."


def _measure(at: Outlook) -> str:
    return "" if at.area.travel.has_km else "The travel table has no km, so travel can be counted in minutes only."


def _minutes_per_link(at: Outlook) -> str:
    links = sum(at.roster.link_weights.values()) / THOUSANDTHS
    if not links:
        return "No working links are given."
    price, meetings = at.preferences.minutes_per_link, at.preferences.meetings_per_year
    told = f"Breaking all would count as {_hours(links * price)} a year"
    each = f"; one is worth {price / 2 / meetings:.3g} minutes more each way to each meeting" if meetings else ""
    return f"{told}{each}."


def _minutes_per_separation(at: Outlook) -> str:
    pairs = sum(len(members) * (len(members) - 1) // 2 for _, members in at.roster.existing)
    if not pairs:
        return "No partnerships of today are given."
    worth = _hours(pairs * at.preferences.minutes_per_separation)
    return f"{_many(pairs, 'pair')} of heads are together today; parting all would count as {worth} a year."


def _pupils_target(at: Outlook) -> str:
    size = at.preferences.pupils_target
    return (
        f"{_pupils(at):,} pupils make {_many(round(_pupils(at) / size), 'partnership')} of this size." if size else ""
    )


def _workers(_: Outlook) -> str:
    return f"This machine has {os.cpu_count()}."


EFFECTS: Mapping[str, Effect] = {
    "rules.school_pupils_max": _school_pupils_max,
    "rules.except_in": _exceptions("except_in"),
    "rules.except_out": _exceptions("except_out"),
    "rules.associates": _exceptions("associates"),
    "rules.except_reasons": _reasons,
    "rules.heads_min": _neighbours,
    "rules.heads_max": _heads_max,
    "rules.heads_min_for": _heads_min_for,
    "rules.headship_is_partnership_from": _already,
    "rules.joins_others": _already,
    "rules.schools_min": _schools,
    "rules.schools_max": _schools,
    "rules.pupils_min": _pupils_min,
    "rules.pupils_max": _pupils_max,
    "rules.robust": _robust,
    "rules.associates_max": _associates_max,
    "rules.minutes_max": _neighbours,
    "rules.minutes_max_for": _minutes_max_for,
    "rules.km_max": _km_max,
    "rules.host_minutes_max": _host_minutes_max,
    "rules.together": _together,
    "rules.together_kinds": _together_kinds,
    "rules.apart": _apart,
    "rules.same": _same,
    "rules.distinct_max": _distinct_max,
    "rules.at_least_one": _at_least_one,
    "rules.locked": _existing,
    "rules.open_locked": _existing,
    "rules.accepted": _existing,
    "rules.approved": _existing,
    "rules.released": _existing,
    "rules.keep": _keep,
    "rules.moved_max": _moved_max,
    "rules.links_broken_max": _links_broken_max,
    "rules.partnerships_min": _partnerships,
    "rules.partnerships_max": _partnerships,
    "rules.grant_max": _grant_max,
    "preferences.meetings_per_year": _meetings,
    "preferences.measure": _measure,
    "preferences.minutes_per_link": _minutes_per_link,
    "preferences.minutes_per_separation": _minutes_per_separation,
    "preferences.pupils_target": _pupils_target,
    "solve.workers": _workers,
}


def _named(at: Outlook, urns: Iterable[Urn]) -> str:
    """Return the first few schools by name."""
    here = [urn for urn in urns if urn in at.area.index]
    shown = [f"{at.area.name_of(urn)} ({at.area.pupils[at.area.index[urn]]} pupils)" for urn in here[:NAMED_MAX]]
    more = f" and {len(here) - NAMED_MAX} more" if len(here) > NAMED_MAX else ""
    return ", ".join(shown) + more


def _many(count: int, what: str) -> str:
    return f"{count:,} {what}{'s' * (count != 1)}"


def _limit(minutes: float) -> str:
    return f"{minutes:g} minute{'s' * (minutes != 1)}"


def _heads(count: int) -> str:
    return "head" if count == 1 else "heads"


def _word(count: int) -> str:
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return words[count] if count < len(words) else str(count)


def _hours(minutes: float) -> str:
    return f"{minutes / MINUTES_PER_HOUR:,.3g} hours"
