"""Who hosts how many meetings a year, and how long the head drives who drives most: in turns, and evened out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from partition.plans.account import Account, PartnershipAccount
from partition.scheme.venues import VenueChoice, choose_venue, meetings_in_person
from partition.settings.scheme import Venues

NAMES = {"turns": "in turns", "even": "evened out"}  # of rotas
NOWHERE, ONLINE = "no school that all can reach", "none in person"


@dataclass(frozen=True)
class Hosting:
    """The meetings of a plan's partnerships of several heads, by the rota that is asked for and by the other one."""

    account: Account
    venues: Venues

    @cached_property
    def _pairs(self) -> list[tuple[PartnershipAccount, VenueChoice, VenueChoice]]:
        other = self.venues.model_copy(update={"rota": self._other})
        return [
            (item, choose_venue(item.group, self.venues), choose_venue(item.group, other))
            for item in self.account.joined
        ]

    @property
    def _other(self) -> str:
        return "turns" if self.venues.rota == "even" else "even"

    @property
    def words(self) -> list[str]:
        """What the two rotas are, which of them the settings ask for, and what the other one would change."""
        meetings, many = meetings_in_person(self.venues), len(self._pairs)
        change = sum(_most(asked) != _most(other) for _, asked, other in self._pairs)
        less = "less" if self._other == "even" else "more"
        partnerships = f"{change} of {many} partnership{'s' * (many != 1)}"
        return [
            f"{meetings} meeting{'s' * (meetings != 1)} a year in person, and the settings ask for hosts "
            f"{NAMES[self.venues.rota]}. In turns, nobody hosts twice before all have hosted once; evened out, schools "
            "host as often as gives the least driving to the head who drives most.",
            f"With hosts {NAMES[self._other]}, the head who drives most would drive {less} in {partnerships}. Proven.",
        ]

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings over `rows`."""
        return ("Partnership", "Meetings a year", "Who drives most, minutes a year", f"With hosts {NAMES[self._other]}")

    @property
    def rows(self) -> list[list[str]]:
        """A row of cells for each partnership of several heads, by `headings`."""
        return [
            [f"{item.number} {item.name}", self._hosts(asked), self._worst(asked), self._instead(asked, other)]
            for item, asked, other in self._pairs
        ]

    def _instead(self, asked: VenueChoice, other: VenueChoice) -> str:
        if _most(asked) == _most(other):
            return "no difference"
        return f"{self._worst(other)}; {self._hosts(other)}"

    def _hosts(self, choice: VenueChoice) -> str:
        if choice.venue_urn is None:
            return NOWHERE
        return choice.hosts_words(self.account.area) or ONLINE

    def _worst(self, choice: VenueChoice) -> str:
        if not choice.hosts:
            return "–"
        worst = choice.burden[0]
        return f"{self.account.area.name_of(worst.base_urn)}: {worst.minutes:,.0f}"


def _most(choice: VenueChoice) -> float:
    """Return the minutes a year of the head who drives most."""
    return choice.burden[0].minutes if choice.burden else 0.0
