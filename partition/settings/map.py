"""What the map shows besides the plan: the table [map]."""

from __future__ import annotations

from pydantic import Field

from partition.settings.types import (
    FilePath,
    Table,
)


class MapTable(Table):
    """What the map shows besides the plan."""

    title: str | None = Field(None, description="heading of the map; off: named after the authority, if one is known")
    status: str = Field("Modelling, not a proposal", description="what every page says of itself")
    base: list[FilePath] = Field(
        default_factory=list, description="GeoJSON or GeoPackage drawn beneath: land, water, districts, roads"
    )
    attribution: list[str] = Field(default_factory=list, description="whom else to credit, such as for boundaries")
