"""The look of a plan's layers in QGIS, which reads the plan file's own table `layer_styles` when it opens the file.

A style holds no text from files: labels name columns, and QGIS shows the text of those columns unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

import networkx
import pandas as pd
from shapely import STRtree

from partition.formats.palette import TINTS, Colour, channels
from partition.formats.plan_layout import SHAPES

TABLE = "layer_styles"
WRITTEN = pd.Timestamp("2000-01-01T00:00:00Z")  # instead of the time of writing: equal plans give equal bytes
TINT_ALPHA = 110  # of 255
NEAR_METRES = 5_000  # partnerships nearer to each other than this have different tints
ROLES: dict[str, tuple[str, dict[str, str]]] = {  # words for the legend, and the settings of the sign
    "placed": ("small school", {"name": "circle", "color": Colour.INK, "size": "2", "outline_color": Colour.PAPER}),
    "associate": ("associate", {"name": "square", "color": Colour.PAPER, "size": "2", "outline_color": Colour.INK}),
    "unplaced": (
        "not yet placed",
        {"name": "cross2", "color": Colour.ALARM, "size": "3", "outline_color": Colour.ALARM},
    ),
    "associate alone": (
        "associate, not joined",
        {"name": "diamond", "color": Colour.PAPER, "size": "2", "outline_color": Colour.INK},
    ),
    "not taking part": (
        "not taking part",
        {"name": "circle", "color": Colour.PAPER, "size": "1.4", "outline_color": Colour.OUTSIDE},
    ),
}
KEPT: dict[str, tuple[str, dict[str, str]]] = {  # links, by the text that QGIS uses for true, false and empty
    "true": ("working link kept", {"line_color": Colour.ACCENT, "line_width": "0.5"}),
    "false": ("working link parted", {"line_color": Colour.ACCENT, "line_width": "0.5", "line_style": "dash"}),
    "": ("working link, with an end that takes no part", {"line_color": Colour.OUTSIDE, "line_width": "0.3"}),
}


_NO_LINE = {"outline_style": "no"}
GROUND: dict[str, tuple[str, dict[str, str]]] = {  # by `kind`, as on the map
    "land": ("land", {"color": Colour.LAND, "outline_color": Colour.COAST, "outline_width": "0.2"}),
    "water": ("water", {"color": Colour.SEA, **_NO_LINE}),
    "district": (
        "district",
        {"style": "no", "outline_color": Colour.DISTRICT, "outline_style": "dot", "outline_width": "0.3"},
    ),
    "boundary": ("boundary", {"style": "no", "outline_color": Colour.BOUNDARY, "outline_width": "0.4"}),
    "outline": (
        "outline of the schools",
        {"style": "no", "outline_color": Colour.BOUNDARY, "outline_style": "dash", "outline_width": "0.4"},
    ),
}
LINES: dict[str, tuple[str, dict[str, str]]] = {
    "road": ("main road", {"line_color": Colour.ROAD, "line_width": "0.5"}),
    "water": ("river", {"line_color": Colour.COAST, "line_width": "0.5"}),
}
PLACES: dict[str, tuple[str, dict[str, str]]] = {
    kind: (kind, {"name": "circle", "color": Colour.OUTSIDE, "size": size, **_NO_LINE})
    for kind, size in (("city", "1.6"), ("town", "1.2"), ("village", "0.8"))
}


def layer_styles(layers: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the table of styles: one row for each of the plan's layers that QGIS draws."""
    rows = [(layer, _style(layer, layers[layer])) for layer in SHAPES if layer in layers]
    columns = ["f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column", "styleName", "styleQML"]
    columns += ["styleSLD", "useAsDefault", "description", "owner", "ui", "update_time"]
    return pd.DataFrame(
        [("", "", layer, "geom", layer, qml, "", True, f"the plan's {layer}", "", "", WRITTEN) for layer, qml in rows],
        columns=columns,
    )


