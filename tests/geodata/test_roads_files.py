"""What is said of a road file that cannot be used: always its name and a fix; and what is read of one that can."""

from __future__ import annotations

import gc

import numpy as np
import osmium
import pytest
from osmium.osm.mutable import Node
from telling import faults_of
from towns import Town, road, write_graphml, write_layer, write_lines, write_open_roads, write_pbf

from geodata.roads.osm import read_extract
from geodata.roads.polyline import decode_polyline, encode_polyline
from geodata.roads.reading import read_network
from geodata.roads.speeds import OUR_TABLE, read_speeds

TOWN = Town({"A": (0.0, 0.0), "B": (900.0, 0.0), "C": (1700.0, 900.0)}, (road("AB"), road("BC", "primary")))
GRID = [[(480_000, 310_000), (481_000, 310_000)]]


def refusal(path):
    """The one fault, which names the file."""
    (told,) = faults_of(read_network, path, use_cache=False)
    assert told.startswith(path.name)
    return told


@pytest.fixture
def extract(tmp_path):
    return write_pbf(TOWN, tmp_path / "town.osm.pbf")


def test_no_file_an_empty_one_and_one_of_something_else(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.osm.pbf")
    for name, content, told in (
        ("empty.osm.pbf", b"", "the file is empty"),
        ("zip.osm.pbf", b"PK\x03\x04zip", "no OpenStreetMap extract"),
        ("list.csv", b"a,b\n1,2\n", "no road file that is known here; give an OpenStreetMap extract"),
        ("map.osm", b"<?xml version='1.0'?><osm version='0.6'></osm>", "no road a car may drive"),
        ("page.html", b"<html></html>", "no road file that is known here"),
    ):
        (tmp_path / name).write_bytes(content)
        assert told in refusal(tmp_path / name), name


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_truncated_extract(tmp_path, share):
    whole = write_pbf(
        Town({chr(0x4E00 + at): (at * 90.0 % 7919, at * 37.0 % 6007) for at in range(3000)}, ()), tmp_path / "w.osm.pbf"
    )
    content = whole.read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(content[: int(len(content) * share)])
    assert "cut short" in refusal(cut)


def test_an_extract_with_nothing_or_no_road_in_it(tmp_path):
    nothing = tmp_path / "nothing.osm.pbf"
    with osmium.SimpleWriter(str(nothing)):
        pass
    assert "no road" in refusal(nothing)
    houses = tmp_path / "houses.osm.pbf"
    with osmium.SimpleWriter(str(houses)) as writer:
        writer.add_node(Node(id=1, location=(-0.7, 52.6), tags={"building": "yes"}))
    assert "no road" in refusal(houses)
    paths = write_pbf(Town(TOWN.corners, (road("AB", "footway"),)), tmp_path / "paths.osm.pbf")
    assert "no road" in refusal(paths)
    dead_end = write_pbf(Town(TOWN.corners, (road("AB", oneway="yes"),)), tmp_path / "one_way.osm.pbf")
    assert "there and back" in refusal(dead_end)


def test_roads_cut_at_the_edge_are_used_as_far_as_they_go(tmp_path):
    """The second node of five was cut away: only what lies beyond it is a road still."""
    path = tmp_path / "cut.osm.pbf"
    town = Town({letter: (500.0 * at, 0.0) for at, letter in enumerate("ABCDE")}, ())
    with osmium.SimpleWriter(str(path)) as writer:
        for node_id, corner in enumerate("ABCDE"):
            if corner != "B":
                writer.add_node(Node(id=node_id, location=town.degrees(corner)))
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=range(5), tags={"highway": "tertiary"}))
    assert read_network(path, use_cache=False).centimetres.sum() == pytest.approx(100_000, rel=2e-3)


