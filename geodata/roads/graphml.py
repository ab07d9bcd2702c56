"""Roads from a GraphML file of OSMnx: nodes with x and y, directed edges with tags and perhaps a shape.

The file is read as a stream, and a file that declares a document type or an entity is refused: no road graph has any,
and a declaration of a few lines can expand to gigabytes or read other files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.cells import number, refused
from geodata.coordinates import COORDINATE_MOST, known_system, to_degrees_from
from geodata.grid import DEGREES
from geodata.markup import read_elements
from geodata.opening import refuse_over, source_of
from geodata.roads.osm import ATTRIBUTION, node_seconds, way_kind
from geodata.roads.speeds import Speeds
from geodata.roads.ways import Kind, Ways

GRAPHML_BYTES_MAX = 2**30
OUTSIDE = "has nodes outside its coordinate system; save it again with OSMnx's save_graphml"
QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")

Tags = dict[str, str]
Edge = tuple[str, str, Tags]


def read_graphml(path: Path, speeds: Speeds) -> Ways:
    """Read the edges that a car may drive; an edge and its twin in the other direction are one two-way line.

    Raises BadData where the file is malformed, or holds another kind of graph.
    """
    graph = _parsed(path)
    places, in_degrees = _places(path, graph), _projection(path, graph.about)
    numbers = {name: place for place, name in enumerate(graph.nodes)}
    kinds: dict[Kind, int] = {}
    kept: list[tuple[int, int, int]] = []
    wkts, metres = [], []
    for tail, head, tags, both_ways in _lines(graph):
        kind = way_kind(_plain(tags) | {"oneway": "no" if both_ways else "yes"}, speeds)
        if kind is not None and tail in numbers and head in numbers:
            kept.append((numbers[tail], numbers[head], kinds.setdefault(kind, len(kinds))))
            wkts.append(tags.get("geometry"))
            metres.append(number(tags.get("length", "")) or np.nan)
    if not kept:
        fix = "is no road graph: no edge has a 'highway' that a car may drive; save one with OSMnx's save_graphml"
        raise refused(path, fix)
    tails, heads, kind_of = np.array(kept).T
    corners, starts = _shapes(path, wkts, places[tails], places[heads])
    node = np.arange(len(corners)) + len(numbers)
    node[starts[:-1]], node[starts[1:] - 1] = tails, heads
    longitude, latitude = in_degrees.transform(corners[:, 0], corners[:, 1])
    if not ((np.abs(longitude) <= 180) & (np.abs(latitude) <= 90)).all():
        raise refused(path, OUTSIDE)
    lost = {numbers[name]: node_seconds(tags, speeds) for name, tags in graph.nodes.items()}
    return Ways(
        longitude=longitude,
        latitude=latitude,
        node=node,
        starts=starts,
        kind=kind_of.astype(np.int32),
        kinds=tuple(kinds),
        metres=np.array(metres),
        seconds={place: seconds for place, seconds in lost.items() if seconds},
        source=source_of(path),
        words=f"OpenStreetMap's roads in {path.name}",
        attribution=(ATTRIBUTION,),
    )


class _Graph:
    """The content parsed so far: nodes by name, edges in order, and the graph's own data."""

    def __init__(self, path: Path) -> None:
        self.nodes: dict[str, Tags] = {}
        self.edges: list[Edge] = []
        self.about: Tags = {}
        self.is_directed = True
        self._path = path
        self._names: dict[str, str] = {}  # of keys
        self._holders: list[Tags] = []
        self._key = ""
        self._text: list[str] | None = None

    def start(self, element: str, attributes: dict[str, str]) -> None:
        """Take the start of an element from the parser."""
        match element.rpartition("}")[2]:
            case "key":
                self._names[attributes.get("id", "")] = attributes.get("attr.name", "")
            case "graph":
                self.is_directed = attributes.get("edgedefault") != "undirected"
                self._holders.append(self.about)
            case "node":
                self._holders.append(self.nodes.setdefault(attributes.get("id", ""), {}))
            case "edge":
                self._holders.append({})
                self.edges.append((attributes.get("source", ""), attributes.get("target", ""), self._holders[-1]))
            case "data":
                self._key, self._text = self._names.get(attributes.get("key", ""), ""), []

    def text(self, piece: str) -> None:
        """Take a piece of text from the parser."""
        if self._text is not None:
            self._text.append(piece)

    def end(self, element: str) -> None:
        """Take the end of an element from the parser."""
        name = element.rpartition("}")[2]
        if name in ("graph", "node", "edge"):
            self._holders.pop()
        elif name == "data" and self._holders and self._text is not None:
            self._holders[-1][self._key], self._text = "".join(self._text).strip(), None


