"""A plan's main figures, in words for people: what maps, commands and options show of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geodata.gias import column_words
from partition.formats.language import ENGLISH, Language
from partition.model.costs import THOUSANDTHS
from partition.model.rules import headships_moved
from partition.plans.account import Account
from partition.plans.amounts import amount, pounds
from partition.plans.budget import Budget
from partition.plans.own_minutes import spread
from partition.plans.wishes import wishes_met
from partition.scenario.case import Background
from partition.scheme.money import budget_of
from partition.scheme.stages import Log

TERMS = {  # of a cost
    **{"travel": "travel", "links": "broken links", "change": "change", "balance": "balance"},
    **{"likeness": "unlike heads", "lacks": "lacks", "wishes": "wishes not met", "fairness": "uneven travel"},
}
FEDERATIONS = "Partnerships already"  # names of figures
LEFT = "Partnerships that have left"
FIRST_YEAR, LATER_YEAR, POSTS = "Grant in the first year", "Grant in each later year", "Shared posts a year"


def figures(
    case: Background, account: Account, log: Log | None = None, language: Language = ENGLISH
) -> Iterator[tuple[str, str]]:
    """Yield the plan's main figures, each with its name. All but one are of the partnerships that have not left."""
    phrase, log = language.phrase, log or Log()
    account = account.without(log.left)
    roster, items = account.problem.roster, account.present
    yield phrase("Partnerships"), f"{len(account.joined)}"
    if account.federations:
        yield phrase(FEDERATIONS), account.federations_in(language)
    if account.left:
        left = {"n": len(account.left), "schools": account.small_left}
        yield phrase(LEFT), phrase("{n}, with {schools} small schools: in no other figure", **left)
    small = {"placed": account.small_placed, "all": roster.small_schools}
    yield phrase("Small schools placed"), phrase("{placed} of {all}", **small)
    associates = sum(item.group.associates for item in items)
    if associates:
        yield phrase("Associates"), f"{associates}"
    cost, unit = account.cost, account.unit
    yield phrase("Heads' travel a year"), amount(account.travel, unit, language)
    if own := spread(account, everything=False):
        parts = {"median": own.median, "tenth": own.worst_tenth, "most": own.worst}
        each = {name: language.number(part / THOUSANDTHS, ".0f") for name, part in parts.items()}
        yield (
            phrase("Of it each head's own"),
            phrase("{median} km in the median, {tenth} or more for a tenth, {most} at most", **each)
            if unit == "km"
            else phrase("{median} minutes in the median, {tenth} or more for a tenth, {most} at most", **each),
        )
    drives = [(item.worst_minutes, item) for item in items if item.worst_minutes is not None]
    if drives:
        mean = float(np.mean([item.mean_minutes for item in items if item.mean_minutes is not None]))
        yield (
            phrase("Drive between two bases"),
            phrase(
                "{mean} minutes on average, {most} at most",
                mean=language.number(mean, ".0f"),
                most=language.number(max(m for m, _ in drives), ".0f"),
            ),
        )
    yield from wishes_met(account.problem, account.plan).words(language)
    if links := account.links_kept + account.links_broken:
        yield phrase("Working links kept"), phrase("{kept} of {all}", kept=account.links_kept, all=links)
    for column, (kept, pairs) in account.shared.items():
        what = language.known(column_words(column))
        yield phrase("Pairs of one {what}", what=what), phrase("{kept} of {all} together", kept=kept, all=pairs)
    if roster.existing:
        today = {node for _, members in roster.existing for node in members}
        moved = headships_moved(roster, [item.group for item in items])
        yield phrase("Heads who change companions"), phrase("{n} of {all} grouped today", n=moved, all=len(today))
    yield from budget_figures(budget_of(account, case.money, case.posts, log), language)
    if cost.total != cost.travel:
        terms = [
            phrase("{what} {amount}", what=language.known(TERMS[term]), amount=amount(priced, unit, language))
            for term, priced in cost.amounts.items()
            if priced
        ]
        yield (
            phrase("Priced in all, with those that left") if account.left else phrase("Priced in all"),
            f"{amount(cost.total, unit, language)} ({', '.join(terms)})",
        )
    if account.breaches:
        yield phrase("Rules broken"), f"{len(account.breaches)}"


def budget_figures(budget: Budget, language: Language = ENGLISH) -> Iterator[tuple[str, str]]:
    """Yield the figures of what a plan costs, each with its name; none where nothing is set."""
    phrase = language.phrase
    if budget.first_year is not None:
        first = pounds(budget.first_year, language)
        yield phrase(FIRST_YEAR), phrase("at most {amount}", amount=first) if budget.first_year_at_most else first
    if budget.later_year is not None:
        yield phrase(LATER_YEAR), pounds(budget.later_year, language)
    if budget.posts is not None:
        yield phrase(POSTS), pounds(budget.posts, language)
