"""Reading times, in CPU seconds: a country's register in each format, a road file, and a large table of minutes.

`pytest -s tests/bench/test_bench_reading.py` prints them.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
from open_sheets import save_open_sheets
from telling import real

from geodata.matrix import read_matrix
from geodata.roads.reading import read_network
from geodata.schools import read_schools

SCHOOLS = 24_000  # England's, open and state-funded
PLACES = 1_000


def cpu_seconds(read: Callable[[], object]) -> float:
    """The CPU seconds that one reading takes."""
    start = time.process_time()
    read()
    return time.process_time() - start


@pytest.fixture(scope="module")
def country() -> pd.DataFrame:
    """Schools 1.5 km apart, with twenty more columns of text."""
    n = np.arange(SCHOOLS)
    columns = {"urn": 100_000 + n, "name": [f"School {one}" for one in n], "pupils": 50 + n % 400}
    columns |= {"easting": 250_000 + n % 150 * 1_500, "northing": 100_000 + n // 150 * 1_500}
    return pd.DataFrame({**columns, **{f"note {one}": [f"text {one} {row}" for row in n] for one in range(20)}})


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "ods", "gpkg", "parquet"])
def test_schools(country: pd.DataFrame, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"schools.{suffix}"
    if suffix == "csv":
        country.to_csv(path, index=False)
    elif suffix == "xlsx":
        country.to_excel(path, index=False, engine="xlsxwriter")
    elif suffix == "ods":
        save_open_sheets(path, {"Schools": [list(country.columns), *country.astype(object).to_numpy().tolist()]})
    else:
        points = geopandas.points_from_xy(country["easting"], country["northing"], crs=27700)
        frame = geopandas.GeoDataFrame(country, geometry=points)
        frame.to_file(path) if suffix == "gpkg" else frame.to_parquet(path)
    seconds = cpu_seconds(lambda: read_schools(path))
    print(f"\n{SCHOOLS:,} schools, 25 columns, {suffix}: {seconds:.1f} s, {path.stat().st_size / 2**20:.0f} MB")


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_minutes_between_a_thousand_places(suffix: str, tmp_path: Path) -> None:
    n = np.arange(PLACES)
    east, north = 400_000 + n % 40 * 2_000, 300_000 + n // 40 * 2_000
    a, b = (one.ravel() for one in np.meshgrid(n, n, indexing="ij"))
    apart_km = np.hypot(east[a] - east[b], north[a] - north[b]) / 1_000
    frame = pd.DataFrame({"urn_from": 1 + a, "urn_to": 1 + b, "minutes": np.round(3 + 1.2 * apart_km, 2)})[a != b]
    path = tmp_path / f"m.{suffix}"
    frame.to_csv(path, index=False) if suffix == "csv" else frame.to_parquet(path)
    seconds = cpu_seconds(lambda: read_matrix(path, 1 + n, eastings_metres=east, northings_metres=north))
    print(f"\n{len(frame):,} drives, {suffix}: {seconds:.1f} s, {path.stat().st_size / 2**20:.0f} MB")


@pytest.mark.real_data
def test_roads() -> None:
    path = real("rutland_2022-07.osm.pbf")
    print(f"\nRutland's roads, osm.pbf: {cpu_seconds(lambda: read_network(path, use_cache=False)):.1f} s")
