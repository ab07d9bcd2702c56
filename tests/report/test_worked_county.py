"""One county of twelve schools worked out by hand: the same figures in JSON, page, papers, workbook and comparison.

Along a road, a minute a km. Four groups of three, 40 km from one another:

| no. | schools (pupils) | heads | small | what was decided |
|---|---|---|---|---|
| 1 | 900001 (50), 900002 (60), 900003 (70) | 3 | 3 | costs £52,000 approved on 5 February 2027; signed on 10 March |
| 2 | 900004 (80), 900005 (90), 900006 (300) | 3 | 2 | costs £45,500 approved on 1 March 2027; signed on 12 April |
| 3 | 900007, 900008, 900009 (100 each) | 3 | 3 | costs £10,000 approved on 1 February 2027; left on 1 May |
| 4 | 900010, 900011, 900012 (40 each), federated | 1 | 3 | business plan in; an approval without costs is refused |

The scheme of 2013: up to £20,000 a small school once, on approved costs, and the rest of the financial year from
signing on. The year's amount, which its source does not give, is £36,500 a partnership and £3,650 a small school.

A whole year: 1 and 4 £36,500 + 3 x £3,650 = £47,450; 2 £36,500 + 2 x £3,650 = £43,800; together £138,700.

To start: 1 £52,000 of £60,000; 2 £40,000 of its £45,500, as there is no more; 4 at most £60,000; together £152,000.

The first year: 1 has 22 days of 365 (10 to 31 March 2027), £47,450 x 22/365 = £2,860. 2 has 355 days of 366 (all but 11
of April, with 29 February 2028), £43,800 x 355/366 = £42,483.6065..., which is £42,483.61. 4 at most £47,450. Together
£92,793.61, and with the start £244,793.61 at most: 1 £54,860, 2 £82,483.61, 4 £107,450.

Paid: 1 and 2, £137,343.61. Still to come: 4, £107,450. By financial year, of which the ledger has three: 2026-27
£92,000 + £2,860 = £94,860; 2027-28 £47,450 + £42,483.61 = £89,933.61; 2028-29 £47,450 + £43,800 = £91,250; not known
£107,450.

Posts: half a business manager at £40,000 and a fifth of a SENCO at £45,000 are £29,000 for each of the three, £87,000.
Of the whole year's £138,700 they leave £51,700: 1 and 4 £18,450, 2 £14,800.

Meetings: heads at 0, 2 and 4 km, six times a year in turn: (2 + 4 + 2) x 2 x 2 / 3 x 6 = 64 minutes and 64 km, 39.77
miles: 40, at 45 pence £18. 1 and 2 together 128 minutes, 2.1 hours, 80 miles, £36. The federation's one head drives
nowhere.

Two advisers have one partnership each: A1 at 0 km takes 1, A2 at 40 km takes 2, and 4 has none yet.

By formula, as imported: lump sums of £90,000 for 900001, 900007 and 900010 in 2026-27, which are £180,000 without the
one that left, and £115,000 for 900001 in 2027-28; sparsity of £1,500.50 for 900010.

Today's groups are 1, 2 and 3, and the federation: keeping them changes nothing. Costed alike, without a decision: a
year £138,700 + £47,450 = £186,150, to start £60,000 + £40,000 + £60,000 + £60,000 = £220,000, the first year £406,150;
posts £116,000; travel three times 64 minutes, 3.2 hours.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from office import recalculated
from reading import formulas, pages_of, words_of
from served import client_of, work
from town import write_csv, write_town
from typer.testing import CliRunner, Result

from partition.cli import app
from partition.storage.project_file import PLAN, Project

FIGURES = {  # by the keys of the figures that papers quote; pounds, where they are any
    "small schools": 11,
    "partnerships": 2,
    "federations": 1,
    "heads": 7,
    "schools": 9,
    "placed": 8,
    "associates": 1,
    "pupils": 770,  # 180, 470 and 120
    "unplaced": 0,
    "left": 1,
    "small left": 3,
    "advised": 2,
    "not advised": 1,
    "start": 152_000,
    "first": 92_793.61,
    "first year": 244_793.61,
    "paid": 137_343.61,
    "to come": 107_450,
    "later year": 138_700,
    "grant 2026-27": 94_860,
    "grant 2027-28": 89_933.61,
    "grant 2028-29": 91_250,
    "grant of no known year": 107_450,
    "paid to left": 10_000,
    "posts": 87_000,
    "left of grant": 51_700,
    "minutes": 128,
    "miles": 80,
    "mileage": 36,
}
AT_MOST = {"start", "first", "first year", "to come", "grant of no known year"}
BY_PARTNERSHIP = {  # in the order of MONEY_COLUMNS, and what posts leave of a year's grant
    1: (52_000, 2_860, 54_860, 54_860, 0, 47_450, 18_450),
    2: (40_000, 42_483.61, 82_483.61, 82_483.61, 0, 43_800, 14_800),
    4: (60_000, 47_450, 107_450, 0, 107_450, 47_450, 18_450),
}
MONEY_COLUMNS = (
    "To start",
    "First financial year",
    "First year in all",
    "Paid so far",
    "Still to come",
    "Each later year",
)
DECISIONS = [
    (1, "approved", "2027-02-05", 52_000),
    (1, "heads of agreement signed", "2027-03-10", None),
    (2, "approved", "2027-03-01", 45_500),
    (2, "heads of agreement signed", "2027-04-12", None),
    (3, "approved", "2027-02-01", 10_000),
    (3, "left", "2027-05-01", None),
    (4, "business plan in", "2027-04-01", None),
]
SETTINGS = """
headships = {column = "federation"}

