"""The next round: accepted partnerships stay, the rest is planned again, and whose no costs most comes first."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import openpyxl
import pyogrio
import pytest
from identifiers import ints
from lincolnshire import COUNTY, OSBOURNBY
from town import write_csv, write_town
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.solver import Limits, solve
from partition.studies.next_round.plan_again import keep_accepted, questions, what_matters

DAY = "2031-07-19"  # stands nowhere else, so it is found wherever an answer is
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>'


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def answer(*arguments: object) -> dict[str, Any]:
    done = run(*arguments, "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Three near each other, three more, two more and one far away: 123 456 78, a minute a km; and the plan of it."""
    positions = (0, 1, 2, 30, 31, 32, 60, 61, 90)
    names = [f"School {n}" for n in range(1, 9)] + [HOSTILE]
    path = write_town(tmp_path, *positions, names=names, settings="[rules]\nheads_min = 2\nheads_max = 3\n")
    assert run("plan", path, "--out", tmp_path / "first").exit_code == 0
    return path


def say(town: Path, *said: str, partners: dict[int, str] | None = None) -> Path:
    """What schools 1, 2, ... said, all on one day."""
    rows = [(900_001 + n, word, (partners or {}).get(n + 1, ""), DAY) for n, word in enumerate(said) if word != "-"]
    return write_csv(town.parent / "said.csv", ["urn", "answer", "partners", "date"], rows)


def next_round(town: Path, *said: str, options: tuple[object, ...] = ()) -> dict[str, Any]:
    folder = town.parent
    told = answer(
        "next-round", folder / "first/plan.gpkg", town, "--answers", say(town, *said), "--out", folder / "out", *options
    )
    assert "faults" not in told, told
    return told


def calls(town: Path, *said: str, options: tuple[object, ...] = ()) -> list[dict[str, Any]]:
    """Whom to talk to, which only an internal answer tells."""
    told: list[dict[str, Any]] = next_round(town, *said, options=("--internal", *options))["talk_to"]
    return told


def groups(folder: Path) -> str:
    """Who is together, by the last digit of their URNs."""
    schools = pyogrio.read_dataframe(folder / "plan.gpkg", layer="schools", read_geometry=False)
    placed = schools.dropna(subset="partnership").groupby("partnership")["urn"]
    return " ".join("".join(urn[-1] for urn in sorted(urns)) for _, urns in placed)


def case_settings(town: Path) -> tuple[str, str]:
    folder = town.parent
    return f"data.existing={folder / 'first/plan.gpkg'}", f"data.answers={folder / 'said.csv'}"


def case_of(town: Path, *said: str, settings: tuple[str, ...] = ()) -> Case:
    say(town, *said)
    return load(read_scenario(town, [*case_settings(town), *settings]))


OPEN = ("yes", "yes", "yes", "yes", "undecided", "", "yes", "-")


def test_what_all_accepted_is_kept_and_a_no_that_strands_a_school_comes_first(town: Path) -> None:
    told = next_round(town, *OPEN)
    assert groups(town.parent / "out") == "123 456 78"
    assert ints((told["status"], told["kept"], told["waiting"], told["open_answers"])) == ("optimal", 1, 3, 4)
    rows = [
        (one["urns"], one["answer"], one["a_no_leaves_unplaced"], one["a_no_costs_others"], one["proven"])
        for one in calls(town, *OPEN)
    ]
    assert rows == [
        (["900008"], "none", 1, -6.0, True),  # 7 is left alone, and drives no more
        (["900005"], "undecided", 0, 0.0, True),  # 4 and 6 stay together: 24 minutes a year, as they drive with 5 there
        (["900006"], "none", 0, -8.0, True),  # 4 and 5: 12 minutes; with 6 they drive 20
    ]


def test_most_promising_are_asked_first_and_no_more_than_wanted(town: Path) -> None:
    assert [one["urns"] for one in calls(town, *OPEN, options=("--ask", 1))] == [["900008"]]
    assert calls(town, *OPEN, options=("--ask", 0)) == []


