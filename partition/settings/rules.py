"""Criteria: the table [rules], what a partnership and a plan must keep to."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from partition.settings.types import (
    Count,
    Heads,
    Minutes,
    Table,
    Weight,
)


class Rules(Table):
    """Criteria: what a partnership, and a plan, must keep to."""

    school_pupils_max: Count | None = Field(200, description="a school is small up to this number on roll")
    except_in: list[int] = Field(default_factory=list, description="schools over the limit that are treated as small")
    except_out: list[int] = Field(default_factory=list, description="small schools that do not take part")
    associates: list[int] = Field(
        default_factory=list,
        description="schools that may join without being placed for their own sake, nor drawing grant: larger ones, or "
        "of other phases, such as a secondary or special school",
    )
    except_reasons: dict[int, str] = Field(
        default_factory=dict, description="why, by URN, of except_in, except_out and associates; internal papers only"
    )
    heads_min: Heads | None = Field(4, description="fewest heads in a partnership")
    heads_min_for: dict[int, Heads] = Field(
        default_factory=dict, description="the same by URN: a partnership may use the lowest of its schools' own"
    )
    heads_max: Heads | None = Field(7, description="most heads in a partnership")
    schools_min: Count | None = Field(None, description="fewest schools in a partnership, associates included")
    schools_max: Count | None = Field(None, description="most schools in a partnership, associates included")
    pupils_min: Count | None = Field(None, description="fewest pupils in a partnership, associates' included")
    pupils_max: Count | None = Field(None, description="most pupils in a partnership, associates' included")
    robust: Annotated[list[str], Field(max_length=20)] = Field(
        default_factory=list,
        description="columns of rolls, such as forecasts by year: by each of them too a partnership keeps pupils_min, "
        "pupils_max and a small school; who takes part is settled by the present roll",
    )
    minutes_max: Minutes | None = Field(
        20, description="longest drive between two schools of different heads, by the slower way"
    )
    minutes_max_for: dict[int, Minutes] = Field(
        default_factory=dict, description="the same by URN: a pair may use the longer of its ends' limits"
    )
    km_max: Minutes | None = Field(None, description="longest way in km between two schools of different heads")
    host_minutes_max: Minutes | None = Field(None, description="longest drive to the meeting venue")
    partnerships_min: Count | None = Field(None, description="fewest partnerships in the plan")
    partnerships_max: Count | None = Field(None, description="most partnerships in the plan")
    together: list[list[int]] = Field(
        default_factory=list, description="schools that share a partnership, or are all not yet placed"
    )
    together_kinds: list[str] = Field(
        default_factory=list,
        description='kinds of working links, such as "shared post", whose two schools are together, or not yet placed',
    )
    apart: list[list[int]] = Field(default_factory=list, description="schools no two of which share a partnership")
    same: list[str] = Field(default_factory=list, description="columns whose value all schools of a partnership share")
    distinct_max: dict[str, Count] = Field(
        default_factory=dict, description="most different values of a column in a partnership"
    )
    at_least_one: dict[str, str] = Field(
        default_factory=dict, description="a value of a column that some school of a partnership has"
    )
    associates_max: Count | None = Field(None, description="most associates in a partnership")
    locked: list[str] = Field(default_factory=list, description="today's partnerships kept exactly as they are")
    open_locked: list[str] = Field(default_factory=list, description="today's partnerships kept, that others may join")
    accepted: list[str] = Field(
        default_factory=list,
        description="as locked, since all their schools said yes; public outputs name none of them",
    )
    keep: Literal["all"] | None = Field(
        None, description="all: open_locked for every one of today's partnerships that breaks no rule by itself"
    )
    moved_max: Count | None = Field(None, description="most headships of today's partnerships that may move")
    links_broken_max: Weight | None = Field(
        None, description="most existing working links that the plan may break, each by its weight"
    )
    grant_max: Count | None = Field(
        None, description="most that the year's grant may come to, in pounds; needs [money]"
    )

    @model_validator(mode="after")
    def _least_to_most(self) -> Self:
        for what in ("heads", "schools", "pupils", "partnerships"):
            least, most = getattr(self, f"{what}_min"), getattr(self, f"{what}_max")
            if least is not None and most is not None and least > most:
                raise ValueError(f"{what}_min is {least} and {what}_max {most}; swap them or change one")
        if self.heads_min_for and self.heads_min is None:
            raise ValueError("heads_min_for has exceptions to heads_min, which is off; set it, or take them out")
        if self.minutes_max_for and self.minutes_max is None:
            raise ValueError("minutes_max_for has exceptions to minutes_max, which is off; set it, or take them out")
        return self
