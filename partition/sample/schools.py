"""The primary schools: names, rolls, places, and further columns of a council's file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from geodata.urns import Urn
from partition.sample.draws import Draws
from partition.sample.names import CATHOLIC, CITY, SAINTS, STREETS
from partition.sample.settlements import Settlement
from partition.sample.terrain import Terrain

FIRST_URN = 900_000
# Rolls at equal steps from the smallest school to the largest: 59 in 100 have 200 pupils or fewer, many
# have one class of thirty for each of seven years, or two.
ROLLS = (26, 45, 57, 67, 76, 85, 95, 109, 133, 150, 172, 194, 202, 209, 238, 274, 299, 350, 407, 440, 690)
SMALL_PUPILS = 200
ANGLICAN_DIOCESE, CATHOLIC_DIOCESE = f"Diocese of {CITY}", "Diocese of Wolderleigh"


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """One primary school of the sample county, with the columns of its file. The place is in EPSG:27700 metres."""

    urn: Urn
    name: str
    town: str  # the name of its settlement
    easting: int
    northing: int
    pupils: int
    diocese: str
    special_resource: str
    forecast_2028: int
    forecast_2030: int
    zone: str
    in_village: bool

    @property
    def is_small(self) -> bool:
        return self.pupils <= SMALL_PUPILS


@dataclass(slots=True)
class _Draft:
    """A school before it has a roll and a URN."""

    place: Settlement
    name: str
    church: bool = False
    catholic: bool = False
    score: float = 0.0  # larger schools have larger scores
    easting: int = 0
    northing: int = 0


def open_schools(terrain: Terrain, places: tuple[Settlement, ...], seed: int) -> tuple[School, ...]:
    """Return the schools of all places in order of URN. URNs follow the names of the places, as in an old list."""
    draws = Draws(seed, "schools")
    drafts: list[_Draft] = []
    for place in sorted(places, key=lambda place: place.name):
        fresh = list(_village_schools(place, draws) if place.kind == "village" else _town_schools(place, draws))
        _stand(terrain, place, fresh, draws)
        drafts += fresh
    rolls = _rolls([draft.score for draft in drafts], draws)
    return tuple(_school(Urn(FIRST_URN + n), draft, rolls[n], draws) for n, draft in enumerate(drafts))


def _village_schools(place: Settlement, draws: Draws) -> Iterator[_Draft]:
    church = draws.chance(0.5)
    score = 0.86 * (0.62 * draws.between(0, 1) + 0.38 * (0.5 * place.prominence + 0.5 * draws.between(0, 1)))
    if place.schools == 2:
        saint = f" {draws.pick(SAINTS)} CofE" if church else ""
        score = max(score, 0.45)
        yield _Draft(place, f"{place.name}{saint} Infant School", church, score=score - 0.02)
        yield _Draft(place, f"{place.name}{saint} Junior School", church, score=score + 0.02)
        return
    if place.shares_with:
        form = f"{place.name} and {place.shares_with} {'CofE ' if church else ''}Primary School"
    elif church:
        form = draws.pick(
            (
                f"{place.name} Church of England Primary School",
                f"{place.name} CofE Primary School",
                f"{place.name} {draws.pick(SAINTS)} CofE Primary School",
                f"The {place.name} Church of England School",
            ),
            (5, 3, 4, 1),
        )
    else:
        endings = ("Primary School", "Community Primary School", "Primary Academy", "County Primary School")
        form = f"{place.name} {draws.pick(endings, (8, 4, 3, 1))}"
    yield _Draft(place, form, church, score=score)


def _town_schools(place: Settlement, draws: Draws) -> Iterator[_Draft]:
    """Yield infant and junior schools in pairs, then a Catholic school, then others named by saint or by street."""
    streets = [STREETS[n % len(STREETS)] for n in draws.order(len(STREETS))]
    saints = [SAINTS[n] for n in draws.order(len(SAINTS))]
    made = 0

    def score() -> float:
        return 0.50 + 0.5 * draws.between(0, 1) if draws.chance(0.88) else draws.between(0.15, 0.5)

    for _ in range(place.schools // 6):
        street, size = streets.pop(), score()
        yield _Draft(place, f"{street} Infant School, {place.name}", score=size - 0.01)
        yield _Draft(place, f"{street} Junior School, {place.name}", score=size + 0.01)
        made += 2
    if place.schools >= 5:
        saint = draws.pick(CATHOLIC)
        yield _Draft(place, f"{saint} Catholic Primary School, {place.name}", catholic=True, score=score())
        made += 1
    while made < place.schools:
        if draws.chance(0.25) and saints:
            yield _Draft(place, f"{place.name} {saints.pop()} CofE Primary School", church=True, score=score())
        else:
            ending = draws.pick(("Primary School", "Primary Academy", "Community Primary School"), (5, 4, 2))
            yield _Draft(place, f"{place.name} {streets.pop()} {ending}", score=score())
        made += 1


def _stand(terrain: Terrain, place: Settlement, drafts: list[_Draft], draws: Draws) -> None:
    """Set the points of the schools of one place: on land, apart, a junior school beside its infant school."""
    taken: list[tuple[int, int]] = []
    for number, draft in enumerate(drafts):
        beside = number > 0 and draft.name == drafts[number - 1].name.replace("Infant", "Junior")
        reach = 250.0 if place.kind == "village" else 420.0 + 640.0 * float(np.sqrt(place.schools))
        apart = 60 if place.kind == "village" else 420
        centre = (place.easting, place.northing)
        if beside:
            centre, reach, apart = (float(taken[-1][0]), float(taken[-1][1])), 240.0, 70
        while True:
            x, y = draws.between(-1, 1), draws.between(-1, 1)
            point = (round(centre[0] + x * reach), round(centre[1] + y * reach))
            clear = all((point[0] - e) ** 2 + (point[1] - n) ** 2 >= apart * apart for e, n in taken)
            if x * x + y * y <= 1 and clear and terrain.on_land(np.array([point], dtype=np.float64))[0]:
                break
            reach, apart = 1.01 * reach, max(60, int(0.99 * apart))
        draft.easting, draft.northing = point
        taken.append(point)


def _rolls(scores: list[float], draws: Draws) -> list[int]:
    """Return rolls by rank of score, so that every county has the same shares of small and large schools."""
    count = len(scores)
    rank = np.empty(count)
    rank[np.argsort(np.array(scores), kind="stable")] = np.arange(count)
    share = np.clip((rank + draws.many(count, -0.4, 0.4)) / (count - 1), 0.0, 1.0)
    return [round(float(roll)) for roll in np.interp(share, np.linspace(0, 1, len(ROLLS)), ROLLS)]


def _school(urn: Urn, draft: _Draft, pupils: int, draws: Draws) -> School:
    place = draft.place
    a_year = draws.between(-0.035, 0.012) if place.kind == "village" else draws.between(-0.022, 0.028)
    dioceses = {(True, False): ANGLICAN_DIOCESE, (False, True): CATHOLIC_DIOCESE}
    return School(
        urn=urn,
        name=draft.name,
        town=place.name,
        easting=draft.easting,
        northing=draft.northing,
        pupils=pupils,
        diocese=dioceses.get((draft.church, draft.catholic), ""),
        special_resource="yes" if draws.chance(0.11 if pupils > SMALL_PUPILS else 0.04) else "",
        forecast_2028=max(12, round(pupils * (1 + 2 * a_year + draws.between(-0.05, 0.05)))),
        forecast_2030=max(12, round(pupils * (1 + 4 * a_year + draws.between(-0.08, 0.08)))),
        zone=place.zone,
        in_village=place.kind == "village",
    )
