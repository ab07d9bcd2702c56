"""The ledger's own arithmetic: financial years, days to their end, and rounding."""

from __future__ import annotations

from fractions import Fraction

import pytest

from partition.scheme.ledger import (
    Ledger,
    days_left,
    financial_year,
    later_years,
    payments_of,
    terms_of,
    whole,
    year_words,
)
from partition.scheme.stages import Decision, Log
from partition.settings.scheme import Money

MONEY = Money(per_partnership=50_000, rest_of_year=True)


@pytest.mark.parametrize(
    ("day", "year", "left", "days"),
    [
        ("2027-03-31", 2026, 1, 365),
        ("2027-04-01", 2027, 366, 366),  # 29 February 2028 is in it
        ("2027-03-10", 2026, 22, 365),
        ("2027-04-12", 2027, 355, 366),
        ("2028-02-29", 2027, 32, 366),
        ("2026-04-01", 2026, 365, 365),
    ],
)
def test_a_financial_year_begins_in_april(day: str, year: int, left: int, days: int) -> None:
    assert financial_year(day) == year
    assert days_left(day) == (left, days)


def test_a_financial_year_is_written_with_both_its_years() -> None:
    assert [year_words(year) for year in (2013, 1999, 2009)] == ["2013-14", "1999-00", "2009-10"]


@pytest.mark.parametrize(("exact", "rounded"), [("2.5", 3), ("2.4999", 2), ("0.5", 1), ("-0.5", 0), ("7", 7)])
def test_halves_are_rounded_up(exact: str, rounded: int) -> None:
    assert whole(Fraction(exact)) == rounded


def test_a_signing_in_march_and_one_in_april() -> None:
    """£50,000 x 22/365 = £3,013.698...; x 355/366 = £48,497.267...: rounded once, to whole pence."""
    signed: list[tuple[int, str]] = [(1, "2027-03-10"), (2, "2027-04-12")]
    log = Log(Decision(partnership=n, stage="heads of agreement signed", day=day) for n, day in signed)
    terms = {n: terms_of(MONEY, 3, None) for n in (1, 2)}
    first = [payment for n in terms for payment in payments_of(n, terms[n], MONEY, log)]
    assert [(one.year, one.pence) for one in first] == [(2026, 301_370), (2027, 4_849_727)]
    later = list(later_years(first, terms, MONEY))
    assert [(one.partnership, one.year, one.pence, one.day) for one in later] == [
        (1, 2027, 5_000_000, "2027-04-01"),
        (1, 2028, 5_000_000, "2028-04-01"),
        (2, 2028, 5_000_000, "2028-04-01"),
    ]
    ledger = Ledger([*first, *later])
    assert ledger.years == (2026, 2027, 2028)
    assert [ledger.in_year(year) for year in ledger.years] == [301_370, 9_849_727, 10_000_000]


def test_what_waits_for_no_decision_is_paid_whole_as_the_day_is_not_known() -> None:
    money = Money(per_partnership=50_000, yearly_at="proposed", rest_of_year=True)
    (one,) = payments_of(1, terms_of(money, 3, None), money, Log())
    assert (one.year, one.pence, one.day, one.at_most, one.is_paid) == (None, 5_000_000, "", True, True)
