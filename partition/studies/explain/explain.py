"""Why: the place of one school in a plan, the other partnerships it could be in and at what cost, and each rule's cost.

Every cost is that of a plan solved again under the changed rules, compared with the plan that is explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from geodata.urns import Urn
from partition.model.problem import Problem
from partition.model.rules import Breach
from partition.plans.account import Account
from partition.plans.changes import Changes
from partition.settings.words import change_words
from partition.solver import Limits, Run, solve
from partition.solver.tempting import make_ready
from partition.studies.explain.conflicts import (
    Clash,
    find_clash,
    lasting_breaches,
    placed,
    sureness_words,
    told,
)
from partition.studies.explain.purse import Purse
from partition.studies.explain.typed import Typist
from partition.studies.explain.ways_out import Wanted, WayOut, ways_out

NEIGHBOURS_MAX = 5

Tell = Callable[[str], None]


class Outcome:
    """A plan solved under changed rules, compared with the plan that is explained."""

    def __init__(self, before: Account, problem: Problem, run: Run) -> None:
        assert run.plan is not None and run.cost is not None
        self.run, self.before = run, before
        self.changes = Changes(before, Account(problem, run.plan, run=run))
        self.extra = run.cost - before.cost
        self.fewer_unplaced = len(before.unplaced) - len(problem.unplaced(run.plan))

    @property
    def share(self) -> float | None:
        """Return the extra cost as a share of the explained plan's cost; None where that cost is 0."""
        return self.extra.total / self.before.cost.total if self.before.cost.total else None

    @property
    def sure(self) -> str:
        """Return in words whether the plan is proven best, or how large its gap is."""
        return sureness_words(self.run)

    def with_school(self, urn: Urn) -> tuple[Urn, ...]:
        """Return the URNs of a school's companions in the new plan."""
        return companions(self.changes.after, urn)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Two schools together: the cost, or the obstacle, which is one broken rule or a clash.

    `nowhere`: the first of the two schools cannot be placed at all, whoever its companions are.
    """

    urn: Urn
    other: Urn
    outcome: Outcome | None = None
    breach: Breach | None = None
    clash: Clash | None = None
    already: bool = False
    nowhere: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePrice:
    """The cost of one rule: the plan found when the rule is one step looser; None where no better was found in time."""

    words: str
    outcome: Outcome | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlaced:
    """Why a small school is not placed: the clash if it is placed, or else (`instead`) the best plan that places it.

    `ways` is None where ways out were not looked for yet, or where there is no clash.
    """

    clash: Clash | None
    ways: tuple[tuple[WayOut, Outcome], ...] | None = None
    instead: Outcome | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Friends:
    """Whether there is a group that a school and others would rather form: sentences, and facts for JSON.

    Another study finds it out; the facts are None where they are not to be told.
    """

    sentences: tuple[str, ...]
    facts: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleCosts:
    """The cost of each rule of a plan. `best` is the best plan of the unchanged scenario, solved again.

    `left` says in words which parts are not calculated yet, and `cut` which were begun but cut short for want of time.
    """

    account: Account
    internal: bool
    best: Outcome | None = None
    rules: tuple[RulePrice, ...] = ()
    left: tuple[str, ...] = ()
    cut: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation(RuleCosts):
    """The whole explanation for one school. `friends` says whether it would rather form a group with others."""

    urn: Urn
    options: tuple[Option, ...] = ()
    together: Option | None = None
    not_placed: NotPlaced | None = None
    friends: Friends | None = None

    @property
    def nowhere(self) -> bool:
        """Return whether it is known that no plan places the school."""
        return self.not_placed is not None and self.not_placed.clash is not None

    def name(self, urn: Urn) -> str:
        """Return a school's name."""
        return self.account.area.name_of(urn)


FindFriends = Callable[[Limits], Friends]
Told = TypeVar("Told", bound=RuleCosts)
Step = tuple[str, Callable[[Told], Told]]  # a step in words, and the function that adds its result


def explain(
    account: Account,
    urn: Urn,
    other: Urn | None = None,
    *,
    limits: Limits,
    typist: Typist | None = None,
    internal: bool = False,
    tell: Tell = lambda _: None,
) -> Explanation:
    """Return the explanation for one school that takes part, and, if `other` is given, for the two together.

    `limits` are those of the search for a plan: all searches of an explanation together take a part of that time.
    `typist` restates the scenario of the plan, for ways out; `tell` receives each step in words.
    """
    *_, whole = explaining(account, urn, other, limits=limits, typist=typist, internal=internal, tell=tell)
    return whole


