"""Advisers of the sample county: offices and working time. No adviser is a real person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partition.sample.draws import Draws
from partition.sample.settlements import Settlement

SCHOOLS_PER_ADVISER = 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """An adviser: office, its place in EPSG:27700 metres, the most partnerships in the caseload, and days a year."""

    adviser: str
    office: str
    easting: int
    northing: int
    caseload: int
    days: int


def advisers(places: Sequence[Settlement], schools: int, seed: int) -> tuple[Adviser, ...]:
    """Return the advisers for a number of schools: every third adviser in the city, all others in the towns in turn."""
    draws = Draws(seed, "advisers")
    towns = [place for place in places if place.kind != "village"]
    found = []
    for number in range(max(2, round(schools / SCHOOLS_PER_ADVISER))):
        office = towns[0] if number % 3 == 0 else towns[(2 * number) % len(towns)]
        caseload = int(draws.between(6, 10))
        found.append(
            Adviser(
                adviser=f"A{number + 1}",
                office=office.name,
                easting=round(office.easting),
                northing=round(office.northing),
                caseload=caseload,
                days=caseload * int(draws.between(6, 10)),
            )
        )
    return tuple(found)
