"""Joint training days: the venue with room for all staff that takes the least driving. Every school is priced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from geodata.urns import Urn
from partition.model.roster import CENTIMINUTES
from partition.plans.account import Account, PartnershipAccount
from partition.scheme.venues import round_trips


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingDay:
    """A partnership's training day. `why_none` says why there is no venue."""

    venue_urn: Urn | None
    staff: int
    places: int | None  # at the venue
    minutes: float  # driving of all staff, there and back, for one day
    minutes_a_year: float
    silent: tuple[Urn, ...]  # URNs of schools without a row in the table: their staff are not counted
    why_none: str = ""


def training_days(
    account: Account, staff: Mapping[Urn, int], places: Mapping[Urn, int], days_per_year: int
) -> dict[int, TrainingDay]:
    """Return the training day of each partnership, by its number. `staff` and `places` are by URN."""
    return {item.number: _day(account, item, staff, places, days_per_year) for item in account.present}


def _day(
    account: Account, item: PartnershipAccount, staff: Mapping[Urn, int], places: Mapping[Urn, int], days_per_year: int
) -> TrainingDay:
    area, urns = account.area, item.group.urns
    silent = tuple(urn for urn in urns if urn not in staff)
    coming = sum(staff.get(urn, 0) for urn in urns)
    roomy = [urn for urn in urns if places.get(urn, -1) >= coming]
    trips = round_trips(area, [area.index[urn] for urn in urns], [area.index[urn] for urn in roomy])
    found = [
        (sum(int(trips[k, n]) * staff.get(other, 0) for k, other in enumerate(urns)), urn)
        for n, urn in enumerate(roomy)
        if (trips[:, n] >= 0).all()
    ]
    if not found or not coming:
        why = f"no school here has {coming} places" if not roomy else "not all can get to a school with places"
        why = why if coming else "no staff are given"
        return TrainingDay(
            venue_urn=None, staff=coming, places=None, minutes=0.0, minutes_a_year=0.0, silent=silent, why_none=why
        )
    centiminutes, urn = min(found)
    return TrainingDay(
        venue_urn=urn,
        staff=coming,
        places=places[urn],
        minutes=centiminutes / CENTIMINUTES,
        minutes_a_year=centiminutes * days_per_year / CENTIMINUTES,
        silent=silent,
    )
