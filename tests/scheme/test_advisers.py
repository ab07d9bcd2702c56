"""Which adviser serves which partnership."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from identifiers import ints
from parish import advisers, case_of, scheme, table, urns

from geodata.faults import BadData
from partition.scheme.advisers import Caseloads, assign
from partition.scheme.scheme import Scheme
from partition.scheme.stages import Decision, Log
from partition.settings.scheme import Stage

PEOPLE = '[advisers]\npeople = "advisers.csv"\n'
LINE = [0, 1, 2, 20, 21, 22, 40, 41, 42]  # three villages of three
GROUPS = [1, 2, 3], [4, 5, 6], [7, 8, 9]


def who(scheme_: Scheme) -> list[str]:
    assert scheme_.advisers is not None
    return [scheme_.advisers.name_of(item.number) for item in scheme_.account.partnerships]


def test_the_nearest_serves(tmp_path: Path) -> None:
    """Three visits a year to each school, and three meetings in the middle of each village, all there and back."""
    advisers(tmp_path, ("A1", 0), ("A2", 43))
    found = scheme(case_of(tmp_path, LINE, PEOPLE), *GROUPS)
    assert who(found) == ["A1", "A1", "A2"]
    assert found.advisers is not None
    first, second = found.advisers.patches
    assert first.partnerships == (1, 2) and first.schools == 6 and second.partnerships == (3,)
    assert first.drive_minutes == 6 * (0 + 1 + 2) + 6 * 1 + 6 * (20 + 21 + 22) + 6 * 21
    assert first.away_minutes == {1: 2, 2: 42}


def test_a_caseload_is_kept_to_and_who_is_left_is_told(tmp_path: Path) -> None:
    advisers(tmp_path, ("A1", 0, 1), ("A2", 41, 1), more="caseload")
    found = scheme(case_of(tmp_path, LINE, PEOPLE), *GROUPS)
    assert who(found) == ["A1", "", "A2"]
    assert found.advisers is not None
    assert ints(found.advisers.why_unserved) == {
        2: "every adviser who could serve it is at their caseload or days; those served take the least driving and "
        "change of advisers"
    }


def decided(*stages: tuple[int, Stage]) -> Log:
    return Log(Decision(partnership=number, stage=stage, day="2027-03-01") for number, stage in stages)


def test_one_that_left_has_no_adviser_and_is_not_told_as_unserved(tmp_path: Path) -> None:
    advisers(tmp_path, ("A1", 0, 1), ("A2", 41, 1), more="caseload")
    found = scheme(case_of(tmp_path, LINE, PEOPLE), *GROUPS, log=decided((1, "left")))
    assert who(found) == ["", "A1", "A2"]
    assert found.advisers is not None and found.advisers.unserved == ()


def test_where_advisers_are_short_those_with_decisions_go_first(tmp_path: Path) -> None:
    """Without a decision the middle village goes without, because it is far from both; with one the last does."""
    advisers(tmp_path, ("A1", 0, 1), ("A2", 41, 1), more="caseload")
    case = case_of(tmp_path, LINE, PEOPLE)
    found = scheme(case, *GROUPS, log=decided((1, "approved"), (2, "negotiated")))
    assert who(found) == ["A1", "A2", ""]
    assert found.advisers is not None
    assert found.advisers.why_unserved[3] == (
        "every adviser who could serve it is at their caseload or days; partnerships with a decision go first, and of "
        "the others those served take the least driving and change of advisers"
    )
    all_decided = decided((1, "approved"), (2, "negotiated"), (3, "active"))
    assert who(scheme(case, *GROUPS, log=all_decided)) == ["A1", "", "A2"]


def test_one_with_a_decision_is_served_though_two_others_could_be_in_its_place(tmp_path: Path) -> None:
    """Three days: the six schools of one partnership take all of them, those of three schools a day and a half each."""
    days = PEOPLE + "days_per_school = 0.5\n"
    advisers(tmp_path, ("A1", 0, 3), more="days")
    case = case_of(tmp_path, [*LINE, 43, 44, 45], days)
    groups = [1, 2, 3], [4, 5, 6], [7, 8, 9, 10, 11, 12]
    assert who(scheme(case, *groups)) == ["A1", "A1", ""]
    assert who(scheme(case, *groups, log=decided((3, "approved")))) == ["", "", "A1"]


def test_days_are_kept_to(tmp_path: Path) -> None:
    """2 days a partnership and half a day a school make 3.5: seven days are two partnerships, six are one."""
    days = PEOPLE + "days_per_partnership = 2.0\ndays_per_school = 0.5\n"
    advisers(tmp_path, ("A1", 0, 7), ("A2", 190, 6), more="days")
    found = scheme(case_of(tmp_path, LINE, days), *GROUPS)
    assert who(found) == ["A1", "A1", "A2"]
    assert found.advisers is not None and found.advisers.patches[0].days == 7.0


def test_an_adviser_of_today_stays_where_that_costs_little(tmp_path: Path) -> None:
    """The middle village is 4 minutes x 24 nearer A2; a change of adviser for three schools is worth 180, or 30."""
    advisers(tmp_path, ("A1", 0), ("A2", 42))
    table(tmp_path, "today.csv", "urn adviser", [(urn, "A2") for urn in urns(4, 5, 6)])
    today = PEOPLE + 'today = "today.csv"\n'
    kept = scheme(case_of(tmp_path, [0, 1, 2, 19, 20, 21, 40, 41, 42], today), *GROUPS)
    assert who(kept) == ["A1", "A2", "A2"]
    moved = scheme(case_of(tmp_path, [0, 1, 2, 19, 20, 21, 40, 41, 42], today + "minutes_per_change = 5\n"), *GROUPS)
    assert who(moved) == ["A1", "A1", "A2"]
    assert moved.advisers is not None
    assert moved.advisers.patches[0].new_schools == tuple(urns(4, 5, 6))


def test_accreditation_is_asked_for(tmp_path: Path) -> None:
    advisers(tmp_path, ("A1", 0, ""), ("A2", 190, "Leadership; SEND"), more="accreditation")
    extra = table(
        tmp_path, "extra.csv", "urn unit", [(urn, "yes" if urn == "900005" else "no") for urn in urns(*range(1, 10))]
    )
    given_ = f'join = ["{extra.name}"]\n[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n'
    case = case_of(tmp_path, LINE, given_ + PEOPLE + 'accreditation_for = {unit = "send"}\n')
    assert who(scheme(case, *GROUPS)) == ["A1", "A2", "A1"]


def test_what_if_an_adviser_leaves(tmp_path: Path) -> None:
    advisers(tmp_path, ("A1", 0, 2), ("A2", 41, 2), ("A3", 50, 9), more="caseload")
    case = case_of(tmp_path, LINE, PEOPLE + 'leaving = ["A2"]\n')
    gone = scheme(case, *GROUPS).leaving
    assert gone is not None
    assert gone.changes == ((2, "A2", "A1"), (3, "A2", "A3"))
    # Village 2: from 480 to 504; village 3, where A2 has the desk: from 6 x (1 + 0 + 1) to 6 x (10 + 9 + 8) + 6 x 9.
    assert gone.more_minutes == (504 - 480) + (216 - 12)


def test_faults_of_advisers_are_all_told(tmp_path: Path) -> None:
    table(
        tmp_path,
        "advisers.csv",
        "adviser office easting northing caseload",
        [("A1", "", 1, 2, -3), ("A1", "x", "?", 1, 2)],
    )
    case = case_of(tmp_path, LINE, PEOPLE + 'leaving = ["A9"]\n')
    with pytest.raises(BadData) as bad:
        scheme(case, *GROUPS)
    told = [str(fault) for fault in bad.value.faults]
    assert len(told) == 4 and any("row 3: it repeats row 2" in words for words in told)
    advisers(tmp_path, ("A1", 0))
    with pytest.raises(BadData, match="no adviser has this name; there are: A1"):
        scheme(case_of(tmp_path, LINE, PEOPLE + 'leaving = ["A9"]\n'), *GROUPS)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Caseloads:
    folder = tmp_path_factory.mktemp("county")
    advisers(folder, ("A1", 3, 2, 10), ("A2", 17, 2, 7), ("A3", 33, 1, 99), more="caseload days")
    text = PEOPLE + 'days_per_school = 1.0\ntoday = "today.csv"\nminutes_per_change = 20\n'
    table(folder, "today.csv", "urn adviser", [(urn, f"A{1 + int(urn) % 3}") for urn in urns(*range(1, 13))])
    case = case_of(folder, [0, 3, 5, 6, 11, 12, 20, 21, 25, 30, 31, 40], text)
    found = scheme(case, [1, 2], [3, 4, 5], [6, 7], [8, 9], [10, 11, 12])._caseloads
    assert found is not None
    return found


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(
    caseloads=st.lists(st.integers(0, 4), min_size=3, max_size=3),
    days=st.lists(st.integers(0, 12), min_size=3, max_size=3),
    drives=st.lists(st.integers(0, 900), min_size=15, max_size=15),
    stages=st.lists(st.sampled_from(["proposed", "proposed", "approved", "left"]), min_size=5, max_size=5),
)
def test_no_other_assignment_serves_more_or_costs_less(
    county: Caseloads, caseloads: list[int], days: list[int], drives: list[int], stages: list[Stage]
) -> None:
    from dataclasses import replace

    from partition.scheme.advisers import Task

    people = [replace(a, caseload=c, days=d) for a, c, d in zip(county.advisers, caseloads, days, strict=True)]
    given_ = (county.account, people, county.drives, county.today, county.settings, county.meetings)
    question = Caseloads(*given_, dict(enumerate(stages, 1)))
    items = county.account.partnerships
    staying = {number for number, stage in enumerate(stages, 1) if stage != "left"}
    # Drives drawn at random: any pair may be near or far; every fifth cannot be.
    drawn = iter(drives)
    tasks = tuple(
        {
            item.number: Task(drive=take, change=take % 7)
            for item in items
            if (take := next(drawn)) % 5 and item.number in staying
        }
        for _ in people
    )
    question.__dict__["tasks"] = tasks

    def key(serving: tuple[int | None, ...]) -> tuple[int, int, int] | None:
        for a, adviser in enumerate(people):
            own = [item for item, server in zip(items, serving, strict=True) if server == a]
            if len(own) > (adviser.caseload or 0) or sum(len(i.group.schools) for i in own) > (adviser.days or 0):
                return None
        pairs = [(item.number, a) for item, a in zip(items, serving, strict=True) if a is not None]
        if any(number not in tasks[a] for number, a in pairs):
            return None
        first = sum(stages[number - 1] == "approved" for number, _ in pairs)
        return -first, -len(pairs), sum(tasks[a][number].drive + tasks[a][number].change for number, a in pairs)

    best = min(filter(None, map(key, product([None, 0, 1, 2], repeat=len(items)))))
    found = assign(question)
    serving = tuple(found.adviser_of.get(item.number) for item in items)
    assert key(serving) == best


NASTY = "<img src=x onerror=alert(1)>"


def test_a_patch_has_a_map_and_a_page_in_which_names_are_text(tmp_path: Path) -> None:
    from parish import account_of
    from town import write_town
    from typer.testing import CliRunner

    from partition.cli import app
    from partition.storage.plan_file import write_plan

    free = "\n[rules]\nheads_min = 1\nheads_max = 99\nminutes_max = 999\n"
    names = [NASTY, "=cmd|'/c calc'!A1", *(f"School {n}" for n in range(3, 8))]
    scenario = write_town(tmp_path, *LINE[:6], 60, names=names, settings=free + PEOPLE)
    advisers(tmp_path, ("A1 " + NASTY, 0, 5), ("A2", 43, 0), more="caseload")
    from partition.scenario.case import load
    from partition.scenario.read import read_scenario

    case = load(read_scenario(scenario))
    write_plan(case, account_of(case, [1, 2, 3], [4, 5, 6]), tmp_path / "plan.gpkg")
    out = tmp_path / "out"
    said = CliRunner().invoke(
        app, ["advisers", str(tmp_path / "plan.gpkg"), str(scenario), "--out", str(out), "--json"]
    )
    assert said.exit_code == 0, said.output
    maps = sorted(path.name for path in out.iterdir())
    assert maps == ["01_A1_img_src_x_onerror_alert_1.html", "01_A1_img_src_x_onerror_alert_1_map.html", "02_A2.html"]
    page = (out / maps[0]).read_text(encoding="utf-8")
    assert "<img" not in page and "&lt;img src=x onerror=alert(1)&gt; (100)" in page
    assert "Modelling, not a proposal" in page
    assert "School 7 (100)" in (out / "02_A2.html").read_text(encoding="utf-8")  # not yet placed, and nearest to A2
    drawn = (out / maps[1]).read_text(encoding="utf-8")
    assert "<img src=x" not in drawn and "County Hall (office)" in drawn and "School 7" not in drawn
