"""Files of the sample county, like a council's own: tables, base geometry, roads and a scenario."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, fields
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyproj import Transformer

from partition.sample import sheet
from partition.sample.advisers import Adviser
from partition.sample.county import County
from partition.sample.draws import Floats
from partition.sample.network import Stretch

SCHOOL_HEADINGS = (
    "urn", "name", "town", "easting", "northing", "pupils", "phase", "district", "planning_area",
    "federation", "trust", "diocese", "special_resource", "forecast_2028", "forecast_2030",
)  # fmt: skip
# The national grid with its published seven-parameter shift in full: by its EPSG code the coordinates would depend
# on the correction grids that a machine has.
BRITISH_GRID = (
    "+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy "
    "+towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs +type=crs"
)
SCENARIO = """\
# {title}, a made-up county for trying things out: {small} small schools of {size}. Nothing in it is real.
# What is not written here has its default; --set rules.minutes_max=25 overrides a key.

[data]
schools = "schools.csv"                  # with planning areas, trusts, dioceses, forecasts to try rules on
headships = {{column = "federation"}}      # schools of one federation share a head and stay together
links = "links.csv"                      # who works with whom already
existing = "today.csv"                   # today's partnerships, some of which break the default rules

[travel]
roads = "roads.gpkg"                     # every road, with its class, its limit and where it is one-way

[advisers]
people = "advisers.csv"                  # where their desks are, and how many partnerships each can take on

[map]
title = "School partnerships in {title}"
base = ["land.geojson", "water.geojson", "districts.geojson", "roads.geojson"]
world = false                            # made up: no coast and no village of the real world belongs here
"""

EPOCH = "2000-01-01T00:00:00Z"  # the date in the GeoPackage, always the same, so that equal counties give equal bytes

Feature = tuple[str, str, shapely.Geometry]  # name, kind, geometry in EPSG:27700


def write_county(county: County, folder: Path) -> Path:
    """Write the county's files into a folder and return the path of its scenario.

    The same county gives the same bytes. Tables are UTF-8 with a byte order mark, for spreadsheets. GeoJSON is in
    longitude and latitude to five decimals (about a metre), each feature with `name` and `kind`.

    Parameters
    ----------
    county
        The county, as `make_county` returns it.
    folder
        The folder to write into, made where it does not exist. Files of the same names are replaced.

    Returns
    -------
    Path
        The path of the scenario, `county.toml` in the folder.

    Raises
    ------
    OSError
        Where the folder cannot be made or a table cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from partition import make_county, write_county
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_county(make_county(30), Path(folder)).name
    'county.toml'
    """
    folder.mkdir(parents=True, exist_ok=True)
    _write_table(folder / "schools.csv", SCHOOL_HEADINGS, _school_rows(county))
    links = ((k.urn_a, k.urn_b, f"{k.weight:g}", k.kind, k.source, _yes_or_no(k.agreed)) for k in county.links)
    _write_table(folder / "links.csv", ("urn_a", "urn_b", "weight", "kind", "source", "agreed"), links)
    today = sorted((urn, group.name) for group in county.existing for urn in group.urns)
    _write_table(folder / "today.csv", ("urn", "partnership"), today)
    headings = tuple(field.name for field in fields(Adviser))
    _write_table(folder / "advisers.csv", headings, map(astuple, county.advisers))

    terrain = county.terrain
    water = [(sheet.SEA_NAME, "water", terrain.sea), (sheet.ESTUARY_NAME, "water", terrain.estuary)]
    _write_features(folder / "land.geojson", [(county.title, "land", terrain.land)])
    _write_features(folder / "water.geojson", water + [(name, "water", area) for name, area in terrain.rivers])
    _write_features(folder / "districts.geojson", [(name, "district", area) for name, area in county.districts])
    _write_features(folder / "roads.geojson", [(road.name, "road", road.line) for road in county.roads])

    _write_network(folder / "roads.gpkg", county.network)

    small = sum(school.is_small for school in county.schools)
    scenario = folder / "county.toml"
    text = SCENARIO.format(title=county.title, small=small, size=county.size)
    scenario.write_text(text, encoding="utf-8", newline="\n")
    return scenario


def _school_rows(county: County) -> Iterable[tuple[object, ...]]:
    for school, district, area in zip(county.schools, county.district_of, county.planning_area_of, strict=True):
        yield (
            school.urn,
            school.name,
            school.town,
            school.easting,
            school.northing,
            school.pupils,
            "Primary",
            district,
            area,
            county.federation_of.get(school.urn, ""),
            county.trust_of.get(school.urn, ""),
            school.diocese,
            school.special_resource,
            school.forecast_2028,
            school.forecast_2030,
        )


def _yes_or_no(agreed: bool | None) -> str:
    return {True: "yes", False: "no", None: ""}[agreed]


def _write_table(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows(rows)


def _write_features(path: Path, features: Iterable[Feature]) -> None:
    """Write GeoJSON with one feature on each line."""
    lines = ",\n".join(
        json.dumps(
            {
                "type": "Feature",
                "properties": {"name": name, "kind": kind},
                "geometry": shapely.geometry.mapping(_in_degrees(shape)),
            },
            separators=(",", ":"),
        )
        for name, kind, shape in features
    )
    text = f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_network(path: Path, stretches: Sequence[Stretch]) -> None:
    """Write a GeoPackage with one layer of lines on the national grid, like an export of a council's own system."""
    columns = {
        "road_class": [stretch.road_class for stretch in stretches],
        "name": [stretch.name for stretch in stretches],
        "speed_limit_mph": pd.array([stretch.limit_mph for stretch in stretches], dtype="Int16"),
        "oneway": ["yes" if stretch.is_one_way else "no" for stretch in stretches],
    }
    lines = geopandas.GeoDataFrame(columns, geometry=[stretch.line for stretch in stretches], crs="EPSG:27700")
    path.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": EPOCH})
    try:
        pyogrio.write_dataframe(lines, path, layer="roads", driver="GPKG", layer_options={"SPATIAL_INDEX": "NO"})
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _in_degrees(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape in longitude and latitude, with outer rings anticlockwise as GeoJSON demands."""
    to_degrees = Transformer.from_crs(BRITISH_GRID, "EPSG:4326", always_xy=True)

    def convert(points: Floats) -> Floats:
        return np.round(np.column_stack(to_degrees.transform(points[:, 0], points[:, 1])), 5)

    rounded = shapely.transform(shape, convert)
    if rounded.geom_type == "LineString":
        return rounded
    # Rounding may close a narrow inlet, which makes the polygon touch itself.
    sound = shapely.make_valid(rounded, method="structure", keep_collapsed=False)
    return shapely.orient_polygons(shapely.normalize(sound))
