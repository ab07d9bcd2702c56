"""`partnerships alternatives`, `least-change`, `frontier`, `fairness`: what they write, say and refuse."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from town import write_town
from typer.testing import CliRunner, Result

from partition.cli import app

RULES = "[rules]\nheads_min = 2\nheads_max = 3\nminutes_max = 10\n"
CURVES = {"least-change": "least_change", "frontier": "frontier", "fairness": "fairness"}
HOW_MANY = {"fairness": "The one point is"}  # here the cheapest plan is the most even one


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town of eight with links and today's groups, and its plan, public and internal."""
    folder = tmp_path_factory.mktemp("options")
    town = write_town(
        folder,
        *(0, 5, 10, 15, 20, 25, 30, 35),
        names=["=A1", *(f"<b>School {n}</b>" for n in range(2, 9))],
        links="900001,900003,1 900005,900007,0.5",
        today={"North": ["900001", "900003"], "South": ["900002", "900004"], "East": ["900005", "900007"]},
        settings=RULES + "[preferences]\nminutes_per_link = 0\nminutes_per_separation = 0\n",
    )
    assert run("plan", town, "--out", folder / "public").exit_code == 0
    assert run("plan", town, "--internal", "--out", folder / "internal").exit_code == 0
    return folder


def ask(made: Path, out: Path, *more: object) -> Result:
    """Alternatives to the public plan, unless it is `--internal` that is asked for."""
    plan = made / ("internal" if "--internal" in more else "public") / "plan.gpkg"
    return run("alternatives", plan, made / "town.toml", "--within", "100%", "--differ", 4, "--out", out, *more)


def test_alternatives_are_written_as_page_tables_and_plans(made: Path, tmp_path: Path) -> None:
    done = ask(made, tmp_path, "--count", 2, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert facts["proven"] is True
    assert [option["letter"] for option in facts["options"]] == ["A", "B", "C"]
    assert all(n >= 4 for option in facts["options"] for n in option["differs"].values())
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "alternatives.csv",
        "alternatives.html",
        "alternatives.md",
        "alternatives_schools.csv",
        "option_a.gpkg",
        "option_b.gpkg",
        "option_c.gpkg",
    ]
    for option in facts["options"]:
        path = tmp_path / f"option_{option['letter'].lower()}.gpkg"
        assert run("verify", path, made / "town.toml").exit_code == 0
        assert json.loads(run("map", path, "--json", "--out", tmp_path / "m").stdout)["digest"] == option["digest"]
    schools = (tmp_path / "alternatives_schools.csv").read_text(encoding="utf-8-sig")
    assert "900001,'=A1," in schools
    assert "<b>" not in (tmp_path / "alternatives.md").read_text(encoding="utf-8")
    assert "<b>School" not in (tmp_path / "alternatives.html").read_text(encoding="utf-8")
    assert ask(made, tmp_path / "again", "--count", 2, "--json").exit_code == 0
    for name in ("alternatives.html", "alternatives.md", "option_b.gpkg"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / name).read_bytes()


def test_it_says_that_no_further_plan_is_within_the_limit(made: Path, tmp_path: Path) -> None:
    plan = made / "public/plan.gpkg"
    done = run("alternatives", plan, made / "town.toml", "--within", "1%", "--differ", 8, "--out", tmp_path)
    assert done.exit_code == 0
    assert "Proven: no further plan is within the limit" in done.stdout
    assert "8 the same" in done.stdout


def test_who_works_with_whom_is_told_internally_only(made: Path, tmp_path: Path) -> None:
    for internal in (False, True):
        out = tmp_path / str(internal)
        assert ask(made, out, "--count", 1, *(["--internal"] if internal else [])).exit_code == 0
        page = (out / "alternatives.html").read_text(encoding="utf-8")
        assert ('"links":[["900001","900003"' in page) is internal
        assert ("Internal: not for publication" in page) is internal
        for name in ("alternatives.md", "alternatives.csv", "alternatives_schools.csv"):
            assert ("not for publication" in (out / name).read_text(encoding="utf-8")) is internal


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (["--within", "much"], "'much' is no share"),
        (["--within", "-1%"], "not between 0% and 100%"),
        (["--within", "nan"], "no share"),
        (["--count", "0"], "--count"),
        (["--count", "26"], "--count"),
        (["--differ", "0"], "--differ"),
    ],
)
def test_what_makes_no_sense_is_refused(made: Path, tmp_path: Path, more: list[str], words: str) -> None:
    done = ask(made, tmp_path, *more)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not list(tmp_path.iterdir())


def test_another_scenario_than_the_plans_is_told(made: Path, tmp_path: Path) -> None:
    done = ask(made, tmp_path, "--set", "travel.crow_minutes.per_km=2")
    assert done.exit_code == 1
    assert "DISAGREES" in done.stdout


@pytest.mark.parametrize("command", CURVES)
def test_a_curve_is_written_as_tables_and_picture(made: Path, tmp_path: Path, command: str) -> None:
    done = run(command, made / "town.toml", "--out", tmp_path, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    facts = json.loads(done.stdout)
    assert facts["proven"] is True and facts["notices"] == []
    name = CURVES[command]
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.csv", f"{name}.md", f"{name}.svg"]
    ElementTree.parse(tmp_path / f"{name}.svg")
    rows = (tmp_path / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 1 + len(facts["points"]) >= (2 if command in HOW_MANY else 3)
    assert HOW_MANY.get(command, "Each of the") in (tmp_path / f"{name}.md").read_text(encoding="utf-8")
    before = (tmp_path / f"{name}.svg").read_bytes()
    assert run(command, made / "town.toml", "--out", tmp_path, "--json").exit_code == 0
    assert (tmp_path / f"{name}.svg").read_bytes() == before
    settings = rows[1].split(",")[-1].split()
    out = tmp_path / "plan"
    planned = run("plan", made / "town.toml", *(w for s in settings for w in ("--set", s)), "--out", out, "--json")
    assert json.loads(planned.stdout)["cost"]["total"] == facts["points"][0]["cost"]["total"]


def test_a_curve_cut_short_says_what_was_not_searched(made: Path, tmp_path: Path) -> None:
    done = run("frontier", made / "town.toml", "--searches", 1, "--out", tmp_path)
    assert done.exit_code == 0
    assert "not searched: 0 to 1" in done.stdout


def test_a_curve_of_nothing_is_refused(tmp_path: Path) -> None:
    town = write_town(tmp_path / "town", 0, 1, 2, settings=RULES)
    for command, column in (("least-change", "data.existing"), ("frontier", "data.links")):
        done = run(command, town, "--out", tmp_path / "out")
        assert (done.exit_code, column in done.stderr) == (3, True)
    assert not (tmp_path / "out").exists()


def test_rules_that_clash_end_a_curve_with_the_code_for_no_plan(made: Path, tmp_path: Path) -> None:
    clash = ["--set", "rules.partnerships_min=9"]
    done = run("least-change", made / "town.toml", *clash, "--out", tmp_path)
    assert (done.exit_code, done.stdout.splitlines()[0]) == (4, "No plan keeps every rule.")


def test_without_matplotlib_the_tables_are_written_and_it_says_what_to_install(made: Path, tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['matplotlib'] = None\n"
        f"sys.argv = ['partnerships', 'frontier', {str(made / 'town.toml')!r}, '--out', {str(tmp_path)!r}]\n"
        "from partition.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "school-partnerships[report]" in done.stdout
    assert not (tmp_path / "frontier.svg").exists()
