"""Who takes part: reasons for exceptions, and schools that share a post."""

from __future__ import annotations

from pathlib import Path

import pytest
from identifiers import ints
from parish import account_of, case_of, scheme, table, urns
from town import line, town

from geodata.faults import BadData
from partition.model.area import Link
from partition.model.problem import Problem, check
from partition.model.rules import LinkedTogether
from partition.solver import solve
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.read_back import read_back
from partition.storage.verify import verify

SHARED = 'links = "works.csv"\n[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n'


def test_a_reason_goes_with_its_exception_and_no_public_plan_tells_it(tmp_path: Path) -> None:
    reasons = "except_out = [900003]\nexcept_reasons = {900003 = 'head is ill'}\n"
    rules = f"[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n{reasons}"
    case = case_of(tmp_path, [0, 1, 2], rules)
    (made,) = scheme(case, [1, 2]).exceptions
    assert (made.urn, made.what, made.reason) == ("900003", "named as not taking part", "head is ill")
    write_plan(case, account_of(case, [1, 2]), tmp_path / "public.gpkg")
    assert b"head is ill" not in (tmp_path / "public.gpkg").read_bytes()
    assert "rules.except_reasons" in read_plan(tmp_path / "public.gpkg").run["left_out"]
    write_plan(case, account_of(case, [1, 2]), tmp_path / "internal.gpkg", internal=True)
    assert b"head is ill" in (tmp_path / "internal.gpkg").read_bytes()
    with pytest.raises(BadData, match="a reason for a school that is in none of"):
        scheme(case_of(tmp_path, [0, 1, 2], rules.replace("900003 = ", "900001 = ")), [1, 2])


def test_schools_that_share_a_post_stay_together_if_asked(tmp_path: Path) -> None:
    """1 and 4 share a post, 2 and 3 only meet. Parted, they break a rule that no public output words."""
    table(
        tmp_path, "works.csv", "urn_a urn_b kind", [("900001", "900004", "Shared post"), ("900002", "900003", "meet")]
    )
    case = case_of(tmp_path, [0, 1, 2, 9], SHARED + 'together_kinds = ["shared post"]\n')
    good, bad = (case.problem.plan([urns(*own) for own in groups]) for groups in (([1, 4], [2, 3]), ([1, 2], [3, 4])))
    assert check(case.problem, good) == []
    assert {(breach.rule, breach.private) for breach in check(case.problem, bad)} == {("together_kinds", True)}
    assert "schools with a working link (Shared post) kept together" in case.problem.criteria
    write_plan(case, account_of(case, [1, 4], [2, 3]), tmp_path / "internal.gpkg", internal=True)
    stored = read_plan(tmp_path / "internal.gpkg")
    assert verify(stored).agrees and verify(stored, case).agrees
    assert any(isinstance(rule, LinkedTogether) for rule in read_back(stored).account.problem.rules)


def test_the_solver_keeps_them_together() -> None:
    area = town(line(0, 1, 10, 11), links=[Link(urn_a=1, urn_b=3, kind="shared post")])
    from partition.model.rules import HeadsPer

    free, tied = ([HeadsPer(2, 2), *more] for more in ([], [LinkedTogether(frozenset({1, 3}), "shared post")]))
    plans = [solve(Problem(area, rules)).plan for rules in (free, tied)]
    assert ints([[p.urns for p in plan.partnerships] for plan in plans if plan]) == [[(1, 2), (3, 4)], [(1, 3), (2, 4)]]
