"""Who hosts how many meetings a year, and how long the head drives who drives most: in turns, and evened out."""

from __future__ import annotations

from partition.plans.account import Account
from partition.scheme.venues import VenueChoice, choose_venue, meetings_in_person
from partition.settings.scheme import Venues

ROTAS = ("turns", "even")
HEADINGS = (
    "Partnership",
    "In turns, meetings a year at",
    "Who then drives most, minutes a year",
    "Evened out, meetings a year at",
    "Who then drives most",
)
ASKED = {"turns": "The settings ask for turns.", "even": "The settings ask for drives evened out."}


def hosting_words(venues: Venues) -> str:
    """Return what the two rotas are, and which of them the settings ask for."""
    meetings = meetings_in_person(venues)
    return (
        f"{meetings} meeting{'s' * (meetings != 1)} a year in person. In turns, nobody hosts twice before all have "
        "hosted once; evened out, schools host as often as gives the least driving to the head who drives most, which "
        f"is proven. {ASKED[venues.rota]}"
    )


def hosting_rows(account: Account, venues: Venues) -> list[list[str]]:
    """Return a row of cells for each partnership of several heads, by `HEADINGS`."""
    both = [venues.model_copy(update={"rota": rota}) for rota in ROTAS]
    return [
        [f"{item.number} {item.name}"]
        + [cell for asked in both for cell in _cells(account, choose_venue(item.group, asked))]
        for item in account.joined
    ]


def _cells(account: Account, choice: VenueChoice) -> tuple[str, str]:
    if not choice.burden or not choice.hosts:
        return "no school that all can reach" if choice.venue_urn is None else "none in person", "–"
    worst = choice.burden[0]
    return choice.hosts_words(account.area), f"{account.area.name_of(worst.base_urn)}, {worst.minutes:,.0f}"
