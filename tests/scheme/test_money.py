"""The money, by hand: five small schools, 1 to 5, 4 km apart, and an associate in the partnership beside them."""

from __future__ import annotations

from pathlib import Path

import pytest
from identifiers import ints
from parish import case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.money import MoneyAccount
from partition.scheme.stages import Decision, Log

POUND = 100


def money(folder: Path, preset: str, settings: str = "", log: Log | None = None) -> MoneyAccount:
    """Five small schools in one partnership, with an associate; two more small schools in another."""
    rules = "[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\nassociates = [900006]\n"
    case = case_of(folder, [0, 4, 8, 12, 16, 20, 50, 52], rules + settings, pupils=[100] * 5 + [400, 100, 100])
    path = folder / "town.toml"
    path.write_text(f'extends = "preset:{preset}"\n' + path.read_text("utf-8"), "utf-8")
    from partition.scenario.case import load
    from partition.scenario.read import read_scenario

    case = load(read_scenario(path))
    return scheme(case, [1, 2, 3, 4, 5, 6], [7, 8], log=log).money


def test_five_schools_in_the_2012_proposal(tmp_path: Path) -> None:
    """£100,000 a year, and 5 x £20,000 to start; the associate draws none. The pair: £100,000 and £40,000."""
    found = money(tmp_path, "scheme-2012")
    five, two = found.partnerships
    assert ints((five.small_schools, five.yearly_pence, five.start_pence)) == (5, 100_000 * POUND, 100_000 * POUND)
    assert (two.yearly_pence, two.start_pence) == (100_000 * POUND, 40_000 * POUND)
    assert found.total("first_year_pence") == (200_000 + 140_000) * POUND
    assert found.source == "2012 proposal"


def test_five_schools_as_revised_in_2013(tmp_path: Path) -> None:
    """Plans cost £65,000 of £100,000 allowed, and £52,000 of £40,000: the rest of each £100,000 comes on signing."""
    log = Log(
        [
            Decision(partnership=1, stage="approved", day="2013-05-01", costs_pounds=65_000),
            Decision(partnership=2, stage="approved", day="2013-05-02", costs_pounds=52_000),
            Decision(partnership=1, stage="heads of agreement signed", day="2013-09-01"),
        ]
    )
    found = money(tmp_path, "scheme-2013", log=log)
    five, two = found.partnerships
    assert [(p.what, p.pence // POUND, p.paid_on) for p in five.payments] == [
        ("to start", 65_000, "2013-05-01"),
        ("a year", 35_000, "2013-09-01"),
    ]
    assert [(p.what, p.pence // POUND, p.paid_on) for p in two.payments] == [
        ("to start", 40_000, "2013-05-02"),
        ("a year", 60_000, None),
    ]
    assert found.total("paid_pence") == (65_000 + 35_000 + 40_000) * POUND
    flow = {one.stage: (one.partnerships, one.paid_pence // POUND, one.to_come_pence // POUND) for one in found.flow}
    assert flow["approved"] == (1, 105_000, 0)
    assert ints(flow["heads of agreement signed"]) == (1, 35_000, 60_000)
    assert sum(paid + to_come for _, paid, to_come in flow.values()) * POUND == found.total("first_year_pence")


def test_a_partnership_that_left_is_due_nothing(tmp_path: Path) -> None:
    found = money(tmp_path, "scheme-2012", log=Log([Decision(partnership=2, stage="left", day="2014-01-01")]))
    assert found.partnerships[1].payments == ()
    assert found.total("first_year_pence") == 200_000 * POUND


def test_travel_is_priced_beside_the_money(tmp_path: Path) -> None:
    """The pair are 2 km and 2 minutes apart: six meetings by turn are 6 x (4 + 4) / 2 = 24 minutes and 24 km a year.

    24 km are 14.913 miles: at 45 pence £6.71. 24 minutes at £30 an hour are £12. One of them goes to the venue ten
    times a year with staff: 40 km and 40 minutes, £11.18 and, at £12 an hour, £8.
    """
    prices = "[money]\npounds_per_head_hour = 30\nstaff_visits_per_year = 10\npounds_per_staff_hour = 12\n"
    travel = money(tmp_path, "scheme-2012", prices).partnerships[1].travel
    assert ints((travel.heads_minutes, travel.heads_miles)) == (24, 15)
    assert ints((travel.mileage_pence, travel.heads_time_pence)) == (671, 1200)
    assert (travel.staff_minutes, travel.staff_pence) == (40, 1118 + 800)
    assert travel.pence == 671 + 1200 + 1918


def test_lump_sums_are_imported_and_never_inferred(tmp_path: Path) -> None:
    rows = [(urns(1)[0], "£90,000", "1000.50"), (urns(2)[0], "115000", ""), (urns(7)[0], "", "")]
    table(tmp_path, "lump.csv", "urn lump_sum sparsity", rows)
    found = money(tmp_path, "scheme-2012", '[money]\nlump_sums = "lump.csv"\n')
    five, two = found.partnerships
    assert ints((five.lump_sum_pence, five.lump_sum_schools)) == (205_000 * POUND, 2)
    assert ints((five.sparsity_pence, five.sparsity_schools)) == (100_050, 1)
    assert ints((two.lump_sum_pence, two.lump_sum_schools)) == (0, 0)
    assert found.total("lump_sum_pence") == 205_000 * POUND
    table(tmp_path, "lump.csv", "urn lump_sum", [(urns(1)[0], "ninety"), (urns(1)[0], "1"), (123456, "1")])
    with pytest.raises(BadData) as bad:
        money(tmp_path, "scheme-2012", '[money]\nlump_sums = "lump.csv"\n')
    assert ints([fault.row for fault in bad.value.faults]) == [2, 3, 4]


def test_every_preset_can_be_extended_and_an_unknown_one_is_told(tmp_path: Path) -> None:
    from partition.scenario.read import PRESETS, read_scenario

    names = sorted(preset.stem for preset in PRESETS.glob("*.toml"))
    assert names == ["federation-search", "scheme-2012", "scheme-2013", "send-cluster"]
    for name in names:
        read_scenario(f"preset:{name}")
    assert read_scenario("preset:scheme-2013").money.per_partnership == 100_000
    assert read_scenario("preset:send-cluster").rules.school_pupils_max is None
    with pytest.raises(BadData, match="no such preset; there are: preset:federation-search"):
        read_scenario("preset:scheme-1066")
