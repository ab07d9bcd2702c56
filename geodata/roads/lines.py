"""Lines out of a GeoPackage or shapefile: their shapes in degrees, and the columns that are asked for, as text."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geodata.cells import as_text, find_heading, refused, told_briefly
from geodata.coordinates import DEGREES
from geodata.faults import BadData, Fault
from geodata.roads.ways import Kind, Ways
from geodata.tables import read_head, source_of

SHAPEFILE_PARTS = (".dbf", ".shx", ".prj")
LINE, LINE_TYPES = 1, ("LineString", "MultiLineString", "Unknown")
IN_METRES = "save it in metres, best on the British National Grid (EPSG:27700)"


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Lines of one part each: the corners `starts[i]:starts[i + 1]` are those of line i, which came from `row[i]`.

    `fields` are columns of text by row, counted from 0.
    """

    path: Path
    corners: NDArray[np.float64]  # as the file has them, in metres
    degrees: NDArray[np.float64]
    starts: NDArray[np.int64]
    row: NDArray[np.int64]
    rows: int
    fields: dict[str, list[str]]

    def heading(self, *names: str) -> str | None:
        """The column that is there, whatever its case."""
        return find_heading(list(self.fields), *names)

    def column(self, *names: str) -> list[str]:
        """The first of these columns that is there, or blanks."""
        heading = self.heading(*names)
        return self.fields[heading] if heading else [""] * self.rows


def line_layers(path: Path) -> dict[str, list[str]]:
    """The layers that may hold lines, and each one's headings. Raises BadData if there is none."""
    parts_of(path)
    with _told(path):
        kinds = {str(name): str(kind).split(" ")[0] for name, kind in pyogrio.list_layers(path)}
        layers = {
            name: [str(field) for field in pyogrio.read_info(path, layer=name)["fields"]]
            for name, kind in kinds.items()
            if kind in LINE_TYPES
        }
    if not layers:
        raise refused(path, "holds no layer of lines; give the roads as lines")
    return layers


def read_lines(path: Path, layer: str, wanted: Collection[str]) -> Lines:
    """A layer's lines, with the wanted columns it has. Raises BadData if it is not in metres, or holds no line."""
    with _told(path):
        fields = [str(field) for field in pyogrio.read_info(path, layer=layer)["fields"]]
        kept = [field for field in fields if field.casefold() in wanted]
        meta, _, shapes, columns = pyogrio.raw.read(path, layer=layer, columns=kept, force_2d=True)
        geometry = shapely.from_wkb(shapes)
    to_degrees = _projection(path, meta["crs"])
    parts, row = shapely.get_parts(geometry, return_index=True)
    is_line = shapely.get_type_id(parts) == LINE
    corners, line = shapely.get_coordinates(parts[is_line], return_index=True)
    if not len(corners):
        raise refused(path, "holds no line; give the roads as lines")
    if (np.abs(corners) <= (180, 90)).all():
        raise refused(path, f"states metres, but its coordinates are degrees; state the right system, then {IN_METRES}")
    texts = {
        field: [as_text(cell) for cell in column.tolist()]
        for field, column in zip(meta["fields"], columns, strict=True)
    }
    degrees = np.column_stack(to_degrees.transform(corners[:, 0], corners[:, 1]))
    if not np.isfinite(degrees).all():
        raise refused(path, "lies outside what its coordinate system can say; state the right one")
    starts = np.searchsorted(line, np.arange(is_line.sum() + 1))
    return Lines(path, corners, degrees, starts, row[is_line], len(geometry), texts)


def as_ways(
    lines: Lines,
    kind_of_row: list[Kind | None],
    node: NDArray[np.int64],
    *,
    words: str,
    attribution: tuple[str, ...] = (),
    metres: NDArray[np.float64] | None = None,
) -> Ways:
    """The lines of rows that have a kind. `node` is by corner, `metres` by line."""
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
        source=source_of(*parts_of(lines.path)),
        words=words,
        attribution=attribution,
    )


def refuse_unknown_classes(path: Path, column: str, row_of_word: dict[str, int]) -> None:
    """Raises BadData with the first row of every word that the table of speeds does not know."""
    fix = "no class in the table of speeds; add it there under [same_as] ('' leaves such roads out), or give a speed"
    faults = [
        Fault(file=path.name, row=row + 2, column=column, value=word, fix=fix) for word, row in row_of_word.items()
    ]
    if faults:
        raise BadData(told_briefly(faults, "such classes"))


def parts_of(path: Path) -> list[Path]:
    """The files that make up the layer. Bytes and suffix must agree: some formats GDAL knows would fetch."""
    suffix, head = path.suffix.casefold(), read_head(path)
    if suffix == ".gpkg" and head.startswith(b"SQLite format 3\x00"):
        return [path]
    if suffix == ".shp" and head.startswith(b"\x00\x00\x27\x0a"):
        parts = [path, *map(path.with_suffix, SHAPEFILE_PARTS[:2])]
        if missing := [part.name for part in parts if not part.is_file()]:
            raise refused(path, f"a shapefile needs {' and '.join(missing)} beside it")
        prj = path.with_suffix(SHAPEFILE_PARTS[2])
        return [*parts, prj] if prj.is_file() else parts
    raise refused(path, "let a GeoPackage's name end in .gpkg, a shapefile's in .shp")


def _projection(path: Path, stated: str | None) -> Transformer:
    if stated is None:
        raise refused(path, f"states no coordinate system (CRS); state it, and {IN_METRES}")
    try:
        crs = CRS.from_user_input(stated)
    except CRSError:
        raise refused(path, f"states a coordinate system that nobody knows; {IN_METRES}") from None
    if crs.is_geographic:
        raise refused(path, f"is in degrees ({crs.name}); {IN_METRES}")
    unit = crs.axis_info[0].unit_name if crs.axis_info else "no unit"
    if unit not in ("metre", "meter"):
        raise refused(path, f"is in {unit} ({crs.name}); {IN_METRES}")
    return Transformer.from_crs(crs, DEGREES, always_xy=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """GDAL's and shapely's damage, told as a fault; their warnings of what does not matter here, not told."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            yield
    except (RuntimeError, ValueError, shapely.errors.ShapelyError) as error:
        raise refused(path, f"cannot be read ({error}); is it damaged, or cut short?") from None
