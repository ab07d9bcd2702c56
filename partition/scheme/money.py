"""The payments of the scheme, their time, and the cost of travel. In integer pence; all rates are the scenario's."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from geodata.urns import Urn
from partition.model.costs import THOUSANDTHS, Preferences, Tariff
from partition.model.roster import CENTIMINUTES, Group
from partition.plans.account import Account, PartnershipAccount
from partition.scheme.inputs import Inputs
from partition.scheme.stages import Log
from partition.settings.scheme import STAGES, Money, Stage

PENCE = 100  # in a pound
METRES_PER_MILE = Fraction(1609344, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money due to a partnership when it reaches a stage; `paid_on` is that day, "" if the day is not known."""

    what: str  # "to start" or "a year"
    stage: Stage
    pence: int
    paid_on: str | None  # None: still to come


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelCost:
    """The cost of travel to a year's meetings; None where no rate is set or no km are known."""

    heads_minutes: int
    heads_miles: int | None
    mileage_pence: int | None
    heads_time_pence: int | None
    staff_minutes: int
    staff_pence: int | None

    @property
    def pence(self) -> int:
        """Return the sum of all parts with a price."""
        return sum(part or 0 for part in (self.mileage_pence, self.heads_time_pence, self.staff_pence))


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipMoney:
    """One partnership's money."""

    number: int
    name: str
    small_schools: int
    stage: Stage
    yearly_pence: int  # premium and amount for each small school, before the start is deducted
    start_most_pence: int
    start_pence: int  # at most the business plan's costs, where the scheme asks for them
    costs_pence: int | None  # of the business plan, as approved
    payments: tuple[Payment, ...]
    lump_sum_pence: int
    lump_sum_schools: int  # number of its schools for which the table has a lump sum
    sparsity_pence: int
    sparsity_schools: int
    travel: TravelCost

    @property
    def first_year_pence(self) -> int:
        """Return all that is due in the year in which the partnership starts."""
        return sum(payment.pence for payment in self.payments)

    @property
    def paid_pence(self) -> int:
        """Return the payments of the stages that the partnership has reached."""
        return sum(payment.pence for payment in self.payments if payment.paid_on is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFlow:
    """The county's cash flow at one stage: the number of partnerships there, and the payments on reaching it."""

    stage: Stage
    partnerships: int
    paid_pence: int
    to_come_pence: int


class MoneyAccount:
    """The money of a whole plan; every total is the sum over its partnerships."""

    def __init__(self, account: Account, money: Money, inputs: Inputs, log: Log) -> None:
        self.settings = money
        self.source = money.source
        travels = _Travels(account, money)
        self.partnerships: tuple[PartnershipMoney, ...] = tuple(
            _partnership(item, money, inputs, log, travels.cost(item)) for item in account.partnerships
        )

    def total(self, what: str) -> int:
        """Return the sum of a figure in pence over all partnerships, by the figure's name ("yearly_pence")."""
        return sum(getattr(one, what) for one in self.partnerships)

    @property
    def travel_pence(self) -> int:
        """Return the cost of travel in pence, as far as it has a price."""
        return sum(one.travel.pence for one in self.partnerships)

    @cached_property
    def flow(self) -> tuple[StageFlow, ...]:
        """Return the first year's cash flow by stage; nothing more is due to a partnership that left."""
        due = [payment for one in self.partnerships for payment in one.payments]
        stages = [one.stage for one in self.partnerships]
        return tuple(
            StageFlow(
                stage=stage,
                partnerships=stages.count(stage),
                paid_pence=_sum(p.pence for p in due if p.stage == stage and p.paid_on is not None),
                to_come_pence=_sum(p.pence for p in due if p.stage == stage and p.paid_on is None),
            )
            for stage in STAGES
        )


def _sum(amounts: Iterable[int]) -> int:
    return sum(amounts)


def _partnership(
    item: PartnershipAccount, money: Money, inputs: Inputs, log: Log, travel: TravelCost
) -> PartnershipMoney:
    group, number = item.group, item.number
    small = group.small
    yearly = (money.per_partnership + money.per_school * small) * PENCE
    most = money.start_per_school * small * PENCE
    costs = log.costs_pounds(number)
    costs_pence = None if costs is None else costs * PENCE
    start = min(most, costs_pence) if money.start_needs_costs and costs_pence is not None else most
    rest = max(yearly - start, 0) if money.start_within_year else yearly
    due: Sequence[tuple[str, Stage, int]] = (("to start", money.start_at, start), ("a year", money.yearly_at, rest))
    stage = log.stage(number)
    payments = tuple(
        Payment(what=what, stage=at, pence=pence, paid_on=log.reached(number, at))
        for what, at, pence in due
        if pence and stage != "left"
    )
    lump = [inputs.lump_sum_pence[urn] for urn in group.urns if urn in inputs.lump_sum_pence]
    sparse = [inputs.sparsity_pence[urn] for urn in group.urns if urn in inputs.sparsity_pence]
    return PartnershipMoney(
        number=number,
        name=item.name,
        small_schools=small,
        stage=stage,
        yearly_pence=yearly,
        start_most_pence=most,
        start_pence=start,
        costs_pence=costs_pence,
        payments=payments,
        lump_sum_pence=sum(lump),
        lump_sum_schools=len(lump),
        sparsity_pence=sum(sparse),
        sparsity_schools=len(sparse),
        travel=travel,
    )


class _Travels:
    """A year's drives in minutes and in metres, whatever the unit of the plan's own cost."""

    def __init__(self, account: Account, money: Money) -> None:
        problem, self.money = account.problem, money
        self.area = account.area
        self.has_km = self.area.travel.has_km
        bare = replace(problem.preferences, minutes_per_link=0, minutes_per_separation=0)
        plain = replace(bare, minutes_per_pupil_off_target=0)
        self.in_minutes = self._tariff(account, replace(plain, measure="minutes"))
        self.in_km = self._tariff(account, replace(plain, measure="km")) if self.has_km else None

    def _tariff(self, account: Account, preferences: Preferences) -> Tariff:
        return Tariff(account.problem.roster, preferences, account.problem.tariff.host_centiminutes_max)

    def cost(self, item: PartnershipAccount) -> TravelCost:
        """Return the cost of travel to one partnership's meetings, and of its staff's visits."""
        money = self.money
        minutes = Fraction(self.in_minutes.travel(item.group), THOUSANDTHS)
        metres = None if self.in_km is None else Fraction(self.in_km.travel(item.group))
        staff_minutes, staff_metres = self._staff(item.group, item.venue_urn)
        rate = money.pence_per_mile
        return TravelCost(
            heads_minutes=_whole(minutes),
            heads_miles=None if metres is None else _whole(metres / METRES_PER_MILE),
            mileage_pence=None if metres is None or not rate else _whole(metres / METRES_PER_MILE * rate),
            heads_time_pence=_time_pence(minutes, money.pounds_per_head_hour),
            staff_minutes=_whole(staff_minutes),
            staff_pence=self._staff_pence(staff_minutes, staff_metres),
        )

    def _staff(self, group: Group, venue_urn: Urn) -> tuple[Fraction, Fraction | None]:
        """Return minutes and metres a year of staff who go from every school to the venue and back."""
        venue = self.area.index[venue_urn]
        schools = np.array(group.schools)
        there = self.area.travel.between(schools, np.full(len(schools), venue))
        back = self.area.travel.between(np.full(len(schools), venue), schools)
        trips = self.money.staff_visits_per_year
        minutes, metres = (sum(int(np.maximum(way[n], 0).sum()) for way in (there, back)) for n in (0, 1))
        return Fraction(minutes * trips, CENTIMINUTES), Fraction(metres * trips) if self.has_km else None

    def _staff_pence(self, minutes: Fraction, metres: Fraction | None) -> int | None:
        time = _time_pence(minutes, self.money.pounds_per_staff_hour)
        rate = self.money.pence_per_mile
        way = None if metres is None or not rate else _whole(metres / METRES_PER_MILE * rate)
        return None if time is None and way is None else (time or 0) + (way or 0)


def _time_pence(minutes: Fraction, pounds_per_hour: float) -> int | None:
    return _whole(minutes / 60 * Fraction(str(pounds_per_hour)) * PENCE) if pounds_per_hour else None


def _whole(amount: Fraction) -> int:
    """Return an amount rounded to the nearest whole number, halves up."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)
