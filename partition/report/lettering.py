"""The words and numbers on a map for print: where each finds room, so that none covers another, and the key to them.

Every school that takes part has a mark: its partnership's number and a letter, or x and a number in no partnership.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from geodata.urns import Urn
from partition.formats.palette import Colour
from partition.maps import shapes
from partition.maps.content import Atlas, PartnershipCard, SchoolCard
from partition.report.paper import legible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from shapely.geometry.base import BaseGeometry

Spot = tuple[float, float]
Box = tuple[float, float, float, float]  # west, south, east, north

POINTS_PER_INCH = 72
MM_PER_INCH = 25.4
LETTER_SHARE, LINE_SHARE = 0.68, 1.45  # of a letter's size: how wide it is at most, and how high a line with its ground
GAP_POINTS, STEP_POINTS, RINGS = 1.5, 4.0, 40
WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
MARK_POINTS, NAME_POINTS, TOWN_POINTS = 5.0, 5.0, 6.0
TOWN_RANK = 3  # only places of this rank have their names written
KEY_POINTS, KEY_COLUMN_MM = 5.5, 62.0
SHORTER = (
    (r"\bChurch of England\b|\bC of E\b", "CofE"),
    (r"\bRoman Catholic\b", "RC"),
    (r"\bVoluntary (A)ided\b|\bVoluntary (C)ontrolled\b", r"V\1\2"),
    (r",? (Primary )?School$", ""),
)


def school_marks(atlas: Atlas) -> dict[Urn, str]:
    """Return the mark of each school that takes part, by URN: "3a" in partnership 3, "x2" in none."""
    marks = {urn: f"{one.number}{_letters(n)}" for one in atlas.partnerships for n, urn in enumerate(one.urns)}
    alone = [one.urn for one in atlas.schools if one.urn not in marks and one.role != "not taking part"]
    return marks | {urn: f"x{n}" for n, urn in enumerate(sorted(alone), start=1)}


def _letters(number: int) -> str:
    """Return a, b ... z, aa, ab ... for 0, 1 ..."""
    before, last = divmod(number, 26)
    return (_letters(before - 1) if before else "") + chr(ord("a") + last)


def short_names(schools: tuple[SchoolCard, ...]) -> dict[Urn, str]:
    """Return the names of schools with usual words shortened, by URN; the whole name where two would be alike."""
    shorter = {}
    for one in schools:
        name = one.name
        for long, short in SHORTER:
            name = re.sub(long, short, name)
        shorter[one.urn] = name or one.name
    often = Counter(shorter.values())
    return {one.urn: shorter[one.urn] if often[shorter[one.urn]] == 1 else one.name for one in schools}


class Room:
    """What is drawn on a map already, as boxes in metres on the ground, so that no word covers anything."""

    def __init__(self, frame: Box, wide_mm: float) -> None:
        self._frame = frame
        self._metres_per_point = (frame[2] - frame[0]) / wide_mm * MM_PER_INCH / POINTS_PER_INCH
        self._taken: list[Box] = []

    def points(self, points: float) -> float:
        """Return a length in points on paper as metres on the ground."""
        return points * self._metres_per_point

    def take(self, at: Spot, half: Spot) -> None:
        """Reserve the box of half this width and height around a place."""
        self._taken.append((at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]))

    def half(self, letters: int, size: float) -> Spot:
        """Return half the width and height of this many letters, in metres."""
        return self.points(letters * size * LETTER_SHARE) / 2, self.points(size * LINE_SHARE) / 2

    def fits(self, at: Spot, half: Spot) -> bool:
        """Return whether such a box has room within the frame; if so, it is reserved."""
        west, south, east, north = at[0] - half[0], at[1] - half[1], at[0] + half[0], at[1] + half[1]
        frame_west, frame_south, frame_east, frame_north = self._frame
        if west < frame_west or south < frame_south or east > frame_east or north > frame_north:
            return False
        if any(west < e and w < east and south < n and s < north for w, s, e, n in self._taken):
            return False
        self._taken.append((west, south, east, north))
        return True

    def beside(self, spot: Spot, half: Spot, clear_points: float, rings: int = RINGS) -> tuple[Spot, int] | None:
        """Return the nearest place with room beside a sign, and how many steps away it is; None where there is none."""
        for ring in range(rings):
            away = self.points(clear_points + GAP_POINTS + ring * STEP_POINTS)
            for east, north in WAYS:
                at = spot[0] + east * (half[0] + away), spot[1] + north * (half[1] + away)
                if self.fits(at, half):
                    return at, ring
        return None


def write(axes: Axes, at: Spot, text: str, *, halo: bool = False, **looks: Any) -> None:
    """Write text centred on a place, as text that can be searched; with `halo` on a pale ground."""
    pale = {"boxstyle": "round,pad=0.1", "facecolor": Colour.PAPER, "edgecolor": "none", "alpha": 0.7}
    given: dict[str, Any] = {"parse_math": False, "clip_on": True, **({"bbox": pale} if halo else {}), **looks}
    axes.text(at[0], at[1], legible(text), ha="center", va="center", **given)


def number_areas(
    axes: Axes, atlas: Atlas, areas: dict[int, BaseGeometry], room: Room
) -> list[tuple[PartnershipCard, Spot]]:
    """Write every partnership's number in a ring within its widest part; return where each number is."""
    spots = spots_of(atlas)
    ring = {"boxstyle": "circle,pad=0.25", "facecolor": Colour.PAPER, "edgecolor": Colour.INK, "linewidth": 0.8}
    there = []
    for one in atlas.partnerships:
        if one.number not in areas:
            continue
        at, half = shapes.label_spot(areas[one.number], [spots[urn] for urn in one.urns]), (room.points(8),) * 2
        if not room.fits(at, half):
            at = found[0] if (found := room.beside(at, half, 0)) else at
        write(axes, at, str(one.number), size=7.5, weight="bold", zorder=8, bbox=ring)
        there.append((one, at))
    return there


