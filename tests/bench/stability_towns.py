"""Random towns of up to nine headships: what is told of stability and fairness, against every plan and every group."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field, replace
from time import process_time

from drawn import problems, shared_out
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from stability_oracle import ANY, EveryPlan, wishes_by_hand

from partition.model.plan import Plan
from partition.model.problem import Problem
from partition.model.rules import HeadMinutesMax
from partition.plans.account import Account
from partition.plans.wishes import wishes_met
from partition.solver import Limits, solve
from partition.solver.stable import GAIN_STEP, cheapest_stable, least_stable_gain
from partition.studies.stability.find import find_stability
from partition.studies.trade_offs.most_minutes import fairness

HEADSHIPS_MOST = 9
LIMITS = Limits(seconds=60, workers=1)
GAINS = (1, 1, 3_000, 20_000, 60_000)  # thousandths a year
STEPS = (5, 25)  # minutes between the points of a curve


@dataclass(slots=True)
class Held:
    """What was held against the oracle: by headships and kind how many, CPU seconds, and where they disagreed."""

    told: Counter[tuple[int, str]] = field(default_factory=Counter)
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def __add__(self, other: Held) -> Held:
        return Held(self.told + other.told, self.seconds + other.seconds, self.wrong + other.wrong)


def hold_part(part: int, towns: int) -> Held:
    """Hold so many towns, drawn by this seed, against the oracle; a town in which anything differs is told."""
    held, began = Held(), process_time()

    @seed(part)
    @settings(
        max_examples=towns,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.one_of(problems(HEADSHIPS_MOST), shared_out(HEADSHIPS_MOST)),
        st.integers(0, 10**6),
        st.sampled_from(GAINS),
        st.sampled_from(STEPS),
    )
    def every_town(problem: Problem, pick: int, gain: int, step: int) -> None:
        heads = len(problem.roster)
        held.told[heads, "towns"] += 1
        kinds: Counter[str] = Counter()
        try:
            hold_town(problem, pick, gain, step, kinds)
        except Exception:
            held.told[heads, "disagreements"] += 1
            town = f"part {part}, town {sum(n for (_, kind), n in held.told.items() if kind == 'towns')}"
            held.wrong.append(f"{town}: {problem.rules}\n{problem.preferences}\n{traceback.format_exc()}")
        for kind, count in kinds.items():
            held.told[heads, kind] += count

    every_town()
    held.seconds = process_time() - began
    return held


def hold_town(problem: Problem, pick: int, gain: int, step: int, kinds: Counter[str]) -> None:
    """Raise AssertionError where anything told of one town is not so; count what was told, by kind."""
    every = EveryPlan(problem)
    kinds["plans"] = len(every.plans)
    kinds.update(f"priced: {term}" for term in problem.preferences.terms[4:])
    if problem.preferences.measure == "minutes":
        hold_curve(problem, every, step, kinds)
    if not every.plans:
        return
    kinds["with a plan"] += 1
    run = solve(problem, LIMITS)
    fewest = int(every.unplaced.min())
    as_many = every.unplaced == fewest
    assert run.plan is not None and run.cost is not None and run.status == "optimal"
    assert (run.unplaced, run.cost.total) == (fewest, int(every.cost[as_many].min()))
    best = every.row(run.plan)
    assert (int(every.cost[best]), int(every.unplaced[best])) == (run.cost.total, fewest)
    any_plan = every.plan(pick % len(every.plans))
    hold_wishes(problem, (run.plan, any_plan), kinds)
    hold_stability(problem, every, any_plan, gain, kinds)
    stable = as_many & (every.most < gain)
    found = cheapest_stable(problem, gain, run.plan, LIMITS, bound=run.bound)
    if stable.any():
        least = int(every.cost[stable].min())
        assert found.status == "optimal" and found.plan is not None and found.cost is not None
        assert (found.cost.total, found.bound) == (least, least) and stable[every.row(found.plan)]
        kinds["cheapest that holds"] += 1
        return
    assert (found.status, found.plan) == ("none", None)
    kinds["none holds"] += 1
    if every.most[best] < ANY // 2:
        hold_least_gain(problem, every, best, gain, kinds)


def hold_stability(problem: Problem, every: EveryPlan, plan: Plan, gain: int, kinds: Counter[str]) -> None:
    """Of one plan: whether it holds, the least gain at which nobody would leave, how many would, and who is tempted."""
    told = find_stability(Account(problem, plan), gain, limits=LIMITS)
    gains = every.gains[every.row(plan)]
    truth = sorted((int(least) for least in gains if least > 0), reverse=True)
    assert told.holds is (not truth or truth[0] < gain)
    assert told.counted and told.whole
    assert (told.count, told.count_at) == (len(truth), sum(least >= gain for least in truth))
    assert told.most == (None if truth and truth[0] == ANY else truth[0] if truth else 0)
    assert [ANY if one.least is None else one.least for one in told.groups] == truth[: len(told.groups)]
    kinds["it holds" if told.holds else "it may not hold"] += 1


def hold_least_gain(problem: Problem, every: EveryPlan, best: int, gain: int, kinds: Counter[str]) -> None:
    """Where no plan holds: the least gain at which one does, to a tenth of a minute."""
    as_many = every.unplaced == every.unplaced[best]
    found = least_stable_gain(problem, gain, every.plan(best), LIMITS, bound=int(every.cost[best]))
    least = int(every.most[as_many].min())  # one holds above
    assert found is not None and found.proven and found.run.plan is not None and found.run.cost is not None
    assert found.none_at <= least < found.run.gain <= found.none_at + GAIN_STEP
    stable = as_many & (every.most < found.run.gain)
    assert stable[every.row(found.run.plan)] and found.run.cost.total == int(every.cost[stable].min())
    kinds["least gain"] += 1


def hold_curve(problem: Problem, every: EveryPlan, step: int, kinds: Counter[str]) -> None:
    """The curve of fairness: of the plans that place as many, the cheapest for every limit on one head's minutes."""
    rules = [rule for rule in problem.rules[1:] if not isinstance(rule, HeadMinutesMax)]
    if len(rules) < len(problem.rules) - 1 or problem.preferences.head_minutes_price:
        free = replace(problem.preferences, head_minutes_price=())
        every = EveryPlan(Problem(problem.area, rules, free, problem.roster.who))
    curve = fairness(problem, LIMITS, step=step)
    expected: list[tuple[int, int]] = []
    if every.plans:
        as_many = every.unplaced == every.unplaced.min()
        counts = -(-every.worst[as_many] // (step * 1000)) * step
        for count, cost in sorted(zip(counts.tolist(), every.cost[as_many].tolist(), strict=True)):
            if not expected or cost < expected[-1][1]:
                expected.append((count, cost))
        assert curve.proven
        kinds["curves"] += 1
    assert [(point.count, point.cost.total) for point in curve.points] == expected
    kinds["points of curves"] += len(expected)


def hold_wishes(problem: Problem, plans: tuple[Plan, ...], kinds: Counter[str]) -> None:
    """Wishes and refusals: their price, and how many are met, from the answers alone."""
    for plan in plans:
        told, cost = wishes_met(problem, plan), problem.cost(plan)
        price, met, mutual, kept = wishes_by_hand(problem, plan)
        assert (cost.wishes, told.met, told.mutual_met, told.refusals_kept) == (price, met, mutual, kept)
    kinds["wishes and refusals"] += bool(problem.roster.wishes or problem.roster.refusals)
