"""A map of minutes from one school: who lies in which band, and how the bands are told and drawn."""

from __future__ import annotations

import json
import math
import random
import re
from dataclasses import replace
from pathlib import Path

import pytest
from atlases import HOSTILE, bands_atlas, county_atlas
from identifiers import ints
from shapely import Point, Polygon, box

from partition.maps.bands import bands_map, steps, write_bands
from partition.maps.content import Band, BandsAtlas, ReachedSchool

ORIGIN = ReachedSchool(urn=1, name="Home", latitude=52.5, longitude=0.5, minutes=0)
NEAR = Band(minutes_from=0, minutes_to=5, geometry=box(0.4, 52.4, 0.6, 52.6))
FAR = Band(minutes_from=5, minutes_to=10, geometry=box(0.2, 52.2, 0.8, 52.8).difference(NEAR.geometry))


def school(urn: int, minutes: float | None) -> ReachedSchool:
    return ReachedSchool(urn=urn, name=f"School {urn}", latitude=52.5, longitude=0.5, minutes=minutes)


def atlas(*minutes: float | None, bands: tuple[Band, ...] = (NEAR, FAR)) -> BandsAtlas:
    schools = tuple(school(urn, one) for urn, one in enumerate(minutes, start=2))
    return BandsAtlas(title="From Home", status="", origin=ORIGIN, bands=bands, schools=schools)


def told(bands: BandsAtlas) -> dict:
    page = bands_map(bands).get_root().render()
    return json.loads(re.search(r'id="facts">(.*?)</script>', page, re.DOTALL)[1])


def test_a_school_lies_in_the_band_of_its_own_minutes_on_an_edge_in_the_nearer():
    found = steps(atlas(0, 5, 5.1, 10, 10.1, None))
    assert ints([[one.urn for one in step.schools] for step in found]) == [[2, 3], [4, 5]]


def test_bands_go_from_near_to_far_and_from_light_to_dark():
    found = steps(atlas(bands=(FAR, NEAR)))
    assert ints([(step.words, step.shade) for step in found]) == [("0 to 5 min", 0), ("5 to 10 min", 12)]


def test_one_band_alone_and_none_at_all():
    assert [step.shade for step in steps(atlas(bands=(NEAR,)))] == [0]
    assert told(atlas(7.0, bands=()))["bands"] == []


def test_a_band_is_drawn_with_all_that_is_nearer_so_that_no_gap_shows():
    near, far = told(atlas())["bands"]
    assert [len(part["area"][0]) for part in (near, far)] == [
        1,
        1,
    ]  # one ring: no hole for the near one


def test_ground_that_no_road_reaches_stays_open():
    pond = box(0.65, 52.65, 0.7, 52.7)
    far = replace(FAR, geometry=FAR.geometry.difference(pond))
    assert len(told(atlas(bands=(NEAR, far)))["bands"][1]["area"][0]) == 2


def test_labels_lie_in_their_own_band():
    for part, band in zip(told(atlas())["bands"], (NEAR, FAR), strict=True):
        assert len(part["labels"]) == 2
        assert all(band.geometry.contains(Point(east, north)) for north, east, _ in part["labels"])


def test_a_band_without_ground_is_still_in_the_key(tmp_path: Path):
    write_bands(atlas(3.0, bands=(NEAR, replace(FAR, geometry=Polygon()))), tmp_path / "bands.html")
    assert "5 to 10 min" in (tmp_path / "bands.html").read_text(encoding="utf-8")


def test_the_origin_is_told_once_even_where_it_is_among_the_schools():
    both = replace(atlas(3.0), schools=(ORIGIN, school(2, 3.0)))
    assert ints([one["urn"] for one in told(both)["schools"]]) == [1, 2]
    assert "Schools (1)" in bands_map(both).get_root().render()


def test_a_county_takes_the_same_bytes_twice_and_less_than_half_a_megabyte(tmp_path: Path):
    for name in ("one.html", "two.html"):
        write_bands(bands_atlas(county_atlas()), tmp_path / name)
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert (tmp_path / "one.html").stat().st_size < 500_000


def test_jagged_bands_cannot_make_the_file_large(tmp_path: Path):
    draw, turns = random.Random(1), [math.tau * i / 40_000 for i in range(40_000)]
    rim = [(r * math.cos(t) / 2, 52.5 + r * math.sin(t) / 3) for t in turns for r in [draw.uniform(0.99, 1)]]
    write_bands(atlas(bands=(NEAR, replace(FAR, geometry=Polygon(rim)))), tmp_path / "bands.html")
    assert (tmp_path / "bands.html").stat().st_size < 500_000


def test_hostile_text_stays_text(tmp_path: Path):
    nasty = " ".join(HOSTILE)
    schools = tuple(replace(one, name=nasty) for one in bands_atlas().schools)
    whole = bands_atlas(
        title=nasty, status=nasty, origin=schools[0], schools=schools, travel=nasty, attribution=(nasty,)
    )
    write_bands(whole, tmp_path / "bands.html")
    page = (tmp_path / "bands.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page and "<img" not in page and "</script><script>alert" not in page


def test_tiles_are_let_in_only_from_a_web_server():
    with pytest.raises(ValueError, match="no tile server"):
        bands_map(replace(atlas(), tiles="javascript:alert(1)"))


def test_an_internal_page_says_so():
    assert "Internal: not for publication</p>" in bands_map(replace(atlas(), internal=True)).get_root().render()
    assert "Internal:" not in bands_map(atlas()).get_root().render()