def test_who_is_called_and_what_was_accepted_is_told_internally_only(town: Path) -> None:
    given = ("next-round", town.parent / "first/plan.gpkg", town, "--answers", say(town, *OPEN))
    given = (*given, "--out", town.parent / "out")
    for public in (run(*given).stdout, run(*given, "--json").stdout):
        assert "talk_to" not in public and "Talk to next" not in public
        assert "undecided" not in public and "no answer" not in public
    internal = run(*given, "--internal").stdout
    assert "1. School 8 (no answer yet; partnership" in internal
    assert "a no leaves 1 other school not placed, and spares the other heads 0.1 hours a year" in internal


def test_a_no_takes_a_school_out_and_its_companions_stay_together_where_they_can(town: Path) -> None:
    told = next_round(town, "yes", "yes", "no", "no", "yes", "yes", "yes", "no")
    assert groups(town.parent / "out") == "12 56"
    assert (told["kept"], told["schools"], [one["urn"] for one in told["unplaced"]]) == (
        0,
        6,
        ["900007", "900009"],
    )
    assert "talk_to" not in told and told["waiting"] == 0


def test_what_was_accepted_but_breaks_a_rule_now_is_told_and_not_kept(town: Path) -> None:
    done = run(
        *("next-round", town.parent / "first/plan.gpkg", town, "--answers", say(town, *["yes"] * 8)),
        *("--out", town.parent / "out", "--set", "rules.heads_max=2", "--internal"),
    )
    assert done.exit_code == 0
    assert "1 partnerships kept" in done.stdout  # 7 and 8
    assert done.stdout.count("all said yes, but it cannot be kept: 3 heads, more than 2") == 2


def lured(town: Path) -> tuple[str, ...]:
    """Settings under which 3 and 4 had better be together: a strong link, and change for nothing."""
    links = write_csv(town.parent / "links.csv", ["urn_a", "urn_b", "weight"], [("900003", "900004", 100)])
    return f"data.links={links}", "preferences.minutes_per_separation=0", "rules.minutes_max=40"


def test_what_was_accepted_is_kept_where_a_plan_without_it_would_be_better(town: Path) -> None:
    options = [part for setting in lured(town) for part in ("--set", setting)]
    next_round(town, "", options=(*options, "--ask", 0))
    assert any({"3", "4"} <= set(group) for group in groups(town.parent / "out").split())
    next_round(town, "yes", "yes", "yes", options=(*options, "--ask", 0))
    assert groups(town.parent / "out").startswith("123 ")


def test_a_yes_is_solved_with_its_partnership_locked_where_the_base_plan_parts_it(town: Path) -> None:
    case = case_of(town, "", "", "", "yes", "undecided", "yes", settings=lured(town))
    base = solve(case.problem)
    assert base.plan is not None and base.plan.partnership_of["900003"] == base.plan.partnership_of["900004"]
    question = next(one for one in questions(case) if one.headship.base_urn == "900005")
    (matter,) = what_matters(case, base, [question], Limits())
    locked, out = (
        solve(load(read_scenario(town, [*case_settings(town), *lured(town), setting])).problem)
        for setting in (f'rules.locked=["{question.partnership}"]', "rules.except_out=[900005]")
    )
    assert locked.cost is not None and out.cost is not None and locked.cost.total > base.cost.total  # type: ignore[union-attr]
    own = 6 * 4_000 // 3  # it lies between the two others, a minute from each
    assert (matter.thousandths, matter.proven) == (out.cost.total - (locked.cost.total - own), True)


def test_what_is_the_heads_own_is_not_told_as_a_gain_of_the_others(town: Path) -> None:
    """6 said no, and three must meet: 4 and 5 are parted and not placed whatever 5 says. Its no changes nothing."""
    case = case_of(town, *["yes"] * 3, "yes", "undecided", "no", settings=("rules.heads_min=3",))
    base = solve(case.problem)
    (question,) = (one for one in questions(case) if one.headship.base_urn == "900005")
    (matter,) = what_matters(case, base, [question], Limits())
    assert base.cost is not None and base.cost.change > 0
    assert ints((matter.unplaced, matter.thousandths)) == (0, 0)


