"""A town that counts as a large area, whose plans are improved by solving parts again."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from town import town

from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.rules import HeadsPer, MinutesMax
from partition.solver import neighbourhoods, search
from partition.solver.choice import Choice
from partition.solver.encode import search_space
from partition.solver.neighbourhoods import improvements, trades
from partition.solver.parts import Crew
from partition.solver.pricer import Pricer
from partition.solver.prices import Duals, Prices
from partition.solver.search import Search
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage, cheapest, fewest_by_cost
from partition.solver.watch import Watch

SCHOOLS = 48


def large_town() -> Problem:
    """Schools at random over a square of 80 minutes."""
    draws = Random(5)
    points = [(draws.uniform(0, 80), draws.uniform(0, 80)) for _ in range(SCHOOLS)]
    minutes = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5, 2) for c, d in points] for a, b in points]
    return Problem(town(minutes), [HeadsPer(2, 4), MinutesMax(25)], Preferences(meet="pairs"))


def make_parts_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A town counts as a large area, and a part of twelve as wide."""
    for module in (neighbourhoods, search):
        monkeypatch.setattr(module, "WIDE", (12, 18))
    monkeypatch.setattr(search, "LARGE", 20)


def unpriced(space: SearchSpace, stage: Stage) -> Prices:
    nobody, none = np.zeros(space.size, np.int64), np.zeros(0, np.int64)
    return Prices(space, stage, Duals(nobody, 0, none, none), [])


def poor(space: SearchSpace, stage: Stage) -> Choice:
    """Partnerships of two, as they come."""
    every = Pricer(space, 1, np.zeros(1, dtype=bool)).enumerate(unpriced(space, stage), 2**60, 100_000)
    assert every is not None
    cost_of = dict(zip(every.tuples(), every.costs.tolist(), strict=True))
    taken: dict[tuple[int, ...], int] = {}
    for members, cost in sorted(cost_of.items(), key=lambda found: (len(found[0]), -found[1], found[0])):
        if not {node for group in taken for node in group} & set(members):
            taken[members] = cost
    alone = tuple(sorted(set(range(space.size)) - {node for group in taken for node in group}))
    found = Choice(tuple(sorted(taken)), alone, 0, tuple(taken[members] for members in sorted(taken)))
    return replace(found, value=found.value_in(stage))


def begun(problem: Problem) -> tuple[SearchSpace, Stage, Choice]:
    space = search_space(problem)
    start = poor(space, fewest_by_cost(space))
    stage = cheapest(space, len(start.alone))
    return space, stage, replace(start, value=start.value_in(stage))


def plans(problem: Problem, watch: Watch, crew: Crew | None) -> list[Choice]:
    """Every plan that wide parts solved again, and then trades, lead to."""
    space, stage, start = begun(problem)
    prices, some = unpriced(space, stage), Search(space, Pricer(space, 1, watch.stop), watch, crew)
    better = list(improvements(space, stage, start, prices, some.solve_parts, wide=12))
    return [*better, *trades(space, stage, better[-1], prices, some.solve_parts)]