def _style(layer: str, frame: pd.DataFrame) -> str:
    style = Element("qgis", version="3.22", styleCategories="Symbology|Labeling", labelsEnabled="1")
    match layer:
        case "schools":
            _categories(style, "role", ROLES, "marker", "SimpleMarker")
            _labels(style, "name", 7, scale=100_000)
        case "partnerships":
            _categories(style, "number", dict(_areas(frame)), "fill", "SimpleFill")
            _labels(style, '"number" || \' \' || "name"', 9)
        case "ground":
            _categories(style, "kind", GROUND, "fill", "SimpleFill")
        case "lines":
            _categories(style, "kind", LINES, "line", "SimpleLine")
        case "places":
            _categories(style, "kind", PLACES, "marker", "SimpleMarker")
            _labels(style, "name", 8, scale=500_000)
        case _:
            _categories(style, "kept", KEPT, "line", "SimpleLine")
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + tostring(style, encoding="unicode")


def _areas(frame: Any) -> Iterator[tuple[str, tuple[str, dict[str, str]]]]:
    """Yield a tint for each partnership, different from the tints of partnerships near it if there are enough tints."""
    shapes = frame.geometry.to_numpy()
    near = networkx.Graph()
    near.add_nodes_from(range(len(shapes)))
    near.add_edges_from((int(a), int(b)) for a, b in STRtree(shapes).query(shapes, "dwithin", NEAR_METRES).T if a < b)
    tints: dict[int, int] = networkx.greedy_color(near, strategy="DSATUR")
    for n, number in enumerate(frame["number"]):
        red, green, blue = channels(TINTS[tints[n] % len(TINTS)])
        look = {"color": f"{red},{green},{blue},{TINT_ALPHA}", "outline_color": Colour.INK, "outline_width": "0.4"}
        yield str(number), (str(number), look)


def _categories(
    style: Element, column: str, looks: Mapping[str, tuple[str, dict[str, str]]], kind: str, drawn_by: str
) -> None:
    """Add to a style one sign for each value of a column."""
    renderer = SubElement(style, "renderer-v2", type="categorizedSymbol", attr=column)
    categories, symbols = SubElement(renderer, "categories"), SubElement(renderer, "symbols")
    for n, (value, (words, look)) in enumerate(looks.items()):
        SubElement(categories, "category", render="true", value=value, label=words, symbol=str(n))
        symbol = SubElement(symbols, "symbol", name=str(n), type=kind, alpha="1")
        layer = SubElement(symbol, "layer", {"class": drawn_by, "enabled": "1", "locked": "0", "pass": "0"})
        options = SubElement(layer, "Option", type="Map")
        for key, setting in look.items():
            SubElement(options, "Option", name=key, type="QString", value=setting)
            SubElement(layer, "prop", k=key, v=setting)  # as QGIS before 3.18 reads it


def _labels(style: Element, words: str, points: int, scale: int | None = None) -> None:
    """Add to a style labels from a column or an expression, shown unchanged; from a map scale on, if one is given."""
    settings = SubElement(SubElement(style, "labeling", type="simple"), "settings", calloutType="simple")
    text = SubElement(
        settings,
        "text-style",
        fieldName=words,
        isExpression=str(int('"' in words)),
        fontSize=str(points),
        fontSizeUnit="Point",
        fontWeight="75" if scale is None else "50",
        textColor=_opaque(Colour.INK),
        allowHtml="0",
    )
    SubElement(
        text, "text-buffer", bufferDraw="1", bufferSize="0.8", bufferSizeUnits="MM", bufferColor=_opaque(Colour.PAPER)
    )
    shown = {} if scale is None else {"scaleVisibility": "1", "scaleMin": "0", "scaleMax": str(scale)}
    SubElement(settings, "rendering", {"drawLabels": "1", **shown})


def _opaque(colour: str) -> str:
    """Return a colour as QGIS writes colours of labels: red, green, blue and 255."""
    return ",".join(map(str, (*channels(colour), 255)))
