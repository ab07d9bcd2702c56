"""The colours of everything drawn: pages, maps, pictures in papers, QGIS styles. No other file names a colour.

A page has each colour as a variable of its styles: `Colour.ACCENT_DARK` is `--accent-dark`, `TINTS[3]` is `--tint-3`. A
pale colour lies beneath words in the dark colour of the same name. Every meaning of a colour is stated in words too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    PALE = "#fdfdfd"  # on light pages and dark ones alike: words on deep colours, and the ground of pictures
    DEEP = "#101a26"  # likewise: words on pale colours
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
DARK = {  # where the system asks for dark pages; what is not here is as on light ones
    **{Colour.INK: "#e8edf3", Colour.SOFT: "#b3beca", Colour.FIRM: "#8d99a6", Colour.LINE: "#3b4753"},
    **{Colour.FAINT: "#2c3640", Colour.WASH: "#232c35", Colour.PAPER: "#161d25", Colour.SHADOW: "#000000a6"},
    Colour.VEIL: "#161d25d9",
    **{Colour.ACCENT: "#82c4ee", Colour.ACCENT_DARK: "#a9d8f6", Colour.ACCENT_PALE: "#16344a"},
    **{Colour.ALARM: "#ff8d9b", Colour.ALARM_DARK: "#ffb7c0", Colour.ALARM_PALE: "#4c1a24"},
    **{Colour.AMBER: "#f2a550", Colour.AMBER_DARK: "#f6c07f", Colour.AMBER_PALE: "#3d2d12"},
    **{Colour.GOOD: "#74d298", Colour.GOOD_DARK: "#a5e5bc", Colour.GOOD_PALE: "#173a26"},
    **{Colour.UNSURE: "#cba6f2", Colour.INTERNAL: "#f4abc0"},
    **{Colour.SEA: "#1a2c3a", Colour.LAND: "#262d30", Colour.GROUND: "#1d2428", Colour.COAST: "#56707f"},
    **{Colour.STREAM: "#365566", Colour.ROAD: "#55524a", Colour.BOUNDARY: "#77746a", Colour.DISTRICT: "#8f897c"},
    **{Colour.BAND_EDGE: "#a8cfee", Colour.OUTSIDE: "#929ca7", Colour.TODAY: "#e3b778"},
}
DARK_SCALES = {
    "tint": ("#5fa8cf", "#b9a64f", "#c4606f", "#7467c4", "#a8467f"),
    "edge": ("#8fd0f2", "#e2d07a", "#f09aa6", "#b5aaf5", "#ea9cc6"),
    "shade": (  # the further the lighter, as the ground is dark
        *("#223140", "#273949", "#2b4052", "#30485c", "#355066", "#3a586f"),
        *("#416279", "#496d86", "#527994", "#5b85a2", "#6592b0", "#709fbf", "#7dadce"),
    ),
}
SCALES = {"tint": TINTS, "edge": EDGES, "shade": SHADES, "heat": HEAT}


def channels(colour: str) -> tuple[int, int, int]:
    """Return the red, green and blue of a colour, each 0 to 255."""
    red, green, blue = bytes.fromhex(colour[1:7])
    return red, green, blue


def as_css() -> str:
    """Return all colours as variables of a page's styles."""
    return f":root {{ color-scheme: light; {_variables({colour: colour.value for colour in Colour}, SCALES)} }}\n"


def as_dark_css() -> str:
    """Return the colours of dark pages, for styles that follow those of `as_css`: where the system asks for dark.

    Paper stays light, and so does a page once it is laid out for paper: its root then has the class "printing".
    """
    told = f"color-scheme: dark; {_variables(DARK, DARK_SCALES)}"
    return f"@media screen and (prefers-color-scheme: dark) {{ :root:not(.printing) {{ {told} }} }}\n"


def _variables(colours: Mapping[Colour, str], scales: Mapping[str, Sequence[str]]) -> str:
    single = [f"--{colour.name.lower().replace('_', '-')}: {value};" for colour, value in colours.items()]
    steps = [f"--{name}-{n}: {value};" for name, scale in scales.items() for n, value in enumerate(scale)]
    return " ".join([*single, *steps])
