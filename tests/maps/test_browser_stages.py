"""Partnerships by how far they have come: shown, and shown or hidden by stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from atlases import village_atlas
from comparisons import FIRST, SECOND, write_town_comparison
from identifiers import ints
from judging import WIDTHS, violations

from partition.maps.page import write_map

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The village's two partnerships, one active and one proposed."""
    atlas = village_atlas()
    first, second = atlas.partnerships
    path = tmp_path_factory.mktemp("staged") / "map.html"
    write_map(replace(atlas, partnerships=(replace(first, stage="active"), replace(second, stage="proposed"))), path)
    return path


def test_a_stage_that_is_off_takes_its_partnerships_and_leaves_their_schools(
    visit: Callable[..., Any], staged: Path
) -> None:
    page = visit(staged).page
    boxes = page.locator("input[data-stage]")
    assert boxes.evaluate_all("all => all.map(box => box.dataset.stage)") == ["proposed", "active"]
    schools = page.locator("#map path.mark").count()
    rows = page.locator("#tables tr[data-stage]")
    assert ints((page.locator("#map path.area").count(), rows.count())) == (2, 2)
    boxes.first.uncheck()
    assert page.locator("#map path.area").count() == 1
    assert page.locator(".label.number").all_inner_texts() == ["1"]
    assert page.locator("#map path.mark").count() == schools
    assert [rows.nth(n).is_visible() for n in range(2)] == [True, False]
    boxes.first.check()
    assert page.locator("#map path.area").count() == 2
    page.locator("#tables button[data-partnership='1']").click()
    assert "Stage\nactive" in page.locator("#card").inner_text()


def test_a_stage_is_off_on_every_map_of_a_comparison(visit: Callable[..., Any], tmp_path: Path) -> None:
    """West is approved in both plans; Middle and East are in the first alone, East no further than proposed."""
    stages = [{1: "approved", 2: "approved", 3: "proposed"}, {1: "approved", 2: "proposed", 3: "proposed"}]
    page = visit(write_town_comparison(tmp_path, FIRST, SECOND, stages=stages)).page
    shown = [page.locator(f"#map-{n} path.area") for n in (0, 1)]
    assert ints([areas.count() for areas in shown]) == [3, 3]
    page.locator("input[data-stage='approved']").uncheck()
    assert ints([areas.count() for areas in shown]) == [1, 2]
    assert violations(page) == []


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong(visit: Callable[..., Any], staged: Path, width: int, height: int) -> None:
    assert violations(visit(staged, width, height).page) == []


def test_schools_whose_partnership_left_have_a_sign_and_a_count_of_their_own(
    visit: Callable[..., Any], tmp_path: Path
) -> None:
    atlas = village_atlas()
    gone = set(atlas.partnerships[0].urns)
    schools = tuple(
        replace(one, role="left", partnership=None, companions=(), reason="its partnership, 1 Fen, has left")
        if one.urn in gone
        else one
        for one in atlas.schools
    )
    write_map(replace(atlas, schools=schools, partnerships=atlas.partnerships[1:], links=()), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    assert page.locator("#map path.mark.left").count() == len(gone) == 3
    row = page.locator("label.layer", has_text="In a partnership that has left")
    assert row.locator(".layer-count").inner_text() == "3"
    assert "its partnership, 1 Fen, has left" in page.locator("#tables").inner_text()
    assert violations(page) == []


def test_a_plan_without_decisions_says_nothing_of_stages(visit: Callable[..., Any], tmp_path: Path) -> None:
    write_map(village_atlas(), tmp_path / "map.html")
    page = visit(tmp_path / "map.html").page
    assert page.locator("input[data-stage]").count() == 0 and "How far" not in page.content()
