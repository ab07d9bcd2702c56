"""The cost of travel to a year's meetings: minutes and miles in whole numbers, priced as they are printed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from geodata.urns import Urn
from partition.model.costs import THOUSANDTHS, Preferences, Tariff
from partition.model.roster import CENTIMINUTES, Group
from partition.plans.account import Account, PartnershipAccount
from partition.plans.amounts import PENCE
from partition.scheme.ledger import whole
from partition.settings.scheme import Money

METRES_PER_MILE = Fraction(1609344, 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelCost:
    """The cost of travel to a year's meetings; None where no rate is set or no km are known.

    Amounts are the whole minutes and miles here times their rates, so that anybody can multiply them again.
    """

    heads_minutes: int
    heads_miles: int | None
    mileage_pence: int | None
    heads_time_pence: int | None
    staff_minutes: int
    staff_miles: int | None
    staff_pence: int | None

    @property
    def pence(self) -> int:
        """Return the sum of all parts with a price."""
        return sum(part or 0 for part in (self.mileage_pence, self.heads_time_pence, self.staff_pence))


class Travels:
    """A year's drives in minutes and in metres, whatever the unit of the plan's own cost."""

    def __init__(self, account: Account, money: Money) -> None:
        problem, self.money = account.problem, money
        self.area = account.area
        self.has_km = self.area.travel.has_km
        travel_alone = problem.preferences.travel_alone
        self.in_minutes = self._tariff(account, replace(travel_alone, measure="minutes"))
        self.in_km = self._tariff(account, replace(travel_alone, measure="km")) if self.has_km else None

    def _tariff(self, account: Account, preferences: Preferences) -> Tariff:
        return Tariff(account.problem.roster, preferences, account.problem.tariff.host_centiminutes_max)

    def cost(self, item: PartnershipAccount) -> TravelCost:
        """Return the cost of travel to one partnership's meetings, and of its staff's visits."""
        money = self.money
        minutes = whole(Fraction(self.in_minutes.travel(item.group), THOUSANDTHS))
        miles = None if self.in_km is None else whole(Fraction(self.in_km.travel(item.group)) / METRES_PER_MILE)
        staff_minutes, staff_miles = self._staff(item.group, item.venue_urn)
        staff = [_time_pence(staff_minutes, money.pounds_per_staff_hour), self._mileage(staff_miles)]
        return TravelCost(
            heads_minutes=minutes,
            heads_miles=miles,
            mileage_pence=self._mileage(miles),
            heads_time_pence=_time_pence(minutes, money.pounds_per_head_hour),
            staff_minutes=staff_minutes,
            staff_miles=staff_miles,
            staff_pence=None if staff == [None, None] else sum(part or 0 for part in staff),
        )

    def _staff(self, group: Group, venue_urn: Urn) -> tuple[int, int | None]:
        """Return minutes and miles a year of staff who go from every school to the venue and back."""
        venue = self.area.index[venue_urn]
        schools = np.array(group.schools)
        there = self.area.travel.between(schools, np.full(len(schools), venue))
        back = self.area.travel.between(np.full(len(schools), venue), schools)
        trips = self.money.staff_visits_per_year
        minutes, metres = (sum(int(np.maximum(way[n], 0).sum()) for way in (there, back)) for n in (0, 1))
        miles = whole(Fraction(metres * trips) / METRES_PER_MILE) if self.has_km else None
        return whole(Fraction(minutes * trips, CENTIMINUTES)), miles

    def _mileage(self, miles: int | None) -> int | None:
        rate = self.money.pence_per_mile
        return None if miles is None or not rate else miles * rate


def _time_pence(minutes: int, pounds_per_hour: float) -> int | None:
    return whole(Fraction(minutes, 60) * Fraction(str(pounds_per_hour)) * PENCE) if pounds_per_hour else None
