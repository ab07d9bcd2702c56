"""What the map shows besides the plan: the table [map]."""

from __future__ import annotations

from partition.settings.declare import setting
from partition.settings.types import (
    FilePath,
    Table,
)


class MapTable(Table):
    """What the map shows besides the plan."""

    title: str | None = setting(None, "heading of the map; off: named after the authority, if one is known")
    status: str = setting("Modelling, not a proposal", "what every page says of itself")
    base: list[FilePath] = setting([], "GeoJSON or GeoPackage drawn beneath: land, water, districts, roads")
    attribution: list[str] = setting([], "whom else to credit, such as for boundaries")
