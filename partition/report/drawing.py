"""The plan's map on paper: one drawing for A4 and A3, as vectors or as a picture, legible in grey.

Every partnership has an outline, a number and a tint; every kind of school has a sign of its own. Text from files is
never read as markup. The same map gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np
from shapely import get_parts
from shapely.geometry.base import BaseGeometry

from geodata.files import replacing
from partition.formats.palette import TINTS, Colour
from partition.maps import shapes
from partition.maps.content import Atlas, LayerKind
from partition.maps.facts import HUES, partnership_areas
from partition.report.lettering import (
    KEY_POINTS,
    Room,
    key_columns,
    mark_schools,
    name_areas,
    name_towns,
    number_areas,
    write,
)
from partition.report.paper import Size, legible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MM_PER_INCH = 25.4
DOTS_PER_INCH = 200
SHEETS_MM: dict[Size, tuple[float, float]] = {"A4": (210, 297), "A3": (297, 420)}
MARGIN_MM, HEAD_MM, FOOT_MM = 10, 16, 10
KEY_COLUMNS, KEY_ROW_MM, KEY_LETTER_MM, KEY_SIGN_MM, KEY_LINE_MM = 5, 5, 1.3, 12, 2.4
CREDIT_LETTERS_PER_MM = 0.8
TINT_SHARE = (0.45, 0.45, 0.45, 0.28, 0.36)  # less for dark tints, so that black words stay legible on all
PARTED = (0, (2, 2))
BASE_LOOKS: dict[LayerKind, dict[str, Any]] = {
    "land": {"facecolor": Colour.LAND, "edgecolor": Colour.COAST, "linewidth": 0.5},
    "boundary": {"facecolor": "none", "edgecolor": Colour.FIRM, "linewidth": 0.8},
    "outline": {"facecolor": "none", "edgecolor": Colour.FIRM, "linewidth": 0.6, "linestyle": "--"},
    "district": {"facecolor": "none", "edgecolor": Colour.DISTRICT, "linewidth": 0.6, "linestyle": (0, (1, 3))},
    "water": {"facecolor": Colour.SEA, "edgecolor": Colour.COAST, "linewidth": 0.4},
    "road": {"facecolor": "none", "edgecolor": Colour.ROAD, "linewidth": 0.7},
}
SIGNS: dict[str, tuple[str, dict[str, Any]]] = {  # by role: words for the key, and the settings of the sign
    "placed": ("small school", {"marker": "o", "s": 11, "color": Colour.INK}),
    "federation": (
        "small school of a federation that is a partnership already",
        {"marker": "o", "s": 11, "facecolor": Colour.PAPER, "edgecolor": Colour.INK, "linewidth": 1.2},
    ),
    "associate": (
        "associate",
        {"marker": "s", "s": 12, "facecolor": Colour.PAPER, "edgecolor": Colour.INK, "linewidth": 0.9},
    ),
    "unplaced": (
        "not yet placed",
        {"marker": "X", "s": 34, "color": Colour.ALARM, "edgecolor": Colour.PAPER, "linewidth": 0.5},
    ),
    "associate alone": (
        "associate, not joined",
        {"marker": "D", "s": 10, "facecolor": Colour.PAPER, "edgecolor": Colour.SOFT},
    ),
    "left": (
        "in a partnership that has left",
        {"marker": "v", "s": 13, "facecolor": Colour.PAPER, "edgecolor": Colour.INK, "linewidth": 0.9},
    ),
    "not taking part": (
        "not taking part",
        {"marker": "o", "s": 6, "facecolor": Colour.PAPER, "edgecolor": Colour.OUTSIDE},
    ),
}
RADII_POINTS = {role: looks["s"] ** 0.5 / 2 for role, (_, looks) in SIGNS.items()}
AROUND = 0.04  # share of the schools' extent, left free at each edge
SIMPLER_METRES = 40
FEDERATED = (0, (4, 2))  # the outline of a federation that is a partnership already
TIE: Any = {"color": Colour.INK, "linewidth": 1.4, "linestyle": (0, (1, 1))}  # between parts of a partnership


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """The size of a drawing, and which texts it has. Without a heading it is a figure for a paper."""

    width_mm: float
    height_mm: float
    has_heading: bool
    has_names: bool  # of every school

    @classmethod
    def sheet(cls, size: Size, atlas: Atlas) -> Look:
        """Return a whole sheet, portrait or landscape by the county's shape; A3 has room for every school's name."""
        width, height = SHEETS_MM[size]
        if _is_wide(atlas):
            width, height = height, width
        return cls(width_mm=width, height_mm=height, has_heading=True, has_names=size == "A3")

    @classmethod
    def figure(cls, width_mm: float, atlas: Atlas) -> Look:
        """Return a figure of this width within a paper, its height by the county's shape, up to a page."""
        west, south, east, north = _extent(atlas)
        height = min(max(width_mm * (north - south) / (east - west), 80), 205)
        return cls(width_mm=width_mm, height_mm=height, has_heading=False, has_names=False)