[rules]
heads_min = 3
heads_max = 3
minutes_max = 10
associates = [900006]

[money]
per_partnership = 36500
per_school = 3650
lump_sums = "lump.csv"

[posts]
business_manager = {fte = 0.5, pounds_per_fte = 40000}
senco = {fte = 0.2, pounds_per_fte = 45000}

[advisers]
people = "advisers.csv"
"""


def run(*arguments: object) -> Result:
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, done.output
    return done


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scenario, the plan with its decisions, and today's groups judged."""
    folder = tmp_path_factory.mktemp("county")
    path = write_town(
        folder,
        *(start + more for start in (0, 40, 80, 120) for more in (0, 2, 4)),
        pupils=[50, 60, 70, 80, 90, 300, 100, 100, 100, 40, 40, 40],
        columns={"federation": [""] * 9 + ["Abbey"] * 3},
        today={"Fen": [900001, 900002, 900003], "Wold": [900004, 900005, 900006], "Marsh": [900007, 900008, 900009]},
        settings=SETTINGS,
    )
    path.write_text('extends = "preset:scheme-2013"\n' + path.read_text("utf-8"), "utf-8")
    rows = [(urn, 90_000, "1500.50" if urn == 900010 else "", 2026) for urn in (900001, 900007, 900010)]
    write_csv(folder / "lump.csv", ["urn", "lump_sum", "sparsity", "year"], [*rows, (900001, 115_000, "", 2027)])
    desks = [("A1", "County Hall", 500_000, 350_000, 1), ("A2", "Wold House", 540_000, 350_000, 1)]
    write_csv(folder / "advisers.csv", ["adviser", "office", "easting", "northing", "caseload"], desks)
    run("plan", path, "--out", folder)
    run("judge", path, "--out", folder)
    plan = folder / "plan.gpkg"
    for number, stage, day, costs in DECISIONS:
        run("stage", plan, number, stage, "--date", day, *([] if costs is None else ["--costs", costs]))
    refused = CliRunner().invoke(app, ["stage", str(plan), "4", "approved", "--date", "2027-05-02"])
    assert refused.exit_code == 3 and "give them in whole pounds, 0 if there are none" in refused.output
    return folder


@pytest.fixture(scope="module")
def papers(county: Path) -> Path:
    """All papers, with sheets for every school of a partnership whose business plan is in; and what was told."""
    out = county / "papers"
    sheets = ("--school-sheets-from", "business plan in")
    done = run("report", county / "plan.gpkg", county / "town.toml", "--out", out, *sheets, "--json")
    (county / "told.json").write_text(done.stdout, "utf-8")
    return out


def rows_of(path: Path, sheet: str) -> list[dict[str, Any]]:
    rows = list(openpyxl.load_workbook(path, data_only=True)[sheet].values)
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


def test_the_json(papers: Path, county: Path) -> None:
    told = json.loads((county / "told.json").read_text("utf-8"))["figures"]
    assert {one["key"]: one["value"] for one in told} == FIGURES
    assert {one["key"] for one in told if one["at_most"]} == AT_MOST
    assert {one["unit"] for one in told if one["key"] in ("start", "grant 2026-27", "mileage")} == {"£"}


