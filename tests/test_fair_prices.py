"""The prices and rules of fairness, likeness, lacks and wishes stand in every place that judges, tells or sets them.

Two groups of three, judged as they are: 1, 2, 4 and 3, 5, 6, at 0, 1, 10 and 2, 11, 12 minutes along one road. Unlike
are two pairs in each; the second has no SENCO; 1 wishes for 3, and 4 is with 2, whom it does not want; 3 and 6 refuse
each other, and are together: four first wishes not met.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from reading import words_of
from town import write_csv, write_town
from typer.testing import CliRunner

from partition.cli import app
from partition.cli.guide.reference import settings_page
from partition.model.problem import Problem, check
from partition.scenario.case import load
from partition.scenario.form.fields import fields
from partition.scenario.read import read_scenario
from partition.studies.hand_edits.draft import Draft
from partition.studies.hand_edits.edits import Move
from partition.web.pages import hand_facts

GROUPS = {"One": [900001, 900002, 900004], "Two": [900003, 900005, 900006]}
SETTINGS = """answers = "answers.csv"
[rules]
heads_min = 2
heads_max = 3
minutes_max = 30
head_minutes_max = 8
[preferences]
meetings_per_year = 1
minutes_per_difference = {kind = 5}
minutes_per_lack = {senco = 7}
lack_value = {senco = "part"}
minutes_per_wish = [11, 3]
head_minutes_price = [[5, 0.5]]
"""
TERMS = {"likeness": 20.0, "lacks": 7.0, "wishes": 44.0, "fairness": 11.67}
"""In minutes a year. Of its own a head has 7.333, 6.667 or 12.667 in either group; half of what is above 5 is due."""
KEYS = (
    "rules.head_minutes_max",
    *(f"preferences.{key}" for key in ("minutes_per_difference", "minutes_per_lack", "lack_value")),
    *("preferences.minutes_per_wish", "preferences.head_minutes_price"),
)
PRICES = (
    "5 for each two heads of one partnership who differ in kind; 7 for a partnership without part in senco; 11, 3 for "
    "a wish of a head not met, by rank, and as a first one where it is with a head not wanted; 0.5 more for each of a "
    "head's own minutes above 5."
)


def run(*words: object) -> Any:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout) if "--json" in words else done.stdout


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fair")
    said = [
        *((900001, "", 900003, ""), (900003, "", "", 900006)),
        *((900004, "", "", 900002), (900006, "", "", 900003)),
    ]
    write_csv(folder / "answers.csv", ["urn", "answer", "wishes", "not_wanted"], said)
    columns = {"kind": ["A", "A", "A", "B", "B", "B"], "senco": ["part", "", "", "no", "", ""]}
    path = write_town(folder, 0, 1, 2, 10, 11, 12, columns=columns, settings=SETTINGS)
    write_csv(folder / "groups.csv", ["urn", "partnership"], [(urn, name) for name in GROUPS for urn in GROUPS[name]])
    return path


@pytest.fixture(scope="module", params=[False, True], ids=["public", "internal"])
def judged(request: pytest.FixtureRequest, town: Path) -> tuple[Path, dict[str, Any], bool]:
    """The folder of the judged groups, what was said of them, and whether it is internal."""
    out = town.parent / ("internal" if request.param else "public")
    kind = ["--internal"] * request.param
    return out, run("judge", town, "--groups", town.parent / "groups.csv", "--out", out, "--json", *kind), request.param


def test_judge_prices_and_judges_them(judged: tuple[Path, dict[str, Any], bool]) -> None:
    _, told, _ = judged
    assert {term: told["cost"][term] for term in TERMS} == TERMS


def test_verify_counts_them_again(judged: tuple[Path, dict[str, Any], bool], town: Path) -> None:
    run("verify", judged[0] / "judged.gpkg", town)
    run("verify", judged[0] / "judged.gpkg")


def test_the_map_and_comparison_tell_them(judged: tuple[Path, dict[str, Any], bool], town: Path) -> None:
    out, _, internal = judged
    page = (out / "judged.html").read_text(encoding="utf-8")
    for words in ("unlike heads", "lacks", "wishes not met", "uneven travel", "Refusals kept to"):
        assert words in page
    assert ("no head with more than 8 minutes a year" in page) or not internal
    run("compare", out / "judged.gpkg", out / "judged.gpkg", "--out", out / "compared", *["--internal"] * internal)
    text = "".join(path.read_text(encoding="utf-8") for path in (out / "compared").glob("*.md"))
    assert all(words in text for words in ("Unlike heads together, as priced", "What partnerships lack, as priced"))


def test_report_and_workbook_tell_them(judged: tuple[Path, dict[str, Any], bool], town: Path) -> None:
    out, _, internal = judged
    run("report", out / "judged.gpkg", town, "--out", out / "papers", *["--internal"] * internal)
    report, book = words_of(out / "papers" / "report.docx"), words_of(out / "papers" / "workbook.xlsx")
    assert "no head with more than 8 minutes a year of its own" in report and "some schools kept apart" in report
    assert PRICES in report
    assert all(words in book for words in ("unlike heads", "lacks", "wishes not met", "uneven travel"))


def test_a_hand_edit_weighs_them(town: Path) -> None:
    case = load(read_scenario(town))
    problem: Problem = case.problem
    draft = Draft.begin(case, [(name, GROUPS[name]) for name in GROUPS])  # type: ignore[misc]
    plan = problem.plan(GROUPS.values())
    assert {term: getattr(draft.account.cost, term) / 1000 for term in TERMS} == TERMS
    broken = {breach.rule for breach in check(problem, plan)}
    assert broken == {"head_minutes_max", "apart"} == {breach.rule for breach in draft.account.breaches}
    change = draft.change(Move(urn=problem.area.urns[5], to=1))
    told = json.dumps(hand_facts.change(draft, change, lambda _: ""))
    assert all(hand_facts.TERMS[term] in told for term in TERMS if getattr(change.cost, term))


@pytest.mark.parametrize("key", KEYS)
def test_form_and_guide_have_them(key: str) -> None:
    assert key in fields()
    assert f"### {key}\n" in settings_page()
