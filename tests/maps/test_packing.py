"""Coordinates on their way into the page."""

from __future__ import annotations

from shapely import LineString, MultiPolygon, Point, Polygon, get_num_coordinates
from shapely.affinity import translate

from partition.maps.packing import encode_polyline, pack, within_budget


def test_a_ring_is_its_first_point_and_then_steps_latitude_first():
    ring = Polygon([(0.5, 53), (0.50001, 53.00002), (0.50003, 53)])
    assert pack(ring) == [[[5_300_000, 50_000, 2, 1, -2, 2, 0, -3]]]


def test_a_polygon_keeps_its_holes_and_a_collection_its_parts():
    square = Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])
    assert [len(rings) for rings in pack(square)] == [2]
    assert len(pack(MultiPolygon([square, translate(square, 5)]))) == 2
    assert pack(Point(1, 1)) == pack(LineString([(0, 0), (1, 1)])) == []


def test_points_closer_than_a_step_are_told_once():
    assert encode_polyline(LineString([(0, 0), (0.000001, 0), (0, 0.00001)])) == "??A?"


def test_shapes_are_simplified_only_until_they_fit():
    wavy = LineString([(i / 1000, (i % 7) / 500) for i in range(5_000)])
    kept, (cut,) = within_budget([wavy], 6_000), within_budget([wavy], 500)
    assert get_num_coordinates(kept[0]) > 500 >= get_num_coordinates(cut)
