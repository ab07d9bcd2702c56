"""An OpenStreetMap file in any of its formats: lines and points picked out by tag, each line with its nodes' places.

libosmium chooses, locates and writes without Python: asking it for node after node takes three times as long as reading
the text that it wrote. What its table of places does not know (negative ids, as JOSM gives them; nodes that stand after
the lines; places noted at the lines themselves) is looked up once more, only where something is missing.
"""

from __future__ import annotations

import bz2
import ctypes
import gzip
import re
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, cast

import osmium

from geodata.cells import refused
from geodata.opening import CHUNK_BYTES, open_regular, read_head

PBF, XML, GZIP, BZIP2 = "pbf", "osm", "osm.gz", "osm.bz2"
UNPACKED_BYTES_MAX = 32 * 2**30  # Great Britain takes 30 GB as XML
PLACELESS = re.compile(r"n(-?[0-9]+)xy")
PLACED = re.compile(r"n(-?[0-9]+)(x-?[0-9.]+y-?[0-9.]+)")
DELETED = re.compile(rb"""\b(?:visible=["']false|action=["']delete)["']""")
LONGEST = 32  # bytes of what DELETED finds
A_DAY = "make an extract of one day: osmium time-filter FILE 2026-11-01T00:00:00Z -o roads.osm.pbf"

Tags = Sequence[tuple[str, str]]


def format_of(path: Path) -> str:
    """Return the format of an OpenStreetMap file, by its bytes, in libosmium's words; "" for any other file."""
    head = read_head(path)
    if head[4:15] == b"\x0a\x09OSMHeader":
        return PBF
    packed = GZIP if head.startswith(b"\x1f\x8b") else BZIP2 if head.startswith(b"BZh") else XML
    try:
        with _unpacked(path, packed) as stream:
            text = stream.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    except (OSError, EOFError, zlib.error):
        return ""
    return packed if text.startswith(b"<") and re.search(rb"<osm(Change)?[\s>]", text) else ""


@contextmanager
def _unpacked(path: Path, form: str) -> Iterator[IO[bytes]]:
    """Yield the bytes of an XML file as a stream, unpacked."""
    with open_regular(path) as packed, ExitStack() as opened:
        match form:
            case "osm.gz":
                yield opened.enter_context(cast(IO[bytes], gzip.GzipFile(fileobj=packed)))
            case "osm.bz2":
                yield opened.enter_context(cast(IO[bytes], bz2.BZ2File(packed)))
            case _:
                yield packed


def picked_out(path: Path, form: str, ways: Tags, points: Tags) -> list[str]:
    """Return ways and points with one of these tags, one a line in OSM's own line format (OPL).

    Raises BadData for a file that holds deleted things too, and RuntimeError for damage.
    """
    if form != PBF:
        _refuse_deleted(path, form)
    lines, is_located = _pass(path, form, ways, points)
    missing = {found for line in lines if "xy" in line for found in PLACELESS.findall(line)}
    if missing:
        places = {} if is_located else _places(path, form, ways, missing)
        lines = [PLACELESS.sub(lambda found: _with_place(found, places), line) for line in lines]
    names = [line.partition(" ")[0] for line in lines]
    if len(set(names)) < len(names):
        again = next(name for place, name in enumerate(names) if name in names[:place])
        fix = (
            f"holds {'way' if again[0] == 'w' else 'node'} {again[1:]} more than once, as a history file does; {A_DAY}"
        )
        raise refused(path, fix)
    return lines


def _with_place(found: re.Match[str], places: Mapping[str, str]) -> str:
    return f"n{found[1]}{places.get(found[1], 'xy')}"


