"""The linear programme: grown and shrunk, it has the answer of one built at once; trouble is met with a fresh start."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from ortools.math_opt import result_pb2
from scipy.optimize import linprog
from town import town

from partition.model.costs import Preferences
from partition.model.problem import Problem, check
from partition.model.rules import HeadsPer, MinutesMax
from partition.solver import Limits, solve
from partition.solver.encode import search_space
from partition.solver.linear import LinearProgramme, NumericalTrouble
from partition.solver.master import Master
from partition.solver.stage import cheapest

NOTHING = np.zeros(0, np.int64)
ROOT = Path(__file__).parents[2]


def column(programme: LinearProgramme, cost: float, rows: list[int], amounts: list[float]) -> None:
    programme.add_columns(np.array([cost]), np.zeros(1, np.int64), np.array(rows, dtype=np.int64), np.array(amounts))


def row(programme: LinearProgramme, low: float, high: float, columns: list[int], amounts: list[float]) -> None:
    places = np.array(columns, dtype=np.int64)
    programme.add_rows(np.array([low]), np.array([high]), np.zeros(1, np.int64), places, np.array(amounts))


def two_foods() -> LinearProgramme:
    """At least 4 of one thing: 3 for a unit of the first column, 2 for one of the second."""
    programme = LinearProgramme()
    row(programme, 4.0, np.inf, [], [])
    column(programme, 3.0, [0], [1.0])
    column(programme, 2.0, [0], [1.0])
    return programme


def test_the_cheaper_column_is_used_and_its_price_is_the_dual() -> None:
    programme = two_foods()
    assert programme.solve(10)
    assert (programme.objective, programme.values.tolist(), programme.duals.tolist()) == (8.0, [0.0, 4.0], [2.0])


def test_each_change_changes_the_answer_as_it_should() -> None:
    programme = two_foods()
    assert programme.solve(10)
    column(programme, 1.0, [0], [1.0])
    assert programme.solve(10) and programme.objective == 4.0
    row(programme, -np.inf, 1.0, [2], [1.0])  # at most one of the cheapest
    assert programme.solve(10) and programme.values.tolist() == [0.0, 3.0, 1.0]
    programme.limit(np.array([1]), np.array([2.0]))
    assert programme.solve(10) and programme.values.tolist() == [1.0, 2.0, 1.0]
    programme.price(np.array([0]), np.array([1.5]))
    assert programme.solve(10) and programme.values.tolist() == [3.0, 0.0, 1.0]
    programme.drop_columns(np.array([2]))
    assert programme.solve(10) and programme.values.tolist() == [4.0, 0.0]
    programme.drop_rows(np.array([0]))
    assert programme.solve(10) and programme.objective == 0.0


def test_what_cannot_be_met_is_told_apart_from_what_took_too_long() -> None:
    programme = two_foods()
    programme.limit(np.array([0, 1]), np.array([1.0, 1.0]))
    assert not programme.solve(10)
    assert programme.impossible


@pytest.mark.parametrize("seed", range(12))
def test_grown_and_shrunk_at_random_it_has_the_answer_of_one_built_at_once(seed: int) -> None:
    draws = Random(seed)
    programme = LinearProgramme()
    heads = 8
    programme.add_rows(np.ones(heads), np.ones(heads), np.zeros(heads, np.int64), NOTHING, np.zeros(0))
    matrix, costs = np.zeros((heads, 0)), np.zeros(0)
    upper, most = np.zeros((0, 0)), np.zeros(0)
    for _ in range(12):
        what = draws.choice(("columns", "columns", "cut", "drop columns", "drop cut")) if len(costs) else "columns"
        if what == "columns":
            singles = np.eye(heads)[:, draws.sample(range(heads), heads if not len(costs) else 1)]
            groups = np.array([[float(draws.random() < 0.4) for _ in range(3)] for _ in range(heads)])
            new = np.hstack([singles, groups])
            price = np.array([draws.uniform(1, 9) for _ in range(new.shape[1])])
            places, amounts = np.nonzero(new.T)[1], np.ones(int(new.sum()))
            starts = np.concatenate([[0], np.cumsum(new.sum(axis=0))[:-1]]).astype(np.int64)
            programme.add_columns(price, starts, places, amounts)
            matrix, costs = np.hstack([matrix, new]), np.concatenate([costs, price])
            upper = np.hstack([upper, np.zeros((len(most), len(price)))])
        elif what == "cut":
            some = sorted(draws.sample(range(len(costs)), min(4, len(costs))))
            row(programme, -np.inf, 1.5, some, [1.0] * len(some))
            upper = np.vstack([upper, np.isin(range(len(costs)), some).astype(float)])
            most = np.concatenate([most, [1.5]])
        elif what == "drop columns" and len(costs) > heads + 2:
            gone = np.array(sorted(draws.sample(range(heads, len(costs)), 2)))
            programme.drop_columns(gone)
            matrix, costs, upper = np.delete(matrix, gone, 1), np.delete(costs, gone), np.delete(upper, gone, 1)
        elif what == "drop cut" and len(most):
            gone = np.array([draws.randrange(len(most))])
            programme.drop_rows(gone + heads)
            upper, most = np.delete(upper, gone, 0), np.delete(most, gone)
        cuts = {"A_ub": upper, "b_ub": most} if len(most) else {}
        at_once = linprog(costs, A_eq=matrix, b_eq=np.ones(heads), **cuts)
        assert programme.solve(10) == at_once.success
        if at_once.success:
            assert programme.objective == pytest.approx(at_once.fun, abs=1e-6)
            assert programme.values @ costs == pytest.approx(at_once.fun, abs=1e-6)


# Trouble ------------------------------------------------------------------------------------------------------


def troubled(times: int, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Let so many solutions from a basis, or from none, end abnormally; return by call whether it had a basis."""
    real, asked = LinearProgramme._run, list[bool]()

    def run(self: LinearProgramme, seconds: float, basis: Any) -> Any:
        asked.append(basis is not None)
        result = real(self, seconds, basis)
        if len(asked) <= times:
            result.termination.reason = result_pb2.TERMINATION_REASON_NUMERICAL_ERROR
        return result

    monkeypatch.setattr(LinearProgramme, "_run", run)
    return asked


