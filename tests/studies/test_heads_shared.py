"""Who could share a head: a town by hand, what the user's columns may hold, and what the public may read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from town import write_csv, write_town
from tried import FEDERATIONS
from typer.testing import CliRunner

from geodata.faults import BadData
from partition.actions.federations import FederationsFound, look_for_federations
from partition.cli import app
from partition.scenario.read import read_scenario
from partition.studies.federations.text import WITHHELD, facts, lines, markdown

COLUMNS: dict[str, list[object]] = {
    "post": ["", "yes", "no", "", "", ""],
    "leaves": ["", "", "31/08/2027", "", "2026-12-31", ""],
    "surplus": [5, 22, 30, "", 50, 60],
    "church": ["CofE", "CofE", "", "CofE", "Methodist", "RC"],
}
NAMED = ("vacancy=post", "leaving=leaves", "surplus=surplus", 'character=["church"]')
SETTINGS = "[rules]\nheads_min = 2\nheads_max = 2\nminutes_max = 7\n"


def scenario(folder: Path, settings: str = "", **columns: list[object]) -> Path:
    """1 to 4 lie 0, 2, 4 and 10 minutes along the road; 5 and 6 at 30 and 31. The post of 2 is vacant, 3 and 5 go."""
    return write_town(folder, 0, 2, 4, 10, 30, 31, columns=COLUMNS | columns, settings=settings + SETTINGS)


def found(path: Path, *named: str) -> FederationsFound:
    return look_for_federations(read_scenario(path, [f"federations.{one}" for one in named]))


def order(done: FederationsFound, internal: bool = True) -> list[tuple[int, int]]:
    return [(a + 1, b + 1) for a, b in (pair.heads for pair in done.found.ranked(internal))]


def test_pairs_of_a_town_come_by_posts_then_surplus_drive_and_character(tmp_path: Path) -> None:
    """2 is vacant, and with 3 one more falls vacant; then 5, before 3, which goes in 2027. Of 4 no surplus is known."""
    done = found(scenario(tmp_path), *NAMED)
    assert order(done) == [(2, 3), (1, 2), (5, 6), (1, 3), (3, 4)]
    told = lines(done.found, internal=True)
    assert told[0] == (
        "5 pairs of heads could share one within the criteria, the best first by posts that are vacant, or the first "
        "to fall vacant, then surplus places of both, then the drive between them, then columns in which they are "
        "alike."
    )
    heads = "head of School 900002: vacant; head of School 900003: from 2027-08-31; 52 surplus places; "
    assert told[2] == f"1. School 900002 and School 900003: {heads}2.0 minutes apart; unlike"
    heads = "head of School 900002: vacant; 27 surplus places; 2.0 minutes apart; alike in church"
    assert told[3] == f"2. School 900001 and School 900002: {heads}"
    assert told[-1].endswith("; surplus not known; 6.0 minutes apart; unlike")


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('["drive"]', [(5, 6), (1, 2), (2, 3), (1, 3), (3, 4)]),
        ('["character", "drive"]', [(1, 2), (5, 6), (2, 3), (1, 3), (3, 4)]),
        ('["surplus"]', [(5, 6), (2, 3), (1, 2), (1, 3), (3, 4)]),
        ("[]", [(5, 6), (1, 2), (2, 3), (1, 3), (3, 4)]),
    ],
)
def test_the_order_is_the_users(tmp_path: Path, asked: str, expected: list[tuple[int, int]]) -> None:
    assert order(found(scenario(tmp_path), *NAMED, f"order={asked}")) == expected


@pytest.mark.parametrize("key", FEDERATIONS)
def test_every_setting_shows(tmp_path: Path, key: str) -> None:
    name = key.removeprefix("federations.")
    base = [one for one in NAMED if not one.startswith(f"{name}=")]
    base += {"surplus_step": ['order=["surplus"]'], "drive_step": ['order=["drive", "character"]']}.get(name, [])
    path = scenario(tmp_path)
    before, after = (facts(found(path, *given).found, True) for given in (base, [*base, f"{name}={FEDERATIONS[key]}"]))
    assert before["pairs"] != after["pairs"]


def test_what_no_column_is_named_for_is_said_and_not_guessed(tmp_path: Path) -> None:
    done = found(scenario(tmp_path), "surplus=surplus")
    assert lines(done.found, internal=True)[1:3] == [
        "Not looked at: posts that are vacant, or the first to fall vacant, as federations.vacancy or "
        "federations.leaving names no column.",
        "Not looked at: columns in which they are alike, as federations.character names no column.",
    ]
    assert facts(done.found, True)["not_named"] == ["posts", "character"]
    assert WITHHELD not in lines(done.found, internal=False)


def test_cells_that_say_nothing_usable_are_told_all_at_once(tmp_path: Path) -> None:
    wrong = {"post": ["maybe", "", "", "", "", ""], "leaves": ["soon", "", "", "", "", ""]}
    path = scenario(tmp_path, **wrong, surplus=["1.5", "", "", "", "", ""])  # type: ignore[arg-type]
    with pytest.raises(BadData) as bad:
        found(path, *NAMED)
    assert [(fault.column, fault.value) for fault in bad.value.faults] == [
        ("post", "maybe"),
        ("leaves", "soon"),
        ("surplus", "1.5"),
    ]


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("vacancy=posts", "did you mean 'post'"),
        ("vacancy=headteacher", "it names or reaches a person"),
        ('order=["age"]', "order"),
    ],
)
def test_a_column_that_is_not_there_is_a_fault(tmp_path: Path, named: str, words: str) -> None:
    path = scenario(tmp_path, headteacher=["A. Person"] * 6)
    with pytest.raises(BadData, match=words):
        found(path, named)


def test_where_more_heads_are_asked_for_no_pair_is_made_up(tmp_path: Path) -> None:
    path = write_town(tmp_path, 0, 2, 4, settings="[rules]\nheads_min = 3\n")
    with pytest.raises(BadData, match=r"rules\.heads_min = 3: a federation of two is to be found"):
        found(path)


def test_nothing_public_tells_of_a_post_nor_follows_its_order(tmp_path: Path) -> None:
    path = scenario(tmp_path)
    done = found(path, *NAMED)
    assert order(done, internal=False) == [(5, 6), (2, 3), (1, 2), (1, 3), (3, 4)]
    public = json.dumps(facts(done.found, False)) + "\n".join(lines(done.found, False))
    public += markdown(done.found, "Fen", "", internal=False)
    files = done.write(tmp_path / "public")
    public += "".join(Path(file).read_text(encoding="utf-8") for file in files.values())
    assert WITHHELD in public and "2027-08-31" not in public and ": vacant" not in public
    inside = done.write(tmp_path / "internal", internal=True)
    assert all("2027-08-31" in Path(file).read_text(encoding="utf-8") for file in inside.values())
    assert all("Internal: not for publication" in Path(file).read_text(encoding="utf-8") for file in inside.values())


def test_those_kept_apart_are_left_out_where_only_the_office_reads(tmp_path: Path) -> None:
    write_csv(tmp_path / "answers.csv", ["urn", "answer", "not_wanted"], [(900001, "", 900002), (900002, "", 900001)])
    done = found(scenario(tmp_path, settings='answers = "answers.csv"\n'), *NAMED)
    assert (1, 2) not in order(done) and (1, 2) in order(done, internal=False)
    assert "Left out: 1 pair that is kept apart by a criterion." in lines(done.found, True)
    assert not any("kept apart" in line for line in lines(done.found, False))


@pytest.mark.parametrize("internal", [False, True])
def test_no_plan_file_has_a_column_of_posts_though_it_was_named(tmp_path: Path, internal: bool) -> None:
    path = scenario(tmp_path)
    with path.open("a", encoding="utf-8") as file:
        file.write('\n[federations]\nvacancy = "post"\nleaving = "leaves"\nsurplus = "surplus"\n')
    asked = ["plan", str(path), "--out", str(tmp_path / "out"), *["--internal"] * internal]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    content = (tmp_path / "out" / "plan.gpkg").read_bytes() + (tmp_path / "out" / "map.html").read_bytes()
    assert b"2026-12-31" not in content and b"31/08/2027" not in content and b"surplus" in content


def test_the_command_says_the_pairs_and_writes_them(tmp_path: Path) -> None:
    asked = ["federations", str(scenario(tmp_path)), "--out", str(tmp_path / "out"), "--json"]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["pairs"][0]["urns"] == ["900005", "900006"]
    assert told["ranked_by"] == ["drive"] and sorted(told["files"]) == ["markdown", "pairs"]
