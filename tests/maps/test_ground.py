"""What lies beneath a plan: the base that was given, and the road file's main roads where that shows none."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas
import pytest
from identifiers import ints
from shapely.geometry import LineString, Polygon, mapping
from town import write_town

from geodata.grid import BRITISH
from geodata.roads.polyline import decode_polyline
from partition import Account, draw_atlas, load, read_scenario
from partition.maps.atlas import draw_bands
from partition.maps.content import BaseLayer
from partition.maps.ground import base_facts
from partition.maps.page import write_map

FIELD = Polygon([(-0.6, 53.0), (-0.3, 53.0), (-0.3, 53.1), (-0.6, 53.1)])
LANE = LineString([(-0.5, 53.03), (-0.4, 53.03)])


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Three schools on a main road and a lane off it; attribution is that of the roads."""
    path = write_town(tmp_path, 0, 4, 9, pupils=[50, 60, 70], settings="[travel]\nroads = 'roads.gpkg'\n")
    lines = [[(499_000, 350_020), (510_000, 350_020)], [(503_000, 350_020), (503_000, 354_000)]]
    geopandas.GeoDataFrame(
        {"road_class": ["primary", "tertiary"]}, geometry=[LineString(line) for line in lines], crs=27700
    ).to_file(tmp_path / "roads.gpkg")
    return path


def atlas_of(scenario: Path, *settings: str):
    case = load(read_scenario(scenario, settings), use_cache=False)
    return draw_atlas(case, Account(case.problem, case.problem.plan([])))


def base_file(folder: Path, shape: object, kind: str) -> str:
    """A base of one thing, as a setting."""
    feature = {"type": "Feature", "properties": {"name": "", "kind": kind}, "geometry": mapping(shape)}
    path = folder / f"{kind}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    return f"map.base={json.dumps([str(path)])}"


def test_main_roads_are_drawn_and_lanes_are_not(county: Path) -> None:
    (layer,) = atlas_of(county).base
    (line,) = layer.geometry.geoms
    assert layer.kind == "road"
    assert sorted(round(longitude, 2) for longitude, _ in line.coords) == [-0.52, -0.36]


def test_they_come_after_a_base_without_roads(county: Path, tmp_path: Path) -> None:
    assert [layer.kind for layer in atlas_of(county, base_file(tmp_path, FIELD, "district")).base] == [
        "district",
        "road",
    ]


def test_a_base_with_roads_of_its_own_is_left_as_it_was_given(county: Path, tmp_path: Path) -> None:
    (layer,) = atlas_of(county, base_file(tmp_path, LANE, "road")).base
    assert layer.geometry.equals(LANE)


def test_without_a_road_file_there_are_none(county: Path) -> None:
    assert atlas_of(county, "travel.roads=off").base == ()


def test_minutes_from_a_school_lie_on_the_same_ground(county: Path) -> None:
    case = load(read_scenario(county), use_cache=False)
    assert [layer.kind for layer in draw_bands(case, 0).base] == ["road"]


def test_a_shape_that_crosses_itself_is_mended_on_the_way_to_metres() -> None:
    bow_tie = Polygon([(-0.6, 53.0), (-0.3, 53.1), (-0.3, 53.0), (-0.6, 53.1)])
    assert not bow_tie.is_valid and BRITISH.in_metres(bow_tie).is_valid
    assert BRITISH.in_metres(FIELD).geom_type == "Polygon"


def test_lines_of_a_kind_go_as_letters_and_areas_as_steps() -> None:
    layers = [BaseLayer(kind="road", name="A1", geometry=LANE), BaseLayer(kind="land", name="", geometry=FIELD)]
    land, road = base_facts(layers)
    assert (land["kind"], "shape" in land) == ("land", True)
    (letters,) = road.pop("lines")
    assert road == {"kind": "road"} and decode_polyline(letters).tolist() == [list(point) for point in LANE.coords]


@pytest.mark.browser
def test_the_browser_draws_them_beneath_everything(visit, county: Path, tmp_path: Path) -> None:
    write_map(atlas_of(county), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    assert ints(page.locator(".base.road.thread").count()) == 1
    assert page.locator(".base.road.thread").evaluate("e => e.getBoundingClientRect().width") > 400
    assert ints(page.locator(".leaflet-ground-pane .base.road").count()) == 1
