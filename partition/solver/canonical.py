"""Which of several equally good plans: a canonical choice, by CP-SAT over the few columns that they can use."""

from __future__ import annotations

import hashlib

import numpy as np
from ortools.sat.python import cp_model

from partition.solver.choice import Choice
from partition.solver.columns import Columns, Members
from partition.solver.prices import amounts
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage
from partition.solver.watch import Watch

TIES_LISTED = 4  # equally good choices that are looked at one by one
TIES_WORK = 3.0  # CP-SAT's deterministic seconds for each


def canonical(space: SearchSpace, stage: Stage, columns: Columns, best: Choice, watch: Watch) -> Choice:
    """Of all choices as good as this one, which a fixed order of partnerships by their schools puts first.

    Mostly there is no other, which a search for another one shows soonest; a few others are looked at in turn.
    Effort is bounded by work, not by time: the same on every machine, whatever comes of it.
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
    """Every headship in one of these columns, or alone, at so many micro-units at most."""

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
        """Not this one."""
        chosen, alone = set(choice.partnerships), set(choice.alone)
        variables = [v for v, members in zip(self.together, self.members, strict=True) if members in chosen]
        variables += [variable for node, variable in self.alone.items() if node in alone]
        most = len(choice.partnerships) + len(choice.alone)
        self.model.add(cp_model.LinearExpr.sum(variables) <= most - 1)

    def order(self, choice: Choice) -> int:
        """Where a fixed order puts a choice."""
        return sum(map(self._rank, choice.partnerships))

    def _rank(self, members: Members) -> int:
        """A number below 2**40 that depends on the schools alone."""
        urns = [int(self.space.names[node]) for node in members]
        return int.from_bytes(hashlib.sha256(repr(urns).encode()).digest()[:5], "big")

    def first_in_order(self, watch: Watch) -> Choice | None:
        """The first of all, however many there are; None if that takes too much work."""
        self.model.minimize(cp_model.LinearExpr.weighted_sum(self.together, [self._rank(m) for m in self.members]))
        return self.solve(watch)

    def solve(self, watch: Watch) -> Choice | None:
        """A choice, or None where there is no other, or none was found with so much work."""
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
