"""What heads have of a plan: the spread over all heads, and what of it may be told to whom.

Ruling: a head's own travel follows from the drives in every public plan, and may be told to anyone. Its halves of
broken links tell with whom it works, and what that is worth; a small school has one head, so they name a person. Public
outputs have the travel alone. The whole is told internally, or where no link was named by people: then the links follow
from columns that are public, as the partnerships of today are.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from geodata.urns import Urn
from partition.model.costs import THOUSANDTHS, Cost
from partition.plans.account import Account

TENTH = 10  # the worst tenth of heads is where it begins: one in so many has as much or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What placed heads have of a plan in a year, in thousandths: all, by the URN of the base; median, tenth, worst."""

    own: Mapping[Urn, int]
    median: int
    worst_tenth: int  # a tenth of the heads have as much or more
    worst: int
    whose: tuple[Urn, ...]  # the bases of those who have the worst


def may_tell_all(account: Account, internal: bool) -> bool:
    """Say whether a head's halves of links and change may be told beside its travel."""
    return account.links_known and (internal or not account.area.working_links)


def told_of(cost: Cost, everything: bool) -> int:
    """Return the part of what a head has that may be told, in thousandths."""
    return cost.total if everything else cost.travel


def what_is_told(everything: bool) -> str:
    """Return in words what the figures of heads count."""
    if everything:
        return "drives to meetings, and the halves of broken links and of change"
    return "drives to meetings; links and change are left out, because they name who works with whom"


def spread(account: Account, everything: bool) -> Spread | None:
    """Return the spread over the heads in partnerships with others; None where there is none."""
    headships, joined = account.problem.roster.headships, account.joined
    costs = {headships[h].base_urn: account.own[h] for item in joined for h in item.group.members}
    own = {urn: told_of(cost, everything) for urn, cost in sorted(costs.items()) if cost is not None}
    if not own:
        return None
    ascending = sorted(own.values())
    count = len(ascending)
    return Spread(
        own=own,
        median=(ascending[(count - 1) // 2] + ascending[count // 2]) // 2,
        worst_tenth=ascending[count - 1 - (count - 1) // TENTH],
        worst=ascending[-1],
        whose=tuple(urn for urn, amount in own.items() if amount == ascending[-1]),
    )


def spread_facts(account: Account, internal: bool) -> dict[str, Any] | None:
    """Return the spread of what heads have, for JSON; None where no two heads are together."""
    everything = may_tell_all(account, internal)
    known = spread(account, everything)
    if known is None:
        return None
    return {
        "counts": what_is_told(everything),
        "median": known.median / THOUSANDTHS,
        "worst_tenth": known.worst_tenth / THOUSANDTHS,
        "worst": known.worst / THOUSANDTHS,
        "worst_urns": list(known.whose),
    }
