"""Any layer of lines with a speed, a limit or a class, as a council's own system exports roads."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geodata.cells import listed, told_briefly
from geodata.faults import BadData, Fault
from geodata.roads.columns import RoadColumns, Speed
from geodata.roads.directions import Direction, read_directions
from geodata.roads.lines import Lines, as_ways, read_lines, refuse_unknown_classes
from geodata.roads.speeds import Speeds
from geodata.roads.ways import Kind, Ways

JOINED_METRES = 0.01
NAME_THE_UNIT = "name the column after its unit: speed_limit_mph or speed_limit_kph, or speed_kph where it is as driven"

Kph = list[float | None]


def read_any_lines(path: Path, layer: str, columns: RoadColumns, speeds: Speeds) -> Ways:
    """Read lines as roads that meet wherever two lines share a vertex.

    Speeds as driven include junctions; limits and classes go by the table of speeds. Raises BadData for an unknown
    class without speed or limit, and for an invalid speed or direction.
    """
    lines = read_lines(path, layer, columns.needed())
    telling = _Telling(path.name)
    driven, limits = (_kph(lines, speed, columns, speeds, telling) for speed in (columns.driven, columns.limit))
    ways = _directions(lines, columns.one_way, telling)
    if columns.ignored:
        fix = f"looks like a speed or a direction, and was not used; {NAME_THE_UNIT}"
        telling.notices.append(
            Fault(file=path.name, column=", ".join(columns.ignored), value=len(columns.ignored), fix=fix)
        )
    if telling.faults:
        raise BadData(told_briefly(sorted(telling.faults, key=lambda fault: fault.row or 0), "faults like these"))
    kinds: list[Kind | None] = []
    unknown: dict[str, int] = {}
    called = lines.fields[columns.road_class] if columns.road_class else [""] * lines.rows
    for row, words in enumerate(called):
        road = speeds.road_called(words) if words else None
        if road is None and driven[row] is None and limits[row] is None:
            unknown.setdefault(words, row)
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
    refuse_unknown_classes(path, columns.road_class or "road_class", unknown)
    _, node = np.unique(np.rint(lines.corners / JOINED_METRES), axis=0, return_inverse=True)
    used = [*filter(None, [columns.road_class]), *telling.used]
    account = [f"{lines.rows:,} lines; used: {listed(used)}", *telling.reading]
    return as_ways(
        lines,
        kinds,
        node.ravel(),
        words=f"the roads in {path.name}",
        reading=tuple(f"{path.name}: {told}" for told in account),
        notices=tuple(telling.notices),
    )


class _Telling:
    """What is to be told of the columns: faults, notices, and how they were read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.notices: list[Fault] = []
        self.used: list[str] = []
        self.reading: list[str] = []


def _kph(lines: Lines, speed: Speed | None, columns: RoadColumns, speeds: Speeds, telling: _Telling) -> Kph:
    """Return km/h by row; None for blank and 0, and everywhere where nobody can know the unit but a class is there."""
    nothing: Kph = [None] * lines.rows
    if speed is None:
        return nothing
    texts = lines.fields[speed.heading]
    unit, is_bare = speed.unit or "kph", speed.is_bare(texts)
    if is_bare:
        unit = speed.unit_of_limits(texts) if speed is columns.limit else ""
    if not unit:
        fix = f"does not say whether in miles or in km an hour; {NAME_THE_UNIT}"
        if columns.road_class:
            fix = f"looks like a speed, and was not used, for it {fix}"
        where = telling.notices if columns.road_class else telling.faults
        where.append(Fault(file=telling.file, column=speed.heading, value=_some(texts), fix=fix))
        return nothing
    if is_bare:
        fix = f"read as limits in {unit}, by their values alone; where that is wrong, {NAME_THE_UNIT}"
        telling.notices.append(Fault(file=telling.file, column=speed.heading, value=_some(texts), fix=fix))
    telling.used.append(speed.heading)
    telling.reading.append(f"{speed.heading!r} read as {'limits' if speed is columns.limit else 'speeds'} in {unit}")
    found = [speeds.limit_kph(text, unit) for text in texts]
    for row, text in enumerate(texts):
        if text not in ("", "0") and found[row] is None:
            fix = "give a speed over 0 and at most 200"
            telling.faults.append(Fault(file=telling.file, row=row + 2, column=speed.heading, value=text, fix=fix))
    return found


def _some(texts: Sequence[str]) -> str:
    return ", ".join(sorted(filter(None, set(texts)))[:6])


def _directions(lines: Lines, heading: str | None, telling: _Telling) -> list[Direction]:
    """Return, by row, whether a car may drive along the line, and against the line."""
    if heading is None:
        return [(True, True)] * lines.rows
    texts = lines.fields[heading]
    found, made_of = read_directions(texts)
    telling.used.append(heading)
    telling.reading += [f"{heading!r} read with {made_of}"] if made_of else []
    telling.faults += [
        Fault(
            file=telling.file,
            row=row + 2,
            column=heading,
            value=text,
            fix="say yes, no, or -1 for against the line",
        )
        for row, text in enumerate(texts)
        if found[row] is None
    ]
    return [direction or (True, True) for direction in found]
