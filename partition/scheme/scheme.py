"""The scheme around one plan: each part calculated when it is first needed, and once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from partition.plans.account import Account
from partition.scenario.case import Case
from partition.scheme.activities import Activity, activities_of
from partition.scheme.advisers import Assignment, Caseloads, Leaving, assign, what_if_leaving
from partition.scheme.bands import Band, bands
from partition.scheme.effects import EffectsAccount, effects_of
from partition.scheme.exceptions import ExceptionMade, exceptions_made
from partition.scheme.inputs import Inputs, Lesson, read_inputs
from partition.scheme.money import Bought, MoneyAccount, bought
from partition.scheme.offices import OfficeDrives, office_drives
from partition.scheme.posts import SharedPost, shared_posts
from partition.scheme.review import ReviewRound, review_rounds
from partition.scheme.stages import Log
from partition.scheme.timetable import timetables
from partition.scheme.training import SessionHeld, TrainingDay, sessions_held, training_days
from partition.scheme.venues import VenueChoice, choose_venue
from partition.storage.read_back import ReadBack


class Scheme:
    """The scheme of a plan, for papers and maps. Parts whose tables are not given are None or empty.

    For a plan file read back without its inputs, the scheme has only the parts that follow from the plan: no advisers.
    """

    def __init__(
        self, case: Case | ReadBack, account: Account, inputs: Inputs, log: Log, *, use_cache: bool = True
    ) -> None:
        self.case, self.inputs, self.log = case, inputs, log
        self.account = account.without(log.left)  # a partnership that has left is in no count and no sum
        self._use_cache = use_cache

    @cached_property
    def money(self) -> MoneyAccount:
        """Return payments, their stages, and the cost of travel."""
        return MoneyAccount(self.account, self.case.scenario.money, self.inputs, self.log)

    @cached_property
    def bought(self) -> tuple[Bought, ...]:
        """Return what each partnership's grant of a whole year buys, and what is left; empty without priced posts."""
        return tuple(bought(self.account, self.money, self.case.scenario.posts))

    @cached_property
    def _caseloads(self) -> Caseloads | None:
        if not self.inputs.advisers or not isinstance(self.case, Case):
            return None
        scenario, inputs = self.case.scenario, self.inputs
        drives: OfficeDrives = office_drives(self.case, inputs.advisers, use_cache=self._use_cache)
        stages = self.log.stages(item.number for item in self.account.partnerships)
        return Caseloads(
            self.account, inputs.advisers, drives, inputs.adviser_today, scenario.advisers, scenario.venues, stages
        )

    @cached_property
    def advisers(self) -> Assignment | None:
        """Return who serves whom, without the advisers that the scenario names as leaving; None without advisers."""
        if self._caseloads is None:
            return None
        return self.leaving.after if self.leaving is not None else assign(self._caseloads)

    @cached_property
    def leaving(self) -> Leaving | None:
        """Return the result when the advisers named in the scenario leave; None where none are named."""
        names = self.case.scenario.advisers.leaving
        if self._caseloads is None or not names:
            return None
        return what_if_leaving(self._caseloads, names)

    @cached_property
    def venues(self) -> Mapping[int, VenueChoice]:
        """Return the Lead Strategic Group's meetings by partnership's number, with the adviser's drive where known."""
        settings, assigned, question = self.case.scenario.venues, self.advisers, self._caseloads
        found = {}
        for item in self.account.present:
            to_hosts = None
            if assigned is not None and question is not None and settings.adviser_comes:
                name = assigned.name_of(item.number)
                rows = [a for a, adviser in enumerate(question.advisers) if adviser.name == name]
                to_hosts = question.to_hosts(rows[0], item) if rows else None
            found[item.number] = choose_venue(item.group, settings, to_hosts)
        return found

    @cached_property
    def posts(self) -> Mapping[int, tuple[SharedPost, ...]]:
        """Return shared posts by partnership's number."""
        return shared_posts(self.account, self.case.scenario.posts)

    @cached_property
    def reviews(self) -> tuple[ReviewRound, ...]:
        """Return the rounds of peer review, one or two; none where no window is given."""
        if self.case.scenario.review.starts is None:
            return ()
        scenario = self.case.scenario
        return review_rounds(self.account, scenario.review, self.inputs, self.advisers, scenario.solve.seconds)

    @cached_property
    def training(self) -> Mapping[int, TrainingDay]:
        """Return joint training days by partnership's number; none where no staff are given."""
        if self.case.scenario.training.schools is None:
            return {}
        return training_days(
            self.account, self.inputs.staff, self.inputs.places, self.case.scenario.training.days_per_year
        )

    @cached_property
    def sessions(self) -> tuple[SessionHeld, ...]:
        """Return the days of joint training by partnership; none where no sessions are given."""
        return sessions_held(self.account, self.inputs, self.training, self.venues) if self.inputs.sessions else ()

    @cached_property
    def timetables(self) -> Mapping[int, tuple[Lesson, ...]]:
        """Return what joint staff teach where and when, by partnership's number."""
        return timetables(self.account, self.inputs.lessons)

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """Return schools by size."""
        return bands(self.account, self.case.scenario.report.bands)

    @cached_property
    def exceptions(self) -> tuple[ExceptionMade, ...]:
        """Return schools that take part, or do not, by name; their reasons are for internal papers only."""
        return exceptions_made(self.account, self.case.scenario.rules)

    @cached_property
    def activities(self) -> tuple[Activity, ...]:
        """Return what partnerships do together, as counted, by partnership; none where no file counts it."""
        return activities_of(self.account, self.inputs.activity)

    @cached_property
    def effects(self) -> EffectsAccount | None:
        """Return results, survey and activity; None unless one of them is given."""
        settings = self.case.scenario.effects
        if (settings.results, settings.survey, settings.activity) == (None, None, None):
            return None
        return effects_of(self.account, self.inputs, settings, self.activities)


def scheme_of(case: Case, account: Account, log: Log | None = None, *, use_cache: bool = True) -> Scheme:
    """Return the scheme of a plan over its inputs; each part is calculated when it is first used.

    Parameters
    ----------
    case : Case
        The scenario with its data, as `load` returns it.
    account : Account
        The plan over the case's problem.
    log : Log, optional
        The decisions on the plan's partnerships, as `partition.scheme.kept.log_of` reads them. Default: none.
    use_cache : bool, default True
        Whether roads and drives from advisers' offices may be read from a cache of earlier runs.

    Returns
    -------
    Scheme
        Money in pence, drives in minutes; see `partition.scheme` for the parts.

    Raises
    ------
    BadData
        Where a file that the scheme's tables name cannot be read or used, with every fault of every file.
    """
    with account.area.identifier.in_faults():
        inputs = read_inputs(case.scenario, case.known_urns, account.area.grid, case.successors)
    return Scheme(case, account, inputs, log or Log(), use_cache=use_cache)
