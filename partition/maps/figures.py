"""A plan's main figures, in words for people: what maps, commands and options show of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from geodata.gias import column_words
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


def figures(case: Background, account: Account, log: Log | None = None) -> Iterator[tuple[str, str]]:
    """Yield the plan's main figures, each with its name. All but one are of the partnerships that have not left."""
    log = log or Log()
    account = account.without(log.left)
    roster, items = account.problem.roster, account.present
    yield "Partnerships", f"{len(account.joined)}"
    if account.federations:
        yield FEDERATIONS, account.federation_words
    if account.left:
        yield LEFT, f"{len(account.left)}, with {account.small_left} small schools: in no other figure"
    yield "Small schools placed", f"{account.small_placed} of {roster.small_schools}"
    associates = sum(item.group.associates for item in items)
    if associates:
        yield "Associates", f"{associates}"
    cost, unit = account.cost, account.unit
    yield "Heads' travel a year", amount(account.travel, unit)
    if own := spread(account, everything=False):
        each = [f"{part / THOUSANDTHS:.0f}" for part in (own.median, own.worst_tenth, own.worst)]
        yield (
            "Of it each head's own",
            f"{each[0]} {'km' if unit == 'km' else 'minutes'} in the median, {each[1]} or more for a tenth, "
            f"{each[2]} at most",
        )
    drives = [(item.worst_minutes, item) for item in items if item.worst_minutes is not None]
    if drives:
        mean = float(np.mean([item.mean_minutes for item in items if item.mean_minutes is not None]))
        yield (
            "Drive between two bases",
            f"{mean:.0f} minutes on average, {max(m for m, _ in drives):.0f} at most",
        )
    yield from wishes_met(account.problem, account.plan).words()
    if links := account.links_kept + account.links_broken:
        yield "Working links kept", f"{account.links_kept} of {links}"
    for column, (kept, pairs) in account.shared.items():
        yield f"Pairs of one {column_words(column)}", f"{kept} of {pairs} together"
    if roster.existing:
        today = {node for _, members in roster.existing for node in members}
        yield (
            "Heads who change companions",
            f"{headships_moved(roster, [item.group for item in items])} of {len(today)} grouped today",
        )
    yield from budget_figures(budget_of(account, case.money, case.posts, log))
    if cost.total != cost.travel:
        parts = [(TERMS[term], priced) for term, priced in cost.amounts.items()]
        yield (
            "Priced in all, with those that left" if account.left else "Priced in all",
            f"{amount(cost.total, unit)} ({', '.join(f'{n} {amount(c, unit)}' for n, c in parts if c)})",
        )
    if account.breaches:
        yield "Rules broken", f"{len(account.breaches)}"


def budget_figures(budget: Budget) -> Iterator[tuple[str, str]]:
    """Yield the figures of what a plan costs, each with its name; none where nothing is set."""
    if budget.first_year is not None:
        yield FIRST_YEAR, f"{'at most ' * budget.first_year_at_most}{pounds(budget.first_year)}"
    if budget.later_year is not None:
        yield LATER_YEAR, pounds(budget.later_year)
    if budget.posts is not None:
        yield POSTS, pounds(budget.posts)
