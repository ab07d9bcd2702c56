"""Nothing in a file can act: every reader, every kind of harm; and nothing is opened but what was named."""

from __future__ import annotations

import ast
import json
import sqlite3
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import geopandas
import hostile
import pyarrow
import pyarrow.parquet
import pyogrio
import pytest
from hostile import HOSTILE, SECRET, Trap, altered, collection, layer, row_of, set_trap, sheet_of, workbook_of
from pyproj import CRS
from shapely.geometry import LineString, Point, box
from telling import faults_of
from towns import Town, road, write_layer, write_pbf
from typer.testing import CliRunner

from geodata.advisers import read_advisers
from geodata.answers import read_answers
from geodata.boundaries import read_areas, read_base
from geodata.faults import BadData
from geodata.groups import read_groups
from geodata.layers import open_layers
from geodata.links import read_links
from geodata.matrix import read_matrix
from geodata.opening import FLATGEOBUF, FORMATS, GEOJSON, GEOPACKAGE, format_of, read_head
from geodata.postcodes import read_postcodes
from geodata.roads.reading import read_network
from geodata.roads.speeds import read_speeds
from geodata.schools import read_schools
from geodata.tables import read_table
from partition.cli import app

ROOT = Path(__file__).parents[2]
URNS = ("900001", "900002")
GOOD = "urn,name,pupils,easting,northing\n900001,Ashby,50,500000,300000\n"


Reader = Callable[[Path, Path], object]
READERS: dict[str, Reader] = {  # of a file, beside a good file of schools
    "schools": lambda path, good: read_schools(path),
    "opening": lambda path, good: read_schools(good, opening=[path]),
    "join": lambda path, good: read_schools(good, join=[path]),
    "register links": lambda path, good: read_schools(good, register_links=path),
    "postcodes": lambda path, good: read_postcodes([path], ["LL77 7AA"]),
    "areas of schools": lambda path, good: read_schools(good, areas={"area": path}),
    "links": lambda path, good: read_links(path, URNS, URNS),
    "groups": lambda path, good: read_groups(path, label="partnership", known_urns=URNS, selected_urns=URNS),
    "answers": lambda path, good: read_answers(path, URNS, URNS),
    "advisers": lambda path, good: read_advisers(path),
    "areas": lambda path, good: read_areas(path),
    "base": lambda path, good: read_base(path),
    "matrix": lambda path, good: read_matrix(path, URNS),
    "roads": lambda path, good: read_network(path, use_cache=False),
    "speeds": lambda path, good: read_speeds(path),
}


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("good") / "schools.csv"
    path.write_text(GOOD, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    trap = set_trap(tmp_path_factory.mktemp("trap") / "watched")
    with trap.listener:
        yield trap


@pytest.fixture(scope="module", params=HOSTILE)
def hostile_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, trap: Trap) -> Path:
    return HOSTILE[request.param](tmp_path_factory.mktemp("hostile"), trap)


