"""The solver against trying every plan where each head's own minutes, likeness, lacks and wishes decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import agrees, shared_out
from hypothesis import given, settings
from town import line, town

from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.rules import HeadMinutesMax, HeadsPer, Rule
from partition.solver import Limits, solve


@settings(max_examples=100, deadline=None)
@given(shared_out())
def test_the_solver_agrees_with_trying_every_plan(problem: Problem) -> None:
    agrees(problem)


@pytest.mark.parametrize("meet", ["rotate", "host", "pairs"])
def test_a_limit_on_each_head_and_its_price_by_hand(meet: str) -> None:
    """On a road the ends are far: a limit parts them, and a high price for what is above it does the same."""
    area = town(line(0, 2, 4, 30, 32, 34))
    together: list[Rule] = [HeadsPer(3, 6)]
    prices = Preferences(meet=meet, meetings_per_year=1)  # type: ignore[arg-type]
    for rules, priced in (
        ([*together, HeadMinutesMax(20)], prices),
        (together, replace(prices, head_minutes_price=((20, 100),))),
    ):
        run = solve(Problem(area, rules, priced), Limits(seconds=600, workers=1))
        assert run.status == "optimal" and run.plan is not None
        assert [[int(urn) for urn in one.urns] for one in run.plan.partnerships] == [[1, 2, 3], [4, 5, 6]]
