"""Groups that would rather be together, against trying every group of random towns."""

from __future__ import annotations

from drawn import every_fine, problems
from hypothesis import given, settings
from hypothesis import strategies as st
from stability_oracle import ANY, every_group, least_gains

from partition.model.problem import Problem
from partition.model.shares import shares
from partition.solver.tempting import Tempter


def agrees_with_trying_every_group(problem: Problem, pick: int, gain_least: int = 1) -> None:
    plans = every_fine(problem)
    if not plans:
        return
    plan = plans[pick % len(plans)]
    gains = least_gains(problem, plan, list(every_group(problem)))
    tempting = {members: gain for members, gain in gains.items() if gain >= gain_least}
    tempter, now = Tempter(problem), shares(problem, plan)
    for most in (1, 3, 10_000):
        found = tempter.most_tempting(now, gain_least, most)
        assert found.whole
        assert len(found.groups) == min(most, len(tempting))
        told = [group.gain for group in found.groups]
        truth = sorted(tempting.values(), reverse=True)
        assert told == [None if gain > ANY // 2 else gain for gain in truth][:most]
        for group in found.groups:
            assert group.gain is None or gains[group.members] == group.gain
    assert {group.members for group in found.groups} == set(tempting)
    assert tempter.count(now, gain_least, 10**6) == (len(tempting), True)
    for head in range(len(problem.roster)):
        with_head = tempter.most_tempting(now, gain_least, 10_000, head)
        assert {group.members for group in with_head.groups} == {m for m in tempting if head in m}


@settings(max_examples=100, deadline=None)
@given(problems(), st.integers(0, 10**6), st.sampled_from([1, 1, 5_000, 60_000]))
def test_the_search_finds_every_group_that_would_leave_and_no_other(problem: Problem, pick: int, gain: int) -> None:
    agrees_with_trying_every_group(problem, pick, gain)
