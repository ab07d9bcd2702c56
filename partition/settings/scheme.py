"""The scheme's own tables of the scenario file. Figures are settings, and say where they come from."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import Field, model_validator

from partition.settings.authors import BY_KEY, TEXTS, AuthorText, Phase, to_be_completed
from partition.settings.declare import setting
from partition.settings.types import Column, Count, FilePath, Minutes, Percentage, Pounds, Table, Urn

Stage = Literal["proposed", "negotiated", "business plan in", "approved", "heads of agreement signed", "active", "left"]
STAGES: tuple[Stage, ...] = get_args(Stage)
WEEKS_MOST = 52  # in a window of peer review


class Money(Table):
    """The scheme's money, in pounds."""

    source: str = setting("", "where these figures come from; shown beside them")
    per_partnership: Count = setting(0, "pounds a year for each partnership; grant_max counts them")
    per_school: Count = setting(0, "pounds a year for each small school in a partnership; likewise")
    yearly_at: Stage = setting("heads of agreement signed", "stage at which the year's money is paid")
    rest_of_year: bool = setting(
        False, "the first year's only by days, from that stage's day to the end of the financial year (31 March)"
    )
    start_per_school: Count = setting(0, "pounds once for each small school, to start")
    start_at: Stage = setting("approved", "stage at which the money to start is paid")
    start_needs_costs: bool = setting(
        False, "money to start only as far as the business plan's approved costs go (stage --costs)"
    )
    start_within_year: bool = setting(False, "money to start is part of the year's: only the rest is paid at yearly_at")
    lump_sums: FilePath | None = setting(
        None,
        "file of urn, lump_sum, and if wanted sparsity and year (2013: from April 2013): pounds a year, never inferred",
        private=True,
    )
    ledger_years: Annotated[int, Field(ge=1, le=10, strict=True)] = setting(
        3, "financial years (April to March) that the ledger of payments has, from that of the first payment on"
    )
    pence_per_mile: Count = setting(45, "mileage rate (HMRC's approved rate for cars); 0: not priced")
    pounds_per_head_hour: Pounds = setting(0.0, "an hour of a head's time, with oncosts; 0: not priced")
    staff_visits_per_year: Count = setting(0, "trips a year by staff of each school, to the venue and back")
    pounds_per_staff_hour: Pounds = setting(0.0, "an hour of such staff's time; 0: not priced")

    @model_validator(mode="after")
    def _one_first_year(self) -> Self:
        if self.rest_of_year and self.start_within_year:
            raise ValueError("rest_of_year and start_within_year are on; keep one, and set the other to false")
        return self

    @property
    def lacks_year(self) -> bool:
        """Whether it pays the rest of a year whose amount is not given: the preset of 2013 leaves that to be stated."""
        return self.rest_of_year and not (self.per_partnership or self.per_school)


class Venues(Table):
    """Meetings of the Lead Strategic Group: heads, chairs of governors, an adviser in the chair."""

    meetings_per_year: Count = setting(6, "meetings a year, online ones included")
    online_every: Count = setting(2, "2: every second meeting is online, by turn; 3: every third; 0: none")
    rota: Literal["turns", "even"] = setting(
        "turns",
        "turns: nobody hosts twice before all have hosted once; even: schools host as often as gives the least driving "
        "to the head who drives most, then the least in all",
    )
    chairs_per_headship: Count = setting(1, "chairs of governors who come, besides each head")
    adviser_comes: bool = setting(True, "the adviser's drive counts too, where advisers are given")
    cannot_host: list[Urn] = setting([], "schools (URN) where no meeting can be")


