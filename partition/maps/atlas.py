"""From a plan's account to an atlas: the content of the map, in words and figures for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import floor
from statistics import median
from typing import Any, get_args

import numpy as np
from geopandas import GeoDataFrame

from geodata.faults import BadData, Fault
from geodata.gias import column_words
from geodata.grid import DEGREES
from geodata.labels import is_value
from geodata.urns import Urn
from partition.formats.language import ENGLISH, Language
from partition.maps.content import (
    Atlas,
    Band,
    BandsAtlas,
    BaseLayer,
    Companion,
    LayerKind,
    PartnershipCard,
    Place,
    ReachedSchool,
    SchoolCard,
    Way,
)
from partition.maps.figures import figures
from partition.model.area import Area
from partition.model.costs import THOUSANDTHS
from partition.model.roster import CENTIMINUTES
from partition.model.rules import MinutesMax
from partition.plans.account import Account, PartnershipAccount
from partition.plans.own_minutes import may_tell_all, told_of
from partition.scenario.adjust import one_sided
from partition.scenario.case import Background, Case
from partition.scheme.stages import Log
from partition.scheme.venues import choose_venue
from partition.settings.map import STANDING
from partition.settings.scheme import Venues

TOWN_SCHOOLS_LEAST = 3  # a place with at least so many schools or pupils is drawn as a town
TOWN_PUPILS_LEAST = 900
FLAGGED_SHARE = 0.75  # of the plan's limit on drives: longer ones can be marked on the map
ROADS_BEYOND = 0.6  # share of the schools' extent up to which roads are drawn beyond: the map moves as far
KIND_BY_SHAPE: dict[str, LayerKind] = {
    "Polygon": "district",
    "MultiPolygon": "district",
    "LineString": "road",
    "MultiLineString": "road",
}
RANKS = {"city": 3, "town": 2, "village": 1}  # of a point's `kind`
KINDS: tuple[LayerKind, ...] = get_args(LayerKind)

Minutes = Mapping[tuple[Urn, Urn], float | None]  # minutes between schools of a partnership, each way


def draw_atlas(
    case: Background,
    account: Account,
    *,
    internal: bool = False,
    tiles: str = "",
    log: Log | None = None,
    with_ways: bool = True,
    language: Language = ENGLISH,
) -> Atlas:
    """Return the atlas of a plan: everything that one map shows, in words and figures for people.

    Parameters
    ----------
    case : Background
        Title, status, base map, notices and credits: the case of a plan, or a plan file as `read_back` returns it.
    account : Account
        The plan over its problem.
    internal : bool, default False
        Whether to show links and answers. A map with these is for the office only.
    tiles : str, default ""
        URL template of a tile server for a background, such as "https://host/{z}/{x}/{y}.png". The map asks it for
        nothing until a reader ticks the box that says so.
    log : Log, optional
        The decisions on the plan's partnerships, where they are known. Those that have left are not drawn.
    with_ways : bool, default True
        Whether to draw the roads between schools, which a server of routes takes its time to tell.
    language : Language, default English
        The language of the page, as `language_of` returns it.

    Returns
    -------
    Atlas
        Coordinates in degrees, drives in minutes; `plan_map` and `write_map` draw it.

    Notes
    -----
    Where a server of routes fails, the map has straight lines instead of roads, and a notice says so.
    """
    log = log or Log()
    account = account.without(log.left)
    stages = log.stages(item.number for item in account.present)
    latitudes, longitudes = _degrees(account.area)
    minutes = account.minutes_together
    schools = tuple(
        _school(account, n, latitudes[n], longitudes[n], minutes, internal, language) for n in range(len(account.area))
    )
    try:
        ways, missing = tuple(_ways(account)) if with_ways else (), []
    except BadData as bad:  # the minutes are known already: the map only lacks roads
        ways, missing = (), [f"lines on the map do not follow the roads: {fault}" for fault in bad.faults]
    return Atlas(
        title=case.title_in(language),
        status=language.phrase(STANDING) if case.status == STANDING else case.status,
        internal=internal,
        schools=schools,
        partnerships=tuple(
            _partnership(account, item, stages.get(item.number, ""), _hosts(account, item, case.venues))
            for item in account.present
        ),
        today=tuple((existing.name, existing.urns) for existing in account.area.existing),
        links=account.links if internal else (),
        ways=ways,
        base=_ground(case.base, account.area, latitudes, longitudes),
        places=tuple(_known_places(case.base)) or tuple(_places(schools, account)),
        figures=tuple(figures(case, account, log, language)),
        sureness=account.sureness(language),
        none_possible=account.none_possible,
        criteria=account.criteria,
        travel=account.area.travel.words,
        notices=(*_notices(case, account), *missing),
        attribution=case.attribution,
        tiles=tiles,
        unit=account.problem.preferences.measure,
        **_limit(account),
        grid=account.area.grid,
        identifier=account.area.identifier,
        language=language,
    )


def _limit(account: Account) -> dict[str, Any]:
    """Return the plan's own limit on drives, and the drives to flag: over it, and over three quarters of it."""
    limits = [rule.minutes for rule in account.problem.rules if isinstance(rule, MinutesMax)]
    if not limits:
        return {}
    limit = min(limits)
    return {"limit_minutes": limit, "flags_minutes": (floor(FLAGGED_SHARE * limit), limit)}


