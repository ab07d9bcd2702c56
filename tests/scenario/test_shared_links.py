"""Links that follow from a column, such as a trust: priced and counted, never binding, and no secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from identifiers import ints
from town import write_town

from geodata.faults import BadData
from partition.maps.atlas import draw_atlas, figures
from partition.model.plan import Plan
from partition.plans.account import Account
from partition.scenario import adjust as edits
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.solver import solve
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.read_back import read_back
from partition.storage.verify import verify

PAIRS = "[rules]\nheads_min = 2\nheads_max = 2\nminutes_max = 99\n"


def town(folder: Path, weight: float, links: str = "") -> Case:
    """1 and 2 are a minute apart, 3 and 4 too, ten further on. 1 and 3 are of one trust; 2's is "Not applicable"."""
    trusts = {"trust": ["Wold", "Not applicable", "Wold", ""], "diocese": ["Lincoln"] * 4}
    given = f"links_from = {{trust = {weight}, diocese = 0.001}}\n{PAIRS}"
    return load(read_scenario(write_town(folder, 0, 1, 10, 11, columns=trusts, links=links, settings=given)))


def best(case: Case) -> Plan:
    plan = solve(case.problem).plan
    assert plan is not None
    return plan


def test_a_trust_is_priced_and_does_not_bind(tmp_path: Path) -> None:
    """Six meetings of two take 12 minutes a minute of way: 24 for near pairs, 240 for the trust's and the others'.

    Parted, the trust costs its weight x 60: 60 at weight 1, and 600 at weight 10. Of a diocese of four schools, four
    of six pairs are parted either way, at 0.06 each.
    """
    light, heavy = town(tmp_path / "light", 1), town(tmp_path / "heavy", 10)
    assert [p.urns for p in best(light).partnerships] == [("900001", "900002"), ("900003", "900004")]
    assert [p.urns for p in best(heavy).partnerships] == [("900001", "900003"), ("900002", "900004")]
    for case, total in ((light, 24 + 60 + 0.24), (heavy, 240 + 0.24)):
        account = Account(case.problem, best(case))
        parts = [item.cost.total for item in account.partnerships]
        assert account.cost.total == sum(parts) == round(total * 1000)
    assert dict(account.shared) == {"trust": (1, 1), "diocese": (2, 6)}
    assert dict(account.shared_of["900001"]) == {"diocese": (1, 3), "trust": (1, 1)}
    assert account.links == () and account.links_kept == account.links_broken == 0
    assert ("Pairs of one trust", "1 of 1 together") in list(figures(heavy, account))
    assert ints(draw_atlas(heavy, account).schools[0].shared) == (("diocese", 1, 3), ("trust", 1, 1))


def test_a_public_plan_can_be_worked_out_again_from_what_everybody_knows(tmp_path: Path) -> None:
    case = town(tmp_path, 10)
    account = Account(case.problem, best(case))
    write_plan(case, account, tmp_path / "plan.gpkg")
    stored = read_plan(tmp_path / "plan.gpkg")
    assert stored.run["left_out"] == [] and "links" not in stored.tables
    assert verify(stored).agrees and verify(stored, case).agrees
    again = read_back(stored).account
    assert again.problem.cost(again.plan) == account.cost and again.shared == account.shared


def test_beside_working_links_only_those_are_kept_back(tmp_path: Path) -> None:
    case = town(tmp_path, 10, links="900001,900004,3")
    account = Account(case.problem, best(case))
    assert ints((account.links_kept, account.links_broken)) == (0, 1)
    for internal in (False, True):
        write_plan(case, account, tmp_path / "plan.gpkg", internal=internal)
        stored = read_plan(tmp_path / "plan.gpkg")
        assert verify(stored).agrees and verify(stored, case).agrees
        assert ("links" in stored.run["left_out"]) is not internal
        assert len(stored.tables.get("links", ())) == internal
        back = read_back(stored).account
        assert ints((back.cost, back.shared, back.links_broken)) == (account.cost, account.shared, 1)


def test_a_column_that_is_not_there_or_ties_everybody_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_town(tmp_path, 0, 1, 2, columns={"trust": ["A", "A", "A"]}, settings=PAIRS)
    for column in ("trsut", "pupils"):
        with pytest.raises(BadData, match=column):
            load(read_scenario(path, [f"data.links_from={{{column} = 1.0}}"]))
    monkeypatch.setattr(edits, "SHARED_LINKS_MOST", 2)
    with pytest.raises(BadData, match="3 pairs of schools share a value"):
        load(read_scenario(path, ["data.links_from={trust = 1.0}"]))