class Advisers(Table):
    """Who advises whom: one adviser serves a whole partnership."""

    people: FilePath | None = setting(
        None, "file of adviser, office, easting, northing, and if wanted caseload, days, accreditation", private=True
    )
    today: FilePath | None = setting(None, "file of urn, adviser: who advises each school today", private=True)
    visits_per_school: Count = setting(3, "an adviser's visits a year to each school, besides the meetings")
    days_per_partnership: Minutes = setting(0.0, "an adviser's days a year for each partnership")
    days_per_school: Minutes = setting(0.0, "and for each of its schools; both 0: days set no limit")
    minutes_per_change: Minutes = setting(60.0, "price of a school's adviser changing, in minutes a year")
    accreditation_for: dict[Column, str] = setting(
        {}, 'by column: a partnership with a value there ("no" is none) needs an adviser so accredited'
    )
    leaving: list[str] = setting([], "what if these advisers leave", private=True)


class Post(Table):
    """One kind of shared post."""

    fte: Percentage | None = setting(None, "full-time equivalents, the same in every partnership")
    pupils_per_fte: Count | None = setting(None, "or pupils that carry one full-time equivalent")
    fte_max: Percentage = setting(1.0, "most full-time equivalents a partnership has")
    pounds_per_fte: Count = setting(0, "pounds a year for a full-time equivalent, with oncosts")
    keep_own: list[Urn] = setting([], "schools (URN) that keep their own")
    source: str = setting("", "where these figures come from")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.fte is not None and self.pupils_per_fte is not None:
            raise ValueError("fte and pupils_per_fte are given; keep one, and set the other to off")
        if self.pupils_per_fte == 0:
            raise ValueError("pupils_per_fte is 0; give the pupils that carry one post, or off")
        return self

    @property
    def is_asked(self) -> bool:
        """Whether there is to be such a post."""
        return self.fte is not None or self.pupils_per_fte is not None


class Posts(Table):
    """Posts that a partnership's schools share."""

    business_manager: Post = setting(Post(), "partnership business manager")
    senco: Post = setting(Post(), "SENCO or vulnerable children's officer")
    joint_staff: Post = setting(Post(), "other staff employed jointly, such as a teacher of music or languages")
    timetable: FilePath | None = setting(
        None, "file of urn, subject, weekdays (several with ;), and if wanted post: which joint staff teach when"
    )
    days_per_fte: Count = setting(195, "working days a year of a full-time post (the school year)")

    @property
    def are_asked(self) -> bool:
        """Whether there is to be any shared post."""
        return any(post.is_asked for post in (self.business_manager, self.senco, self.joint_staff))


class Review(Table):
    """Trios whose heads review each other's schools in turn."""

    starts: date | None = setting(None, "first day of the window, such as 2027-01-11; off: no peer review")
    second_starts: date | None = setting(
        None, "first day of a second round, in which strengths meet needs; the first is general then. Off: one round"
    )
    weeks: Annotated[int, Field(ge=3, le=WEEKS_MOST, strict=True)] = setting(12, "weeks in the window of a round")
    closed: list[date] = setting([], "days in weeks without reviews, such as half-term")
    across: bool = setting(False, "trios may reach across neighbouring partnerships: fewer are left out")
    minutes_max: Minutes = setting(30.0, "longest drive between two members of a trio")
    strengths: FilePath | None = setting(None, "file of urn, strengths, needs (several with ;)", private=True)
    minutes_per_match: Minutes = setting(30.0, "minutes of driving that one need met is worth")
    past: FilePath | None = setting(None, "file of urn, trio: past trios, none of which comes again", private=True)
    adviser_comes: bool = setting(True, "an adviser goes with each trio, where advisers are given")
    stand_in: bool = setting(False, "where an adviser has too few weeks, one with fewer reviews stands in")

    @model_validator(mode="after")
    def _second_after_first(self) -> Self:
        if self.second_starts is None:
            return self
        if self.starts is None:
            raise ValueError("second_starts is given without starts; give the first day of the first round too")
        if self.second_starts < self.starts + timedelta(weeks=self.weeks + 1):
            raise ValueError(
                f"second_starts is {self.second_starts}, before the first round's {self.weeks} weeks from "
                f"{self.starts} are over; give a later day, or fewer weeks"
            )
        return self


