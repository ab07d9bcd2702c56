"""Roads from an OpenStreetMap extract (.osm.pbf), joined by node id; and what OpenStreetMap's tags mean for a car."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import osmium

from geodata.cells import number, refused
from geodata.roads.speeds import Speeds
from geodata.roads.ways import SHUT, Kind, Ways
from geodata.tables import source_of

ATTRIBUTION = "Roads © OpenStreetMap contributors, ODbL 1.0"
PER_DEGREE = 10**7  # OSM's own whole numbers
NOWHERE = 2**31 - 1  # where a way's node was cut away

MAY_DRIVE = ("motorcar", "motor_vehicle", "vehicle", "access")
KEYS = (
    *(
        "highway",
        "route",
        "junction",
        "service",
        "area",
        "ford",
        "lit",
        "lanes",
        "width",
        "surface",
        "duration",
        "foot",
    ),
    *("maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed"),
    *("oneway", "oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", *MAY_DRIVE),
)
LIMITS = ("maxspeed", "maxspeed:type", "source:maxspeed")
ONE_WAYS = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
YES, BACK = ("yes", "1", "true"), ("-1", "reverse")
NARROW_METRES = 4.0

Tags = Mapping[str, str]


def read_extract(path: Path, speeds: Speeds) -> Ways:
    """Every line that a car may drive, and every point that holds it up. Raises BadData for a damaged file."""
    shape = _Shape()
    try:
        for thing in _wanted(path, speeds):
            if isinstance(thing, osmium.osm.Way):
                shape.add(thing, speeds)
            elif lost := node_seconds(dict(thing.tags), speeds):
                shape.seconds[thing.id] = lost
    except (RuntimeError, ValueError) as error:  # as libosmium tells of damage
        raise refused(
            path, f"no OpenStreetMap extract that can be read, or cut short ({error}); fetch it again"
        ) from None
    if not shape.starts:
        raise refused(path, "holds no road a car may drive; fetch an extract with its highways")
    corners = np.array(shape.corners, dtype=np.int64).reshape(-1, 3)
    gone = corners[:, 1] == NOWHERE
    degrees = np.where(gone[:, None], np.nan, corners[:, 1:] / PER_DEGREE)
    return Ways(
        longitude=degrees[:, 0],
        latitude=degrees[:, 1],
        node=corners[:, 0],
        starts=np.array([*shape.starts, len(corners)], dtype=np.int64),
        kind=np.array(shape.kind, dtype=np.int32),
        kinds=tuple(shape.kinds),
        metres=None,
        seconds=shape.seconds,
        source=source_of(path),
        words=f"OpenStreetMap's roads in {path.name}",
        attribution=(ATTRIBUTION,),
    )


class _Shape:
    """What has been read so far. Ways of one set of tags share a kind, so that tags are judged but once."""

    def __init__(self) -> None:
        self.corners: list[tuple[int, int, int]] = []
        self.starts: list[int] = []
        self.kind: list[int] = []
        self.kinds: dict[Kind, int] = {}
        self.seconds: dict[int, float] = {}
        self._judged: dict[tuple[str | None, ...], int | None] = {}

    def add(self, way: osmium.osm.Way, speeds: Speeds) -> None:
        values = tuple(map(way.tags.get, KEYS))
        if values not in self._judged:
            kind = way_kind({key: value for key, value in zip(KEYS, values, strict=True) if value}, speeds)
            self._judged[values] = None if kind is None else self.kinds.setdefault(kind, len(self.kinds))
        if (place := self._judged[values]) is not None:
            self.starts.append(len(self.corners))
            self.kind.append(place)
            self.corners += [(node.ref, node.x, node.y) for node in way.nodes]


def _wanted(path: Path, speeds: Speeds) -> osmium.FileProcessor:
    """Nodes and ways with a tag that matters, sorted out before Python sees them."""
    tags = [("highway", road) for road in speeds.roads] + [("route", "ferry"), *speeds.seconds_at]
    things = osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.NODE | osmium.osm.WAY)
    return things.with_locations().with_filter(osmium.filter.TagFilter(*tags))


def node_seconds(tags: Tags, speeds: Speeds) -> float:
    """What a car loses at a point: of all its tags the most; SHUT where it does not get past, access tags deciding."""
    access = _first(tags, MAY_DRIVE)
    if access in speeds.access.shut and "barrier" in tags:
        return SHUT
    lost = [speeds.seconds_at.get(tag, 0.0) for tag in tags.items()]
    return max((seconds for seconds in lost if not (access and seconds == SHUT)), default=0.0)


def way_kind(tags: Tags, speeds: Speeds) -> Kind | None:
    """What sort of road the tags describe; None where a car does not go."""
    if _first(tags, MAY_DRIVE) in speeds.access.shut or tags.get("area") == "yes":
        return None
    if tags.get("route") == "ferry":
        return _ferry(tags)
    road = speeds.road_called(tags.get("highway", ""))
    if not road:
        return None
    one_way = _first(tags, ONE_WAYS) or "no"
    round_about = tags.get("junction") in ("roundabout", "circular")
    if one_way == "reversible":
        return None
    implied = "oneway" not in tags and (round_about or road == "motorway")
    limits = [speeds.limit_kph(tags.get(key)) for key in LIMITS]
    limit = next(filter(None, limits), None)
    there, back = (speeds.limit_kph(tags.get(f"maxspeed:{way}")) for way in ("forward", "backward"))
    forward, backward = one_way not in BACK, not (implied or one_way in YES)
    return Kind(
        road=road,
        forward=forward,
        backward=backward,
        limit_kph=there or limit,
        limit_back_kph=back or limit,
        cap_kph=_cap_kph(tags, speeds),
        share=speeds.slow.narrow if forward and backward and _is_narrow(tags) else 1.0,
        urban=True if tags.get("lit") == "yes" else None,  # a street lit is a built-up area in law
        roundabout=round_about,
    )


def _ferry(tags: Tags) -> Kind | None:
    """A ferry that takes cars: one that says so, or at least does not speak of walkers alone."""
    if not _first(tags, MAY_DRIVE) and "foot" in tags:
        return None
    return Kind(road="ferry", crossing_minutes=crossing_minutes(tags.get("duration", "")))


def crossing_minutes(text: str) -> float | None:
    """A duration as OpenStreetMap writes it: minutes, H:MM, H:MM:SS, or PT1H30M; None if it is none of these."""
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 60 + minutes + seconds / 60 or None
    if found := re.fullmatch(r"PT(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?", text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 60 + minutes + seconds / 60 or None
    return number(text) or None


def _cap_kph(tags: Tags, speeds: Speeds) -> float | None:
    slow = speeds.slow
    caps = [slow.service_kph.get(tags.get("service", "")), slow.surface_kph.get(tags.get("surface", ""))]
    if tags.get("ford") == "yes":
        caps.append(slow.ford_kph)
    return min(filter(None, caps), default=None)


def _is_narrow(tags: Tags) -> bool:
    metres = number(tags.get("width", "").removesuffix("m").strip())
    return tags.get("lanes") == "1" or (metres is not None and metres < NARROW_METRES)


def _first(tags: Tags, keys: tuple[str, ...]) -> str | None:
    return next(filter(None, map(tags.get, keys)), None)
