"""The sweep for the fewest unplaced, against every plan: exact where nothing was dropped, and sound where it was."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import problems
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from town import every_plan, line, town

from partition.model.plan import Plan
from partition.model.problem import Problem, check
from partition.model.rules import HeadsPer, MinutesMax, PupilsPer
from partition.solver import Limits, placing, sweep
from partition.solver.charges import charge_of
from partition.solver.choice import Choice
from partition.solver.columns import Columns
from partition.solver.encode import search_space
from partition.solver.endgame import Ended
from partition.solver.placing import placed_by_sweep
from partition.solver.pricer import Pricer
from partition.solver.space import SearchSpace
from partition.solver.stage import MICRO, Stage, cheapest, fewest
from partition.solver.watch import Watch

MANY = 10_000  # columns and states: more than a little town has


def placing_of(space: SearchSpace, watch: Watch) -> placing.Placing:
    columns = pricer_of(space).every(MANY)
    assert columns is not None
    return placing.Placing(space, columns, watch, all_alone(space), 0)


def pricer_of(space: SearchSpace) -> Pricer:
    return Pricer(space, 1, np.zeros(1, dtype=bool))


def all_alone(space: SearchSpace) -> Choice:
    return Choice((), tuple(range(space.size)), 0, ())


def unplaced(space: SearchSpace, choice: Choice) -> int:
    return int(space.small[list(choice.alone)].sum())


def plan_of(problem: Problem, choice: Choice) -> Plan:
    heads = problem.roster.headships
    return problem.plan([urn for node in members for urn in heads[node].urns] for members in choice.partnerships)


def holds(problem: Problem, choice: Choice) -> bool:
    together = [node for members in choice.partnerships for node in members]
    assert sorted([*together, *choice.alone]) == list(range(len(problem.roster.headships)))
    return check(problem, plan_of(problem, choice)) == []


@settings(max_examples=50, deadline=None)
@given(problems(), st.integers(1, 6), st.booleans(), st.sampled_from([0, 3, MANY]))
def test_a_sweep_agrees_with_trying_every_plan(problem: Problem, kept: int, relaxed: bool, repriced: int) -> None:
    """With prices or without, and with better prices for those ahead after each headship, now and then, or never."""
    space = search_space(problem)
    assume(not space.plan_rows and problem.roster.headships)
    fine = [left for _, left, _ in every_plan(problem)]
    least = min(fine) if fine else None
    with Watch(Limits(seconds=600)) as watch, pytest.MonkeyPatch.context() as patched:
        patched.setattr(sweep, "REPRICED_FROM", repriced)
        place = placing_of(space, watch)
        if relaxed:
            place.by_number = place._relaxed(fewest(space), place.columns, int(space.small.sum()) * MICRO).prices
        for most in {int(space.small.sum())} if least is None else {max(0, least - 1), least}:
            sweeping = place._sweep(most, [])
            whole = sweeping.best(MANY)
            assert whole.exact
            assert sweeping.best(MANY, exactly=True) == whole
            assert (whole.choice is not None) == (least is not None and least <= most)
            thinned = sweeping.best(kept)
            assert whole.choice is not None or thinned.choice is None
            assert thinned.choice is not None or whole.choice is None or not thinned.exact
            for found in (whole, thinned):
                if found.choice is not None:
                    assert holds(problem, found.choice)
                    assert unplaced(space, found.choice) <= most


@settings(max_examples=50, deadline=None)
@given(problems(), st.sampled_from([0, 3, MANY]), st.integers(0, 30))
def test_a_sweep_by_cost_finds_the_cheapest_plan(problem: Problem, repriced: int, dearer: int) -> None:
    """The cheapest, within a limit at and above the least cost of plans that leave so many out."""
    space = search_space(problem)
    assume(not space.plan_rows and problem.roster.headships and not space.must_place.any())
    plans = [(left, cost.total) for _, left, cost in every_plan(problem)]
    with Watch(Limits(seconds=600)) as watch, pytest.MonkeyPatch.context() as patched:
        patched.setattr(sweep, "REPRICED_FROM", repriced)
        place = placing_of(space, watch)
        for most in {min(plans)[0], max(plans)[0]}:
            least = min(cost for left, cost in plans if left <= most)
            stage = cheapest(space, most)
            prices = place._relaxed(stage, place.columns, stage.ceiling(space)).prices
            for limit in (least - 1, least, least + dearer):
                by_cost = charge_of(prices, place.columns, limit * stage.unit)
                swept = place._sweep(most, [*(place._by_count(most) or ()), by_cost], by_cost=True).best(MANY)
                assert swept.exact
                assert limit < least or swept.choice is not None
                if swept.choice is not None:
                    assert holds(problem, swept.choice)
                    assert unplaced(space, swept.choice) <= most
                    if limit >= least:
                        assert swept.choice.value_in(stage) == least * stage.unit


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(1, 8), st.integers(1, 8), st.sampled_from([0, 3, MANY]))
def test_the_bound_of_sweeps_holds_however_few_states_are_kept(
    problem: Problem, kept: int, for_proof: int, repriced: int
) -> None:
    space = search_space(problem)
    assume(not space.plan_rows and problem.roster.headships and not space.must_place.any())
    plans = list(every_plan(problem))
    least = min(left for _, left, _ in plans)
    with pytest.MonkeyPatch.context() as patched, Watch(Limits(seconds=600)) as watch:
        patched.setattr(placing, "KEPT", kept)
        patched.setattr(placing, "KEPT_FOR_PROOF", for_proof)
        patched.setattr(sweep, "REPRICED_FROM", repriced)
        choice, bound, cost_bound = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
        assert bound <= least <= unplaced(space, choice)
        assert holds(problem, choice)
        cost = problem.cost(plan_of(problem, choice)).total
        assert cost * 1_000 == choice.value_in(cheapest(space, 0))
        if cost_bound is not None:
            assert cost_bound <= min(cost.total for _, left, cost in plans if left == least) * 1_000
        again = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
        assert again == (choice, bound, cost_bound)


def nothing_known(place: placing.Placing, stage: Stage, columns: Columns, _: int) -> Ended:
    return Ended(None, 0, (), columns, columns, placing._unpriced(place.space, stage))


@settings(max_examples=40, deadline=None)
@given(problems(), st.sampled_from([1, 30, 1_000]), st.booleans())
def test_a_limit_widened_step_by_step_ends_at_the_cheapest_plan(problem: Problem, narrowest: int, priced: bool) -> None:
    """However near to the bound the first limit is, and from nothing at all where no relaxation gives prices."""
    space = search_space(problem)
    assume(not space.plan_rows and problem.roster.headships and not space.must_place.any())
    plans = [(left, cost.total) for _, left, cost in every_plan(problem)]
    fewest_left = min(plans)[0]
    with pytest.MonkeyPatch.context() as patched, Watch(Limits(seconds=600)) as watch:
        patched.setattr(placing, "NARROWEST", narrowest)
        if not priced:
            patched.setattr(placing.Placing, "_relaxed", nothing_known)
        choice, bound, cost_bound = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
    assert bound == unplaced(space, choice) == fewest_left
    assert cost_bound == choice.value_in(cheapest(space, 0)) == min(plans)[1] * 1_000


def ring(schools: int) -> Problem:
    """Schools in a ring of neighbours 10 minutes apart, for pairs."""
    minutes = [[10 * min(abs(a - b), schools - abs(a - b)) for b in range(schools)] for a in range(schools)]
    return Problem(town(minutes), [HeadsPer(2, 2), MinutesMax(10)])


def test_of_an_odd_ring_one_stays_unplaced_though_halves_would_place_all() -> None:
    with Watch(Limits(seconds=600)) as watch:
        odd, even = (placed_by_sweep(s, pricer_of(s), watch, all_alone(s), 0) for s in map(search_space, _rings()))
    assert (len(odd.choice.alone), odd.bound) == (1, 1)
    assert (len(even.choice.alone), even.bound) == (0, 0)


def _rings() -> list[Problem]:
    return [ring(9), ring(10)]


def test_where_more_headships_are_open_than_there_are_bits_nothing_is_claimed() -> None:
    """Each of 70 reaches each, so that the first swept touches them all."""
    space = search_space(Problem(town(line(*[0] * 70)), [HeadsPer(2, 2)]))
    assert space.size > sweep.BITS
    with Watch(Limits(seconds=600)) as watch:
        place = placing_of(space, watch)
        assert place._sweep(70, []).best(MANY) == sweep.NOT_KNOWN
        assert place._sweep(70, []).best(MANY, exactly=True) == sweep.NOT_KNOWN


def test_bits_of_those_swept_serve_again() -> None:
    """A line of 100 in which each reaches two on each side is swept to its end: 33 threes and one left out."""
    near = [[3 * abs(a - b) for b in range(100)] for a in range(100)]
    space = search_space(Problem(town(near), [HeadsPer(3, 3), MinutesMax(6)]))
    with Watch(Limits(seconds=600)) as watch:
        place = placing_of(space, watch)
        found = place._sweep(100, []).best(MANY)
    assert found.choice is not None and found.exact
    assert (len(found.choice.alone), len(found.choice.partnerships)) == (1, 33)


def test_a_watch_that_is_over_ends_a_sweep_without_a_claim() -> None:
    space = search_space(ring(9))
    with Watch(Limits(seconds=600)) as watch:
        place = placing_of(space, watch)
        watch.halt("request")
        assert place._sweep(9, []).best(MANY) == sweep.NOT_KNOWN


def test_pupils_that_fit_in_fractions_only() -> None:
    """Seven within reach of each other, three by three with 300 pupils at most: one of 150 and two of 75 fill one.

    Three of 150 and four of 75 make two such threes, and one of 150 stays: with two of 150 no three has room.
    """
    problem = Problem(town(line(*[0] * 7), pupils=[150] * 3 + [75] * 4), [HeadsPer(3, 3), PupilsPer(None, 300)])
    assert min(left for _, left, _ in every_plan(problem)) == 1
    space = search_space(problem)
    with Watch(Limits(seconds=600)) as watch:
        choice, bound, _ = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
    assert (unplaced(space, choice), bound) == (1, 1)
