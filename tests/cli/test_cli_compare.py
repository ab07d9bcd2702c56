"""`partnerships compare`: what it writes, what it says, and what it refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from identifiers import ints
from town import alter, write_csv, write_town
from typer.testing import CliRunner, Result

from partition.cli import app

RULES = "[rules]\nheads_min = 2\nheads_max = 3\nminutes_max = {minutes}\n"
PUBLIC = ["compare.html", "compare.md", "compare_figures.csv", "compare_partnerships.csv", "compare_schools.csv"]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of plans of one town, at 5 minutes and at 12, each public and internal; and of today's groups."""
    folder = tmp_path_factory.mktemp("compare")
    for minutes in (5, 12):
        town = write_town(
            folder / str(minutes),
            *(0, 1, 10, 11, 20, 12),
            pupils=[50, 60, 70, 80, 90, 300],
            links="900001,900002,1 900004,900005,2",
            today={"Fen": ["900001", "900002"], "Wold": ["900004", "900005"]},
            settings=RULES.format(minutes=minutes) + "[money]\nper_school = 100\n",
        )
        assert run("plan", town, "--out", folder / f"p{minutes}").exit_code == 0
        assert run("plan", town, "--internal", "--out", folder / f"i{minutes}").exit_code == 0
    assert run("judge", folder / "12" / "town.toml", "--out", folder / "today").exit_code == 0
    return folder


def written(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.iterdir())}


def test_a_page_and_papers_are_written_and_the_differences_said(made: Path, tmp_path: Path) -> None:
    done = run("compare", made / "p5/plan.gpkg", made / "p12/plan.gpkg", "--out", tmp_path)
    assert (done.exit_code, done.stderr) == (0, "")
    files = written(tmp_path)
    assert list(files) == PUBLIC
    for words in ("A: p5/plan", "B: p12/plan", "Schools: 1 newly placed.", "A: Proven best", "compare.html"):
        assert words in done.stdout
    assert all(text.startswith("\ufeff") for name, text in files.items() if name.endswith(".csv"))
    assert "| School 900005 | 900005 | newly placed | not yet placed | 2 900004 |" in files["compare.md"]
    assert not any("Internal" in text for name, text in files.items() if name != "compare.html")


def test_json_has_the_figures_the_changes_and_the_files(made: Path, tmp_path: Path) -> None:
    names = ["--name", "short", "--name", "long"]
    done = run("compare", made / "p5/plan.gpkg", made / "p12/plan.gpkg", *names, "--out", tmp_path, "--json")
    told: dict[str, Any] = json.loads(done.stdout)
    assert [(plan["letter"], plan["name"]) for plan in told["plans"]] == [("A", "short"), ("B", "long")]
    (changes,) = told["changes"]
    assert changes["moved"] == 0
    assert changes["schools"] == [
        {"urn": "900005", "name": "School 900005", "change": "newly placed", "before": None, "after": 2}
    ]
    assert [(p["change"], p["left"], p["joined"]) for p in changes["partnerships"]] == [
        ("the same", [], []),
        ("changed", [], ["900005"]),
    ]
    figures = {figure["figure"]: (figure["values"], figure["differences"]) for figure in told["figures"]}
    assert figures["Grant in each later year"] == figures["Grant in the first year"] == ([400, 500], [100])
    assert ints(figures["Working links kept"]) == ([1, 2], [1])  # a public plan counts them
    assert figures["Broken links, as priced"] == ([2.0, 0.0], [-2.0])
    assert told["criteria"] == [
        ["no two schools more than 5 minutes apart"],
        ["no two schools more than 12 minutes apart"],
    ]
    assert sorted(Path(path).name for path in told["files"].values()) == PUBLIC


def test_judged_groups_are_compared_like_any_plan(made: Path, tmp_path: Path) -> None:
    plans = [made / "today/judged.gpkg", made / "p12/plan.gpkg", made / "p5/plan.gpkg"]
    told = json.loads(run("compare", *plans, "--out", tmp_path, "--json").stdout)
    assert [plan["name"] for plan in told["plans"]] == ["today/judged", "p12/plan", "p5/plan"]
    assert ints([changes["moved"] for changes in told["changes"]]) == [0, 1]
    figures = {figure["figure"]: figure["values"] for figure in told["figures"]}
    assert ints(figures["Heads who move from today"]) == [0, 0, 1]  # the plans' own count agrees with the comparison's
    assert figures["Least it could cost"][0] is None
    assert "Criteria broken" not in figures  # at 12 minutes today's groups keep them all


