"""Whether a plan will hold: by hand on little towns, moves against trying every one, and what the public may read."""

from __future__ import annotations

import json
from pathlib import Path

from drawn import every_fine, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from stability_oracle import welcome_moves
from town import line, town

from partition.model.area import Link
from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.rules import HeadsPer
from partition.plans.account import Account
from partition.plans.own_minutes import spread
from partition.solver import Limits
from partition.studies.stability.find import find_stability
from partition.studies.stability.leavers import would_leave
from partition.studies.stability.text import WITHHELD, facts, lines, markdown, write_answer

HOUR = 60_000  # thousandths of a minute


def crossed(links: tuple[Link, ...] = ()) -> Account:
    """Four schools, two by two a minute apart, and each with the far one, ten minutes away: sixty minutes each."""
    problem = Problem(town(line(0, 1, 10, 11), links=links), [HeadsPer(2, 2)])
    return Account(problem, problem.plan([[1, 3], [2, 4]]))


def test_two_pairs_would_rather_be_with_their_neighbours() -> None:
    """Six meetings of half a drive of two minutes there and back, in place of twenty: 54 minutes less for each."""
    told = find_stability(crossed(), 54_000)
    assert told.holds is False and told.whole
    assert [[gain.amount for gain in group.gains] for group in told.tempting] == [[54_000] * 2] * 2
    assert [tuple(gain.headship for gain in group.gains) for group in told.groups] == [(0, 1), (2, 3), (1, 2)]
    assert told.groups[2].least == 6_000  # nine minutes apart, not ten
    assert (told.count, told.count_at, told.most) == (3, 2, 54_000)
    assert [(left.number, left.headships) for left in told.groups[0].left] == [(1, (2,)), (2, (3,))]
    assert lines(told, internal=False)[:2] == [
        "It may not hold: 2 groups of heads could leave, and each head there would spend at least 54 minutes a year "
        "less.",
        "Proven: no group of heads could each gain more than 54 minutes a year by leaving. Every partnership that the "
        "criteria allow was considered.",
    ]
    assert "School 1, School 2: 54 minutes a year" in lines(told, internal=False)
    leavers = would_leave(crossed(), 54_000)
    assert leavers.heads == {1: (0, 2), 2: (1, 3)} and leavers.every
    assert leavers.verdict == (
        "Heads of 2 partnerships may leave: groups of them could each gain 54 minutes a year in one of their own."
    )
    assert list(leavers.words(1)) == [
        "School 1 and School 2 would rather be together: each gains 54 minutes a year or more.",
        "School 3 and School 4 would rather be together: each gains 54 minutes a year or more.",
    ]


def test_it_holds_where_nobody_gains_so_much() -> None:
    told = find_stability(crossed(), 54_001)
    assert told.holds is True and told.tempting == ()
    leavers = would_leave(crossed(), 54_001)
    assert leavers.heads == {} and leavers.verdict == (
        "Nobody would leave: no group of heads could each gain 54.001 minutes a year in one of their own. Proven."
    )
    assert lines(told, internal=False)[0] == (
        "It holds: no group of heads could each gain 54.001 minutes a year by forming a partnership of their own."
    )


def test_one_school_asks_for_its_own_friends() -> None:
    account = crossed()
    told = find_stability(account, 1, urn=account.area.urns[2])
    assert [tuple(gain.headship for gain in group.gains) for group in told.groups] == [(2, 3), (1, 2)]
    assert (told.count, told.count_at) == (2, 2)
    assert "heads with School 3" in lines(told, internal=False)[0]


def test_the_plan_that_nobody_would_leave_and_its_price() -> None:
    told = find_stability(crossed(), 1, plan_again=True, limits=Limits(seconds=60, workers=1))
    assert told.holding is not None and told.holding.plan is not None
    assert [p.urns for p in told.holding.plan.partnerships] == [("1", "2"), ("3", "4")]
    assert (told.holding.status, told.price) == ("optimal", -216_000)
    assert "0.4 hours a year, 3.6 hours less than this plan; proven cheapest." in "\n".join(lines(told, internal=False))


