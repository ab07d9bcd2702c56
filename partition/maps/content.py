"""What a map says, before anything is drawn: plain records, no HTML and no solver.

`Atlas` is the seam between the plan and its page, `BandsAtlas` that between minutes from one school and theirs.
Everything in them is already what people read (rounded minutes, counts, words) except that text is not yet escaped:
the page does that where the text lands.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry.base import BaseGeometry

from geodata.answers import Said
from partition.plans.account import Role
from partition.settings.scheme import STAGES

LayerKind = Literal["land", "district", "water", "road", "boundary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Another school of the same partnership, and the drive between the two heads' bases, each way."""

    urn: int
    minutes_to: float | None
    minutes_from: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCard:
    """One school as the map shows it. `partnership` is a number in the plan, None when in none."""

    urn: int
    name: str
    town: str
    pupils: int | None
    latitude: float
    longitude: float
    role: Role
    partnership: int | None = None
    headship: str = ""  # named only where one head leads several schools
    is_base: bool = True  # the school its head travels from
    corrected: str = ""  # in words: "61 pupils, as corrected in the scenario"
    today: str = ""  # the existing partnership it is in
    reason: str = ""  # why not placed, or why not taking part
    companions: tuple[Companion, ...] = ()  # nearest first
    leaves: tuple[str, ...] = ()  # names of schools it is with today and would no longer be with
    worst_minutes: float | None = None  # the longest drive its head could have to a companion
    links_kept: int = 0
    links_broken: int = 0
    shared: tuple[tuple[str, int, int], ...] = ()  # column, of those who share its value here: in its partnership, all
    answer: Said | None = None  # internal maps only, of schools that take part: what it said when asked
    answered: str = ""  # and on which day
    prefers: tuple[str, ...] = ()  # internal maps only: schools it would like to work with that did not name it


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipCard:
    """One partnership as the map shows it."""

    number: int  # from 1
    name: str  # short: the place its venue lies in
    urns: tuple[int, ...]
    venue_urn: int
    heads: int
    schools: int
    associates: int
    pupils: int
    hours_a_year: float  # heads' travel, together; or km where `Atlas.unit` says so
    mean_minutes: float | None  # mean of all drives between bases
    worst_minutes: float | None
    worst_pair: tuple[int, int] | None
    links_kept: int
    links_broken: int
    breaches: tuple[str, ...] = ()  # rules it breaks, in words (plans judged, not solved)
    stage: str = ""  # how far it has come, where the plan holds decisions


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseLayer:
    """A thing drawn beneath the plan, in longitude and latitude."""

    kind: LayerKind
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town's or village's name for finding one's way; the larger `rank`, the earlier it shows (1 to 3)."""

    name: str
    latitude: float
    longitude: float
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The road a head takes from one school to another. The way back is a way of its own."""

    urn_from: int
    urn_to: int
    minutes: float
    km: float | None
    points: tuple[tuple[float, float], ...]  # latitude, longitude; from school to school


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """All that one map of a plan says."""

    title: str
    status: str  # "Modelling, not a proposal", or what the user set instead
    internal: bool
    schools: tuple[SchoolCard, ...]
    partnerships: tuple[PartnershipCard, ...]
    today: tuple[tuple[str, tuple[int, ...]], ...] = ()  # existing partnerships: name, URNs
    links: tuple[tuple[int, int, bool], ...] = ()  # internal maps only: both ends, kept
    ways: tuple[Way, ...] = ()  # between companions; a pair without one gets a straight line
    base: tuple[BaseLayer, ...] = ()
    places: tuple[Place, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()  # what, value: the panel's rows in order
    sureness: str = ""  # how far the plan can be trusted, in a sentence
    criteria: tuple[str, ...] = ()  # the rules in words
    travel: str = ""  # how minutes were worked out, in words
    notices: tuple[str, ...] = ()  # warnings about the data
    attribution: tuple[str, ...] = ()
    tiles: str = ""  # URL template of a tile server, only when the user asked for one
    unit: Literal["minutes", "km"] = "minutes"
    flags_minutes: tuple[int, int] = field(default=(15, 20))  # drives over these are flagged

    @property
    def stages(self) -> tuple[tuple[str, int], ...]:
        """The stages there are, in their order, with how many partnerships stand at each."""
        here = [one.stage for one in self.partnerships]
        return tuple((stage, here.count(stage)) for stage in STAGES if stage in here)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAtlas:
    """What one page of plans compared says besides the comparison itself; what is drawn beneath is the first plan's."""

    title: str
    status: str
    internal: bool
    plans: tuple[Atlas, ...]
    notices: tuple[tuple[str, str], ...] = ()  # a plan's letter, a warning about its data
    attribution: tuple[str, ...] = ()
    tiles: str = ""

    @property
    def stages(self) -> tuple[tuple[str, int | None], ...]:
        """The stages there are in any plan, in their order; no count would speak of all plans."""
        here = {stage for plan in self.plans for stage, _ in plan.stages}
        return tuple((stage, None) for stage in STAGES if stage in here)

    @property
    def counts_links(self) -> bool:
        """Whether any plan keeps or breaks a working link."""
        return any(one.links_kept or one.links_broken for plan in self.plans for one in plan.partnerships)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedSchool:
    """A school on a map of minutes from one school; `minutes` is None where it is not reached."""

    urn: int
    name: str
    latitude: float
    longitude: float
    minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The ground that is over `minutes_from` and at most `minutes_to` away, in longitude and latitude."""

    minutes_from: float
    minutes_to: float
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsAtlas:
    """All that one map of minutes from a school says."""

    title: str
    status: str
    origin: ReachedSchool
    bands: tuple[Band, ...]
    schools: tuple[ReachedSchool, ...]  # the others; the origin may be among them
    base: tuple[BaseLayer, ...] = ()
    places: tuple[Place, ...] = ()
    travel: str = ""  # how minutes were worked out, in words
    attribution: tuple[str, ...] = ()
    internal: bool = False
    tiles: str = ""
