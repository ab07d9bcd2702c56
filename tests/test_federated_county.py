"""A made-up county with federations of 6, 8 and 10 schools: each is a partnership already, and everything says so."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from fractions import Fraction
from pathlib import Path
from typing import Any

import geopandas
import pytest
from federated import ALONE, FEDERATIONS, KM, county, urn, write_county
from reading import formulas, words_of
from served import client_of
from town import write_csv, write_town
from typer.testing import CliRunner

from geodata.faults import BadData
from partition.actions.check import check_data
from partition.actions.no_plan import why_no_plan
from partition.actions.plan import make_plan
from partition.cli import app
from partition.maps.atlas import draw_atlas
from partition.maps.facts import count, facts
from partition.maps.page import plan_map
from partition.plans.account import Account
from partition.report.criteria import criteria_met
from partition.scenario.adjust import within
from partition.scenario.case import load
from partition.scenario.read import read_scenario
from partition.scheme import scheme_of
from partition.solver import Limits, solve
from partition.storage.plan_file import read_plan
from partition.storage.project_file import MAP, PLAN, Project
from partition.storage.read_back import read_back
from partition.storage.verify import verify
from partition.studies.alternatives.find import find_alternatives
from partition.studies.explain.explain import explain
from partition.studies.hand_edits.draft import Draft, improving
from partition.studies.hand_edits.edits import Keep, Move, TakePart
from partition.web.pages.hand_facts import overview

LIMITS = Limits(seconds=60, workers=1)
WORDS = "3 federations that are partnerships in themselves, 24 schools"
MONEY = "[money]\nper_partnership = 1000\nper_school = 100\n"
TODAY = {"Fen": [urn(n) for n in range(1, 7)], "South": [urn(n) for n in (*range(7, 15), 25, 26)]}


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The county with its plan and map in files, and what the command said."""
    folder = tmp_path_factory.mktemp("federations")
    (folder / "town").mkdir()
    people = [("AB", "Town", 505_000, 350_000), ("CD", "Hall", 560_000, 350_000)]
    write_csv(folder / "town" / "advisers.csv", ["adviser", "office", "easting", "northing"], people)
    settings = f'{MONEY}[advisers]\npeople = "advisers.csv"\n'
    path = write_county(folder / "town", settings=settings, today=TODAY)
    done = run("plan", path, "--out", folder / "out", "--json")
    case = load(read_scenario(path))
    return {
        "folder": folder,
        "path": path,
        "facts": json.loads(done),
        "plan": folder / "out" / "plan.gpkg",
        "case": case,
    }


def run(*arguments: object) -> str:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.fixture(scope="module")
def account(written: dict[str, Any]) -> Account:
    return make_plan(written["case"]).account


def test_the_command_counts_them_apart_and_leaves_none_of_their_schools_unplaced(written: dict[str, Any]) -> None:
    told = written["facts"]
    assert (told["partnerships"], told["federations"], told["schools"], told["unplaced"]) == (3, 3, 36, [])
    assert told["status"] == "optimal"


def test_without_the_setting_they_are_heads_among_others(tmp_path: Path) -> None:
    case = county(tmp_path, "rules.headship_is_partnership_from=off")
    plan = solve(case.problem, LIMITS).plan
    assert plan is not None and len(case.problem.unplaced(plan)) == 24  # three heads, and a partnership needs four
    assert not case.problem.roster.already


def test_figures_roles_and_grant(written: dict[str, Any], account: Account) -> None:
    roles = {account.role(urn(n)) for numbers in FEDERATIONS.values() for n in numbers}
    assert (roles, {account.role(urn(n)) for n in ALONE}) == ({"federation"}, {"placed"})
    assert [item.name for item in account.federations] == list(FEDERATIONS)
    shown = dict(draw_atlas(written["case"], account).figures)
    assert (shown["Partnerships"], shown["Partnerships already"]) == ("3", WORDS)
    assert shown["Grant in each later year"] == "£9,600"  # six times 1000, and 36 times 100
    money = scheme_of(written["case"], account).money
    assert money.total("yearly_pence") == 960_000


