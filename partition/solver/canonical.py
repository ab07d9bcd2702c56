"""The canonical choice among equally good plans, by CP-SAT over the few columns that such plans can use."""

from __future__ import annotations

import hashlib

import numpy as np
from ortools.sat.python import cp_model

from geodata.urns import Urn
from partition.solver.choice import Choice
from partition.solver.columns import Columns, Members
from partition.solver.prices import amounts
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage
from partition.solver.watch import Watch

TIES_LISTED = 4  # equally good choices found one by one, before CP-SAT minimises over all
TIES_WORK = 3.0  # deterministic seconds of CP-SAT for each choice


def canonical(space: SearchSpace, stage: Stage, columns: Columns, best: Choice, watch: Watch) -> Choice:
    """Return, of all choices as good as `best`, the first by a fixed order that depends on the schools alone.

    Mostly no other choice is as good, which a search for another one proves soonest; a few others are found one by one.
    The effort is limited by work and not by time, so the result is the same on every machine.
    """
    listed = _Partitioning(space, stage, columns, best.value)
    ties = [best]
    while len(ties) < TIES_LISTED:
        listed.exclude(ties[-1])
        other = listed.solve(watch)
        if other is None:
            return min(ties, key=listed.order)
        ties.append(other)
    many = _Partitioning(space, stage, columns, best.value)
    return many.first_in_order(watch) or min(ties, key=listed.order)


class _Partitioning:
    """A set partitioning model: every headship in one of the columns or alone, at `value_most` micro-units at most."""

    def __init__(self, space: SearchSpace, stage: Stage, columns: Columns, value_most: int) -> None:
        self.space, self.stage = space, stage
        self.members = columns.tuples()
        self.costs = dict(zip(self.members, columns.costs.tolist(), strict=True))
        self.model = cp_model.CpModel()
        self.together = [self.model.new_bool_var("") for _ in self.members]
        self.alone = {int(n): self.model.new_bool_var("") for n in np.flatnonzero(stage.alone_allowed)}
        self._each_once()
        for row in stage.plan_rows:
            total = cp_model.LinearExpr.weighted_sum(self.together, amounts(row, columns, space).tolist())
            if row.low is not None:
                self.model.add(total >= row.low)
            if row.high is not None:
                self.model.add(total <= row.high)
        price = stage.scale // stage.unit
        terms = (price * columns.costs).tolist()
        terms += [int(stage.alone[node]) // stage.unit for node in self.alone]
        self.value = cp_model.LinearExpr.weighted_sum([*self.together, *self.alone.values()], terms)
        self.model.add(self.value <= value_most // stage.unit)

    def _each_once(self) -> None:
        choices: list[list[cp_model.IntVar]] = [[] for _ in range(self.space.size)]
        for taken, members in zip(self.together, self.members, strict=True):
            for node in members:
                choices[node].append(taken)
        for node, alone in self.alone.items():
            choices[node].append(alone)
        for of_node in choices:
            self.model.add_exactly_one(of_node)
        if self.stage.alone_limit is not None:
            nodes = [node for node in self.alone if self.stage.alone_weights[node]]
            weights = [int(self.stage.alone_weights[node]) for node in nodes]
            left = cp_model.LinearExpr.weighted_sum([self.alone[node] for node in nodes], weights)
            self.model.add(left <= self.stage.alone_limit)

    def exclude(self, choice: Choice) -> None:
        """Exclude a choice from all later solutions."""
        chosen, alone = set(choice.partnerships), set(choice.alone)
        variables = [v for v, members in zip(self.together, self.members, strict=True) if members in chosen]
        variables += [variable for node, variable in self.alone.items() if node in alone]
        most = len(choice.partnerships) + len(choice.alone)
        self.model.add(cp_model.LinearExpr.sum(variables) <= most - 1)

    def order(self, choice: Choice) -> int:
        """Return the place of a choice in the fixed order, as a number: the first choice has the least one."""
        return sum(map(self._rank, choice.partnerships))

    def _rank(self, members: Members) -> int:
        """Return a number below 2**40 that depends on the schools alone."""
        urns = [Urn(self.space.names[node]).plain for node in members]
        return int.from_bytes(hashlib.sha256(repr(urns).encode()).digest()[:5], "big")

    def first_in_order(self, watch: Watch) -> Choice | None:
        """Return the first choice by the fixed order, or the earliest found; None where the work allowed finds none."""
        self.model.minimize(cp_model.LinearExpr.weighted_sum(self.together, [self._rank(m) for m in self.members]))
        return self.solve(watch)

    def solve(self, watch: Watch) -> Choice | None:
        """Return a choice; None where no other exists, or none was found within the work allowed."""
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        solver.parameters.random_seed = watch.seed
        solver.parameters.linearization_level = 2
        solver.parameters.symmetry_level = 0
        solver.parameters.max_deterministic_time = TIES_WORK
        solver.parameters.max_time_in_seconds = watch.seconds_left()
        with watch.stops(solver.stop_search):
            status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        together = zip(self.together, self.members, strict=True)
        chosen = sorted({members for taken, members in together if solver.boolean_value(taken)})
        alone = tuple(node for node, variable in self.alone.items() if solver.boolean_value(variable))
        costs = tuple(self.costs[members] for members in chosen)
        return Choice(tuple(chosen), alone, solver.value(self.value) * self.stage.unit, costs)
