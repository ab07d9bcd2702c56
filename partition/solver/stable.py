"""The cheapest plan that no group of heads would leave: lists of partnerships, each with all that cost less.

Let B be the bound at some prices. A plan of at most B + T has only partnerships with a reduced cost of at most T, so a
search over that list, as in the endgame, finds the cheapest plan that holds or proves that none costs B + T or less.
The reach T grows until a plan is found, or until the list has every partnership there is. That no plan holds at all is
proven by the whole list alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Event
from typing import Literal

from partition.model.costs import Cost
from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.shares import shares
from partition.solver.columns import Columns, Members, columns_of
from partition.solver.holding import Held, Holding
from partition.solver.pricer import Pricer
from partition.solver.prices import Prices
from partition.solver.search import Search
from partition.solver.space import UNLIMITED
from partition.solver.stage import MICRO_PER_THOUSANDTH, Stage, cheapest
from partition.solver.tempting import Tempter
from partition.solver.watch import Limits, StoppedBy, Watch, gap

LISTED_MOST = 30_000  # partnerships in a list: CP-SAT takes seconds for these, and minutes for ten times as many
FIRST_REACH = 500  # the first reach is the bound divided by this
REACH_GROWS = 8
NARROWED_MOST = 3  # times that a reach which lists too many is halved towards the last one
GROUPS_AT_ONCE = 200  # groups that would leave, added in one round
GAIN_STEP = 100  # thousandths: how closely the least gain is told

Status = Literal["optimal", "feasible", "none", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StableRun:
    """The result of a search for the cheapest plan that nobody would leave at a gain, in thousandths.

    No such plan with at most `unplaced_most` small schools unplaced costs less than `bound`. The status is "none" where
    it is proven that no such plan exists, and "optimal" where the plan reaches the bound.
    """

    status: Status
    gain: int
    plan: Plan | None
    cost: Cost | None
    bound: int | None
    unplaced_most: int
    stopped_by: StoppedBy
    seconds: float

    @property
    def gap(self) -> float | None:
        """The gap, (cost - bound) / cost, 0 when proven; None without a plan or a bound."""
        return gap(None if self.cost is None else self.cost.total, self.bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeastGain:
    """The least gain, to a tenth of a minute, at which some plan holds: none does at `none_at`, `run` has one above.

    Thousandths; `proven` says whether the two are as close as they are told.
    """

    none_at: int
    run: StableRun
    proven: bool


def cheapest_stable(
    problem: Problem,
    gain: int,
    best: Plan,
    limits: Limits | None = None,
    stop: Event | None = None,
    bound: int | None = None,
) -> StableRun:
    """Return the cheapest plan that no group would leave at a gain, among those with no more unplaced than `best`.

    Parameters
    ----------
    problem
        The problem that the plan answers.
    gain
        What each head of a group must have less a year to be tempted, in thousandths, 1 or more.
    best
        A plan to begin with, which keeps every rule: the cheapest one known.
    limits, stop
        As in `solve`.
    bound
        A bound on the cost of every plan, in thousandths, if one is known.
    """
    tempter = _ready(problem)
    with Watch(limits or Limits(), None, stop) as watch:
        return _Stable(tempter, best, watch, bound).cheapest(gain)


def least_stable_gain(
    problem: Problem,
    gain: int,
    best: Plan,
    limits: Limits | None = None,
    stop: Event | None = None,
    bound: int | None = None,
) -> LeastGain | None:
    """Return the least gain at which a plan holds, above one at which none does, by halving; None if not found in time.

    The best plan itself holds above its most tempting group. Parameters: see `cheapest_stable`.
    """
    tempter = _ready(problem)
    with Watch(limits or Limits(), None, stop) as watch:
        return _Stable(tempter, best, watch, bound).least_gain(gain)


def _ready(problem: Problem) -> Tempter:
    """Return the search for groups, compiled before the clock starts."""
    tempter = Tempter(problem)
    tempter.make_ready()
    return tempter


class _Stable:
    """The search for plans that hold, with what the searches at several gains share."""

    def __init__(self, tempter: Tempter, best: Plan, watch: Watch, bound: int | None) -> None:
        self.tempter, self.best, self.watch = tempter, best, watch
        self.problem = problem = tempter.problem
        self.space = tempter.space
        tempter.stop = watch.stop
        self.unplaced_most = len(problem.unplaced(best))
        self.stage: Stage = cheapest(self.space, sum(int(self.space.small[h]) for h in problem.alone(best)))
        self.pricer = Pricer(self.space, 1, watch.stop)
        self.prices: Prices | None = None
        self.known_bound = bound
        self.priced = 0  # micro-units: the bound of the prices
        self.every: Columns | None = None

    def tempting(self, plan: Plan, gain: int, most: int = GROUPS_AT_ONCE) -> tuple[list[Members], bool]:
        found = self.tempter.most_tempting(shares(self.problem, plan), gain, most)
        return [group.members for group in found.groups], found.whole

    # One gain -----------------------------------------------------------------------------------------------

    def cheapest(self, gain: int) -> StableRun:
        groups, whole = self.tempting(self.best, gain)
        if whole and not groups:
            return self._run(gain, self.best, self.known_bound)
        self._anchor()
        if self.prices is None:
            return self._run(gain, None, self.known_bound)
        reach, plan = max(self._cost(self.best) - self.priced, 0) + self.priced // FIRST_REACH, None
        bound, tried, held = self._whole(self.priced), 0, Held(None, None, None)
        closest, too_wide, narrowed = 0, UNLIMITED, 0  # the widest reach searched, and the least that lists too many
        while not self.watch.over:
            listed = self.pricer.enumerate(self.prices, reach, LISTED_MOST)
            if listed is None:
                too_wide, narrowed = reach, narrowed + 1
                if narrowed > NARROWED_MOST:
                    break
                reach = (closest + too_wide) // 2
                continue
            every = self.priced + reach >= self.stage.ceiling(self.space)
            if len(listed) != tried or not held.impossible:  # a wider reach may list nothing more
                tried, held = len(listed), self._hold(gain, listed, groups)
            closed = self._whole(self.priced + reach) + 1  # any plan below is made of the list
            if held.impossible and every:
                return self._run(gain, None, None, none=True)
            if held.partnerships is not None:
                plan = self._plan(held.partnerships)
            if held.bound is not None or held.impossible:
                bound = max(bound, closed if held.impossible else min(held.bound or 0, closed))
            if held.value is not None and held.value <= max(bound, closed - 1):
                break
            closest = reach
            reach = self._next_reach(reach, held.value)
            if reach >= too_wide:
                reach, narrowed = (closest + too_wide) // 2, narrowed + 1
            if narrowed > NARROWED_MOST:
                break
        return self._run(gain, plan, bound)

    def _next_reach(self, reach: int, value: int | None) -> int:
        if value is not None:
            return value * MICRO_PER_THOUSANDTH - self.priced
        grown, furthest = max(reach * REACH_GROWS, 1), self.stage.ceiling(self.space) - self.priced
        return grown if grown < min(self.priced, furthest) else furthest

    def _hold(self, gain: int, listed: Columns, groups: list[Members]) -> Held:
        """Return the cheapest plan of a list that no group at all would leave; `groups` takes those met on the way."""
        holding = Holding(self.tempter, listed, gain, self.watch)
        holding.leave_at_most(self.stage.alone_limit or 0)
        holding.add_groups(groups)
        while True:
            held = holding.cheapest()
            if held.partnerships is None:
                return held
            fresh, whole = self.tempting(self._plan(held.partnerships), gain)
            if whole and not fresh:
                return held
            if self.watch.over:
                return Held(None, None, held.bound)
            groups += fresh
            holding.add_groups(fresh)

    def _anchor(self) -> None:
        """Find the prices whose reduced costs choose the lists."""
        if self.prices is not None:
            return
        search = Search(self.space, self.pricer, self.watch)
        groups = [group for group in self.problem.groups(self.best) if not group.already]
        costs = {group.members: self.problem.tariff.cost(group).total for group in groups}
        search.pool.add(columns_of(costs, self.space.width))
        _, self.prices, self.priced = search.anchored(self.stage, None)

    def _cost(self, plan: Plan) -> int:
        """Return the cost of what the search decides, in micro-units: as the problem's, which has federations too."""
        return (self.problem.cost(plan).total - self._already) * MICRO_PER_THOUSANDTH

    @property
    def _already(self) -> int:
        """The cost of headships that are partnerships already less what they carry alone, as the search has them."""
        tariff, roster = self.problem.tariff, self.problem.roster
        return sum(tariff.cost(roster.group([h])).total - tariff.alone(h).total for h in roster.already)

    @staticmethod
    def _whole(micro: int) -> int:
        return -(-micro // MICRO_PER_THOUSANDTH)

    def _plan(self, partnerships: tuple[Members, ...]) -> Plan:
        headships = self.problem.roster.headships
        return self.problem.plan([urn for node in members for urn in headships[node].urns] for members in partnerships)

    def _run(self, gain: int, plan: Plan | None, bound: int | None, *, none: bool = False) -> StableRun:
        cost = None if plan is None else self.problem.cost(plan)
        if plan is not self.best and bound is not None:
            bound += self._already
        proven = cost is not None and bound is not None and cost.total <= bound
        status: Status = "none" if none else "optimal" if proven else "feasible" if plan is not None else "unknown"
        return StableRun(
            status=status,
            gain=gain,
            plan=plan,
            cost=cost,
            bound=bound if cost is None or bound is None else min(bound, cost.total),
            unplaced_most=self.unplaced_most,
            stopped_by="proof" if proven or none else self.watch.why or "effort",
            seconds=self.watch.seconds(),
        )

    # The least gain -----------------------------------------------------------------------------------------

    def least_gain(self, none_at: int) -> LeastGain | None:
        found = self.tempter.most_tempting(shares(self.problem, self.best), 1, 1)
        if not found.whole or not found.groups or found.groups[0].gain is None:
            return None
        low, high = none_at, max(found.groups[0].gain, none_at) + 1
        self._anchor()
        every = None if self.prices is None else self._every()
        while every is not None and high - low > GAIN_STEP and not self.watch.over:
            middle = (low + high) // 2
            held = self._any(middle, every)
            if held.impossible:
                low = middle
            elif held.partnerships is not None:
                high = middle
            else:
                break
        run = self.cheapest(high)
        return None if run.plan is None else LeastGain(none_at=low, run=run, proven=high - low <= GAIN_STEP)

    def _every(self) -> Columns | None:
        assert self.prices is not None
        return self.pricer.enumerate(self.prices, self.stage.ceiling(self.space) - self.priced, LISTED_MOST)

    def _any(self, gain: int, every: Columns) -> Held:
        holding = Holding(self.tempter, every, gain, self.watch)
        holding.leave_at_most(self.stage.alone_limit or 0)
        return holding.any()
