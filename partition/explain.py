"""Why: what a plan says to one school, what else it could be in and at what cost, and what each rule costs.

Every cost is that of a plan solved again under the changed rules, beside the plan that is explained.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from partition.account import Account
from partition.changes import Changes
from partition.clash import (
    Clash,
    WayOut,
    find_clash,
    lasting_breaches,
    placed,
    sureness_words,
    told,
    ways_out,
)
from partition.costs import Cost
from partition.problem import Problem
from partition.rules import Breach
from partition.solve import Limits, Run, solve

NEIGHBOURS_MAX = 5

Tell = Callable[[str], None]


class Outcome:
    """A plan solved under changed rules, beside the plan that is explained."""

    def __init__(self, before: Account, problem: Problem, run: Run) -> None:
        assert run.plan is not None and run.cost is not None
        self.run, self.before = run, before
        self.changes = Changes(before, Account(problem, run.plan, run=run))
        self.extra = _difference(run.cost, before.cost)
        self.fewer_unplaced = len(before.unplaced) - len(problem.unplaced(run.plan))

    @property
    def share(self) -> float | None:
        """What it costs more, as a share of the plan's cost; None where that is nought."""
        return self.extra.total / self.before.cost.total if self.before.cost.total else None

    @property
    def sure(self) -> str:
        """How far the plan is from proof, in words."""
        return sureness_words(self.run)

    def with_school(self, urn: int) -> tuple[int, ...]:
        """The schools that it puts together with one."""
        return companions(self.changes.after, urn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Two schools together: what it costs, or why it cannot be: one rule that is plainly broken, or a clash.

    `nowhere`: the first of the two cannot be placed at all, whoever is with it.
    """

    urn: int
    other: int
    outcome: Outcome | None = None
    breach: Breach | None = None
    clash: Clash | None = None
    already: bool = False
    nowhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePrice:
    """What one rule costs: it a notch looser, and the plan that there is then; None: none was found in time."""

    words: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlaced:
    """Why a small school is not placed: what clashes with placing it, or else whom it would leave out."""

    clash: Clash | None
    ways: tuple[tuple[WayOut, Outcome], ...]
    instead: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is said to one school. `best` is the scenario's plan solved again: what can be had with no change."""

    account: Account
    urn: int
    best: Outcome | None
    options: tuple[Option, ...]
    together: Option | None
    rules: tuple[RulePrice, ...]
    not_placed: NotPlaced | None
    internal: bool

    def name(self, urn: int) -> str:
        return self.account.area.name_of(urn)


def explain(
    account: Account,
    urn: int,
    other: int | None = None,
    *,
    limits: Limits,
    internal: bool = False,
    tell: Tell = lambda _: None,
) -> Explanation:
    """Everything about one school that takes part, and, if given, about it and another together.

    `limits` are those of each plan solved; `tell` hears what is being worked out.
    """
    best = _known_best(account)
    if best is None:
        tell("the plan as it is")
        best = _outcome(account, account.problem, limits)
    not_placed = None
    if urn in account.unplaced:
        tell("why it is not placed")
        not_placed = _not_placed(account, urn, limits, internal)
    nowhere = not_placed is not None and not_placed.clash is not None
    together = None
    if other is not None:
        tell("the two together")
        together = put_together(account, urn, other, limits, nowhere=nowhere)
    options = []
    for neighbour in neighbouring(account, urn):
        tell(f"together with {account.area.name_of(neighbour)}")
        options.append(put_together(account, urn, neighbour, limits, nowhere=nowhere))
    return Explanation(
        account=account,
        urn=urn,
        best=best,
        options=tuple(sorted(options, key=_worth)),
        together=together,
        rules=tuple(sorted(rule_prices(account, limits, internal=internal, tell=tell), key=_worth)),
        not_placed=not_placed,
        internal=internal,
    )


def companions(account: Account, urn: int) -> tuple[int, ...]:
    """The other schools of a school's partnership, by URN."""
    number = account.plan.partnership_of.get(urn)
    if number is None:
        return ()
    return tuple(one for one in account.plan.partnerships[number - 1].urns if one != urn)


def neighbouring(account: Account, urn: int) -> list[int]:
    """For each of the nearest other partnerships: the nearest school in it that no rule plainly keeps apart from this.

    Where all of its schools are, the nearest.
    """
    problem, roster = account.problem, account.problem.roster
    own = roster.headships[roster.headship_of[urn]]
    here = account.plan.partnership_of.get(urn)
    near: dict[int, list[int]] = {}
    for _, headship in roster.nearest(own, len(roster)):
        number = account.plan.partnership_of.get(headship.base_urn)
        if number is not None and number != here:
            near.setdefault(number, []).append(headship.base_urn)
    chosen = []
    for urns in list(near.values())[:NEIGHBOURS_MAX]:
        fine = (one for one in urns if not lasting_breaches(problem, (urn, one)))
        chosen.append(next(fine, urns[0]))
    return chosen


def put_together(account: Account, urn: int, other: int, limits: Limits, *, nowhere: bool = False) -> Option:
    """The best plan with two schools together, or why there is none. `nowhere`: it is known that no plan has `urn`."""
    problem = account.problem
    if other in companions(account, urn):
        return Option(urn=urn, other=other, already=True)
    broken = lasting_breaches(problem, (urn, other))
    if broken:
        return Option(urn=urn, other=other, breach=min(broken, key=lambda breach: breach.private))
    if nowhere:
        return Option(urn=urn, other=other, nowhere=True)
    asked = placed(problem, urn, other)
    outcome = _outcome(account, problem.under([*problem.rules, asked]), limits)
    clash = find_clash(problem, limits, [asked]) if outcome is None else None
    return Option(urn=urn, other=other, outcome=outcome, clash=clash)


def rule_prices(
    account: Account, limits: Limits, *, internal: bool = False, tell: Tell = lambda _: None
) -> list[RulePrice]:
    """The plan with each rule a notch looser, in their order. What is private is there only if `internal`."""
    problem = account.problem
    every = [part for rule in problem.rules[1:] for part in rule.parts()]
    prices = []
    for n, rule in enumerate(every):
        if rule.private and not internal:
            continue
        words, then = rule.looser()
        if words == "dropped":
            words = f"without: {told(problem, rule, internal=internal)}"
        tell(words)
        looser = problem.under([*every[:n], *([] if then is None else [then]), *every[n + 1 :]])
        prices.append(RulePrice(words=words, outcome=_outcome(account, looser, limits)))
    return prices


def _not_placed(account: Account, urn: int, limits: Limits, internal: bool) -> NotPlaced:
    problem = account.problem
    asked = [placed(problem, urn)]
    clash = find_clash(problem, limits, asked)
    if clash is None:
        return NotPlaced(
            clash=None, ways=(), instead=_outcome(account, problem.under([*problem.rules, *asked]), limits)
        )
    ways = ways_out(problem, clash, limits, asked, internal=internal)
    return NotPlaced(
        clash=clash, ways=tuple((way, Outcome(account, way.problem, way.run)) for way in ways), instead=None
    )


def _known_best(account: Account) -> Outcome | None:
    """The plan itself, where the run that found it proved it the best of its problem."""
    run = account.run
    proven = run is not None and run.status == "optimal" and run.cost == account.problem.cost(account.plan)
    return Outcome(account, account.problem, run) if run is not None and proven else None


def _outcome(account: Account, problem: Problem, limits: Limits) -> Outcome | None:
    run = solve(problem, limits)
    return None if run.plan is None else Outcome(account, problem, run)


def _worth(tried: Option | RulePrice) -> tuple[int, int, int]:
    """What places most schools first, then what costs least; what cannot be, last."""
    if tried.outcome is None:
        return 1, 0, 0
    return 0, -tried.outcome.fewer_unplaced, tried.outcome.extra.total


def _difference(one: Cost, other: Cost) -> Cost:
    return Cost(
        travel=one.travel - other.travel,
        links=one.links - other.links,
        change=one.change - other.change,
        balance=one.balance - other.balance,
    )
