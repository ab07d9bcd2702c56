"""The exact solver on towns one can solve by eye; test_solve_oracle.py tries every plan besides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import count, pairwise
from random import Random
from threading import Event
from time import process_time

import pytest
from identifiers import ints
from town import line, town

from geodata.faults import BadData
from geodata.urns import Urn
from partition.model.area import Area, Link
from partition.model.costs import Cost, Preferences
from partition.model.plan import Partnership
from partition.model.problem import Problem, check
from partition.model.roster import TakesPart
from partition.model.rules import Apart, HeadsPer, Locked, MinutesMax, MovedMax, PartnershipsCount, Rule, Together
from partition.solver import Limits, Progress, Run, solve
from partition.solver.master import Master
from partition.solver.watch import StoppedBy

PAIRS = HeadsPer(2, 2)


def solved(area: Area, *rules: Rule, limits: Limits | None = None, **preferences: object) -> Run:
    return solve(Problem(area, rules, Preferences(**preferences)), limits or Limits(seconds=600, workers=1))  # type: ignore[arg-type]


def groups(run: Run) -> list[tuple[int, ...]]:
    assert run.plan is not None
    return [partnership.urns for partnership in run.plan.partnerships]


def crowd(schools: int, seed: int = 7) -> Area:
    """Schools scattered at random over a square of 40 minutes: enough that proof takes a while."""
    draws = Random(seed)
    points = [(draws.uniform(0, 40), draws.uniform(0, 40)) for _ in range(schools)]
    return town([[round(((a - c) ** 2 + (b - d) ** 2) ** 0.5, 2) for c, d in points] for a, b in points])


# What is best -----------------------------------------------------------------------------------------------


def test_pairs_of_heads_are_pairs_of_neighbours() -> None:
    minutes = """
        to  1   2   3   4
        1   0   5  20  25
        2   5   0  15  20
        3  20  15   0   5
        4  25  20   5   0
    """
    run = solved(town(minutes), PAIRS)
    assert ints(groups(run)) == [(1, 2), (3, 4)]
    assert (run.status, run.stopped_by, run.gap, run.fewest_proven) == ("optimal", "proof", 0.0, True)
    assert run.cost == Cost(travel=2 * 6 * 10_000)


def test_a_working_link_is_worth_a_longer_drive() -> None:
    area = town(line(0, 5, 10, 15), links=[Link(urn_a=2, urn_b=3, weight=10)])
    assert ints(groups(solved(area, PAIRS))) == [(1, 4), (2, 3)]
    assert ints(groups(solved(area, PAIRS, minutes_per_link=0))) == [(1, 2), (3, 4)]


def test_what_is_together_today_stays_unless_the_drive_is_worth_more() -> None:
    area = town(line(0, 5, 20, 25), today={"Fen": [1, 3], "Wold": [2, 4]})
    assert ints(groups(solved(area, PAIRS))) == [(1, 3), (2, 4)]
    assert ints(groups(solved(area, PAIRS, minutes_per_separation=10))) == [(1, 2), (3, 4)]


def test_fewest_unplaced_comes_before_cost() -> None:
    """2 and 3 next door would be cheapest, and leave 1 and 4 out; placing all costs far more."""
    area = town(line(0, 19, 20, 39))
    run = solved(area, PAIRS, MinutesMax(20))
    assert ints(groups(run)) == [(1, 2), (3, 4)]
    assert run.unplaced == 0


def test_small_schools_are_counted_and_not_heads() -> None:
    """School 2 can join 1 or the head of 3 and 4: leaving one school out is better than leaving out two."""
    area = town(line(0, 10, 20, 20), heads={3: "Federation", 4: "Federation"})
    who = TakesPart(headship_is_partnership_from=None)
    run = solve(Problem(area, [PAIRS, MinutesMax(10)], who=who), Limits(seconds=600, workers=1))
    assert ints(groups(run)) == [(2, 3, 4)]
    assert run.unplaced == run.fewest_bound == 1


def test_an_associate_joins_only_where_that_pays_or_is_needed() -> None:
    area = town(line(0, 10, 5), pupils=[100, 100, 300])
    who = TakesPart(associates=frozenset({3}))
    for heads, expected in ((HeadsPer(2, 3), [(1, 2)]), (HeadsPer(3, 3), [(1, 2, 3)])):
        run = solve(Problem(area, [heads], who=who), Limits(workers=1))
        assert ints((groups(run), run.unplaced)) == (expected, 0)


def test_an_area_with_nobody_to_place_has_an_empty_plan() -> None:
    run = solved(town(line(0, 5), pupils=300), PAIRS)
    assert ints((run.status, groups(run), run.cost, run.unplaced)) == ("optimal", [], Cost(), 0)


def test_a_school_by_itself_is_unplaced() -> None:
    run = solved(town(line(0)), PAIRS)
    assert ints((run.status, groups(run), run.unplaced)) == ("optimal", [], 1)


def test_the_plan_is_allowed_and_costs_what_the_problem_says() -> None:
    problem = Problem(crowd(20), [HeadsPer(3, 5), MinutesMax(20)])
    run = solve(problem, Limits(workers=1))
    assert run.plan is not None
    assert check(problem, run.plan) == []
    assert run.cost == problem.cost(run.plan)
    assert run.unplaced == len(problem.unplaced(run.plan))


# Same question, same answer ---------------------------------------------------------------------------------

SQUARE = town("""
    to  1   2   3   4   5   6   7   8
    1   0   5   5   5   5   5   5   5
    2   5   0   5   5   5   5   5   5
    3   5   5   0   5   5   5   5   5
    4   5   5   5   0   5   5   5   5
    5   5   5   5   5   0   5   5   5
    6   5   5   5   5   5   0   5   5
    7   5   5   5   5   5   5   0   5
    8   5   5   5   5   5   5   5   0
