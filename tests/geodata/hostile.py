"""Files that were made to do harm: each kind, made by code, with a trap that notices what they reach for."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pyarrow
import pyarrow.parquet
from shapely.geometry import LineString, box

SECRET = "salary-of-the-head"
HEADINGS = ("urn", "name", "pupils", "urn_a", "urn_b", "answer", "partnership", "adviser", "office", "road_class")
"""What readers look for: a hostile layer has them all, so that each reader would go on to its rows."""


@dataclass(frozen=True)
class Trap:
    """A file that nobody was to read, an address that nobody was to ask, a folder that nobody was to write to."""

    secret: Path
    listener: socket.socket
    watched: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def sprung(self) -> list[str]:
        """What was asked for or written; nothing is waited for, as a connection stands once it was made."""
        caught = [str(path.relative_to(self.watched)) for path in self.watched.rglob("*") if path != self.secret]
        self.listener.setblocking(False)
        try:
            self.listener.accept()[0].close()
        except BlockingIOError:
            return caught
        return [*caught, "asked an address"]


def set_trap(folder: Path) -> Trap:
    folder.mkdir()
    secret = folder / "secret.csv"
    secret.write_text(f"urn,name,x,y\n1,{SECRET},500000,300000\n", encoding="utf-8")
    return Trap(secret, socket.create_server(("127.0.0.1", 0)), folder)


def layer(folder: Path, shape: object = None, file: str = "layer.gpkg") -> Path:
    """A GeoPackage with one row and every column that a reader looks for."""
    columns = {heading: ["900001"] for heading in HEADINGS}
    path = folder / file
    geopandas.GeoDataFrame(columns, geometry=[shape or box(5e5, 3e5, 6e5, 4e5)], crs=27700).to_file(path, layer="a")
    return path


def altered(path: Path, *statements: str) -> Path:
    """The GeoPackage after these statements, without the triggers that only GDAL's own functions can run."""
    with closing(sqlite3.connect(path)) as file, file:
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        for statement in statements:
            file.execute(statement)
    return path


def text(name: str, content: str | bytes) -> Callable[[Path, Trap], Path]:
    def write(folder: Path, _: Trap) -> Path:
        (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)
        return folder / name

    return write


def pipeline(name: str, order: str) -> Callable[[Path, Trap], Path]:
    """A GDAL pipeline as JSON. `order` may name the secret, the address and the watched folder."""

    def write(folder: Path, trap: Trap) -> Path:
        line = order.format(secret=trap.secret, address=trap.address, watched=trap.watched)
        told = {"type": "gdal_streamed_alg", "command_line": f"gdal vector pipeline ! {line}"}
        (folder / name).write_text(json.dumps(told), encoding="utf-8")
        return folder / name

    return write


READ_IT = "read {secret} --open-option X_POSSIBLE_NAMES=x --open-option Y_POSSIBLE_NAMES=y"
ASK_IT = "read /vsicurl/{address}/x.geojson"
WRITE_IT = "read {secret} ! write {watched}/made.csv ! read {watched}/made.csv"


def virtual(name: str, source: str) -> Callable[[Path, Trap], Path]:
    """GDAL's VRT, which names another source."""

    def write(folder: Path, trap: Trap) -> Path:
        place = source.format(secret=trap.secret, address=trap.address)
        lines = f'<OGRVRTLayer name="secret"><SrcDataSource>{place}</SrcDataSource></OGRVRTLayer>'
        (folder / name).write_text(f"<OGRVRTDataSource>{lines}</OGRVRTDataSource>", encoding="utf-8")
        return folder / name

    return write


def service(name: str) -> Callable[[Path, Trap], Path]:
    def write(folder: Path, trap: Trap) -> Path:
        content = f"<OGRWFSDataSource><URL>{trap.address}/wfs</URL></OGRWFSDataSource>"
        (folder / name).write_text(content, encoding="utf-8")
        return folder / name

    return write


def collection(**members: object) -> dict[str, object]:
    shape = {"type": "Polygon", "coordinates": [[[0, 52], [1, 52], [1, 53], [0, 52]]]}
    feature = {"type": "Feature", "properties": {"name": "a"}, "geometry": shape}
    return {"type": "FeatureCollection", "features": [feature], **members}


