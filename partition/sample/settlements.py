"""The city, the towns and the villages: places, names and numbers of schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.spatial import cKDTree

from partition.sample import sheet
from partition.sample.draws import Draws, Floats
from partition.sample.names import CITY, SEASIDE, PlaceNames
from partition.sample.terrain import KM2_PER_SCHOOL, Terrain

CITY_SCHOOLS, SEASIDE_SCHOOLS, MARKET_TOWN_SCHOOLS = 26, 7, (9, 5, 8, 4, 7, 6, 6)  # of 280
SCHOOLS_PER_TOWN = 280 / 9  # of the whole county, by number of towns
TOWN_SHARE = 0.28  # of all primary schools; the rest are in villages
TOWN_SPACING_METRES = 15_000
TWO_SCHOOL_VILLAGES = 0.04
SPACING = 0.64  # of the mean distance: villages keep apart, but not in a regular pattern
TWIN_VILLAGES = 0.03
JOINT_NAMES = 0.012

Kind = Literal["city", "town", "seaside", "village"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """A place with at least one primary school. Easting and northing are in EPSG:27700 metres."""

    name: str
    kind: Kind
    zone: str
    easting: float
    northing: float
    schools: int
    shares_with: str  # the next hamlet, where the school is named after both
    prominence: float  # 0 to 1: how far a village is favoured by its ground and its nearness to a town


def settle(terrain: Terrain, schools: int, seed: int) -> tuple[Settlement, ...]:
    """Return all places of a county with `schools` primary schools: city, seaside and market towns, then villages."""
    draws = Draws(seed, "settlements")
    kinds, towns = _town_places(terrain, draws, schools)
    town_schools = _shared_out(round(TOWN_SHARE * schools), _town_weights(len(towns)))
    in_villages = schools - sum(town_schools)
    doubles = round(TWO_SCHOOL_VILLAGES * in_villages)
    villages, prominence = _village_places(terrain, draws, towns, in_villages - doubles)

    places = np.concatenate([towns, villages])
    zones = terrain.zones(places)
    given = PlaceNames(seed)
    names = _names(given, len(towns), zones, villages)
    favoured = np.argsort(-prominence, kind="stable")[: 4 * doubles]
    twice = {int(favoured[position]) for position in draws.order(len(favoured))[:doubles]}
    every = max(1, round(len(villages) / max(2, JOINT_NAMES * len(villages))))
    joint = {v + len(towns) for v in range(0, len(villages), every) if v not in twice}
    village_schools = [2 if village in twice else 1 for village in range(len(villages))]
    return tuple(
        Settlement(
            name=names[place],
            kind=kinds[place] if place < len(kinds) else "village",
            zone=zones[place],
            easting=float(places[place, 0]),
            northing=float(places[place, 1]),
            shares_with=given.village(zones[place]) if place in joint else "",
            schools=(town_schools + village_schools)[place],
            prominence=1.0 if place < len(towns) else float(prominence[place - len(towns)]),
        )
        for place in range(len(places))
    )


def _town_places(terrain: Terrain, draws: Draws, schools: int) -> tuple[list[Kind], Floats]:
    """Return kinds and points of the towns: those of the sketch, then others, well apart, for a larger county."""
    wanted = max(2, round(schools / SCHOOLS_PER_TOWN))
    sketched = (sheet.CITY, sheet.SEASIDE, *sheet.MARKET_TOWNS)[:wanted]
    places = list(terrain.place(sketched))
    tries = _scattered(terrain, draws, 60 * wanted, metres_inside=3_500)
    spacing = TOWN_SPACING_METRES
    while len(places) < wanted:
        for place in tries:
            if len(places) < wanted and all(_metres(place, town) > spacing for town in places):
                places.append(place)
        spacing = int(0.9 * spacing)
    kinds: list[Kind] = ["city", "seaside"]
    return kinds + ["town"] * (wanted - 2), np.array(places)


def _town_weights(towns: int) -> list[int]:
    """Return the weight of each town by its size; every ninth market town is almost as large as the city."""
    markets = [MARKET_TOWN_SCHOOLS[n % 7] if n % 9 != 8 else CITY_SCHOOLS - 4 for n in range(towns - 2)]
    return [CITY_SCHOOLS, SEASIDE_SCHOOLS, *markets]


def _shared_out(total: int, weights: list[int]) -> list[int]:
    """Divide a total into whole numbers in proportion to the weights, each at least 1."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [max(1, int(share)) for share in exact]
    by_remainder = sorted(range(len(weights)), key=lambda n: (int(exact[n]) - exact[n], n))
    for position in range(total - sum(shares)):
        shares[by_remainder[position % len(shares)]] += 1
    return shares


def _village_places(terrain: Terrain, draws: Draws, towns: Floats, wanted: int) -> tuple[Floats, Floats]:
    """Return points and prominences of villages, kept apart; closer together on good ground and near a town."""
    tries = _scattered(terrain, draws, 40 * wanted, metres_inside=700)
    weight = terrain.settled(tries) * draws.many(len(tries), 0.4, 1.6)
    from_town = cKDTree(towns).query(tries)[0]
    weight = np.where(from_town < 9_000, 1.35 * weight, weight)
    free = from_town > 2_600
    tries, weight = tries[free], weight[free]
    likely = draws.many(len(tries)) * 2.8 < weight
    tries, weight = tries[likely], weight[likely]
    neighbours = cKDTree(tries)
    metres_apart = SPACING * 1_000 * np.sqrt(KM2_PER_SCHOOL * 1.35 / weight)
    chosen: list[int] = []
    while len(chosen) < wanted:
        taken = np.zeros(len(tries), dtype=np.bool_)
        chosen = []
        for candidate in range(len(tries)):
            if not taken[candidate]:
                chosen.append(candidate)
                taken[list(neighbours.query_ball_point(tries[candidate], metres_apart[candidate]))] = True
        metres_apart = 0.93 * metres_apart
    # The first villages chosen spread over the whole county; later ones only fill gaps.
    chosen = chosen[:wanted]
    favour = np.clip(weight[chosen] / 2.5, 0.0, 1.0)
    return tries[chosen], favour


def _scattered(terrain: Terrain, draws: Draws, count: int, metres_inside: float) -> Floats:
    """Return at least `count` points on land, in random order."""
    west, south, east, north = terrain.mainland.bounds
    found: list[Floats] = []
    while sum(map(len, found)) < count:
        places = draws.many((2 * count, 2)) * np.array([east - west, north - south]) + np.array([west, south])
        found.append(places[terrain.on_land(places, metres_inside)])
    return np.concatenate(found)


def _names(given: PlaceNames, towns: int, zones: list[str], villages: Floats) -> list[str]:
    """Return a name for every place; a few pairs of neighbouring villages share a name, as Great and Little."""
    names = [CITY, SEASIDE, *(given.market_town(number) for number in range(towns - 2))]
    zones = zones[towns:]
    found: dict[int, str] = {}
    nearest = np.asarray(cKDTree(villages).query(villages, k=2)[1])[:, 1]
    twins = round(TWIN_VILLAGES * len(villages))
    for village in range(len(villages)):
        other = int(nearest[village])
        if twins and other not in found and village not in found and zones[other] == zones[village]:
            found[village], found[other] = given.twins(zones[village])
            twins -= 1
    return names + [found.get(v) or given.village(zones[v]) for v in range(len(villages))]


def _metres(a: Floats, b: Floats) -> float:
    step = a - b
    return float(np.sqrt(step[0] * step[0] + step[1] * step[1]))
