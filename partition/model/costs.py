"""Costs of a plan, in heads' minutes a year, term by term and in integers.

A plan's cost is the sum of its partnerships' costs and of the costs of headships alone; no cost depends on two
partnerships at once. Every amount is an integer number of thousandths of a minute (of a km where distance is measured),
so sums are exact and equal on every machine. The travel of a partnership is rounded once. A broken link, and a pair of
headships together today and parted by the plan, is priced as two equal halves, one for each end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np

from geodata.urns import Urn
from partition.model.roster import Group, Roster

THOUSANDTHS = 1000  # of a minute, or of a km


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Priorities: the prices of travel, broken links, change and balance, in heads' minutes a year.

    Parameters
    ----------
    meetings_per_year
        The number of meetings a year.
    meet
        The drives that count for a meeting: "rotate" for the mean over all venues, "host" for the drives to the best
        venue, there and back; "pairs" for the drive between every two bases, once a pair.
    measure
        The unit of travel, "minutes" or "km". With "km" all other prices must be 0.
    minutes_per_link
        The price of breaking a link of weight 1, in minutes a year.
    minutes_per_separation
        The price of parting two heads who are together today, in minutes a year for each pair.
    minutes_per_pupil_off_target
        The price of each pupil by which a partnership has more or fewer than `pupils_target`, in minutes a year.
    pupils_target
        The number of pupils that a partnership should have; without effect where the price above is 0.

    Raises
    ------
    ValueError
        Where a price or a number is negative, or where `measure` is "km" and another price than that of travel is not
        0.

    Examples
    --------
    >>> from partition import Preferences
    >>> Preferences(meetings_per_year=4, meet="host").minutes_per_link
    60
    >>> Preferences(minutes_per_link=-1)
    Traceback (most recent call last):
        ...
    ValueError: minutes_per_link is -1; use 0 or more
    """

    meetings_per_year: float = 6
    meet: Literal["rotate", "host", "pairs"] = "rotate"
    measure: Literal["minutes", "km"] = "minutes"
    minutes_per_link: float = 60
    minutes_per_separation: float = 240
    minutes_per_pupil_off_target: float = 0
    pupils_target: int = 500

    def __post_init__(self) -> None:
        for name in (f.name for f in fields(self) if f.name.startswith(("minutes_per", "meetings", "pupils_t"))):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}; use 0 or more")
        prices = ("minutes_per_link", "minutes_per_separation", "minutes_per_pupil_off_target")
        if self.measure == "km" and any(getattr(self, name) for name in prices):
            raise ValueError(f'with measure = "km" set {", ".join(prices)} to 0: minutes and km do not add up')

    @property
    def meetings(self) -> Fraction:
        """Meetings a year, as the exact decimal that was given."""
        return Fraction(str(self.meetings_per_year))

    @property
    def travel_factor(self) -> Fraction:
        """The price of a centiminute (or metre) driven at every meeting of a year, in thousandths."""
        return self.meetings * (10 if self.measure == "minutes" else 1)

    @property
    def off_target_price(self) -> Fraction:
        """The price of each pupil above or below the target, in thousandths of a minute a year."""
        return Fraction(str(self.minutes_per_pupil_off_target)) * THOUSANDTHS


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A cost by terms, in integer thousandths of a heads' minute a year (of a km a year where distance is measured)."""

    travel: int = 0
    links: int = 0
    change: int = 0
    balance: int = 0

    @property
    def total(self) -> int:
        """The sum of all terms."""
        return self.travel + self.links + self.change + self.balance

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            travel=self.travel + other.travel,
            links=self.links + other.links,
            change=self.change + other.change,
            balance=self.balance + other.balance,
        )

    def terms(self) -> dict[str, float]:
        """Return the total and each term by name, in minutes (or km) a year, to three decimals."""
        amounts = {"total": self.total} | {f.name: getattr(self, f.name) for f in fields(self)}
        return {name: amount / THOUSANDTHS for name, amount in amounts.items()}


def half_price(minutes: float, weight: float = 1.0) -> int:
    """Return one of the two equal halves of a price of `minutes` times `weight`, in integer thousandths of a minute."""
    return _round(Fraction(str(minutes)) * Fraction(str(weight)) * THOUSANDTHS / 2)


