"""Who hosts how often, in turns and evened out: on the page, on maps, and in plan files that are read again."""

from __future__ import annotations

from pathlib import Path

from parish import account_of, case_of

from partition.maps.atlas import draw_atlas
from partition.maps.facts import facts
from partition.scheme.hosting import Hosting
from partition.settings.scheme import Venues
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.read_back import read_back

VENUES = "[venues]\nonline_every = 0\nmeetings_per_year = 4\n"
TURNS = "2 at School 900003, 1 at School 900001, 1 at School 900002"
EVEN = "2 at School 900001, 2 at School 900003"


def test_both_rotas_are_told_and_what_the_other_would_change(tmp_path: Path) -> None:
    """At 0, 1 and 30: in turns the first drives 2 and twice 60; with two meetings each at both ends all drive 120."""
    case = case_of(tmp_path, [0, 1, 30, 31, 32], VENUES)
    told = Hosting(account_of(case, [1, 2, 3], [4, 5]), case.venues)
    assert told.headings == (
        "Partnership",
        "Meetings a year",
        "Who drives most, minutes a year",
        "With hosts evened out",
    )
    first, second = told.rows
    assert first[1:3] == [TURNS, "School 900001: 122"]
    assert first[3] == f"School 900001: 120; {EVEN}"
    assert second[1:] == ["2 at School 900004, 2 at School 900005", "School 900004: 4", "no difference"]
    assert told.words[0].startswith("4 meetings a year in person, and the settings ask for hosts in turns.")
    assert told.words[1] == (
        "With hosts evened out, the head who drives most would drive less in 1 of 2 partnerships. Proven."
    )
    even = Hosting(told.account, Venues(online_every=0, meetings_per_year=4, rota="even"))
    assert even.rows[0][1:3] == [EVEN, "School 900001: 120"] and even.rows[0][3] == f"School 900001: 122; {TURNS}"
    assert even.words[1].startswith("With hosts in turns, the head who drives most would drive more in 1 of 2")


def test_where_nobody_meets_in_person_nobody_hosts(tmp_path: Path) -> None:
    case = case_of(tmp_path, [0, 1], "[venues]\nonline_every = 1\n")
    (row,) = Hosting(account_of(case, [1, 2]), case.venues).rows
    assert row[1:] == ["none in person", "–", "no difference"]


def test_maps_say_who_hosts_how_often_where_drives_are_evened_out(tmp_path: Path) -> None:
    asked = VENUES + 'rota = "even"\n'
    case = case_of(tmp_path, [0, 1, 30], asked)
    account = account_of(case, [1, 2, 3])
    assert facts(draw_atlas(case, account))["partnerships"][0]["hosts"] == EVEN
    write_plan(case, account, tmp_path / "plan.gpkg")
    back = read_back(read_plan(tmp_path / "plan.gpkg"))  # a map drawn again from the plan file alone
    assert back.venues == case.venues
    assert facts(draw_atlas(back, back.account))["partnerships"][0]["hosts"] == EVEN


def test_in_turns_maps_say_no_more_than_the_venue(tmp_path: Path) -> None:
    case = case_of(tmp_path, [0, 1, 30], VENUES)
    assert "hosts" not in facts(draw_atlas(case, account_of(case, [1, 2, 3])))["partnerships"][0]
