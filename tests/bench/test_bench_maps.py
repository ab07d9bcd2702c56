"""A region on one map: today's groups of the sample with 6,000 schools, drawn, opened in Chromium and dragged."""

from __future__ import annotations

from pathlib import Path
from time import process_time
from typing import Any

from browser import browser_path, chromium
from cases import BenchCase
from measure import scenario_of

from partition.maps.atlas import draw_atlas
from partition.maps.page import write_map
from partition.plans.judge import judge
from partition.scenario.case import load

__all__ = ["chromium"]

SCHOOLS = 6_000
BYTES_MAX = 3_000_000
SECONDS_MAX = 2.0


def test_a_region_is_drawn_opened_and_dragged(chromium: Any, tmp_path: Path) -> None:
    assert browser_path()
    case = load(scenario_of(BenchCase(name="region", size=SCHOOLS), tmp_path))
    account = judge(case.problem, {urn: group.name for group in case.problem.area.existing for urn in group.urns})
    began = process_time()
    write_map(draw_atlas(case, account), tmp_path / "map.html")
    drawn = process_time() - began
    mb = (tmp_path / "map.html").stat().st_size / 1e6
    with chromium.new_context(viewport={"width": 1366, "height": 768}, offline=True) as context:
        page = context.new_page()
        metrics = context.new_cdp_session(page)
        metrics.send("Performance.enable", {"timeDomain": "threadTicks"})  # seconds of the processor, not of the clock

        def seconds() -> float:
            told = metrics.send("Performance.getMetrics")["metrics"]
            return float(next(one["value"] for one in told if one["name"] == "TaskDuration"))

        page.goto((tmp_path / "map.html").as_uri())
        page.wait_for_selector("html[data-ready]", timeout=120_000)
        opened = seconds()
        page.mouse.move(860, 400)
        page.mouse.down()
        for step in range(60):
            page.mouse.move(860 - 4 * step, 400)
        page.mouse.up()
        dragged = (seconds() - opened) / 60
    print(
        f"\n{len(account.partnerships)} partnerships of {SCHOOLS} schools: {mb:.2f} MB, drawn in {drawn:.1f} s of CPU,"
    )
    print(f"opened in {opened:.2f} s of CPU, dragged at {1000 * dragged:.1f} ms a step")
    assert 1e6 * mb < BYTES_MAX and opened < SECONDS_MAX
