"""Did it work? Results, a survey and activities around a plan, side by side. No difference proves a cause."""

from __future__ import annotations

from dataclasses import dataclass

from partition.plans.account import Account
from partition.scheme.activities import Activity, KeyActivity, ranked
from partition.scheme.inputs import Inputs
from partition.scheme.results import Share, shares_of
from partition.scheme.survey import Survey, survey_of
from partition.settings.scheme import Effects

CAUTION = (
    "Schools that joined differ from those that did not, other things changed in the same years, there is no group of "
    "schools to compare with, and small schools' results swing from year to year: a difference here does not show that "
    "partnerships caused it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsAccount:
    """Everything shown of results, survey and activities, with a caution about causes."""

    measure: str
    below: float | None
    shares: tuple[Share, ...]
    survey: Survey | None
    activities: tuple[Activity, ...]
    key_activities: tuple[KeyActivity, ...]
    caution: str = CAUTION


def effects_of(account: Account, inputs: Inputs, settings: Effects, activities: tuple[Activity, ...]) -> EffectsAccount:
    """Return results and survey of the schools in the area, beside what partnerships do together."""
    return EffectsAccount(
        measure=settings.measure,
        below=settings.below,
        shares=tuple(shares_of(account, inputs.results, settings)),
        survey=survey_of(account, inputs.survey, settings) if settings.survey is not None else None,
        activities=activities,
        key_activities=ranked(one for one in activities if one.partnership not in account.left),
    )
