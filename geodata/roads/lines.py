"""Lines of a GeoPackage or shapefile: their shapes in degrees, and requested columns as text."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geodata.cells import as_text, refused, told_briefly
from geodata.coordinates import known_system, refuse_wild, to_degrees_from
from geodata.faults import BadData, Fault
from geodata.grid import BRITISH
from geodata.layers import open_layers
from geodata.opening import GEOPACKAGE, SHAPEFILE, Source, known_format, parts_of, source_of
from geodata.roads.ways import Kind, Ways

FORMATS = (GEOPACKAGE, SHAPEFILE)
ROADS_BYTES_MAX = 8 * 2**30  # the roads of Great Britain take over 2 GiB
SMALLER = "cut it to the county and 20 km around it"
LINE, LINE_TYPES = 1, ("LineString", "MultiLineString", "Unknown")
IN_METRES = "save it in metres, best on the British National Grid (EPSG:27700)"


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of one part each: the corners `starts[i]:starts[i + 1]` are those of line i, which came from row `row[i]`.

    `fields` are columns of text by row; rows count from 0.
    """

    path: Path
    source: Source
    corners: NDArray[np.float64]  # as the file has them, in metres
    degrees: NDArray[np.float64]
    starts: NDArray[np.int64]
    row: NDArray[np.int64]
    rows: int
    fields: dict[str, list[str]]


def line_layers(path: Path) -> dict[str, list[str]]:
    """Return the layers that may hold lines, and the headings of each. Raises BadData where there is none."""
    with open_layers(path, FORMATS, bytes_max=ROADS_BYTES_MAX, smaller=SMALLER) as file:
        kinds = {layer: str(kind).split(" ")[0] for layer, kind in file.kinds().items()}
        layers = {layer: file.headings(layer) for layer, kind in kinds.items() if kind in LINE_TYPES}
    if not layers:
        raise refused(path, "holds no layer of lines; give the roads as lines")
    return layers


def read_lines(path: Path, layer: str, wanted: Collection[str]) -> Lines:
    """Return a layer's lines, with the wanted columns.

    Raises BadData where the coordinates are not in metres, or the layer holds no line.
    """
    with open_layers(path, FORMATS, bytes_max=ROADS_BYTES_MAX, smaller=SMALLER) as file:
        system, geometry, columns = file.arrays(layer, wanted)
    refuse_wild(geometry, path.name)
    to_degrees = _projection(path, system)
    parts, row = shapely.get_parts(geometry, return_index=True)
    is_line = shapely.get_type_id(parts) == LINE
    corners, line = shapely.get_coordinates(parts[is_line], return_index=True)
    if not len(corners):
        raise refused(path, "holds no line; give the roads as lines")
    if (np.abs(corners) <= (180, 90)).all():
        raise refused(path, f"states metres, but its coordinates are degrees; state the right system, then {IN_METRES}")
    texts = {heading: [as_text(cell) for cell in column.tolist()] for heading, column in columns.items()}
    degrees = np.column_stack(to_degrees.transform(corners[:, 0], corners[:, 1]))
    if not np.isfinite(degrees).all():
        raise refused(path, "lies outside what its coordinate system can say; state the right one")
    starts = np.searchsorted(line, np.arange(is_line.sum() + 1))
    source = source_of(*parts_of(path, known_format(path, FORMATS)))
    return Lines(path, source, corners, degrees, starts, row[is_line], len(geometry), texts)


def as_ways(
    lines: Lines,
    kind_of_row: list[Kind | None],
    node: NDArray[np.int64],
    *,
    words: str,
    attribution: tuple[str, ...] = (),
    metres: NDArray[np.float64] | None = None,
    reading: tuple[str, ...] = (),
    notices: tuple[Fault, ...] = (),
) -> Ways:
    """Return the lines of rows that have a kind. `node` is by corner, `metres` by line.

    Raises BadData where no row has a kind.
    """
    kinds = list(dict.fromkeys(kind for kind in kind_of_row if kind is not None))
    numbers = {kind: place for place, kind in enumerate(kinds)}
    kind = np.array([-1 if kind is None else numbers[kind] for kind in kind_of_row])[lines.row]
    used = kind >= 0
    if not used.any():
        raise refused(lines.path, "holds no road a car may drive; is it the right file?")
    lengths = np.diff(lines.starts)
    corners = np.repeat(used, lengths)
    return Ways(
        longitude=lines.degrees[corners, 0],
        latitude=lines.degrees[corners, 1],
        node=node[corners],
        starts=np.append(0, np.cumsum(lengths[used])),
        kind=kind[used].astype(np.int32),
        kinds=tuple(kinds),
        metres=None if metres is None else metres[used],
        seconds={},
        source=lines.source,
        words=words,
        attribution=attribution,
        reading=reading,
        notices=notices,
    )


def refuse_unknown_classes(path: Path, column: str, row_of_word: dict[str, int]) -> None:
    """Refuse words that the table of speeds does not know. Raises BadData with the first row of each."""
    fix = "no class in the table of speeds; add it there under [same_as] ('' leaves such roads out), or give a speed"
    faults = [
        Fault(file=path.name, row=row + 2, column=column, value=word, fix=fix) for word, row in row_of_word.items()
    ]
    if faults:
        raise BadData(told_briefly(faults, "such classes"))


def _projection(path: Path, stated: str | None) -> Transformer:
    if stated is None:
        raise refused(path, f"states no coordinate system (CRS); state it, and {IN_METRES}")
    crs = known_system(stated, path.name)
    if crs.is_geographic:
        raise refused(path, f"is in degrees ({crs.name}); {IN_METRES}")
    unit = crs.axis_info[0].unit_name if crs.axis_info else "no unit"
    if unit not in ("metre", "meter"):
        raise refused(path, f"is in {unit} ({crs.name}); {IN_METRES}")
    return to_degrees_from(crs, path.name, save_as=BRITISH.code)  # degrees are refused above
