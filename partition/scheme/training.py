"""Joint training: the venue with room for all who come that takes the least driving, and sessions by day.

Every school is priced as a venue.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geodata.urns import Urn
from partition.model.roster import CENTIMINUTES
from partition.plans.account import Account, PartnershipAccount
from partition.scheme.inputs import Inputs, Whom
from partition.scheme.named import numbers_of
from partition.scheme.venues import VenueChoice, round_trips


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionHeld:
    """A day of joint training of one partnership, where it is, and how many people come."""

    day: str  # ISO
    what: str
    whom: Whom
    partnership: int  # its number
    venue_urn: Urn | None
    people: int


def sessions_held(
    account: Account, inputs: Inputs, staff_days: Mapping[int, TrainingDay], venues: Mapping[int, VenueChoice]
) -> tuple[SessionHeld, ...]:
    """Return every session of every present partnership that it is for, by day.

    Staff and governors meet where there is room for them, heads and chairs where the Lead Strategic Group meets best.
    Raises BadData where a session is for a partnership that the plan does not have.
    """
    named = [one.partnership for one in inputs.sessions if one.partnership is not None]
    number_of = numbers_of(account, named, "training.sessions")
    governors_days = training_days(account, inputs.governors, inputs.places, 1)

    def held() -> Iterator[SessionHeld]:
        for session in inputs.sessions:
            for item in account.present:
                if session.partnership is not None and number_of[session.partnership] != item.number:
                    continue
                venue, people = _meeting(session.whom, item, staff_days, governors_days, venues)
                yield SessionHeld(
                    day=session.day,
                    what=session.what,
                    whom=session.whom,
                    partnership=item.number,
                    venue_urn=venue,
                    people=people,
                )

    return tuple(sorted(held(), key=lambda one: (one.day, one.partnership, one.what)))


def _meeting(
    whom: Whom,
    item: PartnershipAccount,
    staff_days: Mapping[int, TrainingDay],
    governors_days: Mapping[int, TrainingDay],
    venues: Mapping[int, VenueChoice],
) -> tuple[Urn | None, int]:
    """Return where a partnership's staff, heads, chairs or governors meet, and how many they are."""
    if whom in ("heads", "chairs"):
        choice, heads = venues[item.number], len(item.group.members)
        return choice.venue_urn, heads if whom == "heads" else choice.people - heads
    day = (staff_days if whom == "staff" else governors_days).get(item.number)
    return (None, 0) if day is None else (day.venue_urn, day.staff)
