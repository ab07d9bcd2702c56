"""Minutes that make no sense against the straight line are counted, and the worst named."""

from __future__ import annotations

import numpy as np
from identifiers import ints
from towns import ORIGIN, Town, road, write_pbf

from geodata.doubts import suspicious
from geodata.minutes import CrowFly, Matrix
from geodata.roads.reading import read_network
from geodata.roads.travel import RoadTravel

# Four villages in two pairs, a river between them, and a bridge far to the east.
VILLAGES = {"A": (0.0, 0.0), "B": (1500.0, 0.0), "C": (0.0, 900.0), "D": (1500.0, 900.0)}
CORNERS = {**VILLAGES, "E": (30_000.0, 0.0), "F": (30_000.0, 900.0)}
BANKS = (road("ABE"), road("CDF"))


def doubts(roads, tmp_path):
    town = Town(CORNERS, roads)
    points = np.array([town.grid(corner) for corner in VILLAGES])
    network = read_network(write_pbf(town, tmp_path / "town.osm.pbf"), use_cache=False)
    return suspicious(RoadTravel(network, [1, 2, 3, 4], points[:, 0], points[:, 1]), points[:, 0], points[:, 1])


def test_with_the_near_bridge_nothing_is_odd(tmp_path):
    found = doubts((*BANKS, road("EF"), road("AC")), tmp_path)
    assert ints((found.pairs, found.schools, found.worst, found.pairs_checked)) == (0, 0, (), 6)


def test_a_missing_bridge_is_seen(tmp_path):
    found = doubts((*BANKS, road("EF")), tmp_path)
    assert ints((found.pairs, found.schools)) == (4, 4)
    nearest = found.worst[0]
    assert (nearest.origin, nearest.destination, nearest.crow_km) == (0, 2, 0.9) or (
        nearest.origin,
        nearest.destination,
    ) == (1, 3)
    assert nearest.minutes > 70 and nearest.crow_minutes == 4.49


def test_no_way_at_all_is_worst_and_has_no_minutes(tmp_path):
    found = doubts(BANKS, tmp_path)
    assert ints((found.pairs, found.schools)) == (4, 4)
    assert [doubt.minutes for doubt in found.worst] == [None] * 4
    assert ints([(doubt.origin, doubt.destination) for doubt in found.worst[:2]]) == [(0, 2), (1, 3)]


def test_one_way_shut_is_no_way_and_only_ten_are_named():
    metres = np.arange(8) * 500
    crow = CrowFly(range(8), metres, metres)
    origin, destination = np.indices((8, 8))
    centiminutes, far = crow.between(origin, destination)
    assert suspicious(Matrix(range(8), centiminutes, far, words=""), metres, metres).pairs == 0
    centiminutes = np.where(origin > destination, -1, centiminutes)
    found = suspicious(Matrix(range(8), centiminutes, far, words=""), metres, metres)
    assert ints((found.pairs, found.schools, len(found.worst))) == (28, 8, 10)


def test_schools_far_apart_are_nobodys_concern():
    metres = np.array([ORIGIN[0], ORIGIN[0] + 60_000])
    square = np.array([[0, -1], [-1, 0]])
    assert suspicious(Matrix([1, 2], square, square, words=""), metres, metres).pairs_checked == 0
