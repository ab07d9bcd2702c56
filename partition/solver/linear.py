"""A linear programme that grows and shrinks, solved by OR-Tools' GLOP through MathOpt, each time from its last basis.

Columns and rows are sent in bulk, as changes of MathOpt's model, and keep their numbers when others go. New columns
begin at nought and new rows with their slack basic; a basis that has lost members is mended first. Where GLOP reports
numerical trouble, it begins once more without a basis.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    model_update_pb2,
    parameters_pb2,
    result_pb2,
    solution_pb2,
)
from ortools.math_opt.core.python import solver as core
from pybind11_abseil.status import StatusNotOk  # a part of OR-Tools

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)

INFINITE = float("inf")
SECONDS_LEAST = 0.01
AT_LOWER, BASIC = solution_pb2.BASIS_STATUS_AT_LOWER_BOUND, solution_pb2.BASIS_STATUS_BASIC
SOLVED = result_pb2.TERMINATION_REASON_OPTIMAL
IMPOSSIBLE = (
    result_pb2.TERMINATION_REASON_INFEASIBLE,
    result_pb2.TERMINATION_REASON_INFEASIBLE_OR_UNBOUNDED,  # no column goes below nought, so nothing is unbounded here
)
OUT_OF_TIME = (result_pb2.TERMINATION_REASON_NO_SOLUTION_FOUND, result_pb2.TERMINATION_REASON_FEASIBLE)


class NumericalTrouble(ArithmeticError):
    """GLOP could not solve a linear programme, even when it began afresh."""


@contextmanager
def _trouble_told() -> Iterator[None]:
    """Turn an error of MathOpt, after which its model is of no more use, into NumericalTrouble."""
    try:
        yield
    except StatusNotOk as error:
        raise NumericalTrouble(f"GLOP gave up: {error}") from error


class LinearProgramme:
    """Least cost over columns from nought up. Places count columns (or rows) as added, less those dropped since."""

    def __init__(self, seed: int = 1) -> None:
        """Begin without columns and rows. Another seed leads GLOP along other equally good steps."""
        self._seed = seed
        self._solver = core.new(
            parameters_pb2.SOLVER_TYPE_GLOP, model_pb2.ModelProto(), parameters_pb2.SolverInitializerProto()
        )
        self._columns = self._rows = np.zeros(0, np.int64)  # numbers, by place
        self._next_column = self._next_row = 0
        self._high = np.zeros(0)
        self._change = model_update_pb2.ModelUpdateProto()
        self._entries: list[tuple[Ints, Ints, Floats]] = []  # row, column and amount, not yet sent
        self._basis: solution_pb2.BasisProto | None = None
        self._at = np.zeros(0, np.int64)  # numbers of the columns that `values` are of
        self._only_columns_new = False  # since the last solution, so that its basis is still primal feasible
        self.values, self.duals, self.objective = np.zeros(0), np.zeros(0), 0.0
        self.impossible = False  # whether nothing meets the rows, by the last solution

    @property
    def columns(self) -> int:
        """The number of columns."""
        return len(self._columns)

    # Changes ------------------------------------------------------------------------------------------------

    def add_rows(self, low: Floats, high: Floats, starts: Ints, places: Ints, amounts: Floats) -> None:
        """Add rows in compressed form, over columns that are there."""
        numbers = np.arange(self._next_row, self._next_row + len(low))
        self._next_row += len(low)
        rows = self._change.new_linear_constraints
        rows.ids.extend(numbers.tolist())
        rows.lower_bounds.extend(low.tolist())
        rows.upper_bounds.extend(high.tolist())
        of_entry = np.repeat(numbers, np.diff(np.append(starts, len(places))))
        self._entries.append((of_entry, self._columns[places], amounts))
        self._rows = np.concatenate([self._rows, numbers])
        self._only_columns_new = False

    def add_columns(self, costs: Floats, starts: Ints, places: Ints, amounts: Floats) -> None:
        """Add columns in compressed form, over rows that are there."""
        numbers = np.arange(self._next_column, self._next_column + len(costs))
        self._next_column += len(costs)
        columns = self._change.new_variables
        columns.ids.extend(numbers.tolist())
        columns.lower_bounds.extend([0.0] * len(costs))
        columns.upper_bounds.extend([INFINITE] * len(costs))
        columns.integers.extend([False] * len(costs))
        of_entry = np.repeat(numbers, np.diff(np.append(starts, len(places))))
        self._entries.append((self._rows[places], of_entry, amounts))
        self._columns = np.concatenate([self._columns, numbers])
        self._high = np.concatenate([self._high, np.full(len(costs), INFINITE)])
        self._set_costs(numbers, costs)

    def drop_columns(self, places: Ints) -> None:
        """Forget some columns."""
        self._send()
        self._change.deleted_variable_ids.extend(np.sort(self._columns[places]).tolist())
        self._columns, self._high = np.delete(self._columns, places), np.delete(self._high, places)
        self._send()
        self._only_columns_new = False

    def drop_rows(self, places: Ints) -> None:
        """Forget some rows."""
        self._send()
        self._change.deleted_linear_constraint_ids.extend(np.sort(self._rows[places]).tolist())
        self._rows = np.delete(self._rows, places)
        self._send()
        self._only_columns_new = False

    def limit(self, places: Ints, high: Floats) -> None:
        """Set the most of each of some columns."""
        changed = np.sort(places[self._high[places] != high])
        self._high[places] = high
        if len(changed):
            self._send()
            limits = self._change.variable_updates.upper_bounds
            limits.ids.extend(self._columns[changed].tolist())
            limits.values.extend(self._high[changed].tolist())
            self._send()
            self._only_columns_new = False

    def price(self, places: Ints, costs: Floats) -> None:
        """Set the costs of some columns; `places` ascend."""
        self._send()
        self._set_costs(self._columns[places], costs)
        self._send()

    def _set_costs(self, numbers: Ints, costs: Floats) -> None:
        price = self._change.objective_updates.linear_coefficients
        price.ids.extend(numbers.tolist())
        price.values.extend(costs.tolist())

    def _send(self) -> None:
        """Send all changes so far to MathOpt."""
        if self._entries:
            rows, columns, amounts = (np.concatenate(parts) for parts in zip(*self._entries, strict=True))
            order = np.lexsort((columns, rows))
            matrix = self._change.linear_constraint_matrix_updates
            matrix.row_ids.extend(rows[order].tolist())
            matrix.column_ids.extend(columns[order].tolist())
            matrix.coefficients.extend(amounts[order].tolist())
            self._entries = []
        with _trouble_told():
            taken = self._solver.update(self._change)
        if not taken:
            raise NumericalTrouble("GLOP cannot take a change")
        self._change = model_update_pb2.ModelUpdateProto()

    # Solving ------------------------------------------------------------------------------------------------

    def solve(self, seconds: float) -> bool:
        """Solve, and say whether `seconds` sufficed; `values`, `duals` and `objective` then hold the solution.

        False with `impossible` where nothing meets the rows. Raises NumericalTrouble.
        """
        self._send()
        result = self._run(seconds, self._basis)
        reason = result.termination.reason
        if reason not in (SOLVED, *IMPOSSIBLE, *OUT_OF_TIME):
            self._only_columns_new = False
            result = self._run(seconds, None)
            reason = result.termination.reason
        self.impossible = reason in IMPOSSIBLE
        if self.impossible or reason in OUT_OF_TIME:
            return False
        if reason != SOLVED:
            raise NumericalTrouble(f"GLOP gave up: {result.termination}")
        solution = result.solutions[0]
        self.values, self._at = _dense(solution.primal_solution.variable_values, self._columns), self._columns
        self.duals = _dense(solution.dual_solution.dual_values, self._rows)
        self.objective = float(solution.primal_solution.objective_value)
        self._basis, self._only_columns_new = solution.basis, True
        return True

    def _run(self, seconds: float, basis: solution_pb2.BasisProto | None) -> result_pb2.SolveResultProto:
        how, start = parameters_pb2.SolveParametersProto(), model_parameters_pb2.ModelSolveParametersProto()
        how.time_limit.FromTimedelta(timedelta(seconds=max(SECONDS_LEAST, seconds)))
        how.presolve = parameters_pb2.EMPHASIS_OFF  # or there is no basis to begin from next time
        how.glop.use_preprocessing = False
        how.glop.use_dual_simplex = not self._only_columns_new
        how.glop.random_seed = self._seed
        how.glop.change_status_to_imprecise = False  # bounds are evaluated apart, in integers
        if basis is not None:
            start.initial_basis.CopyFrom(self._mended(basis))
        with _trouble_told():
            return self._solver.solve(how, start, None, callback_pb2.CallbackRegistrationProto(), None, None)

    def _mended(self, last: solution_pb2.BasisProto) -> solution_pb2.BasisProto:
        """Return the last basis over the columns and rows that are there now, with as many basic as there are rows."""
        columns = _statuses(last.variable_status, self._columns, AT_LOWER)
        rows = _statuses(last.constraint_status, self._rows, BASIC)
        over = int((columns == BASIC).sum() + (rows == BASIC).sum()) - len(self._rows)
        if over > 0:  # rows have gone: the least used columns leave the basis
            basic = np.flatnonzero(columns == BASIC)
            columns[basic[np.argsort(self._used()[basic], kind="stable")[:over]]] = AT_LOWER
        elif over < 0:  # columns have gone
            rows[np.flatnonzero(rows != BASIC)[:-over]] = BASIC
        basis = solution_pb2.BasisProto()
        for told, numbers, found in (
            (basis.variable_status, self._columns, columns),
            (basis.constraint_status, self._rows, rows),
        ):
            told.ids.extend(numbers.tolist())
            told.values.extend(found.tolist())
        return basis

    def _used(self) -> Floats:
        """Return by column how much of it the last solution has."""
        return _at(self._at, np.abs(self.values), self._columns, 0.0)


def _statuses(last: solution_pb2.SparseBasisStatusVector, numbers: Ints, otherwise: int) -> Ints:
    """Return by place the status of the last time, or `otherwise` for what is new."""
    return _at(np.array(last.ids, np.int64), np.array(last.values, np.int64), numbers, otherwise)


def _at(known: Ints, values: NDArray[Number], numbers: Ints, otherwise: float) -> NDArray[Number]:
    """Return the values of some numbers, `otherwise` where a number is not among those known; both ascend."""
    found = np.full(len(numbers), otherwise, dtype=values.dtype)
    if len(known):
        place = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
        same = known[place] == numbers
        found[same] = values[place[same]]
    return found


def _dense(sparse: solution_pb2.SparseDoubleVectorProto, numbers: Ints) -> Floats:
    found = np.zeros(len(numbers))
    found[np.searchsorted(numbers, np.array(sparse.ids, dtype=np.int64))] = np.array(sparse.values)
    return found