def _degrees(area: Area) -> tuple[list[float], list[float]]:
    longitudes, latitudes = area.grid.map_degrees(area.eastings, area.northings).T
    return np.round(latitudes, 6).tolist(), np.round(longitudes, 6).tolist()


def _school(
    account: Account,
    position: int,
    latitude: float,
    longitude: float,
    minutes: Minutes,
    internal: bool,
    language: Language,
) -> SchoolCard:
    area, roster = account.area, account.problem.roster
    urn = area.urns[position]
    node = roster.headship_of.get(urn)
    headship = roster.headships[node] if node is not None else None
    companions = tuple(_companions(account, urn, minutes))
    reaches = [m for c in companions for m in (c.minutes_to, c.minutes_from) if m is not None]
    was = area.corrected.get(urn)
    return SchoolCard(
        urn=urn,
        name=area.names[position],
        town=area.towns[position] if area.towns else "",
        pupils=int(area.pupils[position]),
        latitude=latitude,
        longitude=longitude,
        role=account.role(urn),
        partnership=account.place_of.get(urn),
        headship=headship.name if headship is not None and len(headship.schools) > 1 else "",
        is_base=headship is None or headship.base_urn == urn,
        corrected="" if was is None else _corrected(*was, language),
        today=account.today_of.get(urn, ""),
        reason=account.reasons.get(urn) or roster.not_taking_part.get(urn) or _ended(account, urn),
        companions=companions,
        leaves=tuple(area.name_of(other) for other in account.leaves(urn)),
        worst_minutes=max(reaches, default=None),
        **_own(account, urn, internal, language),
        links_kept=account.links_of[urn][0],
        links_broken=account.links_of[urn][1],
        shared=tuple(
            (language.known(column_words(column)), *counts) for column, counts in account.shared_of.get(urn, {}).items()
        ),
        **(_answer(account, urn) if internal else {}),
    )


def _own(account: Account, urn: Urn, internal: bool, language: Language) -> dict[str, Any]:
    """Return what the head of a placed school has who travels from there: on public maps its travel alone."""
    cost = account.own_at(urn)
    if cost is None or urn not in account.place_of:
        return {}
    everything = may_tell_all(account, internal)
    phrase = language.phrase
    words = phrase("drives to meetings, broken links, change") if everything else phrase("drives to meetings")
    return {"own": round(told_of(cost, everything) / THOUSANDTHS, 1), "own_words": words}


def _ended(account: Account, urn: Urn) -> str:
    """Return the name of a school's partnership that has left, in a sentence; "" where it is in none."""
    number = account.plan.partnership_of.get(urn)
    if number not in account.left or number is None:
        return ""
    return f"its partnership, {number} {account.partnerships[number - 1].name}, has left"