def test_an_adviser_serves_one_as_any_partnership(written: dict[str, Any], account: Account) -> None:
    assigned = scheme_of(written["case"], account).advisers
    assert assigned is not None and sorted(assigned.adviser_of) == [1, 2, 3, 4, 5, 6]
    assert assigned.unserved == ()


def test_the_plan_file_says_it_is_read_back_and_is_verified_with_no_solver(written: dict[str, Any]) -> None:
    schools = geopandas.read_file(written["plan"], layer="schools")
    assert (schools.role == "federation").sum() == 24
    stored = read_plan(written["plan"])
    assert verify(stored).agrees and verify(stored, written["case"]).agrees
    back = read_back(stored)
    assert [item.name for item in back.account.federations] == list(FEDERATIONS)
    assert back.account.federation_words == WORDS


def test_a_plan_file_in_which_one_is_parted_does_not_agree(written: dict[str, Any], tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt.gpkg"
    spoilt.write_bytes(written["plan"].read_bytes())
    with closing(sqlite3.connect(spoilt)) as file, file:
        triggers = [name for (name,) in file.execute("select name from sqlite_master where type = 'trigger'")]
        for name in triggers:
            file.execute(f'drop trigger "{name}"')
        file.execute("update schools set partnership = null where partnership = 1")
    assert not verify(read_plan(spoilt)).agrees


def test_the_map_draws_them_apart(written: dict[str, Any], account: Account) -> None:
    atlas = draw_atlas(written["case"], account)
    drawn = {one["name"]: one.get("already", False) for one in facts(atlas)["partnerships"]}
    assert sorted(name for name, already in drawn.items() if already) == sorted(FEDERATIONS)
    assert (count(atlas).federations, count(atlas).in_federations, count(atlas).unplaced) == (3, 24, 0)
    page = plan_map(atlas).get_root().render()
    assert 'data-layer="federations"' in page and "Partnerships already: federations under one head" in page
    written_out = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)  # one makes tables
    assert written_out.count("(a partnership already)") == 3


def test_the_map_of_a_county_without_any_has_no_such_row(tmp_path: Path) -> None:
    case = load(read_scenario(write_town(tmp_path, *KM[24:30], settings="[rules]\nheads_min = 2\n")))
    atlas = draw_atlas(case, Account(case.problem, case.problem.plan([])))
    assert 'data-layer="federations"' not in plan_map(atlas).get_root().render()


def test_criteria_state_it_and_limits_are_not_about_them(account: Account) -> None:
    (met,) = (met for met in criteria_met(account) if "federation" in met.words)
    assert (met.how, met.is_met) == (WORDS, True)
    (heads,) = (met for met in criteria_met(account) if met.words.startswith("4 to 7 heads"))
    assert heads.how == "4 heads"


def test_papers_and_workbook_say_it(written: dict[str, Any]) -> None:
    out = written["folder"] / "report"
    run("report", written["plan"], written["path"], "--out", out)
    report = words_of(out / "report.docx")
    assert f"3 partnerships of small schools, and {WORDS}, with 36 of 36 small schools in one" in report
    assert report.count("(a partnership already)") == 3
    workbook = words_of(out / "workbook.xlsx")
    assert WORDS in workbook and "in a federation that is a partnership already" in workbook
    found = list(formulas(out / "workbook.xlsx"))
    assert {where: shown for where, _, shown, _ in found} == pytest.approx({where: come for where, *_, come in found})
    assert workbook.casefold().count("not yet placed") == 1  # the figure, which is 0


def test_explaining_says_why_it_joins_no_other(account: Account) -> None:
    told = explain(account, urn(25), urn(1), limits=LIMITS)
    assert told.together is not None and told.together.breach is not None
    assert told.together.breach.rule == "joins_others"
    assert not any(option.other <= urn(24) for option in told.options)  # what could be done says nothing of them