def explaining(
    account: Account,
    urn: Urn,
    other: Urn | None = None,
    *,
    limits: Limits,
    typist: Typist | None = None,
    friends: FindFriends | None = None,
    internal: bool = False,
    tell: Tell = lambda _: None,
) -> Iterator[Explanation]:
    """Yield the explanation as parts are found: first only from the plan itself, then after each step.

    Where the time for it is spent, the steps that remain are left out, and `left` names them; `cut` names those that
    were begun and not brought to their end. `friends` finds out, within limits, whether the school and others would
    rather form a group; without it that is not asked.
    """
    told_to = Explanation(account=account, urn=Urn(urn), internal=internal, best=_known_best(account))
    make_ready(account.problem)
    purse = Purse(limits)
    steps = list(_steps(told_to, None if other is None else Urn(other), purse, typist, friends))
    return _in_turn(told_to, steps, tell, purse)


def pricing_rules(
    account: Account, *, limits: Limits, internal: bool = False, tell: Tell = lambda _: None
) -> Iterator[RuleCosts]:
    """Yield the cost of each rule for the whole plan, as costs are found; of private rules only if `internal`."""
    costs = RuleCosts(account=account, internal=internal, best=_known_best(account))
    purse = Purse.without_end(limits)
    return _in_turn(costs, [*_best_steps(costs, purse), *_rule_steps(costs, purse)], tell, purse)


def _in_turn(told: Told, steps: Sequence[Step[Told]], tell: Tell, purse: Purse) -> Iterator[Told]:
    """Yield the explanation before the first step, and after each step that there is time for."""
    left = tuple(words for words, _ in steps)
    yield replace(told, left=left)
    for n, (words, work_out) in enumerate(steps, start=1):
        if purse.empty:
            return
        tell(words)
        purse.begin()
        told = replace(work_out(told), left=left[n:])
        if purse.cut:
            told = replace(told, cut=(*told.cut, words))
        yield told


def _steps(
    told_to: Explanation, other: Urn | None, purse: Purse, typist: Typist | None, find: FindFriends | None
) -> Iterator[Step[Explanation]]:
    """Yield all steps of one school's explanation, the most pressing first."""
    account, urn = told_to.account, told_to.urn
    if urn in account.unplaced:
        yield "why it is not placed", lambda told: replace(told, not_placed=_not_placed(account, urn, purse))
        yield "the ways out", lambda told: _with_ways(told, purse, typist)
    yield from _best_steps(told_to, purse)
    if other is not None:
        yield "the two together", lambda told: replace(told, together=_option(told, other, purse))
    if find is not None:
        yield "whether it and its friends would rather form a group", partial(_with_friends, find=find, purse=purse)
    for neighbour in neighbouring(account, urn):
        yield f"together with {told_to.name(neighbour)}", partial(_with_option, other=neighbour, purse=purse)
    yield from _rule_steps(told_to, purse)


def _best_steps(told: Told, purse: Purse) -> Iterator[Step[Told]]:
    account = told.account
    if told.best is None:
        yield "the plan as it is", lambda told: replace(told, best=_outcome(account, account.problem, purse.limits))


def _rule_steps(told: Told, purse: Purse) -> Iterator[Step[Told]]:
    for words, looser in loosened(told.account.problem, internal=told.internal):
        yield change_words(words), partial(_with_price, words=words, looser=looser, purse=purse)


def _with_ways(told: Explanation, purse: Purse, typist: Typist | None) -> Explanation:
    account, urn, why = told.account, told.urn, told.not_placed
    if why is None or why.clash is None:
        return told
    wanted = Wanted(
        purse=purse,
        asked=[placed(account.problem, urn)],
        internal=told.internal,
        typist=typist,
        plan=account.plan,
    )
    ways = ways_out(account.problem, why.clash, wanted)
    found = tuple((way, Outcome(account, way.problem, way.run)) for way in ways)
    return replace(told, not_placed=replace(why, ways=found))


def _with_friends(told: Explanation, *, find: FindFriends, purse: Purse) -> Explanation:
    return replace(told, friends=find(purse.limits))


def _with_option(told: Explanation, *, other: Urn, purse: Purse) -> Explanation:
    return replace(told, options=tuple(sorted([*told.options, _option(told, other, purse)], key=_worth)))


def _option(told: Explanation, other: Urn, purse: Purse) -> Option:
    return put_together(told.account, told.urn, other, purse, nowhere=told.nowhere)


