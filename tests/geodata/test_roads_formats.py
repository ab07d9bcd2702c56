"""One town in every format and under every name that it comes in: the same roads, or a word that says what is amiss."""

from __future__ import annotations

import bz2
import gzip
import shutil

import osmium
import pyogrio
import pytest
from osmium.osm.mutable import Node, Way
from telling import faults_of
from towns import Town, road, write_gml, write_layer, write_open_roads, write_pbf

from geodata.roads.columns import find_columns
from geodata.roads.directions import read_directions
from geodata.roads.reading import read_network

CORNERS = {"A": (0.0, 0.0), "B": (900.0, 0.0), "C": (1700.0, 900.0), "D": (900.0, 1500.0)}
TOWN = Town(CORNERS, (road("AB"), road("BC", "primary"), road("BD", "tertiary", maxspeed="20 mph")))


def network(path):
    return read_network(path, use_cache=False)


def same(path, other):
    """Whether two files make the same edges, up to their order and the numbers of nodes."""
    return all(
        sorted(edges(a)) == sorted(edges(b)) and a.attribution == b.attribution
        for a, b in [(network(path), network(other))]
    )


def edges(found):
    return zip(*(column.tolist() for column in (found.forward_ms, found.backward_ms, found.centimetres)), strict=True)


def refusal(path):
    (told,) = faults_of(read_network, path, use_cache=False)
    assert told.startswith(path.name)
    return told


@pytest.fixture
def plain(tmp_path):
    return write_pbf(TOWN, tmp_path / "plain.osm.pbf")


def write_osm(path, *, sign=1, ways_first=False, without=(), form=None):
    """The town, with ids of this sign, in the order given, without these corners' nodes."""
    ids = {corner: sign * (1_000 + place) for place, corner in enumerate(TOWN.corners)}
    nodes = [Node(id=ids[corner], location=TOWN.degrees(corner)) for corner in TOWN.corners if corner not in without]
    ways = [
        Way(id=sign * (1 + place), nodes=[ids[corner] for corner in line.corners], tags=line.all_tags)
        for place, line in enumerate(TOWN.roads)
    ]
    with osmium.SimpleWriter(osmium.io.File(str(path), form) if form else str(path)) as writer:
        for one in (*ways, *nodes) if ways_first else (*nodes, *ways):
            (writer.add_way if isinstance(one, Way) else writer.add_node)(one)
    return path


# OpenStreetMap ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["t.osm.pbf", "t.osm", "t.osm.gz", "t.osm.bz2"])
@pytest.mark.parametrize("options", [{}, {"sign": -1}, {"ways_first": True}, {"sign": -1, "ways_first": True}])
def test_every_format_with_any_ids_in_any_order(tmp_path, plain, name, options):
    """JOSM numbers what is new from -1 down; tools that join files put lines before their nodes."""
    path = write_osm(tmp_path / name, **options)
    assert same(path, plain)
    assert network(path).reading == (f"{name}: 3 ways that a car may drive",)


def test_new_roads_between_old_ones(tmp_path):
    """A planned road whose nodes are in part new, with negative ids."""
    path = tmp_path / "planned.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for node_id, corner in ((-2, "C"), (-1, "B"), (1, "A"), (2, "D")):
            writer.add_node(Node(id=node_id, location=TOWN.degrees(corner)))
        writer.add_way(Way(id=-1, nodes=[1, -1, 2], tags={"highway": "tertiary"}))
        writer.add_way(Way(id=1, nodes=[-1, -2], tags={"highway": "tertiary"}))
    assert network(path).edges == 3


@pytest.mark.parametrize(
    ("name", "form"), [("roads.osm", "pbf"), ("roads.pbf", "osm"), ("roads", "osm.gz"), ("roads.osm.gz", "osm.bz2")]
)
def test_the_bytes_say_what_a_file_is_not_its_name(tmp_path, plain, name, form):
    assert same(write_osm(tmp_path / name, form=form), plain)


@pytest.mark.parametrize("name", ["named.sqlite", "roads.gpkg.bak", "roads"])
def test_a_geopackage_is_read_under_any_name(tmp_path, name):
    whole = layer(tmp_path, road_class="tertiary")
    (tmp_path / name).write_bytes(whole.read_bytes())
    assert same(tmp_path / name, whole)


@pytest.mark.parametrize("form", ["pbf", "osm", "osm.gz"])
def test_places_noted_at_the_ways(tmp_path, plain, form):
    """As osmium add-locations-to-ways writes them: nodes without tags are not there."""
    located = tmp_path / "located"
    index = osmium.NodeLocationsForWays(osmium.index.create_map("flex_mem"))
    only_ways = osmium.filter.EntityFilter(osmium.osm.WAY)
    with (
        osmium.io.Reader(str(plain)) as reader,
        osmium.SimpleWriter(osmium.io.File(str(located), f"{form},locations_on_ways=true")) as writer,
    ):
        osmium.apply(reader, index, only_ways, writer)
    assert same(located, plain)


