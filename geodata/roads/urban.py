"""Town or country, by the density of junctions, so that a network is as urban in one file format as in another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geodata.reach import Indices
from geodata.roads.earth import Floats, metres_per_degree

CELL_METRES = 500.0


def is_urban(
    longitude: Floats, latitude: Floats, junctions: Indices, points: Indices, junctions_per_km2: float
) -> NDArray[np.bool_]:
    """Return, for each point, whether its square of half a kilometre and the eight around it are dense in junctions.

    Dense means `junctions_per_km2` or more. `junctions` and `points` are indices into the coordinates.
    """
    per_longitude, per_latitude = metres_per_degree(np.nanmean(latitude) if len(latitude) else 0.0)
    squares = np.floor(np.column_stack([longitude * per_longitude, latitude * per_latitude]) / CELL_METRES)
    origin = np.nanmin(squares, axis=0, initial=np.inf) - 1
    columns, rows = np.nan_to_num(squares - origin).astype(np.int64).T
    width = int(columns.max(initial=0)) + 2
    cell = rows * width + columns
    dense, counts = np.unique(cell[junctions], return_counts=True)
    asked, back = np.unique(cell[points], return_inverse=True)
    around = np.zeros(len(asked), dtype=np.int64)
    for step in (down * width + across for down in (-1, 0, 1) for across in (-1, 0, 1)):
        _, here, there = np.intersect1d(asked + step, dense, assume_unique=True, return_indices=True)
        around[here] += counts[there]
    return (around >= junctions_per_km2 * 9 * (CELL_METRES / 1000) ** 2)[back]
