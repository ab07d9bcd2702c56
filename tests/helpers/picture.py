"""The README's pictures of the sample county: `python tests/helpers/picture.py`.

After `partnerships plan --project out/project.gpkg`, which makes the plan that they show.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from browser import QUIET, browser_path
from playwright.sync_api import sync_playwright
from served import Served

WIDTH, HEIGHT = 1280, 800
SCHOOL = "Sigholme"  # one that no partnership can take as it is


def take_map(browser: Any) -> None:
    """The map, as it opens."""
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(Path("out/map.html").resolve().as_uri())
    page.wait_for_selector("html[data-ready]")
    page.screenshot(path="notebooks/map.png")


def take_page(browser: Any) -> None:
    """The workbench on which a plan is changed by hand, with a school chosen."""
    served = Served(Path("out/project.gpkg"))
    page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
    page.goto(served.address)
    page.wait_for_url(served.home)
    page.goto(f"{served.home}plan/1/hand")
    page.wait_for_selector("html[data-ready]")
    page.get_by_label("Find a school or partnership").fill(SCHOOL)
    page.keyboard.press("Enter")
    page.locator(".choice-row").first.wait_for()
    page.get_by_role("button", name="More room").click()
    page.wait_for_timeout(2000)  # for the map to come to rest
    page.screenshot(path="notebooks/page.png")
    served.end()


if __name__ == "__main__":
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
        take_map(chromium)
        take_page(chromium)
        chromium.close()