def content_of(folder: Path) -> dict[str, bytes]:
    """Every regular file below a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_lets_a_hostile_file_act(
    reader: str, hostile_file: Path, trap: Trap, good: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """One clear line for each thing wrong; nothing asked, nothing written, no secret told, no library heard."""
    before = content_of(hostile_file.parent) if "dev" not in hostile_file.parts else {}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        told = faults_of(READERS[reader], hostile_file, good)
    assert told
    for fault in told:
        assert "\n" not in fault and SECRET not in fault and "/data." not in fault and "Error" not in fault
    assert trap.sprung() == []
    assert before == (content_of(hostile_file.parent) if before else {})
    assert capfd.readouterr() == ("", "")


def test_the_trap_works(tmp_path: Path, trap: Trap) -> None:
    """What is said above to be prevented does happen when GDAL is let at the files."""
    mine = set_trap(tmp_path / "watched")
    for name in ("a VRT that asks", "a linked coordinate system", "a pipeline that asks"):
        path = HOSTILE[name](tmp_path, mine)
        mine.listener.settimeout(240)
        asked = subprocess.Popen([sys.executable, "-c", "import pyogrio, sys; pyogrio.list_layers(sys.argv[1])", path])
        connection, _ = mine.listener.accept()
        connection.close()
        asked.kill()
        asked.wait()
    read = pyogrio.read_dataframe(HOSTILE["a pipeline that reads"](tmp_path, mine))
    assert SECRET in read.to_csv()


@pytest.mark.parametrize("name", ["a pipeline that reads", "a pipeline that asks", "a linked coordinate system"])
@pytest.mark.parametrize("key", ["map.base", "data.areas.district"])
def test_the_command_says_not_geojson_in_one_line(name: str, key: str, trap: Trap, good: Path, tmp_path: Path) -> None:
    path = HOSTILE[name](tmp_path, trap)
    out = tmp_path / "out"
    value = f"[{str(path)!r}]" if key == "map.base" else str(path)
    ended = CliRunner().invoke(
        app, ["plan", "--schools", str(good), "--set", f"{key}={value}", "--out", str(out), "--json"]
    )
    (fault,) = json.loads(ended.stdout)["faults"]
    assert ended.exit_code == 3 and fault["file"] == path.name
    assert ("link" if "linked" in name else "not GeoJSON") in fault["fix"]
    assert trap.sprung() == [] and not out.exists()


def drawn(path: Path, name: str = "West") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    frame = geopandas.GeoDataFrame({"name": [name]}, geometry=[box(5e5, 3e5, 6e5, 4e5)], crs=27700)
    plain = path.parent.parent / f"plain{path.suffix}"
    frame.to_file(plain)
    for part in plain.parent.glob("plain.*"):
        part.rename(path.with_suffix(part.suffix))
    return path


ODD = (
    *(
        "a!b",
        "a;b",
        "a?b",
        "a#b",
        "a|layername=b",
        "a%20b",
        "a b",
        "-",
        "--",
        "zip:a",
        "http:a",
        "GPKG:a",
        "Tür é 学校",
    ),
    *("a\nb", "a'b", 'a"b', "$HOME", "~", "a.zip!b", "..a", "vsi"),
)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".shp"])
def test_signs_in_a_path_are_only_signs(odd: str, suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the name or in a folder's, given whole or from here; files that GDAL could take for it are others."""
    monkeypatch.chdir(tmp_path)
    drawn(tmp_path / "x" / f"b{suffix}", "Decoy")
    (tmp_path / "x" / f"b{suffix}").rename(tmp_path / f"b{suffix}")
    for place in (Path("y") / f"{odd}{suffix}", Path(f"{odd}d") / f"c{suffix}"):
        drawn(tmp_path / place)
        for given in (place, tmp_path / place):
            assert read_areas(given).frame["name"].tolist() == ["West"]


