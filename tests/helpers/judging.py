"""What tests of pages in a browser measure."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

WIDTHS = [(1280, 800), (390, 844)]


def violations(page: Any, **options: Any) -> list[str]:
    """What axe finds wrong, each with an example. What is right is not described: half the time of a long page."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, options={"resultTypes": ["violations"], **options}).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]


def points_drawn(path: Any) -> int:
    """How many points a line on the map has."""
    return int(path.evaluate("path => path.getAttribute('d').match(/[ML]/g).length"))


def lightness_steps(colours: list[str]) -> list[float]:
    """How much darker each colour, as a browser gives it, is than the one before, in steps of lightness (CIE L*)."""
    lightness = [_lightness(colour) for colour in colours]
    return [before - after for before, after in pairwise(lightness)]


def _lightness(colour: str) -> float:
    signs = [int(part) / 255 for part in colour.removeprefix("rgb(").rstrip(")").split(",")]
    linear = [sign / 12.92 if sign <= 0.04045 else ((sign + 0.055) / 1.055) ** 2.4 for sign in signs]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return 116 * float(luminance ** (1 / 3)) - 16
