"""Every way out of a little town typed in by hand: the scenario then has a plan that is what was promised."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from drawn_settings import Stated
from town import every_plan

from partition.model.rules import Rule
from partition.scenario.read import read_over, read_scenario_text
from partition.scenario.text import text_of, with_settings
from partition.solver import Limits, Run, solve
from partition.studies.explain.conflicts import find_clash, placed
from partition.studies.explain.purse import Purse
from partition.studies.explain.ways_out import Wanted, WayOut, ways_out

LIMITS = Limits(seconds=60, workers=1)
PURSE = Purse.without_end(LIMITS)


def hold_ways(town: Stated) -> Counter[str]:
    """Find the ways out for every school not placed, or for any plan at all; type each, solve again."""
    problem = town.problem
    run = solve(problem, LIMITS)
    if run.plan is None:
        return _hold(town, None, ())
    found: Counter[str] = Counter()
    for urn in problem.unplaced(run.plan):
        found += _hold(town, run, [placed(problem, urn)])
    return found


def _hold(town: Stated, run: Run | None, asked: Sequence[Rule]) -> Counter[str]:
    problem = town.problem
    clash = find_clash(problem, PURSE, asked)
    if clash is None:
        return Counter()
    plan = None if run is None else run.plan
    wanted = Wanted(purse=PURSE, asked=asked, internal=True, typist=town.typist, plan=plan)
    ways = ways_out(problem, clash, wanted)
    exceptions = [way.exception for way in ways]
    assert exceptions == sorted(exceptions, reverse=True)
    for way in ways:
        _hold_way(town, run, asked, way)
    return Counter("exception" if way.exception else "for all" for way in ways)


def _hold_way(town: Stated, before: Run | None, asked: Sequence[Rule], way: WayOut) -> None:
    assert way.typed
    typed = replace(town, scenario=read_over(town.scenario, way.typed))
    on_the_page = with_settings(text_of(town.scenario, Path()), way.settings)
    assert read_scenario_text(on_the_page, Path()).rules == typed.scenario.rules
    again = solve(typed.problem, LIMITS)
    assert again.status == way.run.status == "optimal" and again.plan is not None
    assert (again.unplaced, again.cost) == (way.run.unplaced, way.run.cost)
    best = min((unplaced, cost.total) for _, unplaced, cost in every_plan(typed.problem))
    assert (again.unplaced, again.cost and again.cost.total) == best
    groups = typed.problem.groups(again.plan)
    assert not any(True for rule in asked for _ in rule.plan_breaches(typed.problem.roster, groups))
    assert before is None or (before.unplaced or 0) >= (again.unplaced or 0)
