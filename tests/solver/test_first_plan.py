"""The first plan, before any relaxation: allowed whatever the rules, and never bettered by a plan that places fewer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random
from threading import Event

import numpy as np
import pytest
from drawn import problems
from hypothesis import given, settings
from identifiers import ints
from town import line, town

from partition.model.area import Area
from partition.model.costs import Preferences
from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.rules import (
    Apart,
    AtLeastOne,
    DistinctMax,
    HeadsPer,
    Locked,
    MinutesMax,
    PartnershipsCount,
    PupilsPer,
    Rule,
    Together,
)
from partition.solver import Limits, Progress, solve
from partition.solver.encode import search_space
from partition.solver.first_plan import first_plan
from partition.solver.pricer import Pricer
from partition.solver.prices import Duals, Prices
from partition.solver.stage import fewest_by_cost


def first(problem: Problem, *, over: Callable[[], bool] = lambda: False) -> Plan:
    space = search_space(problem)
    pricer = Pricer(space, 1, np.zeros(1, dtype=bool))
    found = first_plan(space, [], pricer.fit_nowhere, over, lambda _: None)
    heads = problem.roster.headships
    return problem.plan([urn for node in members for urn in heads[node].urns] for members in found)


def scattered(schools: int, **facts: object) -> Area:
    """Schools at random over a square of 40 minutes."""
    draws = Random(3)
    points = [(draws.uniform(0, 40), draws.uniform(0, 40)) for _ in range(schools)]
    minutes = [[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5, 2) for c, d in points] for a, b in points]
    return town(minutes, **facts)  # type: ignore[arg-type]


def test_all_are_placed_where_a_chain_of_neighbours_leaves_one_way() -> None:
    """1-2, 3-4 and 5-6 is the only way to place all six in pairs: 2 with 3, though nearest, would leave out 1."""
    problem = Problem(town(line(0, 19, 20, 39, 40, 59)), [HeadsPer(2, 2), MinutesMax(20)])
    assert ints([group.urns for group in first(problem).partnerships]) == [(1, 2), (3, 4), (5, 6)]


def test_members_are_exchanged_where_that_saves_drives() -> None:
    plan = first(Problem(town(line(0, 1, 2, 10, 11, 12)), [HeadsPer(3, 3)]))
    assert ints([group.urns for group in plan.partnerships]) == [(1, 2, 3), (4, 5, 6)]


SIXTY = {"pupils": [60] * 20, "columns": {"district": ["E", "W"] * 10, "base": ["yes", "", "", "", ""] * 4}}

RULES: dict[str, list[Rule]] = {
    "sizes": [HeadsPer(4, 6)],
    "pupils at least": [HeadsPer(2, 8), PupilsPer(300, None)],
    "pupils at most": [HeadsPer(2, 8), PupilsPer(None, 200)],
    "together": [HeadsPer(3, 5), Together(frozenset({1, 2})), Together(frozenset({5, 6, 7}))],
    "apart": [HeadsPer(3, 5), Apart(frozenset({1, 2, 3}))],
    "a base in each": [HeadsPer(3, 6), AtLeastOne("base", "yes")],
    "one district": [HeadsPer(3, 6), DistinctMax("district", 1)],
    "few partnerships": [HeadsPer(3, 6), PartnershipsCount(None, 2)],
    "a lock": [HeadsPer(2, 5), Locked("Fen", frozenset({1, 2}))],
}


@pytest.mark.parametrize("rules", RULES.values(), ids=RULES)
def test_whatever_the_rules_a_first_plan_keeps_them_and_places_some(rules: list[Rule]) -> None:
    problem = Problem(scattered(20, today={"Fen": [1, 2]}, **SIXTY), [MinutesMax(30), *rules])
    plan = first(problem)
    assert check(problem, plan) == []
    assert plan.partnerships
    assert len(problem.unplaced(plan)) < 20


@settings(max_examples=60, deadline=None)
@given(problem=problems())
def test_every_partnership_of_a_first_plan_keeps_the_rules_on_partnerships(problem: Problem) -> None:
    plan = first(problem)
    for partnership in plan.partnerships:
        assert not list(problem.breaches(problem.group(partnership)))


def test_the_same_first_plan_every_time() -> None:
    problem = Problem(scattered(40), [HeadsPer(4, 6), MinutesMax(15)])
    assert first(problem) == first(problem)


LARGE = Problem(scattered(60), [HeadsPer(6, 12), MinutesMax(16)])


def test_a_search_stopped_at_any_moment_has_placed_no_fewer_than_its_first_plan() -> None:
    for told_last in (1, 2, 3, 5, 8, 13, 21):
        stop, told = Event(), list[Progress]()

        def tell(progress: Progress, stop: Event = stop, told: list[Progress] = told, most: int = told_last) -> None:
            told.append(progress)
            if len(told) >= most:
                stop.set()

        run = solve(LARGE, Limits(seconds=60, workers=1), tell, stop)
        firsts = [progress.unplaced for progress in told if progress.doing == "a first plan"]
        assert firsts and None not in firsts
        assert run.plan is not None and check(LARGE, run.plan) == []
        assert run.unplaced is not None and run.unplaced <= min(count for count in firsts if count is not None)


def test_a_first_plan_begun_from_a_plan_places_no_fewer() -> None:
    given = first(LARGE)
    fewer = LARGE.plan(partnership.urns for partnership in given.partnerships[1:])
    stop = Event()
    run = solve(LARGE, Limits(seconds=60, workers=1), lambda _: stop.set(), stop, start=fewer)
    assert run.unplaced is not None and run.unplaced <= len(LARGE.unplaced(fewer))


# What is known where a search is cut short --------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 3, 10, 50, 300])
@pytest.mark.parametrize("meet", ["rotate", "pairs", "host"])
def test_a_bound_from_a_search_cut_short_is_no_higher_than_that_of_a_whole_one(steps: int, meet: str) -> None:
    problem = Problem(scattered(24), [HeadsPer(3, 6), MinutesMax(20)], Preferences(meet=meet))  # type: ignore[arg-type]
    space = search_space(problem)
    stage = fewest_by_cost(space)
    draws = Random(steps)
    share = stage.alone.max() // 2
    nodes = np.array([draws.randrange(share) for _ in range(space.size)], dtype=np.int64)
    none = np.zeros(0, np.int64)
    prices = Prices(space, stage, Duals(nodes, 0, none, none), [])
    pricer = Pricer(space, 1, np.zeros(1, dtype=bool))
    cut_short, whole = pricer.price(prices, 8, steps), pricer.price(prices, 8)
    assert whole.whole and whole.bound is not None and cut_short.bound is not None
    assert cut_short.bound <= whole.bound
    assert cut_short.bound < whole.bound or steps > 1


def test_a_headship_is_said_to_fit_nowhere_only_where_the_search_for_it_was_whole() -> None:
    space = search_space(Problem(scattered(12), [HeadsPer(4, 5), MinutesMax(60), PupilsPer(10_000, None)]))
    pricer = Pricer(space, 1, np.zeros(1, dtype=bool))
    nodes: Iterable[int] = range(space.size)
    assert pricer.fit_nowhere(nodes) == list(range(space.size))
    assert pricer.fit_nowhere(nodes, 1) == []
