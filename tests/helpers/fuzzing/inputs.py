"""A little town with a file of every kind that the program reads, what names each, and the commands that read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import geopandas
import pandas as pd
from shapely import LineString, Point, box
from town import write_csv, write_town
from towns import ORIGIN, Road, Town, write_gml, write_graphml, write_layer, write_pbf
from typer.testing import CliRunner

from geodata.roads.speeds import OUR_TABLE
from partition.cli import app

SCENARIO, PLAN, OTHER_PLAN, PROJECT = "town.toml", "plan.gpkg", "other.gpkg", "project.gpkg"
SETTINGS = """
headships = "headships.csv"

[rules]
heads_min = 3
heads_max = 4
minutes_max = 15

[preferences]
minutes_per_link = 1

[solve]
seconds = 5
workers = 1

[money]
per_partnership = 1000
lump_sums = "lump_sums.csv"

[advisers]
people = "advisers.csv"
today = "advised.csv"

[review]
starts = 2027-01-11
strengths = "strengths.csv"
past = "trios.csv"

[training]
schools = "training.csv"
sessions = "sessions.csv"

[posts]
timetable = "timetable.csv"

[effects]
results = "results.csv"
measure = "reading"
below = 60
survey = "survey.csv"
activity = "activity.csv"
"""
KM = (0, 3, 6, 9, 15, 18, 21, 24, 80)
EAST, NORTH = 500_000, 350_000  # of the first school: write_town puts the others east of it
URNS = tuple(900_001 + place for place in range(len(KM)))
NEAR = URNS[:-1]

COMMANDS = {  # as typed, but for what is set
    "plan": "plan town.toml --out out",
    "plan --project": "plan town.toml --out out --project project.gpkg --internal",
    "plan --start": "plan town.toml --out out --start today.csv",
    "judge": "judge town.toml --out out",
    "judge --groups": "judge town.toml --out out --groups today.csv",
    "check": "check town.toml",
    "travel": "travel town.toml --out out",
    "travel --from": "travel town.toml --out out --from 900001 --parquet",
    "verify": "verify plan.gpkg town.toml",
    "verify alone": "verify plan.gpkg",
    "map": "map plan.gpkg town.toml --out out",
    "map alone": "map plan.gpkg --out out",
    "compare": "compare plan.gpkg other.gpkg --out out",
    "explain": "explain plan.gpkg town.toml --school 900001 --out out",
    "alternatives": "alternatives plan.gpkg town.toml --within 100% --differ 2 --out out",
    "stability": "stability plan.gpkg town.toml --gain 5 --plan-again --out out",
    "answers": "answers plan.gpkg --out out",
    "next-round": "next-round plan.gpkg town.toml --answers answers.csv --out next",
    "stage": "stage plan.gpkg 1 approved --date 2027-03-01 --note agreed",
    "stage alone": "stage plan.gpkg",
    "name": "name plan.gpkg 1 Fen",
    "advisers": "advisers plan.gpkg town.toml --out out",
    "advisers --keep": "advisers plan.gpkg town.toml --out out --keep --internal",
    "review": "review plan.gpkg town.toml --out out",
    "training": "training plan.gpkg town.toml --out out",
    "effects": "effects plan.gpkg town.toml --out out",
    "report": "report plan.gpkg town.toml --out out --option other.gpkg",
    "least-change": "least-change town.toml --out out",
    "frontier": "frontier town.toml --out out",
    "fairness": "fairness town.toml --out out",
    "federations": "federations town.toml --set rules.heads_min=2 --out out",
    "sweep": "sweep town.toml --vary rules.minutes_max=10,15 --jobs 1 --out out",
    "project": "project project.gpkg",
    "project --take": "project project.gpkg --take 1 --out out",
    "project --remove": "project project.gpkg --remove 1",
}
SEARCHING = (
    "plan",
    "alternatives",
    "stability",
    "explain",
    "least-change",
    "frontier",
    "fairness",
    "plan --start",
    "plan --project",
)
OVER_DATA = ("check", "judge", "verify", "plan", "map", "travel", "next-round", "judge --groups", *SEARCHING[1:])
OF_SCHEME = ("advisers", "review", "training", "effects", "advisers --keep", "report")
OVER_ROADS = (*OVER_DATA, "travel --from")
OF_SCENARIO = (*OVER_DATA, "advisers", "review", "report", "sweep", "federations")
OF_PLAN = (
    *("verify", "verify alone", "map", "map alone", "compare", "explain", "alternatives", "stability", "answers"),
    "next-round",
    *("stage", "stage alone", "name", "advisers", "advisers --keep", "review", "training", "effects", "report"),
)
OF_MAP = ("map", "judge", "plan", "report", "verify")


@dataclass(frozen=True, slots=True)
class Input:
    """A kind of input: its file, with those that belong to it; what it is made of; and how it comes to be read.

    `made_of` names the mutations that fit, besides those that fit any file.
    """

    file: str
    made_of: tuple[str, ...]
    commands: tuple[str, ...] = OVER_DATA
    settings: tuple[str, ...] = ()  # that name it, where the scenario does not
    parts: tuple[str, ...] = ()


CSV, WORKBOOK, GEOPACKAGE, GEOJSON = ("rows", "text"), ("rows", "archive"), ("database",), ("json", "text")
SHAPEFILE = ("shapefile",)


def _shapefile(name: str, commands: tuple[str, ...], setting: str) -> Input:
    parts = tuple(f"{name}.{part}" for part in ("shx", "dbf", "prj"))
    return Input(f"{name}.shp", SHAPEFILE, commands, (setting,), parts)


INPUTS = {
    "scenario": Input(SCENARIO, ("toml", "text"), OF_SCENARIO),
    "--set": Input("", ("setting",), OF_SCENARIO),
    "schools, CSV": Input("schools.csv", CSV),
    "schools, XLSX": Input("schools.xlsx", WORKBOOK, settings=("data.schools=schools.xlsx",)),
    "schools, GeoPackage": Input("schools.gpkg", GEOPACKAGE, settings=("data.schools=schools.gpkg",)),
    "schools, register": Input("register.csv", CSV, settings=("data.schools=register.csv",)),
    "opening, CSV": Input("opening.csv", CSV, settings=('data.opening=["opening.csv"]',)),
    "links, CSV": Input("links.csv", CSV),
    "links, XLSX": Input("links.xlsx", WORKBOOK, settings=("data.links=links.xlsx",)),
    "existing, CSV": Input("today.csv", CSV),
    "existing, XLSX": Input("today.xlsx", WORKBOOK, settings=("data.existing=today.xlsx",)),
    "existing, plan": Input("earlier.gpkg", GEOPACKAGE, settings=("data.existing=earlier.gpkg",)),
    "headships, CSV": Input("headships.csv", CSV),
    "answers, CSV": Input("answers.csv", CSV, ("next-round",)),
    "answers, XLSX": Input("answers.xlsx", WORKBOOK, settings=("data.answers=answers.xlsx",)),
    "joined, CSV": Input("joined.csv", CSV, settings=('data.join=["joined.csv"]', 'rules.robust=["2030"]')),
    "joined, XLSX": Input("joined.xlsx", WORKBOOK, settings=('data.join=["joined.xlsx"]',)),
    "areas, GeoJSON": Input("areas.geojson", GEOJSON, settings=("data.areas.unitary=areas.geojson",)),
    "areas, GeoPackage": Input("areas.gpkg", GEOPACKAGE, settings=("data.areas.unitary=areas.gpkg",)),
    "areas, shapefile": _shapefile("areas", OVER_DATA, "data.areas.unitary=areas.shp"),
    "base, GeoJSON": Input("base.geojson", GEOJSON, OF_MAP, ('map.base=["base.geojson"]',)),
    "base, GeoPackage": Input("base.gpkg", GEOPACKAGE, OF_MAP, ('map.base=["base.gpkg"]',)),
    "base, shapefile": _shapefile("base", OF_MAP, 'map.base=["base.shp"]'),
    "roads, OpenStreetMap": Input("roads.osm.pbf", (), OVER_ROADS, ("travel.roads=roads.osm.pbf",)),
    "roads, OpenStreetMap's XML": Input("roads.osm", ("xml", "text"), OVER_ROADS, ("travel.roads=roads.osm",)),
    "roads, GML": Input("links.gml", ("xml", "text"), OVER_ROADS, ("travel.roads=links.gml",)),
    "roads, GraphML": Input("roads.graphml", ("xml", "text"), OVER_ROADS, ("travel.roads=roads.graphml",)),
    "roads, GeoPackage": Input("roads.gpkg", GEOPACKAGE, OVER_ROADS, ("travel.roads=roads.gpkg",)),
    "roads, shapefile": _shapefile("lines", OVER_ROADS, "travel.roads=lines.shp"),
    "speeds": Input(
        "speeds.toml", ("toml", "text"), OVER_ROADS, ("travel.roads=roads.graphml", "travel.speeds=speeds.toml")
    ),
    "matrix, CSV": Input("matrix.csv", CSV, settings=("travel.matrix=matrix.csv",)),
    "matrix, Parquet": Input("matrix.parquet", ("parquet",), settings=("travel.matrix=matrix.parquet",)),
    "matrix, square": Input("square.csv", CSV, settings=("travel.matrix=square.csv",)),
    "matrix, XLSX": Input("matrix.xlsx", WORKBOOK, settings=("travel.matrix=matrix.xlsx",)),
    "advisers, CSV": Input("advisers.csv", CSV, OF_SCHEME),
    "advisers, XLSX": Input("advisers.xlsx", WORKBOOK, OF_SCHEME, ("advisers.people=advisers.xlsx",)),
    "advised today, CSV": Input("advised.csv", CSV, OF_SCHEME),
    "lump sums, CSV": Input("lump_sums.csv", CSV, OF_SCHEME),
    "strengths, CSV": Input("strengths.csv", CSV, OF_SCHEME),
    "past trios, CSV": Input("trios.csv", CSV, OF_SCHEME),
    "training, CSV": Input("training.csv", CSV, OF_SCHEME),
    "sessions, CSV": Input("sessions.csv", CSV, OF_SCHEME),
    "timetable, CSV": Input("timetable.csv", CSV, OF_SCHEME),
    "results, CSV": Input("results.csv", CSV, OF_SCHEME),
    "survey, CSV": Input("survey.csv", CSV, OF_SCHEME),
    "activity, CSV": Input("activity.csv", CSV, OF_SCHEME),
    "plan": Input(PLAN, GEOPACKAGE, OF_PLAN),
    "other plan": Input(OTHER_PLAN, GEOPACKAGE, ("compare", "compare", "compare", "report")),
    "project": Input(PROJECT, GEOPACKAGE, ("project", "project --take", "project --remove", "plan --project")),
}


def write_inputs(folder: Path) -> None:
    """Write every kind of input, good, into a folder that does not exist yet."""
    write_data(folder)
    _write_plans(folder)


def write_data(folder: Path) -> None:
    """Write all of them but plans and projects, for which something has to be solved."""
    _write_tables(folder)
    _write_shapes(folder)
    _write_roads(folder)


def _write_tables(folder: Path) -> None:
    write_town(
        *(folder, *KM),
        links="900001,900005,1 900002,900003,1",
        today={"Fen": [900001, 900005], "Wold": [900002, 900006]},
        settings=SETTINGS,
    )
    schools = pd.read_csv(folder / "schools.csv")
    register = {
        "URN": schools["urn"],
        "EstablishmentName": schools["name"],
        "LA (code)": 925,
        "LA (name)": "Lincolnshire",
        "EstablishmentStatus (name)": "Open",
        "PhaseOfEducation (name)": "Primary",
        "EstablishmentTypeGroup (name)": "Academies",
        "NumberOfPupils": schools["pupils"],
        "Easting": schools["easting"],
        "Northing": schools["northing"],
    }
    pd.DataFrame(register).to_csv(folder / "register.csv", index=False)
    tables: Mapping[str, tuple[str, Sequence[Sequence[object]]]] = {
        "opening": ("urn name easting northing pupils", [(900_090, "New", EAST + 4_000, NORTH, 80)]),
        "headships": ("urn headship", [(urn, f"head {max(urn, 900_002)}") for urn in URNS]),
        "answers": (
            "urn answer partners date",
            [(900_001, "yes", "900003; 900004", "2027-01-11"), (900_003, "no", "", "")],
        ),
        "joined": ("urn area 2030", [(urn, "AB"[urn % 2], 90) for urn in URNS]),
        "advisers": (
            "adviser office easting northing caseload days accreditation",
            [(name, "Town", EAST + metres, NORTH, 5, 50, "sen") for name, metres in (("A", 0), ("B", 20_000))],
        ),
        "advised": ("urn adviser", [(urn, "A") for urn in NEAR]),
        "lump_sums": ("urn lump_sum sparsity", [(urn, "128000", "1000.50") for urn in NEAR]),
        "strengths": ("urn strengths needs", [(urn, "maths; sen", "music") for urn in NEAR]),
        "trios": ("urn trio", [(urn, f"trio {place // 3}") for place, urn in enumerate(NEAR[:6])]),
        "training": ("urn staff capacity", [(urn, 10, 60) for urn in NEAR]),
        "sessions": ("day what whom partnership", [("2027-02-15", "INSET", "staff", "1")]),
        "timetable": ("urn subject weekdays post", [(urn, "French", "Mon; Tue", urn) for urn in NEAR]),
        "results": ("urn year measure value", [(urn, 2026, "reading", 55.5) for urn in NEAR]),
        "survey": ("urn question answer", [(urn, "useful", 4) for urn in NEAR]),
        "activity": ("partnership activity count", [("1", "joint visits", 3)]),
        "matrix": (
            "urn_from urn_to minutes km",
            [
                (a, b, 2 + abs(x - y), abs(x - y))
                for a, x in zip(URNS, KM, strict=True)
                for b, y in zip(URNS, KM, strict=True)
                if a != b
            ],
        ),
    }
    for name, (headings, rows) in tables.items():
        write_csv(folder / f"{name}.csv", headings.split(), rows)
    for name in ("schools", "links", "today", "answers", "joined", "advisers"):
        pd.read_csv(folder / f"{name}.csv").to_excel(folder / f"{name}.xlsx", index=False)
    matrix = pd.read_csv(folder / "matrix.csv")
    matrix.to_parquet(folder / "matrix.parquet")
    matrix.to_excel(folder / "matrix.xlsx", index=False)
    matrix.pivot(index="urn_from", columns="urn_to", values="minutes").to_csv(folder / "square.csv")


def _write_shapes(folder: Path) -> None:
    schools = pd.read_csv(folder / "schools.csv")
    points = [Point(east, north) for east, north in zip(schools["easting"], schools["northing"], strict=True)]
    geopandas.GeoDataFrame(schools[["urn", "name", "pupils"]], geometry=points, crs=27700).to_file(
        folder / "schools.gpkg"
    )
    halves = [box(EAST + west, NORTH - 9_000, EAST + west + 50_000, NORTH + 9_000) for west in (-10_000, 40_000)]
    areas = geopandas.GeoDataFrame({"name": ["West", "East"], "kind": "district"}, geometry=halves, crs=27700)
    road = LineString([(EAST + km * 1000, NORTH) for km in KM])
    lines = geopandas.GeoDataFrame({"name": ["Road"], "kind": ["road"]}, geometry=[road], crs=27700)
    for suffix in ("geojson", "gpkg", "shp"):
        areas.to_file(folder / f"areas.{suffix}")
        pd.concat([areas, lines] if suffix != "shp" else [areas]).to_file(folder / f"base.{suffix}")


def _write_roads(folder: Path) -> None:
    letters = "ABCDEFGHI"
    offset_east, offset_north = EAST - ORIGIN[0], NORTH - ORIGIN[1]
    corners = {letter: (offset_east + km * 1000.0, float(offset_north)) for letter, km in zip(letters, KM, strict=True)}
    town = Town(corners, tuple(Road(a + b) for a, b in pairwise(letters)))
    write_pbf(town, folder / "roads.osm.pbf")
    write_pbf(town, folder / "roads.osm")
    write_gml(town, folder / "links.gml")
    write_graphml(town, folder / "roads.graphml")
    ways = [[town.grid(corner) for corner in road.corners] for road in town.roads]
    for name in ("roads.gpkg", "lines.shp"):
        layer = name.partition(".")[0]
        write_layer(folder / name, ways, layer, road_class=["tertiary"] * len(ways), oneway=["no"] * len(ways))
    (folder / "speeds.toml").write_bytes(OUR_TABLE.read_bytes())


def _write_plans(folder: Path) -> None:
    """Plans as the commands make them; with what `stage` and `advisers` keep in the plan file."""
    town, plan, made = folder / SCENARIO, folder / PLAN, folder.with_name("made")
    run("plan", town, "--out", made, "--internal", "--project", folder / PROJECT, "--note", "first")
    (made / "plan.gpkg").rename(plan)
    (folder / "earlier.gpkg").write_bytes(plan.read_bytes())
    run("stage", plan, "1", "negotiated", "--date", "2027-01-11", "--note", "talked")
    run("advisers", plan, town, "--keep", "--internal", "--out", made)
    run("plan", town, "--out", made, "--set", "rules.minutes_max=14")
    (made / "plan.gpkg").rename(folder / OTHER_PLAN)


def run(*arguments: object) -> None:
    """Run a command in this process; it must find what it looks for."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert done.exit_code == 0, (arguments, done.output)
