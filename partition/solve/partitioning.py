"""Set partitioning over a list of known partnerships, by CP-SAT: integers throughout, so its proof is exact."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from partition.solve.pool import Members, Pool
from partition.solve.space import SearchSpace
from partition.solve.stage import MICRO_PER_THOUSANDTH, Stage
from partition.solve.watch import Watch

BREAK_MOST = 2**40
TIES_LISTED = 4  # equally good choices that are looked at one by one
TIES_WORK = 3.0  # CP-SAT's deterministic seconds for each


@dataclass(frozen=True, slots=True)
class Choice:
    """Partnerships chosen and headships alone, and what they come to in micro-units."""

    partnerships: tuple[Members, ...]
    alone: tuple[int, ...]
    value: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The best choice found, if any, and whether the list holds no better one."""

    choice: Choice | None
    proven: bool


class Partitioning:
    """A stage over some partnerships of the pool, as a model to be solved once or twice."""

    def __init__(self, space: SearchSpace, stage: Stage, pool: Pool, places: Sequence[int]) -> None:
        self.space, self.stage, self.pool, self.places = space, stage, pool, places
        self.members = [pool.members[place] for place in places]
        self.model = cp_model.CpModel()
        self.together = [self.model.new_bool_var("") for _ in self.members]
        self.alone = {int(n): self.model.new_bool_var("") for n in np.flatnonzero(stage.alone_allowed)}
        self.value = self._objective([pool.costs[place] for place in places])
        self._each_once()
        self._plan_rows()

    def _objective(self, costs: list[int]) -> cp_model.LinearExpr:
        """In the stage's own unit, so that numbers stay small."""
        price = MICRO_PER_THOUSANDTH // self.stage.unit if self.stage.priced else 0
        terms = [price * cost for cost in costs]
        terms += [int(self.stage.alone[node]) // self.stage.unit for node in self.alone]
        return cp_model.LinearExpr.weighted_sum([*self.together, *self.alone.values()], terms)

    def _each_once(self) -> None:
        choices: list[list[cp_model.IntVar]] = [[] for _ in range(self.space.size)]
        for chosen, members in zip(self.together, self.members, strict=True):
            for node in members:
                choices[node].append(chosen)
        for node, alone in self.alone.items():
            choices[node].append(alone)
        for of_node in choices:
            self.model.add_exactly_one(of_node)
        if self.stage.alone_limit is not None:
            nodes = [node for node in self.alone if self.stage.alone_weights[node]]
            weights = [int(self.stage.alone_weights[node]) for node in nodes]
            left = cp_model.LinearExpr.weighted_sum([self.alone[node] for node in nodes], weights)
            self.model.add(left <= self.stage.alone_limit)

    def _plan_rows(self) -> None:
        for row in self.stage.plan_rows:
            amounts = [row.fixed + int(row.weights[list(members)].sum()) for members in self.members]
            columns, slacks = list(self.together), []
            if self.stage.may_break_rows:
                slacks = [self.model.new_int_var(0, BREAK_MOST, "") for _ in range(2)]
                self.value += slacks[0] + slacks[1]
                columns, amounts = columns + slacks, [*amounts, 1, -1]
            total = cp_model.LinearExpr.weighted_sum(columns, amounts)
            if row.low is not None:
                self.model.add(total >= row.low)
            if row.high is not None:
                self.model.add(total <= row.high)

    def best(self, watch: Watch, at_most: int | None = None, work: float = 0) -> Outcome:
        """The cheapest choice, at most `at_most` micro-units if given; `work` bounds effort deterministically."""
        if at_most is not None:
            self.model.add(self.value <= at_most // self.stage.unit)
        self.model.minimize(self.value)
        return self._solve(watch, work)

    def canonical(self, watch: Watch, best: Choice) -> Outcome:
        """Of all choices as good as this one, which a fixed order of partnerships by their schools puts first.

        Mostly there is no other, which a search for another one shows soonest; a few others are looked at in turn.
        Effort is bounded by work, not by time: the same on every machine, whatever comes of it.
        """
        self.model.add(self.value <= best.value // self.stage.unit)
        self.model.minimize(self.value)
        ties = [best]
        while len(ties) < TIES_LISTED:
            self._exclude(ties[-1])
            other = self._solve(watch, TIES_WORK)
            if other.choice is None:
                return Outcome(min(ties, key=self._order), other.proven)
            ties.append(other.choice)
        return self._first_in_order(watch, min(ties, key=self._order))

    def _exclude(self, choice: Choice) -> None:
        chosen, alone = set(choice.partnerships), set(choice.alone)
        variables = [v for v, members in zip(self.together, self.members, strict=True) if members in chosen]
        variables += [variable for node, variable in self.alone.items() if node in alone]
        self.model.add_bool_or([variable.negated() for variable in variables])

    def _order(self, choice: Choice) -> int:
        return sum(map(self._rank, choice.partnerships))

    def _rank(self, members: Members) -> int:
        """A number below 2**40 that depends on the schools alone."""
        headships = self.space.problem.roster.headships
        urns = [headships[node].base_urn for node in members]
        return int.from_bytes(hashlib.sha256(repr(urns).encode()).digest()[:5], "big")

    def _first_in_order(self, watch: Watch, best: Choice) -> Outcome:
        """The same where there are many: a search of its own, over all of them."""
        fresh = Partitioning(self.space, self.stage, self.pool, self.places)
        fresh.model.add(fresh.value <= best.value // self.stage.unit)
        ranks = [self._rank(members) for members in self.members]
        fresh.model.minimize(cp_model.LinearExpr.weighted_sum(fresh.together, ranks))
        found = fresh._solve(watch, TIES_WORK)
        return Outcome(found.choice or best, found.proven)

    def _solve(self, watch: Watch, work: float) -> Outcome:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        solver.parameters.random_seed = watch.seed
        solver.parameters.linearization_level = 2
        solver.parameters.symmetry_level = 0
        if work:
            solver.parameters.max_deterministic_time = work
        solver.parameters.max_time_in_seconds = watch.seconds_left()
        with watch.stops(solver.stop_search):
            status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Outcome(None, proven=status == cp_model.INFEASIBLE)
        partnerships = tuple(
            sorted(m for chosen, m in zip(self.together, self.members, strict=True) if solver.boolean_value(chosen))
        )
        alone = tuple(node for node, variable in self.alone.items() if solver.boolean_value(variable))
        value = solver.value(self.value) * self.stage.unit
        return Outcome(Choice(partnerships, alone, value), proven=status == cp_model.OPTIMAL)
