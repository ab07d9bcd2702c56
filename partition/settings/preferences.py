"""Priorities: the table [preferences], in heads' minutes a year."""

from __future__ import annotations

from typing import Literal

from partition.settings.declare import setting
from partition.settings.sections import PRIORITIES
from partition.settings.types import (
    Count,
    Minutes,
    Table,
)


class PreferencesTable(Table):
    """Priorities, in heads' minutes a year."""

    meetings_per_year: Minutes = setting(
        6, "meetings in person", label="Meetings in person", name="meetings", unit="a year", section=PRIORITIES
    )
    meet: Literal["rotate", "host", "pairs"] = setting(
        "rotate",
        "meetings go round all schools, or are at the best one, or are visits in pairs",
        label="Heads meet",
        name="meetings at",
        choices={"rotate": "at all schools in turn", "host": "at the best venue", "pairs": "in visits two by two"},
        section=PRIORITIES,
    )
    measure: Literal["minutes", "km"] = setting(
        "minutes",
        "what travel is counted in",
        label="Travel is counted in",
        help="In km, the other priorities must be 0: minutes and km do not add up.",
        choices={"minutes": "minutes", "km": "km"},
        section=PRIORITIES,
    )
    minutes_per_link: Minutes = setting(
        60,
        "price of breaking a working link of weight 1",
        label="To keep a working link is worth",
        name="price of breaking a working link",
        unit="minutes a year",
        help="Of weight 1; others by their weight.",
        section=PRIORITIES,
    )
    minutes_per_separation: Minutes = setting(
        240,
        "price of parting two heads who are together today",
        label="To keep two heads together who are so today is worth",
        name="price of parting two heads",
        unit="minutes a year",
        section=PRIORITIES,
    )
    minutes_per_pupil_off_target: Minutes = setting(
        0.0,
        "price of each pupil off pupils_target",
        label="Each pupil off the size aimed at costs",
        name="price of a pupil off target",
        unit="minutes a year",
        help="0: partnerships’ sizes do not matter.",
        section=PRIORITIES,
    )
    pupils_target: Count = setting(
        500,
        "pupils a partnership should have, if that is priced",
        label="Size aimed at",
        name="pupils aimed at",
        unit="pupils",
        help="Of a partnership.",
        section=PRIORITIES,
    )
