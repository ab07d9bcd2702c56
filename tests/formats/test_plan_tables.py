"""A plan file is anybody's: read as GDAL would read it, by SQLite alone, and nothing in it acts or passes unseen."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyogrio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from town import alter, write_csv, write_town
from typer.testing import CliRunner, Result

from geodata.faults import BadData
from partition.cli import app
from partition.formats.plan_layout import LAYOUT
from partition.scheme.kept import log_of
from partition.storage.plan_file import LAYERS, add_rows, read_plan, seal_of, stored_from
from partition.storage.read_back import read_back
from partition.storage.verify import Verdict, verify
from partition.web.plan_tables import plan_tables

SETTINGS = """answers = "answers.csv"
outlying = {900005 = true}
[rules]
heads_min = 2
heads_max = 2
apart = [[900001, 900003]]
distinct_max = {district = 1}
[preferences]
minutes_per_difference = {district = 5}
minutes_per_lack = {district = 3}
lack_value = {district = "East"}
minutes_per_wish = [20, 10]
head_minutes_price = [[1, 0.5]]
[money]
per_partnership = 1000
per_school = 10
[posts]
senco = {pupils_per_fte = 500}
[advisers]
people = "advisers.csv"
"""
ONLY_GDAL_HAS = ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A town whose plan has every table that a plan can have; its scenario."""
    folder = tmp_path_factory.mktemp("town")
    said = [("900001", "yes", "900002", "900002; 900004", "900005"), ("900003", "no", "", "", "")]
    write_csv(folder / "answers.csv", ["urn", "answer", "partners", "wishes", "not_wanted"], said)
    write_csv(folder / "advisers.csv", ["adviser", "office", "easting", "northing"], [("A", "X", 500_000, 350_000)])
    line = {"type": "LineString", "coordinates": [[-0.6, 53.0], [-0.3, 53.1]]}
    road = {"type": "Feature", "properties": {"name": "A1", "kind": "road"}, "geometry": line}
    (folder / "road.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [road]}))
    return write_town(
        *(folder, 0, 1, 10, 11, 60, 12),
        pupils=[50, 60, 70, 80, 90, 300],
        columns={"district": ["East", "East", "West", "West", "", "West"], 'The "id"': list("abcdef")},
        links="900001,900002,1 900002,900003,2.75",
        today={"Fen": ["900001", "900002"], "Wold": ["900004", "900005"]},
        settings=SETTINGS + '[map]\nbase = ["road.geojson"]\n',
    )


@pytest.fixture(scope="module")
def internal(town: Path) -> Path:
    """An internal plan, with a decision and an adviser in it."""
    plan = town.parent / "internal" / "plan.gpkg"
    assert run("plan", town, "--internal", "--out", plan.parent).exit_code == 0
    assert run("stage", plan, "1", "negotiated", "--date", "2027-03-01").exit_code == 0
    assert run("advisers", plan, town, "--keep", "--out", town.parent / "patches").exit_code == 0
    assert run("advisers", plan, town, "--keep", "--out", town.parent / "patches").exit_code == 0  # in place
    return plan


@pytest.fixture(scope="module")
def public(town: Path) -> Path:
    assert run("plan", town, "--out", town.parent / "public").exit_code == 0
    return town.parent / "public" / "plan.gpkg"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with no partnership in it."""
    folder = tmp_path_factory.mktemp("empty")
    assert run("plan", write_town(folder, 0, 60), "--out", folder).exit_code == 0
    return folder / "plan.gpkg"


@pytest.fixture(params=["internal", "public", "empty"])
def plan(request: pytest.FixtureRequest) -> Path:
    return Path(request.getfixturevalue(request.param))


def changed(content: bytes, *statements: str | tuple[str, Sequence[object]]) -> bytes:
    """A database with something changed in it, in memory."""
    with closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(content)
        for name in ONLY_GDAL_HAS:
            file.create_function(name, 1, lambda _: 0)
        for statement in statements:
            file.execute(*((statement,) if isinstance(statement, str) else statement))
        file.commit()
        return file.serialize()


# Read as it was written ---------------------------------------------------------------------------------------


def test_tables_are_those_that_gdal_reads(plan: Path) -> None:
    """So the seals of files that were written before fit."""
    there = [str(layer) for layer in pyogrio.list_layers(plan)[:, 0]]
    gdal = {layer: pyogrio.read_dataframe(plan, layer=layer) for layer in LAYERS if layer in there}
    stored = read_plan(plan)
    assert list(stored.tables) == list(gdal)
    for layer, frame in gdal.items():
        assert type(stored.tables[layer]) is type(frame)
        assert_frame_equal(pd.DataFrame(stored.tables[layer]), pd.DataFrame(frame), check_exact=True)
        assert getattr(stored.tables[layer], "crs", None) == getattr(frame, "crs", None)
    assert seal_of(gdal) == seal_of(stored.tables) == stored.run["seal"]
    assert verify(stored).wrong == ()


def test_the_town_has_every_table_and_every_column(internal: Path, public: Path) -> None:
    tables = read_plan(internal).tables
    assert set(tables) == set(LAYOUT) == set(LAYERS)
    assert [(layer, name) for layer in LAYOUT for name in LAYOUT[layer] if name not in tables[layer].columns] == []
    assert set(read_plan(public).tables) == set(LAYOUT) - {"links", "stages", "advisers"}


def test_a_page_reads_the_same_rows(internal: Path) -> None:
    stored, shown = read_plan(internal), plan_tables(internal.read_bytes())
    assert dict(shown.run) == dict(stored.run)
    for layer, rows in (("schools", shown.schools), ("partnerships", shown.partnerships), ("stages", shown.decisions)):
        columns = [name for name in stored.tables[layer].columns if name != "geometry"]
        assert [list(row.values()) for row in rows] == [
            [None if pd.isna(cell) else cell for cell in row] for row in stored.tables[layer][columns].to_numpy()
        ]


def test_a_log_left_behind_is_read_and_neither_file_is_changed(public: Path, tmp_path: Path) -> None:
    writer = sqlite3.connect(shutil.copy(public, tmp_path / "open.gpkg"))
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("UPDATE run SET value = '\"From the log\"' WHERE key = 'title'")
    writer.commit()
    for name in ("open.gpkg", "open.gpkg-wal"):  # as a program that was killed leaves them
        shutil.copy(tmp_path / name, tmp_path / name.replace("open", "left"))
    writer.close()
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in tmp_path.glob("left*")}
    assert len(before) == 2
    stored = read_plan(tmp_path / "left.gpkg")
    assert stored.run["title"] == "From the log" and not verify(stored).agrees
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in tmp_path.glob("left*")} == before


# What is none is refused, and nothing acts ----------------------------------------------------------------------


ENDLESS = "(WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT sum(x) FROM n)"
NO_PLANS: dict[str, str | tuple[str, ...]] = {
    "a view without end": ("DROP TABLE schools", f"CREATE VIEW schools AS SELECT {ENDLESS} AS urn"),
    "a view of a table that is needed": (
        "DROP TABLE run",
        "CREATE VIEW run AS SELECT 'format' AS key, '\"2\"' AS value",
    ),
    "a column worked out without end": (
        "ALTER TABLE minutes DROP COLUMN metres",
        "ALTER TABLE minutes ADD COLUMN metres INTEGER AS (length(hex(zeroblob(900000000))))",
    ),
    "a table of a module": (
        "DROP TABLE costs",
        'CREATE VIRTUAL TABLE costs USING rtree(which, travel, "change", balance, what)',
    ),
    "a table gone": ("DROP TABLE minutes",),
    "a column gone": ("ALTER TABLE schools DROP COLUMN pupils",),
    "a key told twice": ("INSERT INTO run (key, value) SELECT key, value FROM run WHERE key = 'bound'",),
    "tables without number": tuple(f"CREATE TABLE t{n} (x)" for n in range(1_000)),
}


@pytest.mark.parametrize("what", NO_PLANS)
def test_what_only_looks_like_a_plan_is_refused(what: str, public: Path) -> None:
    with pytest.raises(BadData, match=r"plan\.gpkg: it (is not a plan|cannot be worked out again)"):
        stored_from(changed(public.read_bytes(), *NO_PLANS[what]), "plan.gpkg")


def test_work_without_end_is_cut_off(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from partition.formats import database

    monkeypatch.setattr(database, "STEPS_MAX", database.STEPS_EACH)
    many = (
        "INSERT INTO minutes (urn_from, urn_to, centiminutes, metres) WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL "
        "SELECT x + 1 FROM n WHERE x < 100000) SELECT 900001, 900002, x, x FROM n"
    )
    with pytest.raises(BadData, match="interrupted"):
        stored_from(changed(public.read_bytes(), many), "plan.gpkg")


def test_cells_that_share_their_pages_are_weighed(public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from partition.formats import database

    monkeypatch.setattr(database, "FILE_BYTES_MAX", len(public.read_bytes()))
    monkeypatch.setattr(database.rows_of, "__defaults__", ((), 1000))
    with pytest.raises(BadData, match="it holds too much"):
        stored_from(public.read_bytes(), "plan.gpkg")


def test_what_is_no_file_is_refused_at_once(public: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.gpkg")
    (tmp_path / "ring.gpkg").symlink_to(tmp_path / "ring.gpkg")
    (tmp_path / "vrt.gpkg").write_text("<OGRVRTDataSource><OGRVRTLayer name='run'/></OGRVRTDataSource>")
    for path in (tmp_path, tmp_path / "pipe.gpkg", tmp_path / "ring.gpkg", tmp_path / "none.gpkg", Path("/dev/zero")):
        with pytest.raises(BadData, match=path.name):
            read_plan(path)
    with pytest.raises(BadData, match="it is not a plan"):
        read_plan(tmp_path / "vrt.gpkg")


def test_a_journal_of_a_program_cut_off_is_not_played_back(public: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(public, tmp_path / "plan.gpkg"))
    (tmp_path / "plan.gpkg-journal").write_bytes(b"\xd9\xd5\x05\xf9 \xa1c\xd7" + bytes(600))
    with pytest.raises(BadData, match="cut off while it wrote"):
        read_plan(copy)
    assert copy.read_bytes() == public.read_bytes() and (tmp_path / "plan.gpkg-journal").stat().st_size == 608


@settings(max_examples=60)
@given(st.data())
def test_bytes_changed_anywhere_end_in_a_plain_word(public: Path, data: st.DataObject) -> None:
    content = bytearray(content_of(public))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[place] = data.draw(st.integers(0, 255))
    outcome(bytes(content))


@cache
def content_of(path: Path) -> bytes:
    return path.read_bytes()


def outcome(content: bytes) -> Verdict | None:
    """The verdict on a file's bytes, None where it is refused; anything but BadData fails the test."""
    try:
        stored = stored_from(content, "plan.gpkg")
    except BadData:
        return None
    verdict = verify(stored)
    try:
        read_back(stored)
        log_of(stored)
    except BadData:
        pass
    return verdict


# Every cell, and every key of what is told ------------------------------------------------------------------------

ODD: list[object] = [None, "x", 2**62, -1, 1.5, float("inf"), b"\x00\xff", "[" * 90_000]


@pytest.mark.parametrize("table", LAYOUT)
def test_any_cell_altered_is_refused_or_disagrees(table: str, internal: Path) -> None:
    content = internal.read_bytes()
    before, tried = rows(content, table), 0
    for column in columns_of(internal, table):
        for value in ODD:
            alteration = f'UPDATE "{table}" SET {quoted(column)} = ? WHERE fid = (SELECT max(fid) FROM "{table}")'
            try:
                new = changed(content, (alteration, (value,)))
            except sqlite3.IntegrityError:  # as of a row's own number
                continue
            if rows(new, table) != before:
                verdict = outcome(new)
                assert verdict is None or not verdict.agrees, (column, value)
                tried += 1
    assert tried >= 5 * len(columns_of(internal, table))


def columns_of(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as file:
        return [row[1] for row in file.execute(f'PRAGMA table_info("{table}")')]


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def rows(content: bytes, table: str) -> list[Any]:
    with closing(sqlite3.connect(":memory:")) as file:
        file.deserialize(content)
        return file.execute(f'SELECT * FROM "{table}"').fetchall()


TOLD = [*map(json.dumps, [None, "x", 2**70, -1, 1.5, {}, [[1]], ["x"], {"a": {"b": 1}}, 10**400])]
TOLD += ["[" * 90_000, "[" * 500 + "]" * 500, "nope", "NaN", "1e999", "9" * 5_000]


def test_any_key_of_the_run_altered_is_refused_or_disagrees(internal: Path) -> None:
    content = internal.read_bytes()
    for key, told in read_plan(internal).run.items():
        for value in TOLD:
            if value == json.dumps(told):
                continue
            verdict = outcome(changed(content, ("UPDATE run SET value = ? WHERE key = ?", (value, key))))
            assert verdict is None or not verdict.agrees, (key, value[:20])
        assert outcome(changed(content, ("DELETE FROM run WHERE key = ?", (key,)))) is None


def test_any_setting_in_the_run_altered_ends_in_a_plain_word(internal: Path) -> None:
    content, scenario = internal.read_bytes(), read_plan(internal).run["scenario"]
    for table, key in leaves(scenario):
        for value in (2**70, [[-1, 2**70]], {"900001": 2**70}):
            altered = scenario | {table: scenario[table] | {key: value}}
            told = json.dumps(altered)
            outcome(changed(content, ("UPDATE run SET value = ? WHERE key = 'scenario'", (told,))))


def leaves(scenario: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return ((table, key) for table, keys in scenario.items() for key in keys)


# What verify notices ------------------------------------------------------------------------------------------

UNSEEN: dict[str, str | tuple[str, ...]] = {  # ways of altering a plan file that used to pass, or that nobody named
    "a row beyond the count": (
        "UPDATE gpkg_ogr_contents SET feature_count = 6 WHERE table_name = 'schools'",
        "INSERT INTO schools (geom, urn, name, town, pupils, role, partnership, partnership_name, headship, is_base,"
        " today, corrected, reason, links_kept, links_broken) SELECT geom, 900009, 'Ghost', town, pupils, role,"
        " partnership, partnership_name, headship, is_base, today, corrected, reason, links_kept, links_broken"
        " FROM schools LIMIT 1",
        "UPDATE gpkg_ogr_contents SET feature_count = 6 WHERE table_name = 'schools'",
    ),
    "a row removed, the count kept": (
        "DELETE FROM minutes WHERE fid = 5",
        "UPDATE gpkg_ogr_contents SET feature_count = 6 WHERE table_name = 'minutes'",
    ),
    "the count alone": "UPDATE gpkg_ogr_contents SET feature_count = 5 WHERE table_name = 'minutes'",
    "a row doubled": "INSERT INTO costs (what, which, travel, change, balance, likeness, lacks)"
    " SELECT what, which, travel, change, balance, likeness, lacks FROM costs WHERE which = 1",
    "rows in another order": "UPDATE partnerships SET fid = 9 WHERE number = 1",
    "a view added": 'CREATE VIEW "Partnerships (final)" AS SELECT 1 AS number',
    "a trigger that empties pupils": "CREATE TRIGGER t AFTER UPDATE ON run BEGIN UPDATE schools SET pupils = 0; END",
    "a trigger of a layer under another's name": (
        "DROP TRIGGER rtree_schools_geom_delete",
        "CREATE TRIGGER rtree_schools_geom_delete AFTER DELETE ON schools BEGIN UPDATE schools SET pupils = 0; END",
    ),
    "a trigger taken out": "DROP TRIGGER trigger_insert_feature_count_schools",
    "a table added": "CREATE TABLE notes (words TEXT)",
    "a table of metadata added": "CREATE TABLE gpkg_metadata (id INTEGER, metadata TEXT)",
    "a list of columns added": "CREATE TABLE gpkg_data_columns (table_name TEXT, column_name TEXT, title TEXT)",
    "a table of a module added": "CREATE VIRTUAL TABLE more USING rtree(id, a, b)",
    "a column added": "ALTER TABLE schools ADD COLUMN head TEXT",
    "a column of facts added": 'ALTER TABLE schools ADD COLUMN "fact: more" TEXT',
    "a column taken out": "ALTER TABLE costs DROP COLUMN links",
    "a column renamed": 'ALTER TABLE schools RENAME COLUMN "fact: district" TO "fact: planning area"',
    "a default": (
        "ALTER TABLE partnerships DROP COLUMN breaks",
        "ALTER TABLE partnerships ADD COLUMN breaks TEXT DEFAULT ''",
    ),
    "an index added": "CREATE INDEX by_name ON schools (name)",
    "the layer's reference system": "UPDATE gpkg_geometry_columns SET srs_id = 4326 WHERE table_name = 'schools'",
    "the contents' reference system": "UPDATE gpkg_contents SET srs_id = 4326 WHERE table_name = 'schools'",
    "what a reference system is": "UPDATE gpkg_spatial_ref_sys SET definition = replace(definition, '400000', '4005')",
    "a reference system added": "INSERT INTO gpkg_spatial_ref_sys SELECT 'Local', 99, 'NONE', 99, definition, '' FROM"
    " gpkg_spatial_ref_sys WHERE srs_id = 27700",
    "a layer's title": "UPDATE gpkg_contents SET identifier = 'Final' WHERE table_name = 'partnerships'",
    "a layer's description": "UPDATE gpkg_contents SET description = 'Approved' WHERE table_name = 'schools'",
    "when it was changed": "UPDATE gpkg_contents SET last_change = '2027-01-01T00:00:00Z' WHERE table_name = 'schools'",
    "a layer's extent": "UPDATE gpkg_contents SET min_x = 0 WHERE table_name = 'schools'",
    "a layer hidden": "DELETE FROM gpkg_contents WHERE table_name = 'costs'",
    "a kind of shape": "UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY' WHERE table_name = 'schools'",
    "an extension": "INSERT INTO gpkg_extensions VALUES ('schools', NULL, 'x_mine', 'https://x.example', 'read-write')",
    "the index of places": "UPDATE rtree_schools_geom SET minx = 0, maxx = 1 WHERE id = 1",
    "a place out of the index": "DELETE FROM rtree_schools_geom WHERE id = 1",
    "where numbering goes on": "UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'schools'",
    "what kind of file it is": "PRAGMA application_id = 1",
    "its version": "PRAGMA user_version = 10400",
    "a tile matrix": "INSERT INTO gpkg_tile_matrix VALUES ('schools', 1, 1, 1, 1, 1, 1, 1)",
    "a declared type": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, '\"pupils\" INTEGER', '\"pupils\" INT') WHERE name = 'schools'",
    ),
    "a check": (
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = replace(sql, '\"town\" TEXT', '\"town\" TEXT CHECK(1)') WHERE name = 'schools'",
    ),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_verify_notices(what: str, internal: Path, public: Path) -> None:
    statements = UNSEEN[what]
    plan = internal if what == "a column taken out" else public
    verdict = outcome(changed(content_of(plan), *([statements] if isinstance(statements, str) else statements)))
    assert verdict is not None and not verdict.agrees


def test_bytes_behind_the_end_are_noticed(public: Path) -> None:
    verdict = outcome(public.read_bytes() + b"more" * 1024)
    assert verdict is not None and verdict.wrong == ("it is not as sealed: it is longer or shorter than it says",)


def test_a_partnership_s_shape_moved_is_noticed(public: Path) -> None:
    content = public.read_bytes()
    (shape,) = next(row for row in read_shapes(content) if row)
    moved = shape[:-8] + bytes(8)
    assert outcome(changed(content, ("UPDATE partnerships SET geom = ? WHERE fid = 1", (moved,)))) is None


def read_shapes(content: bytes) -> list[tuple[bytes]]:
    return [(row[1],) for row in rows(content, "partnerships")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE layer_styles SET styleQML = '<qgis/>', description = 'x'",
        "UPDATE gpkg_spatial_ref_sys SET srs_name = 'British grid', description = 'x' WHERE srs_id = 27700",
    ],
)
def test_what_help_says_is_not_covered_passes(statement: str, public: Path) -> None:
    verdict = outcome(changed(public.read_bytes(), statement))
    assert verdict is not None and verdict.agrees
    words = " ".join(run("verify", "--help").stdout.replace("│", " ").split())
    assert "Not covered" in words and "layer_styles" in words and "what reference systems are called" in words


def test_nothing_is_written_into_a_file_that_would_act_or_was_altered(public: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copy(public, tmp_path / "plan.gpkg"))
    for statement in (
        "CREATE TRIGGER later AFTER UPDATE ON run BEGIN UPDATE schools SET pupils = 0; END",
        "UPDATE partnerships SET name = 'Mine' WHERE number = 1",
    ):
        shutil.copy(public, copy)
        with closing(sqlite3.connect(copy)) as file, file:
            for name in ONLY_GDAL_HAS:
                file.create_function(name, 1, lambda _: 0)
            file.execute(statement)
        before = copy.read_bytes()
        done = run("stage", copy, "1", "negotiated", "--date", "2027-03-01")
        assert done.exit_code == 3 and "nothing can be written into it" in done.stderr
        assert copy.read_bytes() == before
    with pytest.raises(BadData):
        add_rows(copy, "stages", pd.DataFrame())


# Every command that reads a plan ------------------------------------------------------------------------------


def reading(town: Path, plan: Path, good: Path, out: Path) -> dict[str, tuple[object, ...]]:
    return {
        "verify": ("verify", plan),
        "verify with inputs": ("verify", plan, town),
        "map": ("map", plan, "--out", out),
        "compare": ("compare", good, plan, "--out", out),
        "explain": ("explain", plan, town, "--school", "900005", "--out", out),
        "alternatives": ("alternatives", plan, town, "--out", out),
        "answers": ("answers", plan, "--out", out / "answers.xlsx"),
        "next-round": ("next-round", plan, town, "--answers", town.parent / "answers.csv", "--out", out),
        "stage": ("stage", plan, "1", "negotiated", "--date", "2027-03-01"),
        "advisers": ("advisers", plan, town, "--out", out),
        "review": ("review", plan, town, "--set", "review.starts=2027-01-11", "--out", out),
        "report": ("report", plan, town, "--out", out),
        "plan": ("plan", town, "--set", f"data.existing={json.dumps(str(plan))}", "--out", out),
    }


@pytest.mark.parametrize("command", reading(Path(), Path(), Path(), Path()))
@pytest.mark.parametrize(
    "alteration",
    [
        "UPDATE run SET value = '\"x\"' WHERE key = 'bound'",
        "UPDATE schools SET pupils = 'many' WHERE urn = 900001",
    ],
    ids=["bound", "pupils"],
)
def test_every_command_says_what_is_wrong_in_a_line(
    command: str, alteration: str, town: Path, internal: Path, tmp_path: Path
) -> None:
    plan = Path(shutil.copy(internal, tmp_path / "plan.gpkg"))
    alter(plan, alteration)
    arguments = reading(town, plan, internal, tmp_path / "out")[command]
    done = run(*arguments)
    assert done.exit_code == 3, done.output
    assert done.stderr.count("\n") == 2 and "plan.gpkg" in done.stderr and "Traceback" not in done.output
    assert not (tmp_path / "out").exists()
