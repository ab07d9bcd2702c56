"""One network, whatever the file; and every rule of the road by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from math import ceil

import numpy as np
import pytest
from identifiers import ints
from towns import ORIGIN, Road, Town, road, write_graphml, write_layer, write_lines, write_open_roads, write_pbf

from geodata.faults import BadData
from geodata.roads.reading import read_network
from geodata.roads.speeds import OUR_TABLE, read_speeds
from geodata.roads.travel import RoadTravel

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def square_town(side=5, metres=700):
    """A lattice of roads of every class, each with a bend halfway."""
    corners = {
        LETTERS[place]: (metres * east, metres * north)
        for place, (east, north) in enumerate(product(range(side), range(side)))
    }
    names = np.array(list(corners)).reshape(side, side)
    classes = ["trunk", "primary", "secondary", "tertiary", "unclassified", "residential"]
    roads = []
    for place, line in enumerate([*names, *names.T]):
        for one, other in pairwise(line):
            bend = LETTERS[len(corners)] if len(corners) < len(LETTERS) else chr(0x100 + len(corners))
            middle = np.add(corners[one], corners[other]) / 2 + (30, -20)
            corners[bend] = tuple(middle.tolist())
            roads.append(Road(f"{one}{bend}{other}", classes[place % len(classes)]))
    return Town(corners, tuple(roads))


def travel(path, town, at, **options):
    """Between places at corners, or at metres from ORIGIN, in order."""
    points = np.rint([town.grid(place) if isinstance(place, str) else np.add(ORIGIN, place) for place in at])
    return RoadTravel(
        read_network(path, use_cache=False), np.arange(1, len(at) + 1), points[:, 0], points[:, 1], **options
    )


def minutes(path, town, at, **options):
    """Minutes from each to each, -1 where there is no way."""
    found = travel(path, town, at, **options)
    origin, destination = np.indices((len(at), len(at)))
    centiminutes, _ = found.between(origin, destination)
    return np.where(centiminutes < 0, -1, centiminutes / 100)


def drive(town, tmp_path, at):
    return minutes(write_pbf(town, tmp_path / "town.osm.pbf"), town, at)


def test_one_network_takes_the_same_minutes_in_every_format(tmp_path):
    town = square_town()
    places = [(200, 10), (2500, 20), (1600, 1390), (1240, 2800), (690, 900), (2810, 1900)]
    files = {
        "extract": write_pbf(town, tmp_path / "town.osm.pbf"),
        "graph": write_graphml(town, tmp_path / "town.graphml"),
        "Open Roads": write_open_roads(town, tmp_path / "oproad.gpkg"),
        "lines": write_lines(town, tmp_path / "lines.gpkg"),
        "shapefile": write_lines(town, tmp_path / "lines.shp"),
    }
    reference = minutes(files.pop("extract"), town, places)
    off = ~np.eye(len(places), dtype=bool)
    assert reference[off].min() > 0.8 and reference.max() < 12
    for told, path in files.items():
        assert np.abs(minutes(path, town, places)[off] / reference[off] - 1).max() < 0.01, told


# A straight road of two km, A-B-C, with a school at each end; what it takes by hand.

STRAIGHT = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (2000.0, 0.0)}


def straight(**tags):
    return Town(STRAIGHT, (road("ABC", **tags),))


@pytest.mark.parametrize(
    ("tags", "kph"),
    [
        ({}, 45),  # tertiary in the country
        ({"highway": "trunk"}, 85),
        ({"lit": "yes"}, 36),  # street lights make it a built-up area
        ({"maxspeed": "30 mph"}, 0.85 * 48.28),
        ({"maxspeed": "30mph"}, 0.85 * 48.28),
        ({"maxspeed": "50"}, 0.85 * 50),
        ({"maxspeed": "50 km/h"}, 0.85 * 50),
        ({"maxspeed": "GB:nsl_single"}, 0.85 * 96.56),
        ({"maxspeed__type": "GB:nsl_restricted"}, 0.85 * 48.28),
        ({"maxspeed": "60 mph;40 mph"}, 0.85 * 64.37),  # of a list the lowest
        ({"maxspeed": "signals"}, 45),  # says nothing
        ({"maxspeed": "900"}, 45),
        ({"surface": "gravel", "maxspeed": "60 mph"}, 40),
        ({"lanes": "1"}, 45 * 0.75),
        ({"width": "3.5 m"}, 45 * 0.75),
        ({"highway": "service", "service": "driveway"}, 10),
        ({"ford": "yes"}, 10),
    ],
)
def test_speeds(tmp_path, tags, kph):
    assert drive(straight(**tags), tmp_path, "AC")[0, 1] == pytest.approx(120 / kph, abs=0.015)


def test_a_limit_of_its_own_each_way(tmp_path):
    there_and_back = drive(straight(maxspeed__forward="60 mph", maxspeed__backward="30 mph"), tmp_path, "AC")
    assert there_and_back[1, 0] == pytest.approx(2 * there_and_back[0, 1], abs=0.03)


def ring(**tags):
    """A-B by a road of 2 km, and a way round of 6 km."""
    corners = {"A": (0.0, 0.0), "M": (1000.0, 0.0), "B": (2000.0, 0.0), "C": (2000.0, 2000.0), "D": (0.0, 2000.0)}
    return Town(corners, (road("AMB", **tags), road("BCDA")))


@pytest.mark.parametrize(
    ("tags", "there", "back"),
    [
        ({}, 2, 2),
        ({"oneway": "yes"}, 2, 6),
        ({"oneway": "-1"}, 6, 2),
        ({"oneway": "yes", "oneway__motorcar": "no"}, 2, 2),
        ({"junction": "roundabout"}, 2, 6),
        ({"junction": "roundabout", "oneway": "no"}, 2, 2),
        ({"oneway": "reversible"}, 6, 6),
        ({"access": "private"}, 6, 6),
        ({"access": "no", "motor_vehicle": "yes"}, 2, 2),
        ({"motor_vehicle": "private"}, 6, 6),
        ({"access": "destination"}, 2, 2),
        ({"area": "yes"}, 6, 6),
        ({"highway": "track"}, 6, 6),
        ({"highway": "footway"}, 6, 6),
    ],
)
def test_where_a_car_may_go(tmp_path, tags, there, back):
    path = write_pbf(ring(**tags), tmp_path / "ring.osm.pbf")
    _, metres = travel(path, ring(), "AB").between([0, 1], [1, 0])
    assert metres.tolist() == pytest.approx([1000 * there, 1000 * back], rel=2e-3)


def test_a_motorway_is_one_way_and_nobody_stops_on_it(tmp_path):
    path = write_pbf(ring(highway="motorway"), tmp_path / "ring.osm.pbf")
    found = travel(path, ring(), ["A", "B", (1000, 40)], snap_metres_max=2500)
    assert ints(found.between([0, 1], [1, 0])[1].tolist()) == pytest.approx([2000, 6000], rel=2e-3)
    assert found.kerbs[2].walk_metres > 900


@pytest.mark.parametrize(
    ("tags", "metres", "seconds"),
    [
        ({"barrier": "gate"}, 2000, 60),
        ({"barrier": "gate", "access": "private"}, 6000, 0),
        ({"barrier": "bollard"}, 6000, 0),
        ({"barrier": "bollard", "motor_vehicle": "yes"}, 2000, 0),
        ({"barrier": "cattle_grid"}, 2000, 2),
        ({"highway": "traffic_signals"}, 2000, 10),
        ({"railway": "level_crossing"}, 2000, 5),
        ({"ford": "yes"}, 2000, 15),
        ({"highway": "bus_stop"}, 2000, 0),
    ],
)
def test_points_on_the_way(tmp_path, tags, metres, seconds):
    town = replace(ring(), tags={"M": tags})
    centiminutes, far = travel(write_pbf(town, tmp_path / "ring.osm.pbf"), town, "AB").between(0, 1)
    assert far == pytest.approx(metres, rel=2e-3)
    assert centiminutes / 100 == pytest.approx(metres / 750 + seconds / 60, abs=0.015)


def test_a_bar_shuts_only_its_own_point(tmp_path):
    """Both sides of the bollard are reached, each from its own end."""
    town = replace(ring(), tags={"M": {"barrier": "bollard"}})
    path = write_pbf(town, tmp_path / "ring.osm.pbf")
    _, metres = travel(path, town, [(900, 0), (1100, 0)]).between([0, 1], [1, 0])
    assert metres.tolist() == pytest.approx([7800, 7800], rel=2e-3)


@pytest.mark.parametrize(
    ("duration", "expected"), [("00:20", 30), ("20", 30), ("PT20M", 30), ("1:20", 90), ("", 8 / 15 * 60 + 10)]
)
def test_a_ferry_takes_its_minutes_and_the_wait(tmp_path, duration, expected):
    corners = {"A": (0.0, 0.0), "B": (2000.0, 0.0), "C": (10_000.0, 0.0), "D": (12_000.0, 0.0)}
    ferry = Road("BC", "", {"route": "ferry", "motor_vehicle": "yes"} | ({"duration": duration} if duration else {}))
    town = Town(corners, (road("AB"), ferry, road("CD")))
    found = drive(town, tmp_path, "AD")
    assert found[0, 1] == pytest.approx(expected + 2 * 120 / 45, rel=3e-3)


@pytest.mark.parametrize("tags", [{"foot": "yes"}, {"motor_vehicle": "no"}, {"access": "private"}])
def test_a_ferry_for_walkers_is_no_way(tmp_path, tags):
    corners = {"A": (0.0, 0.0), "B": (2000.0, 0.0), "C": (10_000.0, 0.0), "D": (13_000.0, 0.0)}
    town = Town(corners, (road("AB"), Road("BC", "", {"route": "ferry"} | tags), road("CD")))
    assert drive(town, tmp_path, "AD").tolist() == [[0, -1], [-1, 0]]


def test_giving_way_is_charged_on_the_lower_road(tmp_path):
    """A side road meets a main one: onto it 5 seconds, off it 4, and straight on the main road none."""
    corners = {"A": (0.0, 0.0), "M": (1000.0, 0.0), "B": (2000.0, 0.0), "S": (1000.0, 1000.0)}
    town = Town(corners, (road("AMB", "primary"), road("SM", "unclassified")))
    found = drive(town, tmp_path, "ABS")
    main, side = 60 / 65, 60 / 30
    assert found[0, 1] == pytest.approx(2 * main, abs=0.02)
    assert found[2, 1] == pytest.approx(side + main + 5 / 60, abs=0.02)
    assert found[1, 2] == pytest.approx(side + main + 4 / 60, abs=0.02)


def test_equals_meeting_cost_each_other_a_little_and_a_roundabout_its_entry(tmp_path):
    corners = {"A": (0.0, 0.0), "M": (1000.0, 0.0), "B": (2000.0, 0.0), "S": (1000.0, 1000.0)}
    town = Town(corners, (road("AMB"), road("SM")))
    assert drive(town, tmp_path, "AB")[0, 1] == pytest.approx(120 / 45 + 2.5 / 60, abs=0.01)
    corners = {
        "A": (-1000.0, 0.0),
        "W": (0.0, 0.0),
        "N": (20.0, 20.0),
        "E": (40.0, 0.0),
        "Z": (20.0, -20.0),
        "B": (1040.0, 0.0),
    }
    town = Town(corners, (road("AW"), road("EB"), road("WNEZW", junction="roundabout")))
    found = drive(town, tmp_path, "AB")
    assert found[0, 1] == found[1, 0] == pytest.approx((2000 + 2 * 20 * 2**0.5) / 750 + 4 / 60, abs=0.01)


def test_the_walk_to_the_road_is_counted_once_at_each_end(tmp_path):
    """Halfway along, 80 m off: a minute's walk at 4.8 km/h, then half the road."""
    path = write_pbf(straight(), tmp_path / "town.osm.pbf")
    found = travel(path, straight(), ["A", (1000, 80)])
    centiminutes, metres = found.between([0, 1], [1, 0])
    assert centiminutes.tolist() == pytest.approx([100 * (1 + 60 / 45)] * 2, abs=2)
    assert metres.tolist() == pytest.approx([1080] * 2, abs=3)
    assert found.kerbs[1].walk_metres == pytest.approx(80, abs=0.5)


