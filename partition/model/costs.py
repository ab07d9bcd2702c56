"""Costs of a plan, in heads' minutes a year, term by term and in integers.

A plan's cost is the sum of its partnerships' costs and of the costs of headships alone; no cost depends on two
partnerships at once. Every amount is an integer number of thousandths of a minute (of a km where distance is measured),
so sums are exact and equal on every machine. The travel of a partnership is rounded once. A broken link, and a pair of
headships together today and parted by the plan, is priced as two equal halves, one for each end. The price of a head's
own minutes is convex and piecewise linear, so that the first minutes taken off are those of the head who spends most
(fairness as a convex sum of individual costs: Marsh and Schilling 1994); it is rounded once for each head.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Literal

import numpy as np

from geodata.urns import Urn
from partition.model.roster import Group, Roster

THOUSANDTHS = 1000  # of a minute, or of a km
YES = "yes"  # what a school has in a column of a lack, where no other value is named


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
    minutes_per_difference
        By column, the price of each pair of heads of a partnership whose values in the column differ, in minutes a
        year. Two heads are alike where every school of both has one and the same value, as the rule `Same` demands of a
        whole partnership: a blank is like nothing, not even another blank, nor is a head whose own schools differ.
    minutes_per_lack
        By column, the price of a partnership in which no school has the value wanted, in minutes a year.
    lack_value
        By column of `minutes_per_lack`, the value wanted, as `AtLeastOne` names one; "yes" where none is given.
    minutes_per_wish
        By rank, the price of a wish not met, in minutes a year: first wishes, second ones and so on; wishes of later
        ranks cost nothing. A head that is in one partnership with a head it does not want has a first wish not met: to
        be apart. The whole price is carried by the head who wishes or refuses.
    head_minutes_price
        Pairs of a number of minutes a year and a price. From that number on, up to that of the next pair, each minute
        of a head's own (`Tariff.own`: drives, halves of links and of change) costs so many minutes more. Numbers and
        prices rise from pair to pair.

    Raises
    ------
    ValueError
        Where a price or a number is negative, where the numbers or prices of `head_minutes_price` do not rise, where
        `lack_value` names a column without a price, or where `measure` is "km" and another price than that of travel
        is not 0.

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
    minutes_per_difference: Mapping[str, float] = field(default_factory=dict)
    minutes_per_lack: Mapping[str, float] = field(default_factory=dict)
    lack_value: Mapping[str, str] = field(default_factory=dict)
    minutes_per_wish: tuple[float, ...] = ()
    head_minutes_price: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "minutes_per_wish", tuple(self.minutes_per_wish))
        object.__setattr__(
            self, "head_minutes_price", tuple((start, price) for start, price in self.head_minutes_price)
        )
        for name in (f.name for f in fields(self) if f.name.startswith(("minutes_per", "meetings", "pupils_t"))):
            given = getattr(self, name)
            listed = given.values() if isinstance(given, Mapping) else given if isinstance(given, tuple) else [given]
            for price in listed:
                if price < 0:
                    raise ValueError(f"{name} is {price}; use 0 or more")
        if self.measure == "km" and any(getattr(self, name) for name in PRICES):
            raise ValueError(f'with measure = "km" set {", ".join(PRICES)} to 0: minutes and km do not add up')
        self._refuse_unlike_bands()
        if strangers := sorted(self.lack_value.keys() - self.minutes_per_lack.keys()):
            raise ValueError(f"lack_value names {strangers[0]}, which minutes_per_lack gives no price; give one")

    def _refuse_unlike_bands(self) -> None:
        """Raise ValueError where a pair of `head_minutes_price` is negative, or does not rise above the pair before."""
        before = (-1.0, 0.0)
        for band in self.head_minutes_price:
            if min(band) < 0:
                raise ValueError(f"head_minutes_price has {list(band)}; use 0 or more")
            if band[0] <= before[0] or band[1] <= before[1]:
                raise ValueError(
                    f"head_minutes_price goes from {list(before)} to {list(band)}; more minutes at a higher price each"
                    if before[0] >= 0
                    else f"head_minutes_price begins with {list(band)}; use a price above 0"
                )
            before = band

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

    @property
    def travel_alone(self) -> Preferences:
        """The same with no price but that of travel."""
        return Preferences(
            meetings_per_year=self.meetings_per_year,
            meet=self.meet,
            measure=self.measure,
            minutes_per_link=0,
            minutes_per_separation=0,
        )

    @property
    def bands(self) -> tuple[tuple[int, Fraction], ...]:
        """The bands of `head_minutes_price`: from which thousandth on, and by how much each costs more than before."""
        prices = [Fraction(0), *(Fraction(str(price)) for _, price in self.head_minutes_price)]
        return tuple(
            (_round(Fraction(str(start)) * THOUSANDTHS), price - before)
            for (start, _), (before, price) in zip(self.head_minutes_price, pairwise(prices), strict=True)
        )

    @property
    def lacks(self) -> tuple[tuple[str, str, int], ...]:
        """The lacks that cost anything: column, value wanted, and price in thousandths a year."""
        priced = [(column, self.lack_value.get(column, YES), price) for column, price in self.minutes_per_lack.items()]
        return tuple((column, value, thousandths(price)) for column, value, price in sorted(priced) if price)

    @property
    def terms(self) -> tuple[str, ...]:
        """The names of the terms of a cost that these prices can give rise to; the first four always."""
        asked = {
            "likeness": any(self.minutes_per_difference.values()),
            "lacks": any(self.minutes_per_lack.values()),
            "wishes": any(self.minutes_per_wish),
            "fairness": bool(self.head_minutes_price),
        }
        return (*FIRST_TERMS, *(term for term in LATER_TERMS if asked[term]))


PRICES = (  # of anything but travel
    *("minutes_per_link", "minutes_per_separation", "minutes_per_pupil_off_target", "minutes_per_difference"),
    *("minutes_per_lack", "minutes_per_wish", "head_minutes_price"),
)
FIRST_TERMS = ("travel", "links", "change", "balance")
LATER_TERMS = ("likeness", "lacks", "wishes", "fairness")
"""Terms of a cost: those shown always, and those shown only where their price is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """A cost by terms, in integer thousandths of a heads' minute a year (of a km a year where distance is measured)."""

    travel: int = 0
    links: int = 0
    change: int = 0
    balance: int = 0
    likeness: int = 0  # pairs of heads whose values in a column differ
    lacks: int = 0  # partnerships without what they should have
    wishes: int = 0  # wishes not met, of heads to be together or apart
    fairness: int = 0  # heads' own minutes above the numbers from which each costs more

    @property
    def total(self) -> int:
        """The sum of all terms."""
        return sum(self.amounts.values())

    @property
    def amounts(self) -> dict[str, int]:
        """Each term by name, in thousandths a year."""
        return {name: getattr(self, name) for name in (*FIRST_TERMS, *LATER_TERMS)}

    @property
    def shown(self) -> dict[str, int]:
        """The amounts of the first four terms and of all others that are not 0, by name, in thousandths a year."""
        return {name: amount for name, amount in self.amounts.items() if amount or name in FIRST_TERMS}

    def __add__(self, other: Cost) -> Cost:
        mine, theirs = self.amounts, other.amounts
        return Cost(**{name: mine[name] + theirs[name] for name in mine})

    def __sub__(self, other: Cost) -> Cost:
        mine, theirs = self.amounts, other.amounts
        return Cost(**{name: mine[name] - theirs[name] for name in mine})

    def terms(self) -> dict[str, float]:
        """Return the total and each term by name, in minutes (or km) a year, to three decimals.

        A term whose price is seldom set (likeness, lacks, wishes, fairness) is left out where nothing is due for it.
        """
        amounts = {"total": self.total} | self.shown
        return {name: amount / THOUSANDTHS for name, amount in amounts.items()}


