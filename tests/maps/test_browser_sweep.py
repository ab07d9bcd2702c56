"""The page of a sweep in a browser with the network off."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from atlases import HOSTILE
from judging import WIDTHS, violations

from partition.maps.sweep import write_sweep
from partition.studies.sweep.axes import Axis
from partition.studies.sweep.picture import draw_heat_map, draw_multiples
from partition.studies.sweep.table import Row, Sweep

pytestmark = pytest.mark.browser

HOSTILE_NAME = HOSTILE[0]


def result(*roles: str) -> dict[str, Any]:
    """A plan in which the schools have these roles; with none there is no plan."""
    plan = {
        "digest": "d",
        "cost": {"total": 6000.0},
        "partnerships": 2,
        "mean_minutes": 7.0,
        "worst_minutes": 12.5,
        "schools": [
            [900001 + n, HOSTILE_NAME if n == 0 else f"School {n}", role, None, ""] for n, role in enumerate(roles)
        ],
    }
    return {
        "status": "optimal" if roles else "infeasible",
        "gap": 0.0 if roles else None,
        "unit": "minutes",
        "small": 3,
        "told": [HOSTILE_NAME],
        "attribution": ["Contains data"],
        "plan": plan if roles else None,
    }


def sweep() -> Sweep:
    axes = (Axis("rules.minutes_max", ("15", "20")), Axis("rules.same", ("[]", f'["{HOSTILE_NAME}"]')))
    placed, left = ("placed",) * 3, ("unplaced", "placed", "placed")
    results = [result(*left), result(), result(*placed), result(*left)]
    values = [(minutes, same) for minutes in axes[0].values for same in axes[1].values]
    return Sweep(axes, [Row(*pair) for pair in zip(values, results, strict=True)])


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    pictures = [folder / "sweep.svg", folder / "sweep_heat.svg"]
    draw_multiples(sweep(), pictures[0])
    draw_heat_map(sweep(), pictures[1])
    maps = ["plans/1_map.html", "", "", ""]
    write_sweep(sweep(), folder / "sweep.html", title=HOSTILE_NAME, status="Modelling", pictures=pictures, maps=maps)
    return folder / "sweep.html"


@pytest.mark.parametrize(("width", "height"), WIDTHS)
def test_axe_finds_nothing_wrong_and_nothing_sticks_out(visit: Callable[..., Any], page: Path, width: int, height: int):
    one = visit(page, width, height).page
    one.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert violations(one) == []
    assert one.evaluate("document.documentElement.scrollWidth") == width


def test_it_says_where_it_goes_wrong_and_who_tips_and_hostile_names_are_text(visit: Callable[..., Any], page: Path):
    one = visit(page).page
    assert one.locator(".lead").inner_text() == "All small schools are placed in 1 of 4 settings."
    cells = [text.split() for text in one.locator(".heat td").all_inner_texts()]
    assert cells == [["1", "100"], ["no", "plan"], ["0", "100"], ["1", "100"]]
    starts = one.locator("main > ul li").all_inner_texts()
    assert "longest drive 20 to 15 minutes (all of one []): a first small school is left unplaced" in starts
    assert sum("no plan can exist any more" in words for words in starts) == 2
    tipping = one.locator("table.figures").last.locator("tbody tr")
    assert tipping.count() == 1 and tipping.first.locator("th").inner_text() == " ".join(HOSTILE_NAME.split())
    assert one.locator(".picture img").evaluate("image => image.complete && image.naturalWidth") > 200
    assert one.locator("a[href='plans/1_map.html']").count() == 1


def test_the_same_sweep_is_drawn_in_the_same_bytes(page: Path, tmp_path: Path):
    for name, draw in (("sweep.svg", draw_multiples), ("sweep_heat.svg", draw_heat_map)):
        draw(sweep(), tmp_path / name)
        assert (tmp_path / name).read_bytes() == (page.parent / name).read_bytes()
    assert b"no plan" in (tmp_path / "sweep_heat.svg").read_bytes()