def test_a_school_snaps_to_a_road_and_not_to_the_footpath_beside_it(tmp_path):
    corners = {**STRAIGHT, "P": (0.0, 90.0), "Q": (2000.0, 90.0)}
    town = Town(corners, (road("ABC"), road("PQ", "footway"), road("AP", "footway")))
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    assert travel(path, town, [(500, 85)]).kerbs[0].walk_metres == pytest.approx(85, abs=0.5)


def test_schools_on_one_stretch_need_no_junction_but_must_keep_to_its_direction(tmp_path):
    path = write_pbf(ring(oneway="yes"), tmp_path / "ring.osm.pbf")
    _, metres = travel(path, ring(), [(400, 0), (1400, 0), (1400, 0)]).between([0, 1, 1], [1, 0, 2])
    assert metres.tolist() == pytest.approx([1000, 7000, 0], rel=2e-3)


def test_islands_are_unreachable_not_zero_and_not_far(tmp_path):
    corners = {**STRAIGHT, "I": (9000.0, 0.0), "J": (9900.0, 0.0), "K": (9950.0, 40.0)}
    town = Town(corners, (road("ABC"), road("IJK")))
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    found = travel(path, town, "ACIJ")
    assert found.between([0, 2, 0, 2], [2, 0, 1, 3])[0].tolist()[:2] == [-1, -1]
    assert found.between([0, 2], [1, 3])[0].min() > 0
    reach = found.within(None)
    assert set(zip(reach.origin.tolist(), reach.destination.tolist(), strict=True)) == {
        (0, 1),
        (1, 0),
        (2, 3),
        (3, 2),
    }
    assert found.path(0, 2).shape == (0, 2)


