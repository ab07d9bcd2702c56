"""The solver against trying every plan, on random little towns with every rule and preference mixed."""

from __future__ import annotations

from threading import Event

from drawn import agrees, bounds_hold, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from town import line, town

from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.rules import (
    HeadsPer,
    PupilsPer,
    Rule,
    SmallByRoll,
)


@settings(max_examples=150, deadline=None)
@given(problems())
def test_the_solver_agrees_with_trying_every_plan(problem: Problem) -> None:
    agrees(problem)


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(1, 25))
def test_wherever_a_search_is_stopped_its_bounds_hold(problem: Problem, stop_after: int) -> None:
    bounds_hold(problem, stop_after, Event())


@st.composite
def robust_problems(draw: st.DrawFn) -> Problem:
    """Little else than pupils that change from year to year, so that the years decide who is with whom."""
    count = draw(st.integers(4, 7))
    rolls = st.lists(st.sampled_from([20, 60, 90, 150, 200]), min_size=count, max_size=count)
    minutes = [[0 if a == b else draw(st.integers(1, 20)) for b in range(count)] for a in range(count)]
    columns = {year: [str(pupils) for pupils in draw(rolls)] for year in ("2030", "2035")}
    area = town(minutes, pupils=draw(rolls), columns=columns)
    years = draw(st.sampled_from([("2030",), ("2030", "2035")]))
    least = draw(st.sampled_from([None, 100, 150]))
    rules: list[Rule] = [HeadsPer(2, 4), PupilsPer(least, draw(st.sampled_from([250, 300, 400])), years)]
    meet = draw(st.sampled_from(["rotate", "host", "pairs"]))
    return Problem(area, [*rules, *map(SmallByRoll, years)], Preferences(meet=meet))


@settings(max_examples=60, deadline=None)
@given(robust_problems())
def test_a_plan_for_every_year_is_the_best_that_keeps_the_limits_in_each(problem: Problem) -> None:
    agrees(problem)


def test_a_column_may_be_called_anything() -> None:
    """Sums have no names: a forecast called as once the counts of heads were is a limit of its own."""
    area = town(line(0, 1, 2, 3), pupils=[10] * 4, columns={"heads 0": ["200"] * 4, "heads 1": ["100"] * 4})
    leasts: list[Rule] = [HeadsPer(2, None, {1: 1}), HeadsPer(3, None, {1: 2})]
    for limits in ([PupilsPer(None, 300, ("heads 0",))], [PupilsPer(None, 300, ("heads 1",)), PupilsPer(250, None)]):
        agrees(Problem(area, [*leasts, *limits]))
    agrees(Problem(area, [PupilsPer(None, 300, ("heads 1",)), PupilsPer(None, 200, ("heads 1",))]))
