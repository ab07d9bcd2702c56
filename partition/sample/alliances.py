"""Existing ties between schools: federations, trusts, working links, partnerships of today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import shapely
from scipy.spatial import cKDTree

from geodata.urns import Urn
from partition.model.area import Existing, Link
from partition.sample.draws import Draws
from partition.sample.schools import ANGLICAN_DIOCESE, School
from partition.sample.terrain import Terrain

FEDERATIONS, FEDERATION_TRIOS, LINKS, TODAY = 21 / 280, 3 / 21, 121 / 280, 22 / 280  # of all schools
ACADEMIES = 0.45
NEIGHBOURS = 40
FAR_APART_METRES = (24_000, 34_000)  # about 33 to 45 minutes
TRUST_SCHOOLS = (
    10,
    10,
    8,
    7,
    6,
    6,
    6,
    4,
    4,
    3,
    3,
    3,
    3,
    2,
    2,
    2,
    2,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
    1,
)  # further trusts take the same numbers again, in turn
DIOCESAN_TRUST_SHARE = 0.15  # of the church schools
TRUST_WORDS = (
    "Kittiwake", "Larch", "Harvest Moon", "Compass Rose", "Sweetbriar", "Lapwing", "Causeway", "Two Oaks",
    "Bright Water", "Greenshank", "Long Horizon", "Wheatsheaf", "Lantern", "Sandpiper", "Blue Gate", "Plough",
)  # fmt: skip
TRUST_KINDS = ("Learning Trust", "Academies Trust", "Education Trust", "Schools Trust")
FEDERATION_WORDS = (
    "Skylark",
    "Willow Bank",
    "Kite",
    "Four Winds",
    "Barley",
    "Hedgerow",
    "Millstream",
    "Curlew",
)
# Heads in each of today's partnerships, in turn: some are too small, or too large, for the default rules.
TODAY_HEADS = (5, 4, 5, 6, 3, 5, 4, 4, 2, 6, 5, 4, 8, 4, 4, 3, 5, 4, 4, 5, 2, 7)
TODAY_NAMES = {
    "coast": (
        "Long Shore",
        "Sands and Saltings",
        "Estuary Villages",
        "Lighthouse",
        "Samphire",
        "Haven and Staithe",
    ),
    "wold": ("Wolds Edge", "High Wold", "Chalk Stream", "Ridgeway", "Wold Top", "Beacon"),
    "fen": ("Silt Bank", "Fenside", "Long Drove", "Two Rivers", "Big Sky", "Washland"),
    "edge": (
        "Stone Edge",
        "Under the Edge",
        "Heath and Spring",
        "Quarry Villages",
        "Limestone",
        "Cliff Road",
    ),
    "vale": (
        "Thurle Vale",
        "Four Parishes",
        "Riverside Villages",
        "Old Orchards",
        "Green Lanes",
        "Meadowland",
    ),
}


class Neighbourhood:
    """The nearest schools of each school, nearest first, without those across sea or estuary."""

    def __init__(self, terrain: Terrain, schools: Sequence[School]) -> None:
        places = np.array([(school.easting, school.northing) for school in schools], dtype=np.float64)
        near = min(NEIGHBOURS + 1, len(schools))
        others = np.asarray(cKDTree(places).query(places, k=near)[1])
        lines = shapely.linestrings(np.stack([np.repeat(places, near, axis=0), places[others.ravel()]], axis=1))
        self._dry = ~terrain.crosses_water(lines).reshape(others.shape)
        self._others = others

    def of(self, school: int) -> list[int]:
        """Return the positions of a school's nearest schools, nearest first."""
        row = self._others[school][self._dry[school]]
        return [int(other) for other in row if other != school]


def federations(schools: Sequence[School], near: Neighbourhood, seed: int) -> dict[Urn, str]:
    """Return the federation of each federated school, by URN. Each has a small village school and one or two others."""
    draws = Draws(seed, "federations")
    wanted = round(FEDERATIONS * len(schools))
    trios = round(FEDERATION_TRIOS * wanted)
    found: dict[Urn, str] = {}
    names: set[str] = set()
    for lead in draws.order(len(schools)):
        if len(names) == wanted:
            break
        if not schools[lead].in_village or schools[lead].pupils > 130 or schools[lead].urn in found:
            continue
        free = [n for n in near.of(lead) if schools[n].urn not in found and schools[n].pupils <= 320]
        small = [n for n in free if schools[n].is_small]
        reach = draws.pick((small[:1], small[:6], small[6:14], free[:3], free[14:30]), (10, 5, 2, 2, 1))
        mates = 2 if len(names) < trios else 1
        if len(reach) + len(small) < mates + 1 or not reach:
            continue
        members = [lead, draws.pick(reach)]
        members += [n for n in small if n not in members][: mates - 1]
        name = _federation_name([schools[n] for n in members], names, draws)
        names.add(name)
        found |= {schools[n].urn: name for n in members}
    return found


def _federation_name(members: Sequence[School], taken: set[str], draws: Draws) -> str:
    towns = list(dict.fromkeys(school.town for school in members))
    if draws.chance(0.35) and (name := f"{draws.pick(FEDERATION_WORDS)} Federation") not in taken:
        return name
    name = f"{towns[0]} and {towns[1]} Federation" if len(towns) > 1 else f"{towns[0]} Federation"
    return name if name not in taken else f"{members[0].name} Federation"


