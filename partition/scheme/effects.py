"""Results: shares of small schools below a threshold, members and others, with intervals. No difference proves a cause.

Intervals are Wilson's score intervals (E. B. Wilson, 1927; recommended for small counts by R. G. Newcombe, 1998).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import mean

from geodata.urns import Urn
from partition.plans.account import Account
from partition.scheme.bands import band_of
from partition.scheme.inputs import Inputs
from partition.settings.scheme import Effects

CAUTION = (
    "Schools that joined differ from those that did not, and small schools' results swing from year to year: "
    "a difference here does not show that partnerships caused it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Schools of one year, size band and membership; counts are None where they are suppressed as too small."""

    year: int
    band: int  # position of the band, as in `band_of`
    member: bool
    schools: int | None
    below: int | None
    share: float | None
    low: float | None  # ends of the interval
    high: float | None

    @property
    def is_suppressed(self) -> bool:
        """Return whether the counts are too small to be shown."""
        return self.schools is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Answers of one partnership to one question; `mean` is None where too few people answered."""

    partnership: int
    question: str
    responses: int
    schools: int
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectsAccount:
    """Everything shown of results, survey and activity, with a caution about causes."""

    measure: str
    below: float | None
    shares: tuple[Share, ...]
    survey: tuple[Survey, ...]
    activity: tuple[tuple[str, str, int], ...]
    caution: str = CAUTION


def wilson(successes: int, trials: int, z: float) -> tuple[float, float]:
    """Return Wilson's score interval of a share; 0 to 1 where there are no trials. `z` is the normal quantile."""
    if not trials:
        return 0.0, 1.0
    share = successes / trials
    middle = share + z * z / (2 * trials)
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def effects_of(account: Account, inputs: Inputs, settings: Effects, ends: Sequence[int]) -> EffectsAccount:
    """Return results, survey and activity of the small schools in the area."""
    return EffectsAccount(
        measure=settings.measure,
        below=settings.below,
        shares=tuple(_shares(account, inputs.results, settings, ends)),
        survey=tuple(_survey(account, inputs.survey, settings.responses_least)),
        activity=inputs.activity,
    )


def _shares(
    account: Account, results: Iterable[tuple[Urn, int, float]], settings: Effects, ends: Sequence[int]
) -> Iterable[Share]:
    area, roster = account.area, account.problem.roster
    values: dict[tuple[int, int, bool], list[float]] = {}
    for urn, year, value in results:
        if urn in area.index and roster.is_small(urn):
            band = band_of(int(area.pupils[area.index[urn]]), ends)
            values.setdefault((year, band, _is_member(account, settings.member_since, urn, year)), []).append(value)
    limit = settings.below if settings.below is not None else 0.0  # reading refuses results without a threshold
    for (year, band, member), found in sorted(values.items()):
        below = sum(value < limit for value in found)
        yield _share(year, band, member, below, len(found), settings)


def _is_member(account: Account, since: Mapping[Urn, int], urn: Urn, year: int) -> bool:
    return since[urn] <= year if urn in since else not since and urn in account.place_of


def _share(year: int, band: int, member: bool, below: int, schools: int, settings: Effects) -> Share:
    hidden = any(0 < count < settings.suppress_under for count in (below, schools - below)) or (
        schools < settings.suppress_under
    )
    if hidden:
        blank = {"schools": None, "below": None, "share": None, "low": None, "high": None}
        return Share(year=year, band=band, member=member, **blank)
    low, high = wilson(below, schools, settings.z)
    share = below / schools
    return Share(year=year, band=band, member=member, schools=schools, below=below, share=share, low=low, high=high)


def _survey(account: Account, answers: Iterable[tuple[Urn, str, int]], least: int) -> Iterable[Survey]:
    said: dict[tuple[int, str], list[tuple[Urn, int]]] = {}
    for urn, question, answer in answers:
        number = account.place_of.get(urn)
        if number is not None:
            said.setdefault((number, question), []).append((urn, answer))
    for (number, question), found in sorted(said.items()):
        enough = len(found) >= least
        yield Survey(
            partnership=number,
            question=question,
            responses=len(found),
            schools=len({urn for urn, _ in found}),
            mean=mean(answer for _, answer in found) if enough else None,
        )
