"""Did it work? The same figures on the command line, in the report, the workbook and the tables."""

from __future__ import annotations

import json
import re
from pathlib import Path

import openpyxl
import pytest
from reading import words_of
from town import write_csv, write_town
from typer.testing import CliRunner, Result

from partition.cli import app

URNS = [str(900_001 + n) for n in range(8)]
SETTINGS = """
[rules]
heads_min = 3
heads_max = 4
minutes_max = 15
headship_is_partnership_from = "off"

[effects]
results = "results.csv"
measure = "Reading"
below = 60
survey = "survey.csv"
activity = "activity.csv"
"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two partnerships of four; all eight schools have a result, three below 60 of each two years' eight: too few.

    Five answer: three agree. Joint training is done by both.
    """
    folder = tmp_path_factory.mktemp("effects")
    path = write_town(folder, *(0, 3, 6, 9, 40, 43, 46, 49), settings=SETTINGS)
    results = [
        (urn, year, "Reading", 50 if n < 8 * (year == 2027) else 70)
        for n, urn in enumerate(URNS)
        for year in (2026, 2027)
    ]
    write_csv(folder / "results.csv", ["urn", "year", "measure", "value"], results)
    survey = [(urn, "=It helps", answer) for urn, answer in zip(URNS, (5, 4, 4, 2, 1), strict=False)]
    write_csv(folder / "survey.csv", ["urn", "question", "answer"], survey)
    counted = [("1", "Joint training", 4), ("2", "Joint training", 3), ("2", "<b>Sport</b>", 9)]
    write_csv(folder / "activity.csv", ["partnership", "activity", "count"], counted)
    assert run("plan", path, "--out", folder / "out").exit_code == 0
    return folder


SHOWN = [  # of a table, one row: what all outputs must say
    ["2026", "Small, in a partnership", "under 180", "8", "0", "0 % (0 to 32)"],
    ["2027", "Small, in a partnership", "under 180", "8", "8", "100 % (68 to 100)"],
    ["=It helps", "5", "5", "60 % (23 to 88)", "3.2"],
    ["1", "Joint training", "2", "100 %", "7"],
    ["2", "<b>Sport</b>", "1", "50 %", "9"],
]


def test_the_command_says_what_its_tables_hold(town: Path, tmp_path: Path) -> None:
    done = run("effects", town / "out/plan.gpkg", town / "town.toml", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    assert "5 of 8 schools in partnerships answered (62 %)" in done.output
    assert "does not show that partnerships caused it" in done.output
    for row in SHOWN:
        assert any(all(f": {cell}" in line for cell in row) for line in done.output.splitlines()), row
    facts = json.loads(run("effects", town / "out/plan.gpkg", town / "town.toml", "--out", tmp_path, "--json").stdout)
    assert [share["below"] for share in facts["shares"]] == [0, 8]
    assert facts["survey"]["answered"] == 5 and "by_partnership" not in facts["survey"]
    assert "'=It helps" in (tmp_path / "survey.csv").read_text("utf-8-sig")  # no spreadsheet calculates it


def test_papers_have_the_same_figures(town: Path, tmp_path: Path) -> None:
    done = run("report", town / "out/plan.gpkg", town / "town.toml", "--out", tmp_path)
    assert done.exit_code == 0, done.output
    words = words_of(tmp_path / "report.docx")
    assert "Did it work?" in words and "does not show that partnerships caused it" in words
    for row in SHOWN:
        assert all(cell in words for cell in row), row
    book = openpyxl.load_workbook(tmp_path / "workbook.xlsx")
    for name, rows in {"Results": SHOWN[:2], "Survey": SHOWN[2:3], "Activities": SHOWN[3:]}.items():
        told = [[str(cell) for cell in row] for row in book[name].iter_rows(min_row=2, values_only=True)]
        assert [row for row in told if row in rows] == rows


def test_the_sheets_are_written_by_themselves(town: Path, tmp_path: Path) -> None:
    scenario = town / "bare.toml"
    stated = (town / "town.toml").read_text("utf-8")
    scenario.write_text(re.sub(r"\[effects\]\n(\w.*\n)+", "", stated), encoding="utf-8")
    done = run("effects", town / "out/plan.gpkg", scenario, "--sheets", "--out", tmp_path / "sheets")
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in (tmp_path / "sheets").iterdir()) == [
        "activity.xlsx",
        "results.xlsx",
        "survey.xlsx",
    ]
    refused = run("effects", town / "out/plan.gpkg", scenario, "--out", tmp_path / "none")
    assert refused.exit_code == 3 and "effects.results, effects.survey or effects.activity" in refused.output
    assert not (tmp_path / "none").exists()
