"""How QGIS shows a plan file: a style for every layer that it draws, found by the layer's name."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pyogrio
from town import write_town
from typer.testing import CliRunner

from partition.cli import app
from partition.formats.palette import TINTS
from partition.report.brief import PARTS


def plan(folder: Path, *more: str) -> Path:
    rules = "[rules]\nheads_min = 2\nheads_max = 2\n"
    town = write_town(folder, 0, 1, 4, 5, 90, links="900001,900002,1 900002,900003,1", settings=rules)
    assert CliRunner().invoke(app, ["plan", str(town), "--out", str(folder), *more]).exit_code == 0
    return folder / "plan.gpkg"


def styles(path: Path) -> dict[str, ElementTree.Element]:
    """As QGIS looks for them: by layer and geometry column, in no schema, the default one."""
    asked = """
        select layer_styles.f_table_name, styleQML from layer_styles join gpkg_geometry_columns
        on f_table_name = table_name and f_geometry_column = column_name where f_table_schema = '' and useAsDefault = 1
    """
    with closing(sqlite3.connect(path)) as file:
        rows = file.execute(asked).fetchall()
    return {layer: ElementTree.fromstring(qml.partition("\n")[2]) for layer, qml in rows}


def test_every_layer_that_is_drawn_has_a_style(tmp_path: Path) -> None:
    assert set(styles(plan(tmp_path / "public"))) == {"schools", "partnerships"}
    found = styles(plan(tmp_path / "internal", "--internal"))
    assert set(found) == {"schools", "partnerships", "links"}
    attributes = {layer: style.find("renderer-v2").get("attr") for layer, style in found.items()}  # type: ignore[union-attr]
    assert attributes == {"schools": "role", "partnerships": "number", "links": "kept"}
    values = [one.get("value") for one in found["schools"].iter("category")]
    later = ("federation", "left")  # a sign only where there is one; a decision after the plan, which has no such role
    assert values == [role for role in PARTS if role not in later]
    for style in found.values():
        names = {symbol.get("name") for symbol in style.iter("symbol")}
        assert [one.get("symbol") in names for one in style.iter("category")].count(False) == 0


def test_partnerships_near_each_other_have_different_tints(tmp_path: Path) -> None:
    style = styles(plan(tmp_path))["partnerships"]
    tints = [o.get("value") for o in style.iter("Option") if o.get("name") == "color"]
    assert len(tints) == 2 == len(set(tints)) < len(TINTS)


def test_a_style_changed_in_qgis_alters_no_plan(tmp_path: Path) -> None:
    path = plan(tmp_path)
    with closing(sqlite3.connect(path)) as file, file:
        assert file.execute("update layer_styles set styleQML = '<qgis/>'").rowcount == 2
    assert CliRunner().invoke(app, ["verify", str(path)]).exit_code == 0
    rows = pyogrio.read_dataframe(path, layer="layer_styles")
    assert isinstance(rows, pd.DataFrame) and set(rows["styleQML"]) == {"<qgis/>"}
