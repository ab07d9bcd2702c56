"""What the map shows besides the plan: the table [map]."""

from __future__ import annotations

from typing import Literal

from partition.settings.declare import setting
from partition.settings.types import (
    FilePath,
    Table,
)

STANDING = "Modelling, not a proposal"  # what every page says of itself until a planner says otherwise
LanguageCode = Literal["en", "cy"]


class MapTable(Table):
    """What the map shows besides the plan."""

    title: str | None = setting(None, "heading of the map; off: named after the authority, if one is known")
    status: str = setting(STANDING, "what every page says of itself")
    language: LanguageCode = setting(
        "en",
        "language of a plan's map; what a study writes (criteria, reasons, notices) stays English, and is marked as it",
        label="Language of the map",
        choices={"en": "English", "cy": "Cymraeg"},
    )
    base: list[FilePath] = setting([], "GeoJSON or GeoPackage drawn beneath: land, water, districts, roads, places")
    world: bool = setting(
        True,
        "coast and places of the real world, where base has no land or no places, and a question about schools in its "
        "sea; false for a made-up county",
    )
    attribution: list[str] = setting([], "whom else to credit, such as for boundaries")
