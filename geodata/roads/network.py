"""A road network ready for driving: junctions, the edges between them each way, and the shape of every edge.

Times are whole microseconds along a segment and whole milliseconds along an edge, lengths whole millimetres and
centimetres, so that sums are the same on any machine; the times and lengths of an edge are rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geodata.faults import BadData, Fault
from geodata.opening import Source
from geodata.reach import Indices, Ints
from geodata.roads.chains import cut_into_chains
from geodata.roads.earth import Floats, step_metres
from geodata.roads.speeds import Speeds
from geodata.roads.urban import is_urban
from geodata.roads.ways import SHUT, Ways

SHUT_WAY = -1
MICROSECONDS = 1_000_000
MICROSECONDS_BY_MM_AND_METRES_PER_HOUR = 3_600_000
ROUNDABOUT_RANK = 100
NO_HALT = ("ferry", "motorway", "motorway_link")
"""Roads on which nobody parks: no school is reached from them."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Network:
    """Edges between junctions. The corners `starts[e]:starts[e + 1]` shape edge e; a segment goes by its first corner.

    Within a part every place reaches every other; part 0 is the longest. SHUT_WAY stands for a way not allowed.
    """

    longitude: Floats  # by corner
    latitude: Floats
    segment_mm: Indices  # by corner, 0 at an edge's last
    forward_us: Indices  # driving the segment
    backward_us: Indices
    forward_wait_us: Indices  # lost at the segment's far end, going forward
    backward_wait_us: Indices  # lost at the segment's near end, going back
    road: NDArray[np.int8]  # by segment: its class, an index into `roads`
    starts: Indices
    tail: Ints  # by edge: a junction
    head: Ints
    forward_ms: Ints
    backward_ms: Ints
    centimetres: Ints
    part: Ints
    is_halt: Flags  # a car can stop there
    node: Indices  # by junction: the file's own number
    walk_kph: float
    roads: tuple[str, ...]
    speeds_sha256: str  # of the table of speeds behind the times
    words: str
    attribution: tuple[str, ...]
    source: Source
    notices: tuple[Fault, ...]
    reading: tuple[str, ...]  # what was read, and what was left out

    @property
    def junctions(self) -> int:
        """Return the number of junctions."""
        return len(self.node)

    @property
    def edges(self) -> int:
        """Return the number of edges, counted once for both directions."""
        return len(self.tail)


