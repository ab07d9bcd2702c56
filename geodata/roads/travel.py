"""Minutes and metres by road between schools, and the ways themselves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from shapely import MultiLineString

from geodata import cache
from geodata.grid import BRITISH, Grid
from geodata.reach import UNREACHABLE, Indices, Ints, Reach, within_horizons
from geodata.roads.earth import Floats
from geodata.roads.ends import CENTIMETRES, arrivals, departures, pairs_beside
from geodata.roads.kerb import find_kerbs, on_edge
from geodata.roads.main_roads import Box, main_roads
from geodata.roads.network import Network
from geodata.roads.rows import Row, load_rows, store_rows
from geodata.roads.stored import FORMAT
from geodata.urns import ascending

SNAP_METRES_MAX = 500.0
MS_PER_CENTIMINUTE = 600
LOOKS_MS = (60 * 60_000, 240 * 60_000, None)
"""Limits of the searches for an unknown pair, one after the other: an hour, four hours, no limit."""
CHUNK_BYTES = 24 * 2**20


@dataclass(frozen=True, slots=True, eq=False)
class _Arcs:
    """Directed edges in order of origin: `half` is 2e along edge e, 2e + 1 against it."""

    starts: Indices
    to: Ints
    weight: Floats
    half: Indices


@dataclass(frozen=True, slots=True, eq=False)
class _Ends:
    """The ends of each place's edge, and the weights from there to the place (inf: not allowed)."""

    tail: Ints
    head: Ints
    from_tail: Floats
    from_head: Floats


