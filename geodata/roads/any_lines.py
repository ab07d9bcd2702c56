"""Any layer of lines with a speed, a limit or a class, as a council's own system exports roads."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from geodata.cells import told_briefly
from geodata.faults import BadData, Fault
from geodata.roads.lines import Lines, as_ways, read_lines, refuse_unknown_classes
from geodata.roads.speeds import KPH_PER_MPH, Speeds
from geodata.roads.ways import Kind, Ways

CLASSES = ("road_class", "class", "highway", "fclass", "road_classification", "road_function")
DRIVEN = {"speed_kph": 1.0, "speed_mph": KPH_PER_MPH}
LIMITS = {
    "maxspeed": 1.0,
    "speed_limit_kph": 1.0,
    "maxspeed_kph": 1.0,
    "speed_limit_mph": KPH_PER_MPH,
    "maxspeed_mph": KPH_PER_MPH,
}
ONE_WAY = ("oneway", "one_way")
FIELDS = (*CLASSES, *DRIVEN, *LIMITS, *ONE_WAY)
FORWARD, BACKWARD = ("yes", "true", "1", "f", "ft"), ("-1", "t", "tf", "reverse")
BOTH_WAYS = ("", "no", "false", "0", "b", "both")
JOINED_METRES = 0.01


def read_any_lines(path: Path, layer: str, speeds: Speeds) -> Ways:
    """Read lines as roads that meet wherever two lines share a vertex.

    `speed_kph` or `speed_mph` are speeds as driven, junctions included; limits and classes go by the table of speeds.
    Raises BadData for an unknown class without speed or limit, and for an invalid speed or direction.
    """
    lines = read_lines(path, layer, FIELDS)
    faults: list[Fault] = []
    driven, limits = (_kph(lines, headings, speeds, faults) for headings in (DRIVEN, LIMITS))
    ways = _one_ways(lines, faults)
    if faults:
        raise BadData(told_briefly(sorted(faults, key=lambda fault: fault.row or 0), "faults like these"))
    kinds: list[Kind | None] = []
    unknown: dict[str, int] = {}
    for row, called in enumerate(lines.column(*CLASSES)):
        road = speeds.road_called(called) if called else None
        if road is None and driven[row] is None and limits[row] is None:
            unknown.setdefault(called, row)
        forward, backward = ways[row]
        kind = Kind(
            road=road or "unclassified",
            forward=forward,
            backward=backward,
            limit_kph=limits[row],
            limit_back_kph=limits[row],
            driven_kph=driven[row],
        )
        kinds.append(None if road == "" else kind)
    refuse_unknown_classes(path, lines.heading(*CLASSES) or CLASSES[0], unknown)
    _, node = np.unique(np.rint(lines.corners / JOINED_METRES), axis=0, return_inverse=True)
    return as_ways(lines, kinds, node.ravel(), words=f"the roads in {path.name}")


def _kph(lines: Lines, units: dict[str, float], speeds: Speeds, faults: list[Fault]) -> list[float | None]:
    """Return km/h by row, from the first of the columns that exists; None for blank and 0."""
    if (heading := lines.heading(*units)) is None:
        return [None] * lines.rows
    found = [speeds.limit_kph(text) for text in lines.fields[heading]]
    for row, text in enumerate(lines.fields[heading]):
        if text not in ("", "0") and found[row] is None:
            fix = "give a speed over 0 and at most 200"
            faults.append(Fault(file=lines.path.name, row=row + 2, column=heading, value=text, fix=fix))
    return [None if kph is None else kph * units[heading.casefold()] for kph in found]


def _one_ways(lines: Lines, faults: list[Fault]) -> list[tuple[bool, bool]]:
    """Return, by row, whether a car may drive along the line, and against the line."""
    ways = []
    for row, text in enumerate(map(str.casefold, lines.column(*ONE_WAY))):
        if text not in (*FORWARD, *BACKWARD, *BOTH_WAYS):
            column, fix = str(lines.heading(*ONE_WAY)), "say yes, no, or -1 for against the line"
            faults.append(Fault(file=lines.path.name, row=row + 2, column=column, value=text, fix=fix))
        ways.append((text not in BACKWARD, text not in FORWARD))
    return ways