def _answer(account: Account, urn: Urn) -> dict[str, Any]:
    """Return a school's answer, if it was asked; of a school that does not take part, only a no."""
    area, answer = account.area, account.area.answers.get(urn)
    if answer is None or (urn not in account.problem.roster.headship_of and answer.said != "no"):
        return {}
    lists = {"prefers": one_sided(area, urn), "wishes": answer.wishes, "not_wanted": answer.not_wanted}
    named = {what: tuple(area.name_of(other) for other in urns if other in area.index) for what, urns in lists.items()}
    return {"answer": answer.said, "answered": answer.date, **named}


def _corrected(was: int | None, pupils: int, language: Language) -> str:
    """Return how many pupils a school has by correction, and how many by its file."""
    if was is None:
        return language.phrase("{n} pupils by correction; the file gives none", n=pupils)
    return language.phrase("{n} pupils by correction; the file says {was}", n=pupils, was=was)


def _companions(account: Account, urn: Urn, minutes: Minutes) -> list[Companion]:
    """Return the other schools of a school's partnership, nearest first."""
    number = account.place_of.get(urn)
    if number is None:
        return []
    found = [
        Companion(urn=other, minutes_to=minutes[urn, other], minutes_from=minutes[other, urn])
        for other in account.plan.partnerships[number - 1].urns
        if other != urn
    ]
    return sorted(found, key=lambda c: (c.minutes_to is None, c.minutes_to, c.urn))


def _hosts(account: Account, item: PartnershipAccount, asked: Venues) -> str:
    """Return who hosts how often, where that is asked to even out the drives; in turns it needs no words."""
    if asked.rota != "even" or item.already:
        return ""
    return choose_venue(item.group, asked).hosts_words(account.area)


def _partnership(account: Account, item: PartnershipAccount, stage: str, hosts: str) -> PartnershipCard:
    group = item.group
    hours = item.cost.travel / THOUSANDTHS / (60 if account.unit == "minutes" else 1)
    return PartnershipCard(
        number=item.number,
        name=item.name,
        urns=group.urns,
        venue_urn=item.venue_urn,
        heads=len(group.members),
        schools=len(group.schools),
        associates=group.associates,
        pupils=group.pupils,
        hours_a_year=round(hours, 1),
        mean_minutes=None if item.mean_minutes is None else round(item.mean_minutes, 1),
        worst_minutes=item.worst_minutes,
        worst_pair=item.worst_pair,
        links_kept=item.links_kept,
        links_broken=item.links_broken,
        breaches=tuple(breach.words for breach in item.breaches if not breach.private),
        stage=stage,
        already=item.already,
        hosts=hosts,
    )


def _ways(account: Account) -> Iterator[Way]:
    """Yield the roads between the bases of each partnership, each way, where the travel knows roads."""
    area = account.area
    path = getattr(area.travel, "path", None)
    if path is None:
        return
    for item in account.present:
        bases = [headship.base for headship in item.group.headships]
        for a in bases:
            for b in bases:
                points = path(a, b) if a != b else ()
                if len(points) >= 2:
                    centiminutes, metres = area.travel.between([a], [b])
                    yield Way(
                        urn_from=area.urns[a],
                        urn_to=area.urns[b],
                        minutes=int(centiminutes[0]) / CENTIMINUTES,
                        km=None if metres[0] < 0 else int(metres[0]) / 1000,
                        points=tuple((float(latitude), float(longitude)) for longitude, latitude in points),
                    )


