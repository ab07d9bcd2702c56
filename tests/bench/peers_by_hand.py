"""The strongest model that a user of OR-Tools would write by hand: every allowed group listed, and CP-SAT to choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from peers import Ask, Best

SHARE_FOR_LISTING = 0.3  # of the time, after which the list has no end
GROUPS_MOST = 1_000_000  # more do not fit into memory beside CP-SAT


def cp_sat_partitioning(ask: Ask, best: Best, cores: int, seed: int) -> str:
    """Each group listed is taken or not, each head at most once: first the fewest left out, then the least cost."""
    from ortools.sat.python import cp_model

    listed = list[tuple[int, ...]]()
    whole = True
    for group in _allowed(ask):
        if len(listed) == GROUPS_MOST or best.seconds_left < (1 - SHARE_FOR_LISTING) * best.seconds:
            whole = False
            break
        listed.append(group)
    model = cp_model.CpModel()
    taken = [model.new_bool_var("") for _ in listed]
    left_out = [model.new_bool_var("") for _ in range(ask.size)]
    of_member: list[list[Any]] = [[one] for one in left_out]
    for variable, group in zip(taken, listed, strict=True):
        for member in group:
            of_member[member].append(variable)
    for variables in of_member:
        model.add_exactly_one(variables)
    for one in left_out:  # to begin somewhere: nobody placed
        model.add_hint(one, True)
    scale = lcm(*range(ask.size_limits[0], ask.size_limits[1] + 1)) if ask.rotates else 2
    costs = [_cost(ask, group, scale) for group in listed]

    def best_by(objective: Any, share: float) -> tuple[bool, float] | None:
        """Whether it is proven, and the bound; None where nothing was found."""
        model.minimize(objective)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers, solver.parameters.random_seed = cores, seed
        solver.parameters.max_time_in_seconds = max(1.0, best.seconds_left * share)
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        model.clear_hints()
        for variable in (*taken, *left_out):
            model.add_hint(variable, solver.boolean_value(variable))
        best.see([group for variable, group in zip(taken, listed, strict=True) if solver.boolean_value(variable)])
        model.add(sum(left_out) <= sum(solver.boolean_value(one) for one in left_out))
        return status == cp_model.OPTIMAL, solver.best_objective_bound

    fewest = best_by(sum(left_out), 0.5)
    cheapest = best_by(cp_model.LinearExpr.weighted_sum(taken, costs), 1.0) if fewest else None
    if whole and fewest and fewest[0] and cheapest:
        best.bound = ask.carried + cheapest[1] / scale
    words = "every allowed group" if whole else "those listed in time"
    known = "fewest proven" if whole and fewest and fewest[0] else "fewest open"
    return f"{cores} workers, {len(listed):,} groups ({words}), set partitioning, fewest first ({known}), then cost"


def _cost(ask: Ask, group: Sequence[int], scale: int) -> int:
    """What a group costs, in thousandths times `scale`."""
    pairs = list(combinations(group, 2))
    drives = sum(int(ask.drives[pair]) for pair in pairs)
    share = 2 * ask.factor * scale // len(group) if ask.rotates else scale * ask.factor // 2
    return share * drives + scale * sum(int(ask.prices[pair]) for pair in pairs)


def _allowed(ask: Ask) -> Iterator[tuple[int, ...]]:
    """Every group that keeps the limits on drives, heads and pupils, depth first."""
    near = [set(np.flatnonzero(~ask.apart[member]).tolist()) - {member} for member in range(ask.size)]
    least, most = ask.pupils_limits or (0, int(ask.pupils.sum()))
    open_ = [((member,), {other for other in near[member] if other > member}) for member in range(ask.size)]
    while open_:
        group, others = open_.pop()
        pupils = int(ask.pupils[list(group)].sum())
        if pupils > most:
            continue
        if len(group) >= ask.size_limits[0] and pupils >= least:
            yield group
        if len(group) < ask.size_limits[1]:
            open_ += (((*group, other), {third for third in others & near[other] if third > other}) for other in others)
