"""Land and water: the sketch bent into a natural shape, and the places where people would have settled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon

from partition.sample import sheet
from partition.sample.draws import Draws, Floats

KM2_PER_SCHOOL = 5_900 / 280  # as in Lincolnshire
EAST_LIMIT_METRES = 699_000  # of the national grid, which ends at 700,000
SOUTH_LIMIT_METRES = 352_000  # clear of Norfolk: the sample county lies in the North Sea
WOLD_TOP = 5.5  # half the width of the high ground, in units of the sheet
SHEET_EAST, SHEET_SOUTH = 95.0, -5.0
SHEET_AREA = 5_577.0  # of the sketch's land, in its own units

Shapes = NDArray[np.object_]


class Warp:
    """A bend of the sheet, by a seed: long waves change the county's shape, short waves make its edges irregular.

    All shapes go through the same bend, so shapes that meet on the sheet still meet. The noise is a sum of lattices of
    random draws, interpolated by smoothsteps: sums and products only, so equal on every machine.
    """

    WAVES = ((26.0, 1.9), (9.0, 0.9), (3.6, 0.6), (1.6, 0.32), (0.8, 0.15))  # length, height: sheet units

    def __init__(self, seed: int) -> None:
        draws = Draws(seed, "warp")
        self._lattices = [
            (length, height, draws.many((2, int(130 / length) + 3, int(130 / length) + 3), -height, height))
            for length, height in self.WAVES
        ]

    def __call__(self, points: Floats) -> Floats:
        bent = points.copy()
        for length, _, lattice in self._lattices:
            at = (points + 15.0) / length
            cell = np.floor(at).astype(np.int64)
            column, row = cell[:, 0], cell[:, 1]
            part = at - cell
            part = part * part * (3.0 - 2.0 * part)
            x, y = part[:, 0], part[:, 1]
            for axis in (0, 1):
                values = lattice[axis]
                low = values[row, column] * (1 - x) + values[row, column + 1] * x
                high = values[row + 1, column] * (1 - x) + values[row + 1, column + 1] * x
                bent[:, axis] += low * (1 - y) + high * y
        return bent


def rounded(points: sheet.Points | Floats, rounds: int = 3) -> Floats:
    """Return a smooth line along points drawn by hand, with the same two ends (Chaikin's corner cutting, 1974)."""
    line = np.asarray(points, dtype=np.float64)
    for _ in range(rounds):
        cut = np.empty((2 * len(line) - 2, 2))
        cut[0::2] = 0.75 * line[:-1] + 0.25 * line[1:]
        cut[1::2] = 0.25 * line[:-1] + 0.75 * line[1:]
        line = np.concatenate([line[:1], cut, line[-1:]])
    return line


def densified(line: Floats, step: float) -> Floats:
    """Return the same line with further points, so that none is more than `step` from the next."""
    return np.asarray(shapely.get_coordinates(shapely.segmentize(LineString(line), step)), dtype=np.float64)


@dataclass(frozen=True, kw_only=True)
class Terrain:
    """The county's land and water in EPSG:27700 metres, with the density of its villages."""

    metres_per_unit: float
    land: MultiPolygon
    mainland: Polygon
    sea: Polygon
    estuary: Polygon
    rivers: tuple[tuple[str, Polygon], ...]
    river_lines: tuple[LineString, ...]
    wold_ridge: LineString
    stone_edge: LineString
    silt_bank: LineString
    fen: Polygon
    warp: Warp

    @classmethod
    def drawn(cls, schools: int, seed: int) -> Terrain:
        """Return the terrain of a county with `schools` schools; its area is in proportion to that number."""
        metres_per_unit = 1_000.0 * float(np.sqrt(schools * KM2_PER_SCHOOL / SHEET_AREA))
        warp = Warp(seed)

        def on_grid(points: sheet.Points | Floats, rounds: int = 3) -> Floats:
            return _to_metres(warp(densified(rounded(points, rounds), 0.35)), metres_per_unit)

        edges = (
            sheet.NORTH_COAST,
            sheet.NORTH_SHORE,
            sheet.SOUTH_SHORE,
            sheet.SOUTH_COAST,
            sheet.INLAND_BORDER,
        )
        ring = np.concatenate([on_grid(edge, 1 if edge is sheet.INLAND_BORDER else 3)[:-1] for edge in edges])
        mainland = _whole(Polygon(ring).simplify(0.045 * metres_per_unit))
        islands = [
            _whole(Polygon(on_grid((*island, island[0])))).difference(mainland) for island in sheet.MARSH_ISLANDS
        ]
        land = MultiPolygon([mainland, *(p for i in islands for p in shapely.get_parts(i))])
        water = Polygon(_to_metres(rounded(sheet.SEA), metres_per_unit)).difference(land)
        inside = Polygon(on_grid(sheet.ESTUARY_INSIDE, 1))
        lines = {name: on_grid(points) for name, points in sheet.RIVERS.items()}
        return cls(
            metres_per_unit=metres_per_unit,
            land=land,
            mainland=mainland,
            sea=_whole(water.difference(inside)),
            estuary=_whole(water.intersection(inside)),
            rivers=tuple(
                (name, _channel(line, sheet.RIVER_HALF_WIDTHS[name] * metres_per_unit)) for name, line in lines.items()
            ),
            river_lines=tuple(LineString(line) for line in lines.values()),
            wold_ridge=LineString(on_grid(sheet.WOLD_RIDGE)),
            stone_edge=LineString(on_grid(sheet.STONE_EDGE)),
            silt_bank=LineString(on_grid(sheet.SILT_BANK)),
            fen=Polygon(on_grid(sheet.FEN)),
            warp=warp,
        )

    def place(self, points: sheet.Points) -> Floats:
        """Return the eastings and northings, in metres, of points on the sheet."""
        return _to_metres(self.warp(np.asarray(points, dtype=np.float64)), self.metres_per_unit)

    @cached_property
    def _shore(self) -> shapely.Geometry:
        return shapely.union_all([self.sea, self.estuary])

    def on_land(self, places: Floats, metres_inside: float = 0.0) -> NDArray[np.bool_]:
        """Return by place whether the place lies on the mainland, at least `metres_inside` from its edge."""
        ground = self.mainland.buffer(-metres_inside, quad_segs=2) if metres_inside else self.mainland
        shapely.prepare(ground)
        return np.asarray(shapely.contains_xy(ground, places), dtype=np.bool_)

    @cached_property
    def north_side(self) -> Polygon:
        """The area north of the River Thurle and of the middle line of its estuary."""
        far = 300 * self.metres_per_unit
        river = np.asarray(self.river_lines[0].coords)
        fairway = _to_metres(self.warp(densified(rounded(sheet.FAIRWAY, 1), 0.45)), self.metres_per_unit)
        west, east, north = np.array([[-far, 0.0]]), np.array([[far, 0.0]]), np.array([[0.0, far]])
        line = np.concatenate([river[:1] + west, river, fairway, fairway[-1:] + east])
        return Polygon(np.concatenate([line, line[-1:] + north, line[:1] + north]))

    def is_north(self, places: Floats) -> NDArray[np.bool_]:
        """Return by place whether the place lies north of the River Thurle and its estuary."""
        shapely.prepare(self.north_side)
        return np.asarray(shapely.contains_xy(self.north_side, places), dtype=np.bool_)

    def crosses_water(self, lines: Shapes) -> NDArray[np.bool_]:
        """Return by line whether the line crosses sea or estuary. Rivers do not count: bridges are near everywhere."""
        shapely.prepare(self._shore)
        return np.asarray(shapely.intersects(self._shore, lines), dtype=np.bool_)

    def within_county(self, lines: Shapes) -> NDArray[np.bool_]:
        """Return by line whether the line stays in the county, or within 0.4 units of the sheet outside."""
        ground = self.mainland.buffer(0.4 * self.metres_per_unit, quad_segs=2)
        shapely.prepare(ground)
        return np.asarray(shapely.covers(ground, lines), dtype=np.bool_)

    def at_border(self, places: Floats) -> Floats:
        """Return for each place the nearest point of the county's edge."""
        edge = self.mainland.exterior
        nearest = shapely.line_interpolate_point(edge, shapely.line_locate_point(edge, shapely.points(places)))
        return np.asarray(shapely.get_coordinates(nearest), dtype=np.float64)

    def on_wold_top(self, places: Floats) -> NDArray[np.bool_]:
        """Return by place whether the place is on the high ground of the wolds."""
        return _within(self.wold_ridge, WOLD_TOP * self.metres_per_unit, shapely.points(places))

    def zones(self, places: Floats) -> list[str]:
        """Return the zone of each place: "coast", "wold", "fen", "edge" or "vale"."""
        unit = self.metres_per_unit
        points = shapely.points(places)
        zone = np.full(len(places), "vale", dtype=object)
        zone[_within(self.stone_edge, 3.0 * unit, points)] = "edge"
        zone[_within(self.fen, 0.0, points)] = "fen"
        zone[_within(self.wold_ridge, 7.5 * unit, points)] = "wold"
        zone[_within(self._shore, 3_000, points)] = "coast"
        return [str(name) for name in zone]

    def settled(self, places: Floats) -> Floats:
        """Return the density of villages at each place, as a multiple of the density on plain ground.

        Few villages are on wold tops, in open fen and in salt marsh. Many are in lines: by springs at the foot of the
        wolds and along the stone edge, and on the silt bank through the fen.
        """
        unit = self.metres_per_unit
        points = shapely.points(places)
        weight = np.ones(len(places))
        weight[_within(self.wold_ridge, 8.0 * unit, points)] = 1.9
        weight[_within(self.wold_ridge, 6.0 * unit, points)] = 1.0
        weight[_within(self.wold_ridge, WOLD_TOP * unit, points)] = 0.4
        weight[_within(self.stone_edge, 1.6 * unit, points)] = 2.0
        weight[_within(self.fen, 0.0, points)] = 0.45
        weight[_within(self.silt_bank, 1.6 * unit, points)] = 1.9
        weight[_within(self._shore, 1_200, points)] *= 0.45
        return weight


def _within(shape: shapely.Geometry, metres: float, points: Shapes) -> NDArray[np.bool_]:
    shapely.prepare(shape)
    return np.asarray(shapely.dwithin(shape, points, metres), dtype=np.bool_)


def _to_metres(points: Floats, metres_per_unit: float) -> Floats:
    corner = np.array([EAST_LIMIT_METRES - SHEET_EAST * metres_per_unit, float(SOUTH_LIMIT_METRES)])
    return np.asarray(corner + (points - np.array([0.0, SHEET_SOUTH])) * metres_per_unit, dtype=np.float64)


def _whole(shape: shapely.Geometry) -> Polygon:
    """Return the largest piece of a shape, because bending may cut off a small piece."""
    pieces = shapely.get_parts(shapely.make_valid(shape))
    polygons = [piece for piece in pieces if isinstance(piece, Polygon)]
    return max(polygons, key=lambda piece: float(piece.area))


def _channel(line: Floats, half_width_metres: float) -> Polygon:
    """Return a river as an area that becomes wider downstream."""
    middle = np.asarray(LineString(line).simplify(half_width_metres).coords)
    along = np.empty_like(middle)
    along[1:-1] = middle[2:] - middle[:-2]
    along[0], along[-1] = middle[1] - middle[0], middle[-1] - middle[-2]
    along /= np.sqrt((along * along).sum(axis=1, keepdims=True))
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    half_width = np.linspace(0.2, 1.0, len(middle))[:, None] * half_width_metres
    return Polygon(np.concatenate([middle + across * half_width, (middle - across * half_width)[::-1]]))
