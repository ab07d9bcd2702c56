"""The solver's parts against trying everything: pricing under cuts, cuts against plans, branching without cuts."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from town import line, partitions, town

from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.rules import HeadsPer, MinutesMax
from partition.solver import Limits, endgame
from partition.solver.choice import Choice
from partition.solver.columns import Columns, Pool
from partition.solver.cuts import Cut, coefficients, violated
from partition.solver.encode import search_space
from partition.solver.endgame import Endgame
from partition.solver.generation import Generation
from partition.solver.neighbourhoods import trades
from partition.solver.pricer import Pricer
from partition.solver.prices import Duals, Prices
from partition.solver.search import Search
from partition.solver.space import SearchSpace
from partition.solver.stage import Stage, as_many_as_heads_suffice_for, cheapest, fewest_by_cost
from partition.solver.watch import Watch

EVERYTHING = 2**60


def scattered(heads: int, seed: int, meet: str = "rotate", heads_min: int = 2, heads_max: int = 4) -> Problem:
    """Heads at random over half an hour's square."""
    draws = Random(seed)
    points = [(draws.uniform(0, 30), draws.uniform(0, 30)) for _ in range(heads)]
    minutes = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5, 2) for c, d in points] for a, b in points]
    rules = [HeadsPer(heads_min, heads_max), MinutesMax(25)]
    return Problem(town(minutes), rules, Preferences(meet=meet))  # type: ignore[arg-type]


def all_columns(space: SearchSpace, stage: Stage) -> Columns:
    found = Pricer(space, 1, np.zeros(1, dtype=bool)).enumerate(unpriced(space, stage), EVERYTHING, 100_000)
    assert found is not None
    return found


def unpriced(space: SearchSpace, stage: Stage) -> Prices:
    """Nobody is charged anything."""
    nobody, none = np.zeros(space.size, np.int64), np.zeros(0, np.int64)
    return Prices(space, stage, Duals(nobody, 0, none, none), [])


def values_of_all_plans(every: Columns, stage: Stage) -> list[int]:
    """What each plan comes to in a stage."""
    cost_of = dict(zip(every.tuples(), every.costs.tolist(), strict=True))
    return [
        sum(cost_of[g] * stage.scale if len(g) > 1 else int(stage.alone[g[0]]) for g in groups)
        for plan in partitions(range(len(stage.alone)))
        for groups in [[tuple(sorted(group)) for group in plan]]
        if all(len(g) == 1 or g in cost_of for g in groups)
    ]


def random_prices(space: SearchSpace, stage: Stage, draws: Random) -> Prices:
    """Duals and cuts such as a master might give."""
    nodes = np.array([draws.randint(0, 300_000_000) for _ in range(space.size)], dtype=np.int64)
    cuts = []
    for _ in range(draws.randint(0, 6)):
        divisor = draws.randint(2, 4)
        size = draws.randint(divisor, space.size)
        cuts.append(Cut(tuple(sorted(draws.sample(range(space.size), size))), divisor))
    paid = np.array([-draws.randint(0, 80_000_000) for _ in cuts], dtype=np.int64)
    return Prices(space, stage, Duals(nodes, 0, np.zeros(0, np.int64), paid), cuts)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["rotate", "pairs", "host"]))
def test_pricing_under_cuts_finds_just_what_looking_at_every_partnership_finds(seed: int, meet: str) -> None:
    space = search_space(scattered(7, seed, meet))
    stage = fewest_by_cost(space)
    every = all_columns(space, stage)
    prices = random_prices(space, stage, Random(seed))
    reduced = prices.of(every)
    pricer = Pricer(space, 1, np.zeros(1, dtype=bool))
    threshold = int(np.median(reduced)) if len(reduced) else 0
    found = pricer.enumerate(prices, threshold, 100_000)
    assert found is not None
    assert sorted(found.tuples()) == sorted(m for m, r in zip(every.tuples(), reduced, strict=True) if r <= threshold)
    priced = pricer.price(prices, 3)
    assert bool(len(priced.found)) == bool((reduced < 0).any())
    assert priced.bound is not None and priced.bound <= min(values_of_all_plans(every, stage))


def test_every_partnership_of_a_town_is_listed_once_and_at_its_cost() -> None:
    problem = scattered(8, 3)
    space = search_space(problem)
    every = all_columns(space, fewest_by_cost(space))
    costs = dict(zip(every.tuples(), every.costs.tolist(), strict=True))
    allowed = {
        members: problem.tariff.cost(group).total
        for size in range(2, 5)
        for members in combinations(range(8), size)
        for group in [problem.roster.group(members)]
        if not any(True for rule in problem.rules for _ in rule.breaches(group))
    }
    assert costs == allowed and len(every) == len(costs)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_no_plan_breaks_a_cut_and_what_is_called_violated_is(seed: int) -> None:
    draws = Random(seed)
    space = search_space(scattered(7, seed))
    every = all_columns(space, fewest_by_cost(space))
    used = np.array([draws.choice([0, 0, 0.25, 0.5]) for _ in range(len(every))])
    cuts = violated(every, used, space.size, (), most=50, largest=7, heads=4)
    amounts = coefficients(every, cuts, space.size).toarray()
    assert all(used @ amounts[:, n] > cut.most for n, cut in enumerate(cuts))
    place = {members: n for n, members in enumerate(every.tuples())}
    for plan in partitions(range(7)):
        groups = [place.get(tuple(sorted(group))) for group in plan if len(group) > 1]
        if None not in groups:
            assert all(amounts[groups, n].sum() <= cut.most for n, cut in enumerate(cuts))