""")


def test_among_equal_plans_the_choice_is_the_same_every_time_and_with_any_workers() -> None:
    runs = [solved(SQUARE, PAIRS, limits=Limits(workers=workers)) for workers in (1, 2, 1)]
    assert len({run.plan.digest for run in runs if run.plan}) == 1
    assert {run.status for run in runs} == {"optimal"}


def test_a_seed_changes_the_way_to_the_proof_and_nothing_else() -> None:
    runs = [solved(crowd(30), HeadsPer(3, 5), limits=Limits(seconds=60, workers=1, seed=seed)) for seed in range(1, 6)]
    assert {run.status for run in runs} == {"optimal"}
    assert all((run.plan, run.bound) == (runs[0].plan, runs[0].bound) for run in runs)


def test_among_equal_plans_the_choice_does_not_hang_on_the_seed() -> None:
    runs = [solved(SQUARE, PAIRS, limits=Limits(workers=1, seed=seed)) for seed in (1, 2, 3)]
    assert len({groups(run)[0] for run in runs}) == 1


def test_a_plan_does_not_hang_on_the_order_in_which_rules_links_and_groups_are_given() -> None:
    links = [Link(urn_a=1, urn_b=5), Link(urn_a=2, urn_b=6), Link(urn_a=3, urn_b=7)]
    rules = [HeadsPer(2, 4), Apart(frozenset({1, 2})), MinutesMax(20)]
    today = {"Fen": [1, 2], "Wold": [3, 4]}

    def run(turned: bool) -> Run:
        way = -1 if turned else 1
        area = town(line(0, 1, 2, 3, 4, 5, 6, 7), links=links[::way], today=dict(list(today.items())[::way]))
        return solved(area, *rules[::way])

    straight, turned = run(False), run(True)
    assert straight.plan == turned.plan
    assert straight.cost == turned.cost


def test_a_larger_case_gives_the_same_plan_with_one_worker_or_two() -> None:
    runs = [solved(crowd(24), HeadsPer(3, 5), MinutesMax(20), limits=Limits(workers=w)) for w in (1, 2)]
    assert runs[0].plan == runs[1].plan
    assert runs[0].bound == runs[1].bound


# Stopping ---------------------------------------------------------------------------------------------------

HARD = Problem(crowd(220), [HeadsPer(4, 9), MinutesMax(14)], Preferences(meet="pairs"))


def honest(problem: Problem, run: Run) -> None:
    """A run that was stopped claims no more than it knows, and its plan may be proposed."""
    assert run.plan is not None and run.cost is not None
    assert check(problem, run.plan) == []
    assert run.cost == problem.cost(run.plan)
    assert run.status == "feasible"
    assert run.bound is None or run.bound < run.cost.total or not run.fewest_proven
    assert run.fewest_bound is None or run.unplaced is None or run.fewest_bound <= run.unplaced


def test_a_time_limit_leaves_the_best_plan_so_far_and_says_that_time_stopped_it() -> None:
    began = process_time()
    run = solve(HARD, Limits(seconds=1.5, workers=1))
    assert process_time() - began < 6  # of the processor: how busy the machine is makes no difference
    honest(HARD, run)
    assert run.stopped_by == "time"


def test_a_request_leaves_the_best_plan_so_far_and_says_so() -> None:
    stop = Event()

    def tell(progress: Progress) -> None:
        if progress.stage in ("fewest", "cost") and progress.cost is not None:
            stop.set()

    began = process_time()
    run = solve(HARD, Limits(seconds=600, workers=1), tell, stop)
    assert process_time() - began < 30
    honest(HARD, run)
    assert run.stopped_by == "request"
    assert run.plan is not None and run.plan.partnerships


def test_a_request_made_beforehand_leaves_a_first_plan_and_nothing_proven() -> None:
    stop = Event()
    stop.set()
    run = solve(HARD, Limits(seconds=60, workers=1), None, stop)
    honest(HARD, run)
    assert run.stopped_by == "request"
    assert run.plan is not None and run.plan.partnerships


@pytest.mark.parametrize(
    ("seconds", "stopped_by", "words"),
    [
        (60, "time", "allow 4 minutes: --set solve.seconds=240"),
        (10, "time", "allow 40 seconds: --set solve.seconds=40"),
        (22.6, "time", "allow 91 seconds: --set solve.seconds=91"),
        (60, "request", None),
        (60, "proof", None),
    ],
)
def test_time_that_did_not_suffice_says_how_much_more_to_allow(
    seconds: float, stopped_by: StoppedBy, words: str | None
) -> None:
    run = solved(SQUARE, PAIRS)
    assert replace(run, limits=Limits(seconds=seconds), stopped_by=stopped_by).allow_more == words


def test_with_no_time_at_all_there_is_a_first_plan() -> None:
    run = solve(HARD, Limits(seconds=0, workers=1))
    honest(HARD, run)
    assert run.stopped_by == "time" and run.plan is not None and run.plan.partnerships


def test_time_that_ends_within_the_first_relaxation_leaves_a_first_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    """The relaxation sees that time is over before the watch looks again, so nothing is known of any prices."""
    street = Problem(town(line(*range(0, 55, 5))), [HeadsPer(4, 5), MinutesMax(30)])  # the first plan leaves one over
    best = solve(street, Limits(seconds=60, workers=1))
    monkeypatch.setattr(Master, "solve", lambda *_: None)
    run = solve(street, Limits(seconds=60, workers=1))
    assert (run.status, run.cost) == ("optimal", best.cost)  # a sweep needs no prices in so short a street
    monkeypatch.setattr("partition.solver.placing.HEADSHIPS_MOST", 0)  # as in a large area
    run = solve(street, Limits(seconds=60, workers=1))
    honest(street, run)
    assert run.plan is not None and run.plan.partnerships and run.status == "feasible"


def test_a_plan_with_nobody_placed_is_none_where_somebody_might_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where nothing was grown: an empty plan is a result only where it is proven the best."""
    monkeypatch.setattr("partition.solver.exact.first_plan", lambda *_: [])
    run = solve(HARD, Limits(seconds=0, workers=1))
    assert (run.status, run.plan, run.unplaced, run.stopped_by) == ("unknown", None, None, "time")
    assert str(run) == "no plan found in the time given"


