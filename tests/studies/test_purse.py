"""The time of an explanation: what it was not enough for is said, and what was found is as true as with all of it."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import count
from types import SimpleNamespace

import pytest
from town import line, town

from geodata.urns import Urn
from partition.actions.no_plan import why_no_plan
from partition.model.problem import Problem, check
from partition.model.rules import HeadsPer, Locked, MinutesMax
from partition.plans.account import Account
from partition.solver import Limits, solve, tempting
from partition.studies.explain import purse as purses
from partition.studies.explain.conflicts import find_clash, placed
from partition.studies.explain.explain import explain, explaining
from partition.studies.explain.purse import Purse
from partition.studies.explain.text import notes, way_rows

LIMITS = Limits(seconds=60, workers=1)
ALONE = Problem(town(line(0, 1, 30)), [HeadsPer(2, 3), MinutesMax(26)])  # 3 is too far from 1 and from 2
BROKEN = Problem(town(line(0, 1, 30)), [HeadsPer(2, 3), MinutesMax(26), Locked("Fen", frozenset({1, 2, 3}))])


def ticking(monkeypatch: pytest.MonkeyPatch, ticks: int) -> None:
    """Let every look at the time cost a second, so that a purse is empty after so many looks; no search is hurried."""
    looks = count()
    monkeypatch.setattr(purses, "time", SimpleNamespace(process_time=lambda: next(looks)))
    monkeypatch.setattr(purses, "SECONDS_LEAST", ticks)
    monkeypatch.setattr(purses, "SHARE_OF_THE_REST", 1e-9)


def test_an_empty_purse_finds_nothing_and_says_so() -> None:
    purse = Purse(LIMITS, 0)
    assert find_clash(ALONE, purse, [placed(ALONE, Urn(3))]) is None
    assert purse.cut
    purse.begin()
    assert not purse.cut and purse.empty


def test_a_purse_without_end_refuses_nothing() -> None:
    purse = Purse.without_end(LIMITS)
    assert not purse.refuses() and not purse.cut and purse.limits == LIMITS


def test_compiling_the_searches_is_no_expense(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine's first run that takes seconds, which would be missing for the answers."""
    run = solve(ALONE, LIMITS)
    assert run.plan is not None
    done = list[str]()
    monkeypatch.setattr(tempting, "search_tempting", SimpleNamespace(signatures=[]))
    monkeypatch.setattr(tempting.Tempter, "make_ready", lambda _: done.append("compiled"))
    monkeypatch.setattr(purses, "time", SimpleNamespace(process_time=partial(_noted, done)))
    next(explaining(Account(ALONE, run.plan, run=run), Urn(3), limits=LIMITS))
    assert done[:2] == ["compiled", "the clock"]
    done.clear()
    why_no_plan(BROKEN, LIMITS)
    assert done[:2] == ["compiled", "the clock"]


def _noted(done: list[str]) -> float:
    done.append("the clock")
    return 0.0


@pytest.mark.parametrize("ticks", range(7, 60, 4))
def test_an_explanation_cut_short_says_what_is_missing(ticks: int, monkeypatch: pytest.MonkeyPatch) -> None:
    run = solve(ALONE, LIMITS)
    assert run.plan is not None
    account = Account(ALONE, run.plan, run=run)
    whole = explain(account, Urn(3), limits=LIMITS)
    ticking(monkeypatch, ticks)
    told = explain(account, Urn(3), limits=LIMITS)
    told_less = len(way_rows(told)) < len(way_rows(whole)) or len(told.rules) < len(whole.rules)
    assert not told_less or told.cut or told.left
    assert bool(told.cut) == any(note.startswith("Cut short for want of time: ") for note in notes(told))
    assert bool(told.left) == any(note.startswith("Not worked out: ") for note in notes(told))
    assert told.not_placed is not None or "why it is not placed" in told.left
    for way, _ in (told.not_placed and told.not_placed.ways) or ():
        assert way.run.plan is not None and check(way.problem, way.run.plan) == []
        assert Urn(3) in way.run.plan.partnership_of


def test_some_time_is_enough_for_some_ways_out_only(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = why_no_plan(BROKEN, LIMITS)
    assert whole is not None and not whole.cut and "not every way out" not in whole.sentence
    seen = set()
    for ticks in range(10, 400, 2):
        ticking(monkeypatch, ticks)
        found = why_no_plan(BROKEN, replace(LIMITS, seconds=10))
        if found is not None:
            assert found.cut or len(found.ways) == len(whole.ways)
            assert ("; not every way out was tried in the time given" in found.sentence) == found.cut
            seen.add(found.cut)
        if seen == {True, False}:
            return
    raise AssertionError(f"only {seen}")