def draw_map(atlas: Atlas, look: Look, marks: Sequence[str] = ()) -> Figure:
    """Return the map as a matplotlib figure; `marks` are its standing, shown at the top."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(look.width_mm / MM_PER_INCH, look.height_mm / MM_PER_INCH), facecolor=Colour.PAPER)
    areas = {number: in_frame for number, in_frame in partnership_areas(atlas).items() if not in_frame.is_empty}
    signs = _key(atlas, areas)
    columns = _key_columns([sign.get_label() for sign in signs], look.width_mm)
    side = MARGIN_MM if look.has_heading else 1
    wide = look.width_mm - 2 * side
    rows_mm = KEY_ROW_MM * -(-len(signs) // columns)
    key = key_columns(atlas, wide) if look.has_heading else []
    key_mm = KEY_LINE_MM * max(map(len, key), default=0)
    head, foot = (HEAD_MM, rows_mm + key_mm + FOOT_MM) if look.has_heading else (1, rows_mm + 2)
    high = look.height_mm - head - foot
    axes = figure.add_axes((side / look.width_mm, foot / look.height_mm, wide / look.width_mm, high / look.height_mm))
    west, south, east, north = _framed(_extent(atlas), wide / high)
    axes.set(xlim=(west, east), ylim=(south, north), xticks=[], yticks=[], facecolor=_ground_colour(atlas))
    _draw_base(axes, atlas)
    _draw_areas(axes, atlas, areas)
    _draw_signs(axes, atlas)
    room = Room((west, south, east, north), wide)
    _draw_scale(axes, room, west, south, east - west)
    _reserve_signs(atlas, room)
    numbers = number_areas(axes, atlas, areas, room)
    mark_schools(axes, atlas, room, RADII_POINTS, with_names=look.has_names)
    name_areas(axes, numbers, room)
    name_towns(axes, atlas, room)
    at = side / look.width_mm, foot / look.height_mm
    figure.legend(handles=signs, loc="upper left", bbox_to_anchor=at, ncols=columns, frameon=False, fontsize=7)
    if look.has_heading:
        _head(figure, atlas, marks, look)
        _write_key(figure, key, look, foot - rows_mm - 1)
    return figure


def as_svg(figure: Figure) -> str:
    """Return the figure as SVG, with text as text."""
    made = io.StringIO()
    _save(figure, made, "svg")
    return made.getvalue()


def as_png(figure: Figure) -> bytes:
    """Return the figure as PNG."""
    made = io.BytesIO()
    _save(figure, made, "png", dpi=DOTS_PER_INCH)
    return made.getvalue()


def write_prints(atlas: Atlas, marks: Sequence[str], out: Path, stem: str) -> dict[str, str]:
    """Write the map for print, for people whose mail blocks HTML: A4 and A3 as PDF, A4 as PNG; return the paths."""
    files = {}
    for size in SHEETS_MM:
        drawn = draw_map(atlas, Look.sheet(size, atlas), marks)
        paths = [out / f"{stem}_{size.casefold()}.pdf", *([out / f"{stem}.png"] if size == "A4" else [])]
        for path in paths:
            kind = path.suffix[1:]
            with replacing(path) as temporary:
                _save(drawn, temporary, kind, **({"dpi": DOTS_PER_INCH} if kind == "png" else {}))
            files[f"map, {size} {kind.upper()}"] = str(path)
    return files


def _save(figure: Figure, to: Any, kind: str, **more: Any) -> None:
    from matplotlib import rc_context

    undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {}}[kind]
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "map", "pdf.fonttype": 42, "path.simplify": False}):
        figure.savefig(to, format=kind, metadata=undated, facecolor=Colour.PAPER, **more)


# Where it looks ---------------------------------------------------------------------------------------------


def _extent(atlas: Atlas) -> tuple[float, float, float, float]:
    """Return west, south, east and north of the schools that take part, in metres, with a margin."""
    shown = [one for one in atlas.schools if one.role != "not taking part"] or atlas.schools
    spots = np.array([atlas.grid.metres(one.longitude, one.latitude) for one in shown] or [(0.0, 0.0)])
    (west, south), (east, north) = spots.min(axis=0), spots.max(axis=0)
    edge = max(east - west, north - south, 5_000) * AROUND + shapes.REACH_METRES / 2
    return west - edge, south - edge, east + edge, north + edge


def _is_wide(atlas: Atlas) -> bool:
    west, south, east, north = _extent(atlas)
    return east - west > north - south


def _framed(extent: tuple[float, float, float, float], ratio: float) -> tuple[float, float, float, float]:
    """Return the extent, widened or heightened to the frame's ratio of width to height."""
    west, south, east, north = extent
    wide = max(east - west, (north - south) * ratio)
    high = wide / ratio
    across, up = (west + east) / 2, (south + north) / 2
    return across - wide / 2, up - high / 2, across + wide / 2, up + high / 2


