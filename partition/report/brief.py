"""The source of every paper: one plan, its scheme, today's groups, other options, and the paper's standing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from geodata.urns import Urn
from partition.formats.days import day_words
from partition.formats.marks import INTERNAL
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas
from partition.maps.figures import FIRST_YEAR, LATER_YEAR, POSTS, figures
from partition.plans.account import Account
from partition.plans.judge import judge
from partition.report.figures import Quoted, quoted
from partition.report.lettering import school_marks
from partition.report.paper import DRAFT
from partition.scenario.case import Case
from partition.scheme import Scheme
from partition.scheme.stages import Log
from partition.settings.scenario import Scenario
from partition.settings.scheme import STAGES, Report, Stage
from partition.storage.read_back import ReadBack

PARTS = {  # a school's part in a plan, as papers say it
    "placed": "in a partnership",
    "federation": "in a federation that is a partnership already",
    "associate": "associate",
    "unplaced": "not yet placed",
    "associate alone": "associate, not joined",
    "not taking part": "not taking part",
    "left": "in a partnership that has left",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The standing of a paper, shown on its pages. `day` is the paper's date, None where none was given."""

    is_draft: bool
    internal: bool
    status: str  # "Modelling, not a proposal", until the user says otherwise
    day: date | None = None

    @property
    def marks(self) -> tuple[str, ...]:
        """Return the marks on every page."""
        return tuple(filter(None, (INTERNAL if self.internal else "", DRAFT if self.is_draft else "", self.status)))

    @property
    def day_words(self) -> str:
        """Return the date as people write it; never the computer's date."""
        return "Not dated" if self.day is None else day_words(self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Considered:
    """An option in a report: its name, its figures by name, and how sure it is."""

    name: str
    figures: dict[str, str]
    sureness: str


class Brief:
    """All content of the papers on one plan; `scheme` holds the plan's account."""

    def __init__(
        self,
        scheme: Scheme,
        standing: Standing,
        *,
        others: Sequence[tuple[str, ReadBack, Log]] = (),
        sources: Sequence[tuple[str, str]] = (),
        is_served: bool = False,
    ) -> None:
        self.scheme, self.standing = scheme, standing
        self.is_served = is_served  # whether the papers are written from the page of `serve`
        self.sources = tuple(sources)  # base name and hash, "" where a public plan keeps none
        self._others = tuple(others)

    @property
    def background(self) -> Case | ReadBack:
        """Return the case, or the plan file read back."""
        return self.scheme.case

    @property
    def account(self) -> Account:
        """Return the plan's account."""
        return self.scheme.account

    @property
    def scenario(self) -> Scenario:
        """Return the scenario."""
        return self.scheme.case.scenario

    @property
    def settings(self) -> Report:
        """Return the settings for papers."""
        return self.scenario.report

    @property
    def internal(self) -> bool:
        """Return whether the papers are internal."""
        return self.standing.internal

    @property
    def has_inputs(self) -> bool:
        """Return whether the plan's inputs were given, so that drives between any two schools are known."""
        return isinstance(self.scheme.case, Case)

    @cached_property
    def atlas(self) -> Atlas:
        """Return the plan's atlas."""
        return draw_atlas(self.background, self.account, internal=self.internal, log=self.scheme.log)

    @cached_property
    def marks(self) -> dict[Urn, str]:
        """Return the mark of each school on the map, such as 3a, by URN."""
        return school_marks(self.atlas)

    def roll(self, urn: Urn) -> str:
        """Return a school's number on roll, which says where it is a correction."""
        area = self.account.area
        pupils = int(area.pupils[area.index[urn]])
        return f"{pupils:,}, corrected" if urn in area.corrected else f"{pupils:,}"

    @property
    def corrected(self) -> tuple[tuple[str, str, str], ...]:
        """Return each school whose number on roll was corrected, with the file's number and the corrected one."""
        area = self.account.area
        return tuple(
            (area.name_of(urn), "none" if was is None else f"{was:,}", f"{now:,}")
            for urn, (was, now) in sorted(area.corrected.items())
            if urn in area.index
        )

    @cached_property
    def figures(self) -> dict[str, str]:
        """Return the plan's main figures by name."""
        return dict(figures(self.background, self.account, self.scheme.log))

    @cached_property
    def quoted(self) -> Mapping[str, Quoted]:
        """Return the figures that papers quote, by key; the workbook's sheet "Figures" has them all."""
        return quoted(self.scheme)

    @cached_property
    def today(self) -> Account | None:
        """Return today's groups, judged by the same criteria; None where today's groups or drives are unknown."""
        if not self.account.area.existing or not self.has_inputs:
            return None
        return judge(self.account.problem, self.account.today_of)

    @cached_property
    def options(self) -> tuple[Considered, ...]:
        """Return the options: doing nothing, this plan, and the other plans given."""
        return tuple(self._options())

    def _options(self) -> Iterator[Considered]:
        name = "A. Do nothing: today's arrangements go on"
        if self.today is None:
            why = "no file of today's groups was given" if self.has_inputs else "the plan file alone cannot cost it"
            yield Considered(name=name, figures={}, sureness=f"Not costed: {why}.")
        else:
            told = dict(figures(self.background, self.today))  # the decisions are on the plan's partnerships
            told |= dict.fromkeys({FIRST_YEAR, LATER_YEAR, POSTS} & told.keys(), "none of this scheme's")
            yield Considered(name=name, figures=told, sureness="As it is; nothing was optimised.")
        yield Considered(name="B. The plan in this report", figures=self.figures, sureness=self.account.sureness())
        for letter, (name, other, log) in zip("CDEFGHIJKLMNOPQRSTUVWXYZ", self._others, strict=False):
            told = dict(figures(other, other.account, log))
            yield Considered(name=f"{letter}. {name}", figures=told, sureness=other.account.sureness())

    @property
    def preferred(self) -> Considered | None:
        """Return the option that the author prefers; None where no option has the letter given."""
        letter = self.settings.preferred
        return next((option for option in self.options if letter and option.name.startswith(f"{letter}. ")), None)

    def stage(self, number: int) -> Stage:
        """Return a partnership's stage."""
        return self.scheme.log.stage(number)

    @cached_property
    def stages(self) -> tuple[tuple[Stage, int], ...]:
        """Return the stages of partnerships that have not left, each with their number."""
        every = [self.stage(item.number) for item in self.account.present]
        return tuple((stage, every.count(stage)) for stage in STAGES if stage in every)

    def label(self, number: int) -> str:
        """Return a partnership's number and name."""
        return f"{number} {self.account.partnerships[number - 1].name}"

    @property
    def foot(self) -> str:
        """Return the text at the foot of every page: title, plan's digest and date."""
        return f"{self.background.title}. Plan {self.account.plan.digest[:12]}. {self.standing.day_words}."
