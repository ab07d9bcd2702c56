"""A plan read back from its file tells, and draws, what the plan itself did."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from town import alter, write_csv, write_town
from typer.testing import CliRunner, Result

from geodata.faults import BadData
from partition.cli import app
from partition.maps.atlas import draw_atlas
from partition.maps.content import Atlas, SchoolCard
from partition.plans.account import Account
from partition.plans.identity import identified
from partition.plans.judge import judge
from partition.plans.unplaced import why_unplaced
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.solver import Limits, solve
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.read_back import ReadBack, account_of, read_back

TOWN: dict[str, Any] = {
    "names": ["=1+1", "<b>Two</b>", "Three", "Four", "Five", "Six", "Seven"],
    "pupils": [50, 60, 70, 80, 90, 300, 40],
    "columns": {
        "town": ["Ashby", "Ashby", "Holt", "Holt", "", "Holt", "Holt"],
        "Locality": ["Fen"] * 3 + [""] * 4,
        "federation": ["", "", "One", "", "", "", "One"],
    },
    "links": "900001,900002,1 900002,900003,2.75 900001,900007,1 900001,900003,1",
    "today": {"Fen": ["900001", "900002"], "Wold": ["900004", "900005"]},
    "settings": 'headships = {column = "federation"}\npupils = {900004 = 81}\n'
    '[rules]\nheads_min = 2\nheadship_is_partnership_from = "off"\nheads_max = 2\napart = [[900001, 900004]]\n'
    "[money]\nper_partnership = 1000\nper_school = 50\n",
}


def planned(case: Case) -> Account:
    run = solve(case.problem, Limits(workers=1))
    assert run.plan is not None
    return Account(case.problem, run.plan, run=run, reasons=why_unplaced(case.problem, run.plan, run))


def judged(case: Case) -> Account:
    """Who is to be apart is together, one head is torn, one is too far, and a larger school is in."""
    groups = {"900001": "A", "900004": "A", "900002": "B", "900003": "B", "900005": "C", "900006": "C", "900007": "C"}
    return judge(case.problem, groups)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs, one of them with a federation; 5 too far away; 6 too large."""
    return write_town(tmp_path_factory.mktemp("stored"), 0, 1, 10, 11, 60, 12, 10.5, **TOWN)


@pytest.fixture(scope="module")
def case(scenario: Path) -> Case:
    return load(read_scenario(scenario))


def retold(case: Case, account: Account, folder: Path, *, internal: bool = False) -> ReadBack:
    write_plan(case, account, folder / "plan.gpkg", internal=internal)
    return read_back(read_plan(folder / "plan.gpkg"))


def without_inputs(atlas: Atlas) -> Atlas:
    """What a map says without what only the inputs know: roads, and what is drawn beneath."""
    return replace(atlas, base=(), ways=())


def with_travel_alone(internal: Atlas, public: Atlas) -> tuple[SchoolCard, ...]:
    """The schools of an internal map, of whose heads' own minutes only the travel is known."""
    pairs = zip(internal.schools, public.schools, strict=True)
    return tuple(replace(one, own=other.own, own_words=other.own_words) for one, other in pairs)


# The same map -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [planned, judged])
@pytest.mark.parametrize("held", [False, True], ids=["public file", "internal file"])
@pytest.mark.parametrize("shown", [False, True], ids=["public map", "internal map"])
def test_a_plan_file_draws_the_map_that_the_plan_drew(
    make: Callable[[Case], Account], held: bool, shown: bool, case: Case, tmp_path: Path
) -> None:
    account = make(case)
    assert account.breaches or make is planned
    fresh = draw_atlas(case, account, internal=shown)
    back = retold(case, account, tmp_path, internal=held)
    again = draw_atlas(back, back.account, internal=shown)
    if shown and not held:
        assert fresh.links and not again.links  # a public file does not know them
        fresh = replace(fresh, links=(), schools=with_travel_alone(fresh, draw_atlas(case, account)))
    assert without_inputs(again) == without_inputs(fresh)


def test_what_the_map_says_is_all_there(case: Case, tmp_path: Path) -> None:
    back = retold(case, planned(case), tmp_path)
    atlas = draw_atlas(back, back.account)
    assert dict(atlas.figures) == {
        "Partnerships": "2",
        "Small schools placed": "5 of 6",
        "Heads' travel a year": "0.4 hours",
        "Of it each head's own": "6 minutes in the median, 6 or more for a tenth, 6 at most",
        "Drive between two bases": "1 minutes on average, 1 at most",
        "Working links kept": "1 of 4",
        "Heads who change companions": "1 of 4 grouped today",
        "Grant in the first year": "£2,250",
        "Grant in each later year": "£2,250",
        "Priced in all": "9.2 hours (travel 0.4 hours, broken links 4.8 hours, change 4.0 hours)",
    }
    assert atlas.sureness.startswith("Proven best")
    (unplaced,) = (school for school in atlas.schools if school.role == "unplaced")
    assert unplaced.reason.startswith(
        "no partnership that has it keeps every criterion; with Four: Four and Five are 49"
    )
    assert "some schools kept apart" in atlas.criteria
    assert [school.corrected for school in atlas.schools if school.corrected] == [
        "81 pupils by correction; the file says 80"
    ]


def test_names_come_from_the_file(case: Case, tmp_path: Path) -> None:
    account = planned(case)
    known = identified(["East", "West"], account.plan)
    named = Account(case.problem, account.plan, run=account.run, reasons=account.reasons, identities=known)
    back = retold(case, named, tmp_path)
    assert [one.name for one in back.account.partnerships] == ["East", "West"]
    stored = read_plan(tmp_path / "plan.gpkg")
    assert [one.name for one in account_of(stored, case.problem).partnerships] == ["East", "West"]


