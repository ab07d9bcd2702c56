"""A change by hand judged on Lincolnshire, every place of a school judged at once, and what each setting does.

CPU seconds of this process: what a page waits for on an idle machine. The plan is today's best guess by distance, as
judging asks for no good one: heads in order of place, six by six.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest
from cases import CASES, REGISTER, SHARED_DATA
from measure import scenario_of

from partition.draft import Draft, Keep, Move
from partition.outlook import EFFECTS, Outlook
from partition.session import Case, load

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not (SHARED_DATA / REGISTER).exists(), reason=f"{REGISTER} is not there"),
]

(DEFAULT,) = [case for case in CASES if case.name == "Lincolnshire, default"]
ONE_CHANGE, ALL_PLACES, ONE_EFFECT = 0.1, 0.3, 0.05  # seconds


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return load(scenario_of(DEFAULT, tmp_path_factory.mktemp("county")))


def begun(case: Case) -> Draft:
    area, roster = case.problem.area, case.problem.roster
    along = sorted(
        roster.headships, key=lambda one: (int(area.northings[one.base]) // 12_000, int(area.eastings[one.base]))
    )
    sixes = [along[n : n + 6] for n in range(0, len(along), 6)]
    return Draft.begin(case, [(f"Six {n}", [u for one in six for u in one.urns]) for n, six in enumerate(sixes, 1)])


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def test_a_change_is_judged_in_a_tenth_of_a_second_however_it_comes(case: Case) -> None:
    draft = begun(case)
    urns = sorted(draft.drawn.place)[::10]
    first = [seconds(lambda urn=urn: begun(case).change(Move(urn=urn, to=1))) for urn in urns]  # nothing known yet
    kept = [seconds(lambda n=n: draft.after(Keep(partnership=n, how="closed")).weighed) for n in draft.drawn.groups]
    told = {"a change, nothing known yet": max(first), "kept as now": max(kept)}
    print("".join(f"\n{what}: {1000 * most:.0f} ms of CPU at most" for what, most in told.items()))
    assert max(told.values()) < ONE_CHANGE


def test_every_place_of_a_school_is_judged_in_three_tenths_of_a_second(case: Case) -> None:
    draft = begun(case)
    taken = [seconds(partial(draft.choices, urn)) for urn in sorted(draft.drawn.place)[::10]]
    print(
        f"\nevery place of a school: {1000 * max(taken):.0f} ms of CPU at most, {len(draft.drawn.groups)} partnerships"
    )
    assert max(taken) < ALL_PLACES


def test_what_each_setting_does_is_told_in_a_twentieth_of_a_second(case: Case) -> None:
    rules = case.scenario.rules.model_copy(
        update={"km_max": 20.0, "host_minutes_max": 15.0, "minutes_max_for": {120584: 25.0}}
    )
    scenario = case.scenario.model_copy(update={"rules": rules})
    taken = {
        key: seconds(lambda told=told: told(Outlook(case.problem.area, scenario))) for key, told in EFFECTS.items()
    }
    slowest = max(taken, key=lambda key: taken[key])
    print(f"\nslowest effect: {slowest}, {1000 * taken[slowest]:.0f} ms of CPU")
    assert taken[slowest] < ONE_EFFECT