# What is drawn ----------------------------------------------------------------------------------------------


def _ground_colour(atlas: Atlas) -> str:
    """Return the colour beyond the known land: that of sea, if the base map has land and water."""
    kinds = {layer.kind for layer in atlas.base}
    return Colour.SEA if {"land", "water"} <= kinds else Colour.PAPER


def _draw_base(axes: Axes, atlas: Atlas) -> None:
    order: tuple[LayerKind, ...] = ("land", "water", "road", "district", "outline", "boundary")
    for level, kind in enumerate(order):
        layers = [
            atlas.grid.in_metres(layer.geometry).simplify(SIMPLER_METRES) for layer in atlas.base if layer.kind == kind
        ]
        _patch(axes, layers, zorder=1 + level / 10, **BASE_LOOKS[kind])


def _patch(axes: Axes, geometries: Iterable[BaseGeometry], **looks: Any) -> None:
    """Draw polygons with their holes, and lines."""
    from matplotlib.collections import LineCollection, PathCollection

    parts = [part for geometry in geometries for part in get_parts(geometry) if not part.is_empty]
    filled = [_path(part) for part in parts if part.geom_type == "Polygon"]
    lines = [np.asarray(part.coords) for part in parts if "Line" in part.geom_type]
    if filled:
        axes.add_collection(PathCollection(filled, **looks), autolim=False)
    if lines:
        drawn = {"colors": looks["edgecolor"], "linewidths": looks["linewidth"], "zorder": looks["zorder"]}
        axes.add_collection(LineCollection(lines, capstyle="round", **drawn), autolim=False)


def _path(polygon: Any) -> Any:
    from matplotlib.path import Path as Outline

    rings = [np.asarray(ring.coords)[:, :2] for ring in (polygon.exterior, *polygon.interiors)]
    return Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))


def _draw_areas(axes: Axes, atlas: Atlas, areas: dict[int, BaseGeometry]) -> None:
    hues = shapes.colours([areas], HUES)
    already = {one.number for one in atlas.partnerships if one.already}
    for number, area in areas.items():
        hue = hues[number]
        _patch(axes, [area], zorder=2, facecolor=TINTS[hue], edgecolor="none", linewidth=0, alpha=TINT_SHARE[hue])
        edge = {"linestyle": FEDERATED} if number in already else {}
        _patch(axes, [area], zorder=3, facecolor="none", edgecolor=Colour.INK, linewidth=0.9, **edge)
        for tie in shapes.ties(area):
            axes.plot(*tie.xy, zorder=3.5, **TIE)
    if atlas.internal:
        _draw_links(axes, atlas)


def _draw_links(axes: Axes, atlas: Atlas) -> None:
    """Draw working links, on internal maps only: a whole line if the plan keeps the link, a dashed one if not."""
    spots = {one.urn: atlas.grid.metres(one.longitude, one.latitude) for one in atlas.schools}
    for a, b, kept in atlas.links:
        if a in spots and b in spots:
            along, up = zip(spots[a], spots[b], strict=True)
            axes.plot(along, up, color=Colour.ACCENT, linewidth=1.1, linestyle="-" if kept else PARTED, zorder=4)


def _draw_signs(axes: Axes, atlas: Atlas) -> None:
    for level, (role, (_, looks)) in enumerate(reversed(SIGNS.items())):
        spots = [atlas.grid.metres(one.longitude, one.latitude) for one in atlas.schools if one.role == role]
        if spots:
            axes.scatter(*zip(*spots, strict=True), zorder=5 + level / 10, **looks)