def name_areas(axes: Axes, there: list[tuple[PartnershipCard, Spot]], room: Room) -> None:
    """Write the partnerships' names below their numbers, where there is room."""
    for one, at in there:
        below = at[0], at[1] - room.points(13)
        if room.fits(below, room.half(len(one.name) + 1, 6)):
            write(axes, below, one.name, size=6, weight="bold", zorder=7, halo=True)


def name_towns(axes: Axes, atlas: Atlas, room: Room) -> None:
    """Write the names of towns, where there is room."""
    for place in atlas.places:
        spot = atlas.grid.metres(place.longitude, place.latitude)
        if place.rank == TOWN_RANK and room.fits(spot, room.half(len(place.name) + 2, TOWN_POINTS)):
            write(axes, spot, place.name.upper(), size=TOWN_POINTS, color=Colour.SOFT, zorder=6, halo=True)


def mark_schools(axes: Axes, atlas: Atlas, room: Room, radii_points: Mapping[str, float], *, with_names: bool) -> None:
    """Write the mark of every school that takes part, or its name where there is room and names are wanted.

    Where signs stand close, a thin line leads from the sign to its mark. `radii_points` are those of signs, by role.
    """
    marks, names = school_marks(atlas), short_names(atlas.schools)
    shown = [one for one in atlas.schools if one.urn in marks]
    for one in sorted(shown, key=lambda one: (one.role != "unplaced", one.urn)):
        spot, clear = atlas.grid.metres(one.longitude, one.latitude), radii_points[one.role]
        if with_names:
            half = room.half(len(names[one.urn]), NAME_POINTS)
            if found := room.beside(spot, half, clear, rings=1):
                write(axes, found[0], names[one.urn], size=NAME_POINTS, zorder=6, halo=True)
                continue
        half = room.half(len(marks[one.urn]), MARK_POINTS)
        at, steps = room.beside(spot, half, clear) or (spot, 0)
        if steps:
            axes.plot(*zip(spot, at, strict=True), color=Colour.INK, linewidth=0.4, zorder=4.5)
        write(axes, at, marks[one.urn], size=MARK_POINTS, zorder=6, halo=True)


def key_columns(atlas: Atlas, width_mm: float) -> list[list[str]]:
    """Return the key to the marks, partnership by partnership, as columns of lines; "" for none."""
    columns = max(int(width_mm // KEY_COLUMN_MM), 1)
    letters = int(width_mm / columns / (KEY_POINTS * 0.58) * POINTS_PER_INCH / MM_PER_INCH) - 2
    lines = [line for entry in _key_entries(atlas) for line in wrap(legible(entry), letters, subsequent_indent="   ")]
    high = max(-(-len(lines) // columns), 1)
    return [lines[start : start + high] for start in range(0, len(lines), high)]


def _key_entries(atlas: Atlas) -> Iterator[str]:
    marks, names = school_marks(atlas), short_names(atlas.schools)
    for one in atlas.partnerships:
        yield f"{one.number} {one.name}: " + ", ".join(f"{marks[urn]} {names[urn]}" for urn in one.urns)
    placed = {urn for one in atlas.partnerships for urn in one.urns}
    if alone := [f"{mark} {names[urn]}" for urn, mark in marks.items() if urn not in placed]:
        yield f"In no partnership: {', '.join(alone)}"


def spots_of(atlas: Atlas) -> dict[Urn, Spot]:
    """Return where each school is, in metres, by URN."""
    return {one.urn: atlas.grid.metres(one.longitude, one.latitude) for one in atlas.schools}
