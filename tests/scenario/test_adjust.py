"""The edits that officers make, each from the command line alone, on a town that can be checked by hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
import pytest
from identifiers import ints
from shapely.geometry import box
from town import write_csv, write_town
from typer.testing import CliRunner

from partition.cli import app


@pytest.fixture
def town(tmp_path: Path) -> Path:
    """Six schools, a minute a km: 1 2 3, and 30 km on 4 5 6; today 1, 2, 3 and 4, 5; links 2-3, 3-4."""
    return write_town(
        tmp_path,
        *(0, 1, 2, 30, 31, 32),
        pupils=[50, 60, 70, 80, 90, 100],
        links="900002,900003,1 900003,900004,1",
        today={"Fen": ["900001", "900002", "900003"], "Wold": ["900004", "900005"]},
        settings="[rules]\nheads_min = 2\nheads_max = 3\n",
    )


def plan(town: Path, *settings: str, out: str = "out") -> dict[str, Any]:
    arguments = ["plan", str(town), "--out", str(town.parent / out), "--json", "--internal"]
    done = CliRunner().invoke(app, [*arguments, *(part for one in settings for part in ("--set", one))])
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def schools_of(town: Path) -> Any:
    return pyogrio.read_dataframe(town.parent / "out/plan.gpkg", layer="schools", read_geometry=False).set_index("urn")


def groups(town: Path) -> str:
    placed = schools_of(town).dropna(subset="partnership").reset_index().groupby("partnership")["urn"]
    return " ".join("".join(urn[-1] for urn in sorted(urns)) for _, urns in placed)


def test_a_limit_is_moved(town: Path) -> None:
    plan(town)
    assert groups(town) == "123 456"
    plan(town, "rules.heads_max=2")
    assert groups(town) == "23 45"  # as the link of 2 and 3, and today's 4 and 5, have it
    plan(town, "rules.minutes_max=1")
    assert groups(town) == "23 45"


def test_a_school_closes_though_it_has_links_and_companions(town: Path) -> None:
    told = plan(town, "rules.except_out=[900003]")
    assert groups(town) == "12 456"
    assert ints((told["schools"], told["cost"]["links"], told["cost"]["change"])) == (
        5,
        0,
        0,
    )  # what it takes with it costs nothing
    assert schools_of(town).loc["900003", "reason"] == "named as not taking part"
    locked = plan(town, "rules.except_out=[900003]", 'rules.locked=["Fen"]')
    assert (locked["status"], groups(town)) == ("optimal", "12 456")
    assert CliRunner().invoke(app, ["verify", str(town.parent / "out/plan.gpkg")]).exit_code == 0


def test_a_school_opens(town: Path) -> None:
    new = write_csv(
        town.parent / "new.csv",
        ["urn", "name", "easting", "northing", "pupils"],
        [("900007", "=New", 500_500, 350_000, 40)],
    )
    plan(town, f"data.opening=[{json.dumps(str(new))}]", "rules.heads_max=4")
    assert groups(town) == "1237 456"
    assert schools_of(town).loc["900007", "name"] == "=New"
    told = plan(town, f"data.opening=[{json.dumps(str(town.parent / 'schools.csv'))}]")
    assert ([(fault["file"], fault["value"]) for fault in told["faults"]]) == [
        ("schools.csv", str(900_001 + n)) for n in range(6)
    ]


def test_a_school_that_opens_may_have_facts_and_links_and_a_place_today(town: Path) -> None:
    folder = town.parent
    new = write_csv(
        folder / "new.csv", ["urn", "name", "easting", "northing", "pupils"], [(900007, "New", 500_500, 350_000, 40)]
    )
    write_csv(folder / "extra.csv", ["urn", "diocese"], [("900007", "Ely")])
    write_csv(folder / "links.csv", ["urn_a", "urn_b", "weight"], [("900007", "900004", 1)])
    plan(town, f"data.opening=[{json.dumps(str(new))}]", f"data.join=[{json.dumps(str(folder / 'extra.csv'))}]")
    assert schools_of(town)["fact: diocese"].tolist() == ["", "", "", "", "", "", "Ely"]


def test_rolls_of_a_forecast_year_are_used_and_every_output_says_so(town: Path) -> None:
    rolls = [(900_001 + n, roll) for n, roll in enumerate([55, 65, 250, 85, 95, 105])]
    joined = write_csv(town.parent / "forecast.csv", ["urn", "forecast_2030"], rolls)
    settings = (f"data.join=[{json.dumps(str(joined))}]", "data.pupils_column=forecast_2030")
    plan(town, *settings)
    assert groups(town) == "12 456"  # 3 is no longer small
    assert ints(schools_of(town)["pupils"].tolist()) == [55, 65, 250, 85, 95, 105]
    words = "numbers on roll are those of the column forecast_2030"
    assert words in (town.parent / "out/map.html").read_text(encoding="utf-8")
    assert words in pyogrio.read_dataframe(town.parent / "out/plan.gpkg", layer="run")["value"].str.cat()
    plan(town, *settings, "data.pupils={900003 = 66}")
    assert ints(schools_of(town).loc["900003", ["pupils", "corrected"]].tolist()) == [66, "70 -> 66"]


def test_a_forecast_that_is_blank_or_not_there_is_told(town: Path) -> None:
    joined = write_csv(town.parent / "forecast.csv", ["urn", "f"], [("900001", 55), ("900002", "many")])
    told = plan(town, f"data.join=[{json.dumps(str(joined))}]", "data.pupils_column=f")
    assert [fault["value"] for fault in told["faults"]] == ["many", "", "", "", ""]
    assert "--set data.pupils.900002=NUMBER" in told["faults"][0]["fix"]
    (fault,) = plan(town, "data.pupils_column=g")["faults"]
    assert fault["column"] == "g"


def test_a_head_leaves_so_that_two_schools_share_one(town: Path) -> None:
    told = plan(town, "data.shared_heads=[[900003, 900004]]")
    assert told["headships"] == 5
    assert schools_of(town)["headship"].tolist() == ["", "", *["School 900003 with School 900004"] * 2, "", ""]


def test_a_shared_head_brings_the_schools_that_its_head_leads_already(town: Path) -> None:
    heads = write_csv(
        town.parent / "heads.csv",
        ["urn", "headship"],
        [("900001", "A"), ("900002", "A"), ("900004", "B"), ("900005", "B")],
    )
    plan(town, f"data.headships={heads}", "data.shared_heads=[[900001, 900003]]")
    assert schools_of(town)["headship"].tolist() == [*["A with School 900003"] * 3, "B", "B", ""]


def test_shared_heads_that_make_no_sense_are_told_all_at_once(town: Path) -> None:
    told = plan(town, "data.shared_heads=[[900001], [900002, 999999], [900002, 900003]]")
    assert ([(fault["column"], fault["value"]) for fault in told["faults"]]) == [
        ("data.shared_heads", "900001"),
        ("data.shared_heads", "999999"),
        ("data.shared_heads", "900002"),
    ]


def test_two_are_kept_together_or_apart(town: Path) -> None:
    plan(town, "rules.together=[[900003, 900004]]", "rules.minutes_max=40")
    assert "34" in groups(town)
    plan(town, "rules.apart=[[900001, 900002]]")
    assert not any({"1", "2"} <= set(group) for group in groups(town).split())


def test_everything_that_works_is_kept_and_only_the_unattached_are_placed(town: Path) -> None:
    told = plan(town, "rules.keep=all")
    assert (told["status"], groups(town)) == ("optimal", "123 456")
    run = pyogrio.read_dataframe(town.parent / "out/plan.gpkg", layer="run").set_index("key")["value"]
    assert json.loads(run["scenario"])["rules"]["open_locked"] == ["Fen", "Wold"]
    plan(town, "rules.keep=all", "rules.heads_max=2")  # Fen breaks this, so it is not kept; Wold is
    assert groups(town).endswith(" 45")
    assert CliRunner().invoke(app, ["verify", str(town.parent / "out/plan.gpkg")]).exit_code == 0
    (fault,) = plan(town, "rules.keep=all", "data.existing=off")["faults"]
    assert fault["column"] == "rules.keep"


def test_keeping_all_spares_groups_that_one_head_ties_to_each_other(town: Path) -> None:
    told = plan(town, "rules.keep=all", "data.shared_heads=[[900003, 900004]]", "rules.minutes_max=40")
    assert told["status"] == "optimal"  # both locks at once could not be kept


def test_a_boundary_is_redrawn(town: Path) -> None:
    halves = [box(499_000, 340_000, 501_500, 360_000), box(501_500, 340_000, 540_000, 360_000)]
    areas = geopandas.GeoDataFrame({"name": ["Left", "Right"]}, geometry=halves, crs=27700)
    areas.to_file(town.parent / "halves.gpkg")
    plan(town, f"data.areas.unitary={town.parent / 'halves.gpkg'}", 'rules.same=["unitary"]')
    assert groups(town) == "12 456"


def test_a_school_is_moved_by_hand(town: Path) -> None:
    moved = write_csv(
        town.parent / "moved.csv", ["urn", "partnership"], [(900_001 + n, name) for n, name in enumerate("AABBBB")]
    )
    done = CliRunner().invoke(
        app, ["judge", str(town), "--groups", str(moved), "--out", str(town.parent / "out"), "--json"]
    )
    broken = {breach["rule"] for breach in json.loads(done.stdout)["breaches"]}
    assert broken == {"heads_max", "minutes_max"}


def test_an_earlier_plan_serves_as_what_exists_today(town: Path) -> None:
    plan(town, "rules.heads_max=2", out="first")
    told = plan(town, f"data.existing={town.parent / 'first/plan.gpkg'}", "rules.except_out=[900002]")
    today = schools_of(town)["today"]
    assert today.tolist() == ["", "1 900002", "1 900002", "2 900004", "2 900004", ""]
    assert told["cost"]["change"] == 0
    assert groups(town) == "13 456"


def test_an_earlier_plan_is_improved_with_few_moves_at_most(town: Path) -> None:
    """12 34 56, from when 3 and 4 were to be together; 123 456 is far better, and takes two moves."""
    given = ["rules.minutes_max=40", "data.links=off"]
    plan(town, *given, "data.existing=off", "rules.together=[[900003, 900004]]", out="first")
    first = town.parent / "first/plan.gpkg"
    found = {}
    for most in (0, 1, 2, 5):
        settings = [*given, f"data.existing={first}", f"rules.moved_max={most}", "preferences.minutes_per_separation=0"]
        done = CliRunner().invoke(
            app,
            [
                *("plan", str(town), "--start", str(first), "--out", str(town.parent / "out"), "--json"),
                *(part for one in settings for part in ("--set", one)),
            ],
        )
        assert json.loads(done.stdout)["status"] == "optimal"
        found[most] = groups(town)
    assert ints(found) == {0: "12 34 56", 1: "12 34 56", 2: "123 456", 5: "123 456"}


def test_parts_of_the_map_that_an_edit_does_not_touch_stay_as_they_were(town: Path) -> None:
    """4, 5 and 6 are half an hour from the others: closing 1 leaves them as they are, with the same figures."""

    def beyond(out: str) -> list[object]:
        layer = pyogrio.read_dataframe(town.parent / out / "plan.gpkg", layer="partnerships", read_geometry=False)
        return layer[layer["name"].str.contains("90000[456]")].drop(columns="number").to_dict("records")

    plan(town, out="before")
    plan(town, "rules.except_out=[900001]", "data.existing=off", out="after")
    assert len(beyond("before")) == 1
    assert beyond("before") == beyond("after")
