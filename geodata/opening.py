"""A file before it is read: a regular file and nothing else, with its format found from its first bytes.

Neither the name of a file nor a library decides the format.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from geodata.cells import refused
from geodata.faults import BadData

HEAD_BYTES = 65_536
CHUNK_BYTES = 2**20
BLANK = b"\xef\xbb\xbf\xff\xfe \t\r\n"
LOGS = ("-wal", "-journal")  # what SQLite leaves beside a database that was not closed
_FLAGS = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
"""Flags that open a file without waiting: a pipe that nobody writes to would block a reader for ever."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A geographic format: its name for people, its driver in GDAL, the first bytes and the suffixes of its files.

    Of a file in several parts, the parts with `needed` suffixes must exist; `unnamed` parts are not hashed.
    """

    called: str
    driver: str
    magic: bytes
    suffixes: tuple[str, ...]
    needed: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


GEOPACKAGE = Format(called="GeoPackage", driver="GPKG", magic=b"SQLite format 3\x00", suffixes=(".gpkg",))
GEOJSON = Format(called="GeoJSON", driver="GeoJSON", magic=b"{", suffixes=(".geojson", ".json"))
FLATGEOBUF = Format(called="FlatGeobuf", driver="FlatGeobuf", magic=b"fgb\x03fgb", suffixes=(".fgb",))
SHAPEFILE = Format(
    called="shapefile",
    driver="ESRI Shapefile",
    magic=b"\x00\x00\x27\x0a",
    suffixes=(".shp",),
    needed=(".dbf", ".shx"),
    optional=(".prj",),
    unnamed=(".cpg",),
)
FORMATS = (GEOPACKAGE, GEOJSON, FLATGEOBUF, SHAPEFILE)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its base name and the SHA-256 of its bytes."""

    name: str
    sha256: str


def open_regular(path: Path) -> BinaryIO:
    """Return the bytes of a file as a stream. Raises BadData for a missing or locked file, and for no regular file."""
    try:
        _refuse_irregular(path, path.stat().st_mode)  # before opening: to open some devices has an effect
        handle = os.open(path, os.O_RDONLY | _FLAGS)
    except (FileNotFoundError, NotADirectoryError, ValueError):  # ValueError: no file can have such a name
        raise refused(path, "there is no such file; check the name and the folder") from None
    except OSError as error:
        raise refused(path, f"it cannot be read ({error.strerror}); close it elsewhere, or check permission") from None
    try:
        _refuse_irregular(path, os.fstat(handle).st_mode)  # after opening: the file may be another by now
    except BadData:
        os.close(handle)
        raise
    return os.fdopen(handle, "rb")


def _refuse_irregular(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise refused(path, "no such file: this is a folder, which cannot be read; give a file in it")
    raise refused(
        path, "no such file: a device or a pipe cannot be read; save what comes out of it, and give that file"
    )


def read_head(path: Path) -> bytes:
    """Return the first bytes of a file. Raises BadData for a missing, locked or empty file, and for no regular file."""
    with open_regular(path) as stream:
        head = stream.read(HEAD_BYTES)
    if not head.strip(BLANK):
        raise refused(path, "the file is empty; save or fetch it again")
    return head


def source_of(*paths: Path) -> Source:
    """Return the base name of the first path, and the hash of the bytes of all paths, one after the other."""
    digest = hashlib.sha256()
    for path in paths:
        with open_regular(path) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                digest.update(chunk)
    return Source(paths[0].name, digest.hexdigest())


def refuse_over(parts: Sequence[Path], bytes_max: int, fix: str) -> None:
    """Refuse a file whose parts have over `bytes_max` bytes together. Raises BadData with the limit and the fix."""
    if sum(part.stat().st_size for part in parts) > bytes_max:
        raise refused(parts[0], f"over {bytes_max // 2**20:,} MB; {fix}")


def format_of(head: bytes) -> Format | None:
    """Return the format of a file with these first bytes; None for a format that is none of FORMATS."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    return next((form for form in FORMATS if (text if form is GEOJSON else head).startswith(form.magic)), None)


def known_format(path: Path, allowed: Collection[Format]) -> Format:
    """Return the format of a file, one of `allowed`. Raises BadData for another format."""
    form = format_of(read_head(path))
    if form is None or form not in allowed:
        wanted = [f"{one.called} ({one.suffixes[0]})" for one in allowed]
        raise refused(path, f"not {', '.join(wanted[:-1])} or a {wanted[-1]}" if wanted[1:] else f"not {wanted[0]}")
    if form.needed and path.suffix.casefold() not in form.suffixes:  # its other parts are found by its name
        raise refused(path, f"this is a {form.called}; let its name end in {form.suffixes[0]}")
    return form


def parts_of(path: Path, form: Format) -> list[Path]:
    """Return every file that holds the data, the given one first: a shapefile's parts, or a log beside a database.

    Raises BadData where a part is missing.
    """
    needed = [path.with_suffix(suffix) for suffix in form.needed]
    if missing := [part.name for part in needed if not part.is_file()]:
        raise refused(path, f"a {form.called} needs {' and '.join(missing)} beside it")
    optional = [path.with_suffix(suffix) for suffix in form.optional]
    logs = [path.with_name(path.name + end) for end in LOGS] if form is GEOPACKAGE else []
    return [
        path,
        *needed,
        *filter(Path.is_file, optional),
        *(log for log in logs if log.is_file() and log.stat().st_size),
    ]
