"""The cheapest plan that nobody would leave, against every plan and every group of random towns."""

from __future__ import annotations

from drawn import every_fine, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from stability_oracle import ANY, EveryPlan, every_group, least_gains, stable_plans
from town import every_plan

from partition.model.problem import Problem, check
from partition.solver import Limits
from partition.solver.stable import GAIN_STEP, cheapest_stable, least_stable_gain

LIMITS = Limits(seconds=60, workers=1)


def agrees_with_trying_every_plan(problem: Problem, gain: int) -> None:
    """What is found is the cheapest of those that hold and leave as few unplaced as the best; or there is none."""
    fine = every_fine(problem)
    if not fine:
        return
    best = min(fine, key=lambda plan: (len(problem.unplaced(plan)), problem.cost(plan).total))
    fewest = len(problem.unplaced(best))
    as_many = [plan for plan in fine if len(problem.unplaced(plan)) <= fewest]
    holding = stable_plans(problem, as_many, gain)
    run = cheapest_stable(problem, gain, best, LIMITS, bound=problem.cost(best).total)
    if holding:
        least = min(problem.cost(plan).total for plan in holding)
        assert run.status == "optimal", run
        assert run.plan is not None and run.cost is not None
        assert (run.cost.total, run.bound) == (least, least)
        assert check(problem, run.plan) == []
        assert run.plan in holding
        return
    assert (run.status, run.plan) == ("none", None)
    if max(least_gains(problem, best, list(every_group(problem))).values()) >= ANY // 2:
        return
    found = least_stable_gain(problem, gain, best, LIMITS, bound=problem.cost(best).total)
    assert found is not None and found.proven
    assert not stable_plans(problem, as_many, found.none_at)
    assert found.run.plan in stable_plans(problem, as_many, found.run.gain)
    assert found.run.gain - found.none_at <= GAIN_STEP


@settings(max_examples=40, deadline=None)
@given(problems(most=7), st.sampled_from([1, 1, 3_000, 20_000, 60_000]))
def test_the_cheapest_plan_that_nobody_would_leave(problem: Problem, gain: int) -> None:
    agrees_with_trying_every_plan(problem, gain)


@settings(max_examples=40, deadline=None)
@given(problems(most=6))
def test_the_oracle_of_the_benchmark_is_trying_every_plan(problem: Problem) -> None:
    every, plans = EveryPlan(problem), list(every_plan(problem))
    assert len(every.plans) == len(plans)
    for plan, unplaced, cost in plans:
        row = every.row(plan)
        assert (every.plan(row), every.unplaced[row], every.cost[row]) == (plan, unplaced, cost.total)
        assert every.gains[row].tolist() == list(least_gains(problem, plan, every.groups).values())
