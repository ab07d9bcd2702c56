"""Schools' results: how many are below a threshold, by year and size; small schools in partnerships, and others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from geodata.urns import Urn
from partition.plans.account import Account
from partition.scheme.bands import band_of, band_words
from partition.scheme.intervals import Interval
from partition.settings.scheme import Effects

Kind = Literal["small, in a partnership", "small, in none", "larger"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Schools of one year, size and kind; the counts are None where they are too small to be shown."""

    year: int
    kind: Kind
    size: str  # number on roll in words, such as "under 180"
    schools: int | None
    below: int | None
    interval: Interval | None

    @property
    def is_suppressed(self) -> bool:
        """Return whether the counts are too small to be shown."""
        return self.schools is None


def shares_of(account: Account, results: Iterable[tuple[Urn, int, float]], settings: Effects) -> Iterator[Share]:
    """Yield the shares by year, kind and size. `results` are URN, year and value.

    Schools outside the area are not counted. Schools are sized by their number on roll in the plan, whatever it was in
    the year of the result.
    """
    area = account.area
    values: dict[tuple[int, int, int], list[float]] = {}
    for urn, year, value in results:
        if urn in area.index:
            kind = KINDS.index(_kind(account, settings.member_since, urn, year))
            band = band_of(int(area.pupils[area.index[urn]]), settings.bands)
            values.setdefault((year, kind, band), []).append(value)
    for (year, kind, band), found in sorted(values.items()):
        yield _share(year, KINDS[kind], band_words(settings.bands)[band], found, settings)


def _kind(account: Account, since: Mapping[Urn, int], urn: Urn, year: int) -> Kind:
    if not account.problem.roster.is_small(urn):
        return "larger"
    is_member = since[urn] <= year if urn in since else not since and urn in account.place_of
    return "small, in a partnership" if is_member else "small, in none"


def _share(year: int, kind: Kind, size: str, values: Sequence[float], settings: Effects) -> Share:
    assert settings.below is not None  # reading refuses results without a threshold
    schools, below = len(values), sum(value < settings.below for value in values)
    few = settings.suppress_under
    if schools < few or any(0 < count < few for count in (below, schools - below)):
        return Share(year=year, kind=kind, size=size, schools=None, below=None, interval=None)
    interval = Interval.of(below, schools, settings.z)
    return Share(year=year, kind=kind, size=size, schools=schools, below=below, interval=interval)
