"""Files of every kind, spoilt in every way, under every command: refused or answered in words; nothing left, nothing
touched elsewhere. Some hundreds of cases, the same each time; tests/bench/test_bench_campaign.py runs thousands."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from fuzzing.apart import campaign
from fuzzing.cases import ROUND, Case, case, good_cases, lay_out
from fuzzing.hostile import SECRET, Bait
from fuzzing.inputs import COMMANDS, INPUTS
from fuzzing.mutations import MUTATIONS
from fuzzing.runner import Outcome, Place
from identifiers import ints

ROOT = Path(__file__).parents[1]
ROUNDS = 4  # through all inputs


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    return campaign(tmp_path_factory.mktemp("campaign"), 0, ROUNDS * len(ROUND), "--good", "one")


@pytest.mark.parametrize("name", INPUTS)
def test_whatever_is_in_a_file_it_is_answered_or_refused_in_words(outcomes: list[Outcome], name: str) -> None:
    wrong = [
        f"{outcome.case.name}: {'; '.join(outcome.wrong)}\n{outcome.output[-1_500:]}"
        for outcome in outcomes
        if outcome.case.input == name and outcome.wrong
    ]
    again = "run one again with: PYTHONPATH=.:tests/helpers python -m fuzzing SEED"
    assert not wrong, "\n\n".join([*wrong, again])


def test_unspoilt_files_are_taken(outcomes: list[Outcome]) -> None:
    """Otherwise a campaign against them shows nothing. Only `verify` may disagree: the plan was made of others."""
    good = [outcome for outcome in outcomes if outcome.case.seed is None]
    assert {outcome.case.input for outcome in good} == set(INPUTS)
    refused = {outcome.case.name: outcome.output for outcome in good if outcome.code != 0}
    assert all(name.endswith(": verify") and "DISAGREES" in output for name, output in refused.items()), refused


def test_some_are_refused_and_some_are_not(outcomes: list[Outcome]) -> None:
    codes = Counter(outcome.code for outcome in outcomes if outcome.case.seed is not None)
    assert min(codes[0], codes[3]) > codes.total() / 5, codes


# The campaign itself ------------------------------------------------------------------------------------------


def test_numbers_in_a_row_reach_every_input_command_and_mutation() -> None:
    cases = [case(seed) for seed in range(3_000)]
    assert {(one.input, one.command) for one in cases} == {(one.input, one.command) for one in good_cases()}
    assert {one.command for one in cases} == set(COMMANDS)
    every = {function.__name__ for functions in MUTATIONS.values() for function in functions}
    assert {name for one in cases for name in one.mutations} == every
    assert ints(cases) == [case(seed) for seed in range(3_000)]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("good") / "files"
    folder.mkdir()
    (folder / "town.toml").write_text('[data]\nschools = "schools.csv"\n')
    (folder / "schools.csv").write_text("urn,name\n1,School\n2,Höhe\n")
    return folder


@pytest.mark.parametrize("name", sorted({f.__name__ for some in (MUTATIONS["any"], MUTATIONS["text"]) for f in some}))
def test_a_mutation_spoils_its_file_alone_and_always_in_the_same_way(good: Path, tmp_path: Path, name: str) -> None:
    """Some draws change nothing, such as a cut after the last byte; few do."""
    changed = 0
    for seed in range(10):
        one = Case(seed, "schools, CSV", "check", (name,))
        twice = []
        for turn in ("a", "b"):
            folder = tmp_path / f"{turn}{seed}"
            lay_out(one, good, folder, Bait())
            assert (folder / "town.toml").read_bytes() == (good / "town.toml").read_bytes()
            path = folder / "schools.csv"
            twice.append(path.read_bytes() if path.is_file() else os.path.lexists(path))
        assert twice[0] == twice[1]
        changed += twice[0] != (good / "schools.csv").read_bytes()
    assert changed >= 5


def leaves_a_file() -> None:
    Path("left.csv").write_text("x", encoding="utf-8")
    raise SystemExit(3)


def changes_an_input() -> None:
    Path("schools.csv").write_text("x", encoding="utf-8")
    raise SystemExit(2)


def leaves_a_temporary_file() -> None:
    import tempfile

    tempfile.mkstemp()


def writes_outside() -> None:
    Path("../outside/more.csv").write_text("x", encoding="utf-8")


def reads_outside_unseen_by_python() -> None:
    subprocess.run(["cat", "../outside/secret.csv"], stdout=subprocess.DEVNULL)


def carries_the_secret() -> None:
    Path("map.html").write_text(SECRET, encoding="utf-8")


def asks_the_network() -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(sys.argv[-1]).port or 0)):
        pass


def raises() -> None:
    raise KeyError("x")


def says_nothing() -> None:
    raise SystemExit(3)


def names_nothing() -> None:
    print("this is wrong")
    raise SystemExit(3)


def is_killed() -> None:
    os.kill(os.getpid(), 9)


def ends_with_another_code() -> None:
    raise SystemExit(70)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (leaves_a_file, "left behind: left.csv"),
        (changes_an_input, "changed though refused: schools.csv"),
        (leaves_a_temporary_file, "left behind: temporary"),
        (writes_outside, "wrote outside its folder"),
        (reads_outside_unseen_by_python, "read a file outside its folder"),
        (carries_the_secret, "carried what it must not read into map.html"),
        (asks_the_network, "asked the network"),
        (raises, "says: Traceback"),
        (says_nothing, "names neither"),
        (names_nothing, "names neither"),
        (is_killed, "ended with None"),
        (ends_with_another_code, "ended with 70"),
    ],
)
def test_whatever_must_not_be_is_noticed(good: Path, tmp_path: Path, entry: Callable[[], None], told: str) -> None:
    assert any(wrong.startswith(told) for wrong in watched(good, tmp_path, entry).wrong)


def test_what_may_be_is_not_taken_amiss(good: Path, tmp_path: Path) -> None:
    def refuses() -> None:
        print("schools.csv, row 2, pupils: give a number")
        raise SystemExit(3)

    def writes() -> None:
        Path("out").mkdir()
        Path("out/map.html").write_text("x", encoding="utf-8")

    assert watched(good, tmp_path / "a", refuses).wrong == watched(good, tmp_path / "b", writes).wrong == []


def watched(good: Path, folder: Path, entry: Callable[[], None]) -> Outcome:
    """What the campaign says of a command that does this."""
    place = Place(folder / "place")
    folder.mkdir(exist_ok=True)
    try:
        child = place.begin(Case(None, "schools, CSV", "check"), good, lambda: given(place, entry))
        ended, status, used = os.wait4(child, 0)
        return place.end(ended, status, used)
    finally:
        place.listener.close()
        shutil.rmtree(place.folder, ignore_errors=True)


def given(place: Place, entry: Callable[[], None]) -> None:
    sys.argv.append(place.bait.address)
    entry()
