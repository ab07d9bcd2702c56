"""What several commands take: one meaning and one help text each."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

ScenarioFile = Annotated[
    Path | None, typer.Argument(metavar="[SCENARIO]", help="Scenario file (TOML); none: the sample county.")
]
SchoolsFile = Annotated[
    Path | None, typer.Option("--schools", help="School file: GIAS extract, or CSV, XLSX, GeoPackage.")
]
Authorities = Annotated[list[str] | None, typer.Option("--la", help="GIAS: local authority code; may be repeated.")]
Settings = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="TABLE.KEY=VALUE", help="Override a setting, e.g. rules.minutes_max=25."),
]
NoCache = Annotated[
    bool, typer.Option("--no-cache", help="Read roads and search minutes afresh, and keep nothing of them.")
]
OutFolder = Annotated[Path, typer.Option("--out", help="Folder for what is written.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
Internal = Annotated[
    bool,
    typer.Option("--internal", help="Show who works with whom; marks every page as not for publication."),
]
BaseFiles = Annotated[
    list[Path] | None,
    typer.Option("--base", help="GeoJSON or GeoPackage drawn beneath (land, districts, roads); may be repeated."),
]
Tiles = Annotated[str, typer.Option("--tiles", metavar="URL", help="Tile server; asked once a reader ticks its box.")]