@pytest.mark.parametrize(
    "place", ["http:/127.0.0.1/r.osm.pbf", "-", "file:r.osm.pbf", "https:r!.osm.pbf", "r?;.osm.pbf"]
)
def test_an_extract_is_a_file_whatever_it_is_called(
    place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """libosmium takes names that begin so for addresses, and a dash for what is piped in."""
    monkeypatch.chdir(tmp_path)
    town = Town({"A": (0.0, 0.0), "B": (900.0, 0.0)}, (road("AB"),))
    plain = write_pbf(town, tmp_path / "plain.osm.pbf")
    (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
    plain.rename(tmp_path / place)
    assert read_network(place, use_cache=False).edges == 1


@pytest.mark.parametrize("path", ["/vsicurl/{address}/a.gpkg", "{address}/a.gpkg", "zip://secret.zip!a.gpkg", "GPKG:a"])
def test_an_address_is_no_path(path: str, trap: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for reader in READERS.values():
        (told,) = faults_of(reader, Path(path.format(address=trap.address)), tmp_path)
        assert "no such file" in told
    assert trap.sprung() == []


def test_gdal_knows_the_one_driver_and_its_caller_all_of_them_again(tmp_path: Path) -> None:
    path, other = drawn(tmp_path / "x" / "a.gpkg"), drawn(tmp_path / "y" / "a.geojson")
    before = set(pyogrio.list_drivers())
    with open_layers(path, FORMATS, bytes_max=2**20, smaller="") as layers:
        assert set(pyogrio.list_drivers()) == {"GPKG"}
        assert layers.kinds() == {"plain": "Polygon"}
        with open_layers(other, FORMATS, bytes_max=2**20, smaller=""):
            assert set(pyogrio.list_drivers()) == {"GeoJSON"}
        assert set(pyogrio.list_drivers()) == {"GPKG"}
    assert set(pyogrio.list_drivers()) == before and pyogrio.get_gdal_config_option("OGR_SKIP") is None


@pytest.mark.parametrize("suffix", [form.suffixes[0] for form in FORMATS])
def test_each_format_is_told_by_its_first_bytes_and_read_by_its_driver(suffix: str, tmp_path: Path) -> None:
    path = drawn(tmp_path / "x" / f"a{suffix}")
    form = format_of(read_head(path))
    assert form is not None and suffix in form.suffixes
    with open_layers(path, [form], bytes_max=2**20, smaller="") as layers:
        assert set(pyogrio.list_drivers()) == {form.driver}
        (name,) = layers.kinds()
        assert layers.frame(name)["name"].tolist() == ["West"]
    other = GEOJSON if form is FLATGEOBUF else FLATGEOBUF
    with pytest.raises(BadData, match="not "), open_layers(path, [other], bytes_max=2**20, smaller=""):
        raise AssertionError("it was opened")


def test_a_file_over_its_limit_is_refused_before_it_is_looked_at(tmp_path: Path) -> None:
    path = drawn(tmp_path / "x" / "a.gpkg")
    with pytest.raises(BadData, match="over 0 MB; cut it"), open_layers(path, FORMATS, bytes_max=9, smaller="cut it"):
        raise AssertionError("it was opened")


def test_a_view_a_made_up_table_and_a_worked_out_column_are_named(tmp_path: Path, trap: Trap) -> None:
    for name, told in (
        ("an endless view", "'a' is a view"),
        ("views of views", "'v0' is a view"),
        ("a view as list of layers", "'gpkg_contents' is a view"),
        ("a table made up", "'words' is a table that is made up"),
        ("a column worked out", "the column 'big' of 'a' is worked out"),
    ):
        folder = tmp_path / name
        folder.mkdir()
        assert told in faults_of(read_areas, HOSTILE[name](folder, trap))[0]


def test_a_trigger_does_not_run_when_its_table_is_read(tmp_path: Path) -> None:
    path = altered(layer(tmp_path), f"CREATE TRIGGER t BEFORE UPDATE ON a BEGIN SELECT * FROM ({hostile.ENDLESS}); END")
    before = path.read_bytes()
    assert len(read_areas(path).frame) == 1
    assert path.read_bytes() == before


@pytest.mark.parametrize("said", [0, 1, 10**12])
def test_every_row_is_read_whatever_number_stands_in_the_file(tmp_path: Path, said: int) -> None:
    """GDAL believes a counter in the file: rows beyond it are lost, and memory is taken for rows that are not there."""
    path = altered(
        drawn(tmp_path / "x" / "a.gpkg"),
        "INSERT INTO plain (geom, name) SELECT geom, 'East' FROM plain",
        f"UPDATE gpkg_ogr_contents SET feature_count = {said}",
    )
    assert read_areas(path).frame["name"].tolist() == ["East", "West"]


def test_one_piece_of_a_file_does_not_pass_for_many(tmp_path: Path) -> None:
    """Eight rows share the chain of pages that holds the text of one: read, they are eight times the file."""
    letters, page_bytes, inside = 485 + 60 * 4092, 4096, 3 + 1 + 489 + 4  # of a cell: length, number, text, next page
    path = altered(
        layer(tmp_path), "CREATE TABLE big (t TEXT)", f"INSERT INTO big SELECT printf('%.*c', {letters}, 'x')"
    )
    with closing(sqlite3.connect(path)) as file:
        (root,) = file.execute("SELECT rootpage FROM sqlite_master WHERE name = 'big'").fetchone()
    content = bytearray(path.read_bytes())
    leaf = content[(root - 1) * page_bytes : root * page_bytes]
    cell = leaf[-inside:]
    starts = [page_bytes - number * inside for number in range(1, 9)]
    for number, start in enumerate(starts, 1):
        leaf[start : start + inside] = cell[:3] + bytes([number]) + cell[4:]
        leaf[6 + 2 * number : 8 + 2 * number] = start.to_bytes(2, "big")
    leaf[3:7] = len(starts).to_bytes(2, "big") + starts[-1].to_bytes(2, "big")
    content[(root - 1) * page_bytes : root * page_bytes] = leaf
    path.write_bytes(content)
    with closing(sqlite3.connect(path)) as file:
        assert file.execute("SELECT count(*), sum(length(t)) FROM big").fetchone() == (8, 8 * letters)
    match = pytest.raises(BadData, match="claims more than the file holds")
    with match, open_layers(path, [GEOPACKAGE], bytes_max=2**30, smaller="") as layers:
        layers.frame("big")


@pytest.fixture
def log_left(tmp_path: Path) -> Iterator[Path]:
    """A GeoPackage that another program has open, its last edits in the log beside it."""
    path = altered(layer(tmp_path))
    with closing(sqlite3.connect(path)) as first:
        first.execute("PRAGMA journal_mode = WAL")
    file = sqlite3.connect(path)
    file.execute("PRAGMA wal_autocheckpoint = 0")
    file.execute("UPDATE a SET name = 'edited'")
    file.commit()
    left = tmp_path / "left"
    left.mkdir()
    for part in tmp_path.glob("layer.gpkg*"):
        (left / part.name).write_bytes(part.read_bytes())
    file.close()
    yield left / "layer.gpkg"


def test_a_log_left_behind_is_read_with_its_file_and_both_stay_as_they_are(log_left: Path) -> None:
    before = content_of(log_left.parent)
    assert len(before) == 3
    read = read_areas(log_left)
    assert read.frame["name"].tolist() == ["edited"]
    assert content_of(log_left.parent) == before
    assert read_areas(log_left).source == read.source
    alone = log_left.with_name("alone.gpkg")
    alone.write_bytes(log_left.read_bytes())
    without = read_areas(alone)
    assert without.frame["name"].tolist() == ["900001"] and without.source.sha256 != read.source.sha256
    assert content_of(log_left.parent) == before | {str(alone): alone.read_bytes()}


def test_a_database_that_keeps_a_log_is_read_without_one_being_made(tmp_path: Path) -> None:
    path = altered(layer(tmp_path))
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA journal_mode = WAL")
    before = content_of(tmp_path)
    read_areas(path)
    assert content_of(tmp_path) == before


def test_a_change_cut_off_half_way_is_undone_in_the_reading_only(tmp_path: Path) -> None:
    """A journal left behind: the file holds half a change, the journal what stood there before."""
    path = altered(layer(tmp_path))
    with closing(sqlite3.connect(path)) as file:
        file.execute("PRAGMA cache_size = 1")
        file.execute("PRAGMA cache_spill = 1")
        file.execute("CREATE TABLE filler (t)")
        file.commit()
        file.execute("BEGIN")
        file.execute("UPDATE a SET name = 'half'")
        file.execute("INSERT INTO filler SELECT hex(zeroblob(5000)) FROM (SELECT 1 UNION SELECT 2 UNION SELECT 3)")
        left = tmp_path / "left"
        left.mkdir()
        for part in tmp_path.glob("layer.gpkg*"):
            (left / part.name).write_bytes(part.read_bytes())
        file.rollback()
    before = content_of(left)
    assert len(before) == 2
    assert read_areas(left / "layer.gpkg").frame["name"].tolist() == ["900001"]
    assert content_of(left) == before


def test_coordinates_nowhere_on_earth_are_told_by_row(tmp_path: Path) -> None:
    lines = [[(4.8e5, 3.1e5), (4.9e5, 3.1e5)], [(4.8e5, 3.1e5), (1e308, 3.1e5)]]
    path = write_layer(tmp_path / "roads.gpkg", lines, "roads", road_class=["primary"] * 2)
    assert "roads.gpkg, row 3, geometry: its coordinates are nowhere on earth" in faults_of(read_network, path)[0]
    for shape in (Point(float("inf"), 1), LineString([(1, 1), (float("nan"), 1)])):
        folder = tmp_path / shape.geom_type
        folder.mkdir()
        assert "row 2, geometry" in faults_of(read_base, layer(folder, shape))[0]


@pytest.mark.parametrize(
    "system",
    [
        "+proj=tmerc +lat_0=49 +lon_0=-2 +k=1 +x_0=4e5 +y_0=-1e5 +ellps=airy +nadgrids={secret} +units=m +type=crs",
        "+proj=longlat +datum=WGS84 +geoidgrids={secret} +vunits=m +type=crs",
    ],
)
def test_a_coordinate_system_that_would_read_another_file_is_refused(tmp_path: Path, trap: Trap, system: str) -> None:
    wkt = CRS.from_user_input(system.format(secret=trap.secret)).to_wkt()
    lines = [[(4.8e5, 3.1e5), (4.9e5, 3.1e5)]]
    for suffix in ("gpkg", "shp"):
        path = write_layer(tmp_path / f"roads.{suffix}", lines, "roads", wkt, road_class=["primary"])
        if suffix == "shp":
            path.with_suffix(".prj").write_text(wkt, encoding="utf-8")  # GDAL's own words leave some of it out
        for reader in (read_base, partial(read_network, use_cache=False)):
            (told,) = faults_of(reader, path)
            assert "reads another file" in told and SECRET not in told


@pytest.mark.parametrize("kind", [[], {}, 7, None, True])
def test_a_type_that_is_no_text_is_no_type(tmp_path: Path, kind: object) -> None:
    path = tmp_path / "a.geojson"
    for place in (lambda told: told, lambda told: told["features"][0], lambda told: told["features"][0]["geometry"]):
        told = collection()
        place(told)["type"] = kind
        path.write_text(json.dumps(told), encoding="utf-8")
        assert "not GeoJSON" in faults_of(read_base, path)[0]


def test_lists_in_a_property_are_read_as_text(tmp_path: Path) -> None:
    told = collection()
    told["features"][0]["properties"] = {"name": ["West", "East"], "kind": [1, 2]}
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert read_base(path)[["name", "kind"]].iloc[0].tolist() == ["West, East", "1, 2"]


@pytest.mark.parametrize("system", [None, {"type": "name", "properties": {"name": "EPSG:27700"}}])
def test_geojson_that_is_sound_is_read(tmp_path: Path, system: object) -> None:
    path = tmp_path / "a.geojson"
    sound = collection(crs=system)
    if system is not None:
        sound["features"][0]["geometry"]["coordinates"] = [
            [[500_000, 300_000], [501_000, 300_000], [501_000, 301_000], [500_000, 300_000]]
        ]
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(sound).encode())
    assert read_areas(path).frame["name"].tolist() == ["a"]


def test_a_geojson_named_system_asks_nobody(tmp_path: Path, trap: Trap) -> None:
    for name in (f"{trap.address}/x", f"/vsicurl/{trap.address}/x", str(trap.secret)):
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps(collection(crs={"type": "name", "properties": {"name": name}})), encoding="utf-8")
        for read in (read_areas, read_base):
            try:
                read(path)
            except BadData as bad:
                assert SECRET not in str(bad)
    assert trap.sprung() == []


def test_parquet_is_read_for_its_columns_not_for_what_is_noted_beside_them(tmp_path: Path) -> None:
    table = pyarrow.table({"urn_from": [*URNS], "urn_to": [*URNS[::-1]], "minutes": [5.0, 6.0]})
    for noted in (b"{no json", b'{"index_columns": ["urn_from"], "columns": []}', b"\xff"):
        pyarrow.parquet.write_table(table.replace_schema_metadata({b"pandas": noted}), tmp_path / "m.parquet")
        assert read_matrix(tmp_path / "m.parquet", URNS).between(0, 1)[0] == 500


@pytest.mark.parametrize("minutes", [[[5.0], [6.0]], [b"5", b"6"], [{"a": 1}, None], [True, False]])
def test_parquet_of_other_than_numbers_and_text_is_told_by_column(tmp_path: Path, minutes: list[object]) -> None:
    table = pyarrow.table({"urn_from": [*URNS], "urn_to": [*URNS[::-1]], "minutes": minutes})
    pyarrow.parquet.write_table(table, tmp_path / "m.parquet")
    assert "minutes: holds neither numbers nor text" in faults_of(read_matrix, tmp_path / "m.parquet", URNS)[0]


def test_a_text_repeated_in_parquet_takes_the_memory_of_one(tmp_path: Path) -> None:
    """200,000 times a text of a megabyte: 200 GB if it were spread out."""
    values = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 200_000, "int32"), ["5" * 1_000_000])
    table = pyarrow.table({"urn_from": [1] * 200_000, "urn_to": [2] * 200_000, "minutes": values})
    pyarrow.parquet.write_table(table, tmp_path / "m.parquet")
    assert faults_of(read_matrix, tmp_path / "m.parquet", URNS)


