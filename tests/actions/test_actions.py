"""One function a question: its example runs, it is in the library, and it knows neither command line nor page."""

from __future__ import annotations

import doctest
import shutil
from importlib import import_module
from pathlib import Path

import pytest

import partition

FOLDER = Path(partition.__path__[0], "actions")
ACTIONS = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))


def examples(name: str) -> list[doctest.DocTest]:
    module = import_module(f"partition.actions.{name}")
    return [one for one in doctest.DocTestFinder().find(module, module.__name__) if one.examples]


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as examples find it: a county, today's groups judged, a plan, and what schools said to it."""
    folder = tmp_path_factory.mktemp("county")
    scenario = partition.write_sample(folder, 60, 1)
    case = partition.load(partition.read_scenario(scenario))
    partition.judge_groups(case, partition.todays_groups(case)).write(folder)
    made = partition.make_plan(case)
    made.write(folder)
    shutil.copyfile(folder / "plan.gpkg", folder / "decided.gpkg")
    first = made.account.plan.partnerships[0]
    rows = ["urn,answer,partners,date", *(f"{urn},yes,," for urn in first.urns)]
    (folder / "activity.csv").write_text("partnership,activity,count\n1,Joint training,4\n", encoding="utf-8")
    (folder / "sessions.csv").write_text("day,what\n2027-02-15,INSET\n", encoding="utf-8")
    (folder / "answers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ACTIONS)
def test_an_example_runs_in_such_a_folder(name: str, county: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(county)
    runner = doctest.DocTestRunner()
    told: list[str] = []
    for one in examples(name):
        runner.run(one, out=told.append)
    assert runner.tries and not told, "".join(told)


@pytest.mark.parametrize("name", ACTIONS)
def test_what_has_an_example_is_in_the_library(name: str) -> None:
    shown = {one.name.split(".")[3] for one in examples(name)}
    assert shown and shown <= set(partition.__all__)


def test_every_name_of_the_library_is_there_and_says_what_it_is() -> None:
    assert [name for name in partition.__all__ if not getattr(partition, name).__doc__] == []


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_knows_neither_command_line_nor_page(name: str) -> None:
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    assert not any(f"{word} {other}" in text for word in ("import", "from") for other in ("typer", "starlette"))
