"""A plan file in a map program: the map's areas, its ground and its places, in a version that older programs read."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pyogrio
import pytest
from shapely import Polygon, box
from town import write_town
from typer.testing import CliRunner

from partition import draw_atlas, load, read_back, read_plan, read_scenario, verify
from partition.cli import app
from partition.maps.facts import partnership_areas

RULES = "[rules]\nheads_min = 2\nheads_max = 2\n"
REAL = "[map]\nworld = true\n"


def planned(folder: Path, settings: str = RULES + REAL) -> Path:
    """Two pairs whose hulls overlap, north and south of each other, in Lincolnshire."""
    town = write_town(folder, 0, 3, 1, 4, settings=settings, columns={"northing": [350_000, 350_000, 350_400, 350_400]})
    assert CliRunner().invoke(app, ["plan", str(town), "--out", str(folder)]).exit_code == 0
    return folder / "plan.gpkg"


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return planned(tmp_path_factory.mktemp("layers"))


def test_areas_are_those_of_the_map_and_do_not_overlap(plan: Path) -> None:
    stored = read_plan(plan)
    areas = stored.tables["partnerships"].set_index("number").geometry
    drawn = partnership_areas(draw_atlas(load(read_scenario(plan.parent / "town.toml")), read_back(stored).account))
    assert sorted(drawn) == areas.index.tolist() == [1, 2]
    assert all(areas[number].symmetric_difference(shape).area < 1 for number, shape in drawn.items())
    assert all(one.intersection(other).area == 0 for one, other in combinations(areas, 2))
    assert areas.is_valid.all()
    schools = stored.tables["schools"]
    inside = {
        urn: number
        for urn, spot in zip(schools["urn"], schools.geometry, strict=True)
        for number, area in areas.items()
        if area.contains(spot)
    }
    assert inside == dict(zip(schools["urn"], schools["partnership"].astype(int), strict=True))


def test_a_boundary_that_crosses_itself_stops_no_map(plan: Path) -> None:
    """A bow tie beside a square that it overlaps cannot be joined to it as it is."""
    atlas = draw_atlas(load(read_scenario(plan.parent / "town.toml")), read_back(read_plan(plan)).account)
    bow_tie = Polygon([(-1, 52), (1, 54), (1, 52), (-1, 54)])
    crossed = [replace(atlas.base[0], kind="boundary", geometry=shape) for shape in (bow_tie, box(-1, 52, 1, 53.5))]
    areas = partnership_areas(replace(atlas, base=tuple(crossed)))
    assert sorted(areas) == [1, 2] and all(area.is_valid and area.area for area in areas.values())


def test_ground_lines_and_places_are_there_each_of_one_kind_of_shape(plan: Path) -> None:
    assert dict(pyogrio.list_layers(plan)) == {
        "schools": "Point",
        "partnerships": "MultiPolygon",
        "ground": "MultiPolygon",
        "places": "Point",
        "run": None,
        "costs": None,
        "minutes": None,
        "layer_styles": None,
    }
    ground = pyogrio.read_dataframe(plan, layer="ground")
    assert set(ground["kind"]) == {"land", "outline"}
    assert ground.crs == "EPSG:27700" and ground.is_valid.all()
    with closing(sqlite3.connect(plan)) as file:
        assert set(file.execute("select f_table_name from layer_styles")) == {
            ("schools",), ("partnerships",), ("ground",), ("places",)
        }  # fmt: skip


def test_it_is_a_geopackage_of_version_1_3_and_one_of_1_4_is_still_read(plan: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(plan)) as file:
        assert file.execute("pragma user_version").fetchone() == (10300,)
    later = tmp_path / "later.gpkg"
    for layer in ("schools", "partnerships", "ground", "places", "run", "costs", "minutes"):
        frame = pyogrio.read_dataframe(plan, layer=layer)
        more = {} if later.exists() else {"dataset_options": {"VERSION": "1.4"}}
        pyogrio.write_dataframe(frame, later, layer=layer, driver="GPKG", append=later.exists(), **more)
    with closing(sqlite3.connect(later)) as file:
        assert file.execute("pragma user_version").fetchone() == (10400,)
    assert read_plan(later).run["digest"] == read_plan(plan).run["digest"]


def test_verify_says_that_shapes_are_as_sealed_and_finds_one_that_was_altered(plan: Path, tmp_path: Path) -> None:
    verdict = verify(read_plan(plan))
    assert verdict.agrees
    assert "what its map shows (areas, ground, lines, places): no rule and no cost reads it" in verdict.as_sealed
    other = tmp_path / "other.gpkg"
    other.write_bytes(plan.read_bytes())
    with closing(sqlite3.connect(other)) as file, file:
        file.create_function("ST_IsEmpty", 1, lambda shape: 0)  # as a map program has it, for the index of places
        for side in ("MinX", "MaxX", "MinY", "MaxY"):
            file.create_function(f"ST_{side}", 1, lambda shape: 0)
        file.execute("update places set name = 'Elsewhere' where fid = 1")
    assert any("the seal does not fit" in words for words in verify(read_plan(other)).wrong)


def test_the_map_from_the_file_alone_has_the_same_ground_and_places(plan: Path) -> None:
    back = read_back(read_plan(plan))
    atlas = draw_atlas(back, back.account)
    assert {layer.kind for layer in atlas.base} == {"land", "outline"}
    assert {place.name for place in atlas.places} >= {"Cranwell", "Welbourn"}
    assert "Places: GeoNames (CC BY 4.0)." in atlas.attribution


def test_a_plan_not_drawn_has_hulls_and_no_ground_and_is_the_same_plan(plan: Path, tmp_path: Path) -> None:
    stored = read_plan(plan)
    made_up = read_plan(planned(tmp_path, RULES))
    assert made_up.run["digest"] == stored.run["digest"]
    assert {"ground", "lines", "places"} & set(made_up.tables) == set()
    assert set(made_up.tables["partnerships"].geom_type) == {"MultiPolygon"}
