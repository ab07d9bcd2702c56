"""A road network from any file that a council has: format found from the bytes, read once, kept for the next run."""

from __future__ import annotations

from pathlib import Path

from geodata import cache
from geodata.cells import find_heading, listed, refused
from geodata.opening import GEOPACKAGE, SHAPEFILE, format_of, parts_of, read_head, source_of
from geodata.roads.network import Network, build_network
from geodata.roads.speeds import Speeds, read_speeds
from geodata.roads.stored import FORMAT, network_from_arrays, network_to_arrays
from geodata.roads.ways import Ways

WANTED = (
    "give an OpenStreetMap extract (.osm.pbf), OS Open Roads (GeoPackage), an OSMnx GraphML, "
    "or a GeoPackage or shapefile of lines"
)


def read_network(path: Path | str, speeds: Speeds | None = None, *, use_cache: bool = True) -> Network:
    """Read the roads a car may drive, from an OpenStreetMap extract, OS Open Roads, OSMnx GraphML or a line layer.

    Raises BadData, with the file and an instruction, where the file is of another format, damaged, without roads or
    speeds, or not in metres. The network is kept in the user's cache directory, by content, name and speeds, unless
    `use_cache` is False.
    """
    path, speeds = Path(path), speeds or read_speeds()
    read_head(path)  # refuses a file that is missing or empty
    if not use_cache:
        return build_network(_read_ways(path, speeds), speeds)
    key = cache.key("roads", FORMAT, source_of(*_files(path)).sha256, path.name, speeds.digest)
    if (arrays := cache.load(key)) is not None and (kept := network_from_arrays(arrays)) is not None:
        return kept
    network = build_network(_read_ways(path, speeds), speeds)
    cache.store(key, network_to_arrays(network))
    return network


def _files(path: Path) -> list[Path]:
    """Return all files of the input: a shapefile has several."""
    form = format_of(read_head(path))
    return [path] if form is None else parts_of(path, form)


def _read_ways(path: Path, speeds: Speeds) -> Ways:
    """Read ways by the first bytes. Readers are imported only here, because pyosmium and GDAL are slow to load."""
    head = read_head(path)
    if head[4:6] == b"\x0a\x09" and head[6:15] == b"OSMHeader":
        from geodata.roads.osm import read_extract

        return read_extract(path, speeds)
    if format_of(head) in (GEOPACKAGE, SHAPEFILE):
        return _read_layer(path, speeds)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<") and b"<graphml" in text:
        from geodata.roads.graphml import read_graphml

        return read_graphml(path, speeds)
    if text.startswith(b"<") and b"<osm" in text:
        raise refused(path, "is OpenStreetMap's XML; convert it with: osmium cat FILE -o roads.osm.pbf")
    if path.name.casefold().endswith(".pbf"):
        raise refused(path, "begins like no OpenStreetMap extract; is it damaged? Fetch it again")
    raise refused(path, f"is no road file that is known here; {WANTED}")


def _read_layer(path: Path, speeds: Speeds) -> Ways:
    """Read OS Open Roads, recognised by its fields; else the first layer of lines with a class or a speed."""
    from geodata.roads import any_lines, open_roads
    from geodata.roads.lines import line_layers

    layers = line_layers(path)
    for layer, headings in layers.items():
        if all(find_heading(headings, field) for field in open_roads.TOLD_BY):
            return open_roads.read_open_roads(path, layer, speeds)
    for layer, headings in layers.items():
        if find_heading(headings, *any_lines.CLASSES, *any_lines.DRIVEN, *any_lines.LIMITS):
            return any_lines.read_any_lines(path, layer, speeds)
    headings = [heading for some in layers.values() for heading in some]
    fix = "no column says how fast they are driven; add 'road_class' (motorway, primary ...) or 'speed_kph'"
    raise refused(path, f"{fix}; the headings are {listed(headings) or 'none'}")
