"""The page of alternatives, in a browser with the network off."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from judging import WIDTHS, violations
from town import write_town

from partition.maps.alternatives import write_alternatives
from partition.maps.atlas import draw_atlas
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.solver import Limits
from partition.studies.alternatives.find import find_alternatives
from partition.studies.alternatives.text import account_of

pytestmark = pytest.mark.browser
FIRM, TOSSED = "900001", "900003"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pairs along a road, or two threes: 1 and 2, 5 and 6 are together in both, 3 and 4 in the first only."""
    folder = tmp_path_factory.mktemp("alternatives")
    settings = "[rules]\nheads_min = 2\nheads_max = 3\nminutes_max = 10\n"
    case = load(read_scenario(write_town(folder, 0, 5, 10, 15, 20, 25, settings=settings)))
    pairs = case.problem.plan([["900001", "900002"], ["900003", "900004"], ["900005", "900006"]])
    found = find_alternatives(
        case.problem, pairs, within=Fraction(1), count=3, differ=6, limits=Limits(seconds=600, workers=1)
    )
    assert found is not None and len(found.plans) == 2
    atlas = draw_atlas(case, account_of(found, found.plans[0]))
    write_alternatives(found, atlas, folder / "alternatives.html")
    return folder / "alternatives.html"


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong(visit: Callable[..., Any], county: Path, width: int, height: int) -> None:
    page = visit(county, width, height).page
    assert violations(page) == []
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    page.locator("#tables button[data-school]").first.click()
    assert page.locator("#card").is_visible()
    assert violations(page) == []


def test_core_and_toss_ups_are_drawn_and_their_boxes_take_them_off(visit: Callable[..., Any], county: Path) -> None:
    page = visit(county).page
    assert page.locator("h1").inner_text().endswith(": 2 options")
    for layer, signs, number in (("core", "#map path.lasso.core", 2), ("toss-up", "#map path.flag.toss-up", 2)):
        assert page.locator(signs).count() == number
        box = page.locator(f"input[data-layer={layer}]")
        box.uncheck()
        assert page.locator(signs).count() == 0
        box.check()
        assert page.locator(signs).count() == number


def test_a_card_tells_how_firm_a_place_is_and_whom_else_it_would_be_with(
    visit: Callable[..., Any], county: Path
) -> None:
    opened = visit(county)
    opened.go(f"#school={TOSSED}")
    card = opened.page.locator("#card")
    assert "Toss-up: nobody is with it in every option." in card.inner_text()
    assert "B: with School 900001; School 900002" in card.inner_text()
    card.get_by_role("button", name=f"School {FIRM}").click()
    assert "Firm core: some of its companions are with it in every option." in card.inner_text()


def test_the_tables_say_the_same(visit: Callable[..., Any], county: Path) -> None:
    page = visit(county).page
    assert page.locator("[aria-labelledby=options-heading] tbody tr").count() == 2
    assert page.locator("[aria-labelledby=core-heading] li").all_inner_texts() == [
        "School 900001; School 900002",
        "School 900005; School 900006",
    ]
    rows = page.locator("[aria-labelledby=firm-heading] tbody tr").all_inner_texts()
    assert [row.split("\t")[2] for row in rows] == ["toss-up"] * 2 + ["firm core"] * 4