def linked_system(folder: Path, trap: Trap) -> Path:
    """GeoJSON whose coordinate system is to be fetched: GDAL's own driver for GeoJSON does."""
    told = collection(crs={"type": "link", "properties": {"href": f"{trap.address}/crs.wkt"}})
    (folder / "linked.geojson").write_text(json.dumps(told), encoding="utf-8")
    return folder / "linked.geojson"


def database(folder: Path, _: Trap) -> Path:
    with closing(sqlite3.connect(folder / "notes.gpkg")) as file, file:
        file.execute("CREATE TABLE schools (urn, name, pupils)")
    return folder / "notes.gpkg"


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"


def endless_view(folder: Path, _: Trap) -> Path:
    """The layer itself is a view, which never ends."""
    columns = ", ".join(f"i AS {heading}" for heading in HEADINGS)
    return altered(
        layer(folder),
        "ALTER TABLE a RENAME TO b",
        f"CREATE VIEW a AS SELECT f.fid, f.geom, n.* FROM b f, (SELECT {columns} FROM ({ENDLESS})) n",
    )


def nested_views(folder: Path, _: Trap) -> Path:
    """Views of views, each naming two: to look at the last one's columns takes longer than anybody lives."""
    views = [f"CREATE VIEW v{at} AS SELECT x.fid FROM v{at - 1} x, v{at - 1} y" for at in range(1, 40)]
    return altered(layer(folder), "CREATE VIEW v0 AS SELECT fid FROM a", *views)


def metadata_view(folder: Path, _: Trap) -> Path:
    """The list of layers is a view."""
    return altered(
        layer(folder),
        "ALTER TABLE gpkg_contents RENAME TO kept",
        f"CREATE VIEW gpkg_contents AS SELECT kept.* FROM kept, ({ENDLESS})",
    )


def made_up_table(folder: Path, _: Trap) -> Path:
    return altered(layer(folder), "CREATE VIRTUAL TABLE words USING fts5(urn, name, pupils)")


def worked_out(folder: Path, _: Trap) -> Path:
    """A few bytes a row that are gigabytes when they are read."""
    return altered(layer(folder), "ALTER TABLE a ADD COLUMN big TEXT AS (hex(zeroblob(500000000)))")


def workbook_of(sheet: str, name: str = "bomb.xlsx", **parts: str) -> Callable[[Path, Trap], Path]:
    """A workbook of one sheet, whose XML is this."""
    book = (
        '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.'
        'openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" sheetId="1" r:id="rId1"/>'
        "</sheets></workbook>"
    )
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    types = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>'
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def relation(kind: str, target: str) -> str:
        return (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/></Relationships>'
        )

    def write(folder: Path, _: Trap) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", types)
            archive.writestr("_rels/.rels", relation("officeDocument", "xl/workbook.xml"))
            archive.writestr("xl/workbook.xml", parts.get("book", book))
            archive.writestr("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml"))
            archive.writestr("xl/worksheets/sheet1.xml", sheet)
        return folder / name

    return write


def sheet_of(*rows: str, before: str = "") -> str:
    return (
        f'{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(rows)
        + "</sheetData></worksheet>"
    )


def row_of(number: int, **cells: str) -> str:
    inner = "".join(
        f'<c r="{column}{number}" t="inlineStr"><is><t>{cell}</t></is></c>' for column, cell in cells.items()
    )
    return f'<row r="{number}">{inner}</row>'


LAUGHS = "".join(
    f'<!ENTITY l{at} "{f"&l{at - 1};" * 10 if at else "ha"}">' for at in range(10)
)  # a thousand million laughs
BOMB = f"<!DOCTYPE a [{LAUGHS}]>"
HEAD = row_of(1, **dict(zip("ABCDEFGHIJ", HEADINGS, strict=True)))


def wide_sheet() -> str:
    """Rows of one cell far to the right: forty bytes that stand for 16,384 cells each."""
    return sheet_of(row_of(1, A="urn", XFD="pupils"), *(row_of(at, XFD="1") for at in range(2, 6_000)))


