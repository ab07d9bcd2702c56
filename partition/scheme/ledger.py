"""The payments of the scheme as a ledger: to whom, in which financial year, on reaching which stage, and for what.

A financial year runs from April to March and is called by the year in which it begins: 2026 is 2026-27. Every amount is
worked out exactly, and rounded once, to whole pence, by `whole`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Literal

from geodata.urns import Urn
from partition.plans.amounts import PENCE
from partition.scheme.stages import Log
from partition.settings.scheme import Money, Stage

What = Literal["to start", "the first year", "a later year", "lump sum by formula", "sparsity by formula"]
START: What = "to start"
FIRST: What = "the first year"
LATER: What = "a later year"
LUMP_SUM: What = "lump sum by formula"
SPARSITY: What = "sparsity by formula"
GRANTS = (START, FIRST, LATER)  # the scheme's own; sums by formula are a school's budget
APRIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """Money due to a partnership, or by formula to one of its schools.

    `day` is the day on which it fell due, or does: that of the decision, or 1 April of a later year. It is "" where a
    partnership was at the stage from the start, and None where the stage is still to be reached; then the year is not
    known either, and the amount may be the most that it can come to.
    """

    partnership: int
    school: Urn | None = None  # of a sum by formula
    year: int | None = None  # the financial year, by the year in which it begins
    stage: Stage | None = None  # on reaching which it is due; None of a sum by formula
    what: What
    pence: int
    day: str | None = None
    at_most: bool = False

    @property
    def is_paid(self) -> bool:
        """Return whether it fell due by a decision that was taken."""
        return self.day is not None and self.what in (START, FIRST)

    @property
    def is_to_come(self) -> bool:
        """Return whether it falls due by a decision that is still to be taken."""
        return self.day is None and self.what in (START, FIRST)


class Ledger:
    """All payments, in the order of partnerships, years and what they are for."""

    def __init__(self, payments: Iterable[Payment]) -> None:
        self.payments = tuple(payments)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """Return the financial years in which the scheme pays anything, in their order."""
        return tuple(sorted({one.year for one in self.grants if one.year is not None}))

    @cached_property
    def grants(self) -> tuple[Payment, ...]:
        """Return the scheme's own payments, without sums by formula."""
        return tuple(one for one in self.payments if one.what in GRANTS)

    def of(self, partnership: int) -> tuple[Payment, ...]:
        """Return the scheme's own payments to one partnership."""
        return tuple(one for one in self.grants if one.partnership == partnership)

    def in_year(self, year: int | None, what: What | None = None) -> int:
        """Return the pence of one financial year (None: of no known year), of one kind or of all the scheme's."""
        return sum(one.pence for one in self.grants if one.year == year and what in (None, one.what))


def whole(amount: Fraction) -> int:
    """Return an exact amount rounded to the nearest whole number, halves up: the one place where money is rounded."""
    return (2 * amount.numerator + amount.denominator) // (2 * amount.denominator)


def financial_year(day: str) -> int:
    """Return the financial year of a day (ISO), by the year in which it begins."""
    found = date.fromisoformat(day)
    return found.year - (found.month < APRIL)


def year_words(year: int) -> str:
    """Return a financial year as people write it: "2026-27"."""
    return f"{year}-{(year + 1) % 100:02d}"


def days_left(day: str) -> tuple[int, int]:
    """Return the days from a day (ISO) to the end of its financial year, that day among them, and the year's days."""
    year = financial_year(day)
    begins, ends = date(year, APRIL, 1), date(year + 1, APRIL, 1)
    return (ends - date.fromisoformat(day)).days, (ends - begins).days


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the scheme pays one partnership, in pence, whenever it is due."""

    yearly: int  # a whole year, before the start is deducted
    start_most: int
    start: int  # as far as the approved costs go; the most, where they are not known yet
    first: int  # a whole first year
    costs_missing: bool  # whether costs decide on the start, and are not given


def terms_of(money: Money, small_schools: int, costs_pounds: int | None) -> Terms:
    """Return what the scheme pays a partnership of so many small schools. `costs_pounds` are those approved, if any."""
    yearly = (money.per_partnership + money.per_school * small_schools) * PENCE
    most = money.start_per_school * small_schools * PENCE
    missing = bool(most) and money.start_needs_costs and costs_pounds is None
    limited = money.start_needs_costs and costs_pounds is not None
    start = min(most, costs_pounds * PENCE) if limited and costs_pounds is not None else most
    first = max(yearly - start, 0) if money.start_within_year else yearly
    return Terms(yearly=yearly, start_most=most, start=start, first=first, costs_missing=missing)


def payments_of(number: int, terms: Terms, money: Money, log: Log) -> Iterator[Payment]:
    """Yield the payments of a partnership's start and first year: no later years, and nothing without approved costs.

    A start whose costs are not given is never paid; before its stage is reached, the most of it may still come.
    """
    started, signed = log.reached(number, money.start_at), log.reached(number, money.yearly_at)
    if terms.start and (started is None or not terms.costs_missing):
        yield _payment(number, money.start_at, START, terms.start, started, at_most=terms.costs_missing)
    if terms.first:
        share, is_known = Fraction(1), not money.rest_of_year
        if money.rest_of_year and signed:
            share, is_known = Fraction(*days_left(signed)), True
        yield _payment(number, money.yearly_at, FIRST, whole(terms.first * share), signed, at_most=not is_known)


def _payment(number: int, stage: Stage, what: What, pence: int, day: str | None, *, at_most: bool) -> Payment:
    year = financial_year(day) if day else None
    return Payment(partnership=number, year=year, stage=stage, what=what, pence=pence, day=day, at_most=at_most)


def later_years(first: Iterable[Payment], terms: Mapping[int, Terms], money: Money) -> Iterator[Payment]:
    """Yield each later year of every partnership whose first is known, as far as `ledger_years` goes."""
    known = [one for one in first if one.year is not None]
    last = min((one.year for one in known if one.year is not None), default=0) + money.ledger_years
    for one in known:
        yearly = terms[one.partnership].yearly
        if one.what == FIRST and one.year is not None and yearly:
            for year in range(one.year + 1, last):
                yield Payment(
                    partnership=one.partnership,
                    year=year,
                    stage=one.stage,
                    what=LATER,
                    pence=yearly,
                    day=f"{date(year, APRIL, 1)}",
                )


def by_formula(
    number: int, urns: Sequence[Urn], sums: Mapping[What, Iterable[tuple[Urn, int | None, int]]]
) -> Iterator[Payment]:
    """Yield sums by formula of a partnership's schools, as imported: `sums` are rows of URN, year and pence by kind."""
    here = set(urns)
    for what, rows in sums.items():
        for urn, year, pence in rows:
            if urn in here:
                yield Payment(partnership=number, school=urn, year=year, what=what, pence=pence)


def in_order(payments: Iterable[Payment]) -> list[Payment]:
    """Return payments by partnership, then by year (those of no known year last), in the order of what they are for."""
    order: Sequence[What] = (*GRANTS, LUMP_SUM, SPARSITY)

    def key(one: Payment) -> tuple[int, bool, int, int, Urn]:
        return (
            one.partnership,
            one.year is None,
            one.year or 0,
            order.index(one.what),
            one.school or Urn("0"),
        )

    return sorted(payments, key=key)
