"""OS Open Roads, as Ordnance Survey publishes it: links between named nodes, with a class, a form and a length."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geodata.cells import number
from geodata.roads.lines import Lines, as_ways, read_lines, refuse_unknown_classes
from geodata.roads.speeds import Speeds
from geodata.roads.ways import Kind, Ways

ATTRIBUTION = "Roads: OS Open Roads, contains OS data © Crown copyright and database right, OGL v3.0"
TOLD_BY = ("form_of_way", "start_node", "end_node")
FIELDS = (*TOLD_BY, "road_classification", "road_function", "primary_route", "trunk_road", "length")
VAGUE = ("", "unclassified", "not classified", "classified unnumbered", "unknown")
"""Classifications that say less than the road's function."""


def read_open_roads(path: Path, layer: str, speeds: Speeds) -> Ways:
    """Read the links that a car may drive. The file gives no directions, so all are two-way, roundabouts too.

    Raises BadData for classes that the table of speeds does not know.
    """
    lines = read_lines(path, layer, FIELDS)
    words = zip(
        *(lines.column(name) for name in ("form_of_way", "road_classification", "road_function")),
        [
            main or trunk
            for main, trunk in zip(_flags(lines, "primary_route"), _flags(lines, "trunk_road"), strict=True)
        ],
        strict=True,
    )
    kinds: list[Kind | None] = []
    unknown: dict[str, int] = {}
    for row, (form, road_class, function, is_main) in enumerate(words):
        road = _road(form.casefold(), road_class.casefold(), function.casefold(), is_main, speeds)
        if road is None:
            unknown.setdefault(road_class or function, row)
        kinds.append(Kind(road=road, roundabout=form.casefold() == "roundabout") if road else None)
    refuse_unknown_classes(path, "road_classification", unknown)
    lengths = np.array([number(text) or np.nan for text in lines.column("length")])[lines.row]
    whole = np.bincount(lines.row, minlength=lines.rows)[lines.row] == 1  # a length is of all parts together
    return as_ways(
        lines,
        kinds,
        _nodes(lines, lines.column("start_node"), lines.column("end_node")),
        words=f"OS Open Roads in {path.name}",
        attribution=(ATTRIBUTION,),
        metres=np.where(whole, lengths, np.nan),
    )


def _road(form: str, road_class: str, function: str, is_main: bool, speeds: Speeds) -> str | None:
    """Return the class of a link in the words of the table of speeds; "" where no car goes, None where unknown."""
    if "" in (speeds.road_called(form), speeds.road_called(function)):
        return ""
    called = function if road_class in VAGUE and function else road_class
    road = speeds.road_called(f"{called} primary") if is_main else None
    road = road or speeds.road_called(called)
    return f"{road}_link" if form == "slip road" and f"{road}_link" in speeds.roads else road


def _flags(lines: Lines, name: str) -> list[bool]:
    return [text.casefold() in ("true", "1") for text in lines.column(name)]


def _nodes(lines: Lines, start_node: Sequence[str], end_node: Sequence[str]) -> NDArray[np.int64]:
    """Return the node of each corner: the file's nodes at the ends of links, elsewhere a node of its own."""
    numbers: dict[str, int] = {}
    node = np.arange(len(lines.corners)) + 2 * lines.rows
    first, last = (np.searchsorted(lines.row, np.arange(lines.rows), side) for side in ("left", "right"))
    for row in np.flatnonzero(first < last).tolist():
        for name, corner in (
            (start_node[row], lines.starts[first[row]]),
            (end_node[row], lines.starts[last[row]] - 1),
        ):
            if name:
                node[corner] = numbers.setdefault(name, len(numbers))
    return node
