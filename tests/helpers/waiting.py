"""Waiting in a browser: for what comes in a later task of the page, however busy the machine is."""

from __future__ import annotations

from typing import Any

MILLISECONDS = 150_000  # that anything on a page may take; who waits goes on as soon as it is there


def expect(what: Any) -> Any:
    """Playwright's assertions on a page or a part of it, which wait until they hold."""
    from playwright.sync_api import expect

    expect.set_options(timeout=MILLISECONDS)
    return expect(what)


def resize(page: Any, width: int, height: int) -> None:
    """Give the page's window this size, and wait until all that hears of it has answered."""
    page.set_viewport_size({"width": width, "height": height})
    page.wait_for_function("([width, height]) => innerWidth === width && innerHeight === height", arg=[width, height])
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
