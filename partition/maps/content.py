"""The content of a map before it is drawn: plain records, no HTML and no solver.

`Atlas` is the interface between a plan and its page, `BandsAtlas` between the minutes from one school and their page.
All values are ready for people (rounded minutes, counts, words), except that text is not escaped: the page does so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from shapely.geometry.base import BaseGeometry

from geodata.answers import Said
from geodata.grid import BRITISH, Grid
from geodata.identifier import URN, IdentifierWords
from geodata.urns import Urn
from partition.formats.language import ENGLISH, Language
from partition.plans.account import Role
from partition.settings.scheme import STAGES

LayerKind = Literal["land", "district", "water", "road", "boundary", "outline"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """Another school of the same partnership, and the drive between the two heads' bases, each way."""

    urn: Urn
    minutes_to: float | None
    minutes_from: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolCard:
    """One school on the map. `partnership` is a number in the plan, None for a school in no partnership."""

    urn: Urn
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
    today: str = ""  # the school's partnership today
    reason: str = ""  # why not placed, or why not taking part
    companions: tuple[Companion, ...] = ()  # nearest first
    leaves: tuple[str, ...] = ()  # names of its companions today that it would lose
    worst_minutes: float | None = None  # the longest drive its head could have to a companion
    own: float | None = (
        None  # of its head, who travels from here: minutes (or km) of its own a year, as `own_words` say
    )
    own_words: str = ""
    links_kept: int = 0
    links_broken: int = 0
    shared: tuple[tuple[str, int, int], ...] = ()  # column, schools with its value: in its partnership, in all
    answer: Said | None = None  # internal maps only: the answer of a school that was asked
    answered: str = ""  # the day of the answer
    prefers: tuple[str, ...] = ()  # internal maps only: schools that it prefers, but that did not name it
    wishes: tuple[str, ...] = ()  # internal maps only: schools that it wishes for, the first wish first
    not_wanted: tuple[str, ...] = ()  # internal maps only


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipCard:
    """One partnership on the map."""

    number: int  # from 1
    name: str  # short: the place its venue lies in
    urns: tuple[Urn, ...]
    venue_urn: Urn
    heads: int
    schools: int
    associates: int
    pupils: int
    hours_a_year: float  # heads' travel, together; or km where `Atlas.unit` says so
    mean_minutes: float | None  # mean of all drives between bases
    worst_minutes: float | None
    worst_pair: tuple[Urn, Urn] | None
    links_kept: int
    links_broken: int
    breaches: tuple[str, ...] = ()  # broken rules in words, of plans judged and not solved
    stage: str = ""  # the stage, where the plan file holds decisions
    already: bool = False  # one head's schools, which are a partnership in themselves
    hosts: str = ""  # who hosts how many meetings a year, where that is to even out the drives


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseLayer:
    """A shape of the base map beneath the plan, in longitude and latitude."""

    kind: LayerKind
    name: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A town's or village's name for orientation; names of higher `rank` (1 to 3) appear first when zooming in."""

    name: str
    latitude: float
    longitude: float
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """The road that a head takes from one school to another. The way back is a separate record."""

    urn_from: Urn
    urn_to: Urn
    minutes: float
    km: float | None
    points: tuple[tuple[float, float], ...]  # latitude, longitude; from school to school


@dataclass(frozen=True, slots=True, kw_only=True)
class Atlas:
    """The content of one plan's map."""

    title: str
    status: str  # "Modelling, not a proposal", or what the user set instead
    internal: bool
    schools: tuple[SchoolCard, ...]
    partnerships: tuple[PartnershipCard, ...]
    today: tuple[tuple[str, tuple[Urn, ...]], ...] = ()  # existing partnerships: name, URNs
    links: tuple[tuple[Urn, Urn, bool], ...] = ()  # internal maps only: both ends, kept
    ways: tuple[Way, ...] = ()  # between companions; a pair without one gets a straight line
    base: tuple[BaseLayer, ...] = ()
    places: tuple[Place, ...] = ()
    figures: tuple[tuple[str, str], ...] = ()  # name and value: the rows of the panel in order
    sureness: str = ""  # whether the plan is proven, in a sentence
    none_possible: bool = False  # whether that sentence is the reasons why there is no partnership, which are English
    criteria: tuple[str, ...] = ()  # the rules in words
    travel: str = ""  # how minutes were calculated, in words
    notices: tuple[str, ...] = ()  # warnings about the data
    attribution: tuple[str, ...] = ()
    tiles: str = ""  # URL template of a tile server, only when the user asked for one
    unit: Literal["minutes", "km"] = "minutes"
    flags_minutes: tuple[float, float] = field(default=(15, 20))  # drives over these are flagged
    limit_minutes: float | None = None  # the plan's own limit on drives: then it is the higher flag
    grid: Grid = BRITISH  # in whose metres areas are shaped
    identifier: IdentifierWords = URN
    language: Language = ENGLISH  # of the page, and of the figures and corrections above

    @property
    def stages(self) -> tuple[tuple[str, int], ...]:
        """Return the stages that occur, in their order, each with its number of partnerships."""
        here = [one.stage for one in self.partnerships]
        return tuple((stage, here.count(stage)) for stage in STAGES if stage in here)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAtlas:
    """The content of a page of plans compared, besides the comparison itself; the base map is the first plan's."""

    title: str
    status: str
    internal: bool
    plans: tuple[Atlas, ...]
    notices: tuple[tuple[str, str], ...] = ()  # a plan's letter, a warning about its data
    attribution: tuple[str, ...] = ()
    tiles: str = ""

    @property
    def stages(self) -> tuple[tuple[str, int | None], ...]:
        """Return the stages that occur in any plan, in their order, without counts, which would differ by plan."""
        here = {stage for plan in self.plans for stage, _ in plan.stages}
        return tuple((stage, None) for stage in STAGES if stage in here)

    @property
    def counts_left(self) -> bool:
        """Whether any plan has schools whose partnership has left."""
        return any(school.role == "left" for plan in self.plans for school in plan.schools)

    @property
    def counts_links(self) -> bool:
        """Return whether any plan keeps or breaks a working link."""
        return any(one.links_kept or one.links_broken for plan in self.plans for one in plan.partnerships)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedSchool:
    """A school on a map of minutes from one school; `minutes` is None where no road leads there."""

    urn: Urn
    name: str
    latitude: float
    longitude: float
    minutes: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The land that is more than `minutes_from` and at most `minutes_to` away, in longitude and latitude."""

    minutes_from: float
    minutes_to: float
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True, kw_only=True)
class BandsAtlas:
    """The content of one map of minutes from a school."""

    title: str
    status: str
    origin: ReachedSchool
    bands: tuple[Band, ...]
    schools: tuple[ReachedSchool, ...]  # the others; the origin may be among them
    base: tuple[BaseLayer, ...] = ()
    places: tuple[Place, ...] = ()
    travel: str = ""  # how minutes were calculated, in words
    attribution: tuple[str, ...] = ()
    internal: bool = False
    tiles: str = ""
    grid: Grid = BRITISH
    identifier: IdentifierWords = URN