def test_ways_without_their_nodes(tmp_path):
    path = write_osm(tmp_path / "cut.osm.pbf", without="D")
    found = network(path)
    assert found.reading == (
        "cut.osm.pbf: 3 ways that a car may drive, 1 of them without some of their nodes (1 left out)",
    )
    assert "of 3 roads, 1 lack nodes" in str(found.notices[0])
    nothing = write_osm(tmp_path / "nothing.osm.pbf", without="ABCD")
    assert "holds roads, but not the nodes that say where" in refusal(nothing)


def test_a_history_file_is_refused(tmp_path):
    """A later version deletes the road: whoever reads both drives on it still."""
    for name, form in (("roads.osh.pbf", "osh.pbf"), ("roads.osm", "osh"), ("roads.osm.gz", "osh.gz")):
        path = tmp_path / name
        with osmium.SimpleWriter(osmium.io.File(str(path), form)) as writer:
            for place, corner in enumerate(CORNERS):
                writer.add_node(Node(id=place + 1, version=1, location=TOWN.degrees(corner)))
            writer.add_way(Way(id=1, version=1, nodes=[1, 2], tags={"highway": "primary"}))
            writer.add_way(Way(id=1, version=2, visible=False, nodes=[]))
            writer.add_way(Way(id=2, version=1, nodes=[2, 3], tags={"highway": "primary"}))
        assert "osmium time-filter" in refusal(path), name


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("<way id='1' action='delete' version='1'><nd ref='1'/><nd ref='2'/></way>", "deleted roads (action='delete')"),
        ('<way id="1" visible="false" version="2"/>', 'deleted roads (visible="false")'),
    ],
)
def test_what_is_marked_as_deleted_is_refused(tmp_path, lines, told):
    path = tmp_path / "josm.osm"
    path.write_text(f"<?xml version='1.0'?><osm version='0.6' generator='JOSM'>{lines}</osm>", encoding="utf-8")
    assert told in refusal(path)
    change = "<?xml version='1.0'?><osmChange version='0.6'><create/></osmChange>"
    path.write_text(change, encoding="utf-8")
    assert "holds changes to a map" in refusal(path)


def test_a_way_that_is_there_twice_is_refused(tmp_path):
    path = tmp_path / "twice.osm.pbf"
    with osmium.SimpleWriter(str(path)) as writer:
        for place, corner in enumerate(CORNERS):
            writer.add_node(Node(id=place + 1, location=TOWN.degrees(corner)))
        for nodes in ([1, 2], [1, 3]):
            writer.add_way(Way(id=7, nodes=nodes, tags={"highway": "primary"}))
    assert "holds way 7 more than once" in refusal(path)


@pytest.mark.parametrize(("name", "pack"), [("t.osm.gz", gzip.compress), ("t.osm.bz2", bz2.compress)])
def test_a_packed_file_cut_short_or_of_something_else(tmp_path, name, pack):
    whole = write_osm(tmp_path / "t.osm").read_bytes()
    path = tmp_path / name
    path.write_bytes(pack(whole)[:-20])
    assert "cut short" in refusal(path) or "no road file" in refusal(path)
    path.write_bytes(pack(b"a,b\n1,2\n"))
    assert "no road file that is known here" in refusal(path)


# OS Open Roads ----------------------------------------------------------------------------------------------

OPEN_TOWN = Town(
    {**CORNERS, "E": (900.0, -700.0)},
    (road("AB", "trunk"), road("BC", "primary"), road("BD", "residential"), road("BE", "trunk_link")),
)
CAMEL = {
    "form_of_way": "formOfWay",
    "start_node": "startNode",
    "end_node": "endNode",
    "road_classification": "class",
    "road_function": "function",
    "primary_route": "primary",
    "trunk_road": "trunkRoad",
}


@pytest.fixture
def published(tmp_path):
    return write_open_roads(OPEN_TOWN, tmp_path / "oproad_gb.gpkg")


def renamed(path, other, names):
    """The links in another file, each heading as `names` says."""
    frame = pyogrio.read_dataframe(path).rename(columns=names)
    pyogrio.write_dataframe(frame, other)
    return other


def test_open_roads_as_a_shapefile(tmp_path, published):
    path = renamed(published, tmp_path / "SK_RoadLink.shp", CAMEL)
    assert same(path, published) and "OS Open Roads" in network(path).attribution[0]
    assert network(path).reading[0].startswith("SK_RoadLink.shp: 4 links of OS Open Roads; used: formOfWay, startNode")


