"""The restricted master: the linear relaxation over the partnerships known so far, and its duals.

One row per headship (it is in exactly one partnership, or alone), one for what the stage before achieved, one or
two per rule on the plan, one per cut. Solved with GLOP through MathOpt, warm from one round to the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from partition.solve.pool import Members, Pool
from partition.solve.space import Ints, SearchSpace
from partition.solve.stage import MICRO, MICRO_PER_THOUSANDTH, Stage

Cut = tuple[int, ...]  # three nodes: at most one partnership has two of them or more


@dataclass(frozen=True, slots=True)
class Duals:
    """Prices from the master, as integers in micro-units: any such prices give a safe bound."""

    nodes: Ints
    alone: int  # of the row on headships alone, never above 0
    rows: tuple[tuple[int, int], ...]  # by plan rule: of its lower side (>= 0), of its upper side (<= 0)
    cuts: tuple[int, ...]  # never above 0


class Master:
    """Grows by columns and cuts; `solve` gives the relaxation's value, its duals and what it uses."""

    def __init__(self, space: SearchSpace, stage: Stage, pool: Pool) -> None:
        self.space, self.stage, self.pool = space, stage, pool
        self.model = mathopt.Model(name=stage.name)
        self.node_rows = [self.model.add_linear_constraint(lb=1.0, ub=1.0) for _ in range(space.size)]
        self.alone_row = None
        if stage.alone_limit is not None:
            self.alone_row = self.model.add_linear_constraint(ub=float(stage.alone_limit))
        self.lower_rows = [self._side(row.low, None) for row in stage.plan_rows]
        self.upper_rows = [self._side(None, row.high) for row in stage.plan_rows]
        self.cuts: list[Cut] = []
        self._cut_rows: list[mathopt.LinearConstraint] = []
        self._cuts_of: dict[int, list[int]] = {}
        self.columns: list[mathopt.Variable] = []
        self.places: list[int] = []  # in the pool, by column
        self.alone_columns: dict[int, mathopt.Variable] = {}
        for node in np.flatnonzero(stage.alone_allowed).tolist():
            self._add_alone(node)
        if stage.may_break_rows:
            self._add_slacks()
        self._solver = mathopt.IncrementalSolver(self.model, mathopt.SolverType.GLOP)

    def _side(self, low: int | None, high: int | None) -> mathopt.LinearConstraint | None:
        if low is None and high is None:
            return None
        return self.model.add_linear_constraint(
            lb=float("-inf") if low is None else float(low), ub=float("inf") if high is None else float(high)
        )

    def _add_alone(self, node: int) -> None:
        column = self.model.add_variable(lb=0.0)
        self.model.objective.set_linear_coefficient(column, int(self.stage.alone[node]) / MICRO)
        self.node_rows[node].set_coefficient(column, 1.0)
        if self.alone_row is not None:
            self.alone_row.set_coefficient(column, float(self.stage.alone_weights[node]))
        self.alone_columns[node] = column

    def _add_slacks(self) -> None:
        for row, sign in [(r, 1.0) for r in self.lower_rows] + [(r, -1.0) for r in self.upper_rows]:
            if row is not None:
                slack = self.model.add_variable(lb=0.0)
                self.model.objective.set_linear_coefficient(slack, 1.0)
                row.set_coefficient(slack, sign)

    def add_columns(self, places: Iterable[int]) -> None:
        """Let the relaxation use these partnerships of the pool."""
        for place in places:
            members = self.pool.members[place]
            column = self.model.add_variable(lb=0.0)
            if self.stage.priced:
                cost = self.pool.costs[place] * MICRO_PER_THOUSANDTH / MICRO
                self.model.objective.set_linear_coefficient(column, cost)
            for node in members:
                self.node_rows[node].set_coefficient(column, 1.0)
            for rule, lower, upper in zip(self.stage.plan_rows, self.lower_rows, self.upper_rows, strict=True):
                amount = float(rule.fixed + int(rule.weights[list(members)].sum()))
                for row in (lower, upper):
                    if row is not None:
                        row.set_coefficient(column, amount)
            for cut in self._cut_by(members):
                self._cut_rows[cut].set_coefficient(column, 1.0)
            self.columns.append(column)
            self.places.append(place)

    def _cut_by(self, members: Members) -> list[int]:
        """The cuts that have two of these members or more."""
        seen: dict[int, int] = {}
        for node in members:
            for cut in self._cuts_of.get(node, ()):
                seen[cut] = seen.get(cut, 0) + 1
        return [cut for cut, count in seen.items() if count >= 2]

    def add_cuts(self, cuts: Sequence[Cut]) -> None:
        """At most one partnership has two of each three or more."""
        for cut in cuts:
            row = self.model.add_linear_constraint(ub=1.0)
            for node in cut:
                self._cuts_of.setdefault(node, []).append(len(self.cuts))
            self.cuts.append(cut)
            self._cut_rows.append(row)
            nodes = set(cut)
            for column, place in zip(self.columns, self.places, strict=True):
                if len(nodes.intersection(self.pool.members[place])) >= 2:
                    row.set_coefficient(column, 1.0)

    def drop_loose_cuts(self, duals: Duals) -> None:
        """Forget cuts that cost nothing now."""
        kept = [n for n, dual in enumerate(duals.cuts) if dual < 0]
        for n in sorted(set(range(len(self.cuts))) - set(kept), reverse=True):
            self.model.delete_linear_constraint(self._cut_rows[n])
        self.cuts = [self.cuts[n] for n in kept]
        self._cut_rows = [self._cut_rows[n] for n in kept]
        self._cuts_of = {}
        for n, cut in enumerate(self.cuts):
            for node in cut:
                self._cuts_of.setdefault(node, []).append(n)

    def solve(self) -> Relaxation | None:
        """The relaxation over what is known; None if that admits no solution."""
        result = self._solver.solve()
        if result.termination.reason == mathopt.TerminationReason.INFEASIBLE:
            return None
        if result.termination.reason != mathopt.TerminationReason.OPTIMAL:
            raise ArithmeticError(f"the master ended {result.termination.reason.name}")
        dual = result.dual_values()
        value = result.variable_values()
        sides = zip(self.lower_rows, self.upper_rows, strict=True)
        return Relaxation(
            value=result.objective_value(),
            duals=Duals(
                nodes=np.array([_micro(dual[row]) for row in self.node_rows], dtype=np.int64),
                alone=min(0, _micro(dual[self.alone_row])) if self.alone_row is not None else 0,
                rows=tuple(
                    (
                        max(0, _micro(dual[lower])) if lower is not None else 0,
                        min(0, _micro(dual[upper])) if upper is not None else 0,
                    )
                    for lower, upper in sides
                ),
                cuts=tuple(min(0, _micro(dual[row])) for row in self._cut_rows),
            ),
            used={
                place: value[column]
                for column, place in zip(self.columns, self.places, strict=True)
                if value[column] > 1e-9
            },
        )


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A solved master: its value, its prices, and how much of each partnership (by place in the pool) it uses."""

    value: float
    duals: Duals
    used: dict[int, float]


def _micro(dual: float) -> int:
    return round(dual * MICRO)
