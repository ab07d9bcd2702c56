"""The ground beneath a real county's map: coast, outline and places where a scenario gives none of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from telling import faults_of

from partition.maps.atlas import draw_atlas
from partition.plans.account import Account
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario

ROWS = """\
urn,name,town,easting,northing,pupils
900001,Nettleham Church of England Primary,LINCOLN,500900,375300,90
900002,Dunholme St Chad's Primary,Lincolnshire,501200,379900,80
900003,Mill Lane School,Howell Road,506700,345900,70
900004,Louth Kidgate Primary,LOUTH,532900,387300,60
"""
RIG = "900009,Rig School,Nowhere,620000,420000,50\n"  # in the North Sea
LAND = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Isle","kind":"land"},"geometry":\
{"type":"Polygon","coordinates":[[[-1,52],[1,52],[1,54],[-1,54],[-1,52]]]}},{"type":"Feature","properties":{"name":\
"Haven","kind":"town"},"geometry":{"type":"Point","coordinates":[0,53]}}]}'
)

Read = Callable[..., Case]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return the case of a file of schools, with lines of the scenario's table [map]."""

    def case(rows: str = ROWS, on_map: str = "") -> Case:
        (tmp_path / "schools.csv").write_text(rows)
        (tmp_path / "isle.geojson").write_text(LAND)
        (tmp_path / "s.toml").write_text(f'[data]\nschools = "schools.csv"\n[map]\n{on_map}\n')
        return load(read_scenario(tmp_path / "s.toml"))

    return case


def kinds(case: Case) -> dict[str, list[Any]]:
    """The shapes beneath the map, by kind."""
    found: dict[str, list[Any]] = {}
    for frame in case.base:
        assert isinstance(frame, geopandas.GeoDataFrame)
        for kind, shape in zip(frame["kind"], frame.geometry, strict=True):
            found.setdefault(kind, []).append(shape)
    return found


def account(case: Case) -> Account:
    return Account(case.problem, case.problem.plan([[900001, 900002], [900003, 900004]]))


def test_a_county_with_nothing_but_its_schools_has_coast_outline_and_places(read: Read) -> None:
    case = read()
    found = kinds(case)
    assert {"land", "water", "outline", "city", "town"} == set(found)  # too few places for villages
    (land,), (sea,), (outline,) = found["land"], found["water"], found["outline"]
    assert sea.contains(shapely.Point(0.4, 53.42)) and not land.intersects(shapely.Point(0.4, 53.42))
    assert outline.within(land.buffer(1e-6))
    assert all(outline.contains(shapely.Point(spot)) for spot in [(-0.49, 53.27), (-0.006, 53.367)])
    assert case.attribution[-2:] == ("Places: GeoNames (CC BY 4.0).", "Coast: made with Natural Earth.")


def test_places_on_the_map_and_names_of_partnerships_are_places_and_never_addresses(read: Read) -> None:
    case = read()
    atlas = draw_atlas(case, account(case))
    assert case.problem.area.places == ("Nettleham", "Dunholme", "Sleaford", "Louth")
    assert [one.name for one in atlas.partnerships] in (["Nettleham", "Sleaford"], ["Nettleham", "Louth"])
    labels = {place.name for place in atlas.places}
    assert {"Sleaford", "Louth", "Lincoln", "Nettleham"} <= labels
    assert not {"LINCOLN", "LOUTH", "Lincolnshire", "Howell Road", "Mill Lane"} & labels
    assert {place.rank for place in atlas.places if place.name == "Lincoln"} == {3}


def test_a_made_up_county_keeps_to_its_own_ground(read: Read) -> None:
    case = read(on_map="world = false")
    assert case.base == () and case.problem.area.places == ()
    assert "LOUTH" in {place.name for place in draw_atlas(case, account(case)).places}
    assert not any("GeoNames" in line or "Natural Earth" in line for line in case.attribution)


def test_what_the_scenario_gives_is_kept_and_only_the_rest_is_added(read: Read) -> None:
    case = read(on_map='base = ["isle.geojson"]')
    found = kinds(case)
    assert set(found) == {"land", "town", "outline"}
    assert found["land"][0].area == pytest.approx(4)
    assert [place.name for place in draw_atlas(case, account(case)).places] == ["Haven"]
    assert "Coast: made with Natural Earth." not in case.attribution


def test_a_school_in_the_sea_is_asked_about_by_name(read: Read) -> None:
    why = "lies in the sea, over 5 km from any coast; correct its point; if it does lie there, type"
    (fault,) = faults_of(read, ROWS + RIG)
    assert f"Rig School (900009) {why} --set data.outlying.900009=true" in fault
    assert "900009" in read(ROWS + RIG, "world = false").problem.area.urns
    assert "900009" in read(ROWS + RIG, "world = true\n[data.outlying]\n900009 = true").problem.area.urns


def test_a_county_in_the_sea_is_one_fault(read: Read) -> None:
    """As Ireland's own metres are, read as Britain's."""
    afloat = re.sub(r",50(\d{4}),3", r",64\1,6", ROWS.replace(",532900,", ",502900,"))
    (fault,) = faults_of(read, afloat)
    assert "all 4 schools lie in the sea" in fault and "--set data.crs=SYSTEM" in fault


def test_two_partnerships_of_one_town_have_two_names(read: Read) -> None:
    rows = ROWS.replace("Dunholme St Chad's Primary", "Nettleham Junior School")
    case = read(rows)
    plan = case.problem.plan([[900001, 900003], [900002, 900004]])
    assert [item.name for item in Account(case.problem, plan).partnerships] in (
        ["Nettleham", "Louth"],
        ["Sleaford", "Nettleham"],
    )