def parquet(folder: Path, _: Trap) -> Path:
    table = pyarrow.table({heading: ["900001"] for heading in HEADINGS})
    no_json = dict.fromkeys((b"pandas", b"geo"), b"{no json")
    pyarrow.parquet.write_table(table.replace_schema_metadata(no_json), folder / "t.parquet")
    return folder / "t.parquet"


def pipe(folder: Path, _: Trap) -> Path:
    os.mkfifo(folder / "pipe.gpkg")
    return folder / "pipe.gpkg"


def to_itself(folder: Path, _: Trap) -> Path:
    (folder / "loop.geojson").symlink_to("loop.geojson")
    return folder / "loop.geojson"


def cut(name: str, shape: object) -> Callable[[Path, Trap], Path]:
    """The first third of a good file."""

    def write(folder: Path, _: Trap) -> Path:
        path = layer(folder, shape, name)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
        return path

    return write


HUGE = json.dumps(collection()).replace("52]", "1e308]")
HOSTILE: dict[str, Callable[[Path, Trap], Path]] = {
    "a pipeline that reads": pipeline("a.geojson", READ_IT),
    "a pipeline that asks": pipeline("a.json", ASK_IT),
    "a pipeline that writes": pipeline("a.geojson", WRITE_IT),
    "a pipeline named as a GeoPackage": pipeline("a.gpkg", READ_IT),
    **{f"a VRT named {end}": virtual(f"a.{end}", "{secret}") for end in ("gpkg", "geojson", "shp", "fgb", "csv")},
    "a VRT that asks": virtual("a.gpkg", "/vsicurl/{address}/x.gpkg"),
    "a service": service("a.gpkg"),
    "a service named as GeoJSON": service("a.geojson"),
    "a table named as a GeoPackage": text("a.gpkg", "a,b\n1,2\n"),
    "a linked coordinate system": linked_system,
    "TopoJSON": text("a.json", '{"type": "Topology", "objects": {}, "arcs": []}'),
    "ESRI's JSON": text("a.json", '{"geometryType": "esriGeometryPoint", "features": []}'),
    "JSON too deep": text("a.geojson", '{"type": "Point", "coordinates": ' + "[" * 200_000),
    "a list": text("a.geojson", "[1]"),
    "a number of many digits": text("a.geojson", '{"type": "Point", "coordinates": [' + "9" * 5_000 + ", 1]}"),
    "no number": text("a.geojson", '{"type": "Point", "coordinates": [NaN, Infinity]}'),
    "a huge coordinate": text("a.geojson", HUGE),
    "no UTF-8": text("a.geojson", b'{"type": "Point", "name": "\xff"}'),
    "a feature without a kind": text("a.geojson", '{"type": "FeatureCollection", "features": [1]}'),
    "another database": database,
    "an endless view": endless_view,
    "views of views": nested_views,
    "a view as list of layers": metadata_view,
    "a table made up": made_up_table,
    "a column worked out": worked_out,
    "entities in a sheet": workbook_of(sheet_of(HEAD, row_of(2, A="&l9;"), before=BOMB)),
    "entities in a workbook": workbook_of(sheet_of(HEAD), book=f"{BOMB}<workbook>&l9;</workbook>"),
    "entities in OpenStreetMap's XML": text("a.osm", f"{BOMB}<osm version='0.6'><node id='1' user='&l9;'/></osm>"),
    "entities in GML": text("a.gml", f"{BOMB}<FeatureCollection><RoadLink>&l9;</RoadLink></FeatureCollection>"),
    "Parquet": parquet,
    "a pipe": pipe,
    "a device": lambda *_: Path("/dev/zero"),
    "a folder": lambda folder, _: folder,
    "a link to itself": to_itself,
    "a name that no file can have": lambda folder, _: folder / "a\0.gpkg",
    "half a GeoPackage": cut("a.gpkg", None),
    "half a FlatGeobuf": cut("a.fgb", None),
    "half a shapefile": cut("a.shp", LineString([(5e5, 3e5), (6e5, 4e5)])),
    "a shapefile alone": text("a.shp", b"\x00\x00\x27\x0a" + bytes(96)),
}
