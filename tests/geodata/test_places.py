"""Schools anywhere lie where they should, measured in metres that are true there; what is doubtful is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pytest
from counties import COUNTIES, county, write_degrees, write_metres
from pyproj import CRS, Geod
from shapely.geometry import MultiPoint, Point, box
from telling import faults_of

from geodata.grid import BRITISH, GREAT_BRITAIN, IRELAND, Grid, country_of, grid_for, grid_of_epsg, middle, system
from geodata.schools import Schools, read_schools


def write_shapes(frame: pd.DataFrame, path: Path, crs: Any, shapes: Any = None, columns: tuple[str, ...] = ()) -> Path:
    points = geopandas.points_from_xy(frame["easting"], frame["northing"]) if shapes is None else shapes
    table = frame[["urn", "name", "pupils", *columns]]
    geopandas.GeoDataFrame(table, geometry=points, crs=crs).to_file(path)
    return path


def lies_right(schools: Schools, frame: pd.DataFrame) -> None:
    """The schools lie where the county has them, to 3 metres, and as far apart as there, to 2 in 1,000."""
    degrees = schools.grid.degrees(schools.frame.geometry.x, schools.frame.geometry.y)
    earth = Geod(ellps="WGS84")
    away = earth.inv(degrees[:, 0], degrees[:, 1], frame["longitude"], frame["latitude"])[2]
    assert np.max(away) < 3
    first, last = schools.frame.geometry.iloc[0], schools.frame.geometry.iloc[-1]
    ends = frame.iloc[[0, -1]]
    on_ground = earth.inv(
        *ends["longitude"].iloc[[0]],
        *ends["latitude"].iloc[[0]],
        *ends["longitude"].iloc[[1]],
        *ends["latitude"].iloc[[1]],
    )[2]
    assert first.distance(last) == pytest.approx(on_ground, rel=0.002)
    assert all(point.x == round(point.x) and point.y == round(point.y) for point in schools.frame.geometry)


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_in_degrees_is_measured_in_metres_that_are_true_there(name: str, tmp_path: Path) -> None:
    frame = county(name)
    schools = read_schools(write_degrees(frame, tmp_path / "schools.csv"))
    assert schools.grid == Grid(COUNTIES[name][3])
    lies_right(schools, frame)


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_in_its_own_metres_is_read_once_the_system_is_stated(name: str, tmp_path: Path) -> None:
    frame, epsg = county(name), COUNTIES[name][2]
    schools = read_schools(write_metres(frame, tmp_path / "schools.csv"), crs=f"EPSG:{epsg}")
    assert schools.grid == (Grid(32701) if name == "Chatham Islands" else Grid(epsg))  # too far east of its own grid
    lies_right(schools, frame)


@pytest.mark.parametrize("name", COUNTIES)
def test_a_county_of_shapes_is_read_in_the_system_that_the_file_states(name: str, tmp_path: Path) -> None:
    frame, epsg = county(name), COUNTIES[name][2]
    lies_right(read_schools(write_shapes(frame, tmp_path / "schools.gpkg", epsg)), frame)


def test_the_system_is_said_but_for_the_british_grid(tmp_path: Path) -> None:
    (notice,) = read_schools(write_degrees(county("Canterbury"), tmp_path / "south.csv")).notices
    assert notice.value == "EPSG:32759"
    assert "around 43.86° S, 171.68° E" in notice.fix and "WGS 84 / UTM zone 59S" in notice.fix
    assert read_schools(write_degrees(county("Lincolnshire"), tmp_path / "north.csv")).notices == ()


@pytest.mark.parametrize("stated", ["EPSG:2157", "epsg:2157", "2157"])
def test_a_system_is_named_by_its_code(tmp_path: Path, stated: str) -> None:
    path = write_metres(county("Laois"), tmp_path / "schools.csv")
    assert read_schools(path, crs=stated).grid == Grid(2157)


@pytest.mark.parametrize(
    ("stated", "told"),
    [
        ("EPSG:99999", "scenario, data.crs = 'EPSG:99999': names no coordinate system that is known"),
        ("Irish grid, I think", "names no coordinate system that is known"),
        (
            'LOCAL_CS["site",UNIT["metre",1]]',
            "scenario: its coordinate system (site) says nothing of where on earth it is",
        ),
        ("EPSG:4326", "data.crs says WGS 84 (EPSG:4326), but these are grid metres"),
        (
            "EPSG:2193",
            "New Zealand Transverse Mercator 2000 (EPSG:2193), but these lie outside the area that it is for",
        ),
        ("+proj=longlat +nadgrids=/etc/passwd", "reads another file"),
    ],
)
def test_a_stated_system_that_will_not_do_is_one_fault(tmp_path: Path, stated: str, told: str) -> None:
    (fault,) = faults_of(read_schools, write_metres(county("Laois"), tmp_path / "schools.csv"), crs=stated)
    assert told in fault


def test_numbers_that_fit_no_british_grid_are_one_fault_that_says_what_to_state(tmp_path: Path) -> None:
    (fault,) = faults_of(read_schools, write_metres(county("Central Finland"), tmp_path / "schools.csv"))
    assert "all 12 schools: outside Great Britain's grid" in fault and "--set data.crs=SYSTEM" in fault


@pytest.mark.parametrize(
    ("crs", "made_in", "told"),
    [
        (
            27700,
            "degrees",
            "the file states OSGB36 / British National Grid (EPSG:27700), but these are latitude and longitude",
        ),
        (4326, "metres", "the file states WGS 84 (EPSG:4326), but these are grid metres"),
        (2193, "metres swapped", "but easting and northing are swapped; exchange them"),
        (4326, "degrees swapped", "but latitude and longitude are swapped; exchange them"),
        ('LOCAL_CS["site",UNIT["metre",1]]', "metres", "(site) says nothing of where on earth it is"),
    ],
)
def test_shapes_that_do_not_fit_the_system_stated_are_one_fault(
    tmp_path: Path, crs: Any, made_in: str, told: str
) -> None:
    frame = county("Canterbury" if crs == 2193 else "Lincolnshire")
    x, y = ("longitude", "latitude") if "degrees" in made_in else ("easting", "northing")
    if "swapped" in made_in:
        x, y = y, x
    shapes = geopandas.points_from_xy(frame[x], frame[y])
    (fault,) = faults_of(read_schools, write_shapes(frame, tmp_path / "schools.gpkg", crs, shapes))
    assert told in fault


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_shapes_without_a_system_are_read_once_it_is_stated(tmp_path: Path) -> None:
    frame = county("Lincolnshire")
    path = write_shapes(frame, tmp_path / "schools.gpkg", None)
    assert "state its coordinate system (CRS), or type --set data.crs=SYSTEM" in faults_of(read_schools, path)[0]
    lies_right(read_schools(path, crs="EPSG:27700"), frame)


def test_a_multipoint_of_one_is_a_point_and_one_of_two_is_none(tmp_path: Path) -> None:
    frame = county("Lincolnshire")
    points = [Point(xy) for xy in zip(frame["easting"], frame["northing"], strict=True)]
    shapes = [MultiPoint([point]) for point in points]
    lies_right(read_schools(write_shapes(frame, tmp_path / "one.gpkg", 27700, shapes)), frame)
    shapes[2] = MultiPoint([points[2], points[3]])
    (fault,) = faults_of(read_schools, write_shapes(frame, tmp_path / "two.gpkg", 27700, shapes))
    assert fault.endswith("row 4, geometry = 'MultiPoint': give the school one point [School C]")


def test_sites_drawn_as_polygons_are_one_fault(tmp_path: Path) -> None:
    frame = county("Lincolnshire")
    shapes = geopandas.points_from_xy(frame["easting"], frame["northing"]).buffer(50)
    (fault,) = faults_of(read_schools, write_shapes(frame, tmp_path / "schools.gpkg", 27700, shapes))
    assert "all 12 schools: give the school one point: the middle of its site" in fault


def test_a_point_moved_away_from_its_columns_is_told_with_the_schools_name(tmp_path: Path) -> None:
    frame, both = county("Lincolnshire"), ("easting", "northing")
    lies_right(read_schools(write_shapes(frame, tmp_path / "same.gpkg", 27700, columns=both)), frame)
    moved = geopandas.points_from_xy(frame["easting"] + 18_000 * (frame["urn"] == 104), frame["northing"])
    (fault,) = faults_of(read_schools, write_shapes(frame, tmp_path / "moved.gpkg", 27700, moved, both))
    assert "row 6" in fault and "by up to 18.00 km: 1 school (School E)" in fault


def test_columns_rounded_to_a_hundred_metres_agree_with_their_points(tmp_path: Path) -> None:
    frame, both = county("Lincolnshire"), ("longitude", "latitude")
    frame = frame.assign(longitude=frame["longitude"].round(3), latitude=frame["latitude"].round(3))
    assert len(read_schools(write_shapes(frame, tmp_path / "schools.gpkg", 27700, columns=both)).frame) == 12


def test_a_school_far_from_the_others_is_asked_about_and_read_once_confirmed(tmp_path: Path) -> None:
    frame = county("Nebraska")
    frame.loc[3, "latitude"] += 3.0
    path = write_degrees(frame, tmp_path / "schools.csv")
    (fault,) = faults_of(read_schools, path)
    assert (
        "row 5" in fault
        and "km from the middle" in fault
        and fault.endswith("type --set data.outlying.103=true [School D]")
    )
    assert len(read_schools(path, outlying=[103]).frame) == 12
    assert "outlying.103" in faults_of(read_schools, path, outlying=[104])[0]


def test_a_school_beyond_the_border_is_asked_about_and_read_once_confirmed(tmp_path: Path) -> None:
    frame = county("Mid Ulster")
    frame = frame.assign(latitude=frame["latitude"] + 0.5, longitude=frame["longitude"] + 0.4)  # the coast of Antrim
    frame.loc[0, ["latitude", "longitude"]] = 55.31, -5.7  # Kintyre, some 40 km over the sea
    path = write_degrees(frame, tmp_path / "schools.csv")
    (fault,) = faults_of(read_schools, path)
    assert "row 2" in fault and "outside Ireland, where most other schools lie" in fault
    assert len(read_schools(path, outlying=[100]).frame) == 12


def test_swapped_degrees_are_told_and_read_once_stated(tmp_path: Path) -> None:
    frame = county("Lincolnshire").rename(columns={"latitude": "longitude", "longitude": "latitude"})
    path = write_degrees(frame, tmp_path / "schools.csv")  # or schools of the Indian Ocean
    (fault,) = faults_of(read_schools, path)
    assert "all 12 schools: latitude and longitude are swapped; exchange them" in fault and "EPSG:4326" in fault
    assert read_schools(path, crs="EPSG:4326").grid == Grid(32739)


@pytest.mark.parametrize(("postcode", "told"), [("BT45 6AA", "EPSG:29903"), ("R32 X4Y5", "EPSG:2157")])
def test_postcodes_of_ireland_speak_against_the_british_grid(tmp_path: Path, postcode: str, told: str) -> None:
    frame = county("Mid Ulster").assign(postcode=postcode)
    path = tmp_path / "schools.csv"
    frame.drop(columns=["latitude", "longitude"]).to_csv(path, index=False)
    (fault,) = faults_of(read_schools, path)
    assert f"postcode = '{postcode}'" in fault and told in fault
    assert read_schools(path, crs="EPSG:29903").grid == Grid(29903)
    frame.assign(postcode="NG34 7AA").drop(columns=["latitude", "longitude"]).to_csv(path, index=False)
    assert read_schools(path).grid == BRITISH


def test_a_heading_may_say_the_system(tmp_path: Path) -> None:
    frame = county("Laois").rename(columns={"easting": "ITM_East", "northing": "ITM_North"})
    frame.drop(columns=["latitude", "longitude"]).to_csv(tmp_path / "schools.csv", index=False)
    schools = read_schools(tmp_path / "schools.csv", columns={"easting": "ITM_East", "northing": "ITM_North"})
    lies_right(schools, county("Laois"))


def test_schools_of_a_further_file_come_onto_the_same_grid(tmp_path: Path) -> None:
    frame = county("Canterbury")
    first = write_shapes(frame[:10], tmp_path / "first.gpkg", 2193)
    opens = write_degrees(frame[10:], tmp_path / "opens.csv")
    schools = read_schools(first, opening=[opens])
    assert schools.grid == Grid(2193) and schools.frame.crs == "EPSG:2193"
    lies_right(schools, frame)


def test_areas_are_laid_over_schools_in_their_metres(tmp_path: Path) -> None:
    frame = county("Canterbury")
    west, south = frame["longitude"].min() - 0.1, frame["latitude"].min() - 0.1
    half = box(west, south, frame["longitude"].median(), frame["latitude"].max() + 0.1)
    geopandas.GeoDataFrame({"name": ["West"]}, geometry=[half], crs=4326).to_file(tmp_path / "areas.geojson")
    path = write_shapes(frame, tmp_path / "schools.gpkg", 2193)
    schools = read_schools(path, areas={"ward": tmp_path / "areas.geojson"})
    assert schools.frame["ward"].tolist() == ["West", "West", "", ""] * 3


@pytest.mark.parametrize(
    ("longitude", "latitude", "country"),
    [
        *(
            (longitude, latitude, GREAT_BRITAIN)
            for longitude, latitude in [(-6.3, 49.93), (-6.3, 55.6), (-5.78, 55.31)]
        ),
        *((longitude, latitude, GREAT_BRITAIN) for longitude, latitude in [(-7.5, 57.0), (1.31, 51.13), (-1.1, 60.2)]),
        *((longitude, latitude, GREAT_BRITAIN) for longitude, latitude in [(-5.3, 51.9), (-4.5, 54.15), (-8.6, 57.8)]),
        *((longitude, latitude, IRELAND) for longitude, latitude in [(-6.2, 55.3), (-5.45, 54.4), (-10.3, 52.1)]),
        *((longitude, latitude, IRELAND) for longitude, latitude in [(-6.36, 52.2), (-7.37, 55.37), (-6.0, 53.5)]),
        *(
            (longitude, latitude, None)
            for longitude, latitude in [(1.86, 50.96), (1.6, 50.7), (-1.6, 49.6), (5.3, 60.4)]
        ),
    ],
)
def test_islands_and_coasts_belong_to_their_country(longitude: float, latitude: float, country: Any) -> None:
    assert country_of(longitude, latitude) is country


@pytest.mark.parametrize(
    ("epsg", "is_grid"), [(2193, True), (3067, True), (4326, False), (2263, False), (2048, False), (999_999, False)]
)
def test_a_grid_has_metres_to_the_east_and_to_the_north(epsg: int, is_grid: bool) -> None:
    assert (grid_of_epsg(epsg) is not None) == is_grid


def test_a_system_whose_metres_are_not_true_is_not_measured_in() -> None:
    places = np.array([25.6, 25.8]), np.array([62.5, 62.7])
    assert grid_for(CRS(3857), *places) == Grid(32635)  # Web Mercator doubles lengths there
    assert grid_for(CRS(3879), *places) == Grid(32635)  # eastings of 25 million
    assert grid_for(CRS(3067), *places) == Grid(3067)


def test_the_middle_of_places_across_the_date_line() -> None:
    longitude, latitude = middle(np.array([179.8, -179.9, -179.7]), np.array([-17.0, -16.0, -15.0]))
    assert (longitude, latitude) == (pytest.approx(-179.9), -16.0)


def test_longitudes_run_on_over_the_date_line_for_a_map() -> None:
    fiji, east = Grid(32760), [Point(179.9, -17), Point(-179.9, -17)]
    assert [round(fiji.unbroken(point).x, 6) for point in east] == [179.9, 180.1]
    metres = [fiji.metres(point.x, point.y) for point in east]
    assert fiji.map_degrees(*np.transpose(metres))[:, 0].tolist() == pytest.approx([179.9, 180.1])
    assert fiji.degrees(*np.transpose(metres))[:, 0].tolist() == pytest.approx([179.9, -179.9])
    assert BRITISH.unbroken(east[1]).x == -179.9
    assert system("EPSG:27700").name in BRITISH.words