@pytest.mark.filterwarnings("ignore:Normalized/laundered field name")
def test_open_roads_saved_from_the_geopackage_as_a_shapefile(tmp_path, published):
    path = renamed(published, tmp_path / "saved.shp", {})
    assert "road_class" in pyogrio.read_info(path)["fields"]
    assert same(path, published)


def test_open_roads_in_gml(tmp_path, published):
    path = write_gml(OPEN_TOWN, tmp_path / "OSOpenRoads_SK.gml")
    assert same(path, published)
    assert "4 links of OS Open Roads" in network(path).reading[0]


def test_gml_that_cannot_be_used(tmp_path):
    path = write_gml(OPEN_TOWN, tmp_path / "a.gml", "urn:ogc:def:crs:EPSG::4326")
    assert "is not on the British National Grid" in refusal(path)
    path = write_gml(OPEN_TOWN, tmp_path / "a.gml", head='<!DOCTYPE g [<!ENTITY a "aaaa">]>')
    assert "declares a document type" in refusal(path)
    whole = write_gml(OPEN_TOWN, tmp_path / "a.gml").read_text(encoding="utf-8")
    path.write_text(whole[: len(whole) // 2], encoding="utf-8")
    assert "cut short" in refusal(path)
    path.write_text(whole.replace("gml:posList", "gml:nothing"), encoding="utf-8")
    assert "a road link without a line" in refusal(path)


# Layers of lines --------------------------------------------------------------------------------------------

LINES = [[TOWN.grid(corner) for corner in line.corners] for line in TOWN.roads]
KPH_PER_MPH = 1.609344


def layer(tmp_path, suffix="gpkg", **columns):
    """The town's three lines, each with these values."""
    folder = tmp_path / f"{len(list(tmp_path.iterdir()))}"
    folder.mkdir()
    given = {name: values if isinstance(values, list) else [values] * 3 for name, values in columns.items()}
    return write_layer(folder / f"roads.{suffix}", LINES, "roads", **given)


def kph_of(path):
    """The mean speed along the three lines, the time lost at their junction included."""
    found = network(path)
    return round(found.centimetres.sum() / 100 / (found.forward_ms.sum() / 1000) * 3.6, 1)


@pytest.mark.parametrize(
    ("heading", "value", "kph"),
    [
        ("speed_kph", 60, 60),
        ("speed_mph", 40, 40 * KPH_PER_MPH),
        ("kph", 60, 60),
        ("Speed_KMH", 60, 60),
        ("SpeedMPH", 40, 40 * KPH_PER_MPH),
        ("avg_speed_kph", 60, 60),
        ("average_speed_mph", 40, 40 * KPH_PER_MPH),
        ("speed", "60 km/h", 60),
    ],
)
def test_speeds_as_driven(tmp_path, heading, value, kph):
    path = layer(tmp_path, **{heading: value})
    assert kph_of(path) == pytest.approx(kph, abs=0.2)
    assert f"used: {heading!r}" in network(path).reading[0]


@pytest.mark.parametrize(
    ("heading", "value", "same_as"),
    [
        ("speed_limit_mph", 20, "20 mph"),
        ("speedlimit_mph", 20, "20 mph"),
        ("SPEED_LIMIT_KPH", 50, "50"),
        ("maxspeed_mph", 20, "20 mph"),
        ("maxspeed", "20 mph", "20 mph"),
        ("max_speed_kmh", 50, "50"),
        ("posted_speed_mph", 20, "20 mph"),
        ("maxspeed_m", 20, "20 mph"),  # cut by a shapefile, but not beyond telling
        ("maxspeed_k", 50, "50"),
    ],
)
def test_limits_by_their_headings(tmp_path, heading, value, same_as):
    """As fast as OpenStreetMap's roads of the same class and limit."""
    path = layer(tmp_path, road_class="tertiary", **{heading: value})
    roads = tuple(road(line.corners, "tertiary", maxspeed=same_as) for line in TOWN.roads)
    osm = write_pbf(Town(CORNERS, roads), tmp_path / "osm.osm.pbf")
    assert kph_of(path) == kph_of(osm)
    assert network(path).notices == () and repr(heading) in network(path).reading[0]


@pytest.mark.parametrize(
    ("heading", "values", "unit"),
    [
        ("speed_limi", [20, 30, 60], "mph"),
        ("speedlimit", [20, 30, 60], "mph"),
        ("speed_limit", [20, 30, 60], "mph"),
        ("maxspeed", [20, 30, 60], "mph"),
        ("maxspeed", [48, 80, 96], "kph"),
        ("speed_limit", [50, 80, 100], "kph"),
    ],
)
def test_limits_whose_heading_states_no_unit_go_by_their_values_and_that_is_told(tmp_path, heading, values, unit):
    path = layer(tmp_path, road_class="tertiary", **{heading: values})
    plain = layer(tmp_path, road_class="tertiary", **{f"speed_limit_{unit}": values})
    assert same(path, plain)
    (notice,) = network(path).notices
    assert f"read as limits in {unit}, by their values alone" in str(notice) and heading in str(notice)


@pytest.mark.filterwarnings("ignore:Normalized/laundered field name")
def test_a_shapefile_saved_from_a_geopackage_keeps_its_limits(tmp_path):
    whole = layer(tmp_path, road_class="primary", speed_limit_mph=20)
    cut = renamed(whole, tmp_path / "cut.shp", {})
    assert pyogrio.read_info(cut)["fields"].tolist() == ["road_class", "speed_limi"]
    assert same(cut, whole)


def test_what_looks_like_a_speed_and_cannot_be_used_is_told(tmp_path):
    plain = layer(tmp_path, road_class="tertiary")
    for heading, values in (("speed", 43.7), ("speed_limit", [23, 33, 43]), ("spd_lmt", 30), ("night_speed_mph", 30)):
        path = layer(tmp_path, road_class="tertiary", **{heading: values})
        (notice,) = network(path).notices
        assert same(path, plain) and heading in str(notice) and "was not used" in str(notice)
        assert "speed_limit_mph or speed_limit_kph" in str(notice)
    assert "does not say whether in miles or in km an hour" in refusal(layer(tmp_path, speed_limit=[23, 33, 43]))


@pytest.mark.parametrize(
    ("texts", "directions", "told"),
    [
        (["yes", "no", "-1", ""], "> = < =", ""),
        (["1", "0", "1", "0"], "> = > =", ""),
        (["TRUE", "FALSE", "TRUE", "FALSE"], "> = > =", ""),
        (["Y", "N", "N", "N"], "> = = =", ""),
        (["FT", "TF", "N", ""], "> < x =", "N as shut both ways"),
        (["F", "T", "B", "B"], "> < = =", "F and T as along and against the line"),
        (["F", "T", "F", "F"], "= > = =", "T and F as true and false"),
        (["inDirection", "inOppositeDirection", "bothDirections", "both directions"], "> < = =", ""),
        (["reversible", "no", "no", "no"], "x = = =", ""),
        (["sometimes", "no", "no", "no"], "? = = =", ""),
    ],
)
def test_directions_in_the_words_of_many_systems(texts, directions, told):
    signs = {(True, False): ">", (False, True): "<", (True, True): "=", (False, False): "x", None: "?"}
    found, made_of = read_directions(texts)
    assert (" ".join(signs[direction] for direction in found), made_of) == (directions, told)


def test_columns_are_found_whole_cut_or_not_at_all():
    found = find_columns(["ID", "ROAD_CLASS", "OneWay", "speed_limi", "speed_li_1", "weight_limit"])
    assert (found.road_class, found.one_way, found.limit.heading) == ("ROAD_CLASS", "OneWay", "speed_limi")
    assert found.ignored == ("speed_li_1",) and found.limit.unit == "" and found.driven is None
    assert not find_columns(["name", "length"]).says_how_fast


def test_the_layer_that_is_read_is_named_and_so_are_others(tmp_path):
    path = layer(tmp_path, road_class="tertiary")
    write_layer(path, LINES[:1], "rails", name=["x"])
    found = network(path)
    assert found.reading[-1] == "roads.gpkg: layer 'roads' read, not 'rails'" and found.notices == ()
    write_layer(path, LINES[:1], "roads_2019", road_class=["tertiary"])
    assert "others hold roads as well and were not read" in str(network(path).notices[0])


@pytest.mark.parametrize(
    "system",
    [
        'LOCAL_CS["site grid",UNIT["metre",1]]',
        'ENGCRS["site grid",EDATUM["site"],CS[Cartesian,2],AXIS["x",east],AXIS["y",north],LENGTHUNIT["metre",1]]',
    ],
)
@pytest.mark.parametrize("suffix", ["gpkg", "shp"])
def test_a_grid_of_a_building_site_says_nothing_of_where_on_earth(tmp_path, suffix, system):
    path = write_layer(tmp_path / f"roads.{suffix}", LINES, "roads", system, road_class=["tertiary"] * 3)
    assert "EPSG:27700" in refusal(path)


def test_what_was_read_is_kept_with_the_network(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    path = layer(tmp_path, road_class="tertiary", spd_lmt=30)
    first, again = read_network(path), read_network(path)
    assert first.reading == again.reading != () and first.notices == again.notices != ()
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
