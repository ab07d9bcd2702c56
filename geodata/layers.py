"""Layers of geographic files. Only this module lets GDAL open a file.

GDAL knows more than sixty formats, and some hold commands in the form of data: read this file, ask that address, write
there. So the format of each file is found from its bytes and its content checked. The file is then given to the one
driver of that format, while GDAL knows no other, under a plain name in a folder of its own: characters in a path have
meanings for GDAL.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import threading
import warnings
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pyogrio.raw
import shapely
from numpy.typing import NDArray
from pyogrio._ogr import _register_drivers as register_drivers  # no public name does this
from pyproj.exceptions import CRSError

from geodata.cells import refused
from geodata.coordinates import refuse_reaching
from geodata.geojson import refuse_not_geojson
from geodata.geopackage import refuse_acting, refuse_swollen, settled
from geodata.opening import GEOJSON, GEOPACKAGE, Format, known_format, parts_of, refuse_over

SYSTEM_BYTES_MAX = 2**20
SKIPPED = "OGR_SKIP"  # GDAL's setting of drivers to leave out
EVERY_ROW = "1 = 1"  # with this filter GDAL counts a GeoPackage's rows instead of trusting a number in the file
ERRORS = (
    *(RuntimeError, ValueError, ArithmeticError, MemoryError, OSError, sqlite3.Error, shapely.errors.ShapelyError),
    UnboundLocalError,  # pyogrio 0.13, of a coordinate system that is no text
)
"""Errors that GDAL, GEOS, PROJ, pandas and Python raise for a file that is damaged or absurd."""

_one_at_a_time = threading.RLock()


class Layers:
    """The layers of one open file. Rows count from 0; a failure raises BadData."""

    def __init__(self, path: Path, form: Format, file: Path) -> None:
        """Keep `path`, the name that people gave, and `file`, the file read in its place."""
        self.path = path
        self._form, self._file = form, file
        self._place = f"GeoJSON:{file}" if form is GEOJSON else str(file)  # GDAL's other drivers know no prefix

    def kinds(self) -> dict[str, str | None]:
        """Return each layer's kind of shape, such as "Point" or "Unknown", in the file's order; None for a table."""
        with telling(self.path, self._form):
            layers = pyogrio.list_layers(self._place)
        return {str(name): None if kind is None else str(kind) for name, kind in layers}

    def headings(self, layer: str) -> list[str]:
        """Return the headings of a layer's columns, without its shapes."""
        with telling(self.path, self._form):
            return [str(field) for field in pyogrio.read_info(self._place, layer=layer)["fields"]]

    def frame(self, layer: str, columns: Collection[str] | None = None) -> pd.DataFrame:
        """Return a layer's rows with these columns (None: all), as a GeoDataFrame where the layer has shapes."""
        with telling(self.path, self._form):
            where = self._where(layer)
            frame: pd.DataFrame = pyogrio.read_dataframe(self._place, layer=layer, columns=columns, where=where)
            return frame

    def arrays(self, layer: str, columns: Collection[str]) -> tuple[str | None, NDArray[Any], dict[str, NDArray[Any]]]:
        """Return a layer's coordinate system, its shapes in two dimensions, and these columns."""
        with telling(self.path, self._form):
            meta, _, shapes, cells = pyogrio.raw.read(
                self._place, layer=layer, columns=columns, force_2d=True, where=self._where(layer)
            )
            return meta["crs"], shapely.from_wkb(shapes), dict(zip(map(str, meta["fields"]), cells, strict=True))

    def _where(self, layer: str) -> str | None:
        """Return the filter for reading a layer. Refuse a layer that claims more than the file can hold."""
        if self._form is GEOPACKAGE:
            refuse_swollen(self.path, self._file, layer)
            return EVERY_ROW
        claimed, bytes_held = pyogrio.read_info(self._place, layer=layer)["features"], self._file.stat().st_size
        if claimed > bytes_held:
            raise refused(self.path, f"claims {claimed:,} rows in {bytes_held:,} bytes: it is damaged; fetch it again")
        return None


@contextmanager
def open_layers(path: Path, formats: Collection[Format], *, bytes_max: int, smaller: str) -> Iterator[Layers]:
    """Yield the layers of a file in one of these formats, while the file is open.

    Raises BadData where the file is in none of the formats, lacks a part, has over `bytes_max` bytes (`smaller` is the
    instruction then), is damaged, or holds content that would act when read.
    """
    form = known_format(path, formats)
    refuse_over(parts_of(path, form), bytes_max, smaller)
    with tempfile.TemporaryDirectory() as folder, _looked_through(path, form) as file:
        stand_in = Path(folder) / f"data{form.suffixes[0]}"
        for suffix in ("", *form.needed, *form.optional, *form.unnamed):
            part = file.with_suffix(suffix or file.suffix)
            if part.is_file():
                _stand_in(part.absolute(), stand_in.with_suffix(suffix or stand_in.suffix))
        with _knowing_only(form.driver):
            yield Layers(path, form, stand_in)


@contextmanager
def telling(path: Path, form: Format) -> Iterator[None]:
    """Turn any error of a library about a file's content into one fault (BadData), and silence warnings."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except CRSError:
        raise refused(path, "states a coordinate system that nobody knows; save it in one that is known") from None
    except MemoryError:
        raise refused(path, "needs more memory than there is; save only the features needed") from None
    except ERRORS:
        fix = f"no {form.called} that can be read, for it cannot be read to its end: it is damaged, or cut short"
        raise refused(path, f"{fix}; fetch or save it again") from None


@contextmanager
def _looked_through(path: Path, form: Format) -> Iterator[Path]:
    """Yield the file to read, once its content is known to be unable to act."""
    if form is GEOPACKAGE:
        with settled(path) as file:
            refuse_acting(path, file)
            yield file
        return
    if form is GEOJSON:
        refuse_not_geojson(path)
    for system in filter(Path.is_file, map(path.with_suffix, form.optional)):
        refuse_over([system], SYSTEM_BYTES_MAX, "no coordinate system takes as much; save the file again")
        refuse_reaching(system.read_text(encoding="latin-1"), path.name)
    yield path


def _stand_in(part: Path, place: Path) -> None:
    """Make the same file available under another name, without a copy where links are allowed."""
    try:
        place.symlink_to(part)
    except OSError:
        shutil.copyfile(part, place)


@contextmanager
def _knowing_only(driver: str) -> Iterator[None]:
    """Restrict GDAL to one driver inside the context. A caller's own use of GDAL has its former drivers afterwards."""
    with _one_at_a_time:
        before = pyogrio.get_gdal_config_option(SKIPPED)
        try:
            _skip(None)  # this thread may have another file open
            _skip(",".join(name for name in pyogrio.list_drivers() if name != driver))
            yield
        finally:
            _skip(before)


def _skip(drivers: str | None) -> None:
    pyogrio.set_gdal_config_options({SKIPPED: drivers})
    register_drivers()
