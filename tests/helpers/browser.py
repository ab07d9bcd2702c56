"""A browser with no network for tests of pages: Debian's Chromium, driven by playwright."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from waiting import MILLISECONDS

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # the first draws no window
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
HEARD = """part => new Promise(done => {  // once the page has heard of its new address, which comes in a later task
    if (location.hash === part) return done();
    addEventListener("hashchange", done, { once: true });
    location.hash = part;
})"""


def browser_path() -> str | None:
    """Where this machine's browser is, if it has one."""
    return os.environ.get("PARTNERSHIPS_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """A running browser. Skips where none is installed, or fails where PARTNERSHIPS_NO_SKIPS is 1."""
    found = browser_path()
    if found is None:
        reason = f"no browser: install one of {', '.join(NAMES)}, or name it in PARTNERSHIPS_CHROMIUM"
        (pytest.fail if os.environ.get("PARTNERSHIPS_NO_SKIPS") == "1" else pytest.skip)(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield browser
        browser.close()


class Visit:
    """One page opened from a file with the network off, with all it asked for and complained of."""

    def __init__(self, browser: Any, file: Path, width: int, height: int) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, offline=True, reduced_motion="reduce"
        )
        self.context.set_default_timeout(MILLISECONDS)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(dialog.message), dialog.dismiss()))
        self.file = file.as_uri()
        self.go()

    def go(self, part: str = "") -> None:
        """Open the page anew, or have the open page show a part that an address names."""
        if part:
            self.page.evaluate(HEARD, part)
        else:
            self.page.goto(self.file)
            self.page.wait_for_selector("html[data-ready]")


@pytest.fixture
def visit(chromium: Any) -> Iterator[Callable[..., Visit]]:
    """`visit(file, width, height)` opens a page; it must ask for itself only, and complain of nothing."""
    visits: list[Visit] = []

    def open_page(file: Path, width: int = 1280, height: int = 800) -> Visit:
        visits.append(Visit(chromium, file, width, height))
        return visits[-1]

    yield open_page
    for one in visits:
        one.context.close()
        assert {url.partition("#")[0] for url in one.requests} == {one.file}
        assert one.complaints == [], one.complaints