def _reserve_signs(atlas: Atlas, room: Room) -> None:
    """Keep words off the signs of schools that take part."""
    for one in atlas.schools:
        if one.role != "not taking part":
            half = room.points(RADII_POINTS[one.role])
            room.take(atlas.grid.metres(one.longitude, one.latitude), (half, half))


def _draw_scale(axes: Axes, room: Room, west: float, south: float, wide: float) -> None:
    """Draw a bar of whole km in the corner, and keep words off it."""
    km = next((km for km in (20, 10, 5, 2) if km * 1000 < wide / 5), 1)
    left, low = west + wide * 0.02, south + wide * 0.025
    axes.plot([left, left + km * 1000], [low, low], color=Colour.INK, linewidth=2, solid_capstyle="butt", zorder=9)
    middle = left + km * 500, low + wide * 0.014
    write(axes, middle, f"{km} km", size=6.5, zorder=9, halo=True)
    room.take(middle, (km * 600, wide * 0.025))


def _key(atlas: Atlas, areas: dict[int, BaseGeometry]) -> list[Any]:
    """Return the entries of the key."""
    from matplotlib.lines import Line2D

    roles = {one.role for one in atlas.schools}
    handles = [
        Line2D([], [], linestyle="", marker=looks["marker"], markersize=looks["s"] ** 0.5, label=words, **_sign(looks))
        for role, (words, looks) in SIGNS.items()
        if role in roles
    ]
    if any(one.already for one in atlas.partnerships):
        edge: Any = {"color": Colour.INK, "linewidth": 0.9, "linestyle": FEDERATED}
        handles.append(Line2D([], [], label="a partnership already: a federation under one head", **edge))
    if any(shapes.ties(area) for area in areas.values()):
        handles.append(Line2D([], [], label="joins the parts of one partnership", **TIE))
    if atlas.internal and atlas.links:
        link: Any = {"color": Colour.ACCENT, "linewidth": 1.1}
        handles.append(Line2D([], [], label="works with, kept", **link))
        handles.append(Line2D([], [], label="works with, parted", linestyle=PARTED, **link))
    return handles


def _key_columns(labels: Sequence[str], wide_mm: float) -> int:
    """Return in how many columns the key's entries are within the paper."""

    def wide(columns: int) -> float:
        rows = -(-len(labels) // columns)
        longest = [max(map(len, labels[n : n + rows])) for n in range(0, len(labels), rows)]
        return sum(letters * KEY_LETTER_MM + KEY_SIGN_MM for letters in longest)

    return next((n for n in range(KEY_COLUMNS, 1, -1) if not labels or wide(n) <= wide_mm), 1)


def _sign(looks: dict[str, Any]) -> Any:
    """Return the settings of a sign in the key, from those of a scatter plot."""
    face = looks.get("facecolor", looks.get("color"))
    return {"markerfacecolor": face, "markeredgecolor": looks.get("edgecolor", face), "markeredgewidth": 0.8}


def _head(figure: Figure, atlas: Atlas, marks: Sequence[str], look: Look) -> None:
    left, top = MARGIN_MM / look.width_mm, 1 - 6 / look.height_mm
    plain: Any = {"parse_math": False, "va": "top", "color": Colour.INK}
    figure.text(left, top, legible(atlas.title), size=13, weight="bold", ha="left", **plain)
    figure.text(1 - left, top, legible(" · ".join(marks)), size=8, weight="bold", ha="right", **plain)
    figure.text(left, 1 - 12 / look.height_mm, legible(atlas.sureness), size=7, ha="left", **plain)
    credits = wrap(legible(" ".join(_credits(atlas))), int(look.width_mm * CREDIT_LETTERS_PER_MM))
    low = 3 / look.height_mm
    figure.text(left, low, "\n".join(credits), size=5.5, ha="left", va="bottom", parse_math=False, color=Colour.SOFT)


def _write_key(figure: Figure, key: Sequence[Sequence[str]], look: Look, top_mm: float) -> None:
    """Write the key to the schools' marks in columns below the map."""
    wide = look.width_mm - 2 * MARGIN_MM
    for n, lines in enumerate(key):
        left = (MARGIN_MM + n * wide / len(key)) / look.width_mm
        plain: Any = {"parse_math": False, "va": "top", "ha": "left", "color": Colour.INK, "linespacing": 1.2}
        figure.text(left, top_mm / look.height_mm, "\n".join(lines), size=KEY_POINTS, **plain)


def _credits(atlas: Atlas) -> Iterator[str]:
    if atlas.travel:
        yield f"Drives by {atlas.travel}."
    yield from atlas.attribution
