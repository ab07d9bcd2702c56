"""The colours of everything drawn: pages, maps, pictures in papers, QGIS styles. No other file names a colour.

A page has each colour as a variable of its styles: `Colour.ACCENT_DARK` is `--accent-dark`, `TINTS[3]` is `--tint-3`. A
pale colour lies beneath words in the dark colour of the same name. Every meaning of a colour is stated in words too.
"""

from __future__ import annotations

from enum import StrEnum, unique


@unique
class Colour(StrEnum):
    """A colour by its use, as "#rrggbb" or, where the background shows through, "#rrggbbaa"."""

    INK = "#14202e"  # words, outlines, small schools
    SOFT = "#4a5766"  # words that matter less
    FIRM = "#6b7785"  # edges of fields and cells
    LINE = "#d5dae0"
    FAINT = "#e9ecef"  # lines within lists, and things switched off
    WASH = "#f4f6f8"
    PAPER = "#ffffff"
    SHADOW = "#14202e4d"
    VEIL = "#ffffffd9"  # beneath words on the map

    ACCENT = "#0b5a8a"  # things to press, or chosen; working links
    ACCENT_DARK = "#084263"
    ACCENT_PALE = "#e3eef5"
    ALARM = "#b3122d"  # faults; schools not yet placed
    ALARM_DARK = "#840c20"
    ALARM_PALE = "#fbe1e5"
    AMBER = "#b35900"  # things to check
    AMBER_DARK = "#8a4b00"
    AMBER_PALE = "#fff6df"
    GOOD = "#1d6b3a"
    GOOD_DARK = "#10492a"
    GOOD_PALE = "#dff0e4"
    UNSURE = "#5b2a86"  # schools that have not said yes or no, or whose place is uncertain
    FOCUS = "#ffbf00"
    INTERNAL = "#7a1230"  # the mark of pages that are not for publication

    SEA = "#d3e2eb"
    LAND = "#f7f4ed"
    GROUND = "#efece5"  # beneath a map, where nothing is known
    COAST = "#9fb4c0"
    STREAM = "#a9c6d6"
    ROAD = "#c9bfab"
    BOUNDARY = "#a8a193"
    DISTRICT = "#8b8578"
    BAND_EDGE = "#17405f"  # between minutes from one school, so that grey print keeps them apart
    OUTSIDE = "#707a85"  # schools that take no part
    TODAY = "#6b3d0c"  # today's groups


TINTS = ("#88ccee", "#ddcc77", "#cc6677", "#332288", "#882255")  # of partnerships: Tol's muted set
EDGES = ("#1f6a92", "#7d6a12", "#8a2b3c", "#271a6b", "#6a1440")  # of partnerships, in the same order
SHADES = (  # of minutes from one school: one hue, the further the darker; ink can be read on all
    *("#f4f9fd", "#e7f1f8", "#dae9f3", "#cde0ee", "#c0d8ea", "#b3d0e5", "#a6c8e0"),
    *("#94bbd6", "#82aecd", "#70a0c4", "#5e93ba", "#4c86b0", "#3a79a7"),
)
HEAT = (  # of a sweep: from no school unplaced to the most
    *("#ffffff", "#eaf1f7", "#d5e4ef", "#c0d6e7", "#abc9df", "#96bbd6"),
    *("#2c6a97", "#255d87", "#1e5077", "#174367", "#103657"),
)
HEAT_DARK_FROM = 6  # from this step on words are white
DARK = {  # of a page that is read by night; those not named stay as they are
    Colour.INK: "#e6ebf1",
    Colour.SOFT: "#a9b5c2",
    Colour.FIRM: "#74828f",
    Colour.LINE: "#323d49",
    Colour.WASH: "#1c242d",
    Colour.PAPER: "#12181f",
    Colour.SHADOW: "#000000b3",
    Colour.ACCENT: "#7dc0ea",
    Colour.ACCENT_DARK: "#a9d7f5",
    Colour.ACCENT_PALE: "#1b3547",
}
SCALES = {"tint": TINTS, "edge": EDGES, "shade": SHADES, "heat": HEAT}


def channels(colour: str) -> tuple[int, int, int]:
    """Return the red, green and blue of a colour, each 0 to 255."""
    red, green, blue = bytes.fromhex(colour[1:7])
    return red, green, blue


def as_css() -> str:
    """Return all colours as variables of a page's styles."""
    single = [f"{_variable(colour)}: {colour.value};" for colour in Colour]
    scales = [f"--{name}-{n}: {colour};" for name, scale in SCALES.items() for n, colour in enumerate(scale)]
    return f":root {{ color-scheme: light; {' '.join([*single, *scales])} }}\n"


def dark_css() -> str:
    """Return the colours of a page that is read by night, for one whose styles all use variables."""
    told = " ".join(f"{_variable(colour)}: {value};" for colour, value in DARK.items())
    return f"@media (prefers-color-scheme: dark) {{ :root {{ color-scheme: dark; {told} }} }}\n"


def _variable(colour: Colour) -> str:
    return f"--{colour.name.lower().replace('_', '-')}"
