"""The README's picture of the sample county: `python tests/picture.py` after `partnerships plan`."""

from __future__ import annotations

from pathlib import Path

from browser import QUIET, browser_path
from playwright.sync_api import sync_playwright

MAP = Path("out/map.html")
PICTURE = Path("notebooks/map.png")


def take(page_file: Path, picture: Path, width: int = 1280, height: int = 800) -> None:
    """A screenshot of a page, as it opens."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=QUIET)
        page = browser.new_page(viewport={"width": width, "height": height})
        page.goto(page_file.resolve().as_uri())
        page.wait_for_selector("html[data-ready]")
        page.screenshot(path=picture)
        browser.close()


if __name__ == "__main__":
    take(MAP, PICTURE)