def test_a_solve_that_is_not_proven_says_so_and_a_stop_leaves_the_rest_out(town: Path) -> None:
    case = keep_accepted(case_of(town, *OPEN))
    base, limits = solve(case.problem), Limits(workers=1)
    assert base.plan is not None
    asked = questions(case)
    (matter,) = what_matters(case, replace(base, status="feasible"), asked[:1], limits)
    assert not matter.proven
    stop = Event()
    stop.set()
    assert what_matters(case, base, asked, limits, None, stop) == ()


# Headships and preferences ----------------------------------------------------------------------------------


def test_schools_of_one_head_must_agree_and_a_silent_one_says_what_the_other_says(town: Path) -> None:
    heads = ("--set", "data.shared_heads=[[900001, 900002]]", "--out", town.parent / "x")
    told = answer("plan", town, "--set", f"data.answers={say(town, 'yes', 'no')}", *heads)
    (fault,) = told["faults"]
    assert (fault["file"], fault["column"], fault["value"]) == ("said.csv", "answer", "yes, no")
    assert "School 1 (900001) said yes, School 2 (900002) said no" in fault["fix"]
    assert not (town.parent / "x").exists()
    told = answer("plan", town, "--set", f"data.answers={say(town, 'no', '')}", *heads)
    assert told["schools"] == 7


def test_agreed_preferences_are_links_and_one_sided_ones_stand_on_the_internal_map_only(town: Path) -> None:
    said = say(town, "yes", "yes", "yes", partners={1: "900002", 2: "900001;900003"})
    for options in ((), ("--internal",)):
        out = town.parent / f"out{len(options)}"
        assert run("plan", town, "--set", f"data.answers={said}", "--out", out, *options).exit_code == 0
    links = pyogrio.read_dataframe(town.parent / "out1/plan.gpkg", layer="links")
    assert [tuple(row) for row in links[["urn_a", "urn_b", "weight", "kind", "kept"]].to_numpy()] == [
        ("900001", "900002", 1.0, "preferred", True)
    ]
    wish = '"prefers":["School 3"]'
    assert wish in (town.parent / "out1/map.html").read_text().replace(": ", ":")
    assert wish not in (town.parent / "out0/map.html").read_text().replace(": ", ":")


# Nothing private in public ----------------------------------------------------------------------------------


def test_public_outputs_hold_nothing_of_answers(town: Path) -> None:
    """Where nobody said no, the public map with answers is the very page that it is without them."""
    folder = town.parent
    said = say(town, *OPEN)
    told = run("plan", town, "--set", f"data.answers={said}", "--out", folder / "with", "--json")
    assert (folder / "with/map.html").read_bytes() == (folder / "first/map.html").read_bytes()
    plan = (folder / "with/plan.gpkg").read_bytes()
    for word in (DAY, "undecided", "prefers", "preferred", "talk_to"):
        assert word.encode() not in plan
        assert word not in told.stdout
    next_round(town, *OPEN)
    written = {name: (folder / "out" / name).read_bytes() for name in ("plan.gpkg", "map.html")}
    assert all(DAY.encode() not in content for content in written.values())
    assert not any(word in written["plan.gpkg"] for word in (b"undecided", b'"900002"', b"1 2 kept"))
    assert b'"answer"' not in written["map.html"]
    assert b"some partnerships kept as they are" in written["plan.gpkg"]  # that there are some, never which
    for scenario in (
        (),
        (town, "--set", f"data.answers={said}", "--set", f"data.existing={folder / 'first/plan.gpkg'}"),
    ):
        assert run("verify", folder / "out/plan.gpkg", *scenario).exit_code == 0


def test_internal_outputs_flag_who_is_undecided_or_silent_also_when_read_back(town: Path) -> None:
    folder = town.parent
    next_round(town, *OPEN, options=("--internal",))
    schools = pyogrio.read_dataframe(folder / "out/plan.gpkg", layer="schools", read_geometry=False)
    assert schools["answer"].tolist() == ["yes"] * 4 + ["undecided", "none", "yes", "none", "none"]
    assert run("map", folder / "out/plan.gpkg", "--internal", "--out", folder / "again").exit_code == 0
    for page in (folder / "out/map.html", folder / "again/plan_map.html"):
        text = page.read_text(encoding="utf-8")
        assert "Internal: not for publication" in text
        assert 'data-layer="undecided"' in text
        assert 'data-layer="silent"' in text
    assert run("map", folder / "first/plan.gpkg", "--out", folder / "again").exit_code == 0
    assert 'data-layer="silent"' not in (folder / "again/plan_map.html").read_text(encoding="utf-8")


