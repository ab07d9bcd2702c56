"""Alternatives: plans nearly as good as the best that differ from each other, and the part common to all of them.

Two plans differ in a school if its companions differ: the set of the other schools in its partnership, or none if the
school is unplaced. Each further plan is the cheapest that differs from every earlier one in a given number of schools.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from threading import Event
from typing import Literal

from geodata.urns import Urn
from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.rules import Differs
from partition.solver import Limits, Progress, Run, solve

Ended = Literal["enough", "no more", "not known"]
Firmness = Literal["the same", "firm core", "toss-up", "not placed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One of the plans: its cost, calculated again, and the number of schools that differ from each earlier plan.

    `cheapest` means proven: no cheaper plan leaves as few small schools unplaced and differs as much from the earlier
    ones.
    """

    plan: Plan
    cost: Cost
    differs: tuple[int, ...]
    cheapest: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """The question, and the run of the best plan. `ceiling` is the highest cost allowed, in thousandths."""

    problem: Problem
    best: Run
    differ: int
    ceiling: int

    def allows(self, plan: Plan) -> bool:
        """Return whether a plan keeps every rule, costs at most `ceiling`, and leaves as few small schools unplaced."""
        problem = self.problem
        few = len(problem.unplaced(plan)) <= (self.best.unplaced or 0)
        return few and not check(problem, plan) and problem.cost(plan).total <= self.ceiling


class Alternatives:
    """Plans that each cost at most `ceiling`, any two of which differ in at least `differ` schools.

    The given plan is first; where it costs more or breaks a rule, the best plan is first instead. `ended` is "enough"
    where as many plans were found as were wanted, "no more" where it is proven that there is no further plan, "not
    known" where the search was cut off.
    """

    def __init__(self, asked: _Asked, plans: Sequence[Alternative], ended: Ended) -> None:
        self.problem, self.best = asked.problem, asked.best
        self.differ, self.ceiling = asked.differ, asked.ceiling
        self.plans, self.ended = tuple(plans), ended

    @cached_property
    def core(self) -> tuple[tuple[Urn, ...], ...]:
        """Return the firm core: sets of schools (URNs), of at least two heads, that every plan puts together.

        Each set is as large as possible.
        """
        places = [one.plan.partnership_of for one in self.plans]
        together: dict[tuple[int, ...], list[Urn]] = {}
        for urn in sorted(places[0].keys() if places else ()):
            if all(urn in place for place in places):
                together.setdefault(tuple(place[urn] for place in places), []).append(urn)
        head = self.problem.roster.headship_of
        found = (tuple(urns) for urns in together.values())
        return tuple(sorted(urns for urns in found if len({head[urn] for urn in urns}) > 1))

    @cached_property
    def firmness(self) -> dict[Urn, Firmness]:
        """Return the firmness of each school that takes part, by URN.

        "the same": its companions are equal in all plans. "firm core": some companions are. "toss-up": no companion is
        in all plans. "not placed": no plan places the school.
        """
        firm = {urn for urns in self.core for urn in urns}
        plans = [one.plan for one in self.plans]
        differs = {urn for plan in plans[1:] for urn in plans[0].differs_from(plan)}
        placed = {urn for plan in plans for urn in plan.partnership_of}
        roster = self.problem.roster
        settled = {urn for h in roster.already for urn in roster.headships[h].urns}  # partnerships in every plan

        def of(urn: Urn) -> Firmness:
            if urn not in placed:
                return "not placed"
            if urn in settled:
                return "the same"
            return "toss-up" if urn not in firm else "firm core" if urn in differs else "the same"

        return {urn: of(urn) for urn in sorted(roster.headship_of)}

    def of(self, firmness: Firmness) -> tuple[Urn, ...]:
        """Return the URNs of the schools with one firmness."""
        return tuple(urn for urn, found in self.firmness.items() if found == firmness)

    def companions(self, urn: Urn) -> tuple[tuple[Urn, ...], ...]:
        """Return a school's companions (URNs) in each of the plans, in the order of the plans."""
        urn = Urn(urn)
        groups = ({u: p.urns for p in one.plan.partnerships for u in p.urns} for one in self.plans)
        return tuple(tuple(other for other in of_urn.get(urn, ()) if other != urn) for of_urn in groups)

    @property
    def proven(self) -> bool:
        """Return whether every plan is allowed and any two differ enough, all calculated again."""
        asked = _Asked(problem=self.problem, best=self.best, differ=self.differ, ceiling=self.ceiling)
        pairs = combinations([one.plan for one in self.plans], 2)
        return all(asked.allows(one.plan) for one in self.plans) and all(
            len(later.differs_from(earlier)) >= self.differ for earlier, later in pairs
        )


