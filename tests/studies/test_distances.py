"""Minutes for their own sake: the matrix, its summary, what makes no sense, and the command `travel`."""

from __future__ import annotations

import json
from copy import copy
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
from identifiers import ints
from shapely.geometry import LineString
from town import town, write_town
from typer.testing import CliRunner

from geodata.matrix import read_matrix
from partition.cli import app
from partition.studies.distances import doubt_words, doubts, matrix, summary, worst_facts, write_matrix

THREE = town("""
    to  1   2   3
    1   0   5  12
    2   6   0   -
    3  12   -   0
""")


@pytest.fixture
def county(tmp_path: Path) -> Path:
    """Three schools on a straight road, 0, 4 and 9 km along it."""
    path = write_town(tmp_path, 0, 4, 9, pupils=[50, 60, 70], settings="[rules]\nheads_min = 2\n")
    road = geopandas.GeoDataFrame(
        {"road_class": ["tertiary"]}, geometry=[LineString([(499_000, 350_020), (510_000, 350_020)])], crs=27700
    )
    road.to_file(tmp_path / "roads.gpkg")
    return path


def travel(*words: object) -> dict[str, object]:
    done = CliRunner().invoke(app, ["travel", *map(str, words), "--json"])
    return {"exit": done.exit_code, **json.loads(done.stdout)}


def test_the_matrix_has_every_ordered_pair_and_a_blank_where_no_road_leads() -> None:
    pairs = matrix(THREE).set_index(["urn_from", "urn_to"])["minutes"]
    assert len(pairs) == 6
    assert ints((pairs["1", "2"], pairs["2", "1"], pairs["1", "3"])) == (5, 6, 12)
    assert np.isnan(pairs["2", "3"])


def test_the_summary_counts_what_is_reached() -> None:
    told = summary(matrix(THREE))
    assert ints((told.pairs, told.unreachable, told.worst_minutes)) == (6, 2, 12)
    assert told.median_minutes == 9  # of 5, 6, 12 and 12
    assert ints(told.worst_pair) == (1, 3)


@pytest.mark.parametrize("name", ["minutes.csv", "minutes.parquet"])
def test_a_matrix_written_is_a_matrix_that_can_be_read(name: str, tmp_path: Path) -> None:
    write_matrix(matrix(THREE), tmp_path / name)
    back = read_matrix(tmp_path / name, [1, 2, 3])
    everywhere = np.arange(3)
    for ours, theirs in zip(
        THREE.travel.between(everywhere[:, None], everywhere),
        back.between(everywhere[:, None], everywhere),
        strict=True,
    ):
        assert (ours == theirs).all()
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_whom_to_credit_goes_with_the_minutes(tmp_path: Path) -> None:
    credited = replace(THREE, travel=copy(THREE.travel))
    credited.travel.attribution = ("Roads by somebody",)
    write_matrix(matrix(credited), tmp_path / "minutes.parquet")
    assert pd.read_parquet(tmp_path / "minutes.parquet").attrs == {"attribution": ["Roads by somebody"]}


def test_neighbours_with_no_road_between_them_are_named() -> None:
    found = doubts(THREE)
    assert ints((found.pairs, found.schools)) == (1, 2)
    told = doubt_words(THREE, found)
    assert told[0].startswith("2 schools could be affected: 1 of 3")
    assert "School 2 - School 3: no road, 1.0 km" in told[1]
    assert ints(worst_facts(THREE, found)) == [{"urns": [2, 3], "minutes": None, "crow_km": 1.0}]


def test_the_command_writes_a_table_and_a_map_of_bands(county: Path, tmp_path: Path) -> None:
    told = travel(
        county, "--set", f"travel.roads={tmp_path / 'roads.gpkg'}", "--from", "900001", "--out", tmp_path / "o"
    )
    assert ints((told["exit"], told["pairs"], told["unreachable"])) == (0, 6, 0)
    files = told["files"]
    assert isinstance(files, dict)
    assert len(pd.read_csv(files["matrix"])) == 6
    assert "Minutes from" in Path(files["map"]).read_text(encoding="utf-8")


def test_bands_without_roads_are_refused_and_nothing_is_written(county: Path, tmp_path: Path) -> None:
    told = travel(county, "--from", "900001", "--out", tmp_path / "o")
    assert told["exit"] == 3
    assert "bands need a road file" in str(told["faults"])
    assert not (tmp_path / "o").exists()


def test_a_school_that_is_not_there_is_told(county: Path, tmp_path: Path) -> None:
    told = travel(county, "--from", 999999, "--out", tmp_path / "o")
    assert told["exit"] == 3
    assert "no school selected has this URN" in str(told["faults"])
