"""The best of all possible trios: first the fewest heads left out, then the least cost, proven by OR-Tools.

Every trio is a column of one small integer programme, a set partitioning. Its relaxation is tightened by subset-row
cuts: of any three heads, at most one trio can hold two or more. Reduced costs then exclude all but a few hundred
trios, and the best choice among the others is found and proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil
from time import monotonic
from typing import Any, Literal

import networkx as nx
import numpy as np
from numpy.typing import NDArray

TRIO = 3
COLUMNS_FIRST = 5  # trios for each head among which a first answer is searched
CUTS_A_ROUND, ROUNDS_MOST = 60, 40
VIOLATION = 0.02  # least excess over 1 for which a subset-row cut is added
CLOSE = 1e-6

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Three = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The trios chosen, as rows of those offered, and whether they are proven best."""

    rows: tuple[int, ...]
    is_proven: bool


def trios_near(near: NDArray[np.bool_]) -> Ints:
    """Return every three heads of which each two are near, a row each, in order.

    `near` is symmetric, with False on the diagonal.
    """
    found = []
    for a in range(len(near)):
        others = np.flatnonzero(near[a, a + 1 :]) + a + 1
        b, c = np.nonzero(np.triu(near[np.ix_(others, others)], 1))
        found.append(np.column_stack([np.full(len(b), a), others[b], others[c]]))
    return np.concatenate(found or [np.zeros((0, TRIO))]).astype(np.int64)


def choose_trios(heads: int, trios: Ints, costs: Ints, seconds: float) -> Chosen:
    """Return disjoint trios: as many as possible, and of those the cheapest; if time runs out, the best found.

    `trios` has a row of three heads each (from 0), `costs` a whole number for each row.
    """
    question = _Question(heads, trios, costs, monotonic() + seconds)
    if not len(trios):
        return Chosen((), is_proven=True)
    left_out = question.left_out_least()
    while left_out is not None:
        answer = question.cheapest(left_out)
        if answer is None:
            break
        if answer != "none":
            return answer
        left_out += TRIO
    return Chosen(question.greedy(), is_proven=False)


@dataclass(frozen=True, slots=True)
class _Solved:
    """The answer of OR-Tools. `values` and `dear` (reduced costs) are by trio, None where there is no answer."""

    status: Literal["best", "none", "stopped"]
    objective: float = 0.0
    values: Floats | None = None
    dear: Floats | None = None


_STOPPED = _Solved("stopped")


