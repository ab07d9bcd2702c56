"""Bands of minutes hold the roads that are reached in time, and nothing else."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import shapely
from telling import real
from towns import ORIGIN, write_layer

from geodata.roads.bands import drive_bands
from geodata.roads.reading import read_network
from geodata.roads.travel import RoadTravel
from geodata.schools import read_schools

WIDTH = 50


def bands_from(place, path, minutes, **options):
    """From a place in metres from ORIGIN."""
    point = np.add(ORIGIN, place)
    travel = RoadTravel(read_network(path, use_cache=False), [1], [point[0]], [point[1]])
    return drive_bands(travel.network, travel.kerbs[0], minutes, width_metres=WIDTH, **options)


def band_at(bands, place):
    """The most minutes of the one band that a place lies in; None outside them all."""
    inside = bands[bands.intersects(shapely.Point(np.add(ORIGIN, place)))]
    assert len(inside) <= 1
    return None if inside.empty else inside["minutes"].item()


def streets(path, *lines, kph=60, oneway=None):
    """Lines of corners in metres from ORIGIN, driven at a kilometre a minute, junctions and all."""
    shapes = [[tuple(np.add(ORIGIN, corner)) for corner in line] for line in lines]
    return write_layer(path, shapes, "roads", speed_kph=[kph] * len(lines), oneway=list(oneway or ["no"] * len(lines)))


@pytest.fixture
def grid(tmp_path):
    """Nine streets each way, a kilometre apart, meeting at whole kilometres."""
    along = range(0, 9000, 1000)
    lines = [[(x, y) for x in along] for y in along] + [[(x, y) for y in along] for x in along]
    return streets(tmp_path / "grid.gpkg", *lines)


def test_a_grid_town_is_reached_street_by_street(grid):
    bands = bands_from((4000, 4000), grid, (1, 2.5, 4))
    assert bands["over_minutes"].tolist() == [0, 1, 2.5]
    assert bands["minutes"].tolist() == [1, 2.5, 4]
    assert bands.crs.to_epsg() == 27700
    for x, y in product(range(0, 8001, 250), repeat=2):
        if x % 1000 and y % 1000:
            assert band_at(bands, (x, y)) is None  # in the fields
            continue
        # by the streets: along and across, and where both ends of a street lie off the axes, the nearer of two ways
        along, across = abs(x - 4000), abs(y - 4000)
        km = (along + across) / 1000
        if min(abs(km - limit) for limit in (1, 2.5, 4)) > 0.06:  # a place at the very limit may lie in either
            assert band_at(bands, (x, y)) == next((most for most in (1, 2.5, 4) if km < most), None)


def test_bands_are_as_wide_as_the_roads_are_long(tmp_path):
    path = streets(tmp_path / "street.gpkg", [(0, 0), (9000, 0)])
    bands = bands_from((4000, 0), path, (1, 3, 6))
    # 2 km of street with both ends rounded; 2 km more each way; then 1 km to the western end and 2 km to the east
    ends = np.pi * WIDTH**2
    kilometre = 1000 * 2 * WIDTH
    areas = [2 * kilometre + ends, 4 * kilometre, 3 * kilometre]
    assert bands.area.to_numpy() == pytest.approx(areas, rel=0.03)  # round ends lose a little


def test_roads_reached_are_those_that_minutes_say(grid):
    """Against the travel between schools, which is worked out by other means."""
    draws = np.random.default_rng(7)
    streets_at = 1000 * draws.integers(0, 9, 40)
    places = np.column_stack([streets_at, draws.integers(0, 8001, 40)])
    points = np.add(ORIGIN, places)
    travel = RoadTravel(read_network(grid, use_cache=False), np.arange(40), points[:, 0], points[:, 1])
    limits = (2, 3, 5, 8)
    bands = drive_bands(travel.network, travel.kerbs[0], limits, width_metres=WIDTH)
    centiminutes, _ = travel.between(0, np.arange(40))
    for place, minutes in zip(places, (centiminutes / 100).tolist(), strict=True):
        if min(abs(minutes - limit) for limit in limits) > 0.1:
            assert band_at(bands, place) == next((most for most in limits if minutes < most), None)


def test_a_one_way_street_is_gone_round(tmp_path):
    # west to east only along the bottom; back by a loop to the north, 4 km long
    path = streets(
        tmp_path / "loop.gpkg",
        [(0, 0), (2000, 0)],
        [(2000, 0), (2000, 1000), (0, 1000), (0, 0)],
        oneway=["yes", "no"],
    )
    bands = bands_from((1000, 0), path, (0.5, 1.5, 3.5, 6))
    assert band_at(bands, (1400, 0)) == 0.5
    assert band_at(bands, (2000, 300)) == 1.5
    assert band_at(bands, (1000, 1000)) == 3.5
    assert band_at(bands, (600, 0)) == 6  # behind the school, and last to be reached


def test_an_island_and_a_place_up_a_lane(tmp_path):
    path = streets(tmp_path / "island.gpkg", [(0, 0), (5000, 0)], [(0, 400), (5000, 400)])
    bands = bands_from((2500, 80), path, (1, 30))  # 80 m of walking are a minute
    assert band_at(bands, (2500, 400)) is None
    assert bands["minutes"].tolist() == [30]


def test_two_ways_between_the_same_junctions(tmp_path):
    path = streets(
        tmp_path / "two.gpkg",
        [(0, 0), (1000, 0)],
        [(1000, 0), (2000, 0)],
        [(1000, 0), (1500, 2000), (2000, 0)],
        [(2000, 0), (3000, 0)],
    )
    bands = bands_from((0, 0), path, (3, 5))
    assert band_at(bands, (2900, 0)) == 3
    assert band_at(bands, (1500, 2000)) == 5  # 2,062 m from either end


def test_an_empty_band_is_left_out(tmp_path):
    path = streets(tmp_path / "street.gpkg", [(0, 0), (900, 0)])
    assert bands_from((0, 0), path, (1, 5))["minutes"].tolist() == [1]


@pytest.mark.parametrize("minutes", [(), (0, 5), (5, 5), (10, 5), (-1,)])
def test_minutes_ascend(tmp_path, minutes):
    path = streets(tmp_path / "street.gpkg", [(0, 0), (900, 0)])
    with pytest.raises(ValueError, match="must ascend"):
        bands_from((0, 0), path, minutes)


@pytest.mark.real_data
def test_rutlands_schools_lie_in_the_bands_of_their_minutes():
    frame = read_schools(real("gias_rutland_2025-07.csv"), local_authority="857").frame
    network = read_network(real("rutland_2022-07.osm.pbf"), use_cache=False)
    travel = RoadTravel(network, frame.index, frame.geometry.x, frame.geometry.y)
    limits = (5, 10, 15, 20, 30)
    bands = drive_bands(network, travel.kerbs[0], limits)
    assert bands.is_valid.all() and bands["minutes"].tolist() == list(limits)
    assert shapely.union_all(bands.geometry.to_numpy()).area == pytest.approx(bands.area.sum())
    centiminutes, _ = travel.between(0, np.arange(17))
    told = 0
    for point, minutes in zip(frame.geometry, (centiminutes / 100).tolist(), strict=True):
        # the band is that of the quickest road within its width; the walk at the far end is not in it
        (most,) = bands[bands.intersects(point)]["minutes"]
        assert most <= next(limit for limit in limits if minutes <= limit)
        told += most >= minutes - 2.5
    assert told >= 15