def test_they_are_the_same_in_every_option(account: Account) -> None:
    found = find_alternatives(account.problem, account.plan, within=Fraction(1, 2), count=2, differ=4, limits=LIMITS)
    assert found is not None and found.proven and len(found.plans) > 1
    assert {found.firmness[urn(n)] for n in range(1, 25)} == {"the same"}


def test_what_others_may_join_is_asked_by_name(tmp_path: Path) -> None:
    case = county(tmp_path, 'rules.joins_others=["Fen Federation", "900007", "Wold Federation"]')
    assert case.problem.roster.already == ()
    with pytest.raises(BadData, match="no head leads schools by this name or URN"):
        county(tmp_path, 'rules.joins_others=["Moor Federation"]')


def test_where_no_other_partnership_is_possible_nothing_is_called_the_best(tmp_path: Path) -> None:
    made = make_plan(county(tmp_path, "rules.minutes_max=1"))  # the others are three kilometres from one another
    assert made.account.sureness().startswith(
        "No partnership is possible under these criteria, beside the federations that are partnerships already. Of"
    )
    assert str(made.run) == "no partnership is possible, 12 small schools not yet placed"
    project = Project(tmp_path / "project.gpkg")
    project.keep(made.case, made.account, {}, scenario="", note="", internal=False)
    assert [kept.partnerships for kept in project.plans()] == [0]
    with client_of(project) as client:
        assert '<span class="tag mind">No partnership is possible</span>' in client.get("/plans").text


@pytest.mark.parametrize("internal", [False, True])
@pytest.mark.parametrize("key", ["locked", "accepted"])
def test_a_lock_on_one_with_others_offers_that_it_joins_them(tmp_path: Path, key: str, internal: bool) -> None:
    """South is the eight schools of Marsh Federation with two others: three heads, at most half an hour apart."""
    asked = [f'rules.{key}=["South"]', "rules.heads_min=3", "rules.minutes_max=60"]
    case = county(tmp_path, *asked, today=TODAY)
    none = why_no_plan(case.problem, LIMITS, case=case, internal=internal)
    assert none is not None
    typed = ('rules.joins_others=["Marsh Federation"]',)
    found = {way.typed: way for way in none.ways}
    public = key == "locked" or internal  # who accepted a partnership is not for publication
    assert (typed in found) == ("Marsh Federation is a partnership already" in none.sentence) == public
    if public:
        assert found[typed].words == "let Marsh Federation join others"
        again = county(tmp_path / "again", *asked, *typed, today=TODAY)
        run = solve(again.problem, LIMITS)
        assert run.plan is not None and tuple(TODAY["South"]) in [one.urns for one in run.plan.partnerships]
        assert (run.unplaced, run.cost) == (found[typed].run.unplaced, found[typed].run.cost)


# By hand ----------------------------------------------------------------------------------------------------------


def test_hand_edits_keep_them_whole_and_judge_them_with_others(written: dict[str, Any], account: Account) -> None:
    draft = Draft.begin(written["case"], [(item.name, item.group.urns) for item in account.joined])
    assert draft.plan == account.plan  # federations not named are in partnerships of their own
    shown = {figure["name"]: figure["now"] for figure in overview(draft)["bar"]}
    assert shown["Partnerships (and 3 federations)"] == "3"
    assert all(move.to not in ("new", "none") for move, _ in draft.choices(urn(1)))
    with pytest.raises(BadData, match="Fen Federation is a partnership already, by itself"):
        draft.after(Move(urn=urn(1), to="none"))
    joined = draft.after(Move(urn=urn(1), to=1))
    assert "joins_others" in {breach.rule for breach in joined.weighed.breaches}
    again = joined.after(Move(urn=urn(2), to="none"))
    assert (again.plan, [item.name for item in again.account.federations]) == (account.plan, list(FEDERATIONS))