def test_near_enough_stops_within_the_gap_asked_and_says_so() -> None:
    problem = Problem(crowd(40), [HeadsPer(3, 5), MinutesMax(20)])
    best = solve(problem, Limits(workers=1))
    near = solve(problem, Limits(gap=0.2, workers=1))
    assert best.status == "optimal" and best.cost is not None
    assert near.cost is not None and near.bound is not None and near.gap is not None
    assert near.gap <= 0.2
    assert near.bound <= best.cost.total <= near.cost.total
    assert near.status == "optimal" or near.stopped_by == "gap"


def test_a_plan_that_is_only_near_enough_is_not_called_optimal() -> None:
    run = solve(Problem(crowd(60), [HeadsPer(3, 6), MinutesMax(20)]), Limits(gap=0.5, workers=1))
    assert (run.status, run.stopped_by) == ("feasible", "gap")
    assert run.gap is not None and 0 < run.gap <= 0.5


def test_a_bound_is_never_above_the_best_cost_however_early_the_stop() -> None:
    area, rules = crowd(40), [HeadsPer(3, 5), MinutesMax(20)]
    best = solved(area, *rules)
    assert best.cost is not None and best.status == "optimal"
    for told_first in range(1, 12, 2):
        stop, calls = Event(), count(1)

        def tell(_: Progress, stop: Event = stop, calls: Iterator[int] = calls, most: int = told_first) -> None:
            if next(calls) >= most:
                stop.set()

        run = solve(Problem(area, rules), Limits(workers=1), tell, stop)
        assert run.bound is None or run.bound <= best.cost.total
        assert run.fewest_bound is None or run.fewest_bound <= (best.unplaced or 0)


