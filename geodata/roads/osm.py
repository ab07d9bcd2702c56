"""Roads from an OpenStreetMap extract (.osm.pbf), joined by node id; and what OpenStreetMap's tags mean for a car."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path

import numpy as np
import osmium
import osmium.geom
import shapely

from geodata.cells import number, refused
from geodata.roads.speeds import Speeds
from geodata.roads.ways import SHUT, Kind, Ways
from geodata.tables import source_of

ATTRIBUTION = "Roads © OpenStreetMap contributors, ODbL 1.0"
MAY_DRIVE = ("motorcar", "motor_vehicle", "vehicle", "access")
COMMON_KEYS = ("highway", "service", "access", "oneway", "maxspeed", "surface", "lit")
IDLE_KEYS = ("name", "source", "source:name", "ref")
"""With COMMON_KEYS all that most roads are tagged with; then the rest need not be asked for."""
RARE_KEYS = (
    *("route", "junction", "area", "ford", "lanes", "width", "duration", "foot"),
    *("maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed"),
    *("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", *MAY_DRIVE[:-1]),
)
KEYS = (*COMMON_KEYS, *RARE_KEYS)
LIMITS = ("maxspeed", "maxspeed:type", "source:maxspeed")
ONE_WAYS = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
YES, BACK = ("yes", "1", "true"), ("-1", "reverse")
NARROW_METRES = 4.0
WKB_HEAD_LETTERS = 18  # byte order, type, number of points

Tags = Mapping[str, str]


def read_extract(path: Path, speeds: Speeds) -> Ways:
    """Every line that a car may drive, and every point that holds it up. Raises BadData for a damaged file."""
    found = _Found(speeds)
    try:
        for thing in _wanted(path, speeds):
            if isinstance(thing, osmium.osm.Way):
                found.add_way(thing)
            elif lost := node_seconds(dict(thing.tags), speeds):
                found.seconds[thing.id] = lost
    except (RuntimeError, ValueError) as error:  # as libosmium tells of damage
        fix = f"no OpenStreetMap extract that can be read, or cut short ({error}); fetch it again"
        raise refused(path, fix) from None
    if not found.shapes:
        raise refused(path, "holds no road a car may drive; fetch an extract with its highways")
    corners = np.frombuffer(bytes.fromhex("".join(found.shapes)), dtype=np.float64).reshape(-1, 2)
    return Ways(
        longitude=corners[:, 0],
        latitude=corners[:, 1],
        node=np.array(found.refs, dtype=np.int64),
        starts=np.array([*found.starts, len(corners)], dtype=np.int64),
        kind=np.array(found.kind, dtype=np.int32),
        kinds=tuple(found.kinds),
        metres=None,
        seconds=found.seconds,
        source=source_of(path),
        words=f"OpenStreetMap's roads in {path.name}",
        attribution=(ATTRIBUTION,),
    )


class _Found:
    """What has been read so far. Ways of one set of tags share a kind, so that tags are judged but once.

    Shapes come from osmium as hexadecimal WKB, as asking for coordinates one by one takes far longer; without the
    head of each, they are the coordinates one after the other.
    """

    def __init__(self, speeds: Speeds) -> None:
        self.shapes: list[str] = []
        self.starts: list[int] = []
        self.refs: list[int] = []
        self.kind: list[int] = []
        self.kinds: dict[Kind, int] = {}
        self.seconds: dict[int, float] = {}
        self._speeds = speeds
        self._judged: dict[tuple[str | None, ...], int | None] = {}
        self._shape = osmium.geom.WKBFactory().create_linestring

    def add_way(self, way: osmium.osm.Way) -> None:
        tags = way.tags
        values: tuple[str | None, ...] = (tags.get("highway"),)
        if (unseen := len(tags) - 1) > 0:
            values = tuple(map(tags.get, COMMON_KEYS))
            unseen = len(tags) - len(values) + values.count(None)
            if unseen and unseen > sum(key in tags for key in IDLE_KEYS):
                values += tuple(map(tags.get, RARE_KEYS))
        if values not in self._judged:
            self._judged[values] = self._judge(values)
        if (kind := self._judged[values]) is not None:
            self._add(way, kind)

    def _judge(self, values: tuple[str | None, ...]) -> int | None:
        kind = way_kind({key: value for key, value in zip(KEYS, values, strict=False) if value}, self._speeds)
        return None if kind is None else self.kinds.setdefault(kind, len(self.kinds))

    def _add(self, way: osmium.osm.Way, kind: int) -> None:
        try:
            shape = self._shape(way, osmium.geom.use_nodes.ALL)
        except (osmium.InvalidLocationError, RuntimeError):  # cut at the extract's edge, or of one node
            for is_there, run in groupby(way.nodes, key=lambda node: node.location.valid()):
                nodes = list(run)
                if is_there and len(nodes) > 1:
                    line = shapely.LineString([(node.lon, node.lat) for node in nodes])
                    self._add_line(shapely.to_wkb(line, hex=True), [node.ref for node in nodes], kind)
        else:
            self._add_line(shape, [node.ref for node in way.nodes], kind)

    def _add_line(self, shape: str, refs: list[int], kind: int) -> None:
        self.starts.append(len(self.refs))
        self.shapes.append(shape[WKB_HEAD_LETTERS:])
        self.refs += refs
        self.kind.append(kind)


def _wanted(path: Path, speeds: Speeds) -> osmium.FileProcessor:
    """Nodes and ways with a tag that matters, sorted out before Python sees them."""
    roads = osmium.filter.TagFilter(("route", "ferry"), *(("highway", road) for road in speeds.roads))
    points = osmium.filter.TagFilter(*speeds.seconds_at)
    things = osmium.FileProcessor(osmium.io.File(str(path), "pbf"), osmium.osm.NODE | osmium.osm.WAY)
    locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    locations.ignore_errors()
    roads.enable_for(osmium.osm.WAY)
    points.enable_for(osmium.osm.NODE)
    return things.with_filter(roads).with_filter(locations).with_filter(points)  # only roads are located


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
