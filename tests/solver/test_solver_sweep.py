"""The sweep for the fewest unplaced, against every plan: exact where nothing was dropped, and sound where it was."""

from __future__ import annotations

import numpy as np
import pytest
from drawn import problems
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from town import every_plan, line, town

from partition.model.problem import Problem, check
from partition.model.rules import HeadsPer, MinutesMax, PupilsPer
from partition.solver import Limits, sweep
from partition.solver.choice import Choice
from partition.solver.encode import search_space
from partition.solver.pricer import Pricer
from partition.solver.space import SearchSpace
from partition.solver.sweep import Sweep, placed_by_sweep
from partition.solver.watch import Watch

MANY = 10_000  # columns and states: more than a little town has


def swept(space: SearchSpace, watch: Watch) -> Sweep:
    columns = pricer_of(space).every(MANY)
    assert columns is not None
    return Sweep(space, columns, watch)


def pricer_of(space: SearchSpace) -> Pricer:
    return Pricer(space, 1, np.zeros(1, dtype=bool))


def all_alone(space: SearchSpace) -> Choice:
    return Choice((), tuple(range(space.size)), 0, ())


def unplaced(space: SearchSpace, choice: Choice) -> int:
    return int(space.small[list(choice.alone)].sum())


def holds(problem: Problem, choice: Choice) -> bool:
    heads = problem.roster.headships
    plan = problem.plan([urn for node in members for urn in heads[node].urns] for members in choice.partnerships)
    together = [node for members in choice.partnerships for node in members]
    assert sorted([*together, *choice.alone]) == list(range(len(heads)))
    return check(problem, plan) == []


@settings(max_examples=80, deadline=None)
@given(problems(), st.integers(1, 6))
def test_a_sweep_agrees_with_trying_every_plan(problem: Problem, kept: int) -> None:
    space = search_space(problem)
    assume(not space.plan_rows and problem.roster.headships)
    fine = [left for _, left, _ in every_plan(problem)]
    with Watch(Limits(seconds=600)) as watch:
        sweeping = swept(space, watch)
        most = int(space.small.sum())
        whole = sweeping.fewest(most, MANY)
        assert whole.exact
        assert whole.least == (min(fine) if fine else None)
        assert sweeping.fewest(most, MANY, exactly=True).least == whole.least
        if whole.least is None:
            return
        if whole.least:
            assert sweeping.fewest(whole.least - 1, MANY, exactly=True) == sweep.Swept(None, (), True)
        thinned = sweeping.fewest(most, kept)
        assert thinned.least is None or thinned.least >= whole.least
        assert thinned.least == whole.least or not thinned.exact
        for found in (whole, thinned):
            if found.least is not None:
                choice = sweep._choice(space, sweeping.columns.take(np.array(found.taken, np.int64)))
                assert holds(problem, choice)
                assert unplaced(space, choice) == found.least


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(1, 8), st.integers(1, 8))
def test_the_bound_of_sweeps_holds_however_few_states_are_kept(problem: Problem, kept: int, for_proof: int) -> None:
    space = search_space(problem)
    assume(not space.plan_rows and problem.roster.headships and not space.must_place.any())
    fewest = min(left for _, left, _ in every_plan(problem))
    with pytest.MonkeyPatch.context() as patched, Watch(Limits(seconds=600)) as watch:
        patched.setattr(sweep, "KEPT", kept)
        patched.setattr(sweep, "KEPT_FOR_PROOF", for_proof)
        choice, bound = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
        assert bound <= fewest <= unplaced(space, choice)
        assert holds(problem, choice)
        again = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
        assert again == (choice, bound)


def ring(schools: int) -> Problem:
    """Schools in a ring of neighbours 10 minutes apart, for pairs."""
    minutes = [[10 * min(abs(a - b), schools - abs(a - b)) for b in range(schools)] for a in range(schools)]
    return Problem(town(minutes), [HeadsPer(2, 2), MinutesMax(10)])


def test_of_an_odd_ring_one_stays_unplaced_though_halves_would_place_all() -> None:
    with Watch(Limits(seconds=600)) as watch:
        odd, even = (placed_by_sweep(s, pricer_of(s), watch, all_alone(s), 0) for s in map(search_space, _rings()))
    assert (len(odd[0].alone), odd[1]) == (1, 1)
    assert (len(even[0].alone), even[1]) == (0, 0)


def _rings() -> list[Problem]:
    return [ring(9), ring(10)]


def test_where_more_headships_are_open_than_there_are_bits_nothing_is_claimed() -> None:
    """Each of 70 reaches each, so that the first swept touches them all."""
    space = search_space(Problem(town(line(*[0] * 70)), [HeadsPer(2, 2)]))
    assert space.size > sweep.BITS
    with Watch(Limits(seconds=600)) as watch:
        assert swept(space, watch).fewest(70, MANY) == sweep.Swept(None, (), False)
        assert placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0) == (all_alone(space), 0)


def test_bits_of_those_swept_serve_again() -> None:
    """A line of 100 in which each reaches two on each side is swept to its end: 33 threes and one left out."""
    near = [[3 * abs(a - b) for b in range(100)] for a in range(100)]
    space = search_space(Problem(town(near), [HeadsPer(3, 3), MinutesMax(6)]))
    with Watch(Limits(seconds=600)) as watch:
        found = swept(space, watch).fewest(100, MANY)
    assert (found.least, len(found.taken)) == (1, 33)
    assert found.exact


def test_a_watch_that_is_over_ends_a_sweep_without_a_claim() -> None:
    space = search_space(ring(9))
    with Watch(Limits(seconds=600)) as watch:
        sweeping = swept(space, watch)
        watch.halt("request")
        assert sweeping.fewest(9, MANY) == sweep.Swept(None, (), False)


def test_pupils_that_fit_in_fractions_only() -> None:
    """Seven within reach of each other, three by three with 300 pupils at most: one of 150 and two of 75 fill one.

    Three of 150 and four of 75 make two such threes, and one of 150 stays: with two of 150 no three has room.
    """
    problem = Problem(town(line(*[0] * 7), pupils=[150] * 3 + [75] * 4), [HeadsPer(3, 3), PupilsPer(None, 300)])
    assert min(left for _, left, _ in every_plan(problem)) == 1
    space = search_space(problem)
    with Watch(Limits(seconds=600)) as watch:
        choice, bound = placed_by_sweep(space, pricer_of(space), watch, all_alone(space), 0)
    assert (unplaced(space, choice), bound) == (1, 1)
