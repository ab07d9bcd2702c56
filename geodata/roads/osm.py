"""Roads from an OpenStreetMap file, joined by node id; the meaning of OpenStreetMap's tags for cars."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import osmium

from geodata.cells import number, refused
from geodata.faults import Fault
from geodata.opening import source_of
from geodata.reach import Indices
from geodata.roads.earth import Floats
from geodata.roads.extract import PBF, picked_out
from geodata.roads.speeds import Speeds
from geodata.roads.ways import SHUT, Kind, Ways

ATTRIBUTION = "Roads © OpenStreetMap contributors, ODbL 1.0"
MAY_DRIVE = ("motorcar", "motor_vehicle", "vehicle", "access")
KEYS = (
    *("highway", "route", "junction", "area", "service", "surface", "ford", "lanes", "width", "lit"),
    *("duration", "foot"),
    *("maxspeed", "maxspeed:forward", "maxspeed:backward", "maxspeed:type", "source:maxspeed"),
    *("oneway", "oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", *MAY_DRIVE),
)
"""All keys read from a way's tags."""
LIMITS = ("maxspeed", "maxspeed:type", "source:maxspeed")
ONE_WAYS = ("oneway:motorcar", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
YES, BACK = ("yes", "1", "true"), ("-1", "reverse")
NARROW_METRES = 4.0
ASKED = re.compile(rf"(?:^T|,)({'|'.join(map(re.escape, KEYS))})=([^,]*)")
ESCAPED = re.compile(r"%([0-9a-f]+)%")
NUMBERS_APART = bytes.maketrans(b"nxy,", b"    ")
NOWHERE = "x999y999"
LOST_SHARE_MAX = 0.05  # of an extract's ways: those cut at its edge are fewer

Tags = Mapping[str, str]


def read_extract(path: Path, speeds: Speeds, form: str = PBF) -> Ways:
    """Read every line that a car may drive, and every point that delays a car, from a file in this format (extract).

    Raises BadData for a damaged file, a history file, or one without roads.
    """
    try:
        roads = (("route", "ferry"), *(("highway", road) for road in speeds.roads))
        lines = picked_out(path, form, roads, list(speeds.seconds_at))
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:  # libosmium's errors for damage
        fix = f"no OpenStreetMap extract that can be read, or cut short ({error}); fetch it again"
        raise refused(path, fix) from None
    kinds: dict[Kind, int] = {}
    judged: dict[tuple[tuple[str, str], ...], int | None] = {}
    kind, shapes, seconds = [], [], {}
    for line in lines:
        name, tags, where, *_ = line.split(" ")
        if name.startswith("n"):
            if lost := node_seconds(_every_tag(tags), speeds):
                seconds[int(name[1:])] = lost
            continue
        asked = tuple(ASKED.findall(tags))
        if asked not in judged:  # most ways have the same few sets of tags
            found = way_kind({key: _plain(value) for key, value in asked}, speeds)
            judged[asked] = None if found is None else kinds.setdefault(found, len(kinds))
        if (number_of_kind := judged[asked]) is not None and len(where) > 1:
            kind.append(number_of_kind)
            shapes.append(where[1:])
    node, longitude, latitude, starts, line_of = _shapes(shapes)
    if not len(node):
        fix = "holds roads, but not the nodes that say where; make the extract with them (osmium extract, or getid -r)"
        raise refused(path, fix if shapes else "holds no road a car may drive; fetch an extract with its highways")
    placeless = sum("xy" in shape for shape in shapes)
    return Ways(
        longitude=longitude,
        latitude=latitude,
        node=node,
        starts=starts,
        kind=np.array(kind, dtype=np.int32)[line_of],
        kinds=tuple(kinds),
        metres=None,
        seconds=seconds,
        source=source_of(path),
        words=f"OpenStreetMap's roads in {path.name}",
        attribution=(ATTRIBUTION,),
        reading=_account(path.name, len(shapes), placeless, len(shapes) - len(np.unique(line_of))),
        notices=_losses(path.name, len(shapes), placeless),
    )


def _account(file: str, ways: int, cut: int, lost: int) -> tuple[str, ...]:
    """Return how many ways were read, and how many lack nodes, in lines."""
    read = f"{file}: {ways:,} ways that a car may drive"
    return (f"{read}, {cut:,} of them without some of their nodes ({lost:,} left out)" if cut else read,)


def _losses(file: str, ways: int, cut: int) -> tuple[Fault, ...]:
    """Return a notice where more ways lack nodes than an edge of an extract explains."""
    if cut <= LOST_SHARE_MAX * ways:
        return ()
    fix = (
        f"of {ways:,} roads, {cut:,} lack nodes that say where they go: their drives are missing; fetch it again whole"
    )
    return (Fault(file=file, column="nodes", value=cut, fix=fix),)


def _shapes(shapes: list[str]) -> tuple[Indices, Floats, Floats, Indices, Indices]:
    """Return nodes, longitudes, latitudes, the first place of each line, and its number, from lines in OPL.

    A line in OPL is such as n1x-0.5y52.5,n2xy. A node of unknown place, as beyond the extract's edge, cuts a line in
    two; a remainder of one node is no line.
    """
    text = ",".join(shapes).replace("xy", NOWHERE).encode("ascii")
    columns = np.fromstring(text.translate(NUMBERS_APART).decode("ascii"), sep=" ").reshape(-1, 3)
    line = np.repeat(np.arange(len(shapes)), [shape.count("n") for shape in shapes])
    is_there = columns[:, 1] < 999
    piece = np.cumsum(np.diff(line, prepend=-1) != 0) + np.cumsum(~is_there)
    nodes_of = np.bincount(piece[is_there], minlength=len(piece) and piece[-1] + 1)
    kept = is_there & (nodes_of[piece] > 1)
    columns, piece, line = columns[kept], piece[kept], line[kept]
    first = np.flatnonzero(np.diff(piece, prepend=-1))
    starts = np.append(first, len(piece))
    return columns[:, 0].astype(np.int64), columns[:, 1].copy(), columns[:, 2].copy(), starts, line[first]


def _every_tag(tags: str) -> Tags:
    pairs = (tag.partition("=") for tag in tags[1:].split(","))
    return {_plain(key): _plain(value) for key, _, value in pairs}


def _plain(text: str) -> str:
    """Return a text with OPL's escapes (%20%) replaced by the characters they stand for."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "%" in text else text


def node_seconds(tags: Tags, speeds: Speeds) -> float:
    """Return the seconds that a car loses at a point, the most of all its tags; SHUT where no car may pass.

    Tags of access have precedence over other tags.
    """
    access = _first(tags, MAY_DRIVE)
    if access in speeds.access.shut and "barrier" in tags:
        return SHUT
    lost = [speeds.seconds_at.get(tag, 0.0) for tag in tags.items()]
    return max((seconds for seconds in lost if not (access and seconds == SHUT)), default=0.0)


def way_kind(tags: Tags, speeds: Speeds) -> Kind | None:
    """Return the kind of road that the tags describe; None where no car goes."""
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
        urban=True if tags.get("lit") == "yes" else None,  # lit roads are restricted: Road Traffic Regulation Act 1984
        roundabout=round_about,
    )


def _ferry(tags: Tags) -> Kind | None:
    """Return a ferry that takes cars; None where the tags mention walkers and no vehicles."""
    if not _first(tags, MAY_DRIVE) and "foot" in tags:
        return None
    return Kind(road="ferry", crossing_minutes=crossing_minutes(tags.get("duration", "")))


def crossing_minutes(text: str) -> float | None:
    """Return the minutes in a duration of OpenStreetMap: minutes, H:MM, H:MM:SS, or PT1H30M; None for other text."""
    if found := re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 60 + minutes + seconds / 60 or None
    if found := re.fullmatch(r"PT(?:(\d{1,2})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?", text):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return hours * 60 + minutes + seconds / 60 or None
    return number(text) or None


def _cap_kph(tags: Tags, speeds: Speeds) -> float | None:
    """Return the highest speed by the tags of surface, service and ford, in km/h; None without a bound."""
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