def test_places_that_are_on_no_globe(tmp_path):
    path = tmp_path / "far.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for node_id, (longitude, latitude) in enumerate(((-0.7, 52.6), (-0.69, 52.6), (-0.68, 97.0), (-0.67, 52.6))):
            writer.add_node(Node(id=node_id, location=osmium.osm.Location(longitude, latitude)))
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=range(4), tags={"highway": "tertiary"}))
    assert "invalid location" in refusal(path)
    gc.collect()  # what failed must not be freed, which would end this process


def test_a_tag_says_what_it_says_whatever_signs_it_holds(tmp_path):
    """OSM's line format writes signs as numbers; a name must not pass for another tag, nor a limit be misread."""
    named = "Ford, access=no highway=steps n7x1y2\nw1 % %2c% Àé🚜"
    town = Town(
        TOWN.corners,
        (road("AB", "unclassified", name=named, maxspeed="20 mph"), road("BC", "primary", maxspeed="GB:nsl_single")),
        {"B": {"name": named, "highway": "traffic_signals"}},
    )
    ways = read_extract(write_pbf(town, tmp_path / "named.osm.pbf"), read_speeds())
    assert [(kind.road, round(kind.limit_kph)) for kind in ways.kinds] == [("unclassified", 32), ("primary", 97)]
    assert ways.seconds == {1_001: 10.0}


def test_node_numbers_are_kept(extract):
    assert set(read_network(extract, use_cache=False).node.tolist()) == {1_000, 1_002}


def test_roads_that_cross_without_a_common_node_do_not_meet(tmp_path):
    """A bridge over a road, its nodes on the very same spot."""
    corners = {
        "A": (0.0, 0.0),
        "M": (500.0, 0.0),
        "B": (1000.0, 0.0),
        "N": (500.0, 0.0),
        "S": (500.0, -500.0),
        "T": (500.0, 500.0),
    }
    network = read_network(
        write_pbf(Town(corners, (road("AMB"), road("SNT", bridge="yes"))), tmp_path / "b.osm.pbf"), use_cache=False
    )
    assert sorted(network.part.tolist()) == [0, 1]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda text: "<graphml>" + text[200:600], "is no GraphML, or one cut short"),
        (lambda text: text[: len(text) // 2], "cut short"),
        (
            lambda text: text.replace('attr.name="highway"', 'attr.name="colour"'),
            "is no road graph: no edge has a 'highway'",
        ),
        (lambda text: text.replace('attr.name="x"', 'attr.name="left"'), "its nodes need x and y"),
        (
            lambda text: text.replace("<graphml", '<!DOCTYPE g [<!ENTITY a "aaaa">]><graphml', 1),
            "declares a document type",
        ),
        (lambda text: text.replace("LINESTRING (", "LINESTRING ((("), "holds a shape that cannot be read"),
        (lambda text: text.replace("epsg:4326", "epsg:999999"), "a coordinate system that nobody knows"),
        (
            lambda text: text.replace(">-0.", ">-900.").replace("(-0.", "(-900.").replace(", -0.", ", -900."),
            "outside its coordinate system",
        ),
    ],
)
def test_graphml_that_is_no_road_graph(tmp_path, change, told):
    path = write_graphml(TOWN, tmp_path / "town.graphml")
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    assert told in refusal(path)


@pytest.mark.parametrize(
    ("crs", "lines", "told"),
    [
        ("EPSG:4326", [[(-0.7, 52.6), (-0.6, 52.6)]], "is in degrees (WGS 84); save it in metres"),
        ("EPSG:2263", GRID, "is in US survey foot"),
        (None, GRID, "states no coordinate system (CRS)"),
        ("EPSG:27700", [[(-0.7, 52.6), (-0.6, 52.6)]], "its coordinates are degrees"),
    ],
)
@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_a_layer_not_in_metres(tmp_path, suffix, crs, lines, told):
    path = write_layer(tmp_path / f"roads.{suffix}", lines, "roads", crs, highway=["primary"] * len(lines))
    assert told in refusal(path)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"name": ["High Street"]}, "no column says how fast they are driven; add 'road_class'"),
        (
            {"road_class": ["motor trail"]},
            "roads.gpkg, row 2, road_class = 'motor trail': no class in the table of speeds",
        ),
        ({"road_class": ["track"]}, "no class in the table of speeds"),
        ({"speed_kph": [-30.0]}, "row 2, speed_kph = '-30': give a speed over 0"),
        ({"speed_kph": ["fast"]}, "give a speed over 0"),
        ({"speed_kph": [500.0]}, "give a speed over 0 and at most 200"),
        ({"speed_kph": [50.0], "oneway": ["sometimes"]}, "say yes, no, or -1"),
        ({"road_class": ["restricted local access road"]}, "no road a car may drive"),
    ],
)
def test_a_layer_that_does_not_say_how_fast(tmp_path, columns, told):
    assert told in refusal(write_layer(tmp_path / "roads.gpkg", GRID, "roads", **columns))


