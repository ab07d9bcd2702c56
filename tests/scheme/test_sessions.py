"""Joint training by day, for whom and where; joint staff by subject and weekday."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from parish import case_of, scheme, table, urns
from town import write_town
from typer.testing import CliRunner

from geodata.faults import BadData
from partition.cli import app
from partition.scheme.calendars import of_schools, training_events
from partition.scheme.stages import Decision, Log
from partition.scheme.timetable import lessons_at
from partition.scheme.training_sheet import training_lines

SCHOOLS = '[training]\nschools = "staff.csv"\nsessions = "sessions.csv"\n'


def staffed(folder: Path) -> None:
    """Schools 1 to 4 have ten staff and three governors each; only 2 (60 places) and 3 (15) can host."""
    rows = [(urn, 10, {2: 60, 3: 15}.get(n, ""), 3) for n, urn in enumerate(urns(1, 2, 3, 4), 1)]
    table(folder, "staff.csv", "urn staff capacity governors", rows)


def test_each_kind_of_people_meets_where_there_is_room_for_them(tmp_path: Path) -> None:
    """Four schools at 8, 3, 9 and 10 km. Forty staff fit at school 2 alone; twelve governors at 2 and at 3.

    To 2 they drive 5 + 6 + 7 km, to 3 they drive 1 + 6 + 1.
    """
    staffed(tmp_path)
    said = [
        ("15/02/2027", "INSET: phonics", "", ""),
        ("2027-03-01", "Safer recruitment", "Governors", "1"),
        ("2027-01-20", "Heads' day", "heads", ""),
        ("2027-01-20", "Chairs' evening", "chairs", "900005"),
    ]
    table(tmp_path, "sessions.csv", "day what whom partnership", said)
    around = scheme(case_of(tmp_path, [8, 3, 9, 10, 40, 41], SCHOOLS), [1, 2, 3, 4], [5, 6])
    told = [(one.day, one.what, one.whom, one.partnership, one.venue_urn, one.people) for one in around.sessions]
    one, two = around.venues[1].venue_urn, around.venues[2].venue_urn
    assert told == [
        ("2027-01-20", "Heads' day", "heads", 1, one, 4),
        ("2027-01-20", "Chairs' evening", "chairs", 2, two, 2),
        ("2027-01-20", "Heads' day", "heads", 2, two, 2),
        ("2027-02-15", "INSET: phonics", "staff", 1, urns(2)[0], 40),
        ("2027-02-15", "INSET: phonics", "staff", 2, None, 0),
        ("2027-03-01", "Safer recruitment", "governors", 1, urns(3)[0], 12),
    ]
    area = around.account.area
    books = of_schools(list(training_events(around.sessions, around.account)), area, "Joint training")
    assert sorted(books) == urns(*range(1, 7))
    assert books["900001"].decode().count("BEGIN:VEVENT") == 3 and b"DTSTART;VALUE=DATE:20270215" in books["900001"]
    assert b"a venue to be found" in books["900005"]


def test_what_cannot_be_read_is_told_all_at_once(tmp_path: Path) -> None:
    staffed(tmp_path)
    table(tmp_path, "sessions.csv", "day what whom", [("soon", "INSET", ""), ("2027-02-15", "", "cooks")])
    with pytest.raises(BadData) as bad:
        scheme(case_of(tmp_path, range(4), SCHOOLS), [1, 2, 3, 4])
    assert [(fault.row, fault.column) for fault in bad.value.faults] == [(2, "day"), (3, "what"), (3, "whom")]
    table(tmp_path, "sessions.csv", "day what partnership", [("2027-02-15", "INSET", "Nobody's")])
    with pytest.raises(BadData, match="no partnership of this plan"):
        scheme(case_of(tmp_path, range(4), SCHOOLS), [1, 2, 3, 4]).sessions  # noqa: B018


def test_joint_staff_are_in_one_place_a_day(tmp_path: Path) -> None:
    """One teacher of French at two schools of a partnership on Monday is refused; two are not, nor two partnerships."""
    settings = '[posts]\ntimetable = "weeks.csv"\n'
    rows = [("900001", "French", "Mon; thursday", ""), ("900002", "Music", "Mon", ""), ("900003", "french", "Mon", "")]
    table(tmp_path, "weeks.csv", "urn subject weekdays post", rows)
    case = case_of(tmp_path, range(4), settings)
    own = scheme(case, [1, 2], [3, 4]).timetables
    assert [(one.urn, one.subject, one.weekday) for one in own[1]] == [
        (urns(1)[0], "French", "Monday"),
        (urns(2)[0], "Music", "Monday"),
        (urns(1)[0], "French", "Thursday"),
    ]
    assert lessons_at(own[1], "900001") == ["French on Monday and Thursday"]
    with pytest.raises(BadData, match="partnership 1 has french at School 900001 and School 900003 on Monday"):
        scheme(case, [1, 2, 3, 4]).timetables  # noqa: B018
    rows[2] = ("900003", "french", "Mon", "second teacher")
    table(tmp_path, "weeks.csv", "urn subject weekdays post", rows)
    assert len(scheme(case, [1, 2, 3, 4]).timetables[1]) == 4
    table(tmp_path, "weeks.csv", "urn subject weekdays", [("900001", "French", "Mon; Sun"), ("900002", "Art", "T")])
    with pytest.raises(BadData) as bad:
        scheme(case, [1, 2, 3, 4])
    assert [(fault.row, fault.value) for fault in bad.value.faults] == [(2, "Mon; Sun"), (3, "T")]


def test_a_partnership_that_left_trains_no_more(tmp_path: Path) -> None:
    """Of two partnerships the second left: no session, no joint staff and no line of it, whoever is asked."""
    staffed(tmp_path)
    said = [("2027-01-20", "Heads' day", "heads", ""), ("2027-02-15", "INSET", "", "900005")]
    table(tmp_path, "sessions.csv", "day what whom partnership", said)
    table(tmp_path, "weeks.csv", "urn subject weekdays", [("900001", "French", "Mon"), ("900005", "Art", "Tue")])
    settings = f'{SCHOOLS}\n[posts]\ntimetable = "weeks.csv"\n'
    left = Log([Decision(partnership=2, stage="left", day="2027-01-04")])
    around = scheme(case_of(tmp_path, [8, 3, 9, 10, 40, 41], settings), [1, 2, 3, 4], [5, 6], log=left)
    assert [(one.day, one.partnership) for one in around.sessions] == [("2027-01-20", 1)]
    assert {number: len(own) for number, own in around.timetables.items()} == {1: 1}
    lines = "\n".join(training_lines(around))
    assert "French" in lines and "Art" not in lines and "INSET" not in lines


def test_the_command_writes_tables_and_calendars(tmp_path: Path) -> None:
    staffed(tmp_path)
    table(tmp_path, "sessions.csv", "day what", [("2027-02-15", "=INSET")])
    table(tmp_path, "weeks.csv", "urn subject weekdays", [("900001", "French", "Mon")])
    rules = "[rules]\nheads_min = 4\nheads_max = 4\nminutes_max = 99\n"
    path = write_town(tmp_path, 0, 3, 9, 10, settings=f'{rules}\n[posts]\ntimetable = "weeks.csv"\n{SCHOOLS}')

    def run(*arguments: object) -> str:
        done = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert done.exit_code == 0, done.output
        return done.stdout

    run("plan", path, "--out", tmp_path)
    told = run("training", tmp_path / "plan.gpkg", path, "--out", tmp_path / "out")
    assert "40 staff at School 900002" in told and "Monday: French at School 900001" in told
    facts = json.loads(run("training", tmp_path / "plan.gpkg", path, "--out", tmp_path / "out", "--json"))
    assert facts["sessions"][0]["people"] == 40 and sorted(facts["files"]) == [
        "calendars",
        "days",
        "joint staff",
        "sessions",
    ]
    assert "'=INSET" in (tmp_path / "out/sessions.csv").read_text("utf-8-sig")
    assert len(list((tmp_path / "out/calendars").glob("*.ics"))) == 4
    off = [f"--set={key}=off" for key in ("training.schools", "training.sessions", "posts.timetable")]
    refused = CliRunner().invoke(app, ["training", str(tmp_path / "plan.gpkg"), str(path), *off])
    assert refused.exit_code == 3
