"""The money of a plan as papers tell it: rates, each partnership's grant, financial years, stages, posts and travel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from partition.formats.days import day_words
from partition.plans.amounts import PENCE, pounds
from partition.report.brief import Brief
from partition.report.figures import year_key
from partition.report.paper import Blank, Block, Words, count, grid
from partition.scheme.ledger import FIRST, LATER, LUMP_SUM, SPARSITY, START, Payment, What, days_left, year_words
from partition.scheme.money import MoneyAccount, PartnershipMoney
from partition.settings.scheme import Money

FORMULA_WORDS: dict[What, str] = {LUMP_SUM: "Lump sums", SPARSITY: "Sparsity payments"}
IMPORTED = (
    "They are a school's own budget, as imported, and in no sum of the grant. Sparsity is imported only: it turns on "
    "where pupils live, which is not known here, so none is worked out."
)


def money_section(brief: Brief) -> Iterator[Block]:
    """Yield the section on money of the report."""
    money = brief.scheme.money
    if money.is_set:
        yield from _grants(brief, money)
    else:
        yield Words("No grant is set: the figures of the scheme's money are nil.")
    yield from _formula(money)
    yield from _posts(brief)
    if travel := _travel_rows(brief):
        caption = "What a year's meetings cost to reach (not grant), of all partnerships that have not left"
        yield grid(caption, ("What", "A year"), travel, (8, 3), numbers=(1,))


def _grants(brief: Brief, money: MoneyAccount) -> Iterator[Block]:
    yield Words(
        f"{_rates(money.settings)}. Source of these figures: {money.source or 'not named'}. Associates draw no grant. "
        "A financial year runs from 1 April to 31 March. Every figure is of the partnerships that have not left."
    )
    yield from _by_partnership(brief, money)
    yield from _by_year(brief, money)
    said = brief.quoted
    flow: list[Sequence[object]] = [
        (one.stage, one.partnerships, pounds(one.paid_pence), pounds(one.to_come_pence)) for one in money.flow
    ]
    flow.append(("All stages", len(money.partnerships), said["paid"].text, said["to come"].text))
    yield grid(
        "Paid and still to come, to start and of first financial years, by the stage that partnerships come to",
        ("Stage", "Partnerships there", "Paid", "Still to come"),
        flow,
        (4, 3, 3, 3),
        numbers=(1, 2, 3),
        has_total=True,
    )
    for one in money.partnerships:
        if one.costs_are_missing:
            costs = f"the approved costs of the business plan of {brief.label(one.number)}: no start without them"
            yield Blank(costs, "stage --costs")


def _rates(given: Money) -> str:
    """Return what the scheme pays, in words."""
    on_costs = ", as far as the approved costs of its business plan go" if given.start_needs_costs else ""
    rates = {
        "for each partnership a year": given.per_partnership,
        "for each small school in one a year": given.per_school,
        f"once for each small school to start{on_costs}": given.start_per_school,
    }
    told = "; ".join(f"{pounds(rate * PENCE)} {what}" for what, rate in rates.items() if rate)
    if given.start_within_year:
        told += "; the money to start is part of the first year's"
    if given.rest_of_year:
        told += f'; of the first year the days from the stage "{given.yearly_at}" to 31 March'
    return told


def _by_partnership(brief: Brief, money: MoneyAccount) -> Iterator[Block]:
    said = brief.quoted
    rows: list[Sequence[object]] = [
        (
            one.number,
            one.name,
            one.small_schools,
            _amount(one, START),
            _amount(one, FIRST),
            f"{'at most ' * one.at_most}{pounds(one.first_year_pence)}",
            pounds(one.yearly_pence),
            pounds(one.paid_pence),
        )
        for one in money.partnerships
    ]
    keys = ("start", "first", "first year", "later year", "paid")
    rows.append(("", ALL, said["placed"].text, *(said[key].text for key in keys)))
    headings = ("To start", "First financial year", "First year in all", "Each later year", "Paid so far")
    yield grid(
        "Grant of each partnership",
        ("No.", "Partnership", "Small schools", *headings),
        rows,
        (0.8, 2.7, 1.2, 2.7, 2.8, 2.8, 2.4, 2.5),
        numbers=(0, 2, 3, 4, 5, 6, 7),
        has_total=True,
    )


ALL = "All that have not left"


def _amount(one: PartnershipMoney, what: What) -> str:
    """Return one amount of a partnership; in words where approved costs are missing."""
    if what == START and one.costs_are_missing:
        return "costs missing"
    found = [payment for payment in one.payments if payment.what == what]
    return f"{'at most ' * any(p.at_most for p in found)}{pounds(sum(p.pence for p in found))}"


def _by_year(brief: Brief, money: MoneyAccount) -> Iterator[Block]:
    ledger, said = money.ledger, brief.quoted
    kinds = (START, FIRST, LATER)
    rows = [
        (year_words(year), *(pounds(ledger.in_year(year, what)) for what in kinds), said[year_key(year)].text)
        for year in ledger.years
    ]
    if year_key(None) in said:
        amounts = (pounds(ledger.in_year(None, what)) for what in kinds)
        rows.append(("Not known yet", *amounts, said[year_key(None)].text))
    if rows:
        yield grid(
            "Payments by financial year, of all partnerships that have not left",
            ("Financial year", "To start", "First financial years", "Later years", "In all"),
            rows,
            (3, 3, 3, 3, 3),
            numbers=(1, 2, 3, 4),
        )
    if ledger.years:
        yield Words(
            f"The ledger runs over {count(money.settings.ledger_years, 'financial year')} from "
            f"{year_words(ledger.years[0])} on. Of partnerships whose first year is still to come it has no later ones."
        )


def _formula(money: MoneyAccount) -> Iterator[Block]:
    """Yield what is known of sums by formula, by kind and year."""
    told = []
    for what, year in money.formula_kinds:
        found = [payment for one in money.partnerships for payment in one.by_formula(what, year)]
        when = " a year" if year is None else f" in {year_words(year)}"
        sums = pounds(sum(payment.pence for payment in found))
        told.append(f"{FORMULA_WORDS[what]} by formula of {count(len(found), 'school')}, as imported: {sums}{when}.")
    if told:
        yield Words(" ".join([*told, IMPORTED]))


def _posts(brief: Brief) -> Iterator[Block]:
    posts = [post for several in brief.scheme.posts.values() for post in several]
    for title in dict.fromkeys(post.title for post in posts):
        own = [post for post in posts if post.title == title]
        priced = sum(post.pence for post in own)
        costs = f", at {pounds(priced)} a year" if priced else ""
        fte = sum(post.fte_tenths for post in own) / 10
        yield Words(
            f"Shared post: {title}. {fte:g} full-time equivalents{costs}. Source: {own[0].source or 'not named'}."
        )
    if brief.scheme.bought:
        yield from _bought(brief)


def _bought(brief: Brief) -> Iterator[Block]:
    """Yield what each partnership's grant buys."""
    bought, said = brief.scheme.bought, brief.quoted
    titles = [title for title, _ in bought[0].posts]
    rows: list[Sequence[object]] = [
        (
            one.number,
            one.name,
            pounds(one.grant_pence),
            *(pounds(pence) for _, pence in one.posts),
            pounds(one.left_pence),
        )
        for one in bought
    ]
    sums = (sum(one.posts[n][1] for one in bought) for n in range(len(titles)))
    grants = pounds(sum(one.grant_pence for one in bought))
    rows.append(("", ALL, grants, *map(pounds, sums), said["left of grant"].text))
    yield grid(
        "What the grant of a whole year buys, and what is left of it",
        ("No.", "Partnership", "Grant", *titles, "Left"),
        rows,
        (1, 4, 2.4, *[2.6] * len(titles), 2.4),
        numbers=(0, *range(2, 4 + len(titles))),
        has_total=True,
    )