def test_an_internal_comparison_names_links_and_marks_every_file(made: Path, tmp_path: Path) -> None:
    plans = [made / "i5/plan.gpkg", made / "i12/plan.gpkg"]
    assert run("compare", *plans, "--internal", "--out", tmp_path).exit_code == 0
    files = written(tmp_path)
    assert sorted(files) == sorted([*PUBLIC, "compare_links.csv"])
    assert all("Internal: not for publication" in text for text in files.values())
    assert 'B,900004,School 900004,900005,School 900005,"kept, was broken"' in files["compare_links.csv"]
    assert run("compare", *plans, "--out", tmp_path / "public").exit_code == 0
    public = written(tmp_path / "public")
    assert list(public) == PUBLIC and not any("kept, was broken" in text for text in public.values())


def test_an_internal_comparison_of_public_plans_is_refused_for_each(made: Path, tmp_path: Path) -> None:
    plans = [made / "p5/plan.gpkg", made / "i12/plan.gpkg", made / "p12/plan.gpkg"]
    done = run("compare", *plans, "--internal", "--out", tmp_path / "none")
    assert done.exit_code == 3
    assert done.stderr.count("a public plan file does not hold who works with whom") == 2
    assert not (tmp_path / "none").exists()


def test_every_file_that_is_no_plan_is_told(made: Path, tmp_path: Path) -> None:
    bad = [write_csv(tmp_path / f"{name}.gpkg", ["a"], []) for name in ("one", "two")]
    done = run("compare", bad[0], made / "p5/plan.gpkg", bad[1], "--out", tmp_path / "none")
    assert done.exit_code == 3
    assert "one.gpkg: it is not a plan" in done.stderr and "two.gpkg: it is not a plan" in done.stderr
    assert not (tmp_path / "none").exists()


def test_plans_of_two_areas_do_not_compare(made: Path, tmp_path: Path) -> None:
    """Other identifiers, names and places: by none of them is a school known again."""
    town = write_town(tmp_path / "far", 90, 91, 92, names=["Ash", "Elm", "Oak"], settings=RULES.format(minutes=5))
    assert run("plan", town, "--out", tmp_path).exit_code == 0
    other = (tmp_path / "plan.gpkg").rename(tmp_path / "other.gpkg")
    alter(
        other,
        "update schools set urn = urn + 50",
        "update minutes set urn_from = urn_from + 50, urn_to = urn_to + 50",
    )
    done = run("compare", made / "p5/plan.gpkg", other, "--out", tmp_path / "none")
    assert done.exit_code == 3
    assert "other.gpkg: it has no school in common with plan.gpkg" in done.stderr


@pytest.mark.parametrize(
    "arguments", [["p5/plan.gpkg"], ["p5/plan.gpkg"] * 27, ["p5/plan.gpkg", "p12/plan.gpkg", "--name", "one"]]
)
def test_wrong_usage_ends_in_2(arguments: list[str], made: Path, tmp_path: Path) -> None:
    given = [made / argument if argument.endswith("gpkg") else argument for argument in arguments]
    assert run("compare", *given, "--out", tmp_path / "none").exit_code == 2
    assert not (tmp_path / "none").exists()


def test_a_plan_altered_since_says_so_on_the_page(made: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.gpkg"
    copy.write_bytes((made / "p5/plan.gpkg").read_bytes())
    alter(copy, "update partnerships set name = 'Renamed' where number = 1")
    assert run("compare", made / "p5/plan.gpkg", copy, "--out", tmp_path / "out").exit_code == 0
    assert "B: copy.gpkg: something in the file was altered" in written(tmp_path / "out")["compare.html"]


def test_comparing_solves_nothing_and_loads_no_solver(made: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from partition.cli import app\n"
        "try: app(sys.argv[1:])\n"
        "except SystemExit as end: print([m for m in ('ortools', 'numba') if m in sys.modules], end.code)"
    )
    plans = [made / "p5/plan.gpkg", made / "p12/plan.gpkg"]
    command = [sys.executable, "-c", code, "compare", *plans, "--out", tmp_path, "--quiet"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[] 0"
