"""Advisers' offices and working time; nobody's person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from partition.sample.draws import Draws
from partition.sample.settlements import Settlement

SCHOOLS_PER_ADVISER = 47


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """An adviser's desk: where it is, how many partnerships it can take on, and days a year for them."""

    adviser: str
    office: str
    easting: int
    northing: int
    caseload: int
    days: int


def advisers(places: Sequence[Settlement], schools: int, seed: int) -> tuple[Adviser, ...]:
    """Every third adviser sits in the city, the others in the towns by turn."""
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
