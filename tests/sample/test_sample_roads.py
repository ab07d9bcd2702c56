"""The sample county's roads: everything can be reached, on land, and about as slowly as in a real county."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import geopandas
import networkx
import numpy as np
import pytest
import shapely

from geodata.roads.reading import read_network
from geodata.roads.travel import RoadTravel
from partition.sample import County, make_county, write_county
from partition.sample.network import Stretch


@pytest.fixture(scope="module")
def county() -> County:
    return make_county()


@pytest.fixture(scope="module")
def file(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_county(county, tmp_path_factory.mktemp("county")).parent / "roads.gpkg"


@pytest.fixture(scope="module")
def travel(county: County, file: Path) -> RoadTravel:
    return road_travel(county, file)


def road_travel(county: County, file: Path) -> RoadTravel:
    urns, eastings, northings = zip(*((s.urn, s.easting, s.northing) for s in county.schools), strict=True)
    return RoadTravel(read_network(file, use_cache=False), urns, eastings, northings)


def drivable(stretches: tuple[Stretch, ...]) -> networkx.DiGraph:
    """The roads corner by corner, read afresh."""
    graph = networkx.DiGraph()
    for stretch in stretches:
        corners = list(stretch.line.coords)
        graph.add_edges_from(pairwise(corners))
        if not stretch.is_one_way:
            graph.add_edges_from(pairwise(reversed(corners)))
    return graph


@pytest.mark.parametrize(("size", "seed"), [(280, 1), (280, 2), (280, 3), (30, 1), (100, 7), (1_000, 1)])
def test_every_road_is_reached_from_every_other_and_passes_near_every_school(size: int, seed: int) -> None:
    county = make_county(size, seed)
    assert networkx.is_strongly_connected(drivable(county.network))
    roads = shapely.STRtree([stretch.line for stretch in county.network])
    points = shapely.points([(school.easting, school.northing) for school in county.schools])
    assert roads.query_nearest(points, return_distance=True)[1].max() < 100
    shore = shapely.union_all([county.terrain.sea, county.terrain.estuary])
    assert not any(shore.intersects(stretch.line) for stretch in county.network)


def test_roads_meet_where_they_cross(county: County) -> None:
    lines = np.array([stretch.line for stretch in county.network])
    corners = [set(line.coords) for line in lines]
    pairs = shapely.STRtree(lines).query(lines, predicate="crosses").T
    apart = [(one, other) for one, other in pairs.tolist() if one < other and not corners[one] & corners[other]]
    assert len(pairs) < 20 and apart == []  # rounding to metres leaves a few that cross beside their corner


def test_the_drawn_main_roads_are_those_that_are_driven(county: County, file: Path) -> None:
    driven = {
        road.name: shapely.union_all([s.line for s in county.network if s.name == road.name]) for road in county.roads
    }
    for road in county.roads:
        assert driven[road.name].buffer(2).covers(road.line)
    drawn = geopandas.read_file(file.with_name("roads.geojson")).to_crs(27700)
    assert drawn.geometry.length.sum() == pytest.approx(
        sum(s.line.length for s in county.network if s.road_class == "primary"), rel=0.001
    )


def test_lanes_wind_more_on_the_wolds_than_in_the_fen(county: County) -> None:
    def winding(zone: str) -> float:
        lanes = [s.line for s in county.network if s.road_class in ("tertiary", "unclassified")]
        lanes = [lane for lane in lanes if lane.length > 1_000]
        middles = np.array([lane.interpolate(0.5, normalized=True).coords[0] for lane in lanes])
        inside = [lane for lane, found in zip(lanes, county.terrain.zones(middles), strict=True) if found == zone]
        straight = sum(np.hypot(*np.subtract(lane.coords[0], lane.coords[-1])) for lane in inside)
        return float(sum(lane.length for lane in inside) / straight)

    assert 1.0 < winding("fen") < 1.03 < 1.06 < winding("wold") < 1.25


def test_signs_say_30_in_villages_and_lanes_have_none(county: County) -> None:
    limits = {(stretch.road_class, stretch.limit_mph) for stretch in county.network}
    assert {("primary", 60), ("primary", 30), ("tertiary", None), ("tertiary", 30)} <= limits
    assert {limit for road_class, limit in limits if road_class == "residential"} == {30}
    one_way = [stretch.line.length for stretch in county.network if stretch.is_one_way]
    assert len(one_way) >= 5 and max(one_way) < 1_500


def test_north_and_south_meet_only_over_the_citys_bridges_or_further_inland(county: County) -> None:
    city = next(place for place in county.places if place.kind == "city")
    lines = shapely.union_all([stretch.line for stretch in county.network])
    crossings = shapely.get_coordinates(lines.intersection(county.terrain.north_side.boundary))
    assert 0 < len(crossings) < 30
    assert crossings[:, 0].max() < city.easting + 4_000


def test_the_file_is_small_and_in_metres(file: Path) -> None:
    frame = geopandas.read_file(file)
    assert file.stat().st_size < 700_000
    assert frame.crs.to_epsg() == 27700 and (shapely.get_coordinates(frame.geometry) % 1 == 0).all()
    assert list(frame.columns) == ["road_class", "name", "speed_limit_mph", "oneway", "geometry"]


def test_minutes_and_detours_are_like_those_on_rutlands_roads(county: County, travel: RoadTravel) -> None:
    """There OSRM gives 3.4 + 1.21 minutes per crow-fly km, and ways 1.35 times as long, over 25 km or so."""
    reach = travel.within()
    assert len(reach) == 280 * 279
    points = np.array([(school.easting, school.northing) for school in county.schools], dtype=float)
    crow_km = np.hypot(*(points[reach.origin] - points[reach.destination]).T) / 1_000
    near = crow_km < 25
    per_km, start = np.polyfit(crow_km[near], reach.centiminutes[near] / 100, 1)
    assert start == pytest.approx(3.4, abs=1.0) and per_km == pytest.approx(1.21, abs=0.12)
    assert np.median(reach.metres[near] / 1_000 / crow_km[near]) == pytest.approx(1.35, abs=0.08)


def test_the_estuary_parts_schools_that_the_crow_would_join(county: County, travel: RoadTravel) -> None:
    points = np.array([(school.easting, school.northing) for school in county.schools], dtype=float)
    is_north = county.terrain.is_north(points)
    crow = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    across = np.argwhere(is_north[:, None] & ~is_north[None] & (crow < 10_000) & (points[:, None, 0] > 640_000))
    assert len(across) >= 2
    centiminutes, _ = travel.between(across[:, 0], across[:, 1])
    assert centiminutes.min() > 2_500  # by the crow's rule 1,550 at most
