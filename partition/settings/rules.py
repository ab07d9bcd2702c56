"""Criteria: the table [rules], what a partnership and a plan must keep to."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from partition.settings.declare import setting
from partition.settings.sections import COMPANIONS, DRIVES, KEPT, SIZE, WHO, WHOLE
from partition.settings.types import Column, Count, Heads, Minutes, Several, Table, Urn, Weight


class Rules(Table):
    """Criteria: what a partnership, and a plan, must keep to."""

    school_pupils_max: Count | None = setting(
        200,
        "a school is small up to this number on roll",
        label="A school is small up to",
        name="small-school limit",
        unit="pupils",
        help="By its number on roll. Left empty, every school is small.",
        section=WHO,
    )
    except_in: list[Urn] = setting(
        [],
        "schools over the limit that are treated as small",
        label="Larger schools treated as small",
        help="Over the limit, but small in their individual context.",
        section=WHO,
    )
    except_out: list[Urn] = setting(
        [],
        "small schools that do not take part",
        label="Schools that do not take part",
        help="Such as one that closes, or said no.",
        section=WHO,
    )
    associates: list[Urn] = setting(
        [],
        "schools that may join without being placed for their own sake, nor drawing grant: larger ones, or "
        "of other phases, such as a secondary or special school",
        label="Larger schools that may join as associates",
        section=WHO,
    )
    except_reasons: dict[Urn, str] = setting(
        {},
        "why, by URN, of except_in, except_out and associates; internal papers only",
        label="Why these exceptions were made",
        help="For internal papers only: never on maps or in public plans.",
        section=WHO,
        private=True,
    )
    heads_min: Heads | None = setting(
        4,
        "fewest heads in a partnership",
        label="Fewest heads",
        unit="heads",
        help="A head of several schools counts once.",
        section=SIZE,
    )
    heads_min_for: dict[Urn, Heads] = setting(
        {},
        "the same by URN: a partnership may use the lowest of its schools' own",
        label="Fewer heads about one school",
        help="A partnership with one of these schools may be as small as it allows.",
        section=SIZE,
    )
    heads_max: Heads | None = setting(7, "most heads in a partnership", label="Most heads", unit="heads", section=SIZE)
    headship_is_partnership_from: Several | Literal["heads_min"] | None = setting(
        "heads_min",
        "a head of so many schools, one of them small, is a partnership already: placed, shown and counted apart, and "
        "in no other; heads_min: as many as the fewest heads; it draws grant as any partnership does, as the scheme "
        "pays for schools that work together, not for heads",
        label="A head’s schools are a partnership already from",
        name="a partnership already from",
        unit="schools",
        help="A number, or “as many as the fewest heads”. Such a federation is placed by itself and joins no other. It "
        "draws grant as a partnership. Left empty, none is one.",
        choices={"heads_min": "as many as the fewest heads"},
        section=SIZE,
    )
    joins_others: list[str] = setting(
        [],
        "heads of so many schools who join others all the same, as any head does: names of their federations, or URNs "
        "of their schools; all: every one",
        label="Federations that join others all the same",
        help="By name, or by the URN of one of its schools; “all” for every one.",
        section=SIZE,
    )
    schools_min: Count | None = setting(
        None,
        "fewest schools in a partnership, associates included",
        label="Fewest schools",
        unit="schools",
        help="Associates count.",
        section=SIZE,
    )
    schools_max: Count | None = setting(
        None,
        "most schools in a partnership, associates included",
        label="Most schools",
        unit="schools",
        help="Associates count.",
        section=SIZE,
    )
    pupils_min: Count | None = setting(
        None,
        "fewest pupils in a partnership, associates' included",
        label="Fewest pupils",
        name="fewest pupils together",
        unit="pupils",
        help="All schools of a partnership together.",
        section=SIZE,
    )
    pupils_max: Count | None = setting(
        None,
        "most pupils in a partnership, associates' included",
        label="Most pupils",
        name="most pupils together",
        unit="pupils",
        help="All schools together; 200 makes clusters that count as one small school.",
        section=SIZE,
    )
    robust: Annotated[list[Column], Field(max_length=20)] = setting(
        [],
        "columns of rolls, such as forecasts by year: by each of them too a partnership keeps pupils_min, "
        "pupils_max and a small school; who takes part is settled by the present roll",
        label="Rolls by which the limits on pupils hold as well",
        help="Columns of the schools’ file, such as forecasts by year. Who takes part, the present roll settles.",
        section=SIZE,
    )
    drives_between: Literal["schools", "bases", "nearest"] = setting(
        "schools",
        "the drives that minutes_max and km_max are about: between any two schools of different heads, between heads' "
        "bases, or from the nearest school of each head; costs are always from base to base",
        label="The limits are about drives between",
        name="drives of the limits",
        help="Costs count drives from base to base in any case.",
        choices={
            "schools": "any two schools of different heads",
            "bases": "heads’ bases",
            "nearest": "the nearest schools of two heads",
        },
        section=DRIVES,
    )
    minutes_max: Minutes | None = setting(
        20,
        "longest drive between two heads, by drives_between and the slower way",
        label="Longest drive",
        unit="minutes",
        section=DRIVES,
    )
    minutes_max_for: dict[Urn, Minutes] = setting(
        {},
        "the same by URN: a pair may use the longer of its ends' limits",
        label="Longer drives for remote schools",
        help="Two schools may be as far apart as the more generous of their two limits.",
        section=DRIVES,
    )
    km_max: Minutes | None = setting(
        None, "longest way in km between two heads, by drives_between", label="Longest way", unit="km", section=DRIVES
    )
    host_minutes_max: Minutes | None = setting(
        None,
        "longest drive to the meeting venue",
        label="Longest drive to the meeting venue",
        name="longest drive to the venue",
        unit="minutes",
        help="Some school of the partnership must be so near to all.",
        section=DRIVES,
    )
    head_minutes_max: Minutes | None = setting(
        None,
        "most minutes a year of one head's own: its drives to meetings, and its halves of broken links and of pairs "
        "parted",
        label="Most minutes of one head",
        name="most minutes of one head",
        unit="minutes a year",
        help="Its drives to meetings, and its halves of the prices of broken links and of heads parted.",
        section=DRIVES,
    )
    partnerships_min: Count | None = setting(
        None, "fewest partnerships in the plan", label="Fewest partnerships", unit="partnerships", section=WHOLE
    )
    partnerships_max: Count | None = setting(
        None, "most partnerships in the plan", label="Most partnerships", unit="partnerships", section=WHOLE
    )
    together: list[list[Urn]] = setting(
        [],
        "schools that share a partnership, or are all not yet placed",
        label="Schools kept together",
        help="All in one partnership, or all not yet placed.",
        section=COMPANIONS,
    )
    together_kinds: list[str] = setting(
        [],
        'kinds of working links, such as "shared post", whose two schools are together, or not yet placed',
        label="Working links whose schools are kept together",
        help="By their kind, such as “shared post”.",
        section=COMPANIONS,
    )
    apart: list[list[Urn]] = setting(
        [],
        "schools no two of which share a partnership",
        label="Schools kept apart",
        help="No two of one line share a partnership. Internal.",
        section=COMPANIONS,
        private=True,
    )
    same: list[Column] = setting(
        [],
        "columns whose value all schools of a partnership share",
        label="The same in all schools of a partnership",
        name="all of one",
        help="Columns of the schools’ file. A blank fits with none.",
        section=COMPANIONS,
    )
    distinct_max: dict[Column, Count] = setting(
        {},
        "most different values of a column in a partnership",
        label="Few different values in a partnership",
        help="Most different values of a column of the schools’ file.",
        section=COMPANIONS,
    )
    at_least_one: dict[Column, str] = setting(
        {},
        "a value of a column that some school of a partnership has",
        label="At least one school in a partnership with",
        help="A value in a column of the schools’ file.",
        section=COMPANIONS,
    )
    associates_max: Count | None = setting(
        None,
        "most associates in a partnership",
        label="Most associates",
        unit="associates",
        help="Larger schools in one partnership.",
        section=SIZE,
    )
    locked: list[str] = setting(
        [],
        "today's partnerships kept exactly as they are",
        label="Partnerships kept as now",
        help="Today’s, by name: exactly as they are.",
        section=KEPT,
    )
    open_locked: list[str] = setting(
        [],
        "today's partnerships kept, that others may join",
        label="Partnerships kept as now that others may join",
        section=KEPT,
    )
    accepted: list[str] = setting(
        [],
        "as locked, since all their schools said yes; public outputs name none of them",
        label="Partnerships whose schools all said yes",
        help="Kept as now; public papers name none of them.",
        section=KEPT,
        private=True,
    )
    approved: list[str] = setting(
        [],
        "today's partnerships that are approved: kept exactly as they are, with schools that say no or have grown, "
        "unless in released; of an earlier plan in data.existing, those from the stage approved on come to it unasked",
        label="Partnerships that are approved",
        help="Kept as they are, whatever their schools say since; of an earlier plan, by its stages.",
        section=KEPT,
    )
    released: list[str] = setting(
        [],
        "partnerships in approved that are not to be kept after all",
        label="Approved partnerships to plan again",
        help="By name: these alone of the approved ones may change.",
        section=KEPT,
    )
    keep: Literal["all"] | None = setting(
        None,
        "all: open_locked for every one of today's partnerships that breaks no rule by itself",
        label="All that works today",
        help="Kept: each of today’s partnerships that breaks no criterion; others may join.",
        choices={"": "may change", "all": "is kept"},
        section=KEPT,
    )
    moved_max: Count | None = setting(
        None,
        "most headships of today's partnerships that may move",
        label="Most heads who change companions",
        name="most heads who move",
        unit="heads",
        help="Of those in a partnership today.",
        section=KEPT,
    )
    links_broken_max: Weight | None = setting(
        None,
        "most existing working links that the plan may break, each by its weight",
        label="Most working links broken",
        unit="links",
        help="Existing ones, each by its weight (1 for an ordinary one).",
        section=KEPT,
    )
    grant_max: Count | None = setting(
        None,
        "most that the year's grant may come to, in pounds; needs [money]",
        label="Most that the year’s grant may come to",
        name="largest grant",
        unit="pounds a year",
        help="Counted by the table [money] of the file.",
        section=WHOLE,
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