def workbook_agrees(path: Path) -> None:
    """Every figure of the workbook, as its cells hold the values."""
    shown = {
        row["Figure"]: row["Number"] if row["Pounds"] is None else row["Pounds"] for row in rows_of(path, "Figures")
    }
    assert list(shown.values())[: len(FIGURES)] == pytest.approx(list(FIGURES.values()))
    money = {row["No."]: row for row in rows_of(path, "Money")}
    bought = {row["No."]: row for row in rows_of(path, "Grant and posts")}
    for number, (*amounts, left) in BY_PARTNERSHIP.items():
        assert [money[number][name] for name in MONEY_COLUMNS] == pytest.approx(amounts)
        assert bought[number]["Left"] == pytest.approx(left)
    total = money["All that have not left"]
    keys = ("start", "first", "first year", "paid", "to come", "later year")
    assert [total[name] for name in MONEY_COLUMNS] == pytest.approx([FIGURES[key] for key in keys])
    assert (total["Mileage"], total["Heads' drives, miles"]) == (36, 80)
    assert total["Lump sums 2026-27, as imported"] == 180_000 and total["Schools with lump sums 2026-27"] == 2
    assert total["Lump sums 2027-28, as imported"] == 115_000
    assert total["Sparsity payments 2026-27, as imported"] == 1_500.5
    years = {row["Financial year"]: row["In all"] for row in rows_of(path, "Financial years")}
    asked = {"2026-27": 94_860, "2027-28": 89_933.61, "2028-29": 91_250, "Not known yet": 107_450}
    assert {year: years[year] for year in asked} == pytest.approx(asked)
    (gone,) = [row for row in rows_of(path, "Left") if row["No."] == 3]
    assert (gone["Left on"], gone["Paid before it left"]) == (datetime(2027, 5, 1), 10_000)
    assert {row["No."] for row in rows_of(path, "Partnerships")} >= {1, 2, 4}
    assert 3 not in {row["No."] for row in [*rows_of(path, "Partnerships"), *rows_of(path, "Money")]}


def test_the_workbook(papers: Path) -> None:
    workbook_agrees(papers / "workbook.xlsx")
    found = list(formulas(papers / "workbook.xlsx"))
    assert {where: shown for where, _, shown, _ in found} == pytest.approx({w: value for w, _, _, value in found})
    days = [row["Day"] for row in rows_of(papers / "workbook.xlsx", "Decisions")]
    assert days == sorted(datetime.fromisoformat(day) for _, _, day, _ in DECISIONS)


def test_the_workbook_calculated_by_libreoffice(papers: Path, tmp_path: Path) -> None:
    path = recalculated(papers / "workbook.xlsx", tmp_path)
    workbook_agrees(path)
    cells = [cell.value for sheet in openpyxl.load_workbook(path, data_only=True) for row in sheet for cell in row]
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith("#")]  # #NAME?, #REF!, #VALUE!


@pytest.mark.parametrize("name", ["report.pdf", "report.docx"])
def test_the_report(papers: Path, name: str) -> None:
    words = " ".join(words_of(papers / name).split())
    for said in (
        "This report shows 2 partnerships of small schools, and 1 federation that is a partnership in itself, "
        "3 schools, with 8 of 11 small schools in one. 0 small schools are not yet placed",
        "Partnership 3 900008 (3 schools) left on 1 May 2027; before that it was paid £10,000.",
        "Grant in the first year at most £244,793.61",
        "1 900002 3 £52,000 £2,860 £54,860 £47,450 £54,860",
        "2 900005 2 £40,000 £42,483.61 £82,483.61 £43,800 £82,483.61",
        "4 Abbey 3 at most £60,000 at most £47,450 at most £107,450 £47,450 £0",
        "All that have not left 8 at most £152,000 at most £92,793.61 at most £244,793.61 £138,700 £137,343.61",
        "2026-27 £92,000 £2,860 £0 £94,860",
        "2027-28 £0 £42,483.61 £47,450 £89,933.61",
        "2028-29 £0 £0 £91,250 £91,250",
        "Not known yet £60,000 £47,450 £0 at most £107,450",
        "All stages 3 £137,343.61 at most £107,450",
        "All that have not left £138,700 £60,000 £27,000 £51,700",
        "Lump sums by formula of 2 schools, as imported: £180,000 in 2026-27.",
        "Lump sums by formula of 1 school, as imported: £115,000 in 2027-28.",
        "Sparsity payments by formula of 1 school, as imported: £1,500.50 in 2026-27.",
        "Sparsity is imported only",
        "Heads' driving 2 hours, 80 miles Mileage £36",
        "Nobody serves 4 Abbey yet",
    ):
        assert said.replace(":", "") in words.replace(":", ""), said