def test_a_geopackage_whose_list_of_tables_is_no_text_is_told(tmp_path: Path) -> None:
    write_layer(path := tmp_path / "t.gpkg", [LineString([(0, 0), (1, 1)])], "roads")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA writable_schema=ON")
        file.execute("UPDATE sqlite_master SET sql = CAST(x'43d8ff' AS TEXT) WHERE type = 'trigger'")
    assert "cannot be read" in faults_of(read_table, path, list)[0]


def test_a_coordinate_system_of_a_shapefile_that_is_no_text_is_told(tmp_path: Path) -> None:
    write_layer(path := tmp_path / "t.shp", [LineString([(0, 0), (1, 1)])], "t")
    system = bytearray(path.with_suffix(".prj").read_bytes())
    system[system.index(b'"') + 3] = 0xEB
    path.with_suffix(".prj").write_bytes(system)
    assert "t.shp" in faults_of(read_base, path)[0]


def test_a_matrix_of_one_pair_again_and_again_is_refused_before_it_is_read(tmp_path: Path) -> None:
    columns = {"urn_from": "900001", "urn_to": "900002", "minutes": 5}
    table = pyarrow.table({name: pyarrow.repeat(value, 3_000_000) for name, value in columns.items()})
    pyarrow.parquet.write_table(table, tmp_path / "m.parquet")
    assert "claims 3,000,000 rows" in faults_of(read_matrix, tmp_path / "m.parquet", URNS)[0]