@dataclass(frozen=True, slots=True, eq=False)
class _Segments:
    """Columns of equal length: a vertex `at` of a line, joined to the next. Speeds are metres an hour, 0 where shut."""

    at: Indices
    line: Indices
    kind: Ints
    tail: Indices
    head: Indices
    mm: Indices
    forward_speed: Indices
    backward_speed: Indices

    def keep(self, flags: Flags) -> _Segments:
        """Return the segments with these flags."""
        return _Segments(*(getattr(self, name)[flags] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class _Times:
    """Microseconds of each segment in each direction: driving, and lost at its end."""

    forward: Indices
    backward: Indices
    forward_wait: Indices
    backward_wait: Indices


def build_network(ways: Ways, speeds: Speeds) -> Network:
    """Return the graph of all roads that can be driven there and back. Raises BadData where there is none."""
    segments, node = _segments(ways)
    segments = _at_speed(segments, ways, speeds)
    label = _strong_parts(segments, len(node))
    segments = segments.keep(label[segments.tail] == label[segments.head])
    if not len(segments.at):
        fix = "holds no road that can be driven there and back; is it the right layer or extract?"
        raise BadData([Fault(file=ways.source.name, fix=fix)])
    times = _times(segments, node, ways, speeds)
    part = _longest_first(label[segments.tail], segments.mm)
    return _network(ways, speeds, segments, times, part, node)


def _segments(ways: Ways) -> tuple[_Segments, Indices]:
    """Return segments between nodes numbered from 0, and the file's own number of each node."""
    lengths = np.diff(ways.starts)
    line = np.repeat(np.arange(len(lengths)), lengths)
    metres = step_metres(ways.longitude, ways.latitude)
    at = np.flatnonzero((line[1:] == line[:-1]) & np.isfinite(metres))
    line, metres = line[at], metres[at]
    if ways.metres is not None:  # the file's own length, shared out along the line
        drawn = np.bincount(line, metres, minlength=len(lengths))
        known = (drawn > 0) & (ways.metres > 0)
        metres *= np.divide(ways.metres, drawn, out=np.ones_like(drawn), where=known)[line]
    node, ends = np.unique(np.concatenate([ways.node[at], ways.node[at + 1]]), return_inverse=True)
    shut = [number for number, lost in ways.seconds.items() if lost == SHUT]
    barred = np.isin(node, shut)[ends]  # each end at a bar becomes a place of its own
    ends[barred] = len(node) + np.arange(barred.sum())
    node = np.append(node, np.full(barred.sum(), -1))
    tail, head = ends.reshape(2, -1)
    mm = np.rint(metres * 1000).astype(np.int64)
    segments = _Segments(at, line, ways.kind[line], tail, head, mm, mm, mm)
    return segments.keep(tail != head), node


def _at_speed(segments: _Segments, ways: Ways, speeds: Speeds) -> _Segments:
    """Return the segments with speeds, without segments that cannot be driven in either direction."""
    table = np.array([[speeds.driven_kph(kind, urban) for urban in (False, True)] for kind in ways.kinds])
    tagged = np.array([-1 if kind.urban is None else int(kind.urban) for kind in ways.kinds])[segments.kind]
    urban = np.where(tagged < 0, _is_urban(segments, ways, speeds), tagged)
    per_hour = np.rint(table[segments.kind, urban] * 1000)
    for place, kind in enumerate(ways.kinds):
        if kind.road == "ferry":
            of_kind = np.flatnonzero(segments.kind == place)
            metres = np.bincount(segments.line[of_kind], segments.mm[of_kind] / 1000)
            minutes = kind.crossing_minutes or metres / (speeds.ferry.kph * 1000 / 60)
            hourly = metres / (minutes + speeds.ferry.wait_minutes) * 60
            per_hour[of_kind] = np.maximum(np.rint(hourly), 1)[segments.line[of_kind], None] * (per_hour[of_kind] > 0)
    forward, backward = per_hour.astype(np.int64).T
    return replace(segments, forward_speed=forward, backward_speed=backward).keep(forward + backward > 0)


def _is_urban(segments: _Segments, ways: Ways, speeds: Speeds) -> Flags:
    """Return a flag for each segment, from the junctions of public roads, which files of every format have."""
    public = segments.keep((_ranks(ways, speeds) >= speeds.urban.rank_min)[segments.kind])
    ends = np.concatenate([public.tail, public.head])
    vertices = np.concatenate([public.at, public.at + 1])
    _, first, arms = np.unique(ends, return_index=True, return_counts=True)
    meetings = vertices[first[arms >= 3]]
    return is_urban(ways.longitude, ways.latitude, meetings, segments.at, speeds.urban.junctions_per_km2)


def _ranks(ways: Ways, speeds: Speeds) -> Indices:
    """Return the priority of each kind of road."""
    return np.array(
        [
            ROUNDABOUT_RANK if kind.roundabout else 0 if kind.road == "ferry" else speeds.roads[kind.road].rank
            for kind in ways.kinds
        ]
    )


def _strong_parts(segments: _Segments, nodes: int) -> Ints:
    """Return, by node, the part in which every place reaches every other (strongly connected components)."""
    forward, backward = segments.forward_speed > 0, segments.backward_speed > 0
    origin = np.concatenate([segments.tail[forward], segments.head[backward]])
    destination = np.concatenate([segments.head[forward], segments.tail[backward]])
    graph = coo_array((np.ones(len(origin), dtype=np.int8), (origin, destination)), shape=(nodes, nodes))
    label: Ints = connected_components(graph.tocsr(), connection="strong")[1]
    return label


def _longest_first(label: Ints, mm: Indices) -> Ints:
    """Return the part of each segment, numbered from the longest part."""
    labels, places = np.unique(label, return_inverse=True)
    order = np.argsort(-np.bincount(places, mm), kind="stable")
    rank = np.empty(len(labels), dtype=np.int32)
    rank[order] = np.arange(len(labels))
    return rank[places]


def _times(segments: _Segments, node: Indices, ways: Ways, speeds: Speeds) -> _Times:
    """Return the times of driving, and the time lost where a car gives way.

    A graph of junctions does not know which way a car turns, so the time lost depends on ranks: on reaching a higher
    road or a meeting of equals, and on leaving a higher road for a lower.
    """
    rank = _ranks(ways, speeds)[segments.kind]
    as_stated = np.array([kind.driven_kph is not None for kind in ways.kinds])[segments.kind]
    is_slip = np.array([kind.road.endswith("_link") for kind in ways.kinds])[segments.kind]
    forward, backward = segments.forward_speed > 0, segments.backward_speed > 0
    ends = np.concatenate([segments.tail, segments.head])
    is_junction = np.bincount(ends, minlength=len(node)) > 2
    top = np.zeros(len(node), dtype=np.int64)
    np.maximum.at(top, ends, np.concatenate([rank, rank]))
    brings_in = np.concatenate([backward, forward]) & (np.concatenate([rank, rank]) == top[ends])
    equals = np.bincount(ends[brings_in], minlength=len(node))
    lost = np.zeros(len(node))
    tagged = np.array([number for number, seconds in ways.seconds.items() if seconds < SHUT], dtype=np.int64)
    place = np.flatnonzero(np.isin(node, tagged))
    lost[place] = [ways.seconds[number] for number in node[place].tolist()]
    charges = speeds.junctions

    def arriving(at: Indices) -> Indices:
        yields = np.where(top[at] == ROUNDABOUT_RANK, charges.roundabout, charges.give_way)
        meets = np.where(equals[at] > 2, charges.equals, 0.0)
        seconds = lost[at] + np.where(is_junction[at], np.where(rank < top[at], yields, meets), 0.0)
        whole: Indices = np.rint(np.where(as_stated, 0.0, seconds) * MICROSECONDS).astype(np.int64)
        return whole

    def driving(speed: Indices, leaving: Indices) -> Indices:
        turns = is_junction[leaving] & (rank < top[leaving]) & (top[leaving] < ROUNDABOUT_RANK)
        turned = np.where(turns & ~is_slip & ~as_stated, charges.turn_off, 0.0) * MICROSECONDS
        along = -(-segments.mm * MICROSECONDS_BY_MM_AND_METRES_PER_HOUR // np.maximum(speed, 1))
        whole: Indices = np.where(speed > 0, along + np.rint(turned).astype(np.int64), SHUT_WAY)
        return whole

    return _Times(
        driving(segments.forward_speed, segments.tail),
        driving(segments.backward_speed, segments.head),
        arriving(segments.head),
        arriving(segments.tail),
    )


def _network(ways: Ways, speeds: Speeds, segments: _Segments, times: _Times, part: Ints, node: Indices) -> Network:
    """Return the segments joined into edges, with all indices renumbered."""
    is_halt = np.array([kind.road not in NO_HALT for kind in ways.kinds])[segments.kind]
    ends = np.concatenate([segments.tail, segments.head])
    some, of_all = (np.bincount(ends, np.concatenate([flags, flags]), len(node)) for flags in (is_halt, is_halt | True))
    run = cut_into_chains(segments.tail, segments.head, (some > 0) & (some < of_all))
    segment, against = run.half >> 1, (run.half & 1).astype(bool)
    first, last = run.starts[:-1], run.starts[1:] - 1
    tails = np.where(against, segments.head[segment], segments.tail[segment])
    heads = np.where(against, segments.tail[segment], segments.head[segment])
    junction, ends = np.unique(np.concatenate([tails[first], heads[last]]), return_inverse=True)
    tail, head = ends.astype(np.int32).reshape(2, -1)

    edge = np.repeat(np.arange(len(first)), np.diff(run.starts))
    corner = np.arange(len(segment)) + edge  # every edge has one corner more than segments
    starts = run.starts + np.arange(len(run.starts))
    vertex = np.empty(starts[-1], dtype=np.int64)
    vertex[corner] = segments.at[segment] + against
    vertex[starts[1:] - 1] = segments.at[segment[last]] + ~against[last]

    def by_corner(along: Indices, against_it: Indices) -> Indices:
        spread = np.zeros(len(vertex), dtype=np.int64)
        spread[corner] = np.where(against, against_it[segment], along[segment])
        return spread

    roads = tuple(sorted({kind.road for kind in ways.kinds}))
    road = np.array([roads.index(kind.road) for kind in ways.kinds], dtype=np.int64)[segments.kind]
    mm = by_corner(segments.mm, segments.mm)
    forward, backward = by_corner(times.forward, times.backward), by_corner(times.backward, times.forward)
    waits = (
        by_corner(times.forward_wait, times.backward_wait),
        by_corner(times.backward_wait, times.forward_wait),
    )

    def whole_edge(driving: Indices, waiting: Indices) -> Ints:
        total = np.add.reduceat(driving + waiting, starts[:-1])
        shut = np.minimum.reduceat(driving, starts[:-1]) < 0
        return np.where(shut, SHUT_WAY, -(-total // 1000)).astype(np.int32)

    return Network(
        longitude=ways.longitude[vertex],
        latitude=ways.latitude[vertex],
        segment_mm=mm,
        forward_us=forward,
        backward_us=backward,
        forward_wait_us=waits[0],
        backward_wait_us=waits[1],
        road=by_corner(road, road).astype(np.int8),
        starts=starts,
        tail=tail,
        head=head,
        forward_ms=whole_edge(forward, waits[0]),
        backward_ms=whole_edge(backward, waits[1]),
        centimetres=-(-np.add.reduceat(mm, starts[:-1]) // 10).astype(np.int32),
        part=part[segment[first]],
        is_halt=is_halt[segment[first]],
        node=node[junction],
        walk_kph=speeds.walk.kph,
        roads=roads,
        speeds_sha256=speeds.digest,
        words=ways.words,
        attribution=ways.attribution,
        source=ways.source,
        notices=ways.notices,
        reading=ways.reading,
    )