def test_no_plan_holds_where_three_are_each_other_s_second_choice() -> None:
    """The roommates' problem: each of three would rather be with the next one round, and a fourth is far."""
    minutes = [[0, 4, 6, 30], [4, 0, 5, 30], [6, 5, 0, 30], [30, 30, 30, 0]]
    links = (Link(urn_a=1, urn_b=3, weight=0.5), Link(urn_a=3, urn_b=2, weight=0.1))
    problem = Problem(town(minutes, links=links), [HeadsPer(2, 2)], Preferences(minutes_per_link=60))
    every = [problem.plan(groups) for groups in ([[1, 2], [3, 4]], [[1, 3], [2, 4]], [[2, 3], [1, 4]])]
    for plan in every:
        told = find_stability(Account(problem, plan), 1, plan_again=True, limits=Limits(seconds=60, workers=1))
        assert told.holding is not None
        held = [p for p in every if find_stability(Account(problem, p), 1).holds]
        assert (told.holding.status == "none") == (not held)
        if told.least is not None:
            at = told.least.run.gain
            assert find_stability(Account(problem, told.least.run.plan), at).holds  # type: ignore[arg-type]
            assert not any(find_stability(Account(problem, p), told.least.none_at).holds for p in every)


def test_what_heads_have_is_spread_out() -> None:
    known = spread(crossed(), everything=True)
    assert known is not None
    assert (known.median, known.worst_tenth, known.worst) == (60_000, 60_000, 60_000)
    assert known.whose == ("1", "2", "3", "4")


def test_the_public_reads_no_name_where_heads_work_together() -> None:
    """A broken link of weight 1 takes thirty minutes off each end: told to the office alone."""
    account = crossed((Link(urn_a=1, urn_b=2, weight=1.0),))
    told = find_stability(account, HOUR)
    assert [gain.amount for gain in told.tempting[0].gains] == [84_000] * 2
    public = "\n".join(
        [*lines(told, internal=False), markdown(told, "T", "S"), json.dumps(facts(told, internal=False))]
    )
    assert WITHHELD in public and "groups" not in facts(told, internal=False)
    assert "School 1, School 2" not in public and "90" not in public  # what each of the two has now, with the link
    assert "worst is 60 minutes a year" in public
    internal = "\n".join(lines(told, internal=True))
    assert "School 1: 84.0 less (90.0, then 6.0)" in internal and WITHHELD not in internal
    assert "worst is 90 minutes a year: School 1 (1), School 2 (2)" in internal
    assert "Internal: not for publication" in markdown(told, "T", "S", internal=True)


@settings(max_examples=60, deadline=None)
@given(problems(most=7), st.integers(0, 10**6), st.sampled_from([1, 10_000]))
def test_moves_are_those_that_trying_every_one_finds(problem: Problem, pick: int, gain: int) -> None:
    plans = every_fine(problem)
    if not plans:
        return
    account = Account(problem, plans[pick % len(plans)])
    groups = [item.group.members for item in account.partnerships]
    told = {(move.gain.headship, groups[move.number - 1]) for move in find_stability(account, gain).moves}
    truth = set()
    for head, members in welcome_moves(problem, account.plan):
        now, then = account.own[head], problem.tariff.own(problem.roster.group([*members, head]), head)
        if now is None or now.total - then.total >= gain:
            truth.add((head, members))
    assert told == truth


def test_the_table_of_heads_has_the_travel_alone_for_the_public(tmp_path: Path) -> None:
    told = find_stability(crossed((Link(urn_a=1, urn_b=2, weight=1.0),)), HOUR)
    files = write_answer(told, "T", "S", tmp_path)
    public = Path(files["heads"]).read_text(encoding="utf-8-sig").splitlines()
    assert public[0] == 'urn,head of,partnership,"travel, minutes a year"' and public[1].endswith(",60.0")
    write_answer(told, "T", "S", tmp_path, internal=True)
    office = Path(files["heads"]).read_text(encoding="utf-8-sig").splitlines()
    assert office[1].endswith(",60.0,30.0,0.0,90.0") and office[-1].startswith("Internal: not for publication")