# No plan ----------------------------------------------------------------------------------------------------

TODAY = town(line(0, 5, 10, 50), today={"Fen": [1, 2], "Far": [3, 4]})
FEN, FAR = Locked("Fen", frozenset({1, 2})), Locked("Far", frozenset({3, 4}))

IMPOSSIBLE = {
    "a lock that breaks a limit": [FAR, MinutesMax(20)],
    "a lock of two who are kept apart": [FEN, Apart(frozenset({1, 2}))],
    "a lock of one whose companion must come along": [FEN, Together(frozenset({1, 3}))],
    "more partnerships than there are heads for": [PartnershipsCount(3, None)],
    "locks beyond the most partnerships": [FEN, FAR, PartnershipsCount(None, 1)],
}


@pytest.mark.parametrize("rules", IMPOSSIBLE.values(), ids=IMPOSSIBLE)
def test_there_is_no_plan_where_locks_or_counts_cannot_be_kept(rules: list[Rule]) -> None:
    run = solved(TODAY, *rules)
    assert (run.status, run.plan, run.cost, run.stopped_by) == ("infeasible", None, None, "proof")


def test_rules_on_partnerships_alone_never_rule_out_every_plan() -> None:
    run = solved(TODAY, HeadsPer(4, 4), MinutesMax(1), Together(frozenset({1, 2})), Apart(frozenset({1, 2})))
    assert ints((run.status, groups(run), run.unplaced)) == ("optimal", [], 4)


def test_a_rule_nobody_taught_the_solver_is_refused_and_not_ignored() -> None:
    class Unheard(Rule):
        def words(self) -> str:
            return "nobody knows"

    with pytest.raises(BadData, match="the solver cannot honour it"):
        solved(TODAY, Unheard())


# Warm starts --------------------------------------------------------------------------------------------------


def test_a_plan_to_start_from_and_known_partnerships_never_change_the_answer() -> None:
    problem = Problem(crowd(30), [HeadsPer(3, 5), MinutesMax(20)])
    cold = solve(problem, Limits(workers=1))
    assert cold.plan is not None and cold.status == "optimal"
    worse = solve(problem, Limits(workers=1, gap=0.5)).plan
    assert worse is not None
    breaks_rules = problem.plan([(1, 2), (3, 4, 5, 6, 7, 8, 9)])
    known = [Partnership((1, 2)), Partnership((1, 2, 999)), *worse.partnerships]
    for start in (cold.plan, worse, breaks_rules):
        warm = solve(problem, Limits(workers=1), start=start, known=known)
        assert (warm.status, warm.plan, warm.bound) == ("optimal", cold.plan, cold.bound)


def test_a_plan_to_start_from_is_kept_where_there_is_no_time_to_find_a_better_one() -> None:
    problem = Problem(crowd(30), [HeadsPer(3, 5), MinutesMax(20)])
    given = solve(problem, Limits(workers=1)).plan
    stop = Event()
    stop.set()
    run = solve(problem, Limits(workers=1), None, stop, start=given)
    assert run.plan == given and run.stopped_by == "request"


def test_of_a_plan_to_start_from_is_kept_what_still_holds() -> None:
    """One school closed, and a least number that one of the partnerships no longer has."""
    area = town(line(0, 1, 2, 10, 11, 12, 13))
    given = Problem(area, [HeadsPer(3, 4)]).plan([(1, 2, 3), (4, 5, 6, 7)])
    after = Problem(area, [HeadsPer(3, 4)], who=TakesPart(except_out=frozenset([1, 7])))
    stop = Event()
    stop.set()
    run = solve(after, Limits(workers=1), None, stop, start=given)
    assert run.plan is not None and ints((groups(run), run.plan.alone)) == ([(4, 5, 6)], (2, 3))


def test_a_plan_to_start_from_may_lie_in_parts_smaller_than_the_largest_partnership() -> None:
    problem = Problem(town(line(0, 1, 2, 100, 101, 102, 103)), [HeadsPer(3, 4), MinutesMax(20)])
    cold = solve(problem, Limits(workers=1))
    assert cold.plan is not None
    warm = solve(problem, Limits(workers=1), start=cold.plan, known=cold.plan.partnerships)
    assert warm.plan == cold.plan and ints(groups(warm)) == [(1, 2, 3), (4, 5, 6, 7)]


