"""Columns of a layer of lines, by their usual headings: class, speed as driven, limit and direction.

A shapefile cuts its headings to ten letters, so a heading of ten may be the beginning of a longer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from geodata.cells import find_heading, number

CUT_LETTERS = 10
CLASSES = ("road_class", "class", "highway", "fclass", "road_classification", "road_function")
ONE_WAYS = ("oneway", "one_way", "directionality")
UNITS = {"": "", "_kph": "kph", "_kmh": "kph", "_kmph": "kph", "_km_h": "kph", "_mph": "mph"}
AS_DRIVEN = (
    *("speed", "avg_speed", "average_speed", "mean_speed", "median_speed", "typical_speed", "drive_speed"),
    *("driven_speed", "driving_speed", "free_flow_speed", "freeflow_speed", "free_speed"),
)
AS_LIMIT = (
    *("maxspeed", "max_speed", "maximum_speed", "speed_limit", "speed_lim", "posted_speed", "posted_speed_limit"),
    *("legal_speed", "limit_speed", "speed_max"),
)
LIKE_SPEED = re.compile(r"speed|mph|kph|kmh|velocity|spd|maxsp")
LIKE_ONE_WAY = re.compile(r"oneway|directiona")
MPH_LIMITS = frozenset((5, 10, 15, 20, 30, 40, 50, 60, 70))  # on signs in Great Britain
KPH_LIMITS = frozenset((*range(10, 140, 10), 8, 16, 24, 32, 48, 64, 80, 81, 96, 97, 112, 113))  # and those in km/h


@dataclass(frozen=True, slots=True)
class Speed:
    """A column of speeds: its heading and its unit, "" where the heading states none."""

    heading: str
    unit: str

    def is_bare(self, texts: Iterable[str]) -> bool:
        """Return whether there are numbers without any unit, in the heading or beside them."""
        return not self.unit and any(map(number, texts))

    def unit_of_limits(self, texts: Iterable[str]) -> str:
        """Return the unit by which limits there are in the column; "" where they do not tell."""
        limits = {limit for text in texts if (limit := number(text))}
        return "mph" if limits <= MPH_LIMITS else "kph" if limits <= KPH_LIMITS else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadColumns:
    """The columns used of a layer, None where there is no such; and others that look as if they should be."""

    road_class: str | None
    driven: Speed | None
    limit: Speed | None
    one_way: str | None
    ignored: tuple[str, ...]

    @property
    def says_how_fast(self) -> bool:
        """Return whether any column says how fast the lines are driven."""
        return bool(self.road_class or self.driven or self.limit)

    def needed(self) -> list[str]:
        """Return the headings to read."""
        speeds = [speed.heading for speed in (self.driven, self.limit) if speed]
        return [*filter(None, (self.road_class, self.one_way)), *speeds]


def find_columns(headings: Sequence[str]) -> RoadColumns:
    """Return the columns of a layer with these headings."""
    road_class = find_heading(headings, *CLASSES, *(name[:CUT_LETTERS] for name in CLASSES))
    one_way = find_heading(headings, *ONE_WAYS, *(name[:CUT_LETTERS] for name in ONE_WAYS))
    driven, limit = (_speed(headings, names) for names in (AS_DRIVEN, AS_LIMIT))
    used = {road_class, one_way, *(speed.heading for speed in (driven, limit) if speed)}
    ignored = [heading for heading in headings if heading not in used and _looks_useful(heading)]
    return RoadColumns(road_class=road_class, driven=driven, limit=limit, one_way=one_way, ignored=tuple(ignored))


def _looks_useful(heading: str) -> bool:
    letters = _letters(heading)
    return bool(LIKE_SPEED.search(letters) or LIKE_ONE_WAY.search(letters))


def _letters(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())


def _speed(headings: Sequence[str], names: Sequence[str]) -> Speed | None:
    """Return the column with one of these names, with or without a unit; the first name, and a stated unit, first."""
    stems = [*names, ""] if names is AS_DRIVEN else [*names]
    whole = {stem + unit: UNITS[unit] for stem, unit in product(stems, UNITS) if stem + unit}
    by_letters = {_letters(name): unit for name, unit in whole.items()}
    found = [Speed(heading, by_letters[_letters(heading)]) for heading in headings if _letters(heading) in by_letters]
    for heading in headings:
        cut = {
            unit for name, unit in whole.items() if len(name) > CUT_LETTERS and name[:CUT_LETTERS] == heading.casefold()
        }
        if cut and _letters(heading) not in by_letters:
            found.append(Speed(heading, next(iter(cut)) if len(cut) == 1 else ""))
    return min(found, key=lambda speed: not speed.unit, default=None)
