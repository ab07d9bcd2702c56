"""Areas: who owns which land, in which colour, with room for a label."""

from __future__ import annotations

from itertools import combinations

import pytest
from identifiers import ints
from shapely import MultiPoint, MultiPolygon, Point, box

from partition.maps.shapes import (
    REACH_METRES,
    colours,
    label_spot,
    label_spots,
    lasso,
    open_sea,
    partnership_areas,
    ties,
)

WEST, EAST = (0.0, 0.0), (6_000.0, 0.0)


def test_land_belongs_to_the_nearest_school():
    areas = partnership_areas({1: [WEST], 2: [EAST]}, [], None)
    assert areas[1].contains(Point(2_000, 0)) and areas[2].contains(Point(4_000, 0))
    assert not areas[1].intersects(areas[2])


def test_a_partnership_reaches_over_all_its_schools_but_not_far_beyond():
    area = partnership_areas({1: [WEST, EAST]}, [], None)[1]
    assert area.contains(MultiPoint([WEST, (3_000, 0), EAST]))
    assert not area.intersects(Point(-REACH_METRES - 100, 0))


def test_a_school_not_yet_placed_leaves_a_hole():
    areas = partnership_areas({1: [(-6_000, 0), (6_000, 0), (0, 6_000), (0, -6_000)]}, [(0, 0)], None)
    assert not areas[1].intersects(Point(0, 0).buffer(1_000))


def test_the_sea_is_nobodys_but_a_school_on_the_wrong_side_of_a_rough_coast_stays_in():
    area = partnership_areas({1: [(-200, 0), (-3_000, 0), (-3_000, 2_000)]}, [], box(-9_000, -9_000, -800, 9_000))[1]
    assert not area.intersects(Point(1_500, 0))
    assert area.distance(Point(-200, 0)) < 500


def test_two_schools_on_one_point_in_two_partnerships_both_get_land():
    areas = partnership_areas({1: [WEST], 2: [WEST, EAST]}, [], None)
    assert all(area.area > 0 for area in areas.values())


def test_one_school_alone_and_none_at_all():
    assert partnership_areas({1: [WEST]}, [], None)[1].contains(Point(WEST))
    assert partnership_areas({}, [WEST], None) == {}


def test_neighbours_differ_in_colour():
    grid = {10 * row + column: [(6_000.0 * column, 6_000.0 * row)] for row in range(4) for column in range(4)}
    areas = partnership_areas(grid, [], None)
    hues = colours([areas], 5)
    touching = [pair for pair in combinations(grid, 2) if areas[pair[0]].distance(areas[pair[1]]) < 300]
    assert len(touching) >= 24  # the sides of a four by four grid
    assert all(hues[a] != hues[b] for a, b in touching)


def row(*numbers):
    """Areas side by side along a road, in this order."""
    return partnership_areas({n: [(6_000.0 * place, 0.0)] for place, n in enumerate(numbers)}, [], None)


def test_an_area_keeps_its_colour_from_plan_to_plan_and_differs_from_its_neighbours_in_each():
    plans = [row(1, 2, 3), row(1, 3, 2), row(3, 4, 1)]
    hues = colours(plans, 5)
    assert set(hues) == {1, 2, 3, 4}
    assert len({hues[1], hues[2], hues[3]}) == 3  # each lies beside each in some plan
    assert hues[4] not in (hues[3], hues[1])


def test_where_colours_run_out_neighbours_share_as_few_as_can_be():
    plans = [row(a, b) for a, b in combinations(range(1, 5), 2)]  # everybody beside everybody
    assert ints(sorted(colours(plans, 2).values())) == [0, 0, 1, 1]


def test_a_label_lies_inside_and_clear_of_the_schools():
    schools = [WEST, EAST, (3_000.0, 4_000.0)]
    area = partnership_areas({1: schools}, [], None)[1]
    spot = Point(label_spot(area, schools))
    assert area.contains(spot)
    assert ints(min(spot.distance(Point(school)) for school in schools)) >= 1_600


def test_a_label_has_other_places_on_its_area_clear_of_the_schools_and_of_each_other():
    schools = [WEST, EAST, (3_000.0, 4_000.0)]
    area = partnership_areas({1: schools}, [], None)[1]
    spots = [Point(spot) for spot in label_spots(area, schools, 5)]
    assert len(spots) == 5 and spots[0] == Point(label_spot(area, schools))
    assert all(area.contains(spot) for spot in spots)
    assert min(spot.distance(Point(school)) for spot in spots for school in schools) >= 1_600
    assert min(one.distance(other) for one, other in combinations(spots, 2)) >= 1_000


def test_a_label_has_one_place_at_least_on_an_area_that_its_schools_fill():
    area = box(0, 0, 10, 10)
    assert label_spots(area, [(5.0, 5.0)], 3)
    assert all(area.contains(Point(spot)) for spot in label_spots(area, [(5.0, 5.0)], 3))


def test_the_sea_goes_on_away_from_the_land_and_a_lake_does_not():
    land, sea = box(0, 0, 60_000, 60_000), box(60_000, 0, 80_000, 60_000)
    beyond = open_sea(land, sea)
    assert beyond.contains(Point(150_000, 30_000))
    assert not beyond.intersects(Point(-50_000, 30_000)) and not beyond.intersects(Point(30_000, 30_000))
    lake = box(20_000, 20_000, 30_000, 30_000)
    assert open_sea(land.difference(lake), lake).is_empty


@pytest.mark.parametrize("spots", [[WEST], [WEST, EAST], [WEST, EAST, (3_000.0, 9_000.0)]])
def test_a_lasso_holds_its_schools_in_one_piece(spots):
    shape = lasso(spots)
    assert shape.contains(MultiPoint(spots))
    assert len(shape.geoms) == 1


def test_the_parts_of_an_area_are_joined_by_the_shortest_lines():
    near, far, furthest = box(0, 0, 10, 10), box(15, 0, 25, 10), box(0, 40, 10, 50)
    assert ties(MultiPolygon([near])) == []
    joined = ties(MultiPolygon([furthest, near, far]))
    assert sorted(line.length for line in joined) == [5, 30]
    assert MultiPolygon([near, far, furthest]).union(joined[0]).union(joined[1]).buffer(0.1).geom_type == "Polygon"
