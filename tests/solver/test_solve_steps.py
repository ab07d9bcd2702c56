"""What the search does only in a county, done in little towns: lists reached step by step, dives completed by a part.

The sizes from which these begin are set so low that a town is a county; then every plan is tried.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from random import Random
from threading import Event

import numpy as np
import pytest
from drawn import agrees, bounds_hold, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from large_town import large_town

from partition.model.problem import Problem
from partition.solver import Limits, diving, endgame, search, solve
from partition.solver.columns import Pool, columns_of
from partition.solver.cuts import _growth, _Support
from partition.solver.diving import dive_partly
from partition.solver.encode import search_space
from partition.solver.generation import Generation
from partition.solver.neighbourhoods import completed
from partition.solver.pricer import Pricer
from partition.solver.search import solved_part
from partition.solver.stage import cheapest
from partition.solver.watch import Watch

REST = 24  # half of the heads of the large town


@contextmanager
def a_town_is_a_county(*, only_branching: bool) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "FEW", 0)
        patch.setattr(search, "REST_OF_DIVE", 2)
        patch.setattr(diving, "COLUMNS_LEAST", 3)
        patch.setattr(diving, "COLUMNS_PER_NODE", 1)
        patch.setattr(endgame, "FIRST_COLUMNS", 3)
        patch.setattr(endgame, "COLUMNS_PER_ROUND", 1)
        if only_branching:
            for module in (search, endgame):
                patch.setattr(module, "violated", lambda *_, **__: [])
                patch.setattr(module, "dive", lambda *_, **__: None)
        yield


@settings(max_examples=100, deadline=None)
@given(problems(), st.booleans())
def test_a_county_in_small_agrees_with_trying_every_plan(problem: Problem, only_branching: bool) -> None:
    with a_town_is_a_county(only_branching=only_branching):
        agrees(problem)


@settings(max_examples=40, deadline=None)
@given(problems(), st.integers(1, 25))
def test_a_county_in_small_has_bounds_that_hold_wherever_it_is_stopped(problem: Problem, stop_after: int) -> None:
    with a_town_is_a_county(only_branching=True):
        bounds_hold(problem, stop_after, Event())


def test_a_dive_and_the_rest_solved_as_a_part_make_a_plan() -> None:
    problem = large_town()
    best = solve(problem)
    assert best.unplaced is not None and best.cost is not None
    space = search_space(problem)
    stage = cheapest(space, best.unplaced)
    with Watch(Limits()) as watch:
        generation = Generation(space, stage, Pool(space.width), Pricer(space, 1, watch.stop), watch)
        relaxation = generation.converge(lambda: None)
        assert relaxation is not None and not relaxation.whole
        fixed = dive_partly(generation.master, generation.prices(relaxation), None, watch, REST)
        assert fixed is not None and 0 < len(fixed.alone) <= 2 * REST
        plan = completed(space, stage, fixed, partial(solved_part, watch=watch, briefly=True))
    assert plan is not None
    assert set(fixed.partnerships) <= set(plan.partnerships)
    assert sorted([n for members in plan.partnerships for n in members] + list(plan.alone)) == list(range(space.size))
    assert plan.value == plan.value_in(stage)
    assert plan.value >= best.cost.total * stage.scale


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4))
def test_a_set_grows_by_the_node_that_gains_most_as_worked_out_anew_at_each_step(seed: int, divisor: int) -> None:
    draws = Random(seed)
    groups = {tuple(sorted(draws.sample(range(14), draws.randint(2, 5)))): 0 for _ in range(25)}
    columns = columns_of(groups, 5)
    used = np.array([draws.choice([0.25, 0.5, 1 / 3]) for _ in groups])
    of_column = columns.incidence(14)
    of_node = of_column.T.tocsr()
    flat = (of_column.indptr, of_column.indices, of_node.indptr, of_node.indices)
    support = _Support(used, *(part.astype(np.int64) for part in flat))
    limits = np.array([5, 9])
    first = draws.choice(columns.tuples()[0])
    order, counts, violations = _growth(support, divisor, limits, first)

    def gain(node: int, inside: list[int]) -> float:
        total = 0.0
        for members, share in zip(groups, used.tolist(), strict=True):
            held = len(set(members) & set(inside))
            if node in members and (held + 1) % divisor == 0:
                total += share
            elif node in members and held:
                total += 0.25 * share * ((held + 1) % divisor / divisor) ** 2
        return total

    def violation(inside: list[int]) -> float:
        amounts = [
            share * (len(set(m) & set(inside)) // divisor) for m, share in zip(groups, used.tolist(), strict=True)
        ]
        return float(sum(amounts)) - len(inside) // divisor

    inside = [first]
    for node in order.tolist()[1:]:
        near = {n for members in groups if set(members) & set(inside) for n in members} - set(inside)
        gains = {n: gain(n, inside) for n in near}
        assert gains[node] >= max(gains.values()) - 1e-5
        inside.append(node)
    for limit, count, most in zip(limits.tolist(), counts.tolist(), violations.tolist(), strict=True):
        grown = order.tolist()[: min(limit, len(order))]
        best = max(violation(grown[: n + 1]) for n in range(len(grown)))
        assert most == pytest.approx(max(best, 0), abs=1e-5)
        if count:
            assert violation(grown[:count]) == pytest.approx(most, abs=1e-5)