class Training(Table):
    """Joint training: days for all staff (INSET), and sessions for heads, governors or chairs."""

    schools: FilePath | None = setting(
        None, "file of urn, staff, capacity (places; blank: cannot host), and if wanted governors"
    )
    days_per_year: Count = setting(2, "joint training days a year")
    sessions: FilePath | None = setting(
        None, "file of day, what, and if wanted whom (staff, heads, chairs, governors), partnership (blank: each)"
    )


def _authored(key: str) -> Any:
    """Declare a text that only the author of papers knows."""
    text = BY_KEY[key]
    return setting([] if text.kind == "list" else "", text.asks)


class Report(Table):
    """What papers show, and what only their author knows."""

    bands: list[Count] = setting(
        [50, 110, 150, 180, 210], "sizes that schools are counted by: under 50, up to 110, up to 150 ..."
    )

    council: str = _authored("council")
    to: str = _authored("to")
    author: str = _authored("author")
    contact: str = _authored("contact")
    access: str = _authored("access")
    wards: list[str] = _authored("wards")
    key_decision: str = _authored("key_decision")
    data_day: str = _authored("data_day")
    decisions: list[str] = _authored("decisions")
    preferred: str = _authored("preferred")
    preferred_because: str = _authored("preferred_because")
    rejected: str = _authored("rejected")
    conclusion: str = _authored("conclusion")
    consultation: str = _authored("consultation")
    financial: str = _authored("financial")
    legal: str = _authored("legal")
    risk: str = _authored("risk")
    equality: str = _authored("equality")
    climate: str = _authored("climate")
    background: list[str] = _authored("background")
    team: str = _authored("team")
    third_parties: str = _authored("third_parties")
    website: str = _authored("website")
    phase: Phase = _authored("phase")
    region: str = _authored("region")
    frequency: str = _authored("frequency")
    appeals: str = _authored("appeals")
    agreements: str = _authored("agreements")
    assessments: str = _authored("assessments")

    @property
    def to_be_completed(self) -> tuple[AuthorText, ...]:
        """The texts that a final paper still needs."""
        return to_be_completed({text.key: getattr(self, text.key) for text in TEXTS})

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        if self.bands != sorted(set(self.bands)):
            raise ValueError(f"bands are {self.bands}; give sizes in ascending order, each once")
        return self

    @model_validator(mode="after")
    def _one_letter(self) -> Self:
        if self.preferred and not re.fullmatch("[A-Z]", self.preferred):
            raise ValueError(f'preferred is "{self.preferred}"; give the letter of an option, such as B')
        return self


class Effects(Table):
    """Did it work? Off unless results, a survey or activity are given. It shows no cause."""

    results: FilePath | None = setting(None, "file of urn, year, measure, value", private=True)
    measure: str = setting("", "which measure of that file")
    below: float | None = setting(None, "a school is counted when its value is below this")
    member_since: dict[Urn, Count] = setting(
        {}, "first year of membership by URN; without it, as in the plan for every year"
    )
    bands: list[Count] = setting([180], "results are shown by number on roll: under the first, then up to each")
    suppress_under: Count = setting(6, "counts of schools under this are not shown")
    z: Annotated[float, Field(gt=0, le=10)] = setting(1.96, "width of Wilson's intervals (1.96: 95 %)")
    survey: FilePath | None = setting(
        None,
        "file of urn, question (a statement), answer (1: not at all, to 5: wholly)",
        private=True,
    )
    statements: list[str] = setting(
        [
            "The partnership saves our school time",
            "The partnership helps our school teach better",
            "The drive to meetings is worth it",
        ],
        "what the sheet to fill in asks of each school",
    )
    agree_from: Annotated[int, Field(ge=2, le=5)] = setting(4, "least answer that agrees")
    responses_least: Count = setting(3, "fewest schools that must have answered for a figure to be shown")
    activity: FilePath | None = setting(
        None, "file of partnership (number, name or a school's URN), activity, count", private=True
    )
