"""The sample county: enough like a real one to be worth solving, and the same for everybody."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import tomllib
from collections import Counter
from hashlib import sha256
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from identifiers import ints
from scipy.spatial import cKDTree

from partition.sample import County, make_county, write_county

REAL = Path(__file__).parents[2].parent / "shared" / "data"
TABLES = {
    "schools.csv": "urn,name,town,easting,northing,pupils,phase,district,planning_area,federation,trust,"
    "diocese,special_resource,forecast_2028,forecast_2030",
    "links.csv": "urn_a,urn_b,weight,kind,source,agreed",
    "today.csv": "urn,partnership",
    "advisers.csv": "adviser,office,easting,northing,caseload,days",
}
BASE = ("land.geojson", "water.geojson", "districts.geojson", "roads.geojson")
TWENTY_MINUTES_METRES = (20 - 3.4) / 1.21 * 1_000  # as the crow flies, at the default speed


@pytest.fixture(scope="module")
def county() -> County:
    return make_county()


@pytest.fixture(scope="module")
def folder(county: County, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_county(county, tmp_path_factory.mktemp("county")).parent


def places(county: County) -> np.ndarray:
    return np.array([(school.easting, school.northing) for school in county.schools], dtype=float)


def small_places(county: County) -> np.ndarray:
    return places(county)[[school.is_small for school in county.schools]]


def metres_apart(county: County, urn_a: int, urn_b: int) -> float:
    at = places(county)
    return float(np.hypot(*(at[int(urn_a) - 900_000] - at[int(urn_b) - 900_000])))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def digests(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


# The schools


def test_urns_ascend_from_900000(county: County) -> None:
    assert ints([school.urn for school in county.schools]) == list(range(900_000, 900_280))


def test_rolls_are_shaped_like_a_rural_county(county: County) -> None:
    pupils = np.array([school.pupils for school in county.schools])
    assert 160 <= (pupils <= 200).sum() <= 170
    assert 85 <= (pupils <= 100).sum() <= 95
    assert 15 <= (pupils <= 50).sum() <= 25
    assert pupils.min() == 26
    assert 650 <= pupils.max() <= 700


def test_no_two_schools_and_no_two_places_share_a_name(county: County) -> None:
    assert len({school.name for school in county.schools}) == 280
    assert len({place.name for place in county.places}) == len(county.places)


def test_names_are_of_every_kind(county: County) -> None:
    names = " | ".join(school.name for school in county.schools)
    for kind in ("St ", "CofE", "Catholic", "Infant", "Academy", "Great ", "Little "):
        assert kind in names
    joint = [school.name for school in county.schools if f"{school.town} and " in school.name]
    assert len(joint) >= 2


def test_every_infant_school_has_its_junior_school_next_door(county: County) -> None:
    by_name = {school.name: school for school in county.schools}
    infants = [school for school in county.schools if "Infant" in school.name]
    assert len(infants) >= 8
    for infant in infants:
        junior = by_name[infant.name.replace("Infant", "Junior")]
        assert metres_apart(county, infant.urn, junior.urn) < 600


def test_forecasts_are_near_todays_rolls(county: County) -> None:
    change = [school.forecast_2030 / school.pupils for school in county.schools]
    assert 0.7 < min(change) < 0.9 < 1.0 < max(change) < 1.25


# The land


def test_every_school_is_on_land_and_none_on_anothers_point(county: County) -> None:
    at = places(county)
    assert shapely.contains_xy(county.terrain.land, at).all()
    assert len({tuple(point) for point in at}) == 280


def test_the_county_lies_in_the_north_sea_and_on_the_national_grid(county: County) -> None:
    west, south, east, north = shapely.union_all([county.terrain.land, county.terrain.sea]).bounds
    assert west > 590_000 and south > 345_000  # east of Lincolnshire, north of Norfolk
    assert east < 700_000 and north < 1_300_000


def test_it_is_as_large_as_lincolnshire(county: County) -> None:
    assert county.terrain.land.area / 1e6 == pytest.approx(5_900, rel=0.03)


def test_seven_districts_share_out_the_land(county: County) -> None:
    areas = [area for _, area in county.districts]
    assert len(areas) == 7
    assert sum(area.area for area in areas) == pytest.approx(county.terrain.land.area, rel=1e-9)
    assert shapely.union_all(areas).area == pytest.approx(county.terrain.land.area, rel=1e-9)
    assert set(county.district_of) == {name for name, _ in county.districts}
    for school, district in zip(county.schools, county.district_of, strict=True):
        assert dict(county.districts)[district].distance(shapely.Point(school.easting, school.northing)) == 0


def test_main_roads_reach_every_town_and_go_round_the_estuary(county: County) -> None:
    roads = shapely.union_all([road.line for road in county.roads])
    for place in county.places:
        if place.kind != "village":
            assert roads.distance(shapely.Point(place.easting, place.northing)) < 100
    assert roads.intersection(county.terrain.estuary).length == 0
    assert roads.intersection(county.terrain.sea).length == 0


def test_north_and_south_meet_only_over_the_citys_bridge_or_further_inland(county: County) -> None:
    city = next(place for place in county.places if place.kind == "city")
    crossings = shapely.get_coordinates(
        shapely.union_all([road.line for road in county.roads]).intersection(county.terrain.north_side.boundary)
    )
    assert len(crossings) > 0
    assert crossings[:, 0].max() < city.easting + 4_000
    estuary_east = county.terrain.estuary.bounds[2]
    assert estuary_east - city.easting > 40_000


def test_planning_areas_do_not_reach_across_the_estuary(county: County) -> None:
    north = county.terrain.is_north(places(county))
    sides = {(area, bool(side)) for area, side in zip(county.planning_area_of, north, strict=True)}
    assert len(sides) == len(set(county.planning_area_of))
    assert 12 <= len(sides) <= 24


# Who works with whom


def test_federations_are_pairs_and_a_few_trios_with_a_small_school_in_each(county: County) -> None:
    sizes = Counter(county.federation_of.values())
    assert Counter(sizes.values()) == {2: 18, 3: 3}
    small = {county.federation_of[s.urn] for s in county.schools if s.is_small and s.urn in county.federation_of}
    assert small == set(sizes)
    assert not set(county.federation_of) & set(county.trust_of)


def test_links_are_mostly_between_near_small_schools_and_a_few_between_far_ones(county: County) -> None:
    pairs = [(link.urn_a, link.urn_b) for link in county.links]
    assert pairs == sorted(set(pairs)) and all(a < b for a, b in pairs)
    assert 115 <= len(pairs) <= 125
    apart = np.array([metres_apart(county, a, b) for a, b in pairs])
    assert (apart < TWENTY_MINUTES_METRES).mean() > 0.85
    assert 2 <= (apart > 24_000).sum() <= 10
    assert all(county.federation_of.get(a, a) != county.federation_of.get(b, b) for a, b in pairs)


def test_todays_partnerships_hold_two_small_schools_in_three_and_whole_federations(
    county: County,
) -> None:
    members = [urn for group in county.existing for urn in group.urns]
    assert len(county.existing) == 22 == len({group.name for group in county.existing})
    assert len(members) == len(set(members))
    assert 95 <= sum(county.schools[int(urn) - 900_000].is_small for urn in members) <= 125
    for group in county.existing:
        led = {county.federation_of[urn] for urn in group.urns if urn in county.federation_of}
        assert {urn for urn, name in county.federation_of.items() if name in led} <= set(group.urns)


def test_some_of_todays_partnerships_break_the_default_rules(county: County) -> None:
    heads = [len({county.federation_of.get(u, str(u)) for u in group.urns}) for group in county.existing]
    worst = [max(metres_apart(county, a, b) for a in g.urns for b in g.urns) for g in county.existing]
    assert min(heads) == 2 and max(heads) > 7
    assert 3 <= sum(metres > TWENTY_MINUTES_METRES for metres in worst) <= 18
    assert sum(4 <= n <= 7 and m <= TWENTY_MINUTES_METRES for n, m in zip(heads, worst, strict=True)) >= 3


def test_most_small_schools_have_companions_within_reach_and_a_few_do_not(county: County) -> None:
    tree = cKDTree(small_places(county))
    companions = np.array([len(near) - 1 for near in tree.query_ball_point(tree.data, TWENTY_MINUTES_METRES)])
    assert (companions >= 6).mean() > 0.9
    assert (companions < 6).sum() >= 1


# The files


def test_the_scenario_names_files_that_are_there(county: County, folder: Path) -> None:
    scenario = tomllib.loads((folder / "county.toml").read_text(encoding="utf-8"))
    assert scenario["map"]["title"] == f"School partnerships in {county.title}"
    named = [scenario["data"][key] for key in ("schools", "links", "existing")] + scenario["map"]["base"]
    named.append(scenario["travel"]["roads"])
    assert set(named) | {"advisers.csv", "county.toml"} == {path.name for path in folder.iterdir()}
    assert scenario["data"]["headships"]["column"] in rows(folder / "schools.csv")[0]


@pytest.mark.parametrize("name", TABLES)
def test_tables_open_in_a_spreadsheet(folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + TABLES[name].encode() + b"\n")
    assert b"\r" not in content
    assert all(None not in row and None not in row.values() for row in rows(folder / name))


def test_tables_say_what_the_county_is(county: County, folder: Path) -> None:
    schools = rows(folder / "schools.csv")
    assert [int(row["pupils"]) for row in schools] == [school.pupils for school in county.schools]
    assert {row["phase"] for row in schools} == {"Primary"}
    assert {r["urn"]: r["federation"] for r in schools if r["federation"]} == county.federation_of
    assert {r["urn"]: r["trust"] for r in schools if r["trust"]} == county.trust_of
    today = {(row["urn"], row["partnership"]) for row in rows(folder / "today.csv")}
    assert today == {(urn, group.name) for group in county.existing for urn in group.urns}
    assert {row["agreed"] for row in rows(folder / "links.csv")} == {"yes", "no", ""}
    assert ints([row["adviser"] for row in rows(folder / "advisers.csv")]) == [f"A{n}" for n in range(1, 7)]


def test_base_geometry_is_sound_and_small(folder: Path) -> None:
    assert sum((folder / name).stat().st_size for name in BASE) < 120_000
    for name, kind in zip(BASE, ("land", "water", "district", "road"), strict=True):
        frame = geopandas.read_file(folder / name)
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.is_valid.all() and set(frame["kind"]) == {kind}
        assert frame["name"].str.len().gt(0).all()


def test_coordinates_have_five_decimals_and_schools_lie_on_the_land_drawn(county: County, folder: Path) -> None:
    text = (folder / "land.geojson").read_text(encoding="utf-8")
    longitudes = [x for polygon in json.loads(text)["features"][0]["geometry"]["coordinates"] for x, _ in polygon[0]]
    assert all(x == round(x, 5) for x in longitudes)
    land = geopandas.read_file(folder / "land.geojson").to_crs(27700).geometry.iloc[0]
    assert max(land.distance(shapely.Point(point)) for point in places(county)) < 10


# The same for everybody, and in every size


def test_two_processes_write_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    code = (
        "from pathlib import Path; from partition.sample import make_county, write_county\n"
        f"write_county(make_county(280, 1), Path({str(tmp_path)!r}))"
    )
    environment = os.environ | {"PYTHONHASHSEED": "12345"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, cwd=Path(__file__).parents[2])
    assert digests(tmp_path) == digests(folder)


@pytest.mark.parametrize("seed", [2, 3])
def test_another_seed_makes_another_sound_county(county: County, seed: int) -> None:
    other = make_county(seed=seed)
    assert other.schools != county.schools
    assert other.terrain.land.is_valid and other.terrain.land.area == pytest.approx(5.9e9, rel=0.05)
    assert shapely.contains_xy(other.terrain.land, places(other)).all()
    assert "" not in other.district_of


@pytest.mark.parametrize("size", [30, 100, 1_000])
def test_other_sizes_keep_the_density_and_the_share_of_small_schools(size: int, tmp_path: Path) -> None:
    county = make_county(size)
    assert len({school.name for school in county.schools}) == size
    assert county.terrain.land.area / 1e6 / size == pytest.approx(5_900 / 280, rel=0.05)
    assert sum(school.is_small for school in county.schools) / size == pytest.approx(0.59, abs=0.03)
    assert shapely.contains_xy(county.terrain.land, places(county)).all()
    west, south, east, north = county.terrain.sea.bounds
    assert west > 0 and east < 700_000 and south > 0 and north < 1_300_000
    write_county(county, tmp_path)
    for name in BASE:
        assert geopandas.read_file(tmp_path / name).geometry.is_valid.all()


@pytest.mark.parametrize("size", [29, 12_001])
def test_a_county_too_small_or_too_large_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="30 to 12,000"):
        make_county(size)


# Beside the real Lincolnshire


@pytest.fixture(scope="module")
def lincolnshire() -> pd.DataFrame:
    path = REAL / "gias_lincolnshire_2025-07.csv"
    if not path.exists():
        pytest.skip(f"the real county's file is not at {path}")
    frame = pd.read_csv(path, encoding="cp1252", dtype=str, keep_default_na=False)
    state_funded = ["Local authority maintained schools", "Academies", "Free Schools"]
    return frame[
        frame["PhaseOfEducation (name)"].isin(["Primary", "Middle deemed primary"])
        & frame["EstablishmentStatus (name)"].str.startswith("Open")
        & frame["EstablishmentTypeGroup (name)"].isin(state_funded)
        & (frame["NumberOfPupils"] != "")
    ]


@pytest.mark.real_data
def test_small_schools_lie_as_far_apart_as_real_ones(county: County, lincolnshire: pd.DataFrame) -> None:
    small = lincolnshire["NumberOfPupils"].astype(int) <= 200
    real = cKDTree(lincolnshire.loc[small, ["Easting", "Northing"]].astype(float).to_numpy())
    made = cKDTree(small_places(county))
    for neighbour in (1, 3, 6):
        real_metres = np.median(real.query(real.data, k=neighbour + 1)[0][:, neighbour])
        made_metres = np.median(made.query(made.data, k=neighbour + 1)[0][:, neighbour])
        assert made_metres == pytest.approx(real_metres, rel=0.15)
    within = [np.median([len(n) for n in t.query_ball_point(t.data, TWENTY_MINUTES_METRES)]) for t in (real, made)]
    assert within[1] == pytest.approx(within[0], rel=0.2)


@pytest.mark.real_data
def test_no_place_is_a_real_one_in_lincolnshire(county: County, lincolnshire: pd.DataFrame) -> None:
    real = " | ".join(lincolnshire["EstablishmentName"] + " | " + lincolnshire["Town"]).casefold()
    assert [place.name for place in county.places if f" {place.name.casefold()} " in f" {real} "] == []
