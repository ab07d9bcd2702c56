"""Made-up maps for the tests: a little one to check by hand, and a county of full size."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import combinations

from pyproj import Transformer
from shapely import MultiPoint, Polygon, box, transform, voronoi_polygons
from shapely.geometry import LineString
from shapely.geometry import Point as ShapelyPoint
from shapely.geometry.base import BaseGeometry

from geodata.urns import Urn
from partition.maps.content import (
    Atlas,
    Band,
    BandsAtlas,
    BaseLayer,
    Companion,
    PartnershipCard,
    Place,
    ReachedSchool,
    SchoolCard,
    Way,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '"Quoted" & Sons',
    "=cmd|'/c calc'!A1",
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(2)</script>",
    "St Hugh\u2028s {{ 7 * 7 }}",
)
TO_DEGREES = Transformer.from_crs("EPSG:27700", "EPSG:4326", always_xy=True).transform
Point = tuple[float, float]


def minutes_between(a: Point, b: Point) -> float:
    return round(3.4 + 1.21 * math.dist(a, b) / 1000, 1)


def degrees(geometry: BaseGeometry) -> BaseGeometry:
    return transform(geometry, TO_DEGREES, interleaved=False)


def school(urn: str, at: Point, **known: object) -> SchoolCard:
    longitude, latitude = TO_DEGREES(*at)
    told = {"name": f"School {urn}", "town": "Ashby", "pupils": 100, "role": "placed", **known}
    return SchoolCard(urn=Urn(urn), latitude=latitude, longitude=longitude, **told)  # type: ignore[arg-type]


def place(name: str, at: Point, rank: int) -> Place:
    longitude, latitude = TO_DEGREES(*at)
    return Place(name=name, latitude=latitude, longitude=longitude, rank=rank)


def partnership(number: int, members: list[SchoolCard], at: dict[str, Point], **known: object) -> PartnershipCard:
    drives = {(a.urn, b.urn): minutes_between(at[a.urn], at[b.urn]) for a, b in combinations(members, 2)}
    worst = max(drives, key=lambda pair: drives[pair], default=None)
    told: dict[str, object] = {
        "name": members[0].town,
        "urns": tuple(member.urn for member in members),
        "venue_urn": members[0].urn,
        "heads": len({member.headship or member.urn for member in members}),
        "schools": len(members),
        "associates": sum(member.role == "associate" for member in members),
        "pupils": sum(member.pupils or 0 for member in members),
        "hours_a_year": round(sum(drives.values()) / 5, 1),
        "mean_minutes": round(sum(drives.values()) / len(drives), 1) if drives else None,
        "worst_minutes": drives[worst] if worst else None,
        "worst_pair": worst,
        "links_kept": 0,
        "links_broken": 0,
        **known,
    }
    return PartnershipCard(number=number, **told)  # type: ignore[arg-type]


def with_companions(members: list[SchoolCard], at: dict[str, Point]) -> list[SchoolCard]:
    """The same schools, each knowing its drives to the others; one way takes half a minute more."""

    def known(member: SchoolCard) -> SchoolCard:
        drives = sorted((minutes_between(at[member.urn], at[o.urn]), o.urn) for o in members if o is not member)
        return replace(
            member,
            companions=tuple(Companion(urn=urn, minutes_to=d, minutes_from=d + 0.5) for d, urn in drives),
            worst_minutes=max((d + 0.5 for d, _ in drives), default=None),
        )

    return [known(member) for member in members]


def village_atlas(**changes: object) -> Atlas:
    """Two partnerships of three, one school left out, one large school: small enough to count by hand."""
    at: dict[str, Point] = {
        "900000": (540_000, 340_000),
        "900001": (543_000, 341_000),
        "900002": (541_000, 344_000),
        "900003": (556_000, 340_000),
        "900004": (560_000, 342_000),
        "900005": (557_000, 353_000),
        "900006": (549_000, 330_000),
        "900007": (549_500, 342_000),
    }
    west = [
        school(
            "900000",
            at["900000"],
            name="Ashby Fen Primary School",
            pupils=60,
            partnership=1,
            today="Old Fen",
            links_kept=1,
        ),
        school("900001", at["900001"], partnership=1, headship="Fen Federation", corrected="61 pupils, as corrected"),
        school("900002", at["900002"], partnership=1, headship="Fen Federation", is_base=False),
    ]
    east = [
        school(
            "900003",
            at["900003"],
            town="Holt",
            partnership=2,
            today="Old Fen",
            leaves=("Ashby Fen Primary School",),
            links_broken=1,
        ),
        school("900004", at["900004"], town="Holt", partnership=2, role="associate", pupils=310),
        school("900005", at["900005"], town="Holt", partnership=2),
    ]
    alone = school("900006", at["900006"], town="Marsh End", role="unplaced", reason="No school within 20 minutes")
    large = school("900007", at["900007"], town="Ashby", role="not taking part", pupils=450, reason="Over 200 pupils")
    west, east = with_companions(west, at), with_companions(east, at)
    return replace(
        Atlas(
            title="Two villages",
            status="Modelling, not a proposal",
            internal=False,
            schools=(*west, *east, alone, large),
            partnerships=(
                partnership(1, west, at, links_kept=1),
                partnership(2, east, at, links_broken=1, breaches=("Holt: 24 minutes, at most 20",)),
            ),
            today=(("Old Fen", ("900000", "900003")),),
            places=(Place(name="Ashby", latitude=alone.latitude, longitude=alone.longitude, rank=3),),
            figures=(("Partnerships", "2"), ("Not yet placed", "1")),
            sureness="Proven: no arrangement under these criteria takes less of heads' time.",
            criteria=("3 to 7 heads in each partnership",),
            travel="Straight-line distance, turned into minutes.",
            notices=("Two schools stand on one point.",),
            attribution=("Made-up data",),
        ),
        **changes,  # type: ignore[arg-type]
    )


def hostile_atlas() -> Atlas:
    """The little map with every text field filled by somebody unkind."""
    calm, nasty = village_atlas(), " ".join(HOSTILE)
    return replace(
        calm,
        title=nasty,
        status=nasty,
        schools=tuple(
            replace(
                one,
                name=HOSTILE[i % 6],
                town=nasty,
                today=nasty,
                reason=nasty,
                corrected=nasty,
                headship=nasty,
                leaves=(nasty,),
            )
            for i, one in enumerate(calm.schools)
        ),
        partnerships=tuple(replace(one, name=nasty, breaches=(nasty,)) for one in calm.partnerships),
        today=((nasty, ("900000", "900003")),),
        base=(BaseLayer(kind="district", name=nasty, geometry=degrees(box(530e3, 320e3, 570e3, 360e3))),),
        places=(Place(name=nasty, latitude=52.9, longitude=0.1, rank=3),),
        figures=((nasty, nasty),),
        sureness=nasty,
        criteria=(nasty,),
        travel=nasty,
        notices=(nasty,),
        attribution=(nasty,),
    )


def winding(here: SchoolCard, there: SchoolCard, points: int = 40) -> tuple[Point, ...]:
    """A road that leaves the straight line in one bend; latitude, longitude."""
    (north, east), (up, right) = ((one.latitude, one.longitude) for one in (here, there))
    shares = [i / (points - 1) for i in range(points)]
    bends = [0.15 * math.sin(math.pi * share) + 0.01 * math.sin(40 * share) * share * (1 - share) for share in shares]
    return tuple(
        (north + s * (up - north) + bend * (right - east) / 2, east + s * (right - east) - bend * (up - north) * 2)
        for s, bend in zip(shares, bends, strict=True)
    )


def with_ways(atlas: Atlas, points: int = 40) -> Atlas:
    """The same, with the way there and back of every two companions, half as long again as the crow's.

    The way back is by the same road, but for the first pair: there it bends to the other side.
    """
    cards = {school.urn: school for school in atlas.schools}
    ways: list[Way] = []
    for here, there in (pair for one in atlas.partnerships for pair in combinations(sorted(one.urns), 2)):
        road = winding(cards[here], cards[there], points)
        back = winding(cards[there], cards[here], points) if not ways else road[::-1]
        known = next(companion for companion in cards[here].companions if companion.urn == there)
        told = {"km": round((known.minutes_to or 0) / 1.3, 1)}
        ways.append(Way(urn_from=here, urn_to=there, minutes=known.minutes_to or 0, points=road, **told))
        ways.append(Way(urn_from=there, urn_to=here, minutes=known.minutes_from or 0, points=back, **told))
    return replace(atlas, ways=tuple(ways))


def bands_atlas(atlas: Atlas | None = None, origin_urn: str = "900000", **changes: object) -> BandsAtlas:
    """Minutes from one school of an atlas: blobs of up to 30 minutes, and schools by their crow-fly minutes."""
    atlas = atlas or village_atlas()
    back = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True).transform
    cards = {school.urn: school for school in atlas.schools}
    origin = cards[origin_urn]
    centre = back(origin.longitude, origin.latitude)

    def reached(card: SchoolCard) -> ReachedSchool:
        minutes = minutes_between(centre, back(card.longitude, card.latitude)) if card is not origin else 0.0
        told = {"latitude": card.latitude, "longitude": card.longitude}
        return ReachedSchool(urn=card.urn, name=card.name, minutes=minutes if minutes <= 45 else None, **told)

    def blob(minutes: float) -> Polygon:
        turns = [math.tau * i / 90 for i in range(90)]
        reach = [
            1000 * max(minutes - 3.4, 0.1) / 1.21 * (1 + 0.14 * math.sin(5 * turn + minutes / 9)) for turn in turns
        ]
        spots = [(centre[0] + r * math.cos(t), centre[1] + r * math.sin(t)) for r, t in zip(reach, turns, strict=True)]
        return Polygon(spots)

    steps = [(low, low + 5) for low in range(0, 30, 5)]
    bands = [
        Band(
            minutes_from=low, minutes_to=high, geometry=degrees(blob(high).difference(blob(low)) if low else blob(high))
        )
        for low, high in steps
    ]
    return replace(
        BandsAtlas(
            title=f"Minutes from {origin.name}",
            status=atlas.status,
            origin=reached(origin),
            bands=tuple(bands),
            schools=tuple(map(reached, atlas.schools)),
            base=atlas.base,
            places=atlas.places,
            travel=atlas.travel,
            attribution=atlas.attribution,
        ),
        **changes,  # type: ignore[arg-type]
    )


FIRST = [
    "Ash",
    "Thorn",
    "Wold",
    "Brack",
    "Carl",
    "Den",
    "East",
    "Fos",
    "Gran",
    "Hol",
    "Ing",
    "King",
    "Lang",
    "Mar",
]
FIRST += ["Nor", "Ottering", "Pick", "Ros", "Saxil", "Tat"]
LAST = ["by", "ton", "ham", "thorpe", "wick", "toft", "ford", "worth", "ingham", "beck", "ley", "holme"]


def county_atlas(schools: int = 280, internal: bool = False) -> Atlas:
    """A county of full size: towns, villages, coast, districts, roads; its groups come of a plain halving."""
    draw = random.Random(925)
    coast = [(575_000 + 6_000 * math.sin(i / 3) + 2_500 * math.sin(i * 1.7), 300_000 + 2_000 * i) for i in range(39)]
    land = Polygon([(512_000, 302_000), (508_000, 340_000), (514_000, 376_000), *reversed(coast)])
    land = land.buffer(2_500).buffer(-2_500)
    estuary = LineString([(590_000, 327_000), (572_000, 331_000), (560_000, 329_000)]).buffer(2_200, quad_segs=8)
    land = land.difference(estuary)

    towns: list[Point] = []
    while len(towns) < 13:
        spot = (draw.uniform(510e3, 578e3), draw.uniform(303e3, 374e3))
        if land.buffer(-3_000).contains(ShapelyPoint(spot)) and all(math.dist(spot, t) > 12e3 for t in towns):
            towns.append(spot)
    names = [a + b for b in LAST for a in FIRST]
    draw.shuffle(names)

    spots: list[tuple[Point, str]] = []
    while len(spots) < schools:
        town = draw.randrange(len(towns)) if draw.random() < 0.35 else None
        centre = towns[town] if town is not None else (draw.uniform(508e3, 586e3), draw.uniform(301e3, 376e3))
        spot = (centre[0] + draw.gauss(0, 900), centre[1] + draw.gauss(0, 900)) if town is not None else centre
        apart = 350 if town is not None else 2_300
        if land.contains(ShapelyPoint(spot)) and all(math.dist(spot, other) > apart for other, _ in spots):
            spots.append((spot, names[town] if town is not None else names[13 + len(spots) % (len(names) - 13)]))

    cards, at = [], {}
    for number, (spot, town_name) in enumerate(spots):
        urn = Urn(900_000 + number)
        in_town = town_name in names[:13]
        pupils = draw.randint(180, 640) if in_town else draw.randint(28, 215)
        kind = draw.choice(["Church of England Primary School", "Primary School", "St Mary's Catholic Primary"])
        at[urn] = spot
        cards.append(
            school(
                urn,
                spot,
                name=f"{town_name} {kind}",
                town=town_name,
                pupils=pupils,
                role="placed" if pupils <= 200 else "not taking part",
                reason="" if pupils <= 200 else "More than 200 pupils",
            )
        )

    chosen = [card for card in cards if card.role == "placed"]
    unplaced = {card.urn for card in draw.sample(chosen, 5)}
    associates = {card.urn for card in draw.sample([c for c in cards if c.pupils and 200 < c.pupils < 330], 4)}
    joining = [c for c in cards if (c.role == "placed" and c.urn not in unplaced) or c.urn in associates]
    finished = {c.urn: c for c in cards}
    for urn in unplaced:
        finished[urn] = replace(
            finished[urn],
            role="unplaced",
            reason="No three other heads are within 20 minutes of each other here.",
        )
    partnerships = []
    groups = halve([c.urn for c in joining], at)
    for number, urns in enumerate(groups, start=1):
        members = [
            replace(
                finished[urn],
                role="associate" if urn in associates else "placed",
                partnership=number,
                today=f"{finished[urns[0]].town} Cluster" if i < 4 else "",
                headship=f"{finished[urns[0]].town} Federation" if i < 2 and number % 4 == 0 else "",
                is_base=i != 1 or number % 4 != 0,
                corrected="61 pupils, as corrected in the scenario" if urn == urns[1] and number == 7 else "",
                links_kept=draw.randint(0, 3),
                links_broken=draw.choice([0, 0, 0, 1]),
                leaves=(cards[3].name,) if i == 0 and number % 5 == 0 else (),
            )
            for i, urn in enumerate(urns)
        ]
        members = with_companions(members, at)
        finished.update({member.urn: member for member in members})
        partnerships.append(
            partnership(
                number,
                members,
                at,
                links_kept=sum(m.links_kept for m in members),
                links_broken=sum(m.links_broken for m in members),
                breaches=("29 minutes between two schools: at most 20",) if number == 11 else (),
            )
        )
    today = {m.today: () for m in finished.values() if m.today}
    for member in finished.values():
        if member.today:
            today[member.today] = (*today[member.today], member.urn)
    links = [(u[0], u[i], i % 3 > 0) for u in groups for i in range(1, len(u))] if internal else []

    cells = voronoi_polygons(MultiPoint(towns[:7]), extend_to=land).geoms
    roads = [
        LineString([a, ((a[0] + b[0]) / 2 + draw.uniform(-1500, 1500), (a[1] + b[1]) / 2), b])
        for a, b in combinations(towns, 2)
        if math.dist(a, b) < 26e3
    ]
    base = [BaseLayer(kind="land", name="", geometry=degrees(land))]
    base += [
        BaseLayer(kind="district", name=f"{FIRST[i]} District", geometry=degrees(cell.intersection(land)))
        for i, cell in enumerate(cells)
    ]
    base += [BaseLayer(kind="road", name="", geometry=degrees(road)) for road in roads]
    river = LineString([(512e3, 350e3), (530e3, 341e3), (560e3, 329e3)])
    base.append(BaseLayer(kind="water", name="River", geometry=degrees(river)))
    places = [place(name, town, 3 if i < 6 else 2) for i, (name, town) in enumerate(zip(names, towns, strict=False))]
    places += [place(card.town, at[card.urn], 1) for card in cards if card.town not in names[:13]]
    hours = sum(p.hours_a_year for p in partnerships)
    return Atlas(
        title="Partnerships of small schools in Fenshire",
        status="Modelling, not a proposal",
        internal=internal,
        schools=tuple(finished[urn] for urn in sorted(finished)),
        partnerships=tuple(partnerships),
        today=tuple(sorted(today.items())),
        links=tuple(links),
        base=tuple(base),
        places=tuple(places),
        figures=(
            ("Partnerships", str(len(partnerships))),
            ("Small schools placed", f"{len(joining) - len(associates)} of {len(chosen)}"),
            ("Not yet placed", str(len(unplaced))),
            ("Associates", str(len(associates))),
            ("Heads’ travel together", f"{hours:,.0f} hours a year"),
            ("Working links kept", "241 of 268"),
        ),
        sureness="Proven best: no arrangement leaves fewer out, or takes less of heads’ time.",
        criteria=(
            "Schools with 200 pupils or fewer take part",
            "4 to 7 heads in each partnership",
            "No two schools of a partnership are more than 20 minutes apart, in either direction",
        ),
        travel="Minutes come from straight-line distance: 3.4 minutes, and 1.21 more for each kilometre.",
        notices=("Two schools stand on one point: Northolme Infants and Northolme Juniors.",),
        attribution=("Sample county: made up by this software, no real places.",),
    )


def halve(urns: list[Urn], at: dict[Urn, Point]) -> list[list[Urn]]:
    """Groups of four to seven, by halving along the longer side."""
    if len(urns) <= 7:
        return [urns]
    spans = [max(at[u][axis] for u in urns) - min(at[u][axis] for u in urns) for axis in (0, 1)]
    ordered = sorted(urns, key=lambda urn: at[urn][spans.index(max(spans))])
    middle = len(ordered) // 2
    return halve(ordered[:middle], at) + halve(ordered[middle:], at)


def region_atlas(schools: int = 6_000) -> Atlas:
    """A region: many schools on a shaken grid, three in five small, grouped by halving; some are not placed."""
    draw = random.Random(6_000)
    across = math.isqrt(schools)
    cards, at = [], {}
    for number in range(schools):
        down, along = divmod(number, across)
        urn = Urn(100_000 + number)
        at[urn] = (300e3 + 3_200 * along + draw.uniform(-900, 900), 250e3 + 3_200 * down + draw.uniform(-900, 900))
        small = draw.random() < 0.6
        town = f"{FIRST[number % 20]}{LAST[number // 20 % 12]} {number // 240 + 1}"
        told = {"name": f"{town} Primary School", "town": town, "pupils": draw.randint(30, 200) if small else 320}
        role = ("unplaced" if number % 9 == 0 else "placed") if small else "not taking part"
        cards.append(school(urn, at[urn], role=role, reason="" if role == "placed" else f"{town}: a reason", **told))
    finished = {card.urn: card for card in cards}
    partnerships = []
    for number, urns in enumerate(halve([card.urn for card in cards if card.role == "placed"], at), start=1):
        members = with_companions([replace(finished[urn], partnership=number) for urn in urns], at)
        finished.update({member.urn: member for member in members})
        partnerships.append(partnership(number, members, at))
    return Atlas(
        title="Partnerships of small schools in a region",
        status="Modelling, not a proposal",
        internal=False,
        schools=tuple(finished.values()),
        partnerships=tuple(partnerships),
        places=tuple(place(card.town, at[card.urn], 1) for card in cards),
        figures=(("Partnerships", str(len(partnerships))),),
    )
