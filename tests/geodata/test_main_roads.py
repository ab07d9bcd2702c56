"""Main roads as lines to find one's way by: which, how far, and in one piece."""

from __future__ import annotations

import pytest
from towns import Town, road, write_pbf

from geodata.roads.main_roads import main_roads
from geodata.roads.reading import read_network

CORNERS = {"A": (0.0, 0.0), "B": (1000.0, 0.0), "C": (2000.0, 0.0), "D": (3000.0, 0.0), "S": (1000.0, 900.0)}
AROUND = (-0.9, 52.5, -0.6, 52.8)
WIDE = (-1.6, 52.1, 0.0, 53.2)


def lines(tmp_path, *roads, corners=CORNERS, box=AROUND):
    network = read_network(write_pbf(Town(corners, roads), tmp_path / "town.osm.pbf"), use_cache=False)
    return main_roads(network, box)


def test_a_main_road_is_one_line_past_the_lanes_that_meet_it(tmp_path):
    found = lines(tmp_path, road("ABC", "primary"), road("CD", "trunk"), road("BS", "unclassified"))
    (line,) = found.geoms
    town = Town(CORNERS, ())
    assert sorted(line.coords) == [pytest.approx(town.degrees(corner), abs=2e-7) for corner in "ABCD"]


def test_of_an_edge_only_the_part_that_is_a_main_road(tmp_path):
    """No junction at B: the road changes its class halfway along."""
    found = lines(tmp_path, road("AB", "primary"), road("BC", "tertiary"))
    (line,) = found.geoms
    assert len(line.coords) == 2 and max(x for x, _ in line.coords) == pytest.approx(Town(CORNERS, ()).degrees("B")[0])


@pytest.mark.parametrize("highway", ["motorway_link", "tertiary", "residential", "primary_link"])
def test_slip_roads_and_lesser_roads_are_left_out(tmp_path, highway):
    assert lines(tmp_path, road("AB", highway, oneway="no")).is_empty


def test_secondary_roads_show_where_little_is_looked_at(tmp_path):
    roads = road("AB", "secondary"), road("BC", "primary")
    assert len(lines(tmp_path, *roads).geoms[0].coords) == 3
    assert len(lines(tmp_path, *roads, box=WIDE).geoms[0].coords) == 2


def test_what_lies_beyond_is_left_out_to_the_segment(tmp_path):
    town = Town(CORNERS, ())
    east = town.degrees("B")[0] + 0.001
    found = lines(tmp_path, road("ABCD", "primary"), box=(-0.9, 52.5, east, 52.8))
    assert max(x for x, _ in found.geoms[0].coords) == pytest.approx(town.degrees("C")[0], abs=2e-7)
    assert lines(tmp_path, road("ABCD", "primary"), box=(0.0, 50.0, 0.1, 50.1)).is_empty