class RoadTravel:
    """Travel (geodata.minutes) on a Network: walk to the road, drive, walk from it.

    The way is the fastest, and of equals the shortest; metres are its length. Places on one point are 0 apart. Searches
    go only as far as asked, and are kept; with `use_cache`, searches from all schools are kept for the next run too, in
    the user's cache directory, by the road file's content, the speeds, the schools' places and the limit.
    """

    has_km = True

    def __init__(
        self,
        network: Network,
        urns: Iterable[object],
        eastings_metres: ArrayLike,
        northings_metres: ArrayLike,
        *,
        names: Sequence[str] | None = None,
        snap_metres_max: float = SNAP_METRES_MAX,
        use_cache: bool = False,
        grid: Grid = BRITISH,
    ) -> None:
        """Find each school's kerb. Raises BadData with every school over `snap_metres_max` from a road for cars."""
        self.network, self.urns = network, ascending(urns)
        self._points = np.column_stack([np.asarray(eastings_metres), np.asarray(northings_metres)]).astype(float)
        self._degrees = grid.degrees(self._points[:, 0], self._points[:, 1])
        self.kerbs = find_kerbs(
            network,
            self._degrees[:, 0],
            self._degrees[:, 1],
            metres_max=snap_metres_max,
            urns=self.urns,
            names=names,
            file=network.source.name,
        )
        self.words = f"driving on {network.words}, walking to the car at {network.walk_kph:g} km/h"
        self.attribution, self.sources = network.attribution, (network.source,)
        self.notices, self.reading = network.notices, network.reading
        made_of = network.source.sha256, network.speeds_sha256, grid.code, self._points.tolist(), float(snap_metres_max)
        self._made_of = (FORMAT, *made_of) if use_cache else None
        self._rows: dict[int, Row] = {}
        self._last_tree: tuple[tuple[int, int | None], tuple[Floats, Ints]] | None = None

    def between(self, origins: ArrayLike, destinations: ArrayLike) -> tuple[Ints, Ints]:
        """Return centiminutes and metres as `Travel.between` does; searches go no further than needed."""
        ends = np.broadcast_arrays(np.asarray(origins, dtype=np.int64), np.asarray(destinations, dtype=np.int64))
        origin, destination = ends[0].ravel(), ends[1].ravel()
        weight = np.where(origin == destination, 0, UNREACHABLE)
        missing = np.flatnonzero(weight < 0)
        weight[missing] = self._known(origin[missing], destination[missing])
        for limit_ms in LOOKS_MS:
            missing = np.flatnonzero(weight < 0)
            self._search(np.unique(origin[missing]), limit_ms)
            weight[missing] = self._known(origin[missing], destination[missing])
        centiminutes, metres = _told(weight)
        return centiminutes.reshape(ends[0].shape), metres.reshape(ends[0].shape)

    def within(self, horizon_centiminutes: int | None = None, horizon_metres: int | None = None) -> Reach:
        """Return pairs as `Travel.within` does; time and memory grow with the places within the horizon."""
        limit_ms = None if horizon_centiminutes is None else max(horizon_centiminutes, 0) * MS_PER_CENTIMINUTE
        everywhere = np.arange(len(self.urns))
        self._search(everywhere, limit_ms)
        rows = [self._rows[origin] for origin in everywhere.tolist()]
        origin = np.repeat(everywhere, [len(row.destination) for row in rows])
        destination = np.concatenate([row.destination for row in rows]) if rows else everywhere
        weight = np.concatenate([row.weight for row in rows]) if rows else everywhere
        return within_horizons(origin, destination, *_told(weight), horizon_centiminutes, horizon_metres)

    def path(self, origin: int, destination: int) -> Floats:
        """Return longitudes and latitudes of the way from school to school, one row a point; no rows for no way."""
        centiminutes, _ = self.between(origin, destination)
        if centiminutes < 0:
            return np.empty((0, 2))
        here, there = self._degrees[[origin]], self._degrees[[destination]]
        if origin == destination:
            return np.concatenate([here, there])
        weight = self._known(np.array([origin]), np.array([destination]))[0]
        if self._beside.get((origin, destination), -1) == weight:
            start, end = self.kerbs[origin], self.kerbs[destination]
            middle = on_edge(self.network, start, end) if weight else np.empty((0, 2))
            return np.concatenate([here, middle, there])
        cost, before = self._tree(origin)
        _, last = min(
            (cost[last.junction] + last.weight, last) for last in arrivals(self.network, self.kerbs[destination])
        )
        pieces, node = [last.shape(self.network)[::-1]], last.junction
        while (previous := int(before[node])) != self.network.junctions:
            pieces.append(self._driven(previous, node))
            node = previous
        first = min(first for first in departures(self.network, self.kerbs[origin]) if first.junction == node)
        pieces.append(first.shape(self.network))
        return np.concatenate([here, *pieces[::-1], there])

    def main_roads(self, box: Box) -> MultiLineString:
        """Return lines for orientation on a map, in a box of west, south, east and north."""
        return main_roads(self.network, box)

    def _search(self, origins: Indices, limit_ms: int | None) -> None:
        """Search from each origin without a row to this limit."""
        needed = [at for at in origins.tolist() if at not in self._rows or not self._rows[at].covers(limit_ms)]
        if not needed:
            return
        name = self._kept_as(limit_ms) if len(needed) == len(self.urns) else None
        if name and (rows := load_rows(name, limit_ms, len(needed))) is not None:
            self._rows = dict(enumerate(rows))
            return
        self._look(needed, limit_ms)
        if name:
            store_rows(name, [self._rows[origin] for origin in needed])

    def _kept_as(self, limit_ms: int | None) -> str | None:
        """Return the name under which the rows of all places, to this limit, are kept; None without a cache."""
        return cache.key("minutes", *self._made_of, limit_ms) if self._made_of else None

    def _look(self, needed: Sequence[int], limit_ms: int | None) -> None:
        """Search from these origins, some at a time, because each takes memory of a number a junction."""
        chunk = max(1, CHUNK_BYTES // (8 * (self.network.junctions + len(needed) + 1)))
        for first in range(0, len(needed), chunk):
            some = needed[first : first + chunk]
            reached = self._reached(some, limit_ms)
            for origin, weights in zip(some, reached, strict=True):
                found = np.flatnonzero(weights >= 0)
                self._rows[origin] = Row(limit_ms, found, weights[found])

    def _reached(self, origins: Sequence[int], limit_ms: int | None) -> Indices:
        """Return weights from each origin to every place, UNREACHABLE beyond the limit."""
        junctions = self.network.junctions
        limit = np.inf if limit_ms is None else float((limit_ms + 1) * CENTIMETRES)
        sources = np.arange(junctions, junctions + len(origins))
        cost = dijkstra(self._graph(origins), indices=sources, limit=limit)
        ends = self._ends
        best = np.minimum(cost[:, ends.tail] + ends.from_tail, cost[:, ends.head] + ends.from_head)
        for row, origin in enumerate(origins):
            for destination, weight in self._beside_of.get(origin, ()):
                best[row, destination] = min(best[row, destination], weight)
        best[best >= limit] = np.inf
        return np.where(np.isinf(best), UNREACHABLE, np.where(np.isinf(best), 0, best)).astype(np.int64)

    def _known(self, origins: Indices, destinations: Indices) -> Indices:
        """Return the weights in the rows; UNREACHABLE may also mean beyond a row's limit, or no row yet."""
        weights = np.full(len(origins), UNREACHABLE, dtype=np.int64)
        for origin in np.unique(origins).tolist():
            row, asked = self._rows.get(origin), np.flatnonzero(origins == origin)
            if row is not None and len(row.destination):
                place = np.minimum(np.searchsorted(row.destination, destinations[asked]), len(row.destination) - 1)
                found = row.destination[place] == destinations[asked]
                weights[asked] = np.where(found, row.weight[place], UNREACHABLE)
        return weights

    def _graph(self, origins: Sequence[int]) -> csr_array[np.float64, tuple[int, int]]:
        """Return the graph of junctions, and after them a node for each origin that leads to its edge's ends."""
        arcs, junctions = self._arcs, self.network.junctions
        leave = [departures(self.network, self.kerbs[origin]) for origin in origins]
        ends = [end for some in leave for end in some]
        weight = np.concatenate([arcs.weight, np.array([end.weight for end in ends], dtype=np.float64)])
        to = np.concatenate([arcs.to, np.array([end.junction for end in ends], dtype=np.int32)])
        starts = np.concatenate([arcs.starts, arcs.starts[-1] + np.cumsum([len(some) for some in leave])])
        nodes = junctions + len(origins)
        return csr_array((weight, to, starts.astype(np.int32)), shape=(nodes, nodes))

    @cached_property
    def _arcs(self) -> _Arcs:
        return _arcs(self.network)

    @cached_property
    def _ends(self) -> _Ends:
        """Return the junctions from which each place is reached, and the weights of the last drives."""
        tail, head = self.network.tail, self.network.head
        edge = np.array([kerb.edge for kerb in self.kerbs], dtype=np.int64)
        columns = np.full((2, len(self.kerbs)), np.inf)
        for place, kerb in enumerate(self.kerbs):
            for end in arrivals(self.network, kerb):
                columns[int(end.is_head), place] = end.weight
        return _Ends(tail[edge], head[edge], columns[0], columns[1])

    @cached_property
    def _beside(self) -> dict[tuple[int, int], int]:
        """Return the weights of ordered pairs that need no junction: places on one point, or on one edge."""
        return pairs_beside(self.network, self.kerbs, self._points)

    @cached_property
    def _beside_of(self) -> dict[int, list[tuple[int, int]]]:
        """Return the destinations and weights of `_beside`, by origin."""
        by_origin: dict[int, list[tuple[int, int]]] = {}
        for (origin, destination), weight in self._beside.items():
            by_origin.setdefault(origin, []).append((destination, weight))
        return by_origin

    def _tree(self, origin: int) -> tuple[Floats, Ints]:
        """Return costs from an origin and the junction before each, as far as its row goes. The last tree is kept."""
        limit_ms = self._rows[origin].limit_ms
        if self._last_tree is None or self._last_tree[0] != (origin, limit_ms):
            limit = np.inf if limit_ms is None else float((limit_ms + 1) * CENTIMETRES)
            cost, before = dijkstra(
                self._graph([origin]), indices=[self.network.junctions], limit=limit, return_predecessors=True
            )
            self._last_tree = (origin, limit_ms), (cost[0], before[0])
        return self._last_tree[1]

    def _driven(self, origin: int, destination: int) -> Floats:
        """Return the shape of the quickest edge from one junction to the next."""
        arcs = self._arcs
        row = slice(arcs.starts[origin], arcs.starts[origin + 1])
        place = row.start + int(np.searchsorted(arcs.to[row], destination))
        edge, against = divmod(int(arcs.half[place]), 2)
        corners = slice(self.network.starts[edge], self.network.starts[edge + 1])
        shape = np.column_stack([self.network.longitude[corners], self.network.latitude[corners]])
        return shape[::-1] if against else shape


def _arcs(network: Network) -> _Arcs:
    """Return directed edges in the form of a sparse matrix; of several between two junctions only the best."""
    forward, backward = (np.flatnonzero(ms >= 0) for ms in (network.forward_ms, network.backward_ms))
    half = np.concatenate([2 * forward, 2 * backward + 1])
    origin = np.concatenate([network.tail[forward], network.head[backward]])
    to = np.concatenate([network.head[forward], network.tail[backward]])
    ms = np.concatenate([network.forward_ms[forward], network.backward_ms[backward]]).astype(np.int64)
    weight = ms * CENTIMETRES + network.centimetres[half >> 1]
    order = np.lexsort((half, weight, to, origin))
    first = (np.diff(origin[order], prepend=-1) != 0) | (np.diff(to[order], prepend=-1) != 0)
    order = order[first & (origin[order] != to[order])]
    starts = np.searchsorted(origin[order], np.arange(network.junctions + 1))
    return _Arcs(starts, to[order].astype(np.int32), weight[order].astype(np.float64), half[order])


def _told(weight: Indices) -> tuple[Ints, Ints]:
    """Return the centiminutes and metres of weights, rounded up; UNREACHABLE stays."""
    ms, centimetres = weight // CENTIMETRES, weight % CENTIMETRES
    told = (
        np.where(weight < 0, UNREACHABLE, -(-part // per))
        for part, per in ((ms, MS_PER_CENTIMINUTE), (centimetres, 100))
    )
    centiminutes, metres = (column.astype(np.int32) for column in told)
    return centiminutes, metres