def test_other_damage_to_layers(tmp_path):
    whole = write_lines(TOWN, tmp_path / "whole.gpkg").read_bytes()
    (tmp_path / "cut.gpkg").write_bytes(whole[: len(whole) // 3])
    assert "cannot be read" in refusal(tmp_path / "cut.gpkg") or "holds" in refusal(tmp_path / "cut.gpkg")
    shapefile = write_lines(TOWN, tmp_path / "roads.shp")
    shapefile.with_suffix(".shx").unlink()
    assert "needs roads.shx beside it" in refusal(shapefile)


def test_open_roads_is_credited_and_leaves_out_what_is_closed_to_cars(tmp_path):
    network = read_network(write_open_roads(TOWN, tmp_path / "o.gpkg"), use_cache=False)
    assert "Ordnance Survey" in network.attribution[0] or "OS Open Roads" in network.attribution[0]
    links = {
        "form_of_way": ["Single Carriageway", "Guided Busway", "Single Carriageway"],
        "start_node": ["a", "b", "c"],
    }
    links |= {"end_node": ["b", "c", "d"], "road_classification": ["B Road", "B Road", "Unclassified"]}
    links |= {"road_function": ["B Road", "B Road", "Restricted Local Access Road"], "length": [1000.0, 500.0, 700.0]}
    path = write_layer(tmp_path / "p.gpkg", GRID * 3, "road_link", **links)
    assert read_network(path, use_cache=False).centimetres.tolist() == [100_000]


def test_open_roads_own_length_is_taken(tmp_path):
    links = {
        "form_of_way": ["Single Carriageway"],
        "start_node": ["a"],
        "end_node": ["b"],
        "road_classification": ["B Road"],
    }
    path = write_layer(tmp_path / "p.gpkg", GRID, "road_link", **links, road_function=["B Road"], length=[1234.0])
    assert read_network(path, use_cache=False).centimetres.tolist() == [123_400]


def test_openstreetmap_is_credited(extract):
    assert read_network(extract, use_cache=False).attribution == ("Roads © OpenStreetMap contributors, ODbL 1.0",)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("kph = 4.8", "kph = -1"), "walk.kph = '-1'"),
        (("kph = 4.8", "kps = 5"), "walk.kps"),
        (('"a road" = "primary"', '"a road" = "primrose"'), "same_as = 'primrose': no class of [roads]"),
        (("format = 1", "format = ["), "not a TOML file"),
        (('"barrier=bollard" = "shut"', '"barrier=bollard" = "ajar"'), "on_the_way.barrier=bollard"),
    ],
)
def test_a_table_of_speeds_that_is_wrong(tmp_path, change, told):
    path = tmp_path / "mine.toml"
    path.write_text(OUR_TABLE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    assert any(told in fault and fault.startswith("mine.toml") for fault in faults_of(read_speeds, path))


def test_polylines_by_the_published_example():
    points = [(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)]
    assert encode_polyline(points) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"
    assert decode_polyline(encode_polyline(points)).tolist() == [list(point) for point in points]
    assert encode_polyline(np.empty((0, 2))) == ""
    for broken in ("_p~iF", "_p~i\x01", "_"):
        with pytest.raises(ValueError, match="polyline"):
            decode_polyline(broken)