def test_a_matrix_of_numbers_with_five_thousand_digits(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text(f"urn_from,urn_to,minutes\n900001,900002,{'9' * 5_000}\n{'1' * 5_000},900001,5\n", encoding="utf-8")
    told = faults_of(read_matrix, path, URNS)
    assert any("row 2, minutes" in fault for fault in told) and any("row 3, urn_from" in fault for fault in told)
    assert all(len(fault) < 300 for fault in told)


def test_a_workbook_is_read_whatever_its_name_and_as_wide_as_its_columns(tmp_path: Path, trap: Trap) -> None:
    """Each row has one more cell, 16,384 columns to the right: it is none of those asked for."""
    rows = [row_of(at, A=str(900_000 + at), XFD="x") for at in range(2, 3_000)]
    path = workbook_of(sheet_of(row_of(1, A="urn", B="name"), *rows), "schools")(tmp_path, trap)
    table = read_table(path, lambda headings: {"urn"} & set(headings))
    assert len(table.frame) == 2_998


def test_a_workbook_of_cells_that_are_not_there_is_refused(tmp_path: Path, trap: Trap) -> None:
    rows = [row_of(at, XFD="x") for at in range(2, 3_100)]
    path = workbook_of(sheet_of(row_of(1, A="urn", XFD="name"), *rows), "t.xlsx")(tmp_path, trap)
    assert "over 50,000,000 cells" in faults_of(read_table, path, list)[0]


def test_an_archive_that_understates_itself_is_told(tmp_path: Path, trap: Trap) -> None:
    path = workbook_of(sheet_of(hostile.HEAD, *(row_of(at, A="1") for at in range(2, 2_000))), "t.xlsx")(tmp_path, trap)
    content = bytearray(path.read_bytes())
    directory = content.rfind(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = (100).to_bytes(4, "little")
    path.write_bytes(content)
    assert "workbook" in faults_of(read_table, path, list)[0]


MAY_OPEN = {
    "geodata/layers.py",
    "partition/storage/plan_file.py",  # writes plan files
    "partition/storage/container.py",  # writes one, to see what GDAL makes of it
    "partition/sample/files.py",  # writes the sample's roads
}
OPENERS = {"pyogrio", "fiona", "osgeo", "rasterio"}
READS = {"read_file", "read_parquet", "read_feather", "read_postgis", "list_layers", "ParquetDataset"}


def openings(path: Path) -> set[str]:
    """What in a file's code could have GDAL open another, or a dataset be read by its name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {str(node.module).split(".")[0], *(alias.name for alias in node.names)}
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.Call):
            found |= {word.value for word in node.args if isinstance(word, ast.Constant)}  # as importlib is given it
    return found & (OPENERS | READS)


def test_nothing_else_has_gdal_open_a_file() -> None:
    files = [path for folder in ("geodata", "partition") for path in (ROOT / folder).rglob("*.py")]
    found = {path.relative_to(ROOT).as_posix(): openings(path) for path in files}
    assert {file for file, used in found.items() if used} == MAY_OPEN
    assert {file for file, used in found.items() if used & READS} <= {"geodata/layers.py"}
