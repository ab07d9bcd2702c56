"""Every reason why a school is not yet placed, held against every partnership and every plan of random little towns."""

from __future__ import annotations

from drawn import problems
from hypothesis import given, settings
from reason_oracle import hold_reasons

from partition.model.problem import Problem
from partition.solver import Limits, solve

LIMITS = Limits(seconds=60, workers=1)


@settings(max_examples=200, deadline=None)
@given(problems(6))
def test_every_reason_is_true_of_every_partnership_and_every_plan(problem: Problem) -> None:
    run = solve(problem, LIMITS)
    if run.plan is not None:
        hold_reasons(problem, run)