def find_alternatives(
    problem: Problem,
    plan: Plan,
    *,
    within: Fraction,
    count: int,
    differ: int,
    limits: Limits,
    tell: Callable[[str], None] = lambda _: None,
    show: Callable[[Alternatives], None] = lambda _: None,
    stop: Event | None = None,
) -> Alternatives | None:
    """Return up to `count` plans besides the given one, each within a share of the best possible cost.

    The share `within` is of the bound: no plan with as few small schools unplaced costs less than the bound, so that
    the ceiling holds whether or not the best plan is proven. `limits` are those of each search. `tell` receives a word
    on each search; `show` receives the plans found so far after each new plan. Returns None where no plan or no bound
    was found.
    """
    tell("the best plan")
    best = solve(problem, limits, None, stop, start=plan)
    if best.plan is None or best.bound is None:
        return None
    asked = _Asked(problem=problem, best=best, differ=differ, ceiling=int(best.bound * (1 + within)))
    given = asked.allows(plan)
    if not given and not asked.allows(best.plan):
        return Alternatives(asked, (), "not known")
    first = plan if given else best.plan
    plans = [_alternative(asked, first, (), problem.cost(first).total == best.bound)]
    ended: Ended = "enough"
    show(Alternatives(asked, plans, "not known"))
    while len(plans) <= count:
        tell(f"plan {len(plans) + 1} of at most {count + 1}")
        found, ended = _next(asked, plans, limits, stop)
        if found is None:
            break
        plans.append(found)
        show(Alternatives(asked, plans, "not known"))
    return Alternatives(asked, plans, ended)


def _next(
    asked: _Asked, plans: Sequence[Alternative], limits: Limits, stop: Event | None
) -> tuple[Alternative | None, Ended]:
    """Return the cheapest plan that differs enough from each of these; or None, and whether none is proven to exist."""
    rules = [*asked.problem.rules, *(Differs(one.plan, asked.differ) for one in plans)]
    halt = _Halt(stop)

    def watch(made: Progress) -> None:
        """Stop the search once its bound is over the ceiling.

        In stage "cost" the search knows a plan, so that its bound holds for all plans with as few schools unplaced.
        """
        sure = asked.best.fewest_proven and made.stage == "cost" and made.cost is not None
        halt.dear = halt.dear or (sure and made.bound is not None and made.bound > asked.ceiling)

    run = solve(asked.problem.under(rules), limits, watch, halt)
    if run.plan is not None and asked.allows(run.plan):
        return _alternative(asked, run.plan, plans, run.status == "optimal"), "enough"
    dear = asked.best.fewest_proven and run.bound is not None and run.bound > asked.ceiling
    none = run.status == "infeasible" or halt.dear or dear or (run.fewest_bound or 0) > (asked.best.unplaced or 0)
    return None, "no more" if none else "not known"


def _alternative(asked: _Asked, plan: Plan, before: Sequence[Alternative], cheapest: bool) -> Alternative:
    differs = tuple(len(plan.differs_from(one.plan)) for one in before)
    return Alternative(plan=plan, cost=asked.problem.cost(plan), differs=differs, cheapest=cheapest)


class _Halt(Event):
    """A request to stop: by the user, or because no plan that is still possible can be cheap enough."""

    def __init__(self, asked: Event | None) -> None:
        super().__init__()
        self._asked, self.dear = asked, False

    def is_set(self) -> bool:
        return self.dear or (self._asked is not None and self._asked.is_set())
