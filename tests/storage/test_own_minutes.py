"""What each head has of a plan, in its file: the travel for everybody, links and change for the office."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from town import alter, write_town

from partition.actions.plan import make_plan
from partition.maps.atlas import draw_atlas
from partition.plans.own_minutes import spread_facts
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.read_back import read_back
from partition.storage.verify import verify

SETTINGS = '[rules]\nheads_min = 2\nheads_max = 2\nheadship_is_partnership_from = "off"\nminutes_max = 5\n'
TODAY = {"North": [900_001, 900_005]}  # the fifth is far, so that they are parted: 120 minutes each


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    """Two pairs a minute apart; across them two schools work together, at 30 minutes for each if that is broken."""
    folder = tmp_path_factory.mktemp("own")
    path = write_town(folder, 0, 1, 20, 21, 60, settings=SETTINGS, links="900001,900003,1", today=TODAY)
    return load(read_scenario(path))


def own_columns(path: Path) -> dict[str, dict[str, int | None]]:
    schools = read_plan(path).tables["schools"]
    columns = [column for column in schools.columns if column.startswith("own_")]
    rows = schools[["urn", *columns]].to_dict("records")
    return {str(row["urn"]): {c: None if row[c] != row[c] else row[c] for c in columns} for row in rows}


def test_a_public_plan_has_the_travel_and_an_internal_one_all(case: Case, tmp_path: Path) -> None:
    """Six meetings, every second one a minute there and one back: six minutes for each."""
    account = make_plan(case).account
    write_plan(case, account, tmp_path / "public.gpkg")
    write_plan(case, account, tmp_path / "internal.gpkg", internal=True)
    public, internal = own_columns(tmp_path / "public.gpkg"), own_columns(tmp_path / "internal.gpkg")
    assert public["900001"] == {"own_travel": 6_000}
    assert internal["900001"] == {"own_travel": 6_000, "own_links": 30_000, "own_change": 120_000}
    assert internal["900002"] == {"own_travel": 6_000, "own_links": 0, "own_change": 0}
    assert set(public["900005"].values()) == {None}  # not placed
    for name in ("public", "internal"):
        stored = read_plan(tmp_path / f"{name}.gpkg")
        assert verify(stored).agrees and verify(stored, case).agrees
        assert read_back(stored).account.own[0] is not None


def test_a_wrong_figure_is_found(case: Case, tmp_path: Path) -> None:
    write_plan(case, make_plan(case).account, tmp_path / "plan.gpkg", internal=True)
    alter(tmp_path / "plan.gpkg", "UPDATE schools SET own_links = 1 WHERE urn = '900001'")
    wrong = verify(read_plan(tmp_path / "plan.gpkg")).wrong
    assert "900001: own_links is 30.000, the file says 0.001" in wrong


def test_maps_and_json_tell_as_much(case: Case) -> None:
    made = make_plan(case)
    cards = {card.urn: card for card in draw_atlas(case, made.account).schools}
    assert (cards["900001"].own, cards["900001"].own_words) == (6.0, "drives to meetings")  # type: ignore[index]
    assert cards["900005"].own is None  # type: ignore[index]
    internal = {card.urn: card for card in draw_atlas(case, made.account, internal=True).schools}
    assert internal["900001"].own == 156.0  # type: ignore[index]
    assert json.loads(json.dumps(made.facts))["heads_own"]["worst"] == 6.0
    told = spread_facts(made.account, internal=True)
    assert told is not None and (told["worst"], told["worst_urns"]) == (156.0, ["900001"])