def test_a_dead_fragment_beside_a_school_does_not_catch_it(tmp_path):
    corners = {**STRAIGHT, "I": (400.0, 60.0), "J": (600.0, 60.0)}
    town = Town(corners, (road("ABC"), road("IJ", "service")))
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    found = travel(path, town, ["A", (500, 55)])
    assert found.between(0, 1)[0] > 0 and found.kerbs[1].walk_metres == pytest.approx(55, abs=0.5)


def test_a_street_one_cannot_come_back_from_is_left_out(tmp_path):
    corners = {**STRAIGHT, "T": (1000.0, 900.0)}
    town = Town(corners, (road("ABC"), road("BT", oneway="yes")))
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    assert read_network(path, use_cache=False).centimetres.sum() == pytest.approx(200_000, rel=2e-3)


def test_a_school_far_from_any_road_is_named(tmp_path):
    path = write_pbf(straight(), tmp_path / "town.osm.pbf")
    with pytest.raises(BadData) as refusal:
        travel(path, straight(), ["A", (500, 501), (9000, 0)], names=["Ashby", "Ashby Fen", "Wold <b>"])
    told = [str(fault) for fault in refusal.value.faults]
    assert (
        len(told) == 2
        and "Ashby Fen lies over 500 m from any road of town.osm.pbf" in told[0]
        and "Wold <b>" in told[1]
    )
    assert len(travel(path, straight(), ["A", (500, 499)]).kerbs) == 2


