"""Groups as they are: told what they cost and which rules they break, whatever shape they are in."""

from __future__ import annotations

import subprocess
import sys

import pytest
from identifiers import ints
from town import line, town

from partition.model.area import Area, Link
from partition.model.costs import Cost
from partition.model.problem import Problem
from partition.model.rules import HeadsPer, MinutesMax, Rule, headships_moved
from partition.plans.account import Account
from partition.plans.judge import judge

AREA = town(line(0, 5, 10, 30), pupils=[50, 60, 70, 300], links=[Link(urn_a=2, urn_b=3)])


def judged(labels: dict[int, str], *rules: Rule, area: Area = AREA) -> Account:
    return judge(Problem(area, rules), labels)


def rules_broken(account: Account) -> dict[str, tuple[int, ...]]:
    return {breach.rule: breach.urns for breach in account.breaches}


def test_groups_that_keep_every_rule_are_a_plan_with_its_cost() -> None:
    account = judged({1: "Fen", 2: "Fen"}, HeadsPer(2, 3), MinutesMax(20))
    assert account.breaches == ()
    assert ints([item.group.urns for item in account.partnerships]) == [(1, 2)]
    assert account.cost == Cost(travel=60_000, links=60_000)
    assert ints(account.unplaced) == (3,)


def test_groups_keep_their_own_names() -> None:
    account = judged({1: "Wold & Fen", 3: "Wold & Fen", 2: "Marsh"})
    assert ints([(item.name, item.group.urns) for item in account.partnerships]) == [
        ("Wold & Fen", (1, 3)),
        ("Marsh", (2,)),
    ]


def test_every_rule_broken_is_told_where_it_is_broken() -> None:
    account = judged({1: "Fen", 3: "Fen"}, HeadsPer(3, None), MinutesMax(8))
    assert ints(rules_broken(account)) == {"heads_min": (1, 3), "minutes_max": (1, 3)}
    assert [breach.rule for breach in account.partnerships[0].breaches] == ["heads_min", "minutes_max"]


def test_a_group_of_one_is_told_and_counted() -> None:
    account = judged({1: "Fen"})
    assert ints(rules_broken(account)) == {"needs_heads": (1,)}
    assert len(account.partnerships) == 1


def test_a_school_that_does_not_take_part_is_told_and_left_aside() -> None:
    account = judged({1: "Fen", 2: "Fen", 4: "Fen"})
    assert ints(rules_broken(account)) == {"takes_part": (4,)}
    assert account.breaches[0].words == "School 4: does not take part: 300 pupils, over the limit of 200"
    assert ints(account.partnerships[0].group.urns) == (1, 2)


def test_a_group_of_none_that_takes_part_is_no_partnership() -> None:
    account = judged({4: "Fen"})
    assert account.partnerships == ()
    assert ints(rules_broken(account)) == {"takes_part": (4,)}


FEDERATED = town(line(0, 5, 10, 15), pupils=[50, 90, 70, 80], heads={1: "Federation", 2: "Federation"})


def test_a_head_with_schools_in_two_groups_is_told_and_counted_at_the_base() -> None:
    account = judged({1: "Fen", 3: "Fen", 2: "Wold", 4: "Wold"}, area=FEDERATED)
    assert ints(rules_broken(account)["whole"]) == (2,)
    assert "counted there whole" in account.breaches[0].words
    assert ints([item.group.urns for item in account.partnerships]) == [(1, 2, 4), (3,)]


def test_a_head_with_a_school_in_no_group_is_told_and_counted_whole() -> None:
    account = judged({1: "Fen", 3: "Fen"}, area=FEDERATED)
    assert ints(rules_broken(account)) == {"whole": (2,)}
    assert ints([item.group.urns for item in account.partnerships]) == [(1, 2, 3)]


def test_keeping_todays_groups_changes_nothing_although_a_heads_schools_are_in_two() -> None:
    """The head of 1 and 2 counts in Wold, where 2, the larger, is: with 4, and parted from nobody."""
    today = {"Fen": [1, 3], "Wold": [2, 4]}
    heads = {1: "Federation", 2: "Federation"}
    area = town(line(0, 5, 10, 15), pupils=[50, 90, 70, 80], heads=heads, today=today)
    problem = Problem(area)
    assert ints(problem.roster.existing) == (("Fen", (1,)), ("Wold", (0, 2)))
    account = judge(problem, {urn: name for name, urns in today.items() for urn in urns})
    assert account.cost.change == 0
    assert headships_moved(problem.roster, problem.groups(account.plan)) == 0


def test_a_group_that_no_road_joins_is_told_and_costed_without_that_drive() -> None:
    area = town("""
        to  1   2   3
        1   0   5   5
        2   5   0   -
        3   5   -   0
    """)
    account = judged({1: "Fen", 2: "Fen", 3: "Fen"}, area=area)
    assert ints(rules_broken(account)) == {"needs_road": (2, 3)}
    assert account.cost.travel == 80_000  # four drives of 5, twice, over three venues, six times


def test_no_groups_at_all_are_a_plan_of_nobody() -> None:
    account = judged({})
    assert account.partnerships == ()
    assert ints(account.unplaced) == (1, 2, 3)


@pytest.mark.parametrize("module", ["plans.judge", "storage.verify", "model.problem", "scenario.read"])
def test_judging_and_checking_load_no_solver(module: str) -> None:
    code = f"import sys, partition.{module}; print([m for m in ('ortools', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "module"), [("judge", "plans.judge"), ("solve", "solver"), ("verify", "storage.verify")]
)
def test_a_name_of_the_library_is_its_function_however_often_one_asks(name: str, module: str) -> None:
    code = f"import partition as pt; pt.{name}; import partition.{module}; assert callable(pt.{name}), pt.{name}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