def test_doing_nothing_is_costed_as_judging_is(papers: Path, county: Path) -> None:
    judged = json.loads(run("judge", county / "town.toml", "--out", county / "again", "--json").stdout)
    assert (judged["cost"]["travel"], judged["cost"]["change"], judged["cost"]["total"]) == (192.0, 0.0, 192.0)
    words = " ".join(pages_of(papers / "report.pdf"))
    assert "Heads' travel a year 3.2 hours 2.1 hours" in words
    assert "Heads who change companions 0 of 9 grouped today 3 of 9 grouped today" in words
    assert "Grant in the first year none of this scheme's at most £244,793.61" in words


def test_the_maps_page_and_the_plans_page(papers: Path, county: Path) -> None:
    drawn = (papers / "map.html").read_text("utf-8")
    for what, value in (
        ("Partnerships", "2"),
        ("Partnerships that have left", "1, with 3 small schools: in no other figure"),
        ("Small schools placed", "8 of 11"),
        ("Grant in the first year", "at most £244,793.61"),
        ("Grant in each later year", "£138,700"),
        ("Shared posts a year", "£87,000"),
    ):
        assert f"<dt>{what}</dt><dd>{value}</dd>" in drawn, what
    assert "its partnership, 3 900008, has left" in drawn
    project = Project(county / "project.gpkg")
    work(project, "plan", county / "town.toml")
    project.add_files(1, {PLAN: (county / "plan.gpkg").read_bytes()})
    with client_of(project) as client:
        page = client.get("/plan/1").text
    page = re.sub(
        r'\s*<button[^>]*class="ask.*?</span>\s*', "", page, flags=re.DOTALL
    )  # what a word means, on the spot
    page = re.sub(r"<dt>\s+", "<dt>", page)
    for figure in (
        "<dt>partnerships</dt><dd>2</dd>",
        "<dt>federations that are partnerships already</dt><dd>1</dd>",
        "<dt>small schools placed</dt><dd>8 of 11</dd>",
        "<dt>heads’ travel a year</dt><dd>2.1 hours</dd>",
        "<dt>associates</dt><dd>1</dd>",
        "<dt>left, and in no figure here</dt><dd>3 900008</dd>",
    ):
        assert figure in page, figure


@pytest.mark.parametrize(
    ("urn", "first", "later", "paid"),
    [
        (
            900002,
            "£54,860 in all: £52,000 to start and £2,860 for the rest of 2026-27, 22 of 365 days from 10 March 2027",
            "£47,450",
            "£54,860",
        ),
        (
            900006,
            "£82,483.61 in all: £40,000 to start and £42,483.61 for the rest of 2027-28, "
            "355 of 366 days from 12 April 2027",
            "£43,800",
            "£82,483.61",
        ),
        (
            900010,
            "at most £107,450 in all: at most £60,000 to start and at most £47,450 for the rest of the financial year "
            'from the stage "heads of agreement signed" on',
            "£47,450",
            "£0",
        ),
    ],
)
def test_a_schools_sheet(papers: Path, urn: int, first: str, later: str, paid: str) -> None:
    (page,) = pages_of(papers / f"schools/{urn}.pdf")
    assert f"Your partnership's schools together, first year: {first}." in page
    assert f"Each later year: {later}." in page and f"Paid so far: {paid}." in page


def test_no_sheet_for_a_school_whose_partnership_left(papers: Path) -> None:
    assert sorted(path.stem for path in (papers / "schools").iterdir()) == [
        f"9000{n:02d}" for n in (1, 2, 3, 4, 5, 6, 10, 11, 12)
    ]


def test_the_comparison(county: Path, tmp_path: Path) -> None:
    done = run("compare", county / "judged.gpkg", county / "plan.gpkg", "--out", tmp_path, "--json")
    told = json.loads(done.stdout)
    figures = {one["figure"]: one["values"] for one in told["figures"]}
    for what, values in {
        "Partnerships": [3, 2],
        "Partnerships that have left": [0, 1],
        "Small schools in partnerships that have left": [0, 3],
        "Small schools placed": [11, 8],
        "Heads placed": [10, 7],
        "Pupils in partnerships": [1070, 770],
        "Heads' travel a year": [3.2, 128 / 60],
        "Heads who move from today": [0, 3],
        "Grant in the first year": [406_150, 244_793.61],
        "Grant in each later year": [186_150, 138_700],
        "Shared posts a year": [116_000, 87_000],
    }.items():
        assert figures[what] == pytest.approx(values), what
    assert [
        words for words in told["cautions"] if words.startswith("B is shown without the partnerships that have left")
    ]
    page = (tmp_path / "compare.html").read_text("utf-8")
    assert "406,150.00" in page and "244,793.61" in page