def test_within_and_between_agree_and_limits_are_kept_to_the_hundredth(tmp_path):
    town = square_town()
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    places = [*"ABCDEFGHIJKLMNOPQRSTUVWXY"]
    origin, destination = np.divmod(np.arange(625), 25)
    centiminutes, metres = travel(path, town, places).between(origin, destination)
    for horizon, far in ((300, None), (300, 2000), (None, 2000), (None, None), (int(centiminutes[5]), None), (0, None)):
        reach = travel(path, town, places).within(horizon, far)
        fine = origin != destination
        fine &= (centiminutes <= horizon) if horizon is not None else True
        fine &= (metres <= far) if far is not None else True
        assert (
            reach.origin.tolist() == origin[fine].tolist() and reach.destination.tolist() == destination[fine].tolist()
        )
        assert (
            reach.centiminutes.tolist() == centiminutes[fine].tolist()
            and reach.metres.tolist() == metres[fine].tolist()
        )


def test_asking_in_another_order_gives_the_same_integers(tmp_path):
    town = square_town()
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    one, other = travel(path, town, "AEMQUY"), travel(path, town, "AEMQUY")
    one.within(200)
    pairs = np.indices((6, 6))
    for mine, theirs in zip(one.between(*pairs), other.between(*pairs), strict=True):
        assert (mine == theirs).all()
    assert other.between(2, 4)[0].shape == () and other.between([], [])[0].shape == (0,)


