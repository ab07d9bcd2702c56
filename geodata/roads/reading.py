"""A road network from any file that a council has: format found from the bytes, read once, kept for the next run."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from geodata import cache
from geodata.cells import listed, refused
from geodata.faults import Fault
from geodata.opening import GEOPACKAGE, SHAPEFILE, format_of, parts_of, read_head, source_of
from geodata.roads.network import Network, build_network
from geodata.roads.speeds import Speeds, read_speeds
from geodata.roads.stored import FORMAT, network_from_arrays, network_to_arrays
from geodata.roads.ways import Ways

WANTED = (
    "give an OpenStreetMap extract (.osm.pbf, .osm, .osm.gz or .osm.bz2), OS Open Roads, an OSMnx GraphML, "
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
    if format_of(head) in (GEOPACKAGE, SHAPEFILE):
        return _read_layer(path, speeds)
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<") and b"<graphml" in text:
        from geodata.roads.graphml import read_graphml

        return read_graphml(path, speeds)
    if text.startswith(b"<") and b"FeatureCollection" in text and b"RoadLink" in text:
        from geodata.roads import open_roads
        from geodata.roads.gml import read_links

        links = read_links(path)
        return open_roads.read_open_roads(links, open_roads.link_columns(list(links.fields)), speeds)
    from geodata.roads.extract import format_of as osm_format_of

    if form := osm_format_of(path):
        from geodata.roads.osm import read_extract

        return read_extract(path, speeds, form)
    if path.name.casefold().endswith(".pbf"):
        raise refused(path, "begins like no OpenStreetMap extract; is it damaged? Fetch it again")
    raise refused(path, f"is no road file that is known here; {WANTED}")


def _read_layer(path: Path, speeds: Speeds) -> Ways:
    """Read OS Open Roads, recognised by its fields; else the first layer of lines with a class or a speed."""
    from geodata.roads import any_lines, open_roads
    from geodata.roads.columns import find_columns
    from geodata.roads.lines import line_layers, read_lines

    layers = line_layers(path)
    links = {layer: named for layer, headings in layers.items() if (named := open_roads.link_columns(headings))}
    for layer, named in links.items():
        ways = open_roads.read_open_roads(read_lines(path, layer, list(named.values())), named, speeds)
        return _telling_layers(ways, layer, layers, links)
    roads = {layer: found for layer, headings in layers.items() if (found := find_columns(headings)).says_how_fast}
    for layer, columns in roads.items():
        return _telling_layers(any_lines.read_any_lines(path, layer, columns, speeds), layer, layers, roads)
    headings = [heading for some in layers.values() for heading in some]
    fix = "no column says how fast they are driven; add 'road_class' (motorway, primary ...) or 'speed_kph'"
    raise refused(path, f"{fix}; the headings are {listed(headings) or 'none'}")


def _telling_layers(ways: Ways, read: str, layers: Collection[str], fit: Collection[str]) -> Ways:
    """Return the ways with what is to be said of the other layers: a notice of those that hold roads as well."""
    others = [layer for layer in layers if layer != read]
    if not others:
        return ways
    account = f"{ways.source.name}: layer {read!r} read, not {listed(others)}"
    fix = "the layer read; others hold roads as well and were not read: keep one layer in the file, or join them"
    also = Fault(file=ways.source.name, column="layer", value=read, fix=fix)
    doubts = (also,) if any(layer in fit for layer in others) else ()
    return replace(ways, reading=(*ways.reading, account), notices=(*ways.notices, *doubts))
