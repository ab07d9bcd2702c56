"""The plan as a file: what is in it, what a public one leaves out, and that it is the same every time."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyogrio
import pytest
from identifiers import ints
from town import write_town

from geodata.faults import BadData
from partition.plans.account import Account
from partition.plans.unplaced import why_unplaced
from partition.scenario.case import Case, load
from partition.scenario.read import read_scenario
from partition.solver import Limits, solve
from partition.storage.plan_file import read_plan, seal_of, write_plan

HOSTILE = [
    "=cmd|'/c calc'!A1",
    '<script>alert(1)</script> & "Sons"',
    "Robert'); DROP TABLE schools;--",
    "St Hugh\u2028s {{ 7 * 7 }} École 学校",
    "Plain",
]
RULES = "[rules]\nheads_min = 2\nheads_max = 2\napart = [[900001, 900003]]\n"


@dataclass(frozen=True)
class Made:
    """A plan, and the file it was written to."""

    case: Case
    account: Account
    path: Path

    @property
    def run(self) -> dict[str, object]:
        return dict(read_plan(self.path).run)


def make(folder: Path, scenario: Path, *, internal: bool = False, name: str = "plan.gpkg") -> Made:
    """Solve a scenario and write its plan."""
    case = load(read_scenario(scenario))
    run = solve(case.problem, Limits(workers=1))
    assert run.plan is not None
    account = Account(case.problem, run.plan, run=run, reasons=why_unplaced(case.problem, run.plan, run))
    write_plan(case, account, folder / name, internal=internal)
    return Made(case, account, folder / name)


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four small schools in two pairs, one by itself, one larger; a link that is broken."""
    return write_town(
        tmp_path_factory.mktemp("store"),
        *(0, 1, 10, 11, 60, 12),
        pupils=[50, 60, 70, 80, 90, 300],
        columns={"district": ["East", "East", "West", "West", "", "West"]},
        links="900001,900002,1 900002,900003,2.75",
        today={"Fen": ["900001", "900002"]},
        settings=RULES,
    )


@pytest.fixture(scope="module")
def public(town: Path) -> Made:
    return make(town.parent, town)


@pytest.fixture(scope="module")
def internal(town: Path) -> Made:
    return make(town.parent, town, internal=True, name="internal.gpkg")


# What is in it ----------------------------------------------------------------------------------------------


def test_a_plan_is_one_geopackage_on_the_british_grid(public: Made) -> None:
    layers = dict(pyogrio.list_layers(public.path))
    assert layers == {
        "schools": "Point",
        "partnerships": "Polygon",
        "run": None,
        "costs": None,
        "minutes": None,
        "layer_styles": None,
    }
    for layer in ("schools", "partnerships"):
        assert pyogrio.read_info(public.path, layer=layer)["crs"] == "EPSG:27700"
    with closing(sqlite3.connect(public.path)) as file:
        assert file.execute("pragma integrity_check").fetchone() == ("ok",)


def test_each_school_has_its_place_its_count_and_its_role(public: Made) -> None:
    schools = read_plan(public.path).tables["schools"].set_index("urn")
    assert ints(schools.loc["900001"].geometry.coords[0]) == (500_000, 350_000)
    assert ints(schools["pupils"].tolist()) == [50, 60, 70, 80, 90, 300]
    assert schools["role"].tolist() == ["placed"] * 4 + ["unplaced", "not taking part"]
    assert ints(schools["partnership"].tolist()[:4]) == [1, 1, 2, 2]
    assert schools["today"].tolist()[:3] == ["Fen", "Fen", ""]
    assert schools["fact: district"].tolist() == ["East", "East", "West", "West", "", "West"]
    assert schools["reason"]["900005"] == (
        "no partnership that has it keeps every criterion; "
        "with School 900004: School 900004 and School 900005 are 49.0 minutes apart, over 20"
    )
    assert schools["reason"]["900006"] == "300 pupils, over the limit of 200"