def _travel_rows(brief: Brief) -> list[tuple[str, str]]:
    said = brief.quoted
    if "minutes" not in said:
        return []
    hours = f"{said['minutes'].amount / 60:,.0f} hours"
    rows = [("Heads' driving", f"{hours}, {said['miles'].text} miles" if said.get("miles") else hours)]
    named = {"mileage": "Mileage", "heads' time": "Heads' time", "staff visits": "Staff visits"}
    return rows + [(words, said[key].text) for key, words in named.items() if key in said]


def first_year_words(one: PartnershipMoney, settings: Money) -> str:
    """Return a partnership's first year in a sentence: the sum first, and what it is made of."""
    told = []
    for payment in one.payments:
        if payment.what == START:
            told.append(f"{_most(payment)} to start")
        else:
            told.append(f"{_most(payment)} {_of_first_year(payment, settings)}")
    whole = f"{'at most ' * one.at_most}{pounds(one.first_year_pence)}"
    return f"{whole} in all: {' and '.join(told)}" if told else whole


def _most(payment: Payment) -> str:
    return f"{'at most ' * payment.at_most}{pounds(payment.pence)}"


def _of_first_year(payment: Payment, settings: Money) -> str:
    """Return which part of a year a payment of the first year is for."""
    if not settings.rest_of_year:
        return "for the rest of the year" if settings.start_within_year else "for the year"
    if not payment.day or payment.year is None:
        return f'for the rest of the financial year from the stage "{settings.yearly_at}" on'
    left, days = days_left(payment.day)
    return f"for the rest of {year_words(payment.year)}, {left} of {days} days from {day_words(payment.day)}"
