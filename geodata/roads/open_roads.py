"""OS Open Roads, as Ordnance Survey publishes it: links between named nodes, with a class, a form and a length.

Its headings differ by format: form_of_way in the GeoPackage, formOfWay in the shapefile and in GML. A shapefile saved
from the GeoPackage cuts them to ten letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geodata.cells import find_heading, number
from geodata.roads.columns import CUT_LETTERS
from geodata.roads.lines import Lines, as_ways, refuse_unknown_classes
from geodata.roads.speeds import Speeds
from geodata.roads.ways import Kind, Ways

ATTRIBUTION = "Roads: OS Open Roads, contains OS data © Crown copyright and database right, OGL v3.0"
FIELDS = {
    "form_of_way": ("form_of_way", "formOfWay"),
    "start_node": ("start_node", "startNode"),
    "end_node": ("end_node", "endNode"),
    "road_classification": ("road_classification", "roadClassification", "class"),
    "road_function": ("road_function", "roadFunction", "function"),
    "primary_route": ("primary_route", "primaryRoute", "primary"),
    "trunk_road": ("trunk_road", "trunkRoad"),
    "length": ("length",),
}
TOLD_BY = ("form_of_way", "start_node", "end_node")
VAGUE = ("", "unclassified", "not classified", "classified unnumbered", "unknown")
"""Classifications that say less than the road's function."""
YES = ("true", "1", "t", "yes", "y")


def link_columns(headings: Sequence[str]) -> dict[str, str]:
    """Return the headings of a layer by our names of its fields; nothing for a layer that is not OS Open Roads."""
    found = {
        field: heading
        for field, names in FIELDS.items()
        if (heading := find_heading(headings, *names, *(name[:CUT_LETTERS] for name in names)))
    }
    return found if all(field in found for field in TOLD_BY) else {}


def read_open_roads(lines: Lines, columns: dict[str, str], speeds: Speeds) -> Ways:
    """Return the links that a car may drive. They have no directions, so all are two-way, roundabouts too.

    Raises BadData for classes that the table of speeds does not know.
    """
    fields = {name: lines.fields[columns[name]] if name in columns else [""] * lines.rows for name in FIELDS}
    words = zip(
        *(fields[name] for name in ("form_of_way", "road_classification", "road_function")),
        [
            main.casefold() in YES or trunk.casefold() in YES
            for main, trunk in zip(fields["primary_route"], fields["trunk_road"], strict=True)
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
    refuse_unknown_classes(lines.path, columns.get("road_classification", "road_classification"), unknown)
    lengths = np.array([number(text) or np.nan for text in fields["length"]])[lines.row]
    whole = np.bincount(lines.row, minlength=lines.rows)[lines.row] == 1  # a length is of all parts together
    shut = sum(kind is None for kind in kinds)
    left_out = f", {shut:,} of them closed to cars and left out" if shut else ""
    return as_ways(
        lines,
        kinds,
        _nodes(lines, fields["start_node"], fields["end_node"]),
        words=f"OS Open Roads in {lines.path.name}",
        attribution=(ATTRIBUTION,),
        metres=np.where(whole, lengths, np.nan),
        reading=(
            f"{lines.path.name}: {lines.rows:,} links of OS Open Roads{left_out}; used: {', '.join(columns.values())}",
        ),
    )


def _road(form: str, road_class: str, function: str, is_main: bool, speeds: Speeds) -> str | None:
    """Return the class of a link in the words of the table of speeds; "" where no car goes, None where unknown."""
    if "" in (speeds.road_called(form), speeds.road_called(function)):
        return ""
    called = function if road_class in VAGUE and function else road_class
    road = speeds.road_called(f"{called} primary") if is_main else None
    road = road or speeds.road_called(called)
    return f"{road}_link" if form == "slip road" and f"{road}_link" in speeds.roads else road


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
