"""Texts, values and whole files that somebody may have written on purpose."""

from __future__ import annotations

import json
from dataclasses import dataclass

SECRET = "SECRET-OF-ANOTHER-FOLDER"  # stands in a file outside the folder: it may stand in nothing that is written
SECRET_FILE = "../outside/secret.csv"
WRITTEN_FILE = "../outside/written.csv"
ELSEWHERE = "../elsewhere.csv"  # that is not there: a scenario may name any file, so that naming one is no attack

TEXTS = (
    *("", " ", "0", "-1", "1e308", "-1e308", "1e999", "NaN", "inf", "nan", "true", "None", "null", "off"),
    *(
        "9" * 19,
        "9" * 5_000,
        "0x" + "f" * 400,
        "0." + "0" * 400 + "1",
        "1_000",
        "1,5",
        "١٢٣",
        "²",
        "12abc",
        "3.0",
        "+5",
    ),
    *("=cmd|'/c calc'!A1", "@SUM(1)", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{7*7}}", "%s%n"),
    *(
        "\u202eright to left",
        "\u200b",
        "\ufeff",
        "e\u0301" * 50,
        "🚜" * 20,
        "a\tb",
        "a\nb",
        "a\r\nb",
        '"',
        "'",
        ";",
        ",",
    ),
    *("x" * 40_000, "é" * 3_000, "../../etc/passwd", "C:\\con", "http://127.0.0.1/x", "/dev/zero", "/vsicurl/http://x"),
    *("900001", "900002; 900002", "900001 900001", "2027-02-30", "31/12/9999", "0000-00-00", "10000-01-01", "1e5"),
    *("Fen", "yes", "[1, 2", "{", "\\", "'; DROP TABLE schools; --", "\x7f", "\x01\x02", "\x00"),
)
NUMBERS = (0, -1, 1, 2**31, 2**63 - 1, -(2**63), 1e308, -1e308, 5e-324, float("inf"), 0.5, 900_001)
BLOBS = (b"", b"\x00", b"\xff\xfe" * 10, b"GP\x00\x01" + b"\x00" * 4, b"x" * 100_000)


@dataclass(frozen=True, slots=True)
class Bait:
    """What must not be touched: a file outside the folder, and an address that somebody listens at."""

    address: str = "http://127.0.0.1:9/"
    file: str = SECRET_FILE

    def gdal_pipelines(self) -> tuple[bytes, ...]:
        """GDAL's algorithms as JSON: one reads another file, one asks the network, one writes."""
        square = "ST_GeomFromText('POLYGON((-0.6 52,-0.4 52,-0.4 54,-0.6 52))', 4326) AS geometry"
        rows = f"SELECT name, 'district' AS kind, {square} FROM secret"
        lines = (
            f"gdal vector pipeline ! read {self.file} ! reproject --dst-crs EPSG:4326",
            f'gdal vector sql --input {self.file} --dialect SQLITE --sql "{rows}" --output-format stream -o x',
            f"gdal vector pipeline ! read /vsicurl/{self.address}a.geojson ! select name",
            f"gdal vector pipeline ! read areas.gpkg ! write --overwrite {WRITTEN_FILE}",
            f"gdal vector pipeline ! read areas.gpkg ! tee [ write --overwrite {WRITTEN_FILE} ]",
        )
        return tuple(json.dumps({"type": "gdal_streamed_alg", "command_line": line}).encode() for line in lines)

    def vrts(self) -> tuple[bytes, ...]:
        """Virtual data sources of GDAL: of another file, and of an address."""
        layer = '<OGRVRTLayer name="secret"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer>'
        whole = f"<OGRVRTDataSource>{layer}</OGRVRTDataSource>"
        return tuple(whole.format(where).encode() for where in (self.file, f"/vsicurl/{self.address}a.gpkg"))

    def entities(self) -> tuple[str, ...]:
        """Document types whose entity `e` unfolds, reads a file or asks the network."""
        steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
        return (
            f'<!DOCTYPE x [<!ENTITY e0 "ha">{steps}<!ENTITY e "&e8;">]>',
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "{self.file}">]>',
            f'<!DOCTYPE x [<!ENTITY e SYSTEM "{self.address}x">]>',
            f'<!DOCTYPE x SYSTEM "{self.address}x.dtd" [<!ENTITY e "x">]>',
        )
