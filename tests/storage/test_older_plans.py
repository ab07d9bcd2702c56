"""Plans written when URNs were numbers: columns of integers, read, checked and added to as before."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest
from fuzzing.inputs import run
from town import write_town

from geodata.urns import Urn
from partition.storage import plan_file
from partition.storage.read_back import read_back
from partition.storage.verify import verify
from partition.web.plan_tables import plan_tables

NUMBERS = ("urn", "venue_urn", "urn_a", "urn_b", "urn_from", "urn_to", "which")
SETTINGS = "[rules]\nheads_min = 2\nheads_max = 2\nminutes_max = 12\n"


@pytest.fixture
def older(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plan as it was written then: two pairs, and one school that nobody is near."""
    tables = plan_file._tables

    def as_numbers(frame: pd.DataFrame) -> pd.DataFrame:
        if "was" in frame:
            frame = frame.drop(columns=["key", "was"])  # of partnerships, which had neither
        if "value" in frame:
            unplaced = frame["key"] == "unplaced"
            frame.loc[unplaced, "value"] = json.dumps([900005])
        return frame.assign(**{name: frame[name].astype("int64") for name in NUMBERS if name in frame})

    with monkeypatch.context() as then:
        then.setattr(plan_file, "_tables", lambda *of: {name: as_numbers(one) for name, one in tables(*of).items()})
        links = "900001,900002,1"
        run("plan", write_town(tmp_path / "town", 0, 1, 10, 11, 60, links=links, settings=SETTINGS), "--internal",
            "--out", tmp_path)  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "plan.gpkg")) as file:
        assert {kind for (kind,) in file.execute("SELECT typeof(urn) FROM schools")} == {"integer"}
    return tmp_path / "plan.gpkg"


def test_an_older_plan_agrees_with_itself_and_with_its_inputs(older: Path) -> None:
    assert verify(plan_file.read_plan(older)).wrong == ()
    run("verify", older, older.parent / "town" / "town.toml")


def test_an_older_plan_is_read_with_urns_as_text(older: Path) -> None:
    account = read_back(plan_file.read_plan(older)).account
    assert account.unplaced == ("900005",) and account.plan.partnerships[0].urns == ("900001", "900002")
    assert account.reasons.keys() == {Urn("900005")} and account.links == (("900001", "900002", True),)
    shown = plan_tables(older.read_bytes())
    assert [school["urn"] for school in shown.schools] == [f"90000{n}" for n in range(1, 6)]
    assert shown.run["unplaced"] == ["900005"]


def test_an_older_plan_is_added_to_and_goes_on(older: Path) -> None:
    run("stage", older, "1", "negotiated", "--date", "2027-01-11")
    assert verify(plan_file.read_plan(older)).wrong == ()
    for command in ("map", "answers", "report"):
        run(command, older, *[older.parent / "town" / "town.toml"] * (command == "report"), "--out", older.parent / "o")