def test_a_path_is_as_long_as_its_metres_and_starts_and_ends_at_the_schools(tmp_path):
    from pyproj import Geod

    town = square_town()
    path = write_pbf(town, tmp_path / "town.osm.pbf")
    found = travel(path, town, [*"AEMUY", (350, 60), (500, 60), (1700, 1390)])
    for origin, destination in product(range(8), range(8)):
        way = found.path(origin, destination)
        _, metres = found.between(origin, destination)
        length = Geod(ellps="WGS84").line_length(way[:, 0], way[:, 1])
        assert length == pytest.approx(float(metres), abs=4), (origin, destination)
        ends = found._degrees[[origin, destination]]
        assert np.abs(way[[0, -1]] - ends).max() < 1e-9


def test_a_path_follows_the_bends(tmp_path):
    path = write_pbf(ring(oneway="-1"), tmp_path / "ring.osm.pbf")
    way = travel(path, ring(), "AB").path(0, 1)
    corners = np.array([ring().degrees(corner) for corner in "ADCB"])
    assert np.abs(way[:, None] - corners).max(axis=2).min(axis=0).max() < 1e-6


def test_a_table_of_ones_own_changes_the_minutes(tmp_path):
    mine = tmp_path / "mine.toml"
    mine.write_text(OUR_TABLE.read_text().replace("rank = 5, rural = 45", "rank = 5, rural = 90"))
    path = write_pbf(straight(), tmp_path / "town.osm.pbf")
    network = read_network(path, read_speeds(mine), use_cache=False)
    assert network.forward_ms.max() == pytest.approx(ceil(2 / 90 * 3_600_000), rel=2e-3)


def test_driven_speeds_and_one_ways_of_a_layer(tmp_path):
    """60 km/h as stated, with nothing added at junctions; the second line is one-way, the third a way round."""
    lines = [
        [(0, 0), (1000, 0)],
        [(1000, 0), (2000, 0)],
        [(2000, 0), (2000, 3000), (1000, 3000), (1000, 0)],
        [(1000, 0), (1000, -500)],
    ]
    lines = [[tuple(np.add(ORIGIN, corner)) for corner in line] for line in lines]
    path = write_layer(tmp_path / "mine.gpkg", lines, "roads", speed_kph=[60.0] * 4, oneway=["no", "yes", "no", ""])
    found = minutes(path, straight(), [(0, 0), (2000, 0)])
    assert found[0, 1] == pytest.approx(2, abs=0.02) and found[1, 0] == pytest.approx(8, abs=0.02)


def test_miles_an_hour_of_a_layer(tmp_path):
    line = [[tuple(np.add(ORIGIN, corner)) for corner in ((0, 0), (1609.344, 0))]]
    path = write_layer(tmp_path / "mine.gpkg", line, "roads", SPEED_MPH=[30])
    assert minutes(path, straight(), [(0, 0), (1609, 0)])[0, 1] == pytest.approx(2, abs=0.02)
