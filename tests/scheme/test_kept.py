"""What a plan file keeps of the scheme: money, posts, who advises whom, and the seal over it all."""

from __future__ import annotations

from pathlib import Path

import pytest
from parish import account_of, advisers, case_of, urns
from town import alter
from typer.testing import CliRunner

from partition.cli import app
from partition.scheme.kept import kept_tables
from partition.scheme.stages import Log
from partition.storage.plan_file import read_plan, write_plan
from partition.storage.verify import verify

GIVEN = """
[money]
per_partnership = 1000
per_school = 10
start_per_school = 200
start_at = "negotiated"
source = "=Executive, May"
[posts]
senco = {pupils_per_fte = 500, keep_own = [900003]}
[advisers]
people = "advisers.csv"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """Two partnerships of three and two, with advisers at either end, and the tables kept."""
    advisers(tmp_path, ("A1", 0), ("A2", 52))
    case = case_of(tmp_path, [0, 1, 2, 50, 51], GIVEN)
    account = account_of(case, [1, 2, 3], [4, 5])
    for name in ("plan.gpkg", "again.gpkg"):
        write_plan(case, account, tmp_path / name, kept=kept_tables(case, account, Log()))
    return tmp_path / "plan.gpkg"


def test_money_and_posts_are_tables_by_hand(plan: Path) -> None:
    """£1,000 and £10 a school; £200 a school to start. 200 of 300 pupils share 0.4 of a SENCO: 78 days, by halves."""
    stored = read_plan(plan)
    money = stored.tables["money"]
    assert money["yearly_pence"].tolist() == [103_000, 102_000]
    assert money["start_most_pence"].tolist() == [60_000, 40_000]
    assert set(money["start_at"]) == {"negotiated"} and set(money["source"]) == {"=Executive, May"}
    posts = stored.tables["posts"]
    first = posts[posts["partnership"] == 1]
    assert first[["urn", "days", "keeps_own"]].values.tolist() == [
        [urns(1)[0], 39, False], [urns(2)[0], 39, False], [urns(3)[0], 0, True]
    ]  # fmt: skip
    assert first["fte"].tolist() == [0.4] * 3 and first["is_base"].tolist() == [True, False, False]
    assert "stages" not in stored.tables and "advisers" not in stored.tables


def test_the_same_scheme_is_the_same_bytes_and_is_sealed(plan: Path) -> None:
    assert plan.read_bytes() == plan.with_name("again.gpkg").read_bytes()
    assert verify(read_plan(plan)).agrees
    alter(plan, "UPDATE money SET yearly_pence = 1")
    assert not verify(read_plan(plan)).agrees


def test_who_advises_whom_is_kept_if_asked_and_once(plan: Path) -> None:
    asked = ["advisers", str(plan), str(plan.with_name("town.toml")), "--out", str(plan.parent / "out"), "-q"]
    said = CliRunner().invoke(app, asked)
    assert said.exit_code == 0, said.output
    assert "advisers" not in read_plan(plan).tables
    for without, expected in ([], ["A1", "A2"]), (["--without", "A2"], ["A1", "A1"]):
        assert CliRunner().invoke(app, [*asked, "--keep", *without]).exit_code == 0
        stored = read_plan(plan)
        assert stored.tables["advisers"]["adviser"].tolist() == expected
        assert verify(stored).agrees


def test_nothing_is_kept_of_what_nobody_asked_for(tmp_path: Path) -> None:
    case = case_of(tmp_path, [0, 1, 2])
    write_plan(
        case, account_of(case, [1, 2]), tmp_path / "plan.gpkg", kept=kept_tables(case, account_of(case, [1, 2]), Log())
    )
    assert not {"money", "posts", "stages", "advisers"} & set(read_plan(tmp_path / "plan.gpkg").tables)
