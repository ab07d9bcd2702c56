"""Loose counties to measure on, made from a size and a seed: id, x, y, pupils, as in county250.csv.

A settlement stands somewhere in a square with room for 26 km2 a school, as there; it has as many schools as its rank
allows (the largest a tenth of them all, the next half of that, a third ...; most are villages with one), about 1.5 km
apart, drawn around its middle. Rolls are those that the sample county's small schools have.
"""

from __future__ import annotations

import csv
from math import sqrt
from pathlib import Path

import numpy as np

from partition.sample.schools import ROLLS, SMALL_PUPILS

KM2_PER_SCHOOL, LARGEST_SHARE, SCHOOLS_APART_METRES = 26, 0.1, 1_500
WEST_METRES, SOUTH_METRES = 520_000, 200_000  # of the square's corner, in EPSG:27700


def write_loose_county(schools: int, seed: int, folder: Path) -> Path:
    """Writes the county and returns its file. The same size and seed give the same bytes."""
    draws = np.random.default_rng(seed)
    side_metres = sqrt(schools * KM2_PER_SCHOOL) * 1_000
    places: list[np.ndarray] = []
    for rank in range(1, schools + 1):  # more than are needed
        here = max(1, round(LARGEST_SHARE * schools / rank))
        middle = draws.uniform(0, side_metres, 2)
        places += list(middle + draws.normal(0, SCHOOLS_APART_METRES * sqrt(here - 1) / 2, (here, 2)))
    rolls = [roll for roll in ROLLS if roll <= SMALL_PUPILS]
    steps = draws.uniform(0, len(rolls) - 1, schools)
    pupils = np.interp(steps, range(len(rolls)), rolls).round().astype(int)
    eastings, northings = np.clip(np.array(places[:schools]), 0, side_metres).round().astype(int).T
    path = folder / "county.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["id", "x", "y", "pupils"])
        for number, (x, y, roll) in enumerate(zip(eastings, northings, pupils, strict=True)):
            table.writerow([900_000 + number, WEST_METRES + int(x), SOUTH_METRES + int(y), int(roll)])
    return path