# Parts of the map ---------------------------------------------------------------------------------------------


def test_parts_that_no_partnership_joins_are_solved_apart_and_their_bounds_add_up() -> None:
    valleys = [0, 3, 7, 12], [1000, 1002, 1005, 1011, 1012]
    rules = [HeadsPer(2, 3), MinutesMax(20)]
    runs = [solved(town(line(*positions)), *rules) for positions in (*valleys, [p for v in valleys for p in v])]
    first, second, both = (run.bound or 0 for run in runs)
    assert both == first + second
    assert runs[2].status == "optimal"
    shifted = [tuple(Urn(int(urn) + 4) for urn in group) for group in groups(runs[1])]
    assert groups(runs[2]) == [*groups(runs[0]), *shifted]


def test_a_rule_on_the_whole_plan_ties_the_parts_together() -> None:
    run = solved(town(line(0, 5, 1000, 1001)), PAIRS, MinutesMax(20), PartnershipsCount(None, 1))
    assert ints((groups(run), run.unplaced, run.status)) == ([(3, 4)], 2, "optimal")


# How many move ----------------------------------------------------------------------------------------------

PARTED = town(line(0, 20, 1, 21), today={"Fen": [1, 2], "Wold": [3, 4]})


@pytest.mark.parametrize(
    ("most", "expected"),
    [(0, [(1, 2), (3, 4)]), (1, [(1, 2), (3, 4)]), (2, [(1, 3), (2, 4)])],
)
def test_no_more_heads_move_than_allowed(most: int, expected: list[tuple[int, ...]]) -> None:
    """Neighbours would save drives, but to put 1 with 3 and 2 with 4 one head of each pair of today has to move."""
    run = solved(PARTED, PAIRS, MovedMax(most), minutes_per_separation=0)
    assert ints((groups(run), run.status)) == (expected, "optimal")


def test_a_plan_that_moves_too_many_whatever_it_does_is_none() -> None:
    run = solved(PARTED, PAIRS, MovedMax(1), MinutesMax(10), minutes_per_separation=0)
    assert run.status == "infeasible"


def test_two_partnerships_cannot_both_succeed_the_same_one_of_today() -> None:
    """Four together today: in pairs, only one pair counts as theirs, so two heads move whatever is done."""
    area = town(line(0, 1, 2, 3), today={"Fen": [1, 2, 3, 4]})
    assert solved(area, PAIRS, MovedMax(1)).status == "infeasible"
    assert solved(area, PAIRS, MovedMax(2)).status == "optimal"


# Progress ---------------------------------------------------------------------------------------------------


def test_progress_moves_one_way_and_ends_at_the_run() -> None:
    told: list[Progress] = []
    problem = Problem(crowd(40), [HeadsPer(3, 5), MinutesMax(20)])
    run = solve(problem, Limits(workers=1), told.append)
    assert {progress.stage for progress in told} <= {"possible", "fewest", "cost"}
    assert all(a.seconds <= b.seconds for a, b in pairwise(told))
    last = [progress for progress in told if progress.stage == "cost"]
    costs = [progress.cost for progress in last if progress.cost is not None]
    bounds = [progress.bound for progress in last if progress.bound is not None]
    assert costs == sorted(costs, reverse=True) and bounds == sorted(bounds)
    assert run.cost is not None
    assert (costs[-1], bounds[-1]) == (run.cost.total, run.bound)
    assert all(progress.gap is None or 0 <= progress.gap <= 1 for progress in last)


# What a run says of itself ----------------------------------------------------------------------------------


def test_a_run_tells_its_limits_and_its_solver() -> None:
    run = solved(SQUARE, PAIRS, limits=Limits(seconds=20, seed=5, workers=1))
    assert run.limits == Limits(seconds=20, seed=5, workers=1)
    assert "OR-Tools" in run.solver


@pytest.mark.parametrize(
    ("cost", "bound", "gap"),
    [(100, 100, 0.0), (100, 75, 0.25), (100, None, None), (0, 0, 0.0), (None, 5, None)],
)
def test_the_gap_is_how_much_of_the_cost_might_still_be_saved(
    cost: int | None, bound: int | None, gap: float | None
) -> None:
    run = solved(SQUARE, PAIRS)
    assert replace(run, cost=None if cost is None else Cost(travel=cost), bound=bound).gap == gap
