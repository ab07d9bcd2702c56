"""Roads between schools on their way into the page: none left out, as much detail as there is room for."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import accumulate

from atlases import county_atlas, with_ways
from identifiers import ints
from shapely import LineString

from partition.maps.content import Way
from partition.maps.ground import as_json
from partition.maps.packing import encode_polyline
from partition.maps.page import write_map
from partition.maps.ways import pack_ways

ROAD = ((52.9, 0.1), (52.92, 0.11), (52.92, 0.15), (52.94, 0.16))
BYPASS = ((52.94, 0.16), (52.95, 0.13), (52.9, 0.1))


def way(urn_from: int, urn_to: int, points: tuple[tuple[float, float], ...] = ROAD) -> Way:
    return Way(urn_from=urn_from, urn_to=urn_to, minutes=8.5, km=6.1, points=points)


def decoded(letters: str) -> list[tuple[float, float]]:
    """Written anew from the format's description: five bits a letter, the sign lowest, each a step from the last."""
    numbers, bits = [], ""
    for letter in letters:
        chunk = ord(letter) - 63
        bits = f"{chunk & 31:05b}{bits}"
        if chunk < 32:
            value, bits = int(bits, 2), ""
            numbers.append(-(value + 1) // 2 if value % 2 else value // 2)
    return [(sum(numbers[0 : i + 1 : 2]) / 1e5, sum(numbers[1 : i + 2 : 2]) / 1e5) for i in range(0, len(numbers), 2)]


def test_the_polyline_is_the_one_in_googles_own_example():
    line = LineString([(-120.2, 38.5), (-120.95, 40.7), (-126.453, 43.252)])
    assert encode_polyline(line) == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def test_a_way_keeps_its_bends_its_minutes_and_its_km():
    ((*told, letters),) = pack_ways([way(1, 2)])
    assert ints(told) == [1, 2, 8.5, 6.1]
    assert decoded(letters) == list(ROAD)


def test_the_way_back_by_the_same_road_costs_no_letters():
    there, back = pack_ways([way(2, 1, ROAD[::-1]), way(1, 2)])
    assert decoded(there[4]) == list(ROAD) and back == [2, 1, 8.5, 6.1, ""]


def test_the_way_back_by_another_road_has_its_own():
    there, back = pack_ways([way(1, 2), way(2, 1, BYPASS)])
    assert decoded(there[4]) == list(ROAD) and decoded(back[4]) == list(BYPASS)


def test_a_way_back_alone_is_told_from_its_own_end():
    ((_, _, _, _, letters),) = pack_ways([way(2, 1, BYPASS)])
    assert decoded(letters) == list(BYPASS)


def test_detail_goes_before_any_way_does():
    wavy = tuple((round(52.9 + i / 5_000, 4), round(0.1 + (i % 9) / 1_000, 3)) for i in range(500))
    fine, coarse = (pack_ways([way(1, n, wavy) for n in (2, 3, 4)], bytes_max) for bytes_max in (90_000, 200))
    assert [one[:2] for one in coarse] == [one[:2] for one in fine] == [[1, 2], [1, 3], [1, 4]]
    assert len(as_json(coarse)) <= 200 < len(as_json(fine))
    assert all(decoded(one[4])[0] == wavy[0] and decoded(one[4])[-1] == wavy[-1] for one in coarse)


def test_no_room_at_all_still_leaves_every_way_its_two_ends():
    told = pack_ways([way(1, n) for n in range(2, 20)], bytes_max=0)
    assert len(told) == 18 and all(decoded(one[4]) == [ROAD[0], ROAD[-1]] for one in told)


def test_a_way_without_points_is_none():
    assert pack_ways([way(1, 2, ()), way(1, 3, ROAD[:1])]) == []


def test_two_schools_on_one_point():
    assert [one[:4] for one in pack_ways([way(1, 2, ROAD[:1] * 2)])] == [[1, 2, 8.5, 6.1]]


def test_all_ways_of_a_county_take_at_most_150_kilobytes_and_its_page_less_than_one_megabyte(tmp_path):
    draw, county = random.Random(3), with_ways(county_atlas(), points=300)

    def rough(way: Way) -> Way:  # bends of every size, and no two roads alike: over a megabyte if all were told
        walk = list(accumulate(draw.gauss(0, 2e-4) for _ in way.points))
        return replace(
            way, points=tuple((north + w, east - w) for (north, east), w in zip(way.points, walk, strict=True))
        )

    ways = tuple(map(rough, county.ways))
    told = pack_ways(ways)
    assert len(told) == len(ways) > 600 and 100_000 < len(as_json(told)) <= 150_000
    write_map(replace(county, ways=ways), tmp_path / "map.html")
    assert (tmp_path / "map.html").stat().st_size < 1_000_000
