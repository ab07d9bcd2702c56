"""Areas name the schools inside them."""

from __future__ import annotations

import geopandas
import pytest
from shapely.geometry import LineString, Point, Polygon, box
from telling import faults_of

from geodata.boundaries import area_of_each, read_areas, read_base, read_boundaries

WEST, EAST = box(500_000, 300_000, 501_000, 301_000), box(501_000, 300_000, 502_000, 301_000)
BOW_TIE = Polygon([(500_000, 300_000), (501_000, 301_000), (501_000, 300_000), (500_000, 301_000)])


@pytest.fixture
def save(tmp_path):
    def save(shapes, file="areas.gpkg", crs="EPSG:27700", **columns):
        path = tmp_path / file
        geopandas.GeoDataFrame(columns, geometry=shapes, crs=crs).to_file(path)
        return path

    return save


@pytest.mark.parametrize("file", ["areas.gpkg", "areas.shp", "areas.geojson"])
def test_areas_read_from_each_format_in_order_of_name(save, file):
    frame = read_boundaries(save([WEST, EAST], file, code=[1, 2], name=["West", "East"]))
    assert frame["name"].tolist() == ["East", "West"] and frame.crs == "EPSG:27700"
    assert abs(frame.geometry[1].centroid.x - 500_500) < 5


@pytest.mark.parametrize("heading", ["NAME", "lad17nm", "LAD23NM", "WD22NMW", "area_name"])
def test_the_column_of_names_is_found(save, heading):
    assert read_boundaries(save([WEST], **{"code": ["E07"], heading: ["West"]}))["name"].tolist() == ["West"]


def test_without_one_the_first_text_column_names_them(save):
    assert read_boundaries(save([WEST], number=[7], ward=["West"]))["name"].tolist() == ["West"]


def test_each_school_gets_the_area_it_lies_in_and_a_tie_the_first_by_name(save):
    areas = read_areas(save([WEST, EAST], name=["West", "East"]))
    places = [Point(500_500, 300_500), Point(501_500, 300_500), Point(501_000, 300_500), Point(0, 0)]
    names, outside = area_of_each(geopandas.GeoSeries(places, index=[1, 2, 3, 4], crs=27700), areas, "unitary")
    assert names.to_dict() == {1: "West", 2: "East", 3: "East", 4: ""}
    assert [notice.value for notice in outside] == [4]


def test_an_outline_that_crosses_itself_is_mended_and_said(save):
    areas = read_areas(save([BOW_TIE, LineString([(0, 0), (1, 1)])], name=["Tie", "Line"]))
    assert areas.frame.is_valid.all() and areas.frame["name"].tolist() == ["Tie"]
    assert abs(areas.frame.area.sum() - 500_000) < 1
    assert ["not a polygon" in areas.notices[0].fix, "mended" in areas.notices[1].fix] == [True, True]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
def test_what_is_no_file_of_areas_is_told(save, tmp_path):
    assert "states no coordinate system" in faults_of(read_areas, save([WEST], crs=None, name=["a"]))[0]
    assert "holds no polygon" in faults_of(read_areas, save([Point(1, 1)], name=["a"]))[0]
    assert "no column of text" in faults_of(read_areas, save([WEST], code=[1]))[0]
    assert "row 3, name = '': name the area" in faults_of(read_areas, save([WEST, EAST], name=["a", ""]))[0]
    assert "no such file" in faults_of(read_areas, tmp_path / "gone.geojson")[0]
    shapefile = save([WEST], "areas.shp", name=["a"])
    shapefile.with_suffix(".dbf").unlink()
    assert "a shapefile needs areas.dbf beside it" in faults_of(read_areas, shapefile)[0]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "cannot be read"),
        ("a.geojson", b"<OGRVRTDataSource/>", "not GeoJSON"),
        ("a.vrt", b"<OGRVRTDataSource/>", "not GeoJSON"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(4000), "cannot be read"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": []}', "holds no shape"),
    ],
)
def test_a_damaged_or_foreign_file_is_refused(tmp_path, name, content, told):
    (tmp_path / name).write_bytes(content)
    assert told in faults_of(read_areas, tmp_path / name)[0]


def test_a_base_is_any_shape_in_degrees(save):
    base = read_base(save([LineString([(500_000, 300_000), (501_000, 300_000)])], ref=["A15"]))
    assert base.crs == "EPSG:4326" and base["name"].tolist() == [""]
    assert abs(base.geometry[0].coords[0][1] - 52.588) < 0.01