def half_price(minutes: float, weight: float = 1.0) -> int:
    """Return one of the two equal halves of a price of `minutes` times `weight`, in integer thousandths of a minute."""
    return _round(Fraction(str(minutes)) * Fraction(str(weight)) * THOUSANDTHS / 2)


def thousandths(minutes: float) -> int:
    """Return a price in minutes as an integer number of thousandths."""
    return _round(Fraction(str(minutes)) * THOUSANDTHS)


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
        if wrong := self.faults():
            raise ValueError("; ".join(wrong))

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
            likeness=sum(self.unlike(a, b) for n, a in enumerate(group.members) for b in group.members[n + 1 :]),
            lacks=0 if group.already else self._lacking(group),
            wishes=self._wishes_not_met(group.members),
            fairness=0 if group.already else self._fairness(group),
        )

    def alone(self, headship: int) -> Cost:
        """Return the cost of a headship in no partnership: its halves for links and pairs of today, and its wishes."""
        links, change = self._carried
        return Cost(links=links[headship], change=change[headship], wishes=self.wished[headship])

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

    # Likeness, lacks, wishes, fairness ----------------------------------------------------------------------

    @cached_property
    def _values(self) -> list[tuple[int, list[str | None]]]:
        """By column with a price of differences, the price, and the one value of each headship; None: it has none."""
        area, found = self.roster.area, []
        for column, minutes in sorted(self.preferences.minutes_per_difference.items()):
            values: list[str | None] = []
            for headship in self.roster.headships:
                here = [area.values(column, [school]) for school in headship.schools]
                values.append(min(here[0]) if all(here) and len(set().union(*here)) == 1 else None)
            found.append((thousandths(minutes), values))
        return found

    def unlike(self, a: int, b: int) -> int:
        """Return the price of two headships in one partnership for the columns in which their values differ."""
        return sum(price for price, values in self._values if values[a] is None or values[a] != values[b])

    def _lacking(self, group: Group) -> int:
        area = group.roster.area
        lacks = self.preferences.lacks
        return sum(price for column, value, price in lacks if value not in area.values(column, group.schools))

    @cached_property
    def wishes(self) -> dict[tuple[int, int], int]:
        """The price of each wish not met, in thousandths a year, by the headship that wishes and the one wished for.

        Of several wishes of one head for another, at several schools, the dearest counts.
        """
        prices = self._wish_prices
        found: dict[tuple[int, int], int] = {}
        for wish in self.roster.wishes:
            if wish.rank <= len(prices):
                pair = wish.headship, wish.wished
                found[pair] = max(found.get(pair, 0), prices[wish.rank - 1])
        return {pair: price for pair, price in found.items() if price}

    @cached_property
    def refused(self) -> dict[tuple[int, int], int]:
        """The price of each refusal not kept to, that of a first wish, by who refuses and who is refused."""
        price = self._wish_prices[0] if self._wish_prices else 0
        return dict.fromkeys(sorted(self.roster.refusals), price) if price else {}

    @cached_property
    def _wish_prices(self) -> list[int]:
        return [thousandths(minutes) for minutes in self.preferences.minutes_per_wish]

    @cached_property
    def wished(self) -> list[int]:
        """The sum of the prices of all wishes of each headship."""
        sums = [0] * len(self.roster)
        for (headship, _), price in self.wishes.items():
            sums[headship] += price
        return sums

    def regret(self, a: int, b: int) -> int:
        """Return the price of refusals between two headships in one partnership, less that of wishes met there."""
        pairs = ((a, b), (b, a))
        return sum(self.refused.get(pair, 0) - self.wishes.get(pair, 0) for pair in pairs)

    def _wishes_not_met(self, members: tuple[int, ...]) -> int:
        if not self.wishes and not self.refused:
            return 0
        regrets = sum(self.regret(a, b) for n, a in enumerate(members) for b in members[n + 1 :])
        return sum(self.wished[headship] for headship in members) + regrets

    def _fairness(self, group: Group) -> int:
        if not self.preferences.head_minutes_price:
            return 0
        return sum(self.own_price(self.own(group, headship).total) for headship in group.members)

    def own_price(self, own: int) -> int:
        """Return the price of one head's own minutes, both in thousandths a year: convex, and rounded once."""
        return _round(sum((extra * max(0, own - start) for start, extra in self.preferences.bands), Fraction(0)))

    def faults(self) -> list[str]:
        """Return what is wrong with prices that name columns, in words: a column that no school has, or a value."""
        area, prices = self.roster.area, self.preferences
        missing = [
            f"{key} names {column}, and the schools have no such column; there are: "
            f"{', '.join(sorted(area.columns)) or 'none'}"
            for key in ("minutes_per_difference", "minutes_per_lack")
            for column in sorted(getattr(prices, key))
            if column not in area.columns
        ]
        unheard = [
            f"no school has {value} in {column}, so every partnership would lack it; name the value in lack_value"
            for column, value, _ in prices.lacks
            if column in area.columns and value not in area.columns[column]
        ]
        return missing + unheard

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