def test_each_partnership_is_shaded_around_its_schools(public: Made) -> None:
    stored = read_plan(public.path)
    schools = stored.tables["schools"].set_index("urn").geometry
    shades = stored.tables["partnerships"].sort_values("number").geometry
    inside = [tuple(urn for urn, point in schools.items() if shape.contains(point)) for shape in shades]
    assert inside == [partnership.urns for partnership in public.account.plan.partnerships]


def test_costs_are_thousandths_and_add_up_to_the_runs(internal: Made) -> None:
    costs = read_plan(internal.path).tables["costs"]
    assert costs[["what", "which"]].to_numpy().tolist() == [
        ["partnership", "1"],
        ["partnership", "2"],
        ["alone", "900005"],
    ]
    cost = internal.run["cost"]
    assert isinstance(cost, dict)
    for term in ("travel", "links", "change", "balance"):
        assert costs[term].sum() == cost[term] == getattr(internal.account.cost, term)
    assert cost["total"] == internal.account.cost.total


def test_minutes_are_all_within_partnerships_and_to_the_nearest_of_who_is_alone(public: Made) -> None:
    minutes = read_plan(public.path).tables["minutes"]
    pairs = {(int(a) - 900000, int(b) - 900000): int(c) for a, b, c in minutes.to_numpy()[:, :3].tolist()}
    assert ints(pairs) == {(1, 2): 100, (2, 1): 100, (3, 4): 100, (4, 3): 100, (5, 4): 4900, (4, 5): 4900}


def test_the_run_says_how_it_was_found_and_from_what(public: Made, internal: Made) -> None:
    run = public.run
    assert (run["status"], run["stopped_by"], run["seed"]) == ("optimal", "proof", 1)
    assert run["digest"] == public.account.plan.digest
    assert [name for name, _ in run["sources"]] == ["schools.csv", "today.csv", "links.csv"]  # type: ignore[attr-defined]
    hashed = [[bool(sha) for _, sha in made.run["sources"]] for made in (public, internal)]  # type: ignore[attr-defined]
    assert hashed == [[True, True, False], [True, True, True]]  # what a small private file holds could be guessed
    assert all(len(sha) in (0, 64) for _, sha in run["sources"])  # type: ignore[attr-defined]
    assert run["status_words"] == "Modelling, not a proposal"


def test_no_folder_no_clock_and_no_machine_is_in_it(public: Made) -> None:
    content = public.path.read_bytes()
    assert str(public.path.parent).encode() not in content
    assert b"seconds" not in content


# What a public one leaves out -------------------------------------------------------------------------------


def everything(path: Path) -> str:
    """Every table of a plan file, as text."""
    return " ".join(table.to_csv() for table in read_plan(path).tables.values())


def test_a_public_plan_says_of_links_how_many_and_no_more(public: Made) -> None:
    stored = read_plan(public.path)
    assert "links" not in stored.tables
    assert "links" not in stored.tables["costs"].columns
    assert "2.75" not in everything(public.path)
    assert ints(stored.run["links"]) == {"kept": 1, "broken": 1}
    assert ints(stored.tables["partnerships"]["links_broken"].tolist()) == [1, 1]


def test_a_public_plan_does_not_say_who_is_kept_apart(public: Made) -> None:
    assert "apart" not in public.run["scenario"]["rules"]  # type: ignore[index]
    assert "some schools kept apart" in public.run["criteria"]  # type: ignore[operator]


def test_a_public_plan_says_what_it_leaves_out(public: Made) -> None:
    assert public.run["left_out"] == ["links", "rules.apart"]
    assert public.run["internal"] is False


def test_an_internal_plan_has_links_what_they_cost_and_who_is_kept_apart(internal: Made) -> None:
    stored = read_plan(internal.path)
    links = stored.tables["links"]
    assert links[["urn_a", "urn_b", "weight", "kept"]].to_numpy().tolist() == [
        ["900001", "900002", 1.0, True],
        ["900002", "900003", 2.75, False],
    ]
    assert ints(stored.tables["costs"]["links"].tolist()) == [82_500, 82_500, 0]
    assert stored.run["scenario"]["rules"]["apart"] == [[900001, 900003]]
    assert (stored.run["left_out"], stored.run["internal"]) == ([], True)