def test_the_triple_of_three_pairs_half_used_is_cut_off() -> None:
    minutes = [[0 if a == b else 5 for b in range(3)] for a in range(3)]
    space = search_space(Problem(town(minutes), [HeadsPer(2, 2)]))
    every = all_columns(space, fewest_by_cost(space))
    assert every.tuples() == [(0, 1), (0, 2), (1, 2)]
    found = violated(every, np.full(len(every), 0.5), 3, (), most=5, largest=3, heads=2)
    assert Cut((0, 1, 2), 2) in found


@pytest.mark.parametrize("seed", range(6))
def test_branching_alone_ends_at_the_best_plan(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without cuts and without dives, all that is left is to branch."""
    monkeypatch.setattr(endgame, "violated", lambda *_, **__: [])
    monkeypatch.setattr(endgame, "dive", lambda *_, **__: None)
    problem = scattered(9, seed, "pairs", heads_min=3)
    space = search_space(problem)
    stage = fewest_by_cost(space)
    every = all_columns(space, stage)
    with Watch(Limits(seconds=60)) as watch:
        ended = Endgame(space, stage, every, unpriced(space, stage), stage.ceiling(space), watch).play(
            lambda _: False, 10, 10_000
        )
    assert ended.choice is not None
    assert ended.choice.value == min(values_of_all_plans(every, stage))
    assert ended.bound >= ended.choice.value


def test_a_stage_that_nothing_can_meet_is_proven_impossible_by_its_bound() -> None:
    """Five heads in pairs: one is always left, so none left is impossible."""
    space = search_space(scattered(5, 2, heads_max=2))
    stage = cheapest(space, 0)
    every = all_columns(space, stage)
    with Watch(Limits(seconds=60)) as watch:
        ended = Endgame(space, stage, every, unpriced(space, stage), stage.ceiling(space), watch).play(
            lambda _: False, 10, 1_000
        )
    assert ended.choice is None
    assert ended.bound > stage.ceiling(space)


def test_two_parts_trade_who_is_left_alone_where_that_saves() -> None:
    """Two valleys of four in threes or fours, one head alone: far better the one at the end of the long valley."""
    positions = [0, 1, 2, 24, 500, 501, 502, 503]
    minutes = [[abs(a - b) for b in positions] for a in positions]
    problem = Problem(town(minutes), [HeadsPer(3, 4), MinutesMax(25)])
    space = search_space(problem)
    stage = cheapest(space, 1)
    cost_of = dict(zip(all_columns(space, stage).tuples(), all_columns(space, stage).costs.tolist(), strict=True))

    def choice(*partnerships: tuple[int, ...]) -> Choice:
        alone = tuple(set(range(8)) - {node for members in partnerships for node in members})
        now = Choice(partnerships, alone, 0, tuple(cost_of[members] for members in partnerships))
        return replace(now, value=now.value_in(stage))

    start, best = choice((0, 1, 2, 3), (4, 5, 6)), choice((0, 1, 2), (4, 5, 6, 7))
    with Watch(Limits(seconds=60)) as watch:
        solve_parts = Search(space, Pricer(space, 1, watch.stop), watch).solve_parts
        better = list(trades(space, stage, start, unpriced(space, stage), solve_parts))
        assert [(found.partnerships, found.alone, found.value) for found in better] == [
            (best.partnerships, best.alone, best.value)
        ]
        assert not list(trades(space, stage, best, unpriced(space, stage), solve_parts))


# No more partnerships than there are heads for ------------------------------------------------------------------


def test_partnerships_are_no_more_than_there_are_heads_for() -> None:
    """Nine heads, one out of reach of all others: eight are enough for two fours, or two threes."""
    near = [(0.0, float(n)) for n in range(8)]
    points = [*near, (0.0, 500.0)]
    minutes = [[abs(a - b) for _, a in points] for _, b in points]
    for heads_min, most in ((4, 2), (3, 2), (2, 4)):
        space = search_space(Problem(town(minutes), [HeadsPer(heads_min, 6), MinutesMax(25)]))
        assert as_many_as_heads_suffice_for(space).high == most


@pytest.mark.parametrize("seed", range(6))
def test_with_the_row_the_bound_of_the_relaxation_rises_and_stays_below_the_best(seed: int) -> None:
    """Seven heads, none alone: fours would be cheapest, of which the relaxation takes one and three quarters."""
    draws = Random(seed)
    area = town(line(*sorted(draws.uniform(0, 20) for _ in range(7))))
    space = search_space(Problem(area, [HeadsPer(4, 7), MinutesMax(25)], Preferences(meet="pairs")))
    stage = cheapest(space, 0)
    (all_seven,) = (cost for m, cost in zip(*_told(all_columns(space, stage)), strict=True) if len(m) == 7)
    with Watch(Limits()) as watch:
        search = Generation(space, stage, Pool(space.width), Pricer(space, 1, watch.stop), watch)
        without = search._priced_out(lambda: None)
        with_row = search.converge(lambda: None)
    assert without is not None and with_row is not None and search.bound is not None
    assert with_row.used.sum() <= 1.01 < without.used.sum()
    assert without.value < with_row.value
    assert search.bound <= all_seven * stage.scale


def _told(columns: Columns) -> tuple[list[tuple[int, ...]], list[int]]:
    return columns.tuples(), columns.costs.tolist()