class _Question:
    """The heads, their possible trios, and the time at which the search ends."""

    def __init__(self, heads: int, trios: Ints, costs: Ints, until: float) -> None:
        self.heads, self.trios, self.costs, self.until = heads, trios, costs, until

    def left_out_least(self) -> int | None:
        """Return a lower bound on the heads left out; None where time ran out.

        The bound comes from the size of each connected cluster modulo three, and from the relaxation.
        """
        graph = nx.Graph([(int(a), int(b)) for trio in self.trios for a, b in combinations(trio, 2)])
        graph.add_nodes_from(range(self.heads))
        least = sum(len(cluster) % TRIO for cluster in nx.connected_components(graph))
        model = _Model(self, np.arange(len(self.trios)), costs=np.zeros(len(self.trios)), left_out=None)
        solved = model.tightened()
        if solved.status != "best":
            return None
        more = max(0, ceil(solved.objective - CLOSE) - least)
        return least + TRIO * -(-more // TRIO)

    def cheapest(self, left_out: int) -> Chosen | Literal["none"] | None:
        """Return the cheapest trios with at most `left_out` heads left out.

        "none" where no trios leave so few out, None where time ran out first.
        """
        every = np.arange(len(self.trios))
        model = _Model(self, every, self.costs, left_out)
        relaxed = model.tightened()
        if relaxed.status != "best":
            return "none" if relaxed.status == "none" else None
        assert relaxed.dear is not None
        likely = np.sort(np.argsort(relaxed.dear, kind="stable")[: COLUMNS_FIRST * self.heads])
        few = 2 * len(likely) >= len(every)  # a first search over half of the trios would take as long
        first = _STOPPED if few else _Model(self, likely, self.costs, left_out, model.cuts).solve(whole=True)
        keep = every
        if first.values is not None:
            spare = first.objective - relaxed.objective
            keep = np.flatnonzero(relaxed.dear <= spare + 1)  # costs are whole numbers: a margin of 1 for rounding
        last = _Model(self, keep, self.costs, left_out, model.cuts).solve(whole=True)
        if last.values is not None:
            return Chosen(_rows(keep, last.values), is_proven=last.status == "best")
        if first.values is not None:
            return Chosen(_rows(likely, first.values), is_proven=False)
        return "none" if last.status == "none" else None

    def greedy(self) -> tuple[int, ...]:
        """Return trios chosen greedily, the cheapest free one each time: an answer where time ran out."""
        taken: set[int] = set()
        found = []
        for row in np.argsort(self.costs, kind="stable").tolist():
            if taken.isdisjoint(self.trios[row].tolist()):
                taken.update(self.trios[row].tolist())
                found.append(row)
        return tuple(sorted(found))


def _rows(columns: Ints, values: Floats) -> tuple[int, ...]:
    return tuple(columns[values > 0.5].tolist())


class _Model:
    """The programme over some of the trios: a row for each head, and a column for each head that is left out."""

    def __init__(
        self, question: _Question, columns: Ints, costs: NDArray[Any], left_out: int | None, cuts: Sequence[Three] = ()
    ) -> None:
        from partition.solver.linear import LinearProgramme

        self.question, self.costs, self.left_out = question, costs[columns], left_out
        self.trios = question.trios[columns]
        heads, count = question.heads, len(columns)
        self.prices = np.concatenate([self.costs, np.full(heads, 1.0 if left_out is None else 0.0)]).astype(float)
        self.programme = LinearProgramme()
        nothing = np.zeros(0, np.int64)
        self.programme.add_rows(np.ones(heads), np.ones(heads), np.zeros(heads, np.int64), nothing, np.zeros(0))
        starts = np.concatenate([np.arange(count) * TRIO, count * TRIO + np.arange(heads)])
        places = np.concatenate([self.trios.ravel(), np.arange(heads)])
        self.programme.add_columns(self.prices, starts, places, np.ones(len(places)))
        self.held: list[Ints] = []  # by row after those of the heads, the columns that it counts
        if left_out is not None:
            self._add_row(np.arange(count, count + heads), left_out)
        self.cuts: list[Three] = []
        self.cut(cuts)

    def _add_row(self, columns: Ints, most: float) -> None:
        start, least = np.zeros(1, np.int64), np.array([-np.inf])
        self.programme.add_rows(least, np.array([float(most)]), start, columns, np.ones(len(columns)))
        self.held.append(columns)

    def cut(self, cuts: Sequence[Three]) -> None:
        """Add subset-row cuts: at most one trio may hold two or more of these three heads."""
        for three in cuts:
            held = np.isin(self.trios, three).sum(axis=1)
            self._add_row(np.flatnonzero(held >= 2), 1.0)
        self.cuts += cuts

    def tightened(self) -> _Solved:
        """Return the relaxation with every subset-row cut that it violates clearly."""
        solved = self.solve()
        for _ in range(ROUNDS_MOST):
            found = sorted(self._broken(solved), reverse=True)[:CUTS_A_ROUND]
            if not found:
                break
            self.cut([three for _, three in found])
            solved = self.solve()
        return solved

    def _broken(self, solved: _Solved) -> Iterator[tuple[float, Three]]:
        """Yield each three heads whose cut is violated, with the sum of the trios that hold two or more of these."""
        if solved.values is None:
            return
        known = set(self.cuts)
        shared: dict[tuple[int, int], float] = {}
        in_part = np.flatnonzero((solved.values > CLOSE) & (solved.values < 1 - CLOSE))
        parts = {tuple(self.trios[row].tolist()): float(solved.values[row]) for row in in_part}
        for trio, part in parts.items():
            for pair in combinations(trio, 2):
                shared[pair] = shared.get(pair, 0.0) + part
        graph = nx.Graph(shared.keys())
        meeting = {tuple(sorted({*pair, other})) for pair in shared for end in pair for other in graph[end]}
        for three in sorted(three for three in meeting if len(three) == TRIO):
            held = sum(shared.get(pair, 0.0) for pair in combinations(three, 2)) - 2 * parts.get(three, 0.0)
            if held > 1 + VIOLATION and three not in known:
                yield held, (three[0], three[1], three[2])

    def solve(self, *, whole: bool = False) -> _Solved:
        """Return the answer to the relaxation, or (`whole`) to the integer programme."""
        from partition.solver.linear import NumericalTrouble

        left = self.question.until - monotonic()
        if left <= 0:
            return _STOPPED
        if whole:
            return self._solve_whole(left)
        try:
            solved = self.programme.solve(left)
        except NumericalTrouble:
            return _STOPPED
        if not solved:
            return _Solved("none") if self.programme.impossible else _STOPPED
        count, heads = len(self.trios), self.question.heads
        dear = self.prices[:count] - self.programme.duals[self.trios].sum(axis=1)
        for columns, dual in zip(self.held, self.programme.duals[heads:].tolist(), strict=True):
            dear[columns[columns < count]] -= dual
        return _Solved("best", self.programme.objective, self.programme.values[:count], dear)

    def _solve_whole(self, seconds: float) -> _Solved:
        """Return the best choice of whole trios, by CP-SAT."""
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        taken = [model.new_bool_var("") for _ in self.trios]
        alone = [model.new_bool_var("") for _ in range(self.question.heads)]
        of_head: list[list[cp_model.IntVar]] = [[out] for out in alone]
        for trio, variable in zip(self.trios.tolist(), taken, strict=True):
            for head in trio:
                of_head[head].append(variable)
        for choices in of_head:
            model.add_exactly_one(choices)
        if self.left_out is not None:
            model.add(cp_model.LinearExpr.sum(alone) <= self.left_out)
        for three in self.cuts:
            model.add_at_most_one(taken[n] for n in np.flatnonzero(np.isin(self.trios, three).sum(axis=1) >= 2))
        model.minimize(cp_model.LinearExpr.weighted_sum(taken, [int(cost) for cost in self.costs]))
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.catch_sigint_signal = False
        solver.parameters.random_seed = 1
        solver.parameters.linearization_level = 2
        solver.parameters.symmetry_level = 0
        solver.parameters.max_time_in_seconds = seconds
        status = solver.solve(model)
        if status == cp_model.INFEASIBLE:
            return _Solved("none")
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return _STOPPED
        values = np.array([float(solver.boolean_value(variable)) for variable in taken])
        return _Solved("best" if status == cp_model.OPTIMAL else "stopped", solver.objective_value, values)
