"""The page of one school's explanation, in the browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from judging import violations
from town import write_town

from partition.maps.explained import write_explanation
from partition.plans.account import Account
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.solver import Limits, solve
from partition.studies.explain.explain import explain

RULES = "[rules]\nheads_min = 2\nheads_max = 3\nminutes_max = 12\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of one school placed and of one that is not."""
    folder = tmp_path_factory.mktemp("explained")
    path = write_town(folder, 0, 1, 10, 11, 40, settings=RULES, names=["One", "Two", "Three", "Four", "Far"])
    case, limits = load(read_scenario(path)), Limits(workers=1)
    run = solve(case.problem, limits)
    assert run.plan is not None
    account = Account(case.problem, run.plan, run=run)
    for urn in ("900001", "900005"):
        write_explanation(explain(account, urn, limits=limits), case, folder / f"{urn}.html")
    return folder


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("urn", "name"), [("900001", "One"), ("900005", "Far")])
def test_it_opens_offline_fits_the_screen_and_axe_finds_nothing_wrong(
    visit: Callable[..., Any], folder: Path, urn: int, name: str, width: int
) -> None:
    page = visit(folder / f"{urn}.html", width, 800).page
    assert page.locator("h1").inner_text() == name
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_figures_come_first_then_the_map_and_the_ways_out(visit: Callable[..., Any], folder: Path) -> None:
    page = visit(folder / "900005.html").page
    assert page.locator("main dl.figures div").first.inner_text().split("\n") == ["Partnership", "not yet placed"]
    assert page.locator("svg.drawing circle.halo").count() == 1
    ways = page.locator("section[aria-labelledby=ways] tbody tr").all_inner_texts()
    # Four and Far are 29 minutes apart, and One, Two and Three do without Four.
    assert [way.split("\t")[0] for way in ways] == ["allow 29 minutes for Far", "accept it unplaced"]
