"""How minutes are come by: the table [travel]."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, model_validator

from partition.settings.types import (
    FilePath,
    Minutes,
    ServerAddress,
    Table,
)

AN_ADDRESS = re.compile(r"\w{2,}:/")  # "http://..." once it is seen from a folder; a drive has one letter


class CrowMinutes(Table):
    """Crow-fly minutes."""

    start: Minutes = Field(3.4, description="minutes before the first km")
    per_km: Minutes = Field(1.21, description="minutes a km in a straight line")


class TravelTable(Table):
    """How minutes are come by."""

    matrix: FilePath | None = Field(
        None, description="file of urn_from, urn_to, minutes, and if known km (CSV or Parquet)"
    )
    crow_minutes: CrowMinutes = Field(
        CrowMinutes(), description="without a matrix: start + per_km x km, as fitted on Rutland's roads"
    )
    roads: FilePath | None = Field(
        None, description="road file: OpenStreetMap extract, OS Open Roads, OSMnx GraphML, or lines with class or speed"
    )
    speeds: FilePath | None = Field(None, description="table of speeds in place of our own (geodata/roads/speeds.toml)")
    engine: Literal["own", "osrm"] = Field(
        "own", description="what works out minutes on an OpenStreetMap extract: this program, or OSRM's where installed"
    )
    server: ServerAddress | None = Field(None, description="running OSRM server, such as http://127.0.0.1:5000")
    snap_metres_max: Minutes = Field(500, description="a school further than this from any road is a fault")

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