def test_numerical_trouble_is_met_with_a_fresh_start(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = two_foods()
    assert programme.solve(10)
    asked = troubled(1, monkeypatch)
    column(programme, 1.0, [0], [1.0])
    assert programme.solve(10) and programme.objective == 4.0
    assert asked == [True, False]


def test_trouble_that_stays_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    troubled(2, monkeypatch)
    with pytest.raises(NumericalTrouble, match="GLOP gave up"):
        two_foods().solve(10)


def test_an_error_of_the_solver_itself_is_told_as_trouble() -> None:
    programme = two_foods()
    programme.price(np.array([0]), np.array([1e40]))
    with pytest.raises(NumericalTrouble, match="GLOP gave up"):
        programme.solve(10)


def test_the_price_of_unmet_rows_has_an_end() -> None:
    """Raised again and again, as by branching where no choice keeps the rules on the plan, the price stays a number."""
    space = search_space(scattered(6))
    master = Master(space, cheapest(space, 0))
    for _ in range(60):
        master.raise_price_of_unmet()
    relaxation = master.solve(10)
    assert relaxation is not None and relaxation.unmet == pytest.approx(6)


def scattered(heads: int) -> Problem:
    draws = Random(7)
    points = [(draws.uniform(0, 40), draws.uniform(0, 40)) for _ in range(heads)]
    minutes = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5, 2) for c, d in points] for a, b in points]
    return Problem(town(minutes), [HeadsPer(3, 6), MinutesMax(20)], Preferences(meet="pairs"))


def test_a_search_in_trouble_ends_with_its_plan_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    troubled(10**9, monkeypatch)
    problem = scattered(40)
    run = solve(problem, Limits(seconds=60, workers=1))
    assert run.plan is not None and run.plan.partnerships and check(problem, run.plan) == []
    assert (run.status, run.stopped_by) == ("feasible", "numerics")


def test_a_search_in_trouble_once_has_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    calm = solve(scattered(24), Limits(workers=1))
    troubled(1, monkeypatch)
    after = solve(scattered(24), Limits(workers=1))
    assert (after.status, after.plan, after.bound) == ("optimal", calm.plan, calm.bound)


def test_no_other_solver_is_imported() -> None:
    """OR-Tools solves all that is solved; highspy is for the benchmarks alone."""
    sources = [file for folder in ("partition", "geodata") for file in (ROOT / folder).rglob("*.py")]
    assert len(sources) > 100
    assert not [file for file in sources if "highspy" in file.read_text(encoding="utf-8")]
