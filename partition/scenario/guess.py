"""What a file is, told by the headings of its columns: schools, links, today's partnerships, forecasts ..."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geodata.parts import Part

SCHOOLS, UNKNOWN = "schools", ""
ROADS = (".pbf", ".graphml")
PLAN_LAYERS = {"partnerships", "schools", "run"}  # of a plan that this program wrote
ROAD_LAYERS = {"road_link", "roadlink"}  # of OS Open Roads
BY_HEADINGS = (  # what it is, by the headings that it has at least; the first that fits
    ("links", {"urn_a", "urn_b"}),
    ("survey", {"urn", "question", "answer"}),
    ("answers", {"urn", "answer"}),
    ("existing", {"urn", "partnership"}),
    ("headships", {"urn", "headship"}),
    ("advisers", {"adviser", "office"}),
    ("results", {"urn", "year", "measure", "value"}),
    ("activity", {"partnership", "activity", "count"}),
)
POSTCODE_HEADINGS = ({"postcode"}, {"pcds"}, {"pcd"}, {"pc"})
POINT_HEADINGS = ({"easting", "northing"}, {"latitude", "longitude"}, {"lat", "long"}, {"oseast1m", "osnrth1m"})


def guess_role(path: Path) -> str:
    """Return what a file is taken for; "" where its columns do not tell.

    Parameters
    ----------
    path
        The file, as people gave it.

    Returns
    -------
    str
        "schools", or a key of `partition.web.workspace.ROLES`, such as "links".

    Raises
    ------
    BadData
        Where the file cannot be read.
    """
    from geodata.tables import parts_in

    if path.suffix.casefold() in ROADS:
        return "roads"
    parts = parts_in(path)
    layers = {part.name.casefold() for part in parts}
    if layers >= PLAN_LAYERS:
        return "existing"
    if layers & ROAD_LAYERS:
        return "roads"
    rows = list(_rows(parts))
    for role, needed in BY_HEADINGS:
        if any(needed <= row for row in rows):
            return role
    if any(_are_schools(part) for part in parts):
        return SCHOOLS
    if any(_has(row, POSTCODE_HEADINGS) and _has(row, POINT_HEADINGS) for row in rows):
        return "postcodes"
    return "join" if any("urn" in row and len(row) > 1 for row in rows) else UNKNOWN


def _rows(parts: Iterable[Part]) -> Iterable[set[str]]:
    """Yield the first rows of every part that is seen, as sets of what their cells say."""
    from geodata.labels import folded

    for part in parts:
        if not part.hidden:
            yield from ({folded(cell) for cell in row} - {""} for row in part.top)


def _are_schools(part: Part) -> bool:
    """Return whether a row of a part has the headings of schools, with their number on roll."""
    from geodata.faults import BadData
    from geodata.layout import lay_out

    for row in part.top:
        try:
            lay_out("", list(row), {}, ()).needed()
        except BadData:
            continue
        return True
    return False


def _has(row: set[str], wanted: Sequence[set[str]]) -> bool:
    return any(needed <= row for needed in wanted)