def _parsed(path: Path) -> _Graph:
    refuse_over([path], GRAPHML_BYTES_MAX, "cut it to the county and 20 km around it")
    graph = _Graph(path)
    usual = "as no road graph does; save it with OSMnx's save_graphml"
    read_elements(path, graph, kind="GraphML", as_usual=usual, again="save it again")
    return graph


def _lines(graph: _Graph) -> Iterator[tuple[str, str, Tags, bool]]:
    """Yield every edge but the second of two twins, and whether the edge is two-way."""
    if not graph.is_directed:
        for tail, head, tags in graph.edges:
            yield tail, head, tags, tags.get("oneway", "").casefold() not in ("true", "yes", "1")
        return
    waiting: dict[tuple[str, str, str, str], list[int]] = {}
    twins: set[int] = set()
    two_way: set[int] = set()
    for place, (tail, head, tags) in enumerate(graph.edges):
        same = tags.get("osmid", ""), tags.get("length", "")
        if twin := waiting.get((head, tail, *same)):
            twins.add(place)
            two_way.add(twin.pop())
        else:
            waiting.setdefault((tail, head, *same), []).append(place)
    for place, (tail, head, tags) in enumerate(graph.edges):
        if place not in twins:
            yield tail, head, tags, place in two_way


def _plain(tags: Tags) -> Tags:
    """Return tags without lists: where OSMnx merged several ways, the first value, but all the limits."""
    plain = {}
    for key, text in tags.items():
        if text.startswith("["):
            values = ["".join(found) for found in QUOTED.findall(text)] or [""]
            text = ";".join(values) if key == "maxspeed" else values[0]
        plain[key] = text
    return plain


def _places(path: Path, graph: _Graph) -> NDArray[np.float64]:
    """Return x and y of every node, in order."""
    given = [(number(tags.get("x", "")), number(tags.get("y", ""))) for tags in graph.nodes.values()]
    if not given or any(x is None or y is None for x, y in given):
        raise refused(path, "is no road graph: its nodes need x and y; save one with OSMnx's save_graphml")
    return np.array(given, dtype=np.float64)


def _projection(path: Path, about: Tags) -> Transformer:
    return to_degrees_from(known_system(about.get("crs") or DEGREES, path.name), path.name)


def _shapes(
    path: Path, wkts: list[str | None], tails: NDArray[np.float64], heads: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the corners of each edge from tail to head, as drawn or else straight; and each edge's first corner."""
    straight = shapely.linestrings(np.stack([tails, heads], axis=1))
    try:
        drawn = shapely.from_wkt(np.array(wkts, dtype=object))
    except (shapely.errors.ShapelyError, ValueError, TypeError) as error:
        raise refused(path, f"holds a shape that cannot be read ({error})") from None
    if not (np.abs(shapely.get_coordinates(drawn)) <= COORDINATE_MOST).all():
        raise refused(path, OUTSIDE)
    lines = np.where((shapely.get_type_id(drawn) == 1) & ~shapely.is_empty(drawn), drawn, straight)
    first = shapely.get_coordinates(shapely.get_point(lines, 0))
    turned = np.hypot(*(first - tails).T) > np.hypot(*(first - heads).T)
    lines[turned] = shapely.reverse(lines[turned])
    corners, line = shapely.get_coordinates(lines, return_index=True)
    return corners, np.searchsorted(line, np.arange(len(lines) + 1))