def _round(amount: Fraction) -> int:
    """Round to the nearest integer, halves up: the only rounding of an amount before a sum."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


class Tariff:
    """The prices of any group of headships, and of any headship alone: preferences applied to a roster.

    `host_centiminutes_max` is the limit for a venue, in hundredths of a minute. Raises ValueError where distance is
    to be measured and the travel has no km.
    """

    def __init__(self, roster: Roster, preferences: Preferences, host_centiminutes_max: int | None = None) -> None:
        self.roster = roster
        self.preferences = preferences
        self.host_centiminutes_max = host_centiminutes_max
        if preferences.measure == "km" and not roster.area.travel.has_km:
            raise ValueError('measure = "km" needs km: add a km column to the matrix')

    @cached_property
    def link_halves(self) -> dict[tuple[int, int], int]:
        """Half of the price of breaking the links between two headships, by pair (lower first)."""
        halves: dict[tuple[int, int], int] = {}
        for link in self.roster.area.links:
            pair = self._pair(link.urn_a, link.urn_b)
            if pair:
                price = half_price(self.preferences.minutes_per_link, link.weight)
                halves[pair] = halves.get(pair, 0) + price
        return halves

    @cached_property
    def change_halves(self) -> dict[tuple[int, int], int]:
        """Half of the price of parting two headships that are together today, by pair (lower first)."""
        price = half_price(self.preferences.minutes_per_separation)
        return {
            (a, b): price
            for _, members in self.roster.existing
            for n, a in enumerate(members)
            for b in members[n + 1 :]
        }

    def _pair(self, urn_a: Urn, urn_b: Urn) -> tuple[int, int] | None:
        """Return the two headships of a link, lower first; None where an end takes no part or one head leads both."""
        a, b = self.roster.headship_of.get(urn_a), self.roster.headship_of.get(urn_b)
        if a is None or b is None or a == b:
            return None
        return min(a, b), max(a, b)

    @cached_property
    def _carried(self) -> tuple[list[int], list[int]]:
        """The halves that each headship would carry alone: a list for links and a list for change."""
        return _sums(len(self.roster), self.link_halves), _sums(len(self.roster), self.change_halves)

    def cost(self, group: Group) -> Cost:
        """Return the cost of a partnership."""
        links, change = self._carried
        return Cost(
            travel=self.travel(group),
            links=sum(links[h] for h in group.members) - 2 * _within(group.members, self.link_halves),
            change=sum(change[h] for h in group.members) - 2 * _within(group.members, self.change_halves),
            balance=0 if group.already else self._balance(group.pupils),
        )

    def alone(self, headship: int) -> Cost:
        """Return the cost of a headship in no partnership: its halves for all its links and all its pairs of today."""
        links, change = self._carried
        return Cost(links=links[headship], change=change[headship])

    def travel(self, group: Group) -> int:
        """Return the travel term of a group, in thousandths a year.

        A drive counts 0 where no road leads; a rule reports the missing road.
        """
        return _round(self._drives(group) * self.preferences.travel_factor)

    def _drives(self, group: Group) -> Fraction:
        there_and_back = self._there_and_back(group)
        match self.preferences.meet:
            case "rotate":
                return Fraction(int(there_and_back.sum()), len(group.members))
            case "host":
                return Fraction(int(there_and_back[:, self._venue_index(group)].sum()))
            case "pairs":
                return Fraction(int(there_and_back.sum()), 4)

    def own_travel(self, group: Group, headship: int) -> int:
        """Return one head's own share of the travel of a group, in thousandths a year: the drives to and from its base.

        With "rotate" the mean over the venues, with "host" the drives to the venue, with "pairs" half of each pair.
        """
        there_and_back, own = self._there_and_back(group), group.members.index(headship)
        match self.preferences.meet:
            case "rotate":
                drives = Fraction(int(there_and_back[own].sum()), len(group.members))
            case "host":
                drives = Fraction(int(there_and_back[own, self._venue_index(group)]))
            case "pairs":
                drives = Fraction(int(there_and_back[own].sum()), 4)
        return _round(drives * self.preferences.travel_factor)

    def own(self, group: Group, headship: int) -> Cost:
        """Return what a head has of a partnership: its own travel and its halves of broken links and parted pairs.

        The links and the change of a partnership are the sums of those of its heads; its travel is their sum but for
        the rounding of each.
        """
        links, change = self._carried
        return Cost(
            travel=self.own_travel(group, headship),
            links=links[headship] - _with(headship, group.members, self.link_halves),
            change=change[headship] - _with(headship, group.members, self.change_halves),
        )

    def _there_and_back(self, group: Group) -> np.ndarray:
        one_way = group.base_metres if self.preferences.measure == "km" else group.base_centiminutes
        one_way = np.maximum(one_way, 0)
        return np.asarray(one_way + one_way.T)

    def _venue_index(self, group: Group) -> int:
        sums = self._there_and_back(group).sum(axis=0)
        reaches = self.reached_by_all(group)
        fit = [v for v in range(len(sums)) if reaches[v]] or range(len(sums))
        return min(fit, key=lambda v: (int(sums[v]), group.headships[v].base_urn))

    def reached_by_all(self, group: Group) -> np.ndarray:
        """Return by member whether every other member reaches its base, and back, within the limit for a venue.

        Where no limit is set, any drive on a road is within the limit.
        """
        centiminutes = group.base_centiminutes
        limit = self.host_centiminutes_max
        there = (centiminutes >= 0) & (centiminutes <= (limit if limit is not None else centiminutes.max(initial=0)))
        return np.asarray((there & there.T).all(axis=0))

    def venue(self, group: Group) -> Urn:
        """Return the URN of the venue: the base with the least drives of all members, within the limit if one is set.

        Among equals the base with the lowest URN; where no base is within the limit, the least of all.
        """
        return group.headships[self._venue_index(group)].base_urn

    def _balance(self, pupils: int) -> int:
        return _round(self.preferences.off_target_price * abs(pupils - self.preferences.pupils_target))

    def links_kept(self, members: Iterable[int]) -> int:
        """Return the number of working links between headships of a group, which the group keeps."""
        inside = set(members)
        return sum(
            pair is not None and inside.issuperset(pair)
            for pair in (self._pair(link.urn_a, link.urn_b) for link in self.roster.area.working_links)
        )


def _sums(headships: int, halves: dict[tuple[int, int], int]) -> list[int]:
    carried = [0] * headships
    for (a, b), half in halves.items():
        carried[a] += half
        carried[b] += half
    return carried


def _within(members: tuple[int, ...], halves: dict[tuple[int, int], int]) -> int:
    return sum(halves.get((a, b), 0) for n, a in enumerate(members) for b in members[n + 1 :])


def _with(headship: int, members: tuple[int, ...], halves: dict[tuple[int, int], int]) -> int:
    return sum(halves.get((min(headship, other), max(headship, other)), 0) for other in members)
