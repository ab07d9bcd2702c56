"""The solver against trying every plan where each head's own minutes, likeness, lacks and wishes decide."""

from __future__ import annotations

from dataclasses import replace

import pytest
from drawn import agrees, refused_both_ways
from hypothesis import given, settings
from hypothesis import strategies as st
from town import line, town

from geodata.answers import Answer
from partition.model.area import Link
from partition.model.costs import Preferences
from partition.model.problem import Problem
from partition.model.rules import Apart, HeadMinutesMax, HeadsPer, HostMinutesMax, Rule
from partition.solver import Limits, solve


@st.composite
def shared_out(draw: st.DrawFn) -> Problem:
    """Four to eight heads, links and groups of today, and one or more of the prices and the limit on each head."""
    count = draw(st.integers(4, 8))
    urns = st.integers(1, count)
    minutes = [[0 if a == b else draw(st.integers(1, 20)) for b in range(count)] for a in range(count)]
    pairs = st.tuples(urns, urns).filter(lambda pair: pair[0] != pair[1])
    links = [
        Link(urn_a=a, urn_b=b, weight=draw(st.sampled_from([0.5, 1.0]))) for a, b in draw(st.lists(pairs, max_size=4))
    ]
    columns = {"kind": [draw(st.sampled_from(["A", "B", ""])) for _ in range(count)], "senco": ["yes"] * count}
    columns["senco"] = ["yes", *(draw(st.sampled_from(["yes", "", ""])) for _ in range(count - 1))]
    today = {"Fen": [1, 2, 3]} if draw(st.booleans()) else {}
    several = st.lists(urns, max_size=3, unique=True)
    said = {urn: Answer(wishes=tuple(draw(several)), not_wanted=tuple(draw(several))) for urn in range(1, 4)}  # type: ignore[arg-type]
    area = replace(town(minutes, columns=columns, links=links, today=today), answers=said)
    rules: list[Rule] = [HeadsPer(2, draw(st.integers(3, 5)))]
    if draw(st.booleans()):
        rules.append(HeadMinutesMax(draw(st.sampled_from([40, 70, 100.5, 140, 200]))))
    if draw(st.integers(0, 3)) == 0:
        rules.append(HostMinutesMax(15))
    preferences = Preferences(
        meetings_per_year=draw(st.sampled_from([1, 2.5, 6])),
        meet=draw(st.sampled_from(["rotate", "host", "pairs"])),
        minutes_per_separation=draw(st.sampled_from([0, 50])),
        minutes_per_difference=draw(st.sampled_from([{}, {"kind": 15}])),
        minutes_per_lack=draw(st.sampled_from([{}, {"senco": 80.5}])),
        minutes_per_wish=draw(st.sampled_from([(), (60, 30)])),
        head_minutes_price=draw(st.sampled_from([(), ((0, 0.25), (60, 1.333)), ((80, 3),)])),
    )
    bare = Problem(area)
    return Problem(area, [*rules, *(Apart(frozenset(pair)) for pair in refused_both_ways(bare))], preferences)


@settings(max_examples=100, deadline=None)
@given(shared_out())
def test_the_solver_agrees_with_trying_every_plan(problem: Problem) -> None:
    agrees(problem)


@pytest.mark.parametrize("meet", ["rotate", "host", "pairs"])
def test_a_limit_on_each_head_and_its_price_by_hand(meet: str) -> None:
    """On a road the ends are far: a limit parts them, and a high price for what is above it does the same."""
    area = town(line(0, 2, 4, 30, 32, 34))
    together: list[Rule] = [HeadsPer(3, 6)]
    prices = Preferences(meet=meet, meetings_per_year=1)  # type: ignore[arg-type]
    for rules, priced in (
        ([*together, HeadMinutesMax(20)], prices),
        (together, replace(prices, head_minutes_price=((20, 100),))),
    ):
        run = solve(Problem(area, rules, priced), Limits(seconds=30, workers=1))
        assert run.status == "optimal" and run.plan is not None
        assert [[int(urn) for urn in one.urns] for one in run.plan.partnerships] == [[1, 2, 3], [4, 5, 6]]