# The same every time ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_internal", [False, True], ids=["public", "internal"])
def test_the_same_plan_is_the_same_bytes(town: Path, tmp_path: Path, is_internal: bool) -> None:
    one, other = (make(tmp_path, town, internal=is_internal, name=name) for name in ("one.gpkg", "other.gpkg"))
    assert one.path.read_bytes() == other.path.read_bytes()


def test_the_seal_is_over_what_a_reader_sees(public: Made) -> None:
    stored = read_plan(public.path)
    assert stored.run["seal"] == seal_of(stored.tables)


def test_a_file_is_replaced_at_once_and_nothing_else_is_left(town: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.gpkg").write_text("an older plan")
    made = make(tmp_path, town)
    assert read_plan(made.path).run["status"] == "optimal"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.gpkg"]


def test_a_file_that_cannot_be_written_leaves_the_older_one_as_it_was(
    public: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError("disk full")

    (tmp_path / "plan.gpkg").write_text("an older plan")
    monkeypatch.setattr(pyogrio, "write_dataframe", fails)
    with pytest.raises(OSError, match="disk full"):
        write_plan(public.case, public.account, tmp_path / "plan.gpkg")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.gpkg"]
    assert (tmp_path / "plan.gpkg").read_text() == "an older plan"


# Odd towns --------------------------------------------------------------------------------------------------


def test_hostile_names_survive_as_plain_text(tmp_path: Path) -> None:
    scenario = write_town(
        tmp_path,
        *(0, 1, 10, 11, 60),
        names=HOSTILE,
        columns={"trust": HOSTILE, "<b>heading</b>": HOSTILE},
        today={HOSTILE[1]: ["900001", "900002"], HOSTILE[2]: ["900003"]},
        settings="[rules]\nheads_min = 2\n",
    )
    schools = read_plan(make(tmp_path, scenario).path).tables["schools"]
    assert schools["name"].tolist() == [name.replace("\u2028", " ") for name in HOSTILE]  # a name is one line
    assert schools["fact: trust"].tolist() == HOSTILE
    assert schools["fact: <b>heading</b>"].tolist() == HOSTILE
    assert schools["today"].tolist() == [HOSTILE[1], HOSTILE[1], HOSTILE[2], "", ""]


ODD: dict[str, Callable[[Path], Path]] = {
    "nobody to place": lambda folder: write_town(folder, 0, 1, pupils=300),
    "nobody placed": lambda folder: write_town(folder, 0, 60),
    "one school": lambda folder: write_town(folder, 0),
    "headings that differ in case": lambda folder: write_town(
        folder, 0, 1, columns={"Trust": ["a", "b"], "trust": ["c", "d"]}
    ),
    "a heading of our own": lambda folder: write_town(folder, 0, 1, columns={"role": ["a", "b"], "reason": ["", ""]}),
}


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_town_has_its_plan_file_too(odd: str, tmp_path: Path) -> None:
    from partition.storage.verify import verify

    made = make(tmp_path, ODD[odd](tmp_path))
    assert made.run["digest"] == made.account.plan.digest
    assert verify(read_plan(made.path)).wrong == ()


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0 and no more"])
def test_what_is_no_plan_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "plan.gpkg").write_bytes(content)
    with pytest.raises(BadData, match=r"plan\.gpkg: it is not a plan written by this version"):
        read_plan(tmp_path / "plan.gpkg")


def test_a_plan_of_another_version_is_refused(public: Made, tmp_path: Path) -> None:
    copy = tmp_path / "plan.gpkg"
    copy.write_bytes(public.path.read_bytes())
    with closing(sqlite3.connect(copy)) as file, file:
        file.execute("update run set value = ? where key = 'format'", [json.dumps("0")])
    with pytest.raises(BadData):
        read_plan(copy)