def _refuse_deleted(path: Path, form: str) -> None:
    """Refuse XML in which things are marked as deleted: whoever draws them draws what is no longer there."""
    tail, unpacked_bytes = b"", 0
    try:
        with _unpacked(path, form) as stream:
            while chunk := stream.read(CHUNK_BYTES):
                if (unpacked_bytes := unpacked_bytes + len(chunk)) > UNPACKED_BYTES_MAX:
                    raise refused(path, f"unpacks to over {UNPACKED_BYTES_MAX // 2**30} GB; cut it to the county")
                if not tail and b"<osmChange" in chunk[:4096]:
                    raise refused(path, f"holds changes to a map, not a map; apply them, or {A_DAY}")
                if found := DELETED.search(tail + chunk):
                    fix = f"holds deleted roads ({found[0].decode()}), as a history file or JOSM's edits do; {A_DAY}"
                    raise refused(path, f"{fix}, or upload the edits in JOSM and fetch the map again")
                tail = chunk[-LONGEST:]
    except (OSError, EOFError, zlib.error) as error:
        raise refused(path, f"cannot be unpacked to its end ({error}): it is cut short; fetch it again") from None


def _reader(path: Path, form: str, entities: osmium.osm.osm_entity_bits) -> osmium.io.Reader:
    return osmium.io.Reader(osmium.io.File(str(path.absolute()), form), entities)


def _pass(path: Path, form: str, ways: Tags, points: Tags) -> tuple[list[str], bool]:
    """Return the lines of one reading, and whether the file notes places at its ways."""
    nodes_and_ways = osmium.osm.NODE | osmium.osm.WAY
    with _reader(path, form, nodes_and_ways) as reader:
        header = reader.header()
        if header.has_multiple_object_versions:
            raise refused(path, f"is a history file, which holds what was deleted too; {A_DAY}")
        is_located = any(header.get(f"pbf_optional_feature_{at}") == "LocationsOnWays" for at in range(10))
        roads, at_points = osmium.filter.TagFilter(*ways), osmium.filter.TagFilter(*points)
        roads.enable_for(osmium.osm.WAY)
        at_points.enable_for(osmium.osm.NODE)
        locations = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
        locations.ignore_errors()
        handlers = [roads, at_points] if is_located else [roads, locations, at_points]  # only roads are located
        return _written(reader, *handlers), is_located


def _places(path: Path, form: str, ways: Tags, missing: set[str]) -> dict[str, str]:
    """Return the places of these nodes, as OPL writes them, from anywhere in the file."""
    places: dict[str, str] = {}
    if form != PBF:  # XML notes places at the nodes of a way, where it does, without saying so at the top
        roads = osmium.filter.TagFilter(*ways)
        roads.enable_for(osmium.osm.WAY)
        with _reader(path, form, osmium.osm.WAY) as reader:
            for line in _written(reader, roads):
                places.update(PLACED.findall(line))
    if late := [int(node) for node in missing - places.keys() if node[0] != "-"]:
        tracker = osmium.IdTracker()
        for number in late:
            tracker.add_node(number)
        wanted = tracker.id_filter()
        wanted.enable_for(osmium.osm.NODE)
        with _reader(path, form, osmium.osm.NODE) as reader:
            for line in _written(reader, wanted):
                name, *_, x, y = line.split(" ")
                places[name[1:]] = x + y
    if negative := {int(node) for node in missing - places.keys() if node[0] == "-"}:
        for node in osmium.FileProcessor(osmium.io.File(str(path.absolute()), form), osmium.osm.NODE):
            if isinstance(node, osmium.osm.Node) and node.id in negative and node.location.valid():
                places[str(node.id)] = f"x{node.location.lon:.7f}y{node.location.lat:.7f}"
    return places


def _written(reader: osmium.io.Reader, *handlers: object) -> list[str]:
    """Return what the handlers let through, in OPL."""
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "roads.opl"
        with _writer(osmium.io.File(str(lines), "opl,add_metadata=false,locations_on_ways=true")) as writer:
            osmium.apply(reader, *handlers, writer)
        return lines.read_text(encoding="utf-8").split("\n")[:-1]


@contextmanager
def _writer(file: osmium.io.File) -> Iterator[osmium.SimpleWriter]:
    """Yield osmium's writer, which is never freed after a failure.

    To free the writer then would end the whole process (osmium 4.3 throws an exception).
    """
    writer = osmium.SimpleWriter(file)
    try:
        yield writer
        writer.close()
    except BaseException:
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(writer))
        raise