def _with_price(told: Told, *, words: str, looser: Problem, purse: Purse) -> Told:
    outcome = _outcome(told.account, looser, purse.limits)
    better = outcome is not None and (outcome.run.status == "optimal" or _worth_having(outcome))
    price = RulePrice(words=words, outcome=outcome if better else None)
    return replace(told, rules=tuple(sorted([*told.rules, price], key=_worth)))


def _worth_having(outcome: Outcome) -> bool:
    """Return whether a plan places more schools than the plan in hand, or as many at less cost."""
    return (outcome.fewer_unplaced, -outcome.extra.total) > (0, 0)


def companions(account: Account, urn: Urn) -> tuple[Urn, ...]:
    """Return the other schools (URNs) of a school's partnership."""
    urn = Urn(urn)
    number = account.plan.partnership_of.get(urn)
    if number is None:
        return ()
    return tuple(one for one in account.plan.partnerships[number - 1].urns if one != urn)


def neighbouring(account: Account, urn: Urn) -> list[Urn]:
    """Return, for each of the nearest other partnerships, its nearest school that no rule keeps apart from this one.

    Where rules keep all its schools apart from this one, the nearest school. At most NEIGHBOURS_MAX partnerships.
    """
    problem, roster = account.problem, account.problem.roster
    own = roster.headships[roster.headship_of[Urn(urn)]]
    here = account.plan.partnership_of.get(Urn(urn))
    near: dict[int, list[Urn]] = {}
    for _, headship in roster.nearest(own, len(roster)):
        number = account.plan.partnership_of.get(headship.base_urn)
        if number is not None and number != here:
            near.setdefault(number, []).append(headship.base_urn)
    chosen = []
    for urns in list(near.values())[:NEIGHBOURS_MAX]:
        fine = (one for one in urns if not lasting_breaches(problem, (urn, one)))
        chosen.append(next(fine, urns[0]))
    return chosen


def put_together(account: Account, urn: Urn, other: Urn, purse: Purse, *, nowhere: bool = False) -> Option:
    """Return the best plan with two schools together, or the obstacle. `nowhere`: no plan is known to place `urn`."""
    problem, urn, other = account.problem, Urn(urn), Urn(other)
    if other in companions(account, urn):
        return Option(urn=urn, other=other, already=True)
    broken = lasting_breaches(problem, (urn, other))
    if broken:
        return Option(urn=urn, other=other, breach=min(broken, key=lambda breach: breach.private))
    if nowhere:
        return Option(urn=urn, other=other, nowhere=True)
    asked = placed(problem, urn, other)
    outcome = _outcome(account, problem.under([*problem.rules, asked]), purse.limits)
    clash = find_clash(problem, purse, [asked]) if outcome is None else None
    return Option(urn=urn, other=other, outcome=outcome, clash=clash)


def loosened(problem: Problem, *, internal: bool = False) -> Iterator[tuple[str, Problem]]:
    """Yield each rule's change in words, and the problem with it one step looser; private rules only if `internal`."""
    every = [part for rule in problem.rules[1:] for part in rule.parts()]
    for n, rule in enumerate(every):
        if rule.private and not internal:
            continue
        words, then = rule.looser()
        if words == "dropped":
            words = f"without: {told(problem, rule, internal=internal)}"
        yield words, problem.under([*every[:n], *([] if then is None else [then]), *every[n + 1 :]])


def _not_placed(account: Account, urn: Urn, purse: Purse) -> NotPlaced:
    problem = account.problem
    asked = [placed(problem, urn)]
    clash = find_clash(problem, purse, asked)
    if clash is not None:
        return NotPlaced(clash=clash)
    return NotPlaced(clash=None, instead=_outcome(account, problem.under([*problem.rules, *asked]), purse.limits))


def _known_best(account: Account) -> Outcome | None:
    """Return the explained plan as outcome, if the run that found it proved it best; else None."""
    run = account.run
    proven = run is not None and run.status == "optimal" and run.cost == account.problem.cost(account.plan)
    return Outcome(account, account.problem, run) if run is not None and proven else None


def _outcome(account: Account, problem: Problem, limits: Limits) -> Outcome | None:
    """Return the best plan of a problem, searched from the plan in hand; None where none was found in time."""
    run = solve(problem, limits, start=account.plan)
    return None if run.plan is None else Outcome(account, problem, run)


def _worth(tried: Option | RulePrice) -> tuple[int, int, int]:
    """Return a key that sorts by most schools placed, then by least cost; impossible changes come last."""
    if tried.outcome is None:
        return 1, 0, 0
    return 0, -tried.outcome.fewer_unplaced, tried.outcome.extra.total