def test_one_that_is_kept_with_others_is_refused_with_what_would_do(account: Account, written: dict[str, Any]) -> None:
    draft = Draft.begin(written["case"], [(item.name, item.group.urns) for item in account.joined])
    number = draft.drawn.place[urn(25)]
    kept = draft.after(Move(urn=urn(1), to=number)).after(Keep(partnership=number, how="closed"))
    with pytest.raises(BadData, match="let Fen Federation join others in the settings, or keep it no longer"):
        improving(kept, 5)


def test_a_federation_that_no_longer_takes_part_comes_back_as_one(written: dict[str, Any], account: Account) -> None:
    draft = Draft.begin(written["case"], [(item.name, item.group.urns) for item in account.partnerships])
    out = draft.after(TakePart(urn=urn(1), role="out"))
    assert len(out.account.federations) == 2
    back = out.after(TakePart(urn=urn(1), role="small"))
    assert set(back.plan.partnership_of) >= {urn(1)}
    assert len(overview(back)["partnerships"]) == len(back.plan.partnerships)


def test_the_page_of_a_plan_says_it(written: dict[str, Any], tmp_path: Path) -> None:
    project = Project(tmp_path / "project.gpkg")
    content = {PLAN: written["plan"].read_bytes(), MAP: b"<html></html>"}
    made = make_plan(written["case"])
    project.keep(written["case"], made.account, content, scenario=written["path"].read_text(), note="", internal=False)
    with client_of(project) as client:
        page = client.get("/plan/1").text
    assert "Partnerships (3, and 3 federations that are partnerships in themselves)" in page
    assert "<dt>partnerships</dt><dd>3</dd>" in page
    assert "<dt>federations that are partnerships already</dt><dd>3</dd>" in page
    assert page.count('<span class="tag">a partnership already</span>') == 3
    assert "Not yet placed" not in page


# Data to look at --------------------------------------------------------------------------------------------------


def test_check_names_large_and_wide_headships(tmp_path: Path) -> None:
    checked = check_data(county(tmp_path, "rules.minutes_max=4"))
    assert checked.headship_lines == [
        "one head: Fen Federation, 6 schools, a partnership already",
        "one head: Marsh Federation, 8 schools, a partnership already",
        "one head: Wold Federation, 10 schools, a partnership already; School 900015 and School 900024 are 4.5 minutes "
        "apart, over the limit of 4, which is not about schools of one head",
    ]
    assert [seen["over_limit"] for seen in checked.facts()["federations"]] == [False, False, True]
    assert "one head: Fen Federation, 6 schools" in run("check", tmp_path / "town.toml")


@pytest.mark.parametrize(
    ("km", "doubted"), [([0.5 * n for n in range(12)], False), ([0.5 * n for n in range(13)], True), ([0, 51], True)]
)
def test_a_label_that_no_one_head_can_stand_for_is_doubted(tmp_path: Path, km: list[float], doubted: bool) -> None:
    write_csv(tmp_path / "heads.csv", ["urn", "headship"], [(urn(n), "Diocese") for n in range(1, len(km) + 1)])
    case = load(read_scenario(write_town(tmp_path, *km, 60, settings='headships = "heads.csv"\n')))
    told = [notice for notice in case.notices if notice.column == "data.headships"]
    assert [notice.value for notice in told] == ["Diocese"] * doubted


def test_a_part_of_the_county_keeps_the_names_of_its_own_federations(tmp_path: Path) -> None:
    case = county(tmp_path, 'rules.joins_others=["Fen Federation", "900007", "all"]')
    part = within(case.scenario, case.problem.area, [urn(n) for n in range(1, 7)])
    assert part.rules.joins_others == ["Fen Federation", "all"]


def test_a_federation_that_said_no_may_still_be_named(tmp_path: Path) -> None:
    case = county(
        tmp_path, 'rules.joins_others=["Fen Federation"]', f"rules.except_out={[urn(n) for n in range(1, 7)]}"
    )
    assert len(case.problem.roster.already) == 2
