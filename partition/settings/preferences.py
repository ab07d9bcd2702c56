"""Priorities: the table [preferences], in heads' minutes a year."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from partition.settings.types import (
    Count,
    Minutes,
    Table,
)


class PreferencesTable(Table):
    """Priorities, in heads' minutes a year."""

    meetings_per_year: Minutes = Field(6, description="meetings in person")
    meet: Literal["rotate", "host", "pairs"] = Field(
        "rotate", description="meetings go round all schools, or are at the best one, or are visits in pairs"
    )
    measure: Literal["minutes", "km"] = Field("minutes", description="what travel is counted in")
    minutes_per_link: Minutes = Field(60, description="price of breaking a working link of weight 1")
    minutes_per_separation: Minutes = Field(240, description="price of parting two heads who are together today")
    minutes_per_pupil_off_target: Minutes = Field(0.0, description="price of each pupil off pupils_target")
    pupils_target: Count = Field(500, description="pupils a partnership should have, if that is priced")
