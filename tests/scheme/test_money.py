"""The money, by hand: five small schools, 1 to 5, 4 km apart, and an associate in the partnership beside them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from identifiers import ints
from parish import case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.ledger import Payment
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


def paid(found: Iterable[Payment]) -> list[tuple[str, int | None, float, str | None]]:
    return [(one.what, one.year, one.pence / POUND, one.day) for one in found]


def test_five_schools_in_the_2012_proposal(tmp_path: Path) -> None:
    """£100,000 a year, and 5 x £20,000 to start; the associate draws none. The pair: £100,000 and £40,000."""
    found = money(tmp_path, "scheme-2012")
    five, two = found.partnerships
    assert ints((five.small_schools, five.yearly_pence, five.start_pence)) == (5, 100_000 * POUND, 100_000 * POUND)
    assert (two.yearly_pence, two.start_pence) == (100_000 * POUND, 40_000 * POUND)
    assert found.total("first_year_pence") == (200_000 + 140_000) * POUND
    assert found.total("paid_pence") == 0 and not found.at_most
    assert found.source == "2012 proposal"


YEAR = "\n[money]\nper_partnership = 73000\n"  # £200 for each of 365 days


def test_five_schools_as_revised_in_2013(tmp_path: Path) -> None:
    """Plans cost £65,000 of £100,000 allowed, and £52,000 of £40,000: so much is paid, once.

    Signed on 1 September 2013: 212 days are left of 2013-14 (30 + 31 + 30 + 31 + 31 + 28 + 31), £42,400. Two whole
    years follow, as the ledger has three. The pair has not signed: at most the whole £73,000 is to come.
    """
    log = Log(
        [
            Decision(partnership=1, stage="approved", day="2013-05-01", costs_pounds=65_000),
            Decision(partnership=2, stage="approved", day="2013-05-02", costs_pounds=52_000),
            Decision(partnership=1, stage="heads of agreement signed", day="2013-09-01"),
        ]
    )
    found = money(tmp_path, "scheme-2013", YEAR, log=log)
    five, two = found.partnerships
    assert paid(five.payments) == [
        ("to start", 2013, 65_000, "2013-05-01"),
        ("the first year", 2013, 42_400, "2013-09-01"),
    ]
    assert paid(five.later) == [
        ("a later year", 2014, 73_000, "2014-04-01"),
        ("a later year", 2015, 73_000, "2015-04-01"),
    ]
    assert paid(two.payments) == [("to start", 2013, 40_000, "2013-05-02"), ("the first year", None, 73_000, None)]
    assert two.at_most and not five.at_most and not two.later
    assert found.total("paid_pence") == (65_000 + 42_400 + 40_000) * POUND
    assert [found.ledger.in_year(year) // POUND for year in (2013, 2014, 2015, None)] == [
        147_400,
        73_000,
        73_000,
        73_000,
    ]
    flow = {one.stage: (one.partnerships, one.paid_pence // POUND, one.to_come_pence // POUND) for one in found.flow}
    assert flow["approved"] == (1, 105_000, 0)
    assert ints(flow["heads of agreement signed"]) == (1, 42_400, 73_000)
    assert sum(paid + to_come for _, paid, to_come in flow.values()) * POUND == found.total("first_year_pence")


def test_the_amount_of_a_year_is_asked_for_where_the_source_does_not_give_it(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="the amount of a year is not given; give per_partnership"):
        money(tmp_path, "scheme-2013")
    assert money(tmp_path, "scheme-2013", "\n[money]\nrest_of_year = false\n").total("yearly_pence") == 0
    with pytest.raises(BadData, match="rest_of_year and start_within_year are on; keep one"):
        money(tmp_path, "scheme-2013", YEAR + "start_within_year = true\n")


def test_nothing_is_paid_on_an_approval_without_costs(tmp_path: Path) -> None:
    """An older log may hold one. The second pair is not approved: the most that it can come to is still to come."""
    log = Log([Decision(partnership=1, stage="approved", day="2013-05-01")])
    one, two = money(tmp_path, "scheme-2013", YEAR, log=log).partnerships
    assert one.costs_are_missing and one.start_pence == one.paid_pence == 0
    assert paid(two.payments)[0] == ("to start", None, 40_000, None) and two.at_most
    none = Log([Decision(partnership=1, stage="approved", day="2013-05-01", costs_pounds=0)])
    one = money(tmp_path, "scheme-2013", YEAR, log=none).partnerships[0]
    assert not one.costs_are_missing and one.start_pence == 0


def test_a_start_within_the_year_is_counted_once(tmp_path: Path) -> None:
    """Of £100,000 a year, £100,000 and £40,000 come to start: £60,000 is the rest of the second's first year."""
    found = money(tmp_path, "scheme-2012", "\n[money]\nstart_within_year = true\n")
    assert [one.first_year_pence // POUND for one in found.partnerships] == [100_000, 100_000]
    assert [one.first_pence // POUND for one in found.partnerships] == [0, 60_000]


def test_a_partnership_that_left_is_in_no_sum_and_named_with_what_it_was_paid(tmp_path: Path) -> None:
    log = Log(
        [
            Decision(partnership=2, stage="approved", day="2013-06-01"),
            Decision(partnership=2, stage="left", day="2014-01-01"),
        ]
    )
    found = money(tmp_path, "scheme-2012", log=log)
    assert [one.number for one in found.partnerships] == [1]
    assert found.total("first_year_pence") == 200_000 * POUND
    assert sum(one.partnerships for one in found.flow) == 1
    (gone,) = found.left
    assert ints((gone.number, gone.small_schools, gone.paid_pence)) == (2, 2, 40_000 * POUND)
    assert gone.day == "2014-01-01" and paid(gone.payments) == [("to start", 2013, 40_000, "2013-06-01")]


def test_travel_is_priced_beside_the_money(tmp_path: Path) -> None:
    """The pair are 2 km and 2 minutes apart: six meetings by turn are 6 x (4 + 4) / 2 = 24 minutes and 24 km a year.

    24 km are 14.913 miles: 15, at 45 pence £6.75. 24 minutes at £30 an hour are £12. One of them goes to the venue ten
    times a year with staff: 40 km, which are 25 miles, and 40 minutes, £11.25 and, at £12 an hour, £8.
    """
    prices = "[money]\npounds_per_head_hour = 30\nstaff_visits_per_year = 10\npounds_per_staff_hour = 12\n"
    travel = money(tmp_path, "scheme-2012", prices).partnerships[1].travel
    assert ints((travel.heads_minutes, travel.heads_miles)) == (24, 15)
    assert ints((travel.mileage_pence, travel.heads_time_pence)) == (15 * 45, 1200)
    assert (travel.staff_minutes, travel.staff_miles, travel.staff_pence) == (40, 25, 25 * 45 + 800)
    assert travel.pence == 675 + 1200 + 1925


def test_sums_by_formula_are_imported_by_year_and_never_inferred(tmp_path: Path) -> None:
    first, second, seventh = urns(1)[0], urns(2)[0], urns(7)[0]
    rows = [
        (first, "£90,000", "1000.50", 2013),
        (first, "£115,000", "", 2014),
        (second, "115000", "", ""),
        (seventh, "", "", ""),
    ]
    table(tmp_path, "lump.csv", "urn lump_sum sparsity year", rows)
    found = money(tmp_path, "scheme-2012", '[money]\nlump_sums = "lump.csv"\n')
    five, two = found.partnerships
    assert [(one.what, one.year, one.school, one.pence / POUND) for one in five.formula] == [
        ("lump sum by formula", 2013, first, 90_000),
        ("sparsity by formula", 2013, first, 1_000.50),
        ("lump sum by formula", 2014, first, 115_000),
        ("lump sum by formula", None, second, 115_000),
    ]
    assert two.formula == ()
    assert found.formula_kinds == (
        ("lump sum by formula", None),
        ("lump sum by formula", 2013),
        ("lump sum by formula", 2014),
        ("sparsity by formula", 2013),
    )
    assert found.total("first_year_pence") == 340_000 * POUND  # a school's budget is no grant
    table(tmp_path, "lump.csv", "urn lump_sum year", [(first, "1", "soon")])
    with pytest.raises(BadData, match="the year in which the financial year begins"):
        money(tmp_path, "scheme-2012", '[money]\nlump_sums = "lump.csv"\n')
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
    assert read_scenario("preset:scheme-2012").money.per_partnership == 100_000
    revised = read_scenario("preset:scheme-2013")
    assert revised.money.lacks_year and revised.money.start_per_school == 20_000 and revised.posts.senco.fte == 1.0
    assert read_scenario("preset:send-cluster").rules.school_pupils_max is None
    with pytest.raises(BadData, match="no such preset; there are: preset:federation-search"):
        read_scenario("preset:scheme-1066")
