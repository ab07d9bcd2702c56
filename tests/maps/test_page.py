"""The file as written: whole, the same every time, closed to the network and to hostile text."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import folium
import pytest
from atlases import HOSTILE, county_atlas, hostile_atlas, village_atlas
from identifiers import ints
from shapely import LineString
from town import write_town

from partition.maps.atlas import draw_atlas
from partition.maps.content import BaseLayer
from partition.maps.facts import count, facts
from partition.maps.ground import as_json
from partition.maps.page import plan_map, write_map
from partition.plans.propose import propose
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.solver import Limits


def written(atlas, path: Path) -> str:
    write_map(atlas, path)
    return path.read_text(encoding="utf-8")


def test_a_county_takes_half_a_megabyte_and_the_same_bytes_twice(tmp_path):
    write_map(county_atlas(), tmp_path / "one.html")
    write_map(county_atlas(), tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert (tmp_path / "one.html").stat().st_size < 600_000


def test_a_forest_of_roads_cannot_make_the_file_large(tmp_path):
    atlas = county_atlas()
    draw = random.Random(1)
    starts = [(draw.uniform(-0.5, 0.5), draw.uniform(52.5, 53.5)) for _ in range(30_000)]
    lanes = [LineString([(x, y), (x + draw.uniform(-0.01, 0.01), y + draw.uniform(-0.01, 0.01))]) for x, y in starts]
    roads = tuple(BaseLayer(kind="road", name="", geometry=lane) for lane in lanes)
    write_map(replace(atlas, base=(*atlas.base, *roads)), tmp_path / "map.html")
    assert (tmp_path / "map.html").stat().st_size < 1_000_000


def test_nothing_in_the_page_points_outside_it(tmp_path):
    page = written(village_atlas(), tmp_path / "map.html")
    assert re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', page.partition("<body>")[2]) == []
    styles = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "url(" not in styles and "@import" not in styles
    assert "sourceMappingURL" not in page


def test_folium_save_gives_the_same_page(tmp_path):
    plan_map(village_atlas()).save(tmp_path / "saved.html")
    assert (tmp_path / "saved.html").read_text(encoding="utf-8") == written(village_atlas(), tmp_path / "map.html")


def test_a_layer_of_ones_own_is_let_run_by_the_policy(tmp_path):
    canvas = plan_map(village_atlas())
    folium.CircleMarker([53, 0], radius=4).add_to(canvas)
    page = canvas.get_root().render()
    policy = unescape(re.search(r'Security-Policy" content="([^"]*)"', page)[1])
    assert page.count("<script>") == policy.partition("style-src")[0].count("sha256-") == 2
    assert "unsafe" not in policy


def test_an_older_file_outlives_a_failure(tmp_path, monkeypatch):
    path = tmp_path / "map.html"
    write_map(village_atlas(), path)
    before = path.read_bytes()
    monkeypatch.setattr(Path, "replace", lambda self, target: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_map(village_atlas(title="Another"), path)
    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["map.html"]


def test_hostile_text_stays_text(tmp_path):
    page = written(hostile_atlas(), tmp_path / "map.html")
    assert "<script>alert" not in page and "<img" not in page and "</script><script>alert" not in page
    told = json.loads(re.search(r'id="facts">(.*?)</script>', page, re.DOTALL)[1])
    assert [school["name"] for school in told["schools"]][:6] == list(HOSTILE)
    assert "49" not in re.search(r"<h1>(.*?)</h1>", page)[1]  # {{ 7 * 7 }} is not worked out


def test_json_cannot_end_its_script_element():
    assert as_json("</script>&\u2028") == '"\\u003c/script\\u003e\\u0026\\u2028"'


def test_the_standing_is_said_in_head_title_and_foot_of_every_sheet(tmp_path):
    page = written(village_atlas(status="Agreed", internal=True), tmp_path / "map.html")
    assert '<p class="status">Agreed</p>' in page and "(Agreed)</title>" in page
    assert "Internal: not for publication</p>" in page
    foot = re.search(r'@bottom-right \{ content: "([^"]*)"', page)[1]
    assert "".join(chr(int(code, 16)) for code in foot.split("\\")[1:]) == "Internal: not for publication · Agreed"
    assert "Internal:" not in written(village_atlas(), tmp_path / "public.html")


def test_a_public_page_does_not_say_whose_links_are_kept():
    links = (("900000", "900001", True), ("900000", "900003", False))
    assert facts(village_atlas(links=links))["links"] == []
    assert facts(village_atlas(links=links, internal=True))["links"] == [list(link) for link in links]


def test_the_key_counts_what_is_there():
    counts = count(village_atlas(flags_minutes=(6, 16)))
    assert ints((counts.placed, counts.associates, counts.unplaced, counts.outside)) == (5, 1, 1, 1)
    # West: at most 8.7 minutes and half of one more; east: 900005 is 18.1 from 900003, 17.2 from 900004.
    assert (counts.slow, counts.very_slow) == (3, 3)
    assert ints((counts.corrected, counts.headships, counts.today, counts.links_kept)) == (1, 1, 1, 1)


@pytest.mark.parametrize(
    ("settings", "flags", "limit", "words"),
    [
        ("[rules]\nminutes_max = 26\n", (19, 26), 26, "A drive between bases over 26 minutes, the plan’s limit"),
        ("[rules]\nminutes_max = 12.5\n", (9, 12.5), 12.5, "A drive between bases over 12.5 minutes, the plan’s limit"),
        ('[rules]\nminutes_max = "off"\n', (15, 20), None, "A drive between bases over 20 minutes</span>"),
    ],
)
def test_the_limit_drawn_is_the_plan_s_own(tmp_path, settings, flags, limit, words):
    scenario = write_town(tmp_path, 0, 3, 6, 10, settings=f"{settings}[map]\nworld = false\n")
    case = load(read_scenario(scenario))
    atlas = draw_atlas(case, propose(case.problem, Limits(workers=1)))
    assert (atlas.flags_minutes, atlas.limit_minutes) == (flags, limit)
    assert words in unescape(written(atlas, tmp_path / "map.html"))


def test_tiles_are_let_in_only_from_the_server_asked_for(tmp_path):
    page = written(village_atlas(tiles="https://{s}.tiles.example/{z}/{x}/{y}.png"), tmp_path / "map.html")
    policy = re.search(r'Security-Policy" content="([^"]*)"', page)[1]
    assert policy.endswith("img-src data: https://*.tiles.example")
    with pytest.raises(ValueError, match="no tile server"):
        plan_map(village_atlas(tiles="javascript:alert(1)"))


def test_an_empty_atlas_is_still_a_page(tmp_path):
    page = written(village_atlas(schools=(), partnerships=(), today=(), places=()), tmp_path / "map.html")
    assert "Partnerships (0)" in page
