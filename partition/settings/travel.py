"""How minutes are come by: the table [travel]."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import model_validator

from partition.settings.declare import setting
from partition.settings.types import (
    FilePath,
    Minutes,
    ServerAddress,
    Table,
)

AN_ADDRESS = re.compile(r"\w{2,}:/")  # "http://..." once it is seen from a folder; a drive has one letter


class CrowMinutes(Table):
    """Crow-fly minutes."""

    start: Minutes = setting(3.4, "minutes before the first km")
    per_km: Minutes = setting(1.21, "minutes a km in a straight line")


class MatrixUnits(Table):
    """Units of a matrix."""

    minutes: Literal["milliseconds", "seconds", "minutes", "hours", "days"] | None = setting(
        None, "unit of the column of minutes (off: as its heading says, or minutes)"
    )
    km: Literal["metres", "km", "miles"] | None = setting(
        None, "unit of the column of km (off: as its heading says, or km)"
    )


class TravelTable(Table):
    """How minutes are come by."""

    matrix: FilePath | None = setting(
        None,
        "file of urn_from, urn_to, minutes, and if known km; or of a row and a column for each school (CSV, XLSX or "
        "Parquet)",
    )
    columns: dict[Literal["urn_from", "urn_to", "minutes", "km"], str] = setting(
        {}, "headings of the matrix where they differ: urn_from, urn_to, minutes, km"
    )
    units: MatrixUnits = setting(MatrixUnits(), "units of the matrix where they differ: minutes, km")
    crow_minutes: CrowMinutes = setting(
        CrowMinutes(), "without a matrix: start + per_km x km, as fitted on Rutland's roads"
    )
    roads: FilePath | None = setting(
        None,
        "road file: OpenStreetMap extract, OS Open Roads, OSMnx GraphML, or lines with class or speed",
        name="roads",
    )
    speeds: FilePath | None = setting(None, "table of speeds in place of our own (geodata/roads/speeds.toml)")
    engine: Literal["own", "osrm"] = setting(
        "own", "what works out minutes on an OpenStreetMap extract: this program, or OSRM's where installed"
    )
    server: ServerAddress | None = setting(None, "running OSRM server, such as http://127.0.0.1:5000", private=True)
    snap_metres_max: Minutes = setting(500, "a school further than this from any road is a fault")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        files = [key for key in ("matrix", "roads", "speeds") if AN_ADDRESS.search(getattr(self, key) or "")]
        if files:
            raise ValueError(f"{' and '.join(files)} must name a file; an OSRM server's address goes into server")
        given = [key for key in ("matrix", "roads", "server") if getattr(self, key) is not None]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} are given; keep one, and set the others to off")
        if self.engine == "osrm" and self.roads is None:
            raise ValueError("engine osrm needs roads: an OpenStreetMap extract")
        return self
