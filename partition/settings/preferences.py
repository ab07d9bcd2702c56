"""Priorities: the table [preferences], in heads' minutes a year."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from partition.settings.declare import setting
from partition.settings.sections import PRIORITIES
from partition.settings.types import Column, Count, Minutes, Table


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
    minutes_per_difference: dict[Column, Minutes] = setting(
        {},
        "price, by column, of each pair of heads of a partnership whose values in the column differ: likeness as a "
        "price; a blank is like nothing",
        label="Two unlike heads in a partnership cost",
        unit="minutes a year",
        help="By a column of the schools’ file, such as the diocese: a price for each pair that differs, not a rule.",
        section=PRIORITIES,
    )
    minutes_per_lack: dict[Column, Minutes] = setting(
        {},
        "price, by column, of a partnership no school of which has yes in the column (or its lack_value)",
        label="A partnership without one costs",
        unit="minutes a year",
        help="By a column of the schools’ file in which some school of a partnership should have yes.",
        section=PRIORITIES,
    )
    lack_value: dict[Column, str] = setting(
        {},
        "the value that counts for minutes_per_lack, where it is not yes",
        label="What it should have, where that is not yes",
        help="A value in a column priced above.",
        section=PRIORITIES,
    )
    minutes_per_wish: list[Minutes] = setting(
        [],
        "prices of wishes not met, by rank: of a first wish, a second one and so on; a head put with one it does not "
        "want has a first wish not met; data.answers has both",
        label="A wish not met costs, by rank",
        unit="minutes a year",
        help="Of first wishes, second ones and so on, as the schools’ answers name them. To be with a head that is not "
        "wanted costs as much as a first wish not met.",
        section=PRIORITIES,
    )
    head_minutes_price: list[Annotated[list[Minutes], Field(min_length=2, max_length=2)]] = setting(
        [],
        "prices of a head's own minutes: from so many minutes a year on, each costs so many minutes more",
        label="A head’s own minutes cost more from",
        help="Lines of two numbers: from so many minutes a year on, each of a head’s own costs so many minutes more.",
        section=PRIORITIES,
    )