def test_a_run_stopped_early_is_as_sure_as_it_was(case: Case, tmp_path: Path) -> None:
    account = planned(case)
    assert account.run is not None
    bound = account.cost.total - 60_000
    early = Account(case.problem, account.plan, run=replace(account.run, status="feasible", bound=bound))
    back = retold(case, early, tmp_path)
    assert back.account.sureness() == early.sureness()
    assert "saves more than 1.0 hours" in back.account.sureness()


# What cannot be read back -----------------------------------------------------------------------------------


def altered(case: Case, folder: Path, statement: str) -> Path:
    write_plan(case, planned(case), folder / "plan.gpkg")
    alter(folder / "plan.gpkg", statement)
    return folder / "plan.gpkg"


def test_a_file_altered_since_says_so_on_its_map(case: Case, tmp_path: Path) -> None:
    path = altered(case, tmp_path, "update partnerships set name = 'Mine' where number = 1")
    back = read_back(read_plan(path))
    assert "plan.gpkg: something in the file was altered after it was written" in draw_atlas(back, back.account).notices
    assert back.account.partnerships[0].name == "Mine"


@pytest.mark.parametrize(
    "statement",
    [
        "delete from minutes where urn_from = 900001",
        "delete from partnerships where number = 1",
        "update run set value = '{}' where key = 'cost'",
        'update run set value = \'{"rules": {"heads_min": "many"}}\' where key = \'scenario\'',
        "update schools set corrected = 'much' where urn = 900004",
    ],
)
def test_a_file_that_cannot_be_worked_out_again_is_refused(statement: str, case: Case, tmp_path: Path) -> None:
    with pytest.raises(BadData, match=r"plan\.gpkg: it cannot be worked out again"):
        read_back(read_plan(altered(case, tmp_path, statement)))


# The command ------------------------------------------------------------------------------------------------


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def out(scenario: Path) -> Path:
    folder = scenario.parent / "out"
    assert run("plan", scenario, "--out", folder).exit_code == 0
    return folder


def facts_of(page: Path) -> dict[str, Any]:
    text = page.read_text(encoding="utf-8").partition('id="facts">')[2].partition("</script>")[0]
    facts: dict[str, Any] = json.loads(text)
    return facts


def test_map_draws_from_the_file_alone_and_leaves_other_maps_be(out: Path, tmp_path: Path) -> None:
    done = run("map", out / "plan.gpkg", "--out", tmp_path)
    assert done.exit_code == 0
    assert "Small schools placed:       5 of 6" in done.stdout and "Proven best" in done.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["plan_map.html"]
    assert facts_of(tmp_path / "plan_map.html")["schools"] == facts_of(out / "map.html")["schools"]


def test_map_with_the_scenario_is_the_map_that_plan_wrote(out: Path, scenario: Path, tmp_path: Path) -> None:
    assert run("map", out / "plan.gpkg", scenario, "--out", tmp_path).exit_code == 0
    assert (tmp_path / "plan_map.html").read_bytes() == (out / "map.html").read_bytes()


def test_map_with_the_scenario_shows_links_of_a_public_plan_when_internal(
    out: Path, scenario: Path, tmp_path: Path
) -> None:
    assert run("map", out / "plan.gpkg", scenario, "--internal", "--out", tmp_path).exit_code == 0
    assert len(facts_of(tmp_path / "plan_map.html")["links"]) == 4
    assert "Internal: not for publication" in (tmp_path / "plan_map.html").read_text(encoding="utf-8")


def test_an_internal_map_of_a_public_file_alone_is_refused(out: Path, tmp_path: Path) -> None:
    done = run("map", out / "plan.gpkg", "--internal", "--out", tmp_path / "none")
    assert done.exit_code == 3
    assert "plan.gpkg: a public plan file does not hold who works with whom" in done.stderr
    assert not (tmp_path / "none").exists()


def test_a_map_over_other_inputs_is_refused(out: Path, tmp_path: Path) -> None:
    other = write_town(tmp_path, 0, 1, 10, 11, 60, 12, 10.5, **{**TOWN, "pupils": [51, 60, 70, 80, 90, 300, 40]})
    done = run("map", out / "plan.gpkg", other, "--out", tmp_path / "none")
    assert done.exit_code == 1
    assert "wrong: schools.csv: not the file that the plan was made from" in done.stdout
    assert not (tmp_path / "none").exists()


def test_a_base_may_be_drawn_beneath_and_every_bad_one_is_told(out: Path, tmp_path: Path) -> None:
    ring = [[-0.6, 52.9], [0.2, 52.9], [0.2, 53.2], [-0.6, 53.2], [-0.6, 52.9]]
    shape = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {"name": "West"}, "geometry": shape}
    good = tmp_path / "districts.geojson"
    good.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert run("map", out / "plan.gpkg", "--base", good, "--out", tmp_path / "out").exit_code == 0
    assert [piece["name"] for piece in facts_of(tmp_path / "out" / "plan_map.html")["base"]] == ["West"]
    bad = [write_csv(tmp_path / name, ["a"], []) for name in ("one.csv", "two.csv")]
    done = run("map", out / "plan.gpkg", "--base", bad[0], "--base", bad[1], "--out", tmp_path / "none")
    assert done.exit_code == 3
    assert "one.csv" in done.stderr and "two.csv" in done.stderr
