"""The map of the world: land and sea, towns and villages, and which of them a school stands in."""

from __future__ import annotations

import pytest
import shapely

from geodata.world import land, places

NETTLEHAM, SLEAFORD, LOUTH = (-0.490, 53.267), (-0.413, 52.999), (-0.006, 53.367)
DOGGER_BANK, WASH = (2.0, 55.0), (0.35, 52.95)


@pytest.mark.parametrize("spot", [NETTLEHAM, SLEAFORD, LOUTH, (-74.0, 40.8), (151.0, -33.8), (24.94, 60.17)])
def test_towns_lie_on_land(spot: tuple[float, float]) -> None:
    assert land.on_land([spot[0]], [spot[1]], margin_metres=0).all()


def test_the_open_sea_is_no_land_and_a_spot_just_off_the_coast_passes() -> None:
    off_skegness = (0.38, 53.14)  # some two kilometres out
    longitudes, latitudes = zip(DOGGER_BANK, WASH, off_skegness, strict=True)
    assert land.on_land(longitudes, latitudes, margin_metres=0).tolist() == [False, False, False]
    assert land.on_land(longitudes, latitudes).tolist() == [False, False, True]
    assert land.on_land([], []).tolist() == []


def test_the_margin_is_as_wide_in_the_north_as_at_the_equator() -> None:
    nowhere_east = [(31.6, 70.45), (-90.5, 0.0)]  # off Vardø by some 17 km, off Isabela by more than 60
    for longitude, latitude in nowhere_east:
        assert not land.on_land([longitude], [latitude]).any()
        assert land.on_land([longitude], [latitude], margin_metres=120_000).all()


def test_land_within_a_box_is_what_lies_there_sound_and_whole_across_the_squares_it_is_kept_in() -> None:
    box = (-0.5, 52.5, 0.5, 53.5)  # the Wash, over a seam of two squares at nought degrees
    here = land.land_within(box)
    assert here.is_valid
    assert here.within(shapely.box(*box))
    assert here.contains(shapely.LineString([(-0.2, 53.2), (0.1, 53.2)]))
    assert not here.intersects(shapely.Point(WASH))
    assert land.land_within((2.0, 54.9, 2.1, 55.0)).is_empty


def test_places_in_a_box_come_largest_first_and_none_from_outside() -> None:
    found = places.places_within((-0.6, 52.9, 0.1, 53.4))
    names = [place.name for place in found]
    assert names[0] == "Lincoln"
    assert {"Sleaford", "Louth", "Nettleham", "Horncastle"} <= set(names)
    assert "Grantham" not in names
    assert [place.people for place in found] == sorted((place.people for place in found), reverse=True)


@pytest.mark.parametrize(
    ("name", "spot", "address", "place"),
    [
        ("The Nettleham Church of England Primary", NETTLEHAM, (), "Nettleham"),
        ("Kirton in Lindsey Primary School", (-0.59, 53.475), (), "Kirton in Lindsey"),  # before the Kirton far away
        ("Chapel Saint Leonards Primary", (0.335, 53.225), (), "Chapel St Leonards"),
        ("St Andrew's Primary School", SLEAFORD, (), "Sleaford"),
        ("Saint Martin Primary School", (-0.407, 53.139), (), "Metheringham"),  # a saint, not the Martin nearby
        ("Kirkby-la-Thorpe Primary School", (-0.36, 52.99), ("KIRKBY-LA-THORPE", "Sleaford"), "Kirkby-la-Thorpe"),
        ("Mill Lane Primary School", NETTLEHAM, ("Mill Lane", "LINCOLN"), "Nettleham"),  # a street is no village
        ("Village School", LOUTH, ("Lincolnshire",), "Louth"),
        ("Rig School", DOGGER_BANK, ("Louth",), ""),
    ],
)
def test_a_school_stands_in_the_place_that_it_names_or_else_in_the_nearest(
    name: str, spot: tuple[float, float], address: tuple[str, ...], place: str
) -> None:
    assert places.place_of_each([name], [spot[0]], [spot[1]], [address]) == (place,)


def test_a_town_reaches_as_far_as_its_people_live() -> None:
    edge_of_grantham = (-0.652, 52.925)  # nearer to the middle of Great Gonerby or Barrowby than to Grantham's
    assert places.place_of_each(["The Priory School"], [edge_of_grantham[0]], [edge_of_grantham[1]]) == ("Grantham",)


def test_names_are_compared_without_accents_signs_and_long_saints() -> None:
    assert places.folded("L’Île-Saint-Denis") == "lile st denis"
