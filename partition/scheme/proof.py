"""CP-SAT run until proof: one worker and a fixed seed, so that the same model gives the same answer."""

from __future__ import annotations

from typing import Any

SECONDS_MOST = 300.0


class NotProven(Exception):
    """An error raised where a model was not solved to proof, so that no result is given."""


def proven(model: Any, what: str) -> Any:
    """Return the solver with an answer proven best. Raises NotProven where time ran out or no answer exists."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = SECONDS_MOST
    status = solver.solve(model)
    if status != cp_model.OPTIMAL:
        raise NotProven(f"{what} was not proven best: {solver.status_name(status)}")
    return solver