# Sheets -----------------------------------------------------------------------------------------------------


def test_the_sheet_to_ask_with_has_a_row_a_school_and_is_read_back(town: Path) -> None:
    folder = town.parent
    told = answer("answers", folder / "first/plan.gpkg", "--out", folder / "ask")
    assert told["schools"] == 9
    assert (folder / "ask/answers.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    with (folder / "ask/answers.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert ints([int(row["urn"]) for row in rows]) == list(range(900_001, 900_010))
    assert rows[8]["school"] == f"'{HOSTILE}"
    book = openpyxl.load_workbook(folder / "ask/answers.xlsx")
    assert book.active.cell(10, 2).data_type == "s"
    for row in range(2, 5):
        book.active.cell(row, 4, "yes")
    book.save(folder / "ask/answers.xlsx")
    options = ("--answers", folder / "ask/answers.xlsx", "--out", folder / "out", "--ask", 0)
    assert answer("next-round", folder / "first/plan.gpkg", town, *options)["kept"] == 1


def test_call_sheets_say_that_they_are_internal(town: Path) -> None:
    next_round(town, *OPEN)
    lines = (town.parent / "out/calls.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[1].startswith("1,900008,School 8,none,3 ")
    assert lines[-1].startswith("Internal: not for publication")
    page = openpyxl.load_workbook(town.parent / "out/calls.xlsx").active
    assert page.oddHeader.left.text == "Internal: not for publication"
    assert page.cell(page.max_row, 1).value == "Internal: not for publication"


def test_what_is_missing_or_would_be_overwritten_is_refused(town: Path) -> None:
    plan, said = town.parent / "first/plan.gpkg", say(town, *OPEN)
    assert run("next-round", plan, "--answers", said).exit_code == 2
    assert run("next-round", plan, town, "--out", town.parent / "out").exit_code == 2
    assert run("next-round", plan, town, "--answers", said, "--out", plan.parent).exit_code == 2
    assert run("next-round", said, town, "--answers", said, "--out", town.parent / "out").exit_code == 3
    assert not (town.parent / "out").exists()


@pytest.mark.real_data
def test_a_real_county_goes_into_its_next_round(lincolnshire_plan: Path, tmp_path: Path) -> None:
    plan = lincolnshire_plan / "plan.gpkg"
    schools = pyogrio.read_dataframe(plan, layer="schools", read_geometry=False)
    words = {0: "yes", 1: "yes", 2: "undecided", 3: "yes", 4: "no", 5: ""}
    rows = [
        (urn, words[int(number) % 6])
        for urn, number in schools.dropna(subset="partnership")[["urn", "partnership"]].to_numpy()
    ]
    said = write_csv(tmp_path / "said.csv", ["urn", "answer"], rows)
    given = ("--set", OSBOURNBY, "--answers", said, "--out", tmp_path / "next", "--ask", 4, "--internal")
    told = answer("next-round", plan, *COUNTY, *given)
    assert ints((told["status"], told["kept"], len(told["talk_to"]))) == ("optimal", 17, 4)
    assert all(one["proven"] for one in told["talk_to"])
    assert run("verify", tmp_path / "next/plan.gpkg").exit_code == 0


def test_the_round_writes_the_scenario_of_its_plan_for_every_other_command(town: Path) -> None:
    """Nothing more is to be said: what was accepted, the answers and the plan that was asked about are in it."""
    told = next_round(town, "yes", "yes", "yes", "no", options=("--ask", 0))
    plan, scenario = told["files"]["plan"], told["files"]["scenario"]
    assert Path(scenario).stat().st_mode & 0o077 == 0, "it names what schools said"
    for command in (
        ("verify", plan, scenario),
        ("explain", plan, scenario, "--school", "900009", "--out", town.parent / "why"),
        ("report", plan, scenario, "--out", town.parent / "papers"),
        ("plan", scenario, "--out", town.parent / "found"),
    ):
        done = run(*command)
        assert done.exit_code == 0, (command, done.output)
    assert groups(town.parent / "found") == groups(town.parent / "out")