def trusts(schools: Sequence[School], near: Neighbourhood, federated: Mapping[Urn, str], seed: int) -> dict[Urn, str]:
    """Return the academy trust of each academy, by URN. Federated schools are maintained, and so in no trust."""
    draws = Draws(seed, "trusts")
    wanted = round(ACADEMIES * len(schools))
    found: dict[Urn, str] = {}
    church = [s.urn for s in schools if s.diocese == ANGLICAN_DIOCESE and s.urn not in federated]
    for position in draws.order(len(church))[: round(DIOCESAN_TRUST_SHARE * len(church))]:
        found[church[position]] = f"{ANGLICAN_DIOCESE} Academies Trust"
    names: set[str] = set()
    for lead in draws.order(len(schools)):
        if len(found) >= wanted:
            break
        if schools[lead].urn in found or schools[lead].urn in federated:
            continue
        size = min(TRUST_SCHOOLS[len(names) % len(TRUST_SCHOOLS)], wanted - len(found))
        free = [n for n in near.of(lead) if schools[n].urn not in found and schools[n].urn not in federated]
        order = [free[position] for position in draws.order(len(free))]
        name = _trust_name(schools[lead], size, names, draws)
        names.add(name)
        found |= {schools[n].urn: name for n in (lead, *order[: size - 1])}
    return found


def _trust_name(lead: School, size: int, taken: set[str], draws: Draws) -> str:
    kinds = [TRUST_KINDS[position] for position in draws.order(len(TRUST_KINDS))]
    words = [TRUST_WORDS[position] for position in draws.order(len(TRUST_WORDS))] if size > 1 else []
    for name in (f"{word} {kind}" for word in (*words, lead.town) for kind in kinds):
        if name not in taken:
            return name
    return f"{lead.name} Trust"


def links(schools: Sequence[School], near: Neighbourhood, federated: Mapping[Urn, str], seed: int) -> tuple[Link, ...]:
    """Return the working links: most between small schools near one another, a few between heads far apart."""
    draws = Draws(seed, "links")
    small = [n for n, school in enumerate(schools) if school.is_small]
    wanted = round(LINKS * len(schools))
    far = max(2, wanted // 18)
    found: dict[tuple[Urn, Urn], Link] = {}

    def add(one: int, other: int, kinds: Sequence[str], weights: Sequence[float]) -> None:
        a, b = sorted((schools[one].urn, schools[other].urn))
        if federated.get(a, "a") == federated.get(b, "b") or (a, b) in found:
            return
        found[a, b] = Link(
            urn_a=a,
            urn_b=b,
            weight=draws.pick(weights),
            kind=draws.pick(kinds),
            source=draws.pick(("school survey", "school survey", "adviser")),
            agreed=draws.pick((True, True, True, False, None)),
        )

    for one, other in _far_pairs(schools, small, draws, far):
        add(one, other, ("friendship between heads",), (1.0,))
    kinds = (
        "works together",
        "works together",
        "joint training",
        "shared sports",
        "moderation",
        "shared post",
    )
    while len(found) < wanted:
        one = draws.pick(small)
        others = near.of(one)
        close = [n for n in others if schools[n].is_small][:6] if draws.chance(0.94) else others[:8]
        if close:
            add(one, draws.pick(close), kinds, (1.0, 1.0, 1.0, 2.0, 0.5))
    return tuple(found[pair] for pair in sorted(found))


def _far_pairs(schools: Sequence[School], small: list[int], draws: Draws, wanted: int) -> Iterator[tuple[int, int]]:
    low, high = FAR_APART_METRES
    places = np.array([(schools[n].easting, schools[n].northing) for n in small], dtype=np.float64)
    tree = cKDTree(places)
    for position in draws.order(len(small))[:wanted]:
        within = set(tree.query_ball_point(places[position], high))
        ring = sorted(within - set(tree.query_ball_point(places[position], low)))
        if ring:
            yield small[position], small[draws.pick(ring)]


def partnerships_today(
    schools: Sequence[School], near: Neighbourhood, federated: Mapping[Urn, str], seed: int
) -> tuple[Existing, ...]:
    """Return the partnerships of today: about two small schools in three are in one.

    Federations stay whole. Some partnerships are smaller or larger than the default rules allow, and some have a member
    a long drive away, so that a judgement of today finds breaches.
    """
    draws = Draws(seed, "today")
    wanted = round(TODAY * len(schools))
    position_of = {school.urn: position for position, school in enumerate(schools)}
    mates: dict[str, list[int]] = {}
    for urn, name in federated.items():
        mates.setdefault(name, []).append(position_of[urn])
    taken: set[int] = set()
    groups: dict[str, tuple[Urn, ...]] = {}

    def head(position: int) -> list[int]:
        return mates.get(federated.get(schools[position].urn, ""), [position])

    for lead in draws.order(len(schools)):
        if len(groups) == wanted:
            break
        if not schools[lead].is_small or lead in taken:
            continue
        free = [n for n in near.of(lead) if schools[n].is_small and n not in taken]
        if free and len(groups) % 5 == 3:
            free.insert(1, free.pop(min(len(free), 18) - 1))  # a member far away
        members = head(lead).copy()
        heads = 1
        for other in free:
            if heads == TODAY_HEADS[len(groups) % len(TODAY_HEADS)]:
                break
            if other not in members and draws.chance(0.85):
                members += head(other)
                heads += 1
        if heads == 1:
            continue
        taken |= set(members)
        name = _group_name(schools[lead], set(groups), draws)
        groups[name] = tuple(sorted(schools[n].urn for n in members))
    return tuple(Existing(name=name, urns=groups[name]) for name in sorted(groups))


def _group_name(lead: School, taken: set[str], draws: Draws) -> str:
    free = [name for name in TODAY_NAMES[lead.zone] if name not in taken]
    if free and draws.chance(0.7):
        return draws.pick(free)
    for name in (f"{lead.town} {draws.pick(('Group', 'Cluster', 'Villages'))}", f"{lead.town} and District"):
        if name not in taken:
            return name
    return lead.name
