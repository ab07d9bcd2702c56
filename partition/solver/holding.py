"""The cheapest plan that no group of heads would leave, over a closed list of partnerships, by CP-SAT.

A group at whose members a plan must not be worse adds one row: at least one of its heads has less than the gain to win
there. Such a head is in a partnership in which it has little of its own, so the row is a clause over "this head has at
most so much", and those follow one another by head (the order encoding of Crawford and Baker 1994). The rows of listed
groups stand from the start; rows of others are added when a plan tempts them, as cuts are. A stable partition of this
kind, with every coalition as a column: Knuth 1976 for pairs; hedonic games: Bogomolnaia and Jackson 2002.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from partition.solver.columns import Columns, Members
from partition.solver.prices import amounts
from partition.solver.tempting import Tempter
from partition.solver.watch import Watch


@dataclass(frozen=True, slots=True)
class Held:
    """The end of one search: a choice of columns and of nodes alone, or None, and a bound on the value of every one.

    `impossible` says that it is proven that there is none.
    """

    partnerships: tuple[Members, ...] | None
    value: int | None
    bound: int | None
    impossible: bool = False


class Holding:
    """Plans of listed partnerships that no listed group would leave at a gain, in thousandths."""

    def __init__(self, tempter: Tempter, columns: Columns, gain: int, watch: Watch) -> None:
        self.tempter, self.watch, self.gain = tempter, watch, gain
        self.problem, self.space = tempter.problem, tempter.space
        self.members = columns.tuples()
        self.costs = columns.costs.tolist()
        self.model = cp_model.CpModel()
        self.taken = [self.model.new_bool_var("") for _ in self.members]
        self.alone = {n: self.model.new_bool_var("") for n in np.flatnonzero(~self.space.must_place).tolist()}
        self._own: dict[Members, dict[int, int]] = {}
        self._levels = [self._levels_of(node, of_node) for node, of_node in enumerate(self._columns_by_node())]
        self._at_most: list[dict[int, cp_model.IntVar]] = [{} for _ in range(self.space.size)]
        self._keep_plan_rules(columns)
        self.add_groups(self.members)

    def _columns_by_node(self) -> list[list[int]]:
        by_node: list[list[int]] = [[] for _ in range(self.space.size)]
        for number, members in enumerate(self.members):
            for node in members:
                by_node[node].append(number)
        for node, of_node in enumerate(by_node):
            choices = [self.taken[number] for number in of_node]
            self.model.add_exactly_one([*choices, *([self.alone[node]] if node in self.alone else [])])
        return by_node

    def _levels_of(self, node: int, of_node: Sequence[int]) -> list[tuple[int, cp_model.IntVar]]:
        """Return what the node has in each choice in which it is placed, with the choice, in ascending order."""
        levels = [(self.own(self.members[number])[node], number) for number in of_node]
        found = [(own, self.taken[number]) for own, number in sorted(levels)]
        headship = self.problem.roster.headships[node]
        if not headship.small and node in self.alone:  # an associate that no partnership has is not worse off than any
            own = self.problem.tariff.alone(node).total
            found.insert(bisect_left([level for level, _ in found], own), (own, self.alone[node]))
        return found

    def own(self, members: Members) -> dict[int, int]:
        """Return what each head of a partnership has of it, by node."""
        if members not in self._own:
            self._own[members] = self.tempter.owns(members)
        return self._own[members]

    def _keep_plan_rules(self, columns: Columns) -> None:
        for row in self.space.plan_rows:
            total = cp_model.LinearExpr.weighted_sum(self.taken, amounts(row, columns, self.space).tolist())
            if row.low is not None:
                self.model.add(total >= row.low)
            if row.high is not None:
                self.model.add(total <= row.high)

    # Groups -------------------------------------------------------------------------------------------------

    def add_groups(self, groups: Iterable[Members]) -> None:
        """Demand of each group that one of its heads has less than the gain to win there."""
        wanted = [
            {node: self._places_below(node, own + self.gain) for node, own in self.own(members).items()}
            for members in groups
        ]
        for node in range(self.space.size):
            self._define(node, sorted({places[node] for places in wanted if node in places}))
        for places in wanted:
            self.model.add_bool_or([self._at_most[node][place] for node, place in places.items() if place])

    def _places_below(self, node: int, own: int) -> int:
        """Return the number of choices in which the node has less than that."""
        return bisect_left([level for level, _ in self._levels[node]], own)

    def _define(self, node: int, places: Sequence[int]) -> None:
        """Define for a node "one of its first choices is taken", from the nearest definition below upwards."""
        known = self._at_most[node]
        for place in places:
            if place == 0 or place in known:
                continue
            below = max((other for other in known if other < place), default=0)
            between = [choice for _, choice in self._levels[node][below:place]]
            variable = self.model.new_bool_var("")
            so_far = [known[below]] if below else []
            self.model.add(variable == cp_model.LinearExpr.sum([*so_far, *between]))
            known[place] = variable

    # Search -------------------------------------------------------------------------------------------------

    def fewest(self) -> Held:
        """Return a plan with the fewest small schools unplaced; its value and bound are numbers of schools."""
        self.model.minimize(self._unplaced())
        return self._solve()

    def leave_at_most(self, unplaced: int) -> None:
        """Allow at most so many small schools unplaced from now on."""
        self.model.add(self._unplaced() <= unplaced)

    def cheapest(self) -> Held:
        """Return the cheapest plan; value and bound are in thousandths."""
        carried = [int(self.space.carried[node]) for node in self.alone]
        choices = [*self.taken, *self.alone.values()]
        self.model.minimize(cp_model.LinearExpr.weighted_sum(choices, [*self.costs, *carried]))
        return self._solve()

    def any(self) -> Held:
        """Return any plan, where nothing else was asked before; its value and bound say nothing."""
        return self._solve()

    def _unplaced(self) -> cp_model.LinearExpr:
        return cp_model.LinearExpr.weighted_sum(
            list(self.alone.values()), [int(self.space.small[node]) for node in self.alone]
        )

    def _solve(self) -> Held:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        solver.parameters.random_seed = self.watch.seed
        solver.parameters.linearization_level = 2
        solver.parameters.max_time_in_seconds = self.watch.seconds_left()
        with self.watch.stops(solver.stop_search):
            status = solver.solve(self.model)
        if status == cp_model.INFEASIBLE:
            return Held(None, None, None, impossible=True)
        bound = round(solver.best_objective_bound)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Held(None, None, bound)
        taken = zip(self.taken, self.members, strict=True)
        chosen = tuple(sorted({members for variable, members in taken if solver.boolean_value(variable)}))
        return Held(chosen, round(solver.objective_value), bound)
