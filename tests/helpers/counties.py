"""Made-up counties anywhere on earth: twelve schools each, in the metres of the place and in degrees."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from pyproj import Transformer

SIDE_METRES = 4_000

# By name: latitude and longitude of the first school, the system of the county's own data, and the grid for degrees.
COUNTIES = {
    "Laois": (53.0, -7.4, 2157, 2157),
    "Mid Ulster": (54.6, -6.7, 29903, 2157),
    "Canterbury": (-43.9, 171.6, 2193, 32759),
    "Chatham Islands": (-43.95, -176.55, 2193, 32701),
    "Cakaudrove": (-16.8, 179.99, 32760, 32701),
    "Central Finland": (62.6, 25.7, 3067, 32635),
    "Nebraska": (41.1, -98.3, 32614, 32614),
    "Laikipia": (0.02, 37.1, 32637, 32637),
    "Lincolnshire": (53.0, -0.4, 27700, 27700),
}


def county(name: str) -> pd.DataFrame:
    """Twelve schools in three rows of four, 4 km apart, in the county's own metres and in degrees."""
    latitude, longitude, epsg, _ = COUNTIES[name]
    there = Transformer.from_crs(4326, epsg, always_xy=True)
    east, north = there.transform(longitude, latitude)
    n = np.arange(12)
    frame = pd.DataFrame({"urn": 100 + n, "name": [f"School {letter}" for letter in "ABCDEFGHIJKL"], "pupils": 60 + n})
    frame["easting"] = np.round(east + n % 4 * SIDE_METRES).astype(int)
    frame["northing"] = np.round(north + n // 4 * SIDE_METRES).astype(int)
    degrees = there.transform(frame["easting"], frame["northing"], direction="INVERSE")
    return frame.assign(longitude=np.round(degrees[0], 6), latitude=np.round(degrees[1], 6))


def write_metres(frame: pd.DataFrame, path: Path) -> Path:
    frame[["urn", "name", "pupils", "easting", "northing"]].to_csv(path, index=False)
    return path


def write_degrees(frame: pd.DataFrame, path: Path) -> Path:
    frame[["urn", "name", "pupils", "latitude", "longitude"]].to_csv(path, index=False)
    return path
