"""The record of a search: events as they happened, and a picture of them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from town import write_csv, write_town
from typer.testing import CliRunner

from geodata.faults import BadData
from partition.cli import app
from partition.solver import Progress
from partition.studies.search_log import draw_search, read_log, recording


def progress(seconds: float, cost: int | None, bound: int | None) -> Progress:
    return Progress(seconds=seconds, stage="cost", doing="choosing", cost=cost, bound=bound)


EVENTS = [progress(0.5, None, 90_000), progress(1.0, 120_000, 90_000), progress(2.5, 100_000, 100_000)]


def test_events_are_written_passed_on_and_read_back(tmp_path: Path) -> None:
    seen: list[Progress] = []
    with recording(tmp_path / "log.jsonl", seen.append) as tell:
        for event in EVENTS:
            tell(event)
    assert seen == EVENTS == read_log(tmp_path / "log.jsonl")


def test_what_was_told_before_a_crash_is_there(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), recording(tmp_path / "log.jsonl", lambda _: None) as tell:
        tell(EVENTS[0])
        raise KeyboardInterrupt
    assert read_log(tmp_path / "log.jsonl") == EVENTS[:1]


def test_a_line_that_is_no_event_is_a_fault_with_its_row(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(f"{json.dumps({'seconds': 1})}\n", encoding="utf-8")
    with pytest.raises(BadData, match="row 1"):
        read_log(path)


def test_a_record_that_cannot_be_written_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(BadData, match="cannot be written"), recording(tmp_path / "no" / "log", lambda _: None):
        pass


def test_the_picture_shows_both_lines_and_is_the_same_every_time(tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        draw_search(EVENTS, tmp_path / name)
    words = "".join(ElementTree.parse(tmp_path / "one.svg").getroot().itertext())
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert all(part in words for part in ("best plan", "no plan costs less", "seconds", "heads' minutes a year"))


@pytest.fixture
def town(tmp_path: Path) -> Path:
    return write_town(tmp_path / "town", 0, 1, 2, 10, 11, 12, settings="[rules]\nheads_min = 3\nheads_max = 3\n")


def test_plan_records_draws_and_starts_from_a_plan_by_hand(town: Path, tmp_path: Path) -> None:
    by_hand = write_csv(
        tmp_path / "hand.csv",
        ["urn", "partnership"],
        [(900_001 + n, "Fen" if n < 3 else "Wold") for n in range(6)],
    )
    told = ["--log-search", str(tmp_path / "log.jsonl"), "--plot-search", "--start", str(by_hand)]
    done = CliRunner().invoke(app, ["plan", str(town), "--out", str(tmp_path / "out"), "--json", *told])
    assert done.exit_code == 0, done.output
    answer = json.loads(done.stdout)
    assert answer["status"] == "optimal" and answer["partnerships"] == 2
    assert Path(answer["files"]["search"]).exists()
    last = read_log(tmp_path / "log.jsonl")[-1]
    assert last.cost == last.bound == round(answer["cost"]["total"] * 1000)


def test_a_start_that_names_an_unknown_school_is_a_fault(town: Path, tmp_path: Path) -> None:
    by_hand = write_csv(tmp_path / "hand.csv", ["urn", "partnership"], [(1, "Fen")])
    done = CliRunner().invoke(app, ["plan", str(town), "--out", str(tmp_path / "out"), "--start", str(by_hand)])
    assert done.exit_code == 3
    assert not (tmp_path / "out" / "plan.gpkg").exists()
