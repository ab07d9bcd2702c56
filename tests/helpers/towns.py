"""Made-up roads, written as each kind of file that a council may have."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import osmium
import pyogrio
import shapely
from osmium.osm.mutable import Node, Way

from geodata.grid import BRITISH

ORIGIN = 480_000, 310_000  # eastings and northings, in Rutland's fields

Point = tuple[float, float]


@dataclass(frozen=True)
class Road:
    """A line through named corners, with OpenStreetMap's tags."""

    corners: str
    highway: str = "tertiary"
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def all_tags(self) -> dict[str, str]:
        return {"highway": self.highway, **self.tags} if self.highway else self.tags


@dataclass(frozen=True)
class Town:
    """Corners by a letter each, in metres from ORIGIN; roads between them; tags of corners."""

    corners: dict[str, Point]
    roads: tuple[Road, ...]
    tags: dict[str, dict[str, str]] = field(default_factory=dict)

    def grid(self, corner: str) -> Point:
        east, north = self.corners[corner]
        return ORIGIN[0] + east, ORIGIN[1] + north

    def degrees(self, corner: str) -> tuple[float, float]:
        longitude, latitude = BRITISH.degrees(*([metres] for metres in self.grid(corner)))[0].tolist()
        return longitude, latitude


def road(corners: str, highway: str = "tertiary", **tags: str) -> Road:
    """Tags may be written with __ for a colon."""
    return Road(corners, highway, {key.replace("__", ":"): value for key, value in tags.items()})


def write_pbf(town: Town, path: Path) -> Path:
    ids = {corner: 1_000 + place for place, corner in enumerate(town.corners)}
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for corner, node_id in ids.items():
            writer.add_node(Node(id=node_id, location=town.degrees(corner), tags=town.tags.get(corner, {})))
        for place, line in enumerate(town.roads):
            writer.add_way(Way(id=1 + place, nodes=[ids[corner] for corner in line.corners], tags=line.all_tags))
    return path


def write_graphml(town: Town, path: Path) -> Path:
    """As OSMnx does: a node a junction, a directed edge each way, the shape as WKT; each corner is a node's id."""
    keys = ["x", "y", "highway", "osmid", "length", "geometry", "maxspeed", "oneway", "crs"]
    lines = ['<?xml version="1.0" encoding="utf-8"?>', '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">']
    lines += [f'<key id="{key}" for="all" attr.name="{key}" attr.type="string"/>' for key in keys]
    lines += ['<graph edgedefault="directed">', '<data key="crs">epsg:4326</data>']
    for corner in town.corners:
        x, y = town.degrees(corner)
        lines.append(f'<node id="{corner}"><data key="x">{x!r}</data><data key="y">{y!r}</data></node>')
    for place, line in enumerate(town.roads):
        shape = shapely.LineString([town.degrees(corner) for corner in line.corners])
        length = shapely.LineString([town.grid(corner) for corner in line.corners]).length
        for ends, drawn in ((line.corners, shape), (line.corners[::-1], shapely.reverse(shape))):
            tags = {**line.all_tags, "osmid": str(place), "length": repr(length), "geometry": drawn.wkt}
            data = "".join(f'<data key="{key}">{escape(value)}</data>' for key, value in tags.items())
            lines.append(f'<edge source="{ends[0]}" target="{ends[-1]}">{data}</edge>')
    path.write_text("\n".join([*lines, "</graph>", "</graphml>"]), encoding="utf-8")
    return path


def write_layer(path: Path, lines: list[Any], layer: str, crs: str | None = "EPSG:27700", **columns: list[Any]) -> Path:
    """Lines of coordinates, with columns, added to the file."""
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([shapely.LineString(line) for line in lines], dtype=object)),
        [np.array(values) for values in columns.values()],
        list(columns),
        layer=layer,
        geometry_type="LineString",
        crs=crs,
        append=path.exists(),
    )
    return path


OPEN_ROADS = {  # class, function, form, primary route
    "trunk": ("A Road", "A Road", "Single Carriageway", "true"),
    "primary": ("A Road", "A Road", "Single Carriageway", "false"),
    "secondary": ("B Road", "B Road", "Single Carriageway", "false"),
    "tertiary": ("Classified Unnumbered", "Minor Road", "Single Carriageway", "false"),
    "unclassified": ("Unclassified", "Local Road", "Single Carriageway", "false"),
    "residential": ("Unclassified", "Local Access Road", "Single Carriageway", "false"),
    "trunk_link": ("A Road", "A Road", "Slip Road", "true"),
}


def write_open_roads(town: Town, path: Path) -> Path:
    """Ordnance Survey's layers road_link and road_node, with the columns it publishes."""
    links = [[town.grid(corner) for corner in line.corners] for line in town.roads]
    classes, functions, forms, primary = zip(*(OPEN_ROADS[line.highway] for line in town.roads), strict=True)
    return write_layer(
        path,
        links,
        "road_link",
        id=[f"link-{place}" for place in range(len(links))],
        fictitious=["false"] * len(links),
        road_classification=list(classes),
        road_function=list(functions),
        form_of_way=list(forms),
        primary_route=list(primary),
        trunk_road=["false"] * len(links),
        length=[shapely.LineString(link).length for link in links],
        start_node=[f"node-{line.corners[0]}" for line in town.roads],
        end_node=[f"node-{line.corners[-1]}" for line in town.roads],
    )


def write_gml(town: Town, path: Path, system: str = "urn:ogc:def:crs:EPSG::27700", head: str = "") -> Path:
    """The same links as Ordnance Survey writes them in GML."""
    members = []
    for place, line in enumerate(town.roads):
        road_class, function, form, primary = OPEN_ROADS[line.highway]
        corners = [town.grid(corner) for corner in line.corners]
        places = " ".join(f"{x} {y}" for x, y in corners)
        members.append(
            f'<gml:featureMember><road:RoadLink gml:id="link-{place}"><net:centrelineGeometry><gml:LineString '
            f'srsName="{system}"><gml:posList>{places}</gml:posList></gml:LineString></net:centrelineGeometry>'
            f'<net:fictitious>false</net:fictitious><net:startNode xlink:href="#node-{line.corners[0]}"/>'
            f'<net:endNode xlink:href="#node-{line.corners[-1]}"/><road:roadClassification codeSpace="x">{road_class}'
            f"</road:roadClassification><road:roadFunction>{function}</road:roadFunction><road:formOfWay>{form}"
            f'</road:formOfWay><road:length uom="m">{shapely.LineString(corners).length}</road:length>'
            f"<road:primaryRoute>{primary}</road:primaryRoute><road:trunkRoad>false</road:trunkRoad></road:RoadLink>"
            "</gml:featureMember>"
        )
    spaces = (
        'xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:road="http://namespaces.os.uk/Open/Roads/1.0" '
        'xmlns:net="urn:x-inspire:specification:gmlas:Network:3.2" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}<gml:FeatureCollection {spaces}>{"".join(members)}'
    path.write_text(f"{text}</gml:FeatureCollection>", encoding="utf-8")
    return path


def write_lines(town: Town, path: Path) -> Path:
    """A council's own layer, with a column of class."""
    links = [[town.grid(corner) for corner in line.corners] for line in town.roads]
    return write_layer(path, links, "roads", road_class=[line.highway for line in town.roads])
