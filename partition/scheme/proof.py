"""CP-SAT asked for proof: one worker and a fixed seed, so that the same model has the same answer."""

from __future__ import annotations

from typing import Any

SECONDS_MOST = 300.0


class NotProven(Exception):
    """Raised when a model was not solved to proof: then nothing is claimed."""


def proven(model: Any, what: str) -> Any:
    """The solver, its answer proven best. Raises NotProven where that took too long or no answer exists."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_time_in_seconds = SECONDS_MOST
    status = solver.solve(model)
    if status != cp_model.OPTIMAL:
        raise NotProven(f"{what} was not proven best: {solver.status_name(status)}")
    return solver
