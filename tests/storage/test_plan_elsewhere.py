"""A plan of a county anywhere: its file states the metric system, verifies, and tells of any other."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import geopandas
import pytest
from counties import county, write_degrees, write_metres
from telling import faults_of

from geodata.grid import Grid
from partition.maps.atlas import draw_atlas
from partition.maps.facts import facts
from partition.plans.account import Account
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.solver import Limits, solve
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.read_back import read_back
from partition.storage.verify import verify


def case_of(name: str, folder: Path, *settings: str) -> Case:
    write_degrees(county(name), folder / "schools.csv")
    (folder / "scenario.toml").write_text(
        '[data]\nschools = "schools.csv"\n[rules]\nheads_min = 2\nheads_max = 4\n[map]\nworld = false\n',
        encoding="utf-8",
    )
    return load(read_scenario(folder / "scenario.toml", list(settings)), use_cache=False)


def account_of(case: Case) -> Account:
    run = solve(case.problem, Limits(workers=1))
    assert run.plan is not None and run.status == "optimal"
    return Account(case.problem, run.plan, run=run)


def written(name: str, folder: Path) -> Path:
    case = case_of(name, folder)
    write_plan(case, account_of(case), folder / "plan.gpkg")
    return folder / "plan.gpkg"


@pytest.fixture(scope="module")
def canterbury(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written("Canterbury", tmp_path_factory.mktemp("canterbury"))


def test_the_file_is_in_the_metres_of_the_place_and_verifies(canterbury: Path) -> None:
    stored = read_plan(canterbury)
    assert stored.run["grid"] == 32759
    verdict = verify(stored, load(read_scenario(canterbury.parent / "scenario.toml"), use_cache=False))
    assert verdict.wrong == ()
    drawn = geopandas.read_file(canterbury, layer="schools")
    assert drawn.crs == "EPSG:32759"
    assert drawn.to_crs(4326).geometry.y.round(4).tolist() == county("Canterbury")["latitude"].round(4).tolist()


def test_a_plan_read_back_lies_where_it_did(canterbury: Path) -> None:
    back = read_back(read_plan(canterbury))
    assert back.account.area.grid == Grid(32759)
    assert any("WGS 84 / UTM zone 59S (EPSG:32759)" in told for told in back.told)
    latitudes = [school.latitude for school in draw_atlas(back, back.account).schools]
    assert latitudes == pytest.approx(county("Canterbury")["latitude"].tolist(), abs=1e-4)


def test_a_british_plan_states_no_system(tmp_path: Path) -> None:
    stored = read_plan(written("Lincolnshire", tmp_path))
    assert "grid" not in stored.run and stored.container.grid == Grid(27700)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("27700", "schools.geom = 'a shape'"),
        ("4326", "states no metric system that is known"),
        ("999999", "states no metric system that is known"),
        ('"EPSG:32759"', "states no metric system that is known"),
        ("-1", "states no metric system that is known"),
    ],
)
def test_a_file_that_states_another_system_is_not_read(
    canterbury: Path, tmp_path: Path, stated: str, told: str
) -> None:
    copy = tmp_path / "plan.gpkg"
    copy.write_bytes(canterbury.read_bytes())
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("UPDATE run SET value = ? WHERE key = 'grid'", (stated,))
    assert told in faults_of(read_plan, copy)[0]


@pytest.mark.parametrize("name", ["Laois", "Nebraska", "Cakaudrove"])
def test_a_map_has_schools_and_areas_where_they_lie(name: str, tmp_path: Path) -> None:
    frame, case = county(name), case_of(name, tmp_path)
    drawn = facts(draw_atlas(case, account_of(case)))
    at = [school["at"] for school in drawn["schools"]]
    assert [latitude for latitude, _ in at] == pytest.approx(frame["latitude"].tolist(), abs=2e-5)
    longitudes = [longitude for _, longitude in at]
    assert [longitude % 360 for longitude in longitudes] == pytest.approx((frame["longitude"] % 360).tolist(), abs=2e-5)
    assert max(longitudes) - min(longitudes) < 0.3  # on one side of the world
    (south, west), (north, east) = drawn["bounds"]
    for partnership in drawn["partnerships"]:
        latitude, longitude = partnership["label"]
        assert south - 0.1 < latitude < north + 0.1 and west - 0.1 < longitude < east + 0.1


def test_a_base_across_the_date_line_is_drawn_in_one_piece(tmp_path: Path) -> None:
    """The island is given in two halves, as maps of the world have it: as far as 180 degrees, and from there on."""
    from shapely.geometry import box

    halves = [box(179.9, -16.9, 180, -16.6), box(-180, -16.9, -179.8, -16.6)]
    land = geopandas.GeoDataFrame({"name": ["", ""], "kind": "land"}, geometry=halves, crs=4326)
    land.to_file(tmp_path / "land.geojson")
    case = case_of("Cakaudrove", tmp_path, f"map.base={json.dumps([str(tmp_path / 'land.geojson')])}")
    west, _, east, _ = case.base[0].total_bounds
    assert round(east - west, 6) == 0.3
    drawn = facts(draw_atlas(case, account_of(case)))
    assert len(drawn["base"]) == 2 and len(drawn["partnerships"]) >= 3


def test_areas_and_a_base_far_from_the_schools_are_one_fault_each(tmp_path: Path) -> None:
    from shapely.geometry import box

    here = box(171.0, -44.5, 172.5, -43.0)
    swapped, metres = box(-44.5, 171.0, -43.0, 172.5), box(480_000, 300_000, 520_000, 330_000)
    for file, shape in {"here": here, "swapped": swapped, "metres": metres, "away": box(-1, 52, 0, 53)}.items():
        feature = {"type": "Feature", "properties": {"name": file}, "geometry": shape.__geo_interface__}
        collection = {"type": "FeatureCollection", "features": [feature]}
        (tmp_path / f"{file}.geojson").write_text(json.dumps(collection), encoding="utf-8")
    assert case_of("Canterbury", tmp_path, f"map.base={json.dumps([str(tmp_path / 'here.geojson')])}").base
    for file, told in {
        "swapped": "no degrees",
        "metres": "(EPSG:4326) or none, which in GeoJSON means the same, but its coordinates are no degrees",
        "away": "it lies at 52.0° N, 1.0° W to 53.0° N, 0.0° E, the schools around 43.9° S, 171.7° E",
    }.items():
        path = tmp_path / f"{file}.geojson"
        for setting in (f"map.base={json.dumps([str(path)])}", f"data.areas.ward={json.dumps(str(path))}"):
            (fault,) = faults_of(case_of, "Canterbury", tmp_path, setting)
            assert fault.startswith(f"{file}.geojson") and told in fault


def test_advisers_desks_are_in_degrees_or_in_the_metres_of_the_plan(tmp_path: Path) -> None:
    from geodata.advisers import read_advisers

    frame, grid = county("Canterbury"), Grid(2193)
    desk = frame.iloc[0]
    degrees, metres = tmp_path / "degrees.csv", tmp_path / "metres.csv"
    degrees.write_text(f"adviser,office,latitude,longitude\nAB,Methven,{desk.latitude},{desk.longitude}\n")
    metres.write_text(f"adviser,office,easting,northing\nAB,Methven,{desk.easting},{desk.northing}\n")
    for path in (degrees, metres):
        ((adviser,), _) = read_advisers(path, grid)
        assert abs(adviser.easting - desk.easting) <= 1 and abs(adviser.northing - desk.northing) <= 1
    metres.write_text("adviser,office,easting,northing\nAB,Methven,-43.9,171.6\n")
    assert "New Zealand Transverse Mercator 2000 (EPSG:2193), or latitude" in faults_of(read_advisers, metres, grid)[0]
    metres.write_text("adviser,office\nAB,Methven\n")
    assert "easting" in faults_of(read_advisers, metres, grid)[0]


def test_swapped_areas_are_told(tmp_path: Path) -> None:
    """Where exchanged degrees are degrees all the same: Ireland's are those of the Indian Ocean."""
    from shapely.geometry import box

    areas = geopandas.GeoDataFrame({"name": ["Laois"]}, geometry=[box(52.5, -8, 53.5, -7)], crs=4326)
    areas.to_file(tmp_path / "areas.geojson")
    (fault,) = faults_of(case_of, "Laois", tmp_path, f"data.areas.ward={json.dumps(str(tmp_path / 'areas.geojson'))}")
    assert "no school lies in any of these areas: its longitudes and latitudes are swapped, it seems" in fault


def test_the_system_and_far_schools_are_settings(tmp_path: Path) -> None:
    case_of("Laois", tmp_path)
    frame = county("Laois")
    frame.loc[11, "northing"] += 150_000
    write_metres(frame, tmp_path / "schools.csv")
    stated = 'data.crs="EPSG:2157"'
    (fault,) = faults_of(load, read_scenario(tmp_path / "scenario.toml", [stated]))
    assert fault.endswith("type --set data.outlying.111=true [School L]")
    settings = [stated, "data.outlying.111=true"]
    assert load(read_scenario(tmp_path / "scenario.toml", settings)).problem.area.grid == Grid(2157)
