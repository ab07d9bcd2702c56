"""Short distances between points in degrees, on the WGS 84 ellipsoid."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

EQUATOR_METRES = 6_378_137.0
ECCENTRICITY_SQUARED = 0.00669437999014

Floats = NDArray[np.float64]


def metres_per_degree(latitude: ArrayLike) -> tuple[Floats, Floats]:
    """Return metres of a degree of longitude and of latitude there, from the ellipsoid's two radii of curvature."""
    radians = np.radians(latitude)
    flat = 1 - ECCENTRICITY_SQUARED * np.sin(radians) ** 2
    across = EQUATOR_METRES / np.sqrt(flat) * np.cos(radians)
    along = EQUATOR_METRES * (1 - ECCENTRICITY_SQUARED) / flat**1.5
    return np.radians(across), np.radians(along)


def step_metres(longitude: Floats, latitude: Floats) -> Floats:
    """Return metres from each point to the next, accurate to a millimetre at the length of a street."""
    per_longitude, per_latitude = metres_per_degree((latitude[1:] + latitude[:-1]) / 2)
    return np.hypot(np.diff(longitude) * per_longitude, np.diff(latitude) * per_latitude)