def draw_bands(case: Case, position: int) -> BandsAtlas:
    """Return the bands of minutes from one school. Raises BadData where minutes do not come from a road file.

    A road file counts only where this program itself reads it: no server, and `engine = own`.
    """
    from geodata.roads.bands import drive_bands
    from geodata.roads.travel import RoadTravel

    area, travel = case.problem.area, case.problem.area.travel
    if not isinstance(travel, RoadTravel):
        given = case.scenario.travel
        key = "server" if given.server else "engine" if given.engine != "own" else "roads"
        fix = "bands need a road file of our own reading: give travel.roads, without travel.server, and engine = own"
        raise BadData([Fault(file="scenario", column=f"travel.{key}", fix=fix)])
    bands = drive_bands(travel.network, travel.kerbs[position], grid=area.grid).to_crs(DEGREES)
    latitudes, longitudes = _degrees(area)
    others = np.arange(len(area))
    taken = travel.between(np.full(len(area), position), others)[0]
    schools = tuple(
        ReachedSchool(
            urn=area.urns[n],
            name=area.names[n],
            latitude=latitudes[n],
            longitude=longitudes[n],
            minutes=None if taken[n] < 0 else int(taken[n]) / CENTIMINUTES,
        )
        for n in range(len(area))
    )
    return BandsAtlas(
        title=f"Minutes from {area.names[position]}",
        status=case.status,
        origin=schools[position],
        bands=tuple(
            Band(
                minutes_from=float(band.over_minutes),
                minutes_to=float(band.minutes),
                geometry=area.grid.unbroken(band.geometry),
            )
            for band in bands.itertuples()
        ),
        schools=schools,
        base=_ground(case.base, area, latitudes, longitudes),
        travel=travel.words,
        attribution=case.attribution,
        grid=area.grid,
        identifier=area.identifier,
    )


def _ground(
    frames: Sequence[GeoDataFrame], area: Area, latitudes: Sequence[float], longitudes: Sequence[float]
) -> tuple[BaseLayer, ...]:
    """Return the base map: the layers given, and the road file's main roads where the layers have no road."""
    layers = tuple(_base(frames))
    main_roads = getattr(area.travel, "main_roads", None)
    if main_roads is None or not latitudes or any(layer.kind == "road" for layer in layers):
        return layers
    high, wide = ((max(degrees) - min(degrees)) * ROADS_BEYOND + 0.01 for degrees in (latitudes, longitudes))
    box = min(longitudes) - wide, min(latitudes) - high, max(longitudes) + wide, max(latitudes) + high
    roads = main_roads(box)
    return layers if roads.is_empty else (*layers, BaseLayer(kind="road", name="", geometry=roads))


def _base(frames: Sequence[GeoDataFrame]) -> Iterator[BaseLayer]:
    """Yield the layers given: each shape by its file's `kind` column, else by its type of geometry."""
    for frame in frames:
        for name, kind, shape in zip(frame["name"], frame["kind"], frame.geometry, strict=True):
            drawn = next((k for k in KINDS if k == kind), KIND_BY_SHAPE.get(shape.geom_type))
            if drawn is not None:
                yield BaseLayer(kind=drawn, name=name, geometry=shape)


def _known_places(frames: Sequence[GeoDataFrame]) -> Iterator[Place]:
    """Yield the towns and villages among the shapes beneath the map: points whose `kind` says how large they are."""
    for frame in frames:
        for name, kind, shape in zip(frame["name"], frame["kind"], frame.geometry, strict=True):
            if kind in RANKS and shape.geom_type == "Point":
                yield Place(name=name, latitude=round(shape.y, 6), longitude=round(shape.x, 6), rank=RANKS[kind])


def _places(schools: Sequence[SchoolCard], account: Account) -> Iterator[Place]:
    """Yield names of places for orientation: towns, and every other place that a school lies in."""
    by_name: dict[str, list[SchoolCard]] = {}
    localities = account.area.columns.get("Locality", ())
    for school in schools:
        locality = localities[account.area.index[school.urn]] if localities else ""
        names = {name for name in (school.town, locality) if is_value(name)}
        for name in sorted(names):
            by_name.setdefault(name, []).append(school)
    for name, here in sorted(by_name.items()):
        pupils = sum(school.pupils or 0 for school in here)
        large = [s for s in here if s.role == "not taking part"] or here
        town = len(large) >= TOWN_SCHOOLS_LEAST or pupils >= TOWN_PUPILS_LEAST
        yield Place(
            name=name,
            latitude=median(school.latitude for school in large),
            longitude=median(school.longitude for school in large),
            rank=3 if len(large) >= 2 * TOWN_SCHOOLS_LEAST else 2 if town else 1,
        )


def _notices(case: Background, account: Account) -> Iterator[str]:
    yield from case.told
    whole = [breach for breach in account.breaches if not breach.private]
    inside = {breach for item in account.partnerships for breach in item.breaches}
    yield from (breach.words for breach in whole if breach not in inside)
